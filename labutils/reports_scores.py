"""How good are labels and answers? F1 by finding, micro and macro, with intervals; exact match and token F1."""

import re
import string
from collections import Counter
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike


class F1Scores(NamedTuple):
    """F1 of each class, shape (n_classes,), and the micro and macro averages: 0 to 1, higher is better."""

    per_class: np.ndarray
    micro: float
    macro: float


class F1Interval(NamedTuple):
    """F1 with the ends of its intervals; each field is an `F1Scores`."""

    estimate: F1Scores
    low: F1Scores
    high: F1Scores


class MeanInterval(NamedTuple):
    """A mean with the ends of its interval."""

    mean: float
    low: float
    high: float


class AnswerScores(NamedTuple):
    """Exact match (0 or 1) and token F1 (0 to 1) of one answer: higher is better."""

    exact_match: float
    f1: float


def f1_scores(y_true: ArrayLike, y_pred: ArrayLike) -> F1Scores:
    r"""F1 of each class, and over all classes.

    .. math:: F_1 = \frac{2\,TP}{2\,TP + FP + FN}

    *Micro* puts the counts of all classes together first, so frequent findings rule; *macro* is the mean of the classes' F1, so
    a rare finding counts as much as a frequent one.

    Parameters
    ----------
    y_true, y_pred : array of 0 and 1 (bool, int or float), shape (n_reports, n_classes)

    Returns
    -------
    F1Scores
        A class without positives and without predictions has no F1: NaN, and macro leaves it out. Micro is NaN if there is
        neither a positive nor a prediction at all, macro if no class has an F1.

    Raises
    ------
    ValueError
        If the shapes differ or have not two axes, or a value is neither 0 nor 1 (decide first what -1 and NaN mean).

    Examples
    --------
    Class 0: one hit, one miss: 2/(2 + 1) = 0.67. Class 1: one false alarm: 0. Micro: 2/(2 + 1 + 1) = 0.5.

    >>> scores = f1_scores([[1, 0], [1, 0]], [[1, 1], [0, 0]])
    >>> scores.per_class.round(2), scores.micro, round(scores.macro, 2)
    (array([0.67, 0.  ]), 0.5, 0.33)
    """
    true, pred = _binary(y_true, y_pred)
    hits, false, missed = true & pred, ~true & pred, true & ~pred
    return _f1_of_counts(*(part.sum(axis=0).astype(float) for part in (hits, false, missed)))


def f1_interval(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    *,
    rng: int | np.random.Generator,
    groups: ArrayLike | None = None,
    n_boot: int = 1000,
    level: float = 0.95,
) -> F1Interval:
    """F1 with percentile intervals of the bootstrap: reports, or all reports of a patient together, are drawn again.

    Parameters
    ----------
    y_true, y_pred : array of 0 and 1, shape (n_reports, n_classes)
    rng : int or numpy Generator
    groups : array, shape (n_reports,), optional
        Whose report each is. Given, patients are drawn instead of reports.
    n_boot : int
        Resamples.
    level : float
        Coverage aimed at, between 0 and 1.

    Returns
    -------
    F1Interval
        ``estimate``, ``low`` and ``high``. Resamples in which a class has no F1 are left out of its interval.

    Raises
    ------
    ValueError
        As `f1_scores`; or if there is no report, or `groups` has another length.
    """
    true, pred = _binary(y_true, y_pred)
    if not len(true):
        raise ValueError("y_true has no report: there is nothing to draw again.")
    estimate = f1_scores(true, pred)
    counts = np.stack([true & pred, ~true & pred, true & ~pred]).astype(float)  # (3, n_reports, n_classes)
    if groups is not None:
        whose = np.unique(np.asarray(groups), return_inverse=True)[1]
        if whose.shape != (len(true),):
            raise ValueError(f"groups must hold one patient per report, {len(true)}; got shape {np.shape(groups)}.")
        together = np.zeros((3, whose.max() + 1, true.shape[1]))
        np.add.at(together, (slice(None), whose), counts)
        counts = together
    n = counts.shape[1]
    times = np.random.default_rng(rng).multinomial(n, np.full(n, 1 / n), size=n_boot)  # how often each is drawn
    drawn = [_f1_of_counts(*row) for row in np.einsum("bn,knc->bkc", times, counts, optimize=True)]
    low, high = (1 - level) / 2, (1 + level) / 2
    ends = [
        F1Scores(
            np.array([_quantile(column, q) for column in np.stack([row.per_class for row in drawn]).T]),
            _quantile([row.micro for row in drawn], q),
            _quantile([row.macro for row in drawn], q),
        )
        for q in (low, high)
    ]
    return F1Interval(estimate, *ends)


