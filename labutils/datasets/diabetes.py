"""The diabetes table of scikit-learn in real units, with a yes-or-no outcome: did it progress a lot."""

import pandas as pd

HIGH_PROGRESSION = 200
NAMES = {
    "age": "age",
    "sex": "sex",
    "bmi": "bmi",
    "bp": "mean_bp",
    "s1": "total_cholesterol",
    "s2": "ldl",
    "s3": "hdl",
    "s4": "cholesterol_ratio",
    "s5": "log_triglycerides",
    "s6": "glucose",
}


def load_diabetes_progression(threshold=HIGH_PROGRESSION):
    """Load 442 people with diabetes: ten measurements, and their progression a year later.

    Parameters
    ----------
    threshold : float, default 200
        The outcome is a progression above it. The scale runs from 25 to 346 and has no unit.

    Returns
    -------
    DataFrame
        One row per patient: ``age`` (years), ``sex`` (1 or 2; the source does not say which is which), ``bmi`` (kg/m²),
        ``mean_bp`` (mmHg), ``total_cholesterol``, ``ldl`` and ``hdl`` (mg/dL), ``cholesterol_ratio`` (total over HDL),
        ``log_triglycerides`` (natural logarithm; the source gives no unit), ``glucose`` (mg/dL), ``progression``, and
        ``progressed`` (1 = above the threshold). Nothing is missing.

    Notes
    -----
    Efron B, Hastie T, Johnstone I, Tibshirani R. Least angle regression. Annals of Statistics 2004;32:407-499.

    Examples
    --------
    >>> people = load_diabetes_progression()
    >>> len(people), int(people["progressed"].sum())
    (442, 121)
    """
    from sklearn.datasets import load_diabetes  # here, so that importing labutils stays cheap

    raw = load_diabetes(as_frame=True, scaled=False)
    people = raw.data.rename(columns=NAMES)
    people["progression"] = raw.target
    people["progressed"] = (raw.target > threshold).astype(int)
    return pd.DataFrame(people)
