"""Figures of brain scans: they draw, on any scan, and say what they show."""

import re

import numpy as np
import pytest

from labutils import plots_brain
from labutils.datasets.gliomas import BrainScan


@pytest.fixture
def scan():
    rng = np.random.default_rng(0)
    image = rng.uniform(1, 9, (12, 14, 10, 4)).astype("float32")
    label = np.zeros((12, 14, 10), np.uint8)
    label[4:7, 5:9, 3:5] = 2
    label[5, 6, 3] = 3
    return BrainScan(image, label, np.eye(4), "small")


def test_the_middle_is_where_most_tumour_is(scan):
    x, y, z = plots_brain.middle_of(scan.label)
    assert scan.label[x, y, z] > 0
    assert plots_brain.middle_of(np.zeros((4, 6, 8))) == (2, 3, 4)


def test_three_planes_name_their_directions(scan):
    figure = plots_brain.three_planes(scan.image[..., 0], scan.label, title="A tumour")
    titles = [axis.get_title() for axis in figure.axes]
    assert [title.split()[0] for title in titles] == ["sagittal", "coronal", "axial"]
    assert all("→" in title and "↑" in title for title in titles)


def test_panels_and_scores(scan):
    assert len(plots_brain.panels([scan.image[..., 0]] * 3, [None, scan.label, None], list("abc"), number=3).axes) == 3
    scores = np.random.default_rng(1).random((12, 14, 10))
    figure = plots_brain.score_map(scan.image[..., 0], scores, number=3, threshold=0.5)
    assert "score ≥ 0.5" in [axis.get_title() for axis in figure.axes]
    drawn = [image.get_array() for image in figure.axes[1].images][-1]
    assert len(np.unique(drawn.compressed())) > 50  # fractions, not whole numbers


def test_the_animation_is_an_embedded_picture_with_words(scan):
    markup = plots_brain.flight(scan.image[..., 0], scan.label, step=3, alt='A flight "up"')
    assert re.match(r'<img alt="A flight &quot;up&quot;" src="data:image/gif;base64,R0lGOD', markup)


def test_dots_accept_missing_ends():
    figure = plots_brain.dice_dots({"a": {"oedema": (0.5, None, None)}, "b": {"oedema": (0.6, 0.5, 0.7)}}, title="t")
    assert figure.axes[0].get_xlabel().startswith("mean Dice")
