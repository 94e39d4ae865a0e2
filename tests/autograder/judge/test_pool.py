"""Does a batch survive what happens to the grader's own processes?"""

import json
import os
import shutil
import signal
import threading
import time

import psutil
import pytest
from attacks.arena import WEEK, notebook_with
from attacks.honest import HONEST

from autograder import build
from autograder.grading.watch import Limits
from autograder.judge.pool import Pool

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def week(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pool") / "course1_ward" / "week1_ward"
    shutil.copytree(WEEK, folder, ignore=shutil.ignore_patterns("ruff.toml", "__pycache__"))
    return build.read_week(folder)


@pytest.fixture
def files(week, tmp_path):
    release = json.loads(build.notebook_bytes(build.release_notebook(week, "assignment")))
    waits = "import time\n" + HONEST["patient_key"].replace("    return", "    time.sleep(0.3)\n    return")
    for number in range(4):
        content = notebook_with(release, HONEST | {"patient_key": waits})
        (tmp_path / f"{number}.ipynb").write_text(json.dumps(content))
    return sorted(tmp_path.glob("*.ipynb"))


def test_a_warm_parent_that_dies_is_started_again_and_nobody_pays(week, files):
    """Killed between two files, and in the middle of two: each is tried once more with a new parent."""
    with Pool(week, Limits(cpu_seconds=20, wall_seconds=60), workers=2) as pool:
        os.kill(pool.warm.pid, signal.SIGKILL)
        first = pool.grade_all(files[:1])
        assert [(record["state"], record["score"]) for record in first] == [("graded", 8)]
        victim = pool.warm.pid

        def kill_in_the_middle():
            while len(psutil.Process(victim).children()) < 2:
                time.sleep(0.02)
            os.kill(victim, signal.SIGKILL)

        killer = threading.Thread(target=kill_in_the_middle)
        killer.start()
        began = time.monotonic()
        records = pool.grade_all(files)
        killer.join()
        assert time.monotonic() - began < 120
        assert [(record["state"], record["score"]) for record in records] == [("graded", 8)] * 4
        assert pool.warm.pid != victim


def test_a_week_that_cannot_be_built_is_our_fault_and_said(week, files):
    source = week.source("assignment")
    text = source.read_text()
    with Pool(week, Limits(cpu_seconds=20, wall_seconds=60)) as pool:
        pool.made.join()
        pool.judged.clear()
        source.write_text(text.replace("### END SOLUTION", "### THE END", 1))
        try:
            record = pool.grade(files[0])
        finally:
            source.write_text(text)
    assert (record["state"], record["score"]) == ("failed", None)
    assert "This is not your fault" in record["message"]
