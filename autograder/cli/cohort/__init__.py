"""Run a term: roster, due dates, release, grades, feedback, regrading, export."""

from pathlib import Path

import click

from autograder.cli import Commands

FOLDER = click.option(
    "--cohort",
    "folder",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="The cohort's folder.  [default: this folder, or the nearest above it that is one]",
)
WEEKS = click.argument("weeks", metavar="[WEEK]...", nargs=-1)
ISOLATION = click.option(
    "--isolation",
    type=click.Choice(["full", "none"]),
    default="full",
    show_default=True,
    help="Keep answers in a sandbox, apart from the checks; none runs them as you.",
)
WORKERS = click.option(
    "--workers", type=click.IntRange(1, 256), help="Grade so many notebooks at once.  [default: the number of cores]"
)


@click.group(cls=Commands, package=__name__, folders=__path__)
def command():
    """Run a term with a roster, due dates and hidden checks of its own.

    A cohort is a folder outside of the repository, with one nbgrader course root per course in it: Formgrader and every
    nbgrader command work there. Every step may be repeated, and names what it did.
    """


def find(folder):
    """Read the cohort that a person means.

    Parameters
    ----------
    folder : pathlib.Path or None
        None: the current folder, or the nearest above it that is a cohort.

    Returns
    -------
    autograder.cohort.Cohort
    """
    from autograder.cohort import read_cohort
    from autograder.cohort.settings import FILE

    if folder is None:
        here = Path.cwd()
        folder = next((place for place in [here, *here.parents] if (place / FILE).is_file()), None)
        if folder is None:
            raise ValueError(f"{here} is in no cohort: go to one, or name it with --cohort DIR.")
    return read_cohort(folder)


def chosen(cohort, names, *, released=True):
    """Give the full names of weeks of a cohort; without names all of them, or all that are released."""
    from autograder import paths
    from autograder.cohort.plans import plan_of

    if not names:
        weeks = [week for week, plan in cohort.plans.items() if plan.released or not released]
        if not weeks:
            raise ValueError(f"Nothing of {cohort.name} is released yet: `medlabs cohort release WEEK` comes first.")
        return weeks
    weeks = [paths.week_name(paths.find_week(name, cohort.repository)) for name in names]
    for week in weeks:
        if not plan_of(cohort, week).released and released:
            raise ValueError(f"{week} is not released yet: `medlabs cohort release {week}` comes first.")
    return list(dict.fromkeys(weeks))


def choose_engine(isolation, say):
    """Choose how answers are run, and say it."""
    from autograder.grading import engines

    engine = engines.choose(isolation)
    say.print(engine.words, style="yellow" if engine.level == engines.NONE else "dim", soft_wrap=True)
    return engine
