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
)

POSITIVE, NEGATIVE, UNCERTAIN = "positive", "negative", "uncertain"


class Mention(NamedTuple):
    """One place where a sentence names a finding: which words, from where to where (characters), and its status."""

    finding: str
    words: str
    start: int
    end: int
    status: str


_VERBS = ("is", "are", "was", "were", "has", "have", "remain", "remains", "show", "shows")
_WORD = re.compile(r"\w+|;")


def _by_first_word(kinds):
    """Sort phrases by their first word, longest first, so that a sentence is read once, word by word."""
    shelf = {}
    for phrase, kind in sorted(kinds.items(), key=lambda item: (-len(item[0]), item[0])):
        shelf.setdefault(_WORD.match(phrase)[0], []).append((phrase, kind))
    return shelf


def _mentions_by_first_word():
    finding_of = {}
    for finding, keywords in KEYWORDS.items():
        for keyword in keywords:
            for ending in PLURALS:
                finding_of.setdefault(keyword + ending, []).append(finding)
    return _by_first_word(
        {**{word: tuple(names) for word, names in finding_of.items()}, **dict.fromkeys(NOT_MEANT, ())}
    )


def _triggers_by_first_word():
    kind_of = dict.fromkeys(_VERBS, ("verb", None))
    for where, status, phrases in (
        ("before", NEGATIVE, NEGATION_BEFORE),
        ("before", UNCERTAIN, UNCERTAIN_BEFORE),
        ("after", NEGATIVE, NEGATION_AFTER),
        ("after", UNCERTAIN, UNCERTAIN_AFTER),
        ("pseudo", None, PSEUDO_NEGATION),
        ("end", None, (*ENDS_CLAUSE, ";")),
    ):
        kind_of.update(dict.fromkeys(phrases, (where, status)))
    return _by_first_word(kind_of)


_MENTIONS, _TRIGGERS = _mentions_by_first_word(), _triggers_by_first_word()
_FIRST_WORDS = _MENTIONS.keys() | _TRIGGERS.keys()
_NORMAL = {finding: re.compile(pattern) for finding, pattern in NORMAL_PHRASES.items()}
_CUES = frozenset(("normal", "unremarkable", "not"))  # no phrase of normality without one of these


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
        raise ValueError(
            f"sentence must be text; got {type(sentence).__name__}. Pass one sentence, not a list of them."
        )
    text = sentence.lower()
    if len(text) != len(sentence):  # a few letters become two in lower case, which would shift all places
        text = "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in sentence)
    return [
        Mention(finding, sentence[start:end], start, end, status) for finding, start, end, status in read_clause(text)
    ]


def read_clause(text: str) -> tuple[tuple[str, int, int, str], ...]:
    """Find the mentions in a sentence in small letters.

    Parameters
    ----------
    text : str

    Returns
    -------
    tuple of (finding, start, end, status)
    """
    named, triggers = [], []
    words = set(_WORD.findall(text))
    if _MENTIONS.keys().isdisjoint(words) and words.isdisjoint(_CUES):
        return ()  # most sentences: nothing that could be a finding
    free = heard = 0  # where the last mention and the last trigger end
    for start, first in _places(text, words & _FIRST_WORDS):
        if start >= free and first in _MENTIONS:
            end, findings = _longest(text, start, _MENTIONS[first])
            free = end or free
            named += [(finding, start, end) for finding in findings or ()]
        if start >= heard and first in _TRIGGERS:
            end, kind = _longest(text, start, _TRIGGERS[first])
            if end:
                heard = end
                triggers.append((start, end, *kind))
    found = [(finding, start, end, _status(start, end, triggers)) for finding, start, end in named]
    if not words.isdisjoint(_CUES):
        for finding, pattern in _NORMAL.items():
            found += [(finding, *match.span(), NEGATIVE) for match in pattern.finditer(text)]
        found.sort(key=lambda mention: mention[1])
    return tuple(found)


def _places(text, words):
    """List where some words stand, as whole words, in the order of the text."""
    places = []
    for word in words:
        start = text.find(word)
        while start >= 0:
            end = start + len(word)
            before, after = text[start - 1 : start], text[end : end + 1]
            if word == ";" or not (before.isalnum() or after.isalnum() or before == "_" or after == "_"):
                places.append((start, word))
            start = text.find(word, end)
    places.sort()
    return places


def _longest(text, start, phrases):
    """Take the longest phrase that stands at a place as whole words: its end and what it stands for."""
    for phrase, meaning in phrases:
        if text.startswith(phrase, start):
            end = start + len(phrase)
            if end == len(text) or not (text[end].isalnum() or text[end] == "_"):
                return end, meaning
    return 0, None


def _status(start, end, triggers):
    """Say what the triggers of the clause make of a mention from `start` to `end`."""
    for first, _, kind, status in triggers:  # rule 3: what follows, up to the next verb or the end of the clause
        if first < end:
            continue
        if kind == "after":
            return status
        if kind in ("verb", "end"):
            break
    for _, last, kind, status in reversed(triggers):  # rule 4: the nearest before, back to the end of the last clause
        if last > start:
            continue
        if kind == "end":
            break
        if kind == "before":
            return status
    return POSITIVE
