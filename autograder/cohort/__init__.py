"""A cohort: a roster, weeks with due dates, hidden checks of its own, and nbgrader's course roots, in one folder.

>>> from autograder import cohort
>>> term = cohort.read_cohort("autumn")  # doctest: +SKIP
>>> cohort.deadline(term, "course1_diagnosis/week1_chest_xray", "ada")  # doctest: +SKIP

Names are loaded when they are asked for, as those of :mod:`autograder.build` are.
"""

import importlib

_MODULES = {
    "course": ("checks_digest",),
    "folder": ("Cohort", "course_root", "read_cohort", "state_folder"),
    "plans": ("Late", "LatePolicy", "Plan", "Policy", "deadline", "lateness"),
    "roster": ("Learner", "read_roster"),
    "seeds": ("seeded_week",),
}
_HOME = {name: module for module, names in _MODULES.items() for name in names}
__all__ = sorted(_HOME)


def __getattr__(name):
    if name not in _HOME:
        raise AttributeError(f"autograder.cohort has no {name!r}. It has: {', '.join(__all__)}.")
    return getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)


def __dir__():
    return __all__
