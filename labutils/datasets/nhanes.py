"""Load NHANES I with its follow-up of deaths, cleaned of codes that look like numbers.

9,932 US adults aged 25 to 74, examined 1971 to 1975 and followed for up to 22 years. The files come from the shap project;
the survey is by the National Center for Health Statistics (NHANES I and its Epidemiologic Followup Study).
"""

from pathlib import Path

import numpy as np
import pandas as pd

# How the file calls a column: how we call it. Units: years, mmHg, percent of the poverty line, mm/h, g/dL, mg/dL, µg/dL.
COLUMNS = {
    "Age": "age",
    "Diastolic BP": "diastolic_bp",
    "Poverty index": "poverty_index",
    "Race": "race",
    "Red blood cells": "red_blood_cells",
    "Sedimentation rate": "sedimentation_rate",
    "Serum Albumin": "serum_albumin",
    "Serum Cholesterol": "serum_cholesterol",
    "Serum Iron": "serum_iron",
    "Serum Magnesium": "serum_magnesium",
    "Serum Protein": "serum_protein",
    "Sex": "female",
    "Systolic BP": "systolic_bp",
    "TIBC": "tibc",
    "TS": "transferrin_saturation",
    "White blood cells": "white_blood_cells",
    "BMI": "bmi",
    "Pulse pressure": "pulse_pressure",
}
SENTINELS = {"red_blood_cells": (77.7, 88.8), "poverty_index": (999.0,)}
SEX = {1: 0.0, 2: 1.0}
X_NAMES = ("NHANESI_subset_X.csv", "NHANESI_X.csv")
Y_NAMES = ("NHANESI_subset_y.csv", "NHANESI_y.csv")


def load_nhanes(root, *, unknown="missing"):
    """Load NHANES I from the two files of the shap project.

    Parameters
    ----------
    root : str or Path
        The folder with ``NHANESI_subset_X.csv`` and ``NHANESI_subset_y.csv``.
    unknown : {"missing", "died at once"}
        What to make of the 382 people whose time is written as minus zero. The sign is that of the living, and the time says
        that nobody followed them: so whether they lived or died is not known, and "missing" says so. "died at
        once" is the rule "who is not below zero has died", which a well-known course applies; it is here to be compared with.

    Returns
    -------
    DataFrame
        One row per person: the 18 measurements (``female`` is 1 or 0; codes for "missing" are NaN), ``years`` (to death or
        last contact, NaN if not followed) and ``death`` (1, 0, or NaN if not known). ``attrs`` counts what was cleaned:
        ``sentinels`` per column, ``unknown_status``, and ``derived``: the columns that are exact functions of others.

    Raises
    ------
    FileNotFoundError
        If the folder or one of the files is not there.
    ValueError
        If a column is missing, the files do not fit one another, or a code of sex is neither 1 nor 2.

    Notes
    -----
    ``pulse_pressure`` is systolic minus diastolic pressure. Drop one of the three before you impute any of them.
    """
    if unknown not in ("missing", "died at once"):
        raise ValueError(f"unknown must be 'missing' or 'died at once'; got {unknown!r}")
    measured = _read(root, X_NAMES, [*COLUMNS])
    time = _read(root, Y_NAMES, ["y"])["y"].to_numpy(dtype=float)
    if len(measured) != len(time):
        raise ValueError(f"{root}: {len(measured)} people in the X file, {len(time)} in the y file: they do not fit")
    table = measured[[*COLUMNS]].rename(columns=COLUMNS).astype(float)
    if not table["female"].isin(SEX).all():
        raise ValueError(
            f"{root}: sex must be 1 (male) or 2 (female); got {sorted(set(table['female']) - set(SEX))[:3]}"
        )
    table["female"] = table["female"].map(SEX)
    sentinels = {}
    for name, codes in SENTINELS.items():
        # one of the codes is written 88.80000000000001 in the file
        coded = pd.Series(np.isclose(table[name].to_numpy()[:, None], codes, rtol=0, atol=1e-6).any(axis=1))
        sentinels[name] = int(coded.sum())
        table[name] = table[name].mask(coded)
    not_followed = time == 0
    if unknown == "missing":
        table["years"] = np.where(not_followed, np.nan, np.abs(time))
        table["death"] = np.where(not_followed, np.nan, time > 0)
    else:
        table["years"], table["death"] = np.abs(time), (time >= 0).astype(float)
    table.attrs = {
        "sentinels": sentinels,
        "unknown_status": int(not_followed.sum()),
        "derived": ["systolic_bp", "diastolic_bp", "pulse_pressure"],
    }
    return table


def _read(root, names, wanted):
    root = Path(root).expanduser()
    if not root.is_dir():
        raise FileNotFoundError(f"There is no folder {root}: give the one that holds {names[0]}.")
    path = next((root / name for name in names if (root / name).is_file()), None)
    if path is None:
        held = ", ".join(sorted(file.name for file in root.iterdir())[:8]) or "nothing"
        raise FileNotFoundError(f"No {' or '.join(names)} in {root}; found {held}.")
    frame = pd.read_csv(path)
    lacking = [name for name in wanted if name not in frame]
    if lacking:
        raise ValueError(f"{path} lacks the columns {', '.join(lacking)}: expected the file of the shap project.")
    return frame
