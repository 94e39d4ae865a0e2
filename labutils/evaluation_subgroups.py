"""Ask whether a score works for women as for men, for the old as for the young: metrics by group, with intervals."""

import itertools

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from labutils.evaluation_auc import bootstrap_auc
from labutils.evaluation_check import check_pair, check_patients
from labutils.evaluation_intervals import bootstrap_metric
from labutils.evaluation_rates import get_sensitivity, get_specificity


def age_groups(age: ArrayLike, edges: tuple[float, ...] = (40, 60)) -> pd.Series:
    """Names of age groups, such as "under 40", "40 to 59" and "60 and over".

    Parameters
    ----------
    age : array of float, shape (n,)
        Years; NaN stays missing.
    edges : tuple of float, rising
        Where a new group begins (the edge itself belongs to the upper group). Whole years.

    Returns
    -------
    Series of ordered categories, with the index of `age` if it has one

    Raises
    ------
    ValueError
        If the edges do not rise, or an age is negative.
    """
    age = age if isinstance(age, pd.Series) else pd.Series(np.asarray(age, dtype=float))
    if list(edges) != sorted(set(edges)) or not edges:
        raise ValueError(f"edges must rise; got {edges!r}.")
    if (age < 0).any():
        raise ValueError(f"age must not be negative; got {age[age < 0].iloc[0]!r}.")
    middle = [f"{low} to {high - 1}" for low, high in itertools.pairwise(edges)]
    names = [f"under {edges[0]}", *middle, f"{edges[-1]} and over"]
    return pd.cut(age, [0, *edges, np.inf], right=False, labels=names)


def subgroup_table(
    y: ArrayLike,
    pred: ArrayLike,
    patient: ArrayLike,
    groups: dict[str, ArrayLike],
    *,
    th: float,
    n_boot: int = 500,
    rng: int | np.random.Generator = 0,
    level: float = 0.95,
) -> pd.DataFrame:
    """Metrics of each subgroup with intervals from resampled patients.

    Intervals that overlap are no proof that two groups are alike, and small groups have wide ones: read the counts first.

    Parameters
    ----------
    y : array of 0 and 1, shape (n_films,)
    pred : array of float, shape (n_films,)
    patient : array of int or str, shape (n_films,)
    groups : dict of str to array, shape (n_films,)
        For each way to group (``"sex"``, say), the group of each film. Films whose group is missing are left out there.
    th : float
        Threshold of sensitivity and specificity.
    n_boot : int, default 500
        Resamples for each interval.
    rng : int or numpy Generator
    level : float, default 0.95

    Returns
    -------
    DataFrame, one row per group, everybody first
        Index ``(by, group)``. Columns: ``films``, ``patients``, ``positives`` (films), then ``auc``, ``sensitivity`` and
        ``specificity``, each with ``_low`` and ``_high``; NaN where a class is missing in the group.

    Raises
    ------
    ValueError
        If lengths differ, or labels, scores, patients or numbers are refused by :func:`labutils.evaluation.bootstrap_auc`.
    """
    y, pred = check_pair(y, pred)
    codes, _ = check_patients(patient, len(y))
    rng = np.random.default_rng(rng)
    rows = {("everybody", "everybody"): np.ones(len(y), dtype=bool)}
    for by, column in groups.items():
        column = pd.Series(np.asarray(column) if not isinstance(column, pd.Series) else column.array)
        if len(column) != len(y):
            raise ValueError(f"groups[{by!r}] must say for each of the {len(y)} films its group; got {len(column)}.")
        known = column.dropna()
        if isinstance(column.dtype, pd.CategoricalDtype):
            names = [name for name in column.cat.categories if (known == name).any()]
        else:
            names = sorted(known.unique(), key=str)
        rows.update({(by, str(name)): (column == name).fillna(False).to_numpy(dtype=bool) for name in names})
    metrics = {
        "sensitivity": lambda labels, scores: get_sensitivity(labels, scores, th),
        "specificity": lambda labels, scores: get_specificity(labels, scores, th),
    }
    table = []
    for here in rows.values():
        group = y[here], pred[here], codes[here]
        row = {"films": int(here.sum()), "patients": len(np.unique(codes[here])), "positives": int(y[here].sum())}
        results = {"auc": bootstrap_auc(*group, n_boot, rng, level)}
        for name, metric in metrics.items():
            results[name] = bootstrap_metric(metric, *group, n_boot=n_boot, rng=rng, level=level)
        for name, (estimate, low, high) in results.items():
            row |= {name: estimate, f"{name}_low": low, f"{name}_high": high}
        table.append(row)
    return pd.DataFrame(table, index=pd.MultiIndex.from_tuples(rows, names=["by", "group"]))
