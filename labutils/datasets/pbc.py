"""Primary biliary cholangitis at the Mayo Clinic, in each of the layouts in which the table goes round.

===========================  =======================================================================================
R's survival package         pbc.csv with ``rownames``, ``id``, ``time`` …; age in years
a course's copy              the same without ``rownames``
UCI (also on Kaggle)         cirrhosis.csv: ``N_Days``, ``Status`` C/CL/D, ``Drug`` in words, ``Age`` in days, Y and N
===========================  =======================================================================================
"""

from pathlib import Path

import pandas as pd

COLUMNS = [
    *("id", "time", "status", "trt", "age", "sex", "ascites", "hepato", "spiders", "edema", "bili", "chol", "albumin"),
    *("copper", "alk.phos", "ast", "trig", "platelet", "protime", "stage"),
]
UCI_NAMES = {
    "ID": "id",
    "N_Days": "time",
    "Status": "status",
    "Drug": "trt",
    "Age": "age",
    "Sex": "sex",
    "Ascites": "ascites",
    "Hepatomegaly": "hepato",
    "Spiders": "spiders",
    "Edema": "edema",
    "Bilirubin": "bili",
    "Cholesterol": "chol",
    "Albumin": "albumin",
    "Copper": "copper",
    "Alk_Phos": "alk.phos",
    "SGOT": "ast",
    "Tryglicerides": "trig",  # spelt like this at UCI
    "Platelets": "platelet",
    "Prothrombin": "protime",
    "Stage": "stage",
}
UCI_CODES = {
    "status": {"C": 0, "CL": 1, "D": 2},
    "trt": {"D-penicillamine": 1, "Placebo": 2},  # the codebook's numbers: 1 is the drug
    "sex": {"F": "f", "M": "m"},
    "ascites": {"N": 0, "Y": 1},
    "hepato": {"N": 0, "Y": 1},
    "spiders": {"N": 0, "Y": 1},
    "edema": {"N": 0, "S": 0.5, "Y": 1},
}
DAYS_PER_YEAR = 365.25


def load_pbc(folder: str | Path) -> pd.DataFrame:
    """Load the PBC patients, one row each, whichever layout the file has.

    Parameters
    ----------
    folder : str or Path
        The folder that holds pbc.csv or cirrhosis.csv, or the file itself. ``registry.find("pbc")`` gives it.

    Returns
    -------
    DataFrame
        The columns of R's table: ``id``, ``time`` (days), ``status`` (0 censored, 1 transplanted, 2 dead), ``trt``
        (1 = D-penicillamine, 2 = placebo, missing = not in the trial), ``age`` (years), ``sex`` (m, f), ``ascites``, ``hepato``
        and ``spiders`` (0, 1), ``edema`` (0, 0.5, 1), ``bili`` (mg/dl), ``chol`` (mg/dl), ``albumin`` (g/dl), ``copper``
        (ug/day), ``alk.phos`` (U/l), ``ast`` (U/ml), ``trig`` (mg/dl), ``platelet`` (per ul/1000), ``protime`` (seconds) and
        ``stage`` (1 to 4). What is missing stays missing, and nobody is left out: a transplanted patient neither.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If a column is lacking, a code is unknown, a patient is there twice, or a time is negative.
    """
    path = _find(Path(folder).expanduser())
    table = pd.read_csv(path, encoding="utf-8-sig")
    if "N_Days" in table.columns:
        table = _from_uci(table, path)
    lacking = [name for name in COLUMNS if name not in table.columns]
    if lacking:
        raise ValueError(
            f"{path} is not the PBC table: it lacks {', '.join(lacking)}; it has {', '.join(table.columns)}."
        )
    table = table[COLUMNS]
    _check_codes(table, path)
    return table.astype({"id": int, "time": float, "status": int})


def _find(place):
    if place.is_file():
        return place
    for name in ("pbc.csv", "cirrhosis.csv"):
        if (place / name).is_file():
            return place / name
    raise FileNotFoundError(f"There is no pbc.csv or cirrhosis.csv in {place}: check the folder.")


def _from_uci(table, path):
    table = table.rename(columns=UCI_NAMES)
    for name, codes in UCI_CODES.items():
        if name not in table:
            continue  # told by the caller, with all that is lacking
        words = table[name].str.strip()
        strange = sorted(set(words.dropna()) - set(codes))
        if strange:
            raise ValueError(f"{path}: {name} holds {strange[0]!r}; {', '.join(codes)} are known.")
        table[name] = words.map(codes)
    return table.assign(age=table["age"] / DAYS_PER_YEAR) if "age" in table else table


def _check_codes(table, path):
    allowed = {"status": (0, 1, 2), "trt": (1, 2), "sex": ("m", "f"), "edema": (0, 0.5, 1)}
    for name, codes in allowed.items():
        strange = table[name].dropna()[lambda column, codes=codes: ~column.isin(codes)]
        if len(strange):
            raise ValueError(f"{path}: {name} holds {strange.iloc[0]}; {', '.join(map(str, codes))} are known.")
    if table["id"].duplicated().any():
        raise ValueError(f"{path}: patient {table['id'][table['id'].duplicated()].iloc[0]} is there twice.")
    if not (table["time"] >= 0).all() or table["status"].isna().any():
        raise ValueError(f"{path}: a time is missing or below 0, or a status is missing.")
    if table["age"].max() > 120:
        raise ValueError(f"{path}: the oldest age is {table['age'].max():.0f} years; is the age in days?")
