"""An nbgrader course root made from the sources of one course, for Formgrader and every nbgrader command."""

from pathlib import Path

from autograder import build, paths
from autograder.jupyter import course_config, write_nbgrader_config
from autograder.workspace import write_whole


def make_course_root(repository, course, root):
    """Write ``source/`` with the instructor's notebooks, and let nbgrader generate ``release/`` and its gradebook from it.

    Parameters
    ----------
    repository : pathlib.Path
    course : str
        Name of the course's folder.
    root : pathlib.Path
        The course root to make or renew. Submissions, grades and the gradebook in it stay as they are.

    Raises
    ------
    ValueError
        With nbgrader's own words, if it refuses an assignment.
    """
    import nbformat
    from nbgrader.apps import NbGraderAPI
    from traitlets.config import Config

    root = Path(root)
    settings = course_config(root)
    exchange = Path(settings["Exchange"]["root"])
    exchange.mkdir(parents=True, exist_ok=True)
    exchange.chmod(0o777)  # what nbgrader asks of an exchange, or Formgrader's buttons stay away
    write_nbgrader_config(root, settings, *build.NBGRADER_CONFIG_LINES)
    config = Config(settings)
    build.configure_nbgrader(config)
    api = NbGraderAPI(config=config)
    for name, folder in paths.find_weeks(repository).items():
        if folder.parent.name != course:
            continue
        week = build.read_week(folder)
        for notebook in build.graded_names(week):
            text = nbformat.writes(build.instructor_notebook(week, notebook))
            write_whole(root / "source" / folder.name / f"{notebook}.ipynb", text.encode())
        answer = api.generate_assignment(folder.name, force=True)
        if not answer["success"]:
            raise ValueError(f"nbgrader could not make {name}: {answer.get('log') or ''}{answer.get('error')}")
