"""Scores that come with the course: a network on phantom films, and two models on a real table of biopsies."""

from pathlib import Path

import numpy as np
import pandas as pd

from labutils.datasets import registry
from labutils.datasets.scores import Scores, load_scores

PHANTOM_TABLE = Path(__file__).parent / "tables" / "xray_scores.csv.gz"
PHANTOMS = {"seed": 20261201, "patients": 700, "film_size": 128, "prevalence_scale": 2.0, "decimals": 4}


def load_phantom_scores():
    """Load labels and scores of 1,716 phantom films of 700 patients, read by the shipped network of week 1.

    The films are synthetic: drawn from a seed of their own, with twice the label frequencies of NIH ChestX-ray14, of
    patients whom the network has not met in training. ``scripts/score_phantoms.py`` makes the table anew.

    Returns
    -------
    Scores
        14 findings; ``about`` has image, patient, age, sex and view. The scores lie between 0 and 1 but are no probabilities: the
        network was trained with weights.
    """
    return load_scores(PHANTOM_TABLE, probabilities=True)


def load_biopsy_scores(*, folds=5):
    """Score 569 real breast biopsies with two models, each patient by a model that has not seen her.

    The table is scikit-learn's (Street, Wolberg and Mangasarian, 1993): 30 measurements of cell nuclei; 212 of the 569 were
    malignant. It has no patient column: each biopsy counts as a patient. Age and origin are not recorded.

    Parameters
    ----------
    folds : int, default 5
        Patients are dealt into so many parts; each is scored by models that learnt from the others.

    Returns
    -------
    Scores
        One row per biopsy and two columns with the same labels (1 = malignant): ``one_measurement``, a logistic
        regression on the mean texture of the nuclei alone, and ``naive_bayes``, a Gaussian naive Bayes model on the ten
        mean measurements, which takes them for independent of one another and is too sure of itself.
    """
    from sklearn.datasets import load_breast_cancer
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold, cross_val_predict
    from sklearn.naive_bayes import GaussianNB
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    x, benign = load_breast_cancer(return_X_y=True)
    malignant = 1 - benign
    parts = StratifiedKFold(folds, shuffle=True, random_state=0)
    models = {
        "one_measurement": (make_pipeline(StandardScaler(), LogisticRegression()), x[:, [1]]),
        "naive_bayes": (GaussianNB(), x[:, :10]),
    }
    scores = {
        name: cross_val_predict(model, columns, malignant, cv=parts, method="predict_proba")[:, 1]
        for name, (model, columns) in models.items()
    }
    labels = pd.DataFrame(dict.fromkeys(models, malignant))
    about = pd.DataFrame({"patient": np.arange(len(labels))})
    return Scores(labels, pd.DataFrame(scores), about, ("One biopsy counts as one patient.",))


def load_real_scores():
    """Load a DenseNet-121's scores for 22,433 real films, if they and the label table are on this machine.

    They come with ``medlabs data fetch chexnet_predictions`` and the labels of ``nih_chestxray14`` (or ``medlabs data use``).

    Returns
    -------
    Scores or None
        None if the scores or the labels are not there.
    """
    folders = [registry.find(name) for name in ("chexnet_predictions", "nih_chestxray14")]
    if None in folders:
        return None
    predictions, tables = Path(folders[0]) / "preds.csv", sorted(Path(folders[1]).glob("Data_Entry_2017*.csv*"))
    if not predictions.is_file() or not tables:
        return None
    largest = max(tables, key=lambda table: (table.name.endswith(".gz"), table.stat().st_size))
    return load_scores(predictions, labels=largest, probabilities=True)
