"""Hazards, and how to judge who models them well: the functions of course 2, week 4.

``columns`` makes numbers of categories, ``cox`` reads a Cox model, ``concordance`` and ``brier`` score predictions while
some patients are still alive, ``incidence`` counts events, also when one kind of event rules out another.
"""

from labutils.hazards.brier import BrierInterval, brier_interval, brier_score
from labutils.hazards.columns import TreatmentEffect, decode_treatment, to_one_hot
from labutils.hazards.concordance import (
    ConcordanceInterval,
    PairCounts,
    count_pairs,
    harrell_c,
    harrell_c_difference,
    harrell_c_interval,
)
from labutils.hazards.cox import hazard_ratio, survival_from_hazard
from labutils.hazards.incidence import (
    CumulativeHazard,
    CumulativeIncidence,
    KaplanMeier,
    cumulative_incidence,
    kaplan_meier,
    nelson_aalen,
)

__all__ = [
    "BrierInterval",
    "ConcordanceInterval",
    "CumulativeHazard",
    "CumulativeIncidence",
    "KaplanMeier",
    "PairCounts",
    "TreatmentEffect",
    "brier_interval",
    "brier_score",
    "count_pairs",
    "cumulative_incidence",
    "decode_treatment",
    "harrell_c",
    "harrell_c_difference",
    "harrell_c_interval",
    "hazard_ratio",
    "kaplan_meier",
    "nelson_aalen",
    "survival_from_hazard",
    "to_one_hot",
]
