"""What is missing, in whom, and two ways to fill the gaps.

The functions answer exercises of course 2, week 2; the ones on trees and forests are in :mod:`labutils.forests`, and the
rules by which values go missing in :mod:`labutils.masks`. One row is one patient.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd


class Imputed(NamedTuple):
    """The three tables without gaps, each with the index and the columns of its input."""

    train: pd.DataFrame
    val: pd.DataFrame
    test: pd.DataFrame


def fraction_rows_missing(df: pd.DataFrame) -> float:
    r"""Share of patients with at least one missing value.

    .. math:: \frac{1}{N} \sum_i \Bigl[ \textstyle\sum_j R_{ij} \ge 1 \Bigr], \qquad R_{ij} = 1 \text{ if missing.}

    Dropping every row with a gap ("complete cases") loses this share of the patients, which is far more than the share
    of missing *values*.

    Parameters
    ----------
    df : DataFrame, one row per patient
        Missing is what pandas calls missing: NaN, None, NaT, NA.

    Returns
    -------
    float
        Between 0 and 1; NaN if there is no row (0/0).

    Examples
    --------
    >>> fraction_rows_missing(pd.DataFrame({"age": [60, None, 71, 80], "creatinine": [1.0, None, None, 1.2]}))
    0.5
    """
    if len(df) == 0:
        return float("nan")
    return float(df.isna().any(axis=1).mean())


def missingness_by_group(df: pd.DataFrame, column: str, by: str) -> pd.DataFrame:
    """Share missing, and mean of the values that are there, for each group of patients.

    Parameters
    ----------
    df : DataFrame, one row per patient
    column : str
        The numeric column whose gaps are looked at.
    by : str
        The column that names the group (sex, age band, hospital). Patients without a group are left out.

    Returns
    -------
    DataFrame
        One row per group that has somebody, in sorted order (a Categorical in the order of its categories), indexed by the
        group; columns ``share_missing`` (0 to 1) and ``mean_observed`` (in the unit of `column`; NaN where nobody has a
        value).

    Raises
    ------
    ValueError
        If a column is unknown.

    Examples
    --------
    >>> people = pd.DataFrame({"sex": ["F", "M", "F", "M"], "creatinine": [0.8, None, 1.0, 1.2]})
    >>> missingness_by_group(people, "creatinine", "sex").to_dict("list")
    {'share_missing': [0.0, 0.5], 'mean_observed': [0.9, 1.2]}

    Notes
    -----
    A table like this can show that gaps are *not* completely at random. It can never show that they are at random given
    what is observed: the values that would tell are the missing ones.
    """
    for name in (column, by):
        if name not in df.columns:
            raise ValueError(f"there is no column {name!r}; the table has {', '.join(map(str, df.columns))}")
    groups = pd.DataFrame({"gone": df[column].isna().astype(float), "value": df[column].astype(float)}).groupby(
        df[by], observed=True
    )
    return pd.DataFrame({"share_missing": groups["gone"].mean(), "mean_observed": groups["value"].mean()})


def find_derived_columns(df: pd.DataFrame, tol: float = 1e-6) -> list[str]:
    r"""Find the columns that are exact linear functions of the others.

    Column :math:`j` is derived if there are numbers :math:`a` and :math:`b_k` with

    .. math:: x_{ij} = a + \sum_{k \ne j} b_k x_{ik} \quad \text{for every complete row } i .

    Pulse pressure is systolic minus diastolic pressure, so each of the three is derived from the other two. Such a column
    hands an imputer the value that it should guess.

    Parameters
    ----------
    df : DataFrame of numbers, one row per patient
        Rows with a gap are passed over. There must be more complete rows than columns.
    tol : float, default 1e-6
        "Exact" means that the root mean square of what is left over is at most `tol` standard deviations of the column.

    Returns
    -------
    list of str
        Names in the order of the table. A column that never varies is no news, and is not listed.

    Raises
    ------
    ValueError
        If there are not more complete rows than columns: with so few, everything is a function of everything.

    Examples
    --------
    >>> table = pd.DataFrame({"sys": [120, 150, 131, 110, 142], "dia": [80, 70, 90, 65, 88], "age": [40, 71, 52, 66, 49]})
    >>> find_derived_columns(table.assign(pulse=table["sys"] - table["dia"]))
    ['sys', 'dia', 'pulse']
    >>> find_derived_columns(table)
    []
    """
    complete = df.dropna()
    if len(complete) <= df.shape[1]:
        raise ValueError(f"{len(complete)} complete rows for {df.shape[1]} columns: more rows than columns are needed")
    values = complete.to_numpy(dtype=float)
    spread = values.std(axis=0)
    varies = spread > 0
    z = (values - values.mean(axis=0)) / np.where(varies, spread, 1)
    found = []
    for place, name in enumerate(df.columns):
        others = np.delete(z, place, axis=1)
        fitted = others @ np.linalg.lstsq(others, z[:, place], rcond=None)[0]
        if varies[place] and np.sqrt(np.mean((z[:, place] - fitted) ** 2)) <= tol:
            found.append(name)
    return found


def mean_impute(X_train: pd.DataFrame, X_val: pd.DataFrame, X_test: pd.DataFrame) -> Imputed:
    """Fill each gap with the mean of its column among the *training* patients.

    Parameters
    ----------
    X_train, X_val, X_test : DataFrame of numbers, one row per patient
        The same columns; NaN is a gap. Not changed.

    Returns
    -------
    Imputed
        Three tables as float. Validation and test patients are filled with the training means too: whoever uses the
        model later has no test set to average over.

    Raises
    ------
    ValueError
        If the columns differ, or one has no value among the training patients.

    Examples
    --------
    >>> train = pd.DataFrame({"age": [60.0, 70.0], "creatinine": [1.0, None]})
    >>> test = pd.DataFrame({"age": [None, 90.0], "creatinine": [None, 2.0]})
    >>> mean_impute(train, test, test).test.to_numpy().tolist()
    [[65.0, 1.0], [90.0, 2.0]]
    """
    tables = _checked(X_train, X_val, X_test)
    means = tables[0].mean()
    return Imputed(*(table.fillna(means) for table in tables))


def iterative_impute(
    X_train: pd.DataFrame,
    X_val: pd.DataFrame,
    X_test: pd.DataFrame,
    *,
    max_iter: int = 30,
    rng: int | np.random.Generator = 0,
) -> Imputed:
    """Fill each gap with what a regression on the patient's other values predicts, round after round.

    Gaps start at the mean. Then each column with gaps is regressed (Bayesian ridge) on all others, its gaps are replaced
    by predictions, and the round is repeated until the values settle. All regressions are learnt from the training
    patients alone.

    Parameters
    ----------
    X_train, X_val, X_test : DataFrame of numbers, one row per patient
        The same columns; NaN is a gap. Not changed.
    max_iter : int, default 30
        Rounds at most.
    rng : int or numpy Generator
        Only breaks ties in the order of the columns.

    Returns
    -------
    Imputed
        Three tables as float, predictions kept within the range seen in training.

    Raises
    ------
    ValueError
        If the columns differ, or one has no value among the training patients.

    Notes
    -----
    The result is the *expected* value: right for one patient on average, but imputed values vary less than real ones,
    so do not compute standard errors as if they had been measured. Derived columns (see `find_derived_columns`) must be
    removed first.

    References
    ----------
    van Buuren S, Groothuis-Oudshoorn K. mice: multivariate imputation by chained equations in R. Journal of Statistical
    Software 2011;45(3):1-67 (the rounds; here one prediction is filled in instead of several random draws).
    """
    from sklearn.experimental import enable_iterative_imputer  # noqa: F401 - it unlocks the next line
    from sklearn.impute import IterativeImputer

    tables = _checked(X_train, X_val, X_test)
    seed = int(np.random.default_rng(rng).integers(2**31))
    low, high = tables[0].min(), tables[0].max()
    imputer = IterativeImputer(max_iter=max_iter, random_state=seed, min_value=low, max_value=high)
    imputer.fit(tables[0])
    return Imputed(
        *(pd.DataFrame(imputer.transform(table), index=table.index, columns=table.columns) for table in tables)
    )


def _checked(*tables: pd.DataFrame) -> list[pd.DataFrame]:
    """Return the tables as float, or say why no imputer can be learnt from them."""
    train = tables[0]
    for name, table in zip(("X_val", "X_test"), tables[1:], strict=True):
        if list(table.columns) != list(train.columns):
            raise ValueError(f"{name} has the columns {list(table.columns)}; expected those of X_train, in their order")
    empty = [str(name) for name in train.columns if train[name].isna().all()]
    if empty:
        raise ValueError(f"no training patient has a value of {', '.join(empty)}: there is nothing to learn from")
    return [table.astype(float) for table in tables]
