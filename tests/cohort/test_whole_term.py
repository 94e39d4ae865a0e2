"""A whole small term through the command line, with nbgrader's own commands in between, in its real folders and gradebook."""

import csv
import io
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import nbformat
import pytest
from cohort.terms import ROSTER
from grading_helpers import RIGHT, WRONG, answered, medlabs_here
from nbgrader.api import Gradebook
from tiny_weeks import COURSE, NAME, WEEK, edit, make_repository

from autograder import build
from autograder.cohort import read_cohort, seeded_week
from autograder.jupyter import path_with_own_tools

# nbgrader's release_feedback leaves files open
LEFT_OPEN = ("ignore:unclosed file:ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200), *map(pytest.mark.filterwarnings, LEFT_OPEN)]
NEW_TERM = (datetime.now(UTC) + timedelta(days=20)).strftime("%Y-%m-%dT%H:%M")


class Term:
    """The command lines of an instructor in a cohort's folder."""

    def __init__(self, monkeypatch, place):
        self.monkeypatch, self.place = monkeypatch, place
        self.repository, self.folder = place / "repository", place / "autumn"

    def medlabs(self, *words, status=0):
        cwd = self.folder if self.folder.is_dir() else self.place
        done = medlabs_here(self.monkeypatch, self.repository, "cohort", *words, cwd=cwd)
        assert done.exit_code == status, done.output
        return done.output

    def nbgrader(self, *words):
        command = [sys.executable, "-m", "nbgrader", *words]
        environment = dict(os.environ, MEDLABS_ROOT=str(self.repository))
        done = subprocess.run(
            command, cwd=self.folder / COURSE, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout + done.stderr

    def hand_in(self, learner, texts):
        """Submit through nbgrader's exchange, as its button does."""
        from nbgrader.auth import Authenticator
        from nbgrader.coursedir import CourseDirectory
        from nbgrader.exchange.default import ExchangeSubmit
        from traitlets.config import Config

        from autograder.jupyter import exchange_config

        home = self.place / "homes" / learner
        week = seeded_week(read_cohort(self.folder), NAME)
        for name in ("assignment", "quiz"):
            (home / COURSE / WEEK).mkdir(parents=True, exist_ok=True)
            nbformat.write(
                answered(week, name, **(texts if name == "assignment" else {})), home / COURSE / WEEK / f"{name}.ipynb"
            )
        config = Config(exchange_config(home / ".state", home))
        config.Exchange.root = str(self.folder / COURSE / "exchange")
        config.CourseDirectory.course_id, config.CourseDirectory.student_id = COURSE, learner
        config.CourseDirectory.assignment_id = WEEK
        parts = {"coursedir": CourseDirectory(config=config), "authenticator": Authenticator(config=config)}
        ExchangeSubmit(config=config, **parts).start()

    def api(self):
        """Give nbgrader's own programming interface with the settings that stand in the course root."""
        from nbgrader.apps import NbGraderAPI
        from traitlets.config.loader import PyFileConfigLoader

        config = PyFileConfigLoader("nbgrader_config.py", path=str(self.folder / COURSE)).load_config()
        return NbGraderAPI(config=config)

    def collect(self):
        """Do what `nbgrader collect` does."""
        answer = self.api().collect(WEEK)
        assert answer["success"], answer

    def generate_feedback(self):
        """Do what `nbgrader generate_feedback` does."""
        answer = self.api().generate_feedback(WEEK, "ada", force=True)
        assert answer["success"], answer

    def scores(self):
        with Gradebook(f"sqlite:///{self.folder / COURSE / 'gradebook.db'}", COURSE) as book:
            return {s.student_id: s.score for s in book.find_assignment(WEEK).submissions}


def test_a_whole_term(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", path_with_own_tools(os.environ["PATH"]))
    monkeypatch.setenv("COLUMNS", "160")
    term = Term(monkeypatch, tmp_path)
    week = make_repository(term.repository)
    (tmp_path / "roster.csv").write_text(ROSTER)

    said = term.medlabs("create", "autumn", "--roster", "roster.csv", "--due", f"course1/week1={NEW_TERM}")
    assert "3 learners, 1 weeks, 1 of them with a due date" in said
    assert "nothing" not in term.medlabs("release", "course1/week1")
    released = build.read_week(week)
    for name in ("assignment", "quiz"):
        given = nbformat.read(term.folder / COURSE / "exchange" / COURSE / "outbound" / WEEK / f"{name}.ipynb", 4)
        assert [c.source for c in given.cells] == [c.source for c in build.release_notebook(released, name).cells]
        source = (term.folder / COURSE / "source" / WEEK / f"{name}.ipynb").read_text()
        assert ("918_273, " in source) == (name == "assignment"), "the checks are drawn from the cohort's seed"

    term.hand_in("ada", RIGHT)
    term.hand_in("bob", WRONG)
    term.collect()
    said = term.medlabs("grade")
    assert "4 graded, 0 not taken" in said
    assert term.scores() == {"ada": 3.5, "bob": 0}
    assert "0 graded, 0 not taken, 0 brought up to date" in term.medlabs("grade")

    exported = tmp_path / "nbgrader.csv"
    term.nbgrader("export", f"--to={exported}")
    rows = {row["student_id"]: row for row in csv.DictReader(io.StringIO(exported.read_text()))}
    assert {name: float(row["score"]) for name, row in rows.items()} == {"ada": 3.5, "bob": 0, "zoe": 0}

    with Gradebook(f"sqlite:///{term.folder / COURSE / 'gradebook.db'}", COURSE) as book:  # what Formgrader does
        book.find_grade("check_faster", "assignment", WEEK, "bob").manual_score = 1.0
        book.find_comment("faster", "assignment", WEEK, "bob").manual_comment = "<b>Nearly</b>"
        book.db.commit()
    assert "4 pages written" in term.medlabs("feedback", "--release")
    page = (term.folder / COURSE / "feedback" / "bob" / WEEK / "assignment.html").read_text()
    assert "A person gave 1 points" in page
    assert "&lt;b&gt;Nearly" in page
    assert len(list((term.folder / COURSE / "exchange" / COURSE / "feedback").glob("*.html"))) == 4

    # A check was wrong: it is mended, the difference is shown, nothing is written, then it is published.
    edit(
        week / "assignment.py",
        [("assert not faster(61.375, 61.375), ", "assert faster(61.375, 61.375) in (True, False), ")],
    )
    said = term.medlabs("regrade", "course1/week1", "--publish", status=2)
    assert "was not regraded yet" in said
    # What a proof finds is tested elsewhere, and above one was real.
    monkeypatch.setattr("autograder.cohort.regrade.try_seed", lambda week, engine: ([], 13))
    said = term.medlabs("regrade", "course1/week1")
    assert "1 exercises differ, the score of 0 notebooks is another" in said
    assert "mark by hand stays" in said
    assert term.scores() == {"ada": 3.5, "bob": 1}
    said = term.medlabs("regrade", "course1/week1", "--publish")
    assert "bob/assignment/faster: the mark by hand stays; look at it again" in said
    assert term.scores() == {"ada": 3.5, "bob": 1}
    with Gradebook(f"sqlite:///{term.folder / COURSE / 'gradebook.db'}", COURSE) as book:
        grade = book.find_grade("check_faster", "assignment", WEEK, "bob")
        assert (grade.auto_score, grade.manual_score, grade.needs_manual_grade) == (1.5, 1.0, True)
    assert "1 marks by hand to look at again" in term.medlabs("status", "--page")
    assert "1 of 6.5" in term.medlabs("status", "course1/week1")

    said = term.medlabs("export", "--format", "csv,canvas,moodle")
    assert said.count("3 learners, 1 weeks") == 3

    # nbgrader's own autograde gives the same points, and its own feedback shows no hidden check.
    term.nbgrader("autograde", WEEK, "--student=ada", "--force")
    assert term.scores()["ada"] == 3.5
    term.generate_feedback()
    page = (term.folder / COURSE / "feedback" / "ada" / WEEK / "assignment.html").read_text()
    assert "918" not in page
    assert "HIDDEN" not in page
    assert "brought up to date" in term.medlabs("grade")
