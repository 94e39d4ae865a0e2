"""The release gate: nothing that a learner gets holds a marker, a solution, a hidden check or an answer.

It reads the finished files, not the way they were made, so that it would also catch a mistake of the build.
"""

import base64
import binascii
import contextlib
import html
import json
import re
import urllib.parse
import zlib
from typing import NamedTuple

from autograder.build import regions
from autograder.build.secrets import ANSWER, NUMBER, collect, squeeze
from autograder.build.week import Problem

RULE = "leak"
_DEEPEST = 3  # a blob within a blob within a blob
_BLOB = re.compile(r"[A-Za-z0-9+/_-]{24,}={0,2}|(?:\\x[0-9a-fA-F]{2}){8,}")
_CELL_KEYS = {"cell_type", "execution_count", "id", "metadata", "outputs", "source"}
_METADATA_KEYS = {"deletable", "editable", "nbgrader", "tags"}
_NOTEBOOK_KEYS = {"kernelspec", "language_info", "medlabs"}


class Content(NamedTuple):
    """What can be read in a file: its texts, and whether a number in them means anything."""

    texts: list
    numbers_count: bool


def find_leaks(files, weeks, *, secrets=None):
    """Search released files for what learners must not see.

    Parameters
    ----------
    files : dict of str to bytes
        Name (for messages) to content, of every file that learners get.
    weeks : list of autograder.build.Week
        The sources whose secrets are searched for.
    secrets : list of autograder.build.secrets.Secret, optional
        ``collect(weeks)``, when the caller has it.

    Returns
    -------
    list of Problem
        One per file and piece. The message says where the piece is from.

    Raises
    ------
    SourceError
        If a source cannot be read.
    """
    secrets = collect(weeks) if secrets is None else secrets
    problems = []
    for name, content in files.items():
        problems += _find_shape(name, content)
        read = read_content(name, content)
        problems += _find_markers(name, read)
        problems += list(_find_secrets(name, read, secrets))
    return problems


def read_content(name, content):
    """Give every text that a file holds: as it stands, decoded from JSON, HTML, URLs, hex, base64 and zlib."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return Content([squeeze(content.decode("latin-1"))], numbers_count=False)
    if name.endswith(".svg"):
        # numbers in the attributes of a drawing are coordinates
        return Content(_decoded([text, re.sub(r"<(?!!)[^>]*>", " ", text)]), numbers_count=False)
    texts = [text]
    if name.endswith(".ipynb"):
        with contextlib.suppress(ValueError):  # _find_shape says so
            texts += list(_strings(json.loads(text)))
    return Content(_decoded(texts), numbers_count=True)


def _strings(value):
    """Yield every text in a JSON value, keys too; a list of lines also as one text."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from _strings(item)
    elif isinstance(value, list):
        if value and all(isinstance(item, str) for item in value):
            yield "".join(value)
        for item in value:
            yield from _strings(item)
    elif value is not None and not isinstance(value, bool):
        yield repr(value)


def _decoded(texts):
    everything, fresh = set(), {squeeze(text) for text in texts}
    for _ in range(_DEEPEST):
        everything |= fresh
        fresh = {squeeze(text) for known in fresh for text in _decodings(known)} - everything
    return sorted(everything | fresh)


def _decodings(text):
    if "&" in text:
        yield html.unescape(text)
    if "%" in text:
        yield urllib.parse.unquote(text)
    for blob in _BLOB.findall(text):
        for data in _bytes_of(blob):
            yield from _text_of(data)
            with contextlib.suppress(zlib.error):
                yield from _text_of(zlib.decompressobj(wbits=47).decompress(data, 1_000_000))


def _bytes_of(blob):
    if blob.startswith("\\x"):
        yield bytes.fromhex(blob.replace("\\x", ""))
        return
    if re.fullmatch(r"(?:[0-9a-fA-F]{2})+", blob):
        yield bytes.fromhex(blob)
    plain = blob.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        yield base64.b64decode(plain + "=" * (-len(plain) % 4))
    except (binascii.Error, ValueError):
        return


def _text_of(data):
    text = data.decode("utf-8", "ignore")
    if sum(sign.isprintable() or sign.isspace() for sign in text) >= 0.9 * max(len(text), 1) and len(text) >= 4:
        yield text


def _find_markers(name, read):
    found = {word for word in regions.WORDS for text in read.texts if word in text.upper()}
    found |= {regions.STUB_MARKER for text in read.texts if re.search(r"#{2,}\s*STUB\b", text, flags=re.I)}
    return [_leak(name, f"the marker {word!r}", "Mend the markers of the source.") for word in sorted(found)]


def _find_secrets(name, read, secrets):
    together = " \n ".join(read.texts)
    for secret in secrets:
        if secret.is_in(together, read.numbers_count):
            # a number is not repeated here, and an answer is a pattern
            what = {NUMBER: "a number of", ANSWER: "the"}.get(
                secret.kind, f"the {secret.kind} {_short(secret.text)} of"
            )
            yield _leak(name, f"{what} the {secret.origin}", "Reword one of the two, or move it out of sight.")


def _short(text):
    return repr(text if len(text) <= 60 else text[:57] + "…")


def _find_shape(name, content):
    """Find what a released notebook may not have at all: outputs, attachments, metadata that nobody asked for."""
    if not name.endswith(".ipynb"):
        return []
    try:
        notebook = json.loads(content)
        cells = notebook["cells"]
    except (ValueError, KeyError, TypeError):
        return [Problem(name, None, RULE, "is no notebook. Run `medlabs build`.")]
    problems = [
        _leak(name, f"notebook metadata {key!r}", "Run `medlabs build`.")
        for key in sorted(set(notebook.get("metadata", {})) - _NOTEBOOK_KEYS)
    ]
    for number, cell in enumerate(cells, start=1):
        problems += [Problem(name, number, RULE, f"{what}. Run `medlabs build`.") for what in _extras(cell)]
        if cell.get("cell_type") == "code":
            source = cell.get("source", "")
            lines = ("".join(source) if isinstance(source, list) else source).split("\n")
            problems += [
                Problem(name, number, RULE, f"{line.strip()!r} looks like a marker. Mend it in the source.")
                for line in lines
                if regions.looks_like_marker(line)
            ]
    return problems


def _extras(cell):
    if cell.get("outputs"):
        yield "an output"
    if cell.get("execution_count") is not None:
        yield "an execution count"
    yield from (f"{key} of a cell" for key in sorted(set(cell) - _CELL_KEYS))
    yield from (f"cell metadata {key!r}" for key in sorted(set(cell.get("metadata", {})) - _METADATA_KEYS))


def _leak(name, what, advice):
    return Problem(name, None, RULE, f"holds {what}. {advice}")
