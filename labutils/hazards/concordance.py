"""Harrell's C: how often, of two patients, the one who dies first has the higher score.

`count_pairs` is what the exercise does, in n · log n steps instead of n². How it works is told at `_below_and_equal`.
The pair-by-pair version that it must agree with stands in the tests.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from labutils.hazards.checks import clean_events, clean_resamples, clean_scores, clean_times


class PairCounts(NamedTuple):
    """Number of permissible pairs, and of those among them that are concordant and that have equal scores."""

    permissible: int
    concordant: int
    tied: int


class ConcordanceInterval(NamedTuple):
    """An index (or a difference of two) and the ends of its interval, or NaN where not defined."""

    c: float
    low: float
    high: float


def harrell_c(y_true: ArrayLike, scores: ArrayLike, event: ArrayLike) -> float:
    r"""Share of permissible pairs of patients that the scores put in the right order.

    .. math:: C = \frac{\text{concordant} + \frac12 \text{risk ties}}{\text{permissible}} .

    A pair is *permissible* if it is known who lived longer: the times differ and the shorter one is a death, or the times
    are equal and exactly one of them is a death (whoever was censored then was still alive). Two deaths at the same
    time are not permissible. Among permissible pairs, *concordant* means that the patient who died first has the
    higher score.

    Parameters
    ----------
    y_true : array of float, shape (n_patients,)
        Time of death or of the last visit, 0 or more.
    scores : array of float, shape (n_patients,)
        **Higher = earlier death** (lifelines wants the opposite sign, scikit-survival this one). Only the order matters.
    event : array of 0 and 1, shape (n_patients,)
        1 = died, 0 = censored.

    Returns
    -------
    float
        1 is a perfect order, 0.5 chance, 0 all upside down. NaN without a permissible pair, as when nobody died.

    Raises
    ------
    ValueError
        If lengths differ, a time is negative, a score is missing, or an event is not 0 or 1.

    Examples
    --------
    >>> harrell_c([2, 4, 4, 6], [0.75, 0.5, 0.5, 0.25], [1, 1, 0, 0])
    0.9

    References
    ----------
    Harrell FE, Califf RM, Pryor DB, Lee KL, Rosati RA. Evaluating the yield of medical tests. JAMA 1982;247:2543-2546.
    """
    return _index(count_pairs(y_true, scores, event))


def count_pairs(y_true: ArrayLike, scores: ArrayLike, event: ArrayLike) -> PairCounts:
    """Count permissible, concordant and tied pairs; parameters and errors as for `harrell_c`.

    Takes n · log n steps for n patients: a second or so for a million.

    Examples
    --------
    >>> count_pairs([2, 4, 4, 6], [0.75, 0.5, 0.5, 0.25], [1, 1, 0, 0])
    PairCounts(permissible=5, concordant=4, tied=1)
    """
    times = clean_times(y_true, name="y_true")
    scores = clean_scores(scores, len(times))
    return _count(times, scores, clean_events(event, len(times)))


def harrell_c_interval(
    y_true: ArrayLike,
    scores: ArrayLike,
    event: ArrayLike,
    n_boot: int,
    rng: int | np.random.Generator,
    level: float = 0.95,
) -> ConcordanceInterval:
    """Harrell's C with an interval from resampled patients.

    Parameters
    ----------
    y_true, scores, event
        As for `harrell_c`; one row per patient.
    n_boot : int
        Number of resamples, at least 1. A resample without a permissible pair is drawn again.
    rng : int or numpy Generator
        The same seed gives the same interval.
    level : float
        Between 0 and 1: the interval runs between the (1 - level)/2 and (1 + level)/2 percentiles.

    Returns
    -------
    ConcordanceInterval
        All NaN without a permissible pair. The model stays as it is: the interval tells how far another sample of patients
        might have moved the index, not how far another training set would.

    Examples
    --------
    >>> result = harrell_c_interval([1, 2, 3, 4], [4, 3, 1, 2], [1, 1, 1, 0], n_boot=100, rng=0)
    >>> result.low <= round(result.c, 3) == 0.833 <= result.high
    True
    """
    times = clean_times(y_true, name="y_true")
    scores, event = clean_scores(scores, len(times)), clean_events(event, len(times))
    return _bootstrap(
        lambda rows: _index(_count(times[rows], scores[rows], event[rows])), len(times), n_boot, rng, level
    )


def harrell_c_difference(
    y_true: ArrayLike,
    scores: ArrayLike,
    other_scores: ArrayLike,
    event: ArrayLike,
    n_boot: int,
    rng: int | np.random.Generator,
    level: float = 0.95,
) -> ConcordanceInterval:
    """Harrell's C of one model minus that of another on the same patients, with an interval.

    Both models are judged on the *same* resampled patients, so that what is hard for both cancels. Two
    intervals that overlap do not tell whether the models differ; this one does.

    Parameters
    ----------
    y_true, event, n_boot, rng, level
        As for `harrell_c_interval`.
    scores, other_scores : array of float, shape (n_patients,)
        Of the two models; higher = earlier death.

    Returns
    -------
    ConcordanceInterval
        Above 0: `scores` has the higher index. If 0 lies inside the interval, no winner can be called.
    """
    times = clean_times(y_true, name="y_true")
    event = clean_events(event, len(times))
    one, other = clean_scores(scores, len(times)), clean_scores(other_scores, len(times), name="other_scores")

    def difference(rows):
        return _index(_count(times[rows], one[rows], event[rows])) - _index(
            _count(times[rows], other[rows], event[rows])
        )

    return _bootstrap(difference, len(times), n_boot, rng, level)


def _index(counts: PairCounts) -> float:
    if counts.permissible == 0:
        return float("nan")
    return (2 * counts.concordant + counts.tied) / (2 * counts.permissible)


def _bootstrap(
    statistic: Callable[[np.ndarray], float], n_patients: int, n_boot: int, rng: int | np.random.Generator, level: float
) -> ConcordanceInterval:
    n_boot = clean_resamples(n_boot, level)
    estimate = statistic(np.arange(n_patients))
    if np.isnan(estimate):
        return ConcordanceInterval(estimate, estimate, estimate)
    rng, found = np.random.default_rng(rng), []
    while len(found) < n_boot:
        value = statistic(rng.integers(n_patients, size=n_patients))
        if not np.isnan(value):
            found.append(value)
    low, high = np.quantile(found, [(1 - level) / 2, (1 + level) / 2])
    return ConcordanceInterval(estimate, float(low), float(high))


def _count(times: np.ndarray, scores: np.ndarray, event: np.ndarray) -> PairCounts:
    # From the longest time to the shortest, and at equal times the censored before the dead: then everyone who is known
    # to have outlived a patient who died stands before all deaths of that time.
    order = np.lexsort((event, -times))
    died, back = event[order], times[order]
    _, rank = np.unique(scores[order], return_inverse=True)
    starts = np.flatnonzero(np.append(True, (back[1:] != back[:-1]) | (died[1:] != died[:-1]))[: len(back)])
    first_of_group = np.repeat(starts, np.diff(np.append(starts, len(back))))
    outlived_by = first_of_group[died]  # how many outlived each patient who died: they are the first so many
    below, equal = _below_and_equal(rank.astype(np.int32), outlived_by.astype(np.int32), np.flatnonzero(died))
    return PairCounts(int(outlived_by.sum(dtype=np.int64)), below, equal)


def _below_and_equal(rank: np.ndarray, prefix: np.ndarray, rows: np.ndarray) -> tuple[int, int]:
    """Sum over the queries k: how many of the first ``prefix[k]`` ranks are below, and equal to, ``rank[rows[k]]``.

    The ranks are read bit by bit, the highest first. All ranks with a 0 there are moved, in order, before all with a 1; a
    query follows the half that its own rank goes to, and what was in its prefix becomes a stretch ``start:stop`` of that
    half. Where its own bit is 1, those of its stretch with a 0 are below it for good. After the last bit its stretch
    holds the ranks that are equal to its own. Each bit costs one pass over the patients, and there are log2(n) bits.
    """
    below, wanted = 0, rank[rows]
    start, stop = np.zeros(len(rows), dtype=np.int32), prefix
    for bit in range(int(rank.max(initial=0)).bit_length() - 1, -1, -1):
        is_one = ((rank >> bit) & 1).astype(bool)
        zeros = np.append(np.int32(0), np.cumsum(~is_one, dtype=np.int32))  # zeros[p]: zeros among the first p
        zeros_start, zeros_stop = zeros[start], zeros[stop]
        up = ((wanted >> bit) & 1).astype(bool)
        below += int((zeros_stop - zeros_start)[up].sum(dtype=np.int64))
        start = np.where(up, zeros[-1] + start - zeros_start, zeros_start)
        stop = np.where(up, zeros[-1] + stop - zeros_stop, zeros_stop)
        rank = np.concatenate((rank[~is_one], rank[is_one]))
    return below, int((stop - start).sum(dtype=np.int64))
