"""Drawings of course 2, week 2: boxes of a tree, calibration, imputed values beside true ones.

They follow :mod:`labutils.plots`: each returns a new :class:`matplotlib.figure.Figure` and shows or keeps nothing.
"""

import numpy as np
import pandas as pd

from labutils.plots import CYCLE, PALETTE, new_figure

MARKERS = "osD^v"


def tree_regions(tree, X, y, *, title, labels):
    """Draw how a tree on two features divides the plane, with the patients in it.

    Parameters
    ----------
    tree : fitted classifier with ``predict_proba`` on two features
    X : DataFrame, shape (n_patients, 2)
        The patients to draw: the first column runs to the right, the second upwards.
    y : array of 0 and 1
        1 = died: drawn as a filled triangle; 0: as an open circle.
    title : str
    labels : pair of str
        Names of the axes with their units.

    Returns
    -------
    matplotlib.figure.Figure
    """
    if X.shape[1] != 2:
        raise ValueError(f"X has {X.shape[1]} columns: a plane has two")
    values, y = X.to_numpy(dtype=float), np.asarray(y)
    low, high = values.min(axis=0), values.max(axis=0)
    right, up = (np.linspace(a, b, 240) for a, b in zip(low, high, strict=True))
    grid = pd.DataFrame(np.stack(np.meshgrid(right, up), axis=-1).reshape(-1, 2), columns=X.columns)
    risk = tree.predict_proba(grid)[:, 1].reshape(len(up), len(right))
    figure, axis = new_figure(7, 4.4)
    shade = axis.pcolormesh(right, up, risk, cmap="Blues", vmin=0, vmax=1, shading="auto")
    axis.plot(*values[y == 0].T, "o", mfc="none", mec=PALETTE["black"], ms=4, alpha=0.6, label="alive at ten years")
    axis.plot(*values[y == 1].T, "^", color=PALETTE["orange"], mec=PALETTE["black"], mew=0.5, ms=5.5, label="died")
    figure.colorbar(shade, ax=axis, label="predicted ten-year risk (0 to 1)")
    axis.set_xlabel(labels[0])
    axis.set_ylabel(labels[1])
    axis.set_title(title, fontsize=11)
    figure.legend(*axis.get_legend_handles_labels(), fontsize=8, ncols=2, loc="outside lower center")
    return figure


def calibration_curves(curves, *, title):
    """Draw the share that died against the predicted risk, group by group.

    Parameters
    ----------
    curves : dict of str to array-like, shape (n_groups, 4)
        For each model what :func:`labutils.subgroups.calibration` gives.
    title : str

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axis = new_figure(5.8, 4.8)
    axis.plot([0, 1], [0, 1], color=PALETTE["grey"], linestyle=":", linewidth=1.2, label="promise kept")
    for number, (name, rows) in enumerate(curves.items()):
        rows = np.asarray(rows, dtype=float)
        if rows.ndim != 2 or rows.shape[1] != 4:
            raise ValueError(f"curve {name!r} has shape {rows.shape}: give (predicted, observed, low, high) a group")
        promised, observed, low, high = rows.T
        axis.errorbar(
            promised,
            observed,
            yerr=np.clip([observed - low, high - observed], 0, None),
            marker=MARKERS[number % len(MARKERS)],
            linestyle=("-", "--", "-.")[number % 3],
            color=CYCLE[number % len(CYCLE)],
            capsize=2,
            label=name,
        )
    axis.set_xlabel("mean predicted ten-year risk in the group (0 to 1)")
    axis.set_ylabel("share who died within ten years (0 to 1)")
    axis.set_title(title, fontsize=11)
    axis.set_xlim(-0.02, 1.02)
    axis.set_ylim(-0.02, 1.02)
    axis.legend(fontsize=8, loc="upper left")
    return figure


def imputed_values(truth, imputed, *, title, xlabel, limit=None):
    """Draw the distribution of true values beside those that were filled in for the same patients.

    Parameters
    ----------
    truth : array of float, shape (n_gaps,)
    imputed : dict of str to array of float, shape (n_gaps,)
        What each method filled in.
    title, xlabel : str
    limit : float, optional
        Right end of the axis; larger values are counted in the last bar. Default: the largest value.

    Returns
    -------
    matplotlib.figure.Figure
    """
    truth = np.asarray(truth, dtype=float)
    top = limit if limit is not None else max(truth.max(), *(np.max(values) for values in imputed.values()))
    edges = np.linspace(min(truth.min(), *(np.min(values) for values in imputed.values())), top, 41)
    figure, axis = new_figure(7, 3.8)
    inside = np.clip(truth, edges[0], edges[-1])
    axis.hist(inside, bins=edges, color=PALETTE["grey"], alpha=0.45, label="true values")
    for number, (name, values) in enumerate(imputed.items()):
        values = np.asarray(values, dtype=float)
        if values.shape != truth.shape:
            raise ValueError(f"{name!r} has {values.shape} values for {truth.shape} gaps")
        values = np.clip(values, edges[0], edges[-1])
        style = ("-", "--", ":")[number % 3]
        axis.hist(values, bins=edges, histtype="step", linestyle=style, linewidth=2, color=CYCLE[number], label=name)
    axis.set_yscale("log")
    axis.set_xlabel(xlabel)
    axis.set_ylabel("patients (logarithmic)")
    axis.set_title(title, fontsize=11)
    axis.legend(fontsize=8)
    return figure


def chances(x, curves, *, title, xlabel, ylabel="chance of being missing (0 to 1)"):
    """Draw the chance of being missing against a value, one style per rule.

    Parameters
    ----------
    x : array of float, shape (n_patients,)
    curves : dict of str to array of float, shape (n_patients,)
        Need not be sorted, and need not be a function of ``x``: dots are drawn.
    title, xlabel, ylabel : str

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = new_figure(8.4, 3.2, columns=len(curves), sharey=True, squeeze=False)
    for number, (axis, (name, chance)) in enumerate(zip(axes[0], curves.items(), strict=True)):
        axis.plot(x, chance, MARKERS[number % len(MARKERS)], color=CYCLE[number], ms=3, alpha=0.5)
        axis.set_title(name, fontsize=10)
        axis.set_xlabel(xlabel)
        axis.set_ylim(-0.03, 1.03)
    axes[0][0].set_ylabel(ylabel)
    figure.suptitle(title, fontsize=11)
    return figure
