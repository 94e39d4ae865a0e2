"""Heat maps: on small networks whose answer is known, and on the networks of the course."""

import numpy as np
import pytest

from labutils.interpretation import cam_sanity, grad_cam, grad_cams, logit_model, redraw_cascade, redraw_weights
from labutils.interpretation_sanity import rank_similarity


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


@pytest.fixture(scope="module")
def bright_and_dark():
    """Two maps as large as the film, what is bright and what is dark, and logits that are weighted means of them."""
    import keras

    film = keras.Input((3, 4, 1))
    maps = keras.layers.Conv2D(2, 1, activation="relu", name="features")(film)
    logits = keras.layers.Dense(2)(keras.layers.GlobalAveragePooling2D()(maps))
    model = keras.Model(film, logits)
    model.set_weights([np.array([[[[1.0, -1.0]]]]), np.zeros(2), np.array([[3.0, -3.0], [-1.0, 1.0]]), np.zeros(2)])
    return model


# the film is 2 at the top right, 1 at the left of the middle row, -3 at the bottom left
TWO_MAPS = {0: {(0, 3): 1.0, (1, 0): 0.5}, 1: {(2, 0): 1.0}}


@pytest.mark.parametrize("category", TWO_MAPS)
def test_two_maps_worked_out_by_hand(bright_and_dark, category):
    film, expected = np.zeros((3, 4, 1)), np.zeros((3, 4))
    film[0, 3], film[1, 0], film[2, 0] = 2, 1, -3
    for place, heat in TWO_MAPS[category].items():
        expected[place] = heat
    np.testing.assert_allclose(grad_cam(bright_and_dark, film, category, "features"), expected, atol=1e-6)


@pytest.fixture(scope="module")
def plain():
    import keras

    film = keras.Input((12, 16, 1))
    x = keras.layers.Conv2D(4, 3, padding="same", activation="relu")(film)
    x = keras.layers.Conv2D(6, 3, strides=2, padding="same", activation="relu", name="features")(x)
    x = keras.layers.Dropout(0.5)(keras.layers.GlobalAveragePooling2D()(x))
    model = keras.Model(film, keras.layers.Dense(3, activation="softmax", name="head")(x))
    draw = np.random.default_rng(0)
    model.set_weights([draw.normal(0, 0.6, part.shape) for part in model.get_weights()])
    return model


@pytest.mark.parametrize("categories", [1, [0, 1, 2, 2, 1, 0, 1]])
def test_a_batch_gives_the_maps_of_its_films(plain, categories):
    films = np.random.default_rng(1).normal(size=(7, 12, 16, 1))
    each = [categories] * 7 if isinstance(categories, int) else categories
    alone = np.stack([grad_cam(plain, film, category, "features") for film, category in zip(films, each, strict=True)])
    for batch_size in (3, 7, 100):
        np.testing.assert_allclose(
            grad_cams(plain, films, categories, "features", batch_size=batch_size), alone, atol=1e-5
        )
    assert grad_cams(plain, films[:0], 1, "features").shape == (0, 12, 16)


@pytest.mark.parametrize("ending", ["dense", "layer", "linear"])
def test_logit_model_leaves_out_the_last_activation(ending):
    import keras

    film = keras.Input((4,))
    x = keras.layers.Dense(3, activation="softmax" if ending == "dense" else None, name="head")(film)
    model = keras.Model(film, keras.layers.Activation("softmax")(x) if ending == "layer" else x)
    rows = np.random.default_rng(0).normal(size=(5, 4)).astype("float32")
    logits = logit_model(model).predict(rows, verbose=0)
    told = model.predict(rows, verbose=0)
    again = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(logits if ending == "linear" else again, told, atol=1e-6)


def test_weights_drawn_anew_keep_their_values_and_lose_their_places(plain):
    before = [part.copy() for part in plain.get_weights()]
    drawn = redraw_weights(plain, 0)
    for old, kept, new in zip(before, plain.get_weights(), drawn.get_weights(), strict=True):
        np.testing.assert_array_equal(old, kept)
        np.testing.assert_allclose(np.sort(old.ravel()), np.sort(new.ravel()))
    assert not np.array_equal(before[0], drawn.get_weights()[0])
    only_head = redraw_weights(plain, 0, layers=["head"])
    assert np.array_equal(before[0], only_head.get_weights()[0])
    assert not np.array_equal(before[-2], only_head.get_weights()[-2])


def test_the_sanity_check_compares_two_maps_of_one_category(plain):
    film = np.random.default_rng(2).normal(size=(12, 16, 1))
    top = int(plain(film[None].astype("float32")).numpy().argmax())
    found = cam_sanity(plain, film, rng=4)
    np.testing.assert_allclose(found.before, grad_cam(plain, film, top, "features"))
    np.testing.assert_allclose(found.after, grad_cam(redraw_weights(plain, 4), film, top, "features"))
    np.testing.assert_allclose(found.similarity, rank_similarity(found.before, found.after))
    other = cam_sanity(plain, film[None], category_index=(top + 1) % 3, rng=4)
    assert not np.allclose(other.before, found.before)


def test_the_cascade_goes_from_the_head_to_all_layers(plain):
    films = np.random.default_rng(3).normal(size=(4, 12, 16, 1))
    table = redraw_cascade(plain, films, 1, steps=9, draws=2)
    assert table["layers"].tolist() == [1, 2, 3] and table["down_to"].iloc[0] == "head"
    assert (table["maps"] + table["blank"] == 8).all()
    assert table["similarity"].dropna().between(-1, 1).all()


def test_rank_similarity_by_hand():
    assert rank_similarity([[0, 0.5], [1, 0.2]], [[0, 0.1], [0.4, 0.05]]) == 1
    assert np.isnan(rank_similarity(np.zeros((2, 2)), [[0, 0.1], [0.4, 0.05]]))
    with pytest.raises(ValueError, match="one shape"):
        rank_similarity(np.zeros((2, 2)), np.zeros((2, 3)))


BAD_BATCH = {
    r"shape \(n, 32, 32, 1\); got \(32, 32, 1\)": {"images": np.zeros((32, 32, 1))},
    "one number, or one a film: got 3 for 2": {"category_index": [0, 1, 0]},
    "from 0 to 1; got 5": {"category_index": [0, 5]},
    "batch_size is .* got 0": {"batch_size": 0},
    "no layer 'nowhere'": {"layer_name": "nowhere"},
}


@pytest.mark.parametrize("message", BAD_BATCH)
def test_bad_batches_get_one_clear_sentence(toy, message):
    arguments = {"images": np.zeros((2, 32, 32, 1)), "category_index": 0, "layer_name": "maps"} | BAD_BATCH[message]
    with pytest.raises(ValueError, match=message):
        grad_cams(toy, **arguments)


def test_layers_and_counts_that_are_not_there(toy):
    with pytest.raises(ValueError, match="no layer 'nowhere'"):
        redraw_weights(toy, 0, layers=["nowhere"])
    with pytest.raises(ValueError, match="steps is a whole number"):
        redraw_cascade(toy, np.zeros((1, 32, 32, 1)), 0, steps=0)
