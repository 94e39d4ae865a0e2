"""Block what answers may not call while they are graded: the library's own solutions (``blocked`` in week.toml).

:func:`block` runs inside the learner's process before anything else, and only there. It says so kindly, and who wants can undo
it; so the sandbox also shows the library's files without those solutions (:func:`masked_sources`).
"""

import ast
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


def masked_sources(names, packages):
    """Give what answers may see of the files that hold blocked names.

    Parameters
    ----------
    names : sequence of str
        As for :func:`block`.
    packages : pathlib.Path
        The folder that holds the library. Names of other libraries are blocked by :func:`block` alone.

    Returns
    -------
    dict of pathlib.Path to str
        A blocked module is empty; a blocked function or class is there and refuses.
    """
    texts, inside = {}, {}
    for name in names:
        file, inner = _file_of(name.split("."), packages)
        if file is None:
            continue
        if inner:
            inside.setdefault(file, set()).add(inner[0])
        else:
            modules = file.parent.rglob("*.py") if file.name == "__init__.py" else [file]
            texts |= dict.fromkeys(modules, "")
    for file, blocked in inside.items():
        if file not in texts:
            tree = _Blank(blocked).visit(ast.parse(file.read_text(encoding="utf-8")))
            texts[file] = ast.unparse(ast.fix_missing_locations(tree)) + "\n"
    return texts


def _file_of(parts, packages):
    """Find the module that a dotted name leads into, and what is left of the name there."""
    for count in range(len(parts), 0, -1):
        place = packages.joinpath(*parts[:count])
        for file in (place.with_suffix(".py"), place / "__init__.py"):
            if file.is_file():
                return file, parts[count:]
    return None, parts


class _Blank(ast.NodeTransformer):
    """Leaves nothing of some functions and classes but a refusal."""

    REFUSAL = "raise RuntimeError('This cannot be used while answers are graded: write the steps yourself.')"

    def __init__(self, names):
        self.names = names

    def visit_FunctionDef(self, node):
        if node.name in self.names:
            node.body, node.decorator_list = ast.parse(self.REFUSAL).body, []
        return node

    def visit_ClassDef(self, node):
        if node.name in self.names:
            node.body, node.decorator_list, node.bases = ast.parse("def __init__(self, *a, **k): pass").body, [], []
            node.body[0].body = ast.parse(self.REFUSAL).body
        return node


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
