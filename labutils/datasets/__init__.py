"""Films and scans to learn from: seeded phantoms, made on the spot, and loaders for real collections.

Names are fetched when first used, so that importing this package stays cheap.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOME = {
    "FINDINGS": "labutils.datasets.findings",
    "Films": "labutils.datasets.phantoms",
    "make_phantoms": "labutils.datasets.phantoms",
    "draw_labels": "labutils.datasets.phantom_labels",
    "BrainScan": "labutils.datasets.gliomas",
    "CHANNELS": "labutils.datasets.gliomas",
    "LABELS": "labutils.datasets.gliomas",
    "MNI_NOTICE": "labutils.datasets.mni",
    "list_brats": "labutils.datasets.brain_scans",
    "list_decathlon": "labutils.datasets.brain_scans",
    "load_brats": "labutils.datasets.brain_scans",
    "load_decathlon": "labutils.datasets.brain_scans",
    "load_template": "labutils.datasets.mni",
    "make_gliomas": "labutils.datasets.gliomas",
    "paint_glioma": "labutils.datasets.gliomas",
    "load_nih": "labutils.datasets.nih",
    "read_films": "labutils.datasets.nih",
}

__all__ = [
    "CHANNELS",
    "FINDINGS",
    "LABELS",
    "MNI_NOTICE",
    "BrainScan",
    "Films",
    "draw_labels",
    "list_brats",
    "list_decathlon",
    "load_brats",
    "load_decathlon",
    "load_nih",
    "load_template",
    "make_gliomas",
    "make_phantoms",
    "paint_glioma",
    "read_films",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
