"""The two cohorts of course 2, week 2: known counts, cleaned codes, and what an unknown status costs."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from labutils.datasets import died_within, load_flchain, load_nhanes
from labutils.datasets.nhanes import COLUMNS
from labutils.missing import find_derived_columns

REAL = Path(__file__).parents[2].parent / "shared" / "data" / "nhanes1"
NAN = float("nan")


@pytest.mark.parametrize(
    ("years", "death", "expected"),
    [
        pytest.param(3, True, 1, id="died early"),
        pytest.param(10, True, 1, id="died at the horizon"),
        pytest.param(12, True, 0, id="died later"),
        pytest.param(12, False, 0, id="seen alive later"),
        pytest.param(10, False, 0, id="seen alive at the horizon"),
        pytest.param(4, False, NAN, id="lost earlier"),
        pytest.param(NAN, NAN, NAN, id="never followed"),
        pytest.param(0, True, 1, id="died at once"),
    ],
)
def test_died_within_by_hand(years, death, expected):
    np.testing.assert_array_equal(died_within([years], [death]), [expected])


def test_died_within_keeps_an_index_and_refuses():
    assert died_within(pd.Series([1.0], index=["p"]), [True]).index.tolist() == ["p"]
    with pytest.raises(ValueError, match="a time is negative"):
        died_within([-3.0], [False])
    with pytest.raises(ValueError, match="above 0; got 0"):
        died_within([3.0], [True], horizon=0)
    with pytest.raises(ValueError, match=r"got shapes \(1,\) and \(2,\)"):
        died_within([3.0], [True, False])


def test_flchain_counts():
    people = load_flchain()
    assert people.shape == (7874, 9)
    assert people["death"].sum() == 2169
    assert people["creatinine"].isna().sum() == 1350
    assert people.drop(columns="creatinine").notna().all(axis=None)
    died = died_within(people["years"], people["death"])
    assert (int((died == 1).sum()), int((died == 0).sum()), int(died.isna().sum())) == (1764, 5070, 1040)
    assert "chapter" not in people  # the cause of death gives the outcome away


def test_flchain_gaps_are_in_the_young_and_the_late_years_give_death_away():
    people = load_flchain()
    people["died"] = died_within(people["years"], people["death"])
    gap = people["creatinine"].isna()
    assert people[gap]["age"].mean() < people[~gap]["age"].mean() - 2
    known = people.dropna(subset="died")
    assert (known[known["sample_year"] >= 2000]["died"] == 1).all()
    assert people["age"][:1000].mean() > people["age"][-1000:].mean() + 10  # rows run from old to young


def write_nhanes(folder, y, **columns):
    values = {name: np.linspace(20.0, 30.0, len(y)) for name in COLUMNS} | {"Sex": [1.0] * len(y)} | columns
    pd.DataFrame(values).to_csv(folder / "NHANESI_subset_X.csv")
    pd.DataFrame({"y": y}).to_csv(folder / "NHANESI_subset_y.csv")


def test_nhanes_cleans_codes_and_keeps_unknown_status_unknown(tmp_path):
    write_nhanes(
        tmp_path,
        [5.0, -20.0, -0.0],
        **{"Red blood cells": [77.7, 45.0, 88.80000000000001], "Poverty index": [999.0, 88.8, 200.0], "Sex": [1, 2, 2]},
    )
    table = load_nhanes(tmp_path)
    np.testing.assert_array_equal(table["red_blood_cells"], [NAN, 45.0, NAN])
    np.testing.assert_array_equal(table["poverty_index"], [NAN, 88.8, 200.0])
    assert table["female"].tolist() == [0, 1, 1]
    np.testing.assert_array_equal(table["years"], [5, 20, NAN])
    np.testing.assert_array_equal(table["death"], [1, 0, NAN])
    assert table.attrs["sentinels"] == {"red_blood_cells": 2, "poverty_index": 1}
    assert table.attrs["unknown_status"] == 1
    np.testing.assert_array_equal(load_nhanes(tmp_path, unknown="died at once")["death"], [1, 0, 1])


@pytest.mark.parametrize(
    ("break_it", "error", "message"),
    [
        (
            lambda f: (f / "NHANESI_subset_y.csv").unlink(),
            FileNotFoundError,
            "No NHANESI_subset_y.csv or NHANESI_y.csv",
        ),
        (
            lambda f: pd.DataFrame({"y": [1.0]}).to_csv(f / "NHANESI_subset_y.csv"),
            ValueError,
            "2 people in the X file, 1",
        ),
        (lambda f: write_nhanes(f, [1.0, 2.0], Sex=[1, 3]), ValueError, "sex must be 1 .male. or 2 .female."),
        (
            lambda f: pd.DataFrame({"Age": [1, 2]}).to_csv(f / "NHANESI_subset_X.csv"),
            ValueError,
            "lacks the columns Diastolic BP",
        ),
    ],
    ids=["no outcome file", "other people", "an unknown code", "a missing column"],
)
def test_nhanes_refuses(tmp_path, break_it, error, message):
    write_nhanes(tmp_path, [1.0, -2.0])
    break_it(tmp_path)
    with pytest.raises(error, match=message):
        load_nhanes(tmp_path)


def test_nhanes_refuses_a_place_that_is_not_there_and_another_rule(tmp_path):
    with pytest.raises(FileNotFoundError, match="There is no folder"):
        load_nhanes(tmp_path / "nowhere")
    with pytest.raises(ValueError, match="'missing' or 'died at once'; got 'alive'"):
        load_nhanes(tmp_path, unknown="alive")


# -- the real files ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real():
    if not REAL.is_dir():
        pytest.skip(f"THE REAL SAMPLES ARE NOT HERE: {REAL} is missing, so load_nhanes was tried on made files only")
    return load_nhanes(REAL)


@pytest.mark.realdata
def test_real_counts(real):
    assert real.shape == (9932, 20)
    gaps = real.isna().sum()
    assert gaps["white_blood_cells"] == 1041
    assert gaps["sedimentation_rate"] == 826
    assert (gaps["pulse_pressure"], gaps["diastolic_bp"], gaps["systolic_bp"]) == (59, 58, 57)
    assert real.attrs["sentinels"] == {"red_blood_cells": 1849 + 464, "poverty_index": 390}
    assert real.attrs["unknown_status"] == 382
    assert (int((real["death"] == 1).sum()), int((real["death"] == 0).sum())) == (3473, 6077)
    ages = real.groupby(real["death"].fillna(-1))["age"].mean()
    assert ages[-1] == pytest.approx(36.6, abs=0.05)  # the unknown are young
    assert (ages[1], ages[0]) == pytest.approx((63.0, 42.5), abs=0.05)
    died = died_within(real["years"], real["death"])
    assert int((died == 1).sum()) == 1503
    assert int(died.isna().sum()) == 382 + 15
    pressures = real[["age", "bmi", *real.attrs["derived"]]]
    assert sorted(find_derived_columns(pressures)) == sorted(real.attrs["derived"])
    assert "pulse_pressure" not in find_derived_columns(real.drop(columns=["systolic_bp", "years", "death"]))


@pytest.mark.realdata
def test_real_forest_and_what_the_unknown_status_costs(real):
    """About .77 with the rule that counts the unknown as dead at once, well above .82 without them."""
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.metrics import roc_auc_score

    found = {}
    for rule in ("died at once", "missing"):
        table = load_nhanes(REAL, unknown=rule)
        died = died_within(table["years"], table["death"])
        known = died.notna().to_numpy()
        X = table.drop(columns=["years", "death", "pulse_pressure"])[known]
        y = died[known].astype(int)
        order = np.random.default_rng(0).permutation(len(X))
        train, test = order[: len(X) * 3 // 4], order[len(X) * 3 // 4 :]
        X = X.fillna(X.iloc[train].mean())
        forest = RandomForestClassifier(60, max_depth=10, min_samples_leaf=5, random_state=0)
        forest.fit(X.iloc[train], y.iloc[train])
        found[rule] = roc_auc_score(y.iloc[test], forest.predict_proba(X.iloc[test])[:, 1])
    assert found["died at once"] == pytest.approx(0.78, abs=0.03)
    assert found["missing"] > 0.82
    assert found["missing"] - found["died at once"] > 0.04
