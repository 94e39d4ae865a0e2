"""Prove a week's hidden checks, make nbgrader's folders, and put the week into the exchange."""

import click

from autograder.cli.cohort import FOLDER, ISOLATION, choose_engine, chosen, find


@click.command()
@click.argument("weeks", metavar="WEEK...", nargs=-1, required=True)
@FOLDER
@ISOLATION
def command(weeks, folder, isolation):
    """Release each WEEK of a cohort (written COURSE/WEEK).

    Before anything is released, the cohort's seed is proven: the instructor's and the authors' right answers earn full marks
    with it, blank and wrong ones do not. A week that is out already is renewed; a changed due date or roster follows.
    """
    from rich.console import Console

    from autograder.cohort.release import check, release

    say = Console(stderr=True)
    cohort = find(folder)
    weeks = chosen(cohort, weeks, released=False)
    check(cohort, weeks)
    engine = choose_engine(isolation, say)
    for week in weeks:
        with say.status(week) as status:
            done = release(cohort, week, engine, say=status.update)
        for words in done.proof.passed_over:
            say.print(f"{week}: passed over {words}", markup=False, highlight=False, soft_wrap=True)
        proven = "proven before" if done.proof.already else f"proven with {done.proof.answers} answers"
        click.echo(
            f"{week}: {'released again' if done.again else 'released'}; seed {proven}; "
            f"{len(done.added)} learners new in the gradebook."
        )
