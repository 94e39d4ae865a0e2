"""Leakage, class frequencies, the weighted loss, splits by patient and the readers' consensus, against tables by hand."""

import inspect
from itertools import combinations
from math import log

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labutils.imbalance import (
    check_for_leakage,
    compute_class_freqs,
    consensus_label,
    get_weighted_loss,
    split_by_patient,
)

NAN = float("nan")


def table(patients, **columns):
    return pd.DataFrame({"patient": patients, **columns})


# -- check_for_leakage -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        pytest.param([3, 3, 5], [5, 8], True, id="one patient shared"),
        pytest.param([3, 3, 5], [8, 8, 9], False, id="duplicates within a table are no leak"),
        pytest.param([0, 1], [0, 9], True, id="patient 0 counts"),
        pytest.param([4, 5], [0, 1], False, id="row numbers are not patients"),
        pytest.param(["12", "7"], ["112", "71"], False, id="part of a longer id"),
        pytest.param(["p1"], ["p1"], True, id="text ids"),
        pytest.param([1, 2], [], False, id="empty second table"),
        pytest.param([], [], False, id="two empty tables"),
    ],
)
def test_leakage_table(first, second, expected):
    first, second = table(first, film=range(len(first))), table(second)
    before = first.copy()
    assert check_for_leakage(first, second, "patient") is expected
    assert check_for_leakage(second, first, "patient") is expected
    pd.testing.assert_frame_equal(first, before)


@given(st.lists(st.integers(0, 12)), st.lists(st.integers(0, 12)))
def test_leakage_agrees_with_a_naive_loop(first, second):
    naive = any(a == b for a in first for b in second)
    assert check_for_leakage(table(first), table(second), "patient") == naive


def test_leakage_refuses_a_missing_column_and_missing_ids():
    with pytest.raises(ValueError, match=r"df2 has no column 'patient'; it has who"):
        check_for_leakage(table([1]), pd.DataFrame({"who": [1]}), "patient")
    with pytest.raises(ValueError, match=r"df1 has 1 rows without an id in 'patient'"):
        check_for_leakage(table([1, None]), table([2]), "patient")


# -- compute_class_freqs -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", ["bool", "int8", "uint8", "int64", "float32", "float64"])
def test_freqs_by_hand(dtype):
    labels = np.array([[1, 0, 0], [1, 1, 0], [0, 1, 0], [1, 0, 0]]).astype(dtype)
    freqs = compute_class_freqs(labels)
    np.testing.assert_array_equal(freqs.pos, [0.75, 0.5, 0])
    np.testing.assert_array_equal(freqs.neg, [0.25, 0.5, 1])


def test_freqs_take_a_frame_and_name_their_results():
    pos, neg = compute_class_freqs(pd.DataFrame({"Mass": [1, 0], "Hernia": [0, 0]}))
    np.testing.assert_array_equal(pos, [0.5, 0])
    np.testing.assert_array_equal(neg, [0.5, 1])


def test_no_film_gives_nan_for_each_finding():
    freqs = compute_class_freqs(np.zeros((0, 3)))
    np.testing.assert_array_equal(freqs.pos, [NAN] * 3)
    np.testing.assert_array_equal(freqs.neg, [NAN] * 3)


@given(st.integers(1, 30), st.integers(1, 6), st.integers(0, 2**32))
def test_freqs_are_shares_that_add_up_and_ignore_the_order_of_films(n_films, n_findings, seed):
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 2, (n_films, n_findings))
    freqs = compute_class_freqs(labels)
    np.testing.assert_allclose(freqs.pos + freqs.neg, 1)
    np.testing.assert_array_equal(freqs.pos, compute_class_freqs(labels[rng.permutation(n_films)]).pos)
    naive = [sum(int(row[c]) for row in labels) / n_films for c in range(n_findings)]
    np.testing.assert_allclose(freqs.pos, naive)


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        ([1, 0, 1], r"two axes, \(n_films, n_findings\); got shape \(3,\)"),
        ([[1.0, NAN]], "must be 0 or 1"),
        ([[1, -1]], "must be 0 or 1"),
    ],
)
def test_freqs_refuse(labels, message):
    with pytest.raises(ValueError, match=message):
        compute_class_freqs(labels)


# -- get_weighted_loss -------------------------------------------------------------------------------------------------


