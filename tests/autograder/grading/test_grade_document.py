"""Is the graded document the instructor's, with nothing of the learner's but the text of answers and of added cells?"""

import copy
import json

import nbformat
import pytest
from grading_helpers import RIGHT, add_cell, answered, grade_id_of
from tiny_weeks import make_week

from autograder.build import instructor_notebook, release_notebook
from autograder.grading.document import build_document, list_exercises
from autograder.grading.reading import read_notebook


@pytest.fixture(scope="module")
def week(tmp_path_factory):
    return make_week(tmp_path_factory.mktemp("weeks"))


@pytest.fixture
def build(week, tmp_path):
    def build(notebook):
        (tmp_path / "mine.ipynb").write_text(json.dumps(notebook))
        learner = read_notebook(tmp_path / "mine.ipynb")
        return build_document(instructor_notebook(week, "assignment"), release_notebook(week, "assignment"), learner)

    return build


def sources(document):
    return [cell.source for cell in document.notebook.cells if cell.cell_type == "code"]


def answers(document):
    return {grade_id_of(cell): cell.source for cell in document.notebook.cells if grade_id_of(cell) in RIGHT}


def test_exercises_are_listed_with_titles_and_points(week):
    assert [tuple(exercise) for exercise in list_exercises(instructor_notebook(week, "assignment"))] == [
        (
            "beats_per_minute",
            "Exercise 1: count beats per minute",
            2.0,
            "beats_per_minute",
            "check_beats_per_minute",
        ),
        ("faster", "Exercise 2: compare two rates", 1.5, "faster", "check_faster"),
    ]


def test_only_answers_are_taken(week, build):
    document = build(answered(week, **RIGHT))
    assert answers(document) == RIGHT
    assert document.attempts == {"beats_per_minute": "answered", "faster": "answered"}
    assert document.notes == []
    wanted = instructor_notebook(week, "assignment")
    for made, given in zip(document.notebook.cells, wanted.cells, strict=True):
        assert grade_id_of(made) in RIGHT or made.source == given.source
        assert made.metadata.get("nbgrader") == given.metadata.get("nbgrader")
    assert any("### BEGIN HIDDEN TESTS" in source for source in sources(document))


def test_a_blank_notebook_is_blank_and_holds_no_solution(week, build):
    document = build(release_notebook(week, "assignment"))
    assert document.attempts == {"beats_per_minute": "blank", "faster": "blank"}
    assert "### BEGIN SOLUTION" not in "".join(sources(document))


def test_a_missing_answer_is_empty_and_never_the_solution(week, build):
    document = build(answered(week, beats_per_minute=None, faster=RIGHT["faster"]))
    assert document.attempts == {"beats_per_minute": "missing", "faster": "answered"}
    assert answers(document)["beats_per_minute"] == ""


def test_edited_metadata_checks_points_and_order_are_ignored(week, build):
    notebook = answered(week, **RIGHT)
    for cell in notebook.cells:
        if grade_id_of(cell) == "check_faster":
            cell.source = "pass"
            cell.metadata.nbgrader.points = 1e9
            cell.metadata.tags = ["ungraded", "skip-execution", "raises-exception"]
        cell.metadata["nbgrader"] = {**cell.metadata.get("nbgrader", {}), "schema_version": 99, "locked": "?"}
    notebook.cells.reverse()
    document = build(notebook)
    wanted = [grade_id_of(cell) for cell in instructor_notebook(week, "assignment").cells]
    assert [grade_id_of(cell) for cell in document.notebook.cells] == wanted
    assert "pass" not in sources(document)
    assert all(cell.metadata.get("nbgrader", {}).get("schema_version", 3) == 3 for cell in document.notebook.cells)
    check = next(cell for cell in document.notebook.cells if grade_id_of(cell) == "check_faster")
    assert check.metadata.nbgrader.points == 1.5 and "tags" not in check.metadata


