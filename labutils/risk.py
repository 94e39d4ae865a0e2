"""Linear prognostic models: prepare the features, fit, and ask how well the risks put patients in order.

The functions here answer exercises of course 2, week 1. :mod:`labutils.risk_calibration` and
:mod:`labutils.clinical_scores` hold the others, :mod:`labutils.risk_intervals` puts an interval beside a C-index. Read
them after you have handed in your own: each is written to be understood first. A *score* is any number that is higher
for patients at higher risk; a *risk* is a score that claims to be a probability.
"""

from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike


class PairCounts(NamedTuple):
    """Pairs of one patient with the outcome and one without: how many are ordered right, wrong, or not at all."""

    concordant: int
    discordant: int
    ties: int
    permissible: int


def make_standard_normal(df_train: pd.DataFrame, df_test: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    r"""Logarithm of every feature, then its distance from the training mean in training standard deviations.

    .. math:: z = \frac{\log x - m}{s}, \qquad m, s = \text{mean and standard deviation of } \log x
        \text{ over the training patients (ddof 1)} .

    The test patients are measured with the ruler of the training patients: their own mean and spread are not known
    on the day when the model is used on the first of them.

    Parameters
    ----------
    df_train, df_test : DataFrame of positive numbers, one row per patient
        The same columns; at least two training patients.

    Returns
    -------
    (DataFrame, DataFrame)
        Training and test table with the columns and the index of the inputs, in float64. The inputs are not changed.

    Raises
    ------
    ValueError
        If the columns differ, a value is not positive (its logarithm does not exist), or a feature is the same for
        all training patients (it has no spread to measure with).

    Examples
    --------
    Ages 20 and 80 lie symmetrically about 40 on the scale of the logarithm: each is a factor of two away.

    >>> train, test = make_standard_normal(pd.DataFrame({"Age": [20.0, 80.0]}), pd.DataFrame({"Age": [40.0]}))
    >>> train["Age"].round(3).tolist(), abs(test["Age"].round(3).tolist()[0])
    ([-0.707, 0.707], 0.0)
    """
    if list(df_train.columns) != list(df_test.columns):
        raise ValueError(f"df_train and df_test must have the same columns; got {[*df_train]} and {[*df_test]}")
    for name, frame in (("df_train", df_train), ("df_test", df_test)):
        not_positive = ~(frame > 0).all()
        if not_positive.any():
            column = not_positive.idxmax()
            raise ValueError(f"{name} must hold positive numbers; column {column!r} has 0, less, or a missing value")
    log_train, log_test = np.log(df_train.astype(float)), np.log(df_test.astype(float))
    constant = df_train.nunique() < 2
    if constant.any():
        raise ValueError(f"column {constant.idxmax()!r} has one value in all training patients: leave it out")
    mean, spread = log_train.mean(), log_train.std(ddof=1)
    return (log_train - mean) / spread, (log_test - mean) / spread


def lr_model(X_train: Any, y_train: ArrayLike) -> Any:
    r"""Logistic regression of the outcome on the features: the linear risk model.

    .. math:: P(y = 1 \mid x) = \frac{1}{1 + e^{-(\beta_0 + \beta \cdot x)}}

    with scikit-learn's default penalty (:math:`C = 1`), which pulls the coefficients a little towards 0. Features should be on
    comparable scales first (`make_standard_normal`): the penalty sees no units.

    Parameters
    ----------
    X_train : DataFrame or array, shape (n_patients, n_features)
    y_train : array of 0 and 1, shape (n_patients,)
        1 = the outcome happened.

    Returns
    -------
    sklearn.linear_model.LogisticRegression
        Fitted. ``predict_proba(X)[:, 1]`` is the predicted risk.

    Raises
    ------
    ValueError
        If a label is not 0 or 1; scikit-learn raises it for one class only and for unequal lengths.

    Examples
    --------
    >>> model = lr_model([[-2.0], [-1.0], [1.0], [2.0]], [0, 0, 1, 1])
    >>> bool(model.predict_proba([[1.5]])[0, 1] > 0.5)
    True
    """
    from sklearn.linear_model import LogisticRegression  # here, so that importing labutils stays cheap

    return LogisticRegression(max_iter=1000).fit(X_train, check_labels(y_train, "y_train"))


def add_interactions(X: pd.DataFrame) -> pd.DataFrame:
    """Give every pair of features a product of its own.

    A linear model adds up what each feature does alone. If high pressure harms the old more than the young, no sum of
    the two says so; their product does.

    Parameters
    ----------
    X : DataFrame of numbers, one row per patient

    Returns
    -------
    DataFrame
        The columns of `X`, then ``A_x_B`` for every pair in the order of the columns (A before B, no squares). The index is kept,
        and `X` is not changed. ``k`` features gain ``k (k - 1) / 2`` products.

    Raises
    ------
    ValueError
        If a column name occurs twice, or a product would take the name of a column that is there already.

    Examples
    --------
    >>> add_interactions(pd.DataFrame({"Age": [2.0], "BP": [3.0], "BMI": [5.0]})).iloc[0].to_dict()
    {'Age': 2.0, 'BP': 3.0, 'BMI': 5.0, 'Age_x_BP': 6.0, 'Age_x_BMI': 10.0, 'BP_x_BMI': 15.0}
    """
    if X.columns.has_duplicates:
        raise ValueError(f"X has two columns named {X.columns[X.columns.duplicated()][0]!r}: which one is meant?")
    products = {f"{first}_x_{second}": X[first] * X[second] for first, second in combinations(X.columns, 2)}
    taken = sorted(set(products) & set(X.columns))
    if taken:
        raise ValueError(f"X has a column {taken[0]!r} already: have its interactions been added before?")
    return pd.concat([X, pd.DataFrame(products, index=X.index)], axis=1)


def count_pairs(y_true: ArrayLike, scores: ArrayLike) -> PairCounts:
    """Count the pairs of patients whose outcomes differ by how their scores order them.

    Two patients are a *permissible* pair if one has the outcome and the other has not. The pair is *concordant* if the
    one with the outcome has the higher score, *discordant* if the lower, a *tie* if both have the same.

    Nobody is compared with everybody: sort the scores of the patients without the outcome once; then each patient
    with it learns from two binary searches how many of them lie below and how many at or below. That takes
    n log n steps instead of n squared.

    Parameters
    ----------
    y_true : array of 0 and 1 (bool, int or float), shape (n_patients,)
    scores : array of float, shape (n_patients,)
        Higher = more at risk. Only the order matters.

    Returns
    -------
    PairCounts
        ``(concordant, discordant, ties, permissible)``; the first three add up to the last.

    Raises
    ------
    ValueError
        If lengths differ, a label is not 0 or 1, or a score is missing.

    Examples
    --------
    Two with the outcome (0.8, 0.5), two without (0.5, 0.2): four pairs, three in the right order, one tie.

    >>> count_pairs([1, 1, 0, 0], [0.8, 0.5, 0.5, 0.2])
    PairCounts(concordant=3, discordant=0, ties=1, permissible=4)
    """
    ill, scores = check_labels(y_true, "y_true"), np.asarray(scores)
    if scores.dtype.kind not in "biuf":
        scores = scores.astype(float)
    if scores.shape != ill.shape:
        raise ValueError(f"y_true and scores hold one entry per patient; got shapes {ill.shape} and {scores.shape}")
    if np.isnan(scores).any():
        raise ValueError(f"scores must be numbers; patient {int(np.isnan(scores).argmax())} has none")
    with_it, without = np.sort(scores[ill]), np.sort(scores[~ill])
    below = int(np.searchsorted(without, with_it, side="left").sum())
    at_or_below = int(np.searchsorted(without, with_it, side="right").sum())
    permissible = len(with_it) * len(without)
    return PairCounts(below, permissible - at_or_below, at_or_below - below, permissible)


def cindex(y_true: ArrayLike, scores: ArrayLike) -> float:
    r"""Concordance index of a binary outcome: the share of permissible pairs that the score puts in the right order.

    .. math:: C = \frac{\text{concordant} + \tfrac12\, \text{ties}}{\text{permissible}}

    0.5 is what coin tossing reaches, 1 is a perfect order, 0 a perfectly reversed one. For a binary outcome C is the
    area under the ROC curve. It says nothing of the size of the risks: doubling them all leaves it as it is.

    Parameters
    ----------
    y_true : array of 0 and 1 (bool, int or float), shape (n_patients,)
    scores : array of float, shape (n_patients,)
        Higher = more at risk.

    Returns
    -------
    float
        Between 0 and 1. NaN if there is no permissible pair: nobody, or one outcome only.

    Raises
    ------
    ValueError
        See `count_pairs`.

    Examples
    --------
    Three pairs of four in the right order and one tie: (3 + 0.5) / 4.

    >>> cindex([1, 1, 0, 0], [0.8, 0.5, 0.5, 0.2])
    0.875

    References
    ----------
    Harrell FE Jr, Califf RM, Pryor DB, Lee KL, Rosati RA. Evaluating the yield of medical tests. JAMA
    1982;247:2543-2546.
    """
    pairs = count_pairs(y_true, scores)
    if not pairs.permissible:
        return float("nan")
    return (pairs.concordant + 0.5 * pairs.ties) / pairs.permissible


def check_labels(y: Any, name: str) -> np.ndarray:
    """Turn labels into bool, shape (n_patients,), or say in a ValueError what is wrong with them."""
    y = np.asarray(y)
    if y.ndim != 1:
        raise ValueError(f"{name} must have one axis, (n_patients,); got shape {y.shape}")
    if y.dtype == bool:
        return y
    ill = y == 1
    wrong = ~(ill | (y == 0))
    if wrong.any():
        raise ValueError(f"{name} must hold 0 or 1; patient {int(wrong.argmax())} has {y[wrong].tolist()[0]!r}")
    return ill
