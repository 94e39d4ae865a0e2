"""Time `labutils.evaluation.bootstrap_auc` beside the same bootstrap as a loop around scikit-learn, in one run.

    .venv/bin/python benchmarks/bench_auc.py [--patients 1000] [--resamples 1000] [--rounds 5]

Both draw patients with all their films. The loop gets its rows per patient ready before the clock starts. Medians over the
rounds, which alternate; the loop is timed on a share of the resamples (--loop-share) and scaled up, since each of its turns
costs the same.
"""

import argparse
import statistics
import time

import numpy as np
from sklearn.metrics import roc_auc_score

from labutils.evaluation import bootstrap_auc


def cohort(n_patients, rng):
    """Return labels, scores with ties, and patients: 1 to 6 films each, one film in ten positive."""
    patient = np.repeat(np.arange(n_patients), rng.integers(1, 7, n_patients))
    y = (rng.random(len(patient)) < 0.1).astype(int)
    return y, np.round(rng.normal(size=len(patient)) + y, 2), patient


def loop(y, pred, rows, n_boot, rng):
    """Return the AUCs of `n_boot` resamples of patients, one scikit-learn call each."""
    aucs = []
    while len(aucs) < n_boot:
        films = np.concatenate([rows[p] for p in rng.integers(len(rows), size=len(rows))])
        if 0 < y[films].sum() < len(films):
            aucs.append(roc_auc_score(y[films], pred[films]))
    return aucs


def timed(function):
    """Return the seconds that a call takes, and its result."""
    start = time.perf_counter()
    result = function()
    return time.perf_counter() - start, result


def main():
    """Run both, and print medians, ratio and the two intervals."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--patients", type=int, default=1000)
    parser.add_argument("--resamples", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--loop-share", type=float, default=1.0)
    options = parser.parse_args()
    y, pred, patient = cohort(options.patients, np.random.default_rng(0))
    rows = [np.flatnonzero(patient == p) for p in range(options.patients)]
    turns = max(1, round(options.resamples * options.loop_share))

    bootstrap_auc(y, pred, patient, 10, 0)  # warm up both
    loop(y, pred, rows, 5, np.random.default_rng(0))
    ours, theirs = [], []
    for seed in range(options.rounds):
        seconds, result = timed(lambda: bootstrap_auc(y, pred, patient, options.resamples, seed))  # noqa: B023
        ours.append(seconds)
        seconds, aucs = timed(lambda: loop(y, pred, rows, turns, np.random.default_rng(seed)))  # noqa: B023
        theirs.append(seconds * options.resamples / turns)
    fast, slow = statistics.median(ours), statistics.median(theirs)
    print(
        f"{options.patients} patients, {len(y)} films, {options.resamples} resamples, median of {options.rounds} rounds"
    )
    print(f"bootstrap_auc       {fast * 1000:9.1f} ms   interval {result.low:.4f} to {result.high:.4f}")
    low, high = np.quantile(aucs, [0.025, 0.975])
    print(f"scikit-learn loop   {slow * 1000:9.1f} ms   interval {low:.4f} to {high:.4f}")
    print(f"ratio               {slow / fast:9.1f}")


if __name__ == "__main__":
    main()
