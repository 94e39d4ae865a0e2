"""Is a cohort made whole or not at all, and does a new roster change only the roster?"""

import stat

import pytest
from cohort.terms import DUE, ROSTER
from grading_helpers import medlabs_here
from tiny_weeks import NAME, make_repository

from autograder.cohort import read_cohort
from autograder.cohort.create import create, renew_roster


@pytest.fixture
def place(tmp_path, monkeypatch):
    make_repository(tmp_path / "repository")
    monkeypatch.setenv("MEDLABS_ROOT", str(tmp_path / "repository"))
    (tmp_path / "roster.csv").write_text(ROSTER)
    return tmp_path


def make(place, name="autumn", **options):
    return create(name, place / "roster.csv", place / "cohorts" / name, **options)


def test_a_new_cohort_is_read_as_it_was_made(place):
    term = make(place, dues=[f"course1/week1={DUE:%Y-%m-%d}"], timezone="Europe/Zurich")
    assert list(term.learners) == ["ada", "bob", "zoe"]
    assert term.learners["bob"].name == '=HYPERLINK("http://x","Bob")'
    assert "'=HYPERLINK" in (term.folder / "roster.csv").read_text()
    assert (term.plans[NAME].due.minute, term.plans[NAME].released) == (59, False)
    assert read_cohort(term.folder) == term
    assert stat.S_IMODE((term.folder / ".medlabs").stat().st_mode) == 0o700
    assert stat.S_IMODE((term.folder / ".medlabs" / "seed.json").stat().st_mode) == 0o600
    assert make(place, "winter").seed != term.seed
    assert str(term.seed) not in f"{term!r} {term}"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"name": "../autumn"}, "cannot be called"),
        ({"name": "a b"}, "cannot be called"),
        ({"weeks": ["course9/week9"]}, "There is no week 'course9/week9'"),
        ({"dues": ["course1/week1"]}, "write WEEK=2026-12-01T18:00"),
        ({"dues": ["course1/week1=Friday"]}, "write WEEK=2026-12-01T18:00"),
        ({"dues": ["course1/week1=2026-13-01"]}, "month must be in 1..12"),
        ({"dues": ["course1/week1=2020-01-01"]}, "was due on 2020-01-01 23:59 UTC, which is past"),
        ({"dues": ["course9/week9=2030-01-01"]}, "There is no week"),
        ({"timezone": "Mars/Olympus"}, "--timezone: there is no time zone 'Mars/Olympus'"),
        ({"timezone": "../../etc/passwd"}, "there is no time zone"),
    ],
)
def test_a_mistake_is_one_sentence_and_nothing_is_left_behind(place, options, said):
    with pytest.raises(ValueError, match=said):
        make(place, **options)
    assert not (place / "cohorts").exists() or list((place / "cohorts").iterdir()) == []


def test_a_place_that_is_taken_or_in_the_repository_is_refused(place):
    (place / "cohorts" / "autumn").mkdir(parents=True)
    (place / "cohorts" / "autumn" / "mine.txt").touch()
    with pytest.raises(ValueError, match="is there already and is no cohort"):
        make(place)
    (place / "repository" / "pyproject.toml").touch()
    with pytest.raises(ValueError, match="lies in the repository of the courses"):
        create("autumn", place / "roster.csv", place / "repository" / "autumn")


def test_a_new_roster_is_told_apart_from_the_old_and_keeps_who_has_an_extension(place):
    term = make(place, dues=[f"course1/week1={DUE:%Y-%m-%d}"])
    (place / "new.csv").write_text("id,name\nada,Ada King\nbob,Bob\ncy,Cy\n")
    change = renew_roster(term, place / "new.csv")
    assert change == (["cy"], ["ada", "bob"], ["zoe"])
    assert renew_roster(read_cohort(term.folder), place / "new.csv") == ([], [], [])
    toml = term.folder / "cohort.toml"
    toml.write_text(toml.read_text() + f'[weeks."{NAME}".extensions]\nada = 2030-01-01\n')
    before = (term.folder / "roster.csv").read_bytes()
    (place / "new.csv").write_text("id,name\nbob,Bob\n")
    with pytest.raises(ValueError, match=r"new\.csv has no 'ada', who has an extension"):
        renew_roster(read_cohort(term.folder), place / "new.csv")
    assert (term.folder / "roster.csv").read_bytes() == before


