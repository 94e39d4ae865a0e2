"""Gaps: counted, seen by group, made by known rules and filled, against tables by hand and independent oracles."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labutils.masks import make_missing, missing_chance
from labutils.missing import (
    find_derived_columns,
    fraction_rows_missing,
    iterative_impute,
    mean_impute,
    missingness_by_group,
)

NAN = float("nan")


# -- fraction_rows_missing ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        pytest.param({"a": [60, NAN, 71, 80], "b": [1, NAN, NAN, 1.2]}, 0.5, id="two of four people"),
        pytest.param({"a": ["x", None, "", "y"]}, 0.25, id="None is missing, an empty text is not"),
        pytest.param({"a": [0.0, np.inf]}, 0.0, id="zero and infinity are values"),
        pytest.param({"a": pd.to_datetime(["2001-01-01", None])}, 0.5, id="NaT"),
        pytest.param({"a": pd.array([1, None], dtype="Int64")}, 0.5, id="NA"),
        pytest.param({"a": [NAN, NAN], "b": [1, 2]}, 1.0, id="everybody"),
        pytest.param({"a": []}, NAN, id="nobody: 0/0"),
    ],
)
def test_fraction_by_hand(table, expected):
    table = pd.DataFrame(table)
    before = table.copy()
    assert fraction_rows_missing(table) == pytest.approx(expected, nan_ok=True)
    pd.testing.assert_frame_equal(table, before)


@given(st.integers(1, 20), st.integers(1, 5), st.integers(0, 2**32))
def test_fraction_is_what_dropna_drops(n_rows, n_columns, seed):
    rng = np.random.default_rng(seed)
    table = pd.DataFrame(np.where(rng.random((n_rows, n_columns)) < 0.3, np.nan, 1.0))
    assert fraction_rows_missing(table) == pytest.approx(1 - len(table.dropna()) / n_rows)


# -- missingness_by_group ----------------------------------------------------------------------------------------------


def test_groups_by_hand():
    table = pd.DataFrame({"sex": ["F", "M", "F", "M", None], "x": [0.5, NAN, 1.0, 1.25, 9.0]})
    got = missingness_by_group(table, "x", "sex")
    assert got.index.tolist() == ["F", "M"]
    np.testing.assert_allclose(got.to_numpy(), [[0, 0.75], [0.5, 1.25]])


def test_a_group_without_any_value_has_no_mean_and_a_level_without_anybody_no_row():
    levels = pd.Categorical(["low", "low", "high"], categories=["low", "middle", "high"])
    got = missingness_by_group(pd.DataFrame({"x": [NAN, NAN, 2.0], "g": levels}), "x", "g")
    assert got.index.tolist() == ["low", "high"]
    np.testing.assert_array_equal(got.to_numpy(), [[1, NAN], [0, 2]])


def test_groups_refuse_an_unknown_column():
    with pytest.raises(ValueError, match="no column 'y'; the table has x"):
        missingness_by_group(pd.DataFrame({"x": [1.0]}), "y", "x")


# -- find_derived_columns ----------------------------------------------------------------------------------------------


def table_of(n_rows=60, seed=0):
    return pd.DataFrame((4 * np.random.default_rng(seed).normal(50, 10, (n_rows, 4))).round() / 4, columns=list("abcd"))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param({}, [], id="nothing"),
        pytest.param({"p": lambda t: t["a"] - t["b"]}, ["a", "b", "p"], id="a difference"),
        pytest.param({"p": lambda t: 3 + 2 * t["a"]}, ["a", "p"], id="another unit"),
        pytest.param({"p": lambda t: t["a"] + t["b"] + t["c"] + t["d"]}, list("abcdp"), id="a total of four"),
        pytest.param({"p": lambda t: t["a"] ** 2}, [], id="a square is not linear"),
        pytest.param({"p": lambda t: t["a"] + t["b"] / 128}, ["a", "b", "p"], id="a faint part counts"),
        pytest.param({"p": lambda t: t["a"] + np.sin(np.arange(60.0))}, [], id="nearly is not exact"),
        pytest.param({"p": lambda t: 7.0}, [], id="a constant is no news"),
    ],
)
def test_derived_by_hand(change, expected):
    table = table_of().assign(**change)
    assert find_derived_columns(table) == expected
    assert find_derived_columns(table.astype("float32")) == expected  # quarters are exact in every width
    assert find_derived_columns(table.mask(np.random.default_rng(1).random(table.shape) < 0.05)) == expected


@given(st.permutations(list("abcdp")))
def test_derived_does_not_depend_on_the_order_of_the_columns(order):
    table = table_of().assign(p=lambda t: t["a"] - 2 * t["c"] + 1)
    assert set(find_derived_columns(table[order])) == {"a", "c", "p"}


def test_derived_refuses_few_rows():
    with pytest.raises(ValueError, match="3 complete rows for 4 columns"):
        find_derived_columns(table_of(3))


# -- masks -------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def crowd():
    rng = np.random.default_rng(8)
    age = rng.normal(65, 10, 4000)
    return pd.DataFrame({"age": age, "x": 0.05 * (age - 65) + rng.normal(size=4000)})


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("options", [{"rule": "MCAR"}, {"rule": "MAR", "given": "age"}, {"rule": "MNAR"}])
def test_a_mask_has_its_share_and_keeps_the_rest(crowd, share, options):
    chance = missing_chance(crowd, "x", share=share, **options)
    assert chance.mean() == pytest.approx(share, abs=1e-9)
    before = crowd.copy()
    gaps = make_missing(crowd, "x", share=share, rng=1, **options)
    pd.testing.assert_frame_equal(crowd, before)
    assert gaps["x"].isna().mean() == pytest.approx(share, abs=0.03)
    kept = gaps["x"].notna()
    pd.testing.assert_frame_equal(gaps[kept], crowd[kept])
    pd.testing.assert_frame_equal(gaps, make_missing(crowd, "x", share=share, rng=np.random.default_rng(1), **options))


def test_the_rules_are_what_they_say(crowd):
    """Given age, the chance does not depend on the value under MAR, and does under MNAR (Rubin's definition)."""
    narrow = (crowd["age"] - 65).abs() < 0.5
    high = crowd["x"] > crowd["x"][narrow].median()
    for options, differs in (
        ({"rule": "MCAR"}, False),
        ({"rule": "MAR", "given": "age"}, False),
        ({"rule": "MNAR"}, True),
    ):
        chance = missing_chance(crowd, "x", share=0.4, **options)
        gap = abs(chance[narrow & high].mean() - chance[narrow & ~high].mean())
        assert bool(gap > 0.2) is differs, options
    old_first = missing_chance(crowd, "x", share=0.4, rule="MAR", given="age")
    young_first = missing_chance(crowd, "x", share=0.4, rule="MAR", given="age", strength=-1.5)
    assert np.corrcoef(old_first, crowd["age"])[0, 1] > 0.9 > -0.9 > np.corrcoef(young_first, crowd["age"])[0, 1]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"rule": "NMAR", "share": 0.1}, "rule must be one of MCAR, MAR, MNAR; got 'NMAR'"),
        ({"rule": "MCAR", "share": 1.0}, "above 0 and below 1; got 1.0"),
        ({"rule": "MAR", "share": 0.1}, "MAR needs another column"),
        ({"rule": "MNAR", "share": 0.1, "given": "age"}, "the other rules none"),
        ({"rule": "MAR", "share": 0.1, "given": "weight"}, "no column 'weight'; the table has age, x"),
    ],
)
def test_masks_refuse(crowd, options, message):
    with pytest.raises(ValueError, match=message):
        make_missing(crowd, "x", rng=0, **options)


