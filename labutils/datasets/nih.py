"""Load NIH ChestX-ray14 from any of its published layouts.

112,120 frontal chest films of 30,805 patients. The 14 findings were mined from the radiologists' reports by text
processing: a label is what a report said, not what an expert saw on the film.

Wang X, Peng Y, Lu L, Lu Z, Bagheri M, Summers RM. ChestX-ray8: hospital-scale chest X-ray database and benchmarks on
weakly-supervised classification and localization of common thorax diseases. IEEE CVPR 2017, pages 3462-3471. The NIH
Clinical Center is the data provider.
"""

import re
from pathlib import Path

import numpy as np
import pandas as pd

from labutils.datasets import nih_layout
from labutils.datasets.films import damaged_films, read_films
from labutils.datasets.findings import FINDINGS
from labutils.datasets.nih_tables import IMAGE_NAME, OLDEST_AGE, read_boxes, read_label_table

__all__ = ["OLDEST_AGE", "damaged_films", "load_nih", "load_nih_boxes", "read_films"]

SPLIT_FOLDERS = {"train": "train", "training": "train", "valid": "valid", "val": "valid", "test": "test"}
SPLIT_LISTS = {"train_val_list*.txt": "train_val", "test_list*.txt": "test"}


def load_nih(root, *, labels=None, require_files=True):
    """Load the labels of ChestX-ray14 and the places of its films.

    Every published layout is read: the twelve archives of the NIH unpacked to ``images/``, Kaggle's
    ``images_001/images`` to ``images_012/images`` and its small ``sample``, the 224-pixel copy
    (``images-224/images-224``), one flat folder, a course's ``train-small.csv``, ``valid-small.csv`` and ``test.csv``
    beside ``images-small``, prediction tables with ``<finding>_pred`` columns, and folders ``train``, ``valid`` and
    ``test`` with a normal and an abnormal folder in each. Tables may be compressed (``.csv.gz``).

    Parameters
    ----------
    root : str or Path
        The folder that holds the label table and, in it or below it, the films.
    labels : str or Path, optional
        The label table to use, where there are several or where it lies elsewhere.
    require_files : bool, default True
        Keep only the films that are on disk. ``False`` keeps every line of the table, with ``path`` missing (None)
        where there is no film.

    Returns
    -------
    DataFrame
        One row per film: ``image`` (file name), ``patient`` (int), ``follow_up`` (int), ``age`` (years), ``sex`` ("F"
        or "M"), ``view`` ("PA" or "AP"), the 14 findings (1 present, 0 absent), ``path`` (str). What the layout does
        not tell is missing (NaN), which turns a column of whole numbers into floats. Where the layout tells it there
        is also ``split``, ``abnormal`` (0 or 1) or ``<finding>_pred``.

        ``attrs`` counts what a reader should know: ``films_listed`` in the table, ``films_missing`` on disk,
        ``films_unlisted`` (on disk but not in the table), ``ages_implausible`` (over 120 years: data entry errors of
        the first release, set to missing); it also names the ``layout`` and the ``label_table``.

    Raises
    ------
    FileNotFoundError
        If `root` or `labels` does not exist.
    ValueError
        If there is no label table or no film: the message names what was looked for and what was found. Also if a
        table cannot be understood: the message names the film and the value.

    Notes
    -----
    Patients have up to 184 films: split by ``patient``, never by row. In the official lists no patient is in both
    parts.
    """
    root = nih_layout.existing_folder(root)
    films = nih_layout.films_below(root)
    tables = nih_layout.label_tables(root, labels)
    if tables:
        layout = tables[0].kind
        frame = pd.concat([read_label_table(table.path, table.kind) for table in tables], ignore_index=True)
    elif any(_split_folder(path, root) for path in films.values()):
        layout, frame = "folders", _table_from_folders(films, root)
    else:
        raise ValueError(nih_layout.no_table(root, films))
    implausible = frame["age"] > OLDEST_AGE
    stems = [Path(name).stem for name in frame["image"]]
    frame = frame.assign(age=frame["age"].mask(implausible), path=[films.get(stem) for stem in stems])
    frame = _with_splits(frame, root)
    missing = frame["path"].isna()
    if require_files and missing.all():
        raise ValueError(nih_layout.no_films(root, frame["image"], tables, films))
    result = _tidy(frame[~missing] if require_files else frame)
    result.attrs = {
        "layout": layout,
        "label_table": ", ".join(table.path.name for table in tables) or "the names of the folders",
        "films_listed": len(frame),
        "films_missing": int(missing.sum()),
        "films_unlisted": len(set(films) - set(stems)),
        "ages_implausible": int(implausible.sum()),
    }
    return result


