"""Heat maps: on small networks whose answer is known, and on the networks of the course."""

import numpy as np
import pytest

from labutils.interpretation import grad_cam


@pytest.fixture(scope="module")
def toy():
    """A network whose only feature map is the film itself, 4 × 4 means of it: the score is the mean brightness."""
    import keras

    film = keras.Input((32, 32, 1))
    maps = keras.layers.AveragePooling2D(4, name="maps")(film)
    pooled = keras.layers.GlobalAveragePooling2D(name="pooled")(maps)
    head = keras.layers.Dense(2, activation="sigmoid", name="head")
    model = keras.Model(film, head(pooled))
    head.set_weights([np.array([[3.0, -3.0]]), np.array([0.5, -0.5])])
    return model


def spot(row, column, size=32):
    film = np.zeros((size, size, 1), dtype="float32")
    film[row : row + 4, column : column + 4] = 1.0
    return film


@pytest.mark.parametrize(("row", "column"), [(4, 24), (24, 4), (4, 4), (16, 8)])
def test_heat_lies_where_the_spot_is_row_0_at_the_top(toy, row, column):
    heat = grad_cam(toy, spot(row, column), 0, "maps")
    assert heat.shape == (32, 32)
    top, left = np.unravel_index(heat.argmax(), heat.shape)
    assert row <= top < row + 4 and column <= left < column + 4
    rows, columns = np.indices(heat.shape)
    centre = (heat * rows).sum() / heat.sum(), (heat * columns).sum() / heat.sum()
    assert centre == pytest.approx((row + 1.5, column + 1.5), abs=0.01)


def test_range_dtype_and_batch_of_one(toy):
    film = np.random.default_rng(0).random((32, 32, 1))
    heat = grad_cam(toy, film, 0, "maps")
    assert heat.min() >= 0 and heat.max() == 1.0 and heat.dtype == float
    np.testing.assert_array_equal(heat, grad_cam(toy, film[None], 0, "maps"))


def test_what_speaks_against_a_category_gives_zeros_not_nan(toy):
    heat = grad_cam(toy, spot(8, 8), 1, "maps")
    np.testing.assert_array_equal(heat, 0.0)
    np.testing.assert_array_equal(grad_cam(toy, np.zeros((32, 32, 1)), 0, "maps"), 0.0)


def test_map_equals_the_formula_computed_by_hand(toy):
    film = np.random.default_rng(1).random((32, 32, 1)).astype("float32")
    maps = film.reshape(8, 4, 8, 4).mean(axis=(1, 3))
    heat = grad_cam(toy, film, 0, "maps")
    # The one weight is positive and cancels in the division: what is left is the map itself, stretched. The middle of a
    # 4 × 4 block lies between pixels 1 and 2, where bilinear stretching mixes the neighbours symmetrically.
    import tensorflow as tf

    stretched = tf.image.resize(maps[None, :, :, None], (32, 32))[0, :, :, 0].numpy()
    np.testing.assert_allclose(heat, stretched / stretched.max(), atol=1e-6)


def test_a_network_that_is_quite_sure_still_has_a_map():
    import keras

    film = keras.Input((16, 16, 1))
    maps = keras.layers.AveragePooling2D(2, name="maps")(film)
    head = keras.layers.Dense(1, activation="sigmoid")
    model = keras.Model(film, head(keras.layers.GlobalAveragePooling2D()(maps)))
    head.set_weights([np.array([[5000.0]]), np.array([0.0])])
    image = spot(4, 8, size=16)
    assert model(image[None]).numpy() == 1.0  # saturated: the sigmoid's own gradient is exactly 0
    assert grad_cam(model, image, 0, "maps").max() == 1.0


@pytest.mark.parametrize("last", ["softmax layer", "sigmoid layer", "linear"])
def test_other_endings_give_the_same_map(toy, last):
    import keras

    film = keras.Input((32, 32, 1))
    maps = keras.layers.AveragePooling2D(4, name="maps")(film)
    head = keras.layers.Dense(2)
    x = head(keras.layers.GlobalAveragePooling2D()(maps))
    if last == "softmax layer":
        x = keras.layers.Softmax()(x)
    elif last == "sigmoid layer":
        x = keras.layers.Activation("sigmoid")(x)
    model = keras.Model(film, x)
    head.set_weights([np.array([[3.0, -3.0]]), np.array([0.5, -0.5])])
    image = np.random.default_rng(2).random((32, 32, 1))
    np.testing.assert_allclose(grad_cam(model, image, 0, "maps"), grad_cam(toy, image, 0, "maps"), atol=1e-6)


def test_model_and_image_stay_as_they_were(toy):
    image = spot(4, 4)
    before, weights = image.copy(), [w.copy() for w in toy.get_weights()]
    grad_cam(toy, image, 0, "maps")
    np.testing.assert_array_equal(image, before)
    for now, then in zip(toy.get_weights(), weights, strict=True):
        np.testing.assert_array_equal(now, then)


WRONG = {
    "no layer 'nowhere'. Its last layers with height and width are: .*maps": (np.zeros((32, 32, 1)), 0, "nowhere"),
    "Layer 'pooled' has no height and width": (np.zeros((32, 32, 1)), 0, "pooled"),
    "from 0 to 1; got 2": (np.zeros((32, 32, 1)), 2, "maps"),
    "from 0 to 1; got -1": (np.zeros((32, 32, 1)), -1, "maps"),
    r"one film of shape \(32, 32, 1\) .* got \(2, 32, 32, 1\)": (np.zeros((2, 32, 32, 1)), 0, "maps"),
    r"one film of shape \(32, 32, 1\) .* got \(32, 32\)": (np.zeros((32, 32)), 0, "maps"),
}


@pytest.mark.parametrize("message", WRONG)
def test_bad_input_gets_one_clear_sentence(toy, message):
    with pytest.raises(ValueError, match=message):
        grad_cam(toy, *WRONG[message])
