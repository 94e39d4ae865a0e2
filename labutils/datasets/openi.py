"""The chest X-ray reports of Indiana University (Open-i), from any of the forms in which they go round.

====================  ===================================================================================================
NLMCXR_reports.tgz    the archive as published; it is read packed
a folder of XML       the same unpacked, at any depth
Kaggle                ``indiana_reports.csv``: ``uid, MeSH, Problems, image, indication, comparison, findings, impression``
====================  ===================================================================================================

The reports are CC BY-NC-ND 4.0. Names, places and dates are blanked as ``XXXX``, sometimes with medical words; the marks stay.
"""

import re
import tarfile
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd

SECTIONS = ("indication", "comparison", "findings", "impression")
ARCHIVE, TABLE = "NLMCXR_reports.tgz", "indiana_reports.csv"

# Which headings of the manual MeSH codes (heading/qualifier/…) stand for which of CheXpert's findings. Ours; a judgement.
MESH = {
    "Enlarged Cardiomediastinum": r"Mediastinum/(?:.*/)?(?:prominent|enlarged)",
    "Cardiomegaly": r"Cardiomegaly|Cardiac Shadow/(?:.*/)?enlarged",
    "Lung Lesion": r"(?:Calcified )?Granuloma|Granulomatous Disease|Nodule|Mass(?:/|$)|Cavitation|Neoplasms?|Lung Neoplasms",
    "Lung Opacity": r"Opacity|Airspace Disease|Infiltrate|Density/(?:.*/)?(?:lung|pulmonary)|Markings|Lung Diseases, Interstitial"
    r"|Pulmonary Fibrosis|Cicatrix/(?:.*/)?(?:lung|pulmonary)",
    "Edema": r"Pulmonary Edema|Pulmonary Congestion|Heart Failure",
    "Consolidation": r"Consolidation",
    "Pneumonia": r"Pneumonia",
    "Atelectasis": r"Pulmonary Atelectasis|Volume Loss",
    "Pneumothorax": r"Pneumothorax|Hydropneumothorax|Hemopneumothorax",
    "Pleural Effusion": r"Pleural Effusion|Hydropneumothorax|Hemothorax|Hemopneumothorax|Costophrenic Angle/(?:.*/)?blunted",
    "Pleural Other": r"Thickening/(?:.*/)?pleura|Pleura/",
    "Fracture": r"Fractures, Bone",
    "Support Devices": r"Catheters, Indwelling|Implanted Medical Device|Surgical Instruments|Tube, Inserted|Medical Device"
    r"|Stents",
}
_MESH = {finding: re.compile(pattern) for finding, pattern in MESH.items()}


def load_openi(source: str | Path) -> pd.DataFrame:
    """Load the Open-i reports, one row each.

    Parameters
    ----------
    source : str or Path
        The archive, the csv, or a folder with either of them or with the XML files. ``registry.find("openi_reports")`` gives it.

    Returns
    -------
    DataFrame
        ``report`` (the collection's number as text), ``indication``, ``comparison``, ``findings``, ``impression`` ('' where the
        report has none), ``text`` (the sections that are there, with headings) and ``mesh`` (the manual codes, joined by ``;``),
        sorted by number. The files do not say which reports are of one patient.

    Raises
    ------
    FileNotFoundError
        If none of the forms is there.
    ValueError
        If a file is damaged or is no report; the message names it.

    References
    ----------
    Demner-Fushman D and others. Preparing a collection of radiology examinations for distribution and retrieval. JAMIA
    2016;23:304-310.
    """
    place = Path(source).expanduser()
    path = _find(place)
    if path.suffix == ".csv":
        rows = _from_table(path)
    elif path.is_dir():
        rows = [_from_xml(file.read_bytes(), file.name) for file in sorted(path.rglob("*.xml")) if file.name[0] != "."]
    else:
        rows = _from_archive(path)
    if not rows:
        raise ValueError(f"{path} holds no report: looked for .xml files in it.")
    table = pd.DataFrame(rows)
    repeated = table["report"][table["report"].duplicated()]
    if len(repeated):
        raise ValueError(f"{path} holds report {repeated.iloc[0]} twice: is a copy among the files?")
    order = table["report"].astype(int) if table["report"].str.isdigit().all() else table["report"]
    table = table.iloc[order.argsort(kind="stable")].reset_index(drop=True)
    table["text"] = [
        "\n".join(f"{name.upper()}: {row[name]}" for name in SECTIONS if row[name]) for row in table.to_dict("records")
    ]
    return table[["report", *SECTIONS, "text", "mesh"]]


def mesh_labels(reports: pd.DataFrame) -> pd.DataFrame:
    """Turn the manual MeSH codes into findings: which of them somebody coded as present.

    The codes say only what *is* there: nothing is coded as absent or uncertain. So they tell "positive or not", no
    more. People of the
    National Library of Medicine set them from the text of the report; the mapping to CheXpert's categories is ours.

    Parameters
    ----------
    reports : DataFrame with ``mesh``
        From `load_openi`.

    Returns
    -------
    DataFrame of int, shape (n_reports, 13)
        1 = coded as present, 0 = not coded; the categories of CheXpert without "No Finding", with the index of `reports`.

    Raises
    ------
    ValueError
        If there is no such column.
    """
    if "mesh" not in reports:
        raise ValueError(f"reports has no column 'mesh'; it has {', '.join(map(str, reports.columns))}.")
    codes = [[code.strip() for code in text.split(";")] for text in reports["mesh"]]
    return pd.DataFrame(
        {name: [int(any(map(pattern.match, row))) for row in codes] for name, pattern in _MESH.items()},
        index=reports.index,
    )


def _find(place):
    if place.is_file():
        return place
    for name in (ARCHIVE, TABLE):
        if (place / name).is_file():
            return place / name
    if place.is_dir() and next(place.rglob("*.xml"), None) is not None:
        return place
    raise FileNotFoundError(f"There is no {ARCHIVE}, no {TABLE} and no .xml file in {place}: check the folder.")


def _from_archive(path):
    rows = []
    try:
        with tarfile.open(path) as tar:
            for member in tar:
                name = Path(member.name).name
                if member.isfile() and name.endswith(".xml") and not name.startswith("."):
                    rows.append(_from_xml(tar.extractfile(member).read(), name))
    except (tarfile.TarError, EOFError, OSError) as error:
        raise ValueError(f"{path} is no readable archive ({error}): fetch it again.") from error
    return rows


def _from_xml(content, name):
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise ValueError(f"{name} declares entities, which no report of this collection does: it is not read.")
    try:
        root = ElementTree.fromstring(content)
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise ValueError(f"{name} is damaged: it is no well-formed XML ({error}). Fetch the archive again.") from error
    number = root.find("uId")
    parts = {(part.get("Label") or "").lower(): "".join(part.itertext()).strip() for part in root.iter("AbstractText")}
    if number is None or not parts.keys() & set(SECTIONS):
        raise ValueError(f"{name} is no Open-i report: it lacks uId, or AbstractText with the labels of the sections.")
    mesh = [code.text.strip() for code in root.findall("MeSH/major") if code.text]
    report = number.get("id", "").removeprefix("CXR")
    return {"report": report, **{section: parts.get(section, "") for section in SECTIONS}, "mesh": ";".join(mesh)}


def _from_table(path):
    table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    lacking = [name for name in ("uid", "MeSH", *SECTIONS) if name not in table]
    if lacking:
        raise ValueError(f"{path} is not the table of reports: it lacks {', '.join(lacking)}.")
    return table.rename(columns={"uid": "report", "MeSH": "mesh"})[["report", *SECTIONS, "mesh"]].to_dict("records")