def naive_loss(w_pos, w_neg, epsilon, y_true, y_pred):
    total = 0.0
    for c in range(len(w_pos)):
        for y, p in zip(np.asarray(y_true)[:, c].tolist(), np.asarray(y_pred)[:, c].tolist(), strict=True):
            total -= w_pos[c] * y * log(p + epsilon) + w_neg[c] * (1 - y) * log(1 - p + epsilon)
    return total / len(y_true)


@pytest.mark.parametrize(
    ("y_true", "y_pred", "expected"),
    [
        # the exercise by hand: (3 · log 2 + 1 · log 4) / 2
        pytest.param([[1], [0]], [[0.5], [0.75]], (3 * log(2) + log(4)) / 2, id="one positive, one negative"),
        pytest.param([[1], [1]], [[0.5], [0.25]], 3 * (log(2) + log(4)) / 2, id="positives only"),
        pytest.param([[0]], [[0.75]], log(4), id="one film"),
    ],
)
def test_loss_by_hand(y_true, y_pred, expected):
    loss = get_weighted_loss([3.0], [1.0])
    assert float(loss(np.array(y_true), np.array(y_pred))) == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("true_type", ["bool", "int8", "int64", "float16", "float64"])
@pytest.mark.parametrize("pred_type", ["float16", "float32", "float64"])
@pytest.mark.parametrize("as_tensor", [False, True])
def test_loss_takes_every_number_type(true_type, pred_type, as_tensor):
    import tensorflow as tf

    y_true = np.array([[1, 0], [0, 0], [1, 1]]).astype(true_type)
    y_pred = np.array([[0.75, 0.25], [0.5, 0.125], [0.25, 0.5]]).astype(pred_type)
    expected = naive_loss([1.5, 2], [0.5, 0.25], 1e-7, y_true.astype(int), y_pred)
    if as_tensor:
        y_true, y_pred = tf.constant(y_true), tf.constant(y_pred)
    got = get_weighted_loss([1.5, 2], [0.5, 0.25])(y_true, y_pred)
    assert tf.is_tensor(got)
    assert got.shape == ()
    assert float(got) == pytest.approx(expected, rel=1e-5)


def test_loss_with_weights_of_one_is_the_log_loss_of_scikit_learn_summed_over_findings():
    from sklearn.metrics import log_loss

    rng = np.random.default_rng(3)
    y_true, y_pred = rng.integers(0, 2, (40, 3)), rng.uniform(0.05, 0.95, (40, 3))
    expected = sum(log_loss(y_true[:, c], y_pred[:, c], labels=[0, 1]) for c in range(3))
    assert float(get_weighted_loss(np.ones(3), np.ones(3))(y_true, y_pred)) == pytest.approx(expected, rel=1e-5)


def test_both_classes_pull_equally_hard_under_the_weights_of_the_frequencies():
    labels = np.array([[1, 1], [0, 1], [0, 1], [0, 0]])
    pos, neg = compute_class_freqs(labels)
    half = np.full(labels.shape, 0.5)
    from_positives = get_weighted_loss(neg, np.zeros(2))(labels, half)
    from_negatives = get_weighted_loss(np.zeros(2), pos)(labels, half)
    assert float(from_positives) == pytest.approx(float(from_negatives), rel=1e-6)


def test_loss_stays_finite_and_right_where_the_prediction_is_0_or_1():
    loss = get_weighted_loss([2.0], [1.0], epsilon=0.25)
    assert float(loss(np.array([[1], [0]]), np.array([[0.0], [1.0]]))) == pytest.approx(3 * log(4) / 2, rel=1e-6)
    sure_and_wrong = get_weighted_loss([1.0], [1.0])(np.array([[1]]), np.array([[0.0]]))
    assert float(sure_and_wrong) == pytest.approx(-log(1e-7), rel=1e-4)


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 8), st.integers(1, 4), st.integers(0, 2**32))
def test_loss_agrees_with_a_naive_loop_and_is_linear_in_its_weights(n_films, n_findings, seed):
    rng = np.random.default_rng(seed)
    y_true, y_pred = rng.integers(0, 2, (n_films, n_findings)), rng.uniform(0.02, 0.98, (n_films, n_findings))
    w_pos, w_neg = rng.uniform(0, 2, (2, n_findings))
    got = float(get_weighted_loss(w_pos, w_neg)(y_true, y_pred))
    assert got == pytest.approx(naive_loss(w_pos, w_neg, 1e-7, y_true, y_pred), rel=1e-4, abs=1e-5)
    assert float(get_weighted_loss(3 * w_pos, 3 * w_neg)(y_true, y_pred)) == pytest.approx(3 * got, rel=1e-4, abs=1e-5)


