"""The drawings hold the numbers they were given: curves, bands, numbers at risk, endings."""

import numpy as np
import pandas as pd
import pytest

from labutils import plots_survival, survival


@pytest.fixture
def groups():
    one = pd.DataFrame({"Time": [5, 9, 2, 5], "Event": [1, 0, 1, 0]})
    return {"one": one, "two": pd.DataFrame({"Time": [4, 8], "Event": [0, 1]}, index=[7, 7])}


def test_curves_bands_and_censorings(groups):
    figure = plots_survival.survival_curves(groups, title="t", unit="months", extra={"truth": ([0, 3], [1, 0.5])})
    axis, below = figure.axes
    lines = [line for line in axis.lines if line.get_marker() == "None"]
    assert [line.get_label() for line in lines] == ["one (n = 4)", "two (n = 2)", "truth"]
    assert lines[0].get_xdata().tolist() == [0, 2, 5, 9]
    assert lines[0].get_ydata().tolist() == [1, 0.75, 0.5, 0.5]
    assert len({line.get_linestyle() for line in lines[:2]}) == 2  # told apart in grey
    strokes = [line for line in axis.lines if line.get_marker() == "|"]
    assert [line.get_xdata().tolist() for line in strokes] == [[5, 9], [4]]
    low = survival.greenwood_interval(groups["one"], 0.95).low[1]
    corners = axis.collections[0].get_paths()[0].vertices
    assert np.isclose(corners[:, 1], low).any()
    assert axis.get_xlabel() == "time (months)"
    assert below.get_xticks().tolist()[0] == 0


def test_numbers_at_risk_are_those_whose_time_is_that_long_or_longer(groups):
    below = plots_survival.survival_curves(groups, title="t").axes[1]
    told = {(text.get_position()): text.get_text() for text in below.texts}
    for (t, row), text in told.items():
        assert text == str((list(groups.values())[row]["Time"] >= t).sum())
    assert [told[0, 0], told[0, 1]] == ["4", "2"]
    assert [label.get_text() for label in below.get_yticklabels()] == ["one", "two"]


def test_curves_made_elsewhere_are_drawn_as_they_are(groups):
    given = {name: ([0, 3], [1, 0.25], [1, 0.125], [1, 0.5]) for name in groups}
    axis = plots_survival.survival_curves(groups, title="t", curves=given).axes[0]
    assert axis.lines[0].get_ydata().tolist() == [1, 0.25]
    for wrong in ({}, {"one": given["one"]}):
        with pytest.raises(ValueError, match="curves one curve for each"):
            plots_survival.survival_curves(groups, title="t", curves=wrong)
    with pytest.raises(ValueError, match="at least one group"):
        plots_survival.survival_curves({}, title="t")


def test_too_many_censorings_are_not_marked():
    many = pd.DataFrame({"Time": np.arange(1, 62), "Event": 0})
    axis = plots_survival.survival_curves({"many": many}, title="t").axes[0]
    assert [line for line in axis.lines if line.get_marker() == "|"] == []
    assert "stroke" not in axis.get_legend().get_title().get_text()


@pytest.mark.parametrize("named", [True, False])
def test_follow_up_marks_how_each_patient_ended(groups, named):
    df = groups["one"]
    figure = plots_survival.follow_up(df, title="t", names=list("abcd") if named else None, t=4)
    died, censored, *_ = figure.axes[0].lines
    assert (died.get_xdata().tolist(), died.get_ydata().tolist()) == ([5, 2], [0, 2])
    assert (censored.get_xdata().tolist(), censored.get_ydata().tolist()) == ([9, 5], [1, 3])
    assert len(figure.axes[0].get_yticks()) == (4 if named else 0)


def test_known_over_time_stacks_to_one(groups):
    alive, unknown, dead = plots_survival.known_over_time(groups["one"], title="t").axes[0].collections
    tops = [part.get_paths()[0].vertices[:, 1].max() for part in (alive, unknown, dead)]
    assert tops[0] == tops[2] == 1
    at_the_end = dead.get_paths()[0].vertices
    assert at_the_end[at_the_end[:, 0] == 9, 1].min() == pytest.approx(0.5)  # half died; the rest is unknown
    assert unknown.get_hatch()


def test_small_steps_stand_side_by_side():
    figure = plots_survival.small_steps({"a": ([0, 1], [1, 0.5]), "b": ([0, 1], [1, 1])}, title="t")
    assert [axis.get_title() for axis in figure.axes] == ["a", "b"]
    assert figure.axes[0].lines[0].get_ydata().tolist() == [1, 0.5]
