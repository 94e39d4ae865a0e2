# %% exercise="frac_censored" name="a_loop"
def frac_censored(df):
    censored = 0
    for event in df["Event"]:
        if not event:
            censored += 1
    return censored / len(df) if len(df) else float("nan")


# %% exercise="frac_censored" name="one_minus_the_mean"
def frac_censored(df):
    return 1 - df["Event"].astype(float).mean()


# %% exercise="frac_censored" name="numpy_in_single_precision"
def frac_censored(df):
    with np.errstate(invalid="ignore"):
        return np.float32((df["Event"].to_numpy() == 0).sum()) / np.float32(df.shape[0])


# %% exercise="frac_censored" name="length_of_a_selection"
def frac_censored(df):
    result = np.nan if df.empty else len(df.loc[df.Event == 0]) / len(df)
    return result


# %% exercise="naive_estimator" name="loops"
def naive_estimator(t, df):
    alive = known = 0
    for time, event in zip(df["Time"], df["Event"]):
        if time > t:
            alive += 1
            known += 1
        elif event:
            known += 1
    return alive / known if known else float("nan")


# %% exercise="naive_estimator" name="without_those_censored_by_t"
def naive_estimator(t, df):
    lost = (df["Event"] == 0) & (df["Time"] <= t)
    return (df.loc[~lost, "Time"] > t).mean()


# %% exercise="naive_estimator" name="numpy_floats"
def naive_estimator(t, df):
    time, event = df["Time"].to_numpy(float), df["Event"].to_numpy(float)
    with np.errstate(invalid="ignore"):
        return np.sum(time > t) / np.float64(np.sum((event > 0) | (time > t)))


# %% exercise="naive_estimator" name="alive_over_alive_and_dead"
def naive_estimator(t, df):
    alive = int((df.Time > t).sum())
    dead = len(df.query("Event == 1 and Time <= @t"))
    try:
        return alive / (alive + dead)
    except ZeroDivisionError:
        return np.nan


# %% exercise="HomemadeKM" name="lifelines"
def HomemadeKM(df):
    from lifelines import KaplanMeierFitter

    curve = KaplanMeierFitter().fit(df["Time"], df["Event"]).survival_function_
    return curve.index.to_numpy(), curve.iloc[:, 0].to_numpy()


# %% exercise="HomemadeKM" name="groupby_and_cumprod"
def HomemadeKM(df):
    counts = df.assign(Event=df["Event"].astype(int)).groupby("Time")["Event"].agg(["size", "sum"])
    at_risk = counts["size"][::-1].cumsum()[::-1]
    S = (1 - counts["sum"] / at_risk).cumprod()
    return [0, *S.index], [1, *S]


# %% exercise="HomemadeKM" name="one_after_the_other_then_the_last_of_each_time"
def HomemadeKM(df):
    order = np.lexsort((df["Event"].to_numpy() == 0, df["Time"].to_numpy()))
    time, event = df["Time"].to_numpy()[order], df["Event"].to_numpy()[order]
    S = np.cumprod(np.where(event == 1, 1 - 1 / np.arange(len(df), 0, -1), 1.0))
    last = np.append(time[1:] != time[:-1], True)
    return pd.Series(np.append(0, time[last])), pd.Series(np.append(1, S[last]))


# %% exercise="HomemadeKM" name="an_array_of_two_rows_in_single_precision"
def HomemadeKM(df):
    times = np.unique(np.append(0, df["Time"]))
    factors = [1 - ((df["Time"] == t) & (df["Event"] == 1)).sum() / max((df["Time"] >= t).sum(), 1) for t in times]
    return np.stack([times, np.cumprod(factors)]).astype("float32")


