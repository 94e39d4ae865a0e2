"""load_nih in every published layout, on small made films."""

import gzip
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from labutils.datasets.findings import FINDINGS
from labutils.datasets.nih import load_nih, load_nih_boxes

COLUMNS = ["image", "patient", "follow_up", "age", "sex", "view", *FINDINGS, "path"]
V2020 = (
    "Image Index,Finding Labels,Follow-up #,Patient ID,Patient Age,Patient Gender,View Position,"
    "OriginalImage[Width,Height],OriginalImagePixelSpacing[x,y]"
)
ROWS = [
    ("00000001_000.png", "Cardiomegaly|Emphysema", 0, 1, 57, "M", "PA"),
    ("00000001_001.png", "No Finding", 4, 1, 58, "M", "AP"),
    ("00000002_000.png", "Hernia", 0, 2, 81, "F", "PA"),
]


def film(path, size=16, value=100, mode="L"):
    """Write one small film."""
    path.parent.mkdir(parents=True, exist_ok=True)
    grey = Image.new("L", (size, size), value)
    grey.convert(mode).save(path)
    return path


def official(rows=ROWS, header=V2020, line_end=""):
    return "\n".join([header, *(",".join(map(str, row)) + f",2682,2749,0.143,0.143{line_end}" for row in rows)]) + "\n"


def course(rows, *, predictions=False, litter=False):
    none = dict.fromkeys(FINDINGS, 0.0)
    frame = pd.DataFrame([{"Image": image, **none, **found, "PatientId": patient} for image, found, patient in rows])
    if predictions:
        frame = frame.assign(**{f"{finding}_pred": 0.25 for finding in FINDINGS})
    if litter:
        frame.insert(0, "Unnamed: 0", range(len(frame)))
        frame["Hello"] = 1
    return frame.to_csv(index=False)


def films_in(folder, rows=ROWS):
    for row in rows:
        film(folder / row[0])


# -- layouts -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "places"),
    [
        ("Data_Entry_2017_v2020.csv", ["images"] * 3),  # the archives of the NIH, unpacked
        ("Data_Entry_2017.csv", ["images_001/images", "images_001/images", "images_002/images"]),  # Kaggle
        ("Data_Entry_2017_v2020.csv", ["images_001", "images_002", "images_012"]),
        ("Data_Entry_2017_v2020.csv", ["."] * 3),  # one flat folder
        ("Data_Entry_2017.csv", ["images-224/images-224"] * 3),
        ("sample_labels.csv", ["images"] * 3),
        ("sample/sample_labels.csv", ["sample/images"] * 3),
    ],
)
def test_official_tables_in_every_folder_layout(tmp_path, table, places):
    (tmp_path / table).parent.mkdir(exist_ok=True)
    (tmp_path / table).write_text(official())
    for row, place in zip(ROWS, places, strict=True):
        film(tmp_path / place / row[0])
    films = load_nih(tmp_path)
    assert list(films.columns) == COLUMNS
    assert list(films.index) == [0, 1, 2]
    assert films["image"].tolist() == [row[0] for row in ROWS]
    assert films["patient"].tolist() == [1, 1, 2]
    assert films["follow_up"].tolist() == [0, 4, 0]
    assert films["age"].tolist() == [57, 58, 81]
    assert films["sex"].tolist() == ["M", "M", "F"]
    assert films["view"].tolist() == ["PA", "AP", "PA"]
    assert films.loc[0, ["Cardiomegaly", "Emphysema"]].tolist() == [1, 1]
    assert films[list(FINDINGS)].sum(axis=1).tolist() == [2, 0, 1]
    assert films.dtypes[["patient", "follow_up", "age", *FINDINGS]].eq(np.int64).all()
    for name, place, path in zip(films["image"], places, films["path"], strict=True):
        assert Path(path) == tmp_path / place / name
    assert films.attrs["films_missing"] == films.attrs["films_unlisted"] == films.attrs["ages_implausible"] == 0


