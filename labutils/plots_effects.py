"""Figures of course 3, week 1: balance, promise against data, truth against prediction, scores over seeds."""

import numpy as np

from labutils.plots import PALETTE, new_figure


def love_plot(smd, *, title):
    """Draw standardised mean differences as dots around zero, with the customary lines at ±0.1.

    Parameters
    ----------
    smd : Series of float
        Indexed by the names of the features; NaN leaves a gap.
    title : str

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axis = new_figure(6.5, 0.9 + 0.32 * len(smd))
    places = np.arange(len(smd))
    axis.axvspan(-0.1, 0.1, color=PALETTE["grey"], alpha=0.15, linewidth=0)
    axis.axvline(0, color=PALETTE["black"], linewidth=1)
    axis.plot(smd.to_numpy(), places, "o", color=PALETTE["blue"])
    axis.set_yticks(places, [name.replace("_", " ") for name in smd.index])
    axis.invert_yaxis()
    reach = max(0.15, 1.1 * np.nanmax(np.abs(smd.to_numpy())))
    axis.set_xlim(-reach, reach)
    axis.set_xlabel("standardised mean difference, treated − control (shaded: within ±0.1)")
    axis.set_title(title, fontsize=11)
    return figure


def promise_and_data(risk, promised, observed, *, title):
    """Draw a promised risk reduction over baseline risk, and observed ones of bins as dots.

    Parameters
    ----------
    risk, promised : array of float, shape (n,)
        Baseline risks in rising order, and the risk reduction that a model promises at each.
    observed : Series of float
        Observed risk reduction of each bin, indexed by its mean baseline risk; NaN bins are left out.
    title : str

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axis = new_figure(6.5, 4.0)
    axis.axhline(0, color=PALETTE["grey"], linewidth=1)
    axis.plot(risk, promised, color=PALETTE["blue"], linewidth=2, label="promised by one odds ratio")
    axis.plot(observed.index, observed.to_numpy(), "o", color=PALETTE["red"], label="observed in bins of equal width")
    axis.set_xlabel("risk without treatment")
    axis.set_ylabel("absolute risk reduction\n(control − treated)")
    axis.legend(fontsize=9, frameon=False)
    axis.set_title(title, fontsize=11)
    return figure


def truth_and_prediction(truth, predicted, *, title, most=2000):
    """Draw predicted against true benefits of made-up patients.

    Parameters
    ----------
    truth, predicted : array of float, shape (n_patients,)
        Absolute risk reductions, positive = the treatment helps.
    title : str
    most : int, default 2000
        Of more patients every k-th is drawn.

    Returns
    -------
    matplotlib.figure.Figure
    """
    step = max(1, len(truth) // most)
    figure, axis = new_figure(5.6, 5.0)
    low, high = min(truth.min(), predicted.min()), max(truth.max(), predicted.max())
    axis.axhline(0, color=PALETTE["grey"], linewidth=0.8)
    axis.axvline(0, color=PALETTE["grey"], linewidth=0.8)
    axis.plot([low, high], [low, high], color=PALETTE["black"], linestyle=":", linewidth=1)
    axis.plot(truth[::step], predicted[::step], ".", color=PALETTE["blue"], alpha=0.4, markersize=4)
    axis.set_xlabel("true benefit (risk reduction)")
    axis.set_ylabel("predicted benefit (risk reduction)")
    axis.set_title(title, fontsize=11)
    return figure


def spread_of_scores(groups, *, title, xlabel, reference=None):
    """Draw many scores of each group as small dots on a line, with their median as a bar.

    Parameters
    ----------
    groups : dict of str to array of float
    title, xlabel : str
    reference : float, optional
        Draw a dotted line here (0.5 for a C-for-benefit).

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axis = new_figure(6.8, 1.1 + 0.55 * len(groups))
    jitter = np.random.default_rng(0)
    for place, values in enumerate(groups.values()):
        values = np.asarray(values, dtype=float)
        axis.plot(values, place + jitter.uniform(-0.22, 0.22, len(values)), ".", color=PALETTE["blue"], alpha=0.45)
        axis.plot([np.median(values)] * 2, [place - 0.32, place + 0.32], color=PALETTE["red"], linewidth=2.5)
    if reference is not None:
        axis.axvline(reference, color=PALETTE["black"], linestyle=":", linewidth=1)
    axis.set_yticks(range(len(groups)), list(groups))
    axis.invert_yaxis()
    axis.set_xlabel(xlabel)
    axis.set_title(title, fontsize=11)
    return figure


def effects_by_group(groups, *, title, xlabel):
    """Draw effects with their intervals, one line a group, the line of no effect dotted.

    Parameters
    ----------
    groups : dict of str to (effect, low, high)
        The first stands at the top.
    title, xlabel : str

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axis = new_figure(7.0, 1.0 + 0.36 * len(groups))
    for place, (effect, low, high) in enumerate(groups.values()):
        axis.plot([low, high], [place, place], color=PALETTE["blue"], linewidth=2)
        axis.plot(effect, place, "s", color=PALETTE["black"], markersize=6)
    axis.axvline(0, color=PALETTE["black"], linestyle=":", linewidth=1)
    axis.set_yticks(range(len(groups)), list(groups))
    axis.invert_yaxis()
    axis.set_xlabel(xlabel)
    axis.set_title(title, fontsize=11)
    return figure


def lines(x, curves, *, title, xlabel, ylabel, reference=0.0):
    """Draw a few curves over one axis, told apart by colour and by dashes.

    Parameters
    ----------
    x : array of float, shape (n,)
    curves : dict of str to array of float, shape (n,)
    title, xlabel, ylabel : str
    reference : float, default 0
        Draw a thin line here.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axis = new_figure(6.5, 4.0)
    for style, (name, values) in zip(["-", "--", "-.", ":"] * len(curves), curves.items(), strict=False):
        axis.plot(x, values, style, linewidth=2, label=name)
    axis.axhline(reference, color=PALETTE["grey"], linewidth=0.8)
    axis.set_xlabel(xlabel)
    axis.set_ylabel(ylabel)
    axis.legend(fontsize=9, frameon=False)
    axis.set_title(title, fontsize=11)
    return figure


def intervals_by_size(sizes, groups, *, title, ylabel, reference=None):
    """Draw estimates with intervals over the size of a study, one colour a group, sizes on a logarithmic axis.

    Parameters
    ----------
    sizes : sequence of int
    groups : dict of str to list of (estimate, low, high)
        One entry per size.
    title, ylabel : str
    reference : float, optional
        Draw a dotted line here.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axis = new_figure(7.0, 4.0)
    markers = ["o", "s", "^", "D"]
    for number, (name, rows) in enumerate(groups.items()):
        places = np.array(sizes) * 1.06 ** (number - (len(groups) - 1) / 2)  # side by side
        estimate, low, high = np.array([tuple(row) for row in rows]).T
        errors = np.clip([estimate - low, high - estimate], 0, None)
        axis.errorbar(places, estimate, errors, fmt=markers[number % 4], capsize=3, label=name)
    if reference is not None:
        axis.axhline(reference, color=PALETTE["black"], linestyle=":", linewidth=1)
    axis.set_xscale("log")
    axis.set_xticks(sizes, [f"{size:,}" for size in sizes])
    axis.minorticks_off()
    axis.set_xlabel("patients in the trial")
    axis.set_ylabel(ylabel)
    axis.legend(fontsize=9, frameon=False)
    axis.set_title(title, fontsize=11)
    return figure
