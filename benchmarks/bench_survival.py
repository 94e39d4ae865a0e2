"""Time `labutils.survival` beside lifelines: Kaplan-Meier and the log-rank test, on 1,000 to 1,000,000 patients, in one run.

    .venv/bin/python benchmarks/bench_survival.py [--largest 1000000] [--rounds 5]

Two kinds of times: whole days (many ties, as in a register) and exact ones (none). Medians over rounds, which alternate between
the libraries, of the time that the process itself used, so that a busy machine disturbs less. lifelines' Kaplan-Meier fit also
computes an interval, so ours is timed both without and with it. Before the clocks start, both must give the same numbers.
"""

import argparse
import statistics
import time

import numpy as np
import pandas as pd
from lifelines import KaplanMeierFitter
from lifelines.statistics import multivariate_logrank_test

from labutils.survival import HomemadeKM, greenwood_interval, log_rank


def cohort(n_patients, whole, rng):
    """Return patients of two arms: six of ten die, arm 1 a tenth more often."""
    arm = rng.integers(0, 2, n_patients)
    death, leave = rng.exponential(500, n_patients) / (1 + 0.1 * arm), rng.exponential(750, n_patients)
    time_seen = np.minimum(death, leave)
    seen = np.ceil(time_seen) if whole else time_seen
    return pd.DataFrame({"Time": seen, "Event": death <= leave, "arm": arm})


def lifelines_log_rank(df):
    """Return the statistic of lifelines."""
    return multivariate_logrank_test(df["Time"], df["arm"], df["Event"]).test_statistic


TASKS = {
    "Kaplan-Meier": (lambda df: HomemadeKM(df), lambda df: KaplanMeierFitter().fit(df["Time"], df["Event"])),
    "with interval": (
        lambda df: (HomemadeKM(df), greenwood_interval(df)),
        lambda df: KaplanMeierFitter().fit(df["Time"], df["Event"]),
    ),
    "log-rank": (lambda df: log_rank(df, "arm"), lifelines_log_rank),
}


def check_same(df):
    """Stop if the two libraries do not agree."""
    theirs = KaplanMeierFitter().fit(df["Time"], df["Event"]).survival_function_
    ours = HomemadeKM(df)
    np.testing.assert_array_equal(ours.times, theirs.index)
    np.testing.assert_allclose(ours.survival, theirs.iloc[:, 0], rtol=1e-8, atol=1e-10)
    np.testing.assert_allclose(log_rank(df, "arm").statistic, lifelines_log_rank(df), rtol=1e-6)


def used(function, df):
    """Return the milliseconds of this process that a call takes."""
    start = time.process_time()
    function(df)
    return 1000 * (time.process_time() - start)


def main():
    """Print medians, ratio and growth for each task, kind of times and size."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--largest", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    sizes = [n for n in (1_000, 10_000, 100_000, 1_000_000) if n <= options.largest]
    print(f"medians of {options.rounds} rounds, milliseconds of process time; growth: ours, for ten times the patients")
    print(f"{'task':<14} {'times':<10} {'patients':>9} {'ours':>9} {'lifelines':>10} {'ratio':>7} {'growth':>7}")
    for whole in (True, False):
        before = {}
        for n_patients in sizes:
            df = cohort(n_patients, whole, np.random.default_rng(0))
            check_same(df)
            for task, (ours, theirs) in TASKS.items():
                rounds = [(used(ours, df), used(theirs, df)) for _ in range(options.rounds)]
                fast, slow = (statistics.median(column) for column in zip(*rounds, strict=True))
                growth = f"{fast / before[task]:7.1f}" if task in before else "      –"
                before[task] = fast
                kind = "whole days" if whole else "exact"
                print(f"{task:<14} {kind:<10} {n_patients:>9,} {fast:9.2f} {slow:10.1f} {slow / fast:7.1f} {growth}")


if __name__ == "__main__":
    main()