@pytest.mark.parametrize(
    ("header", "line_end"),
    [
        (V2020, ""),
        (V2020 + ",", ","),  # the first release: a comma at the end of every line
        (V2020 + ",", ""),
        (V2020, ","),  # this one pushes the first column into the index of a careless reader
        (V2020.replace("OriginalImage[Width,Height]", '"OriginalImage[Width,Height]"'), ""),  # quoted: a name too few
        (V2020.replace("Gender", "Sex"), ""),
        ("\ufeff" + V2020, ""),  # saved by a spreadsheet, with a byte order mark
        (V2020.replace("Image Index", " Image Index"), ""),
    ],
)
def test_odd_headers_do_not_shift_the_columns(tmp_path, header, line_end):
    (tmp_path / "Data_Entry_2017.csv").write_text(official(header=header, line_end=line_end), encoding="utf-8")
    films_in(tmp_path / "images")
    films = load_nih(tmp_path)
    assert films["image"].tolist() == [row[0] for row in ROWS]
    assert films["patient"].tolist() == [1, 1, 2]
    assert films["view"].tolist() == ["PA", "AP", "PA"]
    assert films["Hernia"].tolist() == [0, 0, 1]


def test_compressed_table(tmp_path):
    (tmp_path / "Data_Entry_2017_v2020.csv.gz").write_bytes(gzip.compress(official().encode()))
    films_in(tmp_path / "images")
    assert len(load_nih(tmp_path)) == 3


@pytest.mark.parametrize(
    ("written", "years"),
    [
        ("57", 57),
        ("060Y", 60),
        ("013M", 1),
        ("011M", 0),
        ("010D", 0),
        ("120", 120),
        ("0", 0),
        ("095Y", 95),
        ("104W", 1),
        ("105W", 2),
    ],
)
def test_ages_are_whole_years(tmp_path, written, years):
    (tmp_path / "sample_labels.csv").write_text(official([(*ROWS[0][:4], written, "M", "PA")]))
    film(tmp_path / ROWS[0][0])
    films = load_nih(tmp_path)
    assert films["age"].tolist() == [years]
    assert films.attrs["ages_implausible"] == 0


def test_impossible_ages_become_missing_and_are_counted(tmp_path):
    rows = [(*row[:4], age, *row[5:]) for row, age in zip(ROWS, [414, 148, 44], strict=True)]
    (tmp_path / "Data_Entry_2017.csv").write_text(official(rows))
    films_in(tmp_path)
    films = load_nih(tmp_path)
    assert films["age"].isna().tolist() == [True, True, False]
    assert films["age"].iloc[2] == 44
    assert films.attrs["ages_implausible"] == 2


def test_findings_are_understood_in_other_spellings(tmp_path):
    rows = [
        (*ROWS[0][:1], "Pleural Thickening|Infiltrate", *ROWS[0][2:]),
        (*ROWS[1][:1], "Pleural_thickening", *ROWS[1][2:]),
    ]
    (tmp_path / "labels.csv").write_text(official(rows))
    films_in(tmp_path)
    films = load_nih(tmp_path)
    assert films["Pleural_Thickening"].tolist() == [1, 1]
    assert films["Infiltration"].tolist() == [1, 0]


def test_official_lists_give_the_split(tmp_path):
    (tmp_path / "Data_Entry_2017_v2020.csv").write_text(official())
    (tmp_path / "train_val_list.txt").write_text("00000001_000.png\n00000001_001.png\n")
    (tmp_path / "test_list.txt").write_text("00000002_000.png")
    films_in(tmp_path / "images")
    assert load_nih(tmp_path)["split"].tolist() == ["train_val", "train_val", "test"]
    (tmp_path / "test_list.txt").unlink()
    assert load_nih(tmp_path)["split"].isna().tolist() == [False, False, True]


def test_films_that_are_not_on_disk_are_dropped_and_counted(tmp_path):
    (tmp_path / "Data_Entry_2017_v2020.csv").write_text(official())
    film(tmp_path / "images" / "00000002_000.png")
    film(tmp_path / "images" / "00099999_000.png")
    (tmp_path / "images" / "._00000001_000.png").write_bytes(b"litter of macOS")
    films = load_nih(tmp_path)
    assert films["patient"].tolist() == [2]
    assert list(films.index) == [0]
    assert films.attrs["films_listed"] == 3
    assert films.attrs["films_missing"] == 2
    assert films.attrs["films_unlisted"] == 1
    assert films.attrs["label_table"] == "Data_Entry_2017_v2020.csv"
    every = load_nih(tmp_path, require_files=False)
    assert every["path"].isna().tolist() == [True, True, False]
    assert every.attrs["films_missing"] == 2


