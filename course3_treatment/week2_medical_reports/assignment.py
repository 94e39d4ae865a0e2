# %% [markdown]
# # Extract findings and answers from medical reports
#
# You write seven small functions. The first three find findings in chest X-ray reports, tell a present one from a denied one, and
# score the result. The other four prepare a question and a report for a transformer, read an answer out of its scores, and score
# that answer.
#
# **You will be able to**
#
# - extract findings by keyword, and see what that is worth;
# - decide by words and scope whether a mention is denied;
# - score labels per finding, micro and macro;
# - turn text into the input of a transformer, and its scores into an answer.
#
# **You need** an hour and a half, the lesson and the three labs, and no download. All reports here are *made up* by a grammar that comes
# with the course; nobody in them exists. No transformer runs in the graded part.
#
# | exercise | function | points |
# |---|---|---|
# | 1 | `get_labels` | {{points:get_labels}} |
# | 2 | `get_labels_negative_aware` | {{points:get_labels_negative_aware}} |
# | 3 | `f1_scores` | {{points:f1_scores}} |
# | 4 | `prepare_bert_input` | {{points:prepare_bert_input}} |
# | 5 | `get_span_from_scores` | {{points:get_span_from_scores}} |
# | 6 | `construct_answer` | {{points:construct_answer}} |
# | 7 | `exact_match_and_f1` | {{points:exact_match_and_f1}} |
#
# **How it is graded.** Below each answer stands a check that you can run as often as you like. After you submit, further
# checks that you do not see call your function with other inputs. They ask for nothing that the statement does not say. An
# exercise earns its points or none. The part after exercise 7 is not graded. No function may change what it is given.

# %% [markdown]
# ## Set the table
#
# Run these cells first. The first imports what the exercises need and loads a tokenizer.

# %% nbgrader={"grade": false, "grade_id": "set_the_table", "locked": true, "schema_version": 3, "solution": false, "task": false}
import re
import string
from collections import Counter

import numpy as np
import pandas as pd

from labutils.wordpiece import WordPiece, load_tokenizer

tokenizer = load_tokenizer()

# %% [markdown]
# The second holds the keywords: thirteen of the fourteen categories of CheXpert (Irvin and others, AAAI 2019). The fourteenth, "No
# Finding", is never read from words: it follows from the others. All keywords are in small letters.

# %% nbgrader={"grade": false, "grade_id": "keywords", "locked": true, "schema_version": 3, "solution": false, "task": false}
KEYWORDS = {
    "Enlarged Cardiomediastinum": ["mediastinal widening", "widened mediastinum", "mediastinal enlargement"],
    "Cardiomegaly": ["cardiomegaly", "enlarged heart", "cardiac enlargement"],
    "Lung Lesion": [
        *(
            "nodule",
            "nodular density",
            "nodular densities",
            "nodular opacity",
            "nodular opacities",
            "nodular opacification",
        ),
        *("mass", "lump", "tumor", "neoplasm", "carcinoma", "cavitary lesion"),
    ],
    "Lung Opacity": ["opacity", "opacities", "infiltrate", "airspace disease"],
    "Edema": ["edema", "vascular congestion", "heart failure"],
    "Consolidation": ["consolidation"],
    "Pneumonia": ["pneumonia", "infectious process"],
    "Atelectasis": ["atelectasis", "collapse", "volume loss"],
    "Pneumothorax": ["pneumothorax", "pneumothoraces"],
    "Pleural Effusion": ["effusion", "pleural fluid"],
    "Pleural Other": ["pleural thickening", "pleural plaque", "fibrothorax"],
    "Fracture": ["fracture"],
    "Support Devices": ["pacemaker", "endotracheal tube", "central line", "catheter"],
}
CATEGORIES = list(KEYWORDS)


def get_mention_keywords(finding):
    """The list of lower-case keywords of a finding."""
    return list(KEYWORDS[finding])


# %% [markdown]
# The third defines helpers that only the checks use.


# %% nbgrader={"grade": false, "grade_id": "helpers_of_the_checks", "locked": true, "schema_version": 3, "solution": false, "task": false}
def labels_match(got, true_ones):
    """Whether `got` maps every category to a truth value, and just those of `true_ones` to a true one."""
    try:
        return set(got.keys()) == set(CATEGORIES) and {name for name in CATEGORIES if bool(got[name])} == set(true_ones)
    except (AttributeError, TypeError, ValueError):
        return False


def said(got):
    """The findings that an answer calls present, for a message."""
    return sorted(name for name in got if got[name]) if isinstance(got, dict) else got


def numbers_match(got, expected, tol=1e-6):
    """Whether `got` holds the numbers of `expected` in the same shape; NaN matches NaN."""
    try:
        got, expected = np.asarray(got, dtype=float), np.asarray(expected, dtype=float)
    except (TypeError, ValueError):
        return False
    return got.shape == expected.shape and np.allclose(got, expected, rtol=tol, atol=tol, equal_nan=True)


def call_answer(answer, *arguments, case):
    """Call an answer; if it stops with an error, say in which kind of case."""
    try:
        return answer(*arguments)
    except Exception:
        raise AssertionError(f"{case}: your function stopped with an error instead of returning a result.") from None


# %% [markdown]
# ## Exercise 1: get labels by keyword
#
# The simplest labeller of all: a finding is there if one of its keywords is. It will find too much; first see how much.
#
# Write `get_labels(sentence_l)`.
#
# | | |
# |---|---|
# | **in** `sentence_l` | a list of sentences (strings, in any case: `"EFFUSION."`, `"Effusion."`), possibly empty |
# | **out** | a dict with *every* name of `CATEGORIES` as key; the value is `True` if one of the keywords of that finding stands in one of the sentences, else `False` |
#
# - `get_mention_keywords(finding)` gives the keywords of a finding, in small letters.
# - A keyword counts wherever it stands in the sentence, also inside of a longer word: `mass` is in `masses`, `nodule` in `nodules`.
# - Whether the sentence denies it is not asked here.
#
# **By hand.** `["No pleural effusion.", "Nodules on the left."]`: `effusion` stands in the first, `nodule` in the second. `Pleural Effusion`
# and `Lung Lesion` are `True`, the other eleven `False`.
#
# <details><summary>Hint 1: the direction</summary>
#
# Start with a dict that says `False` for all categories. Then three loops, one inside the other: sentences, findings, keywords.
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# `any(word in sentence.lower() for sentence in sentence_l for word in get_mention_keywords(finding))`
# </details>


