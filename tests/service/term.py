"""A whole term in one script: learners, three weeks, late and repeated submissions, extensions, a regrade, an export.

Every mark of the exported table is worked out here from what was handed in, without a grader. ``python -m service.term
--learners 200`` runs the long one; the tests run a shorter one.
"""

import argparse
import csv
import random
import re
import shutil
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from grading_helpers import RIGHT, WRONG, answered, medlabs
from service.chaos import POINTS
from service.running import Running, client, give_tokens, hand_in, wait_until
from tiny_weeks import COURSE, NAME, edit, make_repository

from autograder import build

# One week that is not yet due, one that was due two days ago, and one that is closed but for those with an extension.
OPEN, LATE, CLOSED = NAME, f"{COURSE}/week2_lungs", f"{COURSE}/week3_brains"
WEEKS = (OPEN, LATE, CLOSED)
PENALTY = 0.1  # for each begun day
# How a check of the first week is mended after everybody was graded: equal rates may be called faster.
MENDED = [("assert not faster(61.375, 61.375), ", "assert faster(61.375, 61.375) in (True, False), ")]
# The wrong answer that showed the old check is none any more: another one takes its place.
NO_LONGER_WRONG = [
    ("return first >= second", "return False"),
    ('caught_by="hidden" says="neither is faster"', 'caught_by="visible" says="x"'),
]


def command(repository, *words):
    """Run ``medlabs cohort …``; it must work."""
    done = medlabs(repository, "cohort", *words)
    if done.returncode:
        raise RuntimeError(f"medlabs cohort {words[0]}: {done.stderr[-1500:]}{done.stdout[-500:]}")
    return done.stdout


def make_term(root, names):
    """Make a course of three weeks and its cohort, and release all of it before anything is due."""
    folder = make_repository(root / "courses")
    for week in (LATE, CLOSED):
        shutil.copytree(folder, root / "courses" / week)
    for week in WEEKS:
        build.build_week(build.read_week(root / "courses" / week))
    (root / "roster.csv").write_text("id,name,extra_time\n" + "".join(f"{n},Learner {n},\n" for n in names))
    soon = (datetime.now(UTC) + timedelta(days=30)).strftime("%Y-%m-%dT%H:%M")
    place, dues = root / "cohort", [word for week in WEEKS for word in ("--due", f"{week}={soon}")]
    command(root / "courses", "create", "spring", "--roster", root / "roster.csv", "--dir", place, *dues)
    command(root / "courses", "release", *WEEKS, "--cohort", place)
    return place


