"""Figures of brain scans: three planes with an outline of the tumour, a short animation, intervals by class."""

import base64
import html
import io

import numpy as np
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from labutils.plots import PALETTE, new_figure

CLASS_COLORS = (PALETTE["sky"], PALETTE["red"], PALETTE["orange"])
"""Colours of oedema, non-enhancing and enhancing tumour; they differ in lightness too."""

_CLASSES = ("oedema", "non-enhancing", "enhancing")
_COLORS = ListedColormap(CLASS_COLORS)
_PLANES = (("sagittal", 0, "front", "top"), ("coronal", 1, "right", "top"), ("axial", 2, "right", "front"))


def middle_of(label):
    """Give the voxel (x, y, z) at which each plane shows the most tumour; the middle of the scan without one."""
    label = np.asarray(label)
    if not label.any():
        return tuple(size // 2 for size in label.shape)
    return tuple(int((label > 0).sum(axis=tuple(a for a in range(3) if a != axis)).argmax()) for axis in range(3))


def three_planes(image, label=None, *, at=None, title="", window=None):
    """Draw the three planes through one voxel, with the label map as a transparent overlay.

    Parameters
    ----------
    image : array, shape (x, y, z)
        One channel; axes to the right, front and top of the head.
    label : array of int, shape (x, y, z), optional
        Codes 0 to 3.
    at : (int, int, int), optional
        The voxel; by default where there is most tumour.
    title : str
    window : (float, float), optional
        Intensities drawn black and white; by default the 1st and 99.5th percentile of what is not 0.

    Returns
    -------
    matplotlib.figure.Figure
    """
    image = np.asarray(image)
    at = at or middle_of(label if label is not None else np.zeros(image.shape))
    figure, axes = new_figure(8.4, 3.4, columns=3)
    for axis, (name, across, right, up) in zip(axes, _PLANES, strict=True):
        draw_plane(axis, image, label, across, at[across], window)
        axis.set_title(f"{name} {at[across]}  (→ {right}, ↑ {up})", fontsize=8)
    if label is not None and np.any(label):
        handles = [Patch(color=color, label=name) for color, name in zip(CLASS_COLORS, _CLASSES, strict=True)]
        figure.legend(handles=handles, loc="outside lower center", ncols=3, fontsize=8, frameon=False)
    if title:
        figure.suptitle(title, fontsize=11)
    return figure


def draw_plane(axis, image, label, across, number, window=None):
    """Draw one plane on an axis of a figure: grey, with the label codes on top."""
    image = np.asarray(image)
    if window is None:
        inside = image[image != 0]
        window = np.percentile(inside, (1, 99.5)) if inside.size else (0, 1)
    axis.set_axis_off()
    axis.imshow(image.take(number, across).T, cmap="gray", origin="lower", vmin=window[0], vmax=window[1])
    if label is not None:
        codes = np.asarray(label).take(number, across).T
        axis.imshow(np.ma.masked_equal(codes, 0), cmap=_COLORS, origin="lower", vmin=1, vmax=3, alpha=0.55)


def panels(images, labels, titles, *, number, title="", columns=4, size=2.2):
    """Draw the same axial slice of several volumes side by side.

    Parameters
    ----------
    images : sequence of array, shape (x, y, z)
    labels : sequence of (array of int or None)
    titles : sequence of str
    number : int or sequence of int
        Which slice, or one for each volume.
    title : str
    columns : int
    size : float
        Width of a panel in inches.

    Returns
    -------
    matplotlib.figure.Figure
    """
    columns = min(columns, len(images))
    rows = -(-len(images) // columns)
    figure, axes = new_figure(
        columns * size, rows * (size + 0.3) + (0.3 if title else 0), rows=rows, columns=columns, squeeze=False
    )
    numbers = np.broadcast_to(number, len(images))
    for place, axis in enumerate(axes.ravel()):
        axis.set_axis_off()
        if place < len(images):
            draw_plane(axis, images[place], labels[place], 2, int(numbers[place]))
            axis.set_title(titles[place], fontsize=9)
    if title:
        figure.suptitle(title, fontsize=11)
    return figure


def score_map(image, scores, *, number, threshold, title=""):
    """Draw an axial slice three times: plain, the score itself as a colour, and where it reaches a threshold.

    Scores stay fractions: nothing is rounded to whole numbers before it is drawn.

    Parameters
    ----------
    image, scores : array, shape (x, y, z)
        A channel, and scores from 0 to 1.
    number : int
        Which slice.
    threshold : float
    title : str

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = new_figure(8.4, 3.2, columns=3)
    for axis in axes:
        draw_plane(axis, image, None, 2, number)
    part = np.asarray(scores)[:, :, number].T
    shown = axes[1].imshow(np.ma.masked_less(part, 0.02), cmap="inferno", origin="lower", vmin=0, vmax=1, alpha=0.8)
    figure.colorbar(shown, ax=axes[1], fraction=0.05, label="score (0 to 1)")
    axes[2].contourf(part, levels=[threshold, 1.01], colors=[PALETTE["orange"]], alpha=0.6)
    for axis, name in zip(axes, ("scan", "score", f"score ≥ {threshold:g}"), strict=True):
        axis.set_title(name, fontsize=9)
    if title:
        figure.suptitle(title, fontsize=11)
    return figure


def flight(image, label=None, *, step=2, milliseconds=160, alt):
    """Make a short animation that flies through the axial slices from the bottom to the top, as one embedded GIF.

    Parameters
    ----------
    image : array, shape (x, y, z)
    label : array of int, optional
    step : int
        Slices from one picture to the next.
    milliseconds : int
        How long a picture stays.
    alt : str
        What it shows, for those who cannot see it.

    Returns
    -------
    str
        HTML of the picture, for :func:`show_html`.
    """
    from PIL import Image

    image = np.asarray(image)
    held = np.flatnonzero((image != 0).any(axis=(0, 1)))
    frames = []
    for number in range(int(held[0]), int(held[-1]) + 1, step):
        figure = Figure(figsize=(2.4, 2.4), dpi=80, facecolor="black")
        axis = figure.add_axes((0, 0, 1, 1))
        draw_plane(axis, image, label, 2, number)
        frames.append(
            Image.open(io.BytesIO(_plain_png(figure))).convert("P", palette=Image.Palette.ADAPTIVE, colors=64)
        )
    buffer = io.BytesIO()
    frames[0].save(buffer, "GIF", save_all=True, append_images=frames[1:], duration=milliseconds, loop=0)
    data = base64.b64encode(buffer.getvalue()).decode("ascii")
    return f'<img alt="{html.escape(alt, quote=True)}" src="data:image/gif;base64,{data}">'


def _plain_png(figure):
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=80)
    return buffer.getvalue()


def show_html(markup):
    """Show HTML in a notebook; nothing happens outside one."""
    from labutils.plots import _display_html

    _display_html(markup)


def dice_dots(groups, *, title):
    """Draw mean Dice with its interval for each class, one row of dots for each group of scans.

    Parameters
    ----------
    groups : dict of str to dict of str to (mean, low, high)
        Group (such as "painted, same scanner") to class to numbers; NaN or None ends leave the interval away.
    title : str

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axis = new_figure(7, 3.2)
    classes = list(next(iter(groups.values())))
    marks = ("o", "s", "D", "^")
    for row, (group, values) in enumerate(groups.items()):
        for place, name in enumerate(classes):
            mean, low, high = (np.nan if value is None else float(value) for value in values[name][:3])
            height = place + 0.18 * (row - (len(groups) - 1) / 2)
            color = list(PALETTE.values())[row]
            axis.plot([low, high], [height, height], color=color, linewidth=2)
            axis.plot(mean, height, marks[row % 4], color=color, label=group if place == 0 else None)
    axis.set_yticks(range(len(classes)), classes)
    axis.invert_yaxis()
    axis.set_xlim(-0.02, 1.02)
    axis.set_xlabel("mean Dice over scans (1 = the same outline), 95 % interval")
    figure.legend(fontsize=8, loc="outside lower center", ncols=len(groups), frameon=False)
    axis.set_title(title, fontsize=11)
    return figure
