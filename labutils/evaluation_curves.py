"""All thresholds at once: ROC, precision-recall and decision curves."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from labutils.evaluation_check import check_pair


class RocCurve(NamedTuple):
    """One point per threshold, from the strictest (nobody flagged) to the loosest (everybody)."""

    fpr: np.ndarray
    tpr: np.ndarray
    thresholds: np.ndarray


class PrecisionRecallCurve(NamedTuple):
    """One point per threshold, from the strictest to the loosest."""

    precision: np.ndarray
    recall: np.ndarray
    thresholds: np.ndarray


def roc_curve(y: ArrayLike, pred: ArrayLike) -> RocCurve:
    """Sensitivity against 1 - specificity at every threshold that changes an answer.

    Parameters
    ----------
    y : array of 0 and 1, shape (n_patients,)
    pred : array of float, shape (n_patients,)
        Scores, higher = more suspicious; only their order matters.

    Returns
    -------
    RocCurve
        ``fpr`` (1 - specificity), ``tpr`` (sensitivity) and ``thresholds``, each of one more entry than there are different
        scores. The first threshold is infinite: nobody is flagged. A rate of a class that is missing is NaN all along.

    Raises
    ------
    ValueError
        If lengths differ, a label is not 0 or 1, or a score is missing or infinite.

    Examples
    --------
    >>> curve = roc_curve([0, 0, 1, 1], [0.1, 0.4, 0.3, 0.8])
    >>> curve.fpr.tolist(), curve.tpr.tolist()
    ([0.0, 0.0, 0.5, 0.5, 1.0], [0.0, 0.5, 0.5, 1.0, 1.0])
    """
    tp, flagged, thresholds, n_sick = _running_counts(y, pred)
    fp, n_healthy = flagged - tp, len(np.asarray(y)) - n_sick
    return RocCurve(_over(fp, n_healthy), _over(tp, n_sick), thresholds)


def precision_recall_curve(y: ArrayLike, pred: ArrayLike) -> PrecisionRecallCurve:
    """PPV ("precision") against sensitivity ("recall") at every threshold that changes an answer.

    Parameters
    ----------
    y, pred : array, shape (n_patients,)
        As for :func:`roc_curve`.

    Returns
    -------
    PrecisionRecallCurve
        From the highest score (few are flagged) to the lowest (all are: the precision is the prevalence there). The recall is NaN
        all along if nobody is sick. There is no point where nobody is flagged, since the precision is 0/0 there.

    Raises
    ------
    ValueError
        As for :func:`roc_curve`.
    """
    tp, flagged, thresholds, n_sick = _running_counts(y, pred)
    return PrecisionRecallCurve(_over(tp[1:], flagged[1:]), _over(tp[1:], n_sick), thresholds[1:])


def average_precision(y: ArrayLike, pred: ArrayLike) -> float:
    r"""Area below the precision-recall curve as a sum of steps: :math:`\sum_k (R_k - R_{k-1}) P_k`.

    From the prevalence (a coin) to 1 (perfect), on average. Unlike the AUC it depends on the prevalence: compare it
    only within one group of patients. NaN if nobody is sick.

    Parameters
    ----------
    y, pred : array, shape (n_patients,)
        As for :func:`roc_curve`.

    Returns
    -------
    float
    """
    precision, recall, _ = precision_recall_curve(y, pred)
    return float(np.sum(np.diff(recall, prepend=0.0) * precision)) if len(recall) else float("nan")


def net_benefit(y: ArrayLike, pred: ArrayLike, th: float) -> float:
    r"""Net benefit of treating everybody whose probability is at least `th`.

    .. math:: \mathrm{NB}(t) = \frac{TP}{n} - \frac{FP}{n} \cdot \frac{t}{1 - t}

    Who treats from a risk of `th` on says that a missed patient weighs as much as (1 - th)/th false alarms. The net benefit
    counts in true positives per patient after false alarms have been paid for at that rate; higher = better, 0 = treat nobody.

    Parameters
    ----------
    y : array of 0 and 1, shape (n_patients,)
    pred : array of float in [0, 1], shape (n_patients,)
        Probabilities, not just scores: `th` is read as a risk.
    th : float
        At least 0 and below 1.

    Returns
    -------
    float
        At most the prevalence; NaN without patients.

    Raises
    ------
    ValueError
        If `th` or a probability is out of its range, or what :func:`roc_curve` refuses.

    Examples
    --------
    One of two flagged patients is sick, among four: 1/4 - 1/4 * (0.2/0.8).

    >>> net_benefit([1, 0, 0, 0], [0.9, 0.3, 0.1, 0.0], th=0.2)
    0.1875

    References
    ----------
    Vickers AJ, Elkin EB. Decision curve analysis: a novel method for evaluating prediction models. Medical Decision Making
    2006;26:565-574.
    """
    y, pred = check_pair(y, pred, probabilities=True)
    if not 0 <= th < 1:
        raise ValueError(f"th is the risk from which one would treat, from 0 to below 1; got {th!r}.")
    if not len(y):
        return float("nan")
    flagged = pred >= th
    return float((flagged & y).mean() - (flagged & ~y).mean() * th / (1 - th))


def decision_curve(y: ArrayLike, pred: ArrayLike, thresholds: Sequence[float]) -> pd.DataFrame:
    """Net benefit over a range of thresholds, beside the two answers that need no model.

    Parameters
    ----------
    y, pred : array, shape (n_patients,)
        As for :func:`net_benefit`.
    thresholds : sequence of float
        Each at least 0 and below 1.

    Returns
    -------
    DataFrame, one row per threshold
        ``threshold``, ``model``, ``treat_all`` and ``treat_nobody`` (0 everywhere).

    Raises
    ------
    ValueError
        As for :func:`net_benefit`.
    """
    y, pred = check_pair(y, pred, probabilities=True)
    rows = [(th, net_benefit(y, pred, th), net_benefit(y, np.ones(len(y)), th), 0.0) for th in thresholds]
    return pd.DataFrame(rows, columns=["threshold", "model", "treat_all", "treat_nobody"])


def threshold_for_harms(miss: float, false_alarm: float) -> float:
    r"""Risk from which treating is worth it: :math:`t = h_{FP} / (h_{FP} + h_{FN})`.

    The more a miss costs, the *lower* the threshold: more sick patients are found, and more healthy ones are alarmed.

    Parameters
    ----------
    miss : float
        Harm of not treating one sick patient, in any unit, above 0.
    false_alarm : float
        Harm of treating one healthy patient, in the same unit, 0 or more.

    Returns
    -------
    float
        From 0 to below 1. It is meant for probabilities that keep their promise (are calibrated).

    Raises
    ------
    ValueError
        If a harm is out of its range.

    Examples
    --------
    A miss is nine times as bad as a false alarm: treat from a risk of 10 % on.

    >>> threshold_for_harms(miss=9, false_alarm=1)
    0.1

    References
    ----------
    Pauker SG, Kassirer JP. Therapeutic decision making: a cost-benefit analysis. New England Journal of Medicine
    1975;293:229-234.
    """
    if not (miss > 0 and false_alarm >= 0 and np.isfinite(miss + false_alarm)):
        raise ValueError(f"miss must be above 0 and false_alarm 0 or more; got {miss!r} and {false_alarm!r}.")
    return float(false_alarm / (false_alarm + miss))


def _running_counts(y: ArrayLike, pred: ArrayLike) -> tuple[np.ndarray, np.ndarray, np.ndarray, int]:
    """Count true positives and flagged patients at falling thresholds, the first of which is infinite."""
    y, pred = check_pair(y, pred)
    order = np.argsort(-pred, kind="stable")
    score = pred[order]
    last = np.append(np.flatnonzero(np.diff(score)), len(score) - 1) if len(score) else np.array([], dtype=int)
    tp = np.append(0, np.cumsum(y[order])[last])
    return tp, np.append(0, last + 1), np.append(np.inf, score[last]), int(y.sum())


def _over(part: np.ndarray, whole: np.ndarray | int) -> np.ndarray:
    """Divide element by element; 0/0 is NaN."""
    whole = np.broadcast_to(np.asarray(whole, dtype=float), part.shape)
    return np.divide(part, whole, out=np.full(part.shape, np.nan), where=whole > 0)
