"""Find the tables and the films of ChestX-ray14 in a folder, and say what is there when they are not."""

import os
from pathlib import Path
from typing import NamedTuple

from labutils.datasets.nih_tables import table_kind

IMAGE_SUFFIXES = (".png", ".jpg", ".jpeg")
DEEPEST = 3  # folders below the root in which films are looked for: images-224/images-224 needs two
LABEL_KINDS = ("official", "course", "predictions")  # in the order in which they are chosen
WANTED = (
    "looked for a csv (or csv.gz) with the columns 'Image Index' and 'Finding Labels' (the NIH's), or "
    "'Image', 'PatientId' and the 14 findings (a course's)"
)


class Table(NamedTuple):
    """A label table and its kind: "official", "course" or "predictions"."""

    path: Path
    kind: str


def existing_folder(root):
    """Return `root` as a Path, or say in one sentence why it is no folder."""
    root = Path(root).expanduser()
    if not root.exists():
        raise FileNotFoundError(
            f"There is no folder {root}: give the one that holds ChestX-ray14's label table and films."
        )
    if not root.is_dir():
        raise ValueError(f"{root} is a file: give the folder that holds it, or name a label table with labels=.")
    return root


def existing_file(path):
    """Return `path` as a Path, or say that there is no such file."""
    path = Path(path).expanduser()
    if not path.is_file():
        raise FileNotFoundError(f"There is no file {path}.")
    return path


def films_below(root):
    """Map the stem of every image file (00000013_005) to its path; the highest folder counts where two have one stem.

    Parameters
    ----------
    root : Path
        Looked through down to three folders below it. Hidden files and the ``__MACOSX`` of unpacked archives are
        passed over.

    Returns
    -------
    dict of str to str
    """
    films = {}
    for folder, below, names in os.walk(root):
        depth = len(Path(folder).relative_to(root).parts)
        below[:] = sorted(name for name in below if name[0] not in "._") if depth < DEEPEST else []
        for name in sorted(names, reverse=True):  # .png before .jpg
            stem, dot, suffix = name.rpartition(".")
            if f".{suffix.lower()}" in IMAGE_SUFFIXES and dot and name[0] not in "._":
                films.setdefault(stem, str(Path(folder, name)))
    return films


def label_tables(root, labels=None):
    """Choose the label tables to read: the one asked for, one official table, or a course's table for each split.

    Parameters
    ----------
    root : Path
        Looked through with its direct subfolders.
    labels : str or Path, optional
        The table to use.

    Returns
    -------
    list of Table
        Empty if there is none.
    """
    if labels is not None:
        path = existing_file(labels)
        kind, columns = table_kind(path)
        if kind not in LABEL_KINDS:
            raise ValueError(f"{path} is no label table of ChestX-ray14: {WANTED}; found {_columns(columns)}.")
        return [Table(path, kind)]
    below = sorted(path for path in root.iterdir() if path.is_dir() and path.name[0] != ".")
    for folders in ([root], below):
        tables = [Table(path, table_kind(path)[0]) for folder in folders for path in _csv_files(folder)]
        for kind in LABEL_KINDS:
            chosen = [table for table in tables if table.kind == kind]
            if chosen and kind == "official":
                # A plain, short name comes first: Data_Entry_2017_v2020.csv before Data_Entry_2017_v2020.full.csv.gz.
                return [min(chosen, key=lambda table: (len(table.path.name), table.path.name))]
            if chosen:
                return chosen
    return []


def _csv_files(folder):
    return sorted(
        path for path in folder.glob("*.csv*") if path.name.endswith((".csv", ".csv.gz")) and path.name[0] != "."
    )


def no_table(root, films):
    """Say that no label table was found, what was looked for and what is there."""
    return (
        f"No label table of ChestX-ray14 in {root}: {WANTED}, or folders named train, valid and test; "
        f"found {describe(root, films)}."
    )


def no_films(root, images, tables, films):
    """Say that the films of a label table are not on disk, what was looked for and what is there."""
    packed = sorted(path.name for pattern in ("*.tar.gz", "*.tgz", "*.zip") for path in root.glob(pattern))
    hint = f" The archives are still packed ({packed[0]} …): unpack them here first." if packed else ""
    names = ", ".join(table.path.name for table in tables)
    return (
        f"{names} lists {len(images)} films but none of them is in {root}: looked "
        f"for files such as {images.iloc[0]}, there and in folders such as images or images_001/images; found "
        f"{describe(root, films)}.{hint} To load the labels alone, ask for require_files=False."
    )


def describe(root, films=None):
    """Say in a few words what a folder holds."""
    tables = _csv_files(root)
    said = [f"{len(films)} image files such as {Path(min(films.values())).name}"] if films else []
    said += [f"{path.name} ({_columns(table_kind(path)[1])})" for path in tables[:3]]
    entries = sorted(path for path in root.iterdir() if path not in tables)
    names = [path.name + "/" for path in entries if path.is_dir()]
    names += [path.name for path in entries if path.is_file() and path.suffix.lower() not in IMAGE_SUFFIXES]
    if names:
        said.append(", ".join(names[:6]) + (f" and {len(names) - 6} more" if len(names) > 6 else ""))
    return "; ".join(said) or ("only image files" if entries else "an empty folder")


def _columns(columns):
    named = [column for column in columns if column]
    return f"columns {', '.join(named[:4])}{' …' if len(named) > 4 else ''}" if named else "no readable header"
