"""The C-for-benefit: does a model rank patients by how much they gain? Nobody's gain is ever seen, so pairs stand in for it.

A patient is treated or not, so the difference between the two fates is never observed. The C-for-benefit matches a treated
patient with a control to whom the model promises the same benefit, and takes the difference of their outcomes for the
observed benefit of the pair: −1 (harmed), 0 or 1 (helped).

References
----------
van Klaveren D, Steyerberg EW, Serruys PW, Kent DM. The proposed 'concordance-statistic for benefit' provided a useful metric
when modeling heterogeneous treatment effects. Journal of Clinical Epidemiology 2018;94:59-68.
"""

import itertools
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

CHUNK_NUMBERS = 1 << 21  # weights per table of resamples


class BenefitInterval(NamedTuple):
    """C-for-benefit and the ends of its interval, between 0 and 1; 0.5 = no better than chance; NaN where not defined."""

    c: float
    low: float
    high: float


def c_for_benefit_score(pairs: Sequence) -> float:
    r"""Concordance between predicted and observed benefit, over pairs of matched pairs. The readable version.

    Of two matched pairs with *different* observed benefits, the one with the larger observed benefit should have the larger
    predicted benefit:

    .. math:: C = \frac{\text{concordant} + \tfrac12\, \text{tied predictions}}{\text{permissible}} .

    Parameters
    ----------
    pairs : sequence of ((pred, y), (pred, y))
        The control patient first, then the treated one. ``pred`` is the predicted benefit, ``y`` the outcome (1 = event). The
        observed benefit of a pair is y of the control − y of the treated; its predicted benefit the mean of the two.

    Returns
    -------
    float
        Between 0 and 1, higher is better; NaN if no two pairs differ in their observed benefit.
    """
    observed = [control[1] - treated[1] for control, treated in pairs]
    predicted = [(control[0] + treated[0]) / 2 for control, treated in pairs]
    concordant = tied = permissible = 0
    for a, b in itertools.combinations(range(len(observed)), 2):
        if observed[a] == observed[b]:
            continue
        permissible += 1
        if predicted[a] == predicted[b]:
            tied += 1
        elif (predicted[a] < predicted[b]) == (observed[a] < observed[b]):
            concordant += 1
    return float((concordant + 0.5 * tied) / permissible) if permissible else float("nan")


def c_statistic(pred_rr: ArrayLike, y: ArrayLike, w: ArrayLike, random_seed: int = 0) -> float:
    """C-for-benefit of a model's predicted benefits: match by predicted benefit, then score.

    Parameters
    ----------
    pred_rr : array of float, shape (n_patients,)
        Predicted benefit (risk reduction) of each patient, higher = gains more.
    y, w : array of 0 and 1, shape (n_patients,)
        Outcome (1 = event) and treatment (1 = treated).
    random_seed : int
        Which patients of the larger arm are left out. The same seed gives the same answer; **another seed gives another
        answer**, so never quote one of them alone.

    Returns
    -------
    float
        NaN without any permissible pair, or with an empty arm.

    Raises
    ------
    ValueError
        If lengths differ or `y` or `w` hold anything but 0 and 1.
    """
    predicted, observed = match_pairs(pred_rr, y, w, np.random.default_rng(random_seed))
    return fast_c_for_benefit(predicted, observed)


