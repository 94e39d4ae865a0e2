"""From pixels to what a network wants: one size, one scale."""

import numpy as np


def resize_films(images, size):
    """Resize films so that each new pixel is a weighted mean of all the old pixels that it covers (antialiased).

    Parameters
    ----------
    images : array, shape (n, height, width)
        Grey films of any height and width.
    size : int
        New height and width in pixels.

    Returns
    -------
    ndarray of float32, shape (n, size, size)
    """
    images = np.asarray(images)
    n, height, width = images.shape
    out = np.empty((n, size, size), dtype=np.float32)
    down, across = triangle_weights(height, size), triangle_weights(width, size).T
    for start in range(0, n, 256):  # so that a thousand large films do not stand in memory as floats at once
        out[start : start + 256] = down @ images[start : start + 256].astype(np.float32) @ across
    return out


def triangle_weights(old, new):
    """Weights of `old` pixels in each of `new` ones along one axis (triangle filter, as Pillow's BILINEAR).

    Parameters
    ----------
    old, new : int
        Number of pixels.

    Returns
    -------
    ndarray of float32, shape (new, old)
        Every row sums to 1.
    """
    scale = old / new
    reach = max(scale, 1.0)
    centre = (np.arange(new)[:, None] + 0.5) * scale - 0.5
    weights = np.clip(1 - np.abs(np.arange(old) - centre) / reach, 0, None)
    return (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)


def check_films(images):
    """Return films as an array (n, height, width), or say what is wrong with them.

    Parameters
    ----------
    images : array
        (n, height, width), or with a last axis of length 1, of numbers from 0 to 255.

    Returns
    -------
    ndarray, shape (n, height, width)

    Raises
    ------
    ValueError
        If the shape is another, a value lies outside 0 to 255 or is missing, or all values lie between 0 and 1.
    """
    images = np.asarray(images)
    if images.ndim == 4 and images.shape[-1] == 1:
        images = images[..., 0]
    if images.ndim != 3:
        raise ValueError(
            f"images must have shape (n_films, height, width), one grey value per pixel; got {images.shape}. One film "
            "alone is images[None]."
        )
    if images.shape[1] == 0 or images.shape[2] == 0:
        raise ValueError(f"images hold no pixels: their shape is {images.shape}.")
    if images.dtype != np.uint8 and images.size:
        low, high = float(images.min()), float(images.max())
        if not (low >= 0 and high <= 255):
            raise ValueError(f"images must hold grey values from 0 to 255; they run from {low:g} to {high:g}.")
        if images.dtype.kind == "f" and 0 < high <= 1:
            raise ValueError(
                "images seem to be scaled to 0 to 1; the network was trained on 0 to 255. Multiply them by 255 first."
            )
    return images