def test_added_cells_run_where_they_stand(week, build):
    notebook = add_cell(answered(week, **RIGHT), "faster", "helper = 1", tags=["ungraded"], nbgrader={"grade": True})
    notebook = add_cell(notebook, "check_faster", "after = 2")
    notebook.cells.insert(0, nbformat.v4.new_code_cell("first = 0"))
    notebook.cells.append(nbformat.v4.new_code_cell("last = 3"))
    document = build(notebook)
    made = document.notebook.cells
    order = [cell.source if "from" in cell.metadata.get("medlabs", {}) else "" for cell in made]
    assert order[0] == "first = 0" and order[-1] == "last = 3"
    assert order.index("helper = 1") + 1 == order.index(RIGHT["faster"]) == order.index("after = 2") - 1
    added = [cell for cell in made if cell.source in ("helper = 1", "after = 2", "first = 0", "last = 3")]
    assert all(dict(cell.metadata) == {"medlabs": {"from": "learner"}} for cell in added)


def test_a_changed_cell_that_came_with_the_notebook_runs_after_the_original(week, build):
    notebook = answered(week, **RIGHT)
    place = next(n for n, cell in enumerate(notebook.cells) if cell.source == "import numpy as np")
    notebook.cells[place].source = "import numpy as np\nimport math"
    document = build(notebook)
    here = sources(document).index("import numpy as np")
    assert sources(document)[here + 1] == "import numpy as np\nimport math"
    assert document.notes == [
        "You changed a cell that came with the notebook (import numpy as np): yours was run after the original."
    ]


def test_a_changed_ungraded_cell_does_not_run(week, build):
    notebook = answered(week, **RIGHT)
    notebook.cells[-1].source = "train_for_hours()"
    assert "train_for_hours()" not in sources(build(notebook))


def test_of_two_cells_with_one_mark_the_last_that_was_written_in_counts(week, build):
    stub = next(cell for cell in release_notebook(week, "assignment").cells if grade_id_of(cell) == "faster")
    notebook = answered(week, **RIGHT)
    place = next(n for n, cell in enumerate(notebook.cells) if grade_id_of(cell) == "faster")
    first, spare = copy.deepcopy(notebook.cells[place]), copy.deepcopy(stub)
    first.source, first.id, spare.id = "def half_of_it():\n    return 1", "first", "spare"
    notebook.cells.insert(place, first)
    notebook.cells.append(spare)
    document = build(notebook)
    assert answers(document)["faster"] == RIGHT["faster"]
    assert sources(document).index(first.source) < sources(document).index(RIGHT["faster"])
    assert document.notes == ["3 cells are marked as the answer to faster: the last one that you wrote in counts."]


def test_a_pasted_copy_of_a_check_neither_runs_nor_moves_what_follows(week, build):
    notebook = answered(week, **RIGHT)
    pasted = copy.deepcopy(next(cell for cell in notebook.cells if grade_id_of(cell) == "check_faster"))
    pasted.id, pasted.source = "pasted", "1 / 0"
    notebook.cells.insert(1, pasted)
    notebook.cells.insert(2, nbformat.v4.new_code_cell("early = 1"))
    made = sources(build(notebook))
    assert "1 / 0" not in made
    assert made.index("early = 1") < made.index(RIGHT["beats_per_minute"])


def test_an_answer_turned_into_text_is_run_as_code(week, build):
    notebook = answered(week, **RIGHT)
    cell = next(cell for cell in notebook.cells if grade_id_of(cell) == "faster")
    cell.cell_type = "markdown"
    document = build(notebook)
    assert answers(document) == RIGHT
    assert document.notes == ["The answer to faster had been turned into a text cell: it was run as code."]


def test_an_answer_that_lost_its_marks_is_known_by_its_id(week, build):
    notebook = answered(week, **RIGHT)
    for cell in notebook.cells:
        cell.metadata = nbformat.NotebookNode()
    assert answers(build(notebook)) == RIGHT


def test_cells_whose_ids_a_tool_renewed_are_known_by_text(week, build):
    notebook = add_cell(answered(week, **RIGHT), "faster", "helper = 1")
    for number, cell in enumerate(notebook.cells):
        cell.id = f"new{number}"
    document = build(notebook)
    assert answers(document) == RIGHT and document.notes == []
    assert sources(document).count("import numpy as np") == 1
    assert sources(document).index("helper = 1") + 1 == sources(document).index(RIGHT["faster"])
