"""Block what answers may not call while they are graded: the library's own solutions (``blocked`` in week.toml).

Runs inside the learner's process before anything else, and only there.
"""

import importlib
import sys
import types


class BlockedError(RuntimeError):
    """An answer used something that it is to write itself."""


def block(names):
    """Put a clear error in the place of modules, functions and classes.

    Parameters
    ----------
    names : sequence of str
        Dotted names, as ``"labutils.imbalance"`` or ``"labutils.imbalance.compute_class_freqs"``.

    Raises
    ------
    ValueError
        If a name leads nowhere: a week that blocks nothing by mistake is a fault of the week.
    """
    for name in names:
        parent_name, _, last = name.rpartition(".")
        parent = _import(parent_name) if parent_name else None
        if parent is not None and isinstance(getattr(parent, last, None), types.FunctionType | type):
            setattr(parent, last, _refusal(name))
            continue
        if _import(name) is None:
            raise ValueError(f"week.toml blocks {name!r}, but there is no such name.")
        stub = _BlockedModule(name)
        sys.modules[name] = stub
        if parent is not None:
            setattr(parent, last, stub)


def preamble(names):
    """Give the source of the cell that blocks these names and leaves no name of its own behind."""
    return f"__import__('autograder.grading.blocking', fromlist=['block']).block({sorted(names)!r})"


class _BlockedModule(types.ModuleType):
    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        _refuse(f"{self.__name__}.{name}")


def _refusal(name):
    def refused(*args, **kwargs):
        _refuse(name)

    refused.__name__ = refused.__qualname__ = name.rpartition(".")[2]
    return refused


def _refuse(name):
    raise BlockedError(f"{name} cannot be used while answers are graded: write the steps yourself.")


def _import(name):
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name and (name == error.name or name.startswith(f"{error.name}.")):
            return None
        raise
