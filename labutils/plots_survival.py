"""Drawings of survival: curves with their bands and the numbers at risk, and who was watched for how long.

They follow :mod:`labutils.plots`: each returns a new :class:`matplotlib.figure.Figure` and shows or keeps nothing.
"""

import numpy as np

from labutils.plots import CYCLE, PALETTE, new_figure
from labutils.survival import HomemadeKM, greenwood_interval, step_at
from labutils.survival_table import risk_table, times_and_events

STYLES = ("-", "--", "-.", ":")
MOST_STROKES = 60  # more censored patients than this are not marked: the curve would drown in strokes


def survival_curves(groups, *, title, curves=None, extra=None, unit="days", level=0.95, ticks=6, ylabel="share alive"):
    """Draw a survival curve for each group with its pointwise band, and the numbers at risk below.

    Short strokes on a curve mark times of censoring, unless there are more than 60 of them. The band ends where the last
    patient of the group does.

    Parameters
    ----------
    groups : dict of str to DataFrame
        Patients with ``Time`` and ``Event``, by the name of their group.
    title : str
        The finding.
    curves : dict of str to (times, survival, low, high), optional
        Curves made elsewhere, by the same names. Left out, they are estimated here.
    extra : dict of str to (times, values), optional
        More step curves to compare with, without a band (a true curve, a bound).
    unit : str, default "days"
    level : float, default 0.95
        Of the bands, when they are made here.
    ticks : int, default 6
        About how many times get a number at risk.
    ylabel : str, default "share alive"

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If there is no group, or a curve of a group is missing.
    """
    if not groups or (curves is not None and set(groups) - set(curves)):
        raise ValueError(f"groups must hold at least one group, and curves one curve for each; got {list(groups)}")
    shares = (4.0, 0.2 + 0.22 * len(groups))
    figure, (axis, below) = new_figure(7, 1.2 + sum(shares), rows=2, height_ratios=shares, sharex=True)
    end, stroke = max(float(df["Time"].max()) for df in groups.values()), ""
    for number, (name, df) in enumerate(groups.items()):
        times, survival, low, high = _curve(df, level) if curves is None else map(np.asarray, curves[name])
        colour, style = CYCLE[number % len(CYCLE)], STYLES[number % len(STYLES)]
        label = f"{name} (n = {len(df)})"
        axis.step(times, survival, style, where="post", color=colour, linewidth=2, label=label)
        axis.fill_between(times, low, high, step="post", color=colour, alpha=0.18, linewidth=0)
        lost = np.unique(df["Time"].to_numpy()[df["Event"].to_numpy() == 0])
        if len(lost) <= MOST_STROKES:
            axis.plot(lost, step_at(times, survival, lost), "|", color=colour, markersize=8)
            stroke = ", stroke: censored"
    for number, (name, (times, values)) in enumerate((extra or {}).items()):
        style = STYLES[(number + 1) % len(STYLES)]
        axis.step(times, values, style, where="post", color=PALETTE["black"], linewidth=1.3, label=name)
    axis.set(ylim=(0, 1.03), xlim=(0, 1.02 * end), ylabel=ylabel)
    axis.tick_params(labelbottom=True)
    axis.set_xlabel(f"time ({unit})")
    axis.set_title(title, fontsize=11)
    axis.legend(fontsize=8, title=f"band: {level:.0%} at each time{stroke}", title_fontsize=8)
    _numbers_at_risk(below, groups, end, ticks)
    return figure


