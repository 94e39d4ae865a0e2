"""Draw the hidden checks of a week anew: another seed, the same checks.

A check draws its hidden cases with ``np.random.default_rng(20_101)``. With a seed of a cohort's own that line becomes
``np.random.default_rng([20_101, SEED])``: other numbers of the same kind, so an answer that knows last term's numbers by
heart fails.
"""

import ast

from autograder.build import regions
from autograder.build.week import SourceError
from autograder.parsing import tree_of

GENERATOR = "default_rng"


def reseed(cells, seed, place):
    """Change the hidden regions of check cells, in place; every other line stays as it is.

    Parameters
    ----------
    cells : list of nbformat.NotebookNode
        Of an instructor's notebook.
    seed : int
        0 or more.
    place : str
        The file, for messages.

    Raises
    ------
    SourceError
        If the seed cannot be used, or a check cell is no Python.
    """
    if not isinstance(seed, int) or isinstance(seed, bool) or seed < 0:
        raise SourceError(f"{place}: the seed is {seed!r}. Use a whole number from 0 up.")
    for number, cell in enumerate(cells, start=1):
        if cell.metadata.get("nbgrader", {}).get("grade"):
            try:
                cell.source = reseeded(cell.source, seed)
            except SyntaxError as error:
                raise SourceError(
                    f"{place}, cell {number}: the check is no Python (line {error.lineno}: {error.msg}). Mend it: only "
                    "then can its cases be drawn anew."
                ) from None


def reseeded(source, seed):
    """Give the text of a check cell in which generators of its hidden regions have another seed.

    Parameters
    ----------
    source : str
    seed : int

    Returns
    -------
    str

    Raises
    ------
    SyntaxError
        If the cell is no Python.
    """
    lines = [line.encode() for line in source.split("\n")]  # Python counts columns in bytes
    hidden = {n for n, line in enumerate(regions.read_lines(source), start=1) if line.kind == regions.HIDDEN}
    found = [node for node in map(_seed_of, ast.walk(tree_of(source))) if node is not None]
    for node in sorted(found, key=lambda node: (node.lineno, node.col_offset), reverse=True):
        if node.lineno in hidden:
            line = lines[node.lineno - 1]
            start, end = node.col_offset, node.end_col_offset
            lines[node.lineno - 1] = line[:start] + b"[%b, %d]" % (line[start:end], seed) + line[end:]
    return b"\n".join(lines).decode()


def _seed_of(node):
    """Give the whole number that a call of default_rng is given, as it stands in the text; otherwise None."""
    if not isinstance(node, ast.Call):
        return None
    name = getattr(node.func, "attr", getattr(node.func, "id", None))
    given = [*node.args, *(keyword.value for keyword in node.keywords)]
    if name != GENERATOR or len(given) != 1 or not isinstance(given[0], ast.Constant):
        return None
    return given[0] if type(given[0].value) is int else None
