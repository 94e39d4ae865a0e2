"""The border between answers and checks, from below: what one answer does must not reach the next check."""

import sysconfig
from pathlib import Path
from types import SimpleNamespace

import pytest

from autograder.grading import messages
from autograder.grading.watch import Limits
from autograder.judge.engine import Run
from autograder.judge.judge import UNUSABLE
from autograder.judge.pool import Pool
from autograder.judge.steps import Step, names_defined_by
from autograder.judge.warm import Warm

LIMITS = Limits(cpu_seconds=20, wall_seconds=40, memory_mb=500, output_kb=100, disk_mb=5, processes=16)
HIDDEN = "### BEGIN HIDDEN TESTS\n{}\n### END HIDDEN TESTS"


@pytest.fixture(scope="module")
def warm():
    with Warm("tabular", blocked=("labutils.imbalance.compute_class_freqs", "labutils.evaluation")) as parent:
        yield parent


@pytest.fixture
def judge(warm):
    """Judge (answer, check) pairs after a shared cell; give the outcomes as a list."""

    def run(*pairs, shared="import numpy as np\nimport pandas as pd"):
        steps = [Step("shared", shared)]
        for number, (answer, check) in enumerate(pairs, start=1):
            steps += [
                Step("answer", answer, f"q{number}", names_defined_by(answer)),
                Step("check", check, f"q{number}"),
            ]
        return list(Run(warm, steps, LIMITS)().values())

    return run


SHARED = "import numpy as np\nimport pandas as pd\ntable = np.arange(6.0)\nframe = pd.DataFrame({'a': [1, 2]})\nnames = ['x', 'y']"
CHANGES = [
    ("def f(x): x[:] = 0", "f(table)", "assert table.tolist() == [0, 1, 2, 3, 4, 5], 'changed'"),
    ("def f(x): x[:] = 0", "f(table[1:3])", "assert table.tolist() == [0, 1, 2, 3, 4, 5], 'changed'"),
    ("def f(x): x['b'] = 1", "f(frame)", "assert list(frame) == ['a'], 'changed'"),
    ("def f(x): x.drop(index=x.index, inplace=True)", "f(frame)", "assert len(frame) == 2, 'changed'"),
    ("def f(x): x.clear()", "f(names)", "assert names == ['x', 'y'], 'changed'"),
]


@pytest.mark.parametrize(("answer", "use", "look"), CHANGES)
def test_a_change_of_a_shared_object_does_not_outlive_its_check(judge, answer, use, look):
    """In the check itself the change is seen, as in a learner's own kernel; in the next one it is gone."""
    seen, after = judge((answer, f"{use}\n{look}"), ("def g(): return 1", f"g()\n{look}"), shared=SHARED)
    assert (seen.passed, seen.message) == (False, "changed")
    assert after.passed, after


def test_a_change_that_nobody_minds_costs_nothing(judge):
    """An answer that works in place on its argument is right if its result is: the check passes with and without the change."""
    answer = "def f(x):\n    x -= x.mean()\n    return float(np.abs(x).max())"
    assert judge((answer, "assert np.isclose(f(np.array([1.0, 3.0])), 1)"))[0].passed


def test_an_oracle_that_is_asked_after_the_answer_sees_the_unchanged_input(judge):
    check = "x = np.arange(5.0)\nassert np.isclose(f(x), x.sum()), 'not the sum'"
    assert judge(("def f(x): x[:] = 0", check))[0].message != "Correct."
    outcome = judge(("def f(x):\n    x[:] = 0\n    return 0.0", check))[0]
    assert (outcome.passed, outcome.message) == (False, "not the sum")


def test_stop_iteration_of_an_answer_ends_no_loop_of_a_check(judge):
    answer = "def f(x): raise StopIteration"
    check = "assert all(map(lambda x: f(x) == x, [1, 2])), 'wrong'"
    outcome = judge((answer, check))[0]
    assert not outcome.passed and "StopIteration" in outcome.message


@pytest.mark.parametrize(
    "question", ["got.equals(7)", "got.all()", "got.shape == (3,)", "not got.isna().any()", "got.empty"]
)
def test_an_object_has_no_say_in_what_data_is_asked(judge, question):
    answer = (
        "class Liar:\n    shape = (3,)\n    empty = True\n    def equals(self, other): return True\n"
        "    def all(self): return True\n    def any(self): return False\n    def isna(self): return self\n"
        "def f(): return Liar()"
    )
    outcome = judge((answer, f"got = f()\nassert {question}, 'no'"))[0]
    assert not outcome.passed and "data was expected" in outcome.message


