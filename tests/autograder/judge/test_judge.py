"""Do checks that are ordinary Python mean the same when the answers live in another process?"""

from pathlib import Path

import pytest

from autograder.grading import messages
from autograder.grading.watch import Limits
from autograder.judge.warm import Warm

# name: (answer, check, passed, part of the message)
CASES = {
    "an array comes back as an array": (
        "def f(x): return x.mean(axis=0), 1 - x.mean(axis=0)",
        "p, n = f(np.array([[1, 0], [1, 1]]))\nassert type(p) is np.ndarray and np.allclose(p, [1, .5])",
        True,
        "",
    ),
    "an authored message": (
        "def f(x): return 0",
        "assert f(1) == 1, f'f(1): got {f(1)}, expected 1'",
        False,
        "got 0, expected 1",
    ),
    "a changed array is seen": (
        "def f(x): x[0] = 9",
        "a = np.arange(3); f(a)\nassert a[0] == 0, 'you changed it'",
        False,
        "you changed it",
    ),
    "a changed frame is seen": (
        "def f(d): d['new'] = 1",
        "d = pd.DataFrame({'a': [1]}); f(d)\nassert list(d) == ['a'], str(list(d))",
        False,
        "['a', 'new']",
    ),
    "a dropped column is seen": (
        "def f(d): d.drop(columns='b', inplace=True)",
        "d = pd.DataFrame({'a': [1], 'b': [2]}); f(d)\nassert list(d) == ['a', 'b'], str(list(d))",
        False,
        "['a']",
    ),
    "a sorted list is seen": ("def f(x): x.sort()", "a = [2, 1]; f(a)\nassert a == [2, 1], str(a)", False, "[1, 2]"),
    "an unchanged input stays the same object": (
        "def f(x): return x + 1",
        "a = np.zeros(2); b = a; f(a)\nassert b is a and not a.any()",
        True,
        "",
    ),
    "a raised error is caught by its kind": (
        "def f(x): raise ValueError('no')",
        "try:\n    f(1)\nexcept ValueError as error:\n    assert 'no' in str(error)\nelse:\n    raise AssertionError('nothing raised')",
        True,
        "",
    ),
    "another kind is not caught": (
        "def f(x): raise KeyError('k')",
        "try:\n    f(1)\nexcept ValueError:\n    pass",
        False,
        "KeyError",
    ),
    "printed text can be looked at": (
        "def f(): print('hello')",
        "import contextlib, io\nwith contextlib.redirect_stdout(io.StringIO()) as out:\n    f()\nassert out.getvalue() == 'hello\\n'",
        True,
        "",
    ),
    "a returned function is called again": (
        "def f(w):\n    def g(x): return w * x\n    return g",
        "g = f(3)\nassert callable(g) and g(2) == 6 and g(np.ones(2)).tolist() == [3, 3]",
        True,
        "",
    ),
    "a class is used as a class": (
        "class T:\n    def __init__(self, a): self.a = a\n    def predict(self, x): return self.a + x",
        "t = T(2)\nassert t.predict(3) == 5 and t.a == 2",
        True,
        "",
    ),
    "a fitted model stays where it is": (
        "def f(x, y):\n    from sklearn.linear_model import LogisticRegression\n    return LogisticRegression().fit(x, y)",
        "from sklearn.linear_model import LogisticRegression\nx = np.arange(20.)[:, None]; m = f(x, x[:, 0] > 9)\n"
        "assert isinstance(m, LogisticRegression) and m.coef_.shape == (1, 1) and m.predict_proba(x).shape == (20, 2)",
        True,
        "",
    ),
    "a model of the check's travels": (
        "def f(m, x): return m.predict_proba(x)[:, 1]",
        "from sklearn.linear_model import LogisticRegression\nx = np.arange(20.)[:, None]; m = LogisticRegression().fit(x, x[:, 0] > 9)\n"
        "assert np.allclose(f(m, x), m.predict_proba(x)[:, 1])",
        True,
        "",
    ),
    "a class of a library travels": (
        "def f(kind, x, y): return kind(max_iter=50).fit(x, y).score(x, y)",
        "from sklearn.linear_model import LogisticRegression\nx = np.arange(20.)[:, None]\nassert f(LogisticRegression, x, x[:, 0] > 9) == 1",
        True,
        "",
    ),
    "a function of the check's is called back": (
        "def f(value, players): return {p: value(frozenset([p])) for p in players}",
        "seen = []\ndef value(s):\n    seen.append(s)\n    return len(s)\nassert f(value, ['a', 'b']) == {'a': 1, 'b': 1} and len(seen) == 2",
        True,
        "",
    ),
    "a generator crosses as a seed of its own": (
        "def f(rng): return np.random.default_rng(rng).random(2)",
        "assert np.allclose(f(7), np.random.default_rng(7).random(2))\nassert np.allclose(f(np.random.default_rng(7)), f(7))",
        True,
        "",
    ),
    "NaN, None and empty cross": (
        "def f(x): return [float('nan'), None, x[:0]]",
        "a, b, c = f(np.ones(3))\nassert np.isnan(a) and b is None and c.shape == (0,)",
        True,
        "",
    ),
    "a plain value": ("answer = 'b'", "assert answer == 'b', 'because'", True, ""),
    "a missing name": ("x = 1\ndel x", "assert x == 1", False, "not defined"),
    "a stub": ("def f(): raise NotImplementedError()", "assert f() == 1", False, messages.NOT_ATTEMPTED),
    "a syntax error": ("f = (", "f = 1", True, ""),
    "an answer that lies about equality": (
        "class L:\n    def __eq__(self, o): return True\n    def __bool__(self): return True\ndef f(): return L()",
        "assert f() == 42, 'no'",
        False,
        "no",
    ),
    "an array that lies about functions": (
        "class L(np.ndarray):\n    def __array_function__(self, *a, **k): return True\ndef f(): return np.zeros(2).view(L)",
        "assert np.allclose(f(), [1, 2]), 'no'",
        False,
        "no",
    ),
    "comparators patched on the other side": (
        "np.allclose = np.isclose = lambda *a, **k: True\nimport builtins\nbuiltins.all = lambda *a: True\ndef f(): return 0",
        "assert np.allclose(f(), 1) and all([False]), 'no'",
        False,
        "no",
    ),
}


