"""The made-up cohort, the loader of the retinopathy trial on made files, and the diabetes table."""

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression

from labutils import datasets
from labutils.datasets.diabetes import load_diabetes_progression
from labutils.datasets.retinopathy import load_retinopathy, loss_within
from labutils.datasets.retinopathy_cohort import (
    FEATURES,
    HIGHEST,
    LEAST_PULSE_PRESSURE,
    LOG_SD,
    LOWEST,
    MEDIAN,
    TRUE_MODEL,
    make_retinopathy_cohort,
)
from labutils.risk import add_interactions, cindex


@pytest.fixture(scope="module")
def cohort():
    return make_retinopathy_cohort(6000, rng=20_272)


def test_the_cohort_is_possible_for_bodies(cohort):
    values = cohort.table[list(FEATURES)]
    assert cohort.table.shape == (6000, 5)
    assert ((values >= LOWEST - 0.1) & (values <= HIGHEST + 0.1)).all().all()
    gap = values["Systolic_BP"] - values["Diastolic_BP"]
    assert gap.min() >= LEAST_PULSE_PRESSURE - 0.2
    assert cohort.table.index.is_unique and cohort.table.notna().all().all()
    assert 0.28 < cohort.table["retinopathy"].mean() < 0.38


def test_the_cohort_is_lognormal_and_correlated_as_said(cohort):
    logs = np.log(cohort.table[list(FEATURES)])
    assert (logs.skew().abs() < 0.15).all()
    assert (cohort.table[list(FEATURES)].skew() > 0.25).all()
    correlation = logs.corr().to_numpy()
    assert np.abs(correlation[1:, 1:][np.triu_indices(3, 1)] - 0.4).max() < 0.05
    assert np.abs(correlation[0, 1:]).max() < 0.05


def test_outcomes_follow_the_true_model(cohort):
    table, risk = cohort.table, cohort.true_risk
    z = pd.DataFrame(np.log(table[list(FEATURES)].to_numpy() / MEDIAN) / LOG_SD, columns=list(FEATURES))
    wide = add_interactions(z)
    log_odds = TRUE_MODEL["intercept"] + sum(TRUE_MODEL.get(name, 0) * wide[name] for name in wide)
    np.testing.assert_allclose(risk.to_numpy(), 1 / (1 + np.exp(-log_odds)), rtol=1e-9)
    fitted = LogisticRegression(C=np.inf).fit(wide, table["retinopathy"].to_numpy()).coef_[0]
    truth = [TRUE_MODEL.get(name, 0) for name in wide]
    np.testing.assert_allclose(fitted, truth, atol=0.17)
    assert 0.80 < cindex(table["retinopathy"], risk) < 0.86


def test_the_same_seed_gives_the_same_cohort_and_the_other_another():
    first, same = make_retinopathy_cohort(50, rng=3), make_retinopathy_cohort(50, rng=np.random.default_rng(3))
    pd.testing.assert_frame_equal(first.table, same.table)
    assert not first.table.equals(make_retinopathy_cohort(50, rng=4).table)
    assert len(make_retinopathy_cohort(1, rng=0).table) == 1
    with pytest.raises(ValueError, match="n_patients must be a whole number of 1 or more; got 0"):
        make_retinopathy_cohort(0, rng=0)


def test_names_of_the_package_lead_there():
    assert datasets.make_retinopathy_cohort is make_retinopathy_cohort
    assert datasets.load_retinopathy is load_retinopathy
    assert datasets.load_diabetes_progression is load_diabetes_progression
    assert set(datasets.__all__) <= set(dir(datasets))


def test_the_diabetes_table():
    people = load_diabetes_progression()
    assert len(people) == 442 and people.notna().all().all()
    assert people["age"].between(19, 79).all() and people["mean_bp"].between(62, 133).all()
    assert people["progressed"].sum() == (people["progression"] > 200).sum() == 121
    assert load_diabetes_progression(threshold=346)["progressed"].sum() == 0


# -- the loader on made files ------------------------------------------------------------------------------------------

RETINOPATHY = """rownames,id,laser,eye,age,type,trt,futime,status,risk
1,5,argon,left,28,adult,1,46.23,0,9
2,5,argon,left,28,adult,0,12.5,1,9
3,14,argon,right,12,juvenile,1,10,0,8
4,14,argon,right,12,juvenile,0,24,0,6
"""
DIABETIC = RETINOPATHY.replace("futime", "time").replace(",type", "").replace(",adult", "").replace(",juvenile", "")


def folder_with(path, **files):
    for name, text in files.items():
        (path / f"{name}.csv").write_text(text)
    return path


def test_both_files_give_the_same_table(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    first = load_retinopathy(folder_with(tmp_path / "a", retinopathy=RETINOPATHY), months=24)
    second = load_retinopathy(folder_with(tmp_path / "b", diabetic=DIABETIC), months=24)
    pd.testing.assert_frame_equal(first, second)
    assert list(first.columns) == ["patient", "treated", "age", "juvenile", "risk", "months", "event", "lost"]
    assert first["juvenile"].tolist() == [0, 0, 1, 1]
    assert first.attrs["file"] == "retinopathy.csv" and second.attrs["file"] == "diabetic.csv"
    # seen well at 46 months; lost at 12.5; last seen at 10 (unknown at 24); seen well at 24
    np.testing.assert_array_equal(first["lost"], [0, 1, np.nan, 0])
    assert "lost" not in load_retinopathy(tmp_path / "a")


def test_loss_within_a_time_at_its_edges():
    eyes = pd.DataFrame({"months": [24.0, 24.0, 24.1, 23.9], "event": [1, 0, 1, 0]})
    np.testing.assert_array_equal(loss_within(eyes, 24), [1, 0, 0, np.nan])
    with pytest.raises(ValueError, match="months must be above 0; got 0"):
        loss_within(eyes, 0)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("futime", "when", "retinopathy.csv has no column futime; it has rownames"),
        ("46.23", "-1", r"row 1: months is .*-1.*, which cannot be"),
        (",12,juvenile,0,24,0,6", ",12,juvenile,0,24,7,6", r"row 4: event is .*7.*, which cannot be"),
        ("argon,left,28,adult,0", "argon,left,28,adult,1", "patient 5 has not one treated and one untreated eye"),
    ],
)
def test_files_with_faults_are_refused(tmp_path, old, new, message):
    with pytest.raises(ValueError, match=message):
        load_retinopathy(folder_with(tmp_path, retinopathy=RETINOPATHY.replace(old, new)))


def test_a_folder_without_the_trial(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"holds neither retinopathy\.csv nor diabetic\.csv"):
        load_retinopathy(tmp_path)
