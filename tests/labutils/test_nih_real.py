"""load_nih on the real samples that lie beside the checkout."""

import shutil
from pathlib import Path

import pandas as pd
import pytest

from labutils.datasets.findings import FINDINGS
from labutils.datasets.nih import damaged_films, load_nih, load_nih_boxes, read_films

REAL = Path(__file__).parents[2].parent / "shared" / "data"
pytestmark = pytest.mark.realdata


@pytest.fixture(scope="module")
def real():
    if not (REAL / "nih_chestxray14").is_dir():
        pytest.skip(f"THE REAL SAMPLES ARE NOT HERE: {REAL} is missing, so load_nih was tried on made films only")
    return REAL


def test_real_full_table_has_the_published_counts(real):
    films = load_nih(
        real / "nih_chestxray14", labels=real / "nih_chestxray14/Data_Entry_2017_v2020.full.csv.gz", require_files=False
    )
    assert len(films) == 112_120
    assert films["patient"].nunique() == 30_805
    assert films["age"].max() == 95
    per_film = films[list(FINDINGS)].sum(axis=1).clip(upper=4).value_counts().sort_index().tolist()
    assert per_film == [60_361, 30_963, 14_306, 4_856, 1_634]
    shares = (100 * films[["Infiltration", "Effusion", "Pneumonia", "Hernia"]].mean()).round(2).tolist()
    assert shares == [17.74, 11.88, 1.28, 0.20]
    assert films["split"].value_counts().to_dict() == {"train_val": 86_524, "test": 25_596}
    assert (films.groupby("patient")["split"].nunique() == 1).all()  # the official lists split by patient
    assert films.attrs["films_missing"] == 112_120 - 35


def test_real_originals_and_their_boxes(real):
    films = load_nih(real / "nih_chestxray14")
    assert len(films) == 35
    assert films.attrs["label_table"] == "Data_Entry_2017_v2020.csv"
    assert damaged_films(films["path"]) == []
    images = read_films(films["path"], 128)  # two of the 35 are RGBA
    assert images.shape == (35, 128, 128)
    assert images.reshape(35, -1).std(axis=1).min() > 20
    boxes = load_nih_boxes(real / "nih_chestxray14")
    assert len(boxes) == 984
    assert boxes["image"].nunique() == 880
    assert boxes["finding"].value_counts()["Infiltration"] == 123
    test_films = (real / "nih_chestxray14" / "test_list.txt").read_text().split()
    assert boxes["image"].isin(test_films).all()
    assert films["image"].isin(boxes["image"]).sum() == 7


def test_real_small_films(real):
    films = load_nih(real / "nih_chestxray14_256")
    assert len(films) == 720
    assert films["patient"].nunique() == 716
    images = read_films(films["path"], 64)
    assert 125 < images.mean() < 136  # the calibration of the phantoms found 131


def test_real_split_folders_hold_a_leak(real):
    films = load_nih(real / "nih1000_64")
    assert films["split"].value_counts().to_dict() == {"train": 600, "valid": 200, "test": 200}
    splits = films.groupby("patient")["split"].nunique()
    assert len(splits) == 264
    assert (splits > 1).sum() == 30
    labelled = load_nih(real / "nih1000_64", labels=real / "nih_chestxray14/Data_Entry_2017_v2020.full.csv.gz")
    both = films.set_index("image")["abnormal"], labelled.set_index("image")[list(FINDINGS)].any(axis=1)
    assert (both[0] == both[1].reindex(both[0].index)).mean() >= 0.998  # one label changed between the releases
    assert read_films(films["path"][:50], 64).shape == (50, 64, 64)


def test_real_films_in_other_layouts_give_the_same_table(real, tmp_path):
    source = load_nih(real / "nih_chestxray14")
    table = (real / "nih_chestxray14" / "Data_Entry_2017_v2020.csv").read_text().splitlines()
    (tmp_path / "Data_Entry_2017.csv").write_text(table[0] + ",\n" + "".join(line + ",\n" for line in table[1:]))
    for index, path in enumerate(source["path"]):
        place = tmp_path / f"images_{index % 12 + 1:03d}" / "images"
        place.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, place)
    kaggle = load_nih(tmp_path)
    pd.testing.assert_frame_equal(kaggle.drop(columns="path"), source.drop(columns=["path", "split"]))
