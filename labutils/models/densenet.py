"""Two DenseNets: the full-size one of the literature, and a slim one that a laptop trains in minutes.

The idea (Huang, Liu, van der Maaten and Weinberger, "Densely connected convolutional networks", CVPR 2017): inside a
*dense block* every layer reads the feature maps of all layers before it and adds a few new ones (the *growth rate*).
A *transition* between two blocks halves the number of maps and the height and width.
"""

import operator
import warnings
from pathlib import Path

import numpy as np

from labutils.models.quiet import import_keras

FEATURES = "features"
"""Name of the last activation before pooling, in both networks: the layer to ask for a heat map."""


def build_densenet(
    n_classes, *, input_shape=(64, 64, 1), growth_rate=16, blocks=(2, 4, 6), stem=16, compression=0.5, seed=0
):
    """Build a slim DenseNet with one sigmoid per finding, not trained yet.

    The stem halves height and width, and so does each transition, so three blocks shrink a 64 × 64 film to 8 ×
    8 places. Each place of the last map (layer ``"features"``) answers for 8 × 8 pixels of the film.

    Parameters
    ----------
    n_classes : int
        Findings, at least 1. They are not exclusive: a film may have none or several, hence sigmoids and not a softmax.
    input_shape : (int, int, int)
        Height and width in pixels, channels.
    growth_rate : int
        Feature maps that each layer of a block adds (k in the paper).
    blocks : sequence of int
        Layers per dense block.
    stem : int
        Feature maps of the first convolution.
    compression : float
        Share of maps that a transition keeps (θ in the paper), above 0 and at most 1.
    seed : int
        Seed of the starting weights: the same seed gives the same network.

    Returns
    -------
    keras.Model
        From (n, height, width, channels) to (n, n_classes), scores from 0 to 1, higher = more suspicious.

    Raises
    ------
    ValueError
        If there is no class or no block, or the film is too small for so many halvings.
    """
    keras = import_keras()
    layers = keras.layers

    n_classes = _n_classes(n_classes)
    _check_slim(input_shape, growth_rate, blocks, compression)
    draw = np.random.default_rng(seed)

    def conv(x, filters, size, name):
        init = keras.initializers.HeNormal(seed=int(draw.integers(2**31)))
        return layers.Conv2D(filters, size, padding="same", use_bias=False, kernel_initializer=init, name=name)(x)

    def norm_relu(x, name, relu_name=None):
        x = layers.BatchNormalization(momentum=0.9, epsilon=1e-5, name=f"{name}_norm")(x)
        return layers.ReLU(name=relu_name or f"{name}_relu")(x)

    film = keras.Input(input_shape, name="film")
    # The widest look at full size, then the brightest of four: thin lines survive, as they would not with a stride of 2.
    x = layers.MaxPooling2D(2, name="stem_pool")(norm_relu(conv(film, stem, 5, "stem_conv"), "stem"))
    for b, n_layers in enumerate(blocks, start=1):
        for i in range(1, n_layers + 1):
            name = f"block{b}_layer{i}"
            # No 1 × 1 bottleneck before the 3 × 3: with so few maps it would cost more than it saves.
            new = conv(norm_relu(x, name), growth_rate, 3, f"{name}_conv")
            x = layers.Concatenate(name=f"{name}_concat")([x, new])
        if b < len(blocks):
            keep = max(1, int(x.shape[-1] * compression))
            x = conv(norm_relu(x, f"transition{b}"), keep, 1, f"transition{b}_conv")
            x = layers.AveragePooling2D(2, name=f"transition{b}_pool")(x)
    x = norm_relu(x, "last", relu_name=FEATURES)
    x = layers.GlobalAveragePooling2D(name="pool")(x)
    return keras.Model(film, _head(x, n_classes, seed), name="slim_densenet")


