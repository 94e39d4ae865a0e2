"""From the raw text of a report to clean sections and sentences.

What is decided here, so that nobody has to guess: text that is bytes is read as UTF-8, else as Windows-1252 (which every
byte fits); curly quotes and non-breaking spaces become plain ones; ``XXXX``, the mark of de-identification in Open-i, stays as a word
of its own that matches nothing; a report without headings is one section, ``findings``; an empty report has no sentence.
"""

import re
import unicodedata

SECTIONS = ("indication", "comparison", "technique", "findings", "impression")
READ = ("findings", "impression")
"""The sections that say what was seen. An indication says what was asked: "rule out pneumonia" is no pneumonia."""

_NAMES = {
    **{name: "indication" for name in ("indication", "indications", "history", "clinical history", "clinical indication", "reason for exam")},
    **{name: "comparison" for name in ("comparison", "comparisons")},
    **{name: "technique" for name in ("technique", "procedure", "exam", "examination", "views")},
    **{name: "findings" for name in ("findings", "finding", "report")},
    **{name: "impression" for name in ("impression", "impressions", "conclusion", "conclusions", "opinion")},
}
_HEADING = re.compile(
    r"(?:^|(?<=[\n.]))[ \t]*(" + "|".join(sorted(_NAMES, key=len, reverse=True)) + r")[ \t]*:", re.IGNORECASE | re.MULTILINE
)
_PLAIN = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u2013": "-", "\u2014": "-", "\u00a0": " ", "\ufeff": ""})
_SPACES = re.compile(r"[ \t\f\v]+")
_LINE_INSIDE = re.compile(r"(?<=[^\s.:;!?])[ ]?\n[ ]?(?=[a-z(])")
_LISTED = re.compile(r"(?:^|(?<=[.\s]))\(?\d{1,2}[.)](?=\s)", re.MULTILINE)
_END = re.compile(r"(?<=[.!?])(?<!\bdr\.)(?<!\bvs\.)(?<!\be\.g\.)(?<!\bi\.e\.)(?<!\bapprox\.)(?<!\bno\. \d)\s+|\n+", re.IGNORECASE)


def clean_text(text: str | bytes) -> str:
    """Make the text of a report plain: one encoding, plain quotes, single spaces, no line break inside of a sentence.

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
    >>> clean_text("No  pleural\\neffusion.\\nHeart \\u2018normal\\u2019.")
    "No pleural effusion.\\nHeart 'normal'."
    """
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8")
        except UnicodeDecodeError:
            text = text.decode("cp1252", errors="replace")
    if not isinstance(text, str):
        raise ValueError(f"A report must be text; got {text!r} ({type(text).__name__}). Write '' for a missing report.")
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text.translate(_PLAIN))
    text = _SPACES.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _LINE_INSIDE.sub(" ", text).strip()


def split_sections(text: str | bytes) -> dict[str, str]:
    """Cut a report at its headings.

    Parameters
    ----------
    text : str or bytes
        Headings stand at the start of a line or after a full stop and end with a colon, in any case: ``FINDINGS:``, ``Impression:``.

    Returns
    -------
    dict of str to str
        Some of ``indication``, ``comparison``, ``technique``, ``findings`` and ``impression``, in the order of the text; a section
        that comes twice is joined. Text before the first heading, or without any, is ``findings``.

    Examples
    --------
    >>> split_sections("INDICATION: Rule out pneumonia.\\nFINDINGS: Clear lungs.")
    {'indication': 'Rule out pneumonia.', 'findings': 'Clear lungs.'}
    """
    text = clean_text(text)
    sections: dict[str, str] = {}
    place, name = 0, "findings"
    for heading in [*_HEADING.finditer(text), None]:
        part = text[place : heading.start() if heading else len(text)].strip()
        if part:
            sections[name] = f"{sections[name]}\n{part}" if name in sections else part
        if heading:
            place, name = heading.end(), _NAMES[heading[1].lower()]
    return sections


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
    text = _LISTED.sub("\n", clean_text(text))
    return [part for part in (piece.strip() for piece in _END.split(text)) if re.search(r"\w", part)]
