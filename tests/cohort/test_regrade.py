"""Is a difference shown before it is published, published as it was shown, and never over a person's mark?"""

import pytest
from cohort.terms import ANSWERS, FULL, HALF, NOTHING, NOW, notebook, record
from nbgrader.api import Gradebook
from tiny_weeks import NAME, WEEK, edit

from autograder.cohort import checks_digest, gradebook, history, marks, prove, regrade, seeded_week, seeds
from autograder.cohort.folder import read_state, write_state
from autograder.grading import engines

ENGINE = engines.Engine("none", {"level": "none"})


@pytest.fixture
def graded(term, monkeypatch):
    """Give a term with three attempts; its grader is the one that the test puts in place."""
    write_state(term.folder, seeds.FILE, {NAME: {"number": 0, "proven": checks_digest(seeded_week(term, NAME))}})
    for number, (learner, points, answers) in enumerate(
        [("ada", HALF, ANSWERS.half), ("ada", NOTHING, ANSWERS.wrong), ("bob", HALF, ANSWERS.half)]
    ):
        content = notebook(term, **answers)
        checks = checks_digest(seeded_week(term, NAME))
        gradebook.write(term, NAME, learner, "assignment", content, NOW, record(points), number % 2 + 1, checks=checks)
    return term


def grader(monkeypatch, points, state="graded"):
    """Put a grader in place that gives all files the same points."""

    def grade_files(engine, week, paths, limits, *, workers, on_record=None):
        made = [{**record(points), "state": state, "path": str(path)} for path in paths]
        for index, one in enumerate(made):
            on_record(index, one)
        return made

    monkeypatch.setattr(engines, "grade_files", grade_files)


def scores(term):
    return {name: marks.final(term, NAME, name).score for name in ("ada", "bob")}


def test_a_difference_is_shown_first_and_then_published(graded, monkeypatch):
    grader(monkeypatch, FULL)
    done = regrade.regrade(graded, NAME, ENGINE)
    assert done.graded == 2, "the same file is graded once, whoever handed it in"
    shown = [(d.learner, d.attempt, d.exercise, d.before, d.after, d.counts) for d in done.differences]
    assert shown == [
        ("ada", 1, "faster", 0, 1.5, True),
        ("ada", 2, "beats_per_minute", 0, 2, False),
        ("ada", 2, "faster", 0, 1.5, False),
        ("bob", 1, "faster", 0, 1.5, True),
    ]
    assert done.scores == [("ada", "assignment", 2, 3.5), ("bob", "assignment", 2, 3.5)]
    assert scores(graded) == {"ada": 2, "bob": 2}
    published, flagged = regrade.publish(graded, NAME)
    assert (published.differences, flagged) == (done.differences, [])
    assert scores(graded) == {"ada": 3.5, "bob": 3.5}
    assert [entry.revision for entry in history.attempts(graded, NAME, "ada")] == [2, 2]
    again, _ = regrade.publish(graded, NAME)
    assert again.differences == []


def test_a_mark_by_hand_stays_and_is_flagged(graded, monkeypatch):
    with Gradebook(f"sqlite:///{graded.folder / 'course1_tiny' / 'gradebook.db'}", "course1_tiny") as book:
        book.find_grade("check_faster", "assignment", WEEK, "bob").manual_score = 0.5
        book.db.commit()
    grader(monkeypatch, FULL)
    done = regrade.regrade(graded, NAME, ENGINE)
    assert [d.by_hand for d in done.differences if d.learner == "bob"] == [True]
    assert done.scores == [("ada", "assignment", 2, 3.5)]
    _, flagged = regrade.publish(graded, NAME)
    assert flagged == [("bob", "assignment", "faster")]
    assert scores(graded) == {"ada": 3.5, "bob": 2.5}
    assert marks.final(graded, NAME, "bob").notebooks["assignment"].flagged == ["faster"]


