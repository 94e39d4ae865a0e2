"""What an answer does to an argument in place, done to the check's own object too."""

import numpy as np

from autograder.judge.frames import EncodingError


def change_in_place(original, changed):
    """Make an object of a check equal to what the answer made of its copy.

    Arrays, lists, dicts, sets, series and frames keep their identity; what cannot be changed in place stays as it is.
    """
    if isinstance(original, np.ndarray) and isinstance(changed, np.ndarray):
        if original.shape != changed.shape:
            raise EncodingError("an argument has another shape afterwards")
        original[...] = changed
    elif isinstance(original, list) and isinstance(changed, list):
        original[:] = changed
    elif isinstance(original, (dict, set)) and isinstance(changed, (dict, set)):
        original.clear()
        original.update(changed)
    elif hasattr(type(original), "_update_inplace") and type(original) is type(changed):
        original._update_inplace(changed)


def can_change(original):
    return isinstance(original, (np.ndarray, list, dict, set)) or hasattr(type(original), "_update_inplace")
