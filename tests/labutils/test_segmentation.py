"""Sub-volumes, Dice, voxel rates and whole-scan prediction: by hand, against loops, and where they refuse."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import f1_score, recall_score

from labutils import segmentation, segmentation_scores

SIZES = {"orig_x": 6, "orig_y": 5, "orig_z": 4, "output_x": 3, "output_y": 2, "output_z": 2}


def numbered(shape=(6, 5, 4), channels=2):
    return np.arange(int(np.prod(shape)) * channels, dtype=float).reshape(*shape, channels)


@pytest.mark.parametrize("seed", range(5))
def test_a_block_and_its_label_come_from_one_place(seed):
    image, label = numbered(), np.random.default_rng(seed).integers(0, 4, (6, 5, 4))
    x, y = segmentation.get_sub_volume(image, label, **SIZES, rng=seed)
    start = np.unravel_index(int(x[0, 0, 0, 0]), image.shape)[:3]
    cut = tuple(slice(a, a + n) for a, n in zip(start, (3, 2, 2), strict=True))
    assert np.array_equal(x, np.moveaxis(image[cut], -1, 0))
    assert np.array_equal(y, np.stack([label[cut] == c for c in (1, 2, 3)]))


def test_no_block_without_tumour_and_the_threshold_is_not_reached():
    image = numbered()
    assert segmentation.get_sub_volume(image, np.zeros((6, 5, 4)), **SIZES, max_tries=20) is None
    half = np.zeros((6, 5, 4))
    half[:, :, ::2] = 1
    assert segmentation.get_sub_volume(image, half, **SIZES, background_threshold=0.5, max_tries=20) is None
    assert segmentation.get_sub_volume(image, half, **SIZES, background_threshold=0.51, rng=0) is not None


def test_a_block_that_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="does not fit"):
        segmentation.get_sub_volume(numbered(), np.zeros((6, 5, 4)), **{**SIZES, "output_x": 7})
    with pytest.raises(ValueError, match="orig_x"):
        segmentation.get_sub_volume(numbered(), np.zeros((6, 5, 4)))


def test_standardize_by_hand_and_without_contrast():
    block = np.zeros((1, 2, 2, 2))
    block[0, :, :, 0] = [[1, 3], [5, 7]]
    block[0, :, :, 1] = 9
    before = block.copy()
    got = segmentation.standardize(block)
    assert np.allclose(got[0, :, :, 0].ravel(), (np.array([1, 3, 5, 7]) - 4) / np.sqrt(5))
    assert (got[0, :, :, 1] == 0).all()
    assert np.array_equal(block, before)


def test_standardize_scan_leaves_air_alone():
    image = np.zeros((3, 3, 3, 2), np.float32)
    image[1:, :, :, :] = np.random.default_rng(0).uniform(1, 5, (2, 3, 3, 2))
    got = segmentation.standardize_scan(image)
    assert (got[0] == 0).all()
    assert np.allclose(got[1:].mean(axis=(0, 1, 2)), 0, atol=1e-6)
    assert np.allclose(got[1:].std(axis=(0, 1, 2)), 1, atol=1e-5)
    with pytest.raises(ValueError, match="0 everywhere"):
        segmentation.standardize_scan(np.zeros((2, 2, 2, 4)))


@pytest.mark.parametrize(
    ("truth", "guess", "epsilon", "expected"),
    [
        ([1, 1, 0, 0], [1, 0, 0, 1], 1, 0.6),
        ([1, 1, 0, 0], [1, 1, 0, 0], 1e-5, 1.0),
        ([0, 0, 0, 0], [0, 0, 0, 0], 1e-5, 1.0),
        ([0, 0, 0, 0], [0, 0, 0, 0], 0, float("nan")),
        ([1, 1, 0, 0], [0.5, 0.25, 0.25, 0], 0, 0.5),
    ],
)
def test_dice_of_one_class_by_hand(truth, guess, epsilon, expected):
    shape = (2, 2, 1)
    got = segmentation.single_class_dice_coefficient(
        np.reshape(truth, shape), np.reshape(guess, shape), epsilon=epsilon
    )
    assert float(got) == pytest.approx(expected, abs=1e-5, nan_ok=True)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 4), st.sampled_from(["uint8", "int64", "float32", "float64"]))
def test_dice_and_loss_agree_with_loops_and_with_scikit_learn(seed, n_classes, dtype):
    rng = np.random.default_rng(seed)
    truth = (rng.random((n_classes, 3, 4, 2)) < 0.5).astype(dtype)
    guess = rng.random(truth.shape)
    hard = (guess > 0.5).astype(dtype)
    dice = [
        2 * (t * p).sum() / max(t.sum() + p.sum(), 1)
        for t, p in zip(truth.astype(float), hard.astype(float), strict=True)
    ]
    f1 = [f1_score(t.ravel() > 0, p.ravel() > 0, zero_division=0) for t, p in zip(truth, hard, strict=True)]
    assert dice == pytest.approx(f1)
    assert float(segmentation.dice_coefficient(truth, hard)) == pytest.approx(np.mean(dice), abs=1e-3)
    soft = [
        2 * (t * p).sum() / ((t * t).sum() + (p * p).sum()) for t, p in zip(truth.astype(float), guess, strict=True)
    ]
    loss = float(segmentation.soft_dice_loss(truth, guess))
    assert loss == pytest.approx(1 - np.mean(soft), abs=1e-4)
    assert -1e-6 <= loss <= 1 + 1e-6
    assert float(segmentation.soft_dice_loss(truth[::-1], guess[::-1])) == pytest.approx(loss, abs=1e-5)


def toy():
    truth, guess = np.zeros((1, 1, 2, 2, 3)), np.full((1, 1, 2, 2, 3), 0.05)
    truth[..., 0], guess[..., 0] = 1, 0.28
    return truth, guess


def test_the_wrong_axes_show_and_batched_axes_repairs_them():
    truth, guess = toy()
    assert float(segmentation.soft_dice_loss(truth, guess)) == pytest.approx(0.83, abs=0.005)
    repaired = segmentation.batched_axes(segmentation.soft_dice_loss)
    assert float(repaired(truth, guess)) == pytest.approx(0.48, abs=0.005)
    rng = np.random.default_rng(3)
    truth, guess = rng.integers(0, 2, (3, 2, 3, 4, 2)), rng.random((3, 2, 3, 4, 2))
    each = [float(segmentation.soft_dice_loss(t, p)) for t, p in zip(truth, guess, strict=True)]
    assert float(repaired(truth, guess)) == pytest.approx(np.mean(each), abs=1e-5)


def test_the_gradient_of_the_loss_is_its_slope():
    import tensorflow as tf

    rng = np.random.default_rng(5)
    truth, guess = rng.integers(0, 2, (2, 2, 3, 2)), rng.uniform(0.2, 0.8, (2, 2, 3, 2))
    variable = tf.constant(guess, tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(variable)
        loss = segmentation.soft_dice_loss(truth, variable)
    gradient = tape.gradient(loss, variable).numpy()
    up, down = guess.copy(), guess.copy()
    up[1, 0, 2, 1] += 1e-2
    down[1, 0, 2, 1] -= 1e-2
    slope = (float(segmentation.soft_dice_loss(truth, up)) - float(segmentation.soft_dice_loss(truth, down))) / 2e-2
    assert gradient[1, 0, 2, 1] == pytest.approx(slope, rel=0.02)


def test_sensitivity_and_specificity_by_hand_and_where_undefined():
    label = np.array([1, 1, 1, 1, 0, 0, 0, 0]).reshape(1, 8, 1, 1)
    pred = np.array([1, 1, 0, 0, 1, 0, 0, 0]).reshape(1, 8, 1, 1)
    assert segmentation.compute_class_sens_spec(pred, label, 0) == (0.5, 0.75)
    assert segmentation.compute_class_sens_spec(pred, label, 0).sensitivity == recall_score(label.ravel(), pred.ravel())
    assert np.isnan(segmentation.compute_class_sens_spec(pred, 0 * label, 0).sensitivity)
    assert np.isnan(segmentation.compute_class_sens_spec(pred, 0 * label + 1, 0).specificity)


@pytest.mark.parametrize("overlap", [0.0, 0.25, 0.5, 0.75])
@pytest.mark.parametrize(("shape", "patch"), [((9, 7, 5), (4, 2, 4)), ((3, 2, 1), (4, 4, 4)), ((8, 8, 8), (4, 4, 4))])
def test_prediction_is_the_mean_over_patches(shape, patch, overlap):
    image = np.random.default_rng(1).random((*shape, 2)).astype("float32")

    def model(blocks):
        place = np.arange(blocks.shape[1])[None, :, None, None, None]
        return blocks[..., :1] + place

    full = np.pad(image, [*((0, max(p - n, 0)) for p, n in zip(patch, shape, strict=True)), (0, 0)])
    starts = [segmentation.patch_starts(n, p, overlap) for n, p in zip(full.shape[:3], patch, strict=True)]
    expected = np.zeros(shape)
    for place in np.ndindex(*shape):
        covering = [[s for s in own if s <= i < s + p] for i, own, p in zip(place, starts, patch, strict=True)]
        assert all(covering)
        expected[place] = image[(*place, 0)] + np.mean([place[0] - s for s in covering[0]])
    got = segmentation.predict_volume(model, image, patch, overlap, batch_size=3)
    assert got.shape == (*shape, 1)
    assert np.allclose(got[..., 0], expected, atol=1e-5)


def test_the_bar_goes_to_stdout_and_bad_arguments_are_refused(capsys):
    segmentation.predict_volume(lambda b: b, np.ones((4, 4, 4, 1)), (2, 2, 2), 0.0, progress=True)
    said = capsys.readouterr()
    assert "patches" in said.out
    assert said.err == ""
    with pytest.raises(ValueError, match="overlap"):
        segmentation.predict_volume(lambda b: b, np.ones((4, 4, 4, 1)), (2, 2, 2), 1.0)
    with pytest.raises(ValueError, match="channel"):
        segmentation.predict_volume(lambda b: b, np.ones((4, 4, 4)), (2, 2, 2), 0.0)


def test_labels_from_scores_ties_and_threshold():
    scores = np.array([[0.5, 0.25, 0.1], [0.25, 0.25, 0.25], [0.1, 0.2, 0.75]]).reshape(3, 1, 1, 3)
    assert segmentation_scores.labels_from_scores(scores).ravel().tolist() == [1, 0, 3]


def test_dice_of_codes_and_its_nan():
    label, pred = np.array([0, 1, 2, 3]), np.array([0, 1, 3, 3])
    assert segmentation_scores.dice_of_codes(label, pred, (2, 3)) == 1.0
    assert segmentation_scores.dice_of_codes(label, pred, 3) == pytest.approx(2 / 3)
    assert np.isnan(segmentation_scores.dice_of_codes(label, pred, 7))
    with pytest.raises(ValueError, match="same shape"):
        segmentation_scores.dice_of_codes(label, pred[:2], 1)


def test_bootstrap_resamples_cases():
    result = segmentation_scores.bootstrap_mean([0.5, 0.7, 0.9, float("nan")], 1)
    assert (round(result.mean, 6), result.cases) == (0.7, 3)
    assert 0.5 <= result.low < 0.7 < result.high <= 0.9
    assert segmentation_scores.bootstrap_mean([], 1).cases == 0
    assert np.isnan(segmentation_scores.bootstrap_mean([0.4], 1).low)
    assert segmentation_scores.volume_ml(np.ones((10, 10, 10)), 1, 2) == 8.0
