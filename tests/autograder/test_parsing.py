"""Sources are read from several threads at once."""

import gc
from concurrent.futures import ThreadPoolExecutor

import pytest

from autograder.parsing import tree_of

DEEP = "f(" * 60 + "1" + ")" * 60


def test_the_tree_is_pythons():
    assert [type(node).__name__ for node in tree_of("import os\nos.getcwd()").body] == ["Import", "Expr"]


@pytest.mark.parametrize(("source", "error"), [("def f(:", SyntaxError), ("a = '\0'", (ValueError, SyntaxError))])
def test_what_is_no_python_is_said(source, error):
    with pytest.raises(error):
        tree_of(source)


def test_four_threads_parse_while_the_garbage_is_collected():
    """Without the lock this failed here in every one of 20 runs under Python 3.11.7 (SystemError, recursion depth)."""
    before = gc.get_threshold()
    gc.set_threshold(5)

    class Sleepy:  # its end lets another thread run in the middle of a parse
        def __init__(self):
            self.me = self

        def __del__(self):
            import time

            time.sleep(0)

    def work(_):
        for _ in range(200):
            Sleepy()
            tree_of(DEEP)
        return True

    try:
        with ThreadPoolExecutor(4) as pool:
            assert all(pool.map(work, range(4)))
    finally:
        gc.set_threshold(*before)