def test_course_tables_are_one_table_with_a_split(tmp_path):
    leaked = (
        "00000001_000.png",
        {"Mass": 1.0},
        1,
    )  # in the original course 198 of 200 validation films are training films
    (tmp_path / "train-small.csv").write_text(course([leaked, ("00000007_003.png", {}, 7)]))
    (tmp_path / "valid-small.csv").write_text(course([leaked]))
    (tmp_path / "test.csv").write_text(course([("00000008_000.png", {"Hernia": 1}, 8)]))
    for name in ("00000001_000", "00000007_003", "00000008_000"):
        film(tmp_path / "images-small" / f"{name}.png")
    films = load_nih(tmp_path)
    assert list(films.columns) == [*COLUMNS, "split"]
    assert sorted(films["split"]) == ["test", "train", "train", "valid"]
    assert films.groupby("split")["Mass"].sum().to_dict() == {"test": 0, "train": 1, "valid": 1}
    assert films.set_index("image").loc["00000007_003.png", "follow_up"] == 3
    assert films["age"].isna().all()
    assert films["sex"].isna().all()
    assert films.attrs["layout"] == "course"


def test_prediction_table_keeps_scores_and_drops_litter(tmp_path):
    (tmp_path / "predictions.csv").write_text(
        course([("00000001_000.png", {"Mass": 1}, 1)], predictions=True, litter=True)
    )
    films = load_nih(tmp_path, require_files=False)
    assert list(films.columns) == [*COLUMNS, *(f"{finding}_pred" for finding in FINDINGS)]
    assert films["Edema_pred"].tolist() == [0.25]
    assert films.attrs["layout"] == "predictions"
    with pytest.raises(ValueError, match=r"predictions\.csv lists 1 films but none .* require_files=False"):
        load_nih(tmp_path)


def test_folders_for_splits(tmp_path):
    for split, kind, name in [
        ("train", "0_normal", "00000001_000"),
        ("train", "1_abnormal", "00000001_002"),
        ("valid", "0_normal", "00000002_000"),
        ("test", "1_abnormal", "00000002_001"),
    ]:
        film(tmp_path / split / kind / f"{name}.png", mode="RGBA")
    films = load_nih(tmp_path)
    assert films["split"].tolist() == ["train", "train", "valid", "test"]
    assert films["abnormal"].tolist() == [0, 1, 0, 1]
    assert films["patient"].tolist() == [1, 1, 2, 2]
    assert films.loc[films["abnormal"] == 0, list(FINDINGS)].eq(0).all(axis=None)
    assert films.loc[films["abnormal"] == 1, list(FINDINGS)].isna().all(axis=None)


def test_labels_may_lie_elsewhere(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "labels.csv").write_text(official())
    for row, split in zip(ROWS, ("train", "valid", "test"), strict=True):
        film(tmp_path / "films" / split / "0_normal" / row[0])
    films = load_nih(tmp_path / "films", labels=tmp_path / "elsewhere" / "labels.csv")
    assert films["split"].tolist() == ["train", "valid", "test"]
    assert films["Emphysema"].tolist() == [1, 0, 0]


def test_the_plain_table_wins_over_a_longer_name(tmp_path):
    (tmp_path / "Data_Entry_2017_v2020.csv").write_text(official(ROWS[:1]))
    (tmp_path / "Data_Entry_2017_v2020.full.csv.gz").write_bytes(gzip.compress(official().encode()))
    films_in(tmp_path / "images")
    assert load_nih(tmp_path).attrs["films_listed"] == 1
    assert load_nih(tmp_path, labels=tmp_path / "Data_Entry_2017_v2020.full.csv.gz").attrs["films_listed"] == 3


# -- bad input ---------------------------------------------------------------------------------------------------------


def test_wrong_folders_are_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no folder .*nowhere"):
        load_nih(tmp_path / "nowhere")
    with pytest.raises(ValueError, match="found an empty folder"):
        load_nih(tmp_path)
    (tmp_path / "heart.csv").write_text("age,chol\n1,2\n")
    (tmp_path / "notes.txt").write_text("x")
    with pytest.raises(
        ValueError, match=r"looked for a csv .*'Finding Labels'.*found heart\.csv \(columns age, chol\); notes\.txt"
    ):
        load_nih(tmp_path)
    with pytest.raises(ValueError, match="is a file"):
        load_nih(tmp_path / "heart.csv")
    with pytest.raises(ValueError, match=r"heart\.csv is no label table .* found columns age, chol"):
        load_nih(tmp_path, labels=tmp_path / "heart.csv")
    with pytest.raises(FileNotFoundError, match=r"no file .*none\.csv"):
        load_nih(tmp_path, labels=tmp_path / "none.csv")


