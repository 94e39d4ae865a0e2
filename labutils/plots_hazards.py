"""Drawings of course 2, week 4: curves that go in steps, ratios on a log axis, follow-up as lines, calibration.

They follow :mod:`labutils.plots`: each returns a new :class:`matplotlib.figure.Figure` and shows or keeps nothing.
"""

import numpy as np

from labutils.plots import CYCLE, PALETTE, new_figure

STYLES = ("-", "--", "-.", ":")


def step_curves(curves, *, title, xlabel, ylabel, at_risk=None, top=None):
    """Draw curves that change in steps, told apart by line style, with the numbers at risk below.

    Parameters
    ----------
    curves : dict of str to (times, values) or (times, values, low, high)
        Arrays of equal length, times rising; ``low`` and ``high`` give a shaded band.
    title, xlabel, ylabel : str
        The finding, and both quantities with their units.
    at_risk : dict of str to (times, counts), optional
        How many patients are still followed just before some of the times.
    top : float, optional
        Upper end of the vertical axis.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If times and values of a curve differ in length.
    """
    figure, axis = new_figure(7.0, 4.0)
    for number, (name, (times, values, *band)) in enumerate(curves.items()):
        if len(times) != len(values):
            raise ValueError(f"curve {name!r} has {len(times)} times and {len(values)} values: give one value a time.")
        colour = CYCLE[number % len(CYCLE)]
        style = STYLES[number % len(STYLES)]
        axis.step(times, values, style, where="post", linewidth=2, color=colour, label=name)
        if band:
            axis.fill_between(times, *band, step="post", alpha=0.18, color=colour, linewidth=0)
    axis.set_ylim(0, top)
    axis.set_xlim(left=0)
    axis.set_title(title, fontsize=11)
    axis.set_ylabel(ylabel)
    lines = [xlabel]
    for name, (times, counts) in (at_risk or {}).items():
        told = ", ".join(f"{count} at {time:g}" for time, count in zip(times, counts, strict=True))
        lines.append(f"at risk, {name}: {told}")
    axis.set_xlabel("\n".join(lines), fontsize=9)
    if len(curves) > 1:
        axis.legend(fontsize=8)
    return figure


def ratios(names, values, low, high, *, title, xlabel):
    """Draw ratios with intervals on a log axis with a line at 1, first name at the top.

    Parameters
    ----------
    names : sequence of str
    values, low, high : sequence of float, above 0
        Ratios and the ends of their intervals.
    title, xlabel : str
        The finding, and which ratio it is.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If a ratio is not above 0.
    """
    values, low, high = (np.asarray(one, dtype=float) for one in (values, low, high))
    if not (low > 0).all():
        raise ValueError(f"ratios must be above 0 on a log axis; got {low.min()}")
    figure, axis = new_figure(7, 1.2 + 0.32 * len(values))
    places = np.arange(len(values))
    axis.errorbar(values, places, xerr=[values - low, high - values], fmt="o", color=PALETTE["blue"], capsize=2)
    axis.axvline(1, color=PALETTE["black"], linestyle=":", linewidth=1)
    axis.set_xscale("log")
    ticks = [tick for tick in (1 / 16, 0.125, 0.25, 0.5, 1, 2, 4, 8, 16) if low.min() / 1.5 < tick < high.max() * 1.5]
    axis.set_xticks(ticks, [f"{tick:.3g}" for tick in ticks])
    axis.minorticks_off()
    axis.set_yticks(places, [name.replace("_", " ") for name in names])
    axis.set_ylim(len(values) - 0.5, -0.5)
    axis.set_title(title, fontsize=11)
    axis.set_xlabel(xlabel)
    return figure


def timelines(names, times, event, *, title, xlabel):
    """Draw the follow-up of each patient as a line that ends in a cross (died) or a ring (censored).

    Parameters
    ----------
    names : sequence of str
    times : sequence of float
    event : sequence of 0 and 1
        1 = died.
    title, xlabel : str

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axis = new_figure(6.6, 1.3 + 0.34 * len(names))
    for place, (time, died) in enumerate(zip(times, event, strict=True)):
        axis.plot([0, time], [place, place], color=PALETTE["blue"], linewidth=2)
        axis.plot(
            time,
            place,
            "X" if died else "o",
            color=PALETTE["red"] if died else PALETTE["blue"],
            markerfacecolor=PALETTE["red"] if died else "white",
            markersize=9,
        )
    axis.plot([], [], "X", color=PALETTE["red"], label="died", markersize=9)
    axis.plot([], [], "o", color=PALETTE["blue"], markerfacecolor="white", label="censored", markersize=9)
    axis.set_yticks(range(len(names)), names)
    axis.set_ylim(len(names) - 0.5, -0.5)
    axis.set_xlim(left=0)
    axis.set_title(title, fontsize=11)
    axis.set_xlabel(xlabel)
    figure.legend(*axis.get_legend_handles_labels(), fontsize=8, ncols=2, loc="outside lower center")
    return figure


def calibration(groups, *, title, xlabel, ylabel):
    """Draw observed against predicted probabilities for groups of patients, with the line of perfect agreement.

    Parameters
    ----------
    groups : dict of str to sequence of (predicted, observed, low, high)
        One entry a group of patients, for each model.
    title, xlabel, ylabel : str

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axis = new_figure(5.4, 4.8)
    axis.plot([0, 1], [0, 1], ":", color=PALETTE["black"], linewidth=1, label="perfect agreement")
    for number, (name, rows) in enumerate(groups.items()):
        predicted, observed, low, high = np.asarray(rows, dtype=float).T
        errors = np.clip([observed - low, high - observed], 0, None)
        shift = 0.006 * number  # two models may predict the same
        axis.errorbar(predicted + shift, observed, yerr=errors, fmt="os^D"[number % 4], capsize=3, label=name)
    axis.set_xlim(0, 1)
    axis.set_ylim(0, 1)
    axis.set_aspect("equal")
    axis.set_title(title, fontsize=11)
    axis.set_xlabel(xlabel)
    axis.set_ylabel(ylabel)
    axis.legend(fontsize=8, loc="upper left")
    return figure
