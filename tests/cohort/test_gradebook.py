"""Is a grade in nbgrader's gradebook and folders as nbgrader wants it, once, whole, and never over a person's mark?"""

import re
import shutil
import sqlite3
import stat
import threading
from datetime import UTC, timedelta

import nbformat
import pytest
from cohort.terms import ANSWERS, DUE, FULL, HALF, NOTHING, NOW, notebook, record
from nbgrader.api import Gradebook
from tiny_weeks import NAME, WEEK

from autograder.cohort import course, documents, gradebook, history, lock, marks, read_cohort

COURSE = "course1_tiny"


def write(term, points, *, learner="ada", attempt=1, received=NOW, name="assignment", content=None, **options):
    content = content or notebook(term, name, **(ANSWERS.half if name == "assignment" else {}))
    return gradebook.write(term, NAME, learner, name, content, received, record(points, name=name, **options), attempt)


def book(term):
    return Gradebook(f"sqlite:///{term.folder / COURSE / 'gradebook.db'}", COURSE)


def grades(term, learner="ada", name="assignment"):
    with book(term) as opened:
        graded = opened.find_submission_notebook(name, WEEK, learner)
        return {g.name: (g.auto_score, g.manual_score, g.needs_manual_grade) for g in graded.grades}


def mark_by_hand(term, cell, points, learner="ada", comment=None):
    """Do what Formgrader does when a person types points and a comment."""
    with book(term) as opened:
        grade = opened.find_grade(cell, "assignment", WEEK, learner)
        grade.manual_score, grade.needs_manual_grade = points, False
        if comment:
            opened.find_comment(cell.removeprefix("check_"), "assignment", WEEK, learner).manual_comment = comment
        opened.db.commit()


def test_a_grade_is_where_nbgrader_looks_for_it(term):
    done = write(term, HALF, messages={"faster": "Two equal rates: neither is faster."})
    assert done == gradebook.Written(True, True, 1, [], [])
    assert grades(term) == {"check_beats_per_minute": (2, None, False), "check_faster": (0, None, False)}
    with book(term) as opened:
        submission = opened.find_submission(WEEK, "ada")
        assert submission.timestamp == NOW.replace(tzinfo=None)
        assert (submission.score, submission.max_score, submission.needs_manual_grade) == (2, 6.5, False)
        assert submission.late_submission_penalty == 0
        comments = opened.find_submission_notebook("assignment", WEEK, "ada").comments
        assert {c.name: c.comment for c in comments}["faster"] == "Two equal rates: neither is faster."
        quiz = opened.find_submission_notebook("quiz", WEEK, "ada")
        assert (quiz.score, quiz.needs_manual_grade) == (0, False)
        assert opened.find_assignment(WEEK).duedate == DUE.replace(tzinfo=None)


def test_formgraders_own_api_shows_it_as_autograded(term):
    from nbgrader.apps import NbGraderAPI
    from traitlets.config import Config

    from autograder.jupyter import course_config

    write(term, HALF)
    api = NbGraderAPI(config=Config(course_config(term.folder / COURSE)))
    assert api.get_autograded_students(WEEK) == {"ada"}
    shown = api.get_submission(WEEK, "ada")
    assert (shown["autograded"], shown["score"], shown["needs_manual_grade"]) == (True, 2, False)
    assert {student["id"]: student["score"] for student in api.get_students()} == {"ada": 2, "bob": 0, "zoe": 0}


def test_the_same_again_changes_nothing(term):
    content = notebook(term, **ANSWERS.half)
    write(term, HALF, content=content)
    before = {path: path.stat().st_mtime_ns for path in term.folder.rglob("*.ipynb")}
    rows = (term.folder / COURSE / "gradebook.db").read_bytes()
    done = write(term, HALF, content=content)
    assert done == gradebook.Written(True, False, 1, [], [])
    assert {path: path.stat().st_mtime_ns for path in term.folder.rglob("*.ipynb")} == before
    assert (term.folder / COURSE / "gradebook.db").read_bytes() == rows
    assert len(history.attempts(term, NAME, "ada")) == 1


def test_the_best_attempt_counts_and_the_last_where_a_person_says_so(term):
    write(term, FULL)
    worse = write(term, NOTHING, attempt=2, received=NOW + timedelta(hours=1), content=notebook(term, **ANSWERS.wrong))
    assert not worse.counted
    assert grades(term)["check_faster"] == (1.5, None, False)
    toml = term.folder / "cohort.toml"
    toml.write_text(toml.read_text().replace('counts = "best"', 'counts = "last"'))
    changed = read_cohort(term.folder)
    assert gradebook.settle(changed, NAME) == [("ada", "assignment")]
    assert gradebook.settle(changed, NAME) == []
    config = (term.folder / COURSE / "nbgrader_config.py").read_text()
    assert str(term.folder / COURSE) in config, "the cohort was copied here, and nbgrader's settings follow"
    assert grades(term)["check_faster"] == (0, None, False)
    assert marks.final(changed, NAME, "ada").score == 0


