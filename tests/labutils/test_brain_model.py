"""The U-Net's size, the shipped weights and card, and registration."""

import hashlib

import numpy as np
import pytest

from labutils import models, registration, segmentation, segmentation_scores
from labutils.datasets import make_gliomas
from labutils.models.brain import WEIGHTS


@pytest.mark.parametrize(("depth", "count"), [(4, 16_318_307), (2, 833_507)])
def test_the_full_networks_have_the_published_number_of_weights(depth, count):
    assert models.build_unet(3, depth=depth).count_params() == count


def test_the_same_seed_gives_the_same_network_and_sizes_must_halve():
    one, two = (models.build_unet(2, input_shape=(8, 8, 4, 3), depth=2, base=2, seed=4) for _ in range(2))
    assert all(np.array_equal(a, b) for a, b in zip(one.get_weights(), two.get_weights(), strict=True))
    assert one.output_shape == (None, 8, 8, 4, 2)
    with pytest.raises(ValueError, match="multiple of 8"):
        models.build_unet(3, input_shape=(160, 160, 12, 4))
    with pytest.raises(ValueError, match="depth"):
        models.build_unet(3, depth=0)


def test_channels_move_and_come_back():
    block = np.arange(2 * 3 * 4 * 5).reshape(2, 3, 4, 5)
    assert models.channels_last(block).shape == (3, 4, 5, 2)
    assert np.array_equal(models.channels_first(models.channels_last(block)), block)
    assert models.channels_last(block[None]).shape == (1, 3, 4, 5, 2)
    with pytest.raises(ValueError, match="4 axes"):
        models.channels_last(block[0])


def test_the_card_describes_the_weights_and_its_numbers_are_shares():
    card = models.brain_model_card()
    content = WEIGHTS.read_bytes()
    assert hashlib.sha256(content).hexdigest() == card["weights"]["sha256"]
    assert len(content) == card["weights"]["bytes"] < 3_000_000
    for group in ("painted", "other_scanner"):
        for row in card[group]["dice"].values():
            assert 0 <= row["low"] <= row["mean"] <= row["high"] <= 1
    assert set(card["real"]["cases"]) == {"BRATS_009", "BRATS_119"}


def test_the_markdown_card_holds_the_numbers_of_the_json_card():
    text = WEIGHTS.parents[1].joinpath("cards", "brain_unet.md").read_text(encoding="utf-8")
    card = models.brain_model_card()
    for row in card["painted"]["dice"].values():
        assert f"{row['mean']:.2f} ({row['low']:.2f} to {row['high']:.2f})" in text
    for case in card["real"]["cases"].values():
        assert f"{case['dice']['whole tumour']:.2f}" in text


@pytest.mark.slow
def test_the_shipped_network_finds_a_painted_tumour():
    model, scan = models.load_brain_model(), make_gliomas(1, 99)[0]
    inside = np.argwhere((scan.image != 0).any(axis=-1))
    box = tuple(slice(a, b + 1) for a, b in zip(inside.min(axis=0), inside.max(axis=0), strict=True))
    image = segmentation.standardize_scan(scan.image[box])
    scores = segmentation.predict_volume(model, image, (48, 48, 48), 0.0)
    pred = segmentation_scores.labels_from_scores(scores)
    assert segmentation_scores.dice_of_codes(scan.label[box], pred, (1, 2, 3)) > 0.6


def blob(shape=(40, 44, 36)):
    rng = np.random.default_rng(0)
    grid = np.indices(shape) - np.reshape(np.array(shape) / 2, (3, 1, 1, 1))
    head = (grid[0] / 14) ** 2 + (grid[1] / 17) ** 2 + (grid[2] / 12) ** 2 < 1
    from labutils.datasets.glioma_lesion import smooth_noise

    return np.where(head, 10 + 3 * smooth_noise(rng, shape, 6), 0).astype("float32"), head


def test_a_known_movement_is_found_again():
    volume, head = blob()
    centre = np.array(volume.shape) * 2 / 2
    true = registration.rigid_matrix((3, -4, 6), (5, -6, 4), centre)
    moving = registration.resample(volume, np.linalg.inv(true), 2)
    found = registration.register_rigid(volume, moving, 2)
    before = registration.distance_mm(np.eye(4), true, head, 2).mean()
    after = registration.distance_mm(found.matrix, true, head, 2).mean()
    assert after < 2 < before
    again = registration.register_rigid(volume, moving, 2)
    assert np.allclose(again.matrix, found.matrix)


def test_rigid_matrices_by_hand():
    quarter = registration.rigid_matrix((0, 0, 90), (0, 0, 0), (0, 0, 0))
    assert np.allclose(quarter @ [1, 0, 0, 1], [0, 1, 0, 1])
    about = registration.rigid_matrix((10, 20, 30), (1, 2, 3), (5, 5, 5))
    assert np.allclose(about @ [5, 5, 5, 1], [6, 7, 8, 1])
    assert np.allclose(about[:3, :3] @ about[:3, :3].T, np.eye(3))
    mask = np.ones((2, 2, 2), bool)
    shift = registration.rigid_matrix((0, 0, 0), (3, 0, 4), (0, 0, 0))
    assert np.allclose(registration.distance_mm(shift, np.eye(4), mask, 2), 5)
    with pytest.raises(ValueError, match="contrast"):
        registration.register_rigid(np.zeros((4, 4, 4)), np.ones((4, 4, 4)), 1)


def test_labels_moved_to_the_nearest_voxel_keep_their_codes():
    label = np.zeros((10, 10, 10), np.uint8)
    label[3:7, 3:7, 3:7] = 3
    matrix = registration.rigid_matrix((0, 0, 20), (0.7, 0, 0), (5, 5, 5))
    assert set(np.unique(registration.resample(label, matrix, 1, nearest=True))) <= {0, 3}
