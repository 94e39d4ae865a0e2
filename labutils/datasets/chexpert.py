"""Tables of CheXpert's fourteen labels, in the forms in which they go round.

=============================  ========================================================================================
CheXpert                       ``train.csv``, ``valid.csv``: ``Path, Sex, Age, Frontal/Lateral, AP/PA`` and the labels
CheXpert's labeller            ``Reports`` (the text) and the labels
Stanford's test reports        ``Report Impression`` and the labels, with ``Airspace Opacity`` for Lung Opacity
=============================  ========================================================================================
"""

import re
from pathlib import Path

import numpy as np
import pandas as pd

from labutils.reports_lexicon import CATEGORIES

FILES = ("train.csv", "valid.csv")
_TEXT = ("Reports", "Report Impression")
_RENAMED = {
    "Airspace Opacity": "Lung Opacity",
    "Frontal/Lateral": "view",
    "AP/PA": "projection",
    "Sex": "sex",
    "Age": "age",
}


def load_chexpert(source: str | Path) -> pd.DataFrame:
    """Load a table of labels in CheXpert's form, one row per film or per report.

    Parameters
    ----------
    source : str or Path
        A csv file, or the folder that holds train.csv and valid.csv (both are read then).

    Returns
    -------
    DataFrame
        Of films: ``split``, ``patient``, ``path``, ``sex``, ``age`` (years), ``view``, ``projection``. Of reports:
        ``text``. Then the
        fourteen categories in CheXpert's order: 1 positive, 0 negative, -1 uncertain, NaN not mentioned.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If a category is missing, a label is another number, or the file has neither paths nor texts.
    """
    place = Path(source).expanduser()
    paths = [place] if place.is_file() else [place / name for name in FILES if (place / name).is_file()]
    if not paths:
        raise FileNotFoundError(
            f"There is no train.csv or valid.csv in {place}: give the folder of CheXpert, or one csv file."
        )
    return pd.concat([_read(path) for path in paths], ignore_index=True)


def _read(path):
    table = pd.read_csv(path, encoding="utf-8-sig").rename(columns=_RENAMED)
    lacking = [name for name in CATEGORIES if name not in table]
    if lacking:
        raise ValueError(f"{path} is no table of CheXpert's labels: it lacks {', '.join(lacking)}.")
    labels = table[list(CATEGORIES)].apply(pd.to_numeric, errors="coerce").astype(float)
    strange = table[list(CATEGORIES)].notna() & ~labels.isin([1, 0, -1])
    if strange.to_numpy().any():
        row, column = (int(axis[0]) for axis in np.nonzero(strange.to_numpy()))
        name = CATEGORIES[column]
        raise ValueError(
            f"{path}: {name} holds {table[name].iloc[row]} in row {row + 1}; 1, 0, -1 and blank are known."
        )
    if "Path" in table:
        head = pd.DataFrame({"split": path.stem, "patient": table["Path"].map(_patient), "path": table["Path"]})
        head = head.join(table[[name for name in ("sex", "age", "view", "projection") if name in table]])
    else:
        text = next((name for name in _TEXT if name in table), None)
        if text is None:
            raise ValueError(f"{path} has neither films (Path) nor texts ({' or '.join(_TEXT)}).")
        head = table[[text]].fillna("").rename(columns={text: "text"})
    return head.join(labels)


def _patient(path):
    found = re.search(r"patient\d+", str(path))
    return found[0] if found else None
