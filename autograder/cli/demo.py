"""Show the whole loop without a person: release, answer, submit, grade, feedback."""

import sys
import tempfile
import time
from pathlib import Path

import click

from autograder import paths, workspace


@click.command()
@click.option("--week", "week_name", metavar="COURSE/WEEK", help="Which week to show.  [default: the first]")
@click.option(
    "--dir",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where to do it.  [default: build/demo in the repository]",
)
def command(week_name, folder):
    """Show the whole loop without a person, in about a minute.

    A sample learner answers some exercises right, some wrong, and leaves one blank. nbgrader makes the release and keeps
    the grade book; the reasons and the feedback pages are ours. What comes out is checked against what should.
    """
    from rich.console import Console

    from autograder import build, demo
    from autograder.grading import engines

    console, began = Console(highlight=False), time.monotonic()
    repository = paths.find_repository()
    names = list(paths.find_weeks(repository))
    if not names:
        raise ValueError(f"There is no week in {repository} to show.")
    week = build.read_week(paths.find_week(week_name or names[0], repository))
    place = demo.prepare(folder or _default_folder(repository), week)
    engine = engines.choose(fall_back=True)  # the answers are our own
    console.print(engine.words, style="dim", soft_wrap=True)

    console.rule(f"1 · Release: {week.title}")
    released = demo.release(place, week, repository)
    console.print(f"nbgrader made {', '.join(released)}; the learner's workspace is {place.workspace}", soft_wrap=True)

    console.rule("2 · Answer, as a sample learner")
    answers = {name: demo.choose_answers(week, name) for name in build.graded_names(week)}
    for name, chosen in answers.items():
        demo.write_answers(place.workspace / week.name / f"{name}.ipynb", chosen)
        if name == "assignment":
            console.print("\n".join(chosen.said), markup=False)

    console.rule("3 · Submit")
    receipts = {name: demo.submit(place, week, name) for name in answers}
    for name, receipt in receipts.items():
        console.print(f"{name}: received {receipt.received:%Y-%m-%d %H:%M:%S} UTC, receipt {receipt.digest[:12]}")

    console.rule("4 · Grade")
    submissions = _grade(engine, week, receipts, console)
    with console.status("nbgrader autograde, for the grade book ..."):
        in_gradebook = demo.autograde(place, week)

    console.rule("5 · Feedback")
    pages = _write_feedback(place, week, submissions, receipts)
    for name, page in pages.items():
        console.print(f"{name}: {page}", soft_wrap=True)

    wrong = _compare(answers, submissions, in_gradebook)
    console.print(
        f"\nDone in {time.monotonic() - began:.0f} s. Everything of it is in {place.course.parent}", soft_wrap=True
    )
    if wrong:
        console.print("\n".join(wrong), style="bold red", soft_wrap=True)
        sys.exit(3)
    console.print("Every score is as it should be, and nbgrader's grade book says the same.", style="green")


def _default_folder(repository):
    """Choose build/demo of the repository, or a temporary folder where the repository may not be written."""
    try:
        (repository / "build").mkdir(exist_ok=True)
        return repository / "build" / "demo"
    except OSError:
        return Path(tempfile.mkdtemp(prefix="medlabs-demo-"))


def _grade(engine, week, receipts, console):
    from autograder.grading import engines, show
    from autograder.grading.watch import Limits

    names = list(receipts)
    with console.status("Grading ..."):
        files = [receipts[name].notebook for name in names]
        found = engines.grade_files(engine, week, files, Limits(**week.limits), workers=len(files))
    submissions = dict(zip(names, found, strict=True))
    for name in reversed(names):
        record = submissions[name]
        console.print(show.exercise_table(record, title=f"{week.title}: {name}"))
    return submissions


def _write_feedback(place, week, submissions, receipts):
    from autograder.grading import feedback, store

    pages = {}
    for name, record in submissions.items():
        page = feedback.page(record, week, received=f"{receipts[name].received:%Y-%m-%d %H:%M} UTC").encode()
        store.add(receipts[name], "feedback.html", page)
        pages[name] = place.workspace / week.name / f"{name}.feedback.html"
        workspace.write_whole(pages[name], page)
    return pages


def _compare(answers, submissions, in_gradebook):
    """List, in sentences, where a score is not what it should be."""
    wrong = []
    for name, chosen in answers.items():
        record = submissions[name]
        if record["state"] != "graded":
            wrong.append(f"{name}: the state is {record['state']}, not graded. {record['message']}")
        elif record["score"] != chosen.expected:
            wrong.append(f"{name}: the score is {record['score']:g}, and {chosen.expected:g} was expected.")
        if in_gradebook.get(name) != chosen.expected:
            wrong.append(f"{name}: nbgrader's score is {in_gradebook.get(name)}, and {chosen.expected:g} was expected.")
    return wrong