def build_densenet121(n_classes, *, input_shape=(224, 224, 3), weights=None):
    """Build the full-size DenseNet-121 (about 7 million weights) with one sigmoid per finding.

    A film has one grey channel, and the published network three: with ``input_shape=(…, …, 1)`` the film is
    repeated three times inside the network.

    Parameters
    ----------
    n_classes : int
        Findings, at least 1.
    input_shape : (int, int, int)
        Height and width (at least 32 pixels each), and 1 or 3 channels.
    weights : path or None
        A ``.weights.h5`` file that was saved from this network with the same ``n_classes``; None draws new
        weights. Nothing is ever downloaded.

    Returns
    -------
    keras.Model
        From (n, height, width, channels) to (n, n_classes), scores from 0 to 1. Its last activation is named
        ``"features"``.

    Raises
    ------
    ValueError
        If the shape does not fit, or the file holds the weights of another network.
    FileNotFoundError
        If the file is not there.
    """
    keras = import_keras()
    layers = keras.layers

    n_classes = _n_classes(n_classes)
    height, width, channels = _shape(input_shape)
    if channels not in (1, 3) or min(height, width) < 32:
        raise ValueError(
            f"DenseNet-121 takes films of at least 32 × 32 pixels with 1 or 3 channels; input_shape is {input_shape}."
        )
    film = keras.Input((height, width, channels), name="film")
    x = layers.Concatenate(name="grey_to_rgb")([film, film, film]) if channels == 1 else film
    body = keras.applications.DenseNet121(include_top=False, weights=None, input_tensor=x)
    # Keras calls the last activation just "relu"; both of our networks use one name for it.
    body.layers[-1].name = FEATURES
    x = layers.GlobalAveragePooling2D(name="pool")(body.output)
    model = keras.Model(film, _head(x, n_classes, seed=None), name="densenet121")
    if weights is not None:
        load_weights(model, weights)
    return model


def _head(x, n_classes, seed):
    keras = import_keras()
    init = keras.initializers.GlorotUniform(seed=seed)
    return keras.layers.Dense(n_classes, activation="sigmoid", kernel_initializer=init, name="findings")(x)


def load_weights(model, path):
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"There is no weights file at {path}. Train the network first, or pass weights=None.")
    try:
        with warnings.catch_warnings():
            # Keras only warns where a part of the network finds no weights in the file, and leaves it untrained.
            warnings.simplefilter("error", UserWarning)
            model.load_weights(path)
    except (ValueError, OSError, UserWarning) as error:
        raise ValueError(
            f"{path} does not hold weights that fit {model.name} with {model.output_shape[-1]} findings and input "
            f"{model.input_shape[1:]}. Build the network as it was when the file was saved."
        ) from error


def _n_classes(n_classes):
    try:
        n = operator.index(n_classes)
    except TypeError:
        n = 0
    if n < 1:
        raise ValueError(f"n_classes counts the findings and must be a whole number from 1; got {n_classes!r}.")
    return n


def _shape(input_shape):
    if len(input_shape) != 3 or min(input_shape) < 1:
        raise ValueError(f"input_shape is (height, width, channels), such as (64, 64, 1); got {input_shape}.")
    return tuple(int(n) for n in input_shape)


def _check_slim(input_shape, growth_rate, blocks, compression):
    height, width, _ = _shape(input_shape)
    if len(blocks) == 0 or min(blocks) < 1 or growth_rate < 1:
        raise ValueError(
            f"A DenseNet needs at least one block with one layer and a growth rate of 1; got blocks={tuple(blocks)}, "
            f"growth_rate={growth_rate}."
        )
    if not 0 < compression <= 1:
        raise ValueError(f"compression is the share of maps a transition keeps, in (0, 1]; got {compression}.")
    need = 2 ** len(blocks)
    if min(height, width) < need:
        raise ValueError(
            f"{len(blocks)} blocks halve the film {len(blocks)} times, so it needs at least {need} × {need} pixels; "
            f"input_shape is {input_shape}. Use fewer blocks or larger films."
        )
