"""One warm parent for all tests of the judge, and a way to run a few cells through it."""

import pytest

from autograder.grading.watch import Limits
from autograder.judge.engine import Run
from autograder.judge.steps import Step, names_defined_by
from autograder.judge.warm import Warm


@pytest.fixture(scope="session")
def warm():
    with Warm("tabular") as parent:
        yield parent


@pytest.fixture
def judge(warm):
    """Give a function that judges (answer, check) pairs; it returns the outcomes by exercise."""

    def run(*pairs, shared="import numpy as np\nimport pandas as pd", limits=None, slot=0, added=()):
        steps = [Step("shared", shared), *(Step("added", text) for text in added)]
        for number, (answer, check) in enumerate(pairs, start=1):
            name = f"q{number}"
            steps += [Step("answer", answer, name, names_defined_by(answer)), Step("check", check, name)]
        machine = Run(warm, steps, limits or Limits(cpu_seconds=30, wall_seconds=60), slot=slot)
        outcomes = machine()
        run.meter = machine.meter
        return outcomes

    return run
