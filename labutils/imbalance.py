"""Rare findings, returning patients and readers who disagree: the three traps of a chest X-ray data set.

The five functions here answer the five exercises of course 1, week 1. Read them after you have handed in your own:
each is written to be understood first and to be fast second. A *finding* is one column of labels (Mass, Hernia, …),
a *film* is one row, and one patient can have many films.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike


class ClassFreqs(NamedTuple):
    """Share of positive and of negative films for each finding; both arrays of float, shape (n_findings,)."""

    pos: np.ndarray
    neg: np.ndarray


class Consensus(NamedTuple):
    """Majority label of each film, shape (n_films, n_findings), and the readers' agreement, shape (n_findings,)."""

    label: np.ndarray
    agreement: np.ndarray


def check_for_leakage(df1: pd.DataFrame, df2: pd.DataFrame, patient_col: str) -> bool:
    """Whether any patient has rows in both tables.

    It is the patient who matters, not the row: two different films of one patient share the ribs, the pacemaker and
    the disease, so a model that has seen one of them has half seen the other.

    Parameters
    ----------
    df1, df2 : DataFrame, one row per film
        For example the training and the validation table.
    patient_col : str
        The column that says whose film it is. Ids may be numbers or text, of the same kind in both tables.

    Returns
    -------
    bool
        ``True`` if at least one patient occurs in both tables. An empty table shares nobody: ``False``.

    Raises
    ------
    ValueError
        If a table has no such column, or a row without a patient id: nobody can say where that film belongs.

    Examples
    --------
    >>> train = pd.DataFrame({"patient": [1, 1, 2], "film": ["a", "b", "c"]})
    >>> check_for_leakage(train, pd.DataFrame({"patient": [2], "film": ["d"]}), "patient")
    True
    >>> check_for_leakage(train, pd.DataFrame({"patient": [3], "film": ["d"]}), "patient")
    False
    """
    first = set(_patient_ids(df1, patient_col, name="df1"))
    second = set(_patient_ids(df2, patient_col, name="df2"))
    return not first.isdisjoint(second)


def compute_class_freqs(labels: ArrayLike) -> ClassFreqs:
    r"""Share of films with, and without, each finding.

    For finding :math:`c` with labels :math:`y_{ic}` of :math:`N` films,

    .. math:: f^+_c = \frac{1}{N} \sum_i y_{ic}, \qquad f^-_c = 1 - f^+_c .

    Parameters
    ----------
    labels : array of 0 and 1 (bool, int or float), shape (n_films, n_findings)
        A DataFrame of label columns does as well.

    Returns
    -------
    ClassFreqs
        ``pos`` and ``neg``, each of shape (n_findings,), between 0 and 1. Without any film both are NaN (0/0).

    Raises
    ------
    ValueError
        If `labels` has not two axes, or holds anything but 0 and 1.

    Examples
    --------
    Three films, two findings: two of three films show the first, none shows the second.

    >>> freqs = compute_class_freqs([[1, 0], [0, 0], [1, 0]])
    >>> freqs.pos.round(2), freqs.neg.round(2)
    (array([0.67, 0.  ]), array([0.33, 1.  ]))
    """
    labels = np.asarray(labels, dtype=float)
    if labels.ndim != 2:
        raise ValueError(f"labels must have two axes, (n_films, n_findings); got shape {labels.shape}")
    if not np.isin(labels, (0, 1)).all():
        raise ValueError("labels must be 0 or 1; decide first what a missing or an uncertain label means")
    n_films = len(labels)
    with np.errstate(invalid="ignore"):  # 0 / 0 is NaN: no film, no frequency
        return ClassFreqs(
            pos=(labels == 1).sum(axis=0) / np.float64(n_films),
            neg=(labels == 0).sum(axis=0) / np.float64(n_films),
        )


