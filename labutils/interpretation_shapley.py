"""Shapley values: what a team earned, shared out by what each member adds on average over all orders of arrival."""

import itertools
import math
from collections.abc import Callable, Hashable, Sequence
from typing import Any

import numpy as np
import pandas as pd

MOST_PLAYERS = 16


def shapley_values(value: Callable[[frozenset], float], players: Sequence[Hashable]) -> dict[Hashable, float]:
    r"""Exact Shapley values, by all subsets.

    .. math:: \phi_i = \sum_{S \subseteq N \setminus \{i\}} \frac{|S|!\,(n - |S| - 1)!}{n!}
        \bigl[ v(S \cup \{i\}) - v(S) \bigr]

    Parameters
    ----------
    value : callable
        Takes a frozenset of players, also the empty one, and gives a number. It is asked once for each of the
        :math:`2^n` coalitions.
    players : sequence of hashable
        All different, at most 16.

    Returns
    -------
    dict
        {player: value}, in the order of `players`. The values sum to v(all) - v(nobody).

    Raises
    ------
    ValueError
        If a player occurs twice, or there are more than 16.

    Examples
    --------
    One left glove and two right ones; a pair sells for 1.

    >>> pairs = lambda who: float("L" in who and len(who) > 1)
    >>> {name: round(share, 3) for name, share in shapley_values(pairs, ["L", "R1", "R2"]).items()}
    {'L': 0.667, 'R1': 0.167, 'R2': 0.167}

    References
    ----------
    Shapley LS. A value for n-person games. In: Contributions to the Theory of Games II. Princeton University Press, 1953,
    pages 307-317.
    """
    n = len(players)
    if len(set(players)) != n:
        raise ValueError(f"each player may occur once; got {list(players)}.")
    if n > MOST_PLAYERS:
        raise ValueError(f"{n} players have {2**n:,} coalitions: at most {MOST_PLAYERS} players are computed exactly.")
    worth = {
        frozenset(subset): value(frozenset(subset))
        for size in range(n + 1)
        for subset in itertools.combinations(players, size)
    }
    shares = dict.fromkeys(players, 0.0)
    for coalition, worth_with in worth.items():
        for player in coalition:
            weight = math.factorial(len(coalition) - 1) * math.factorial(n - len(coalition)) / math.factorial(n)
            shares[player] += weight * (worth_with - worth[coalition - {player}])
    return {player: float(share) for player, share in shares.items()}


def prediction_game(model: Any, patient: pd.Series, background: pd.DataFrame) -> Callable[[frozenset], float]:
    r"""Turn one patient's prediction into a game whose players are the features.

    .. math:: v(S) = \frac{1}{m} \sum_{b=1}^{m} f\bigl(x_S, z^{(b)}_{\bar S}\bigr)

    The features in S have the patient's values x, the others those of the m patients z of the background, one after
    the other. So v(nobody) is the mean prediction of the background, and v(all) the patient's own.

    Parameters
    ----------
    model : object with ``predict_proba``
    patient : Series
        One value per feature.
    background : DataFrame, shape (m, n_features)
        Patients to compare with, with the same features.

    Returns
    -------
    callable
        v, from a frozenset of feature names to a probability. Give it to :func:`shapley_values`.

    Raises
    ------
    ValueError
        If the background is empty or its features are not those of the patient.

    Notes
    -----
    This game breaks the ties between the features of a coalition and the others, which come together from one person of
    the background; with correlated ones it asks the model about patients who cannot be. shap's TreeExplainer computes
    the same values for trees with ``data=background``.

    References
    ----------
    Lundberg SM, Lee SI. A unified approach to interpreting model predictions. NeurIPS 2017.
    Janzing D, Minorics L, Bloebaum P. Feature relevance quantification in explainable AI: a causal problem. AISTATS 2020.
    """
    if set(patient.index) != set(background.columns):
        raise ValueError(
            f"the patient's features {list(patient.index)} are not those of the background, {list(background.columns)}."
        )
    if not len(background):
        raise ValueError("background holds no patient: give at least one to compare with.")

    def value(coalition: frozenset) -> float:
        mixed = background.copy()
        for name in coalition:
            mixed[name] = patient[name]
        return float(np.mean(np.asarray(model.predict_proba(mixed))[:, 1]))

    return value