@pytest.mark.parametrize(("answer", "check", "passed", "message"), CASES.values(), ids=CASES)
def test_a_check_means_the_same_across_the_border(judge, answer, check, passed, message):
    outcome = judge((answer, check))["q1"]
    assert (outcome.passed, outcome.limited) == (passed, False), outcome
    assert message in outcome.message


# Left out: what only two processes can catch (lies, patched comparators), and a cell that is no Python at all.
DISHONEST = ("lies about", "comparators patched", "syntax error", "missing name")
HONEST = {name: case for name, case in CASES.items() if not any(word in name for word in DISHONEST)}


@pytest.mark.parametrize(("answer", "check", "passed", "message"), HONEST.values(), ids=HONEST)
def test_and_in_one_process(answer, check, passed, message):
    """The same cells in one namespace, as in a learner's own kernel: honest answers get the same verdict."""
    import numpy as np
    import pandas as pd

    namespace = {"np": np, "pd": pd}
    exec(answer, namespace)
    try:
        exec(check, namespace)
        outcome = True
    except Exception:
        outcome = False
    assert outcome is passed


def test_an_error_inside_a_hidden_check_says_nothing_of_its_input(judge):
    answer = "def f(x):\n    if x > 1: raise ValueError(f'the input was {x}')\n    return x"
    check = "assert f(1) == 1, 'visible'\n### BEGIN HIDDEN TESTS\nassert f(271828) == 0, 'hidden'\n### END HIDDEN TESTS"
    outcome = judge((answer, check))["q1"]
    assert outcome.message == messages.NEUTRAL
    assert "271828" not in outcome.message


def test_a_callable_of_a_read_only_cell_is_not_copied(judge):
    """A model that stands in the notebook: what an answer does to it is there at the next call, as in one kernel."""
    shared = "class Net:\n    weight = 2\n    def __call__(self, x): return self.weight * x\nnet = Net()"
    answer = "def f(model, x):\n    y = model(x)\n    model.weight = 7\n    return y"
    assert judge((answer, "assert [f(net, 3), f(net, 3)] == [6, 21]"), shared=shared)["q1"].passed