@pytest.mark.parametrize("damage", [None, "{", "[]", '{"seed": "x"}'])
def test_a_lost_seed_is_said_and_not_guessed(place, damage):
    term = make(place)
    seed = term.folder / ".medlabs" / "seed.json"
    seed.unlink()
    if damage:
        seed.write_text(damage)
    with pytest.raises(ValueError, match=r"put it back from a copy"):
        read_cohort(term.folder)


def test_a_week_that_was_renamed_is_named(place):
    term = make(place)
    toml = term.folder / "cohort.toml"
    toml.write_text(toml.read_text().replace("week1_hearts", "week1_lungs"))
    with pytest.raises(ValueError, match=f"there is no week 'course1_tiny/week1_lungs' in .* There are: {NAME}"):
        read_cohort(term.folder)


def test_the_command_says_what_it_did_and_may_be_repeated(place, monkeypatch):
    words = ["cohort", "create", "autumn", "--roster", "roster.csv", "--attempts", "3", "--late-days", "unlimited"]
    done = medlabs_here(monkeypatch, place / "repository", *words, cwd=place)
    assert done.exit_code == 0, done.output
    assert "3 learners, 1 weeks, 0 of them with a due date" in done.output
    plan = read_cohort(place / "autumn").plans[NAME]
    assert (plan.attempts, plan.late) == (3, (600, 0.1, None))
    done = medlabs_here(monkeypatch, place / "repository", *words, cwd=place)
    assert "is there already: cohort.toml stays as it is" in done.output
    assert "gone: nobody" in done.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["status"], "is in no cohort: go to one, or name it with --cohort DIR"),
        (["release", "course1/week1", "--cohort", "nowhere"], "holds no cohort.toml"),
        (["create", "x", "--roster", "none.csv"], "none.csv cannot be read"),
        (["create", "x", "--roster", "roster.csv", "--attempts", "0"], "write a number or 'unlimited'"),
        (["create", "x", "--roster", "roster.csv", "--penalty-per-day", "2"], "2.0 is not in the range 0<=x<=1"),
        (["reelase"], "There is no command 'reelase'"),
        (["export", "--format", "xlsx"], "there is no format 'xlsx'; there are: csv, canvas, moodle"),
    ],
)
def test_wrong_usage_is_one_sentence(place, monkeypatch, words, said):
    done = medlabs_here(monkeypatch, place / "repository", "cohort", *words, cwd=place)
    assert done.exit_code == 2
    assert said in " ".join(done.output.replace("│", " ").split())


def test_steps_before_a_release_say_what_comes_first(place, monkeypatch):
    term = make(place)
    for words in (["grade"], ["feedback"], ["export"], ["regrade", "course1/week1"], ["grade", "course1/week1"]):
        done = medlabs_here(monkeypatch, place / "repository", "cohort", *words, cwd=term.folder)
        assert done.exit_code == 2
        assert "comes first" in done.output
    done = medlabs_here(monkeypatch, place / "repository", "cohort", "status", "--page", cwd=term.folder)
    assert done.exit_code == 0, done.output
    assert "not released" in done.output


def test_a_week_whose_due_date_is_past_is_not_released(place, monkeypatch):
    term = make(place)
    toml = term.folder / "cohort.toml"
    toml.write_text(toml.read_text().replace("# due = 2026-12-01T18:00:00", "due = 2020-01-01", 1))
    words = ["cohort", "release", "course1/week1"]
    done = medlabs_here(monkeypatch, place / "repository", *words, cwd=term.folder)
    assert done.exit_code == 2
    assert "was due on 2020-01-01 23:59 UTC, which is past. Write a later date." in " ".join(done.output.split())
    assert not (term.folder / "course1_tiny").exists()
