"""The weights that are shipped, what their card says of them, and how their head is adapted."""

import hashlib
import json
import subprocess

import numpy as np
import pytest

from labutils import models
from labutils.datasets import FINDINGS, make_phantoms
from labutils.evaluation import _rank_auc
from labutils.imbalance import compute_class_freqs, get_weighted_loss
from labutils.interpretation import grad_cam
from labutils.models import xray


@pytest.fixture(scope="module")
def shipped():
    return models.load_xray_model()


@pytest.fixture(scope="module")
def phantoms():
    """About 700 new films: from a seed that neither the training nor the card has used."""
    return make_phantoms(300, rng=np.random.default_rng(99), size=128, prevalence_scale=3.0)


# ---- the shipped network and its card ----


def test_card_is_complete_and_belongs_to_the_weights(shipped):
    card = models.xray_model_card()
    assert card["findings"] == list(FINDINGS)
    assert card["weights"]["sha256"] == hashlib.sha256(xray.WEIGHTS.read_bytes()).hexdigest()
    assert card["weights"]["parameters"] == shipped.count_params()
    assert xray.WEIGHTS.stat().st_size < 4e6
    assert card["learning_curve"][-1]["loss"] < card["learning_curve"][0]["loss"]
    assert len(card["learning_curve"]) == card["recipe"]["epochs"]
    assert set(card["phantoms"]["findings"]) == set(FINDINGS)
    for part in (
        card["phantoms"],
        card["real"]["before"],
        card["real"]["head_fine_tuned"],
        card["real"]["from_scratch"],
    ):
        assert part["macro"]["low"] <= part["macro"]["auc"] <= part["macro"]["high"]
        for row in part["findings"].values():
            if row["auc"] is not None:
                assert row["low"] <= row["auc"] <= row["high"] and row["positives"] >= 10


def test_card_for_people_says_what_the_card_for_machines_says():
    card = models.xray_model_card()
    text = xray.CARD.with_suffix(".md").read_text(encoding="utf-8")
    for part in (card["phantoms"], card["real"]["before"], card["real"]["head_fine_tuned"]):
        macro = part["macro"]
        assert f"{macro['auc']:.2f} ({macro['low']:.2f} to {macro['high']:.2f})" in text
    for words in ("no medical device", "Synthetic", "NIH Clinical Center", "dextrocardia"):
        assert words in text


def test_a_copy_of_the_card_cannot_spoil_the_card():
    models.xray_model_card()["findings"].clear()
    assert models.xray_model_card()["findings"] == list(FINDINGS)


def test_shipped_weights_reproduce_the_card_on_new_phantoms(shipped, phantoms):
    card = models.xray_model_card()["phantoms"]["findings"]
    scores = shipped.predict(models.prepare_films(phantoms.images), batch_size=256, verbose=0)
    assert scores.shape == (len(phantoms.images), 14) and np.isfinite(scores).all()
    labels = phantoms.table[list(FINDINGS)].to_numpy()
    compared = []
    for k, finding in enumerate(FINDINGS):
        positives = labels[:, k].sum()
        if positives < 15 or card[finding]["auc"] is None:
            continue
        auc, said = _rank_auc(labels[:, k] == 1, scores[:, k]), card[finding]["auc"]
        # Four standard errors of an AUC from that many positives (Hanley and McNeil's upper bound), films of one patient
        # counting as less than one each.
        allowed = 4 * np.sqrt(said * (1 - said) / positives) * 1.5
        assert abs(auc - said) < allowed, f"{finding}: {auc:.3f} here, {said:.3f} on the card, {positives} positives"
        compared.append(auc - said)
    assert len(compared) >= 8
    assert abs(np.mean(compared)) < 0.04


def test_weights_that_the_card_does_not_know_are_refused(monkeypatch, tmp_path):
    other = tmp_path / xray.WEIGHTS.name
    other.write_bytes(xray.WEIGHTS.read_bytes() + b" ")
    monkeypatch.setattr(xray, "WEIGHTS", other)
    with pytest.raises(ValueError, match="not the file that its model card describes"):
        models.load_xray_model()


