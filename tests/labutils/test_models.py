"""The two DenseNets, and what prepares a film for them."""

import numpy as np
import pytest

from labutils import models
from labutils.interpretation import grad_cam
from labutils.models import films as films_module

# ---- architecture ----


def slim_parameters(n_classes, *, growth_rate, blocks, stem, channels=1):
    """Count weights by the book: convolutions without bias, 4 numbers per map in each batch normalisation."""
    total, maps = 5 * 5 * channels * stem + 4 * stem, stem
    for b, n_layers in enumerate(blocks):
        for _ in range(n_layers):
            total += 4 * maps + 3 * 3 * maps * growth_rate
            maps += growth_rate
        if b < len(blocks) - 1:
            total += 4 * maps + maps * (maps // 2)
            maps //= 2
    return total + 4 * maps + maps * n_classes + n_classes


@pytest.mark.parametrize(
    "kind", [{"growth_rate": 12, "blocks": (2, 3), "stem": 10}, {"growth_rate": 4, "blocks": (1,), "stem": 3}]
)
def test_slim_densenet_has_the_parameters_that_a_count_by_hand_gives(kind):
    model = models.build_densenet(5, input_shape=(32, 48, 1), **kind)
    assert model.count_params() == slim_parameters(5, **kind)
    assert model.output_shape == (None, 5)
    assert model.get_layer(models.FEATURES).output.shape[1:3] == (32 >> len(kind["blocks"]), 48 >> len(kind["blocks"]))


def densenet121_parameters(n_classes):
    """Count as in table 1 of Huang et al. 2017: growth rate 32, blocks of 6, 12, 24, 16, bottlenecks of 128."""
    total, maps = 7 * 7 * 3 * 64 + 4 * 64, 64
    for b, n_layers in enumerate((6, 12, 24, 16)):
        for _ in range(n_layers):
            total += 4 * maps + maps * 128 + 4 * 128 + 3 * 3 * 128 * 32
            maps += 32
        if b < 3:
            total += 4 * maps + maps * (maps // 2)
            maps //= 2
    return total + 4 * maps + maps * n_classes + n_classes


def test_densenet121_has_the_published_size_and_takes_grey_films():
    assert densenet121_parameters(1000) == 8_062_504  # the ImageNet network, batch normalisation included
    assert densenet121_parameters(14) == 7_051_854
    grey = models.build_densenet121(14, input_shape=(32, 32, 1))
    assert grey.count_params() == 7_051_854  # repeating the channel costs nothing
    film = np.random.default_rng(0).random((2, 32, 32, 1)).astype("float32")
    scores = grey(film).numpy()
    assert scores.shape == (2, 14) and ((scores > 0) & (scores < 1)).all()

    colour = models.build_densenet121(14, input_shape=(32, 32, 3))
    colour.set_weights(grey.get_weights())
    np.testing.assert_allclose(colour(np.repeat(film, 3, axis=-1)).numpy(), scores, atol=1e-6)
    assert grad_cam(grey, film[0], 3, models.FEATURES).shape == (32, 32)


# Keras 3.15 asks TensorFlow's variables for an array in a way that numpy 2 calls old; nothing of ours is involved.
@pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy keyword:DeprecationWarning")
def test_weights_can_be_saved_and_given_back(tmp_path):
    first = models.build_densenet121(3, input_shape=(32, 32, 1))
    first.save_weights(tmp_path / "a.weights.h5")
    again = models.build_densenet121(3, input_shape=(32, 32, 1), weights=tmp_path / "a.weights.h5")
    film = np.ones((1, 32, 32, 1), dtype="float32")
    np.testing.assert_array_equal(again(film), first(film))
    with pytest.raises(FileNotFoundError, match=r"no weights file at .*b\.weights\.h5"):
        models.build_densenet121(3, input_shape=(32, 32, 1), weights=tmp_path / "b.weights.h5")
    with pytest.raises(ValueError, match=r"a\.weights\.h5 does not hold weights that fit densenet121 with 4 findings"):
        models.build_densenet121(4, input_shape=(32, 32, 1), weights=tmp_path / "a.weights.h5")


def test_same_seed_same_start():
    a, b, c = (models.build_densenet(2, input_shape=(16, 16, 1), blocks=(2, 1), seed=s) for s in (1, 1, 2))
    film = np.random.default_rng(0).random((1, 16, 16, 1)).astype("float32")
    np.testing.assert_array_equal(a(film), b(film))
    assert not np.array_equal(a(film), c(film))


def test_a_few_steps_of_training_reduce_the_loss():
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 2, (64, 1))
    films = rng.normal(size=(64, 16, 16, 1)).astype("float32")
    films[labels[:, 0] == 1, 4:9, 4:9] += 2.0
    model = models.build_densenet(1, input_shape=(16, 16, 1), blocks=(2, 2), growth_rate=6, stem=8)
    model.compile("adam", "binary_crossentropy")
    seen = model.fit(films, labels, epochs=15, batch_size=16, shuffle=False, verbose=0).history["loss"]
    assert seen[-1] < 0.6 * seen[0]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"n_classes": 0}, "n_classes counts the findings"),
        ({"n_classes": 2.5}, "n_classes counts the findings"),
        ({"n_classes": 2, "blocks": ()}, "at least one block"),
        ({"n_classes": 2, "input_shape": (64, 64)}, r"\(height, width, channels\)"),
        ({"n_classes": 2, "input_shape": (4, 64, 1)}, "3 blocks halve the film 3 times, so it needs at least 8 × 8"),
        ({"n_classes": 2, "compression": 0}, "share of maps"),
    ],
)
def test_slim_densenet_refuses_what_cannot_be_built(arguments, message):
    with pytest.raises(ValueError, match=message):
        models.build_densenet(**arguments)


