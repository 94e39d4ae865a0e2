"""Reading a Cox model: what a coefficient says of two patients, and what a hazard says of one."""

import numpy as np
from numpy.typing import ArrayLike


def hazard_ratio(case_1: ArrayLike, case_2: ArrayLike, cox_params: ArrayLike) -> float:
    r"""Hazard of one patient divided by the hazard of another, in a Cox model.

    The hazards are :math:`\lambda(t, x) = \lambda_0(t) e^{\theta \cdot x}`. In their ratio the baseline cancels:

    .. math:: \frac{\lambda(t, x_1)}{\lambda(t, x_2)} = e^{\theta \cdot (x_1 - x_2)} ,

    the same number at every time. That is an assumption (proportional hazards), not a fact.

    Parameters
    ----------
    case_1, case_2 : array of float, shape (n_covariates,)
    cox_params : array of float, shape (n_covariates,)
        :math:`\theta`, in the order of the covariates.

    Returns
    -------
    float
        Above 1: the first patient is at higher risk at every moment.

    Raises
    ------
    ValueError
        If the three differ in length, or a number is missing: a patient with an unknown covariate has no hazard.

    Examples
    --------
    Two units of a covariate with coefficient 0.5: the hazard is e = 2.718 times as high.

    >>> round(hazard_ratio([4, 1], [2, 1], [0.5, -2.0]), 3)
    2.718

    References
    ----------
    Cox DR. Regression models and life-tables. Journal of the Royal Statistical Society B 1972;34:187-220, equation 9.
    """
    vectors = [np.asarray(one, dtype=float) for one in (case_1, case_2, cox_params)]
    if any(one.ndim != 1 or one.shape != vectors[0].shape for one in vectors):
        raise ValueError(
            "case_1, case_2 and cox_params must hold one number per covariate; got shapes "
            + ", ".join(str(one.shape) for one in vectors)
        )
    if not all(np.isfinite(one).all() for one in vectors):
        raise ValueError("case_1, case_2 and cox_params must be finite: a covariate is missing for one of the patients")
    first, second, theta = vectors
    return float(np.exp(theta @ (first - second)))


def survival_from_hazard(baseline_cumulative_hazard: ArrayLike, risk: float) -> np.ndarray:
    r"""Probability that a patient is alive, from the baseline cumulative hazard and the patient's risk.

    .. math:: S(t) = e^{-H_0(t) \cdot r}, \qquad r = e^{\theta \cdot x} .

    Parameters
    ----------
    baseline_cumulative_hazard : array of float, shape (n_times,)
        :math:`H_0`, 0 or more. No unit: expected events for a patient who could have several.
    risk : float
        :math:`r`, 0 or more; 1 for the baseline patient.

    Returns
    -------
    array of float, shape (n_times,)
        Between 0 and 1, falling where the hazard rises.

    Raises
    ------
    ValueError
        If a hazard or the risk is negative or missing.

    Examples
    --------
    >>> survival_from_hazard([0, 0.5, 1], 2).round(3)
    array([1.   , 0.368, 0.135])

    References
    ----------
    Breslow N. Discussion of Cox's paper. Journal of the Royal Statistical Society B 1972;34:216-217.
    """
    hazard = np.asarray(baseline_cumulative_hazard, dtype=float)
    if hazard.ndim != 1 or not (hazard >= 0).all():
        raise ValueError(
            f"baseline_cumulative_hazard must hold numbers of 0 or more along one axis; got shape {hazard.shape}"
        )
    if not (np.ndim(risk) == 0 and np.isfinite(risk) and risk >= 0):
        raise ValueError(f"risk must be one number of 0 or more; got {risk!r}. It is exp(theta . x), not theta . x.")
    return np.exp(-hazard * float(risk))
