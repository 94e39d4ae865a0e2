"""What did the model go by? Heat maps for image classifiers here; importances and Shapley values by the same door.

:mod:`labutils.interpretation_importance` shuffles and leaves out columns, :mod:`labutils.interpretation_shapley` shares a
prediction out, :mod:`labutils.interpretation_sanity` draws a network's weights anew, and
:mod:`labutils.interpretation_lesions` compares heat maps with the true lesions. Their functions can be imported from here.
"""

from collections.abc import Sequence
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from labutils.models.quiet import import_keras

_HOME = {
    "drop_column_importance": "labutils.interpretation_importance",
    "permutation_importance": "labutils.interpretation_importance",
    "permutation_interval": "labutils.interpretation_importance",
    "permute_feature": "labutils.interpretation_importance",
    "permute_group": "labutils.interpretation_importance",
    "localisation_table": "labutils.interpretation_lesions",
    "mean_interval": "labutils.interpretation_lesions",
    "overlaps": "labutils.interpretation_lesions",
    "pointing_hits": "labutils.interpretation_lesions",
    "cam_sanity": "labutils.interpretation_sanity",
    "redraw_cascade": "labutils.interpretation_sanity",
    "redraw_weights": "labutils.interpretation_sanity",
    "prediction_game": "labutils.interpretation_shapley",
    "shapley_values": "labutils.interpretation_shapley",
}

__all__ = ["grad_cam", "grad_cams", "logit_model", *_HOME]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})


def grad_cam(input_model: Any, image: ArrayLike, category_index: int, layer_name: str) -> np.ndarray:
    r"""Heat map of the places that speak for one category: gradient-weighted class activation map.

    With :math:`A_k` the k-th feature map of the layer (height h, width w) and :math:`z_c` the score of category c,

    .. math:: \alpha_k = \frac{1}{hw} \sum_{ij} \frac{\partial z_c}{\partial A_{kij}}, \qquad
        L = \max\Bigl(0, \sum_k \alpha_k A_k\Bigr) ,

    and :math:`L` is stretched to the size of the image (bilinear) and divided by its maximum.

    The score is the *logit* where the network ends in a sigmoid or softmax that we can look behind. The gradient of the
    sigmoid itself is the logit's times p(1 - p): the same map after division by the maximum, as long as p is
    not so near to 0 or 1 that the product vanishes, which is just when the network is most sure.

    A bright place speaks for the category in this layer's maps. That is no proof of what the network used, nor that the
    disease is there, and the map is as coarse as the layer.

    Parameters
    ----------
    input_model : keras.Model
        A network with one input (films) and one output (categories), TensorFlow backend. It is not changed.
    image : array, shape (height, width, channels) or (1, height, width, channels)
        One film, prepared as the network wants it.
    category_index : int
        Which output, from 0.
    layer_name : str
        A layer whose output is (1, h, w, maps): for the networks of :mod:`labutils.models` it is ``"features"``.

    Returns
    -------
    ndarray of float, shape (height, width)
        0 (does not speak for the category, or speaks against it) to 1 (speaks for it most).
        Row 0 is the top, as in the film. All zeros if nothing speaks for the category.

    Raises
    ------
    ValueError
        If there is no such layer or category, the layer has no height and width, or the image is not one film.

    References
    ----------
    Selvaraju RR, et al. Grad-CAM: visual explanations from deep networks via gradient-based localization. ICCV 2017,
    equations 1 and 2.
    """
    film = _one_film(input_model, image)
    _check_category(input_model, category_index)
    return _heat_maps(input_model, film, [category_index], layer_name)[0]


def grad_cams(
    input_model: Any, images: ArrayLike, category_index: int | Sequence[int], layer_name: str, *, batch_size: int = 32
) -> np.ndarray:
    """Heat maps of many films at once: each map is what :func:`grad_cam` gives for its film, in a fraction of the time.

    One pass forward and one backward serve a whole batch, since the score of one film does not depend on another film.

    Parameters
    ----------
    input_model : keras.Model
    images : array, shape (n, height, width, channels)
        Prepared as the network wants them.
    category_index : int or sequence of int, shape (n,)
        Which output; one for all films, or one a film.
    layer_name : str
    batch_size : int, default 32
        Films per pass; more need more memory.

    Returns
    -------
    ndarray of float, shape (n, height, width)
        From 0 to 1 in each film, row 0 at the top; all zeros where nothing speaks for the category.

    Raises
    ------
    ValueError
        As :func:`grad_cam`, and if there are not as many categories as films.
    """
    films = np.asarray(images, dtype="float32")
    _check_shape(input_model, films, np.shape(images))
    if not (isinstance(batch_size, (int, np.integer)) and batch_size >= 1):
        raise ValueError(f"batch_size is the number of films per pass, a whole number from 1; got {batch_size!r}.")
    categories = [category_index] * len(films) if np.ndim(category_index) == 0 else list(category_index)
    if len(categories) != len(films):
        raise ValueError(f"category_index must be one number, or one a film: got {len(categories)} for {len(films)}.")
    for category in categories:
        _check_category(input_model, category)
    heats = np.zeros(films.shape[:3])
    for start in range(0, len(films), batch_size):
        part = slice(start, start + batch_size)
        heats[part] = _heat_maps(input_model, films[part], categories[part], layer_name)
    return heats


