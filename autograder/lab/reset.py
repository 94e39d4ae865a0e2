"""Start a notebook again: the learner's own is kept beside it first."""

from autograder import workspace
from autograder.grading import reading


def reset(place, released):
    """Put the released notebook in the place of a learner's, which stays as ``NAME.before-reset-N.ipynb``.

    Parameters
    ----------
    place : autograder.lab.places.Place
    released : pathlib.Path

    Returns
    -------
    str
        The name of the copy.

    Raises
    ------
    ValueError, OSError
        If the copy cannot be written; then nothing was changed.
    """
    content = reading.read_bytes(place.path)
    copy = _keep(place.path, content)
    workspace.write_whole(place.path, released.read_bytes())
    return copy.name


def _keep(path, content):
    for number in range(1, 1000):
        copy = path.with_name(f"{path.stem}.before-reset-{number}.ipynb")
        try:
            with copy.open("xb") as file:  # never over another copy
                file.write(content)
            return copy
        except FileExistsError:
            continue
        except OSError as error:
            copy.unlink(missing_ok=True)
            raise ValueError(
                f"A copy of {path.name} could not be kept ({error.strerror}), so it was not reset: make room first."
            ) from None
    raise ValueError(f"There are a thousand copies of {path.name} already: delete some of them, then reset again.")
