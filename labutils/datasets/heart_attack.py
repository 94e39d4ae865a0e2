"""The Worcester Heart Attack Study: 500 patients, embedded in scikit-survival, with names that say what they are."""

import pandas as pd

NUMBERS = {
    "age": "age",  # years
    "bmi": "bmi",  # kg/m2
    "hr": "heart_rate",  # beats per minute
    "sysbp": "systolic",  # mmHg
    "diasbp": "diastolic",  # mmHg
}
YES_OR_NO = {
    "gender": "female",
    "cvd": "cvd",
    "afb": "atrial_fibrillation",
    "chf": "heart_failure",
    "sho": "shock",
    "av3": "heart_block",
    "miord": "recurrent",
    "mitype": "q_wave",
}


def load_whas500() -> pd.DataFrame:
    """Load 500 patients who were admitted after a heart attack, one row each.

    Returns
    -------
    DataFrame, shape (500, 16)
        ``days`` from admission to death or last contact and ``died`` (1 = yes, 215 patients); ``age`` (years), ``bmi``
        (kg/m2), ``heart_rate`` (per minute), ``systolic`` and ``diastolic`` (mmHg) on admission; 0/1 for ``female``, ``cvd``
        (history of cardiovascular disease), ``atrial_fibrillation``, ``heart_failure``, ``shock``, ``heart_block``,
        ``recurrent`` (not the first attack) and ``q_wave`` (its type); and ``length_of_stay`` (days).

    Notes
    -----
    ``length_of_stay`` is known only when the patient leaves, or dies: it is no part of a prediction made at admission. No
    value is missing. The table has no patient number: one row is one patient.

    Examples
    --------
    >>> table = load_whas500()
    >>> len(table), int(table["died"].sum())
    (500, 215)
    """
    from sksurv.datasets import load_whas500 as load  # here, so that importing labutils stays cheap

    covariates, outcome = load()
    table = pd.DataFrame({"days": outcome["lenfol"].astype(float), "died": outcome["fstat"].astype(int)})
    for old, new in NUMBERS.items():
        table[new] = covariates[old].astype(float).to_numpy()
    for old, new in YES_OR_NO.items():
        table[new] = covariates[old].astype(float).astype(int).to_numpy()
    return table.assign(length_of_stay=covariates["los"].astype(float).to_numpy())