def test_gradient_is_the_slope_and_reaches_the_weights_of_a_network():
    import keras
    import tensorflow as tf

    rng = np.random.default_rng(5)
    y_true, y_pred = rng.integers(0, 2, (6, 2)), rng.uniform(0.1, 0.9, (6, 2))
    w_pos, w_neg = [1.5, 0.5], [0.25, 1.0]
    loss = get_weighted_loss(w_pos, w_neg)
    point = tf.constant(y_pred, tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(point)
        value = loss(y_true, point)
    by_hand = -(w_pos * y_true / y_pred - w_neg * (1 - y_true) / (1 - y_pred)) / 6
    np.testing.assert_allclose(tape.gradient(value, point), by_hand, rtol=1e-4)

    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, activation="sigmoid")])
    model.compile(keras.optimizers.Adam(0.1), loss=loss)
    x = rng.normal(size=(40, 3)).astype("float32")
    y = (x[:, :2] > 0).astype("float32")
    history = model.fit(x, y, epochs=10, batch_size=20, verbose=0)
    assert history.history["loss"][-1] < 0.5 * history.history["loss"][0]


@pytest.mark.parametrize(
    ("pos", "neg", "message"),
    [
        ([1.0], [1.0, 2.0], r"got shapes \(1,\) and \(2,\)"),
        (1.0, 1.0, "one number per finding"),
        ([1.0], [-0.5], "0 or more"),
        ([NAN], [1.0], "0 or more"),
    ],
)
def test_loss_refuses_weights(pos, neg, message):
    with pytest.raises(ValueError, match=message):
        get_weighted_loss(pos, neg)


def test_loss_refuses_another_number_of_findings():
    with pytest.raises(ValueError, match=r"y_pred must have shape \(n_films, 2\); got \(4, 3\)"):
        get_weighted_loss([1, 1], [1, 1])(np.zeros((4, 3)), np.zeros((4, 3)))


# -- split_by_patient --------------------------------------------------------------------------------------------------


def films_of(seed, n_patients):
    rng = np.random.default_rng(seed)
    rows = np.repeat(rng.choice(9_000, n_patients, replace=False), rng.integers(1, 9, n_patients))
    return table(rows[rng.permutation(len(rows))], film=np.arange(len(rows)))


def films_in(parts):
    return [set(part["film"]) for part in parts]


@given(
    st.integers(0, 2**32),
    st.integers(1, 40),
    st.sampled_from([(1.0,), (0.5, 0.5), (0.7, 0.1, 0.2), (0.0, 0.25, 0.75), (1 / 3, 1 / 3, 1 / 3)]),
)
def test_split_puts_each_film_in_one_part_each_patient_in_one_part_and_hits_the_fractions(seed, n_patients, fractions):
    films = films_of(seed, n_patients)
    before = films.copy()
    parts = split_by_patient(films, "patient", fractions, seed)
    pd.testing.assert_frame_equal(films, before)
    assert len(parts) == len(fractions)
    pd.testing.assert_frame_equal(pd.concat(parts).sort_index(), films)
    assert not any(check_for_leakage(a, b, "patient") for a, b in combinations(parts, 2))
    for part, fraction in zip(parts, fractions, strict=True):
        assert abs(part["patient"].nunique() - fraction * n_patients) <= 1


def test_the_same_seed_gives_the_same_parts_and_another_seed_others():
    films = films_of(1, 60)
    first = films_in(split_by_patient(films, "patient", (0.5, 0.5), 7))
    assert films_in(split_by_patient(films, "patient", (0.5, 0.5), 7)) == first
    assert films_in(split_by_patient(films, "patient", (0.5, 0.5), np.random.default_rng(7))) == first
    assert films_in(split_by_patient(films, "patient", (0.5, 0.5), 8)) != first


def test_every_patient_can_land_in_every_part():
    films = films_of(2, 12)
    firsts = [set(split_by_patient(films, "patient", (0.5, 0.5), seed)[0]["patient"]) for seed in range(60)]
    assert set.union(*firsts) == set(films["patient"])
    assert not set.intersection(*firsts)


def test_repeated_row_numbers_and_text_ids_do_no_harm():
    films = films_of(3, 20).astype({"patient": str})
    glued = pd.concat([films.iloc[:15], films.iloc[15:].reset_index(drop=True)])
    parts = split_by_patient(glued, "patient", (0.6, 0.4), 0)
    assert sorted(pd.concat(parts)["film"]) == sorted(films["film"])
    assert not check_for_leakage(*parts, "patient")


