"""Grade again after a check was mended: first the differences, and only when a person says so the grades."""

from datetime import UTC, datetime
from typing import NamedTuple

from autograder.cohort import course, gradebook, history, marks, plans, seeds
from autograder.cohort.folder import read_state, write_state
from autograder.cohort.grade import named
from autograder.cohort.lock import writing
from autograder.cohort.prove import try_seed
from autograder.grading import records

FOLDER = "regrades"


class Difference(NamedTuple):
    """One exercise of one attempt that is worth something else now.

    ``counts`` says whether the attempt is the one that counts after the change, ``by_hand`` that a person's mark stands above it.
    """

    learner: str
    notebook: str
    attempt: int
    exercise: str
    before: float
    after: float
    counts: bool
    by_hand: bool
    message: str


class Comparison(NamedTuple):
    """What a regrade would change: exercises, and for each learner's notebook the score before and after; what failed."""

    week: str
    differences: list
    scores: list
    graded: int
    failed: list


def regrade(cohort, week, engine, *, workers=1, say=lambda words: None, begin=lambda count: None, advance=lambda: None):
    """Grade every attempt of a week again, and say what would change. No grade is written.

    The mended checks are proven first, as before a release. What was found is kept for :func:`publish`.

    Parameters
    ----------
    cohort : autograder.cohort.Cohort
    week : str
    engine : autograder.grading.engines.Engine
    workers : int
    say, begin, advance : callable
        Are told what is done, how many files there are, and when one is done.

    Returns
    -------
    Comparison

    Raises
    ------
    ValueError
        If a mended check misbehaves.
    """
    from autograder.grading import engines
    from autograder.grading.watch import Limits

    seeded = seeds.seeded_week(cohort, week)
    checks = course.checks_digest(seeded)
    _prove(cohort, seeded, checks, engine, say)
    first = {entry.sha256: entry for entry in _entries(cohort, week)}  # the same content is graded once
    paths = [history.content_path(cohort, entry) for entry in first.values()]
    for entry in first.values():
        history.content_of(cohort, entry)  # is it still what was handed in?
    begin(len(paths))
    limits = Limits(**seeded.limits)
    graded = engines.grade_files(
        engine, seeded, paths, limits, workers=workers, on_record=lambda *_: advance()
    ) if paths else []  # fmt: skip
    results = {
        sha256: named(record, path.name, f"{entry.notebook}.ipynb")
        for (sha256, entry), path, record in zip(first.items(), paths, graded, strict=True)
    }
    made = datetime.now(UTC).isoformat(timespec="seconds")
    state = {"checks": checks, "made": made, "isolation": engine.record, "results": results}
    write_state(cohort.folder, _file(week), state)
    return compare(cohort, week, results)


def compare(cohort, week, results):
    """Compare grades with those that stand.

    Parameters
    ----------
    cohort : autograder.cohort.Cohort
    week : str
    results : dict of str to dict
        Digest of what was handed in to its new record.

    Returns
    -------
    Comparison
    """
    differences, scores = [], []
    failed = sorted(name for name, record in results.items() if record["state"] == records.FAILED)
    with course.gradebook(cohort, week) as book:
        for learner in _learners(cohort, week):
            final = marks.final(cohort, week, learner, book)
            for notebook, mark in final.notebooks.items():
                old = history.attempts(cohort, week, learner, notebook)
                new = [_with(entry, results) for entry in old]
                standing = marks.standing(cohort, week, learner, notebook, new)
                differences += _differences(old, new, standing.entry, mark)
                after = _score(standing, mark)
                if abs(after - mark.score) > 1e-9:
                    scores.append((learner, notebook, mark.score, after))
    return Comparison(week, differences, scores, len(results), failed)


