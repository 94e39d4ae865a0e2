"""What comes through the second door: who it is of, when it came, and what is not taken, each in one sentence."""

import os
from datetime import timedelta

import pytest
from cohort.terms import ANSWERS, DUE, FULL, NOW, notebook, record
from tiny_weeks import NAME, WEEK

from autograder.cohort import gradebook, history, read_cohort, seeded_week
from autograder.cohort.grade import run
from autograder.cohort.intake import look

COURSE = "course1_tiny"


def put(term, content, *, learner="ada", name="assignment.ipynb", received=NOW):
    folder = term.folder / COURSE / "submitted" / learner / WEEK
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)
    if received:
        (folder / "timestamp.txt").write_text(f"{received:%Y-%m-%d %H:%M:%S}.000000 UTC\n")
    return folder / name


def seen(term, **options):
    return look(term, seeded_week(term, NAME), **options)


def test_a_file_is_of_the_learner_whose_folder_it_lies_in(term):
    content = notebook(term, **ANSWERS.right)
    put(term, content)
    (found,), refused = seen(term)
    assert refused == []
    assert (found.learner, found.notebook, found.attempt, found.received) == ("ada", "assignment", 1, NOW)
    assert found.content == content


def test_what_was_graded_is_left_alone_also_in_the_form_that_we_lay_down(term):
    content = notebook(term, **ANSWERS.right)
    put(term, content)
    gradebook.write(term, NAME, "ada", "assignment", content, NOW, record(FULL), 1)
    assert seen(term) == ([], [])
    path = term.folder / COURSE / "submitted" / "ada" / WEEK / "assignment.ipynb"
    assert path.read_bytes() == content, "what nbgrader collected stays as it is"
    path.unlink()
    gradebook.write(term, NAME, "ada", "assignment", content, NOW, record(FULL), 1)
    assert path.read_bytes() != content
    assert seen(term) == ([], [])


def test_a_fault_of_ours_is_graded_again_as_the_same_attempt(term):
    content = notebook(term)
    put(term, content)
    failed = {**record({}, state="failed"), "score": None, "max_score": None}
    gradebook.write(term, NAME, "ada", "assignment", content, NOW, failed, 1)
    (found,), _ = seen(term)
    assert found.attempt == 1


def test_another_file_is_another_attempt_up_to_the_limit(term):
    toml = term.folder / "cohort.toml"
    toml.write_text(toml.read_text().replace('attempts = "unlimited"', "attempts = 2"))
    limited = read_cohort(term.folder)
    for number, points in enumerate([FULL, FULL], start=1):
        content = notebook(limited, faster=f"faster = {number}")
        gradebook.write(limited, NAME, "ada", "assignment", content, NOW, record(points), number)
    put(limited, notebook(limited, faster="faster = 3"))
    found, (refused,) = seen(limited)
    assert found == []
    assert refused == ("submitted/ada/week1_hearts/assignment.ipynb", "It is attempt 3, and 2 are allowed: the earlier ones count.")  # fmt: skip


def hostile(term, kind):
    path = term.folder / COURSE / "submitted" / "ada" / WEEK
    path.parent.mkdir(parents=True)
    outside = term.folder.parent / "outside"
    outside.mkdir()
    (outside / "assignment.ipynb").write_bytes(notebook(term))
    if kind == "linked folder":
        path.symlink_to(outside)
        return
    path.mkdir()
    if kind == "linked file":
        (path / "assignment.ipynb").symlink_to(outside / "assignment.ipynb")
    elif kind == "pipe":
        os.mkfifo(path / "assignment.ipynb")
    elif kind == "huge":
        with (path / "assignment.ipynb").open("wb") as file:
            file.truncate(21_000_000)
    elif kind == "empty":
        (path / "assignment.ipynb").touch()
    elif kind == "strange name":
        (path / "=1+1.ipynb").write_bytes(notebook(term))


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        ("linked folder", "It is a link, and links are not followed"),
        ("linked file", "is a link, and links are not followed"),
        ("pipe", "is not a file"),
        ("huge", "is too large (21 MB, and 20 MB are allowed)"),
        ("empty", "is empty"),
        ("strange name", "has no notebook '=1+1'; graded are quiz and assignment: rename the file."),
    ],
)
def test_what_is_no_plain_file_is_not_taken(term, kind, why):
    hostile(term, kind)
    found, (refused,) = seen(term)
    assert found == []
    assert why in refused.why


