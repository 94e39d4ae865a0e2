"""Reading the pixels of films: modes, sizes, orientation, and files that are damaged."""

import io

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from labutils.datasets.films import damaged_films, read_films


def film(path, size=16, value=100, mode="L"):
    """Write one small film."""
    path.parent.mkdir(parents=True, exist_ok=True)
    grey = Image.new("L", (size, size), value)
    grey.convert(mode).save(path)
    return path


def test_films_of_every_mode_become_grey(tmp_path):
    paths = [film(tmp_path / f"{mode}.png", value=200, mode=mode) for mode in ("L", "RGB", "RGBA", "LA", "P")]
    deep = tmp_path / "deep.png"
    Image.fromarray(np.full((16, 16), 200 * 256, dtype=np.uint16)).save(deep)
    images = read_films(pd.Series([*paths, deep]), 8)
    assert images.shape == (6, 8, 8)
    assert images.dtype == np.uint8
    assert (images == 200).all()


def test_see_through_parts_are_laid_on_black(tmp_path):
    picture = np.full((16, 16, 4), 255, dtype=np.uint8)
    picture[:, :8, 3] = 0
    Image.fromarray(picture).save(tmp_path / "a.png")
    image = read_films([tmp_path / "a.png"], 16)[0]
    assert (image[:, :8] == 0).all()
    assert (image[:, 8:] == 255).all()


def test_resizing_is_antialiased_and_keeps_the_orientation(tmp_path):
    stripes = np.zeros((128, 128), dtype=np.uint8)
    stripes[:, ::2] = 200  # one pixel wide: picking pixels would give all 0 or all 200
    Image.fromarray(stripes).save(tmp_path / "stripes.png")
    small = read_films([tmp_path / "stripes.png"], 16)[0]
    assert abs(small.astype(int) - 100).max() <= 5
    corner = np.zeros((64, 64), dtype=np.uint8)
    corner[:32, :32] = 255
    Image.fromarray(corner).save(tmp_path / "corner.png")
    small = read_films([tmp_path / "corner.png"], 8)[0]
    assert small[0, 0] == 255
    assert small[0, -1] == small[-1, 0] == small[-1, -1] == 0
    assert read_films([tmp_path / "corner.png"], 64)[0].tolist() == corner.tolist()


def test_films_that_are_not_square_are_padded(tmp_path):
    Image.fromarray(np.full((20, 40), 250, dtype=np.uint8)).save(tmp_path / "wide.png")
    image = read_films([tmp_path / "wide.png"], 40)[0]
    assert (image[10:30] == 250).all()
    assert (image[:10] == 0).all()
    assert (image[30:] == 0).all()


def test_order_and_number_of_films(tmp_path):
    paths = [film(tmp_path / f"{value}.png", value=value) for value in range(40)]
    assert read_films(paths, 4)[:, 0, 0].tolist() == list(range(40))
    assert read_films([], 4).shape == (0, 4, 4)
    assert read_films(str(paths[7]), 4).shape == (1, 4, 4)


@pytest.mark.parametrize("size", [0, -1, 2.5, True, "64", None])
def test_sizes_that_are_refused(tmp_path, size):
    with pytest.raises(ValueError, match="size is the height and width in pixels"):
        read_films([film(tmp_path / "a.png")], size)


def noisy_png():
    noise = np.random.default_rng(0).integers(0, 256, (64, 64), dtype=np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(noise).save(buffer, "PNG")
    return buffer.getvalue(), noise


@pytest.mark.parametrize("share", [0.0, 0.001, 0.01, 0.1, 0.5, 0.9, 0.99])
def test_a_film_cut_short_is_named_in_one_sentence(tmp_path, share):
    whole, _ = noisy_png()
    path = tmp_path / "00000001_000.png"
    path.write_bytes(whole[: int(len(whole) * share)])
    good = film(tmp_path / "good.png")
    with pytest.raises(ValueError, match=r"00000001_000\.png.*(again)") as caught:
        read_films([good, path, good], 16)
    assert "\n" not in str(caught.value)
    assert damaged_films([good, path]) == [path]


def test_no_cut_goes_unseen(tmp_path):
    whole, noise = noisy_png()
    path = tmp_path / "cut.png"
    for length in range(0, len(whole), 61):
        path.write_bytes(whole[:length])
        try:
            image = read_films([path], 64)[0]
        except ValueError:
            continue
        assert (image == noise).all(), length  # all pixels were there, only the end mark was missing


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"<html>404</html>", b"\x89PNG\r\n\x1a\n" + b"\0" * 100])
def test_files_that_are_no_film(tmp_path, content):
    path = tmp_path / "x.png"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"x\.png"):
        read_films([path], 8)
    assert damaged_films([path]) == [path]


def test_flipped_bytes_are_found_by_reading(tmp_path):
    whole, _ = noisy_png()
    path = tmp_path / "flipped.png"
    path.write_bytes(whole[:2000] + bytes(byte ^ 255 for byte in whole[2000:2100]) + whole[2100:])
    with pytest.raises(ValueError, match=r"flipped\.png is damaged"):
        read_films([path], 8)


def test_a_film_that_has_gone(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no film at .*gone\.png"):
        read_films([tmp_path / "gone.png"], 8)
