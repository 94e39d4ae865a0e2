"""The words of the made-up reports, in two styles: "A" to learn from, "B" another hospital with words of its own.

Nothing here is copied from a report of a patient. Frequencies are invented.
"""

from typing import NamedTuple

STYLES = ("A", "B")


class Finding(NamedTuple):
    """How a finding is spoken of: nouns by style (with article where one is usual), sizes, places, and how often it is there."""

    nouns: dict
    sizes: dict
    places: dict
    present: float
    doubted: float
    denied: float


_LUNG = {
    "A": (
        *("in the left lower lobe", "in the right lower lobe", "in the right upper lobe", "in the left upper lobe"),
        *("in the right middle lobe", "in the lingula", "at the left base", "at the right base", "at both lung bases"),
    ),
    "B": (
        *(
            "within the left mid lung",
            "within the right perihilar region",
            "at the right lung apex",
            "at the left lung apex",
        ),
        *("in the retrocardiac region", "in the left lower lobe", "in the right upper lobe", "at the right lung base"),
    ),
}
_PLEURA = {
    "A": ("on the left side", "on the right side", "in the left pleural space", "in the right pleural space"),
    "B": ("in the left hemithorax", "in the right hemithorax", "at the left apex", "on the right side"),
}
_BONE = {
    "A": ("of the left sixth rib", "of the right fifth rib", "of the left clavicle", "of the T8 vertebra"),
    "B": ("of the right ninth rib", "of the right clavicle", "of the left fourth rib", "of the sternum"),
}
_NOWHERE = {"A": (), "B": ()}
_GRADE = {"A": ("mild", "moderate", "severe"), "B": ("slight", "moderate", "marked")}
_AMOUNT = {"A": ("small", "moderate", "large"), "B": ("tiny", "moderate", "sizable")}
_LENGTH = {"A": ("8 mm", "12 mm", "2 cm", "2.5 cm"), "B": ("6 mm", "9 mm", "3 cm", "1.5 cm")}

FINDINGS = {
    "Enlarged Cardiomediastinum": Finding(
        {
            "A": ("mediastinal widening", "a widened mediastinum"),
            "B": ("mediastinal enlargement", "a broad upper mediastinum"),
        },
        _GRADE,
        _NOWHERE,
        0.04,
        0.02,
        0.15,
    ),
    "Cardiomegaly": Finding(
        {"A": ("cardiomegaly", "cardiac enlargement"), "B": ("cardiomegaly", "an enlarged cardiac shadow")},
        _GRADE,
        _NOWHERE,
        0.16,
        0.03,
        0.45,
    ),
    "Lung Lesion": Finding(
        {"A": ("a nodule", "a mass", "a nodular density"), "B": ("a nodule", "a rounded lesion", "a spiculated mass")},
        _LENGTH,
        _LUNG,
        0.10,
        0.03,
        0.12,
    ),
    "Lung Opacity": Finding(
        {"A": ("an opacity", "airspace disease"), "B": ("hazy opacification", "an infiltrate")},
        {"A": ("faint", "patchy", "dense"), "B": ("ill-defined", "patchy", "streaky")},
        _LUNG,
        0.20,
        0.02,
        0.15,
    ),
    "Edema": Finding(
        {"A": ("pulmonary edema", "interstitial edema"), "B": ("pulmonary edema", "vascular congestion")},
        _GRADE,
        _NOWHERE,
        0.09,
        0.05,
        0.25,
    ),
    "Consolidation": Finding(
        {"A": ("consolidation", "a consolidation"), "B": ("consolidative change", "lobar consolidation")},
        {"A": ("patchy", "dense"), "B": ("confluent", "patchy")},
        _LUNG,
        0.07,
        0.03,
        0.40,
    ),
    "Pneumonia": Finding(
        {"A": ("pneumonia",), "B": ("pneumonia", "an infectious infiltrate")},
        _GRADE,
        _LUNG,
        0.04,
        0.12,
        0.20,
    ),
    "Atelectasis": Finding(
        {"A": ("atelectasis", "volume loss"), "B": ("linear atelectasis", "subsegmental collapse")},
        {"A": ("mild", "minimal"), "B": ("trace", "slight")},
        _LUNG,
        0.18,
        0.08,
        0.06,
    ),
    "Pneumothorax": Finding(
        {"A": ("a pneumothorax", "pneumothorax"), "B": ("a pneumothorax", "an apical pneumothorax")},
        _AMOUNT,
        _PLEURA,
        0.04,
        0.02,
        0.55,
    ),
    "Pleural Effusion": Finding(
        {"A": ("a pleural effusion", "an effusion"), "B": ("pleural fluid", "a layering effusion")},
        _AMOUNT,
        _PLEURA,
        0.17,
        0.05,
        0.45,
    ),
    "Pleural Other": Finding(
        {"A": ("pleural thickening",), "B": ("pleural thickening", "calcified pleural plaques")},
        _GRADE,
        _PLEURA,
        0.04,
        0.01,
        0.03,
    ),
    "Fracture": Finding(
        {"A": ("a fracture",), "B": ("a fracture", "a healing fracture")},
        {"A": ("old", "acute"), "B": ("chronic", "displaced")},
        _BONE,
        0.05,
        0.02,
        0.12,
    ),
}

