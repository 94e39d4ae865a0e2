"""Models that say how much a treatment would help *this* patient: from a logistic regression, and by T- and S-learners."""

import itertools
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from sklearn.metrics import roc_auc_score


class TreatmentEffect(NamedTuple):
    """Coefficient of the treatment on the log-odds scale, and its odds ratio (below 1 = fewer events)."""

    theta: float
    odds_ratio: float


def extract_treatment_effect(lr: Any, data: pd.DataFrame) -> TreatmentEffect:
    """Coefficient of ``TRTMT`` in a fitted logistic regression, and its odds ratio exp(θ).

    Parameters
    ----------
    lr : fitted LogisticRegression with one coefficient per column of `data`
    data : DataFrame
        The features that it was fitted on, in that order, ``TRTMT`` among them.

    Returns
    -------
    TreatmentEffect
        ``(theta, odds_ratio)``. Below 0 and below 1: the treated have fewer events, the other features being equal.

    Raises
    ------
    ValueError
        If `data` has no ``TRTMT``, or not as many columns as the model has coefficients.
    """
    columns, coefficients = list(data.columns), np.ravel(lr.coef_)
    if "TRTMT" not in columns:
        raise ValueError(f"data has no column 'TRTMT'; its columns are {columns}")
    if len(columns) != len(coefficients):
        raise ValueError(f"data has {len(columns)} columns, and the model was fitted on {len(coefficients)}")
    theta = float(coefficients[columns.index("TRTMT")])
    return TreatmentEffect(theta, float(np.exp(theta)))


def OR_to_ARR(p: ArrayLike, OR: ArrayLike) -> Any:
    r"""Absolute risk reduction that an odds ratio means for a patient whose risk without treatment is `p`.

    .. math:: ARR = p - \frac{o'}{1 + o'}, \quad o' = OR \cdot \frac{p}{1 - p}
        \qquad\text{or}\qquad ARR = p - \frac{OR \cdot p}{1 - p + OR \cdot p},

    where the second form has no 0/0 at p = 1. At p = 0 and p = 1 nothing can be reduced: ARR = 0.

    Parameters
    ----------
    p : number or array, between 0 and 1
    OR : number or array, above 0

    Returns
    -------
    float or array
        Positive where the treatment protects (OR < 1).

    Raises
    ------
    ValueError
        If a risk is outside of 0 to 1 or an odds ratio not above 0.
    """
    p, OR = np.asarray(p, dtype=float), np.asarray(OR, dtype=float)
    if not ((p >= 0) & (p <= 1)).all():
        raise ValueError(f"p is a risk between 0 and 1; got {p[~((p >= 0) & (p <= 1))].ravel()[0]}")
    if not (OR > 0).all():
        raise ValueError(f"OR is an odds ratio above 0; got {OR[~(OR > 0)].ravel()[0]}")
    reduction = p - OR * p / (1 - p + OR * p)
    return float(reduction) if reduction.ndim == 0 else reduction


def base_risks(X: pd.DataFrame, lr_model: Any) -> np.ndarray:
    """Risk of each patient if left untreated, according to a model that was fitted with ``TRTMT`` among its features.

    Parameters
    ----------
    X : DataFrame, one row per patient
        The features of the model, ``TRTMT`` included. It is not changed.
    lr_model : fitted classifier with ``predict_proba``

    Returns
    -------
    array, shape (n_patients,)
        Probability of the event with ``TRTMT`` set to 0 for everybody.

    Raises
    ------
    ValueError
        If `X` has no ``TRTMT``.
    """
    return _risks(X, lr_model, treated=0)


def lr_ARR_quantile(X: pd.DataFrame, y: pd.Series, lr: Any) -> pd.Series:
    """Observed absolute risk reduction in ten equal-width bins of baseline risk.

    Parameters
    ----------
    X : DataFrame, one row per patient, ``TRTMT`` included
    y : Series or array of 0 and 1, in the order of `X`
    lr : fitted classifier with ``predict_proba``

    Returns
    -------
    Series
        Lowest risk first. The index is the mean baseline risk of all patients in the bin, the value the event rate of its
        controls minus that of its treated patients (positive = the treatment protects). Bins with nobody are left out; a
        bin with one arm only is NaN.

    Raises
    ------
    ValueError
        If `X` has no ``TRTMT``.
    """
    risk = base_risks(X, lr)
    table = pd.DataFrame({"risk": risk, "treated": X["TRTMT"].to_numpy() == 1, "y": np.asarray(y, dtype=float)})
    rows = {}
    for _, group in table.groupby(pd.cut(table["risk"], 10), observed=True):
        control, treated = group.loc[~group["treated"], "y"], group.loc[group["treated"], "y"]
        rows[group["risk"].mean()] = control.mean() - treated.mean()
    return pd.Series(rows, dtype=float).rename_axis("baseline risk").rename("ARR")