def test_a_mark_by_hand_always_wins_and_is_flagged_when_the_grade_beneath_it_changes(term):
    write(term, HALF)
    mark_by_hand(term, "check_faster", 1.25, comment="A nice idea.")
    again = write(term, HALF)
    assert (again.kept, again.flagged) == (["faster"], [])
    assert grades(term)["check_faster"] == (0, 1.25, False)
    later = write(term, FULL, attempt=2, received=NOW + timedelta(hours=1), content=notebook(term, **ANSWERS.right))
    assert (later.counted, later.kept, later.flagged) == (True, ["faster"], ["faster"])
    assert grades(term)["check_faster"] == (1.5, 1.25, True)
    with book(term) as opened:
        assert opened.find_comment("faster", "assignment", WEEK, "ada").comment == "A nice idea."
    mark = marks.final(term, NAME, "ada").notebooks["assignment"]
    assert (mark.points, mark.by_hand, mark.flagged) == (
        {"beats_per_minute": 2, "faster": 1.25},
        {"faster": 1.25},
        ["faster"],
    )
    assert (mark.score, mark.comments) == (3.25, {"faster": "A nice idea."})


def test_lateness_is_a_penalty_in_the_gradebook_and_follows_an_extension(term):
    late = DUE + timedelta(days=1, hours=1)
    write(term, FULL, received=late)
    with book(term) as opened:
        graded = opened.find_submission_notebook("assignment", WEEK, "ada")
        assert graded.late_submission_penalty == pytest.approx(0.7)  # two begun days, a tenth of 3.5 each
        assert opened.find_submission(WEEK, "ada").total_seconds_late == 25 * 3600
    final = marks.final(term, NAME, "ada")
    assert (final.score, final.max_score) == (pytest.approx(2.8), 6.5)
    toml = term.folder / "cohort.toml"
    extension = f'\n[weeks."{NAME}".extensions]\nada = {DUE + timedelta(days=3):%Y-%m-%dT%H:%M:%S}\n'
    toml.write_text(toml.read_text() + extension)
    extended = read_cohort(term.folder)
    gradebook.settle(extended, NAME)
    with book(term) as opened:
        assert opened.find_submission_notebook("assignment", WEEK, "ada").late_submission_penalty is None
        assert opened.find_submission(WEEK, "ada").extension == timedelta(days=3)
        assert opened.find_submission(WEEK, "ada").total_seconds_late == 0
    assert marks.final(extended, NAME, "ada").score == 3.5


def test_of_equal_attempts_the_earlier_counts_and_a_better_late_one_only_if_it_is_still_better(term):
    write(term, HALF, received=DUE)
    late = DUE + timedelta(days=1)
    write(term, HALF, attempt=2, received=late, content=notebook(term, **ANSWERS.right))
    assert marks.standing(term, NAME, "ada", "assignment").entry.attempt == 1
    write(term, FULL, attempt=3, received=late, content=notebook(term, **ANSWERS.wrong))
    assert marks.standing(term, NAME, "ada", "assignment").entry.attempt == 3
    assert marks.final(term, NAME, "ada").score == pytest.approx(3.15)


def test_what_came_too_late_never_counts(term):
    done = write(term, FULL, received=DUE + timedelta(days=8))
    assert (done.counted, done.kept) == (False, [])
    assert not marks.final(term, NAME, "ada").handed_in
    assert not (term.folder / COURSE / "submitted" / "ada").exists()


@pytest.mark.parametrize("state", ["unreadable", "failed"])
def test_a_file_without_a_grade_leaves_the_gradebook_alone(term, state):
    write(term, HALF)
    empty = {**record({}, state=state), "score": None, "max_score": None}
    gradebook.write(term, NAME, "ada", "assignment", b"no notebook", NOW + timedelta(hours=1), empty, 2)
    assert grades(term)["check_beats_per_minute"] == (2, None, False)
    assert [entry.record["state"] for entry in history.attempts(term, NAME, "ada")] == ["graded", state]


