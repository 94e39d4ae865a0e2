"""Networks of the labs: DenseNets for films, 3D U-Nets for scans, transformers for reports, and a small trained one of each.

Keras is imported when a network is built.

``from labutils.models import keras`` imports Keras without TensorFlow's start-up notes.
"""

from labutils.models.bert import BertReader, load_bert_reader
from labutils.models.brain import brain_model_card, load_brain_model
from labutils.models.densenet import FEATURES, build_densenet, build_densenet121
from labutils.models.quiet import import_keras
from labutils.models.reader import answer_questions, build_reader, load_reader, prepare_reader, reader_card
from labutils.models.unet import build_unet, channels_first, channels_last
from labutils.models.xray import fine_tune_head, load_xray_model, prepare_films, xray_model_card

__all__ = [
    "FEATURES",
    "BertReader",
    "answer_questions",
    "brain_model_card",
    "build_densenet",
    "build_densenet121",
    "build_reader",
    "build_unet",
    "channels_first",
    "channels_last",
    "fine_tune_head",
    "import_keras",
    "load_bert_reader",
    "load_brain_model",
    "load_reader",
    "load_xray_model",
    "prepare_films",
    "prepare_reader",
    "reader_card",
    "xray_model_card",
]


def __getattr__(name):
    if name == "keras":
        return import_keras()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
