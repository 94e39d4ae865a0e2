"""The grader of a lab: warm while it is used, gone when nobody uses it, another when its parent was lost."""

import os
import signal
import time

import psutil
import pytest
from grading_helpers import RIGHT, answered, write
from tiny_weeks import NAME

from autograder.build import read_week
from autograder.lab.desk import ClosedDesk, Desk, Refused
from autograder.lab.extension import open_desk
from autograder.lab.grader import Grader

pytestmark = pytest.mark.slow


def wait_for(condition, seconds=60):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_lost_parent_costs_nobody_anything_and_an_idle_one_goes(space, repository, tmp_path):
    week = read_week(repository / NAME)
    path = write(tmp_path / "assignment.ipynb", answered(week, **RIGHT))
    grader = Grader(idle_seconds=3)
    records, heard = [], []

    def work(one):
        records.append(one.grade(week, path, lambda *how_far: heard.append(how_far))[1])

    grader.do(work)
    wait_for(lambda: records)
    first = grader.shared.living(week.profile)
    os.kill(first.pid, signal.SIGKILL)
    grader.do(work)
    wait_for(lambda: len(records) == 2)
    assert [record["score"] == record["max_score"] for record in records] == [True, True]
    assert heard[-1] == (2, 2)
    second = grader.shared.living(week.profile).pid
    wait_for(lambda: grader.shared is None, 20)
    wait_for(lambda: not psutil.pid_exists(second))
    grader.close()


def test_a_task_that_fails_does_not_end_the_thread(capfd):
    grader, done = Grader(idle_seconds=60), []
    grader.do(lambda _: 1 / 0)
    grader.do(done.append)
    wait_for(lambda: done)
    grader.close()
    assert "ZeroDivisionError" in capfd.readouterr().err


def test_a_wrong_setting_closes_the_desk_in_words(space):
    import asyncio

    assert type(open_desk(space, {})) is Desk
    desk = open_desk(space, {"MEDLABS_SERVICE": "grades.example.org"})
    assert type(desk) is ClosedDesk
    with pytest.raises(Refused, match="write an address"):
        asyncio.run(desk.submit(None))
    assert "write an address" in asyncio.run(desk.standing({}))["problem"]
