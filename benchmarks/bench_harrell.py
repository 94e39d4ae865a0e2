"""Time `labutils.hazards.harrell_c` beside lifelines and scikit-survival on the same patients, in one run.

    .venv/bin/python benchmarks/bench_harrell.py [--patients 100000] [--rounds 3] [--largest 1000000]

Times in whole days and scores with two decimals, so there are ties of every kind; about half of the patients are censored.
The three must give the same index. Then the growth of ours from 1,000 patients up. scikit-survival takes scores for equal
within a tolerance; it is set to 0.
"""

import argparse
import statistics
import time

import numpy as np
from lifelines.utils import concordance_index
from sksurv.metrics import concordance_index_censored

from labutils.hazards import harrell_c


def cohort(n_patients, rng):
    """Return times, scores and events of patients whose hazard grows with the score."""
    score = np.round(rng.normal(size=n_patients), 2)
    death = rng.exponential(1000 / np.exp(score))
    lost = rng.exponential(1000, size=n_patients)
    return np.ceil(np.minimum(death, lost)), score, death <= lost


def timed(function, rounds):
    """Return the median seconds of some calls, and the last result."""
    seconds = []
    for _ in range(rounds):
        start = time.perf_counter()
        result = function()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds), result


def main():
    """Run all three, print medians and ratios, then the growth of ours."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--patients", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--largest", type=int, default=1_000_000)
    options = parser.parse_args()

    times, scores, event = cohort(options.patients, np.random.default_rng(0))
    ways = {
        "labutils.hazards.harrell_c": lambda: harrell_c(times, scores, event),
        "lifelines": lambda: concordance_index(times, -scores, event),
        "scikit-survival": lambda: concordance_index_censored(event, times, scores, tied_tol=0)[0],
    }
    harrell_c(times[:1000], scores[:1000], event[:1000])  # warm up
    concordance_index(times[:1000], -scores[:1000], event[:1000])
    rounds = {name: 1 if name == "scikit-survival" else options.rounds for name in ways}  # minutes: once is enough
    found = {name: timed(way, rounds[name]) for name, way in ways.items()}
    ours = found["labutils.hazards.harrell_c"][0]
    print(
        f"{options.patients} patients, {event.sum()} deaths, median of {options.rounds} rounds (scikit-survival: one)"
    )
    for name, (seconds, index) in found.items():
        print(f"{name:<28}{seconds * 1000:10.1f} ms   index {index:.6f}   {seconds / ours:8.1f} times ours")

    print("growth of harrell_c")
    size, before = 1000, None
    while size <= options.largest:
        data = cohort(size, np.random.default_rng(1))
        seconds, _ = timed(lambda: harrell_c(*data), options.rounds)  # noqa: B023
        ratio = f"   {seconds / before:5.1f} times the time for 10 times the patients" if before else ""
        print(f"{size:>10} patients {seconds * 1000:10.1f} ms{ratio}")
        size, before = size * 10, seconds


if __name__ == "__main__":
    main()
