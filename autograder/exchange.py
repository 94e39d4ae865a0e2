"""nbgrader's exchange inside a workspace, so that its *Assignment List* shows, fetches and submits our weeks."""

import logging

from autograder.jupyter import exchange_config


def release_to_exchange(course_folder, week_name, *, state, workspace):
    """Release one week into the workspace's exchange with nbgrader's own tool.

    Parameters
    ----------
    course_folder : pathlib.Path
        A course, with its ``release/`` folder in it.
    week_name : str
        The assignment's name for nbgrader: the name of the week's folder.
    state, workspace : pathlib.Path
        The workspace's folder for tools, and the workspace.

    Raises
    ------
    ValueError
        With nbgrader's own words, if it refuses.
    """
    from nbgrader.apps import NbGraderAPI  # seconds to import, so only where it is needed
    from traitlets.config import Config

    config = Config(exchange_config(state, workspace))
    config.CourseDirectory.root = str(course_folder)
    config.CourseDirectory.course_id = course_folder.name
    config.CourseDirectory.db_url = f"sqlite:///{state / 'exchange.db'}"
    config.NbGrader.log_level = logging.WARNING
    config.ExchangeReleaseAssignment.force = True
    config.ExchangeReleaseAssignment.log_level = logging.ERROR
    answer = NbGraderAPI(config=config).release_assignment(week_name)
    if not answer["success"]:
        raise ValueError(
            f"nbgrader could not release {course_folder.name}/{week_name}: {answer.get('error') or answer.get('log')}"
        )
