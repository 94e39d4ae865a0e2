"""Data to learn from: seeded patients, films and scans, made on the spot, and loaders for real collections.

Names are fetched when first used, so that importing this package stays cheap.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOME = {
    "list_brats": "labutils.datasets.brain_scans",
    "list_decathlon": "labutils.datasets.brain_scans",
    "load_brats": "labutils.datasets.brain_scans",
    "load_decathlon": "labutils.datasets.brain_scans",
    "load_gbsg2": "labutils.datasets.breast_trial",
    "load_diabetes_progression": "labutils.datasets.diabetes",
    "load_biopsy_scores": "labutils.datasets.embedded_scores",
    "load_phantom_scores": "labutils.datasets.embedded_scores",
    "load_real_scores": "labutils.datasets.embedded_scores",
    "FINDINGS": "labutils.datasets.findings",
    "load_flchain": "labutils.datasets.flchain",
    "BrainScan": "labutils.datasets.gliomas",
    "CHANNELS": "labutils.datasets.gliomas",
    "LABELS": "labutils.datasets.gliomas",
    "make_gliomas": "labutils.datasets.gliomas",
    "paint_glioma": "labutils.datasets.gliomas",
    "load_whas500": "labutils.datasets.heart_attack",
    "died_within": "labutils.datasets.horizon",
    "MNI_NOTICE": "labutils.datasets.mni",
    "load_template": "labutils.datasets.mni",
    "load_nhanes": "labutils.datasets.nhanes",
    "load_nih": "labutils.datasets.nih",
    "read_films": "labutils.datasets.nih",
    "load_pbc": "labutils.datasets.pbc",
    "load_chexpert": "labutils.datasets.chexpert",
    "MadeReports": "labutils.datasets.made_reports",
    "make_reports": "labutils.datasets.made_reports",
    "load_openi": "labutils.datasets.openi",
    "mesh_labels": "labutils.datasets.openi",
    "draw_labels": "labutils.datasets.phantom_labels",
    "Films": "labutils.datasets.phantoms",
    "make_phantoms": "labutils.datasets.phantoms",
    "load_retinopathy": "labutils.datasets.retinopathy",
    "RetinopathyCohort": "labutils.datasets.retinopathy_cohort",
    "make_retinopathy_cohort": "labutils.datasets.retinopathy_cohort",
    "Scores": "labutils.datasets.scores",
    "load_scores": "labutils.datasets.scores",
    "STAGES": "labutils.datasets.survival_times",
    "load_lymphoma": "labutils.datasets.survival_times",
    "load_times": "labutils.datasets.survival_times",
    "load_actg320": "labutils.datasets.trials",
    "load_colon": "labutils.datasets.trials",
    "simulate_trial": "labutils.datasets.trials",
}

__all__ = list(_HOME)


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
