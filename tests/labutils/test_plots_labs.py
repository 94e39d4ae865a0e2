"""The figures hold the numbers they were given, and refuse tables of a wrong shape."""

import numpy as np
import pytest

from labutils import plots_labs


def texts(axis):
    return [text.get_text() for text in axis.texts]


def test_matrix_writes_each_number_and_leaves_nan_empty():
    figure = plots_labs.matrix(
        ["Mass", "Pleural_Thickening"], [[np.nan, 2.84], [0.25, 1]], title="t", label="lift (times)"
    )
    axis = figure.axes[0]
    assert texts(axis) == ["2.8", "0.2", "1.0"]
    assert [tick.get_text() for tick in axis.get_yticklabels()] == ["Mass", "Pleural Thickening"]
    assert figure.axes[1].get_ylabel() == "lift (times)"


def test_matrix_of_nothing_known_can_still_be_drawn():
    figure = plots_labs.matrix(["a"], [[np.nan]], title="t", label="l")
    assert texts(figure.axes[0]) == []


def test_matrix_refuses_a_table_that_is_not_square():
    with pytest.raises(ValueError, match=r"values has shape \(1, 2\), but 2 names need \(2, 2\)"):
        plots_labs.matrix(["a", "b"], [[1, 2]], title="t", label="l")


def test_stacked_parts_stand_end_to_end():
    figure = plots_labs.stacked_parts(
        ["a", "b"], {"positives": [0.2, 0.1], "negatives": [0.3, 0.5]}, title="t", xlabel="loss (nats)"
    )
    bars = figure.axes[0].patches
    assert [round(bar.get_x() + bar.get_width(), 3) for bar in bars] == [0.2, 0.1, 0.5, 0.6]
    assert figure.axes[0].get_xlabel() == "loss (nats)"


@pytest.mark.parametrize("lengths", [[0.2], [0.2, -0.1]])
def test_stacked_parts_refuses_missing_and_negative_parts(lengths):
    with pytest.raises(ValueError, match="part 'positives' needs 2 values of zero or more"):
        plots_labs.stacked_parts(["a", "b"], {"positives": lengths}, title="t", xlabel="x")


def test_dots_keep_values_and_stay_in_their_line():
    series = {"before": [[0.6, 0.5, 0.7], [0.7, 0.6, 0.8]], "after": [[0.8, 0.75, 0.9], [np.nan] * 3]}
    figure = plots_labs.dots_with_interval(["a", "b"], series, title="t", xlabel="AUC", reference=0.5)
    axis = figure.axes[0]
    before, after = (container[0] for container in axis.containers)
    assert before.get_xdata().tolist() == [0.6, 0.7]
    assert after.get_xdata()[0] == 0.8
    assert np.isnan(after.get_xdata()[1])
    assert np.all(np.abs(before.get_ydata() - [0, 1]) < 0.5)
    assert np.all(before.get_ydata() != after.get_ydata())
    assert len(figure.legends) == 1


def test_dots_refuse_estimates_without_interval():
    with pytest.raises(ValueError, match=r"series 'before' has shape \(2,\)"):
        plots_labs.dots_with_interval(["a", "b"], {"before": [0.6, 0.7]}, title="t", xlabel="x")


def test_reliability_draws_promise_against_what_was_found():
    figure = plots_labs.reliability({"plain": [[0.1, 0.2, 0.1, 0.3], [0.8, 0.7, 0.6, 0.9]]}, title="t")
    line = figure.axes[0].containers[0][0]
    assert line.get_xdata().tolist() == [0.1, 0.8]
    assert line.get_ydata().tolist() == [0.2, 0.7]
    lengths = [segment[1][1] - segment[0][1] for segment in figure.axes[0].containers[0][2][0].get_segments()]
    assert np.allclose(lengths, [0.2, 0.3])


def test_reliability_refuses_a_curve_without_interval():
    with pytest.raises(ValueError, match=r"curve 'plain' has shape \(1, 2\)"):
        plots_labs.reliability({"plain": [[0.1, 0.2]]}, title="t")