def test_what_fails_keeps_its_grade(graded, monkeypatch):
    grader(monkeypatch, FULL, state="failed")
    done = regrade.regrade(graded, NAME, ENGINE)
    assert (len(done.failed), done.differences) == (done.graded, [])
    regrade.publish(graded, NAME)
    assert scores(graded) == {"ada": 2, "bob": 2}


def test_nothing_is_published_that_was_not_shown(graded, monkeypatch):
    with pytest.raises(ValueError, match=r"was not regraded yet.*Nothing was published"):
        regrade.publish(graded, NAME)
    grader(monkeypatch, FULL)
    regrade.regrade(graded, NAME, ENGINE)
    week = graded.repository / NAME
    edit(week / "assignment.py", [("got {got}, expected True.", "got {got}, expected yes.")])
    with pytest.raises(ValueError, match="have changed since the differences were shown"):
        regrade.publish(graded, NAME)
    edit(week / "assignment.py", [("got {got}, expected yes.", "got {got}, expected True.")])
    content = notebook(graded, faster="faster = None")
    gradebook.write(graded, NAME, "zoe", "assignment", content, NOW, record(NOTHING), 1, checks="older")
    with pytest.raises(ValueError, match=r"zoe handed in assignment of .* since the differences were shown"):
        regrade.publish(graded, NAME)
    assert scores(graded) == {"ada": 2, "bob": 2}


def test_a_mended_check_is_proven_before_anything_is_graded(graded, monkeypatch):
    edit(graded.repository / NAME / "assignment.py", [("np.isclose(got, 60)", "np.isclose(got, 61)")])
    monkeypatch.setattr(regrade, "try_seed", lambda week, engine: (["the instructor's answers lose x"], 1))
    with pytest.raises(
        ValueError, match=r"a check misbehaves with this cohort's seed \(the instructor's answers lose x\)"
    ):
        regrade.regrade(graded, NAME, ENGINE)


def test_a_seed_is_proven_by_what_every_answer_earns_and_replaced_if_a_check_misbehaves(term, monkeypatch):
    """The rehearsal is real; the grader itself is asked in test_whole_term.py."""
    monkeypatch.setattr(prove, "_through_the_grader", lambda week, engine: ([], 4))
    write_state(term.folder, seeds.FILE, {})
    first = seeds.week_seed(term, NAME, 0)
    edit(
        term.repository / NAME / "assignment.py",
        [
            (
                "assert np.isnan(beats_per_minute([3.125]))",
                f"chance = np.random.default_rng(5).bit_generator.seed_seq.entropy\n"
                f"assert chance != [5, {first}], 'Bad luck.'\nassert np.isnan(beats_per_minute([3.125]))",
            )
        ],
    )
    said = []
    done = prove.prove(term, NAME, ENGINE, say=said.append)
    assert len(said) == 2
    (passed_over,) = done.passed_over
    assert passed_over.startswith("seed 0: the instructor's answers loses beats_per_minute: Bad luck.")
    assert done.week.seed == seeds.week_seed(term, NAME, 1) == seeded_week(term, NAME).seed
    assert read_state(term.folder, seeds.FILE)[NAME]["number"] == 1
    assert prove.prove(term, NAME, ENGINE).already


@pytest.mark.parametrize(
    ("file", "change", "said"),
    [
        ("wrong_answers.py", [("return first >= second", "return first > second")], "the wrong answer faster/equal_counts_too passes"),
        ("right_answers.py", [("60 * (len(times) - 1)", "60 * len(times)")], "the right answer beats_per_minute/from_first_to_last_beat loses"),
        ("assignment.py", [("assert got, f\"80", "assert True, f\"80"), ("assert not faster(61.375, 61.375)", "assert True")], "the blank answer to faster passes"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_check_is_named(term, monkeypatch, file, change, said):
    monkeypatch.setattr(prove, "_through_the_grader", lambda week, engine: ([], 4))
    monkeypatch.setattr(prove, "TRIES", 1)
    edit(term.repository / NAME / file, change)
    with pytest.raises(ValueError, match=f"none of 1 seeds will do, so a check is at fault.*{said}"):
        prove.prove(term, NAME, ENGINE)
