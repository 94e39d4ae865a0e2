"""Make a cohort from a roster, or bring a new roster into one."""

from pathlib import Path

import click

from autograder.cohort.settings import UNLIMITED


class CountOr(click.ParamType):
    """A number, or the word "unlimited"."""

    name = "number"

    def __init__(self, kind):
        self.kind = kind

    def convert(self, value, param, ctx):
        if value == UNLIMITED or value is None:
            return None
        try:
            number = self.kind(value)
        except ValueError:
            number = -1
        if number < (1 if self.kind is int else 0) or number > 1e6:
            self.fail(f"{value!r} is no number of that kind; write a number or {UNLIMITED!r}.", param, ctx)
        return number


@click.command()
@click.argument("name")
@click.option("--roster", required=True, metavar="FILE.csv", type=click.Path(path_type=Path), help="Who learns in it.")
@click.option(
    "--dir", "folder", metavar="DIR", type=click.Path(path_type=Path), help="Its folder.  [default: NAME here]"
)
@click.option("--week", "weeks", metavar="WEEK", multiple=True, help="A week of it; again for more.  [default: all]")
@click.option(
    "--due", "dues", metavar="WEEK=DATE", multiple=True, help="course1/week1=2026-12-01T18:00; again for more."
)
@click.option("--timezone", metavar="ZONE", default="UTC", show_default=True, help="Of the dates, as Europe/Zurich.")
@click.option("--counts", type=click.Choice(["best", "last"]), default="best", show_default=True, help="Which attempt.")
@click.option("--attempts", type=CountOr(int), default=UNLIMITED, show_default=True, help="For each notebook.")
@click.option(
    "--cooldown", type=click.FloatRange(0, 86_400), default=0, show_default=True, help="Seconds between attempts."
)
@click.option(
    "--grace", type=click.FloatRange(0, 10_000), default=10, show_default=True, help="Minutes after the due date."
)
@click.option(
    "--penalty-per-day", type=click.FloatRange(0, 1), default=0.1, show_default=True, help="Share of the points earned."
)
@click.option(
    "--late-days", type=CountOr(float), default="7", show_default=True, help="Then work is not taken any more."
)
def command(name, roster, folder, weeks, dues, timezone, counts, attempts, cooldown, grace, penalty_per_day, late_days):
    """Make the cohort NAME: a folder with its roster, its weeks and a secret seed.

    FILE.csv has a line per learner and the columns id, name, and if you like email, section and extra_time (1.5 for half as
    much time again, 3d for three days, 12h for hours). What is chosen here stands in cohort.toml, which is yours to edit. For a
    cohort that is there already, only the roster is renewed.
    """
    from autograder.cohort import LatePolicy, Policy, read_cohort
    from autograder.cohort.create import create, renew_roster
    from autograder.cohort.settings import FILE

    folder = folder or Path(name)
    if (folder / FILE).is_file():
        cohort = read_cohort(folder)
        if cohort.name != name:
            raise ValueError(f"{folder} is the cohort {cohort.name!r}, not {name!r}: choose another place with --dir.")
        change = renew_roster(cohort, roster)
        click.echo(f"{folder} is there already: {FILE} stays as it is, the roster is renewed.")
        for what, ids in change._asdict().items():
            click.echo(f"  {what}: {', '.join(ids) if ids else 'nobody'}")
        return
    policy = Policy(counts, attempts, cooldown, LatePolicy(grace * 60, penalty_per_day, late_days))
    cohort = create(name, roster, folder, weeks=weeks, dues=dues, timezone=timezone, policy=policy)
    due = sum(plan.due is not None for plan in cohort.plans.values())
    click.echo(
        f"Made {cohort.folder}: {len(cohort.learners)} learners, {len(cohort.plans)} weeks, {due} of them with a due date."
    )
    click.echo(f"Look at {cohort.folder / FILE}, then release a week: medlabs cohort release WEEK --cohort {folder}")
