"""Load times and events: the lymphoma patients that come with lifelines, or any table of one's own.

Both give one row per patient with ``Time`` in days and ``Event`` (1 = the event happened, 0 = censored), which is what
:mod:`labutils.survival` works on.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

DAYS = {"days": 1.0, "weeks": 7.0, "months": 365.25 / 12, "years": 365.25}  # a month is a twelfth of a year
STAGES = {1: "stage III", 2: "stage IV"}


def load_lymphoma() -> pd.DataFrame:
    """Load 80 patients with diffuse histiocytic lymphoma of stage III or IV, 54 of whom died.

    The table is lifelines' ``load_lymphoma``. There the column of events is called ``Censor``, although 1 in it means that
    the patient *died*: who takes the name at its word turns every curve on its head. Here it is called ``Event``.

    Returns
    -------
    DataFrame
        One row per patient: ``Stage_group`` (1 = stage III, 19 patients; 2 = stage IV, 61), ``Time`` (days until death or
        until the patient was last known to be alive) and ``Event`` (1 = died, 0 = censored).

    Examples
    --------
    >>> lymphoma = load_lymphoma()
    >>> len(lymphoma), int(lymphoma["Event"].sum())
    (80, 54)

    References
    ----------
    McKelvey EM, et al. Hydroxyldaunomycin (Adriamycin) combination chemotherapy in malignant lymphoma. Cancer
    1976;38:1484-1493.
    """
    from lifelines import datasets  # here, because it takes seconds

    return datasets.load_lymphoma().rename(columns={"Censor": "Event"})[["Stage_group", "Time", "Event"]]


def load_times(
    source: str | Path | pd.DataFrame,
    *,
    time: str = "Time",
    event: str = "Event",
    group: str | None = None,
    event_is: Any = None,
    unit: str = "days",
) -> pd.DataFrame:
    """Read a table of times and events, whatever its columns, codes and unit are called.

    Parameters
    ----------
    source : str, Path or DataFrame
        A csv file (packed or not), or a frame, with one row per patient.
    time, event : str
        The columns with the time of watching, and with what ended it.
    group : str, optional
        A column that says which patients belong together; it is kept under its name.
    event_is : value or collection of values, optional
        Which codes of `event` mean that the event happened, for example ``2`` or ``{"dead"}``; all others then mean
        censored. Left out, the column must hold 1 and 0, or True and False.
    unit : {"days", "weeks", "months", "years"}
        The unit of `time` in the source. A month is 365.25/12 days, a year 365.25.

    Returns
    -------
    DataFrame
        ``Time`` (days, float), ``Event`` (int, 1 or 0), and the group if one is named; rows and index as in the source.
        ``attrs`` says what was decided: ``unit``, and ``codes``, how many patients have each code of the event column.

        A table in which everybody is censored, one of a single patient, a group of one and a time of 0 are all fine.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If a column is not there, the table has no row, a time is negative, missing, infinite or no number, an event or a
        group is missing, or a code of the event column is not explained. The message names the row (its index) and the
        value. Nothing is dropped or guessed: whoever leaves patients out should do so in the open.

    Examples
    --------
    >>> table = pd.DataFrame({"months": [2, 12], "status": ["dead", "alive"]})
    >>> load_times(table, time="months", event="status", event_is="dead", unit="months")
          Time  Event
    0   60.875      1
    1  365.250      0
    """
    if unit not in DAYS:
        raise ValueError(f"unit is the unit of {time!r} in the table: {', '.join(DAYS)}; got {unit!r}")
    table = _table(source)
    wanted = [time, event] + ([group] if group is not None else [])
    missing = [name for name in wanted if name not in table.columns]
    if missing:
        shown = ", ".join(map(str, table.columns))
        raise ValueError(
            f"the table has no column {missing[0]!r}; it has {shown}. Name yours with time=, event=, group="
        )
    if not len(table):
        raise ValueError("the table holds a header but no patient")
    columns = {"Time": _days(table[time], DAYS[unit]), "Event": _events(table[event], event_is)}
    if group is not None:
        _refuse(table[group].isna(), table[group], "the group")
        columns[group] = table[group]
    loaded = pd.DataFrame(columns, index=table.index)
    loaded.attrs = {"unit": f"days, from {unit}", "codes": table[event].value_counts().to_dict()}
    return loaded


def _table(source: str | Path | pd.DataFrame) -> pd.DataFrame:
    if isinstance(source, pd.DataFrame):
        return source
    path = Path(source).expanduser()
    if not path.is_file():
        raise FileNotFoundError(f"There is no file {path}: looked for a csv file of times and events")
    try:
        return pd.read_csv(path, encoding="utf-8-sig")
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError) as error:
        raise ValueError(f"{path} cannot be read as a csv table ({error})") from None


def _days(times: pd.Series, days: float) -> pd.Series:
    numbers = pd.to_numeric(times, errors="coerce")
    _refuse(times.isna(), times, "the time")
    _refuse(numbers.isna(), times, "the time", "a number was expected")
    numbers = numbers.astype(float)
    _refuse(~np.isfinite(numbers), times, "the time", "it must end")
    _refuse(
        numbers < 0,
        times,
        "the time",
        "nobody is watched for less than no time; is it coded, or counted from another day?",
    )
    return numbers * days


def _events(codes: pd.Series, event_is: Any) -> pd.Series:
    _refuse(codes.isna(), codes, "the event")
    found = list(codes.unique())
    if event_is is None:
        if not codes.isin([0, 1]).all():
            raise ValueError(
                f"{codes.name!r} holds {_shown(found)}, not just 0 and 1: say with event_is= which codes mean an event"
            )
        return codes.astype(int)
    asked = list(event_is) if isinstance(event_is, Collection) and not isinstance(event_is, str) else [event_is]
    unknown = [code for code in asked if code not in found]
    if unknown:
        raise ValueError(
            f"event_is names {unknown[0]!r}, which {codes.name!r} does not hold; it holds {_shown(found)}. If nobody had the "
            "event, make a column of 0 and leave event_is out"
        )
    return codes.isin(asked).astype(int)


def _refuse(bad: pd.Series, values: pd.Series, what: str, why: str = "it is missing") -> None:
    if bad.any():
        first = bad.index[int(np.argmax(bad.to_numpy()))]
        value = _plain(values[bad].iloc[0])
        raise ValueError(
            f"{values.name!r}: {what} of row {first} is {value!r} ({why}); {int(bad.sum())} such rows. Mend or leave out these "
            "patients yourself, and say so"
        )


def _shown(values: list) -> str:
    texts = [repr(_plain(value)) for value in values[:6]]
    return ", ".join(texts) + (" …" if len(values) > 6 else "")


def _plain(value: Any) -> Any:
    """Give a numpy scalar as Python's own number, so that a message shows 2 and not np.int64(2)."""
    return value.item() if isinstance(value, np.generic) else value