def test_masks_refuse_a_driver_with_gaps(crowd):
    with pytest.raises(ValueError, match="gaps of its own"):
        missing_chance(crowd.assign(age=crowd["age"].mask(crowd["age"] > 70)), "x", rule="MAR", given="age", share=0.2)


# -- mean_impute and iterative_impute ----------------------------------------------------------------------------------


def three_tables(seed=0, sizes=(300, 40, 80)):
    rng = np.random.default_rng(seed)
    tables = []
    for size in sizes:
        a, d, e = rng.normal(size=(3, size))
        table = pd.DataFrame({"a": a, "b": a + 0.5 * d + 0.3 * e, "d": d}, index=[f"p{n}" for n in range(size)])
        tables.append(table.mask(np.random.default_rng(size).random(table.shape) < [0, 0.3, 0]))
    return tables


def test_the_mean_is_that_of_the_training_patients():
    train = pd.DataFrame({"a": [60.0, 70.0], "b": [1.0, NAN]})
    test = pd.DataFrame({"a": [NAN, 90.0], "b": [NAN, 2.0]}, index=["x", "y"])
    got = mean_impute(train, test[:0], test)
    assert got.test.to_numpy().tolist() == [[65, 1], [90, 2]]
    assert got.test.index.tolist() == ["x", "y"]
    assert got.val.shape == (0, 2)


