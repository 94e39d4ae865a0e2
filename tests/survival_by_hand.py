"""The survival estimates as a person would work them out, patient by patient: slow, plain, and the oracle of the fast ones."""

from itertools import pairwise
from math import exp, log, prod, sqrt
from statistics import NormalDist


def rows_of(df):
    """List (time, event) of each patient in Python's own numbers."""
    return [(float(time), bool(event)) for time, event in zip(df["Time"], df["Event"], strict=True)]


def counts(rows):
    """List (time, at risk, deaths, censored) of each distinct time, ascending."""
    table = []
    for t in sorted({time for time, _ in rows}):
        here = [event for time, event in rows if time == t]
        table.append((t, sum(1 for time, _ in rows if time >= t), sum(here), len(here) - sum(here)))
    return table


def steps(rows, start, add):
    """Walk along the times from (0, start); who has the time 0 changes the first step."""
    times, values = [0.0], [start]
    for t, n, d, _ in counts(rows):
        value = add(values[-1], d, n)
        if t == 0:
            values[-1] = value
        else:
            times, values = [*times, t], [*values, value]
    return times, values


def kaplan_meier(rows):
    return steps(rows, 1.0, lambda s, d, n: s * (n - d) / n)


def nelson_aalen(rows):
    return steps(rows, 0.0, lambda h, d, n: h + d / n)


def greenwood(rows, level):
    z = NormalDist().inv_cdf((1 + level) / 2)
    low, high = [], []
    times, survival = kaplan_meier(rows)
    for t, s in zip(times, survival, strict=True):
        if 0 < s < 1:
            spread = sqrt(sum(d / (n * (n - d)) for at, n, d, _ in counts(rows) if at <= t))
            ends = sorted(exp(-exp(log(-log(s)) + sign * z * spread / log(s))) for sign in (-1, 1))
        else:
            ends = [s, s]
        low, high = [*low, ends[0]], [*high, ends[1]]
    return times, low, high


def area(rows, horizon):
    edges = sorted({0.0, float(horizon), *(t for t, _ in rows if t < horizon)})
    total = 0.0
    for left, right in pairwise(edges):
        total += (right - left) * prod((n - d) / n for t, n, d, _ in counts(rows) if t <= left)
    return total


def two_group_log_rank(rows, in_first):
    """Statistic of two groups from the sum of O - E in the first; None where its variance is 0."""
    z = v = 0.0
    for t, n, d, _ in counts(rows):
        first = sum(1 for (time, _), mine in zip(rows, in_first, strict=True) if mine and time >= t)
        died = sum(1 for (time, event), mine in zip(rows, in_first, strict=True) if mine and event and time == t)
        z += died - d * first / n
        v += d * (n - d) / (n - 1) * first / n * (1 - first / n) if n > 1 else 0.0
    return z * z / v if v else None