def test_a_folder_of_nobody_on_the_roster_is_said_and_practice_files_are_passed_over(term):
    put(term, notebook(term), learner="eve")
    put(term, notebook(term), learner="Ada")
    put(term, b"{}", name="lesson.ipynb")
    found, refused = seen(term)
    assert found == []
    assert [one.why[:36] for one in refused] == [
        "Nobody on the roster has the id 'Ada",
        "Nobody on the roster has the id 'eve",
    ]


def test_too_late_is_not_taken_until_an_extension_admits_it(term):
    put(term, notebook(term), received=DUE + timedelta(days=8))
    later = DUE + timedelta(days=9)
    found, (refused,) = seen(term, now=later)
    assert found == []
    assert "8 days late" in refused.why
    assert "An extension in cohort.toml would admit it" in refused.why
    toml = term.folder / "cohort.toml"
    toml.write_text(toml.read_text() + f'[weeks."{NAME}".extensions]\nada = {later:%Y-%m-%dT%H:%M:%S}\n')
    assert len(seen(read_cohort(term.folder), now=later)[0]) == 1


@pytest.mark.parametrize("stamp", [None, NOW + timedelta(days=300), "yesterday"])
def test_a_time_that_nobody_can_believe_gives_way_to_the_time_of_arrival(term, stamp):
    path = put(term, notebook(term), received=None if isinstance(stamp, str) else stamp)
    if isinstance(stamp, str):
        (path.parent / "timestamp.txt").write_text(stamp)
    (found,), _ = seen(term)
    assert abs((found.received - NOW).total_seconds()) < 3600
    assert "the time of arrival here counts" in found.note


def inbound(term, learner, said):
    root = term.folder / COURSE / "exchange" / COURSE / "inbound"
    folder = root / f"{learner}+{WEEK}+{said:%Y-%m-%d %H:%M:%S}.000000 UTC+abc"
    folder.mkdir(parents=True)
    return folder


def test_a_timestamp_from_before_the_exchange_got_it_does_not_count(term):
    said = NOW - timedelta(days=2)  # what the learner's process wrote; the folder was made a moment ago
    inbound(term, "ada", said)
    put(term, notebook(term), received=said)
    (found,), _ = seen(term)
    assert found.received > said + timedelta(days=1)
    assert "the exchange" in found.note


def test_what_another_learner_put_into_the_exchange_is_not_taken(term, monkeypatch):
    inbound(term, "ada", NOW)
    put(term, notebook(term), received=NOW)
    monkeypatch.setattr("autograder.cohort.intake._owner", lambda path: "bob")
    found, (refused,) = seen(term)
    assert found == []
    assert refused.why == "It was put into the exchange by bob, not by ada: nothing of it is graded. Ask both."


def test_grades_that_came_before_an_error_are_kept_and_the_rest_is_done_by_a_repeat(term, monkeypatch):
    from autograder.grading import engines

    for learner in ("ada", "bob", "zoe"):
        put(term, notebook(term, faster=f"faster = '{learner}'"), learner=learner)

    def graded(engine, week, paths, limits, *, workers, on_record):
        for index in range(len(paths)):
            on_record(index, record(FULL))

    def full_for_bob(cohort, week, learner, *rest, **options):
        if learner == "bob" and not repeated:
            raise ValueError("The disk is full: make room.")
        return written(cohort, week, learner, *rest, **options)

    repeated, written = [], gradebook.write
    monkeypatch.setattr(engines, "grade_files", graded)
    monkeypatch.setattr(gradebook, "write", full_for_bob)
    engine = engines.Engine("none", {"level": "none"})
    with pytest.raises(ValueError, match="The disk is full"):
        run(term, seeded_week(term, NAME), seen(term)[0], engine)
    assert [one.learner for one in seen(term)[0]] == ["bob"]
    repeated.append(True)
    assert [one.found.learner for one in run(term, seeded_week(term, NAME), seen(term)[0], engine)] == ["bob"]
    assert seen(term) == ([], [])
    entry = history.attempts(term, NAME, "bob")[0]
    assert (entry.isolation, len(entry.checks)) == ({"level": "none"}, 64)
