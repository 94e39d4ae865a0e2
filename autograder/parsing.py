"""Read Python source, from any thread.

The grading service and JupyterLab's server read the same sources from several threads. In Python 3.11 before 3.11.8 two
threads that parse at once may meet "SystemError: AST constructor recursion depth mismatch" (python/cpython, issue 106905),
so one waits for the other here.
"""

import ast
import threading

_ONE_AT_A_TIME = threading.Lock()


def tree_of(source):
    """Give the syntax tree of a text.

    Parameters
    ----------
    source : str

    Returns
    -------
    ast.Module

    Raises
    ------
    SyntaxError
        If it is no Python.
    ValueError
        If it holds a null byte.
    """
    with _ONE_AT_A_TIME:
        return ast.parse(source)
