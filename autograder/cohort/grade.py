"""Grade what was handed in through nbgrader's folders, each file as soon as its grade is there."""

from typing import NamedTuple

from autograder.cohort import gradebook, history, intake
from autograder.cohort.course import checks_digest
from autograder.cohort.seeds import seeded_week


class Done(NamedTuple):
    """One graded file: what it was, its record, and what writing it did."""

    found: intake.Found
    record: dict
    written: gradebook.Written


class Graded(NamedTuple):
    """What grading a week did; ``settled`` are learners and notebooks whose marks followed a change of cohort.toml."""

    week: str
    done: list
    refused: list
    settled: list


def grade(cohort, week, engine, *, workers=1, begin=lambda count: None, advance=lambda: None):
    """Grade what lies in ``submitted/`` and has no grade yet; what was graded before is left alone.

    Parameters
    ----------
    cohort : autograder.cohort.Cohort
    week : str
    engine : autograder.grading.engines.Engine
    workers : int
    begin, advance : callable
        Are told how many files there are, and when one of them is written.

    Returns
    -------
    Graded
    """
    seeded = seeded_week(cohort, week)
    found, refused = intake.look(cohort, seeded)
    begin(len(found))
    done = run(cohort, seeded, found, engine, workers=workers, advance=advance)
    return Graded(week, done, refused, gradebook.settle(cohort, week))


def run(cohort, seeded, found, engine, *, workers=1, advance=lambda: None):
    """Grade files, and write each grade as it comes: a run that is interrupted goes on where it was."""
    if not found:
        return []
    from autograder.grading import engines
    from autograder.grading.watch import Limits

    checks, errors, done = checks_digest(seeded), [], {}
    # What is graded is what is kept: a file that is changed meanwhile changes nothing.
    kept = [history.keep_content(cohort, one.week, one.learner, one.content) for one in found]
    paths = [history.kept_path(cohort, one.week, one.learner, name) for one, name in zip(found, kept, strict=True)]

    def on_record(index, record):
        one = found[index]
        record = named(record, paths[index].name, f"{one.notebook}.ipynb")
        name = record["notebook"] or one.notebook
        try:
            written = gradebook.write(
                cohort, one.week, one.learner, name, one.content, one.received, record, one.attempt,
                checks=checks, isolation=engine.record,
            )  # fmt: skip
            done[index] = Done(one, record, written)
        except (ValueError, OSError) as error:
            errors.append(error)
        advance()

    engines.grade_files(engine, seeded, paths, Limits(**seeded.limits), workers=workers, on_record=on_record)
    if errors:
        raise errors[0]
    return [done[index] for index in sorted(done)]


def named(record, kept, name):
    """Give a record in which the file has the name that its author knows."""
    return {**record, "path": name, "message": record["message"].replace(kept, name)}
