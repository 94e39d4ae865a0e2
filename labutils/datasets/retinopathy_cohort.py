"""A made-up cohort of people with diabetes, some of whom go on to retinopathy. Nobody in it exists.

The measurements keep to what a body allows; the outcome follows a formula that we wrote down (:data:`TRUE_MODEL`), so that a
fitted model can be compared with the truth. The strengths in it are invented: they teach, and say nothing of medicine.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

FEATURES = ("Age", "Systolic_BP", "Diastolic_BP", "Cholesterol")  # years, mmHg, mmHg, mg/dL
MEDIAN = np.array([56.0, 134.0, 80.0, 195.0])
LOG_SD = np.array([0.19, 0.135, 0.125, 0.19])  # of the natural logarithm: about 19 % up or down
LOWEST = np.array([18.0, 85.0, 45.0, 90.0])
HIGHEST = np.array([95.0, 230.0, 130.0, 400.0])
LEAST_PULSE_PRESSURE = 15.0  # mmHg between systolic and diastolic
CORRELATION = 0.4  # of the logarithms of the two pressures and cholesterol; age goes with none of them

# Log-odds of retinopathy, per standard deviation of the logarithm of each feature.
TRUE_MODEL = {
    "intercept": -0.90,
    "Age": 0.80,
    "Systolic_BP": 0.70,
    "Diastolic_BP": 0.30,
    "Cholesterol": 0.50,
    "Age_x_Systolic_BP": 0.45,
    "Age_x_Cholesterol": 0.40,
}


class RetinopathyCohort(NamedTuple):
    """The cohort: what is measured and what happened (``table``), and the risk that only its maker knows."""

    table: pd.DataFrame
    true_risk: pd.Series


def make_retinopathy_cohort(n_patients=6000, *, rng):
    """Draw patients with diabetes: age, blood pressures, cholesterol, and whether retinopathy follows.

    The four measurements are lognormal (multiplied, not added, by chance), the pressures and cholesterol correlated by
    about 0.4. Who would have an impossible value (outside :data:`LOWEST` to :data:`HIGHEST`, or less than 15 mmHg between
    systolic and diastolic pressure) is drawn again, about one in a hundred.

    Parameters
    ----------
    n_patients : int, default 6000
    rng : int or numpy Generator
        The same seed gives the same cohort.

    Returns
    -------
    RetinopathyCohort
        ``table``: one row per patient, indexed by ``patient`` ("R0001" and so on), with ``Age`` (years), ``Systolic_BP`` and
        ``Diastolic_BP`` (mmHg), ``Cholesterol`` (mg/dL, total) and ``retinopathy`` (1 = happened). ``true_risk``: the probability
        from which each outcome was drawn. About one in three has the outcome.

    Raises
    ------
    ValueError
        If `n_patients` is not a whole number of 1 or more.

    Notes
    -----
    A share of about one third is what studies found among people with diabetes: 34.6 % had some retinopathy (Yau JWY
    and others, Diabetes Care 2012;35:556-564). Everything else about this cohort is made up.

    Examples
    --------
    >>> cohort = make_retinopathy_cohort(1000, rng=0)
    >>> cohort.table.shape, bool((cohort.table["Diastolic_BP"] < cohort.table["Systolic_BP"]).all())
    ((1000, 5), True)
    """
    if not (isinstance(n_patients, (int, np.integer)) and n_patients >= 1):
        raise ValueError(f"n_patients must be a whole number of 1 or more; got {n_patients!r}")
    rng = np.random.default_rng(rng)
    values = np.empty((0, len(FEATURES)))
    while len(values) < n_patients:
        values = np.vstack([values, _possible(_draw(n_patients, rng))])
    values = values[:n_patients].round(1)
    risk = true_risk(values)
    index = pd.Index([f"R{number:04d}" for number in range(1, n_patients + 1)], name="patient")
    table = pd.DataFrame(values, columns=list(FEATURES), index=index)
    table["retinopathy"] = (rng.random(n_patients) < risk).astype(int)
    return RetinopathyCohort(table, pd.Series(risk, index=index, name="true_risk"))


def true_risk(values):
    """Give the risk that :data:`TRUE_MODEL` assigns to measurements, shape (n_patients, 4) in the order of FEATURES."""
    z = dict(zip(FEATURES, (np.log(values / MEDIAN) / LOG_SD).T, strict=True))
    log_odds = np.full(len(values), TRUE_MODEL["intercept"])
    for name, strength in TRUE_MODEL.items():
        if name != "intercept":
            log_odds += strength * np.prod([z[part] for part in name.split("_x_")], axis=0)
    return 1 / (1 + np.exp(-log_odds))


def _draw(count, rng):
    correlation = np.eye(len(FEATURES))
    correlation[1:, 1:] = CORRELATION
    np.fill_diagonal(correlation, 1)
    z = rng.normal(size=(count, len(FEATURES))) @ np.linalg.cholesky(correlation).T
    return MEDIAN * np.exp(LOG_SD * z)


def _possible(values):
    inside = ((values >= LOWEST) & (values <= HIGHEST)).all(axis=1)
    return values[inside & (values[:, 1] - values[:, 2] >= LEAST_PULSE_PRESSURE)]
