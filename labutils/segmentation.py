"""Segmentation of volumes: sub-volumes, soft and hard Dice, voxel sensitivity, and prediction over a whole scan.

Scans are (x, y, z, channel) and their labels (x, y, z) with codes 0 to C - 1, where 0 is background.
Sub-volumes and the losses keep the
channel or class axis *first*: (channel, x, y, z) and (class, x, y, z).
"""

import sys
from typing import NamedTuple

import numpy as np
from tqdm import tqdm

from labutils.models.quiet import import_keras


def get_sub_volume(
    image,
    label,
    orig_x=240,
    orig_y=240,
    orig_z=155,
    output_x=160,
    output_y=160,
    output_z=16,
    num_classes=4,
    max_tries=1000,
    background_threshold=0.95,
    *,
    rng=None,
):
    """Cut a random block out of a scan whose share of background is below a threshold.

    Parameters
    ----------
    image : array, shape (orig_x, orig_y, orig_z, channel)
    label : array of int, shape (orig_x, orig_y, orig_z)
        Codes 0 (background) to num_classes - 1.
    orig_x, orig_y, orig_z : int
        Voxels of the scan.
    output_x, output_y, output_z : int
        Voxels of the block, at most those of the scan.
    num_classes : int
        Codes, with the background.
    max_tries : int
        Blocks that are drawn at most.
    background_threshold : float
        A block is taken if the share of its voxels with code 0 is *below* this.
    rng : int or numpy Generator, optional
        By default a fresh one.

    Returns
    -------
    (X, y) or None
        X of shape (channel, output_x, output_y, output_z), a copy; y of the same space, one-hot float32 of shape
        (num_classes - 1, …), without the background. None if no block qualifies within max_tries.

    Raises
    ------
    ValueError
        If the scan has another size than said, or the block is larger than the scan.
    """
    rng = np.random.default_rng(rng)
    image, label = np.asarray(image), np.asarray(label)
    orig, output = (orig_x, orig_y, orig_z), (output_x, output_y, output_z)
    if image.shape[:3] != orig or label.shape != orig:
        raise ValueError(
            f"image and label must have {orig} voxels as orig_x, orig_y, orig_z say; got {image.shape[:3]} and {label.shape}."
        )
    if any(small > large for small, large in zip(output, orig, strict=True)):
        raise ValueError(f"A block of {output} voxels does not fit into a scan of {orig}: take a smaller one.")
    for _ in range(max_tries):
        start = [int(rng.integers(0, large - small + 1)) for small, large in zip(output, orig, strict=True)]
        block = tuple(slice(first, first + size) for first, size in zip(start, output, strict=True))
        codes = label[block]
        if np.mean(codes == 0) < background_threshold:
            one_hot = np.stack([codes == code for code in range(1, num_classes)]).astype(np.float32)
            return np.moveaxis(image[block], -1, 0).copy(), one_hot
    return None


def standardize(image):
    """Bring every z-slice of every channel to mean 0 and standard deviation 1 (of the slice itself, ddof 0).

    Parameters
    ----------
    image : array, shape (channel, x, y, z)

    Returns
    -------
    ndarray of float, the same shape
        A slice whose voxels are all equal has sd 0: it is only centred, so it becomes 0.
    """
    image = np.asarray(image, dtype=np.result_type(np.asarray(image), np.float32))
    centred = image - image.mean(axis=(1, 2), keepdims=True)
    sd = image.std(axis=(1, 2), keepdims=True)
    return centred / np.where(sd == 0, 1, sd)


def standardize_scan(image):
    """Bring every channel of a scan to mean 0 and sd 1 *inside the brain*; outside stays 0.

    One mean and one sd for a whole channel keep what :func:`standardize` throws away: that one slice is brighter than another.

    Parameters
    ----------
    image : array, shape (x, y, z, channel)
        0 in all channels means outside the brain.

    Returns
    -------
    ndarray of float32, the same shape

    Raises
    ------
    ValueError
        If no voxel differs from 0.
    """
    image = np.asarray(image, dtype=np.float32)
    inside = (image != 0).any(axis=-1)
    if not inside.any():
        raise ValueError("image is 0 everywhere: there is no brain to standardise. Was the right file loaded?")
    voxels = image[inside].astype(np.float64)
    sd = voxels.std(axis=0)
    out = np.zeros_like(image)
    out[inside] = (voxels - voxels.mean(axis=0)) / np.where(sd == 0, 1, sd)
    return out


def _as_tensors(y_true, y_pred):
    ops = import_keras().ops
    return ops, ops.cast(y_true, "float32"), ops.cast(y_pred, "float32")


def single_class_dice_coefficient(y_true, y_pred, axis=(0, 1, 2), epsilon=1e-5):
    """Dice's overlap of one class, (2 sum(t p) + epsilon) / (sum(t) + sum(p) + epsilon), from 0 (none) to 1 (the same).

    Parameters
    ----------
    y_true, y_pred : array or tensor, shape (x, y, z)
        1 in the class and 0 elsewhere; predictions may be anything from 0 to 1, nothing is thresholded.
    axis : tuple of int
        Axes to sum over.
    epsilon : float
        Two empty masks give epsilon / epsilon = 1; with epsilon 0 they give NaN.

    Returns
    -------
    tensor
        A scalar if axis names all axes.
        Source: Dice LR, Ecology 1945;26:297-302.
    """
    ops, y_true, y_pred = _as_tensors(y_true, y_pred)
    overlap = 2 * ops.sum(y_true * y_pred, axis=axis) + epsilon
    return overlap / (ops.sum(y_true, axis=axis) + ops.sum(y_pred, axis=axis) + epsilon)


