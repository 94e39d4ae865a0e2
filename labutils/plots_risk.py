"""Drawings of course 2, week 1: distributions, pairs of patients, risk over two features, calibration.

They follow :mod:`labutils.plots`: each returns a new :class:`matplotlib.figure.Figure` and shows or keeps nothing.
"""

import numpy as np

from labutils.plots import CYCLE, PALETTE, new_figure

MARKERS = "osD^v"
CREDITS = {1.0: ("1", PALETTE["sky"]), 0.5: ("½", "#FFFFFF"), 0.0: ("0", PALETTE["orange"])}


def histograms(columns, *, title, ylabel="patients"):
    """Draw one histogram per panel, side by side.

    Parameters
    ----------
    columns : dict of str to array
        The label of each panel's axis (quantity and unit), and its values.
    title : str
        The finding.
    ylabel : str

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = new_figure(2.3 * len(columns) + 0.8, 3.0, columns=len(columns), squeeze=False)
    for number, (axis, (label, values)) in enumerate(zip(axes[0], columns.items(), strict=True)):
        axis.hist(np.asarray(values, dtype=float), bins=30, color=CYCLE[number % len(CYCLE)])
        axis.set_xlabel(label)
    axes[0, 0].set_ylabel(ylabel)
    figure.suptitle(title, fontsize=11)
    return figure


def pair_grid(with_outcome, without_outcome, *, title, score="score"):
    """Draw every permissible pair as a cell: 1 for concordant, one half for a tie, 0 for discordant.

    Parameters
    ----------
    with_outcome, without_outcome : dict of str to float
        Name and score of each patient with, and without, the outcome.
    title : str
        The finding.
    score : str
        What the scores are called in the labels.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If there is no patient on one of the sides.
    """
    if not with_outcome or not without_outcome:
        raise ValueError("a pair needs a patient with the outcome and one without; one of the sides is empty")
    rows, columns = list(with_outcome.items()), list(without_outcome.items())
    figure, axis = new_figure(2.6 + 0.95 * len(columns), 1.9 + 0.62 * len(rows))
    for place, (_, high) in enumerate(rows):
        for other, (_, low) in enumerate(columns):
            word, colour = CREDITS[1.0 if high > low else 0.5 if high == low else 0.0]
            axis.add_patch(_cell(other, place, colour))
            axis.text(other, place, word, ha="center", va="center", fontsize=13, color=PALETTE["black"])
    axis.set_xlim(-0.5, len(columns) - 0.5)
    axis.set_ylim(len(rows) - 0.5, -0.5)
    axis.set_xticks(range(len(columns)), [f"{name}\n{value:g}" for name, value in columns])
    axis.set_yticks(range(len(rows)), [f"{name}\n{value:g}" for name, value in rows])
    axis.set_xlabel(f"without the outcome (name, {score})")
    axis.set_ylabel(f"with the outcome\n(name, {score})")
    axis.spines[:].set_visible(False)
    axis.tick_params(length=0)
    axis.set_title(title, fontsize=11)
    return figure


def risk_over_two(x, y, surfaces, *, title, xlabel, ylabel):
    """Draw the risk over two features as shades with contour lines, one panel per model.

    Parameters
    ----------
    x, y : array, shape (n_x,) and (n_y,)
    surfaces : dict of str to array, shape (n_y, n_x)
        Risks between 0 and 1.
    title, xlabel, ylabel : str

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = new_figure(3.4 * len(surfaces) + 1.0, 3.6, columns=len(surfaces), squeeze=False, sharey=True)
    shades = None
    for axis, (name, risk) in zip(axes[0], surfaces.items(), strict=True):
        shades = axis.pcolormesh(x, y, risk, vmin=0, vmax=1, cmap="Blues", shading="nearest")
        lines = axis.contour(x, y, risk, levels=[0.1, 0.25, 0.5, 0.75, 0.9], colors=PALETTE["black"], linewidths=0.9)
        axis.clabel(lines, fmt=lambda level: f"{level:.0%}", fontsize=8)
        axis.set_title(name, fontsize=10)
        axis.set_xlabel(xlabel)
    axes[0, 0].set_ylabel(ylabel)
    figure.colorbar(shades, ax=list(axes[0]), label="risk (0 to 1)", shrink=0.85)
    figure.suptitle(title, fontsize=11)
    return figure


def risk_calibration(groups, *, title, limit=1.0):
    """Draw observed shares against predicted risks, with intervals.

    Parameters
    ----------
    groups : dict of str to DataFrame
        For each model, as from :func:`labutils.risk_calibration.risk_groups`.
    title : str
        The finding.
    limit : float
        End of both axes.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axis = new_figure(5.4, 4.8)
    axis.plot([0, limit], [0, limit], color=PALETTE["grey"], linestyle=":", linewidth=1.2, label="risks that are true")
    for number, (name, table) in enumerate(groups.items()):
        axis.errorbar(
            table["predicted"],
            table["observed"],
            yerr=np.clip([table["observed"] - table["low"], table["high"] - table["observed"]], 0, None),
            marker=MARKERS[number % len(MARKERS)],
            linestyle=("-", "--", "-.")[number % 3],
            color=CYCLE[number % len(CYCLE)],
            capsize=2,
            label=name,
        )
    axis.set_xlim(-0.02 * limit, 1.02 * limit)
    axis.set_ylim(-0.02 * limit, 1.02 * limit)
    axis.set_xlabel("mean predicted risk of the group (0 to 1)")
    axis.set_ylabel("share of the group with the outcome (0 to 1)")
    axis.legend(fontsize=8, loc="upper left")
    axis.set_title(title, fontsize=11)
    return figure


def _cell(x, y, colour):
    from matplotlib.patches import Rectangle

    return Rectangle((x - 0.46, y - 0.44), 0.92, 0.88, facecolor=colour, edgecolor=PALETTE["grey"], linewidth=0.8)
