"""Figures that the practice notebooks share: a matrix, stacked parts, points with intervals, calibration.

They follow :mod:`labutils.plots`: each function draws on a new figure and returns it.
"""

import numpy as np

from labutils.plots import CYCLE, PALETTE, new_figure

MARKERS = "osD^v"


def matrix(names, values, *, title, label, limit=None, form="{:.1f}"):
    """Draw a square table of numbers as shades with the number written in each cell.

    Parameters
    ----------
    names : sequence of str
        Names of the rows, and of the columns in the same order.
    values : array of float, shape (n_names, n_names)
        NaN leaves a cell empty.
    title, label : str
        The finding, and what the shade means, with its unit.
    limit : float, optional
        The value that gets the darkest shade; larger ones are drawn like it. Default: the largest value.
    form : str, default "{:.1f}"
        How a number is written.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If ``values`` is not a square table with one row a name.
    """
    values = np.asarray(values, dtype=float)
    if values.shape != (len(names), len(names)):
        raise ValueError(f"values has shape {values.shape}, but {len(names)} names need ({len(names)}, {len(names)}).")
    top = limit if limit is not None else (np.nanmax(values) if np.isfinite(values).any() else 1.0)
    side = 1.9 + 0.42 * len(names)
    figure, axis = new_figure(side + 1.2, side)
    shades = axis.imshow(np.ma.masked_invalid(values), cmap="Blues", vmin=0, vmax=top)
    for row, column in np.argwhere(np.isfinite(values)):
        colour = "white" if values[row, column] > 0.6 * top else PALETTE["black"]
        axis.text(
            column,
            row,
            form.format(values[row, column]),
            ha="center",
            va="center",
            fontsize=7,
            color=colour,
        )
    words = [name.replace("_", " ") for name in names]
    axis.set_xticks(range(len(names)), words, rotation=60, ha="right", rotation_mode="anchor", fontsize=8)
    axis.set_yticks(range(len(names)), words, fontsize=8)
    axis.tick_params(length=0)
    axis.spines[:].set_visible(False)
    axis.set_title(title, fontsize=11)
    figure.colorbar(shades, ax=axis, label=label, shrink=0.7)
    return figure


def stacked_parts(names, parts, *, title, xlabel):
    """Draw horizontal bars made of parts, first name at the top.

    Parameters
    ----------
    names : sequence of str
        One bar each.
    parts : dict of str to sequence of float
        Length of each part, per bar; drawn from the left in this order. None may be negative.
    title, xlabel : str
        The finding, and the quantity with its unit.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If a part has not one value a bar, or a negative one.
    """
    figure, axis = new_figure(7, 1.2 + 0.32 * len(names))
    places, start = np.arange(len(names)), np.zeros(len(names))
    for number, (part, lengths) in enumerate(parts.items()):
        lengths = np.asarray(lengths, dtype=float)
        if lengths.shape != start.shape or (lengths < 0).any():
            raise ValueError(f"part {part!r} needs {len(names)} values of zero or more: got {lengths.tolist()}.")
        hatch = "" if number % 2 == 0 else "////"
        axis.barh(
            places, lengths, left=start, height=0.7, color=CYCLE[number], hatch=hatch, edgecolor="white", label=part
        )
        start = start + lengths
    axis.set_yticks(places, [name.replace("_", " ") for name in names])
    axis.invert_yaxis()
    axis.set_xlabel(xlabel)
    axis.set_title(title, fontsize=11)
    figure.legend(*axis.get_legend_handles_labels(), fontsize=8, ncols=len(parts), loc="outside lower center")
    return figure


def dots_with_interval(names, series, *, title, xlabel, reference=None):
    """Draw several estimates with their intervals side by side, first name at the top.

    Parameters
    ----------
    names : sequence of str
        One line of the figure each.
    series : dict of str to array-like, shape (n_names, 3)
        For each series, the estimate and the low and high end of its interval, per name. NaN leaves a gap.
    title, xlabel : str
        The finding, and the quantity with its unit.
    reference : float, optional
        Draw a dotted line here (0.5 for an AUC, say).

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If a series has not three values a name.
    """
    figure, axis = new_figure(7, 1.3 + 0.16 * (1 + len(series)) * len(names))
    places = np.arange(len(names), dtype=float)
    for number, (name, rows) in enumerate(series.items()):
        rows = np.asarray(rows, dtype=float)
        if rows.shape != (len(names), 3):
            raise ValueError(f"series {name!r} has shape {rows.shape}: give (estimate, low, high) for each name.")
        errors = np.clip([rows[:, 0] - rows[:, 1], rows[:, 2] - rows[:, 0]], 0, None)
        shift = 0.5 * ((number + 0.5) / len(series) - 0.5)
        axis.errorbar(
            rows[:, 0],
            places + shift,
            xerr=errors,
            fmt=MARKERS[number % len(MARKERS)],
            color=CYCLE[number % len(CYCLE)],
            markersize=6,
            capsize=2,
            label=name,
        )
    if reference is not None:
        axis.axvline(reference, color=PALETTE["black"], linestyle=":", linewidth=1)
    axis.set_yticks(places, [name.replace("_", " ") for name in names])
    axis.set_ylim(len(names) - 0.5, -0.5)
    axis.set_xlabel(xlabel)
    axis.set_title(title, fontsize=11)
    if len(series) > 1:
        figure.legend(*axis.get_legend_handles_labels(), fontsize=8, ncols=len(series), loc="outside lower center")
    return figure


def reliability(curves, *, title):
    """Draw the share of positives that was found against the one that was promised.

    Parameters
    ----------
    curves : dict of str to array-like, shape (n_bins, 4)
        For each model and bin: mean predicted probability, observed share, and low and high end of its interval.
    title : str
        The finding.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If a curve has not four columns.
    """
    figure, axis = new_figure(5.6, 5.0)
    axis.plot([0, 1], [0, 1], color=PALETTE["grey"], linestyle=":", linewidth=1, label="promise kept")
    for number, (name, rows) in enumerate(curves.items()):
        rows = np.asarray(rows, dtype=float)
        if rows.ndim != 2 or rows.shape[1] != 4:
            raise ValueError(f"curve {name!r} has shape {rows.shape}: give (predicted, observed, low, high) a bin.")
        promised, observed, low, high = rows.T
        axis.errorbar(
            promised,
            observed,
            yerr=np.clip([observed - low, high - observed], 0, None),
            marker=MARKERS[number % len(MARKERS)],
            color=CYCLE[number % len(CYCLE)],
            capsize=2,
            label=name,
        )
    axis.set_xlabel("mean predicted probability in the group (0 to 1)")
    axis.set_ylabel("share with the finding in the group (0 to 1)")
    axis.set_title(title, fontsize=11)
    axis.set_xlim(-0.02, 1.02)
    axis.set_ylim(-0.02, 1.02)
    axis.legend(fontsize=8, loc="upper left")
    return figure
