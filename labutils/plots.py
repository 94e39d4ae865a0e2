"""Figures of the labs: one look, colours that survive grey, alt text for everyone.

Every function draws on a new :class:`matplotlib.figure.Figure` and returns it; nothing is shown, saved or kept. A
notebook hands the figure to :func:`show`.
"""

import base64
import html
import io

import numpy as np
from matplotlib.figure import Figure

# Okabe and Ito's colours (https://jfly.uni-koeln.de/color/), ordered so that neighbours differ in lightness too and
# stay apart in grey print.
PALETTE = {
    "blue": "#0072B2",
    "orange": "#E69F00",
    "green": "#009E73",
    "red": "#D55E00",
    "sky": "#56B4E9",
    "purple": "#CC79A7",
    "black": "#222222",
    "grey": "#8A8A8A",
}
CYCLE = [PALETTE[name] for name in ("blue", "orange", "black", "sky", "red", "purple", "green")]


def new_figure(width=7.0, height=4.0, *, rows=1, columns=1, **subplot_options):
    """Make a white figure with the house style and its axes.

    Parameters
    ----------
    width, height : float
        Size in inches.
    rows, columns : int
        Number of panels.
    **subplot_options
        Passed on to :meth:`matplotlib.figure.Figure.subplots`.

    Returns
    -------
    figure : matplotlib.figure.Figure
    axes : matplotlib.axes.Axes or ndarray of them
    """
    figure = Figure(figsize=(width, height), dpi=100, layout="constrained", facecolor="white")
    axes = figure.subplots(rows, columns, **subplot_options)
    for axis in np.atleast_1d(axes).ravel():
        axis.set_prop_cycle(color=CYCLE)
        axis.spines[["top", "right"]].set_visible(False)
    return figure, axes


def show(fig, *, alt):
    """Show a figure in the notebook as one picture with alt text.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
    alt : str
        What a person who cannot see the figure needs to know: what is drawn, and what it shows. At least 20 characters.

    Raises
    ------
    ValueError
        If the alt text is too short to say anything.

    Notes
    -----
    Outside a notebook (when an instructor runs the text source as a script) nothing is drawn and the figure is dropped.
    """
    _display_html(figure_html(fig, alt=alt))


def figure_html(fig, *, alt):
    """Draw a figure as HTML with its alt text, for :func:`show`, which says what ``alt`` has to hold."""
    if len(alt.strip()) < 20:
        raise ValueError(
            f"alt says {alt!r}: write a sentence that tells what the figure shows (20 characters or more)."
        )
    picture = io.BytesIO()
    fig.savefig(picture, format="png")
    if hasattr(fig, "canvas") and getattr(fig, "number", None) is not None:
        import matplotlib.pyplot as plt  # only a figure made by pyplot is also kept by pyplot

        plt.close(fig)
    return image_html(picture.getvalue(), alt)


def image_html(png, alt):
    """Wrap PNG bytes as an HTML figure with escaped alt text."""
    data = base64.b64encode(png).decode("ascii")
    return f'<img alt="{html.escape(alt, quote=True)}" style="max-width:100%" src="data:image/png;base64,{data}">'


def _display_html(markup):
    from IPython import get_ipython
    from IPython.display import HTML, display

    if get_ipython() is not None:
        display(HTML(markup))


