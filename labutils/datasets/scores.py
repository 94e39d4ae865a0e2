"""Load a table of labels and scores, whatever its columns are called, and refuse what cannot be evaluated.

Three layouts are known by their headers: a label beside its score (``Mass`` and ``Mass_pred``, as in a well-known
course, with stray columns that are left out), scores alone (``prob_Mass``) beside the label table of ChestX-ray14, and
one label with one score (``y`` and ``score``). Any other csv file is read by naming its columns.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from labutils.datasets.findings import FINDINGS
from labutils.datasets.nih_layout import existing_file
from labutils.datasets.nih_tables import IMAGE_NAME, UNREADABLE, read_label_table, table_kind

PATTERNS = ("{}_pred", "prob_{}", "{}_prob", "{}_score")
SINGLE_LABELS = ("y", "label", "y_true", "truth", "target", "outcome")
SINGLE_SCORES = ("score", "pred", "prob", "probability", "y_pred", "y_score", "p")
ABOUT = {
    "image": ("Image", "Image Index", "image"),
    "patient": ("PatientId", "Patient ID", "patient", "patient_id", "PatientID"),
    "age": ("Patient Age", "age", "Age"),
    "sex": ("Patient Gender", "Patient Sex", "sex", "Sex"),
    "view": ("View Position", "view"),
}


class Scores(NamedTuple):
    """Labels and scores of the same films or patients, row by row.

    Attributes
    ----------
    labels : DataFrame of int (0 or 1), one column per finding
    scores : DataFrame of float64, the same columns; higher = more suspicious
    about : DataFrame
        ``patient``, and where the table tells them ``image``, ``age`` (years), ``sex`` and ``view``.
    notes : tuple of str
        What a reader should know: rows that were left out, who counts as a patient.
    """

    labels: pd.DataFrame
    scores: pd.DataFrame
    about: pd.DataFrame
    notes: tuple = ()


def load_scores(source, *, labels=None, findings=None, patient=None, probabilities=False, allow_one_class=False):
    """Load labels and scores from a csv file.

    Parameters
    ----------
    source : str or Path
        A csv file (or ``.csv.gz``); commas, semicolons or tabs between the columns.
    labels : str or Path, optional
        The label table of NIH ChestX-ray14 (``Data_Entry_2017_v2020.csv``, plain or ``.gz``), for a file that holds
        image names and scores alone. Rows are matched by the name of the film.
    findings : sequence of str, or dict of str to (str, str), optional
        Which findings to keep; or, for a table with other column names, ``{finding: (label column, score column)}``.
    patient : str, optional
        The column that says whose row it is, if it has an unusual name.
    probabilities : bool, default False
        Refuse scores outside of 0 to 1. Ranking (ROC, AUC) does not need it, calibration does.
    allow_one_class : bool, default False
        Keep findings that nobody or everybody has. Otherwise they are refused, for no score can be judged on one class.

    Returns
    -------
    Scores
        ``(labels, scores, about, notes)``.

    Raises
    ------
    FileNotFoundError
        If a file does not exist.
    ValueError
        If no label with its score is found, or a value cannot be used: the message names file, column, row and value.
    """
    path = existing_file(source)
    frame = _read(path)
    notes = []
    if labels is not None:
        frame = _with_nih_labels(frame, path, existing_file(labels), notes)
    pairs = _pairs(frame, path, findings)
    out_labels = pd.DataFrame({name: _labels(frame[pair[0]], path, pair[0]) for name, pair in pairs.items()})
    out_scores = pd.DataFrame(
        {name: _scores(frame[pair[1]], path, pair[1], probabilities) for name, pair in pairs.items()}
    )
    if not allow_one_class:
        _refuse_one_class(out_labels, path)
    return Scores(out_labels, out_scores, _about(frame, path, patient, notes), tuple(notes))


def _read(path):
    try:
        head = pd.read_csv(path, nrows=0, sep="\x00", engine="python", encoding="utf-8-sig").columns[0]
        sep = max(",;\t", key=head.count)
        frame = pd.read_csv(path, sep=sep, encoding="utf-8-sig", low_memory=False)
    except (*UNREADABLE, IndexError) as error:
        raise ValueError(f"{path} is no csv file that can be read ({error}).") from None
    frame.columns = [str(column).strip() for column in frame.columns]
    if frame.empty:
        raise ValueError(f"{path} holds a header but no row.")
    repeated = frame.columns[frame.columns.duplicated()]
    if len(repeated):
        raise ValueError(f"{path} has two columns called {repeated[0]!r}.")
    return frame


def _with_nih_labels(frame, path, label_path, notes):
    image = _column(frame, "image")
    if image is None:
        raise ValueError(f"{path} lacks a column with the names of the films (Image Index or Image): {_found(frame)}.")
    kind, _ = table_kind(label_path)
    if kind == "other" or kind == "boxes":
        raise ValueError(f"{label_path} is no label table of ChestX-ray14 (Image Index, Finding Labels, …).")
    table = read_label_table(label_path, kind)
    names = frame[image].astype(str).str.strip()
    for file, column in ((path, names), (label_path, table["image"])):
        if column.duplicated().any():
            raise ValueError(f"{file} lists the film {column[column.duplicated()].iloc[0]} twice.")
    known = names.isin(table["image"])
    if not known.any():
        raise ValueError(
            f"None of the {len(names)} films of {path} is in {label_path}: the first is {names.iloc[0]!r}."
        )
    if not known.all():
        notes.append(f"{(~known).sum()} films without a label were left out, the first is {names[~known].iloc[0]}.")
    kept = [column for column in frame if column != image and column not in table]
    scores = frame.loc[known, kept].assign(image=names[known])
    return scores.merge(table, on="image", validate="one_to_one").reset_index(drop=True)


def _pairs(frame, path, findings):
    """Map each finding to its two columns, in the order of the file."""
    columns = list(frame.columns)
    if isinstance(findings, dict):
        missing = sorted({column for pair in findings.values() for column in pair} - set(columns))
        if missing:
            raise ValueError(f"{path} has no column {missing[0]!r}: {_found(frame)}.")
        return {name: tuple(pair) for name, pair in findings.items()}
    pairs = {}
    for name in columns:
        score = next((pattern.format(name) for pattern in PATTERNS if pattern.format(name) in columns), None)
        if score is not None:
            pairs[name] = (name, score)
    if not pairs:
        label = next((name for name in SINGLE_LABELS if name in columns), None)
        score = next((name for name in SINGLE_SCORES if name in columns), None)
        if label and score:
            pairs = {label: (label, score)}
    if not pairs:
        alone = any(pattern.format(name) in columns for pattern in PATTERNS for name in FINDINGS)
        hint = "give the label table with labels=" if alone else "name them with findings={finding: (label, score)}"
        raise ValueError(
            f"{path} holds no label with its score: looked for pairs such as Mass and Mass_pred (or prob_Mass), or y and score; "
            f"{_found(frame)}; {hint}."
        )
    unknown = [name for name in findings or () if name not in pairs]
    if unknown:
        raise ValueError(f"{path} has no label and score of {unknown[0]!r}; it has those of {', '.join(pairs)}.")
    return {name: pairs[name] for name in findings} if findings else pairs


def _labels(column, path, name):
    values = pd.to_numeric(column.map({True: 1, False: 0, "True": 1, "False": 0}).fillna(column), errors="coerce")
    _refuse(~values.isin([0, 1]), column, path, name, "a label must be 0 or 1")
    return values.astype(np.int64)


def _scores(column, path, name, probabilities):
    values = pd.to_numeric(column, errors="coerce").astype(float)
    _refuse(~np.isfinite(values), column, path, name, "a score must be a finite number")
    if probabilities:
        _refuse(~values.between(0, 1), column, path, name, "a probability must be from 0 to 1")
    return values


def _refuse(wrong, column, path, name, rule):
    if wrong.any():
        row = int(np.argmax(wrong.to_numpy()))
        value = column.iloc[row]
        said = "nothing" if pd.isna(value) else repr(value.item() if isinstance(value, np.generic) else value)
        more = f" ({int(wrong.sum())} such rows)" if wrong.sum() > 1 else ""
        raise ValueError(f"{path}, column {name}, row {row + 1}: {rule}, and here stands {said}{more}.")


def _refuse_one_class(labels, path):
    for name in labels:
        if labels[name].nunique() == 1:
            only = int(labels[name].iloc[0])
            raise ValueError(
                f"{path}, column {name}: all {len(labels)} labels are {only}, so no score of it can be judged. "
                "Choose other columns with findings=[…], or keep it with allow_one_class=True."
            )


def _about(frame, path, patient, notes):
    about = {}
    for key in ABOUT:
        name = patient if key == "patient" and patient else _column(frame, key)
        if name is None:
            continue
        if name not in frame:
            raise ValueError(f"{path} has no column {name!r}: {_found(frame)}.")
        about[key] = frame[name].to_numpy()
    if "patient" not in about:
        stems = pd.Series(about.get("image", [""] * len(frame))).astype(str).str.extract(IMAGE_NAME)[0]
        if stems.notna().all():
            about["patient"] = stems.astype(np.int64).to_numpy()
        else:
            about["patient"] = np.arange(len(frame))
            notes.append("The table does not say whose row it is: each row counts as a patient of its own.")
    missing = pd.isna(about["patient"])
    if missing.any():
        raise ValueError(f"{path}: the patient is missing in row {int(np.argmax(missing)) + 1}.")
    return pd.DataFrame({key: about[key] for key in ABOUT if key in about})


def _column(frame, key):
    return next((name for name in ABOUT[key] if name in frame), None)


def _found(frame):
    names = [name for name in frame.columns if not name.startswith("Unnamed")]
    return f"found the columns {', '.join(names[:8])}{' …' if len(names) > 8 else ''}"