def test_no_film_at_all_is_an_error_that_names_packed_archives(tmp_path):
    (tmp_path / "Data_Entry_2017_v2020.csv").write_text(official())
    with pytest.raises(ValueError, match=r"lists 3 films but none .*such as 00000001_000\.png.*images_001/images"):
        load_nih(tmp_path)
    (tmp_path / "images_001.tar.gz").write_bytes(b"")
    with pytest.raises(ValueError, match=r"still packed \(images_001\.tar\.gz …\): unpack"):
        load_nih(tmp_path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (official([(ROWS[0][0], "Mass|Broken_Rib", *ROWS[0][2:])]), r"00000001_000\.png has the finding 'Broken_Rib'"),
        (official([(ROWS[0][0], "", *ROWS[0][2:])]), r"has the finding ''"),
        (official([(*ROWS[0][:4], "old", "M", "PA")]), r"cannot read the age 'old'"),
        ("Image Index,Finding Labels\na.png,Mass\n", r"lacks the columns Patient ID, Patient Age"),
        (V2020 + "\n", r"holds a header but no film"),
        (course([("00000001_000.png", {"Mass": 2}, 1)]), r"00000001_000\.png has Mass = .*2.*; expected 0 or 1"),
        ("Image,Mass\na.png,1\n", r"lacks the columns Atelectasis, .*PatientId"),
    ],
)
def test_bad_tables_name_the_film_and_the_value(tmp_path, text, message):
    (tmp_path / "table.csv").write_text(text)
    films_in(tmp_path)
    with pytest.raises(ValueError, match=message) as caught:
        load_nih(tmp_path)
    assert "table.csv" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_truncated_compressed_table(tmp_path):
    whole = gzip.compress(official([(f"{n:08d}_000.png", *ROWS[0][1:]) for n in range(5000)]).encode())
    (tmp_path / "Data_Entry_2017_v2020.csv.gz").write_bytes(whole[: len(whole) // 2])
    films_in(tmp_path)
    with pytest.raises(ValueError, match=r"Data_Entry_2017_v2020\.csv\.gz is damaged or cut short"):
        load_nih(tmp_path)


# -- boxes -------------------------------------------------------------------------------------------------------------

BOXES = """Image Index,Finding Label,Bbox [x,y,w,h],,,
00000001_000.png,Infiltrate,256,128.5,512,64,,,
00000002_000.png,Mass,0,0,1024,1024,,,
"""


def test_boxes(tmp_path):
    (tmp_path / "BBox_List_2017.csv").write_text(BOXES)
    boxes = load_nih_boxes(tmp_path)
    assert list(boxes.columns) == ["image", "patient", "finding", "x", "y", "width", "height"]
    assert boxes["finding"].tolist() == ["Infiltration", "Mass"]
    assert boxes.iloc[0, 3:].tolist() == [256, 128.5, 512, 64]
    assert load_nih_boxes(tmp_path / "BBox_List_2017.csv", size=256).iloc[0, 3:].tolist() == [64, 32.125, 128, 16]
    (tmp_path / "packed").mkdir()
    (tmp_path / "packed" / "BBox_List_2017.csv.gz").write_bytes(gzip.compress(BOXES.encode()))
    pd.testing.assert_frame_equal(load_nih_boxes(tmp_path / "packed"), boxes)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (official(), "is no box list: looked for Image Index, Finding Label and Bbox"),
        (BOXES.replace("Mass", "Foot"), "'Foot' is none of the 14"),
        (BOXES.replace("512", "2512"), r"box of 00000001_000\.png .*2512.* is not within a film"),
        (BOXES.replace("128.5", "left"), "is not within a film"),
    ],
)
def test_bad_boxes(tmp_path, text, message):
    (tmp_path / "BBox_List_2017.csv").write_text(text)
    with pytest.raises(ValueError, match=message):
        load_nih_boxes(tmp_path)


def test_no_box_list(tmp_path):
    with pytest.raises(ValueError, match=r"looked for BBox_List_2017\.csv; found an empty folder"):
        load_nih_boxes(tmp_path)


@pytest.mark.parametrize("module", ["labutils.datasets", "labutils.datasets.registry", "labutils.datasets.fetch"])
def test_importing_stays_cheap(module):
    heavy = ("pandas", "PIL", "pooch", "tqdm", "requests", "tensorflow", "matplotlib", "sklearn")
    code = f"import sys, {module}; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
