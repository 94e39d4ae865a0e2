"""Is the instructor's notebook what the script says, with ids that stay, and are mistakes said with file and cell?"""

import re

import nbformat
import pytest
from tiny_weeks import NAME, make_week

from autograder.build import SourceError, exercises, instructor_notebook
from autograder.build.notebook import headings_of

ANSWER = '"grade_id": "faster", "locked": false, "schema_version": 3, "solution": true'
CHECK = '"grade_id": "check_faster", "locked": true, "points": 1.5'


def test_the_notebook_is_complete_valid_and_without_outputs(tmp_path):
    notebook = instructor_notebook(make_week(tmp_path), "assignment")
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert notebook.metadata.kernelspec.name == "python3"
    assert notebook.metadata.medlabs == {"week": NAME, "notebook": "assignment"}
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.outputs == [] and cell.execution_count is None for cell in code)
    assert "np.random.default_rng(918_273)" in code[2].source
    assert notebook.cells[3].metadata == {
        "nbgrader": {
            "grade": False,
            "grade_id": "beats_per_minute",
            "locked": False,
            "schema_version": 3,
            "solution": True,
            "task": False,
        }
    }
    assert notebook.cells[-1].metadata == {"tags": ["ungraded"]}


def test_points_come_from_the_checks(tmp_path):
    notebook = instructor_notebook(make_week(tmp_path), "assignment")
    assert "Two functions, 3.5 points." in notebook.cells[0].source
    assert "It is worth 2 points." in notebook.cells[2].source
    assert "{{" not in "".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    doubled = make_week(tmp_path / "again", assignment_py=[('"points": 2,', '"points": 4,')])
    assert "Two functions, 5.5 points." in instructor_notebook(doubled, "assignment").cells[0].source


def ids(week, name="assignment"):
    return [cell.id for cell in instructor_notebook(week, name).cells]


def test_ids_name_the_exercise_or_the_section(tmp_path):
    assert ids(make_week(tmp_path)) == [
        "measure-heart-rates",
        "measure-heart-rates-2",
        "exercise-1-count-beats-per-minute",
        "beats_per_minute",
        "check_beats_per_minute",
        "exercise-2-compare-two-rates",
        "faster",
        "check_faster",
        "exercise-2-compare-two-rates-2",
    ]


def test_editing_text_or_code_moves_no_id(tmp_path):
    edits = [
        ("Two functions", "Three times two"),
        ("import numpy as np", "import numpy\n\nnp = numpy"),
        ("80, 60", "90, 60"),
    ]
    assert ids(make_week(tmp_path / "a", assignment_py=edits)) == ids(make_week(tmp_path / "b"))


def test_a_cell_more_moves_only_ids_behind_it_in_its_section(tmp_path):
    more = [("# %%\nimport numpy as np", "# %%\nimport math\n\n# %% [markdown]\n# Also:\n\n# %%\nimport numpy as np")]
    before, after = ids(make_week(tmp_path / "a")), ids(make_week(tmp_path / "b", assignment_py=more))
    assert set(after) - set(before) == {"measure-heart-rates-3", "measure-heart-rates-4"}
    assert [name for name in after if name in before] == before


def test_a_new_number_of_a_section_moves_no_id(tmp_path):
    week, moved = make_week(tmp_path / "a"), make_week(tmp_path / "b", lesson_py=[("## 1. Count", "## 12. Count")])
    assert ids(week, "lesson") == ids(moved, "lesson")


