"""Does every limit of ``week.toml`` hold, cost only its own exercise, and say so?"""

import json
import shutil

import pytest
from attacks.arena import WEEK, notebook_with
from attacks.attack import code
from attacks.honest import HONEST

from autograder import build
from autograder.grading.watch import Limits
from autograder.judge.pool import Pool

pytestmark = pytest.mark.slow
TABLE = {
    "cpu_seconds": 3,
    "wall_seconds": 15,
    "memory_mb": 200,
    "output_kb": 50,
    "disk_mb": 5,
    "processes": 16,
}
KEY = "def patient_key(name, ward):\n    {}\n    return ward + '/' + name.strip().lower()"
BUSY = "import time\nend = time.process_time() + 0.8\nwhile time.process_time() < end: pass"
THREADS = "import threading, time\n    for n in range(40): threading.Thread(target=time.sleep, args=(5,), daemon=True).start()"
SHARED = "import mmap, time\n    kept = [mmap.mmap(-1, 2**20) for n in range(400)]\n    for m in kept: m.write(b'x' * 2**20); time.sleep(0.005)"
# name: (body of patient_key, added cells, state, score, words that the learner reads)
CASES = {
    "computing time of a cell": ("while True: pass", (), "limit", 6, "more than 1 seconds of computing time"),
    "time on the clock of a cell": ("import time; time.sleep(60)", (), "limit", 6, "it took more than 10 seconds"),
    "computing time of the notebook": ("pass", (BUSY,) * 5, "limit", 0, "the notebook used more than 3 seconds"),
    "time on the clock of the notebook": (
        "pass",
        ("import time\ntime.sleep(4)",) * 4,
        "limit",
        0,
        "the notebook took more than 15 seconds",
    ),
    "memory": ("x = np.ones(300 * 2**17)", (), "graded", 6, "MemoryError"),
    "memory that is shared": (SHARED, (), "limit", 6, "it used more than 200 MB of memory"),
    "output": ("while True: print('x' * 1000)", (), "limit", 6, "it printed more than 50 kB"),
    "output on the other stream": (
        "import sys\n    while True: sys.stderr.write('x' * 1000)",
        (),
        "limit",
        6,
        "it printed more than 50 kB",
    ),
    "output while a cell is run": (
        "def patient_key(name, ward): pass\nwhile True: print('x')",
        (),
        "limit",
        6,
        "it printed more than 50 kB",
    ),
    "output of an added cell": ("pass", ("print('x' * 100_000)",), "graded", 8, ""),
    "disk": ("open('a', 'wb').write(bytes(6 * 2**20))", (), "graded", 6, "Errno"),
    "disk by many files": (
        "[open(str(n), 'wb').write(bytes(2**20)) for n in range(9)]",
        (),
        "graded",
        6,
        "No space left",
    ),
    "threads": (THREADS, (), "graded", 6, "can't start new thread"),
    "processes": ("import os; os.fork()", (), "graded", 6, "not permitted"),
    "nothing at all": ("pass", (), "graded", 8, ""),
}


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Give a pool over a week whose ``week.toml`` has the limits above, and a folder."""
    folder = tmp_path_factory.mktemp("limits")
    week = folder / "course1_ward" / "week1_ward"
    shutil.copytree(WEEK, week, ignore=shutil.ignore_patterns("ruff.toml", "__pycache__"))
    text = (week / "week.toml").read_text()
    lines = "\n".join(f"{key} = {value}" for key, value in TABLE.items())
    (week / "week.toml").write_text(f"{text.partition('[limits]')[0]}[limits]\n{lines}\n")
    week = build.read_week(week)
    assert week.limits == TABLE
    with Pool(week, Limits(**week.limits)) as pool:
        yield pool, folder, json.loads(build.notebook_bytes(build.release_notebook(week, "assignment")))


@pytest.mark.parametrize("name", CASES)
def test_a_limit_holds_and_costs_its_own_exercise(place, name):
    pool, folder, release = place
    body, added, state, score, words = CASES[name]
    notebook = notebook_with(
        release, HONEST | {"patient_key": body if body.startswith("def ") else KEY.replace("{}", body)}
    )
    where = next(n for n, cell in enumerate(notebook["cells"]) if cell["metadata"].get("nbgrader", {}).get("solution"))
    notebook["cells"][where:where] = [code(text) for text in added]
    path = folder / "assignment.ipynb"
    path.write_text(json.dumps(notebook))
    patient = "computing" in name  # on a busy machine the clock must not be what stops it
    pool.limits = Limits(**TABLE)._replace(wall_seconds=TABLE["wall_seconds"] * (10 if patient else 1))
    record = pool.grade(path)
    told = " ".join([record["message"], *(exercise["message"] for exercise in record["exercises"])])
    assert record["state"] == state, told
    assert record["score"] == score if score else record["score"] < 8, told
    assert words in told
    assert record["seconds"] < pool.limits.wall_seconds + 2
    if state == "limit" and score:
        assert record["exercises"][0]["message"].startswith("Stopped: it ")
