"""Grade what lies in submitted/ and has no grade yet, and write the gradebook."""

import os
import sys

import click

from autograder.cli.cohort import FOLDER, ISOLATION, WEEKS, WORKERS, choose_engine, chosen, find


@click.command()
@WEEKS
@FOLDER
@WORKERS
@ISOLATION
def command(weeks, folder, workers, isolation):
    r"""Grade what was handed in through nbgrader's folders, by `nbgrader collect` or by hand (all released weeks when left out).

    Who handed something in is told by the folder in submitted/, never by the notebook. What was graded before is left alone;
    marks given by hand stay. Due dates that were changed in cohort.toml reach the gradebook too.

    \b
    Exit status: 0 every file has a state of its own making,
                 2 wrong usage, or the gradebook cannot be written,
                 3 the grader itself failed on something: repeat the command.
    """
    from rich.console import Console

    from autograder.cohort.grade import grade

    say = Console(stderr=True)
    cohort = find(folder)
    weeks = chosen(cohort, weeks)
    engine = choose_engine(isolation, say)
    failed = False
    for week in weeks:
        with bar(say) as (begin, advance):
            done = grade(cohort, week, engine, workers=workers or os.cpu_count() or 1, begin=begin, advance=advance)
        show(done)
        failed = failed or any(one.record["state"] == "failed" for one in done.done)
    if failed:
        sys.exit(3)


def bar(say):
    """Show a progress bar; gives (begin, advance)."""
    import contextlib

    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    @contextlib.contextmanager
    def showing():
        columns = [TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()]
        with Progress(*columns, console=say, transient=True) as progress:
            tasks = []
            yield (
                lambda count: tasks.append(progress.add_task("Grading", total=count)),
                lambda: progress.advance(tasks[0]),
            )

    return showing()


def show(graded):
    """Show what grading a week did."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from autograder.grading import show as showing
    from autograder.grading.messages import tidy

    console = Console()
    if graded.done:
        table = Table(box=box.SIMPLE_HEAD)
        for column in ("Learner", "Notebook", "Attempt", "State", "Score", "What to know"):
            table.add_column(column, overflow="fold")
        for one in graded.done:
            words = [one.record["message"], one.found.note, "" if one.written.counted else "another attempt counts"]
            words += [
                f"mark by hand stays, look again: {', '.join(one.written.flagged)}" if one.written.flagged else ""
            ]
            table.add_row(
                one.found.learner, one.record["notebook"] or one.found.notebook, str(one.found.attempt),
                Text(one.record["state"], showing.STYLES[one.record["state"]]), Text(showing.score_of(one.record)),
                Text("; ".join(tidy(word) for word in words if word)),
            )  # fmt: skip
        console.print(table)
    for one in graded.refused:
        console.print(Text(f"{tidy(one.place)}: {tidy(one.why)}"), soft_wrap=True)
    for learner, notebook in graded.settled:
        console.print(f"{learner}/{notebook}: marks follow cohort.toml", markup=False, highlight=False)
    console.print(
        f"{graded.week}: {len(graded.done)} graded, {len(graded.refused)} not taken, "
        f"{len(graded.settled)} brought up to date.",
        highlight=False,
        soft_wrap=True,
    )
