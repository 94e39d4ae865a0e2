"""The second trial of the German Breast Cancer Study Group, embedded in scikit-survival."""

import pandas as pd

NAMES = {
    "age": "age",
    "menostat": "menopause",
    "horTh": "hormones",
    "tsize": "size_mm",
    "tgrade": "grade",
    "pnodes": "nodes",
    "progrec": "progesterone",
    "estrec": "oestrogen",
}


def load_gbsg2() -> pd.DataFrame:
    """Load 686 women with breast cancer that had reached the lymph nodes, one row each.

    Returns
    -------
    DataFrame, shape (686, 10)
        ``days`` to recurrence, death or last visit and ``event`` (1 = recurrence or death, 299 women); ``age`` (years),
        ``menopause`` (Categorical Pre, Post), ``hormones`` (Categorical no, yes), ``size_mm`` of the tumour, ``grade``
        (Categorical I, II, III), number of positive ``nodes``, ``progesterone`` and ``oestrogen`` receptors (fmol/mg). No
        value is missing.

    Examples
    --------
    >>> table = load_gbsg2()
    >>> list(table["grade"].cat.categories), int(table["event"].sum())
    (['I', 'II', 'III'], 299)
    """
    from sksurv.datasets import load_gbsg2 as load  # here, so that importing labutils stays cheap

    covariates, outcome = load()
    table = pd.DataFrame({"days": outcome["time"].astype(float), "event": outcome["cens"].astype(int)})
    for old, new in NAMES.items():
        column = covariates[old].reset_index(drop=True)
        table[new] = column
    levels = {"grade": ["I", "II", "III"], "menopause": ["Pre", "Post"], "hormones": ["no", "yes"]}
    return table.assign(**{name: pd.Categorical(table[name], categories=own) for name, own in levels.items()})
