"""Reports labelled per second: the rules of labutils against negspacy on spaCy, with the same keywords, in one run.

    python benchmarks/bench_reports.py

Two sets: made-up reports of style B, and the real ones of Open-i (even numbers) if they lie beside the checkout. *Cold* forgets
all sentences before each round, as when a set is read for the first time; *warm* remembers those that came before, as in a
service. Time is CPU time.
"""

import statistics
import time
from pathlib import Path

from labutils import reports
from labutils.datasets import load_openi, make_reports, mesh_labels
from labutils.reports_lexicon import CATEGORIES
from labutils.reports_negspacy import build_pipeline, negspacy_labels

ROUNDS, FINDINGS = 5, list(CATEGORIES[1:])
OPENI = Path(__file__).parents[1].parent / "shared" / "data" / "openi_reports"


def sets():
    """Give the name, the texts and the true positives of each set."""
    made = make_reports(2000, 20261140, style="B")
    yield "made-up, style B", made.table["text"].tolist(), made.table[FINDINGS] == 1
    if OPENI.is_dir():
        real = load_openi(OPENI)
        known = ((real["findings"] + real["impression"]) != "") & ~real["mesh"].str.contains("No Indexing")
        real = real[known & (real["report"].astype(int) % 2 == 0)]
        yield "Open-i, even numbers", real["text"].tolist(), mesh_labels(real) == 1


def seconds(run):
    """CPU seconds of one run, and what it returned."""
    start = time.process_time()
    result = run()
    return time.process_time() - start, result


def main():
    """Print one table for each set."""
    nlp = build_pipeline()
    for name, texts, truth in sets():
        times = {"labutils, cold": [], "labutils, warm": [], "negspacy on spaCy": []}
        for _ in range(ROUNDS):
            reports.forget_sentences()
            took, ours = seconds(lambda: reports.label_reports(texts))  # noqa: B023
            times["labutils, cold"].append(took)
            times["labutils, warm"].append(seconds(lambda: reports.label_reports(texts))[0])  # noqa: B023
            took, theirs = seconds(lambda: negspacy_labels(texts, nlp))  # noqa: B023
            times["negspacy on spaCy"].append(took)
        f1 = {"labutils": ours[FINDINGS] == 1, "negspacy": theirs[FINDINGS] == 1}
        f1 = {key: reports.f1_interval(truth, guess, rng=1, n_boot=500) for key, guess in f1.items()}
        slow = statistics.median(times["negspacy on spaCy"])
        print(f"\n{name}: {len(texts):,} reports, {ROUNDS} rounds")
        print(f"{'':20s} {'reports/s':>10s} {'times as fast':>14s}   micro F1 (95 % interval)")
        for method, rounds in times.items():
            middle, score = statistics.median(rounds), f1[method.split()[0].strip(",")]
            interval = f"{score.estimate.micro:.3f} ({score.low.micro:.3f} to {score.high.micro:.3f})"
            print(f"{method:20s} {len(texts) / middle:10,.0f} {slow / middle:14.1f}   {interval}")


if __name__ == "__main__":
    main()
