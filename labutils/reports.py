"""What does a chest X-ray report say? Findings by keyword, by rule, and answers to questions.

The functions of the assignment of course 3, week 2 stand here, read them after you have handed in your own. The larger
parts have files of their own: words in :mod:`labutils.reports_lexicon`, cleaning in :mod:`labutils.reports_text`, scope in
:mod:`labutils.reports_negation`, scores in :mod:`labutils.reports_scores`, questions in :mod:`labutils.reports_qa`. Their names
are here too.

Labels are CheXpert's codes: 1 positive, 0 negative, -1 uncertain, NaN not mentioned.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

import numpy as np
import pandas as pd

from labutils.reports_lexicon import CATEGORIES, KEYWORDS, NO_FINDING
from labutils.reports_negation import NEGATIVE, POSITIVE, UNCERTAIN, Mention, find_mentions, read_clause
from labutils.reports_qa import construct_answer, get_span_from_scores, prepare_bert_input
from labutils.reports_scores import (
    F1Interval,
    F1Scores,
    exact_match_and_f1,
    f1_interval,
    f1_scores,
    mean_interval,
)
from labutils.reports_text import (
    READ,
    bare_sentence,
    clean_text,
    cut_at_headings,
    raw_sentences,
    read_sentences,
    split_sections,
    split_sentences,
)

__all__ = [
    "CATEGORIES",
    "CODES",
    "KEYWORDS",
    "F1Interval",
    "F1Scores",
    "Mention",
    "clean_text",
    "construct_answer",
    "exact_match_and_f1",
    "f1_interval",
    "f1_scores",
    "find_mentions",
    "forget_sentences",
    "get_labels",
    "get_labels_negative_aware",
    "get_span_from_scores",
    "label_report",
    "label_reports",
    "mean_interval",
    "prepare_bert_input",
    "read_sentences",
    "split_sections",
    "split_sentences",
]

CODES = {POSITIVE: 1.0, NEGATIVE: 0.0, UNCERTAIN: -1.0}
"""CheXpert's number for each status; a finding that nobody mentions is NaN."""

_PLACE = {finding: place for place, finding in enumerate(CATEGORIES)}
_NOT_A_DISEASE = (NO_FINDING, "Support Devices")
_DENIALS = frozenset(("no", "not", "without", "denies"))
_ENDS = re.compile(r";|\b(?:but|however|although)\b")
_DENIED_AFTER = re.compile(r"\s*\b(?:is|are|was|were)\s+not\b")


def get_labels(sentence_l: Sequence[str], keywords: Mapping[str, Sequence[str]] = KEYWORDS) -> dict[str, bool]:
    """Say for each finding whether any of its keywords stands anywhere in the sentences. Denied or not: it is not looked at.

    Parameters
    ----------
    sentence_l : list of str
        The sentences of one report, in any case.
    keywords : dict of str to sequence of str
        Lower-case keywords for each finding. A keyword counts inside of a longer word, too.

    Returns
    -------
    dict of str to bool
        Every finding of `keywords` is a key.

    Raises
    ------
    ValueError
        If `sentence_l` is one text instead of a list of sentences.

    Examples
    --------
    >>> get_labels(["No pleural effusion."], {"Pleural Effusion": ["effusion"], "Edema": ["edema"]})
    {'Pleural Effusion': True, 'Edema': False}
    """
    texts = [sentence.lower() for sentence in _sentences(sentence_l)]
    return {finding: any(word in text for text in texts for word in words) for finding, words in keywords.items()}


def get_labels_negative_aware(
    sentence_l: Sequence[str], keywords: Mapping[str, Sequence[str]] = KEYWORDS
) -> dict[str, bool]:
    """Say for each finding whether at least one mention of it is not denied.

    A mention is denied when the word no, not, without or denies stands before it in the same clause, or "is not", "are not",
    "was not" or "were not" right after it. A clause ends at ``;``, but, however and although. This is the simple rule of the
    assignment; `find_mentions` knows more words, doubt, and pseudo-negations.

    Parameters
    ----------
    sentence_l : list of str
        The sentences of one report, in any case.
    keywords : dict of str to sequence of str
        Lower-case keywords for each finding. A keyword counts inside of a longer word, too.

    Returns
    -------
    dict of str to bool
        Every finding of `keywords` is a key.

    Raises
    ------
    ValueError
        If `sentence_l` is one text instead of a list of sentences.

    Examples
    --------
    >>> words = {"Lung Lesion": ["nodule"], "Pleural Effusion": ["effusion"]}
    >>> get_labels_negative_aware(["No effusion, but a nodule on the left."], words)
    {'Lung Lesion': True, 'Pleural Effusion': False}
    """
    clauses = [clause for sentence in _sentences(sentence_l) for clause in _ENDS.split(sentence.lower())]
    return {
        finding: any(_affirmed(clause, word) for clause in clauses for word in words)
        for finding, words in keywords.items()
    }


