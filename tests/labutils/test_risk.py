"""Standardising, interactions, the linear model and the C-index: cases by hand, an oracle, and other libraries."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines.utils import concordance_index
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sksurv.metrics import concordance_index_censored

from labutils.risk import PairCounts, add_interactions, cindex, count_pairs, lr_model, make_standard_normal
from labutils.risk_intervals import cindex_difference, cindex_interval

NAN = float("nan")


# -- make_standard_normal ----------------------------------------------------------------------------------------------


def test_ages_a_factor_of_two_apart():
    train = pd.DataFrame({"Age": [20, 40, 80]}, index=list("abc"))
    test = pd.DataFrame({"Age": [160.0, 10]}, index=["d", "e"])
    before = train.copy(), test.copy()
    z_train, z_test = make_standard_normal(train, test)
    pd.testing.assert_frame_equal(z_train, pd.DataFrame({"Age": [-1.0, 0, 1]}, index=list("abc")), atol=1e-12)
    pd.testing.assert_frame_equal(z_test, pd.DataFrame({"Age": [2.0, -2]}, index=["d", "e"]), atol=1e-12)
    pd.testing.assert_frame_equal(train, before[0])
    pd.testing.assert_frame_equal(test, before[1])


def test_an_empty_test_table_stays_empty():
    train = pd.DataFrame({"Age": [20.0, 40]})
    assert make_standard_normal(train, train.iloc[:0])[1].shape == (0, 1)


@given(st.integers(2, 30), st.integers(1, 4), st.floats(0.01, 1000), st.integers(0, 2**32))
def test_z_scores_of_training_patients_have_mean_0_and_sd_1_in_any_unit(n, k, unit, seed):
    train = pd.DataFrame(np.exp(np.random.default_rng(seed).normal(size=(n, k))))
    z, same = make_standard_normal(train, train)
    np.testing.assert_allclose(z.mean(), 0, atol=1e-9)
    np.testing.assert_allclose(z.std(ddof=1), 1)
    np.testing.assert_allclose(same, z)
    np.testing.assert_allclose(make_standard_normal(train * unit, train * unit)[0], z, atol=1e-6)


@pytest.mark.parametrize(
    ("train", "test", "message"),
    [
        ({"a": [1, 2]}, {"b": [1, 2]}, r"must have the same columns; got \['a'\] and \['b'\]"),
        ({"a": [1, 0]}, {"a": [1, 2]}, "df_train must hold positive numbers; column 'a'"),
        ({"a": [1, 2]}, {"a": [1, NAN]}, "df_test must hold positive numbers; column 'a'"),
        ({"a": [3, 3]}, {"a": [1, 2]}, "column 'a' has one value in all training patients"),
    ],
)
def test_standardising_refuses(train, test, message):
    with pytest.raises(ValueError, match=message):
        make_standard_normal(pd.DataFrame(train), pd.DataFrame(test))


# -- lr_model ----------------------------------------------------------------------------------------------------------


def test_the_model_is_scikit_learns_with_default_settings():
    rng = np.random.default_rng(1)
    X = rng.normal(size=(200, 3))
    y = (rng.random(200) < 1 / (1 + np.exp(-X[:, 0]))).astype(int)
    model = lr_model(pd.DataFrame(X, columns=list("abc")), pd.Series(y == 1))
    assert isinstance(model, LogisticRegression)
    np.testing.assert_allclose(model.coef_, LogisticRegression().fit(X, y).coef_, atol=1e-3)
    with pytest.raises(ValueError, match="y_train must hold 0 or 1; patient 1 has 2"):
        lr_model(X[:2], [0, 2])


# -- add_interactions --------------------------------------------------------------------------------------------------


def test_products_by_hand():
    X = pd.DataFrame({"Age": [2.0, 1], "BP": [3.0, -1], "BMI": [5, 4]}, index=["Ann", "Bo"])
    before = X.copy()
    wide = add_interactions(X)
    assert list(wide.columns) == ["Age", "BP", "BMI", "Age_x_BP", "Age_x_BMI", "BP_x_BMI"]
    assert wide.loc["Ann"].tolist() == [2, 3, 5, 6, 10, 15]
    assert wide.loc["Bo"].tolist() == [1, -1, 4, -1, 4, -4]
    pd.testing.assert_frame_equal(X, before)


@given(st.integers(1, 7), st.integers(0, 5))
def test_k_features_gain_k_times_k_minus_1_over_2(k, n):
    X = pd.DataFrame(np.ones((n, k)), columns=[f"f{i}" for i in range(k)], index=[7] * n)
    assert add_interactions(X).shape == (n, k + k * (k - 1) // 2)


def test_interactions_refuse_names_that_clash():
    with pytest.raises(ValueError, match="two columns named 'a'"):
        add_interactions(pd.DataFrame([[1, 2]], columns=["a", "a"]))
    with pytest.raises(ValueError, match="column 'a_x_b' already"):
        add_interactions(pd.DataFrame([[1, 2, 3]], columns=["a", "b", "a_x_b"]))


# -- pairs and the C-index ---------------------------------------------------------------------------------------------

CASES = [
    pytest.param([1, 1, 0, 0], [0.75, 0.5, 0.5, 0.25], (3, 0, 1, 4), 0.875, id="one tie"),
    pytest.param([0, 1], [0.25, 0.5], (1, 0, 0, 1), 1.0, id="one concordant pair"),
    pytest.param([1, 0], [0.25, 0.5], (0, 1, 0, 1), 0.0, id="one discordant pair"),
    pytest.param([1, 0, 1], [2, 2, 2], (0, 0, 2, 2), 0.5, id="all tied"),
    pytest.param([1, 1, 0], [-1.0, -3.0, -2.0], (1, 1, 0, 2), 0.5, id="scores below 0"),
    pytest.param([1, 1], [0.25, 0.5], (0, 0, 0, 0), NAN, id="everybody has it"),
    pytest.param([0, 0], [0.25, 0.5], (0, 0, 0, 0), NAN, id="nobody has it"),
    pytest.param([], [], (0, 0, 0, 0), NAN, id="nobody at all"),
]


@pytest.mark.parametrize(("y", "scores", "counts", "expected"), CASES)
def test_pairs_and_cindex_by_hand(y, scores, counts, expected):
    assert count_pairs(y, scores) == PairCounts(*counts)
    assert cindex(y, scores) == pytest.approx(expected, nan_ok=True)


def naive(y, scores):
    """The definition, word for word."""
    counts = [0, 0, 0]
    for (a, s), (b, t) in product(zip(y, scores, strict=True), repeat=2):
        if a == 1 and b == 0:
            counts[0 if s > t else 1 if s < t else 2] += 1
    return (*counts, sum(counts))


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 1), st.integers(-3, 3)), max_size=25),
    st.sampled_from(["float16", "float64", "int8"]),
)
def test_pairs_agree_with_the_naive_loop(patients, dtype):
    y, scores = np.array([p[0] for p in patients], dtype=int), np.array([p[1] for p in patients], dtype=dtype)
    assert count_pairs(y, scores) == naive(y, scores)


@given(st.integers(0, 2**32))
def test_properties_of_the_cindex(seed):
    rng = np.random.default_rng(seed)
    y, scores = rng.permutation([0, 1] * 10), rng.integers(0, 6, 20) / 4
    c, order = cindex(y, scores), rng.permutation(20)
    assert 0 <= c <= 1
    assert cindex(y[order], scores[order]) == c
    assert cindex(y, np.exp(3 * scores)) == c  # any rising function keeps the order
    assert cindex(y, -scores) == pytest.approx(1 - c)
    assert cindex(1 - y, -scores) == pytest.approx(c)


@pytest.mark.parametrize("dtype", ["bool", "int8", "uint8", "float32"])
def test_parity_with_scikit_learn_lifelines_and_scikit_survival(dtype):
    rng = np.random.default_rng(5)
    for n, digits in ((10, 1), (200, 1), (500, 6)):
        y = rng.permutation(np.arange(n) % 3 == 0)
        scores = np.round(rng.normal(size=n) + y, digits)
        ours = cindex(y.astype(dtype), scores)
        assert ours == pytest.approx(roc_auc_score(y, scores))
        time = np.where(y, 1, 2)  # those with the outcome die first; the others are seen alive after that
        assert ours == pytest.approx(concordance_index(time, -scores, y))
        theirs = concordance_index_censored(y, time.astype(float), scores, tied_tol=0)
        assert ours == pytest.approx(theirs[0])
        assert count_pairs(y, scores)[:3] == tuple(theirs[1:4])


def test_large_cohorts_do_not_overflow():
    y = np.tile([0, 1], 200_000)
    assert count_pairs(y, np.zeros(400_000)) == (0, 0, 200_000**2, 200_000**2)


@pytest.mark.parametrize(
    ("y", "scores", "message"),
    [
        ([0, 1], [1.0], r"one entry per patient; got shapes \(2,\) and \(1,\)"),
        ([0, 2], [1.0, 2], "y_true must hold 0 or 1; patient 1 has 2"),
        ([0, NAN], [1.0, 2], "y_true must hold 0 or 1; patient 1"),
        ([[0, 1]], [[1.0, 2]], r"y_true must have one axis, \(n_patients,\); got shape \(1, 2\)"),
        ([0, 1], [1.0, NAN], "scores must be numbers; patient 1 has none"),
    ],
)
def test_pairs_refuse(y, scores, message):
    for answer in (count_pairs, cindex, cindex_interval):
        with pytest.raises(ValueError, match=message):
            answer(y, scores)


# -- intervals ---------------------------------------------------------------------------------------------------------


def test_delong_by_hand():
    # Shares of those with the outcome: (1 + 1)/2 = 1 and (0.5 + 1)/2 = 0.75; of those without: (1 + 0.5)/2 = 0.75 and 1.
    value, low, high = cindex_interval([1, 1, 0, 0], [0.75, 0.5, 0.5, 0.25])
    variance = np.var([1, 0.75], ddof=1) / 2 * 2
    assert value == 0.875
    assert low == pytest.approx(0.875 - 1.959964 * np.sqrt(variance))
    assert high == 1.0  # cut off


def test_intervals_where_little_or_nothing_is_known():
    assert np.isnan(cindex_interval([1, 1], [0.2, 0.3])).all()
    assert np.isnan(cindex_difference([0, 0], [0.2, 0.3], [0.2, 0.3])).all()
    one = cindex_interval([1, 0, 0], [0.5, 0.25, 0.75])
    assert one.value == 0.5 and np.isnan(one[1:]).all()
    assert cindex_difference([1, 1, 0, 0], [4, 3, 2, 1], [4, 3, 2, 1]) == (0, 0, 0)
    with pytest.raises(ValueError, match=r"between 0 and 1; got 95"):
        cindex_interval([1, 0], [1, 2], level=95)


def test_intervals_hold_the_truth_as_often_as_they_say():
    rng = np.random.default_rng(6)
    truth = 0.7602  # Phi(1 / sqrt 2): scores of the two groups one standard deviation apart
    y, hits, none = np.repeat([0, 1], (90, 60)), 0, 0
    for _ in range(400):
        scores = rng.normal(size=150) + y
        low, high = cindex_interval(y, scores)[1:]
        hits += low <= truth <= high
        twins = [scores + rng.normal(size=150), scores + rng.normal(size=150)]  # equally good
        low, high = cindex_difference(y, *twins)[1:]
        none += low <= 0 <= high
    assert 0.91 < hits / 400 < 0.985
    assert 0.91 < none / 400 < 0.985


def test_the_difference_is_known_better_than_either_value():
    rng = np.random.default_rng(8)
    y = np.arange(300) % 3 == 0
    base = rng.normal(size=300) + y
    better = base + 0.3 * y
    difference, single = cindex_difference(y, better, base), cindex_interval(y, base)
    assert difference.high - difference.low < (single.high - single.low) / 2
    assert difference.value == pytest.approx(cindex(y, better) - cindex(y, base))