def test_heat_of_cardiomegaly_lies_on_the_heart(shipped, phantoms):
    """On films that the network finds most suspicious, the lesion is brighter than the rest of the map."""
    k = FINDINGS.index("Cardiomegaly")
    rows = np.flatnonzero(phantoms.table["Cardiomegaly"])
    ready = models.prepare_films(phantoms.images[rows])
    top = np.argsort(-shipped.predict(ready, verbose=0)[:, k])[:10]
    brighter = []
    for i in top:
        heat = grad_cam(shipped, ready[i], k, models.FEATURES)
        mask = phantoms.masks[(int(rows[i]), "Cardiomegaly")]
        big = np.kron(heat, np.ones((mask.shape[0] // heat.shape[0],) * 2))
        brighter.append(big[mask].mean() > big[~mask].mean())
    assert np.mean(brighter) >= 0.8


def test_weights_and_card_are_in_the_wheel():
    """The build takes every file of the package that git does not ignore; so neither may be ignored."""
    for path in (xray.WEIGHTS, xray.CARD, xray.CARD.with_suffix(".md")):
        assert path.is_file()
        ignored = subprocess.run(["git", "check-ignore", "-q", str(path)], cwd=path.parent, check=False).returncode
        assert ignored != 0, f"{path.name} is ignored by git, so the wheel would lack it"


# ---- fine-tuning ----


def test_fine_tuning_changes_the_head_only_and_helps(shipped, phantoms):
    ready = models.prepare_films(255 - phantoms.images[:200])  # negatives: a domain shift of the worst kind
    labels = phantoms.table[list(FINDINGS)].to_numpy()[:200]
    before = [w.copy() for w in shipped.get_weights()]
    tuned = models.fine_tune_head(shipped, ready, labels, epochs=15, rng=0, learning_rate=1e-2)
    for now, then in zip(shipped.get_weights(), before, strict=True):
        np.testing.assert_array_equal(now, then)
    changed = [not np.array_equal(a, b) for a, b in zip(tuned.get_weights(), before, strict=True)]
    assert changed[-2:] == [True, True] and not any(changed[:-2])
    assert [w.shape[-1] for w in tuned.trainable_weights] == [14, 14]

    pos, neg = compute_class_freqs(labels)
    loss = get_weighted_loss(neg, pos)
    assert float(loss(labels, tuned.predict(ready, verbose=0))) < 0.8 * float(
        loss(labels, shipped.predict(ready, verbose=0))
    )


def test_fine_tuning_is_repeatable_and_leaves_findings_without_positives_alone(shipped, phantoms):
    ready = models.prepare_films(phantoms.images[:40])
    labels = phantoms.table[list(FINDINGS)].to_numpy()[:40].copy()
    labels[:, 5] = 0
    a, b, c = (
        models.fine_tune_head(shipped, ready, labels, epochs=2, rng=rng) for rng in (1, np.random.default_rng(1), 2)
    )
    for one, other in zip(a.get_weights(), b.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-6)
    assert not np.allclose(a.get_weights()[-2], c.get_weights()[-2], atol=1e-7)
    np.testing.assert_allclose(a.get_weights()[-2][:, 5], shipped.get_weights()[-2][:, 5], atol=1e-7)


def test_a_strong_pull_keeps_the_old_head(shipped, phantoms):
    ready = models.prepare_films(phantoms.images[:64])
    labels = phantoms.table[list(FINDINGS)].to_numpy()[:64]
    start = shipped.get_weights()[-2]
    free, held = (
        models.fine_tune_head(shipped, ready, labels, epochs=10, rng=0, l2=l2).get_weights()[-2] for l2 in (0.0, 100.0)
    )
    assert np.abs(held - start).mean() < 0.5 * np.abs(free - start).mean()


@pytest.mark.parametrize(
    ("shape", "labels", "message"),
    [
        ((2, 32, 32, 1), np.zeros((2, 14)), r"images must have shape \(n, 64, 64, 1\)"),
        ((2, 64, 64, 1), np.zeros((2, 3)), r"labels must have shape \(2, 14\)"),
        ((2, 64, 64, 1), np.full((2, 14), 0.5), "labels must be 0 or 1"),
    ],
)
def test_fine_tuning_says_what_is_wrong(shipped, shape, labels, message):
    with pytest.raises(ValueError, match=message):
        models.fine_tune_head(shipped, np.zeros(shape), labels, epochs=1, rng=0)


def test_card_is_plain_json():
    assert json.loads(xray.CARD.read_text(encoding="utf-8")) == models.xray_model_card()
