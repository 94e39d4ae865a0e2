"""The labeller on the real reports of Open-i that lie beside the checkout, as they are; and on CheXpert's sample.

What is stated in docs/datasets.md is computed here. The rules were tuned on errors in reports of odd number only.
"""

from pathlib import Path

import pandas as pd
import pytest

from labutils import reports
from labutils.datasets import load_chexpert, load_openi, mesh_labels
from labutils.reports_lexicon import CATEGORIES

ROOT = Path(__file__).parents[2]
REAL = ROOT.parent / "shared" / "data"
pytestmark = pytest.mark.realdata


@pytest.fixture(scope="module")
def openi():
    if not (REAL / "openi_reports").is_dir():
        pytest.skip(
            f"THE REAL SAMPLES ARE NOT HERE: {REAL}/openi_reports is missing, so load_openi was tried on made files only"
        )
    return load_openi(REAL / "openi_reports")


def test_real_openi_has_the_published_counts(openi):
    assert len(openi) == 3955
    assert (openi["findings"] == "").sum() == 530 and (openi["impression"] == "").sum() == 34
    assert openi["mesh"].str.split(";").map(lambda codes: "normal" in codes).sum() == 1391
    counts = mesh_labels(openi).sum()
    assert counts["Pneumonia"] == 42 and counts["Consolidation"] == 30 and counts["Fracture"] == 84


def read(row):
    return [s for part in (row["findings"], row["impression"]) for s in reports.split_sentences(part)]


def judged(openi):
    """The reports of even number that have a text and were indexed: their MeSH findings, and the labels of three labellers."""
    even = openi["report"].astype(int) % 2 == 0
    known = ((openi["findings"] + openi["impression"]) != "") & ~openi["mesh"].str.contains("No Indexing")
    part = openi[even & known]
    truth = mesh_labels(part)
    rows = [read(row) for row in part.to_dict("records")]
    guesses = {
        "keywords": pd.DataFrame([reports.get_labels(row) for row in rows])[list(truth)],
        "simple denial": pd.DataFrame([reports.get_labels_negative_aware(row) for row in rows])[list(truth)],
        "all rules": reports.label_reports(part["text"])[list(truth)] == 1,
    }
    return truth, {name: reports.f1_interval(truth, guess, rng=1, n_boot=1000) for name, guess in guesses.items()}


def lines_of(truth, results):
    """The rows of the table in docs/datasets.md."""
    best, low, high = results["all rules"]
    yield f"{len(truth):,} reports of even number"
    for k, name in enumerate(truth):
        yield f"| {name} | {truth[name].sum()} | {best.per_class[k]:.2f} ({low.per_class[k]:.2f} to {high.per_class[k]:.2f}) |"
    for average in ("micro", "macro"):
        values = [
            tuple(getattr(part, average) for part in results[name])
            for name in ("keywords", "simple denial", "all rules")
        ]
        yield f"| {average} | " + " | ".join(f"{mid:.3f} ({lo:.3f} to {hi:.3f})" for mid, lo, hi in values) + " |"


def test_real_openi_f1_is_what_the_page_states(openi):
    page = (ROOT / "docs" / "datasets.md").read_text(encoding="utf-8")
    truth, results = judged(openi)
    lines = list(lines_of(truth, results))
    assert [line for line in lines if line not in page] == [], "docs/datasets.md is stale; it should say\n" + "\n".join(
        lines
    )
    ours, simple, words = (results[name] for name in ("all rules", "simple denial", "keywords"))
    assert ours.low.micro > 0.86 and ours.low.micro > simple.high.micro > simple.low.micro > words.high.micro


def test_real_chexpert_sample_is_labelled_alike():
    folder = REAL / "chexpert_labeler"
    if not folder.is_dir():
        pytest.skip(f"THE REAL SAMPLES ARE NOT HERE: {folder} is missing")
    table = load_chexpert(folder / "labeled_reports.csv")
    assert len(table) == 4
    ours = reports.label_reports(table["text"])[list(CATEGORIES)]
    pd.testing.assert_frame_equal(ours, table[list(CATEGORIES)])
