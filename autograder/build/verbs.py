"""Verbs that titles and objectives start with. A missing one is added here, where everybody sees it."""

import re

# What a learner can do and somebody can see. "Know", "learn" and "understand" are not here: nobody can check them.
_VERBS = """
    account add adjust agree align analyse answer apply approximate argue ask assemble assess attend average balance bin
    blind block bootstrap bound bring build calculate calibrate change check choose clean cluster code collect combine
    compare compute condition convert correct count create cross-check cut date debug decide decode define derive
    describe design detect diagnose discover distinguish divide do draw drop encode enlarge estimate evaluate examine
    exclude expect explain explore export express extract fill filter find fine-tune fit fix flag follow forecast form
    freeze gather generate get give grade group grow handle hold identify implement improve impute infer inspect
    interpret join judge keep label leave let link list load locate look lower mark mask match measure meet mend merge
    mind model move name normalise note observe open optimise order pad paint pair permute pick place plan plot practise
    predict prepare preprocess pre-process pre-train price prove prune put quantify question rank read rebuild recognise
    recalibrate reconstruct record reduce refit register regularise relate repair repeat report rescale resample reset
    resize reuse review rotate run sample save say scale score search segment see select separate set shift show shrink
    shuffle simulate sketch slice smooth solve sort spell split stack standardise start state stitch stop stratify
    submit subtract sum summarise survive swap switch take tell test think tokenise trace track train transform translate
    treat trim tune turn update use validate vary verify visualise vote warp watch weigh weight work write zoom
"""
VERBS = frozenset(re.findall(r"[a-z-]+", _VERBS))
_LINKS = frozenset(("and", "again", "finally", "first", "now", "or", "then"))


def starts_with_verb(text):
    """Say whether a title or an objective starts with a verb of the list; ``Or resample, …`` counts."""
    words = [word.strip("*_`,.;:") for word in text.lower().split()]
    if words and words[0] in _LINKS:
        words = words[1:]
    return bool(words) and words[0] in VERBS
