"""Drawings of course 1, week 2: two groups of scores and a threshold, curves with their own x, the intervals of many studies.

They follow :mod:`labutils.plots`: each returns a new :class:`matplotlib.figure.Figure` and shows or keeps nothing.
"""

import numpy as np

from labutils.plots import PALETTE, new_figure
from labutils.plots_week1 import STYLES


def two_groups(y, pred, *, th, title, xlabel, names=("healthy", "sick"), bins=20):
    """Draw the scores of the healthy above the line and those of the sick below it, with the threshold between.

    Parameters
    ----------
    y : array of 0 and 1, shape (n_patients,)
    pred : array of float, shape (n_patients,)
    th : float
        Flagged is who stands at it or to the right of it.
    title, xlabel : str
        The finding, and what the score is.
    names : pair of str
        What the groups 0 and 1 are called.
    bins : int
        Number of bars.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axis = new_figure(6.8, 3.8)
    _draw_groups(axis, y, pred, th=th, names=names, bins=bins)
    axis.set_xlabel(xlabel)
    axis.set_title(title, fontsize=11)
    figure.legend(*axis.get_legend_handles_labels(), fontsize=9, ncols=3, loc="outside lower center")
    return figure


def _draw_groups(axis, y, pred, *, th, names, bins):
    y, pred = np.asarray(y) == 1, np.asarray(pred, dtype=float)
    edges = np.linspace(min(pred.min(), th), max(pred.max(), th), bins + 1)
    for group, sign, color, hatch in ((~y, 1, "sky", ""), (y, -1, "orange", "///")):
        heights, _ = np.histogram(pred[group], edges)
        name = f"{names[int(sign < 0)]} ({group.sum()})"
        axis.bar(
            edges[:-1],
            sign * heights,
            np.diff(edges),
            align="edge",
            color=PALETTE[color],
            hatch=hatch,
            edgecolor="white",
            label=name,
        )
    axis.axhline(0, color=PALETTE["black"], linewidth=1)
    axis.axvline(th, color=PALETTE["black"], linestyle="--", linewidth=1.5, label=f"threshold {th:g}")
    axis.yaxis.set_major_formatter(lambda value, _: f"{abs(value):.0f}")
    axis.set_ylabel("patients")


def groups_and_roc(y, pred, *, th, title, xlabel, names=("healthy", "sick"), bins=20):
    """Draw the scores of both groups with a threshold, and beside them the ROC curve with the point of that threshold.

    Parameters
    ----------
    y, pred, th, title, xlabel, names, bins
        As for :func:`two_groups`.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, (left, right) = new_figure(8.6, 4.2, columns=2, width_ratios=(1.35, 1))
    _draw_groups(left, y, pred, th=th, names=names, bins=bins)
    left.set_xlabel(xlabel)
    y, pred = np.asarray(y) == 1, np.asarray(pred, dtype=float)
    levels = np.append(np.inf, np.unique(pred)[::-1])
    rates = [[(pred[group] >= level).mean() for level in levels] for group in (~y, y)]
    right.plot(*rates, color=PALETTE["blue"], linewidth=2, label="ROC curve")
    right.plot([0, 1], [0, 1], ":", color=PALETTE["grey"], linewidth=1)
    point = [(pred[group] >= th).mean() for group in (~y, y)]
    right.plot(*point, "o", color=PALETTE["black"], markersize=9, label="this threshold")
    right.set_xlabel("1 − specificity")
    right.set_ylabel("sensitivity")
    right.set_aspect("equal")
    right.set(xlim=(-0.03, 1.03), ylim=(-0.03, 1.03))
    parts = [axis.get_legend_handles_labels() for axis in (left, right)]
    figure.legend(*(a + b for a, b in zip(*parts, strict=True)), fontsize=9, ncols=3, loc="outside lower center")
    figure.suptitle(title, fontsize=11)
    return figure


