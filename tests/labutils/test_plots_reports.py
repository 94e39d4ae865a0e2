"""Do the figures of course 3, week 2 say what they are given, and stay readable?"""

import numpy as np
import pytest

from labutils import plots_reports
from labutils.reports_scores import f1_interval


def test_f1_dots_have_a_mark_and_an_interval_for_each_method_and_average():
    draw = np.random.default_rng(1)
    true, pred = (draw.random((2, 60, 3)) < 0.4).astype(int)
    scores = {"one": f1_interval(true, pred, rng=1, n_boot=50), "two": f1_interval(true, true, rng=1, n_boot=50)}
    figure = plots_reports.f1_dots(scores, ["a", "b", "c"], title="A finding")
    (axis,) = figure.axes
    assert [label.get_text() for label in axis.get_yticklabels()] == ["a", "b", "c", "micro", "macro"]
    marks = {line.get_label(): line.get_xdata() for line in axis.get_lines() if line.get_label() in scores}
    assert marks["one"].tolist() == pytest.approx([*scores["one"].estimate.per_class, *scores["one"].estimate[1:]])
    assert marks["two"].tolist() == [1.0] * 5 and axis.yaxis_inverted()
    assert "F1" in axis.get_xlabel() and figure.get_suptitle() == "A finding"


def test_span_scores_shade_the_span():
    figure = plots_reports.span_scores(["a", "b", "c"], [1, 2, 3], [3, -2, 1], (1, 2), title="Found")
    (axis,) = figure.axes
    assert [bar.get_height() for bar in axis.patches[1:]] == [1, 2, 3, 3, -2, 1]
    assert (axis.patches[0].get_x(), axis.patches[0].get_width()) == (0.5, 2)
    assert [label.get_text() for label in axis.get_xticklabels()] == ["a", "b", "c"] and "score" in axis.get_ylabel()


def test_the_strip_shows_each_token_once_and_padding_empty():
    tokens = ["[CLS]", "q", "[SEP]", "p", "[SEP]", "[PAD]", "[PAD]"]
    figure = plots_reports.token_strip(tokens, [[0, 0, 0, 1, 1, 0, 0]], [1, 1, 1, 1, 1, 0, 0], title="Row", columns=4)
    (axis,) = figure.axes
    texts = [text for text in axis.texts if text.get_text()]
    assert [text.get_text() for text in texts] == tokens
    colors = [text.get_bbox_patch().get_facecolor()[:3] for text in texts]
    assert len(set(colors)) == 3 and colors[0] == colors[2] and colors[3] == colors[4] and colors[5] == (1, 1, 1)
    assert {text.get_position()[1] for text in texts} == {0, -1}
