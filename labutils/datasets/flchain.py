"""The free light chain cohort of Olmsted County, Minnesota: 7,874 people, their blood, and how long they lived.

It comes inside scikit-survival. Dispenzieri A, Katzmann JA, Kyle RA, and others. Use of nonclonal serum immunoglobulin
free light chains to predict overall survival in the general population. Mayo Clinic Proceedings 2012;87:517-523.
"""

import pandas as pd

DAYS_PER_YEAR = 365.25
FEATURES = ("age", "female", "creatinine", "kappa", "lambda", "mgus")


def load_flchain() -> pd.DataFrame:
    """Load the cohort, one row per person, in the order of the file (roughly old to young: shuffle before you split).

    Returns
    -------
    DataFrame
        ``age`` (years), ``female`` (1 or 0), ``creatinine`` (serum, mg/dL; missing in 1,350), ``kappa`` and ``lambda``
        (free light chains in serum, mg/dL), ``mgus`` (1 = monoclonal gammopathy diagnosed), ``sample_year`` (of the
        blood sample), ``years`` (to death or last contact) and ``death`` (bool).

        Left out: the cause of death (``chapter``), which only the dead have, so that it gives the outcome away; and
        ``flc.grp``, the tenth of the cohort that kappa + lambda falls into.

    Notes
    -----
    ``sample_year`` is no feature for ten-year mortality. Follow-up ended at one date, so people sampled late can only
    be *known* at ten years if they died; once those with unknown outcome are excluded, a late year gives death away.
    """
    from sksurv.datasets import load_flchain as load

    raw, outcome = load()
    return pd.DataFrame(
        {
            "age": raw["age"].astype(float),
            "female": (raw["sex"] == "F").astype(float),
            "creatinine": raw["creatinine"].astype(float),
            "kappa": raw["kappa"].astype(float),
            "lambda": raw["lambda"].astype(float),
            "mgus": (raw["mgus"] == "yes").astype(float),
            "sample_year": raw["sample.yr"].astype(int),
            "years": outcome["futime"] / DAYS_PER_YEAR,
            "death": outcome["death"].astype(bool),
        }
    ).reset_index(drop=True)
