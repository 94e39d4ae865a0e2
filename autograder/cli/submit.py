"""Submit a notebook of your workspace, and read the score with a reason for every exercise."""

import os
import sys
from pathlib import Path

import click

from autograder import paths, workspace


@click.command()
@click.argument("notebook", type=click.Path(path_type=Path))
def command(notebook):
    """Grade NOTEBOOK, keep a copy of it, and show the feedback.

    The copy, with the time and a hash of its content, goes to .medlabs/submissions in your workspace and is never
    changed. The feedback page stands beside your notebook. In a cohort (MEDLABS_SERVICE is its address) the grading
    service keeps and grades it.
    """
    from rich.console import Console

    from autograder.lab import remote

    console = Console()
    space, week, name = recognise(notebook)
    service = remote.read_settings(os.environ)
    if service is not None:
        from autograder.cli import _to_service

        record, received = _to_service.hand_in(service, notebook, week, name, console)
        page = feedback_page(record, week, received)
    else:
        record, page = grade_here(notebook, space, week, name, console)
    tell(record, page, notebook, f"{week.title}: {name}", console)


def grade_here(notebook, space, week, name, console):
    """Keep the notebook in the workspace and grade it on this machine; give its record and its feedback page."""
    from autograder.grading import engines, records, store

    receipt = store.keep(notebook, space, week.name, name)
    console.print(f"Received {receipt.received:%Y-%m-%d %H:%M:%S} UTC, receipt {receipt.digest[:12]}.", highlight=False)
    engine = engines.choose(fall_back=True)  # a person's own answers on their own machine
    record = grade_kept(engine, receipt, week, console)
    record["path"] = str(notebook)
    report = records.make_report(week.name, engine.record, [record])
    page = feedback_page(record, week, f"{receipt.received:%Y-%m-%d %H:%M} UTC")
    store.add(receipt, "result.json", records.to_json(report).encode())
    store.add(receipt, "feedback.html", page)
    return record, page


def feedback_page(record, week, received):
    """Write the feedback page."""
    from autograder.grading import feedback

    return feedback.page(record, week, received=received).encode()


def tell(record, page, notebook, title, console):
    """Show the score and the reasons, and put the page beside the notebook."""
    from autograder.grading import records, show

    beside = notebook.with_name(f"{notebook.stem}.feedback.html")
    workspace.write_whole(beside, page)
    if record["exercises"]:
        console.print(show.exercise_table(record, title=title))
    for line in [record["message"], *record["notes"]]:
        if line:
            console.print(line, markup=False, highlight=False, soft_wrap=True)
    console.print(f"Feedback: {beside}", markup=False, highlight=False, soft_wrap=True)
    if record["state"] == records.FAILED:
        sys.exit(3)


def recognise(notebook):
    """Find the workspace, the week and the name of a learner's notebook.

    Parameters
    ----------
    notebook : pathlib.Path

    Returns
    -------
    (pathlib.Path, autograder.build.Week, str)

    Raises
    ------
    ValueError
        In one sentence: not a notebook, not in a workspace, or of no week.
    """
    from autograder import build
    from autograder.grading import identify, reading

    if notebook.is_dir():
        raise ValueError(f"{notebook} is a folder: name the notebook in it, as {notebook}/assignment.ipynb.")
    learner = reading.read_notebook(notebook)
    space = workspace.find_workspace(notebook.parent)
    if space is None:
        raise ValueError(
            f"{notebook} is not in a workspace, so there is no place for submissions. Start `medlabs lab` once and work "
            "in the folder that it opens; to grade any file, use `medlabs grade`."
        )
    weeks = paths.find_weeks()
    folder = "/".join(notebook.resolve().relative_to(space).parts[:2])
    for name in (learner.week, folder):
        if name in weeks:
            week = build.read_week(weeks[name])
            return space, week, identify.identify(learner, week, notebook.name)
    for place in weeks.values():  # a copy that was moved and lost what it said of itself
        week = build.read_week(place)
        try:
            return space, week, identify.identify(learner, week, notebook.name)
        except reading.UnreadableError:
            continue
    raise ValueError(f"{notebook} holds no exercise of any week: submit an assignment.ipynb or a quiz.ipynb.")


def grade_kept(engine, receipt, week, console):
    """Grade the copy that was kept, so that what is kept is what was graded."""
    from autograder.grading import engines
    from autograder.grading.watch import Limits

    with console.status("Grading ..."):
        return engines.grade_files(engine, week, [receipt.notebook], Limits(**week.limits))[0]
