"""Do the drawings of course 1, week 1 show what they were given, and refuse what does not fit?"""

import numpy as np
import pytest

from labutils import plots_week1


def test_a_film_is_drawn_beside_one_bar_for_each_score():
    figure = plots_week1.film_with_scores(
        np.zeros((8, 8)), [0.2, 0.9, 0.5], ["Mass", "Pleural_Thickening", "Hernia"], present=["Mass"], title="One film"
    )
    film, bars = figure.axes
    assert film.images[0].get_array().shape == (8, 8)
    assert [bar.get_width() for bar in bars.patches] == [0.2, 0.9, 0.5]
    assert [label.get_text() for label in bars.get_yticklabels()] == [
        "Mass (present)",
        "Pleural Thickening",
        "Hernia",
    ]


def test_present_findings_differ_by_more_than_colour():
    figure = plots_week1.film_with_scores(np.zeros((8, 8)), [0.2, 0.9], ["Mass", "Hernia"], present=["Hernia"])
    assert [bool(bar.get_hatch()) for bar in figure.axes[1].patches] == [False, True]


@pytest.mark.parametrize(
    ("scores", "present", "message"),
    [([0.1], [], "one number per name"), ([0.1, 0.2], ["Edema"], "Edema, which is not among names")],
)
def test_scores_and_names_that_do_not_fit_are_refused(scores, present, message):
    with pytest.raises(ValueError, match=message):
        plots_week1.film_with_scores(np.zeros((8, 8)), scores, ["Mass", "Hernia"], present=present)


def test_curves_keep_their_values_and_differ_in_line_style():
    x = np.linspace(0, 1, 5)
    figure = plots_week1.labelled_curves(
        x, {"up": x, "down": 1 - x}, title="Two ways", xlabel="x", ylabel="y", marks=[(0.5, 0.5, "cross")]
    )
    (axis,) = figure.axes
    up, down, mark = axis.lines
    assert np.array_equal(up.get_ydata(), x) and np.array_equal(down.get_ydata(), 1 - x)
    assert up.get_linestyle() != down.get_linestyle()
    assert (mark.get_xdata()[0], axis.texts[0].get_text()) == (0.5, "cross")


def test_one_curve_needs_no_legend():
    figure = plots_week1.labelled_curves([0, 1], {"loss": [1, 0]}, title="Falls", xlabel="step", ylabel="loss")
    assert figure.axes[0].get_legend() is None
