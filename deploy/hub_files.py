"""Settings of Jupyter that a hub lays out at its start: one set for learners, one for each course's formgrader."""

import functools
import json
import os
import shutil
from pathlib import Path
from typing import NamedTuple

from spawning import PROPERTIES

from autograder import cohort, jupyter, paths
from autograder.workspace import write_whole

HERE = Path(__file__).resolve().parent
PRIVATE, COURSES = "private", "courses"


class Files(NamedTuple):
    """Where the hub's own files are, where settings stand, and the home and environment of services."""

    private: Path
    learners: Path
    formgraders: dict
    home: Path
    environment: dict


def write(settings, courses):
    """Write everything; a later start writes it anew.

    Parameters
    ----------
    settings : hub_settings.Settings
    courses : list of str

    Returns
    -------
    Files
    """
    state = settings.state
    state.mkdir(parents=True, exist_ok=True, mode=0o711)
    private = state / PRIVATE
    private.mkdir(exist_ok=True, mode=0o700)
    home = _home(settings)
    learners = state / "settings" / "learners"
    jupyter.learner_settings(learners, Path("~"), Path("~"))
    _without_exchange(learners)
    formgraders = {}
    for course in courses:
        formgraders[course] = folder = state / "settings" / course
        jupyter.write_nbgrader_config(folder, jupyter.course_config(settings.cohort / course))
        write_whole(folder / "jupyter_server_config.py", (HERE / "formgrader_config.py").read_bytes())
    _open_to_read(state / "settings")  # no secret is in them
    return Files(private, learners, formgraders, home, _environment())


def lay_out_courses(settings):
    """Lay out what learners may see of the courses: of released weeks, what they get and what the week is called.

    Parameters
    ----------
    settings : hub_settings.Settings

    Returns
    -------
    pathlib.Path
        A folder that looks like a repository without answers and checks: ``MEDLABS_ROOT`` of learners' servers.
    """
    folder = settings.state / COURSES
    folder.mkdir(exist_ok=True, mode=0o755)
    known = cohort.read_cohort(settings.cohort)
    for name, plan in known.plans.items():
        if not plan.released:
            continue
        source = known.repository / name
        released = paths.release_folder(source)
        files = {path: folder / path.relative_to(known.repository) for path in released.rglob("*") if path.is_file()}
        files[source / paths.WEEK_FILE] = folder / name / paths.WEEK_FILE
        for path, target in sorted(files.items()):
            content = path.read_bytes()
            if not target.is_file() or target.read_bytes() != content:
                write_whole(target, content)
    _open_to_read(folder)
    return folder


def unit_properties(settings):
    """Give the properties of a learner's unit; what a learner must not read is not there for it."""
    repository = cohort.read_cohort(settings.cohort).repository
    sources = sorted({week.parent for week in paths.find_weeks(repository).values()})
    hidden = [settings.cohort, settings.state / PRIVATE, repository / ".git", *sources]
    return PROPERTIES | {"InaccessiblePaths": " ".join(f"-{path}" for path in hidden)}


def _without_exchange(learners):
    """Take nbgrader's *Assignment List* out of learners' labs: the grading service is the one door.

    An exchange tells people apart by the machine's accounts, which learners here do not have, and what is handed in
    there lies open to whoever guesses its name.
    """
    for name, keys, entry in (
        (
            "jupyter_server_config.json",
            ("ServerApp", "jpserver_extensions"),
            "nbgrader.server_extensions.assignment_list",
        ),
        ("labconfig/page_config.json", ("disabledExtensions",), "@jupyter/nbgrader:assignment-list"),
    ):
        content = json.loads((learners / name).read_text())
        table = functools.reduce(dict.__getitem__, keys, content)
        table[entry] = name.startswith("labconfig")  # disabled there is off here
        write_whole(learners / name, json.dumps(content, indent=1).encode())
    (learners / "nbgrader_config.py").unlink()


def _open_to_read(folder):
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)


def _home(settings):
    """Make a home for the services; a system account often has none."""
    home = settings.state / "home"
    home.mkdir(exist_ok=True, mode=0o700)
    if settings.account is not None:
        shutil.chown(home, settings.account)
    return home


def _environment():
    """Give what services need of the hub's environment, and no secret of it."""
    kept = {name: os.environ[name] for name in ("LANG", "LC_ALL", "TZ", "PYTHONPATH") if name in os.environ}
    return kept | {
        "PATH": jupyter.path_with_own_tools(os.environ.get("PATH", os.defpath)),
        "PYTHONPATH": os.pathsep.join([str(HERE), kept.get("PYTHONPATH", "")]).rstrip(os.pathsep),
        "MEDLABS_ROOT": str(paths.find_repository(HERE)),
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }
