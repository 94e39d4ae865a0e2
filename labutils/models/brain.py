"""The brain-tumour network that is shipped with the labs: its weights, its card, and whole scans made ready for it."""

import hashlib
import json
from functools import cache
from pathlib import Path

from labutils.models.densenet import load_weights
from labutils.models.unet import build_unet

WEIGHTS = Path(__file__).parent / "weights" / "brain_unet.weights.h5"
CARD = Path(__file__).parent / "cards" / "brain_unet.json"


def brain_model_card():
    """Read the model card of the shipped 3D U-Net: what it is, how it was made, and what it is worth.

    Returns
    -------
    dict
        ``classes`` (in the order of the outputs), ``network`` (arguments of `build_unet`), ``spacing_mm``
        (edge of the voxels it
        reads), ``recipe``, ``training``, ``learning_curve``, and the results: ``painted``, ``other_scanner``
        and ``real``. A fresh
        copy each time.
    """
    return json.loads(_card_text())


@cache
def _card_text():
    return CARD.read_text(encoding="utf-8")


def load_brain_model():
    """Load the shipped slim 3D U-Net, trained on painted gliomas. For teaching only, never for a patient.

    Returns
    -------
    keras.Model
        From standardised blocks (n, x, y, z, 4) with voxels of 2 mm, sizes multiples of 4, to scores (n, x, y, z, 3) for
        oedema, non-enhancing and enhancing tumour; higher = more suspicious. Make scans ready with
        `labutils.segmentation.standardize_scan` and run it with `labutils.segmentation.predict_volume`.

    Raises
    ------
    ValueError
        If the weights file is not the one that the model card describes.
    """
    card = brain_model_card()
    if hashlib.sha256(WEIGHTS.read_bytes()).hexdigest() != card["weights"]["sha256"]:
        raise ValueError(
            f"{WEIGHTS.name} is not the file that its model card describes: install medlabs again, or train both anew "
            "with scripts/train_brain_unet.py and scripts/evaluate_brain_unet.py."
        )
    model = build_unet(len(card["classes"]), **card["network"])
    load_weights(model, WEIGHTS)
    return model
