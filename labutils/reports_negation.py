"""Mentions of findings, and whether each is affirmed, denied or doubted: word by word, with a scope.

The rules, in the order in which they are asked:

1. A *mention* is a keyword that stands as whole words. "no" inside of "nodule" is no word, so it denies nothing.
2. A clause ends at ``;``, ``but``, ``however``, ``although`` and their like. A trigger reaches no further than its clause.
3. A trigger *after* the mention ("… is not seen", "… cannot be excluded") counts if no other verb stands between.
4. Else the *nearest* trigger before the mention in its clause counts: "no effusion, possible edema" denies the first and doubts
   the second. Commas, ``and`` and ``or`` end nothing: "no effusion, edema or pneumothorax" denies all three.
5. A pseudo-negation ("no change in the effusion") is no trigger and hides the "no" in it.
"""

import re
from typing import NamedTuple

from labutils.reports_lexicon import (
    ENDS_CLAUSE,
    KEYWORDS,
    NEGATION_AFTER,
    NEGATION_BEFORE,
    NORMAL_PHRASES,
    NOT_MEANT,
    PLURALS,
    PSEUDO_NEGATION,
    UNCERTAIN_AFTER,
    UNCERTAIN_BEFORE,
    alternation,
)

POSITIVE, NEGATIVE, UNCERTAIN = "positive", "negative", "uncertain"


class Mention(NamedTuple):
    """One place where a sentence names a finding: which words, from where to where (characters), and its status."""

    finding: str
    words: str
    start: int
    end: int
    status: str


class _Lexicon(NamedTuple):
    mentions: re.Pattern
    triggers: re.Pattern
    finding_of: dict
    kind_of: dict


def _compile():
    finding_of, words = {}, []
    for finding, keywords in KEYWORDS.items():
        for keyword in keywords:
            finding_of.setdefault(keyword, []).append(finding)
            words.append(keyword)
    kind_of = {}
    for kind, phrases in (
        ("before " + NEGATIVE, NEGATION_BEFORE),
        ("before " + UNCERTAIN, UNCERTAIN_BEFORE),
        ("after " + NEGATIVE, NEGATION_AFTER),
        ("after " + UNCERTAIN, UNCERTAIN_AFTER),
        ("pseudo", PSEUDO_NEGATION),
        ("end", (*ENDS_CLAUSE, ";")),
    ):
        kind_of.update(dict.fromkeys(phrases, kind))
    mentions = re.compile(rf"\b(?:({alternation(NOT_MEANT)})|({alternation(words)})){PLURALS}\b")
    verbs = r"\b(is|are|was|were|has|have|remains?|shows?)\b"
    ends = [phrase for phrase in kind_of if phrase != ";"]
    triggers = re.compile(rf"\b({alternation(ends)})\b|(;)|{verbs}")
    return _Lexicon(mentions, triggers, finding_of, kind_of)


_LEXICON = _compile()
_NORMAL = {finding: re.compile(pattern) for finding, pattern in NORMAL_PHRASES.items()}
_CUE = re.compile("normal|unremarkable|not enlarged|not widened|not increased")


def find_mentions(sentence: str) -> list[Mention]:
    """List the findings that a sentence names, each with its status.

    Parameters
    ----------
    sentence : str
        One sentence, in any case. See `labutils.reports_text.split_sentences`.

    Returns
    -------
    list of Mention
        In the order of the text; ``status`` is ``"positive"``, ``"negative"`` or ``"uncertain"``. "The heart size is normal" is a
        negative mention of Cardiomegaly.

    Raises
    ------
    ValueError
        If `sentence` is no text.

    Examples
    --------
    >>> [(m.words, m.status) for m in find_mentions("No effusion or edema, but a nodule which may be a granuloma.")]
    [('effusion', 'negative'), ('edema', 'negative'), ('nodule', 'positive'), ('granuloma', 'uncertain')]

    References
    ----------
    Chapman WW and others. A simple algorithm for identifying negated findings and diseases in discharge summaries. Journal
    of Biomedical Informatics 2001;34:301-310.
    """
    if not isinstance(sentence, str):
        raise ValueError(f"sentence must be text; got {type(sentence).__name__}. Pass one sentence, not a list of them.")
    text = sentence.lower()
    named = [(match.start(), match.end(), match[2]) for match in _LEXICON.mentions.finditer(text) if match[2]]
    found = []
    if named:
        triggers = [
            (match.start(), match.end(), _LEXICON.kind_of.get(match[1] or match[2], "verb"))
            for match in _LEXICON.triggers.finditer(text)
        ]
        for start, end, keyword in named:
            status = _status(start, end, triggers) if triggers else POSITIVE
            found += [Mention(finding, sentence[start:end], start, end, status) for finding in _LEXICON.finding_of[keyword]]
    if _CUE.search(text):
        for finding, pattern in _NORMAL.items():
            for match in pattern.finditer(text):
                found.append(Mention(finding, sentence[match.start() : match.end()], *match.span(), NEGATIVE))
        found.sort(key=lambda mention: mention.start)
    return found


def _status(start, end, triggers):
    """Say what the triggers of the clause make of a mention from `start` to `end`."""
    for first, last, kind in triggers:  # rule 3: what follows, up to the next verb or the end of the clause
        if first < end:
            continue
        if kind.startswith("after "):
            return kind.removeprefix("after ")
        if kind in ("verb", "end"):
            break
    for first, last, kind in reversed(triggers):  # rule 4: the nearest before, back to the end of the last clause
        if last > start:
            continue
        if kind == "end":
            break
        if kind.startswith("before "):
            return kind.removeprefix("before ")
    return POSITIVE
