"""An interval for any metric, from resampled patients; and how often an interval holds the truth."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import norm

from labutils.evaluation_check import check_count, check_labels, check_level, check_patients, check_scores


class Interval(NamedTuple):
    """An estimate and the ends of its interval, NaN where not defined."""

    estimate: float
    low: float
    high: float


class Coverage(NamedTuple):
    """How often an interval held the truth, of how many studies, and how wide it was on average."""

    covered: int
    studies: int
    mean_width: float

    @property
    def share(self) -> float:
        """Share of the studies whose interval held the truth."""
        return self.covered / self.studies


def wilson_interval(successes: int, total: int, level: float = 0.95) -> Interval:
    """Wilson's interval of a share, for patients who are strangers to one another.

    It stays within 0 and 1 and works for small counts and for 0 of n, unlike the share plus or minus 1.96 standard errors.

    Parameters
    ----------
    successes, total : int
        Whole numbers, ``0 <= successes <= total``.
    level : float, default 0.95
        Between 0 and 1.

    Returns
    -------
    Interval
        ``(estimate, low, high)``; NaN three times if `total` is 0.

    Raises
    ------
    ValueError
        If a number is out of its range.

    Examples
    --------
    >>> share, low, high = wilson_interval(9, 10)
    >>> round(share, 2), round(low, 2), round(high, 2)
    (0.9, 0.6, 0.98)

    References
    ----------
    Wilson EB. Probable inference, the law of succession, and statistical inference. Journal of the American Statistical
    Association 1927;22:209-212.
    """
    level = check_level(level)
    if not (0 <= successes <= total and int(successes) == successes and int(total) == total):
        raise ValueError(f"successes must be a whole number from 0 to total; got {successes!r} of {total!r}.")
    if total == 0:
        return Interval(float("nan"), float("nan"), float("nan"))
    share, z = successes / total, float(norm.ppf((1 + level) / 2))
    middle = (share + z**2 / (2 * total)) / (1 + z**2 / total)
    half = z / (1 + z**2 / total) * np.sqrt(share * (1 - share) / total + z**2 / (4 * total**2))
    # At 0 and n of n the ends are 0 and 1 exactly; rounding must not miss them.
    low = 0.0 if successes == 0 else float(middle - half)
    return Interval(share, low, 1.0 if successes == total else float(middle + half))


def bootstrap_metric(
    metric: Callable[[np.ndarray, np.ndarray], float],
    y: ArrayLike,
    pred: ArrayLike,
    patient: ArrayLike,
    *,
    n_boot: int,
    rng: int | np.random.Generator,
    level: float = 0.95,
) -> Interval:
    """Interval of any metric, from resampled patients with all their films (for the AUC `bootstrap_auc` is much faster).

    Parameters
    ----------
    metric : callable
        ``metric(y, pred)`` gives one number, or NaN where it is not defined. ``lambda y, p: get_ppv(y, p, 0.3)``, say.
    y : array of 0 and 1, shape (n_films,)
    pred : array of float, shape (n_films,)
    patient : array of int or str, shape (n_films,)
        Whose film it is.
    n_boot : int
        Number of resamples.
    rng : int or numpy Generator
    level : float, default 0.95

    Returns
    -------
    Interval
        The metric of the data itself, and the (1 - level)/2 and (1 + level)/2 percentiles of the resamples for which it is
        defined. NaN ends if it is defined for none of them.

    Raises
    ------
    ValueError
        If lengths differ, a label is not 0 or 1, a score or patient is missing, or `n_boot` or `level` is out of range.
    """
    y, pred = check_labels(y), check_scores(pred)
    if len(y) != len(pred):
        raise ValueError(f"y and pred must be equally long: got {len(y)} labels and {len(pred)} scores.")
    codes, n_patients = check_patients(patient, len(y))
    n_boot, level = check_count(n_boot, "n_boot", "the number of resamples"), check_level(level)
    estimate = float(metric(y, pred))
    if not n_patients:
        return Interval(estimate, float("nan"), float("nan"))
    rng = np.random.default_rng(rng)
    order = np.argsort(codes, kind="stable")
    rows = np.split(order, np.flatnonzero(np.diff(codes[order])) + 1)
    values = np.empty(n_boot)
    for number in range(n_boot):
        films = np.concatenate([rows[k] for k in rng.integers(n_patients, size=n_patients)])
        values[number] = metric(y[films], pred[films])
    values = values[~np.isnan(values)]
    if not len(values):
        return Interval(estimate, float("nan"), float("nan"))
    low, high = np.quantile(values, [(1 - level) / 2, (1 + level) / 2])
    return Interval(estimate, float(low), float(high))


def coverage_of_interval(
    draw_study: Callable[[np.random.Generator], Any],
    interval: Callable[[Any], tuple[float, float]],
    truth: float,
    *,
    n_studies: int,
    rng: int | np.random.Generator,
) -> Coverage:
    """Repeat a study whose truth is known, and count how often its interval holds the truth.

    Parameters
    ----------
    draw_study : callable
        ``draw_study(rng)`` draws the data of one study.
    interval : callable
        ``interval(study)`` gives ``(low, high)``, or a tuple that ends with these two.
    truth : float
        What the studies estimate.
    n_studies : int
    rng : int or numpy Generator

    Returns
    -------
    Coverage
        An interval with NaN holds nothing.

    Raises
    ------
    ValueError
        If `n_studies` is no whole number from 1.

    Examples
    --------
    >>> result = coverage_of_interval(
    ...     lambda rng: rng.binomial(50, 0.3), lambda k: wilson_interval(k, 50), 0.3, n_studies=400, rng=0
    ... )
    >>> 0.9 < result.share < 0.99
    True
    """
    n_studies = check_count(n_studies, "n_studies", "the number of studies to draw")
    rng = np.random.default_rng(rng)
    ends = np.array([tuple(interval(draw_study(rng)))[-2:] for _ in range(n_studies)], dtype=float)
    covered = (ends[:, 0] <= truth) & (truth <= ends[:, 1])
    defined = ~np.isnan(ends).any(axis=1)
    width = float(np.mean(ends[defined, 1] - ends[defined, 0])) if defined.any() else float("nan")
    return Coverage(int(covered.sum()), n_studies, width)
