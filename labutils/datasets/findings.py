"""The fourteen findings of NIH ChestX-ray14 and the law by which they occur together.

All constants were counted in the public label table ``Data_Entry_2017_v2020.csv`` (112,120 films of 30,805 patients;
Wang et al., "ChestX-ray8: hospital-scale chest X-ray database and benchmarks", CVPR 2017). They are shares and
correlations of the whole table, never a patient's data. The labels were mined from reports by a program, so the
prevalences describe *labels*, not disease in any population.
"""

from __future__ import annotations

import numpy as np

FINDINGS: tuple[str, ...] = (
    "Atelectasis",
    "Cardiomegaly",
    "Effusion",
    "Infiltration",
    "Mass",
    "Nodule",
    "Pneumonia",
    "Pneumothorax",
    "Consolidation",
    "Edema",
    "Emphysema",
    "Fibrosis",
    "Pleural_Thickening",
    "Hernia",
)
"""Names in the order of the NIH table; every array of labels or scores in this project has its columns in this order."""

SHARE_AP = 0.40
"""Share of films taken front to back (AP), usually of patients who cannot stand: 39.97 % in the table."""

SHARE_MALE = 0.565
"""Share of films of men: 56.5 % in the table."""

# Share of films with the finding, by view, in the order of FINDINGS.
PREVALENCE_PA = np.array(
    [0.0851, 0.0232, 0.0979, 0.1390, 0.0530, 0.0621, 0.0094, 0.0506, 0.0226, 0.0041, 0.0223, 0.0209, 0.0359, 0.0029]
)
PREVALENCE_AP = np.array(
    [0.1301, 0.0271, 0.1501, 0.2352, 0.0494, 0.0481, 0.0179, 0.0423, 0.0702, 0.0452, 0.0227, 0.0062, 0.0216, 0.0008]
)
PREVALENCE_PA.setflags(write=False)
PREVALENCE_AP.setflags(write=False)

HIGHEST_PREVALENCE = 0.5
"""Where a scaled prevalence is cut off, so that films without a finding remain."""

# Tetrachoric correlation of each pair of findings, averaged over the two views (.6 PA, .4 AP): the correlation of two
# normal variables which, cut at the prevalences, give the counted joint share. Pairs with fewer than about 10 expected
# films (those of hernia) are set to 0, except the two that are clearly counted.
_PAIRS = """
Atelectasis: Cardiomegaly .07, Effusion .37, Infiltration .19, Mass .07, Pneumonia .16, Pneumothorax .11,
    Consolidation .30, Emphysema .14, Fibrosis .07, Pleural_Thickening .11, Hernia .15
Cardiomegaly: Effusion .38, Mass -.07, Nodule -.07, Pneumothorax -.17, Consolidation .07, Edema .17, Emphysema -.06,
    Fibrosis .05, Pleural_Thickening .06
Effusion: Infiltration .22, Mass .21, Nodule .07, Pneumonia .12, Pneumothorax .15, Consolidation .29, Edema .27,
    Emphysema .05, Pleural_Thickening .24
Infiltration: Mass .05, Nodule .13, Pneumonia .27, Consolidation .11, Edema .29, Fibrosis .08, Pleural_Thickening .09
Mass: Nodule .30, Pneumothorax .11, Consolidation .28, Edema .09, Emphysema .11, Fibrosis .06, Pleural_Thickening .24,
    Hernia .12
Nodule: Pneumothorax .03, Consolidation .16, Edema .06, Emphysema -.04, Fibrosis .11, Pleural_Thickening .18
Pneumonia: Pneumothorax -.08, Consolidation .15, Edema .44, Emphysema -.05, Fibrosis -.07, Pleural_Thickening .03
Pneumothorax: Edema -.11, Emphysema .51, Pleural_Thickening .13
Consolidation: Edema .12, Fibrosis .08, Pleural_Thickening .17
Edema: Fibrosis -.08
Emphysema: Pleural_Thickening .13
Fibrosis: Pleural_Thickening .25
"""

# How strongly a label returns on the next film of the same patient (tetrachoric correlation of neighbouring films):
# a heart stays large, a lobe clears.
PERSISTENCE = np.array([0.53, 0.68, 0.64, 0.40, 0.72, 0.60, 0.45, 0.83, 0.55, 0.65, 0.79, 0.59, 0.55, 0.91])
PERSISTENCE.setflags(write=False)

VIEW_PERSISTENCE = 0.72
"""The same correlation for the view: a patient in bed tends to be in bed for the next film too."""

# Correlation of each finding's hidden severity with age.
AGE_LOADING = np.array([0.13, 0.0, 0.10, -0.03, 0.06, 0.08, -0.05, 0.0, 0.0, -0.04, 0.09, 0.14, 0.10, 0.31])
AGE_LOADING.setflags(write=False)


def _correlation_matrix() -> np.ndarray:
    matrix = np.eye(len(FINDINGS))
    for line in _PAIRS.strip().replace("\n    ", " ").splitlines():
        first, others = line.split(":")
        for pair in others.split(","):
            second, value = pair.split()
            i, j = FINDINGS.index(first), FINDINGS.index(second)
            matrix[i, j] = matrix[j, i] = float(value)
    matrix.setflags(write=False)
    return matrix


CORRELATION = _correlation_matrix()
"""Array of float, shape (14, 14): correlation of the findings' hidden severities within a view."""


def prevalence(view: str, prevalence_scale: float = 1.0) -> np.ndarray:
    """Share of films with each finding in one view.

    Parameters
    ----------
    view : {"PA", "AP"}
    prevalence_scale : float
        Multiplies every share; the product is cut off at 0.5.

    Returns
    -------
    array of float, shape (14,)
        In the order of `FINDINGS`.

    Raises
    ------
    ValueError
        If the view is not "PA" or "AP".
    """
    if view not in ("PA", "AP"):
        raise ValueError(f'view must be "PA" or "AP", got {view!r}.')
    share = PREVALENCE_PA if view == "PA" else PREVALENCE_AP
    return np.minimum(share * prevalence_scale, HIGHEST_PREVALENCE)
