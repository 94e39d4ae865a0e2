"""Write feedback pages, and with --release put them into nbgrader's exchange."""

import click

from autograder.cli.cohort import FOLDER, WEEKS, chosen, find


@click.command()
@WEEKS
@FOLDER
@click.option("--release", is_flag=True, help="Also give them to learners through nbgrader's exchange.")
def command(weeks, folder, release):
    """Write a feedback page for each attempt that counts (all released weeks when left out).

    Pages stand in feedback/LEARNER/WEEK/ of the course root, with marks and comments that a person gave.
    """
    from autograder.cohort.course import gradebook, release_feedback
    from autograder.cohort.feedback import write

    cohort = find(folder)
    for week in chosen(cohort, weeks):
        with gradebook(cohort, week) as book:
            pages = [path for learner in cohort.learners for path in write(cohort, week, learner, book=book)]
        click.echo(f"{week}: {len(pages)} pages written, the others were current.")
        if release:
            given, without = release_feedback(cohort, week)
            click.echo(
                f"{week}: feedback of {given} learners is in the exchange; "
                f"{without} did not hand in through it and have none there."
            )
