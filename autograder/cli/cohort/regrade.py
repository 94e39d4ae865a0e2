"""Grade again after a check was mended: show the differences, then publish them."""

import os
import sys

import click

from autograder.cli.cohort import FOLDER, ISOLATION, WORKERS, choose_engine, chosen, find
from autograder.cli.cohort.grade import bar


@click.command()
@click.argument("week")
@FOLDER
@WORKERS
@ISOLATION
@click.option("--publish", is_flag=True, help="Write the grades that were shown last.")
def command(week, folder, workers, isolation, publish):
    r"""Grade all attempts at WEEK again, and show what would change; --publish then writes it.

    Marks given by hand stay, and are flagged for a second look where the grade beneath them changes. Earlier grades stay in
    the history.

    \b
    Exit status: 0 done, 2 wrong usage or nothing to publish, 3 the grader itself failed on something.
    """
    from rich.console import Console

    from autograder.cohort import regrade

    say = Console(stderr=True)
    cohort = find(folder)
    (week,) = chosen(cohort, [week])
    if publish:
        done, flagged = regrade.publish(cohort, week)
        show(done, "was")
        for learner, notebook, exercise in flagged:
            click.echo(f"{learner}/{notebook}/{exercise}: the mark by hand stays; look at it again in Formgrader.")
        click.echo(f"{week}: published. `medlabs cohort feedback {week}` renews the pages.")
        return
    engine = choose_engine(isolation, say)
    count = workers or os.cpu_count() or 1
    with bar(say) as (begin, advance):
        said = lambda words: say.print(words, markup=False, highlight=False)  # noqa: E731
        done = regrade.regrade(cohort, week, engine, workers=count, say=said, begin=begin, advance=advance)
    show(done, "is")
    if done.differences:
        click.echo(f"Nothing is published. To publish: medlabs cohort regrade {week} --publish")
    if done.failed:
        click.echo(
            f"{len(done.failed)} files failed through the grader's fault and keep their grade: repeat the command."
        )
        sys.exit(3)


def show(done, tense):
    """Show the differences, and the scores that follow from them."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console()
    if done.differences:
        table = Table(box=box.SIMPLE_HEAD)
        for column in ("Learner", "Notebook", "Attempt", "Exercise", "Before", "After", "What to know"):
            table.add_column(column, overflow="fold")
        for one in done.differences:
            words = [
                "counts" if one.counts else "does not count",
                "mark by hand stays" if one.by_hand else "",
                one.message,
            ]
            table.add_row(
                one.learner, one.notebook, str(one.attempt), one.exercise, f"{one.before:g}", f"{one.after:g}",
                Text("; ".join(word for word in words if word)),
            )  # fmt: skip
        console.print(table)
    for learner, notebook, before, after in done.scores:
        console.print(f"{learner}/{notebook}: {before:g} → {after:g}", markup=False, highlight=False)
    console.print(
        f"{done.week}: {done.graded} files graded again, {len(done.differences)} exercises differ, "
        f"the score of {len(done.scores)} notebooks {tense} another.",
        highlight=False,
        soft_wrap=True,
    )
