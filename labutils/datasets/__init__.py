"""Films to learn from: seeded phantoms, made on the spot, and loaders for real collections.

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
    "load_nih": "labutils.datasets.nih",
    "read_films": "labutils.datasets.nih",
    "load_whas500": "labutils.datasets.heart_attack",
    "load_gbsg2": "labutils.datasets.breast_trial",
    "load_pbc": "labutils.datasets.pbc",
}

__all__ = [
    "FINDINGS",
    "Films",
    "draw_labels",
    "load_gbsg2",
    "load_nih",
    "load_pbc",
    "load_whas500",
    "make_phantoms",
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
