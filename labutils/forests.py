"""Trees and forests for prognosis: choose one on validation patients, find where it fails, compare two with an interval.

The functions answer exercises of course 2, week 2. Throughout, a *score* is higher for patients who are more likely to
die, and the C-index of a yes/no outcome is the area under the ROC curve: the share of pairs (one who died, one who did
not) in which the one who died has the higher score, ties counting one half.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike


class Chosen(NamedTuple):
    """The best model of a search, fitted on the training patients, and the settings that made it."""

    estimator: Any
    hyperparams: dict


class Subset(NamedTuple):
    """C-index of a model in a subgroup, and how many patients are in it; (NaN, 0) if there is none."""

    cindex: float
    size: int


class CindexDifference(NamedTuple):
    """C-index of model A minus that of model B, with the ends of its interval; NaN where not defined."""

    difference: float
    low: float
    high: float


TREE_GRID = {"max_depth": (3, 4, 5, 6, 8), "min_samples_leaf": (10, 20, 40)}
FOREST_GRID = {"max_depth": (4, 8), "min_samples_leaf": (5, 20)}


def cindex(y_true: ArrayLike, scores: ArrayLike) -> float:
    """C-index of a score for a yes/no outcome (area under the ROC curve); NaN if only one outcome occurs.

    Examples
    --------
    One death, two survivors: it is above one of them and tied with the other, so (1 + ½) / 2.

    >>> cindex([1, 0, 0], [0.5, 0.25, 0.5])
    0.75
    """
    y, scores = _checked(y_true, scores)
    return float(_weighted_cindex(y, scores, np.ones((1, len(y))))[0])


def decision_tree_classifier(X_train, y_train, X_val, y_val, rng):
    """Decision tree whose size is chosen by the validation C-index, learnt from the training patients alone.

    Parameters
    ----------
    X_train, X_val : array or DataFrame of numbers, shape (n_patients, n_features)
        Without gaps.
    y_train, y_val : array of 0 and 1
        1 = died.
    rng : int, RandomState or Generator

    Returns
    -------
    sklearn.tree.DecisionTreeClassifier
        Fitted; the best of `TREE_GRID`.

    Raises
    ------
    ValueError
        If the validation patients all have the same outcome: no tree can be called the best.
    """
    from sklearn.tree import DecisionTreeClassifier

    fixed = {"random_state": as_seed(rng)}
    return holdout_grid_search(DecisionTreeClassifier, X_train, y_train, X_val, y_val, TREE_GRID, fixed).estimator


def holdout_grid_search(
    clf: type,
    X_train: Any,
    y_train: ArrayLike,
    X_val: Any,
    y_val: ArrayLike,
    hyperparams: Mapping[str, Sequence],
    fixed_hyperparams: Mapping[str, Any] | None = None,
) -> Chosen:
    """Fit every combination of settings on the training patients; keep the one with the best validation C-index.

    Parameters
    ----------
    clf : class
        A scikit-learn classifier with ``predict_proba``.
    X_train, y_train, X_val, y_val
        Features, and 0 or 1.
    hyperparams : dict of str to sequence
        The values to try for each setting.
    fixed_hyperparams : dict, optional
        Settings that all fits share.

    Returns
    -------
    Chosen
        Of equally good ones, the first. ``hyperparams`` holds the settings that were tried, without the fixed ones.

    Raises
    ------
    ValueError
        If there is nothing to try, or the validation patients all have the same outcome.

    Examples
    --------
    >>> from sklearn.tree import DecisionTreeClassifier
    >>> x, y = [[1], [2], [3], [4]], [0, 0, 1, 1]
    >>> holdout_grid_search(DecisionTreeClassifier, x, y, x, y, {"max_depth": [1, 2]}).hyperparams
    {'max_depth': 1}
    """
    from sklearn.model_selection import ParameterGrid

    grid = {name: list(values) for name, values in hyperparams.items()}
    empty = [name for name, values in grid.items() if not values]
    if empty:
        raise ValueError(f"hyperparams has no value to try for {', '.join(empty)}: got nothing to fit")
    best, best_score = None, -np.inf
    for settings in ParameterGrid(grid):
        estimator = clf(**settings, **(fixed_hyperparams or {})).fit(X_train, y_train)
        score = cindex(y_val, estimator.predict_proba(X_val)[:, 1])
        if np.isnan(score):
            raise ValueError("y_val holds one outcome only: the C-index needs a death and a survivor")
        if score > best_score:
            best, best_score = Chosen(estimator, dict(settings)), score
    return best


def random_forest_grid_search(X_train, y_train, X_val, y_val, rng: Any = 0) -> Chosen:
    """Random forest of 50 trees whose size is chosen by the validation C-index, from `FOREST_GRID`; see the search."""
    from sklearn.ensemble import RandomForestClassifier

    fixed = {"n_estimators": 50, "random_state": as_seed(rng)}
    return holdout_grid_search(RandomForestClassifier, X_train, y_train, X_val, y_val, FOREST_GRID, fixed)


def bad_subset(
    forest: Any, X_test: pd.DataFrame, y_test: ArrayLike, *, smallest: int = 250, below: float = 0.69
) -> Subset:
    """Find the subgroup in which a model ranks patients worst.

    Subgroups are the patients at or below, or above, a decile of one column.

    Parameters
    ----------
    forest : fitted classifier with ``predict_proba``
    X_test : DataFrame of numbers, one row per patient
    y_test : array of 0 and 1
    smallest : int, default 250
        Smaller subgroups are not looked at: their C-index is mostly noise.
    below : float, default 0.69
        Only subgroups with a C-index below this are bad.

    Returns
    -------
    Subset
        ``(cindex, size)`` of the worst one; ``(NaN, 0)`` if none is bad.

    Notes
    -----
    The worst of many subgroups looks worse than it is, because we looked for it. Confirm it on other patients.
    """
    y = np.asarray(y_test)
    scores = np.asarray(forest.predict_proba(X_test))[:, 1]
    worst = Subset(float("nan"), 0)
    for name in X_test.columns:
        values = X_test[name].to_numpy(dtype=float)
        for cut in np.unique(np.quantile(values, np.linspace(0.1, 0.9, 9))) if len(values) else []:
            for inside in (values <= cut, values > cut):
                if inside.sum() < smallest:
                    continue
                index = cindex(y[inside], scores[inside])
                if index < below and not index >= worst.cindex:
                    worst = Subset(index, int(inside.sum()))
    return worst


def cindex_interval(
    y_true: ArrayLike,
    scores_a: ArrayLike,
    scores_b: ArrayLike,
    n_boot: int = 1000,
    rng: int | np.random.Generator = 0,
    level: float = 0.95,
) -> CindexDifference:
    """C-index of score A minus that of score B, with a bootstrap interval, paired on patients.

    A resample draws patients with replacement and takes both scores of each. Since both models meet the same easy and
    hard patients, the difference varies far less than the two C-indices themselves.

    Parameters
    ----------
    y_true : array of 0 and 1, shape (n_patients,)
    scores_a, scores_b : array of float, shape (n_patients,)
        Higher = more likely to die. Only their order matters.
    n_boot : int
        Resamples, at least 1. One with one outcome only is drawn again.
    rng : int or numpy Generator
    level : float
        The interval runs from the (1 - level)/2 to the (1 + level)/2 percentile.

    Returns
    -------
    CindexDifference
        Above 0: A ranks better. All NaN if `y_true` holds one outcome only.

    Raises
    ------
    ValueError
        If lengths differ, an outcome is not 0 or 1, a score is missing, or `n_boot` or `level` is out of range.

    Examples
    --------
    >>> cindex_interval([0, 0, 1, 1], [1, 2, 3, 4], [1, 3, 2, 4], n_boot=100, rng=0).difference
    0.25

    References
    ----------
    Efron B, Tibshirani RJ. An Introduction to the Bootstrap. Chapman and Hall, 1993, chapter 13 (percentile intervals).
    """
    y, a = _checked(y_true, scores_a)
    _, b = _checked(y_true, scores_b)
    if not (isinstance(n_boot, (int, np.integer)) and n_boot >= 1):
        raise ValueError(f"n_boot is the number of resamples, a whole number of 1 or more; got {n_boot!r}")
    if not 0 < level < 1:
        raise ValueError(f"level must be between 0 and 1; got {level!r}")
    difference = cindex(y, a) - cindex(y, b)
    if np.isnan(difference):
        return CindexDifference(difference, difference, difference)
    rng, found, n = np.random.default_rng(rng), np.empty(0), len(y)
    while len(found) < n_boot:
        drawn = rng.integers(n, size=(100, n))
        counts = np.stack([np.bincount(row, minlength=n) for row in drawn]).astype(float)
        drop = _weighted_cindex(y, a, counts) - _weighted_cindex(y, b, counts)
        found = np.append(found, drop[~np.isnan(drop)])
    low, high = np.quantile(found[:n_boot], [(1 - level) / 2, (1 + level) / 2])
    return CindexDifference(float(difference), float(low), float(high))


def as_seed(rng: Any) -> Any:
    """Turn a numpy Generator into a seed, because scikit-learn refuses Generators; anything else stays as it is."""
    return int(rng.integers(2**31)) if isinstance(rng, np.random.Generator) else rng


def _weighted_cindex(y: np.ndarray, scores: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """C-index of each row of `weights`, shape (n_resamples, n_patients); NaN where a row has one outcome only.

    Patients are put in the order of their scores; patients with the same score form one step. Those who died on a step are
    above all survivors on lower steps, and tied with the survivors on their own.
    """
    order = np.argsort(scores, kind="stable")
    steps = np.flatnonzero(np.append(True, np.diff(scores[order]) > 0)) if len(order) else np.zeros(0, int)
    died, alive = weights * y, weights * (1 - y)
    if not len(order):
        return np.full(len(weights), np.nan)
    died = np.add.reduceat(died[:, order], steps, axis=1)
    alive = np.add.reduceat(alive[:, order], steps, axis=1)
    below = np.cumsum(alive, axis=1) - alive
    good = (died * (below + alive / 2)).sum(axis=1)
    pairs = died.sum(axis=1) * alive.sum(axis=1)
    return np.divide(good, pairs, out=np.full(len(pairs), np.nan), where=pairs > 0)


def _checked(y_true: ArrayLike, scores: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    y, scores = np.asarray(y_true, dtype=float), np.asarray(scores, dtype=float)
    if y.ndim != 1 or y.shape != scores.shape:
        raise ValueError(f"outcomes and scores need one number per patient; got shapes {y.shape} and {scores.shape}")
    if not np.isin(y, (0, 1)).all():
        raise ValueError("outcomes must be 0 or 1; decide first what an unknown outcome means")
    if not np.isfinite(scores).all():
        raise ValueError("scores must be finite numbers: one is missing or infinite")
    return y, scores
