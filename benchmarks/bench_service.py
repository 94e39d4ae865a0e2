"""The grading service under a burst: one worker against two, over real HTTP, in one run.

    python benchmarks/bench_service.py --learners 1000
    python benchmarks/bench_service.py --learners 200 --week course1/week1

The first hands in the tests' tiny week, whose grading takes less than a tenth of a second: it measures the service itself. The
second hands in a real week. Every notebook is graded once alone, before the burst; in the burst nobody may be lost, and every
score must be the one that it had alone.
"""

import argparse
import statistics
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import datetime
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
sys.path.insert(0, str(Path(__file__).resolve().parent / "grading"))

from grading_helpers import RIGHT, WRONG, answered
from service.chaos import POINTS
from service.running import Running, client, give_tokens, hand_in, make_cohort, wait_for, wait_until
from submissions import write_submissions
from tiny_weeks import NAME, make_week

from autograder.build import build_week, read_week
from autograder.paths import find_week

CROWD = 64
REPOSITORY = Path(__file__).resolve().parents[1]


def tiny(root):
    """Give the repository, the name and some notebooks of the tests' week."""
    week = make_week(root / "courses")
    build_week(week)
    kinds = [(RIGHT, RIGHT), (WRONG, RIGHT), (RIGHT, WRONG), (WRONG, WRONG)]
    answers = [dict(zip(POINTS, kind, strict=True)) for kind in kinds]
    return root / "courses", NAME, [answered(week, **{name: kind[name][name] for name in POINTS}) for kind in answers]


def real(root, name):
    """Give the same of a real week: right answers, wrong ones and a blank notebook."""
    week = read_week(find_week(name))
    (root / "handed-in").mkdir()
    files = write_submissions(week, root / "handed-in", {"right": 3, "wrong": 4, "blank": 1})
    return REPOSITORY, week.name, [file.read_bytes() for file in files]


def burst(root, place, learners, workers):
    """Hand in everything at once; give what was measured."""
    repository, week, notebooks = place
    alone = [f"alone{n}" for n in range(len(notebooks))]
    names = [f"l{n:05d}" for n in range(learners)]
    cohort = make_cohort(root / f"cohort{workers}", repository, alone + names, {week: None})
    tokens = give_tokens(cohort.folder, alone + names)
    memory, stop = [], threading.Event()

    def watch(process):
        while not stop.wait(0.5):
            memory.append(process.memory_info().rss / 2**20)

    with (
        Running(cohort.folder, repository, "--workers", workers, "--log-level", "ERROR") as service,
        closing(client(service.url, tokens["prof"])) as prof,
    ):

        def one(name, number):
            with closing(client(service.url, tokens[name])) as asker:
                return hand_in(asker, week, notebooks[number % len(notebooks)]).json()["id"]

        def none_left(*names):
            health = prof.get("/health").json()
            return not any(health[name] for name in names)

        # One at a time; it also waits until the workers have imported their libraries.
        worth = [wait_for(prof, one(name, number), 300)["score"] for number, name in enumerate(alone)]
        wait_until(lambda: none_left("undelivered"), every=0.5)
        watcher = threading.Thread(target=watch, args=(psutil.Process(service.process.pid),))
        watcher.start()
        began = time.monotonic()
        with ThreadPoolExecutor(CROWD) as crowd:
            ids = list(crowd.map(one, names, range(learners)))
        received = time.monotonic() - began
        wait_until(lambda: none_left("queued", "running"), seconds=7200, every=0.5)
        graded = time.monotonic() - began
        results = [wait_for(prof, identifier) for identifier in ids]
        wait_until(lambda: none_left("undelivered"), seconds=7200, every=0.5)
        delivered = time.monotonic() - began
        stop.set()
        watcher.join()
    waits = [seconds(result["finished"]) - seconds(result["received"]) for result in results]
    # With a full queue: from when the crowd has handed in, and no longer takes time itself, until a worker finds no more.
    ends = sorted(seconds(result["finished"]) for result in results)[: learners - workers]
    ends = [end for end in ends if end >= max(seconds(result["received"]) for result in results)]
    return {
        "lost": learners - len(set(ids)),
        "scores unlike those alone": sum(result["score"] != worth[n % len(worth)] for n, result in enumerate(results)),
        "received per s": learners / received,
        "graded per min": 60 * learners / graded,
        "with a full queue per min": 60 * (len(ends) - 1) / (ends[-1] - ends[0]),
        "in the grade book per min": 60 * learners / delivered,
        "median wait s": statistics.median(waits),
        "memory MB, first to last": f"{memory[0]:.0f} to {memory[-1]:.0f} (most {max(memory):.0f})",
    }


def seconds(text):
    """Read a time of the service's."""
    return datetime.fromisoformat(text).timestamp()


def main():
    """Measure and print a table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--learners", type=int, default=200)
    options.add_argument("--week", metavar="COURSE/WEEK", help="a real week instead of the tests' own")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        place = real(root, given.week) if given.week else tiny(root)
        found = {workers: burst(root, place, given.learners, workers) for workers in (1, 2)}
    print(f"{given.learners} submissions of {place[1]} in a burst of {CROWD} connections\n")
    print(f"{'':28} {'1 worker':>28} {'2 workers':>28}")
    for name in found[1]:
        one, two = (
            f"{found[n][name]:.1f}" if isinstance(found[n][name], float) else str(found[n][name]) for n in (1, 2)
        )
        print(f"{name:28} {one:>28} {two:>28}")
    for name in ("graded per min", "with a full queue per min"):
        print(f"two workers against one, {name}: {found[2][name] / found[1][name]:.2f} times")


if __name__ == "__main__":
    main()
