"""Read the pixels of chest films from disk, and find files that are damaged.

Pillow is imported inside the functions, so that importing the package stays cheap.
"""

import os
import struct
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

PNG_START = b"\x89PNG\r\n\x1a\n"
PNG_END = b"IEND\xaeB`\x82"  # the closing chunk of every whole PNG: its name and its checksum


def read_films(paths, size):
    """Read films as grey 8-bit images of one size.

    Colour films become grey, see-through ones (RGBA, 2 % of ChestX-ray14) are laid on black, 16-bit ones keep their
    upper 8 bits. Resizing is antialiased: each new pixel is a weighted mean (triangle filter) of all the old pixels
    that it covers, so thin lines fade instead of breaking up. A film that is not square is padded with black, never
    stretched.

    Parameters
    ----------
    paths : sequence of str or Path
        The image files, for example the column ``path`` of :func:`labutils.datasets.load_nih`. One path alone is read
        as a list of one.
    size : int
        Height and width of the result, in pixels.

    Returns
    -------
    ndarray of uint8, shape (n_films, size, size)
        Row 0 is the top of the film; the left of the image is the patient's right.

    Raises
    ------
    FileNotFoundError
        If a file does not exist.
    ValueError
        If a file is damaged, cut short or no image (the message names it), or if `size` is not a positive whole number.
    """
    if isinstance(size, bool) or not isinstance(size, (int, np.integer)) or size < 1:
        raise ValueError(f"size is the height and width in pixels: expected a whole number of 1 or more, got {size!r}.")
    paths = [paths] if isinstance(paths, (str, os.PathLike)) else list(paths)
    images = np.empty((len(paths), size, size), dtype=np.uint8)

    def read_into(index):
        images[index] = _read_one(paths[index], int(size))

    # Pillow releases the interpreter while it decodes and resizes, so threads use all cores.
    with ThreadPoolExecutor(max_workers=min(8, os.cpu_count() or 1)) as pool:
        for _ in pool.map(read_into, range(len(paths))):  # asks for every result, so the first error comes out here
            pass
    return images


def _read_one(path, size):
    from PIL import Image, UnidentifiedImageError

    path = Path(path)
    try:
        with Image.open(path) as image:
            image.load()
            grey = _to_grey(image)
    except FileNotFoundError:
        raise FileNotFoundError(f"There is no film at {path}: was the folder moved? Load the table again.") from None
    except UnidentifiedImageError:
        raise ValueError(f"{path} is not an image that can be read: unpack or download this film again.") from None
    except Image.DecompressionBombError as error:
        raise ValueError(f"{path} claims to be larger than any film ({error}): it was not read.") from None
    except (OSError, SyntaxError, ValueError, EOFError, zlib.error, struct.error) as error:
        raise ValueError(f"{path} is damaged or cut short ({error}): unpack or download this film again.") from None
    return np.asarray(_square(grey).resize((size, size), Image.Resampling.BILINEAR), dtype=np.uint8)


def _to_grey(image):
    """Return a Pillow image as 8-bit grey, see-through parts on black."""
    from PIL import Image

    if image.mode.startswith("I"):  # 16 bits a pixel, or 32 that hold 16
        return Image.fromarray((np.asarray(image).astype(np.uint32) >> 8).clip(0, 255).astype(np.uint8))
    if image.has_transparency_data:
        colours = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", colours.size, (0, 0, 0, 255)), colours)
    return image.convert("L")


def _square(image):
    from PIL import Image

    width, height = image.size
    if width == height:
        return image
    side = max(width, height)
    canvas = Image.new("L", (side, side), 0)
    canvas.paste(image, ((side - width) // 2, (side - height) // 2))
    return canvas


def damaged_films(paths):
    """Name the PNG files that are empty, cut short or no PNG at all, by their first and last bytes.

    Parameters
    ----------
    paths : sequence of str or Path
        Image files. Files of another kind than ``.png`` are only asked to hold something.

    Returns
    -------
    list of Path
        The damaged ones, in the order given. This is fast because pixels are not decoded: a change in the
        middle of a file is not seen here, but by :func:`read_films`.
    """
    return [Path(path) for path in paths if not _looks_whole(Path(path))]


def _looks_whole(path):
    try:
        with path.open("rb") as file:
            start = file.read(len(PNG_START))
            if path.suffix.lower() != ".png":
                return bool(start)
            file.seek(0, os.SEEK_END)
            length = file.tell()
            file.seek(max(0, length - 64))
            # Some writers leave a few bytes after the end; the closing chunk has to be among the last ones.
            return start == PNG_START and PNG_END in file.read()
    except OSError:
        return False
