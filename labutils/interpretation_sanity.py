"""Does a heat map depend on what the network has learnt? Draw its weights anew and look again."""

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from labutils import interpretation
from labutils.models.quiet import import_keras


class CamSanity(NamedTuple):
    """Heat maps before and after the weights were drawn anew, (height, width) each, and their rank correlation."""

    before: np.ndarray
    after: np.ndarray
    similarity: float


def redraw_weights(model: Any, rng: int | np.random.Generator, *, layers: list[str] | None = None) -> Any:
    """Give a copy of a network whose numbers are shuffled inside each array of weights.

    Every array keeps its values and loses their places: the scale of the network stays, what it has learnt is gone. (Weights
    drawn by the initialisers do the same for plain layers, but a trained normalisation layer would not fit them.)

    Parameters
    ----------
    model : keras.Model
        Not changed.
    rng : int or numpy Generator
    layers : list of str, optional
        Only these layers; default: all that have weights.

    Returns
    -------
    keras.Model

    Raises
    ------
    ValueError
        If there is no layer of a name.
    """
    keras = import_keras()
    rng = np.random.default_rng(rng)
    known = [layer.name for layer in model.layers]
    for name in layers or []:
        if name not in known:
            raise ValueError(f"{model.name} has no layer {name!r}; its last layers are {', '.join(known[-3:])}.")
    copy = keras.models.clone_model(model)
    copy.set_weights(model.get_weights())
    for layer in copy.layers:
        if layer.weights and (layers is None or layer.name in layers):
            layer.set_weights([rng.permutation(part.ravel()).reshape(part.shape) for part in layer.get_weights()])
    return copy


def cam_sanity(
    model: Any,
    image: ArrayLike,
    *,
    category_index: int | None = None,
    layer_name: str = "features",
    rng: int | np.random.Generator | None = None,
) -> CamSanity:
    """Grad-CAM before and after all weights are drawn anew, and how alike the two maps are.

    Parameters
    ----------
    model : keras.Model
        Not changed.
    image : array, shape (height, width, channels) or (1, height, width, channels)
    category_index : int, optional
        Default: the category that scores highest on this film. The same for both maps.
    layer_name : str
    rng : int, numpy Generator or None

    Returns
    -------
    CamSanity
        ``similarity`` is Spearman's rank correlation of the pixels, from -1 to 1; NaN where a map is constant. Near 1: the map
        does not depend on what was learnt.

    Raises
    ------
    ValueError
        As :func:`labutils.interpretation.grad_cam`.

    References
    ----------
    Adebayo J, Gilmer J, Muelly M, Goodfellow I, Hardt M, Kim B. Sanity checks for saliency maps. NeurIPS 2018.
    """
    if category_index is None:
        film = np.asarray(image, dtype="float32")
        scores = model(film[None] if film.ndim == 3 else film, training=False)
        category_index = int(np.argmax(np.asarray(scores)[0]))
    before = interpretation.grad_cam(model, image, category_index, layer_name)
    after = interpretation.grad_cam(redraw_weights(model, rng), image, category_index, layer_name)
    return CamSanity(before, after, rank_similarity(before, after))


def redraw_cascade(
    model: Any,
    images: ArrayLike,
    category_index: int,
    *,
    layer_name: str = "features",
    steps: int = 5,
    draws: int = 3,
    rng: int | np.random.Generator = 0,
) -> pd.DataFrame:
    """How alike heat maps stay when layers are drawn anew from the output down to the film.

    Parameters
    ----------
    model : keras.Model
    images : array, shape (n, height, width, channels)
    category_index : int
    layer_name : str
    steps : int
        From the last layer alone to all layers with weights, evenly spaced.
    draws : int
        Networks per step. A single one may have no heat map at all, when nothing in it speaks for the category.
    rng : int or numpy Generator

    Returns
    -------
    DataFrame, one row per step
        ``layers`` (drawn anew), ``down_to`` (the name of the last one), ``similarity`` (mean rank correlation with the map of
        the trained network over films and draws), ``low`` and ``high`` (95 % interval, from resampled films), ``maps``
        (that count) and ``blank`` (constant maps, which have no rank correlation and are left out).

    Raises
    ------
    ValueError
        If `steps` or `draws` is no whole number from 1.
    """
    from labutils.interpretation_lesions import mean_interval

    for name, number in (("steps", steps), ("draws", draws)):
        if not (isinstance(number, (int, np.integer)) and number >= 1):
            raise ValueError(f"{name} is a whole number from 1; got {number!r}.")
    rng = np.random.default_rng(rng)
    names = [layer.name for layer in model.layers if layer.weights][::-1]
    trained = interpretation.grad_cams(model, images, category_index, layer_name)
    rows = []
    for count in np.unique(np.linspace(1, len(names), steps).round().astype(int)):
        alike = []
        for _ in range(draws):
            network = redraw_weights(model, rng, layers=names[:count])
            drawn = interpretation.grad_cams(network, images, category_index, layer_name)
            alike += [rank_similarity(*pair) for pair in zip(trained, drawn, strict=True)]
        alike, film = np.array(alike), np.tile(np.arange(len(trained)), draws)
        blank = np.isnan(alike)
        found = mean_interval(alike[~blank], film[~blank], rng=rng)
        rows.append((int(count), names[count - 1], *found, int((~blank).sum()), int(blank.sum())))
    return pd.DataFrame(rows, columns=["layers", "down_to", "similarity", "low", "high", "maps", "blank"])


def rank_similarity(first: ArrayLike, second: ArrayLike) -> float:
    """Spearman's rank correlation of two maps, pixel by pixel; NaN if one of them is constant.

    Examples
    --------
    >>> rank_similarity([[0, 0.5], [1, 0.2]], [[1, 0.4], [0, 0.7]])
    -1.0
    """
    ranks = [pd.Series(np.ravel(one).astype(float)).rank().to_numpy() for one in (first, second)]
    if ranks[0].shape != ranks[1].shape:
        raise ValueError(f"the maps must have one shape; got {np.shape(first)} and {np.shape(second)}.")
    if min(np.ptp(one) if len(one) else 0 for one in ranks) == 0:
        return float("nan")
    return float(np.clip(np.corrcoef(*ranks)[0, 1], -1, 1))