# %% exercise="greenwood_interval" name="vectors"
def greenwood_interval(df, level):
    time, event = df["Time"].to_numpy(), df["Event"].to_numpy() == 1
    times, place = np.unique(time, return_inverse=True)
    d = np.bincount(place, weights=event)
    n = len(df) - np.append(0, np.cumsum(np.bincount(place)))[:-1]
    S = np.cumprod((n - d) / n)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.sqrt(np.cumsum(d / (n * (n - d))))
        middle = np.log(-np.log(S))
        ends = [
            np.exp(-np.exp(middle + sign * stats.norm.isf((1 - level) / 2) * spread / np.log(S))) for sign in (-1, 1)
        ]
    ends = [np.where((S > 0) & (S < 1), end, S) for end in ends]
    return np.append(0, times), np.append(1, ends[0]), np.append(1, ends[1])


# %% exercise="greenwood_interval" name="the_library_of_the_standard_distribution"
def greenwood_interval(df, level):
    from statistics import NormalDist

    z = NormalDist().inv_cdf((1 + level) / 2)
    rows, S, total = [(0, 1.0, 1.0)], 1.0, 0.0
    for t in np.unique(df["Time"]):
        n, d = int((df["Time"] >= t).sum()), int(df.loc[df["Time"] == t, "Event"].sum())
        S *= 1 - d / n
        if d == n:
            S = 0.0
        else:
            total += d / n / (n - d)
        if S in (0.0, 1.0):
            rows.append((t, S, S))
        else:
            theta = z * total**0.5 / -np.log(S)
            rows.append((t, S ** np.exp(theta), S ** np.exp(-theta)))
    return tuple(zip(*rows))


# %% exercise="greenwood_interval" name="lifelines_with_its_gaps_filled"
def greenwood_interval(df, level):
    from lifelines import KaplanMeierFitter

    fitted = KaplanMeierFitter(alpha=1 - level).fit(df["Time"], df["Event"])
    S = fitted.survival_function_.iloc[:, 0]
    ends = fitted.confidence_interval_
    inside = (S > 0) & (S < 1)
    return S.index.to_numpy(), ends.iloc[:, 0].where(inside, S), ends.iloc[:, 1].where(inside, S)


# %% exercise="nelson_aalen" name="lifelines_without_its_tie_correction"
def nelson_aalen(df):
    from lifelines import NelsonAalenFitter

    curve = NelsonAalenFitter(nelson_aalen_smoothing=False).fit(df["Time"], df["Event"]).cumulative_hazard_
    return list(curve.index), list(curve.iloc[:, 0])


# %% exercise="nelson_aalen" name="scikit_survival"
def nelson_aalen(df):
    from sksurv.nonparametric import nelson_aalen_estimator

    if not df["Event"].any():  # scikit-survival refuses a table without an event
        times = np.append(0, np.unique(df["Time"]))
        return times, np.zeros(len(times))
    times, H = nelson_aalen_estimator(df["Event"].to_numpy().astype(bool), df["Time"].to_numpy().astype(float))
    return np.append(0, times), np.append(0, H)


# %% exercise="nelson_aalen" name="groupby_and_cumsum"
def nelson_aalen(df):
    counts = df["Event"].astype(int).groupby(df["Time"].to_numpy()).agg(["size", "sum"]).sort_index()
    left = len(df) - counts["size"].cumsum() + counts["size"]
    H = (counts["sum"] / left).cumsum()
    return np.append(0, H.index), np.append(0, H)


# %% exercise="nelson_aalen" name="a_loop_over_sorted_rows"
def nelson_aalen(df):
    rows = sorted(zip(df["Time"].tolist(), df["Event"].tolist()))
    times, H = [0.0], [0.0]
    for t in dict.fromkeys(time for time, _ in rows):
        at_risk = [row for row in rows if row[0] >= t]
        times.append(t)
        H.append(H[-1] + sum(bool(event) for time, event in rows if time == t) / len(at_risk))
    return times, H


# %% exercise="log_rank" name="lifelines"
def log_rank(df, group):
    from lifelines.statistics import multivariate_logrank_test

    event = df["Event"].astype(float)
    first = df["Time"].min()
    if event.sum() == 0 or (event.all() and (df["Time"] == first).all()):
        return float("nan"), float("nan")
    result = multivariate_logrank_test(df["Time"].to_numpy(), df[group].to_numpy(), event.to_numpy())
    return result.test_statistic, result.p_value