# %% nbgrader={"grade": false, "grade_id": "get_labels", "locked": false, "schema_version": 3, "solution": true, "task": false}
def get_labels(sentence_l):
    """Whether each finding is mentioned, by keyword: a dict from finding to bool."""
    ### BEGIN SOLUTION
    ### STUB: labels = {finding: False for finding in CATEGORIES}
    ### STUB: ...
    ### STUB: return labels
    texts = [sentence.lower() for sentence in sentence_l]
    return {
        finding: any(word in text for text in texts for word in get_mention_keywords(finding)) for finding in CATEGORIES
    }
    ### END SOLUTION


# %% [markdown]
# **Check exercise 1.** The example by hand, a report in capitals, and no sentence at all.

# %% nbgrader={"grade": true, "grade_id": "check_get_labels", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
got = get_labels(["No pleural effusion.", "Nodules on the left."])
assert labels_match(got, {"Pleural Effusion", "Lung Lesion"}), (
    f"The example by hand: got {said(got)!r}, expected True for Pleural Effusion and Lung Lesion, False for the other eleven, and every category a key."
)
got = get_labels(["HEART IS NORMAL.", "LARGE MASS WITH COLLAPSE.", "The lungs are otherwise clear."])
assert labels_match(got, {"Lung Lesion", "Atelectasis"}), (
    f"A report in capitals: got {said(got)!r}, expected Lung Lesion and Atelectasis. Compare in small letters, and look at every sentence."
)
got = get_labels([])
assert labels_match(got, set()), f"No sentence: got {got!r}, expected every category with False."
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(32_101)
fillers = [
    "the left base",
    "in the lungs",
    "is stable",
    "No",
    "again seen",
    "the heart is normal",
    "bones are intact",
    "clear",
]
for trial in range(30):
    sentences, expected = [], set()
    for _ in range(int(draw.integers(1, 6))):
        parts = [fillers[int(k)] for k in draw.integers(len(fillers), size=2)]
        for name in draw.choice(CATEGORIES, size=int(draw.integers(0, 3)), replace=False):
            words = KEYWORDS[str(name)]
            parts.insert(
                int(draw.integers(3)), words[int(draw.integers(len(words)))] + ["", "s", ","][int(draw.integers(3))]
            )
        text = " ".join(parts) + "."
        sentences.append([text, text.upper(), text.capitalize()][trial % 3])
    # one keyword may sit in another ("opacity" in "nodular opacity"): ask every keyword
    for name in CATEGORIES:
        for word in KEYWORDS[name]:
            if any(sentence.lower().find(word) >= 0 for sentence in sentences):
                expected.add(name)
    before = list(sentences)
    got = call_answer(get_labels, sentences, case="A report of several sentences")
    assert labels_match(got, expected), (
        "A report of several sentences: the findings are not those whose keywords stand in it. Every keyword, every sentence, every category a key?"
    )
    assert sentences == before, "Your function changed the list that it was given."
for name in CATEGORIES:
    for word in KEYWORDS[name]:
        got = call_answer(get_labels, ["clear.", word.title() + " seen"], case="One keyword in a sentence")
        assert bool(got[name]), (
            "One keyword in a sentence: its finding was not found. Are all keywords of a finding asked?"
        )
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 2: get labels that know a denial
#
# Most findings that these reports name are denied: "no effusion, no pneumothorax". Looking for the letters `no` does not help:
# they are in *nodule*, so a nodule would deny itself. You need words, and a **scope**: how far a denial reaches.
#
# Write `get_labels_negative_aware(sentence_l)`. Input and output are those of exercise 1, and a finding is `True` when **at least one**
# mention of it, in any of the sentences, is *not* denied. The rules:
#
# 1. A mention is a keyword anywhere in the sentence, in any case, as in exercise 1. Each place where it stands is a mention of its own.
# 2. A sentence falls into clauses. The words `but`, `however` and `although` end a clause, and so does `;`. Commas, `and` and `or` end
#    nothing. Nothing reaches from one clause, or one sentence, into another.
# 3. A mention is denied if one of the **words** `no`, `not`, `without`, `denies` stands before it in its clause, at any distance;
# 4. or if `is not`, `are not`, `was not` or `were not` comes **right after** the word in which the keyword ends (only spaces
#    between all these words, one or more).
#
# A word is a whole run of letters: `no` is not in `nodule` or `note`, `but` is not in `distribution`. Words may be in any case.
#
# **By hand.** "No effusion or edema, but a nodule." Two clauses. `No` denies `effusion` and `edema` in the first; the second has no denial: `Lung
# Lesion` is `True`, the others `False`. "Fractures are not seen; stable cardiomegaly": the first is denied from behind. "Effusion without edema":
# the denial stands *after* the effusion, which is `True`.
#
# <details><summary>Hint 1: the direction</summary>
#
# Cut each sentence into clauses first: `re.split(r";|\b(?:but|however|although)\b", text)`. Then, for each place of each keyword in a
# clause, look at the words before it and at the text right after it.
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# `for found in re.finditer(re.escape(word) + r"[a-z]*", clause)` gives the places; denied is
# `re.search(r"\b(no|not|without|denies)\b", clause[:found.start()])` or `re.match(r"\s+(is|are|was|were)\s+not\b", clause[found.end():])`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "get_labels_negative_aware", "locked": false, "schema_version": 3, "solution": true, "task": false}
def get_labels_negative_aware(sentence_l):
    """Whether each finding has a mention that is not denied: a dict from finding to bool."""
    ### BEGIN SOLUTION
    ### STUB: labels = {finding: False for finding in CATEGORIES}
    ### STUB: for sentence in sentence_l:
    ### STUB:     clauses = ...  # of the sentence in small letters
    ### STUB:     ...
    ### STUB: return labels
    labels = dict.fromkeys(CATEGORIES, False)
    for sentence in sentence_l:
        for clause in re.split(r";|\b(?:but|however|although)\b", sentence.lower()):
            for finding in CATEGORIES:
                for word in get_mention_keywords(finding):
                    for found in re.finditer(re.escape(word) + r"[a-z]*", clause):
                        before, after = clause[: found.start()], clause[found.end() :]
                        denied = re.search(r"\b(?:no|not|without|denies)\b", before)
                        if not denied and not re.match(r"\s+(?:is|are|was|were)\s+not\b", after):
                            labels[finding] = True
    return labels
    ### END SOLUTION


# %% [markdown]
# **Check exercise 2.** Scope, a nodule, a denial from behind, and two mentions of one finding.

