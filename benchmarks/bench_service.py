"""The grading service under a burst: one worker against two, over real HTTP, in one run.

``--learners 1000`` is the burst of the design; every score is compared with what it must be, and nobody may be lost.
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

from grading_helpers import RIGHT, WRONG, answered
from service.chaos import POINTS
from service.running import Running, client, give_tokens, hand_in, make_cohort, wait_for, wait_until
from tiny_weeks import NAME, make_week

from autograder.build import build_week

CROWD = 64


def burst(root, week, learners, workers):
    """Hand in everything at once; give what was measured."""
    names = [f"l{n:05d}" for n in range(learners)]
    cohort = make_cohort(root / f"cohort{workers}", root / "courses", names, {NAME: None})
    tokens = give_tokens(cohort.folder, names)
    kinds = [(RIGHT, RIGHT), (WRONG, RIGHT), (RIGHT, WRONG), (WRONG, WRONG)]
    answers = [dict(zip(POINTS, kind, strict=True)) for kind in kinds]
    notebooks = [answered(week, **{name: kind[name][name] for name in POINTS}) for kind in answers]
    worth = [sum(POINTS[name] for name in POINTS if kind[name] is RIGHT) for kind in answers]
    memory, stop = [], threading.Event()

    def watch(process):
        while not stop.wait(0.5):
            memory.append(process.memory_info().rss / 2**20)

    with (
        Running(cohort.folder, cohort.repository, "--workers", workers, "--log-level", "ERROR") as service,
        closing(client(service.url, tokens["prof"])) as prof,
    ):

        def one(number):
            with closing(client(service.url, tokens[names[number]])) as asker:
                return hand_in(asker, NAME, notebooks[number % 4]).json()["id"]

        time.sleep(20)  # workers import their libraries before anybody comes
        watcher = threading.Thread(target=watch, args=(psutil.Process(service.process.pid),))
        watcher.start()
        began = time.monotonic()
        with ThreadPoolExecutor(CROWD) as crowd:
            ids = list(crowd.map(one, range(learners)))
        received = time.monotonic() - began
        said = ("queued", "running")
        wait_until(lambda: not any(prof.get("/health").json()[name] for name in said), seconds=3600, every=0.5)
        graded = time.monotonic() - began
        results = [wait_for(prof, identifier) for identifier in ids]
        wait_until(lambda: not prof.get("/health").json()["undelivered"], seconds=3600, every=0.5)
        delivered = time.monotonic() - began
        stop.set()
        watcher.join()
    waits = [seconds(result["finished"]) - seconds(result["received"]) for result in results]
    return {
        "lost": learners - len(set(ids)),
        "wrong": sum(result["score"] != worth[n % 4] for n, result in enumerate(results)),
        "received per s": learners / received,
        "graded per min": 60 * learners / graded,
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
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        week = make_week(root / "courses")
        build_week(week)
        found = {workers: burst(root, week, given.learners, workers) for workers in (1, 2)}
    print(f"{given.learners} submissions in a burst of {CROWD} connections\n")
    print(f"{'':28} {'1 worker':>28} {'2 workers':>28}")
    for name in found[1]:
        one, two = (
            f"{found[n][name]:.1f}" if isinstance(found[n][name], float) else str(found[n][name]) for n in (1, 2)
        )
        print(f"{name:28} {one:>28} {two:>28}")
    print(f"\ntwo workers against one: {found[2]['graded per min'] / found[1]['graded per min']:.2f} times")


if __name__ == "__main__":
    main()
