"""Pictures with sliders: which positions there are, what moves the picture, and what stays in a notebook without a front end."""

import json
import re

import nbformat
import pytest
from nbclient import NotebookClient

from labutils import explore, plots

CELL = """
from labutils import explore, plots


def picture(threshold, group):
    fig, axis = plots.new_figure(2, 1)
    axis.axvline(threshold)
    return fig, f"A vertical line at {threshold}, group {group}."


moving = explore.show(
    picture, threshold=explore.steps(0, 1, by=0.25, start=0.5), group=explore.choices(["<a>", "b"], start="<a>")
)
"""


def line(x):
    figure, axis = plots.new_figure(2, 1)
    axis.axvline(x)
    return figure, f"A vertical line that stands at {x}."


@pytest.mark.parametrize(
    ("made", "values"),
    [
        (explore.steps(0, 3, start=1), (0, 1, 2, 3)),
        (explore.steps(0, 1, by=0.25, start=0.5), (0, 0.25, 0.5, 0.75, 1)),
        (explore.steps(0.1, 0.5, by=0.1, start=0.3), (0.1, 0.2, 0.3, 0.4, 0.5)),
        (explore.steps(-2, 2, by=1.5, start=1), (-2, -0.5, 1)),
        (explore.choices([0.001, 0.5], start=0.5), (0.001, 0.5)),
        (explore.choices("ab", start="b"), ("a", "b")),
    ],
    ids=["whole numbers", "quarters", "tenths are tenths", "the last step does not fit", "uneven", "words"],
)
def test_positions(made, values):
    assert made.values == values
    assert made.start in values


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: explore.steps(1, 0, start=0), r"low < high and by > 0; got low 1, high 0"),
        (lambda: explore.steps(0, 1, by=0, start=0), r"by > 0"),
        (lambda: explore.steps(0, 1, by=0.25, start=0.3), r"start is 0.3, .* it has 0.0, 0.25, 0.5, 0.75, 1.0"),
        (lambda: explore.steps(0, 100, start=0.5), r"it has 0, 1, 2, …, 99, 100"),
        (lambda: explore.steps(0, 1, by=2, start=0), "two or more different values"),
        (lambda: explore.choices("a", start="a"), "two or more different values"),
        (lambda: explore.choices([1, 1], start=1), "two or more different values"),
        (lambda: explore.show(line), "show got no slider"),
        (lambda: explore.show(line, x=(0, 1)), r"show got x = \(0, 1\). Write NAME=explore.steps"),
        (lambda: explore.show(line, y=explore.steps(0, 1, start=0)), "The sliders are y, and draw takes x"),
        (lambda: explore.show(lambda x: line(x)[0], x=explore.steps(0, 1, start=0)), "draw returned Figure"),
        (lambda: explore.show(lambda x: (line(x)[0], "short"), x=explore.steps(0, 1, start=0)), "alt says 'short'"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(make, says):
    with pytest.raises(ValueError, match=says):
        make()


def test_outside_a_notebook_it_draws_once_and_shows_nothing(capsys):
    seen = []
    explore.show(lambda x: seen.append(x) or line(x), x=explore.steps(0, 3, start=2))
    assert seen == [2]
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("name", ["threshold", "group"])
def test_a_slider_can_be_read_and_moved(name):
    seen = []

    def draw(threshold, group):
        seen.append((threshold, group))
        return line(threshold)

    moving = explore.show(
        draw, threshold=explore.steps(0, 1, by=0.5, start=0, form="{:.0%}"), group=explore.choices("ab", start="a")
    )
    assert [label for label, _ in moving["threshold"].options] == ["0%", "50%", "100%"]
    assert moving[name].description == name
    moving[name].value = moving[name].options[-1][-1] if name == "threshold" else "b"
    assert seen == [(0, "a"), (1, "a") if name == "threshold" else (0, "b")]


def run(*cells):
    """Run cells without a front end; return the notebook as it would be saved."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in cells])
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    nbformat.validate(notebook)
    return notebook


def test_an_executed_notebook_keeps_the_picture_its_words_and_no_warning():
    (cell,) = run(CELL).cells
    sliders, picture = cell.outputs
    assert [output.output_type for output in cell.outputs] == ["display_data"] * 2, "no stderr, no echo"
    assert explore.WIDGET in sliders.data
    assert sliders.data["text/plain"].startswith("The picture below moves with a slider (threshold, group)")
    assert re.match(r'<img alt="A vertical line at 0.5, group &lt;a&gt;." [^>]*base64,iVBOR', picture.data["text/html"])


def test_moving_a_slider_changes_the_picture_where_it_stands():
    before = run(CELL).cells[0].outputs[1].data["text/html"]
    cells = run(CELL, 'moving["threshold"].value = 0.75', 'moving["group"].value = "b"').cells
    after = cells[0].outputs[1].data["text/html"]
    assert 'alt="A vertical line at 0.75, group b."' in after
    assert before.split("base64,")[1] != after.split("base64,")[1]
    assert [cell.outputs for cell in cells[1:]] == [[], []], "one picture, not a row of them"


def test_the_saved_sliders_stand_where_they_were_left():
    notebook = run(CELL, 'moving["threshold"].value = 0.75')
    state = notebook.metadata.widgets["application/vnd.jupyter.widget-state+json"]["state"]
    sliders = [model["state"] for model in state.values() if model["model_name"] == "SelectionSliderModel"]
    assert sorted((s["description"], s["index"]) for s in sliders) == [("group", 0), ("threshold", 3)]
    assert json.dumps(sliders).count("continuous_update") == 2