# %% nbgrader={"grade": true, "grade_id": "check_get_labels_negative_aware", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
got = get_labels_negative_aware(["No effusion or edema, but a nodule."])
assert labels_match(got, {"Lung Lesion"}), (
    f"'No effusion or edema, but a nodule.': got {said(got)!r}, expected Lung Lesion alone. 'no' is a word of its own, reaches over 'or', and ends at 'but'."
)
got = get_labels_negative_aware(["Fractures are not seen; stable cardiomegaly.", "Effusion without edema."])
assert labels_match(got, {"Cardiomegaly", "Pleural Effusion"}), (
    f"'Fractures are not seen; stable cardiomegaly.' and 'Effusion without edema.': got {said(got)!r}, expected Cardiomegaly and Pleural "
    "Effusion. 'are not' right behind a mention denies it; 'without' denies what follows, not what stands before."
)
got = get_labels_negative_aware(
    ["NO pneumothorax, effusion, atelectasis or acute fracture.", "Nodular opacity is noted, unchanged."]
)
assert labels_match(got, {"Lung Lesion", "Lung Opacity"}), (
    f"A list that is denied as a whole, then a new sentence: got {said(got)!r}, expected Lung Lesion and Lung Opacity. Commas end nothing, sentences do."
)
got = get_labels_negative_aware(["No effusion on the right although effusion persists on the left."])
assert labels_match(got, {"Pleural Effusion"}), (
    f"Denied on the right, present on the left: got {said(got)!r}, expected Pleural Effusion. One mention that is not denied is enough."
)
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(32_102)
harmless = [
    "notable",
    "another",
    "noted",
    "in the usual distribution",
    "again",
    "on the left",
    "butterfly shaped",
    "denser",
    "known",
]
plain = [(name, word) for name in CATEGORIES for word in KEYWORDS[name] if not word.startswith("nodular op")]


def a_mention():
    name, word = plain[int(draw.integers(len(plain)))]
    return name, word + (["", "", "s"][int(draw.integers(3))] if word[-1] not in "sy" else "")


def a_clause():
    """A clause, and the findings that it affirms: true by the way in which it is made."""
    (one, first), (two, second), (_, third) = a_mention(), a_mention(), a_mention()
    extra, other = (harmless[int(k)] for k in draw.integers(len(harmless), size=2))
    denial = ["no", "not", "without", "denies"][int(draw.integers(4))]
    verb = ["is", "are", "was", "were"][int(draw.integers(4))]
    return [
        (f"{extra} {first} {other}", {one}),
        (f"{denial} {extra} {first}, {second} and {other} {third}", set()),
        (f"{denial} {first} or {second}", set()),
        (f"{first} {verb} not seen", set()),
        (f"{first}, {other} and {second} {verb}  not seen", {one}),
        (f"{extra} {first} {denial} {second}", {one}),
        (f"{first} {verb} unchanged {other}", {one}),
        (f"{extra} {first} and {second} {verb} {other}", {one, two}),
        (f"{first} {other} {verb} not large", {one}),
    ][int(draw.integers(9))]


for trial in range(150):
    sentences, expected = [], set()
    for _ in range(int(draw.integers(1, 5))):
        text, present = a_clause()
        for _ in range(int(draw.integers(0, 3))):
            more, also = a_clause()
            text += [", but ", "; ", " however ", ", although ", ";"][int(draw.integers(5))] + more
            present = present | also
        sentences.append([text + ".", text.upper() + ".", text.capitalize()][trial % 3])
        expected |= present
    before = list(sentences)
    got = call_answer(get_labels_negative_aware, sentences, case="A report of several clauses")
    assert labels_match(got, expected), (
        "A report of several clauses: a mention is denied that is not, or the other way round. Look at rules 2 to 4: words and not letters, all of the "
        "clause before the mention and nothing of another clause, only 'is not' and its like right after it, and any mention counts."
    )
    assert sentences == before, "Your function changed the list that it was given."
assert labels_match(call_answer(get_labels_negative_aware, [], case="No sentence"), set()), (
    "No sentence: every category is False."
)
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 3: score labels per finding, micro and macro
#
# How good are labels? Accuracy misleads: most findings are absent from most reports, so a labeller that says nothing looks good. **F1** looks at the positives only:
#
# $$F_1 = \frac{2\,TP}{2\,TP + FP + FN}, \text{ the harmonic mean of precision } \tfrac{TP}{TP+FP} \text{ and recall } \tfrac{TP}{TP+FN}.$$
#
# **Macro** is the mean of the F1 of all findings: the rare fracture counts as much as the frequent effusion. **Micro** first adds up TP, FP and FN
# over all findings and then takes one F1: frequent findings rule.
#
# Write `f1_scores(y_true, y_pred)`.
#
# | | |
# |---|---|
# | **in** `y_true`, `y_pred` | arrays, frames or nested lists of 0 and 1 (bool, or int or float of any width: make them bool first), shape (N reports, C findings) |
# | **out** | three things `(per_class, micro, macro)`: C numbers, and two numbers, all from 0 to 1 |
#
# - A class with neither a positive nor a prediction has F1 0/0: NaN, and macro leaves it out.
# - If there is neither a positive nor a prediction at all, micro and macro are NaN too.
#
# **By hand.** Finding A: true 1, 1, 0; predicted 1, 0, 0: TP 1, FN 1, so 2/3. Finding B: true 0, 0, 1; predicted 1, 0, 1: TP 1, FP 1, so 2/3. Finding C:
# true 0, 1, 0; predicted 0, 0, 0: FN 1, so 0. Macro (2/3 + 2/3 + 0)/3 = 0.444; micro 4/(4 + 1 + 2) = 0.571.
#
# <details><summary>Hint 1: the direction</summary>
#
# Count along the *reports* (axis 0), so that every finding gets its own TP, FP and FN. Add these counts up for micro.
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# `tp = (true & pred).sum(axis=0)` with both as bool arrays; where `2 * tp + fp + fn` is 0 the F1 is NaN; `np.nanmean` warns when all
# are NaN, so ask first.
# </details>


# %% nbgrader={"grade": false, "grade_id": "f1_scores", "locked": false, "schema_version": 3, "solution": true, "task": false}
def f1_scores(y_true, y_pred):
    """F1 of each class, micro and macro: (per_class, micro, macro)."""
    ### BEGIN SOLUTION
    ### STUB: per_class = ...  # C numbers
    ### STUB: micro = ...
    ### STUB: macro = ...
    ### STUB: return per_class, micro, macro
    true, pred = np.asarray(y_true).astype(bool), np.asarray(y_pred).astype(bool)
    tp, fp, fn = (part.sum(axis=0) for part in (true & pred, ~true & pred, true & ~pred))
    below = 2 * tp + fp + fn
    per_class = np.array([2 * t / b if b else np.nan for t, b in zip(tp, below, strict=True)])
    micro = 2 * tp.sum() / below.sum() if below.sum() else np.nan
    known = per_class[~np.isnan(per_class)]
    return per_class, micro, known.mean() if len(known) else np.nan
    ### END SOLUTION


