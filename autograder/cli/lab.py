"""Open JupyterLab on your workspace."""

import os
from pathlib import Path

import click

from autograder import jupyter, paths, workspace


@click.command()
@click.option("--no-browser", is_flag=True, help="Print the address instead of opening a browser.")
@click.option("--port", type=click.IntRange(1, 65535), help="Serve on this port.  [default: first free from 8888]")
@click.option(
    "--workspace",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where your notebooks are.  [default: workspace/ in the repository]",
)
@click.option("--instructor", is_flag=True, help="Open the sources, with nbgrader's instructor tools, instead.")
@click.option("--course", help="With --instructor: the course that Formgrader shows.  [default: the first]")
@click.option("--prepare-only", is_flag=True, help="Lay everything out, then stop.")
def command(no_browser, port, folder, instructor, course, prepare_only):
    """Open JupyterLab on your workspace.

    Weeks that are not there yet are laid out first. What you have changed is never overwritten: rename or delete a
    notebook and run this again to have a fresh copy.
    """
    repository = paths.find_repository()
    os.environ["PATH"] = jupyter.path_with_own_tools(os.environ.get("PATH", ""))
    try:
        if instructor:
            start = prepare_instructor(repository, course)
        else:
            start = prepare_learner(repository, (folder or repository / "workspace").resolve())
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    if prepare_only:
        return
    root, settings, first = start
    line = jupyter.lab_command(root, port=port, browser=not no_browser, open_first=first)
    # In the place of this process, so that whoever stops it stops JupyterLab and its kernels too.
    os.execve(line[0], line, jupyter.lab_environment(settings))


def prepare_learner(repository, folder):
    """Lay out the workspace; return (root, settings folder, file to open)."""
    weeks = paths.find_weeks(repository)
    released = {name: week.parent / "release" / week.name for name, week in weeks.items()}
    missing = [name for name, place in released.items() if not place.is_dir()]
    if missing:
        raise ValueError(f"{missing[0]} has not been built: run `medlabs build` first.")
    state = folder / workspace.STATE
    layout = workspace.lay_out(released, folder)
    settings = state / "jupyter"
    jupyter.learner_settings(settings, folder, state)
    _say(layout, folder)
    for name in sorted({"/".join(Path(path).parts[:2]) for path in layout.added + layout.renewed + layout.kept}):
        from autograder.exchange import release_to_exchange

        click.echo(f"Listing {name} in nbgrader's Assignment List ...")
        release_to_exchange(weeks[name].parent, weeks[name].name, state=state, workspace=folder)
    first = sorted(released)[0] + "/lesson.ipynb" if layout.added and released else None
    return folder, settings, first


def prepare_instructor(repository, course):
    """Make the nbgrader course root that Formgrader shows; return (root, settings folder, file to open)."""
    from autograder.instructor import make_course_root

    courses = sorted({week.parent.name for week in paths.find_weeks(repository).values()})
    if course is None:
        course = courses[0]
    if course not in courses:
        raise ValueError(f"There is no course {course!r}. The courses are: {', '.join(courses)}.")
    root = repository / "instructor" / course
    click.echo(f"Making the nbgrader course of {course} in {root} ...")
    make_course_root(repository, course, root)
    settings = repository / "instructor" / ".jupyter"
    jupyter.instructor_settings(settings, root)
    return repository, settings, None


def _say(layout, folder):
    click.echo(f"Your workspace: {folder}")
    if layout.added:
        click.echo(f"  {len(layout.added)} new files laid out")
    for path in layout.renewed:
        click.echo(f"  renewed (you had not changed it): {path}")
    for path in layout.kept:
        click.echo(f"  yours is kept; the newer release stands beside it: {Path(path).with_suffix('')}.new.ipynb")
    click.echo(
        "Open lesson.ipynb of a week from the Course panel to begin. To be graded press Submit above an assignment."
    )
