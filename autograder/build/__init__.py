"""From the text of a week to the notebooks that learners open. Stands alone: knows nothing of grading or cohorts.

>>> from autograder import build
>>> week = build.read_week("course1_diagnosis/week1_chest_xray")  # doctest: +SKIP
>>> build.notebook_names(week)  # doctest: +SKIP
['lesson', 'lab1_explore_xrays', ..., 'quiz', 'assignment']
>>> build.release_notebook(week, "assignment")  # doctest: +SKIP

Names are loaded when they are asked for: reading notebooks needs libraries that take seconds to import.
"""

import importlib

_MODULES = {
    "answers": ("RightAnswer", "WrongAnswer", "read_right_answers", "read_wrong_answers"),
    "check": ("check_week", "check_weeks"),
    "exercise": ("Exercise", "exercises"),
    "notebook": ("instructor_notebook",),
    "release": ("NBGRADER_CONFIG_LINES", "configure_nbgrader", "release_notebook"),
    "week": ("Problem", "SourceError", "Week", "graded_names", "notebook_names", "read_week"),
    "write": ("Built", "build_week", "notebook_bytes", "stale_files"),
}
_HOME = {name: module for module, names in _MODULES.items() for name in names}
__all__ = sorted(_HOME)


def __getattr__(name):
    if name not in _HOME:
        raise AttributeError(f"autograder.build has no {name!r}. It has: {', '.join(__all__)}.")
    return getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)


def __dir__():
    return __all__
