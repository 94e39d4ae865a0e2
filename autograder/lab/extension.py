"""Put the Course panel's server half into a running Jupyter server."""

import atexit
import os
from pathlib import Path
from typing import NamedTuple

from jupyter_server.utils import url_path_join

from autograder import workspace
from autograder.lab import handlers
from autograder.lab.desk import ClosedDesk, Desk
from autograder.lab.remote import RemoteDesk, read_settings

BASE = ("medlabs", "api")


class Lab(NamedTuple):
    """What the handlers work on.

    ``root`` is the folder that JupyterLab shows, which its paths are relative to; ``space`` is the workspace in it, or
    None; ``desk`` takes submissions: here, or at a grading service.
    """

    root: Path
    space: Path | None
    desk: object


def load(server):
    """Add the handlers to a server; called once by Jupyter.

    Parameters
    ----------
    server : jupyter_server.serverapp.ServerApp
    """
    root = Path(server.root_dir).resolve()
    space = find_space(root, os.environ)
    desk = open_desk(space, os.environ)
    atexit.register(desk.close)
    server.web_app.settings["medlabs"] = Lab(root, space, desk)
    prefix = url_path_join(server.base_url, *BASE)
    server.web_app.add_handlers(".*$", [(url_path_join(prefix, path), handler) for path, handler in handlers.ROUTES])


def open_desk(space, environment):
    """Open the desk that the environment asks for: a cohort's service, or self-study. A wrong setting closes it, in words."""
    try:
        service = read_settings(environment)
    except ValueError as error:
        return ClosedDesk(str(error))
    return RemoteDesk(service) if service else Desk(space)


def find_space(root, environment):
    """Find the workspace that a lab shows: the folder that is named by MEDLABS_WORKSPACE, or the lab's own folder.

    Parameters
    ----------
    root : pathlib.Path
    environment : mapping

    Returns
    -------
    pathlib.Path or None
        None where there is none, or where it lies outside of what the lab shows.
    """
    told = environment.get("MEDLABS_WORKSPACE")
    space = Path(told).resolve() if told else root
    laid_out = (space / workspace.STATE / workspace.MANIFEST).is_file()
    return space if laid_out and space.is_relative_to(root) else None