def test_quiz_and_assignment_are_one_submission(term):
    write(term, HALF)
    write(term, {"rate_from_gap": 1, "equal_rates": 0}, name="quiz", received=NOW + timedelta(hours=2))
    with book(term) as opened:
        submission = opened.find_submission(WEEK, "ada")
        assert (submission.score, submission.timestamp) == (3, (NOW + timedelta(hours=2)).replace(tzinfo=None))
    assert marks.final(term, NAME, "ada").score == 3
    stamp = (term.folder / COURSE / "submitted" / "ada" / WEEK / "timestamp.txt").read_text()
    assert stamp == f"{NOW + timedelta(hours=2):%Y-%m-%d %H:%M:%S}.000000 UTC"


HOSTILE = {
    "cell_type": "code",
    "id": "x",
    "execution_count": 1,
    "metadata": {"evil": "<script>1</script>"},
    "source": "print('</textarea><script>alert(1)</script>')",
    "outputs": [
        {"output_type": "display_data", "metadata": {}, "data": {"text/html": "<script>alert(2)</script>"}},
        {"output_type": "stream", "name": "stdout", "text": "\x1b]8;;http://x\x1b\\"},
    ],
}


def test_files_for_nbgrader_hold_text_of_cells_and_nothing_else_of_a_learner(term):
    content = nbformat.reads(notebook(term, **ANSWERS.half).decode(), as_version=4)
    content.cells.insert(0, nbformat.from_dict(HOSTILE))
    content.cells.insert(1, nbformat.v4.new_markdown_cell("<img src=x onerror=alert(3)>"))
    content.metadata["widgets"] = {"evil": 1}
    said = {"faster": "Your answer raised ValueError: </textarea><img src=x onerror=alert(4)> [x](javascript:alert(5))"}
    write(term, HALF, content=nbformat.writes(content).encode(), messages=said)
    for step in ("submitted", "autograded"):
        made = nbformat.read(term.folder / COURSE / step / "ada" / WEEK / "assignment.ipynb", as_version=4)
        nbformat.validate(made)
        assert set(made.metadata) <= {"kernelspec", "language_info", "medlabs"}
        outputs = [output for cell in made.cells if cell.cell_type == "code" for output in cell.outputs]
        assert {output.output_type for output in outputs} <= {"stream"}
        assert "evil" not in nbformat.writes(made)
    assert any("alert(1)" in cell.source for cell in made.cells), "an added cell is part of what was graded"
    assert not any("alert(3)" in cell.source for cell in made.cells)
    said = [cell.outputs[0].text for cell in made.cells if cell.cell_type == "code" and cell.outputs]
    assert said[0] == "Correct.\n"


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1)) ![y](http://evil/pixel.png) [z][1]",
        "[1]: javascript:alert(1)",
        "<http://evil/> &lt;script&gt; `<b>` \\<b>",
        "$\\href{javascript:alert(1)}{x}$ $$\\unicode{x}$$",
    ],
)
def test_a_comment_is_text_for_the_markdown_that_nbgrader_makes_of_it(text):
    from nbconvert.filters import markdown2html

    html = markdown2html(documents.comment(f"Your answer raised ValueError: {text}") or "")
    assert not re.search(r"<(?!/?(p|em|strong|ol|ul|li|h\d)\b)", html), html
    assert "href" not in html.replace("/href", "")
    assert "$" not in html


def test_folders_and_files_with_secrets_are_the_owners(term):
    write(term, HALF)
    for name in ("source", "release", "submitted", "autograded", "feedback"):
        assert stat.S_IMODE((term.folder / COURSE / name).stat().st_mode) == 0o700
    files = [term.folder / ".medlabs" / "seed.json", term.folder / COURSE / "gradebook.db", term.folder / "roster.csv"]
    files += list((term.folder / ".medlabs").rglob("*.json"))
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"state": "splendid"}, "unknown state 'splendid'"),
        ({"points": 3}, "3 points for faster, worth 1.5"),
        ({"points": -1}, "-1 points for faster"),
        ({"points": float("nan")}, "nan points for faster"),
        ({"points": True}, "True points for faster"),
        ({"id": "slower"}, "does not fit its exercises"),
    ],
)
def test_a_record_that_does_not_fit_is_refused_and_nothing_is_written(term, change, said):
    bad = record(HALF)
    (bad if "state" in change else bad["exercises"][1]).update(change)
    with pytest.raises(ValueError, match=said):
        gradebook.write(term, NAME, "ada", "assignment", notebook(term), NOW, bad, 1)
    assert history.attempts(term, NAME, "ada") == []


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"learner": "eve"}, "Nobody in the roster of autumn has the id 'eve'"),
        ({"learner": "../ada"}, "Nobody in the roster"),
        ({"name": "lesson", "content": b"{}"}, "no graded notebook 'lesson'"),
        ({"received": NOW.replace(tzinfo=None)}, "has no time zone"),
    ],
)
def test_who_when_and_what_must_be_known(term, values, said):
    with pytest.raises(ValueError, match=said):
        write(term, HALF, **values)