def let_time_pass(place, extended):
    """Move due dates into the past, as if the term had gone on, and give some learners an extension."""
    path, now = place / "cohort.toml", datetime.now(UTC)
    text = path.read_text()
    later = (now + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M:%S")
    for week, days in ((LATE, 1.5), (CLOSED, 30)):
        due = (now - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%S")
        people = "\n".join(f"{name} = {later}" for name in extended)
        block = f'[weeks."{week}"]\ndue = {due}\n[weeks."{week}".extensions]\n{people}\n'
        text = re.sub(rf'\[weeks\."{week}"\]\ndue = .*\n.*\n.*\n', block, text)
    path.write_text(text)


def plan_term(names, rng):
    """List what everybody hands in: learner to a list of (week, {exercise: right or not})."""
    plans = {}
    for name in names:
        plans[name] = []
        for week in WEEKS:
            for _ in range(rng.choice([0, 1, 1, 1, 2])):
                plans[name].append((week, {exercise: rng.random() < 0.6 for exercise in POINTS}))
    return plans


def expected_marks(plans, extended, *, mended):
    """Work out every mark: learner and week to points, or None where nothing counts."""
    marks = {}
    for name, handed in plans.items():
        for week in WEEKS:
            late = {OPEN: 0, LATE: 2, CLOSED: None}[week] if name not in extended else 0
            worth = []
            for its_week, right in handed:
                if its_week == week and late is not None:
                    points = sum(POINTS[e] * (right[e] or (mended and week == OPEN and e == "faster")) for e in POINTS)
                    worth.append(points * (1 - PENALTY * late))
            marks[name, week] = max(worth, default=None)
    return marks


def notebook_of(week, right, number):
    """Give the notebook with right and wrong answers; ``number`` makes each file another one."""
    return answered(week, **{e: (RIGHT if right[e] else WRONG)[e] + f"\n# {number}" for e in POINTS})


def hand_in_everything(service, repository, tokens, plans, extended):
    """Hand in over HTTP, a crowd at a time; give how many were accepted and refused."""
    weeks = {name: build.read_week(repository / name) for name in WEEKS}

    def one(name):
        statuses = []
        with closing(client(service.url, tokens[name])) as asker:
            for number, (week, right) in enumerate(plans[name]):
                answer = hand_in(asker, week, notebook_of(weeks[week], right, number))
                wanted = 409 if week == CLOSED and name not in extended else 202
                if answer.status_code != wanted:
                    raise RuntimeError(f"{name} {week}: {answer.status_code} {answer.text}")
                statuses.append(answer.status_code)
        return statuses

    with ThreadPoolExecutor(16) as crowd:
        statuses = [status for each in crowd.map(one, plans) for status in each]
    return statuses.count(202), statuses.count(409)


def exported(repository, place):
    """Export the marks; learner and week to points, or None where the cell is empty."""
    command(repository, "export", "--cohort", place, "--format", "csv", "--to", place / "out", *WEEKS)
    (file,) = (place / "out").glob("*.csv")
    marks = {}
    with file.open(newline="", encoding="utf-8-sig") as opened:
        for row in csv.DictReader(opened):
            if row["notebook"] == "assignment":
                marks[row["id"], row["week"]] = float(row["score"]) if row["score"] else None
    return marks


def differences(got, wanted):
    """List marks that are not as expected."""
    return {
        key: (got.get(key), wanted[key])
        for key in wanted
        if (got.get(key) is None) != (wanted[key] is None) or abs((got[key] or 0) - (wanted[key] or 0)) > 1e-6
    }


def run(root, learners, seed=1, say=print):
    """Run the term; give (marks, differences) before and after the regrade."""
    rng, began = random.Random(seed), time.monotonic()
    names = [f"l{n:04d}" for n in range(learners)]
    extended, plans = set(names[::5]), plan_term(names, rng)
    place, repository = make_term(root, names), root / "courses"
    let_time_pass(place, sorted(extended))
    tokens = give_tokens(place, names)
    with Running(place, repository, "--workers", 2, "--log-level", "WARNING") as service:
        accepted, refused = hand_in_everything(service, repository, tokens, plans, extended)
        with closing(client(service.url, tokens["prof"])) as prof:
            said = ("queued", "running", "undelivered")
            wait_until(lambda: not any(prof.get("/health").json()[name] for name in said), seconds=1200, every=0.5)
    say(f"{accepted} handed in and graded, {refused} refused as too late, {time.monotonic() - began:.0f} s")
    before = exported(repository, place)
    wrong_before = differences(before, expected_marks(plans, extended, mended=False))
    edit(repository / OPEN / "assignment.py", MENDED)
    edit(repository / OPEN / "wrong_answers.py", NO_LONGER_WRONG)
    command(repository, "regrade", OPEN, "--cohort", place)
    unpublished = exported(repository, place)
    command(repository, "regrade", OPEN, "--cohort", place, "--publish")
    after = exported(repository, place)
    wrong_after = differences(after, expected_marks(plans, extended, mended=True))
    changed = sum(before[key] != after[key] for key in before)
    say(f"{len(after)} marks, {changed} changed by the regrade, {time.monotonic() - began:.0f} s in all")
    assert unpublished == before, "nothing is written before --publish"
    return wrong_before, wrong_after, changed


def main():
    """Run the long one."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--learners", type=int, default=200)
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    root = Path(tempfile.mkdtemp(prefix="medlabs-term-"))
    try:
        wrong_before, wrong_after, changed = run(root, given.learners, given.seed)
    finally:
        shutil.rmtree(root, ignore_errors=True)
    print(f"marks that are not as expected: {len(wrong_before)} before, {len(wrong_after)} after the regrade")  # noqa: T201
    sys.exit(1 if wrong_before or wrong_after or not changed else 0)


if __name__ == "__main__":
    main()
