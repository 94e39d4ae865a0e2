"""Cells of CSV files that people open in a spreadsheet, which runs a text as a formula if it begins like one."""

import csv
import io

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
GUARD = "'"  # a spreadsheet takes what follows as text


def safe(value):
    """Give a value as the text of a cell that no spreadsheet runs; numbers stay numbers."""
    if value is None:
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{round(value, 6):.15g}"
    text = str(value)
    return GUARD + text if _runs(text) else text


def plain(text):
    """Take the guard off again."""
    rest = text[1:] if text.startswith(GUARD) else ""
    return rest if _runs(rest) else text


def _runs(text):
    """Say whether a spreadsheet could take a text for a formula; a dash alone, as for "no grade", is none."""
    return text != "-" and (text.lstrip().startswith(FORMULA) or text.startswith(FORMULA))


def to_csv(rows):
    """Write rows as CSV; every cell is made safe.

    Parameters
    ----------
    rows : iterable of sequences

    Returns
    -------
    bytes
        UTF-8, lines ended as RFC 4180 says.
    """
    text = io.StringIO(newline="")
    csv.writer(text).writerows([safe(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8")


def from_csv(content, name):
    """Read CSV that a person or a program wrote: comma, semicolon or tab, with or without a byte order mark.

    Parameters
    ----------
    content : bytes
    name : str
        The file, for messages.

    Returns
    -------
    list of (int, list of str)
        The number of the line on which a row ends, and its cells without the guard; empty rows are left out.

    Raises
    ------
    ValueError
        In one sentence.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"{name} is not UTF-8 (byte {error.start}): save it as 'CSV UTF-8'.") from None
    if "\0" in text:
        raise ValueError(f"{name} holds a zero byte, so it is no CSV: save it as 'CSV UTF-8'.")
    first = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        rows = [(reader.line_num, [plain(cell.strip()) for cell in row]) for row in reader]
    except csv.Error as error:
        raise ValueError(f"{name}, line {reader.line_num}: this is no CSV ({error}). Mend that line.") from None
    return [(number, row) for number, row in rows if any(row)]