def treatment_dataset_split(
    X_train: pd.DataFrame,
    y_train: pd.Series,
    X_val: pd.DataFrame,
    y_val: pd.Series,
) -> tuple:
    """Split training and validation data by arm, and drop ``TRTMT``.

    Parameters
    ----------
    X_train, X_val : DataFrame with ``TRTMT`` (0/1 or bool)
    y_train, y_val : Series, in the order of the frames

    Returns
    -------
    tuple of eight
        ``X_treat_train, y_treat_train, X_treat_val, y_treat_val, X_control_train, y_control_train, X_control_val,
        y_control_val``.

    Raises
    ------
    ValueError
        If a frame has no ``TRTMT``.
    """
    parts = []
    for arm in (1, 0):
        for X, y in ((X_train, y_train), (X_val, y_val)):
            _need_treatment(X)
            rows = (X["TRTMT"] == arm).to_numpy()
            parts += [X.loc[rows].drop(columns="TRTMT"), y.loc[rows]]
    return tuple(parts)


def holdout_grid_search(
    clf: type,
    X_train: pd.DataFrame,
    y_train: pd.Series,
    X_val: pd.DataFrame,
    y_val: pd.Series,
    hyperparams: dict,
) -> tuple[Any, dict]:
    """Try every combination of settings on the training data; keep the one with the best AUC on the validation data.

    For a yes-or-no outcome the AUC is the C-index.

    Parameters
    ----------
    clf : class of a scikit-learn classifier
    X_train, y_train, X_val, y_val : frames and series
    hyperparams : dict of str to list
        The values to try for each setting.

    Returns
    -------
    estimator, params : tuple
        The best classifier, fitted on the training data alone, and its settings. The first of equals wins.

    Raises
    ------
    ValueError
        If a list of values is empty: then there is nothing to try.
    """
    combinations = [dict(zip(hyperparams, values, strict=True)) for values in itertools.product(*hyperparams.values())]
    if not combinations:
        raise ValueError("hyperparams has a setting without any value to try")
    best = None
    for params in combinations:
        estimator = clf(**params).fit(X_train, y_train)
        auc = roc_auc_score(y_val, estimator.predict_proba(X_val)[:, 1])
        if best is None or auc > best[0]:
            best = auc, estimator, params
    return best[1], best[2]


class TLearner:
    """Two models, one per arm: the benefit is the difference of their answers.

    Parameters
    ----------
    treatment_estimator : fitted classifier
        Learnt from the treated patients.
    control_estimator : fitted classifier
        Learnt from the controls.

    References
    ----------
    Künzel SR, Sekhon JS, Bickel PJ, Yu B. Metalearners for estimating heterogeneous treatment effects using machine
    learning. PNAS 2019;116:4156-4165.
    """

    def __init__(self, treatment_estimator: Any, control_estimator: Any):
        self.treatment_estimator = treatment_estimator
        self.control_estimator = control_estimator

    def predict(self, X: pd.DataFrame) -> np.ndarray:
        """Predicted absolute risk reduction, shape (n_patients,): risk as a control minus risk as a treated patient."""
        control = self.control_estimator.predict_proba(X)[:, 1]
        return control - self.treatment_estimator.predict_proba(X)[:, 1]


class SLearner:
    """One model with the treatment among its features: ask it twice, as if everybody were a control and as if treated.

    Parameters
    ----------
    estimator : fitted classifier
        Learnt from both arms with ``TRTMT`` among the features.

    References
    ----------
    Künzel SR and others, PNAS 2019;116:4156-4165.
    """

    def __init__(self, estimator: Any):
        self.estimator = estimator

    def predict(self, X: pd.DataFrame) -> np.ndarray:
        """Predicted absolute risk reduction, shape (n_patients,); what stands in ``TRTMT`` of `X` has no influence."""
        return _risks(X, self.estimator, treated=0) - _risks(X, self.estimator, treated=1)


def _risks(X: pd.DataFrame, model: Any, *, treated: int) -> np.ndarray:
    """Predicted risk with ``TRTMT`` set for everybody; `X` stays as it is, and so does the order of its columns."""
    _need_treatment(X)
    return model.predict_proba(X.assign(TRTMT=treated))[:, 1]


def _need_treatment(X: pd.DataFrame) -> None:
    if "TRTMT" not in X:
        raise ValueError(f"the frame of features has no column 'TRTMT'; its columns are {list(X.columns)}")
