"""Three scores that doctors use: stroke in atrial fibrillation, death with liver disease, and heart disease to come.

Each works on one patient (numbers) or on many (arrays or Series of equal length). None of them is for use on patients here:
hospitals use approved calculators, and newer versions exist, as each docstring says.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

MELD_RANGE = (6, 40)
LOWEST_LAB, HIGHEST_CREATININE = 1.0, 4.0


class PooledCohort(NamedTuple):
    """Coefficients of one group: of logarithms and of their products with log(age), its mean sum, its survival."""

    log_age: float
    log_age_squared: float
    log_cholesterol: float
    log_age_log_cholesterol: float
    log_hdl: float
    log_age_log_hdl: float
    log_treated: float
    log_age_log_treated: float
    log_untreated: float
    log_age_log_untreated: float
    smoker: float
    log_age_smoker: float
    diabetes: float
    mean_sum: float
    baseline_survival: float


# Goff and others 2013, Table A of the appendix: 10-year risk of a first hard ASCVD event, ages 40 to 79.
POOLED_COHORTS = {
    "white women": PooledCohort(
        *(-29.799, 4.884, 13.540, -3.114, -13.578, 3.149, 2.019, 0, 1.957, 0, 7.574, -1.665, 0.661, -29.18, 0.9665)
    ),
    "African American women": PooledCohort(
        *(17.114, 0, 0.940, 0, -18.920, 4.475, 29.291, -6.432, 27.820, -6.087, 0.691, 0, 0.874, 86.61, 0.9533)
    ),
    "white men": PooledCohort(
        *(12.344, 0, 11.853, -2.664, -7.990, 1.769, 1.797, 0, 1.764, 0, 7.837, -1.795, 0.658, 61.18, 0.9144)
    ),
    "African American men": PooledCohort(
        *(2.469, 0, 0.302, 0, -0.307, 0, 1.916, 0, 1.809, 0, 0.549, 0, 0.645, 19.54, 0.8954)
    ),
}


def chads_vasc_score(
    age: ArrayLike,
    female: ArrayLike,
    heart_failure: ArrayLike,
    hypertension: ArrayLike,
    diabetes: ArrayLike,
    stroke: ArrayLike,
    vascular_disease: ArrayLike,
) -> Any:
    r"""CHA₂DS₂-VASc: points for the risk of stroke of a person with atrial fibrillation.

    One point each for **C**\ ongestive heart failure, **H**\ ypertension, **D**\ iabetes, **V**\ ascular disease, age 65 to 74
    (**A**) and female sex (**Sc**); two points for age 75 or more (**A₂**) and for an earlier **S**\ troke, transient
    ischaemic attack or thromboembolism (**S₂**).

    Parameters
    ----------
    age : number or array, years
    female, heart_failure, hypertension, diabetes, stroke, vascular_disease : 0 or 1 (bool, int or float), or array of them
        ``stroke`` includes transient ischaemic attack and thromboembolism; ``vascular_disease`` is an earlier
        myocardial infarction, peripheral artery disease or aortic plaque.

    Returns
    -------
    int, or array of int
        0 to 9, higher = more at risk. Ages of 65 and 75 count as reached on the birthday.

    Raises
    ------
    ValueError
        If an age is missing or negative, or a condition is not 0 or 1.

    Examples
    --------
    A woman of 72 with hypertension: 1 + 1 + 1.

    >>> chads_vasc_score(72, 1, 0, 1, 0, 0, 0)
    3

    References
    ----------
    Lip GYH, Nieuwlaat R, Pisters R, Lane DA, Crijns HJGM. Refining clinical risk stratification for predicting stroke and
    thromboembolism in atrial fibrillation using a novel risk factor-based approach. Chest 2010;137:263-272.
    """
    age = _numbers(age, "age", low=0)
    one_point = sum(
        _flags(value, name)
        for name, value in (
            ("female", female),
            ("heart_failure", heart_failure),
            ("hypertension", hypertension),
            ("diabetes", diabetes),
            ("vascular_disease", vascular_disease),
        )
    )
    points = one_point + 2 * _flags(stroke, "stroke") + (age >= 65).astype(int) + (age >= 75)
    return points if points.ndim else int(points)


def meld_score(bilirubin: ArrayLike, inr: ArrayLike, creatinine: ArrayLike, dialysis: ArrayLike = False) -> Any:
    r"""MELD, the score of the nearness to death of a person with end-stage liver disease.

    .. math:: \mathrm{MELD} = 10\,\bigl(0.957 \ln \mathrm{creatinine} + 0.378 \ln \mathrm{bilirubin}
        + 1.120 \ln \mathrm{INR} + 0.643\bigr)

    rounded to a whole number. This is the version that the United Network for Organ Sharing used for liver allocation from 2002
    until January 2016, without sodium: each laboratory value below 1 counts as 1, so that no logarithm is
    negative; a creatinine above 4 counts as 4; on dialysis (twice or more in the last week) it counts as 4
    whatever was measured; a result above 40 counts as 40. Newer versions add sodium (MELD-Na, 2016), sex
    and albumin (MELD 3.0).

    Parameters
    ----------
    bilirubin, creatinine : number or array, mg/dL
    inr : number or array, international normalised ratio of the prothrombin time, no unit
    dialysis : 0 or 1 (bool, int or float), or array of them

    Returns
    -------
    int, or array of int
        6 to 40, higher = more urgent. Exact halves, which laboratory values never give, are rounded up.

    Raises
    ------
    ValueError
        If a laboratory value is missing or not positive, or ``dialysis`` is not 0 or 1.

    Examples
    --------
    Creatinine 1.9, bilirubin 4.2, INR 1.2: 10 · (0.614 + 0.542 + 0.204 + 0.643) = 20.04.

    >>> meld_score(4.2, 1.2, 1.9)
    20

    References
    ----------
    Kamath PS, Wiesner RH, Malinchoc M, and others. A model to predict survival in patients with end-stage liver disease.
    Hepatology 2001;33:464-470.
    Wiesner R, Edwards E, Freeman R, and others. Model for end-stage liver disease (MELD) and allocation of donor livers.
    Gastroenterology 2003;124:91-96.
    """
    names = ("bilirubin", "inr", "creatinine")
    labs = [
        _numbers(value, name, low=0, open_below=True)
        for name, value in zip(names, (bilirubin, inr, creatinine), strict=True)
    ]
    bilirubin, inr, creatinine = (np.maximum(value, LOWEST_LAB) for value in labs)
    on_dialysis = _flags(dialysis, "dialysis") == 1
    creatinine = np.where(on_dialysis, HIGHEST_CREATININE, np.minimum(creatinine, HIGHEST_CREATININE))
    exact = 10 * (0.957 * np.log(creatinine) + 0.378 * np.log(bilirubin) + 1.120 * np.log(inr) + 0.643)
    points = np.clip(np.floor(exact + 0.5), *MELD_RANGE).astype(int)
    return points if points.ndim else int(points)


def ascvd_risk(
    age: ArrayLike,
    total_cholesterol: ArrayLike,
    hdl: ArrayLike,
    systolic: ArrayLike,
    *,
    group: str,
    treated: ArrayLike = False,
    smoker: ArrayLike = False,
    diabetes: ArrayLike = False,
) -> Any:
    r"""Pooled cohort equations: the 10-year risk of a first heart attack, stroke, or death from coronary disease.

    With the sum :math:`s` of coefficients times log-transformed values, the group's mean sum :math:`\bar s` and its baseline
    survival :math:`S_{10}`,

    .. math:: \mathrm{risk} = 1 - S_{10}^{\exp(s - \bar s)} .

    Parameters
    ----------
    age : number or array, years, 40 to 79
    total_cholesterol, hdl : number or array, mg/dL
    systolic : number or array, mmHg
    group : str
        Whose coefficients: "white women", "white men", "African American women" or "African American men". The equations were
        fitted to these four groups of US cohorts and to nobody else. A group named by race stands for unmeasured things such as
        income, care and discrimination; the PREVENT equations of 2023 do without race.
    treated : 0 or 1, or array of them
        Whether the blood pressure is under treatment.
    smoker, diabetes : 0 or 1, or array of them

    Returns
    -------
    float, or array of float
        Risk within ten years, between 0 and 1.

    Raises
    ------
    ValueError
        If the group is not one of the four, an age lies outside 40 to 79, a measurement is missing or not positive, or a
        condition is not 0 or 1.

    Examples
    --------
    The worked example of the guideline: 55 years, cholesterol 213, HDL 50, untreated 120, no smoking, no diabetes. It
    prints 2.1, 3.0, 5.3 and 6.1 %: its sums are rounded on the way, which moves the third (5.38 here).

    >>> {group: round(100 * ascvd_risk(55, 213, 50, 120, group=group), 1) for group in POOLED_COHORTS}
    {'white women': 2.1, 'African American women': 3.0, 'white men': 5.4, 'African American men': 6.1}

    References
    ----------
    Goff DC Jr, Lloyd-Jones DM, Bennett G, and others. 2013 ACC/AHA guideline on the assessment of cardiovascular risk.
    Circulation 2014;129(25 suppl 2):S49-S73, Table A (coefficients and worked example).
    """
    if group not in POOLED_COHORTS:
        raise ValueError(f"group must be one of {', '.join(POOLED_COHORTS)}; got {group!r}")
    age = _numbers(age, "age", low=40, high=79)
    measured = (("total_cholesterol", total_cholesterol), ("hdl", hdl), ("systolic", systolic))
    tc, hdl, systolic = (np.log(_numbers(value, name, low=0, open_below=True)) for name, value in measured)
    treated, smoker, diabetes = _flags(treated, "treated"), _flags(smoker, "smoker"), _flags(diabetes, "diabetes")
    c, log_age = POOLED_COHORTS[group], np.log(age)
    pressure = np.where(
        treated == 1,
        (c.log_treated + c.log_age_log_treated * log_age) * systolic,
        (c.log_untreated + c.log_age_log_untreated * log_age) * systolic,
    )
    total = (
        c.log_age * log_age
        + c.log_age_squared * log_age**2
        + (c.log_cholesterol + c.log_age_log_cholesterol * log_age) * tc
        + (c.log_hdl + c.log_age_log_hdl * log_age) * hdl
        + pressure
        + (c.smoker + c.log_age_smoker * log_age) * smoker
        + c.diabetes * diabetes
    )
    risk = 1 - c.baseline_survival ** np.exp(total - c.mean_sum)
    return risk if risk.ndim else float(risk)


def _numbers(value: Any, name: str, *, low: float, high: float = np.inf, open_below: bool = False) -> np.ndarray:
    """Turn measurements into float, or say which limit one of them passes."""
    value = np.asarray(value, dtype=float)
    inside = ((value > low) if open_below else (value >= low)) & (value <= high)
    if not inside.all():
        bound = f"above {low:g}" if open_below else f"{low:g} or more"
        bound += "" if high == np.inf else f", {high:g} at most"
        raise ValueError(f"{name} must be {bound}; got {value[~inside].flat[0]:g}")
    return value


def _flags(value: Any, name: str) -> np.ndarray:
    """Turn conditions into whole numbers, or refuse: True + True is 2 here, and stays True in an array of bool."""
    value = np.asarray(value)
    if not np.isin(value, (0, 1)).all():
        raise ValueError(f"{name} must be 0 or 1 for each patient")
    return value.astype(int)