def test_a_helper_in_an_added_cell_works(judge):
    assert judge(("def f(): return helper()", "assert f() == 5"), added=["def helper(): return 5"])["q1"].passed


def test_an_error_in_an_added_cell_harms_nothing_else(judge):
    assert judge(("def f(): return 5", "assert f() == 5"), added=["1 / 0", "import os; os._exit(3)"])["q1"].passed


ENDINGS = {
    "exit": "import os\ndef f(): os._exit(0)",
    "exit while defined": "import os; os._exit(0)",
    "sys.exit": "import sys\ndef f(): sys.exit(0)",
    "segfault": "import ctypes\ndef f(): ctypes.string_at(0)",
    "kill": "import os, signal\ndef f(): os.kill(os.getpid(), signal.SIGSEGV)",
    "close everything": "import os\ndef f(): os.closerange(0, 256)",
    "recursion": "def f(): return f()",
}


@pytest.mark.parametrize("answer", ENDINGS.values(), ids=ENDINGS)
def test_after_a_crash_the_other_exercises_are_still_graded(judge, answer):
    good = ("def g(): return 1", "assert g() == 1")
    outcomes = judge(good, (answer, "assert f() == 1"), ("def h(): return g()", "assert h() == 1, 'needs the first'"))
    assert outcomes["q1"].passed
    assert not outcomes["q2"].passed and outcomes["q2"].message
    assert outcomes["q3"].passed, outcomes["q3"]


LIMITS = Limits(cpu_seconds=6, wall_seconds=12, memory_mb=300, output_kb=100, disk_mb=5, processes=64)
TOO_MUCH = {
    "loop": "def f():\n    while True: pass",
    "loop while defined": "while True: pass",
    "sleep": "import time\ndef f(): time.sleep(60)",
    "loop that swallows everything": "def f():\n    while True:\n        try:\n            while True: pass\n        except BaseException: pass",
}


@pytest.mark.slow
@pytest.mark.parametrize("answer", TOO_MUCH.values(), ids=TOO_MUCH)
def test_a_limit_costs_only_its_own_exercise(judge, answer):
    outcomes = judge((answer, "assert f() == 1"), ("def h(): return 1", "assert h() == 1"), limits=LIMITS)
    assert outcomes["q1"].limited and "Stopped: it " in outcomes["q1"].message
    assert outcomes["q2"].passed


def test_memory_beyond_the_limit_is_refused(judge):
    answer = "def f():\n    return len(bytearray(2 * 10**9))"
    outcomes = judge((answer, "assert f() == 1"), ("def h(): return 1", "assert h() == 1"), limits=LIMITS)
    assert not outcomes["q1"].passed and "MemoryError" in outcomes["q1"].message
    assert outcomes["q2"].passed


def test_the_warm_parent_ran_nothing_of_a_learner(judge, warm):
    """A name that one learner plants in a module is not there for the next, and the parent has one thread."""
    planted = "import numpy\nnumpy.planted = 1\nimport json\njson.dumps = None\ndef f(): return 1"
    assert judge((planted, "assert f() == 1"))["q1"].passed
    seen = "import numpy, json\ndef f(): return hasattr(numpy, 'planted') or json.dumps is None"
    assert judge((seen, "assert f() is False"))["q1"].passed
    status = Path(f"/proc/{warm.pid}/status").read_text().splitlines()
    threads = next(line for line in status if line.startswith("Threads"))
    assert threads.split()[1] == "1"


def test_the_same_notebook_twice_gives_the_same_outcome(judge):
    pairs = [(answer, check) for answer, check, *_ in CASES.values()]
    assert judge(*pairs) == judge(*pairs)


def test_a_parent_that_cannot_import_says_why_and_leaves_nothing(capfd):
    with pytest.raises(RuntimeError, match="did not start"):
        Warm("no such profile")
    assert "KeyError: 'no such profile'" in capfd.readouterr().err