def get_weighted_loss(
    pos_weights: ArrayLike, neg_weights: ArrayLike, epsilon: float = 1e-7
) -> Callable[[Any, Any], Any]:
    r"""Build a cross-entropy in which positive and negative labels of each finding carry their own weight.

    The returned ``loss(y_true, y_pred)`` is the sum over findings :math:`c` of the mean over the films of the batch,

    .. math::
        L = \sum_c \frac{1}{N} \sum_i - \bigl[ w^+_c \, y_{ic} \log(\hat y_{ic} + \varepsilon)
            + w^-_c \, (1 - y_{ic}) \log(1 - \hat y_{ic} + \varepsilon) \bigr] .

    With :math:`w^+_c = f^-_c` and :math:`w^-_c = f^+_c` (see `compute_class_freqs`) both classes of a finding pull
    equally hard in total, because :math:`w^+_c f^+_c = w^-_c f^-_c`. Lower is better; 0 (to within
    :math:`\varepsilon`) is a perfect and fully sure prediction. The loss is in nats.

    Parameters
    ----------
    pos_weights, neg_weights : sequence of float, shape (n_findings,)
        Weight of a positive and of a negative label, never negative.
    epsilon : float
        Keeps the logarithm finite when a prediction is exactly 0 or 1.

    Returns
    -------
    callable
        ``loss(y_true, y_pred)`` for arrays or tensors of shape (n_films, n_findings) and any number type. It returns
        a scalar float32 tensor that gradients pass through, and can be handed to ``model.compile``.

    Raises
    ------
    ValueError
        If the two weights differ in length, are not one number per finding, or are negative; the loss itself
        raises it when `y_pred` has another number of findings.

    Examples
    --------
    One finding, two films (one positive), both predicted 0.5; a positive weighs 3, a negative 1:
    (3 · 0.693 + 1 · 0.693) / 2 = 1.386.

    >>> loss = get_weighted_loss([3.0], [1.0])
    >>> round(float(loss(np.array([[1], [0]]), np.array([[0.5], [0.5]]))), 3)
    1.386

    References
    ----------
    Rajpurkar P, et al. CheXNet: radiologist-level pneumonia detection on chest X-rays with deep learning.
    arXiv:1711.05225, section 2 (weighted binary cross-entropy with the weights of the class frequencies).
    """
    w_pos = np.asarray(pos_weights, dtype="float32")
    w_neg = np.asarray(neg_weights, dtype="float32")
    if w_pos.ndim != 1 or w_pos.shape != w_neg.shape:
        raise ValueError(
            f"pos_weights and neg_weights must hold one number per finding; got shapes {w_pos.shape} and {w_neg.shape}"
        )
    if not ((w_pos >= 0).all() and (w_neg >= 0).all()):
        raise ValueError("weights must be 0 or more: a negative weight rewards wrong predictions")

    def weighted_loss(y_true: Any, y_pred: Any) -> Any:
        from keras import ops  # here, so that importing labutils stays cheap

        y_pred = ops.cast(y_pred, "float32")  # half precision would round epsilon away
        y_true = ops.cast(y_true, "float32")  # labels come as bool, int or float
        if len(y_pred.shape) != 2 or y_pred.shape[-1] != len(w_pos):
            raise ValueError(f"y_pred must have shape (n_films, {len(w_pos)}); got {tuple(y_pred.shape)}")
        positive = w_pos * y_true * ops.log(y_pred + epsilon)
        negative = w_neg * (1.0 - y_true) * ops.log(1.0 - y_pred + epsilon)
        return ops.sum(ops.mean(-(positive + negative), axis=0))

    return weighted_loss


def split_by_patient(
    df: pd.DataFrame,
    patient_col: str,
    fractions: Sequence[float],
    rng: int | np.random.Generator,
) -> list[pd.DataFrame]:
    """Share the films out at random so that each patient is in one part only.

    Patients are shuffled and dealt out; their films follow. So it is the *patients* that match the fractions: part k
    holds ``fractions[k] * n_patients`` patients to within one. Films match on average only, because one patient
    may bring a hundred.

    Parameters
    ----------
    df : DataFrame, one row per film
        With any index; it is not changed.
    patient_col : str
        The column that says whose film it is.
    fractions : sequence of float
        The share of patients for each part, adding up to 1, for example ``(0.7, 0.1, 0.2)``.
    rng : int or numpy Generator
        The same seed gives the same parts.

    Returns
    -------
    list of DataFrame
        One part per fraction, in that order. Every row of `df` is in exactly one part, in its old order and with its
        old index.

    Raises
    ------
    ValueError
        If the column or an id is missing, or the fractions are negative or do not add up to 1.

    Examples
    --------
    >>> films = pd.DataFrame({"patient": [1, 1, 1, 2, 3, 4], "film": list("abcdef")})
    >>> train, test = split_by_patient(films, "patient", (0.5, 0.5), rng=0)
    >>> train["patient"].nunique(), test["patient"].nunique(), len(train) + len(test)
    (2, 2, 6)
    >>> check_for_leakage(train, test, "patient")
    False
    """
    shares = np.asarray(fractions, dtype=float)
    if shares.ndim != 1 or not (shares >= 0).all() or not np.isclose(shares.sum(), 1):
        raise ValueError(f"fractions must be 0 or more and add up to 1; got {fractions!r}")
    patient_of_row, patients = pd.factorize(_patient_ids(df, patient_col, name="df"))

    # Deal the shuffled patients out: the first `edges[0]` go to part 0, those up to `edges[1]` to part 1, …
    edges = np.round(np.cumsum(shares) * len(patients)).astype(int)
    edges[-1] = len(patients)  # rounding must not lose the last patient
    place_of_patient = np.random.default_rng(rng).permutation(len(patients))
    part_of_patient = np.searchsorted(edges, place_of_patient, side="right")

    part_of_row = part_of_patient[patient_of_row]
    return [df[part_of_row == part] for part in range(len(shares))]


