"""Do the drawings of course 2, week 4 show what they were given, and refuse what does not fit?"""

import numpy as np
import pytest

from labutils import plots_hazards


def test_step_curves_keep_values_bands_and_numbers_at_risk():
    figure = plots_hazards.step_curves(
        {"a": ([0, 1, 2], [1, 0.5, 0.2], [1, 0.3, 0.1], [1, 0.7, 0.4]), "b": ([0, 3], [1, 0.9])},
        title="Falls",
        xlabel="years",
        ylabel="alive",
        at_risk={"a": ([0, 2], [9, 4])},
        top=1,
    )
    (axis,) = figure.axes
    assert [line.get_ydata().tolist() for line in axis.lines] == [[1, 0.5, 0.2], [1, 0.9]]
    assert len({line.get_linestyle() for line in axis.lines}) == 2
    assert len(axis.collections) == 1 and axis.get_ylim() == (0, 1)
    assert axis.get_xlabel() == "years\nat risk, a: 9 at 0, 4 at 2"
    assert {text.get_text() for text in axis.get_legend().get_texts()} == {"a", "b"}


def test_one_curve_needs_no_legend_and_lengths_must_match():
    words = {"title": "t", "xlabel": "x", "ylabel": "y"}
    assert plots_hazards.step_curves({"a": ([0], [1])}, **words).axes[0].get_legend() is None
    with pytest.raises(ValueError, match="curve 'a' has 2 times and 1 values"):
        plots_hazards.step_curves({"a": ([0, 1], [1])}, **words)


def test_ratios_are_on_a_log_axis_with_a_line_at_one():
    figure = plots_hazards.ratios(["heart_failure", "age"], [2, 0.9], [1.5, 0.8], [3, 1.1], title="t", xlabel="ratio")
    (axis,) = figure.axes
    assert axis.get_xscale() == "log"
    assert [label.get_text() for label in axis.get_yticklabels()] == ["heart failure", "age"]
    assert any(set(np.atleast_1d(line.get_xdata())) == {1} for line in axis.lines)
    with pytest.raises(ValueError, match="above 0"):
        plots_hazards.ratios(["a"], [1], [0], [2], title="t", xlabel="x")


def test_timelines_end_in_a_cross_or_a_ring():
    figure = plots_hazards.timelines(["A", "B"], [2, 5], [1, 0], title="t", xlabel="years")
    ends = [line for line in figure.axes[0].lines if len(line.get_xdata()) == 1]
    assert [(line.get_xdata()[0], line.get_marker()) for line in ends] == [(2, "X"), (5, "o")]


def test_calibration_has_the_line_of_agreement_and_a_marker_for_each_model():
    rows = [(0.1, 0.2, 0.1, 0.3), (0.5, 0.4, 0.3, 0.6)]
    figure = plots_hazards.calibration({"Cox": rows, "forest": rows}, title="t", xlabel="x", ylabel="y")
    (axis,) = figure.axes
    assert axis.lines[0].get_xdata()[-1] == 1 and axis.get_xlim() == axis.get_ylim() == (0, 1)
    assert {text.get_text() for text in axis.get_legend().get_texts()} == {"perfect agreement", "Cox", "forest"}
