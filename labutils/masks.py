"""Make values go missing by a rule that we know, so that an imputation can be compared with the truth.

The three rules are those of Rubin (1976). Let :math:`R` say which values are missing. They are missing

- **completely at random** (MCAR) if the chance of being missing is the same for everybody;
- **at random** (MAR) if, *given what is observed*, the chance does not depend on the unobserved values;
- **not at random** (MNAR) if it does, even given everything that is observed.

Rubin DB. Inference and missing data. Biometrika 1976;63:581-592.
"""

import numpy as np
import pandas as pd
from scipy.optimize import brentq
from scipy.special import expit

RULES = ("MCAR", "MAR", "MNAR")


def missing_chance(
    df: pd.DataFrame, column: str, *, rule: str, share: float, given: str | None = None, strength: float = 1.5
) -> np.ndarray:
    r"""Chance of each patient to have `column` missing under a rule.

    .. math:: \Pr(R_i = 1) = \frac{1}{1 + e^{-(a + b z_i)}}, \qquad z_i = \frac{x_i - \bar x}{s_x},

    where :math:`x` is the column `given` for MAR and `column` itself for MNAR, :math:`b` is `strength`, and :math:`a` is
    chosen so that the chances have the mean `share`. For MCAR :math:`b = 0`.

    Parameters
    ----------
    df : DataFrame, one row per patient
    column : str
        The column that will have gaps; it must be complete for MNAR.
    rule : {"MCAR", "MAR", "MNAR"}
    share : float
        The mean chance, above 0 and below 1.
    given : str, optional
        For MAR: the observed column that decides. It must be complete.
    strength : float, default 1.5
        Change of the log odds for one standard deviation; below 0, low values go missing.

    Returns
    -------
    array of float, shape (n_patients,)

    Raises
    ------
    ValueError
        If a column is unknown or has gaps itself, or the rule and the other arguments do not fit.

    Examples
    --------
    >>> people = pd.DataFrame({"age": [40.0, 60.0, 80.0], "creatinine": [0.9, 1.0, 1.4]})
    >>> missing_chance(people, "creatinine", rule="MCAR", share=0.25).tolist()
    [0.25, 0.25, 0.25]
    >>> young_first = missing_chance(people, "creatinine", rule="MAR", given="age", share=0.5, strength=-1.0)
    >>> bool(young_first[0] > young_first[1] > young_first[2]), round(float(young_first.mean()), 6)
    (True, 0.5)
    """
    if rule not in RULES:
        raise ValueError(f"rule must be one of {', '.join(RULES)}; got {rule!r}")
    if not 0 < share < 1:
        raise ValueError(f"share is the mean chance of being missing, above 0 and below 1; got {share!r}")
    if (rule == "MAR") != (given is not None) or given == column:
        raise ValueError(f"rule {rule} with given={given!r}: MAR needs another column in `given`, the other rules none")
    for name in {column, given} - {None}:
        if name not in df.columns:
            raise ValueError(f"there is no column {name!r}; the table has {', '.join(map(str, df.columns))}")
    if rule == "MCAR":
        return np.full(len(df), float(share))
    driver = df[given if rule == "MAR" else column].to_numpy(dtype=float)
    if np.isnan(driver).any():
        raise ValueError(
            f"the column that decides has {int(np.isnan(driver).sum())} gaps of its own: take a complete one"
        )
    z = (driver - driver.mean()) / (driver.std() or 1.0)
    intercept = brentq(lambda a: expit(a + strength * z).mean() - share, -60, 60)
    return expit(intercept + strength * z)


def make_missing(
    df: pd.DataFrame,
    column: str,
    *,
    rule: str,
    share: float,
    rng: int | np.random.Generator,
    given: str | None = None,
    strength: float = 1.5,
) -> pd.DataFrame:
    """Copy of `df` in which values of `column` are missing by a known rule.

    Parameters
    ----------
    df : DataFrame, one row per patient
        Not changed.
    column, rule, share, given, strength
        See :func:`missing_chance`.
    rng : int or numpy Generator
        The same seed makes the same gaps.

    Returns
    -------
    DataFrame
        Like `df`, with `column` as float and NaN in about ``share`` of its rows. A gap that was there stays.

    Raises
    ------
    ValueError
        As :func:`missing_chance`.

    Examples
    --------
    >>> people = pd.DataFrame({"age": range(1000), "creatinine": 1.0})
    >>> gaps = make_missing(people, "creatinine", rule="MCAR", share=0.3, rng=0)
    >>> bool(abs(gaps["creatinine"].isna().mean() - 0.3) < 0.05), int(people["creatinine"].isna().sum())
    (True, 0)
    """
    chance = missing_chance(df, column, rule=rule, share=share, given=given, strength=strength)
    gone = np.random.default_rng(rng).random(len(df)) < chance
    out = df.copy()
    out[column] = out[column].astype(float).mask(gone)
    return out
