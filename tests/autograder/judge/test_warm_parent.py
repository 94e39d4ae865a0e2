"""Has the warm parent run any operation, and does it hold a trace of any learner?"""

import os
import secrets
from pathlib import Path

import psutil
import pytest

from autograder.grading.watch import Limits
from autograder.judge.engine import Run
from autograder.judge.steps import Step
from autograder.judge.warm import Warm


def memory_holds(pid, words):
    """Tell which of these bytes stand anywhere in the memory of a process."""
    found = set()
    regions = [line.split() for line in Path(f"/proc/{pid}/maps").read_text().splitlines()]
    with open(f"/proc/{pid}/mem", "rb", 0) as memory:  # noqa: PTH123 - unbuffered
        for place, rights, *_ in regions:
            begin, end = (int(number, 16) for number in place.split("-"))
            if "r" not in rights or "w" not in rights:
                continue
            try:
                memory.seek(begin)
                data = memory.read(end - begin)
            except OSError:  # a region that nobody may read
                continue
            found |= {word for word in words if word in data}
    return found


def test_nothing_that_a_learner_wrote_or_a_check_holds_is_in_the_parents_memory(judge, warm):
    """Its memory is searched byte by byte: for a mark of an answer, of its output, of a check; and for one that must be there."""
    answer, shown, check = (f"kestrel-{secrets.token_hex(12)}" for _ in range(3))
    source = f"def f(): print({shown!r}); return {answer!r}"
    assert judge((source, f"assert f() == {answer!r}, {check!r}"))["q1"].passed
    there = b"sklearn.linear_model"
    words = [answer.encode(), shown.encode(), check.encode(), there]
    try:
        assert memory_holds(os.getpid(), words[:1]), "this process knows the mark: the search finds what is there"
        assert memory_holds(warm.pid, words) == {there}
    except PermissionError:
        pytest.skip("this user may not look into the memory of another process")


def test_the_parent_does_no_work_and_does_not_grow(judge, warm):
    def facts():
        process = psutil.Process(warm.pid)
        times = process.cpu_times()
        return times.user + times.system, process.memory_info().rss, process.num_fds(), process.num_threads()

    pair = ("def f(x): return np.linalg.inv(x)", "assert f(np.eye(300)).shape == (300, 300)")
    judge(pair)
    before = facts()
    for _ in range(10):
        assert judge(pair)["q1"].passed
    after = facts()
    assert after[0] - before[0] < 2.0, "two forks a notebook, and nothing else"
    assert after[1] - before[1] < 4 * 2**20
    assert after[2:] == before[2:] and after[3] == 1


FIRST_LOOK = """
import sys, threading
from tensorflow.python.eager import context
from keras.src.backend.common import global_state
handle = getattr(context._context, '_context_handle', None) if context._context is not None else None
first = (threading.active_count(), handle is None, sorted(set(vars(global_state.GLOBAL_STATE_TRACKER)) - {'nnx_enabled'}), 'labutils.imbalance' in sys.modules)
def look(): return first
def work():
    import keras, numpy as np
    model = keras.Sequential([keras.layers.Dense(1)])
    model.compile(loss='mse')
    model.fit(np.ones((4, 2)), np.ones(4), verbose=0)
    return len(model.get_weights()), context._context._context_handle is not None
"""


@pytest.mark.slow
def test_tensorflow_was_imported_in_the_parent_and_never_used():
    """The first line of a child sees the parent's memory as it was: no eager context, no Keras state, one thread.

    And in the child it works; the next child finds again that nothing was used.
    """
    steps = [
        Step("answer", FIRST_LOOK, "q1", ("look", "work")),
        Step("check", "assert look() == (1, True, [], False), str(look())", "q1"),
        Step("check", "assert work() == (2, True)", "q2"),
    ]
    with Warm("deep") as parent:
        for _ in range(2):
            outcomes = Run(parent, steps, Limits(cpu_seconds=60, wall_seconds=120))()
            assert outcomes["q1"].passed, outcomes["q1"].message
            assert outcomes["q2"].passed, outcomes["q2"].message
        assert psutil.Process(parent.pid).num_threads() == 1