def mean_interval(
    values: ArrayLike,
    *,
    rng: int | np.random.Generator,
    groups: ArrayLike | None = None,
    n_boot: int = 1000,
    level: float = 0.95,
) -> MeanInterval:
    """Mean of a score over answers, with the bootstrap interval over answers or over patients.

    Parameters
    ----------
    values : array, shape (n_answers,)
    rng : int or numpy Generator
    groups : array, shape (n_answers,), optional
        Whose answer each is: patients are drawn instead of answers.
    n_boot, level
        As in `f1_interval`.

    Returns
    -------
    MeanInterval
        NaN throughout without any value.
    """
    values = np.asarray(values, dtype=float)
    if not len(values):
        return MeanInterval(np.nan, np.nan, np.nan)
    whose = np.arange(len(values)) if groups is None else np.unique(np.asarray(groups), return_inverse=True)[1]
    sums, sizes = np.bincount(whose, values), np.bincount(whose)
    n = len(sums)
    times = np.random.default_rng(rng).multinomial(n, np.full(n, 1 / n), size=n_boot)
    means = (times @ sums) / (times @ sizes)
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
    return MeanInterval(float(values.mean()), float(low), float(high))


def exact_match_and_f1(prediction: str, truth: str) -> AnswerScores:
    """Exact match and token F1 of an answer, as SQuAD scores them.

    Both texts are normalised first: lower case, punctuation removed (not replaced: "x-ray" becomes "xray"), the
    words a, an and the
    removed, single spaces. Token F1 counts shared words, each as often as both have it.

    Parameters
    ----------
    prediction, truth : str

    Returns
    -------
    AnswerScores
        Two empty texts score (1, 1), one empty text (0, 0).

    Raises
    ------
    ValueError
        If one of them is no text.

    Examples
    --------
    >>> exact_match_and_f1("The left base.", "left base")
    AnswerScores(exact_match=1.0, f1=1.0)
    >>> exact_match_and_f1("left", "left lower lobe")
    AnswerScores(exact_match=0.0, f1=0.5)

    References
    ----------
    Rajpurkar P and others. SQuAD: 100,000+ questions for machine comprehension of text. EMNLP 2016, section 6.1.
    """
    for name, text in (("prediction", prediction), ("truth", truth)):
        if not isinstance(text, str):
            raise ValueError(f"{name} must be text; got {text!r}. An answer that is not there is ''.")
    got, wanted = normalise_answer(prediction).split(), normalise_answer(truth).split()
    exact = float(got == wanted)
    if not got or not wanted:
        return AnswerScores(exact, exact)
    shared = sum((Counter(got) & Counter(wanted)).values())
    if not shared:
        return AnswerScores(exact, 0.0)
    precision, recall = shared / len(got), shared / len(wanted)
    return AnswerScores(exact, 2 * precision * recall / (precision + recall))


def normalise_answer(text: str) -> str:
    """Lower case, no punctuation, no articles, single spaces.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
    """
    text = "".join(letter for letter in text.lower() if letter not in string.punctuation)
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", text).split())


def _binary(y_true, y_pred):
    true, pred = np.asarray(y_true, dtype=float), np.asarray(y_pred, dtype=float)
    if true.ndim != 2 or true.shape != pred.shape:
        raise ValueError(
            f"y_true and y_pred must be (n_reports, n_classes) alike; got shapes {true.shape} and {pred.shape}."
        )
    for name, values in (("y_true", true), ("y_pred", pred)):
        if not np.isin(values, (0, 1)).all():
            raise ValueError(
                f"{name} must be 0 or 1. Decide first what uncertain (-1) and missing (NaN) mean: write codes == 1, say."
            )
    return true == 1, pred == 1


def _f1_of_counts(hits, false, missed):
    with np.errstate(invalid="ignore"):  # 0/0 is NaN: neither a positive nor a prediction
        per_class = 2 * hits / (2 * hits + false + missed)
        micro = float(2 * hits.sum() / (2 * hits.sum() + false.sum() + missed.sum()))
    known = per_class[~np.isnan(per_class)]
    return F1Scores(per_class, micro, float(known.mean()) if len(known) else float("nan"))


def _quantile(values, q):
    known = np.asarray(values, dtype=float)
    known = known[~np.isnan(known)]
    return float(np.quantile(known, q)) if len(known) else float("nan")