def test_a_locked_gradebook_is_one_sentence_and_a_repeat_completes_the_step(term, monkeypatch):
    monkeypatch.setattr("autograder.cohort.course.BUSY_SECONDS", 0.2)
    other = sqlite3.connect(term.folder / COURSE / "gradebook.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    try:
        with pytest.raises(ValueError, match=r"is locked by another program.*can be repeated"):
            write(term, HALF)
    finally:
        other.rollback()
        other.close()
    assert write(term, HALF).counted
    assert grades(term)["check_beats_per_minute"] == (2, None, False)
    assert len(history.attempts(term, NAME, "ada")) == 1


def test_a_full_disk_is_one_sentence(term, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("autograder.cohort.documents.write_whole", full)
    with pytest.raises(ValueError, match=r"The disk of .*autumn is full: make room"):
        write(term, HALF)
    monkeypatch.undo()
    monkeypatch.setenv("MEDLABS_ROOT", str(term.repository))
    assert write(term, HALF).counted


def test_a_damaged_gradebook_is_one_sentence(term):
    (term.folder / COURSE / "gradebook.db").write_bytes(b"this is no database" * 100)
    with pytest.raises(ValueError, match=r"cannot be used \(file is not a database\)"):
        write(term, HALF)


def test_there_is_one_writer_at_a_time(term, monkeypatch):
    monkeypatch.setattr(lock, "SECONDS", 0.2)
    with lock.writing(term.folder), pytest.raises(ValueError, match="Another program is writing to"):
        write(term, HALF)


def test_many_writers_at_once_lose_nothing(term):
    contents = [notebook(term, faster=f"def faster(a, b):\n    return a > b + {n}") for n in range(6)]
    errors = []

    def one(n):
        try:
            points = {"beats_per_minute": 2 if n == 3 else 0, "faster": 0}
            write(term, points, attempt=n + 1, received=NOW + timedelta(minutes=n), content=contents[n])
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=one, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(history.attempts(term, NAME, "ada")) == 6
    assert marks.standing(term, NAME, "ada", "assignment").entry.attempt == 4
    assert grades(term)["check_beats_per_minute"][0] == 2


def test_history_is_never_written_over(term):
    write(term, NOTHING)
    write(term, FULL)  # the same attempt, graded again by a mended check
    files = sorted(path.name for path in (term.folder / ".medlabs" / "grades").rglob("*.json"))
    assert [name[-8:] for name in files] == ["001.json", "002.json"]
    entry = history.attempts(term, NAME, "ada")[0]
    assert (entry.revision, entry.record["score"], entry.received) == (2, 3.5, NOW.astimezone(UTC))
    kept = history.content_path(term, entry)
    kept.write_bytes(b"other")
    with pytest.raises(ValueError, match="is not what was handed in"):
        history.content_of(term, entry)


def test_a_link_in_place_of_a_learners_folder_is_refused(term, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (term.folder / COURSE / "submitted" / "ada").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ValueError, match="is a link, and links are not followed"):
        write(term, HALF)
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_week_without_a_gradebook_says_what_comes_first(term):
    shutil.rmtree(term.folder / COURSE)
    with pytest.raises(ValueError, match=f"medlabs cohort release {NAME}"):
        write(term, HALF)


def test_many_writes_share_one_gradebook_and_an_error_does_not_spoil_the_next(term, monkeypatch):
    from nbgrader import api

    opened = []
    real = api.Gradebook
    monkeypatch.setattr(api, "Gradebook", lambda *args: opened.append(real(*args)) or opened[-1])
    with course.gradebooks() as shared:
        for learner, points in (("ada", FULL), ("bob", HALF)):
            gradebook.write(term, NAME, learner, "assignment", notebook(term), NOW, record(points), 1, gradebook=shared)
        assert len(opened) == 1
        with pytest.raises(RuntimeError, match="in the middle"), shared(term, NAME) as book:
            book.db.query(api.Grade).update({"auto_score": -9.0})
            raise RuntimeError("in the middle")
        gradebook.write(term, NAME, "zoe", "assignment", notebook(term), NOW, record(HALF), 1, gradebook=shared)
        assert len(opened) == 2
    with course.gradebook(term, NAME) as book:
        scores = {name: book.find_submission("week1_hearts", name).score for name in ("ada", "bob", "zoe")}
    assert scores == {"ada": sum(FULL.values()), "bob": sum(HALF.values()), "zoe": sum(HALF.values())}
