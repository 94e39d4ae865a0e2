"""Where did the network look? Heat maps for image classifiers."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from labutils.models.quiet import import_keras


def grad_cam(input_model: Any, image: ArrayLike, category_index: int, layer_name: str) -> np.ndarray:
    r"""Heat map of the places that speak for one category: gradient-weighted class activation map.

    With :math:`A_k` the k-th feature map of the layer (height h, width w) and :math:`z_c` the score of category c,

    .. math:: \alpha_k = \frac{1}{hw} \sum_{ij} \frac{\partial z_c}{\partial A_{kij}}, \qquad
        L = \max\Bigl(0, \sum_k \alpha_k A_k\Bigr) ,

    and :math:`L` is stretched to the size of the image (bilinear) and divided by its maximum.

    The score is the *logit* where the network ends in a sigmoid or softmax that we can look behind. The gradient of the
    sigmoid itself is the logit's times p(1 - p): the same map after division by the maximum, as long as p is
    not so near to 0 or 1 that the product vanishes, which is just when the network is most sure.

    A bright place says that the network used it, not that the disease is there, and the map is as coarse as the layer.

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
        0 (not used) to 1 (used most). Row 0 is the top, as in the film. All zeros if nothing speaks for the category.

    Raises
    ------
    ValueError
        If there is no such layer or category, the layer has no height and width, or the image is not one film.

    References
    ----------
    Selvaraju RR, et al. Grad-CAM: visual explanations from deep networks via gradient-based localization. ICCV 2017,
    equations 1 and 2.
    """
    import_keras()
    import tensorflow as tf

    layer = _spatial_layer(input_model, layer_name)
    film = _one_film(input_model, image)
    _check_category(input_model, category_index)
    probe, score_of = _scores(input_model, layer)

    with tf.GradientTape() as tape:
        film = tf.convert_to_tensor(film)
        tape.watch(film)  # everything after the film is recorded then, frozen layers too
        maps, last = probe(film, training=False)
        score = score_of(last)[:, category_index]
    gradient = tape.gradient(score, maps)
    if gradient is None:
        raise ValueError(f"The score does not depend on layer {layer_name!r}: choose a layer on the way to the output.")
    weight = tf.reduce_mean(gradient, axis=(0, 1, 2))
    heat = tf.nn.relu(tf.reduce_sum(maps * weight, axis=-1, keepdims=True))
    heat = tf.image.resize(heat, film.shape[1:3], method="bilinear")[0, :, :, 0].numpy().astype(float)
    peak = heat.max()
    return heat / peak if peak > 0 else np.zeros_like(heat)


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
    wanted = model.input_shape[1:]
    fits = film.ndim == 4 and all(w is None or w == got for w, got in zip(wanted, film.shape[1:], strict=True))
    if not fits or len(film) != 1:
        raise ValueError(f"image must be one film of shape {wanted} (or a batch of one); got {np.shape(image)}.")
    return film


def _check_category(model: Any, category_index: int) -> None:
    n = model.output_shape[-1]
    if not (isinstance(category_index, (int, np.integer)) and 0 <= category_index < n):
        raise ValueError(f"category_index must be a whole number from 0 to {n - 1}; got {category_index!r}.")
