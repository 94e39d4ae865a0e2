"""Drawings of course 1, week 1 that need more lines than a notebook cell should have.

They follow :mod:`labutils.plots`: each returns a new :class:`matplotlib.figure.Figure` and shows or keeps nothing.
"""

import numpy as np

from labutils.plots import PALETTE, new_figure

STYLES = ("-", "--", "-.", ":")


def film_with_scores(image, scores, names, *, present=(), title=""):
    """Draw a film beside the scores that a network gave it.

    Parameters
    ----------
    image : array, shape (height, width)
        One grey film, black = air.
    scores : sequence of float in [0, 1], shape (n_findings,)
        Higher = more suspicious of the finding.
    names : sequence of str, shape (n_findings,)
    present : collection of str, optional
        The findings that are truly there: in another colour, hatched and named, so that grey print tells them apart.
    title : str
        The finding of the figure.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If there is not one score per name, or `present` holds a name that is not among `names`.
    """
    scores = np.asarray(scores, dtype=float)
    if scores.shape != (len(names),):
        raise ValueError(f"scores must hold one number per name ({len(names)}); got shape {scores.shape}")
    unknown = sorted(set(present) - set(names))
    if unknown:
        raise ValueError(f"present names {', '.join(unknown)}, which is not among names")
    figure, (left, right) = new_figure(8.2, 4.0, columns=2, width_ratios=(1, 1.15))
    left.imshow(image, cmap="gray")
    left.set_axis_off()
    there = np.isin(names, list(present))
    places = np.arange(len(names))
    bars = right.barh(places, scores, color=np.where(there, PALETTE["orange"], PALETTE["sky"]), height=0.72)
    for bar, is_there in zip(bars, there, strict=True):
        bar.set_hatch("///" if is_there else "")
    labels = [name.replace("_", " ") + (" (present)" if yes else "") for name, yes in zip(names, there, strict=True)]
    right.set_yticks(places, labels)
    right.invert_yaxis()
    right.set_xlim(0, 1)
    right.set_xlabel("score of the network (0 = absent, 1 = present)")
    figure.suptitle(title, fontsize=11)
    return figure


def labelled_curves(x, curves, *, title, xlabel, ylabel, marks=None):
    """Draw curves over one axis, told apart by line style and named in a legend.

    Parameters
    ----------
    x : array, shape (n_points,)
    curves : dict of str to array, shape (n_points,)
    title, xlabel, ylabel : str
        The finding, and both quantities with their units.
    marks : sequence of (float, float, str), optional
        Points to mark with a word: (x, y, text).

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axis = new_figure(6.4, 3.6)
    for number, (label, y) in enumerate(curves.items()):
        axis.plot(x, y, STYLES[number % len(STYLES)], linewidth=2.2, label=label)
    for mark_x, mark_y, text in marks or ():
        axis.plot(mark_x, mark_y, "o", color=PALETTE["black"], markersize=6)
        axis.annotate(text, (mark_x, mark_y), textcoords="offset points", xytext=(-5, 8), ha="right", fontsize=9)
    axis.set_title(title, fontsize=11)
    axis.set_xlabel(xlabel)
    axis.set_ylabel(ylabel)
    if len(curves) > 1:
        axis.legend(fontsize=9)
    return figure