def dice_coefficient(y_true, y_pred, axis=(1, 2, 3), epsilon=1e-5):
    """Mean over classes of :func:`single_class_dice_coefficient`; y_true and y_pred are (class, x, y, z)."""
    return import_keras().ops.mean(single_class_dice_coefficient(y_true, y_pred, axis, epsilon))


def soft_dice_loss(y_true, y_pred, axis=(1, 2, 3), epsilon=1e-5):
    """1 - mean over classes of (2 sum(t p) + epsilon) / (sum(t^2) + sum(p^2) + epsilon); 0 is perfect.

    Parameters
    ----------
    y_true, y_pred : array or tensor, shape (class, x, y, z)
    axis : tuple of int
        Axes of *space*. On a batch (n, class, x, y, z) they are (2, 3, 4): see :func:`batched_axes`.
    epsilon : float

    Returns
    -------
    scalar tensor
        Gradients pass through.
        Source: Milletari, Navab and Ahmadi, "V-Net", 3DV 2016, equation for D in section 3.
    """
    ops, y_true, y_pred = _as_tensors(y_true, y_pred)
    overlap = 2 * ops.sum(y_true * y_pred, axis=axis) + epsilon
    size = ops.sum(y_true**2, axis=axis) + ops.sum(y_pred**2, axis=axis) + epsilon
    return 1 - ops.mean(overlap / size)


def batched_axes(loss):
    """Make a loss of a batch out of the loss of one volume.

    Parameters
    ----------
    loss : callable
        loss(y_true, y_pred, axis=…, epsilon=…) with the axes of space in `axis`, such as :func:`soft_dice_loss`.

    Returns
    -------
    callable
        batch_loss(y_true, y_pred, epsilon=1e-5) on (n, class, x, y, z): the mean over the n volumes. The axes
        of space have moved
        by one; left at (1, 2, 3) they would add classes together and keep slices apart.
    """

    def batch_loss(y_true, y_pred, epsilon=1e-5):
        return loss(y_true, y_pred, axis=(2, 3, 4), epsilon=epsilon)

    return batch_loss


class SensSpec(NamedTuple):
    """Voxel sensitivity TP / (TP + FN) and specificity TN / (TN + FP); NaN where the denominator is 0."""

    sensitivity: float
    specificity: float


def compute_class_sens_spec(pred, label, class_num):
    """Share of a class's voxels that are found, and share of the other voxels that are left alone.

    Parameters
    ----------
    pred, label : array of 0 and 1, shape (class, x, y, z)
    class_num : int
        Which class, along the first axis.

    Returns
    -------
    SensSpec
    """
    found, there = (np.asarray(part)[class_num].astype(bool) for part in (pred, label))
    hits, rejects = np.sum(found & there), np.sum(~found & ~there)
    with np.errstate(invalid="ignore"):
        return SensSpec(float(hits / np.sum(there)), float(rejects / np.sum(~there)))


def patch_starts(size, patch, overlap):
    """Where the patches of one axis begin: from 0 in steps of patch * (1 - overlap), the last flush with the end.

    >>> patch_starts(10, 4, 0.5)
    [0, 2, 4, 6]
    >>> patch_starts(9, 4, 0.25)
    [0, 3, 5]
    >>> patch_starts(3, 4, 0.5)
    [0]
    """
    if patch >= size:
        return [0]
    step = max(1, int(patch * (1 - overlap)))
    return [*range(0, size - patch, step), size - patch]


def predict_volume(model, image, patch, overlap, *, batch_size=4, progress=False):
    """Predict a whole scan patch by patch, and average where patches overlap.

    Parameters
    ----------
    model : callable
        From (n, *patch, channel) to (n, *patch, class), such as a Keras model.
    image : array, shape (x, y, z, channel)
        Made ready as the model wants it. An axis shorter than the patch is filled with zeros at its end, and cut back.
    patch : (int, int, int)
        Voxels of a patch.
    overlap : float
        Share of a patch that it has in common with its neighbour, at least 0 and below 1.
    batch_size : int
        Patches per call of the model.
    progress : bool
        Show a bar that says how many patches are left.

    Returns
    -------
    ndarray of float32, shape (x, y, z, class)
        For every voxel the mean of all patches that cover it.

    Raises
    ------
    ValueError
        If the image has not four axes, or the overlap is out of range.
    """
    image = np.asarray(image, dtype=np.float32)
    if image.ndim != 4:
        raise ValueError(f"image must be (x, y, z, channel); got shape {image.shape}.")
    if not 0 <= overlap < 1:
        raise ValueError(f"overlap is a share of the patch, at least 0 and below 1; got {overlap!r}.")
    shape = image.shape[:3]
    missing = [(0, max(p - size, 0)) for p, size in zip(patch, shape, strict=True)]
    image = np.pad(image, [*missing, (0, 0)])
    x, y, z = (patch_starts(size, p, overlap) for size, p in zip(image.shape[:3], patch, strict=True))
    corners = [(a, b, c) for a in x for b in y for c in z]
    blocks = [tuple(slice(a, a + p) for a, p in zip(corner, patch, strict=True)) for corner in corners]
    total, times = None, np.zeros((*image.shape[:3], 1), np.float32)
    steps = range(0, len(blocks), batch_size)
    for first in tqdm(steps, desc="patches", unit="batch", file=sys.stdout, ncols=80, disable=not progress):
        some = blocks[first : first + batch_size]
        scores = np.asarray(model(np.stack([image[block] for block in some])), dtype=np.float32)
        if total is None:
            total = np.zeros((*image.shape[:3], scores.shape[-1]), np.float32)
        for block, score in zip(some, scores, strict=True):
            total[block] += score
            times[block] += 1
    return (total / times)[tuple(slice(0, size) for size in shape)]
