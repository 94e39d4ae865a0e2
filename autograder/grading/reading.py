"""Read a learner's notebook without trusting a byte of it.

Only what the grader needs is kept: the kind and the text of each cell, its ``grade_id`` and its id. Outputs, other
metadata and everything unknown are dropped here, so that nothing else of the file can reach nbgrader or a page.
"""

import errno
import json
import os
import re
import stat
from pathlib import Path
from typing import NamedTuple

MAX_BYTES = 20_000_000
MAX_CELLS = 2_000
MAX_PARTS = 1_000_000  # values in the file: an empty list takes two bytes there and sixty in memory
_TEXTS = re.compile(
    rb'"(?:[^"\\]++|\\.)*+"?', flags=re.S
)  # also one that never ends, or each quote in it is tried again
HELP = "Open a fresh copy of the notebook, copy your answers into it and save."


class UnreadableError(ValueError):
    """The file is not a notebook that can be graded; the message is one sentence for its author."""


class Cell(NamedTuple):
    """One cell of a learner's notebook: ``kind`` is ``code`` or ``markdown`` (``raw`` counts as markdown)."""

    kind: str
    source: str
    grade_id: str | None
    cell_id: str | None


class LearnerNotebook(NamedTuple):
    """The cells, and what the file says about itself (``week`` and ``name`` are None in a file that says nothing)."""

    cells: list
    week: str | None
    name: str | None


def read_notebook(path, *, max_bytes=MAX_BYTES):
    """Read a notebook file.

    Parameters
    ----------
    path : str or pathlib.Path
    max_bytes : int
        A larger file is refused before it is read.

    Returns
    -------
    LearnerNotebook

    Raises
    ------
    UnreadableError
        One sentence that names the file and says what to do.
    """
    path = Path(path)
    return parse_notebook(read_bytes(path, max_bytes), path.name)


def parse_notebook(data, name):
    """Read a notebook from bytes; ``name`` is for messages. See :func:`read_notebook`."""
    return _as_notebook(_parse(data, name), name)


def find_notebooks(path):
    """List the notebooks of a folder, deepest last, in a fixed order; hidden files and folders are passed over.

    Links are listed and not followed: :func:`read_notebook` refuses them, so that none vanishes without a word.

    Parameters
    ----------
    path : pathlib.Path
        A folder.

    Returns
    -------
    list of pathlib.Path
    """
    found = []
    for folder, folders, files in os.walk(path):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        links = [name for name in folders if (Path(folder) / name).is_symlink()]
        names = [name for name in files if name.endswith(".ipynb") and not name.startswith(".")]
        found += [Path(folder) / name for name in sorted(names + links)]
    return found


def read_bytes(path, max_bytes=MAX_BYTES):
    """Read a whole file of a learner's: no link, no pipe, no device, nothing large.

    Raises
    ------
    UnreadableError
        In one sentence.
    """
    try:
        # O_NONBLOCK: opening a pipe must not wait for somebody to write into it.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOFOLLOW)
    except FileNotFoundError:
        raise UnreadableError(f"{path.name} does not exist: check the path.") from None
    except (OSError, ValueError) as error:
        if getattr(error, "errno", None) == errno.ELOOP:
            raise UnreadableError(
                f"{path.name} is a link, and links are not followed: hand in the file itself."
            ) from None
        reason = getattr(error, "strerror", None) or "not a path"
        raise UnreadableError(f"{path.name} cannot be opened ({reason}).") from None
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        os.close(descriptor)
        raise UnreadableError(f"{path.name} is not a file.")
    with os.fdopen(descriptor, "rb") as file:
        if status.st_size > max_bytes:
            raise UnreadableError(
                f"{path.name} is too large ({status.st_size / 1e6:.0f} MB, and {max_bytes / 1e6:.0f} MB are allowed): "
                "choose Edit > Clear Outputs of All Cells, save, and submit again."
            )
        data = file.read(max_bytes + 1)
    if len(data) > max_bytes:
        raise UnreadableError(f"{path.name} grew while it was read: save it and submit again.")
    if not data.strip():
        raise UnreadableError(f"{path.name} is empty: {HELP[0].lower()}{HELP[1:]}")
    return data


