"""Grade notebooks, or folders of them, without any cohort."""

import os
import re
import sys
from pathlib import Path

import click

from autograder import paths, workspace


@click.command()
@click.argument("places", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--week", "week_name", required=True, metavar="COURSE/WEEK", help="The week that the notebooks are of.")
@click.option(
    "--json", "report_file", metavar="FILE", type=click.Path(path_type=Path), help="Write all results to FILE too."
)
@click.option(
    "--workers",
    type=click.IntRange(1, 256),
    help="Grade so many notebooks at once.  [default: the number of cores]",
)
@click.option(
    "--isolation",
    type=click.Choice(["full", "none"]),
    default="full",
    show_default=True,
    help="Keep answers in a sandbox, apart from the checks; none runs them as you.",
)
@click.option("--feedback", metavar="DIR", type=click.Path(path_type=Path), help="Write a feedback page for each too.")
def command(places, week_name, report_file, workers, isolation, feedback):
    r"""Grade notebooks of a week.

    PATH is a notebook or a folder; a folder is searched for notebooks at any depth, and the week's practice notebooks
    in it are passed over. Whether a notebook is the quiz or the assignment is told by the marks in it.

    \b
    Exit status: 0 every file has a state of its own making,
                 2 wrong usage, nothing was graded,
                 3 the grader itself failed on something.
    """
    from rich.console import Console

    from autograder import build
    from autograder.grading import engines, records

    say = Console(stderr=True)
    week = build.read_week(paths.find_week(week_name))
    files, passed_over = collect(places, week)
    for folder in {file.parent for file in [report_file, feedback] if file}:
        if not folder.is_dir():
            raise ValueError(f"{folder} is not a folder: make it first, or write somewhere else.")
    if report_file and report_file.is_dir():
        raise ValueError(f"{report_file} is a folder: name a file for the results.")
    engine = engines.choose(isolation)
    say.print(engine.words, style="yellow" if engine.level == engines.NONE else "dim", soft_wrap=True)
    if passed_over:
        say.print(f"Passed over {passed_over} practice notebooks, which are not graded.")
    submissions = run(engine, week, files, workers or os.cpu_count() or 1, say, report_file)
    if feedback:
        _write_feedback(feedback, week, submissions)
    _print(Console(), week, submissions)
    if report_file:
        say.print(f"Results: {report_file}", soft_wrap=True, highlight=False)
    if any(record["state"] == records.FAILED for record in submissions):
        sys.exit(3)


def collect(places, week):
    """List the files to grade, and count the practice notebooks that folders hold beside them.

    Parameters
    ----------
    places : sequence of pathlib.Path
    week : autograder.build.Week

    Returns
    -------
    (list of pathlib.Path, int)

    Raises
    ------
    ValueError
        If a path does not exist, or a folder holds no notebook to grade.
    """
    from autograder.grading import reading

    files, passed_over = [], 0
    for place in places:
        if not place.exists():
            raise ValueError(f"{place} does not exist: check the path. Nothing was graded.")
        if not place.is_dir():
            files.append(place)
            continue
        inside = reading.find_notebooks(place)
        wanted = [file for file in inside if not is_practice(file, week)]
        passed_over += len(inside) - len(wanted)
        if not wanted:
            what = "only practice notebooks" if inside else "no notebook (*.ipynb)"
            raise ValueError(f"{place} holds {what}. Nothing was graded.")
        files += wanted
    # A link stays what it is here: it must not stand for the file of somebody else, which would then have no grade.
    once = {file.parent.resolve() / file.name: file for file in reversed(files)}
    return list(reversed(once.values())), passed_over


def is_practice(file, week):
    """Say whether a file says of itself that it is a lesson or a lab of this week."""
    from autograder import build
    from autograder.grading import reading

    try:
        notebook = reading.read_notebook(file)
    except reading.UnreadableError:
        return False
    practice = set(build.notebook_names(week)) - set(build.graded_names(week))
    return notebook.week == week.name and notebook.name in practice


def run(engine, week, files, workers, say, report_file):
    """Grade with a progress bar; write the report, also if the person stops it before the end."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from autograder.grading import engines
    from autograder.grading.watch import Limits

    columns = [TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()]
    done = {}
    with Progress(*columns, console=say, transient=True) as progress:
        task = progress.add_task("Grading", total=len(files))

        def on_record(index, record):
            done[index] = record
            progress.advance(task)

        try:
            limits = Limits(**week.limits)
            submissions = engines.grade_files(engine, week, files, limits, workers=workers, on_record=on_record)
        except KeyboardInterrupt:
            _save(engine, report_file, week, [done[index] for index in sorted(done)])
            kept = (
                "their results are kept" if report_file else "their results are lost, because no --json FILE was given"
            )
            say.print(f"Stopped. {len(done)} of {len(files)} were graded; {kept}.")
            sys.exit(130)
    _save(engine, report_file, week, submissions)
    return submissions


def _save(engine, report_file, week, submissions):
    from autograder.grading import records

    if report_file:
        report = records.make_report(week.name, engine.record, submissions)
        workspace.write_whole(report_file, records.to_json(report).encode())


def _write_feedback(folder, week, submissions):
    from autograder.grading import feedback

    for number, record in enumerate(submissions, start=1):
        page = feedback.page(record, week).encode("utf-8", "replace")
        workspace.write_whole(folder / f"{number:04d}_{_plain_name(record['path'])}.html", page)


def _plain_name(path):
    """Make a file name that every system takes from whatever a learner's file is called."""
    return re.sub(r"[^\w.-]+", "_", Path(path).stem.encode("utf-8", "replace").decode(), flags=re.ASCII)[:60].strip(
        "._"
    )


def _print(console, week, submissions):
    from autograder.grading import show

    if len(submissions) == 1 and submissions[0]["exercises"]:
        record = submissions[0]
        console.print(show.exercise_table(record, title=f"{week.name}: {record['path']}"))
        for note in record["notes"]:
            console.print(f"Note: {note}", markup=False, highlight=False, soft_wrap=True)
        return
    console.print(show.summary_table(submissions))
    console.print(show.counts(submissions), highlight=False)