# %% [markdown]
# **Check exercise 3.** The example by hand, then a class that nobody has and nobody predicts.

# %% nbgrader={"grade": true, "grade_id": "check_f1_scores", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
got = f1_scores(np.array([[1, 0, 0], [1, 0, 1], [0, 1, 0]]), np.array([[1, 1, 0], [0, 0, 0], [0, 1, 0]]))
assert len(got) == 3, f"Got {len(got)} things, expected three: (per_class, micro, macro)."
assert numbers_match(got[0], [2 / 3, 2 / 3, 0]), (
    f"The example by hand: got per class {got[0]!r}, expected [0.667, 0.667, 0]: one F1 for each column, counted over the reports."
)
assert numbers_match(got[1:], [4 / 7, 4 / 9]), (
    f"The example by hand: got micro and macro {got[1:]!r}, expected (0.571, 0.444). Micro adds the counts first, macro takes the mean of the F1."
)
got = f1_scores(pd.DataFrame({"a": [True, False], "b": [False, False]}), [[1.0, 0.0], [1.0, 0.0]])
assert numbers_match(got[0], [2 / 3, np.nan]) and numbers_match(got[1:], [2 / 3, 2 / 3]), (
    f"Nobody has finding b and nobody predicts it: got {got!r}, expected ([0.667, nan], 0.667, 0.667): NaN, and left out of macro."
)
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(32_103)


def by_counting(true, pred):
    """F1 by loops over plain lists."""
    counts = []
    for column in range(len(true[0])):
        pairs = [(int(t[column]), int(p[column])) for t, p in zip(true, pred, strict=True)]
        counts.append((pairs.count((1, 1)), pairs.count((0, 1)), pairs.count((1, 0))))

    def f1(tp, fp, fn):
        return 2 * tp / (2 * tp + fp + fn) if tp + fp + fn else float("nan")

    each = [f1(*row) for row in counts]
    known = [value for value in each if value == value]
    return each, f1(*map(sum, zip(*counts, strict=True))), sum(known) / len(known) if known else float("nan")


