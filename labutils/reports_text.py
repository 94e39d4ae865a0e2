"""From the raw text of a report to clean sections and sentences.

What is decided here, so that nobody has to guess: text that is bytes is read as UTF-8, else as Windows-1252 (which nearly
every byte fits; the rest become U+FFFD); curly quotes and non-breaking spaces become plain ones, and so do
ligatures and wide letters (Unicode NFKC), but not ½ or ²; ``XXXX``, the mark of de-identification in Open-i, stays as a word
of its own that matches nothing; a report without headings is one section, ``findings``; an empty report has no sentence.
"""

import re
import unicodedata
from collections.abc import Iterable

SECTIONS = ("indication", "comparison", "technique", "findings", "impression")
READ = ("findings", "impression")
"""The sections that say what was seen. An indication says what was asked: "rule out pneumonia" is no pneumonia."""

_NAMES = {
    **dict.fromkeys(
        ("indication", "indications", "history", "clinical history", "clinical indication", "reason for exam"),
        "indication",
    ),
    **dict.fromkeys(("comparison", "comparisons"), "comparison"),
    **dict.fromkeys(("technique", "procedure", "exam", "examination", "views"), "technique"),
    **dict.fromkeys(("findings", "finding", "report"), "findings"),
    **dict.fromkeys(("impression", "impressions", "conclusion", "conclusions", "opinion"), "impression"),
}
_PLAIN = str.maketrans(
    {
        "\u2018": "'",
        "\u2019": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u2013": "-",
        "\u2014": "-",
        "\u00a0": " ",
        "\ufeff": "",
    }
)
_SPACES = re.compile(r"[ \t\f\v]+")
_STOPS = "\n.:;!?"
_OF_A_LIST = re.compile(r"\(?\d{1,2}(?:[.)](?:\s+|$))")
_OTHER_ENDS = re.compile(r"(?<=[!?])\s+")
_SHORT_ENDS = tuple(
    f"{before}{short}" for before in " (" for short in ("dr.", "vs.", "mr.", "mrs.", "e.g.", "i.e.", "st.")
)
_HEADING_INSIDE = re.compile(rf"\.\s*({'|'.join(sorted(_NAMES, key=len, reverse=True))})\s*:", re.IGNORECASE)


def clean_text(text: str | bytes) -> str:
    r"""Make the text of a report plain: one encoding, plain quotes, single spaces, no line break inside of a sentence.

    Parameters
    ----------
    text : str or bytes
        Bytes are read as UTF-8, else as Windows-1252. Case, numbers and punctuation stay.

    Returns
    -------
    str
        Line breaks stay where a new sentence or heading begins. An empty text stays empty.

    Raises
    ------
    ValueError
        If `text` is neither str nor bytes (a missing cell of a table is NaN: drop it or write '').

    Examples
    --------
    >>> clean_text("No  pleural\neffusion.\nHeart \u2018normal\u2019.")
    "No pleural effusion.\nHeart 'normal'."
    """
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8")
        except UnicodeDecodeError:
            text = text.decode("cp1252", errors="replace")
    if not isinstance(text, str):
        raise ValueError(f"A report must be text; got {text!r} ({type(text).__name__}). Write '' for a missing report.")
    if not text.isascii():
        text = _plain_letters(text.translate(_PLAIN))
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "  " in text or "\t" in text or "\f" in text or "\v" in text:
        text = _SPACES.sub(" ", text)
    if "\n" in text:
        text = _join_lines(text)
    return text.strip()


def _plain_letters(text):
    """Make ligatures and wide letters plain (Unicode NFKC); ½ and ² stay, since 1½ cm would become 11/2 cm."""
    letters = (c if unicodedata.category(c) == "No" else unicodedata.normalize("NFKC", c) for c in text)
    return unicodedata.normalize("NFC", "".join(letters))


def _join_lines(text):
    """Undo line breaks inside of a sentence: the line ends with no stop, and the next goes on in small letters."""
    whole = ""
    for line in text.split("\n"):
        line = line.strip(" ")
        goes_on = whole and whole[-1] not in _STOPS and (line[:1].islower() or line[:1] == "(")
        whole += (" " if goes_on else "\n") + line
    return whole


def split_sections(text: str | bytes) -> dict[str, str]:
    r"""Cut a report at its headings.

    Parameters
    ----------
    text : str or bytes
        Headings stand at the start of a line or after a full stop and end with a colon, in any case: ``FINDINGS:``,
        ``Impression:``.

    Returns
    -------
    dict of str to str
        Some of ``indication``, ``comparison``, ``technique``, ``findings`` and ``impression``, in the order of the
        text; a section
        that comes twice is joined. Text before the first heading, or without any, is ``findings``.

    Examples
    --------
    >>> split_sections("INDICATION: Rule out pneumonia.\nFINDINGS: Clear lungs.")
    {'indication': 'Rule out pneumonia.', 'findings': 'Clear lungs.'}
    """
    return cut_at_headings(clean_text(text))