# %% exercise="log_rank" name="generalised_inverse_of_the_whole_table"
def log_rank(df, group):
    columns = pd.get_dummies(df[group].reset_index(drop=True)).to_numpy(float)
    time, died = df["Time"].to_numpy(), df["Event"].to_numpy() == 1
    Z, V = 0, 0
    for t in np.unique(time[died]):
        n_g, d_g = columns[time >= t].sum(axis=0), columns[(time == t) & died].sum(axis=0)
        n, d = n_g.sum(), d_g.sum()
        Z = Z + d_g - d * n_g / n
        if n > 1:
            V = V + d * (n - d) / (n - 1) / n**2 * (n * np.diag(n_g) - np.outer(n_g, n_g))
    if not np.any(V):
        return np.nan, np.nan
    statistic = Z @ np.linalg.pinv(V) @ Z
    return np.array([statistic, stats.chi2.sf(statistic, columns.shape[1] - 1)])


# %% exercise="log_rank" name="leaves_the_first_group_out"
def log_rank(df, group):
    names = list(dict.fromkeys(df[group]))[::-1]
    rows = list(zip(df["Time"].tolist(), [bool(e) for e in df["Event"].tolist()], df[group].tolist()))
    m = len(names) - 1
    Z, V = [0.0] * m, [[0.0] * m for _ in range(m)]
    for t in {time for time, event, _ in rows if event}:
        at_risk = [row for row in rows if row[0] >= t]
        dead = [row for row in at_risk if row[0] == t and row[1]]
        n, d = len(at_risk), len(dead)
        p = [sum(row[2] == name for row in at_risk) / n for name in names[1:]]
        for i in range(m):
            Z[i] += sum(row[2] == names[i + 1] for row in dead) - d * p[i]
            for j in range(m):
                if n > 1:
                    V[i][j] += d * (n - d) / (n - 1) * p[i] * ((i == j) - p[j])
    if not np.any(V):
        return float("nan"), float("nan")
    statistic = float(np.array(Z) @ np.linalg.inv(np.array(V)) @ np.array(Z))
    return statistic, 1 - stats.chi2(m).cdf(statistic)


# %% exercise="restricted_mean" name="vectors"
def restricted_mean(df, horizon):
    times, place = np.unique(df["Time"].to_numpy(float), return_inverse=True)
    d = np.bincount(place, weights=df["Event"].to_numpy() == 1)
    n = len(df) - np.append(0, np.cumsum(np.bincount(place)))[:-1]
    S = np.append(1, np.cumprod(1 - d / n))
    edges = np.minimum(np.concatenate([[0], times, [horizon]]), horizon)
    return (S * np.diff(edges)).sum()


# %% exercise="restricted_mean" name="lifelines_curve_summed_by_hand"
def restricted_mean(df, horizon):
    from lifelines import KaplanMeierFitter

    curve = KaplanMeierFitter().fit(df["Time"], df["Event"]).survival_function_.iloc[:, 0]
    edges = [t for t in curve.index if t < horizon] + [horizon]
    return float(sum(curve.loc[left] * (edges[i + 1] - left) for i, left in enumerate(edges[:-1])))


# %% exercise="restricted_mean" name="area_above_the_curve_taken_away"
def restricted_mean(df, horizon):
    S, lost = 1.0, 0.0
    for t in sorted(set(df["Time"].tolist())):
        if t >= horizon:
            continue
        n = sum(time >= t for time in df["Time"].tolist())
        d = sum(bool(event) for time, event in zip(df["Time"].tolist(), df["Event"].tolist()) if time == t)
        lost += S * d / n * (horizon - t)
        S *= 1 - d / n
    return np.float32(horizon - lost)


# %% exercise="restricted_mean" name="weighted_mean_of_times_of_death"
def restricted_mean(df, horizon):
    mean, S = 0.0, 1.0
    for t in np.unique(df["Time"]):
        if t >= horizon:
            break
        d = ((df["Time"] == t) & (df["Event"] == 1)).sum()
        drop = S * d / (df["Time"] >= t).sum()
        mean += float(t) * drop
        S -= drop
    return mean + S * horizon
