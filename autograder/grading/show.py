"""Show results on a terminal. Nothing of a learner's file is taken as markup."""

from rich import box
from rich.table import Table
from rich.text import Text

from autograder.grading import records
from autograder.grading.messages import tidy

STYLES = {records.GRADED: "green", records.LIMIT: "yellow", records.UNREADABLE: "red", records.FAILED: "bold red"}


def exercise_table(record, *, title=None):
    """Make the table of one submission: an exercise per row, with its reason.

    Parameters
    ----------
    record : dict
        See :mod:`autograder.grading.records`.
    title : str, optional

    Returns
    -------
    rich.table.Table
    """
    table = Table(title=title and Text(tidy(title)), box=box.SIMPLE_HEAD, title_justify="left", show_footer=True)
    table.add_column("Exercise", Text("Sum"), overflow="fold")
    table.add_column("Score", Text(score_of(record)), justify="right", no_wrap=True)
    table.add_column("Why", Text(record["message"]), overflow="fold", ratio=1)
    for exercise in record["exercises"]:
        style = "green" if exercise["passed"] else "yellow"
        points = f"{exercise['points']:g} of {exercise['max_points']:g}"
        table.add_row(Text(exercise["id"]), Text(points, style), Text(exercise["message"]))
    return table


def summary_table(submissions):
    """Make the table of many submissions: a file per row.

    Parameters
    ----------
    submissions : list of dict

    Returns
    -------
    rich.table.Table
    """
    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("Notebook", overflow="fold")
    table.add_column("State", no_wrap=True)
    table.add_column("Score", justify="right", no_wrap=True)
    table.add_column("Seconds", justify="right", no_wrap=True)
    table.add_column("What to know", overflow="fold", ratio=1)
    for record in submissions:
        table.add_row(
            Text(tidy(record["path"])),
            Text(record["state"], STYLES[record["state"]]),
            Text(score_of(record)),
            Text(f"{record['seconds']:.1f}"),
            Text(record["message"] or _what_is_missing(record)),
        )
    return table


def score_of(record):
    """Write a score as a person says it; a file without a grade has none."""
    if record["score"] is None:
        return "no grade"
    return f"{record['score']:g} of {record['max_score']:g}"


def counts(submissions):
    """Count the states in one sentence."""
    found = [(state, sum(record["state"] == state for record in submissions)) for state in records.STATES]
    return ", ".join(f"{count} {state}" for state, count in found if count)


def _what_is_missing(record):
    missing = [exercise["id"] for exercise in record["exercises"] if not exercise["passed"]]
    more = f" and {len(missing) - 3} more" if len(missing) > 3 else ""
    return f"not yet: {', '.join(missing[:3])}{more}" if missing else ""
