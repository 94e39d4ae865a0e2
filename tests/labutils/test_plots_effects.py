"""Do the figures of course 3, week 1 draw what they are given?"""

import numpy as np
import pandas as pd

from labutils import plots_effects


def test_love_plot_has_one_dot_a_feature_first_at_the_top():
    figure = plots_effects.love_plot(pd.Series([0.2, -0.05, np.nan], index=["age", "prior_zdv", "site"]), title="T")
    axis = figure.axes[0]
    assert [tick.get_text() for tick in axis.get_yticklabels()] == ["age", "prior zdv", "site"]
    assert axis.yaxis_inverted() and axis.get_xlim()[1] > 0.2


def test_promise_and_data_draws_bins_at_their_mean_risk():
    seen = pd.Series([0.1, np.nan], index=[0.2, 0.4])
    axis = plots_effects.promise_and_data(np.array([0.1, 0.5]), np.array([0.0, 0.1]), seen, title="T").axes[0]
    dots = next(line for line in axis.lines if line.get_marker() == "o")
    assert dots.get_xdata().tolist() == [0.2, 0.4] and dots.get_ydata()[0] == 0.1


def test_of_many_patients_every_kth_is_drawn():
    truth = np.linspace(-0.2, 0.4, 5000)
    axis = plots_effects.truth_and_prediction(truth, truth / 2, title="T", most=1000).axes[0]
    dots = next(line for line in axis.lines if line.get_marker() == ".")
    assert len(dots.get_xdata()) == 1000 and np.allclose(dots.get_ydata(), dots.get_xdata() / 2)


def test_spread_of_scores_marks_the_median_of_each_group():
    axis = plots_effects.spread_of_scores(
        {"a": [0.4, 0.5, 0.9], "b": [0.6]}, title="T", xlabel="x", reference=0.5
    ).axes[0]
    bars = [line.get_xdata()[0] for line in axis.lines if line.get_linewidth() == 2.5]
    assert bars == [0.5, 0.6]
    assert [tick.get_text() for tick in axis.get_yticklabels()] == ["a", "b"]


def test_effects_by_group_and_intervals_by_size_keep_their_ends():
    axis = plots_effects.effects_by_group({"all": (-0.05, -0.08, -0.02)}, title="T", xlabel="x").axes[0]
    assert list(axis.lines[0].get_xdata()) == [-0.08, -0.02]
    axis = plots_effects.intervals_by_size(
        [100, 1000], {"a": [(0.5, 0.4, 0.7), (0.6, 0.55, 0.64)]}, title="T", ylabel="y"
    ).axes[0]
    ends = np.array(axis.containers[0].lines[2][0].get_segments())[:, :, 1]
    assert np.allclose(ends, [[0.4, 0.7], [0.55, 0.64]])


def test_lines_take_another_reference():
    axis = plots_effects.lines(np.arange(3), {"a": np.ones(3)}, title="T", xlabel="x", ylabel="y", reference=0.5).axes[
        0
    ]
    assert list(axis.lines[-1].get_ydata()) == [0.5, 0.5]
