"""Time `labutils.risk.cindex` beside lifelines and scikit-survival, in one run, and its growth with the cohort.

    .venv/bin/python benchmarks/bench_cindex.py [--patients 100000] [--rounds 5] [--growth 1000 10000 100000 1000000]

All three are asked for the C-index of the same yes-or-no outcome and must agree. To the two libraries, which know times, the
outcome is told as a death at time 1, and its absence as alive at time 2. Medians over rounds that alternate. A peer that needs
more than --patience seconds for one call is not asked again for that size or a larger one; its one time is printed.
"""

import argparse
import statistics
import time

import numpy as np
from lifelines.utils import concordance_index
from sksurv.metrics import concordance_index_censored

from labutils.risk import cindex


def cohort(n_patients, rng):
    """Return outcomes (one in three) and scores with ties in the third digit."""
    y = rng.random(n_patients) < 1 / 3
    return y, np.round(rng.normal(size=n_patients) + y, 3)


def ours(y, scores, times):
    """Ask `labutils.risk.cindex`."""
    return cindex(y, scores)


def lifelines(y, scores, times):
    """Ask lifelines, which wants a score that is higher for those who live longer."""
    return concordance_index(times, -scores, y)


def scikit_survival(y, scores, times):
    """Ask scikit-survival."""
    return concordance_index_censored(y, times, scores, tied_tol=0)[0]


WAYS = {"labutils": ours, "lifelines": lifelines, "scikit-survival": scikit_survival}


def timed(function, *arguments):
    """Return the seconds that a call takes, and its result."""
    start = time.perf_counter()
    result = function(*arguments)
    return time.perf_counter() - start, result


def compare(n_patients, rounds, patience, tired):
    """Time every way that is not tired of such a size; return {name: median seconds}, and check that they agree."""
    y, scores = cohort(n_patients, np.random.default_rng(n_patients))
    arguments = y, scores, np.where(y, 1.0, 2.0)
    seconds, answers = {}, {}
    for _ in range(rounds):
        for name, way in WAYS.items():
            if n_patients >= tired.get(name, np.inf):
                continue
            took, answers[name] = timed(way, *arguments)
            seconds.setdefault(name, []).append(took)
            if took > patience:
                tired[name] = n_patients
    if max(answers.values()) - min(answers.values()) > 1e-9:
        raise SystemExit(f"the C-indices differ: {answers}")
    return {name: statistics.median(times) for name, times in seconds.items()}


def main():
    """Print medians and ratios at one size, then the growth."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--patients", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--patience", type=float, default=20.0)
    parser.add_argument("--growth", type=int, nargs="*", default=[1_000, 10_000, 100_000, 1_000_000])
    options = parser.parse_args()

    tired = {}
    compare(1_000, 1, options.patience, tired)  # warm up
    found = compare(options.patients, options.rounds, options.patience, tired)
    print(f"{options.patients:,} patients, median of up to {options.rounds} rounds")
    for name, seconds in found.items():
        print(f"{name:16s} {1000 * seconds:12.1f} ms   {seconds / found['labutils']:8.1f} times labutils")

    print("\ngrowth (ms)")
    print(f"{'patients':>12s}" + "".join(f"{name:>18s}" for name in WAYS))
    for n_patients in options.growth:
        found = compare(n_patients, options.rounds, options.patience, tired)
        row = [f"{1000 * found[name]:18.2f}" if name in found else f"{'not asked':>18s}" for name in WAYS]
        print(f"{n_patients:12,d}" + "".join(row))


if __name__ == "__main__":
    main()
