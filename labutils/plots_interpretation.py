"""Figures that explain models: shares of one prediction, SHAP in the look of the house, maps and their weights.

They follow :mod:`labutils.plots`: each function returns a figure. The four that begin with ``shap_`` let the shap library draw
(a :class:`shap.Explanation` goes in), and put the title and the units of the house around it.
"""

import numpy as np

from labutils.plots import PALETTE, new_figure

PLATE = {"facecolor": "white", "edgecolor": "none", "pad": 0.8}  # behind words that a line would cross


def contributions(names, values, base, *, title, xlabel):
    """Draw how a prediction is built up from a base value: a step per feature, the largest first.

    Parameters
    ----------
    names : sequence of str
    values : sequence of float
        What each feature adds; negative ones go to the left.
    base : float
        Where the steps start: the average prediction.
    title, xlabel : str

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If there is not one value a name.
    """
    values = np.asarray(values, dtype=float)
    if values.shape != (len(names),):
        raise ValueError(f"one value a name is needed: got {len(names)} names and values of shape {values.shape}.")
    order = np.argsort(-np.abs(values), kind="stable")
    figure, axis = new_figure(7, 1.5 + 0.38 * len(names))
    at, room = base, 0.012 * (np.abs(values).sum() or 1)
    ends = [base, *(base + np.cumsum(values[order]))]
    for row, k in enumerate(order):
        up = values[k] >= 0
        axis.barh(
            row,
            values[k],
            left=at,
            color=PALETTE["orange" if up else "blue"],
            edgecolor=PALETTE["black"],
            hatch="" if up else "////",
            height=0.62,
        )
        right = max(at, at + values[k]) + room
        axis.text(right, row, f"{values[k]:+.3f}", va="center", fontsize=8, zorder=3, bbox=PLATE)
        axis.plot([at + values[k]] * 2, [row + 0.31, row + 0.69], color=PALETTE["grey"], linewidth=1)
        at += values[k]
    axis.axvline(base, color=PALETTE["grey"], linestyle=":", linewidth=1)
    axis.axvline(at, color=PALETTE["black"], linestyle="--", linewidth=1)
    span = max(ends) - min(ends) or 1
    axis.set_xlim(min(ends) - 0.05 * span, max(ends) + 0.2 * span)
    axis.set_ylim(len(names) - 0.3, -0.7)
    axis.set_yticks(range(len(names)), [str(names[k]) for k in order])
    axis.set_xlabel(xlabel)
    axis.set_title(title, fontsize=11)
    return figure


def cascade(table, *, title):
    """Draw how heat maps lose their likeness when layers are drawn anew (`labutils.interpretation.redraw_cascade`).

    Parameters
    ----------
    table : DataFrame
        ``layers``, ``similarity``, ``low``, ``high``.
    title : str

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axis = new_figure(7, 3.6)
    layers, middle = table["layers"].to_numpy(), table["similarity"].to_numpy(dtype=float)
    errors = np.clip([middle - table["low"], table["high"] - middle], 0, None)
    axis.plot([0], [1], marker="s", color=PALETTE["black"], linestyle="none")
    axis.errorbar(layers, middle, yerr=errors, marker="o", color=PALETTE["blue"], capsize=3)
    axis.annotate("the trained network", (0, 1), xytext=(9, -3), textcoords="offset points", fontsize=8, bbox=PLATE)
    for level, style in ((1, ":"), (0, "-")):
        axis.axhline(level, color=PALETTE["grey"], linestyle=style, linewidth=1)
    axis.set_xlabel("layers drawn anew, counted from the output")
    axis.set_ylabel("rank correlation with the map\nof the trained network")
    axis.set_ylim(-1.05, 1.12)
    axis.set_title(title, fontsize=11)
    return figure


def map_grid(film, maps, titles, *, columns=5, size=1.7, signed=False):
    """Draw a film and some of the maps that a layer makes of it, each with a scale of its own.

    Parameters
    ----------
    film : array, shape (height, width)
    maps : sequence of array, shape (h, w)
    titles : sequence of str
        For the maps; the film is called "film".
    columns : int
    size : float
        Inches per picture.
    signed : bool, default False
        Whether maps have negative values: then 0 is white, positive orange, negative purple.

    Returns
    -------
    matplotlib.figure.Figure
    """
    pictures = [np.asarray(film).squeeze(), *(np.asarray(one) for one in maps)]
    rows = -(-len(pictures) // columns)
    figure, axes = new_figure(columns * size, rows * (size + 0.3), rows=rows, columns=columns, squeeze=False)
    for axis in axes.ravel():
        axis.set_axis_off()
    for number, (axis, picture) in enumerate(zip(axes.ravel(), pictures, strict=False)):
        if number == 0:
            axis.imshow(picture, cmap="gray")
        elif signed:
            limit = np.abs(picture).max() or 1
            axis.imshow(picture, cmap="PuOr_r", vmin=-limit, vmax=limit)
        else:
            axis.imshow(picture, cmap="inferno", vmin=0, vmax=picture.max() or 1)
        axis.set_title("film" if number == 0 else titles[number - 1], fontsize=9)
    return figure


def scatter_pairs(x, y, *, title, xlabel, ylabel, highlight=None, label=None, limits=None):
    """Draw pairs of values, some of them marked.

    Parameters
    ----------
    x, y : array, shape (n,)
    title, xlabel, ylabel : str
    highlight : array of bool, shape (n,), optional
        Drawn as orange crosses.
    label : (str, str), optional
        Names of the plain and of the marked ones.
    limits : ((float, float), (float, float)), optional
        Of both axes.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axis = new_figure(6.2, 4.2)
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    marked = np.zeros(len(x), dtype=bool) if highlight is None else np.asarray(highlight, dtype=bool)
    names = label or ("", "")
    axis.plot(x[~marked], y[~marked], "o", markersize=3.5, alpha=0.6, color=PALETTE["blue"], label=names[0])
    if marked.any():
        axis.plot(x[marked], y[marked], "x", markersize=7, mew=2, color=PALETTE["red"], label=names[1])
    if label:
        figure.legend(*axis.get_legend_handles_labels(), fontsize=8, ncols=2, loc="outside lower center")
    if limits:
        axis.set_xlim(*limits[0])
        axis.set_ylim(*limits[1])
    axis.set_xlabel(xlabel)
    axis.set_ylabel(ylabel)
    axis.set_title(title, fontsize=11)
    return figure


