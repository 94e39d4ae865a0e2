"""Randomised trials: a real one that comes with scikit-survival, a real one from a file, and a made-up one with known answers.

Every loader gives a frame with one row per patient: numeric features measured before treatment, ``TRTMT`` (1 = treated) and
``outcome`` (1 = the bad event).
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

FIVE_YEARS = 5 * 365.25  # days
COLON_FEATURES = ["sex", "age", "obstruct", "perfor", "adhere", "nodes", "node4"]


class SimulatedTrial(NamedTuple):
    """A made-up trial, and what no real one tells: both risks of every patient."""

    table: pd.DataFrame
    risk_treated: np.ndarray
    risk_control: np.ndarray

    @property
    def benefit(self) -> np.ndarray:
        """True absolute risk reduction of each patient: risk without minus risk with the treatment."""
        return self.risk_control - self.risk_treated


def load_actg320() -> pd.DataFrame:
    """Load ACTG 320: 1,151 people with HIV, randomised to a third drug (indinavir) or not, followed for up to a year.

    Returns
    -------
    DataFrame, 1,151 rows
        ``age`` (years), ``cd4`` (cells per µL), ``karnofsky`` (70 to 100), ``prior_zdv`` (months of zidovudine before),
        ``female``, ``ivdrug`` (ever injected drugs), ``hemophilia``, ``black``, ``hispanic`` (0/1), ``days`` (of
        follow-up, never a feature: it is measured after treatment), ``TRTMT`` (1 = with indinavir) and ``outcome`` (1 =
        AIDS-defining illness or death was seen during follow-up).

    Notes
    -----
    Follow-up differs from patient to patient, so ``outcome`` 0 means "not seen", not "did not happen within a year".

    References
    ----------
    Hammer SM and others. A controlled trial of two nucleoside analogues plus indinavir in persons with human
    immunodeficiency virus infection and CD4 cell counts of 200 per cubic millimeter or less. New England Journal of
    Medicine 1997;337:725-733.
    """
    from sksurv.datasets import load_aids

    features, fate = load_aids("aids")
    codes = features.astype(float)
    return pd.DataFrame(
        {
            "age": codes["age"],
            "cd4": codes["cd4"],
            "karnofsky": codes["karnof"],
            "prior_zdv": codes["priorzdv"],
            "female": (codes["sex"] == 2).astype(int),
            "ivdrug": (codes["ivdrug"] != 1).astype(int),
            "hemophilia": codes["hemophil"].astype(int),
            "black": (codes["raceth"] == 2).astype(int),
            "hispanic": (codes["raceth"] == 3).astype(int),
            "days": fate["time"],
            "TRTMT": codes["tx"].astype(int),
            "outcome": fate["censor"].astype(int),
        }
    )


def load_colon(source: str | Path) -> pd.DataFrame:
    """Load the colon cancer trial, observation against levamisole with fluorouracil, with death within five years.

    Parameters
    ----------
    source : str or Path
        ``colon.csv`` of R's survival package (two rows per patient), a course's ``levamisole_data.csv``, or a folder with
        one of them.

    Returns
    -------
    DataFrame
        Of ``colon.csv``: 607 patients whose state at five years is known (12 of the 619 in the two arms were last seen alive
        before). Columns ``sex`` (1 = male), ``age`` (years), ``obstruct``, ``perfor``, ``adhere``, ``nodes`` (number with
        cancer, missing in 12), ``node4``, ``differ_2``, ``differ_3``, ``extent_2`` to ``extent_4``, ``TRTMT`` (1 =
        levamisole with fluorouracil) and ``outcome`` (1 = dead within five years).

    Raises
    ------
    FileNotFoundError
        If there is no such file or folder.
    ValueError
        If the file is in neither layout, or one arm is missing.
    """
    path = _file(Path(source).expanduser())
    table = pd.read_csv(path)
    if {"rx", "etype", "status", "time"} <= set(table.columns):
        trial = _from_survival(table)
    elif {"TRTMT", "outcome"} <= set(table.columns):
        trial = table.drop(columns=[name for name in table if name.startswith("Unnamed")])
        trial = trial.astype({"TRTMT": int, "outcome": int})
    else:
        raise ValueError(
            f"{path} is no table of this trial: looked for rx, etype, status and time (R's survival), or TRTMT and outcome; "
            f"found {', '.join(map(str, table.columns[:8]))}."
        )
    if trial["TRTMT"].nunique() != 2:
        raise ValueError(f"{path} has one arm only: TRTMT is {trial['TRTMT'].unique().tolist()}, expected 0 and 1.")
    return trial.reset_index(drop=True)


def simulate_trial(n_patients: int, rng: int | np.random.Generator, *, effect: str = "varies") -> SimulatedTrial:
    """Make up a randomised trial in which each patient's true benefit is known.

    Risk without treatment follows a logistic model of age, systolic pressure and a biomarker. The treatment multiplies the
    odds by 0.5 on average; with ``effect="varies"`` by less than that in patients with much of the biomarker and by more than 1
    (harm) in those with little; with ``effect="constant"`` by 0.5 in everybody; with ``effect="none"`` by 1.

    Parameters
    ----------
    n_patients : int
    rng : int or numpy Generator
    effect : {"varies", "constant", "none"}

    Returns
    -------
    SimulatedTrial
        ``table`` with ``age`` (years), ``sbp`` (mmHg), ``biomarker`` (standard units), ``female``, ``TRTMT`` and
        ``outcome``; ``risk_treated``, ``risk_control`` and ``benefit``, shape (n_patients,).

    Raises
    ------
    ValueError
        If `effect` is none of the three.
    """
    slopes = {"varies": (-0.69, -0.9), "constant": (-0.69, 0.0), "none": (0.0, 0.0)}
    if effect not in slopes:
        raise ValueError(f"effect is one of {', '.join(slopes)}; got {effect!r}")
    rng = np.random.default_rng(rng)
    age = rng.normal(62, 9, n_patients).clip(30, 90)
    sbp = (120 + 0.5 * (age - 62) + rng.normal(0, 14, n_patients)).clip(85, 210)
    biomarker, female = rng.normal(size=n_patients), rng.integers(0, 2, n_patients)
    logit = -0.6 + 0.05 * (age - 62) + 0.015 * (sbp - 120) + 0.3 * biomarker - 0.2 * female
    mean, slope = slopes[effect]
    risk_control, risk_treated = _expit(logit), _expit(logit + mean + slope * biomarker)
    treated = rng.permutation(np.arange(n_patients) % 2)
    outcome = rng.random(n_patients) < np.where(treated == 1, risk_treated, risk_control)
    table = pd.DataFrame(
        {
            "age": age,
            "sbp": sbp,
            "biomarker": biomarker,
            "female": female,
            "TRTMT": treated,
            "outcome": outcome.astype(int),
        }
    )
    return SimulatedTrial(table, risk_treated, risk_control)


def _expit(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def _file(source: Path) -> Path:
    if source.is_dir():
        found = [source / name for name in ("colon.csv", "levamisole_data.csv") if (source / name).is_file()]
        if not found:
            held = ", ".join(sorted(path.name for path in source.iterdir())[:6]) or "nothing"
            raise ValueError(f"No trial in {source}: looked for colon.csv or levamisole_data.csv; found {held}.")
        return found[0]
    if not source.is_file():
        raise FileNotFoundError(f"There is no file {source}.")
    return source


def _from_survival(table: pd.DataFrame) -> pd.DataFrame:
    deaths = table[(table["etype"] == 2) & table["rx"].isin(["Obs", "Lev+5FU"])]
    known = deaths[(deaths["status"] == 1) | (deaths["time"] >= FIVE_YEARS)]
    trial = known[COLON_FEATURES].copy()
    for column, levels in (("differ", (2, 3)), ("extent", (2, 3, 4))):
        for level in levels:
            trial[f"{column}_{level}"] = (known[column] == level).astype(int)
    trial["TRTMT"] = (known["rx"] == "Lev+5FU").astype(int)
    trial["outcome"] = ((known["status"] == 1) & (known["time"] <= FIVE_YEARS)).astype(int)
    return trial
