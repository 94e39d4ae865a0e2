"""The 3D U-Net: a network that reads a block of a scan and says for every voxel what it is.

The idea (Ronneberger, Fischer and Brox, "U-Net", MICCAI 2015; in 3D: Çiçek and others, MICCAI 2016): the left
arm of the U halves the
block again and again and learns *what* is there; the right arm doubles it back; at each level a bridge hands
over the fine maps of
the left arm, so that the network still knows *where*.
"""

import operator

import numpy as np

from labutils.models.quiet import import_keras


def build_unet(n_classes=3, *, input_shape=(160, 160, 16, 4), depth=4, base=32, seed=0):
    """Build a 3D U-Net with one sigmoid per class and voxel, not trained yet.

    Level d (from 0) of the left arm has two 3 x 3 x 3 convolutions, to base * 2**d and then base * 2**(d+1) maps. The right arm
    repeats voxels to double the size, joins the maps of the same level and has two convolutions to as many maps as the bridge
    brings. Convolutions do not shrink the block; each is followed by a ReLU. With the defaults the network has 16,318,307
    weights; with depth 2 it has 833,507.

    Parameters
    ----------
    n_classes : int
        Classes without the background, at least 1.
    input_shape : (int or None, int or None, int or None, int)
        Voxels along x, y and z, and channels *last* (TensorFlow's convolutions on a processor know no other order). A None
        accepts any size; sizes must be multiples of 2**(depth - 1).
    depth : int
        Levels of the U, at least 1.
    base : int
        Maps of the first convolution.
    seed : int
        Seed of the starting weights: the same seed gives the same network.

    Returns
    -------
    keras.Model
        From (n, x, y, z, channel) to (n, x, y, z, class), scores from 0 to 1, higher = more suspicious.

    Raises
    ------
    ValueError
        If a number is below 1, or a size cannot be halved so often.
    """
    keras = import_keras()
    layers = keras.layers
    _check(n_classes, input_shape, depth, base)
    draw = np.random.default_rng(seed)

    def conv(x, filters, name):
        init = keras.initializers.HeNormal(seed=int(draw.integers(2**31)))
        x = layers.Conv3D(filters, 3, padding="same", kernel_initializer=init, name=name)(x)
        return layers.ReLU(name=f"{name}_relu")(x)

    block = keras.Input(input_shape, name="block")
    x, bridges = block, []
    for d in range(depth):
        x = conv(x, base * 2**d, f"down{d}_conv1")
        x = conv(x, base * 2 ** (d + 1), f"down{d}_conv2")
        if d < depth - 1:
            bridges.append(x)
            x = layers.MaxPooling3D(2, name=f"down{d}_pool")(x)
    for d in reversed(range(depth - 1)):
        bridge = bridges[d]
        x = layers.Concatenate(name=f"up{d}_join")([layers.UpSampling3D(2, name=f"up{d}_repeat")(x), bridge])
        x = conv(x, bridge.shape[-1], f"up{d}_conv1")
        x = conv(x, bridge.shape[-1], f"up{d}_conv2")
    init = keras.initializers.GlorotUniform(seed=int(draw.integers(2**31)))
    x = layers.Conv3D(n_classes, 1, activation="sigmoid", kernel_initializer=init, name="scores")(x)
    return keras.Model(block, x, name=f"unet{depth}x{base}")


def _check(n_classes, input_shape, depth, base):
    for name, value in (("n_classes", n_classes), ("depth", depth), ("base", base)):
        try:
            fine = operator.index(value) >= 1
        except TypeError:
            fine = False
        if not fine:
            raise ValueError(f"{name} must be a whole number, at least 1; got {value!r}.")
    if len(input_shape) != 4:
        raise ValueError(f"input_shape must be (x, y, z, channels), channels last; got {input_shape!r}.")
    step = 2 ** (depth - 1)
    bad = [size for size in input_shape[:3] if size is not None and size % step]
    if bad:
        raise ValueError(
            f"With depth {depth} every size is halved {depth - 1} times, so it must be a multiple of {step}; got {bad[0]} "
            f"in {tuple(input_shape)}. Take another patch or fewer levels."
        )


def channels_last(block):
    """Move the first of four axes to the end: (channel, x, y, z) to (x, y, z, channel), the order that the networks read.

    Works on one block or on a batch (n, channel, x, y, z); nothing is copied.

    Parameters
    ----------
    block : array, 4 or 5 axes

    Returns
    -------
    ndarray
    """
    block = np.asarray(block)
    if block.ndim not in (4, 5):
        raise ValueError(f"block must have 4 axes, or 5 for a batch; got shape {block.shape}.")
    return np.moveaxis(block, -4, -1)


def channels_first(block):
    """Move the last axis before the three of space: (x, y, z, class) to (class, x, y, z); also for a batch.

    Parameters
    ----------
    block : array, 4 or 5 axes

    Returns
    -------
    ndarray
    """
    block = np.asarray(block)
    if block.ndim not in (4, 5):
        raise ValueError(f"block must have 4 axes, or 5 for a batch; got shape {block.shape}.")
    return np.moveaxis(block, -1, -4)
