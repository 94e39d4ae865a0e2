"""Time the C-for-benefit and its bootstrap beside direct loops over pairs of pairs, in one run.

    .venv/bin/python benchmarks/bench_c_for_benefit.py [--patients 10000] [--resamples 200] [--rounds 3]

The direct way looks at every two of the matched pairs, as the definition says: with Python's own loop (the readable
`c_for_benefit_score`, timed on a share of the patients and scaled by the number of pairs of pairs) and with NumPy row by row.
Medians over the rounds, which alternate.
"""

import argparse
import statistics
import time

import numpy as np

from labutils import effects
from labutils.datasets import simulate_trial


def matched(n_patients):
    """Return predicted and observed benefits of the pairs of a made-up trial."""
    known = simulate_trial(n_patients, 1)
    return effects.match_pairs(known.benefit, known.table["outcome"], known.table["TRTMT"], 0)


def row_by_row(predicted, observed):
    """Score all pairs of pairs, one row of the square at a time."""
    good = total = 0.0
    for k in range(len(predicted) - 1):
        benefit, promise = observed[k + 1 :] - observed[k], predicted[k + 1 :] - predicted[k]
        may = benefit != 0
        total += may.sum()
        agreement = (np.sign(benefit) * np.sign(promise))[may]
        good += ((agreement + 1) / 2).sum()
    return good / total


def timed(function):
    """Return the seconds that a call takes, and its result."""
    start = time.perf_counter()
    result = function()
    return time.perf_counter() - start, result


def main():
    """Run all ways, print medians, ratios and how far their results differ."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--patients", type=int, default=10_000)
    parser.add_argument("--resamples", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    predicted, observed = matched(options.patients)
    few_predicted, few_observed = predicted[::10], observed[::10]
    pairs = [((p, max(o, 0)), (p, max(-o, 0))) for p, o in zip(few_predicted, few_observed, strict=True)]
    scale = (len(predicted) / len(pairs)) ** 2
    times = {"ours, one score": [], "row by row, one score": [], "readable loop, one score": [], "ours, bootstrap": []}
    for _ in range(options.rounds):
        seconds, ours = timed(lambda: effects.fast_c_for_benefit(predicted, observed))
        times["ours, one score"].append(seconds)
        seconds, theirs = timed(lambda: row_by_row(predicted, observed))
        times["row by row, one score"].append(seconds)
        seconds, readable = timed(lambda: effects.c_for_benefit_score(pairs))
        times["readable loop, one score"].append(seconds * scale)
        seconds, _ = timed(lambda: effects.c_for_benefit_interval(predicted, observed, options.resamples, 0))
        times["ours, bootstrap"].append(seconds)
    median = {name: statistics.median(values) for name, values in times.items()}
    print(
        f"{options.patients} patients, {len(predicted)} pairs, {options.resamples} resamples, {options.rounds} rounds"
    )
    for name, seconds in median.items():
        print(f"  {name:26s} {1000 * seconds:12.1f} ms")
    boot = median["ours, bootstrap"]
    for name in ("row by row, one score", "readable loop, one score"):
        print(f"  ratio to {name}: one {median[name] / median['ours, one score']:,.0f}×", end=", ")
        print(
            f"bootstrap {options.resamples * median[name] / boot:,.0f}× (the loop's {options.resamples} turns scaled up)"
        )
    agree = abs(readable - effects.fast_c_for_benefit(few_predicted, few_observed))
    print(f"  differences: {abs(ours - theirs):.1e} (row by row), {agree:.1e} (readable loop, a tenth of the pairs)")
    for n_patients in (1000, 10_000, 100_000):
        part = matched(n_patients)
        seconds = statistics.median(timed(lambda: effects.fast_c_for_benefit(*part))[0] for _ in range(5))  # noqa: B023
        print(f"  growth: {n_patients:7d} patients, one score {1000 * seconds:8.2f} ms")


if __name__ == "__main__":
    main()