def publish(cohort, week):
    """Write the grades that the last :func:`regrade` found. Marks by hand stay, and are flagged where they stand above a change.

    Returns
    -------
    (Comparison, list of (str, str, str))
        What was changed; learner, notebook and exercise of each mark by hand to look at again.

    Raises
    ------
    ValueError
        If nothing was shown before, or the checks or the submissions have changed since.
    """
    state = read_state(cohort.folder, _file(week))
    advice = f"run `medlabs cohort regrade {week}` and look at the differences first. Nothing was published."
    if not state:
        raise ValueError(f"{week} was not regraded yet: {advice}")
    seeded = seeds.seeded_week(cohort, week)
    if state["checks"] != course.checks_digest(seeded):
        raise ValueError(f"The checks of {week} have changed since the differences were shown: {advice}")
    entries = _entries(cohort, week)
    fresh = [entry for entry in entries if entry.sha256 not in state["results"] and entry.checks != state["checks"]]
    if fresh:
        raise ValueError(
            f"{fresh[0].learner} handed in {fresh[0].notebook} of {week} since the differences were shown: {advice}"
        )
    shown = compare(cohort, week, state["results"])
    with writing(cohort.folder):
        course.generate(cohort, seeded)
    flagged = []
    scored = [entry for entry in entries if state["results"].get(entry.sha256, {}).get("state") in history.SCORED]
    with course.gradebooks() as opened:
        for entry in scored:
            record = state["results"][entry.sha256]
            done = gradebook.write(
                cohort, week, entry.learner, record["notebook"], history.content_of(cohort, entry), entry.received,
                record, entry.attempt, checks=state["checks"], isolation=state["isolation"], gradebook=opened,
            )  # fmt: skip
            flagged += [(entry.learner, entry.notebook, exercise) for exercise in done.flagged]
    return shown, flagged


def _prove(cohort, seeded, checks, engine, say):
    noted = read_state(cohort.folder, seeds.FILE)
    mine = noted.get(seeded.name, {"number": 0})
    if mine.get("proven") == checks:
        return
    say(f"{seeded.name}: trying every answer of its authors with the mended checks")
    problems, count = try_seed(seeded, engine)
    if problems:
        raise ValueError(
            f"{seeded.name}: a check misbehaves with this cohort's seed ({problems[0]}). Nothing was graded. Mend the check, "
            f"or let `medlabs cohort release {seeded.name}` find another seed."
        )
    with writing(cohort.folder):
        noted = read_state(cohort.folder, seeds.FILE)
        noted[seeded.name] = {**mine, "proven": checks, "answers": count}
        write_state(cohort.folder, seeds.FILE, noted)


def _learners(cohort, week):
    return [name for name in history.learners_with_attempts(cohort, week) if name in cohort.learners]


def _entries(cohort, week):
    """List what is to be graded again: every attempt where the best counts, else the last of each notebook."""
    found = []
    for learner in _learners(cohort, week):
        entries = [e for e in history.attempts(cohort, week, learner) if e.record["state"] != records.UNREADABLE]
        if plans.plan_of(cohort, week).counts == plans.LAST:
            entries = list({entry.notebook: entry for entry in entries}.values())
        found += entries
    return found


def _with(entry, results):
    record = results.get(entry.sha256)
    return entry._replace(record=record) if record and record["state"] in history.SCORED else entry


def _differences(old, new, counting, mark):
    found = []
    for before, after in zip(old, new, strict=True):
        was = {exercise["id"]: exercise["points"] for exercise in before.record["exercises"]}
        counts = counting is not None and (counting.attempt, counting.sha256) == (after.attempt, after.sha256)
        for exercise in after.record["exercises"]:
            name, points = exercise["id"], float(exercise["points"])
            if abs(was.get(name, 0.0) - points) > 1e-9:
                found.append(
                    Difference(
                        after.learner, after.notebook, after.attempt, name, float(was.get(name, 0.0)), points, counts,
                        name in mark.by_hand, exercise["message"],
                    )
                )  # fmt: skip
    return found


def _score(standing, mark):
    """Give the score that a notebook would have, with the marks by hand that stand."""
    if standing.entry is None:
        return mark.score
    own = {exercise["id"]: float(exercise["points"]) for exercise in standing.entry.record["exercises"]}
    extra = mark.earned - sum(mark.points.values())
    earned = sum((own | mark.by_hand).values()) + extra
    return round(earned - max(earned, 0.0) * standing.late.penalty_fraction, 6)


def _file(week):
    return f"{FOLDER}/{week.replace('/', '--')}.json"
