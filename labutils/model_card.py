"""The card that travels with a model: what it is for, what it was tried on, numbers with their intervals, and its limits.

Mitchell M, Wu S, Zaldivar A, and others. Model cards for model reporting. Conference on Fairness, Accountability, and
Transparency (FAT*) 2019, pages 220-229. The parts here follow theirs, in plain words.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

PARTS = ("What it is", "What it is for", "What it is not for", "Data", "Limits")


def with_interval(estimate: float, low: float, high: float, digits: int = 2) -> str:
    """Write an estimate with its interval, or say that there is none.

    Examples
    --------
    >>> with_interval(0.8123, 0.75, 0.861)
    '0.81 (0.75 to 0.86)'
    >>> with_interval(float("nan"), float("nan"), float("nan"))
    'too few'
    """
    if np.isnan([estimate, low, high]).any():
        return "too few"
    return f"{estimate:.{digits}f} ({low:.{digits}f} to {high:.{digits}f})"


def markdown_table(head: Sequence[str], rows: Sequence[Sequence]) -> str:
    """Write a Markdown table.

    Examples
    --------
    >>> print(markdown_table(["finding", "films"], [["Mass", 12]]))
    | finding | films |
    | --- | --- |
    | Mass | 12 |
    """
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell).replace("|", "/") for cell in line) + " |" for line in lines)


def measured_table(frame: pd.DataFrame, measures: Mapping[str, str], counts: Sequence[str], first: str) -> str:
    """Write measurements as a table in which no estimate stands without its interval.

    Parameters
    ----------
    frame : DataFrame
        One row per finding or group. Each measure has three columns: ``name``, ``name_low``, ``name_high``.
    measures : dict of str to str
        Which measures, and how they are called in the table.
    counts : sequence of str
        Columns of whole numbers: how many films, patients, positives.
    first : str
        What the index is: "finding", "group".

    Returns
    -------
    str

    Raises
    ------
    ValueError
        If a column is missing, an end of an interval above all, or there is no count.
    """
    if not counts:
        raise ValueError("name at least one column of counts: a number without its denominator says nothing.")
    wanted = [*counts, *(name + end for name in measures for end in ("", "_low", "_high"))]
    lacking = [name for name in wanted if name not in frame.columns]
    if lacking:
        raise ValueError(
            f"the table lacks {', '.join(lacking)}: each measure needs the columns name, name_low and name_high."
        )
    rows = []
    for label, row in frame.iterrows():
        name = ": ".join(dict.fromkeys(map(str, label))) if isinstance(label, tuple) else str(label)
        numbers = [with_interval(*(row[measure + end] for end in ("", "_low", "_high"))) for measure in measures]
        rows.append([name.replace("_", " "), *(f"{int(row[count]):,}" for count in counts), *numbers])
    return markdown_table([first, *(count.replace("_", " ") for count in counts), *measures.values()], rows)


def model_card(title: str, parts: Mapping[str, str], tables: Mapping[str, str], *, note: str = "") -> str:
    """Put a model card together, and refuse one with a hole.

    Parameters
    ----------
    title : str
        The model.
    parts : dict of str to str
        Sentences for "What it is", "What it is for", "What it is not for", "Data" and "Limits"; others may be added.
    tables : dict of str to str
        Headings and tables from :func:`measured_table`, at least one; they stand before the limits.
    note : str
        One sentence below the title: who wrote it, from what.

    Returns
    -------
    str
        Markdown.

    Raises
    ------
    ValueError
        If a part is missing or empty, or there is no table.
    """
    holes = [name for name in PARTS if not str(parts.get(name, "")).strip()]
    if holes:
        raise ValueError(
            f"the card has no {', '.join(repr(name) for name in holes)}: write the part before you share it."
        )
    if not tables:
        raise ValueError("the card has no table: a model without measurements is not ready to be shared.")
    before = [f"**{name}.** {text}" for name, text in parts.items() if name != "Limits"]
    measured = [f"### {name}\n\n{table}" for name, table in tables.items()]
    head = [f"## Model card: {title}", *([note] if note else [])]
    return "\n\n".join([*head, *before, *measured, f"### Limits\n\n{parts['Limits']}"]) + "\n"
