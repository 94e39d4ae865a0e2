"""When is a week due for whom, what does lateness cost, and what if the clocks change in between?"""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.cohort import LatePolicy, Plan, deadline, lateness
from autograder.cohort.plans import late_until, moment
from autograder.cohort.roster import Learner
from autograder.cohort.settings import read_settings, settings_text

WEEK = "course1_tiny/week1_hearts"
DUE = datetime(2026, 12, 1, 18, tzinfo=UTC)
OPENS = DUE - timedelta(days=10)
ZURICH = ZoneInfo("Europe/Zurich")


def cohort(extra="", extension=None, *, due=DUE, opens=OPENS, **late):
    extensions = {"ada": extension} if extension else {}
    plan = Plan(WEEK, due, LatePolicy(**late), None, 0, extensions, True, opens=opens)
    return SimpleNamespace(name="autumn", plans={WEEK: plan}, learners={"ada": Learner("ada", "Ada", extra_time=extra)})


@pytest.mark.parametrize(
    ("extra", "extension", "days_later"),
    [
        ("", None, 0),
        ("1.5", None, 5),
        ("1,25", None, 2.5),
        ("1", None, 0),
        ("3d", None, 3),
        ("12h", None, 0.5),
        ("", DUE + timedelta(days=7), 7),
        ("3d", DUE + timedelta(days=1), 3),
        ("", DUE - timedelta(days=1), 0),
    ],
)
def test_a_learners_own_deadline(extra, extension, days_later):
    assert deadline(cohort(extra, extension), WEEK, "ada") == DUE + timedelta(days=days_later)


def test_a_factor_of_an_unknown_time_adds_nothing_and_no_due_date_is_none():
    assert deadline(cohort("1.5", opens=None), WEEK, "ada") == DUE
    assert deadline(cohort("1.5", opens=DUE + timedelta(days=1)), WEEK, "ada") == DUE
    assert deadline(cohort("1.5", due=None), WEEK, "ada") is None
    assert lateness(cohort(due=None), WEEK, "ada", DUE).accepted


@pytest.mark.parametrize(
    ("after", "days", "fraction", "accepted", "words"),
    [
        (timedelta(days=-1), 0, 0, True, "in time"),
        (timedelta(0), 0, 0, True, "in time"),
        (timedelta(minutes=10), 0, 0, True, "in time"),
        (timedelta(minutes=10, seconds=1), 1, 0.2, True, "1 day late, which costs 20% of the points earned"),
        (timedelta(days=1), 1, 0.2, True, "1 day late"),
        (timedelta(days=1, seconds=1), 2, 0.4, True, "2 days late, which costs 40%"),
        (timedelta(days=3, minutes=10), 4, 0.8, True, "4 days late"),
        (timedelta(days=3, minutes=10, seconds=1), 4, 1, False, "work is taken for 3 days after the due date"),
    ],
)
def test_lateness(after, days, fraction, accepted, words):
    term = cohort(grace=600, per_day=0.2, days=3)
    late = lateness(term, WEEK, "ada", DUE + after)
    assert (late.days, late.penalty_fraction, late.accepted) == (days, pytest.approx(fraction), accepted)
    assert words in late.words
    assert late_until(term, WEEK, "ada") == DUE + timedelta(days=3, minutes=10)


@given(st.timedeltas(timedelta(0), timedelta(days=60)), st.timedeltas(timedelta(0), timedelta(days=60)))
def test_to_be_later_is_never_better(a, b):
    term = cohort(grace=60, per_day=0.07, days=20)
    first, second = (lateness(term, WEEK, "ada", DUE + after) for after in sorted([a, b]))
    assert 0 <= first.penalty_fraction <= second.penalty_fraction <= 1
    assert first.accepted >= second.accepted


def test_unknown_weeks_learners_and_times_without_zone_are_said():
    with pytest.raises(ValueError, match=f"has no week 'x'. It has: {WEEK}"):
        deadline(cohort(), "x", "ada")
    with pytest.raises(ValueError, match="Nobody in the roster of autumn has the id 'eve'"):
        deadline(cohort(), WEEK, "eve")
    with pytest.raises(ValueError, match="has no time zone"):
        lateness(cohort(), WEEK, "ada", datetime(2026, 1, 1))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (datetime(2026, 12, 1, 18), datetime(2026, 12, 1, 17, tzinfo=UTC)),
        (date(2026, 12, 1), datetime(2026, 12, 1, 22, 59, 59, tzinfo=UTC)),
        (datetime(2026, 7, 1, 18), datetime(2026, 7, 1, 16, tzinfo=UTC)),
        (datetime(2026, 12, 1, 18, tzinfo=UTC), datetime(2026, 12, 1, 18, tzinfo=UTC)),
        # half past two comes twice on 25 October, and never on 29 March: the later moment holds
        (datetime(2026, 10, 25, 2, 30), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
        (datetime(2026, 3, 29, 2, 30), datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
    ],
)
def test_moments_of_a_time_zone_with_summer_time(value, expected):
    assert moment(value, ZURICH) == expected