@pytest.mark.parametrize("shape", [(16, 16, 3), (64, 64, 2)])
def test_densenet121_refuses_what_cannot_be_built(shape):
    with pytest.raises(ValueError, match="at least 32 × 32 pixels with 1 or 3 channels"):
        models.build_densenet121(14, input_shape=shape)


# ---- films ----


def test_films_are_scaled_by_the_fixed_numbers_of_the_card():
    pixels = models.xray_model_card()["pixels"]
    films = np.full((2, 128, 128), 200, dtype=np.uint8)
    films[1] = 0
    ready = models.prepare_films(films)
    assert ready.shape == (2, 64, 64, 1) and ready.dtype == np.float32
    np.testing.assert_allclose(ready[0], (200 - pixels["mean"]) / pixels["sd"], rtol=1e-5)
    np.testing.assert_allclose(ready[1], -pixels["mean"] / pixels["sd"], rtol=1e-5)
    # One film's result does not depend on the others.
    np.testing.assert_array_equal(models.prepare_films(films[:1])[0], ready[0])


@pytest.mark.parametrize("old", [(64, 64), (128, 128), (256, 256), (100, 90), (40, 64)])
def test_resizing_agrees_with_pillow(old):
    from PIL import Image

    film = np.random.default_rng(0).integers(0, 256, old, dtype=np.uint8)
    ours = films_module.resize_films(film[None], 64)[0]
    theirs = np.asarray(Image.fromarray(film).convert("F").resize((64, 64), Image.Resampling.BILINEAR))
    np.testing.assert_allclose(ours, theirs, atol=1e-3)


def test_row_0_stays_at_the_top():
    film = np.zeros((1, 256, 256), dtype=np.uint8)
    film[0, :64, 192:] = 255
    small = models.prepare_films(film, size=32)[0, :, :, 0]
    assert small[:7, 25:].min() > small[9:].max()


def test_trailing_channel_float_and_empty_batches_are_taken():
    film = np.random.default_rng(0).integers(0, 256, (1, 64, 64), dtype=np.uint8)
    plain = models.prepare_films(film)
    np.testing.assert_array_equal(models.prepare_films(film[..., None]), plain)
    np.testing.assert_array_equal(models.prepare_films(film.astype("float64")), plain)
    assert models.prepare_films(film[:0]).shape == (0, 64, 64, 1)


@pytest.mark.parametrize(
    ("images", "message"),
    [
        (np.zeros((64, 64)), r"\(n_films, height, width\).* got \(64, 64\)"),
        (np.zeros((2, 64, 64, 3)), r"got \(2, 64, 64, 3\)"),
        (np.full((1, 8, 8), 0.5), "scaled to 0 to 1"),
        (np.full((1, 8, 8), 300.0), "from 300 to 300"),
        (np.full((1, 8, 8), np.nan), "from 0 to 255"),
        (np.zeros((1, 0, 8)), "no pixels"),
    ],
)
def test_prepare_films_says_what_is_wrong(images, message):
    with pytest.raises(ValueError, match=message):
        models.prepare_films(images)
