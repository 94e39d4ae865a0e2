"""Settings and command lines of JupyterLab: one set for learners, one for instructors.

Settings are written into a folder that goes first on JUPYTER_CONFIG_PATH, so a person's own Jupyter settings stay as
they are.
"""

import json
import os
import sys
from pathlib import Path

from autograder.lab import LABEXTENSIONS
from autograder.workspace import write_whole

EXCHANGE = "exchange"
# Nothing in the lab may wait for a network: no news, no extension catalogue.
OFFLINE = {"@jupyterlab/apputils-extension:announcements": True}
FOR_INSTRUCTORS = ("formgrader", "course-list", "create-assignment")


def learner_settings(folder, workspace, state):
    """Write the settings of a learner's lab.

    Parameters
    ----------
    folder : pathlib.Path
        Where the settings go.
    workspace : pathlib.Path
        Where notebooks are, and where nbgrader's *Assignment List* fetches to: ``COURSE/WEEK`` in both cases.
    state : pathlib.Path
        The workspace's own folder for tools; nbgrader's exchange and cache stand in it.
    """
    _write_json(
        folder / "jupyter_server_config.json",
        {
            "ServerApp": {
                "jpserver_extensions": {
                    "nbgrader.server_extensions.formgrader": False,
                    "nbgrader.server_extensions.course_list": False,
                    "nbgrader.server_extensions.assignment_list": True,
                    "nbgrader.server_extensions.validate_assignment": True,
                    "autograder.lab": True,
                }
            },
            # An editable installation puts nothing where JupyterLab looks by itself.
            "LabApp": {"extra_labextensions_path": [str(LABEXTENSIONS)]},
        },
    )
    hidden = {f"@jupyter/nbgrader:{name}": True for name in FOR_INSTRUCTORS}
    _write_json(folder / "labconfig" / "page_config.json", {"disabledExtensions": OFFLINE | hidden})
    write_nbgrader_config(folder, exchange_config(state, workspace))


def exchange_config(state, workspace):
    """Give nbgrader's settings of the exchange inside a workspace."""
    return {
        "Exchange": {
            "root": str(state / EXCHANGE),
            "cache": str(state / "cache"),
            "assignment_dir": str(workspace),
            "path_includes_course": True,
        },
    }


def instructor_settings(folder, course_root):
    """Write the settings of an instructor's lab: sources open as notebooks, Formgrader looks at one course.

    Parameters
    ----------
    folder : pathlib.Path
        Where the settings go.
    course_root : pathlib.Path
        An nbgrader course root with its own ``nbgrader_config.py``.
    """
    _write_json(folder / "labconfig" / "page_config.json", {"disabledExtensions": OFFLINE})
    _write_json(
        folder / "labconfig" / "default_setting_overrides.json",
        {
            "@jupyterlab/docmanager-extension:plugin": {"defaultViewers": {"python": "Jupytext Notebook"}},
            # percent scripts carry no kernel name, so without this every opening asks for one
            "@jupyterlab/notebook-extension:tracker": {"autoStartDefaultKernel": True},
        },
    )
    write_nbgrader_config(folder, course_config(course_root))


def course_config(course_root):
    """Give nbgrader's settings of one course root, which is named after its course."""
    return {
        "CourseDirectory": {"root": str(course_root), "course_id": course_root.name},
        "Exchange": {"root": str(course_root / EXCHANGE), "cache": str(course_root / ".cache")},
    }


def write_nbgrader_config(folder, config, *extra_lines):
    """Write an ``nbgrader_config.py``, the one form that every nbgrader command and server extension reads."""
    lines = ["# Written by medlabs, and renewed at every start.", "c = get_config()"]
    for section, values in config.items():
        lines += [f"c.{section}.{name} = {value!r}" for name, value in values.items()]
    write_whole(Path(folder) / "nbgrader_config.py", "\n".join([*lines, *extra_lines, ""]).encode())


def lab_command(root, *, port=None, browser=True, open_first=None):
    """Give the command line that serves JupyterLab on a folder.

    Parameters
    ----------
    root : pathlib.Path
    port : int, optional
        The first free port from 8888 up when left out.
    browser : bool, default True
        Open the person's browser.
    open_first : str, optional
        A file, relative to ``root``, that the lab opens with.
    """
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={root}"]
    command += ["--LabApp.extension_manager=readonly", "--LabApp.news_url="]
    if port is not None:
        command += [f"--ServerApp.port={port}", "--ServerApp.port_retries=0"]
    if not browser:
        command.append("--no-browser")
    if open_first:
        command.append(f"--LabApp.default_url=/lab/tree/{open_first}")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")
    return command


def lab_environment(folder, environment=None):
    """Give the environment of the lab: our settings first, and the tools of this installation on PATH.

    A terminal of the lab must find ``medlabs`` even when nobody activated the environment.
    """
    environment = dict(os.environ if environment is None else environment)
    others = environment.get("JUPYTER_CONFIG_PATH")
    environment["JUPYTER_CONFIG_PATH"] = os.pathsep.join([str(folder), *([others] if others else [])])
    environment["PATH"] = path_with_own_tools(environment.get("PATH", ""))
    environment.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    return environment


def path_with_own_tools(path):
    """Put the tools of this installation first on a PATH: nbgrader calls ``alembic`` by its name."""
    return os.pathsep.join([str(Path(sys.executable).parent), path])


def _write_json(path, content):
    write_whole(path, json.dumps(content, indent=1).encode())