kinds = ["int64", "bool", "float32", "int8", "float64", "float16"]
for trial in range(24):
    n, c = int(draw.integers(1, 60)), int(draw.integers(1, 9))
    chance = draw.uniform(0, 0.6, c)
    true, pred = draw.random((n, c)) < chance, draw.random((n, c)) < chance[::-1]
    if trial % 4 == 0:
        true[:, 0] = pred[:, 0] = False
    expected = by_counting(true.tolist(), pred.tolist())
    true, pred = true.astype(kinds[trial % 6]), pred.astype(kinds[(trial // 2) % 6])
    if trial % 5 == 0:
        true = pd.DataFrame(true, index=draw.permutation(n))
    kept = np.array(true), pred.copy()
    got = call_answer(f1_scores, true, pred, case="Another table of labels")
    assert len(got) == 3, "Return three things: (per_class, micro, macro)."
    assert numbers_match(got[0], expected[0]), "Another table of labels: the F1 per class is off (0/0 is NaN)."
    assert numbers_match(got[1], expected[1]), (
        "Another table of labels: micro is off. It is the F1 of the summed counts."
    )
    assert numbers_match(got[2], expected[2]), (
        "Another table of labels: macro is off. It is the mean over the classes that have an F1."
    )
    assert np.array_equal(kept[0], np.array(true)) and np.array_equal(kept[1], pred), "Your function changed its input."
got = call_answer(f1_scores, np.zeros((4, 2), int), np.zeros((4, 2), int), case="No positive and no prediction at all")
assert numbers_match(got[0], [np.nan] * 2) and numbers_match(got[1:], [np.nan] * 2), (
    "No positive and no prediction at all: all is NaN."
)
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 4: prepare the input of a transformer
#
# A transformer reads numbers. Question and passage go in together, as one row of tokens with marks between them (Devlin and
# others, NAACL 2019):
#
# `[CLS]` question `[SEP]` passage `[SEP]` `[PAD]` `[PAD]` …
#
# Write `prepare_bert_input(question, passage, tokenizer, max_seq_length=384)`.
#
# | | |
# |---|---|
# | **in** `question`, `passage` | two strings |
# | **in** `tokenizer` | an object with `tokenize(text)` (a list of pieces), `convert_tokens_to_ids(tokens)` (a list of ids), `cls_token`, `sep_token` and `pad_token_id` (which is 0) |
# | **in** `max_seq_length` | n, the length of the row |
# | **out** `ids` | whole numbers of shape (1, n): the ids of the tokens, then 0 up to the length |
# | **out** `mask` | n numbers: 1 for every real token (question, passage and special ones), 0 for padding |
# | **out** `tokens` | the list of tokens, *without* padding |
#
# Return them in this order: `ids, mask, tokens`. Lists, arrays or tensors will do. If all is too long, cut the *passage* at its end, such that the row is exactly full and its
# last token is still `[SEP]`. The question is never cut; it always leaves room for at least one token of the passage.
#
# **By hand.** A tokenizer knows `[PAD]`, `[CLS]`, `[SEP]`, `where`, `?`, `left`, `base` as 0 to 6. Question "Where?", passage "left base left", length 8: tokens
# `[CLS] where ? [SEP] left base left [SEP]`, ids 1 3 4 2 5 6 5 2, mask eight ones. With length 7 one `left` goes: `[CLS] where ? [SEP] left base
# [SEP]`. With length 10 two zeros follow in ids and mask.
#
# <details><summary>Hint 1: the direction</summary>
#
# Build the list of tokens first. How many tokens of the passage fit, when the question and three special tokens are in?
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# `room = max_seq_length - len(asked) - 3`, then `tokens = [cls, *asked, sep, *told[:room], sep]`, and both `ids` and `mask` get
# `max_seq_length - len(tokens)` zeros.
# </details>


# %% nbgrader={"grade": false, "grade_id": "prepare_bert_input", "locked": false, "schema_version": 3, "solution": true, "task": false}
def prepare_bert_input(question, passage, tokenizer, max_seq_length=384):
    """Ids of shape (1, max_seq_length), mask, and tokens of: [CLS] question [SEP] passage [SEP]."""
    ### BEGIN SOLUTION
    ### STUB: asked = tokenizer.tokenize(question)
    ### STUB: told = tokenizer.tokenize(passage)
    ### STUB: tokens = ...
    ### STUB: ids = ...
    ### STUB: mask = ...
    ### STUB: return ids, mask, tokens
    asked, told = tokenizer.tokenize(question), tokenizer.tokenize(passage)
    room = max_seq_length - len(asked) - 3
    tokens = [tokenizer.cls_token, *asked, tokenizer.sep_token, *told[:room], tokenizer.sep_token]
    n_pad = max_seq_length - len(tokens)
    ids = list(tokenizer.convert_tokens_to_ids(tokens)) + [tokenizer.pad_token_id] * n_pad
    return np.array([ids]), np.array([1] * len(tokens) + [0] * n_pad), tokens
    ### END SOLUTION


# %% [markdown]
# **Check exercise 4.** The example by hand, with padding and with a cut; then the tokenizer of the course.

# %% nbgrader={"grade": true, "grade_id": "check_prepare_bert_input", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
small = WordPiece(["[PAD]", "[CLS]", "[SEP]", "where", "?", "left", "base", "[UNK]"])
ids, mask, tokens = prepare_bert_input("Where?", "left base left", small, 10)
assert numbers_match(ids, [[1, 3, 4, 2, 5, 6, 5, 2, 0, 0]]) and numbers_match(mask, [1] * 8 + [0, 0]), (
    f"Length 10: got ids {ids!r} and mask {mask!r}, expected [[1 3 4 2 5 6 5 2 0 0]], one row, and eight ones, two zeros."
)
assert list(tokens) == ["[CLS]", "where", "?", "[SEP]", "left", "base", "left", "[SEP]"], (
    f"Length 10: got tokens {tokens!r}, expected [CLS] where ? [SEP] left base left [SEP], without padding."
)
ids, mask, tokens = prepare_bert_input("Where?", "left base left", small, 7)
assert list(tokens) == ["[CLS]", "where", "?", "[SEP]", "left", "base", "[SEP]"] and numbers_match(
    ids, [[1, 3, 4, 2, 5, 6, 2]]
), (
    f"Length 7: got {tokens!r} with ids {ids!r}, expected the passage cut after 'base' and [SEP] as the last token: [[1 3 4 2 5 6 2]]."
)
ids, mask, tokens = prepare_bert_input("Where is the effusion?", "Small effusion on the left side.", tokenizer)
assert np.shape(ids) == (1, 384) and np.shape(mask) == (384,) and int(np.sum(mask)) == len(tokens), (
    f"No length given: got ids of shape {np.shape(ids)} and {np.sum(mask)} ones in the mask, expected (1, 384) and one for each token."
)
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(32_104)
stock = [
    "where",
    "is",
    "the",
    "nodule",
    "effusion",
    "seen",
    "in",
    "left",
    "right",
    "base",
    "lobe",
    "of",
    "lung",
    "small",
    "large",
    "cardiomegaly",
    "unremarkable",
    ",",
    ".",
    "?",
]
pieces = ["[PAD]", "<s>", "</s>", "<unk>", *sorted({letter for word in stock for letter in word})]
pieces += [f"##{letter}" for letter in pieces[4:]] + ["effusion", "nod", "##ule", "left", "base", "where"]
other = WordPiece(pieces, cls_token="<s>", sep_token="</s>", unk_token="<unk>")
for trial in range(24):
    tool = [tokenizer, other][trial % 2]
    question = " ".join(draw.choice(stock, int(draw.integers(1, 7))))
    passage = " ".join(draw.choice(stock, int(draw.integers(1, 40)))).capitalize()
    asked, told = tool.tokenize(question), tool.tokenize(passage)
    full = len(asked) + len(told) + 3
    length = [full, full + 1, full + int(draw.integers(2, 50)), max(len(asked) + 4, full - 1 - int(draw.integers(20)))][
        (trial // 2) % 4
    ]
    wanted = [tool.cls_token, *asked, tool.sep_token, *told[: length - len(asked) - 3], tool.sep_token]
    rest = [0] * (length - len(wanted))
    ids, mask, tokens = call_answer(
        prepare_bert_input, question, passage, tool, length, case="Another question and passage"
    )
    what = "A passage that is too long" if length < full else "A row that fits"
    assert list(tokens) == wanted, (
        f"{what}: the tokens are not those asked for. Use the tokenizer's own special tokens, [SEP] last."
    )
    assert numbers_match(ids, [[*tool.convert_tokens_to_ids(wanted), *rest]]), (
        f"{what}: the ids are not (1, n) with zeros behind the tokens."
    )
    assert numbers_match(mask, [1] * len(wanted) + rest), (
        f"{what}: the mask must be 1 on every real token and 0 on padding, and n long."
    )
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 5: get the span from the scores
#
# The transformer gives each token two scores: how well it *starts* the answer and how well it *ends* it. The answer is the span with the
# best sum. It has to be possible: the end may not stand before the start, and both must lie in the passage, not in the question.
#
# Write `get_span_from_scores(start, end, mask)`.
#
# | | |
# |---|---|
# | **in** `start`, `end` | n scores each (lists or arrays of any float width); higher is better, and they may be negative |
# | **in** `mask` | n numbers: 1 on the tokens of the passage, 0 elsewhere (question, special tokens, padding); at least one 1 |
# | **out** | two whole numbers `i, j`: places of the first and the last token, `i <= j`, `mask[i] == mask[j] == 1`, with the largest `start[i] + end[j]` |
#
# There is no limit on the length of the answer. In the checks one span is best.
#
# **By hand.** start 6, 9, 2, 5; end 9, 1, 4, 2; mask 0, 1, 1, 1. Token 0 is not in the passage, whatever it scores. Best are start 1 (9) and end 2
# (4): 13, and 1 ≤ 2. With start 1, 2, 5 and end 1, 6, 2, all in the passage, best start (2) stands *behind* best end (1): 2 + 6 = 8 for the span
# (1, 1) beats 5 + 2 = 7 for (2, 2).
#
# <details><summary>Hint 1: the direction</summary>
#
# Two loops over i and j with `j >= i` are fine. Skip every place where the mask is 0; multiplying scores by the mask does not do, since 0 beats any
# negative score.
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# `best = max(((start[i] + end[j], i, j) for i in inside for j in inside if i <= j))` with `inside` the places where the mask is 1.
# </details>


# %% nbgrader={"grade": false, "grade_id": "get_span_from_scores", "locked": false, "schema_version": 3, "solution": true, "task": false}
def get_span_from_scores(start, end, mask):
    """First and last token of the best possible answer: two ints (i, j) with i <= j."""
    ### BEGIN SOLUTION
    ### STUB: ...
    ### STUB: return i, j
    start, end = np.asarray(start, dtype=float), np.asarray(end, dtype=float)
    inside = [place for place, known in enumerate(mask) if known == 1]
    _, i, j = max((start[i] + end[j], i, j) for i in inside for j in inside if i <= j)
    return i, j
    ### END SOLUTION


# %% [markdown]
# **Check exercise 5.** The two examples by hand, then scores that are all negative.

# %% nbgrader={"grade": true, "grade_id": "check_get_span_from_scores", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
got = get_span_from_scores([6, 9, 2, 5], [9, 1, 4, 2], [0, 1, 1, 1])
assert numbers_match(got, (1, 2)), f"The first example: got {got!r}, expected (1, 2). Token 0 is not in the passage."
got = get_span_from_scores(np.array([1, 2, 5], "float32"), np.array([1, 6, 2], "float32"), np.ones(3, int))
assert numbers_match(got, (1, 1)), (
    f"Best start behind best end: got {got!r}, expected (1, 1). The pair has to be chosen together, with i <= j."
)
got = get_span_from_scores([-0.5, -4, -2, -3, -9], [-0.25, -5, -6, -1, -9], [0, 1, 1, 1, 0])
assert numbers_match(got, (2, 3)), (
    f"Negative scores: got {got!r}, expected (2, 3). A score times a mask of 0 is 0, which beats every negative score."
)
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(32_105)
for trial in range(60):
    while True:  # until one span is best
        n = int(draw.integers(1, 40))
        start, end = draw.normal(-3 * (trial % 2), 4, (2, n)).round(2)
        mask = np.ones(n, int)
        if n > 3:
            cut = np.sort(draw.choice(n + 1, 2, replace=False))
            mask[: cut[0]], mask[cut[1] :] = 0, 0
        if trial % 4 == 0:  # the outside shouts
            start[mask == 0] += 50
            end[mask == 0] += 50
        if trial % 4 == 1:  # the best start comes after the best end
            start, end = np.sort(start), np.sort(end)[::-1].copy()
        kind = ["float64", "float32", "float16"][trial % 3]
        start, end = (np.round(scores * 4).astype(kind) / 4 for scores in (start, end))  # exact in every width
        spans = [
            (float(start[i]) + float(end[j]), i, j)
            for i in range(n)
            for j in range(i, n)
            if mask[i] == 1 and mask[j] == 1
        ]
        if spans and [span[0] for span in spans].count(max(spans)[0]) == 1:
            break
    kept = start.copy(), end.copy(), mask.copy()
    given = (start.tolist(), end.tolist(), mask.tolist()) if trial % 5 == 0 else (start, end, mask)
    got = call_answer(get_span_from_scores, *given, case="Other scores")
    assert np.shape(got) == (2,), "Other scores: return two whole numbers (i, j)."
    i, j = int(got[0]), int(got[1])
    assert i == got[0] and j == got[1], "Other scores: the places must be whole numbers."
    assert 0 <= i < n and 0 <= j < n and mask[i] == 1 and mask[j] == 1, (
        "Other scores: the span is not inside of the passage."
    )
    assert i <= j, "Other scores: the end stands before the start."
    assert (i, j) == max(spans)[1:], "Other scores: another span inside of the passage has a larger sum."
    for array, before in zip((start, end, mask), kept, strict=True):
        assert np.array_equal(array, before), "Your function changed the scores or the mask that it was given."
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 6: put the answer together from its pieces
#
# The span is a list of word pieces; a reader wants words.
#
# Write `construct_answer(tokens)`.
#
# | | |
# |---|---|
# | **in** `tokens` | a list of pieces (strings), possibly empty; the first does not start with `##` |
# | **out** | one string |
#
# - A piece that starts with `##` is glued to the piece before it, without the marks. All other pieces are joined by one space.
# - If one of the pieces is `@`, there are no spaces at all in the answer: the tokenizer has cut an e-mail address at its signs.
# - No pieces give the empty string.
#
# **By hand.** `["left", "pneumo", "##thor", "##ax"]` gives `"left pneumothorax"`; `["ward", "@", "clinic", ".", "org"]` gives `"ward@clinic.org"`.
#
# <details><summary>Hint 1: the direction</summary>
#
# Join everything by spaces first. Which pairs of letters must then go?
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# `" ".join(tokens).replace(" ##", "")`, and once more `.replace(" ", "")` if `"@" in tokens`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "construct_answer", "locked": false, "schema_version": 3, "solution": true, "task": false}
def construct_answer(tokens):
    """The text of an answer, from its word pieces."""
    ### BEGIN SOLUTION
    ### STUB: answer = ...
    ### STUB: return answer
    answer = " ".join(tokens).replace(" ##", "")
    return answer.replace(" ", "") if "@" in tokens else answer
    ### END SOLUTION


# %% [markdown]
# **Check exercise 6.** Pieces, an address, and nothing.

# %% nbgrader={"grade": true, "grade_id": "check_construct_answer", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
got = construct_answer(["left", "pneumo", "##thor", "##ax"])
assert got == "left pneumothorax", (
    f"Got {got!r}, expected 'left pneumothorax': every ## glues its piece to the one before."
)
got = construct_answer(["ward", "@", "clinic", ".", "org"])
assert got == "ward@clinic.org", (
    f"An address: got {got!r}, expected 'ward@clinic.org': no space if one of the pieces is @."
)
got = construct_answer([])
assert isinstance(got, str) and got == "", f"No pieces: got {got!r}, expected ''."
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(32_106)
starts = ["left", "effusion", "8", "mm", ",", ".", "in", "the", "pneumo", "-", "t", "upper"]
for trial in range(40):
    pieces, words = [], []
    for _ in range(int(draw.integers(0 if trial < 5 else 1, 7))):
        word = starts[int(draw.integers(len(starts)))]
        pieces.append(word)
        for _ in range(int(draw.integers(0, 4))):
            more = ["thor", "ax", "s", "7", "ly"][int(draw.integers(5))]
            pieces.append("##" + more)
            word += more
        words.append(word)
    expected = " ".join(words)
    if trial % 4 == 3:
        where = int(draw.integers(len(words) + 1))
        place = [k for k, piece in enumerate(pieces) if not piece.startswith("##")] + [len(pieces)]
        pieces.insert(place[where], "@")
        words.insert(where, "@")
        expected = "".join(words)
    before = list(pieces)
    got = call_answer(construct_answer, pieces, case="Another list of pieces")
    assert isinstance(got, str), "Return one string."
    assert got == expected, (
        "Another list of pieces: the text is not right. One space between words, none inside of a word, none at all with @."
    )
    assert pieces == before, "Your function changed the list that it was given."
### END HIDDEN TESTS

# %% [markdown]
# ## Exercise 7: score an answer by exact match and F1
#
# "The left base." and "left base" are the same answer. SQuAD, the collection that made this task known (Rajpurkar and others, EMNLP 2016),
# therefore normalises both texts, then asks twice: are they equal (**exact match**)? How many words do they share (**token F1**)?
#
# Write `exact_match_and_f1(prediction, truth)`.
#
# | | |
# |---|---|
# | **in** `prediction`, `truth` | two strings, possibly empty |
# | **out** | two numbers `(exact_match, f1)`: 0 or 1, and 0 to 1 |
#
# Normalise in this order: small letters; take out every character of `string.punctuation` (without a space in its place: `x-ray` becomes `xray`); take out the *words*
# `a`, `an` and `the`; cut at white space (spaces and line breaks, however many stand together; no empty words). Then
#
# - `exact_match` is 1 if both lists of words are equal, else 0;
# - precision is the number of shared words over the words of the prediction, recall the same over the words of the truth, F1 = 2 P R/(P + R). A word counts as shared as often as
#   *both* have it;
# - nothing shared is F1 0. If *after normalising* both are empty, the scores are (1, 1); if one is, (0, 0).
#
# **By hand.** Prediction "in the left lower lobe", truth "Left lower lobe.": not equal; shared 3 words, precision 3/4, recall 3/3, F1 = 0.857. So (0, 0.857).
#
# <details><summary>Hint 1: the direction</summary>
#
# A function inside of yours that turns a text into a list of normalised words; then `Counter` for the words that both have.
# </details>
#
# <details><summary>Hint 2: nearly the line</summary>
#
# `shared = sum((Counter(got) & Counter(wanted)).values())`; the articles go by `re.sub(r"\b(a|an|the)\b", " ", text)`.
# </details>


# %% nbgrader={"grade": false, "grade_id": "exact_match_and_f1", "locked": false, "schema_version": 3, "solution": true, "task": false}
def exact_match_and_f1(prediction, truth):
    """Exact match and token F1 of an answer after normalising: (exact_match, f1)."""

    ### BEGIN SOLUTION
    ### STUB: ...
    ### STUB: return exact_match, f1
    def words_of(text):
        text = "".join(letter for letter in text.lower() if letter not in string.punctuation)
        return [word for word in text.split() if word not in ("a", "an", "the")]

    got, wanted = words_of(prediction), words_of(truth)
    exact_match = float(got == wanted)
    if not got or not wanted:
        return exact_match, exact_match
    shared = sum((Counter(got) & Counter(wanted)).values())
    if shared == 0:
        return exact_match, 0.0
    precision, recall = shared / len(got), shared / len(wanted)
    return exact_match, 2 * precision * recall / (precision + recall)
    ### END SOLUTION


# %% [markdown]
# **Check exercise 7.** The example by hand, an article and a full stop, a word said twice, and empty answers.

# %% nbgrader={"grade": true, "grade_id": "check_exact_match_and_f1", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
got = exact_match_and_f1("in the left lower lobe", "Left lower lobe.")
assert numbers_match(got, (0, 6 / 7)), (
    f"The example by hand: got {got!r}, expected (0, 0.857): 3 shared words of 4 and of 3."
)
got = exact_match_and_f1("The left base.", "left base")
assert numbers_match(got, (1, 1)), (
    f"'The left base.' and 'left base': got {got!r}, expected (1, 1). Case, full stops and articles do not count."
)
got = exact_match_and_f1("left left", "left base")
assert numbers_match(got, (0, 0.5)), (
    f"'left left' and 'left base': got {got!r}, expected (0, 0.5): the second 'left' has no partner."
)
got = [*exact_match_and_f1("", "the"), *exact_match_and_f1("", "base")]
assert numbers_match(got, (1, 1, 0, 0)), f"Empty after normalising, both and one: got {got!r}, expected 1, 1 and 0, 0."
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(32_107)
stock = [
    "left",
    "Right",
    "the",
    "base",
    "A",
    "an",
    "x-ray",
    "lobe.",
    "8",
    "mm,",
    "theatre",
    "anterior",
    "apex;",
    "(small)",
    "LEFT",
    "'",
    "-",
]


def by_hand(text):
    kept = []
    for word in text.lower().split():
        word = re.sub("[" + re.escape(string.punctuation) + "]", "", word)
        if word and word not in {"a", "an", "the"}:
            kept.append(word)
    return kept


for trial in range(80):
    texts = [["  ", " ", "\n"][trial % 3].join(draw.choice(stock, int(draw.integers(0, 7)))) for _ in range(2)]
    if trial % 6 == 0:
        texts[1] = texts[0].upper() + " ."
    if trial % 10 == 9:  # an article is a word, not two letters
        texts = [["anterior base", "terior base"], ["theatre", "atre"], ["apex", "pex"]][trial % 3]
    one, two = (by_hand(text) for text in texts)
    left, shared = list(two), 0
    for word in one:
        if word in left:
            left.remove(word)
            shared += 1
    if not one or not two:
        expected = (float(one == two),) * 2
    else:
        expected = (float(one == two), 2 * shared / (len(one) + len(two)))
    got = call_answer(exact_match_and_f1, *texts, case="Another pair of answers")
    assert np.shape(got) == (2,), "Return two numbers (exact_match, f1)."
    assert numbers_match(got[0], expected[0]), (
        "Another pair of answers: exact match is off. Normalise both, in the order of the statement."
    )
    assert numbers_match(got[1], expected[1]), (
        "Another pair of answers: F1 is off. Shared words count as often as both have them; 0 if none."
    )
### END HIDDEN TESTS

# %% [markdown]
# ## Then: label a few hundred reports, and let a transformer answer
#
# Nothing below is graded, and nothing above needs it. Your labellers meet the reports of two hospitals (*made up*, with exact labels). Hospital A is the one whose wording the rules had in view;
# nobody tuned on hospital B. They compete with the full rules of `labutils.reports`.

# %% tags=["ungraded"]
# Here and not at the top: the graded part needs none of these, and the grader keeps some of them out.
from labutils import plots, plots_reports, reports
from labutils.datasets import make_reports  # only for the part that is not graded
from labutils.reports_negspacy import MADE, load_negspacy_labels  # only for the part that is not graded

ours = make_reports(250, 32_300, style="A")
others = make_reports(**MADE)  # style B
print(others.table["text"].iloc[0])
print(f"\n{len(ours.table)} and {len(others.table)} reports of 250 made-up patients each")

# %% [markdown]
# All read the sections FINDINGS and IMPRESSION and are judged on *present, or not*: a finding that is doubted counts as not present. The
# intervals draw *patients* again, because the reports of one patient resemble each other.


# %% tags=["ungraded"]
def label(texts):
    """The labels of three labellers."""
    sentences = [reports.read_sentences(text) for text in texts]
    return {
        "keywords (exercise 1)": pd.DataFrame([get_labels(s) for s in sentences])[CATEGORIES],
        "with denial (exercise 2)": pd.DataFrame([get_labels_negative_aware(s) for s in sentences])[CATEGORIES],
        "labutils.reports": reports.label_reports(texts)[CATEGORIES] == 1,
    }


# %% [markdown]
# Now the scores. Hospital B first gets one more competitor: a well-kept library, **negspacy**, an implementation of NegEx (Chapman and others, 2001) on spaCy. It was given the keyword
# list of `labutils`; its labels are stored with the course, since the library is not among your packages.

# %% tags=["ungraded"]
results = {}
for hospital, made in {"A": ours, "B": others}.items():
    labels = label(made.table["text"])
    if hospital == "B":
        labels["negspacy"] = load_negspacy_labels()[CATEGORIES] == 1
    truth = made.table[CATEGORIES] == 1
    for name, table in labels.items():
        best, low, high = results[hospital, name] = reports.f1_interval(
            truth, table, rng=1, groups=made.table["patient"]
        )
        print(f"{hospital} {name:26s} micro {best.micro:.2f} ({low.micro:.2f} to {high.micro:.2f})", end=", ")
        print(f"macro {best.macro:.2f} ({low.macro:.2f} to {high.macro:.2f})")

# %% [markdown]
# At hospital A four words of denial repair most of what keywords break. At hospital B they repair much less: besides "no" it writes "negative for", "has resolved", "neither … nor", and "*although* there is no effusion,
# a nodule is noted", in which a simple rule denies the nodule. A score belongs to a rule *and* a place. Finding by finding, with intervals; a rare finding has a wide one:

# %% tags=["ungraded"]
at_b = {name: score for (hospital, name), score in results.items() if hospital == "B"}
one, two = (at_b[name].estimate.micro for name in ("with denial (exercise 2)", "labutils.reports"))
fig = plots_reports.f1_dots(
    at_b,
    CATEGORIES,
    title=f"At another hospital: micro F1 {one:.2f} with four words of denial, {two:.2f} with more rules",
)
plots.show(
    fig,
    alt="F1 with intervals of four labellers for thirteen findings on made-up reports of hospital B. Micro: "
    + ", ".join(f"{name} {score.estimate.micro:.2f}" for name, score in at_b.items())
    + ".",
)

# %% [markdown]
# The rows differ in two things at once: which words are known, and how they are read. The library and `labutils.reports` know the *same* words for findings; what separates those two is the list of denials, and
# **doubt**: negspacy has two classes, so "possible edema" is an edema to it. Look at doubt by itself.

# %% tags=["ungraded"]
doubted = (others.table[CATEGORIES] == -1).to_numpy()
uncertain = (reports.label_reports(others.table["text"])[CATEGORIES] == -1).to_numpy()
present = (load_negspacy_labels()[CATEGORIES] == 1).to_numpy()
whose = others.table["patient"].to_numpy()[np.nonzero(doubted)[0]]
print(f"{doubted.sum()} doubted findings")
for said, calls in {"labutils: uncertain": uncertain, "negspacy: present": present}.items():
    share = reports.mean_interval(calls[doubted], rng=1, groups=whose)
    print(f"{said:20s} {share.mean:.0%} ({share.low:.0%} to {share.high:.0%})")

# %% [markdown]
# ### Let the transformer answer
#
# The course ships a small transformer that was trained on made-up reports of style A (its model card is in `labutils/models/cards`). Look at one answer first: the
# scores of every token, and the span that your function would choose.

# %% tags=["ungraded"]
# Keras comes with these: the graded part does without.
from labutils.models import answer_questions, load_reader, prepare_reader, reader_card

reader = load_reader()
passage = "There is a small effusion on the left side. No pneumothorax. A 12 mm nodule is seen in the right upper lobe."
question = "Where is the nodule?"
row = prepare_reader([question], [passage], tokenizer)
scores = np.asarray(reader([row.ids, row.segments, row.mask]))[0]
inside = [k for k, place in enumerate(row.places[0]) if place is not None]
in_passage = np.array([place is not None for place in row.places[0]]).astype(int)
i, j = get_span_from_scores(scores[:, 0], scores[:, 1], in_passage)
tokens = tokenizer.convert_ids_to_tokens(row.ids[0])
print(question, "->", construct_answer(tokens[i : j + 1]))

# %% [markdown]
# The two highest bars need not be the answer; the best *pair* is.

# %% tags=["ungraded"]
fig = plots_reports.span_scores(
    [tokens[k] for k in inside],
    scores[inside, 0],
    scores[inside, 1],
    (inside.index(i), inside.index(j)),
    title=f"{question} “{construct_answer(tokens[i : j + 1])}”",
)
plots.show(
    fig,
    alt=f"Start and end scores of {len(inside)} tokens for the question {question}; the chosen span reads {construct_answer(tokens[i : j + 1])}.",
)

# %% [markdown]
# One answer proves nothing. Score two hundred, on new patients, and again where questions and reports are put in words that it never read.

# %% tags=["ungraded"]
settings = {"as in training": ("A", "A"), "questions put otherwise": ("A", "B"), "another hospital": ("B", "A")}
for seed, (name, (style, asked)) in enumerate(settings.items(), start=32_200):
    made = make_reports(60, seed, style=style, question_style=asked)
    chosen = made.questions.sample(200, random_state=1)
    told = made.table.set_index("report")["text"].loc[chosen["report"]].tolist()
    answers = answer_questions(reader, tokenizer, chosen["question"].tolist(), told)
    marks = [exact_match_and_f1(a.text, b) for a, b in zip(answers, chosen["answer"], strict=True)]
    exact = reports.mean_interval([mark[0] for mark in marks], rng=1, groups=chosen["patient"])
    print(f"{name:24s} exact match {exact.mean:.2f} ({exact.low:.2f} to {exact.high:.2f})")

# %% [markdown]
# It reads its own hospital nearly without a mistake, loses some skill when questions are put otherwise, and more at another hospital (where both change, nearly all: see its card). It has learnt a grammar, not English: models that have read far more text usually
# lose less, and one like that can be loaded from a folder on your disk with `labutils.models.load_bert_reader(folder)`. It also always answers. Ask it for something that the report
# denies.

# %% tags=["ungraded"]
(lie,) = answer_questions(reader, tokenizer, ["Where is the pneumothorax?"], [passage])
print(f"“{lie.text}”, and it gives this {lie.probability:.0%}")
stated = reader_card()["results"]["new patients"]["all"]["exact_match"]
print(f"Its card says: exact match {stated['mean']:.2f} ({stated['low']:.2f} to {stated['high']:.2f}) on new patients")

# %% [markdown]
# The report says that there is no pneumothorax; a network that was never shown a question without an answer cannot say so. Nothing here is a medical device, and none of it must be used for a patient.
