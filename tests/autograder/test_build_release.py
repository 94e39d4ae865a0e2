"""Is what learners get cut by nbgrader's own steps, with our stubs, in memory and by nbgrader's command alike?"""

import subprocess
import sys

import nbformat
import pytest
from nbgrader.utils import compute_checksum
from tiny_weeks import COURSE, WEEK, make_week

from autograder import jupyter
from autograder.build import NBGRADER_CONFIG_LINES, SourceError, instructor_notebook, notebook_bytes, release_notebook
from autograder.build.release import IN_MEMORY, STEPS, release


def cell(week, name, cell_id):
    return next(cell for cell in release_notebook(week, name).cells if cell.id == cell_id)


GENERAL_STUB = "# YOUR CODE HERE\n{0}raise NotImplementedError()"


def test_a_region_without_stubs_leaves_nbgrader_s_own(tmp_path):
    answer = cell(make_week(tmp_path), "assignment", "beats_per_minute").source
    assert answer.split('"""\n')[1] == "    " + GENERAL_STUB.format("    ")


def test_stub_lines_are_what_learners_find(tmp_path):
    week = make_week(tmp_path)
    answer = cell(week, "assignment", "faster").source
    assert answer.split('"""\n')[1] == "    higher = ...  # compare the two\n    return higher"
    lab = cell(week, "lab1_count_beats", "count-beats-yourself-2").source
    assert "rate = ...  # beats per minute, from 13 beats in ten seconds\npractice.check(" in lab
    assert "13 * 6" not in lab


TWO_REGIONS = """\
    ### STUB: a = ...
    a = first > second
    ### END SOLUTION
    if a:
        ### BEGIN SOLUTION
        return True
"""


def test_two_regions_of_a_cell_each_leave_their_own_stub(tmp_path):
    stubs = "    ### STUB: higher = ...  # compare the two\n    ### STUB: return higher\n"
    edits = [(stubs + "    return bool(first > second)\n", TWO_REGIONS)]
    answer = cell(make_week(tmp_path, assignment_py=edits), "assignment", "faster").source
    assert answer.split('"""\n')[1] == "    a = ...\n    if a:\n        " + GENERAL_STUB.format(" " * 8)


def test_hidden_checks_are_gone_and_visible_ones_stay(tmp_path):
    check = cell(make_week(tmp_path), "assignment", "check_beats_per_minute")
    assert check.source.endswith('Two beats have one gap."')
    assert "918" not in check.source


def test_checks_are_locked_answers_are_not_and_checksums_are_those_of_the_released_text(tmp_path):
    week = make_week(tmp_path)
    check, answer = cell(week, "assignment", "check_faster"), cell(week, "assignment", "faster")
    assert (check.metadata.deletable, check.metadata.editable) == (False, False)
    assert answer.metadata.deletable is False and "editable" not in answer.metadata
    for one in (check, answer):
        assert one.metadata.nbgrader.checksum == compute_checksum(one)


def test_the_instructor_s_notebook_is_not_touched(tmp_path):
    instructor = instructor_notebook(make_week(tmp_path), "assignment")
    before = notebook_bytes(instructor)
    release(instructor, graded=True)
    assert notebook_bytes(instructor) == before


def test_what_nbgrader_refuses_is_said_with_the_step(tmp_path):
    instructor = instructor_notebook(make_week(tmp_path), "assignment")
    instructor.cells[-1].metadata["nbgrader"] = {"grade": False}
    with pytest.raises(SourceError, match=r"^here\.py: CheckCellMetadata of nbgrader refuses it: "):
        release(instructor, graded=True, place="here.py")
    instructor = instructor_notebook(make_week(tmp_path / "b"), "assignment")
    del instructor.cells[3].metadata["nbgrader"]
    with pytest.raises(SourceError, match="ClearSolutionsToStubs of nbgrader refuses it: Solution region detected"):
        release(instructor, graded=True)


def test_in_memory_only_the_gradebook_is_left_out():
    assert [step.__name__ for step in STEPS if step not in IN_MEMORY] == ["SaveCells"]


def nbgrader_release(week, root, *lines):
    """Generate the release of a week with nbgrader's command in a course root of its own."""
    jupyter.write_nbgrader_config(root, jupyter.course_config(root), *lines)
    source = root / "source" / WEEK
    source.mkdir(parents=True)
    for name in ("quiz", "assignment"):
        (source / f"{name}.ipynb").write_bytes(notebook_bytes(instructor_notebook(week, name)))
    command = [sys.executable, "-m", "nbgrader", "generate_assignment", WEEK, "--log-level=WARN"]
    environment = jupyter.lab_environment(root)  # nbgrader calls alembic by name
    run = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    folder = root / "release" / WEEK
    assert sorted(path.name for path in folder.iterdir()) == ["assignment.ipynb", "quiz.ipynb"]
    return {path.stem: nbformat.read(path, as_version=nbformat.NO_CONVERT) for path in folder.iterdir()}


def test_nbgrader_s_own_command_writes_the_same_notebooks(tmp_path):
    week = make_week(tmp_path)
    root = tmp_path / "cohort" / COURSE
    root.mkdir(parents=True)
    for name, notebook in nbgrader_release(week, root, *NBGRADER_CONFIG_LINES).items():
        assert notebook.cells == release_notebook(week, name).cells, name
        assert notebook.metadata == release_notebook(week, name).metadata, name


def test_without_our_configuration_nbgrader_differs_in_stubs_only(tmp_path):
    """The differences between stock nbgrader and us are the STUB lines, and nothing else."""
    week = make_week(tmp_path)
    root = tmp_path / "stock" / COURSE
    root.mkdir(parents=True)
    stock = nbgrader_release(week, root)
    for name, notebook in stock.items():
        ours = release_notebook(week, name)
        stubbed = {c.id for c in instructor_notebook(week, name).cells if "### STUB:" in c.source}
        assert [c.id for c, o in zip(notebook.cells, ours.cells, strict=True) if c != o] == [
            c.id for c in ours.cells if c.id in stubbed
        ]
