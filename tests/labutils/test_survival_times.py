"""Tables of times and events: the trap of the lymphoma column, names, codes, units, and what is refused."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from lifelines import datasets

from labutils import datasets as ours
from labutils import survival
from labutils.datasets import STAGES, load_lymphoma, load_times

REAL = Path(__file__).parents[2].parent / "shared" / "data"
NAN = float("nan")


def table(**columns):
    return pd.DataFrame(columns)


def test_lymphoma_is_the_table_of_lifelines_with_an_honest_name():
    original, lymphoma = datasets.load_lymphoma(), load_lymphoma()
    assert list(lymphoma.columns) == ["Stage_group", "Time", "Event"]
    assert lymphoma["Event"].tolist() == original["Censor"].tolist()  # 1 in `Censor` means that the patient died
    assert lymphoma.groupby("Stage_group")["Event"].agg(["size", "sum"]).to_numpy().tolist() == [[19, 8], [61, 46]]
    assert (lymphoma["Time"].min(), lymphoma["Time"].max()) == (4, 346)
    assert sorted(STAGES) == sorted(lymphoma["Stage_group"].unique())
    assert {"load_lymphoma", "load_times", "STAGES"} <= set(dir(ours))


def test_whoever_is_watched_longest_is_alive():
    """The fact by which the lesson tells the codes apart."""
    assert (load_lymphoma().sort_values("Time").tail(10)["Event"] == 0).all()


@pytest.mark.parametrize(("unit", "days"), [("days", 1), ("weeks", 7), ("months", 30.4375), ("years", 365.25)])
def test_units_become_days(unit, days):
    loaded = load_times(table(Time=[2, 0.5], Event=[1, 0]), unit=unit)
    assert loaded["Time"].tolist() == [2 * days, 0.5 * days]
    assert loaded.attrs == {"unit": f"days, from {unit}", "codes": {1: 1, 0: 1}}


@pytest.mark.parametrize(
    ("codes", "event_is", "expected"),
    [
        pytest.param([0, 1, 1], None, [0, 1, 1], id="0 and 1"),
        pytest.param([False, True, True], None, [0, 1, 1], id="bool"),
        pytest.param([1.0, 0.0, 0.0], None, [1, 0, 0], id="floats"),
        pytest.param([0, 2, 1], 2, [0, 1, 0], id="one code of three"),
        pytest.param([0, 2, 1], {1, 2}, [0, 1, 1], id="two codes of three"),
        pytest.param(["dead", "alive", "lost"], "dead", [1, 0, 0], id="text"),
        pytest.param(["dead", "alive", "relapse"], ["dead", "relapse"], [1, 0, 1], id="two texts"),
        pytest.param([1, 0, 1], 0, [0, 1, 0], id="a column that really says censored"),
        pytest.param([0, 0, 0], None, [0, 0, 0], id="everybody censored"),
    ],
)
def test_codes(codes, event_is, expected):
    source = table(t=[1, 2, 3], how=codes, arm=list("xxy"))
    source.index = ["p", "q", "r"]
    before = source.copy()
    loaded = load_times(source, time="t", event="how", group="arm", event_is=event_is)
    assert loaded["Event"].tolist() == expected
    assert list(loaded.columns) == ["Time", "Event", "arm"]
    assert loaded.index.tolist() == ["p", "q", "r"]
    pd.testing.assert_frame_equal(source, before)


@pytest.mark.parametrize("times", [[0, 5], [3], ["4", "7.5"]])
def test_time_zero_one_patient_and_numbers_as_text_are_fine(times):
    loaded = load_times(table(Time=times, Event=[1] * len(times)))
    assert loaded["Time"].tolist() == [float(t) for t in times]
    assert len(survival.HomemadeKM(loaded).times) == len({0.0, *loaded["Time"]})


def test_a_group_of_one_can_be_compared():
    loaded = load_times(table(Time=[1, 2, 3], Event=[1, 1, 0], arm=["x", "y", "x"]), group="arm")
    assert np.isfinite(survival.log_rank(loaded, "arm")).all()


@pytest.mark.parametrize(
    ("source", "options", "message"),
    [
        (table(t=[1], Event=[1]), {}, "no column 'Time'; it has t, Event. Name yours with time="),
        (table(Time=[1], Event=[1]), {"group": "arm"}, "no column 'arm'"),
        (table(Time=[], Event=[]), {}, "a header but no patient"),
        (table(Time=[1, -2, -3], Event=[1, 1, 1]), {}, r"'Time': the time of row 1 is -2 .* 2 such rows"),
        (table(Time=[1, NAN], Event=[1, 1]), {}, r"'Time': the time of row 1 is nan \(it is missing\); 1 such rows"),
        (table(Time=["1", "unknown"], Event=[1, 1]), {}, "'unknown' .*a number was expected"),
        (table(Time=[1, np.inf], Event=[1, 1]), {}, "inf .it must end"),
        (table(Time=[1, 2], Event=[1, None]), {}, "'Event': the event of row 1 is nan"),
        (table(Time=[1, 2], Event=[1, 2]), {}, r"'Event' holds 1, 2, not just 0 and 1: say with event_is="),
        (table(Time=[1, 2], Event=["yes", "no"]), {}, "'Event' holds 'yes', 'no', not just"),
        (
            table(Time=[1, 2], Event=[0, 1]),
            {"event_is": 2},
            "event_is names 2, which 'Event' does not hold; it holds 0, 1",
        ),
        (table(Time=[1, 2], Event=[0, 1], arm=["a", None]), {"group": "arm"}, "'arm': the group of row 1 is None"),
        (table(Time=[1], Event=[1]), {"unit": "hours"}, "days, weeks, months, years; got 'hours'"),
    ],
)
def test_what_is_refused_with_one_clear_error(source, options, message):
    with pytest.raises(ValueError, match=message):
        load_times(source, **options)


def test_files(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text("\ufeffpid,weeks,dead\n7,2,1\n8,3.5,0\n", encoding="utf-8")
    assert load_times(path, time="weeks", event="dead", unit="weeks").to_numpy().tolist() == [[14, 1], [24.5, 0]]
    with pytest.raises(FileNotFoundError, match=r"no file .*nothing\.csv"):
        load_times(tmp_path / "nothing.csv")
    path.write_text("")
    with pytest.raises(ValueError, match="cannot be read as a csv table"):
        load_times(path)


@pytest.fixture(scope="module")
def real():
    if not (REAL / "r_survival").is_dir():
        pytest.skip(f"THE REAL TABLES ARE NOT HERE: {REAL} is missing, so load_times was tried on made tables only")
    return REAL / "r_survival"


@pytest.mark.realdata
def test_real_pbc_death_with_transplants_as_censored(real):
    pbc = load_times(real / "pbc.csv", time="time", event="status", event_is=2)
    assert (len(pbc), int(pbc["Event"].sum())) == (418, 161)
    assert pbc.attrs["codes"] == {0: 232, 2: 161, 1: 25}
    with pytest.raises(ValueError, match=r"'status' holds 2, 0, 1, not just 0 and 1"):
        load_times(real / "pbc.csv", time="time", event="status")


@pytest.mark.realdata
def test_real_colon_trial_in_three_arms(real, tmp_path):
    rows = pd.read_csv(real / "colon.csv")
    deaths = load_times(rows[rows["etype"] == 2], time="time", event="status", group="rx")
    assert deaths.groupby("rx").size().to_dict() == {"Lev": 310, "Lev+5FU": 304, "Obs": 315}
    five_years = {arm: 1 - survival.step_at(*survival.HomemadeKM(df), 1826) for arm, df in deaths.groupby("rx")}
    assert {arm: round(risk, 3) for arm, risk in five_years.items()} == {"Lev": 0.465, "Lev+5FU": 0.366, "Obs": 0.474}
    assert survival.log_rank(deaths, "rx").p_value < 0.01
    packed = tmp_path / "colon.csv.gz"
    rows[rows["etype"] == 2].to_csv(packed, index=False)
    pd.testing.assert_frame_equal(
        load_times(packed, time="time", event="status", group="rx"), deaths.reset_index(drop=True)
    )


@pytest.mark.realdata
def test_real_retinopathy_in_months(real):
    eyes = load_times(real / "retinopathy.csv", time="futime", event="status", group="trt", unit="months")
    assert int(eyes["Event"].sum()) == 155
    assert eyes["Time"].max() == pytest.approx(pd.read_csv(real / "retinopathy.csv")["futime"].max() * 30.4375)