def test_the_mean_agrees_with_scikit_learn():
    from sklearn.impute import SimpleImputer

    tables = three_tables()
    imputer = SimpleImputer().fit(tables[0])
    for got, table in zip(mean_impute(*tables), tables, strict=True):
        np.testing.assert_allclose(got, imputer.transform(table))


@pytest.mark.parametrize("impute", [mean_impute, iterative_impute])
def test_filling_keeps_what_was_there_leaves_no_gap_and_learns_from_training_patients_alone(impute):
    tables = three_tables()
    before = [table.copy() for table in tables]
    got = impute(*tables)
    for table, copy, filled in zip(tables, before, got, strict=True):
        pd.testing.assert_frame_equal(table, copy)
        assert filled.notna().all(axis=None)
        pd.testing.assert_frame_equal(filled.where(table.notna()), table)
    other = impute(tables[0], tables[1], 5 * tables[2] + 3)
    pd.testing.assert_frame_equal(other.train, got.train)
    pd.testing.assert_frame_equal(other.val, got.val)
    few = impute(tables[0], tables[1][5:6], tables[2][3:9])
    pd.testing.assert_frame_equal(few.test, got.test[3:9])


def test_the_regression_is_much_nearer_to_the_truth_than_the_mean():
    rng = np.random.default_rng(3)
    a, d, e = rng.normal(size=(3, 500))
    whole = pd.DataFrame({"a": a, "b": a + 0.5 * d + 0.3 * e, "d": d})
    gaps = make_missing(whole, "b", rule="MAR", given="a", share=0.3, rng=0)
    lost = gaps["b"].isna()
    error = [
        np.sqrt(((way(gaps, gaps, gaps).train["b"] - whole["b"])[lost] ** 2).mean())
        for way in (iterative_impute, mean_impute)
    ]
    assert error[0] == pytest.approx(0.3, abs=0.05)  # the noise that no column explains
    assert error[1] > 3 * error[0]


def test_regression_agrees_with_least_squares_where_one_column_has_gaps():
    tables = three_tables()
    complete = tables[0].dropna()
    design = np.column_stack([np.ones(len(complete)), complete[["a", "d"]]])
    beta = np.linalg.lstsq(design, complete["b"], rcond=None)[0]
    lost = tables[2]["b"].isna()
    by_hand = beta[0] + tables[2].loc[lost, ["a", "d"]].to_numpy() @ beta[1:]
    by_hand = np.clip(by_hand, tables[0]["b"].min(), tables[0]["b"].max())  # no value that training never saw
    np.testing.assert_allclose(iterative_impute(*tables).test.loc[lost, "b"], by_hand, atol=0.01)


@pytest.mark.parametrize("impute", [mean_impute, iterative_impute])
def test_filling_refuses(impute):
    table = pd.DataFrame({"a": [1.0, 2.0], "b": [NAN, NAN]})
    with pytest.raises(ValueError, match="no training patient has a value of b"):
        impute(table, table, table)
    with pytest.raises(ValueError, match="X_test has the columns"):
        impute(table[["a"]], table[["a"]], table)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32))
def test_mean_imputation_never_raises_the_spread(seed):
    rng = np.random.default_rng(seed)
    table = pd.DataFrame({"x": np.where(rng.random(30) < 0.4, np.nan, rng.normal(size=30))})
    table.loc[0, "x"] = 0.0
    filled = mean_impute(table, table, table).train
    assert filled["x"].std(ddof=0) <= table["x"].std(ddof=0) + 1e-12
    assert filled["x"].mean() == pytest.approx(table["x"].mean(), abs=1e-12)


def test_the_examples_in_the_docstrings_hold():
    import doctest

    from labutils import forests, masks, missing, subgroups
    from labutils.datasets import horizon

    for module in (forests, masks, missing, subgroups, horizon):
        result = doctest.testmod(module)
        assert (result.failed, result.attempted > 0) == (0, True), module.__name__
