"""The methods of interpretation on real data: NHANES I, and NIH films on which radiologists drew boxes."""

from pathlib import Path

import numpy as np
import pytest
from sklearn.ensemble import RandomForestClassifier

from labutils.datasets import FINDINGS, died_within, load_nhanes, load_nih, read_films
from labutils.datasets.nih import load_nih_boxes
from labutils.forests import cindex
from labutils.interpretation import grad_cams, logit_model, mean_interval, permutation_interval, pointing_hits

REAL = Path(__file__).parents[2].parent / "shared" / "data"
pytestmark = pytest.mark.realdata


def place(name):
    if not (REAL / name).is_dir():
        pytest.skip(f"THE REAL SAMPLES ARE NOT HERE: {REAL / name} is missing, so made data alone was interpreted")
    return REAL / name


@pytest.fixture(scope="module")
def nhanes():
    people = load_nhanes(place("nhanes1"))
    people["died"] = died_within(people["years"], people["death"], 10)
    known = people[people["died"].notna()].sample(frac=1, random_state=0)
    columns = [name for name in known if name not in ("years", "death", "died", "race")]
    X = known[columns].fillna(known[columns].median())
    y = known["died"].astype(int).to_numpy()
    forest = RandomForestClassifier(60, min_samples_leaf=10, random_state=0, n_jobs=1).fit(X[:4000], y[:4000])
    return forest, X[4000:6500], y[4000:6500]


def test_nhanes_age_leads_and_the_pressures_count_as_a_group(nhanes):
    forest, X, y = nhanes
    assert cindex(y, forest.predict_proba(X)[:, 1]) > 0.8
    assert ((X["systolic_bp"] - X["diastolic_bp"] - X["pulse_pressure"]).abs() < 1e-6).mean() > 0.97
    pressures = ["systolic_bp", "diastolic_bp", "pulse_pressure"]
    groups = {name: [name] for name in ["age", "female", *pressures]} | {"pressures": pressures}
    table = permutation_interval(X, y, forest, cindex, groups=groups, num_samples=3, n_boot=40)
    assert table["importance"].idxmax() == "age" and table.loc["age", "low"] > 0.05
    assert table.loc["pressures", "importance"] > table.loc[pressures, "importance"].max()


# shap's own colours are made in a way that a newer matplotlib will no longer take
@pytest.mark.filterwarnings("ignore:The set_(bad|over|under) function:PendingDeprecationWarning")
def test_nhanes_shap_values_sum_to_the_risk(nhanes):
    import shap

    forest, X, _ = nhanes
    explained = shap.TreeExplainer(forest)(X[:20])[:, :, 1]
    np.testing.assert_allclose(
        explained.values.sum(axis=1) + explained.base_values, forest.predict_proba(X[:20])[:, 1], atol=1e-6
    )


def films_with_boxes(folder, size):
    films = load_nih(folder)
    boxes = load_nih_boxes(place("nih_chestxray14"), size=size)
    films = films.assign(stem=[Path(name).stem for name in films["image"]])
    boxes = boxes.assign(stem=[Path(name).stem for name in boxes["image"]])
    return boxes.merge(films[["stem", "path", "patient"]], on="stem", suffixes=("", "_of_film"))


@pytest.mark.parametrize("sample", ["nih_chestxray14", "nih_chestxray14_256"])
def test_heat_maps_against_boxes_of_radiologists(sample):
    """Few samples have boxes, and the network was trained on drawings: what is tested is that the two lie on one grid."""
    from labutils import models

    drawn = films_with_boxes(place(sample), 64)
    if drawn.empty:
        pytest.skip(f"no film of {sample} has a box")
    x = models.prepare_films(read_films(drawn["path"], 128))
    masks = np.zeros((len(drawn), 64, 64), dtype=bool)
    for mask, box in zip(masks, drawn.itertuples(), strict=True):
        rows = slice(int(box.y), int(np.ceil(box.y + box.height)))
        mask[rows, int(box.x) : int(np.ceil(box.x + box.width))] = True
    network = logit_model(models.load_xray_model())
    heats = grad_cams(network, x, [FINDINGS.index(name) for name in drawn["finding"]], "features")
    hits = pointing_hits(heats, masks)
    share = mean_interval(hits.astype(float), drawn["patient"].to_numpy())
    chance = masks.mean()
    print(f"{sample}: {hits.sum()} of {len(hits)} boxes hit, {share.low:.2f} to {share.high:.2f}, chance {chance:.2f}")  # noqa: T201
    assert masks.any(axis=(1, 2)).all() and 0.005 < chance < 0.5
    hearts = (drawn["finding"] == "Cardiomegaly").to_numpy()
    if hearts.any():  # a heart lies right of the middle of the picture and below its upper third
        middle = np.array([np.argwhere(mask).mean(axis=0) for mask in masks[hearts]])
        assert (middle[:, 0] > 64 / 3).all()
    assert share.high >= chance or len(hits) < 20
