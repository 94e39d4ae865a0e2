"""The drawings of course 2, week 2: what is on them, and what they refuse."""

import numpy as np
import pandas as pd
import pytest
from sklearn.tree import DecisionTreeClassifier

from labutils import plots_missing


@pytest.fixture
def plane():
    rng = np.random.default_rng(0)
    X = pd.DataFrame({"age": rng.uniform(50, 90, 60), "kappa": rng.uniform(0.5, 3, 60)})
    return X, (X["age"] > 70).astype(int)


def test_tree_regions_draws_the_patients_and_the_boxes(plane):
    X, y = plane
    tree = DecisionTreeClassifier(max_depth=1).fit(X, y)
    figure = plots_missing.tree_regions(tree, X, y, title="Two boxes", labels=("age (years)", "kappa (mg/dL)"))
    axis = figure.axes[0]
    assert axis.get_title() == "Two boxes" and axis.get_xlabel() == "age (years)"
    assert [len(line.get_xdata()) for line in axis.lines] == [int((y == 0).sum()), int(y.sum())]
    assert len(set(np.asarray(axis.collections[0].get_array()).ravel().tolist())) == 2
    with pytest.raises(ValueError, match="X has 1 columns"):
        plots_missing.tree_regions(tree, X[["age"]], y, title="", labels=("", ""))


def test_calibration_curves(plane):
    rows = [[0.1, 0.2, 0.1, 0.3], [0.5, 0.4, 0.3, 0.6]]
    figure = plots_missing.calibration_curves({"a": rows, "b": rows}, title="Kept")
    assert [text.get_text() for text in figure.axes[0].get_legend().get_texts()] == ["promise kept", "a", "b"]
    with pytest.raises(ValueError, match=r"'a' has shape \(2, 3\)"):
        plots_missing.calibration_curves({"a": np.zeros((2, 3))}, title="")


def test_imputed_values_counts_everybody(plane):
    truth = np.array([1.0, 2.0, 9.0])
    figure = plots_missing.imputed_values(truth, {"mean": np.full(3, 2.0)}, title="t", xlabel="x", limit=5)
    assert sum(bar.get_height() for bar in figure.axes[0].patches if hasattr(bar, "get_height")) == 3
    with pytest.raises(ValueError, match="'mean' has"):
        plots_missing.imputed_values(truth, {"mean": np.zeros(2)}, title="t", xlabel="x")


def test_chances_has_one_panel_a_rule():
    figure = plots_missing.chances(np.arange(4.0), {"a": np.full(4, 0.4), "b": np.arange(4) / 4}, title="t", xlabel="x")
    assert [axis.get_title() for axis in figure.axes] == ["a", "b"]
