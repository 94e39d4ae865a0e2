"""The drawings of linear risk models: what is drawn where, and what is refused."""

import numpy as np
import pandas as pd
import pytest

from labutils import plots_risk
from labutils.risk_calibration import risk_groups


def test_one_histogram_per_panel():
    figure = plots_risk.histograms({"age (years)": np.arange(50), "z": np.arange(10.0)}, title="Two")
    assert [axis.get_xlabel() for axis in figure.axes] == ["age (years)", "z"]
    assert sum(bar.get_height() for bar in figure.axes[0].patches) == 50
    assert figure.get_suptitle() == "Two"


def test_every_pair_gets_its_credit():
    figure = plots_risk.pair_grid({"Ann": 0.8, "Bo": 0.4}, {"Cy": 0.6, "Di": 0.4}, title="Four pairs")
    assert [text.get_text() for text in figure.axes[0].texts] == ["1", "1", "0", "½"]
    assert [label.get_text() for label in figure.axes[0].get_yticklabels()] == ["Ann\n0.8", "Bo\n0.4"]
    with pytest.raises(ValueError, match="one of the sides is empty"):
        plots_risk.pair_grid({}, {"Cy": 0.6}, title="None")


def test_one_panel_per_surface():
    x = np.linspace(-1, 1, 5)
    figure = plots_risk.risk_over_two(
        x,
        x,
        {"a": np.tile(np.linspace(0, 1, 5), (5, 1)), "b": np.tile(np.linspace(0, 1, 5), (5, 1)).T},
        title="Two models",
        xlabel="age",
        ylabel="pressure",
    )
    assert [axis.get_title() for axis in figure.axes[:2]] == ["a", "b"]


def test_calibration_draws_each_model_and_the_diagonal():
    y = np.tile([0, 1], 50)
    groups = {"one": risk_groups(y, np.linspace(0.1, 0.9, 100)), "two": risk_groups(y, np.linspace(0.2, 0.4, 100))}
    axis = plots_risk.risk_calibration(groups, title="Two", limit=0.5).axes[0]
    assert [text.get_text() for text in axis.get_legend().get_texts()] == ["risks that are true", "one", "two"]
    assert axis.get_xlim()[1] == pytest.approx(0.51)
    assert isinstance(groups["one"], pd.DataFrame)
