"""Do groups of patients differ in survival? The log-rank test, and the deaths that it expects.

Made from the table of :mod:`labutils.survival_table`; the conventions (one row per patient, events before censorings at a
tied time) are told there.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from labutils.survival_table import count_by_time, times_and_events


class LogRank(NamedTuple):
    """Chi-square statistic (larger = less alike) and p-value of the log-rank test; both NaN where not defined."""

    statistic: float
    p_value: float


def observed_and_expected(df: pd.DataFrame, group: str) -> pd.DataFrame:
    """Count the deaths of each group beside those that the log-rank test expects if all groups have the same hazard.

    Parameters
    ----------
    df : DataFrame, one row per patient
        With ``Time``, ``Event`` and the column named by `group`.
    group : str
        The column that says who belongs together; two groups or more.

    Returns
    -------
    DataFrame
        One row per group, in sorted order (a Categorical's own): ``patients``, ``observed`` and ``expected`` deaths. Both
        kinds of deaths have the same sum.

    Raises
    ------
    ValueError
        As `log_rank`.

    Examples
    --------
    >>> df = pd.DataFrame({"Time": [1, 3, 2, 4], "Event": [1, 1, 1, 0], "arm": ["A", "A", "B", "B"]})
    >>> table = observed_and_expected(df, "arm")
    >>> table["observed"].to_dict(), table["expected"].round(2).to_dict()
    ({'A': 2, 'B': 1}, {'A': 1.33, 'B': 1.67})
    """
    names, counts, at_risk, events = _by_group(df, group)
    d, n = events.sum(axis=0), at_risk.sum(axis=0)
    expected = at_risk @ (d / n) if len(d) else np.zeros(len(names))
    columns = {"patients": counts, "observed": events.sum(axis=1), "expected": expected}
    return pd.DataFrame(columns, index=pd.Index(names, name=group))


def log_rank(df: pd.DataFrame, group: str) -> LogRank:
    r"""Log-rank test of the hypothesis that two or more groups have the same hazard at every time.

    At each death time there are d deaths among n at risk, :math:`n_g` of them in group g. Under the hypothesis group g
    expects :math:`e_g = d\,n_g/n` of these deaths. With :math:`Z_g = \sum (d_g - e_g)` and

    .. math:: V_{gh} = \sum \frac{d\,(n - d)}{n - 1}\,\frac{n_g}{n} \Bigl([g = h] - \frac{n_h}{n}\Bigr)

    the statistic is :math:`Z^\top V^{-1} Z` with one group left out (whichever), and is compared with the chi-square
    distribution with (groups - 1) degrees of freedom. A time at which n is 1 adds nothing to V.

    The p-value is the probability of a statistic this large or larger *if the hypothesis holds* and censoring has nothing
    to do with the group's risk. It is not the probability that the hypothesis holds, and not the size of the difference.

    Parameters
    ----------
    df : DataFrame, one row per patient
        With ``Time``, ``Event`` (1 or True = event) and the column named by `group`.
    group : str
        The column that says who belongs together: numbers or text; two groups or more. One patient makes a group.

    Returns
    -------
    LogRank
        Both NaN where the variance is 0 (0/0): nobody died, or everybody died at the same time. A group in which nobody is at
        risk at any death (all left before the first) says nothing, and is left out, as in R's survdiff; if fewer than two
        groups are left, both are NaN.

    Raises
    ------
    ValueError
        If the column is missing or has missing values, there are fewer than two groups, or `df` is not as it should be.

    Examples
    --------
    >>> df = pd.DataFrame({"Time": [1, 3, 2, 4], "Event": [1, 1, 1, 0], "arm": ["A", "A", "B", "B"]})
    >>> statistic, p_value = log_rank(df, "arm")
    >>> round(statistic, 3), round(p_value, 3)
    (0.615, 0.433)

    References
    ----------
    Mantel N. Evaluation of survival data and two new rank order statistics arising in its consideration. Cancer
    Chemotherapy Reports 1966;50:163-170.
    Peto R, Peto J. Asymptotically efficient rank invariant test procedures. Journal of the Royal Statistical Society A
    1972;135:185-206.
    """
    _, _, at_risk, events = _by_group(df, group)
    d, n = events.sum(axis=0), at_risk.sum(axis=0)
    at_risk, events = (part[(at_risk > 0).any(axis=1)] for part in (at_risk, events))
    if len(at_risk) < 2:
        return LogRank(float("nan"), float("nan"))
    share = at_risk / n
    z = events.sum(axis=1) - share @ d
    weight = np.divide(d * (n - d), n - 1, out=np.zeros(len(d)), where=n > 1)
    v = np.diag(share @ weight) - (share * weight) @ share.T
    if not np.diag(v).any():
        return LogRank(float("nan"), float("nan"))
    statistic = float(z[:-1] @ np.linalg.solve(v[:-1, :-1], z[:-1]))
    return LogRank(statistic, float(stats.chi2.sf(statistic, len(z) - 1)))


def _by_group(df: pd.DataFrame, group: str) -> tuple[list, np.ndarray, np.ndarray, np.ndarray]:
    """Names and sizes of the groups; patients at risk and events, shape (n_groups, n_death_times), at each death time."""
    if group not in df.columns:
        raise ValueError(f"df has no column {group!r}; it has {', '.join(map(str, df.columns))}")
    codes, names = pd.factorize(df[group], sort=True)
    if (codes < 0).any():
        raise ValueError(f"df has {int((codes < 0).sum())} rows without a group in {group!r}")
    if len(names) < 2:
        raise ValueError(f"a comparison needs two groups or more; {group!r} holds {len(names)}")
    time, event = times_and_events(df)
    _, counts = count_by_time(time, 2 * codes + event, 2 * len(names))
    events, leaving = counts[1::2], counts[::2] + counts[1::2]
    sizes = leaving.sum(axis=1)
    deaths = np.flatnonzero(events.any(axis=0))
    at_risk = sizes[:, None] - np.cumsum(leaving, axis=1) + leaving
    return list(names), sizes, np.take(at_risk, deaths, axis=1), np.take(events, deaths, axis=1)
