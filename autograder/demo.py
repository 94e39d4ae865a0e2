"""The whole loop without a person: what `medlabs demo` does, step by step, on real nbgrader folders."""

import itertools
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from autograder import workspace

LEARNER = "ada"
MARK = ".medlabs-demo"
PLAN = ("right", "visible", "right", "hidden", "blank")  # of the assignment's exercises, in turn
QUIZ_PLAN = ("right", "right", "wrong")  # of the questions, in turn; the last question is left blank


class Answers(NamedTuple):
    """What the sample learner writes, by exercise, and the points that it should earn."""

    texts: dict
    expected: float
    said: list


class Place(NamedTuple):
    """Where a demo happens: an nbgrader course root, and the learner's workspace."""

    course: Path
    workspace: Path


def prepare(folder, week):
    """Make an empty place for the demo; an earlier demo in it is removed.

    Raises
    ------
    ValueError
        If the folder holds anything else.
    """
    import shutil

    folder = Path(folder)
    if folder.exists() and any(folder.iterdir()) and not (folder / MARK).is_file():
        raise ValueError(f"{folder} is not empty and holds no earlier demo: name another folder with --dir.")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / MARK).touch()
    return Place(folder / week.folder.parent.name, folder / "workspace")


def release(place, week, repository):
    """Let nbgrader make the release, and lay it out in the learner's workspace; return the names of its notebooks."""
    from autograder.instructor import make_course_root

    make_course_root(repository, week.folder.parent.name, place.course)
    workspace.lay_out({week.name: place.course / "release" / week.folder.name}, place.workspace)
    return sorted(path.stem for path in (place.workspace / week.name).glob("*.ipynb"))


def choose_answers(week, name):
    """Choose what the sample learner answers: some right, some wrong, one left blank.

    Parameters
    ----------
    week : autograder.build.Week
    name : str
        ``"assignment"`` or ``"quiz"``.

    Returns
    -------
    Answers
    """
    return _quiz_answers(week) if name == "quiz" else _assignment_answers(week)


def write_answers(notebook, answers):
    """Write answers into a released notebook, as a person would in JupyterLab."""
    import nbformat

    content = nbformat.read(notebook, as_version=4)
    for cell in content.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name in answers.texts and cell.metadata.nbgrader.solution:
            cell.source = answers.texts[name]
    workspace.write_whole(notebook, nbformat.writes(content).encode())


def submit(place, week, name):
    """Keep a copy in the workspace, and hand the same bytes in to nbgrader's folders; return the receipt."""
    from autograder.grading import store

    receipt = store.keep(place.workspace / week.name / f"{name}.ipynb", place.workspace, week.name, name)
    inbox = place.course / "submitted" / LEARNER / week.folder.name
    workspace.write_whole(inbox / f"{name}.ipynb", receipt.notebook.read_bytes())
    workspace.write_whole(inbox / "timestamp.txt", f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC".encode())
    return receipt


def autograde(place, week):
    """Let stock nbgrader grade what was handed in; return {notebook: score} from its gradebook.

    Raises
    ------
    RuntimeError
        With the end of nbgrader's log, if it failed.
    """
    from nbgrader.api import Gradebook

    from autograder.grading.execute import SETTINGS

    options = [f"--{section}.{key}={value}" for section, values in SETTINGS.items() for key, value in values.items()]
    command = [sys.executable, "-m", "nbgrader", "autograde", week.folder.name, f"--student={LEARNER}", *options]
    tools = str(Path(sys.executable).parent)  # nbgrader starts `alembic` by name
    environment = dict(os.environ, PATH=os.pathsep.join([tools, os.environ.get("PATH", os.defpath)]))
    done = subprocess.run(command, cwd=place.course, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"nbgrader autograde failed:\n{done.stderr[-2000:]}")
    with Gradebook(f"sqlite:///{place.course / 'gradebook.db'}") as gradebook:
        submission = gradebook.find_submission(week.folder.name, LEARNER)
        return {notebook.name: notebook.score for notebook in submission.notebooks}


def _assignment_answers(week):
    from autograder import build

    wrong, right = build.read_wrong_answers(week), build.read_right_answers(week)
    texts, expected, said = {}, 0.0, []
    for exercise, plan in zip(week.exercises, itertools.cycle(PLAN), strict=False):
        pool = right if plan == "right" else [answer for answer in wrong if answer.caught_by == plan]
        found = next((answer for answer in pool if answer.exercise == exercise.id), None)
        if found is None:
            said.append(f"{exercise.id}: left blank")
            continue
        texts[exercise.id] = found.source
        expected += exercise.points if plan == "right" else 0.0
        kind = "right" if plan == "right" else f"wrong, to be caught by the {plan} part of the check"
        said.append(f"{exercise.id}: {kind} ({found.name})")
    return Answers(texts, expected, said)


def _quiz_answers(week):
    from autograder.build.quiz import read_quiz

    questions = read_quiz(week.source("quiz"), week).questions
    texts, expected, said = {}, 0.0, []
    for question, plan in zip(questions[:-1], itertools.cycle(QUIZ_PLAN), strict=False):
        others = [letter for letter in question.choices if letter != question.answer]
        choice = question.answer if plan == "right" else others[0]
        texts[question.id] = f'{question.id} = "{choice}"'
        expected += question.points if plan == "right" else 0.0
        said.append(f"{question.id}: {plan}")
    return Answers(texts, expected, [*said, f"{questions[-1].id}: left blank"])