def test_what_is_walked_is_walked_as_it_says(judge):
    answer = (
        "def f():\n    yield from (1, 2, 3)\n"
        "class Odd:\n    def __getitem__(self, n): return n\n    def __len__(self): return 2\n    def __iter__(self): return iter('ab')\n"
        "def g(): return Odd()"
    )
    assert judge((answer, "assert list(f()) == [1, 2, 3] and list(g()) == ['a', 'b'], 'no'"))[0].passed


LEAKS = {
    "raised": "def g(): raise ValueError(repr(seen))",
    "returned": "def g(): return repr(seen)",
    "class name": "def g(): raise type(repr(seen), (Exception,), {})()",
    "representation": "class R:\n    pass\ndef g():\n    R.__name__ = repr(seen)\n    return R()",
    "cell": "raise ValueError(repr(seen))\ndef g(): return 0",
    "cell that defines": "def g(): return 1\nraise ValueError(repr(seen))",
    "missing name": "def __getattr__(name): raise NameError(repr(seen))\nraise ValueError(repr(seen))",
}


@pytest.mark.parametrize("second", LEAKS.values(), ids=LEAKS)
def test_inputs_of_a_hidden_check_come_out_by_no_later_message(judge, second):
    first = (
        "seen = []\ndef f(x):\n    seen.append(x)\n    return x",
        "assert f(1) == 1\n" + HIDDEN.format("assert f(27182) == 27182, 'no'"),
    )
    outcomes = judge(first, (second, "got = g()\nassert got == 0, f'got {got!r}, expected 0'"))
    assert outcomes[0].passed and not outcomes[1].passed
    assert "27182" not in outcomes[1].message
    assert outcomes[1].message


def test_the_message_of_a_visible_check_stays_as_helpful_after_a_hidden_one(judge):
    first = ("def f(x): return x", "assert f(1) == 1\n" + HIDDEN.format("assert f(2) == 2, 'no'"))
    outcomes = judge(first, ("def g(x): return x + 1", "got = g(1)\nassert got == 1, f'got {got}, expected 1'"))
    assert outcomes[1].message == "got 2, expected 1"


@pytest.mark.parametrize("field", ["float", "[('secret_3', float)]"], ids=["crosses", "does not cross"])
def test_words_of_an_answer_stay_out_of_hidden_messages(judge, field):
    answer = f"def f(x):\n    if x == 2: return np.zeros(2, dtype=[('secret_2', {field})])\n    return x"
    outcome = judge((answer, "assert f(1) == 1\n" + HIDDEN.format("assert f(2) == 2, 'no'")))[0]
    assert not outcome.passed and outcome.message in (messages.NEUTRAL, UNUSABLE)


def test_a_busy_thread_costs_its_own_notebook_and_no_more(judge):
    spin = "import threading\ndef turn():\n    while True: pass\nthreading.Thread(target=turn, daemon=True).start()\ndef f(): return 1"
    outcomes = judge(
        (spin, "import time\ntime.sleep(0.3)\nassert f() == 1, 'no'"), ("def g(): return 2", "assert g() == 2, 'no'")
    )
    assert [outcome.passed for outcome in outcomes] == [True, True], outcomes


def test_the_library_is_shown_without_what_is_blocked(judge):
    answer = (
        "import pathlib, sys\n"
        "def f():\n"
        "    import labutils\n"
        "    place = pathlib.Path(labutils.__file__).parent\n"
        "    compiled = [p.stat().st_size for p in place.glob('__pycache__/imbalance.*.pyc')]\n"
        "    text = (place / 'imbalance.py').read_text()\n"
        "    refused = text.split('def compute_class_freqs')[1].split('def ')[0]\n"
        "    return len((place / 'evaluation.py').read_text()), sum(compiled), 'raise RuntimeError' in refused, 'return' in refused, "
        "'def get_weighted_loss' in text"
    )
    outcome = judge((answer, "got = f()\nassert got == (0, 0, True, False, True), str(got)"))[0]
    assert outcome.passed, outcome.message


def test_a_week_where_answers_may_read_is_refused():
    week = SimpleNamespace(
        folder=Path(sysconfig.get_path("stdlib")) / "course1" / "week1", profile="tabular", blocked=()
    )
    with pytest.raises(ValueError, match="which answers may read: move the courses"):
        Pool(week, LIMITS)
