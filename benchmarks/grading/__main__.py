"""Grade the same submissions with several graders, side by side, and write the table into docs/grading.md.

Usage: python benchmarks/grading [--quick] [--write] [--tabular COURSE/WEEK] [--deep COURSE/WEEK] [--no-otter]
"""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

import graders
import measure
import table
from submissions import FULL, QUICK, find_place, write_submissions

GROWTH, QUICK_GROWTH = (10, 100, 1000), (10, 50)
MINUTES = 19  # of the whole; OURS are kept for our own grader and for growth
OURS = 4
BUDGET = 150  # seconds for one other grader and one profile; then it stops, and the table says how far it came
OTHERS = 3


def main():
    """Measure, print, write."""
    wish = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    wish.add_argument("--quick", action="store_true", help="four submissions a profile, little growth; writes nothing")
    wish.add_argument("--write", action="store_true", help="write the table of a quick run too")
    wish.add_argument("--no-otter", action="store_true", help="leave otter-grader out (it is installed from PyPI)")
    for profile in ("tabular", "deep"):
        wish.add_argument(f"--{profile}", metavar="COURSE/WEEK", help="measure this week")
    wish = wish.parse_args()
    measure.become_subreaper()
    began, load = time.monotonic(), os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="medlabs-bench-") as folder:
        folder = Path(folder)
        otter = None if wish.no_otter else _otter(folder)
        profiles = {}
        for left, profile in ((2, "tabular"), (1, "deep")):
            place = find_place(profile, getattr(wish, profile))
            counts, end = QUICK if wish.quick else FULL, began + 60 * MINUTES
            rows = _compare(place, folder / profile, counts, otter, end=end, left=left)
            profiles[profile] = (place, rows, _part(place, folder / profile))
            print(table.comparison(profile, place, rows), flush=True)
        growth = _grow(profiles["tabular"][0], folder / "growth", QUICK_GROWTH if wish.quick else GROWTH)
    facts = table.facts(load, time.monotonic() - began, otter, quick=wish.quick)
    text = table.whole(facts, profiles, growth)
    print(text)
    if wish.write or not wish.quick:
        print(f"Written into {table.write(text)}.")


def _otter(folder):
    """Give otter's Python and version, or in words why it is not there."""
    try:
        return graders.otter_python(folder / "otter")
    except (RuntimeError, OSError) as error:
        return str(error)


def _compare(place, folder, counts, otter, *, end, left):
    """Put the same files through every grader; what fails is a row that says so, and the others go on.

    The time until ``end`` is shared by the other graders of this profile and of those that are ``left`` with it.
    """
    inbox = folder / "handed-in"
    inbox.mkdir(parents=True)
    files = write_submissions(place.week, inbox, counts)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    runs = [(f"medlabs, {n}", graders.medlabs, (folder, n)) for n in dict.fromkeys([1, cores])]
    share = max(20, min(BUDGET, (end - time.monotonic() - 60 * OURS) / OTHERS / left))
    runs += [
        ("nbgrader by command", graders.nbgrader_command, (folder / "command", share)),
        ("nbgrader's API", graders.nbgrader_api, (folder / "api", share)),
    ]
    if isinstance(otter, tuple):
        runs.append(("otter-grader", graders.otter, (folder / "otter", share, otter[0])))
    rows = []
    for name, grader, arguments in runs:
        print(f"... {place.week.name}: {name}", file=sys.stderr, flush=True)
        try:
            rows.append(grader(place, files, *arguments))
        except (RuntimeError, OSError, ValueError, KeyError, StopIteration) as error:
            print(f"{name}: {error}", file=sys.stderr)
            rows.append(f"{name}: failed ({str(error).splitlines()[0][:120]})")
    return rows + ([otter] if isinstance(otter, str) else [])


def _part(place, folder):
    """Say where the time of one right submission goes."""
    file = next((folder / "handed-in").glob("right*.ipynb"))
    try:
        return graders.breakdown(place, file)
    except (RuntimeError, OSError, ValueError, graders.subprocess.TimeoutExpired) as error:
        print(error, file=sys.stderr)
        return None


def _grow(place, folder, sizes):
    """Grade more and more files at once; give (count, Row) for each size."""
    folder.mkdir()
    some = write_submissions(place.week, folder, {kind: n for kind, n in FULL.items() if kind != "slow"})
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    rows = []
    for size in sizes:
        print(f"... {place.week.name}: {size} submissions", file=sys.stderr, flush=True)
        inbox = folder / str(size)
        inbox.mkdir()
        files = [inbox / f"{number:04d}-{some[number % len(some)].name}" for number in range(size)]
        for number, file in enumerate(files):
            file.write_bytes(some[number % len(some)].read_bytes())
        try:
            rows.append((size, graders.medlabs(place, [inbox], folder, cores, patience=300 + 4 * size)))
        except RuntimeError as error:
            print(error, file=sys.stderr)
            break
    return rows


if __name__ == "__main__":
    main()