def _parse(data, name):
    def pairs(items):
        seen = dict(items)
        if len(seen) != len(items):
            met = set()
            twice = next(key for key, _ in items if key in met or met.add(key))  # in one pass: there may be millions
            raise UnreadableError(f"{name} is ambiguous: it says {twice[:40]!r} twice in one place. {HELP}")
        return seen

    bare = _TEXTS.sub(b"", data)
    if sum(bare.count(sign) for sign in (b",", b"[", b"{")) > MAX_PARTS:
        raise UnreadableError(
            f"{name} has more than {MAX_PARTS:,} parts: choose Edit > Clear Outputs of All Cells, save, and submit again."
        )
    try:
        # NaN and Infinity are no JSON, but Python's notebooks may hold them in outputs, which are not read.
        return json.loads(data.decode("utf-8-sig"), object_pairs_hook=pairs, parse_constant=lambda _: None)
    except UnreadableError:
        raise
    except UnicodeDecodeError:
        raise UnreadableError(f"{name} is not a notebook: it is not text in UTF-8. {HELP}") from None
    except json.JSONDecodeError as error:
        ends_early = data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") and not data.rstrip().endswith(b"}")
        what = "was cut off: it ends in the middle" if ends_early else "is not a notebook: it is not JSON"
        raise UnreadableError(f"{name} {what} (line {error.lineno}). {HELP}") from None
    except RecursionError:
        raise UnreadableError(f"{name} is not a notebook: its JSON is nested too deeply. {HELP}") from None
    except ValueError:  # for example a number with more digits than Python converts
        raise UnreadableError(f"{name} is not a notebook: it holds a number that cannot be read. {HELP}") from None


def _as_notebook(content, name):
    if not isinstance(content, dict) or "nbformat" not in content:
        raise UnreadableError(f"{name} is JSON, but not a notebook: it does not say its nbformat. {HELP}")
    version = content["nbformat"]
    if version not in (3, 4) or isinstance(version, bool):
        raise UnreadableError(f"{name} is in notebook format {str(version)[:20]}; this grader reads 3 and 4. {HELP}")
    raw = _cells_of_v3(content) if version == 3 else content.get("cells")
    if not isinstance(raw, list):
        raise UnreadableError(f"{name} is not a notebook: it has no list of cells. {HELP}")
    if not raw:
        raise UnreadableError(f"{name} has no cells. {HELP}")
    if len(raw) > MAX_CELLS:
        raise UnreadableError(f"{name} has {len(raw)} cells, and {MAX_CELLS} are allowed. {HELP}")
    about = content.get("metadata")
    about = about.get("medlabs") if isinstance(about, dict) else None
    about = about if isinstance(about, dict) else {}
    cells = [_as_cell(cell, number, name) for number, cell in enumerate(raw, start=1)]
    return LearnerNotebook(cells, _text_or_none(about.get("week")), _text_or_none(about.get("notebook")))


def _cells_of_v3(content):
    sheets = content.get("worksheets")
    if not isinstance(sheets, list):
        return None
    cells = []
    for sheet in sheets:
        if not isinstance(sheet, dict) or not isinstance(sheet.get("cells"), list):
            return None
        cells += sheet["cells"]
    return [
        {**cell, "source": cell.get("input", cell.get("source"))} if isinstance(cell, dict) else cell for cell in cells
    ]


def _as_cell(cell, number, name):
    if not isinstance(cell, dict):
        raise UnreadableError(f"{name} is not a notebook: its cell {number} is not a cell. {HELP}")
    source = cell.get("source")
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        raise UnreadableError(f"{name} is not a notebook: its cell {number} has no text. {HELP}")
    # Half a character (a lone surrogate) cannot be written to any file; the line ends of another system can differ.
    source = source.encode("utf-8", "replace").decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    grade_id = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    kind = "code" if cell.get("cell_type") == "code" else "markdown"
    return Cell(kind, source, _text_or_none(grade_id), _text_or_none(cell.get("id")))


def _text_or_none(value):
    return value if isinstance(value, str) and 0 < len(value) <= 200 else None
