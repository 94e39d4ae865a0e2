"""Who waits for a grade can be told how far it is, and nothing else; weeks share one parent, each with its own masks."""

import pytest

from autograder.grading.watch import Limits
from autograder.judge.engine import Run
from autograder.judge.steps import Step, names_defined_by


def step_pair(name, answer, check):
    return [Step("answer", answer, name, names_defined_by(answer)), Step("check", check, name)]


@pytest.mark.parametrize("limits", [Limits(cpu_seconds=30, wall_seconds=60)])
def test_progress_counts_exercises_also_those_that_fail_or_end_python(warm, limits):
    heard = []
    steps = [
        *step_pair("good", "def good(): return 1", "assert good() == 1"),
        *step_pair("crash", "import os; os._exit(3)", "assert crash() == 1"),
        *step_pair("wrong", "def wrong(): return 1", "assert wrong() == 2"),
    ]
    outcomes = Run(warm, steps, limits, progress=lambda done, total: heard.append((done, total)))()
    assert heard == [(1, 3), (2, 3), (3, 3)]
    assert [name for name, outcome in outcomes.items() if outcome.passed] == ["good"]
