"""What the Course panel shows, read from files alone."""

import asyncio
import json

import nbformat
import pytest
from tiny_weeks import NAME

from autograder.grading import records, store
from autograder.lab import attempts, course, progress


def run_cells(path, count=None):
    notebook = nbformat.read(path, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
    for number, cell in enumerate(code[:count], start=1):
        cell.execution_count = number
    nbformat.write(notebook, path)
    return len(code)


def show(lab):
    (week,) = asyncio.run(course.overview(lab))["weeks"]
    return week, {notebook["name"]: notebook for notebook in week["notebooks"]}


def keep(space, score, most=5.0, name="assignment", state=records.GRADED):
    """Hand in what lies there, with a grade."""
    receipt = store.keep(space / NAME / f"{name}.ipynb", space, NAME, name)
    exercise = {"id": "f", "title": "F", "points": score, "max_points": most, "passed": score == most, "message": "So."}
    record = records.record_without_grade("x", state, "") | {
        "notebook": name, "score": score, "max_score": most, "exercises": [exercise], "seconds": 7.0,
    }  # fmt: skip
    store.add(receipt, "result.json", records.to_json(records.make_report(NAME, {}, [record])).encode())
    return receipt


def test_a_new_workspace_has_everything_to_do(lab):
    week, notebooks = show(lab)
    assert (week["label"], week["course"], week["done"]) == ("Week 1", "Course 1: tiny", 0)
    assert list(notebooks) == ["lesson", "lab1_count_beats", "quiz", "assignment"]
    assert notebooks["lab1_count_beats"]["label"] == "Lab 1: count beats"
    assert week["minutes_left"] == sum(notebook["minutes"] for notebook in notebooks.values())
    assert not any(notebook["begun"] for notebook in notebooks.values())
    json.dumps(week, allow_nan=False)


def test_a_lesson_is_done_when_every_cell_was_run_and_its_minutes_go_with_them(lab, space):
    path = space / NAME / "lesson.ipynb"
    count = run_cells(path, 1)
    _, notebooks = show(lab)
    lesson = notebooks["lesson"]
    assert lesson["begun"] and not lesson["done"]
    assert lesson["minutes_left"] == round(lesson["minutes"] * (1 - 1 / count))
    run_cells(path)
    week, notebooks = show(lab)
    assert notebooks["lesson"]["done"] and notebooks["lesson"]["minutes_left"] == 0
    assert week["done"] == 1


BROKEN = {
    "no json": "{",
    "no cells": "{}",
    "cells that are none": '{"cells": [1, null]}',
    "a list": "[]",
    "odd counts": json.dumps({"cells": [{"cell_type": "code", "source": ["x"], "execution_count": "7"}]}),
    "deep": '{"cells": ' + "[" * 50_000,
    "latin": b'{"cells": "\xe9"}',
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_a_broken_notebook_counts_as_not_begun_and_stops_nothing(lab, space, text):
    (space / NAME / "lesson.ipynb").write_bytes(text if isinstance(text, bytes) else text.encode())
    _, notebooks = show(lab)
    assert not notebooks["lesson"]["done"] and not notebooks["lesson"]["begun"]


def test_a_notebook_that_was_deleted_is_said_and_not_counted(lab, space):
    (space / NAME / "lesson.ipynb").unlink()
    week, notebooks = show(lab)
    assert not notebooks["lesson"]["exists"]
    assert week["total"] == 3


def test_an_assignment_is_done_when_its_best_attempt_passes(lab, space):
    keep(space, 1.0)
    _, notebooks = show(lab)
    one = notebooks["assignment"]
    assert (one["score"], one["max_score"], one["done"], one["begun"], one["attempts_used"]) == (1, 5, False, True, 1)
    keep(space, 5.0)
    keep(space, 2.0)
    _, notebooks = show(lab)
    one = notebooks["assignment"]
    assert (one["score"], one["done"], one["minutes_left"], one["attempts_used"]) == (5, True, 0, 3)


def test_past_attempts_come_newest_first_and_tell_no_times(space):
    receipts = [keep(space, score) for score in (1.0, 2.0, 3.0)]
    past = attempts.kept(space, NAME, "assignment")
    assert [(one["attempt"], one["score"]) for one in past] == [(3, 3), (2, 2), (1, 1)]
    assert [one["receipt"] for one in past] == [receipts[0].digest[:12]] * 3
    assert "seconds" not in json.dumps(past)
    assert past[0]["exercises"][0]["next"].startswith("Change your answer")


def test_an_attempt_without_a_result_says_so_and_is_read_again_when_it_has_one(space):
    receipt = store.keep(space / NAME / "quiz.ipynb", space, NAME, "quiz")
    (one,) = attempts.kept(space, NAME, "quiz")
    assert one["score"] is None and "no grade" in one["message"]
    record = records.record_without_grade("x", records.UNREADABLE, "It is no notebook.") | {"notebook": "quiz"}
    store.add(receipt, "result.json", records.to_json(records.make_report(NAME, {}, [record])).encode())
    (one,) = attempts.kept(space, NAME, "quiz")
    assert one["message"] == "It is no notebook."


def test_strange_things_among_the_submissions_are_passed_over(space, tmp_path):
    keep(space, 1.0)
    place = space / ".medlabs" / "submissions" / NAME / "assignment"
    (place / "mine").mkdir()
    (place / "file").write_text("x")
    (place / "linked").symlink_to(tmp_path)
    broken = place / "20200101T000000Z-abc"
    broken.mkdir()
    (broken / "submission.json").write_text("[]")
    assert len(attempts.kept(space, NAME, "assignment")) == 1
    assert attempts.kept(space, NAME, "quiz") == []


def test_a_notebook_with_no_code_is_never_done(tmp_path):
    path = tmp_path / "x.ipynb"
    path.write_text('{"cells": [{"cell_type": "markdown", "source": "x"}, {"cell_type": "code", "source": " "}]}')
    assert progress.cells_run(path) == (0, 0) and not progress.cells_run(path).done
    assert progress.minutes_left(30, progress.UNKNOWN) == 30
