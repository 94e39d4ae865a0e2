"""How far a learner is, read from their files alone.

A lesson or lab is *done* when every code cell that holds something was run and the notebook was saved after it; an empty cell
asks for nothing. A quiz or assignment is done when its best score reaches the week's pass mark. Minutes left are the
author's minutes: for a lesson or lab the share of its cells that were not run yet, for the others all or none.
"""

import functools
import json
from typing import NamedTuple

from autograder.grading import reading


class Cells(NamedTuple):
    """How many code cells of a notebook were run, of how many."""

    run: int
    all: int

    @property
    def done(self):
        """Whether every one was."""
        return 0 < self.all == self.run


UNKNOWN = Cells(0, 0)


def cells_run(path):
    """Count the code cells that were run; a file that is missing or no notebook counts as not begun.

    Parameters
    ----------
    path : pathlib.Path

    Returns
    -------
    Cells
    """
    try:
        state = path.stat()
    except OSError:
        return UNKNOWN
    return _count(path, state.st_mtime_ns, state.st_size)


@functools.lru_cache(maxsize=512)
def _count(path, _changed, _size):
    """Count in a file as it stands; the same file is read once."""
    try:
        cells = json.loads(reading.read_bytes(path).decode("utf-8-sig"))["cells"]
        code = [cell for cell in cells if cell["cell_type"] == "code" and "".join(cell["source"]).strip()]
        return Cells(sum(isinstance(cell.get("execution_count"), int) for cell in code), len(code))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return UNKNOWN


def minutes_left(minutes, cells):
    """Give the minutes that a lesson or lab still asks for, from what its author says it takes."""
    if cells.all == 0:
        return minutes
    return round(minutes * (1 - cells.run / cells.all))
