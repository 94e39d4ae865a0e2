"""What all weeks are put through: one rehearsal of all answers, one run of the real grader, and a table of times."""

import json
import os
import re
import subprocess
import sys

import nbformat
import pytest
from course_weeks import REPOSITORY, WEEKS, bundles, case_of, make, quiz_questions, week, wrong_bundles

from autograder import build
from autograder.grading.rehearse import rehearse

TIME = "notebook from top to bottom"


@pytest.fixture
def note_time(record_property):
    """Note a row of the table of times; it travels with the report of the test, from another process too."""
    return lambda row: record_property(TIME, row)


def pytest_terminal_summary(terminalreporter):
    passed = terminalreporter.stats.get("passed", [])
    rows = [value for report in passed for key, value in report.user_properties if key == TIME]
    if rows:
        terminalreporter.section("notebooks from top to bottom")
        for name, seconds, longest, memory in rows:
            terminalreporter.line(f"{seconds:6.1f} s  longest cell {longest:5.1f} s  {memory:6.0f} MB  {name}")
        terminalreporter.line(f"{sum(row[1] for row in rows):6.0f} s  together")


@pytest.fixture(scope="session")
def rehearsed():
    """Give, for each week, what every check says to each wrong and right answer alone, and to the instructor's."""
    done = {}

    def of(name):
        if name not in done:
            answers = [*build.read_wrong_answers(week(name)), *build.read_right_answers(week(name))]
            cases = {case_of(answer): {answer.exercise: answer.source} for answer in answers}
            assert len(cases) == len(answers), "a wrong and a right answer have the same name"
            done[name] = rehearse(WEEKS[name], "assignment", {"instructor": {}, **cases})
        return done[name]

    return of


@pytest.fixture(scope="session")
def handed_in(tmp_path_factory):
    """Give, for each week, the folder of the files that :func:`hand_in` writes."""
    done = {}

    def of(name):
        if name not in done:
            done[name] = tmp_path_factory.mktemp("handed_in")
            hand_in(name, done[name])
        return done[name]

    return of


@pytest.fixture(scope="session")
def really_graded(handed_in, tmp_path_factory):
    """Give, for each week, the records of `medlabs grade` over the files that were handed in, by their names."""
    done = {}

    def of(name):
        if name not in done:
            done[name] = grade(name, [handed_in(name)], tmp_path_factory.mktemp("results") / "all.json")
        return done[name]

    return of


def grade(name, places, report, *options):
    command = [
        sys.executable,
        "-m",
        "autograder.cli",
        "grade",
        *map(str, places),
        "--week",
        name,
        "--json",
        str(report),
    ]
    environment = dict(os.environ, MEDLABS_ROOT=str(REPOSITORY))
    ran = subprocess.run([*command, *options], env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr + ran.stdout
    assert re.findall(r"^[IWE]\d{4} .*", ran.stderr, flags=re.M) == [], (
        "a library's notes are no news for an instructor"
    )
    return {record["path"].rsplit("/", 1)[-1][:-6]: record for record in json.loads(report.read_text())["submissions"]}


def hand_in(name, folder):
    """Write the instructor's version, the blank one, and every wrong and right answer, one per exercise in each file."""
    for notebook in build.graded_names(week(name)):
        for kind in ("instructor", "release"):
            nbformat.write(make(name, notebook, kind), folder / f"{notebook}_{kind}.ipynb")
    for kind, texts_of_files in (
        ("wrong", wrong_bundles(name)),
        ("right", bundles(build.read_right_answers(week(name)))),
    ):
        for number, texts in enumerate(texts_of_files):
            nbformat.write(
                with_answers(make(name, "assignment", "instructor"), texts), folder / f"{kind}_{number}.ipynb"
            )
    questions = quiz_questions(name)
    for number in range(max((len(question.choices) - 1 for question in questions), default=0)):
        texts = {question.id: f'{question.id} = "{wrong_choice(question, number)}"' for question in questions}
        nbformat.write(with_answers(make(name, "quiz", "instructor"), texts), folder / f"quiz_wrong_{number}.ipynb")


def with_answers(notebook, texts):
    for cell in notebook.cells:
        marks = cell.metadata.get("nbgrader", {})
        if marks.get("solution") and marks["grade_id"] in texts:
            cell.source = texts[marks["grade_id"]]
    return notebook


def wrong_choice(question, number):
    """Give the wrong choice of this number; the last one again where a question has fewer."""
    wrong = [letter for letter in question.choices if letter != question.answer]
    return wrong[min(number, len(wrong) - 1)]