def match_pairs(
    pred_rr: ArrayLike, y: ArrayLike, w: ArrayLike, rng: int | np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Match each patient of the smaller arm with one of the larger, by the order of their predicted benefits.

    The larger arm is sampled without replacement down to the size of the smaller; both are sorted by predicted benefit
    and paired in that order.

    Returns
    -------
    predicted, observed : arrays, shape (n_pairs,)
        Mean predicted benefit of each pair; outcome of the control − outcome of the treated (−1, 0 or 1).
    """
    pred_rr, y, w = np.asarray(pred_rr, dtype=float), np.asarray(y, dtype=float), np.asarray(w, dtype=float)
    if not pred_rr.shape == y.shape == w.shape or pred_rr.ndim != 1:
        raise ValueError(f"one entry per patient in each; got shapes {pred_rr.shape}, {y.shape} and {w.shape}")
    if not (np.isin(y, (0, 1)).all() and np.isin(w, (0, 1)).all()):
        raise ValueError("y and w must hold 0 or 1")
    if not np.isfinite(pred_rr).all():
        raise ValueError(f"pred_rr must be finite; patient {int(np.argmin(np.isfinite(pred_rr)))} has none")
    rng = np.random.default_rng(rng)
    arms = [np.flatnonzero(w == 0), np.flatnonzero(w == 1)]
    size = min(len(arm) for arm in arms)
    arms = [arm if len(arm) == size else rng.choice(arm, size, replace=False) for arm in arms]
    control, treated = (arm[np.argsort(pred_rr[arm], kind="stable")] for arm in arms)
    return (pred_rr[control] + pred_rr[treated]) / 2, y[control] - y[treated]


def fast_c_for_benefit(predicted: ArrayLike, observed: ArrayLike) -> float:
    """`c_for_benefit_score` in n log n: there are only three observed benefits, so count between them by rank.

    Parameters
    ----------
    predicted, observed : array, shape (n_pairs,)
        As `match_pairs` gives them.

    Returns
    -------
    float
    """
    predicted, observed = np.asarray(predicted, dtype=float), np.asarray(observed, dtype=float)
    return float(_weighted_c(predicted, observed, np.ones((len(predicted), 1), dtype=np.int64))[0])


def c_for_benefit_interval(
    predicted: ArrayLike,
    observed: ArrayLike,
    n_boot: int,
    rng: int | np.random.Generator,
    level: float = 0.95,
) -> BenefitInterval:
    """C-for-benefit with the percentile interval of resampled matched pairs.

    The matching is taken as given. How much the choice of the matched patients adds is seen by other seeds of
    `match_pairs`.

    Parameters
    ----------
    predicted, observed : array, shape (n_pairs,)
    n_boot : int
        Number of resamples. One without a permissible pair counts for nothing.
    rng : int or numpy Generator
    level : float, between 0 and 1

    Returns
    -------
    BenefitInterval
        ``(c, low, high)``; all NaN if there is no permissible pair.

    Raises
    ------
    ValueError
        If `n_boot` is below 1 or `level` not between 0 and 1.
    """
    if n_boot < 1 or not 0 < level < 1:
        raise ValueError(f"n_boot must be 1 or more and level between 0 and 1; got {n_boot} and {level}")
    predicted, observed = np.asarray(predicted, dtype=float), np.asarray(observed, dtype=float)
    c, rng = fast_c_for_benefit(predicted, observed), np.random.default_rng(rng)
    if np.isnan(c):
        return BenefitInterval(c, c, c)
    n, drawn = len(predicted), []
    chunk = max(1, min(n_boot, CHUNK_NUMBERS // max(n, 1)))
    for start in range(0, n_boot, chunk):
        size = min(chunk, n_boot - start)
        cells = rng.integers(n, size=(n, size)) * size + np.arange(size)
        weights = np.bincount(cells.ravel(), minlength=n * size).reshape(n, size)
        drawn.append(_weighted_c(predicted, observed, weights))
    low, high = np.nanquantile(np.concatenate(drawn), [(1 - level) / 2, (1 + level) / 2])
    return BenefitInterval(c, float(low), float(high))


def _weighted_c(predicted: np.ndarray, observed: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """C-for-benefit of each column of `weights`, shape (n_pairs, n_resamples): a pair weighs as often as it was drawn."""
    concordant, permissible = (np.zeros(weights.shape[1]) for _ in range(2))
    order = np.argsort(predicted, kind="stable")
    predicted, observed, weights = predicted[order], observed[order], weights[order]
    for low, high in ((-1, 0), (-1, 1), (0, 1)):
        lower, upper = observed == low, observed == high
        running = np.zeros((lower.sum() + 1, weights.shape[1]))  # row k: weight of the k lowest of the lower group
        np.cumsum(weights[lower], axis=0, out=running[1:])
        below = np.searchsorted(predicted[lower], predicted[upper], side="left")
        at_or_below = np.searchsorted(predicted[lower], predicted[upper], side="right")
        concordant += np.einsum("ij,ij->j", weights[upper], (running[below] + running[at_or_below]) / 2)
        permissible += weights[upper].sum(axis=0) * running[-1]
    return np.divide(concordant, permissible, out=np.full_like(concordant, np.nan), where=permissible > 0)
