"""From a table of patients to numbers, with nothing decoded backwards and nothing lost without a word."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

TREATMENTS = {1: "D-penicillamine", 2: "placebo"}  # the codebook of the PBC trial: 1 is the drug


class TreatmentEffect(NamedTuple):
    """The treatment of each patient in words, and the direction of the comparison: 1, -1, 0 or NaN."""

    treatment: pd.Series
    sign: float


def to_one_hot(dataframe: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Replace categories by columns of 0 and 1, one for each level but the first.

    Parameters
    ----------
    dataframe : DataFrame, one row per patient
        With any index; it is not changed.
    columns : sequence of str
        The columns to encode: text, whole numbers, or Categoricals. A Categorical keeps the levels that were declared
        for it, so that training patients and one new patient get the same columns.

    Returns
    -------
    DataFrame
        The other columns in their order, then ``<column>_<level>`` as float64. The first level in sorted order, or the
        first category of a Categorical, gets no column: a patient with zeros everywhere has it.

    Raises
    ------
    ValueError
        If a column is not there, or a value is missing. pandas makes a value missing when it is not among the declared
        levels: an unseen category ends here, and never silently as the first level.

    Examples
    --------
    >>> stage = pd.Categorical([2, 3, 2], categories=[1, 2, 3])
    >>> to_one_hot(pd.DataFrame({"age": [61.0, 48.0, 70.0], "stage": stage}), ["stage"])
        age  stage_2  stage_3
    0  61.0      1.0      0.0
    1  48.0      0.0      1.0
    2  70.0      1.0      0.0
    """
    if isinstance(columns, str):
        raise ValueError(f"columns must be a list of names; got the text {columns!r}. Write [{columns!r}].")
    columns = list(columns)
    for column in columns:
        if column not in dataframe.columns:
            raise ValueError(f"dataframe has no column {column!r}; it has {', '.join(map(str, dataframe.columns))}")
        missing = int(dataframe[column].isna().sum())
        if missing:
            raise ValueError(
                f"{column!r} is missing or not among its declared levels for {missing} of {len(dataframe)} patients: "
                "decide what that means before encoding (all zeros would turn them into the first level)"
            )
    return pd.get_dummies(dataframe, columns=columns, drop_first=True, dtype="float64")


def decode_treatment(pbc: pd.DataFrame) -> TreatmentEffect:
    r"""Treatment of each PBC patient in words, and which arm has the higher death rate.

    The codebook says 1 = D-penicillamine, 2 = placebo. With :math:`d` deaths in :math:`P` days of follow-up the death
    rate of an arm is :math:`d / P`, the hazard if it were constant. A transplanted patient is followed up to the
    transplant and is no death.

    Parameters
    ----------
    pbc : DataFrame, one row per patient
        With the columns ``trt`` (1, 2 or missing), ``status`` (0 alive when last seen, 1 transplanted, 2 dead) and
        ``time`` (days).

    Returns
    -------
    TreatmentEffect
        ``treatment``, a Series with the index of `pbc`, missing where ``trt`` is missing; ``sign``: 1 if the death
        rate is higher on D-penicillamine, -1 if lower, 0 if equal, NaN if an arm has nobody. A sign is no proof:
        look at the interval of the rate ratio before you say that a drug harms or helps.

    Raises
    ------
    ValueError
        If a column is not there, or holds another code, or a time is negative.

    Examples
    --------
    One death in 8 days on the drug, two deaths in 8 days on placebo:

    >>> result = decode_treatment(pd.DataFrame({"trt": [1, 1, 2, 2], "status": [2, 0, 2, 2], "time": [3, 5, 4, 4]}))
    >>> list(result.treatment), result.sign
    (['D-penicillamine', 'D-penicillamine', 'placebo', 'placebo'], -1.0)

    References
    ----------
    Fleming TR, Harrington DP. Counting processes and survival analysis. Wiley 1991, appendix D (the codebook).
    """
    lacking = [name for name in ("trt", "status", "time") if name not in pbc.columns]
    if lacking:
        raise ValueError(f"pbc lacks the column {', '.join(lacking)}; it has {', '.join(map(str, pbc.columns))}")
    for name, codes in (("trt", (1, 2)), ("status", (0, 1, 2))):
        strange = pbc[name].dropna()[lambda column, codes=codes: ~column.isin(codes)]
        if len(strange):
            raise ValueError(f"{name} must be one of {codes}; got {strange.iloc[0]}")
    if pbc["status"].isna().any() or not (pbc["time"] >= 0).all():
        raise ValueError("status and time must be there for every patient, and no time below 0")
    treatment = pbc["trt"].map(TREATMENTS).astype(object)
    rates = []
    for name in TREATMENTS.values():
        arm = pbc[(treatment == name).to_numpy()]
        days = float(arm["time"].sum())
        rates.append(float((arm["status"] == 2).sum()) / days if days else float("nan"))
    return TreatmentEffect(treatment, float(np.sign(rates[0] - rates[1])))