DEVICES = {
    "A": {
        "endotracheal tube": ("above the carina", "in the mid trachea"),
        "central line": ("in the superior vena cava", "in the right atrium"),
        "pacemaker": ("in the right ventricle", "in the right atrium"),
    },
    "B": {
        "endotracheal tube": ("below the clavicles", "in the mid trachea"),
        "PICC": ("at the cavoatrial junction", "in the left subclavian vein"),
        "defibrillator": ("in the right ventricular apex", "in the coronary sinus"),
    },
}

# How a finding is affirmed, doubted and denied. {what} has article and size, {where} its preposition.
AFFIRMED = {
    "A": (
        *("There is {what} {where}.", "{what} is seen {where}.", "{what} is present {where}."),
        *("{where} there is {what}.", "Again seen is {what} {where}.", "There is no change in {what} {where}."),
    ),
    "B": (
        "{what} is noted {where}.",
        "Findings show {what} {where}.",
        "{what} {where}, unchanged.",
        "{where}, {what} persists.",
    ),
}
DOUBTED = {
    "A": ("There may be {what} {where}.", "Possible {bare} {where}.", "{what} {where} cannot be excluded."),
    "B": (
        "Findings are suspicious for {what} {where}.",
        "Questionable {bare} {where}.",
        "{what} {where} is suspected.",
    ),
}
DOUBTED_FROM_OPACITY = {  # an opacity that is there, and what it may be
    "A": "There is {opacity} {where}, which may represent {bare}.",
    "B": "{opacity} {where}, concerning for {bare}.",
}
DENIED_ONE = {
    "A": ("There is no {bare}.", "No evidence of {bare}.", "No {bare} is seen.", "{bare} is not seen."),
    "B": (
        "The study is negative for {bare}.",
        "{bare} has resolved.",
        "Lungs are free of {bare}.",
        "{bare} is absent.",
    ),
}
DENIED_TWO = {
    "A": ("No {bare} or {bare2}.", "There is no evidence of {bare} or {bare2}.", "Without {bare} or {bare2}."),
    "B": (
        "Neither {bare} nor {bare2} is identified.",
        "No {bare}, and no {bare2}.",
        "{bare} and {bare2} are not present.",
    ),
}
DENIED_BUT = {
    "A": ("No {bare}, but {what} is seen {where}.", "There is {what} {where} without {bare}."),
    "B": ("Although there is no {bare}, {what} is noted {where}.", "No {bare}; however {what} is noted {where}."),
}
DENIED_BY_NORMAL = {
    "Cardiomegaly": {
        "A": ("The heart size is normal.", "Heart size is within normal limits."),
        "B": ("Normal heart size.",),
    },
    "Enlarged Cardiomediastinum": {
        "A": ("The mediastinal contour is normal.", "The mediastinum is not widened."),
        "B": ("Mediastinal silhouette is unremarkable.",),
    },
}
CONCLUDED = {  # in the impression
    "A": {"positive": "{bare}.", "uncertain": "Possible {bare}.", "negative": "No {bare}."},
    "B": {"positive": "Findings of {bare}.", "uncertain": "{bare} is possible.", "negative": "Negative for {bare}."},
}
DEVICE_SENTENCES = {"A": ("The tip of the {device} is {where}.",), "B": ("{device} with its tip {where}.",)}
NOTHING = {
    "A": ("The lungs are clear.", "No acute cardiopulmonary abnormality."),
    "B": ("Clear lungs.", "Unremarkable chest."),
}
REASONS = {
    "A": (
        *(
            "cough and fever",
            "chest pain",
            "shortness of breath",
            "rule out pneumonia",
            "fall from a ladder",
            "line placement",
        ),
        *("weight loss", "follow-up of a nodule", "productive cough", "chest pain after a fall"),
    ),
    "B": ("dyspnea on exertion", "evaluate for effusion", "hemoptysis", "night sweats", "trauma", "fever and cough"),
}
EARLIER = {
    "A": ("none", "chest film of 3 May", "chest film of last week", "radiograph of 12 June", "chest film of yesterday"),
    "B": ("none available", "film of 21 March", "outside film of 9 August", "CT of 4 January"),
}