def load_nih_boxes(source, *, size=1024):
    """Load the 984 boxes drawn by hand around eight of the findings, on 880 films of the official test list.

    Parameters
    ----------
    source : str or Path
        ``BBox_List_2017.csv`` (or ``.csv.gz``), or a folder that holds it.
    size : int, default 1024
        Height and width, in pixels, of the films on which the boxes will be drawn. The published boxes fit films of
        1024 by 1024.

    Returns
    -------
    DataFrame
        One row per box: ``image``, ``patient`` (int), ``finding`` (spelt as in the labels: the file says
        "Infiltrate", the labels "Infiltration"), ``x`` and ``y`` of the upper left corner, ``width`` and ``height``,
        in pixels of a film of `size`: x to the right, y downwards.

    Raises
    ------
    FileNotFoundError
        If `source` does not exist.
    ValueError
        If it holds no box list, or a box list with an unknown finding or a box outside of the film.
    """
    source = Path(source).expanduser()
    if source.is_dir():
        found = sorted(source.glob("BBox_List*.csv")) or sorted(source.glob("BBox_List*.csv.gz"))
        if not found:
            held = nih_layout.describe(source)
            raise ValueError(f"No box list in {source}: looked for BBox_List_2017.csv; found {held}.")
        source = found[0]
    boxes = read_boxes(nih_layout.existing_file(source))
    boxes[["x", "y", "width", "height"]] *= size / 1024
    return boxes


def _table_from_folders(films, root):
    """Make a table from train, valid and test folders that hold one folder of normal films and one of abnormal ones."""
    rows = []
    for stem, path in sorted(films.items()):
        name = IMAGE_NAME.match(stem)
        if name and _split_folder(path, root):
            rows.append((Path(path).name, int(name[1]), int(name[2]), _is_abnormal(Path(path).parent.name)))
    frame = pd.DataFrame(rows, columns=["image", "patient", "follow_up", "abnormal"])
    frame = frame.assign(age=np.nan, sex=None, view=None)
    # A normal film has none of the 14 findings. Which ones an abnormal film has is not told.
    return frame.assign(**{finding: np.where(frame["abnormal"] == 0, 0.0, np.nan) for finding in FINDINGS})


def _is_abnormal(folder):
    """Tell 0 (``0_normal``) from 1 (``1_abnormal``); any other name is missing."""
    return {"normal": 0, "abnormal": 1}.get(re.sub(r"[\d_]", "", folder.lower()), np.nan)


def _split_folder(path, root):
    return SPLIT_FOLDERS.get(Path(path).relative_to(root).parts[0].lower())


def _with_splits(frame, root):
    """Add the column ``split`` if the course's file names, the official lists or the folders tell it."""
    if "split" in frame and frame["split"].notna().any():
        return frame
    frame = frame.drop(columns="split", errors="ignore")
    lists = {part: file for pattern, part in SPLIT_LISTS.items() for file in sorted(root.glob(pattern))[:1]}
    if lists:
        part_of = {name: part for part, file in lists.items() for name in file.read_text("utf-8-sig").split()}
        return frame.assign(split=frame["image"].map(part_of).astype(object))
    folders = [_split_folder(path, root) if path else None for path in frame["path"]]
    return frame.assign(split=folders) if any(folders) else frame


def _tidy(frame):
    """Put the columns in the order of the phantoms' table; whole numbers are int where no value is missing."""
    first = ["image", "patient", "follow_up", "age", "sex", "view", *FINDINGS, "path"]
    frame = frame[first + [column for column in frame if column not in first]].reset_index(drop=True)
    whole = [name for name in ("patient", "follow_up", "age", *FINDINGS, "abnormal") if name in frame]
    return frame.astype({name: np.int64 for name in whole if frame[name].notna().all()})
