"""The four cells of the confusion matrix, and the rates that follow from them.

A patient is *flagged* when the score is at least the threshold, ``pred >= th``. A rate whose denominator is 0 is NaN. The words
are those of Altman DG, Bland JM. Diagnostic tests 1: sensitivity and specificity. BMJ 1994;308:1552, and Diagnostic tests 2:
predictive values. BMJ 1994;309:102.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from labutils.evaluation_check import check_labels, check_pair


class ConfusionMatrix(NamedTuple):
    """Counts of patients: true and false positives and negatives."""

    tp: int
    fp: int
    fn: int
    tn: int


def confusion_matrix(y: ArrayLike, pred: ArrayLike, th: float = 0.5) -> ConfusionMatrix:
    """Count the four cells of the confusion matrix at a threshold.

    Parameters
    ----------
    y : array of 0 and 1, shape (n_patients,)
        1 = the finding is there.
    pred : array of float, shape (n_patients,)
        Scores, higher = more suspicious.
    th : float, default 0.5
        A score of at least `th` is positive.

    Returns
    -------
    ConfusionMatrix
        ``(tp, fp, fn, tn)``, whole numbers that sum to n_patients.

    Raises
    ------
    ValueError
        If lengths differ, a label is not 0 or 1, a score is missing or infinite, or `th` is no number.

    Examples
    --------
    >>> confusion_matrix([1, 1, 0, 0], [0.9, 0.2, 0.5, 0.1], th=0.5)
    ConfusionMatrix(tp=1, fp=1, fn=1, tn=1)
    """
    y, pred = check_pair(y, pred)
    if not (np.ndim(th) == 0 and np.isreal(th) and not np.isnan(th)):
        raise ValueError(f"th is the threshold, one number; got {th!r}.")
    flagged = pred >= th
    tp, positives, sick = int((flagged & y).sum()), int(flagged.sum()), int(y.sum())
    return ConfusionMatrix(tp, positives - tp, sick - tp, len(y) - positives - sick + tp)


def true_positives(y: ArrayLike, pred: ArrayLike, th: float = 0.5) -> int:
    """Count the sick who are flagged (see :func:`confusion_matrix`)."""
    return confusion_matrix(y, pred, th).tp


def true_negatives(y: ArrayLike, pred: ArrayLike, th: float = 0.5) -> int:
    """Count the healthy who are not flagged (see :func:`confusion_matrix`)."""
    return confusion_matrix(y, pred, th).tn


def false_positives(y: ArrayLike, pred: ArrayLike, th: float = 0.5) -> int:
    """Count the healthy who are flagged (see :func:`confusion_matrix`)."""
    return confusion_matrix(y, pred, th).fp


def false_negatives(y: ArrayLike, pred: ArrayLike, th: float = 0.5) -> int:
    """Count the sick who are not flagged (see :func:`confusion_matrix`)."""
    return confusion_matrix(y, pred, th).fn


def get_accuracy(y: ArrayLike, pred: ArrayLike, th: float = 0.5) -> float:
    """Share of right answers, (TP + TN) / all, from 0 to 1, higher = better; NaN without patients."""
    cells = confusion_matrix(y, pred, th)
    return _share(cells.tp + cells.tn, sum(cells))


def get_prevalence(y: ArrayLike) -> float:
    """Share of patients with the finding, from 0 to 1; NaN without patients.

    Raises
    ------
    ValueError
        If a label is not 0 or 1.
    """
    y = check_labels(y)
    return _share(int(y.sum()), len(y))


def get_sensitivity(y: ArrayLike, pred: ArrayLike, th: float = 0.5) -> float:
    """Share of the sick who are flagged, TP / (TP + FN), higher = better; NaN if nobody is sick."""
    cells = confusion_matrix(y, pred, th)
    return _share(cells.tp, cells.tp + cells.fn)


def get_specificity(y: ArrayLike, pred: ArrayLike, th: float = 0.5) -> float:
    """Share of the healthy who are not flagged, TN / (TN + FP), higher = better; NaN if nobody is healthy."""
    cells = confusion_matrix(y, pred, th)
    return _share(cells.tn, cells.tn + cells.fp)


def get_ppv(y: ArrayLike, pred: ArrayLike, th: float = 0.5) -> float:
    """Positive predictive value: share of the flagged who are sick, TP / (TP + FP); NaN if nobody is flagged."""
    cells = confusion_matrix(y, pred, th)
    return _share(cells.tp, cells.tp + cells.fp)


def get_npv(y: ArrayLike, pred: ArrayLike, th: float = 0.5) -> float:
    """Negative predictive value: share of those not flagged who are healthy, TN / (TN + FN); NaN if all are flagged."""
    cells = confusion_matrix(y, pred, th)
    return _share(cells.tn, cells.tn + cells.fn)


def f1_score(y: ArrayLike, pred: ArrayLike, th: float = 0.5) -> float:
    """Harmonic mean of PPV and sensitivity, 2 TP / (2 TP + FP + FN), higher = better.

    It ignores the true negatives, so it suits rare findings; it weighs a miss and a false alarm alike, which hardly any disease
    does. NaN if nobody is sick and nobody is flagged.
    """
    cells = confusion_matrix(y, pred, th)
    return _share(2 * cells.tp, 2 * cells.tp + cells.fp + cells.fn)


def ppv_from_bayes(sensitivity: float, specificity: float, prevalence: float) -> float:
    r"""Positive predictive value in a group with another prevalence, by Bayes' rule.

    .. math:: \mathrm{PPV} = \frac{\mathrm{sens}\,\pi}{\mathrm{sens}\,\pi + (1 - \mathrm{spec})(1 - \pi)}

    It holds as long as the sick are like the sick of the study, and the healthy like its healthy.

    Parameters
    ----------
    sensitivity, specificity, prevalence : float
        From 0 to 1.

    Returns
    -------
    float
        From 0 to 1; NaN if nobody would be flagged.

    Raises
    ------
    ValueError
        If one of them is not between 0 and 1.

    Examples
    --------
    Of 1,000 people 100 are sick and 90 of them flagged; 180 of the 900 healthy are flagged too: 90 of 270.

    >>> round(ppv_from_bayes(0.9, 0.8, 0.1), 3)
    0.333
    """
    _check_shares(sensitivity=sensitivity, specificity=specificity, prevalence=prevalence)
    hits = sensitivity * prevalence
    return _share(hits, hits + (1 - specificity) * (1 - prevalence))


def npv_from_bayes(sensitivity: float, specificity: float, prevalence: float) -> float:
    """Negative predictive value in a group with another prevalence; see :func:`ppv_from_bayes`. NaN if all are flagged."""
    _check_shares(sensitivity=sensitivity, specificity=specificity, prevalence=prevalence)
    spared = specificity * (1 - prevalence)
    return _share(spared, spared + (1 - sensitivity) * prevalence)


def _check_shares(**shares: float) -> None:
    for name, value in shares.items():
        if not 0 <= value <= 1:
            raise ValueError(f"{name} is a share from 0 to 1; got {value!r}. (90 % is 0.9.)")


def _share(part: float, whole: float) -> float:
    """Divide; 0/0 is NaN."""
    return float(part / whole) if whole > 0 else float("nan")
