"""load_retinopathy on the real files that lie beside the checkout."""

import shutil
from pathlib import Path

import pandas as pd
import pytest

from labutils.datasets.retinopathy import load_retinopathy
from labutils.risk_intervals import cindex_interval

REAL = Path(__file__).parents[2].parent / "shared" / "data" / "r_survival"
pytestmark = pytest.mark.realdata


@pytest.fixture(scope="module")
def real():
    if not REAL.is_dir():
        pytest.skip(
            f"THE REAL SAMPLES ARE NOT HERE: {REAL} is missing, so load_retinopathy was tried on made files only"
        )
    return REAL


def test_real_trial_has_the_published_counts(real):
    eyes = load_retinopathy(real)
    assert eyes.attrs["file"] == "retinopathy.csv"
    assert (len(eyes), eyes["patient"].nunique(), eyes["event"].sum()) == (394, 197, 155)
    assert eyes.groupby("treated")["event"].sum().to_dict() == {0: 101, 1: 54}
    assert eyes.drop_duplicates("patient")["juvenile"].sum() == 114
    assert eyes["age"].between(1, 58).all() and eyes["risk"].between(6, 12).all()


def test_both_real_files_tell_the_same(real, tmp_path):
    shutil.copy(real / "diabetic.csv", tmp_path)
    order = ["patient", "treated"]
    one, other = (load_retinopathy(f).sort_values(order).reset_index(drop=True) for f in (real, tmp_path))
    assert other.attrs["file"] == "diabetic.csv"
    pd.testing.assert_frame_equal(one, other)


def test_real_files_contradict_each_other_where_the_docstring_says(real):
    raw = {name: pd.read_csv(real / f"{name}.csv") for name in ("retinopathy", "diabetic")}
    both = raw["retinopathy"].merge(raw["diabetic"], on=["id", "trt"], suffixes=("", "_other"))
    assert (both["laser"] != both["laser_other"]).sum() == 2 * 106
    assert (raw["retinopathy"].groupby("id")["eye"].nunique() == 1).all()
    assert (raw["diabetic"].groupby("id")["eye"].nunique() == 2).all()


def test_real_risk_grade_orders_untreated_eyes(real):
    eyes = load_retinopathy(real, months=24).query("treated == 0").dropna(subset="lost")
    value, low, high = cindex_interval(eyes["lost"], eyes["risk"])
    assert low < value < high and 0.5 < value < 0.75
