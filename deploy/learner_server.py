"""What a learner's server runs, as the learner: lay out the weeks that are released, then start JupyterLab.

What a learner has changed is never overwritten (:mod:`autograder.workspace`). If laying out fails, the lab starts all the
same: their work is more than the newest release.
"""

import os
import sys
from pathlib import Path

from autograder import paths, workspace


def lay_out(courses, home):
    """Lay out released weeks in the home of whoever this runs as."""
    weeks = {name: paths.release_folder(folder) for name, folder in paths.find_weeks(courses).items()}
    return workspace.lay_out(weeks, home)


if __name__ == "__main__":
    try:
        lay_out(Path(os.environ[paths.ROOT_VARIABLE]), Path.home())
    except (OSError, ValueError) as error:
        print(f"medlabs: the newest weeks could not be laid out: {error}", file=sys.stderr)  # noqa: T201
    os.execv(sys.executable, [sys.executable, "-m", "jupyterhub.singleuser", *sys.argv[1:]])
