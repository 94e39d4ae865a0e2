"""Figures of course 3, week 2: labels with intervals, tokens as a network reads them, scores of a span."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from labutils.plots import PALETTE, new_figure
from labutils.reports_scores import F1Interval

_MARKS = (("o", "blue"), ("s", "orange"), ("^", "black"), ("D", "sky"))


def f1_dots(scores: Mapping[str, F1Interval], names: Sequence[str], *, title: str) -> Figure:
    """Draw F1 with its interval for each finding, micro and macro, one mark for each method.

    Parameters
    ----------
    scores : dict of str to F1Interval
        At most four methods.
    names : sequence of str
        The findings, in the order of the classes.
    title : str
        What the figure shows.

    Returns
    -------
    matplotlib.figure.Figure
    """
    rows = [*names, "micro", "macro"]
    figure, axis = new_figure(7.2, 1.2 + 0.36 * len(rows))
    places = np.arange(len(rows), dtype=float)
    shift = 0.22 if len(scores) < 4 else 0.18
    for k, ((method, score), (mark, color)) in enumerate(zip(scores.items(), _MARKS, strict=False)):
        middle, low, high = (np.array([*part.per_class, part.micro, part.macro]) for part in score)
        at = places + (k - (len(scores) - 1) / 2) * shift
        axis.hlines(at, low, high, color=PALETTE[color], linewidth=1.5)
        axis.plot(middle, at, mark, color=PALETTE[color], markersize=5, label=method)
    axis.axhline(len(names) - 0.5, color=PALETTE["grey"], linewidth=0.8)
    axis.set_yticks(places, rows)
    axis.invert_yaxis()
    axis.set_xlim(-0.02, 1.02)
    axis.set_xlabel("F1 (95 % interval), higher is better")
    figure.suptitle(title, fontsize=11)
    figure.legend(fontsize=8, loc="outside lower center", ncols=len(scores), frameon=False)
    return figure


def span_scores(
    tokens: Sequence[str], start: ArrayLike, end: ArrayLike, span: tuple[int, int], *, title: str
) -> Figure:
    """Draw the start and end scores of each token of a passage, with the chosen span shaded.

    Parameters
    ----------
    tokens : list of str
    start, end : array of float, shape (n_tokens,)
    span : (int, int)
        Places of the first and the last token of the answer.
    title : str

    Returns
    -------
    matplotlib.figure.Figure
    """
    places = np.arange(len(tokens))
    figure, axis = new_figure(max(6.0, 0.34 * len(tokens)), 3.6)
    axis.axvspan(span[0] - 0.5, span[1] + 0.5, color=PALETTE["sky"], alpha=0.3, linewidth=0, label="chosen span")
    axis.bar(places - 0.2, start, 0.4, color=PALETTE["blue"], label="score of a start")
    axis.bar(places + 0.2, end, 0.4, color=PALETTE["orange"], label="score of an end")
    axis.axhline(0, color=PALETTE["black"], linewidth=0.8)
    axis.set_xticks(places, tokens, rotation=90, fontsize=8)
    axis.set_ylabel("score (no unit)")
    axis.set_xlabel("tokens of the passage")
    axis.set_title(title, fontsize=11)
    figure.legend(fontsize=8, ncols=3, loc="outside lower center", frameon=False)
    return figure


def token_strip(
    tokens: Sequence[str], segments: ArrayLike, mask: ArrayLike, *, title: str, columns: int = 12
) -> Figure:
    """Draw the row that a transformer reads: each token in a box, shaded by segment, padding empty.

    Parameters
    ----------
    tokens : list of str
        With padding.
    segments, mask : array of 0 and 1, shape (n_tokens,)
    title : str
    columns : int
        Boxes in a line.

    Returns
    -------
    matplotlib.figure.Figure
    """
    segments, mask = np.asarray(segments).ravel(), np.asarray(mask).ravel()
    lines = -(-len(tokens) // columns)
    figure, axis = new_figure(8.4, 0.6 + 0.55 * lines)
    axis.set_axis_off()
    for k, token in enumerate(tokens):
        x, y = k % columns, -(k // columns)
        color = "white" if not mask[k] else PALETTE["sky"] if segments[k] == 0 else PALETTE["orange"]
        axis.text(
            x + 0.5,
            y,
            token,
            ha="center",
            va="center",
            fontsize=7.5,
            color=PALETTE["black"] if mask[k] else PALETTE["grey"],
            bbox={"facecolor": color, "edgecolor": PALETTE["grey"], "alpha": 0.45, "boxstyle": "round,pad=0.25"},
        )
    axis.set_xlim(0, columns)
    axis.set_ylim(-lines + 0.4, 0.6)
    axis.set_title(title, fontsize=11, loc="left")
    return figure
