"""DenseNets for chest films, and the small trained one that the labs use. Keras is imported when a network is built."""

from labutils.models.densenet import FEATURES, build_densenet, build_densenet121
from labutils.models.xray import fine_tune_head, load_xray_model, prepare_films, xray_model_card

__all__ = [
    "FEATURES",
    "build_densenet",
    "build_densenet121",
    "fine_tune_head",
    "load_xray_model",
    "prepare_films",
    "xray_model_card",
]
