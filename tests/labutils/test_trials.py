"""Are the trials what their papers say, and does a table of another kind get one clear sentence?"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from labutils import effects
from labutils.datasets import load_actg320, load_colon, simulate_trial

REAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "r_survival"


def test_actg_320_has_its_known_counts():
    trial = load_actg320()
    assert trial.groupby("TRTMT")["outcome"].agg(["sum", "size"]).to_numpy().tolist() == [[63, 577], [33, 574]]
    assert not trial.isna().any().any() and trial["days"].max() <= 364
    assert trial["female"].sum() == 200 and set(trial["karnofsky"]) == {70, 80, 90, 100}


@pytest.mark.parametrize(
    ("effect", "mean", "harmed"), [("varies", 0.117, 0.2), ("constant", 0.127, 0.0), ("none", 0.0, 0.0)]
)
def test_the_simulated_trial_is_what_it_says(effect, mean, harmed):
    known = simulate_trial(20_000, 1, effect=effect)
    table, again = known.table, simulate_trial(20_000, 1, effect=effect).table
    assert table.equals(again) and table["TRTMT"].mean() == 0.5
    assert known.benefit.mean() == pytest.approx(mean, abs=0.01)
    assert (known.benefit < 0).mean() == pytest.approx(harmed, abs=0.05)
    assert np.allclose(known.benefit, known.risk_control - known.risk_treated)
    for arm, risk in ((1, known.risk_treated), (0, known.risk_control)):
        seen = table["TRTMT"] == arm
        assert table.loc[seen, "outcome"].mean() == pytest.approx(risk[seen].mean(), abs=0.015)
    low, high = effects.ate_interval(table, 0.999)[1:]
    assert low < -known.benefit.mean() < high


def test_another_effect_is_refused():
    with pytest.raises(ValueError, match="one of varies, constant, none; got 'strong'"):
        simulate_trial(10, 0, effect="strong")


@pytest.mark.realdata
@pytest.mark.skipif(not REAL.is_dir(), reason=f"NOT TRIED: no real colon.csv in {REAL}")
def test_colon_is_cut_to_the_607_patients_with_their_known_rates():
    trial = load_colon(REAL)
    assert trial.groupby("TRTMT")["outcome"].agg(["sum", "size"]).to_numpy().tolist() == [[149, 309], [111, 298]]
    treated, control = effects.event_rate(trial)
    assert (round(treated, 3), round(control, 3)) == (0.372, 0.482)
    assert trial["nodes"].isna().sum() == 12 and list(trial.columns[-2:]) == ["TRTMT", "outcome"]
    assert load_colon(REAL / "colon.csv").equals(trial)
    assert effects.ate_interval(trial).high < 0


def test_a_course_s_table_is_read_too(tmp_path):
    file = tmp_path / "levamisole_data.csv"
    pd.DataFrame({"Unnamed: 0": [0, 1], "age": [50, 60], "TRTMT": [True, False], "outcome": [0, 1]}).to_csv(
        file, index=False
    )
    trial = load_colon(tmp_path)
    assert trial.to_dict("list") == {"age": [50, 60], "TRTMT": [1, 0], "outcome": [0, 1]}


BAD = {
    "another table": ("a,b\n1,2\n", "no table of this trial: looked for rx, etype.*found a, b"),
    "one arm": ("TRTMT,outcome\n1,0\n1,1\n", r"one arm only: TRTMT is \[1\]"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_table_of_another_kind_is_named(tmp_path, name):
    text, message = BAD[name]
    (tmp_path / "levamisole_data.csv").write_text(text)
    with pytest.raises(ValueError, match=message):
        load_colon(tmp_path / "levamisole_data.csv")


def test_a_folder_without_the_trial_and_a_missing_file(tmp_path):
    (tmp_path / "notes.txt").touch()
    with pytest.raises(ValueError, match=r"looked for colon\.csv or levamisole_data\.csv; found notes\.txt"):
        load_colon(tmp_path)
    with pytest.raises(FileNotFoundError, match="There is no file"):
        load_colon(tmp_path / "colon.csv")