@pytest.mark.parametrize("fractions", [(0.5, 0.4), (1.5, -0.5), (), 1.0])
def test_split_refuses_fractions(fractions):
    with pytest.raises(ValueError, match="fractions must be 0 or more and add up to 1; got"):
        split_by_patient(films_of(0, 5), "patient", fractions, 0)


def test_split_refuses_a_film_without_patient():
    with pytest.raises(ValueError, match="1 rows without an id"):
        split_by_patient(table(["a", None]), "patient", (0.5, 0.5), 0)


# -- consensus_label ---------------------------------------------------------------------------------------------------


def test_consensus_by_hand():
    a, b, c = [1, 0, 1, 1], [1, 0, 0, NAN], [0, 0, NAN, NAN]
    votes = np.array([a, b, c])[:, :, None]
    before = votes.copy()
    result = consensus_label(votes)
    np.testing.assert_array_equal(result.label[:, 0], [1, 0, NAN, 1])
    np.testing.assert_allclose(result.agreement, [(1 / 3 + 1 + 0) / 3])
    np.testing.assert_array_equal(votes, before)


@pytest.mark.parametrize(
    ("votes", "label", "agreement"),
    [
        pytest.param([[[1]], [[0]]], NAN, 0.0, id="two readers differ"),
        pytest.param([[[1]], [[1]]], 1.0, 1.0, id="two readers agree"),
        pytest.param([[[0]]], 0.0, NAN, id="one reader: a label, no pair"),
        pytest.param([[[NAN]], [[NAN]]], NAN, NAN, id="nobody read"),
        pytest.param([[[1]], [[1]], [[0]], [[0]]], NAN, 2 / 6, id="a tie of four"),
        pytest.param([[[1]], [[1]], [[1]], [[0]], [[NAN]]], 1.0, 3 / 6, id="three of four"),
    ],
)
def test_consensus_of_one_film(votes, label, agreement):
    result = consensus_label(votes)
    np.testing.assert_array_equal(result.label, [[label]])
    np.testing.assert_allclose(result.agreement, [agreement])


@given(st.integers(1, 5), st.integers(1, 8), st.integers(1, 3), st.integers(0, 2**32))
def test_consensus_agrees_with_a_count_of_pairs_and_ignores_the_order_of_readers(n_readers, n_films, n_findings, seed):
    rng = np.random.default_rng(seed)
    votes = rng.choice([0, 1, NAN], (n_readers, n_films, n_findings), p=[0.4, 0.35, 0.25])
    result = consensus_label(votes)
    for c in range(n_findings):
        shares = []
        for i in range(n_films):
            seen = [vote for vote in votes[:, i, c] if not np.isnan(vote)]
            expected = NAN if 2 * sum(seen) == len(seen) else float(2 * sum(seen) > len(seen))
            np.testing.assert_equal(result.label[i, c], expected)
            pairs = [x == y for x, y in combinations(seen, 2)]
            shares += [np.mean(pairs)] if pairs else []
        np.testing.assert_allclose(result.agreement[c], np.mean(shares) if shares else NAN)
    shuffled = consensus_label(votes[rng.permutation(n_readers)])
    np.testing.assert_array_equal(shuffled.label, result.label)
    np.testing.assert_array_equal(shuffled.agreement, result.agreement)
    opposite = consensus_label(1 - votes)
    np.testing.assert_array_equal(opposite.label, 1 - result.label)
    np.testing.assert_array_equal(opposite.agreement, result.agreement)


@pytest.mark.parametrize(
    ("votes", "message"),
    [
        ([[1, 0]], r"three axes, .* got shape \(1, 2\)"),
        ([[[2]]], "must be 0, 1 or NaN"),
        ([[[0.5]]], "must be 0, 1 or NaN"),
    ],
)
def test_consensus_refuses(votes, message):
    with pytest.raises(ValueError, match=message):
        consensus_label(votes)


# -- the module --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "function", [check_for_leakage, compute_class_freqs, get_weighted_loss, split_by_patient, consensus_label]
)
def test_the_examples_in_the_docstrings_hold(function):
    import doctest

    results = [
        doctest.DocTestRunner().run(test)
        for test in doctest.DocTestFinder().find(function, globs=vars(inspect.getmodule(function)).copy())
    ]
    assert sum(result.attempted for result in results) > 0
    assert sum(result.failed for result in results) == 0
