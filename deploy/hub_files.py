"""Settings of Jupyter that a hub lays out at its start: one set for learners, one for each course's formgrader."""

import os
import shutil
from pathlib import Path
from typing import NamedTuple

from spawning import PROPERTIES

from autograder import jupyter, paths
from autograder.workspace import write_whole

HERE = Path(__file__).resolve().parent


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
    private = state / "private"
    private.mkdir(exist_ok=True, mode=0o700)
    home = _home(settings)
    learners = state / "settings" / "learners"
    jupyter.learner_settings(learners, Path("~"), Path("~"))
    jupyter.write_nbgrader_config(
        learners, {"Exchange": {"root": str(state / "exchange"), "path_includes_course": True}}
    )
    formgraders = {}
    for course in courses:
        formgraders[course] = folder = state / "settings" / course
        jupyter.write_nbgrader_config(folder, jupyter.course_config(settings.cohort / course))
        write_whole(folder / "jupyter_server_config.py", (HERE / "formgrader_config.py").read_bytes())
    for folder in [state / "settings", *(state / "settings").rglob("*")]:
        folder.chmod(0o755 if folder.is_dir() else 0o644)  # no secret is in them
    return Files(private, learners, formgraders, home, _environment())


def unit_properties(settings):
    """Give the properties of a learner's unit; what a learner must not read is not there for it."""
    return PROPERTIES | {"InaccessiblePaths": f"{settings.cohort} {settings.state / 'private'}"}


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