def logit_model(model: Any) -> Any:
    """Give a network that shares everything with `model` but ends in logits: the sigmoid or softmax at its end is left out.

    Parameters
    ----------
    model : keras.Model
        Ends in a Dense layer with a sigmoid or softmax, or in a layer that is one. Another ending is kept as it is.

    Returns
    -------
    keras.Model
        With the same input and layers before the end. A Dense layer at the end is copied, so later training of one
        of the two networks does not reach the head of the other.
    """
    keras = import_keras()
    last = model.layers[-1]
    squashes = (keras.activations.sigmoid, keras.activations.softmax)
    squashed = getattr(last, "activation", None) in squashes
    if isinstance(last, keras.layers.Softmax) or (isinstance(last, keras.layers.Activation) and squashed):
        return keras.Model(model.inputs[0], last.input, name=f"{model.name}_logits")
    if not (isinstance(last, keras.layers.Dense) and squashed):
        return model
    head = keras.layers.Dense(last.units, use_bias=last.use_bias, name=f"{last.name}_logits")
    logits = keras.Model(model.inputs[0], head(last.input), name=f"{model.name}_logits")
    head.set_weights(last.get_weights())
    return logits


def _heat_maps(model: Any, films: np.ndarray, categories: list[int], layer_name: str) -> np.ndarray:
    import_keras()
    import tensorflow as tf

    probe, score_of = _scores(model, _spatial_layer(model, layer_name))
    with tf.GradientTape() as tape:
        batch = tf.convert_to_tensor(films)
        tape.watch(batch)  # everything after the film is recorded then, frozen layers too
        maps, last = probe(batch, training=False)
        # Films do not meet one another in the network, so the gradient of the sum is the gradient of each own score.
        score = tf.reduce_sum(tf.gather(score_of(last), tf.constant(categories), axis=1, batch_dims=1))
    gradient = tape.gradient(score, maps)
    if gradient is None:
        raise ValueError(f"The score does not depend on layer {layer_name!r}: choose a layer on the way to the output.")
    weight = tf.reduce_mean(gradient, axis=(1, 2), keepdims=True)
    heat = tf.nn.relu(tf.reduce_sum(maps * weight, axis=-1, keepdims=True))
    heat = tf.image.resize(heat, films.shape[1:3], method="bilinear")[..., 0].numpy().astype(float)
    peak = heat.max(axis=(1, 2), keepdims=True)
    return np.divide(heat, peak, out=np.zeros_like(heat), where=peak > 0)


def _scores(model: Any, layer: Any) -> tuple[Any, Any]:
    """Build a network that gives the maps and what the score is computed from; and the function of the score."""
    keras = import_keras()
    ops = keras.ops
    last = model.layers[-1]
    squashed = getattr(last, "activation", None) in (keras.activations.sigmoid, keras.activations.softmax)
    if isinstance(last, keras.layers.Dense) and squashed:
        probe = keras.Model(model.inputs, [layer.output, last.input])

        def logit(x: Any) -> Any:
            z = ops.matmul(x, last.kernel)
            return z if last.bias is None else z + last.bias

        return probe, logit
    if isinstance(last, keras.layers.Softmax) or (isinstance(last, keras.layers.Activation) and squashed):
        return keras.Model(model.inputs, [layer.output, last.input]), lambda x: x
    return keras.Model(model.inputs, [layer.output, model.outputs[0]]), lambda x: x


def _spatial_layer(model: Any, layer_name: str) -> Any:
    spatial = [each.name for each in model.layers if len(getattr(each.output, "shape", ())) == 4]
    last = ", ".join(spatial[-3:])
    if layer_name not in [each.name for each in model.layers]:
        raise ValueError(
            f"{model.name} has no layer {layer_name!r}. Its last layers with height and width are: {last}."
        )
    if layer_name not in spatial:
        raise ValueError(f"Layer {layer_name!r} has no height and width any more; the last ones that have are: {last}.")
    return model.get_layer(layer_name)


def _one_film(model: Any, image: ArrayLike) -> np.ndarray:
    film = np.asarray(image, dtype="float32")
    if film.ndim == 3:
        film = film[None]
    if len(film) != 1 or not _fits(model, film):
        wanted = model.input_shape[1:]
        raise ValueError(f"image must be one film of shape {wanted} (or a batch of one); got {np.shape(image)}.")
    return film


def _check_shape(model: Any, films: np.ndarray, shape: tuple[int, ...]) -> None:
    if not _fits(model, films):
        wanted = ", ".join(map(str, model.input_shape[1:]))
        raise ValueError(f"images must have shape (n, {wanted}); got {shape}.")


def _fits(model: Any, films: np.ndarray) -> bool:
    wanted = model.input_shape[1:]
    return films.ndim == 4 and all(w is None or w == got for w, got in zip(wanted, films.shape[1:], strict=True))


def _check_category(model: Any, category_index: int) -> None:
    n = model.output_shape[-1]
    if not (isinstance(category_index, (int, np.integer)) and 0 <= category_index < n):
        raise ValueError(f"category_index must be a whole number from 0 to {n - 1}; got {category_index!r}.")
