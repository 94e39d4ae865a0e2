"""Make the notebooks that learners open from the sources; --check says what is wrong."""

import click

from autograder import build, paths


@click.command()
@click.argument("week_names", metavar="[WEEK]...", nargs=-1)
@click.option("--check", is_flag=True, help="Write nothing; list every problem and fail if there is one.")
def command(week_names, check):
    """Make release/ of every WEEK (written COURSE/WEEK; all weeks when left out).

    With --check nothing is written. Style, stale files and anything that learners must not see are listed, and the exit
    status is 1 if there is something to mend.
    """
    repository = paths.find_repository()
    names = week_names or paths.find_weeks(repository)
    weeks = [build.read_week(paths.find_week(name, repository)) for name in names]
    if not weeks:
        raise click.ClickException(f"There is no week in {repository}: no course*/*/{paths.WEEK_FILE}.")
    orphans = [] if week_names else _orphans(repository)
    if check:
        _check(weeks, orphans)
        return
    for week in weeks:
        built = build.build_week(week)
        click.echo(
            f"{week.name}: {len(built.written)} written, {len(built.unchanged)} unchanged, {len(built.removed)} removed"
        )
        for what, files in (("wrote", built.written), ("removed", built.removed)):
            for name in files:
                click.echo(f"  {what} {paths.release_folder(week.folder).relative_to(repository) / name}")
    _list([*build.check_weeks(weeks), *orphans], "to mend (the notebooks are built all the same)")


def _check(weeks, orphans):
    problems = [*build.check_weeks(weeks), *orphans]
    if problems:
        _list(problems, "to mend")
        raise SystemExit(1)
    click.echo(
        f"{len(weeks)} {'week' if len(weeks) == 1 else 'weeks'}: sources in good style, release current, nothing leaks."
    )


def _list(problems, said):
    for problem in problems:
        click.echo(str(problem), err=True)
    if problems:
        click.echo(f"{len(problems)} {'problem' if len(problems) == 1 else 'problems'} {said}.", err=True)


def _orphans(repository):
    """Find released weeks without a source: a week was renamed or removed."""
    weeks = paths.find_weeks(repository)
    folders = [folder for folder in sorted(repository.glob(f"course*/{paths.RELEASE}/*")) if folder.is_dir()]
    return [
        build.Problem(folder.relative_to(repository).as_posix(), None, "stale", "has no week.toml. Remove the folder.")
        for folder in folders
        if paths.week_name(folder) not in weeks
    ]
