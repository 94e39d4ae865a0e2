"""DenseNets for chest films, and the small trained one that the labs use. Keras is imported when a network is built.

``from labutils.models import keras`` imports Keras without TensorFlow's start-up notes.
"""

from labutils.models.densenet import FEATURES, build_densenet, build_densenet121
from labutils.models.quiet import import_keras
from labutils.models.xray import fine_tune_head, load_xray_model, prepare_films, xray_model_card

__all__ = [
    "FEATURES",
    "build_densenet",
    "build_densenet121",
    "fine_tune_head",
    "import_keras",
    "load_xray_model",
    "prepare_films",
    "xray_model_card",
]


def __getattr__(name):
    if name == "keras":
        return import_keras()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
