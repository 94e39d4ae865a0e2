"""Drawings of week 2: do the marks stand where the numbers say, at every position of a slider?"""

import numpy as np
import pytest

from labutils import evaluation, plots_evaluation

Y = np.array([1, 1, 0, 1, 0, 1, 0, 0])
SCORE = np.array([0.95, 0.80, 0.75, 0.60, 0.40, 0.35, 0.20, 0.10])


def marked(axis):
    """Give the point of each line that is a single mark."""
    return {
        line.get_label(): line.get_xydata()[0] for line in axis.lines if line.get_marker() not in ("None", None, "")
    }


@pytest.mark.parametrize(
    ("th", "false_alarms", "found"),
    [(0, 1, 1), (0.1, 1, 1), (0.35, 0.5, 1), (0.6, 0.25, 0.75), (0.61, 0.25, 0.5), (0.95, 0, 0.25), (1, 0, 0)],
    ids=["everybody", "the lowest score", "all sick", "a score itself", "just above it", "the highest", "nobody"],
)
def test_the_dot_stands_on_the_roc_curve(th, false_alarms, found):
    figure = plots_evaluation.groups_and_roc(Y, SCORE, th=th, title="t", xlabel="score")
    left, right = figure.axes
    assert np.allclose(marked(right)["this threshold"], (false_alarms, found))
    (curve,) = [line for line in right.lines if line.get_label() == "ROC curve"]
    assert np.isclose(curve.get_xydata(), (false_alarms, found)).all(axis=1).any()
    assert [line.get_xdata()[0] for line in left.lines if "threshold" in line.get_label()] == [th]


def test_the_curve_is_the_one_of_the_lesson():
    right = plots_evaluation.groups_and_roc(Y, SCORE, th=0.5, title="t", xlabel="score").axes[1]
    curve = evaluation.roc_curve(Y, SCORE)
    (drawn,) = [line for line in right.lines if line.get_label() == "ROC curve"]
    assert np.isclose(np.trapezoid(*drawn.get_data()[::-1]), evaluation.auc(Y, SCORE))
    assert {tuple(point) for point in np.column_stack([curve.fpr, curve.tpr])} <= set(map(tuple, drawn.get_xydata()))


@pytest.mark.parametrize("at", [0.001, 0.006, 0.1, 0.5])
def test_predictive_values_are_marked_where_bayes_puts_them(at):
    places = np.geomspace(0.001, 0.5, 400)
    ppv, npv = ([rule(0.9, 0.8, p) for p in places] for rule in (evaluation.ppv_from_bayes, evaluation.npv_from_bayes))
    (axis,) = plots_evaluation.predictive_values(places, ppv, npv, at=at, title="t").axes
    right = evaluation.ppv_from_bayes(0.9, 0.8, at), evaluation.npv_from_bayes(0.9, 0.8, at)
    points = marked(axis)
    assert list(points) == [f"PPV {right[0]:.1%}", f"NPV {right[1]:.1%}"]
    assert np.allclose([point[1] for point in points.values()], right, atol=1e-4)
    assert [point[0] for point in points.values()] == [at, at]
