"""Load the trial of laser against diabetic retinopathy, in either form that R's package survival ships.

197 people at high risk, two eyes each: one eye was treated with laser, chosen at random, the other was not. The time runs to
severe loss of vision.

Huster WJ, Brookmeyer R, Self SG. Modelling paired survival data with covariates. Biometrics 1989;45:145-156.
"""

from pathlib import Path

import numpy as np
import pandas as pd

TIME = {"retinopathy.csv": "futime", "diabetic.csv": "time"}
ADULT = 20  # years at diagnosis; younger is "juvenile" in retinopathy.csv


def load_retinopathy(folder, *, months=None):
    """Load the trial as one table with one row per eye.

    Parameters
    ----------
    folder : str or Path
        Holds ``retinopathy.csv`` or ``diabetic.csv`` as exported from R; the first is taken where both are.
    months : float, optional
        Add a column ``lost``: was severe loss of vision seen within so many months?

    Returns
    -------
    DataFrame
        ``patient`` (number; every patient has two rows), ``treated`` (1 = this eye got laser), ``age`` (years, at the
        diagnosis of diabetes), ``juvenile`` (1 = diagnosed before 20), ``risk`` (6 to 12, the trial's own grade of
        this eye, higher = worse), ``months`` (to the loss or to the last visit), ``event`` (1 = severe loss). With
        `months` also ``lost``:
        1 for a loss by then, 0 for an eye followed that long without one, NaN for an eye that was last seen earlier, about which
        nobody knows. ``attrs`` tells the ``file`` that was read.

        Left out are the columns ``eye`` and ``laser``: the two files contradict each other there (which eye was treated, and
        with which laser for 106 of the 197 people).

    Raises
    ------
    FileNotFoundError
        If the folder, or both files in it, are missing.
    ValueError
        If a column is missing or a value makes no sense (the message names it), or `months` is not positive.
    """
    folder = Path(folder)
    found = [name for name in TIME if (folder / name).is_file()]
    if not found:
        raise FileNotFoundError(f"{folder} holds neither {' nor '.join(TIME)}: is it the right folder?")
    raw = pd.read_csv(folder / found[0])
    wanted = ["id", "age", "trt", "risk", TIME[found[0]], "status"]
    missing = [name for name in wanted if name not in raw.columns]
    if missing:
        raise ValueError(f"{found[0]} has no column {', '.join(missing)}; it has {', '.join(raw.columns)}")
    eyes = raw[wanted].set_axis(["patient", "age", "treated", "risk", "months", "event"], axis=1)
    _check(eyes, found[0])
    eyes["juvenile"] = (eyes["age"] < ADULT).astype(int)
    eyes = eyes[["patient", "treated", "age", "juvenile", "risk", "months", "event"]]
    if months is not None:
        eyes["lost"] = loss_within(eyes, months)
    eyes.attrs["file"] = found[0]
    return eyes


def loss_within(eyes, months):
    """Whether each eye lost its sight within so many months: 1, 0, or NaN where its follow-up ended before.

    Parameters
    ----------
    eyes : DataFrame
        With ``months`` and ``event``, as from `load_retinopathy`.
    months : float
        Above 0.

    Returns
    -------
    Series of float
    """
    if not months > 0:
        raise ValueError(f"months must be above 0; got {months!r}")
    lost = (eyes["event"] == 1) & (eyes["months"] <= months)
    return pd.Series(
        np.where(lost, 1.0, np.where(eyes["months"] >= months, 0.0, np.nan)), index=eyes.index, name="lost"
    )


def _check(eyes, file):
    """Refuse what cannot be right, naming the first such value."""
    rules = {
        "patient": eyes["patient"].notna(),
        "treated": eyes["treated"].isin((0, 1)),
        "event": eyes["event"].isin((0, 1)),
        "months": eyes["months"] > 0,
        "age": eyes["age"].between(0, 120),
        "risk": eyes["risk"].between(1, 12),
    }
    for column, fine in rules.items():
        if not fine.all():
            row = int((~fine).to_numpy().argmax())
            raise ValueError(f"{file}, row {row + 1}: {column} is {eyes[column].iloc[row]!r}, which cannot be")
    per_patient = eyes.groupby("patient")["treated"].agg(["size", "sum"])
    odd = (per_patient["size"] != 2) | (per_patient["sum"] != 1)
    if odd.any():
        raise ValueError(f"{file}: patient {odd.idxmax()} has not one treated and one untreated eye")
