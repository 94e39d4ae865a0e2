"""Read the tables of ChestX-ray14, with the oddities of their headers.

The label table's header is not quoted, so ``OriginalImage[Width,Height]`` is read as two columns; the first release
ends its header (and in some copies each line) with a comma; ages are written 57, 057Y or 013M.
"""

import csv
import gzip
import re
import zlib

import numpy as np
import pandas as pd

from labutils.datasets.findings import FINDINGS

OLDEST_AGE = 120  # years; the first release holds ages far above, which are data entry errors
IMAGE_NAME = re.compile(r"^(\d+)_(\d+)")  # 00000013_005.png: patient 13, film 5
AGE_UNITS = {"": 1.0, "Y": 1.0, "M": 12.0, "W": 365.25 / 7, "D": 365.25}  # how many make a year (DICOM age strings)
OFFICIAL = {
    "Image Index": "image",
    "Finding Labels": "labels",
    "Follow-up #": "follow_up",
    "Patient ID": "patient",
    "Patient Age": "age",
    "Patient Gender": "sex",
    "Patient Sex": "sex",
    "View Position": "view",
}
BOX_COLUMNS = ["image", "finding", "x", "y", "width", "height"]
UNREADABLE = (OSError, EOFError, UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError, zlib.error)


def table_kind(path):
    """Tell what a csv file holds from its header.

    Parameters
    ----------
    path : Path
        A ``.csv`` or ``.csv.gz`` file.

    Returns
    -------
    tuple of (str, list of str)
        "official", "course", "predictions", "boxes" or "other", and the column names (empty if the header cannot be
        read).
    """
    try:
        with (gzip.open if path.name.endswith(".gz") else open)(path, "rt", encoding="utf-8-sig", newline="") as file:
            columns = [column.strip() for column in next(csv.reader([file.readline(10_000)]), [])]
    except UNREADABLE:
        return "other", []
    if {"Image Index", "Finding Labels"} <= set(columns):
        return "official", columns
    if {"Image Index", "Finding Label"} <= set(columns):
        return "boxes", columns
    if "Image" in columns and set(FINDINGS) & set(columns):
        return ("predictions" if any(f"{finding}_pred" in columns for finding in FINDINGS) else "course"), columns
    return "other", columns


def read_label_table(path, kind):
    """Read one label table into the columns of the phantoms' table.

    Parameters
    ----------
    path : Path
        The csv or csv.gz file.
    kind : {"official", "course", "predictions"}
        What :func:`table_kind` said.

    Returns
    -------
    DataFrame
        image, patient, follow_up, age, sex, view and the 14 findings; also split and ``<finding>_pred`` for a
        course's tables.

    Raises
    ------
    ValueError
        If the file is cut short or a value cannot be understood: the message names the file and the value.
    """
    try:
        return _read_official(path) if kind == "official" else _read_course(path)
    except UNREADABLE as error:
        raise ValueError(f"{path} is damaged or cut short ({error}): download it again.") from None


def _read_csv(path, wanted):
    # index_col=False: lines that end with a comma must not push the first column into the index. usecols: the unquoted
    # header has too few or too many names at its end, and the columns that we need all stand before it.
    frame = pd.read_csv(
        path, index_col=False, usecols=lambda name: name.strip() in wanted, encoding="utf-8-sig", low_memory=False
    )
    frame.columns = [column.strip() for column in frame.columns]
    if frame.empty:
        raise ValueError(f"{path} holds a header but no film.")
    return frame


def _read_official(path):
    frame = _read_csv(path, OFFICIAL).rename(columns=OFFICIAL)
    missing = [column for column in ("patient", "age", "sex", "view", "follow_up") if column not in frame]
    if missing:
        names = [next(key for key, value in OFFICIAL.items() if value == column) for column in missing]
        raise ValueError(f"{path} lacks the columns {', '.join(names)}: expected the NIH's Data_Entry_2017_v2020.csv.")
    out = frame[["image", "patient", "follow_up"]].copy()
    out["image"] = out["image"].astype(str).str.strip()
    out["age"] = _years(frame["age"], path)
    out["sex"] = frame["sex"].str.strip().str.upper()
    out["view"] = frame["view"].str.strip().str.upper()
    return pd.concat([out, _one_column_per_finding(frame, path)], axis=1)


def _one_column_per_finding(frame, path):
    """Turn "Mass|Nodule" into columns of 0 and 1."""
    known = {finding.lower(): finding for finding in FINDINGS} | {"infiltrate": "Infiltration", "no_finding": None}
    texts = frame["labels"].astype(object).where(frame["labels"].notna(), "")
    columns = np.zeros((len(frame), len(FINDINGS)), dtype=np.int64)
    for text, rows in frame.groupby(texts, sort=False).indices.items():
        for name in str(text).split("|"):
            key = name.strip().lower().replace(" ", "_")
            if key not in known:
                film = frame["image"].iloc[rows[0]]
                raise ValueError(
                    f"{path}: film {film} has the finding {name!r}: neither one of the 14 nor 'No Finding'."
                )
            if known[key]:
                columns[rows, FINDINGS.index(known[key])] = 1
    return pd.DataFrame(columns, columns=list(FINDINGS), index=frame.index)