def follow_up(df, *, title, names=None, unit="days", t=None, event_name="died"):
    """Draw one line per patient: how long watched, and how it ended. The first row stands at the top.

    Parameters
    ----------
    df : DataFrame, one row per patient
        With ``Time`` and ``Event``.
    title : str
        The finding.
    names : sequence of str, optional
        A name per patient; left out, no names are written.
    unit : str, default "days"
    t : float, optional
        Draw an upright line here.
    event_name : str, default "died"
        What the event is called in the legend.

    Returns
    -------
    matplotlib.figure.Figure
    """
    time, event = times_and_events(df)
    figure, axis = new_figure(6.6, 1.5 + (0.3 if names is not None else 0.055) * len(time))
    places = np.arange(len(time))
    axis.hlines(places, 0, time, color=PALETTE["grey"], linewidth=2 if names is not None else 1)
    size = 7 if names is not None else 3.5
    axis.plot(time[event], places[event], "X", color=PALETTE["red"], markersize=size, label=event_name)
    axis.plot(
        time[~event],
        places[~event],
        "o",
        color=PALETTE["blue"],
        markerfacecolor="white",
        markersize=size,
        label="censored",
    )
    if t is not None:
        axis.axvline(t, color=PALETTE["black"], linestyle=":", linewidth=1.2)
    axis.set_yticks(places if names is not None else [], names if names is not None else [])
    axis.set(ylim=(len(time) - 0.4, -0.6), xlabel=f"time since the start of watching ({unit})")
    axis.set_xlim(left=0)
    if names is None:
        axis.set_ylabel(f"{len(time)} patients, one line each")
    axis.set_title(title, fontsize=11)
    figure.legend(*axis.get_legend_handles_labels(), fontsize=8, ncols=2, loc="outside lower center")
    return figure


def known_over_time(df, *, title, unit="days"):
    """Draw which share of the patients is known to be alive, known to be dead, and unknown at each time.

    Parameters
    ----------
    df : DataFrame, one row per patient
        With ``Time`` and ``Event``.
    title : str
        The finding.
    unit : str, default "days"

    Returns
    -------
    matplotlib.figure.Figure
    """
    table = risk_table(df)
    times = np.append(0, table.times)
    dead = np.append(0, np.cumsum(table.events)) / len(df)
    unknown = np.append(0, np.cumsum(table.censored)) / len(df)
    figure, axis = new_figure(6.6, 3.6)
    floor = np.zeros(len(times))
    parts = (("known to be alive", 1 - dead - unknown, "sky", ""), ("unknown", unknown, "grey", "////"))
    for name, share, colour, hatch in (*parts, ("known to be dead", dead, "red", "")):
        axis.fill_between(
            times,
            floor,
            floor + share,
            step="post",
            label=name,
            facecolor=PALETTE[colour],
            hatch=hatch,
            edgecolor="white",
        )
        floor = floor + share
    axis.set(xlim=(0, times[-1]), ylim=(0, 1), xlabel=f"time ({unit})", ylabel=f"share of {len(df)} patients")
    axis.set_title(title, fontsize=11)
    handles, labels = axis.get_legend_handles_labels()
    figure.legend(handles[::-1], labels[::-1], fontsize=8, ncols=3, loc="outside lower center")
    return figure


def small_steps(panels, *, title, ylabel="S(t)", xlabel="time (months)"):
    """Draw small step curves side by side, each with its own words above.

    Parameters
    ----------
    panels : dict of str to (times, values)
    title, ylabel, xlabel : str
        The finding, and both quantities with their units.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = new_figure(2.3 * len(panels), 2.7, columns=len(panels), sharey=True, squeeze=False)
    for axis, (name, (times, values)) in zip(axes.ravel(), panels.items(), strict=True):
        axis.step(times, values, where="post", linewidth=2.2)
        axis.axhline(1, color=PALETTE["grey"], linewidth=0.8, linestyle=":")
        axis.set_title(name, fontsize=9)
        axis.set_xlabel(xlabel, fontsize=9)
    axes[0, 0].set_ylabel(ylabel)
    figure.suptitle(title, fontsize=11)
    return figure


def _curve(df, level):
    times, survival = HomemadeKM(df)
    return times, survival, *greenwood_interval(df, level)[1:]


def _numbers_at_risk(axis, groups, end, ticks):
    """Write how many are at risk at the ticks of the axis above: all whose time is that long or longer."""
    from matplotlib.ticker import MaxNLocator  # here, since only this drawing needs it

    places = [t for t in MaxNLocator(ticks).tick_values(0, end) if 0 <= t <= end]
    axis.set_xticks(places)
    for row, df in enumerate(groups.values()):
        time = df["Time"].to_numpy()
        for t in places:
            axis.text(t, row, f"{int((time >= t).sum())}", ha="center", va="center", fontsize=8)
    axis.set_yticks(range(len(groups)), list(groups), fontsize=8)
    axis.set_ylim(len(groups) - 0.5, -0.5)
    axis.tick_params(length=0, labelbottom=False)
    axis.tick_params(axis="y", pad=18)
    axis.spines[:].set_visible(False)
    axis.set_title("at risk", fontsize=8, loc="left")
