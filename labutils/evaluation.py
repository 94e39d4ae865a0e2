"""Say how good a diagnostic score is, for whom, at which threshold, and how sure we are.

One door to the tools of course 1, week 2. They live in files of their own, each small enough to read:

- :mod:`labutils.evaluation_rates`: the confusion matrix and the rates that follow from it, Bayes' rule, Wilson's interval;
- :mod:`labutils.evaluation_auc`: the area under the ROC curve with an interval from resampled patients;
- :mod:`labutils.evaluation_curves`: ROC, precision-recall and decision curves;
- :mod:`labutils.evaluation_calibration`: are probabilities kept promises, and how are they mended;
- :mod:`labutils.evaluation_intervals`: an interval for any metric, and what an interval covers;
- :mod:`labutils.evaluation_subgroups`: the same questions for groups of patients.

Everywhere 0/0 is NaN, never an error: the sensitivity where nobody is sick, the PPV where nobody is flagged, an AUC of one class.
"""

from labutils.evaluation_auc import (
    AucInterval,
    _patient_counts,
    _rank_auc,
    _weighted_aucs,
    auc,
    bootstrap_auc,
)
from labutils.evaluation_calibration import CalibrationTable, brier_score, calibration_table, platt_scale
from labutils.evaluation_curves import (
    PrecisionRecallCurve,
    RocCurve,
    average_precision,
    decision_curve,
    net_benefit,
    precision_recall_curve,
    roc_curve,
    threshold_for_harms,
)
from labutils.evaluation_intervals import Coverage, Interval, bootstrap_metric, coverage_of_interval, wilson_interval
from labutils.evaluation_rates import (
    ConfusionMatrix,
    confusion_matrix,
    f1_score,
    false_negatives,
    false_positives,
    get_accuracy,
    get_npv,
    get_ppv,
    get_prevalence,
    get_sensitivity,
    get_specificity,
    npv_from_bayes,
    ppv_from_bayes,
    true_negatives,
    true_positives,
)
from labutils.evaluation_subgroups import age_groups, subgroup_table

__all__ = [
    "AucInterval",
    "CalibrationTable",
    "ConfusionMatrix",
    "Coverage",
    "Interval",
    "PrecisionRecallCurve",
    "RocCurve",
    "_patient_counts",
    "_rank_auc",
    "_weighted_aucs",
    "age_groups",
    "auc",
    "average_precision",
    "bootstrap_auc",
    "bootstrap_metric",
    "brier_score",
    "calibration_table",
    "confusion_matrix",
    "coverage_of_interval",
    "decision_curve",
    "f1_score",
    "false_negatives",
    "false_positives",
    "get_accuracy",
    "get_npv",
    "get_ppv",
    "get_prevalence",
    "get_sensitivity",
    "get_specificity",
    "net_benefit",
    "npv_from_bayes",
    "platt_scale",
    "ppv_from_bayes",
    "precision_recall_curve",
    "roc_curve",
    "subgroup_table",
    "threshold_for_harms",
    "true_negatives",
    "true_positives",
    "wilson_interval",
]