def shap_summary(explanation, *, title, xlabel):
    """Draw one dot per patient and feature (a "beeswarm"): where its SHAP value lies, and how high the feature is.

    Parameters
    ----------
    explanation : shap.Explanation, shape (n_patients, n_features)
    title, xlabel : str
        The finding; what a SHAP value is a change of, with its unit.

    Returns
    -------
    matplotlib.figure.Figure
    """
    import matplotlib
    import shap

    axis = shap.plots.beeswarm(explanation, show=False, color=matplotlib.colormaps["viridis"])
    return _dressed(axis, title, xlabel, None, (8, 1.6 + 0.42 * explanation.values.shape[1]))


def shap_dependence(explanation, feature, *, colour=None, title, xlabel, ylabel):
    """Draw the SHAP values of one feature against its values, coloured by another feature.

    Parameters
    ----------
    explanation : shap.Explanation, shape (n_patients, n_features)
    feature : str
    colour : str, optional
        The feature that gives the colour.
    title, xlabel, ylabel : str

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If there is no feature of that name.
    """
    import matplotlib
    import shap

    for name in (feature, colour):
        if name is not None and name not in list(explanation.feature_names):
            raise ValueError(f"there is no feature {name!r}; there are {list(explanation.feature_names)}.")
    shades = {} if colour is None else {"color": explanation[:, colour], "cmap": matplotlib.colormaps["viridis"]}
    axis = shap.plots.scatter(explanation[:, feature], show=False, **shades)
    return _dressed(axis, title, xlabel, ylabel, (7, 4.2))


def shap_waterfall(explanation, *, title):
    """Draw one patient's prediction from the average up, feature by feature.

    Parameters
    ----------
    explanation : shap.Explanation, shape (n_features,)
        Of one patient.
    title : str

    Returns
    -------
    matplotlib.figure.Figure
    """
    import shap

    figure = shap.plots.waterfall(explanation, show=False).figure
    figure.set_size_inches(8, 1.8 + 0.45 * len(explanation.values))
    figure.suptitle(title, fontsize=11)
    figure.tight_layout()
    return figure


def shap_force(explanation, *, title, digits=2):
    """Draw one patient's prediction as two forces: what pushes it up, and what pushes it down.

    Parameters
    ----------
    explanation : shap.Explanation, shape (n_features,)
        Of one patient.
    title : str
    digits : int
        Of the values of the features.

    Returns
    -------
    matplotlib.figure.Figure
    """
    import matplotlib.pyplot as plt
    import shap

    shap.plots.force(
        float(explanation.base_values),
        np.round(explanation.values, 4),
        np.round(np.asarray(explanation.data, dtype=float), digits),
        feature_names=list(explanation.feature_names),
        matplotlib=True,
        show=False,
        figsize=(11, 3.6),
        text_rotation=12,
    )
    figure = plt.gcf()
    # shap writes above and below its axes, and a picture ends at the edge of its figure
    figure.subplots_adjust(top=0.64, bottom=-0.14, left=0.04, right=0.96)
    figure.suptitle(title, fontsize=11, x=0.04, ha="left")
    return figure


def _dressed(axis, title, xlabel, ylabel, size):
    figure = axis.figure
    figure.set_size_inches(*size)
    axis.set_title(title, fontsize=11)
    axis.set_xlabel(xlabel, fontsize=10)
    if ylabel is not None:
        axis.set_ylabel(ylabel, fontsize=10)
    figure.tight_layout()
    return figure
