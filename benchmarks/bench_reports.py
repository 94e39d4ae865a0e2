"""Reports labelled per second: the rules of labutils against two pipelines on spaCy, with the same keywords, in one run.

    python benchmarks/bench_reports.py

negspacy (blank English, a rule for sentences, keywords, negation: the leanest there is) is in the environment of the
tests. medspaCy as it comes (PyRuSH sentences, target matcher, ConText) needs an older numpy than ours, so it is left out,
and said so, unless this runs in an environment of its own:

    python -m venv peers
    peers/bin/pip install medspacy negspacy "numpy<2" "pandas<3"
    PYTHONPATH=. peers/bin/python benchmarks/bench_reports.py

Two sets: made-up reports of style B, and the real ones of Open-i (even numbers) if they lie beside the checkout. *Cold* forgets
all sentences before each round, as when a set is read for the first time; *warm* remembers those that came before, as in a
service. Time is CPU time.
"""

import statistics
import time
from pathlib import Path

import pandas as pd

from labutils import reports
from labutils.datasets import load_openi, make_reports, mesh_labels
from labutils.reports_lexicon import CATEGORIES, KEYWORDS
from labutils.reports_negation import NEGATIVE, POSITIVE, UNCERTAIN
from labutils.reports_negspacy import build_pipeline, negspacy_labels
from labutils.reports_text import READ, split_sections

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


def medspacy_pipeline():
    """Build medSpaCy's own pipeline, with our keywords as its targets; None if it is not installed."""
    try:
        import medspacy
    except ImportError:
        return None
    from loguru import logger
    from medspacy.ner import TargetRule

    logger.remove()  # medSpaCy tells of every step on standard error
    nlp = medspacy.load()
    words = [(finding, word + end) for finding, words in KEYWORDS.items() for word in words for end in ("", "s", "es")]
    nlp.get_pipe("medspacy_target_matcher").add([TargetRule(word, finding) for finding, word in words])
    return nlp


def medspacy_labels(texts, nlp):
    """Label reports with ConText; of several mentions the strongest counts, as in `reports.label_report`."""
    rows, strength = [], (NEGATIVE, UNCERTAIN, POSITIVE)
    read = ("\n".join(parts[name] for name in READ if name in parts) for parts in map(split_sections, texts))
    for doc in nlp.pipe(read):
        best = {}
        for entity in doc.ents:
            rank = 0 if entity._.is_negated else 1 if entity._.is_uncertain else 2
            best[entity.label_] = max(rank, best.get(entity.label_, 0))
        rows.append({finding: reports.CODES[strength[rank]] for finding, rank in best.items()})
    return pd.DataFrame(rows, columns=FINDINGS, dtype=float)


def measure(texts, truth, peers):
    """CPU seconds of every round, and the micro F1 with its interval, for each method."""
    times = {"labutils, cold": [], "labutils, warm": [], **{name: [] for name in peers}}
    labels = {}
    for _ in range(ROUNDS):
        reports.forget_sentences()
        for name in ("labutils, cold", "labutils, warm"):
            took, labels[name] = seconds(lambda: reports.label_reports(texts))
            times[name].append(took)
        for name, run in peers.items():
            took, labels[name] = seconds(lambda: run(texts))  # noqa: B023
            times[name].append(took)
    f1 = {name: reports.f1_interval(truth, guess[FINDINGS] == 1, rng=1, n_boot=500) for name, guess in labels.items()}
    return times, f1


def main():
    """Print one table for each set."""
    negspacy, medspacy = build_pipeline(), medspacy_pipeline()
    peers = {"negspacy, leanest": lambda texts: negspacy_labels(texts, negspacy)}
    if medspacy is None:
        print("medSpaCy is not installed here, so it is left out; the first lines of this file say how to bring it in.")
    else:
        peers["medSpaCy, as it comes"] = lambda texts: medspacy_labels(texts, medspacy)
    for name, texts, truth in sets():
        times, f1 = measure(texts, truth, peers)
        middle = {method: statistics.median(rounds) for method, rounds in times.items()}
        print(f"\n{name}: {len(texts):,} reports, {ROUNDS} rounds; cold and warm are how many times as fast ours is")
        print(f"{'':22s} {'reports/s':>10s} {'cold':>6s} {'warm':>6s}   micro F1 (95 % interval)")
        for method, took in middle.items():
            ratios = [f"{took / middle[ours]:6.1f}" for ours in ("labutils, cold", "labutils, warm")]
            score = f1[method]
            interval = f"{score.estimate.micro:.3f} ({score.low.micro:.3f} to {score.high.micro:.3f})"
            print(f"{method:22s} {len(texts) / took:10,.0f} {' '.join(ratios)}   {interval}")


if __name__ == "__main__":
    main()