def film_grid(images, titles=None, *, columns=4, size=2.2, masks=None):
    """Draw films in a grid, black = air.

    Parameters
    ----------
    images : array, shape (n_films, height, width)
        Grey films; 8-bit or float. Each is drawn with its own range if float, 0 to 255 if 8-bit.
    titles : sequence of str, optional
        One title a film.
    columns : int, default 4
    size : float, default 2.2
        Width of one film in inches.
    masks : sequence of (array of bool or None), optional
        Outlines to draw over the films, for example lesion masks.

    Returns
    -------
    matplotlib.figure.Figure
    """
    images = [np.asarray(image).squeeze() for image in images]
    if not images:
        raise ValueError("film_grid got no films: give at least one image.")
    columns = min(columns, len(images))
    rows = -(-len(images) // columns)
    title_room = 0.35 if titles is not None else 0.05
    figure, axes = new_figure(columns * size, rows * (size + title_room), rows=rows, columns=columns, squeeze=False)
    for number, axis in enumerate(axes.ravel()):
        axis.set_axis_off()
        if number >= len(images):
            continue
        limits = {"vmin": 0, "vmax": 255} if images[number].dtype == np.uint8 else {}
        axis.imshow(images[number], cmap="gray", **limits)
        if masks is not None and masks[number] is not None:
            axis.contour(masks[number], levels=[0.5], colors=[PALETTE["orange"]], linewidths=1.5)
        if titles is not None:
            axis.set_title(titles[number], fontsize=9)
    return figure


def bar_with_interval(names, values, low=None, high=None, *, title, xlabel, reference=None, color="blue"):
    """Draw horizontal bars with intervals, first name at the top.

    Parameters
    ----------
    names : sequence of str
    values, low, high : sequence of float
        Estimates and the ends of their intervals; NaN leaves a gap. Without ``low`` and ``high`` no interval is drawn.
    title, xlabel : str
        The finding, and the quantity with its unit.
    reference : float, optional
        Draw a dotted line here (0.5 for an AUC, say).
    color : str
        A name of :data:`PALETTE`.

    Returns
    -------
    matplotlib.figure.Figure
    """
    values = np.asarray(values, dtype=float)
    figure, axis = new_figure(7, 0.9 + 0.32 * len(values))
    places = np.arange(len(values))
    errors = None
    if low is not None and high is not None:
        errors = np.clip([values - np.asarray(low, float), np.asarray(high, float) - values], 0, None)
    axis.barh(places, values, color=PALETTE[color], height=0.7, xerr=errors, ecolor=PALETTE["black"], capsize=2)
    if reference is not None:
        axis.axvline(reference, color=PALETTE["black"], linestyle=":", linewidth=1)
    axis.set_yticks(places, [name.replace("_", " ") for name in names])
    axis.invert_yaxis()
    axis.set_title(title, fontsize=11)
    axis.set_xlabel(xlabel)
    return figure


def roc_with_interval(curves, *, title, unit="films"):
    """Draw ROC curves with their AUC and its interval in the legend.

    Parameters
    ----------
    curves : dict of str to (fpr, tpr, (auc, low, high))
        False- and true-positive rates (arrays of equal length) and the area with its interval.
    title : str
        The finding.
    unit : str, default "films"
        What is counted: films, patients, biopsies.

    Returns
    -------
    matplotlib.figure.Figure
    """
    styles = ["-", "--", "-.", ":"]
    figure, axis = new_figure(5.6, 5.0)
    for number, (name, (fpr, tpr, (auc, low, high))) in enumerate(curves.items()):
        label = f"{name.replace('_', ' ')}: {auc:.2f} ({low:.2f} to {high:.2f})"
        axis.plot(fpr, tpr, styles[number % len(styles)], linewidth=2, label=label)
    axis.plot([0, 1], [0, 1], color=PALETTE["grey"], linewidth=1, linestyle=":")
    axis.set_xlabel(f"1 − specificity (share of {unit} without the finding)")
    axis.set_ylabel(f"sensitivity (share of {unit} with it)")
    axis.set_aspect("equal")
    axis.legend(fontsize=8, title="AUC (95 % interval)", title_fontsize=8, loc="lower right")
    axis.set_title(title, fontsize=11)
    return figure


def heat_overlay(images, heats, titles, *, masks=None, columns=4, size=2.4):
    """Draw heat maps over films, with the outline of the true lesion where it is known.

    Parameters
    ----------
    images : sequence of array, shape (height, width)
    heats : sequence of array, any shape
        Values in [0, 1]; stretched over the film.
    titles : sequence of str
    masks : sequence of (array of bool or None), optional
        True lesions, drawn as an outline.
    columns : int, default 4
    size : float, default 2.4
        Width of one film in inches.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure = film_grid(images, titles, columns=columns, size=size, masks=masks)
    for axis, image, heat in zip(figure.axes, images, heats, strict=False):
        height, width = np.asarray(image).squeeze().shape
        axis.imshow(
            heat,
            cmap="inferno",
            alpha=np.clip(np.asarray(heat, float), 0, 1) * 0.55,
            extent=(-0.5, width - 0.5, height - 0.5, -0.5),
            vmin=0,
            vmax=1,
            interpolation="bilinear",
        )
    return figure
