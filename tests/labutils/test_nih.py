"""load_nih in every published layout, on small made films; and on the real samples where they are."""

import gzip
import io
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from labutils.datasets.findings import FINDINGS
from labutils.datasets.nih import damaged_films, load_nih, load_nih_boxes, read_films

REAL = Path(__file__).parents[2].parent / "shared" / "data"
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


# -- pixels ------------------------------------------------------------------------------------------------------------


def test_films_of_every_mode_become_grey(tmp_path):
    paths = [film(tmp_path / f"{mode}.png", value=200, mode=mode) for mode in ("L", "RGB", "RGBA", "LA", "P")]
    deep = tmp_path / "deep.png"
    Image.fromarray(np.full((16, 16), 200 * 256, dtype=np.uint16)).save(deep)
    images = read_films(pd.Series([*paths, deep]), 8)
    assert images.shape == (6, 8, 8)
    assert images.dtype == np.uint8
    assert (images == 200).all()


def test_see_through_parts_are_laid_on_black(tmp_path):
    picture = np.full((16, 16, 4), 255, dtype=np.uint8)
    picture[:, :8, 3] = 0
    Image.fromarray(picture).save(tmp_path / "a.png")
    image = read_films([tmp_path / "a.png"], 16)[0]
    assert (image[:, :8] == 0).all()
    assert (image[:, 8:] == 255).all()


def test_resizing_is_antialiased_and_keeps_the_orientation(tmp_path):
    stripes = np.zeros((128, 128), dtype=np.uint8)
    stripes[:, ::2] = 200  # one pixel wide: picking pixels would give all 0 or all 200
    Image.fromarray(stripes).save(tmp_path / "stripes.png")
    small = read_films([tmp_path / "stripes.png"], 16)[0]
    assert abs(small.astype(int) - 100).max() <= 5
    corner = np.zeros((64, 64), dtype=np.uint8)
    corner[:32, :32] = 255
    Image.fromarray(corner).save(tmp_path / "corner.png")
    small = read_films([tmp_path / "corner.png"], 8)[0]
    assert small[0, 0] == 255
    assert small[0, -1] == small[-1, 0] == small[-1, -1] == 0
    assert read_films([tmp_path / "corner.png"], 64)[0].tolist() == corner.tolist()


def test_films_that_are_not_square_are_padded(tmp_path):
    Image.fromarray(np.full((20, 40), 250, dtype=np.uint8)).save(tmp_path / "wide.png")
    image = read_films([tmp_path / "wide.png"], 40)[0]
    assert (image[10:30] == 250).all()
    assert (image[:10] == 0).all()
    assert (image[30:] == 0).all()


def test_order_and_number_of_films(tmp_path):
    paths = [film(tmp_path / f"{value}.png", value=value) for value in range(40)]
    assert read_films(paths, 4)[:, 0, 0].tolist() == list(range(40))
    assert read_films([], 4).shape == (0, 4, 4)
    assert read_films(str(paths[7]), 4).shape == (1, 4, 4)


@pytest.mark.parametrize("size", [0, -1, 2.5, True, "64", None])
def test_sizes_that_are_refused(tmp_path, size):
    with pytest.raises(ValueError, match="size is the height and width in pixels"):
        read_films([film(tmp_path / "a.png")], size)


def noisy_png():
    noise = np.random.default_rng(0).integers(0, 256, (64, 64), dtype=np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(noise).save(buffer, "PNG")
    return buffer.getvalue(), noise


@pytest.mark.parametrize("share", [0.0, 0.001, 0.01, 0.1, 0.5, 0.9, 0.99])
def test_a_film_cut_short_is_named_in_one_sentence(tmp_path, share):
    whole, _ = noisy_png()
    path = tmp_path / "00000001_000.png"
    path.write_bytes(whole[: int(len(whole) * share)])
    good = film(tmp_path / "good.png")
    with pytest.raises(ValueError, match=r"00000001_000\.png.*(again)") as caught:
        read_films([good, path, good], 16)
    assert "\n" not in str(caught.value)
    assert damaged_films([good, path]) == [path]


def test_no_cut_goes_unseen(tmp_path):
    whole, noise = noisy_png()
    path = tmp_path / "cut.png"
    for length in range(0, len(whole), 61):
        path.write_bytes(whole[:length])
        try:
            image = read_films([path], 64)[0]
        except ValueError:
            continue
        assert (image == noise).all(), length  # all pixels were there, only the end mark was missing


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"<html>404</html>", b"\x89PNG\r\n\x1a\n" + b"\0" * 100])
def test_files_that_are_no_film(tmp_path, content):
    path = tmp_path / "x.png"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"x\.png"):
        read_films([path], 8)
    assert damaged_films([path]) == [path]


def test_flipped_bytes_are_found_by_reading(tmp_path):
    whole, _ = noisy_png()
    path = tmp_path / "flipped.png"
    path.write_bytes(whole[:2000] + bytes(byte ^ 255 for byte in whole[2000:2100]) + whole[2100:])
    with pytest.raises(ValueError, match=r"flipped\.png is damaged"):
        read_films([path], 8)


def test_a_film_that_has_gone(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no film at .*gone\.png"):
        read_films([tmp_path / "gone.png"], 8)


@pytest.mark.parametrize("module", ["labutils.datasets", "labutils.datasets.registry", "labutils.datasets.fetch"])
def test_importing_stays_cheap(module):
    heavy = ("pandas", "PIL", "pooch", "tqdm", "requests", "tensorflow", "matplotlib", "sklearn")
    code = f"import sys, {module}; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# -- the real samples --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real():
    if not (REAL / "nih_chestxray14").is_dir():
        pytest.skip(f"THE REAL SAMPLES ARE NOT HERE: {REAL} is missing, so load_nih was tried on made films only")
    return REAL


@pytest.mark.realdata
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


@pytest.mark.realdata
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


@pytest.mark.realdata
def test_real_small_films(real):
    films = load_nih(real / "nih_chestxray14_256")
    assert len(films) == 720
    assert films["patient"].nunique() == 716
    images = read_films(films["path"], 64)
    assert 125 < images.mean() < 136  # the calibration of the phantoms found 131


@pytest.mark.realdata
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


@pytest.mark.realdata
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
