"""Everything that can be said of a week without running it: style, staleness, leaks."""

from autograder import paths
from autograder.build import gate, secrets
from autograder.build.lint import lint_week
from autograder.build.week import Problem, SourceError
from autograder.build.write import derived_files, stale_in

STALE = "stale"
NOT_BUILT = "has not been built. Run `medlabs build`."


def check_week(week):
    """List what is wrong with one week; see :func:`check_weeks`."""
    return check_weeks([week])


def check_weeks(weeks):
    """List what is wrong with weeks: lint of the sources, release not current, leaks in what is released.

    Parameters
    ----------
    weeks : list of autograder.build.Week
        The secrets of all of them are searched for in the released files of each.

    Returns
    -------
    list of Problem
        Empty if all is well.
    """
    problems = []
    for week in weeks:
        problems += lint_week(week)
        problems += _stale(week)
    try:
        found = secrets.collect(weeks)
    except SourceError:
        return problems  # lint and staleness have said which source cannot be read
    for week in weeks:
        problems += gate.find_leaks(released_files(week), weeks, secrets=found)
    return problems


def released_files(week):
    """Read every file in a week's released folder: name for messages to content."""
    folder = paths.release_folder(week.folder)
    course = week.folder.parent.parent
    return {
        path.relative_to(course).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def _stale(week):
    folder = paths.release_folder(week.folder)
    try:
        files = derived_files(week)
    except SourceError as error:
        return [Problem(week.name, None, "source", str(error))]
    if not folder.is_dir():
        return [Problem(folder.relative_to(week.folder.parent.parent).as_posix(), None, STALE, NOT_BUILT)]
    problems = []
    for name in stale_in(files, folder):
        shown = (folder / name).relative_to(week.folder.parent.parent).as_posix()
        if name not in files:
            said = "is not made from any source. `medlabs build` removes it; keep your own files elsewhere."
        elif not (folder / name).exists():
            said = NOT_BUILT
        else:
            said = "is not what its source gives. Run `medlabs build`, and commit the result."
        problems.append(Problem(shown, None, STALE, said))
    return problems