def test_ids_are_valid_and_unique_whatever_the_headings(tmp_path):
    text = "# %% [markdown]\n# # " + "Ärger: µ_σ! " * 20 + "\n\n# %%\n1\n"
    for heading in ("---", "Again", "again!", "Again-2", "start", "42", "x" * 200):
        text += f"\n# %% [markdown]\n# ## {heading}\n\n# %%\n2\n\n# %%\n3\n"
    found = ids(make_week(tmp_path, lesson_py=text), "lesson")
    assert len(set(found)) == len(found) == 23
    assert all(re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", name) for name in found)


def test_a_comment_in_a_block_of_code_is_no_heading():
    assert headings_of("# One\n```python\n# not this\n```\n\n## Two ##\n####### seven") == [(1, "One"), (2, "Two")]


def test_an_old_header_and_jupytext_s_own_marks_change_nothing(tmp_path):
    header = "# ---\n# jupyter:\n#   kernelspec:\n#     name: other\n#     display_name: x\n#     language: python\n# ---\n\n"
    plain = make_week(tmp_path / "a")
    text = header + plain.source("lesson").read_text().replace("\n\n# %%\nrate", "\n\n\n\n# %%\nrate")
    assert instructor_notebook(make_week(tmp_path / "b", lesson_py=text), "lesson") == instructor_notebook(
        plain, "lesson"
    )


HIDDEN = "### BEGIN HIDDEN TESTS\n{}### END HIDDEN TESTS"
SOLUTION = "    ### BEGIN SOLUTION\n{}    ### END SOLUTION\n"
FASTER = """\
    ### STUB: higher = ...  # compare the two
    ### STUB: return higher
    return bool(first > second)
"""
LOCKED = 'nbgrader={"grade": false, "grade_id": "x", "locked": true, "schema_version": 3, "solution": false}'
MISTAKES = [
    (
        "{{points:faster}}",
        "{{points:fast}}",
        "cell 6: {{points:fast}} stands for nothing. What can be filled in is {{p",
    ),
    ("{{points:faster}}", "{{minutes:faster}}", "cell 6: {{minutes:faster}} stands for nothing"),
    ('tags=["ungraded"]', 'tags=["slow"]', "cell 9: tags are ['slow']. The only tag is \"ungraded\"."),
    ('tags=["ungraded"]', 'tag=["ungraded"]', "cell 9: the marker line says 'tag'. Only nbgrader={…} and tags=[…]"),
    ('tags=["ungraded"]', "A title", "cell 9: the marker line says 'title'."),
    ("# %% tags", "# %% [raw] tags", "cell 9 is a raw cell."),
    (ANSWER, ANSWER.replace("3", "2"), 'cell 7: schema_version is 2. Write "schema_version": 3.'),
    (ANSWER, ANSWER.replace("faster", "fast er"), "cell 7: grade_id is 'fast er'. Write a Python name."),
    (ANSWER, ANSWER.replace("true", "1"), "cell 7: solution in nbgrader={…} is 1. Write true or false."),
    (ANSWER, ANSWER + ', "pints": 3', "cell 7: unknown key 'pints' in nbgrader={…}. Remove it."),
    (
        ANSWER,
        ANSWER.replace("faster", "beats_per_minute"),
        "cell 7: grade_id 'beats_per_minute' is that of cell 4 too.",
    ),
    (CHECK, CHECK.replace("1.5", "0"), "cell 8: points are 0. Write a number above 0."),
    (CHECK, CHECK.replace("1.5", '"2"'), "cell 8: points are '2'. Write a number above 0."),
    (
        "HIDDEN TESTS\nassert not",
        "HIDEN TESTS\nassert not",
        "cell 8, line 3: '### BEGIN HIDEN TESTS' looks like a marker",
    ),
    ("return bool(", "### SOLUTION\n    return bool(", "cell 7, line 6: '### SOLUTION' looks like a marker"),
    (SOLUTION.format(FASTER), "    ### BEGIN SOLUTION\n" + FASTER, "cell 7, the solution region is never closed."),
    (SOLUTION.format(FASTER), FASTER.split("\n")[2] + "\n", "cell 7: an answer cell without ### BEGIN SOLUTION"),
    ("assert got, f", "### BEGIN SOLUTION\n### END SOLUTION\nassert got, f", "cell 8: a solution in a cell that is no"),
    (
        "# %%\nimport numpy",
        f"# %%\n{HIDDEN.format('')}\nimport numpy",
        "cell 2: a hidden check in a cell without points.",
    ),
    ("# Two functions", "# END SOLUTION is a marker", "cell 1: 'END SOLUTION' stands in text."),
    ("# Two functions", "# ### STUB: not here", "cell 1: '### STUB:' stands in text."),
    (
        "# %% [markdown]\n# ## Exercise 2",
        f"# %% [markdown] {LOCKED}\n# ## Exercise 2",
        "cell 6: a Markdown cell carries",
    ),
    ('"task": false}\ndef faster', '"task": true}\ndef faster', "cell 7: tasks marked by hand are not supported"),
]


@pytest.mark.parametrize(("old", "new", "said"), MISTAKES, ids=[said[:40] for _, _, said in MISTAKES])
def test_a_mistake_is_said_with_its_cell(tmp_path, old, new, said):
    week = make_week(tmp_path, assignment_py=[(old, new)])
    with pytest.raises(SourceError, match=re.escape(f"{NAME}/assignment.py, {said}")):
        instructor_notebook(week, "assignment")


EQUAL = 'assert not faster(61.375, 61.375), "Two equal rates: neither is faster."\n'
APART = [
    (
        [(CHECK, CHECK.replace("check_faster", "check_fast"))],
        "cell 8: the check 'check_fast' has no answer cell above it.",
    ),
    (
        [(CHECK, CHECK.replace("check_faster", "test_faster"))],
        "cell 8: the check 'test_faster' has no answer cell above",
    ),
    (
        [
            ('"grade": true, ' + CHECK, '"grade": false, "grade_id": "read_me", "locked": true'),
            (HIDDEN.format(EQUAL), ""),
        ],
        "the answer cell 'faster' has no check. Add a cell check_faster.",
    ),
    (
        [('"grade": false, ' + ANSWER, '"grade": true, "points": 1, ' + ANSWER)],
        "cell 7: answer and check are one cell.",
    ),
]


@pytest.mark.parametrize(("edits", "said"), APART)
def test_an_exercise_that_falls_apart_is_said(tmp_path, edits, said):
    week = make_week(tmp_path, assignment_py=[*edits, ("({{points:faster}} points)", "")])
    with pytest.raises(SourceError, match=re.escape(said)):
        exercises(week, "assignment")


def test_practice_notebooks_carry_no_marks_and_no_points(tmp_path):
    marks = '# %% nbgrader={"grade": false, "grade_id": "a", "locked": true, "schema_version": 3, "solution": false}\nrate ='
    week = make_week(tmp_path, lesson_py=[("# %%\nrate =", marks), ("regular peak", "{{points:faster}} peaks")])
    with pytest.raises(SourceError, match=r"lesson\.py, cell 4: this notebook is not graded"):
        instructor_notebook(week, "lesson")
    week = make_week(tmp_path / "b", lesson_py=[("regular peak", "{{points:faster}} peaks")])
    with pytest.raises(SourceError, match=r"cell 1: .* stands for nothing.* nothing: this notebook is not graded"):
        instructor_notebook(week, "lesson")


def test_files_that_are_missing_unknown_or_empty_are_said(tmp_path):
    week = make_week(tmp_path, lesson_py="# just words\n")
    with pytest.raises(SourceError, match=r"lesson\.py has no cell\. Start each cell with a line '# %%'"):
        instructor_notebook(week, "lesson")
    with pytest.raises(
        SourceError, match=r"has no notebook 'lab2'\. It has: lesson, lab1_count_beats, quiz, assignment"
    ):
        instructor_notebook(week, "lab2")
    week.source("assignment").unlink()
    with pytest.raises(SourceError, match=r"assignment\.py is not there"):
        instructor_notebook(week, "assignment")
