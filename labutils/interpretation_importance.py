"""What is a column worth? To a fitted model (shuffle the column), and to a recipe (fit again without it).

The functions answer exercises of course 3, week 3. The two questions differ: a column that has a twin may matter much to a
fitted model, and nothing to whoever may fit another one.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

Metric = Callable[[ArrayLike, ArrayLike], float]


def permute_feature(df: pd.DataFrame, feature: Any, rng: int | np.random.Generator | None = None) -> pd.DataFrame:
    """Give a copy of a table with one column shuffled: each value is still there, at a patient drawn by chance.

    Parameters
    ----------
    df : DataFrame
        One row per patient, any index.
    feature : str
        The column to shuffle.
    rng : int, numpy Generator or None
        None: a new order with every call.

    Returns
    -------
    DataFrame
        The same index, columns and dtypes. `df` is not changed.

    Raises
    ------
    ValueError
        If there is no such column.

    Examples
    --------
    >>> table = pd.DataFrame({"age": [40, 50, 60], "sex": ["F", "M", "F"]})
    >>> shuffled = permute_feature(table, "age", rng=0)
    >>> sorted(shuffled["age"]), list(shuffled["sex"])
    ([40, 50, 60], ['F', 'M', 'F'])
    """
    return permute_group(df, [feature], rng)


def permute_group(
    df: pd.DataFrame, features: Sequence[Any], rng: int | np.random.Generator | None = None
) -> pd.DataFrame:
    """Give a copy of a table in which some columns are shuffled *together*: their values stay side by side.

    For columns that depend on one another. Diastolic pressure and pulse pressure shuffled one by one make patients who
    cannot be; shuffled with the systolic one, each triple is that of a real patient.

    Parameters
    ----------
    df : DataFrame
    features : sequence of str
    rng : int, numpy Generator or None

    Returns
    -------
    DataFrame

    Raises
    ------
    ValueError
        If a column is not in the table.
    """
    _check_columns(df, features)
    order = np.random.default_rng(rng).permutation(len(df))
    shuffled = df.copy()
    for name in features:
        shuffled[name] = df[name].array[order]
    return shuffled


def permutation_importance(
    X: pd.DataFrame,
    y: ArrayLike,
    model: Any,
    metric: Metric,
    num_samples: int = 100,
    *,
    rng: int | np.random.Generator | None = None,
) -> pd.DataFrame:
    r"""How much a fitted model loses on average when a column is shuffled.

    .. math:: I_j = m(y, f(X)) - \frac{1}{K} \sum_{k=1}^{K} m\bigl(y, f(X^{(j,k)})\bigr)

    Parameters
    ----------
    X : DataFrame, shape (n_patients, n_features)
        Best of patients on whom the model was not trained: on its training patients a model also "needs" what it learnt by
        heart.
    y : array of 0 and 1, shape (n_patients,)
    model : object with ``predict_proba``
        Fitted. Column 1 of what it gives is the prediction.
    metric : callable
        ``metric(y, predictions)``, higher = better.
    num_samples : int
        K, at least 1.
    rng : int, numpy Generator or None

    Returns
    -------
    DataFrame, one row ``importance``, one column per feature
        In the unit of the metric. Negative: the model does better when the column is shuffled.

    Raises
    ------
    ValueError
        If lengths differ or `num_samples` is no whole number from 1.

    References
    ----------
    Breiman L. Random forests. Machine Learning 2001;45:5-32.
    Fisher A, Rudin C, Dominici F. All models are wrong, but many are useful. Journal of Machine Learning Research
    2019;20(177):1-81.
    """
    _check(X, y, num_samples)
    rng = np.random.default_rng(rng)
    baseline = metric(y, _risk(model, X))
    row = {}
    for name in X.columns:
        scores = [metric(y, _risk(model, permute_feature(X, name, rng))) for _ in range(num_samples)]
        row[name] = baseline - float(np.mean(scores))
    return pd.DataFrame([row], index=["importance"], columns=X.columns)


def permutation_interval(
    X: pd.DataFrame,
    y: ArrayLike,
    model: Any,
    metric: Metric,
    *,
    groups: dict[str, Sequence[Any]] | None = None,
    num_samples: int = 20,
    n_boot: int = 200,
    rng: int | np.random.Generator = 0,
    level: float = 0.95,
) -> pd.DataFrame:
    """Permutation importances with intervals that say what other patients would change.

    The model stays as it is. For each feature `num_samples` shuffled tables are predicted once; then patients are drawn with
    replacement, and with each draw the loss is computed again from their old predictions and from their shuffled ones.
    The mean over shuffles of more copies would not narrow the interval: it is about patients, not about shuffles.

    Parameters
    ----------
    X, y, model, metric
        As for :func:`permutation_importance`.
    groups : dict of str to sequence of str, optional
        Columns that are shuffled together, under a name. Default: each column alone.
    num_samples : int
        Shuffles per feature.
    n_boot : int
        Resamples of patients. One in which the metric is not defined (NaN) is left out.
    rng : int or numpy Generator
    level : float

    Returns
    -------
    DataFrame, one row per group
        ``importance``, ``low``, ``high``.

    Raises
    ------
    ValueError
        If lengths differ, a column is not in `X`, or a number is out of range.
    """
    _check(X, y, num_samples)
    if not (isinstance(n_boot, (int, np.integer)) and n_boot >= 1):
        raise ValueError(f"n_boot is the number of resamples, a whole number from 1; got {n_boot!r}.")
    if not 0 < level < 1:
        raise ValueError(f"level must be between 0 and 1; got {level!r}.")
    rng, y = np.random.default_rng(rng), np.asarray(y)
    groups = {str(name): [name] for name in X.columns} if groups is None else groups
    told = _risk(model, X)
    shuffled = {
        name: np.stack([_risk(model, permute_group(X, columns, rng)) for _ in range(num_samples)])
        for name, columns in groups.items()
    }
    drawn = [np.arange(len(y)), *(rng.integers(len(y), size=len(y)) for _ in range(n_boot))]
    losses = {name: [] for name in groups}
    for rows in drawn:
        baseline = metric(y[rows], told[rows])
        for name, predictions in shuffled.items():
            losses[name].append(baseline - np.mean([metric(y[rows], each[rows]) for each in predictions]))
    table = {}
    for name, values in losses.items():
        ends = np.nanquantile(values[1:], [(1 - level) / 2, (1 + level) / 2])
        table[name] = (float(values[0]), *map(float, ends))
    return pd.DataFrame.from_dict(table, orient="index", columns=["importance", "low", "high"])


def drop_column_importance(
    model: Any, X_train: pd.DataFrame, y_train: ArrayLike, X_test: pd.DataFrame, y_test: ArrayLike, metric: Metric
) -> pd.DataFrame:
    """How much worse the test score gets when a column is never used: fitted again without it.

    Parameters
    ----------
    model : scikit-learn classifier
        Its copies are fitted; it is not changed.
    X_train, X_test : DataFrame with the same two or more columns
    y_train, y_test : array of 0 and 1
    metric : callable
        ``metric(y, predictions)``, higher = better.

    Returns
    -------
    DataFrame, one row ``importance``, one column per feature
        Test score with all columns minus that without the one. A column with a twin gets about 0.

    Raises
    ------
    ValueError
        If there are fewer than two columns, the columns of the two tables differ, or lengths do.

    Notes
    -----
    One training per column; with a model that draws random numbers part of the difference is luck, so fix its seed.
    """
    from sklearn.base import clone

    features = list(X_train.columns)
    if len(features) < 2:
        raise ValueError(f"X_train needs two or more columns, so that one can be left out; got {features}.")
    if set(features) != set(X_test.columns):
        raise ValueError(f"X_test must have the columns of X_train, {features}; got {list(X_test.columns)}.")
    _check(X_train, y_train, 1)
    _check(X_test, y_test, 1)

    def score(columns: list) -> float:
        return metric(y_test, _risk(clone(model).fit(X_train[columns], y_train), X_test[columns]))

    everything = score(features)
    row = [everything - score([name for name in features if name != left_out]) for left_out in features]
    return pd.DataFrame([row], index=["importance"], columns=X_train.columns)


def _risk(model: Any, X: pd.DataFrame) -> np.ndarray:
    return np.asarray(model.predict_proba(X))[:, 1]


def _check(X: pd.DataFrame, y: ArrayLike, num_samples: int) -> None:
    if len(X) != len(y):
        raise ValueError(f"one outcome per patient is needed; got {len(X)} patients and {len(y)} outcomes.")
    if not (isinstance(num_samples, (int, np.integer)) and num_samples >= 1):
        raise ValueError(f"num_samples is the number of shuffles, a whole number from 1; got {num_samples!r}.")


def _check_columns(df: pd.DataFrame, features: Sequence[Any]) -> None:
    lacking = [name for name in features if name not in df.columns]
    if lacking:
        raise ValueError(f"there is no column {lacking[0]!r} in the table; its columns are {list(df.columns)}.")