def settings(tmp_path, text, learners=("ada",)):
    path = Path(tmp_path) / "cohort.toml"
    path.write_text(text, encoding="utf-8")
    return read_settings(path, learners)


HEAD = 'schema = 1\nname = "autumn"\ntimezone = "Europe/Zurich"\n'


def test_a_week_has_the_cohorts_policy_where_it_says_nothing_else(tmp_path):
    read = settings(
        tmp_path,
        HEAD
        + """
[policy]
counts = "last"
attempts = 5
cooldown_seconds = 60
grace_minutes = 10
penalty_per_day = 0.1
late_days = 7
[weeks."a/b"]
due = 2026-12-01T18:00:00
[weeks."a/b".extensions]
ada = 2026-12-05
[weeks."a/c"]
attempts = "unlimited"
late_days = "unlimited"
penalty_per_day = 0
counts = "best"
""",
    )
    first, second = read.weeks.values()
    assert first.due == datetime(2026, 12, 1, 17, tzinfo=UTC)
    assert first.extensions == {"ada": datetime(2026, 12, 5, 22, 59, 59, tzinfo=UTC)}
    assert (first.attempts, first.cooldown, first.late, first.counts) == (5, 60, LatePolicy(600, 0.1, 7), "last")
    assert (second.attempts, second.due, second.late, second.counts) == (None, None, LatePolicy(600, 0, None), "best")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("schema = 2", "schema is 2"),
        ("schema = 1", "name is None. Write a text"),
        (HEAD.replace("Zurich", "Atlantis"), "there is no time zone 'Europe/Atlantis'"),
        (HEAD + "week = 1", "unknown key 'week'"),
        (HEAD + "policy = 1", "policy is 1, where a table was expected"),
        (HEAD + "[policy]\nattempts = 0", "attempts in .policy. is 0. Write a whole number above 0, or 'unlimited'"),
        (HEAD + "[policy]\nattempts = true", "attempts in .policy. is True"),
        (HEAD + "[policy]\npenalty_per_day = 10", "Write a share from 0 to 1"),
        (HEAD + "[policy]\nlate_days = nan", "late_days in .policy. is nan"),
        (HEAD + "[policy]\ncounts = 'worst'", "counts in .policy. is 'worst'"),
        (HEAD + "[policy]\ngrace = 1", "unknown key 'grace' in .policy."),
        (HEAD + "[weeks.'a/b']\ndue = 'Friday'", 'due in .weeks."a/b". cannot be used'),
        (HEAD + "[weeks.'a/b']\ndue = 9999-12-31T23:59:59", "cannot be used"),
        (HEAD + "[weeks.'a/b']\ndue = 2026-12-01\nopens = 2026-12-02", "opens at or after it is due"),
        (HEAD + "[weeks.'a/b']\ndew = 2026-12-01", "unknown key 'dew'"),
        (HEAD + "[weeks.'a/b'.extensions]\neve = 2026-12-01", "extension for 'eve', who is not in the roster"),
        ("x", "is no TOML"),
    ],
)
def test_each_mistake_in_cohort_toml_is_one_sentence(tmp_path, text, said):
    with pytest.raises(ValueError, match=said):
        settings(tmp_path, text)


def test_what_is_written_at_the_start_is_read_as_it_was_meant(tmp_path):
    from autograder.cohort import Policy

    policy = Policy("last", 3, 30, LatePolicy(300, 0.25, None))
    text = settings_text('a "term"', "UTC", tmp_path, policy, {"a/b": "2026-12-01T18:00:00", "a/c": None})
    read = settings(tmp_path, text)
    assert (read.name, read.policy, read.repository) == ('a "term"', policy, str(tmp_path))
    assert read.weeks["a/b"].due == DUE
    assert (read.weeks["a/c"].due, read.weeks["a/c"].attempts) == (None, 3)