def consensus_label(votes: ArrayLike) -> Consensus:
    r"""Majority vote of several readers on each film, and how often two of them agree.

    Only readers who read the film vote. Of :math:`n_i` readers of film :math:`i`, let :math:`n_{i1}` say yes and
    :math:`n_{i0}` no. Two of them, picked at random, agree with probability

    .. math:: P_i = \frac{n_{i1}(n_{i1} - 1) + n_{i0}(n_{i0} - 1)}{n_i (n_i - 1)} ,

    and the agreement on a finding is the mean of :math:`P_i` over the films with two readers or more. It runs from
    0 to 1 (always the same vote). It is *not* corrected for chance: readers who never see a rare finding agree
    nearly always, which is why studies also report kappa.

    Parameters
    ----------
    votes : array of 0, 1 and NaN, shape (n_readers, n_films, n_findings)
        NaN where a reader has not read the film for that finding.

    Returns
    -------
    Consensus
        ``label``, float, shape (n_films, n_findings): 1, 0, or NaN for a tie and where nobody voted; and
        ``agreement``, float, shape (n_findings,): NaN where no film has two readers.

    Raises
    ------
    ValueError
        If `votes` has not three axes, or holds anything but 0, 1 and NaN.

    Examples
    --------
    Three readers, two films, one finding. Film 0: yes, yes, no. Film 1: yes, no, not read: a tie.
    One of three pairs agrees on film 0, none of one on film 1: (1/3 + 0) / 2 = 0.17.

    >>> nan = float("nan")
    >>> result = consensus_label([[[1], [1]], [[1], [0]], [[0], [nan]]])
    >>> result.label.ravel(), result.agreement.round(2)
    (array([ 1., nan]), array([0.17]))

    References
    ----------
    Fleiss JL. Measuring nominal scale agreement among many raters. Psychological Bulletin 1971;76:378-382 (the
    observed agreement, for equally many readers of each film).
    Gwet KL. Handbook of Inter-Rater Reliability, 4th edition, 2014 (the mean over subjects with two or more ratings).
    """
    votes = np.asarray(votes, dtype=float)
    if votes.ndim != 3:
        raise ValueError(f"votes must have three axes, (n_readers, n_films, n_findings); got shape {votes.shape}")
    if not (np.isnan(votes) | np.isin(votes, (0, 1))).all():
        raise ValueError("votes must be 0, 1 or NaN (not read)")
    yes = (votes == 1).sum(axis=0)
    no = (votes == 0).sum(axis=0)
    label = np.where(yes > no, 1.0, np.where(no > yes, 0.0, np.nan))

    readers = yes + no
    with_pairs = readers >= 2
    agreeing_pairs = yes * (yes - 1) + no * (no - 1)  # each pair counted twice, here and in the next line
    share = np.divide(agreeing_pairs, readers * (readers - 1), out=np.zeros(yes.shape), where=with_pairs)
    with np.errstate(invalid="ignore"):  # 0 / 0 is NaN: no film with two readers
        agreement = share.sum(axis=0) / with_pairs.sum(axis=0).astype(float)
    return Consensus(label, agreement)


def _patient_ids(df: pd.DataFrame, patient_col: str, *, name: str) -> pd.Series:
    """Take the column of patient ids; refuse a table that lacks it or an id."""
    if patient_col not in df.columns:
        raise ValueError(f"{name} has no column {patient_col!r}; it has {', '.join(map(str, df.columns))}")
    ids = df[patient_col]
    if ids.isna().any():
        raise ValueError(f"{name} has {int(ids.isna().sum())} rows without an id in {patient_col!r}")
    return ids