def _years(ages, path):
    """Turn 57, "057Y" or "013M" into whole years (rounded down)."""
    text = ages.astype(str).str.strip().str.upper().str.replace(r"\.0$", "", regex=True)
    parts = text.str.extract(r"^(\d+)([YMWD]?)$")
    bad = parts[0].isna() & ages.notna()
    if bad.any():
        said = ages[bad].iloc[0]
        raise ValueError(
            f"{path}: cannot read the age {said!r}; expected whole years (57) or a DICOM age (057Y, 013M)."
        )
    return np.floor(pd.to_numeric(parts[0]) / parts[1].map(AGE_UNITS))


def _read_course(path):
    predictions = [f"{finding}_pred" for finding in FINDINGS]
    frame = _read_csv(path, {"Image", "PatientId", *FINDINGS, *predictions})
    missing = [column for column in (*FINDINGS, "PatientId") if column not in frame]
    if missing:
        names = ", ".join(missing)
        raise ValueError(f"{path} lacks the columns {names}: expected Image, the 14 findings and PatientId.")
    values = frame[list(FINDINGS)].apply(pd.to_numeric, errors="coerce")
    bad = ~values.isin([0, 1])
    if bad.any(axis=None):
        row, column = np.argwhere(bad.to_numpy())[0]
        said = frame[FINDINGS[column]].iloc[row]
        raise ValueError(f"{path}: film {frame['Image'].iloc[row]} has {FINDINGS[column]} = {said!r}; expected 0 or 1.")
    image = frame["Image"].astype(str).str.strip()
    out = pd.DataFrame({"image": image, "patient": frame["PatientId"].astype(np.int64)})
    out["follow_up"] = pd.to_numeric(image.str.extract(IMAGE_NAME)[1])  # only the film's name tells it
    out = out.assign(age=np.nan, sex=None, view=None)
    out = pd.concat([out, values.astype(np.int64), frame[[name for name in predictions if name in frame]]], axis=1)
    return out.assign(split=_split_of(path.name))


def _split_of(name):
    """Tell the split from a course's file name (train-small.csv, valid-small.csv, test.csv), else None."""
    for start, split in (("train", "train"), ("val", "valid"), ("test", "test")):
        if name.lower().startswith(start):
            return split
    return None


def read_boxes(path):
    """Read the box list: six columns, whatever its header calls them; see :func:`labutils.datasets.nih.load_nih_boxes`.

    Parameters
    ----------
    path : Path
        ``BBox_List_2017.csv``, with the header ``Image Index,Finding Label,Bbox [x,y,w,h],,,``.

    Returns
    -------
    DataFrame
        image, patient, finding, x, y, width, height; pixels of a film of 1024 by 1024.

    Raises
    ------
    ValueError
        If the columns, a finding or a box is not what the list promises.
    """
    kind, columns = table_kind(path)
    if kind != "boxes":
        shown = ", ".join(columns) or "no readable header"
        raise ValueError(
            f"{path} is no box list: looked for Image Index, Finding Label and Bbox [x,y,w,h]; found {shown}."
        )
    boxes = pd.read_csv(path, header=None, skiprows=1, usecols=range(6), names=BOX_COLUMNS, encoding="utf-8-sig")
    boxes["finding"] = boxes["finding"].str.strip().str.replace(" ", "_").replace({"Infiltrate": "Infiltration"})
    unknown = sorted(set(boxes["finding"]) - set(FINDINGS))
    if unknown:
        raise ValueError(f"{path}: the finding {unknown[0]!r} is none of the 14 of ChestX-ray14.")
    corners = boxes[["x", "y", "width", "height"]].apply(pd.to_numeric, errors="coerce")
    right, bottom = corners["x"] + corners["width"], corners["y"] + corners["height"]
    inside = (corners >= 0).all(axis=1) & (right <= 1025) & (bottom <= 1025)
    if not inside.all():
        image, _, *box = boxes[~inside].iloc[0]
        raise ValueError(
            f"{path}: the box of {image} (x, y, width, height: {box}) is not within a film of 1024 pixels."
        )
    boxes[["x", "y", "width", "height"]] = corners.astype(float)
    boxes.insert(1, "patient", pd.to_numeric(boxes["image"].str.extract(IMAGE_NAME)[0]).astype(np.int64))
    return boxes