def cut_at_headings(text: str) -> dict[str, str]:
    """Cut a clean text at its headings; see `split_sections`.

    Parameters
    ----------
    text : str

    Returns
    -------
    dict of str to str
    """
    sections: dict[str, str] = {}
    name = "findings"
    for line in text.split("\n"):
        head, colon, rest = line.partition(":")
        following = _NAMES.get(head.strip().lower()) if colon else None
        if following:
            name, line = following, rest
        while ":" in line:
            inside = _HEADING_INSIDE.search(line)
            if not inside:
                break
            _add(sections, name, line[: inside.start() + 1])
            name, line = _NAMES[inside[1].lower()], line[inside.end() :]
        _add(sections, name, line)
    return sections


def _add(sections, name, part):
    part = part.strip()
    if part:
        sections[name] = f"{sections[name]}\n{part}" if name in sections else part


def split_sentences(text: str | bytes) -> list[str]:
    """Cut a text into sentences: at full stops followed by a space, at line breaks, and at the numbers of a list.

    Parameters
    ----------
    text : str or bytes
        A section of a report. "2.5 cm" is not cut, nor "Dr. Smith"; the "2." of a list is left out.

    Returns
    -------
    list of str
        Without empty ones. A text of one word is one sentence; an empty text has none.

    Examples
    --------
    >>> split_sentences("1. Nodule of 2.5 cm. 2. No effusion")
    ['Nodule of 2.5 cm.', 'No effusion']
    """
    return cut_into_sentences(clean_text(text))


def read_sentences(text: str | bytes, sections: Iterable[str] = READ) -> list[str]:
    """Cut some sections of a report into sentences: those that say what was seen, unless others are asked for.

    Parameters
    ----------
    text : str or bytes
        The whole report.
    sections : iterable of str
        See `split_sections`; one that the report does not have adds nothing.

    Returns
    -------
    list of str

    Examples
    --------
    >>> read_sentences("INDICATION: Rule out pneumonia. FINDINGS: Clear lungs. No effusion.")
    ['Clear lungs.', 'No effusion.']
    """
    parts = split_sections(text)
    return [sentence for name in sections if name in parts for sentence in split_sentences(parts[name])]


def cut_into_sentences(text: str) -> list[str]:
    """Cut a clean text into sentences; see `split_sentences`.

    Parameters
    ----------
    text : str

    Returns
    -------
    list of str
    """
    return [part for part in map(bare_sentence, raw_sentences(text)) if part]


def raw_sentences(text: str) -> list[str]:
    """Cut a clean text where sentences end; numbers of lists, spaces and empty pieces are still there.

    Parameters
    ----------
    text : str

    Returns
    -------
    list of str
    """
    if "? " in text or "! " in text or _may_hold_short_words(text):
        return [part for piece in _carefully(text) for part in _OTHER_ENDS.split(piece)]
    return text.replace(". ", ".\n").split("\n")


def _may_hold_short_words(text):
    """Ask for the letters only; spelt out, since it is asked of every section and a loop would cost more than all the rest."""
    return (
        ("r. " in text and ("dr. " in text or "mr. " in text or "Dr. " in text or "Mr. " in text))
        or ("s. " in text and ("vs. " in text or "Vs. " in text or "mrs. " in text or "Mrs. " in text))
        or ("t. " in text and ("st. " in text or "St. " in text))
        or (".g. " in text or ".e. " in text)
    )


def _carefully(text):
    """Cut at full stops, but not at those of "dr." and the like."""
    for line in text.split("\n"):
        begun = ""
        for part in line.replace(". ", ".\n").split("\n"):
            begun = f"{begun} {part}" if begun else part
            if not f" {begun.lower()}".endswith(_SHORT_ENDS):
                yield begun
                begun = ""
        if begun:
            yield begun


def bare_sentence(sentence: str) -> str:
    """Leave out the number of a list; what holds neither letter nor digit is no sentence: ''.

    Parameters
    ----------
    sentence : str

    Returns
    -------
    str
    """
    sentence = sentence.strip()
    first = sentence[:1]
    if first.isalpha():
        return sentence
    if first.isdigit() or first == "(":
        sentence = _OF_A_LIST.sub("", sentence, count=1)
    return sentence if any(map(str.isalnum, sentence)) else ""
