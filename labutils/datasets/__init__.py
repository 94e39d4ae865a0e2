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