def _affirmed(clause, keyword):
    """Whether the clause holds a mention of the keyword that is not denied."""
    place = clause.find(keyword)
    while place >= 0:
        start, end = place, place + len(keyword)
        while start > 0 and clause[start - 1].isalnum():  # back to the start of the word in which the keyword stands
            start -= 1
        while end < len(clause) and clause[end].isalnum():
            end += 1
        before = re.findall(r"[a-z]+", clause[:start])
        if not _DENIALS.intersection(before) and not _DENIED_AFTER.match(clause, end):
            return True
        place = clause.find(keyword, place + 1)
    return False


def label_report(text: str | bytes, sections: Iterable[str] = READ) -> dict[str, float]:
    """Label one report with the fourteen categories of CheXpert.

    Of several mentions of a finding the strongest counts: positive before uncertain before negative. "No Finding" is
    1 when something
    was read and no disease is positive or uncertain (support devices are no disease), and NaN otherwise.

    Parameters
    ----------
    text : str or bytes
        The whole report. Bytes are read as UTF-8, else as Windows-1252.
    sections : iterable of str
        Which sections count (see `split_sections`).

    Returns
    -------
    dict of str to float
        For each category 1 (positive), 0 (negative), -1 (uncertain) or NaN (not mentioned). An empty report is NaN throughout.

    Examples
    --------
    >>> labels = label_report("FINDINGS: Possible edema. No effusion.")
    >>> labels["Edema"], labels["Pleural Effusion"], labels["Fracture"]
    (-1.0, 0.0, nan)
    """
    return dict(zip(CATEGORIES, _codes(text, sections), strict=True))


def _codes(text, sections):
    """Give the fourteen codes of a report, in the order of the categories."""
    codes = [float("nan")] * len(CATEGORIES)
    parts = cut_at_headings(clean_text(text).lower())
    sick = read = False
    for name in sections:
        for sentence in raw_sentences(parts[name]) if name in parts else ():
            said = _codes_of_sentence(sentence)
            if said is None:
                continue
            read = True
            for place, code, disease in said:
                known = codes[place]
                if code == 1.0 or known != known or (code == -1.0 and known == 0.0):
                    codes[place] = code
                if disease:
                    sick = True
    if read and not sick:
        codes[_PLACE[NO_FINDING]] = 1.0
    return codes


@lru_cache(maxsize=100_000)
def _codes_of_sentence(sentence):
    """Remember what a sentence says, since reports repeat their sentences; None for what is no sentence."""
    sentence = bare_sentence(sentence)
    if not sentence:
        return None
    return tuple(
        (_PLACE[finding], CODES[status], status != NEGATIVE and finding not in _NOT_A_DISEASE)
        for finding, _, _, status in read_clause(sentence)
    )


def forget_sentences() -> None:
    """Forget the sentences that were read before; labels do not change, the next ones only take longer."""
    _codes_of_sentence.cache_clear()


def label_reports(texts: Iterable[str | bytes], sections: Iterable[str] = READ) -> pd.DataFrame:
    """Label many reports.

    Parameters
    ----------
    texts : iterable of str or bytes, or a Series
        One report each.
    sections : iterable of str
        Which sections count.

    Returns
    -------
    DataFrame of float
        One row per report, with the index of a Series; the fourteen categories as columns, codes as in `label_report`.

    Raises
    ------
    ValueError
        If `texts` is a single text, or a report is neither text nor bytes.
    """
    if isinstance(texts, (str, bytes)):
        raise ValueError("texts must be a list of reports; got one text. Write label_report(text), or [text].")
    index = texts.index if isinstance(texts, pd.Series) else None
    sections = tuple(sections)
    rows = [_codes(text, sections) for text in texts]
    return pd.DataFrame(np.array(rows, dtype=float).reshape(-1, len(CATEGORIES)), columns=list(CATEGORIES), index=index)


def _sentences(sentence_l):
    if isinstance(sentence_l, (str, bytes)):
        raise ValueError(
            "sentence_l must be a list of sentences; got one text. Write [text], or split_sentences(text)."
        )
    return list(sentence_l)
