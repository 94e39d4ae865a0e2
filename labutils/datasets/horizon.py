"""From times and deaths to the yes/no question "dead within ten years?", with an honest third answer."""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike


def died_within(years: ArrayLike, death: ArrayLike, horizon: float = 10.0) -> pd.Series:
    """Whether each person died within `horizon` years of the start: 1, 0, or NaN where nobody knows.

    Parameters
    ----------
    years : array of float, shape (n_people,)
        Time to death, or to the last contact with the living. NaN = not known.
    death : array of bool (or 0 and 1), shape (n_people,)
        Whether the time ended with a death. NaN = not known.
    horizon : float
        In years, above 0. A death exactly at the horizon counts as a death within it.

    Returns
    -------
    Series of float
        1 = died by then; 0 = known to have lived longer, or as long; NaN = last seen alive before then (censored), or
        unknown. With the index of `years` if that is a Series.

    Raises
    ------
    ValueError
        If a time is negative, or the horizon is not above 0.

    Examples
    --------
    >>> died_within([3.0, 12.0, 12.0, 4.0], [True, True, False, False]).tolist()
    [1.0, 0.0, 0.0, nan]
    """
    if not horizon > 0:
        raise ValueError(f"horizon is a time in years, above 0; got {horizon!r}")
    index = years.index if isinstance(years, pd.Series) else None
    time, dead = np.asarray(years, dtype=float), np.asarray(death, dtype=float)
    if time.shape != dead.shape or time.ndim != 1:
        raise ValueError(f"years and death need one entry per person; got shapes {time.shape} and {dead.shape}")
    if (time < 0).any():
        raise ValueError("a time is negative: some files write survivors that way; turn the sign into `death` first")
    out = np.full(len(time), np.nan)
    known = ~np.isnan(dead)
    out[known & (time >= horizon)] = 0
    out[known & (dead == 1) & (time <= horizon)] = 1
    return pd.Series(out, index=index, name="died")
