"""The PBC trial as it lies beside the checkout: loader, treatment, competing event, Cox model."""

from pathlib import Path

import numpy as np
import pytest
from lifelines import CoxPHFitter

from labutils import hazards
from labutils.datasets import load_pbc

REAL = Path(__file__).parents[2].parent / "shared" / "data" / "r_survival"
pytestmark = pytest.mark.realdata


@pytest.fixture(scope="module")
def pbc():
    if not (REAL / "pbc.csv").is_file():
        pytest.skip(
            f"THE REAL SAMPLES ARE NOT HERE: {REAL}/pbc.csv is missing, so load_pbc was tried on made tables only"
        )
    return load_pbc(REAL)


def test_real_pbc_has_the_published_counts(pbc):
    assert len(pbc) == 418
    assert pbc["status"].value_counts().to_dict() == {0: 232, 2: 161, 1: 25}
    assert pbc["trt"].isna().sum() == 106
    assert (pbc["sex"] == "f").mean() == pytest.approx(0.895, abs=0.001)
    assert len(pbc.dropna()) == 276


def test_real_treatment_is_decoded_the_right_way(pbc):
    result = hazards.decode_treatment(pbc)
    assert result.treatment.value_counts().to_dict() == {"D-penicillamine": 158, "placebo": 154}
    deaths = pbc.loc[pbc["status"] == 2].groupby(result.treatment).size().to_dict()
    assert deaths == {"D-penicillamine": 65, "placebo": 60}
    assert result.sign == 1  # slightly more deaths per day on the drug; the interval below says how little that means
    trial = pbc.dropna(subset=["trt"])
    frame = trial[["time"]].assign(died=trial["status"] == 2, drug=trial["trt"] == 1).astype(float)
    row = CoxPHFitter().fit(frame, "time", "died").summary.loc["drug"]
    assert row["exp(coef)"] > 1 and row["exp(coef) lower 95%"] < 1 < row["exp(coef) upper 95%"]


def test_real_transplants_compete_with_death(pbc):
    result = hazards.cumulative_incidence(pbc["time"], pbc["status"])
    km = hazards.kaplan_meier(pbc["time"], pbc["status"] == 2)
    at = np.searchsorted(result.times, 3650, side="right") - 1
    assert result.death[at] == pytest.approx(0.527, abs=0.002)
    assert result.transplant[at] == pytest.approx(0.084, abs=0.002)
    assert 1 - km.survival[at] > result.death[at] + 0.02


def test_real_cox_model_reaches_the_published_concordance(pbc):
    complete = pbc.dropna()
    frame = complete.assign(died=(complete["status"] == 2).astype(int), sex=(complete["sex"] == "m").astype(int))
    frame = frame.drop(columns=["id", "status"])
    cox = CoxPHFitter().fit(frame, "time", "died")
    assert (len(frame), frame["died"].sum()) == (276, 111)
    ours = hazards.harrell_c(frame["time"], cox.predict_log_partial_hazard(frame), frame["died"])
    assert ours == pytest.approx(0.85, abs=0.005)
    assert ours == pytest.approx(cox.concordance_index_)