def predictive_values(prevalences, ppv, npv, *, at, title):
    """Draw PPV and NPV against the prevalence, on a scale on which each step to the right is ten times more disease.

    Parameters
    ----------
    prevalences, ppv, npv : array of float, shape (n,)
        Shares, not percentages; prevalences above 0.
    at : float
        The prevalence that is marked.
    title : str
        The finding.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axis = new_figure(6.8, 3.8)
    for name, values, color, style, mark in (("PPV", ppv, "blue", "-", "o"), ("NPV", npv, "orange", "--", "s")):
        axis.plot(prevalences, values, style, color=PALETTE[color], linewidth=2)
        level = np.interp(np.log(at), np.log(prevalences), values)
        axis.plot(at, level, mark, color=PALETTE[color], markersize=9, label=f"{name} {level:.1%}")
    axis.axvline(at, color=PALETTE["black"], linestyle=":", linewidth=1)
    axis.set_xscale("log")
    axis.set_ylim(-0.03, 1.03)
    axis.xaxis.set_major_formatter(lambda value, _: f"{100 * value:g} %")
    axis.xaxis.set_minor_formatter("")
    axis.yaxis.set_major_formatter(lambda value, _: f"{100 * value:.0f} %")
    axis.set_xlabel("prevalence: share of people who are sick (each mark ten times the last)")
    axis.set_ylabel("share that is right")
    axis.set_title(title, fontsize=11)
    axis.legend(fontsize=9, loc="center left")
    return figure


def curves(lines, *, title, xlabel, ylabel, marks=None, reference=None, limits=(0, 1), steps=False):
    """Draw curves that each have their own x, told apart by line style.

    Parameters
    ----------
    lines : dict of str to (array, array)
        x and y of each curve.
    title, xlabel, ylabel : str
        The finding, and both quantities with their units.
    marks : sequence of (float, float, str), optional
        Points with a word.
    reference : dict of str to float, optional
        Horizontal dotted lines with their names.
    limits : pair of float or None
        Range of both axes; None lets matplotlib choose.
    steps : bool
        Draw stairs, as a precision-recall curve is one.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axis = new_figure(6.0, 4.6)
    for number, (name, (x, y)) in enumerate(lines.items()):
        style = "steps-pre" if steps else "default"
        axis.plot(x, y, STYLES[number % len(STYLES)], linewidth=2, label=name.replace("_", " "), drawstyle=style)
    for name, level in (reference or {}).items():
        axis.axhline(level, color=PALETTE["grey"], linestyle=":", linewidth=1.5, label=name)
    for x, y, text in marks or ():
        axis.plot(x, y, "o", color=PALETTE["black"], markersize=6)
        axis.annotate(text, (x, y), textcoords="offset points", xytext=(8, -4), va="top", fontsize=9)
    axis.set_xlabel(xlabel)
    axis.set_ylabel(ylabel)
    axis.set_title(title, fontsize=11)
    if limits is not None:
        axis.set_xlim(limits[0] - 0.02, limits[1] + 0.02)
        axis.set_ylim(limits[0] - 0.02, limits[1] + 0.02)
    columns = 2 if len(lines) + len(reference or {}) > 3 else 3
    figure.legend(*axis.get_legend_handles_labels(), fontsize=8, ncols=columns, loc="outside lower center")
    return figure


def many_intervals(lows, highs, truth, *, title, xlabel):
    """Draw the intervals of many studies, one below the other, and mark those that miss the truth.

    Parameters
    ----------
    lows, highs : array of float, shape (n_studies,)
    truth : float
    title, xlabel : str
        The finding, and the quantity with its unit.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If there is not one high end for each low one.
    """
    lows, highs = np.asarray(lows, dtype=float), np.asarray(highs, dtype=float)
    if lows.shape != highs.shape or lows.ndim != 1:
        raise ValueError(f"lows and highs must hold one end per study; got shapes {lows.shape} and {highs.shape}.")
    figure, axis = new_figure(6.4, 1.4 + 0.055 * len(lows))
    missed = (lows > truth) | (highs < truth)
    places = np.arange(len(lows))
    for group, color, width, name in (
        (~missed, "sky", 2, f"holds the truth ({(~missed).sum()})"),
        (missed, "black", 3.5, f"misses it ({missed.sum()})"),
    ):
        axis.hlines(places[group], lows[group], highs[group], color=PALETTE[color], linewidth=width, label=name)
    axis.axvline(truth, color=PALETTE["red"], linestyle="--", linewidth=1.5, label=f"the truth, {truth:g}")
    axis.set_yticks([])
    axis.set_ylabel(f"{len(lows)} studies")
    axis.invert_yaxis()
    axis.set_xlabel(xlabel)
    axis.set_title(title, fontsize=11)
    figure.legend(*axis.get_legend_handles_labels(), fontsize=9, ncols=3, loc="outside lower center")
    return figure
