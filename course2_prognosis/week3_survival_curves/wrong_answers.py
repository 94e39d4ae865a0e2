# %% exercise="frac_censored" name="share_of_events" caught_by="visible" says="0.75 is the share of events"
def frac_censored(df):
    return df["Event"].mean()


# %% exercise="frac_censored" name="a_count" caught_by="visible" says="not a count"
def frac_censored(df):
    return (df["Event"] == 0).sum()


# %% exercise="frac_censored" name="odds_instead_of_share" caught_by="visible" says="a share of all patients"
def frac_censored(df):
    return (df["Event"] == 0).sum() / (df["Event"] == 1).sum()


# %% exercise="frac_censored" name="turns_whole_numbers_inside_out" caught_by="visible" says="Events 1, 0, 1, 1"
def frac_censored(df):
    return (~df["Event"]).mean()


# %% exercise="frac_censored" name="subtracts_bool_arrays" caught_by="visible" says="No patient at all"
def frac_censored(df):
    censored = sum(1 for event in df["Event"] if event == 0)
    return censored / len(df)


# %% exercise="frac_censored" name="nobody_is_zero" caught_by="visible" says="expected NaN"
def frac_censored(df):
    return (df["Event"] == 0).sum() / max(len(df), 1)


# %% exercise="frac_censored" name="in_per_cent" caught_by="visible" says="expected 0.25"
def frac_censored(df):
    return 100 * (df["Event"] == 0).mean()


# %% exercise="frac_censored" name="looks_rows_up_by_number" caught_by="hidden" says="stopped with an error"
def frac_censored(df):
    if len(df) == 0:
        return np.nan
    return sum(df["Event"][i] == 0 for i in range(len(df))) / len(df)


# %% exercise="frac_censored" name="drops_the_column_of_the_table_given" caught_by="hidden" says="changed the table"
def frac_censored(df):
    df["Event"] = df["Event"].astype(int)
    return 1 - df["Event"].mean()


# %% exercise="frac_censored" name="second_column" caught_by="hidden" says="is not right"
def frac_censored(df):
    return (df.iloc[:, 1] == 0).mean()


# %% exercise="naive_estimator" name="dying_at_t_outlives_t" caught_by="visible" says="0.75 means"
def naive_estimator(t, df):
    alive = df["Time"] >= t
    known = (df["Time"] > t) | (df["Event"] == 1)
    return alive.sum() / known.sum() if known.any() else np.nan


# %% exercise="naive_estimator" name="all_patients_below" caught_by="visible" says="0.4 that the unknown"
def naive_estimator(t, df):
    return (df["Time"] > t).mean()


# %% exercise="naive_estimator" name="later_censored_are_unknown" caught_by="visible" says="0.3333"
def naive_estimator(t, df):
    died = df[df["Event"] == 1]
    return (died["Time"] > t).sum() / len(died) if len(died) else np.nan


# %% exercise="naive_estimator" name="censored_count_as_survivors" caught_by="visible" says="at t = 6"
def naive_estimator(t, df):
    dead = (df["Time"] <= t) & (df["Event"] == 1)
    return 1 - dead.mean()


# %% exercise="naive_estimator" name="share_of_the_dead" caught_by="visible" says="at t = 1.5"
def naive_estimator(t, df):
    alive = df["Time"] > t
    known = alive | (df["Event"] == 1)
    return 1 - alive.sum() / known.sum() if known.any() else np.nan


# %% exercise="naive_estimator" name="known_at_the_time_of_leaving" caught_by="visible" says="at t = 4"
def naive_estimator(t, df):
    alive = df["Time"] > t
    known = (df["Time"] >= t) | (df["Event"] == 1)
    return alive.sum() / known.sum() if known.any() else np.nan


# %% exercise="naive_estimator" name="nobody_known_is_an_error" caught_by="visible" says="stopped with an error"
def naive_estimator(t, df):
    alive = sum(1 for time in df["Time"] if time > t)
    known = sum(1 for time, event in zip(df["Time"], df["Event"]) if event or time > t)
    return alive / known


# %% exercise="naive_estimator" name="nobody_known_is_zero" caught_by="visible" says="expected NaN"
def naive_estimator(t, df):
    alive = df["Time"] > t
    known = alive | (df["Event"] == 1)
    return alive.sum() / max(known.sum(), 1)


# %% exercise="naive_estimator" name="whole_times_only" caught_by="hidden" says="the share is not right"
def naive_estimator(t, df):
    alive = df["Time"].astype(int) > int(t)
    known = alive | (df["Event"] == 1)
    return alive.sum() / known.sum() if known.any() else np.nan


# %% exercise="naive_estimator" name="rounds_the_times_of_the_table" caught_by="hidden" says="changed the table"
def naive_estimator(t, df):
    df["known"] = (df["Time"] > t) | (df["Event"] == 1)
    return (df["Time"] > t).sum() / df["known"].sum() if df["known"].any() else np.nan


# %% exercise="HomemadeKM" name="times_of_deaths_only" caught_by="visible" says="censorings too"
def HomemadeKM(df):
    times, S = [0], [1.0]
    for t in sorted(df["Time"][df["Event"] == 1].unique()):
        n = (df["Time"] >= t).sum()
        d = ((df["Time"] == t) & (df["Event"] == 1)).sum()
        times.append(t)
        S.append(S[-1] * (1 - d / n))
    return times, S


# %% exercise="HomemadeKM" name="does_not_start_at_zero" caught_by="visible" says="start with 0"
def HomemadeKM(df):
    times, S, last = [], [], 1.0
    for t in sorted(df["Time"].unique()):
        last *= 1 - ((df["Time"] == t) & (df["Event"] == 1)).sum() / (df["Time"] >= t).sum()
        times.append(t)
        S.append(last)
    return times, S


# %% exercise="HomemadeKM" name="censored_die" caught_by="visible" says="a censoring was taken for a death"
def HomemadeKM(df):
    times, S = [0], [1.0]
    for t in sorted(df["Time"].unique()):
        times.append(t)
        S.append(S[-1] * (1 - (df["Time"] == t).sum() / (df["Time"] >= t).sum()))
    return times, S


# %% exercise="HomemadeKM" name="who_leaves_is_not_at_risk" caught_by="visible" says="is among them"
def HomemadeKM(df):
    times, S = [0], [1.0]
    for t in sorted(df["Time"].unique()):
        d = ((df["Time"] == t) & (df["Event"] == 1)).sum()
        n = (df["Time"] > t).sum() + d
        times.append(t)
        S.append(S[-1] * (1 - d / n) if n else S[-1])
    return times, S


# %% exercise="HomemadeKM" name="everybody_stays_at_risk" caught_by="visible" says="Two deaths on day 2.5"
def HomemadeKM(df):
    times, S = [0], [1.0]
    for t in sorted(df["Time"].unique()):
        times.append(t)
        S.append(1 - ((df["Time"] <= t) & (df["Event"] == 1)).sum() / len(df))
    return times, S


# %% exercise="HomemadeKM" name="sum_in_place_of_product" caught_by="visible" says="expected [1, 0.75, 0.5, 0.5]"
def HomemadeKM(df):
    times, S = [0], [1.0]
    for t in sorted(df["Time"].unique()):
        times.append(t)
        S.append(S[-1] - ((df["Time"] == t) & (df["Event"] == 1)).sum() / (df["Time"] >= t).sum())
    return times, S


# %% exercise="HomemadeKM" name="exponential_of_the_hazard" caught_by="visible" says="expected [1, 0.75, 0.5, 0.5]"
def HomemadeKM(df):
    times, H = [0], [0.0]
    for t in sorted(df["Time"].unique()):
        times.append(t)
        H.append(H[-1] + ((df["Time"] == t) & (df["Event"] == 1)).sum() / (df["Time"] >= t).sum())
    return times, np.exp(-np.array(H))


# %% exercise="HomemadeKM" name="one_entry_per_patient" caught_by="visible" says="each distinct time once"
def HomemadeKM(df):
    ordered = df.sort_values(["Time", "Event"], ascending=[True, False])
    left = np.arange(len(df), 0, -1)
    S = np.cumprod(np.where(ordered["Event"] == 1, 1 - 1 / left, 1.0))
    return np.append(0, ordered["Time"]), np.append(1.0, S)


# %% exercise="HomemadeKM" name="order_of_the_rows" caught_by="visible" says="ascending"
def HomemadeKM(df):
    times, S = [0], [1.0]
    for t in df["Time"].unique():
        times.append(t)
        S.append(S[-1] * (1 - ((df["Time"] == t) & (df["Event"] == 1)).sum() / (df["Time"] >= t).sum()))
    return times, S


# %% exercise="HomemadeKM" name="tied_deaths_one_of_them" caught_by="visible" says="Count both at once"
def HomemadeKM(df):
    times, S = [0], [1.0]
    for t in sorted(df["Time"].unique()):
        died = ((df["Time"] == t) & (df["Event"] == 1)).any()
        times.append(t)
        S.append(S[-1] * (1 - died / (df["Time"] >= t).sum()))
    return times, S


# %% exercise="HomemadeKM" name="one_day_late" caught_by="visible" says="expected [1, 0.75, 0.5, 0.5]"
def HomemadeKM(df):
    times, S, factor = [0], [1.0], 1.0
    for t in sorted(df["Time"].unique()):
        times.append(t)
        S.append(S[-1] * factor)
        factor = 1 - ((df["Time"] == t) & (df["Event"] == 1)).sum() / (df["Time"] >= t).sum()
    return times, S


# %% exercise="HomemadeKM" name="only_the_curve" caught_by="visible" says="expected a pair"
def HomemadeKM(df):
    S = [1.0]
    for t in sorted(df["Time"].unique()):
        S.append(S[-1] * (1 - ((df["Time"] == t) & (df["Event"] == 1)).sum() / (df["Time"] >= t).sum()))
    return np.array(S)


# %% exercise="HomemadeKM" name="counts_days" caught_by="hidden" says="the times are not right"
def HomemadeKM(df):
    times, S = [0], [1.0]
    for t in range(1, int(np.ceil(df["Time"].max() * 2)) + 1):
        here = df["Time"] == t / 2
        if here.any():
            times.append(t / 2)
            S.append(S[-1] * (1 - (here & (df["Event"] == 1)).sum() / (df["Time"] >= t / 2).sum()))
    return times, S


# %% exercise="HomemadeKM" name="sorts_the_table_given" caught_by="hidden" says="changed the table"
def HomemadeKM(df):
    df.sort_values("Time", inplace=True)
    times, S = [0], [1.0]
    for t in df["Time"].unique():
        times.append(t)
        S.append(S[-1] * (1 - ((df["Time"] == t) & (df["Event"] == 1)).sum() / (df["Time"] >= t).sum()))
    return times, S


# %% exercise="greenwood_interval" name="plain_interval" caught_by="visible" says="not on the log-log scale"
def greenwood_interval(df, level):
    z = stats.norm.ppf((1 + level) / 2)
    S, variance = 1.0, 0.0
    times, low, high = [0], [1.0], [1.0]
    for t in sorted(df["Time"].unique()):
        n = (df["Time"] >= t).sum()
        d = ((df["Time"] == t) & (df["Event"] == 1)).sum()
        S = S * (n - d) / n
        variance += d / (n * (n - d)) if n > d else 0
        times.append(t)
        low.append(max(S - z * S * np.sqrt(variance), 0))
        high.append(min(S + z * S * np.sqrt(variance), 1))
    return times, low, high


# %% exercise="greenwood_interval" name="log_scale_once" caught_by="visible" says="not on the log-log scale"
def greenwood_interval(df, level):
    z = stats.norm.ppf((1 + level) / 2)
    S, variance = 1.0, 0.0
    times, low, high = [0], [1.0], [1.0]
    for t in sorted(df["Time"].unique()):
        n = (df["Time"] >= t).sum()
        d = ((df["Time"] == t) & (df["Event"] == 1)).sum()
        S = S * (n - d) / n
        variance += d / (n * (n - d)) if n > d else 0
        times.append(t)
        low.append(S * np.exp(-z * np.sqrt(variance)))
        high.append(min(S * np.exp(z * np.sqrt(variance)), 1))
    return times, low, high


# %% exercise="greenwood_interval" name="low_and_high_swapped" caught_by="visible" says="low and high swapped"
def greenwood_interval(df, level):
    z = stats.norm.ppf((1 + level) / 2)
    S, variance = 1.0, 0.0
    times, low, high = [0], [1.0], [1.0]
    for t in sorted(df["Time"].unique()):
        n = (df["Time"] >= t).sum()
        d = ((df["Time"] == t) & (df["Event"] == 1)).sum()
        S = S * (n - d) / n
        variance += d / (n * (n - d)) if n > d else 0
        theta = z * np.sqrt(variance) / np.log(S) if 0 < S < 1 else 0.0
        times.append(t)
        low.append(S ** np.exp(theta))
        high.append(S ** np.exp(-theta))
    return times, low, high


# %% exercise="greenwood_interval" name="variance_without_its_root" caught_by="visible" says="a variance without its root"
def greenwood_interval(df, level):
    z = stats.norm.ppf((1 + level) / 2)
    S, variance = 1.0, 0.0
    times, low, high = [0], [1.0], [1.0]
    for t in sorted(df["Time"].unique()):
        n = (df["Time"] >= t).sum()
        d = ((df["Time"] == t) & (df["Event"] == 1)).sum()
        S = S * (n - d) / n
        variance += d / (n * (n - d)) if n > d else 0
        theta = z * variance / abs(np.log(S)) if 0 < S < 1 else 0.0
        times.append(t)
        low.append(S ** np.exp(theta))
        high.append(S ** np.exp(-theta))
    return times, low, high


# %% exercise="greenwood_interval" name="variance_of_the_hazard" caught_by="visible" says="n * n for n * (n - d)"
def greenwood_interval(df, level):
    z = stats.norm.ppf((1 + level) / 2)
    S, variance = 1.0, 0.0
    times, low, high = [0], [1.0], [1.0]
    for t in sorted(df["Time"].unique()):
        n = (df["Time"] >= t).sum()
        d = ((df["Time"] == t) & (df["Event"] == 1)).sum()
        S = S * (n - d) / n
        variance += d / n**2
        theta = z * np.sqrt(variance) / abs(np.log(S)) if 0 < S < 1 else 0.0
        times.append(t)
        low.append(S ** np.exp(theta))
        high.append(S ** np.exp(-theta))
    return times, low, high


# %% exercise="greenwood_interval" name="one_sided_quantile" caught_by="visible" says="The example: got times"
def greenwood_interval(df, level):
    z = stats.norm.ppf(level)
    S, variance = 1.0, 0.0
    times, low, high = [0], [1.0], [1.0]
    for t in sorted(df["Time"].unique()):
        n = (df["Time"] >= t).sum()
        d = ((df["Time"] == t) & (df["Event"] == 1)).sum()
        S = S * (n - d) / n
        variance += d / (n * (n - d)) if n > d else 0
        theta = z * np.sqrt(variance) / abs(np.log(S)) if 0 < S < 1 else 0.0
        times.append(t)
        low.append(S ** np.exp(theta))
        high.append(S ** np.exp(-theta))
    return times, low, high


# %% exercise="greenwood_interval" name="always_95_per_cent" caught_by="visible" says="z is the (1 + level)/2 quantile"
def greenwood_interval(df, level):
    z = 1.96
    S, variance = 1.0, 0.0
    times, low, high = [0], [1.0], [1.0]
    for t in sorted(df["Time"].unique()):
        n = (df["Time"] >= t).sum()
        d = ((df["Time"] == t) & (df["Event"] == 1)).sum()
        S = S * (n - d) / n
        variance += d / (n * (n - d)) if n > d else 0
        theta = z * np.sqrt(variance) / abs(np.log(S)) if 0 < S < 1 else 0.0
        times.append(t)
        low.append(S ** np.exp(theta))
        high.append(S ** np.exp(-theta))
    return times, low, high


# %% exercise="greenwood_interval" name="nan_where_the_curve_is_1_or_0" caught_by="visible" says="The example: got times"
def greenwood_interval(df, level):
    z = stats.norm.ppf((1 + level) / 2)
    S, variance = 1.0, 0.0
    times, low, high = [0], [np.nan], [np.nan]
    for t in sorted(df["Time"].unique()):
        n = (df["Time"] >= t).sum()
        d = ((df["Time"] == t) & (df["Event"] == 1)).sum()
        S = S * (n - d) / n
        variance += d / (n * (n - d)) if n > d else 0
        theta = z * np.sqrt(variance) / abs(np.log(S)) if 0 < S < 1 else np.nan
        times.append(t)
        low.append(S ** np.exp(theta))
        high.append(S ** np.exp(-theta))
    return times, low, high


# %% exercise="greenwood_interval" name="stops_where_all_die" caught_by="visible" says="stopped with an error"
def greenwood_interval(df, level):
    z = stats.norm.ppf((1 + level) / 2)
    S, variance = 1.0, 0.0
    times, low, high = [0], [1.0], [1.0]
    for t in sorted(df["Time"].unique()):
        n = int((df["Time"] >= t).sum())
        d = int(((df["Time"] == t) & (df["Event"] == 1)).sum())
        S = S * (n - d) / n
        variance += d / (n * (n - d))
        theta = z * variance**0.5 / abs(np.log(S)) if 0 < S < 1 else 0.0
        times.append(t)
        low.append(S ** np.exp(theta))
        high.append(S ** np.exp(-theta))
    return times, low, high


# %% exercise="greenwood_interval" name="low_and_high_without_times" caught_by="visible" says="three sequences"
def greenwood_interval(df, level):
    return [1.0, 0.1279469, 0.0578471, 0.0578471], [1.0, 0.9605486, 0.8448613, 0.8448613]


# %% exercise="greenwood_interval" name="as_if_one_died_at_a_time" caught_by="hidden" says="low or high is not right"
def greenwood_interval(df, level):
    z = stats.norm.ppf((1 + level) / 2)
    S, variance = 1.0, 0.0
    times, low, high = [0], [1.0], [1.0]
    for t in sorted(df["Time"].unique()):
        n = (df["Time"] >= t).sum()
        d = ((df["Time"] == t) & (df["Event"] == 1)).sum()
        S = S * (n - d) / n
        variance += d / (n * (n - 1)) if n > 1 else 0
        theta = z * np.sqrt(variance) / abs(np.log(S)) if 0 < S < 1 else 0.0
        times.append(t)
        low.append(S ** np.exp(theta))
        high.append(S ** np.exp(-theta))
    return times, low, high


# %% exercise="greenwood_interval" name="sorts_the_table_given" caught_by="hidden" says="changed the table"
def greenwood_interval(df, level):
    df.sort_values("Time", inplace=True)
    z = stats.norm.ppf((1 + level) / 2)
    S, variance = 1.0, 0.0
    times, low, high = [0], [1.0], [1.0]
    for t in df["Time"].unique():
        n = (df["Time"] >= t).sum()
        d = ((df["Time"] == t) & (df["Event"] == 1)).sum()
        S = S * (n - d) / n
        variance += d / (n * (n - d)) if n > d else 0
        theta = z * np.sqrt(variance) / abs(np.log(S)) if 0 < S < 1 else 0.0
        times.append(t)
        low.append(S ** np.exp(theta))
        high.append(S ** np.exp(-theta))
    return times, low, high


# %% exercise="nelson_aalen" name="minus_log_of_the_curve" caught_by="visible" says="0.2877 means"
def nelson_aalen(df):
    times, H = [0], [0.0]
    for t in sorted(df["Time"].unique()):
        n = (df["Time"] >= t).sum()
        d = ((df["Time"] == t) & (df["Event"] == 1)).sum()
        times.append(t)
        H.append(H[-1] - np.log(max(1 - d / n, 1e-12)))
    return times, H


# %% exercise="nelson_aalen" name="tied_deaths_one_after_the_other" caught_by="visible" says="another convention"
def nelson_aalen(df):
    times, H = [0], [0.0]
    for t in sorted(df["Time"].unique()):
        n = (df["Time"] >= t).sum()
        d = ((df["Time"] == t) & (df["Event"] == 1)).sum()
        times.append(t)
        H.append(H[-1] + sum(1 / (n - k) for k in range(d)))
    return times, H


# %% exercise="nelson_aalen" name="hazard_not_added_up" caught_by="visible" says="the running sum"
def nelson_aalen(df):
    times, H = [0], [0.0]
    for t in sorted(df["Time"].unique()):
        times.append(t)
        H.append(((df["Time"] == t) & (df["Event"] == 1)).sum() / (df["Time"] >= t).sum())
    return times, H


# %% exercise="nelson_aalen" name="starts_at_one" caught_by="visible" says="starts at 0"
def nelson_aalen(df):
    times, H = [0], [1.0]
    for t in sorted(df["Time"].unique()):
        times.append(t)
        H.append(H[-1] + ((df["Time"] == t) & (df["Event"] == 1)).sum() / (df["Time"] >= t).sum())
    return times, H


# %% exercise="nelson_aalen" name="does_not_start_at_zero" caught_by="visible" says="got the times"
def nelson_aalen(df):
    times = sorted(df["Time"].unique())
    steps = [((df["Time"] == t) & (df["Event"] == 1)).sum() / (df["Time"] >= t).sum() for t in times]
    return times, np.cumsum(steps)


# %% exercise="nelson_aalen" name="times_of_deaths_only" caught_by="visible" says="censorings included"
def nelson_aalen(df):
    times, H = [0], [0.0]
    for t in sorted(df["Time"][df["Event"] == 1].unique()):
        times.append(t)
        H.append(H[-1] + ((df["Time"] == t) & (df["Event"] == 1)).sum() / (df["Time"] >= t).sum())
    return times, H


# %% exercise="nelson_aalen" name="divides_by_all_patients" caught_by="visible" says="running sum of d/n"
def nelson_aalen(df):
    times, H = [0], [0.0]
    for t in sorted(df["Time"].unique()):
        times.append(t)
        H.append(H[-1] + ((df["Time"] == t) & (df["Event"] == 1)).sum() / len(df))
    return times, H


# %% exercise="nelson_aalen" name="never_above_one" caught_by="visible" says="H may exceed 1"
def nelson_aalen(df):
    times, H = [0], [0.0]
    for t in sorted(df["Time"].unique()):
        times.append(t)
        H.append(min(H[-1] + ((df["Time"] == t) & (df["Event"] == 1)).sum() / (df["Time"] >= t).sum(), 1.0))
    return times, H


# %% exercise="nelson_aalen" name="who_is_censored_first_is_not_at_risk" caught_by="visible" says="The example: got H"
def nelson_aalen(df):
    times, H = [0], [0.0]
    for t in sorted(df["Time"].unique()):
        d = ((df["Time"] == t) & (df["Event"] == 1)).sum()
        n = (df["Time"] > t).sum() + d
        times.append(t)
        H.append(H[-1] + (d / n if n else 0))
    return times, H


# %% exercise="nelson_aalen" name="whole_times_only" caught_by="hidden" says="the times are not right"
def nelson_aalen(df):
    time = (df["Time"] * 2).astype(int) / 2
    times, H = [0], [0.0]
    for t in sorted(time.unique()):
        times.append(t)
        H.append(H[-1] + ((time == t) & (df["Event"] == 1)).sum() / (time >= t).sum())
    return times, H


# %% exercise="nelson_aalen" name="sorts_the_table_given" caught_by="hidden" says="changed the table"
def nelson_aalen(df):
    df.sort_values("Time", inplace=True)
    times, H = [0], [0.0]
    for t in df["Time"].unique():
        times.append(t)
        H.append(H[-1] + ((df["Time"] == t) & (df["Event"] == 1)).sum() / (df["Time"] >= t).sum())
    return times, H


# %% exercise="log_rank" name="pearson_of_observed_and_expected" caught_by="visible" says="expected 0.6154"
def log_rank(df, group):
    names = sorted(df[group].unique())
    time, died = df["Time"], df["Event"] == 1
    observed, expected = np.zeros(len(names)), np.zeros(len(names))
    for t in time[died].unique():
        n_g = np.array([((df[group] == name) & (time >= t)).sum() for name in names])
        d_g = np.array([((df[group] == name) & (time == t) & died).sum() for name in names])
        observed += d_g
        expected += d_g.sum() * n_g / n_g.sum()
    statistic = ((observed - expected) ** 2 / expected).sum()
    return statistic, stats.chi2.sf(statistic, len(names) - 1)


# %% exercise="log_rank" name="drops_the_censored" caught_by="visible" says="censored patients count until they leave"
def log_rank(df, group):
    df = df[df["Event"] == 1]
    names = sorted(df[group].unique())
    time = df["Time"]
    Z, V = np.zeros(len(names)), np.zeros((len(names), len(names)))
    for t in time.unique():
        n_g = np.array([((df[group] == name) & (time >= t)).sum() for name in names])
        d_g = np.array([((df[group] == name) & (time == t)).sum() for name in names])
        n, d, share = n_g.sum(), d_g.sum(), n_g / n_g.sum()
        Z += d_g - d * share
        if n > 1:
            V += d * (n - d) / (n - 1) * (np.diag(share) - np.outer(share, share))
    if not V.any():
        return np.nan, np.nan
    statistic = Z[:-1] @ np.linalg.solve(V[:-1, :-1], Z[:-1])
    return statistic, stats.chi2.sf(statistic, len(names) - 1)


# %% exercise="log_rank" name="no_correction_for_ties" caught_by="visible" says="n - 1 below, n - d above"
def log_rank(df, group):
    names = sorted(df[group].unique())
    time, died = df["Time"], df["Event"] == 1
    Z, V = np.zeros(len(names)), np.zeros((len(names), len(names)))
    for t in time[died].unique():
        n_g = np.array([((df[group] == name) & (time >= t)).sum() for name in names])
        d_g = np.array([((df[group] == name) & (time == t) & died).sum() for name in names])
        share = n_g / n_g.sum()
        Z += d_g - d_g.sum() * share
        V += d_g.sum() * (np.diag(share) - np.outer(share, share))
    if not V.any():
        return np.nan, np.nan
    statistic = Z[:-1] @ np.linalg.solve(V[:-1, :-1], Z[:-1])
    return statistic, stats.chi2.sf(statistic, len(names) - 1)


# %% exercise="log_rank" name="two_sided_normal_of_the_square" caught_by="visible" says="the upper tail"
def log_rank(df, group):
    names = sorted(df[group].unique())
    time, died = df["Time"], df["Event"] == 1
    Z, V = np.zeros(len(names)), np.zeros((len(names), len(names)))
    for t in time[died].unique():
        n_g = np.array([((df[group] == name) & (time >= t)).sum() for name in names])
        d_g = np.array([((df[group] == name) & (time == t) & died).sum() for name in names])
        n, d, share = n_g.sum(), d_g.sum(), n_g / n_g.sum()
        Z += d_g - d * share
        if n > 1:
            V += d * (n - d) / (n - 1) * (np.diag(share) - np.outer(share, share))
    if not V.any():
        return np.nan, np.nan
    statistic = Z[:-1] @ np.linalg.solve(V[:-1, :-1], Z[:-1])
    return statistic, 2 * stats.norm.sf(statistic)


# %% exercise="log_rank" name="lower_tail" caught_by="visible" says="the upper tail"
def log_rank(df, group):
    names = sorted(df[group].unique())
    time, died = df["Time"], df["Event"] == 1
    Z, V = np.zeros(len(names)), np.zeros((len(names), len(names)))
    for t in time[died].unique():
        n_g = np.array([((df[group] == name) & (time >= t)).sum() for name in names])
        d_g = np.array([((df[group] == name) & (time == t) & died).sum() for name in names])
        n, d, share = n_g.sum(), d_g.sum(), n_g / n_g.sum()
        Z += d_g - d * share
        if n > 1:
            V += d * (n - d) / (n - 1) * (np.diag(share) - np.outer(share, share))
    if not V.any():
        return np.nan, np.nan
    statistic = Z[:-1] @ np.linalg.solve(V[:-1, :-1], Z[:-1])
    return statistic, stats.chi2.cdf(statistic, len(names) - 1)


# %% exercise="log_rank" name="one_degree_for_each_group" caught_by="visible" says="with one degree of freedom"
def log_rank(df, group):
    names = sorted(df[group].unique())
    time, died = df["Time"], df["Event"] == 1
    Z, V = np.zeros(len(names)), np.zeros((len(names), len(names)))
    for t in time[died].unique():
        n_g = np.array([((df[group] == name) & (time >= t)).sum() for name in names])
        d_g = np.array([((df[group] == name) & (time == t) & died).sum() for name in names])
        n, d, share = n_g.sum(), d_g.sum(), n_g / n_g.sum()
        Z += d_g - d * share
        if n > 1:
            V += d * (n - d) / (n - 1) * (np.diag(share) - np.outer(share, share))
    if not V.any():
        return np.nan, np.nan
    statistic = Z[:-1] @ np.linalg.solve(V[:-1, :-1], Z[:-1])
    return statistic, stats.chi2.sf(statistic, len(names))


# %% exercise="log_rank" name="at_risk_after_the_death" caught_by="visible" says="who dies at t is at risk at t"
def log_rank(df, group):
    names = sorted(df[group].unique())
    time, died = df["Time"], df["Event"] == 1
    Z, V = np.zeros(len(names)), np.zeros((len(names), len(names)))
    for t in time[died].unique():
        n_g = np.array([((df[group] == name) & (time > t)).sum() for name in names])
        d_g = np.array([((df[group] == name) & (time == t) & died).sum() for name in names])
        n, d = n_g.sum(), d_g.sum()
        if n > 1:
            share = n_g / n
            Z += d_g - d * share
            V += d * (n - d) / (n - 1) * (np.diag(share) - np.outer(share, share))
    if not V.any():
        return np.nan, np.nan
    statistic = Z[:-1] @ np.linalg.pinv(V[:-1, :-1]) @ Z[:-1]
    return statistic, stats.chi2.sf(statistic, len(names) - 1)


# %% exercise="log_rank" name="first_group_against_the_rest" caught_by="visible" says="Three groups"
def log_rank(df, group):
    first = df[group] == sorted(df[group].unique())[0]
    time, died = df["Time"], df["Event"] == 1
    Z, V = 0.0, 0.0
    for t in time[died].unique():
        n, n1 = (time >= t).sum(), (first & (time >= t)).sum()
        d, d1 = ((time == t) & died).sum(), (first & (time == t) & died).sum()
        Z += d1 - d * n1 / n
        V += d * (n - d) / (n - 1) * n1 / n * (1 - n1 / n) if n > 1 else 0.0
    statistic = Z**2 / V if V > 0 else np.nan
    return statistic, stats.chi2.sf(statistic, 1)


# %% exercise="log_rank" name="weighs_by_the_number_at_risk" caught_by="visible" says="expected 0.6154"
def log_rank(df, group):
    names = sorted(df[group].unique())
    time, died = df["Time"], df["Event"] == 1
    Z, V = np.zeros(len(names)), np.zeros((len(names), len(names)))
    for t in time[died].unique():
        n_g = np.array([((df[group] == name) & (time >= t)).sum() for name in names])
        d_g = np.array([((df[group] == name) & (time == t) & died).sum() for name in names])
        n, d, share = n_g.sum(), d_g.sum(), n_g / n_g.sum()
        Z += n * (d_g - d * share)
        if n > 1:
            V += n**2 * d * (n - d) / (n - 1) * (np.diag(share) - np.outer(share, share))
    if not V.any():
        return np.nan, np.nan
    statistic = Z[:-1] @ np.linalg.solve(V[:-1, :-1], Z[:-1])
    return statistic, stats.chi2.sf(statistic, len(names) - 1)


# %% exercise="log_rank" name="p_value_first" caught_by="visible" says="got the statistic"
def log_rank(df, group):
    names = sorted(df[group].unique())
    time, died = df["Time"], df["Event"] == 1
    Z, V = np.zeros(len(names)), np.zeros((len(names), len(names)))
    for t in time[died].unique():
        n_g = np.array([((df[group] == name) & (time >= t)).sum() for name in names])
        d_g = np.array([((df[group] == name) & (time == t) & died).sum() for name in names])
        n, d, share = n_g.sum(), d_g.sum(), n_g / n_g.sum()
        Z += d_g - d * share
        if n > 1:
            V += d * (n - d) / (n - 1) * (np.diag(share) - np.outer(share, share))
    if not V.any():
        return np.nan, np.nan
    statistic = Z[:-1] @ np.linalg.solve(V[:-1, :-1], Z[:-1])
    return stats.chi2.sf(statistic, len(names) - 1), statistic


# %% exercise="log_rank" name="nobody_died_is_an_error" caught_by="visible" says="stopped with an error"
def log_rank(df, group):
    names = sorted(df[group].unique())
    time, died = df["Time"], df["Event"] == 1
    Z, V = np.zeros(len(names)), np.zeros((len(names), len(names)))
    for t in time[died].unique():
        n_g = np.array([((df[group] == name) & (time >= t)).sum() for name in names])
        d_g = np.array([((df[group] == name) & (time == t) & died).sum() for name in names])
        n, d, share = n_g.sum(), d_g.sum(), n_g / n_g.sum()
        Z += d_g - d * share
        if n > 1:
            V += d * (n - d) / (n - 1) * (np.diag(share) - np.outer(share, share))
    statistic = Z[:-1] @ np.linalg.solve(V[:-1, :-1], Z[:-1])
    return statistic, stats.chi2.sf(statistic, len(names) - 1)


# %% exercise="log_rank" name="one_left_is_an_error" caught_by="hidden" says="stopped with an error"
def log_rank(df, group):
    names = sorted(df[group].unique())
    time, died = df["Time"], df["Event"] == 1
    Z, V = np.zeros(len(names)), np.zeros((len(names), len(names)))
    for t in time[died].unique():
        n_g = np.array([((df[group] == name) & (time >= t)).sum() for name in names])
        d_g = np.array([((df[group] == name) & (time == t) & died).sum() for name in names])
        n, d, share = int(n_g.sum()), int(d_g.sum()), n_g / n_g.sum()
        Z += d_g - d * share
        if n > 1 or len(df) < 10:
            V += d * (n - d) / max(n - 1, int(len(df) < 10)) * (np.diag(share) - np.outer(share, share))
        else:
            V += d * (n - d) / (n - 1) * (np.diag(share) - np.outer(share, share))
    if not V.any():
        return np.nan, np.nan
    statistic = Z[:-1] @ np.linalg.solve(V[:-1, :-1], Z[:-1])
    return statistic, stats.chi2.sf(statistic, len(names) - 1)


# %% exercise="log_rank" name="same_day_is_zero" caught_by="hidden" says="All died at the same time"
def log_rank(df, group):
    names = sorted(df[group].unique())
    time, died = df["Time"], df["Event"] == 1
    if not died.any():
        return np.nan, np.nan
    Z, V = np.zeros(len(names)), np.zeros((len(names), len(names)))
    for t in time[died].unique():
        n_g = np.array([((df[group] == name) & (time >= t)).sum() for name in names])
        d_g = np.array([((df[group] == name) & (time == t) & died).sum() for name in names])
        n, d, share = n_g.sum(), d_g.sum(), n_g / n_g.sum()
        Z += d_g - d * share
        if n > 1:
            V += d * (n - d) / (n - 1) * (np.diag(share) - np.outer(share, share))
    statistic = Z[:-1] @ np.linalg.pinv(V[:-1, :-1]) @ Z[:-1]
    return statistic, stats.chi2.sf(statistic, len(names) - 1)


# %% exercise="log_rank" name="sorts_the_table_given" caught_by="hidden" says="changed the table"
def log_rank(df, group):
    df.sort_values("Time", inplace=True)
    names = sorted(df[group].unique())
    time, died = df["Time"], df["Event"] == 1
    Z, V = np.zeros(len(names)), np.zeros((len(names), len(names)))
    for t in time[died].unique():
        n_g = np.array([((df[group] == name) & (time >= t)).sum() for name in names])
        d_g = np.array([((df[group] == name) & (time == t) & died).sum() for name in names])
        n, d, share = n_g.sum(), d_g.sum(), n_g / n_g.sum()
        Z += d_g - d * share
        if n > 1:
            V += d * (n - d) / (n - 1) * (np.diag(share) - np.outer(share, share))
    if not V.any():
        return np.nan, np.nan
    statistic = Z[:-1] @ np.linalg.solve(V[:-1, :-1], Z[:-1])
    return statistic, stats.chi2.sf(statistic, len(names) - 1)


# %% exercise="restricted_mean" name="mean_of_the_cut_times" caught_by="visible" says="takes censored patients for dead"
def restricted_mean(df, horizon):
    return np.minimum(df["Time"], horizon).mean()


# %% exercise="restricted_mean" name="right_ends" caught_by="visible" says="as high as their right end"
def restricted_mean(df, horizon):
    area, start, S = 0.0, 0.0, 1.0
    for t in sorted(df["Time"].unique()):
        if t >= horizon:
            break
        S = S * (1 - ((df["Time"] == t) & (df["Event"] == 1)).sum() / (df["Time"] >= t).sum())
        area += S * (t - start)
        start = t
    return area + S * (horizon - start)


# %% exercise="restricted_mean" name="does_not_stop_at_the_horizon" caught_by="visible" says="6.25 does not stop"
def restricted_mean(df, horizon):
    area, start, S = 0.0, 0.0, 1.0
    for t in sorted(df["Time"].unique()):
        area += S * (t - start)
        start = t
        S = S * (1 - ((df["Time"] == t) & (df["Event"] == 1)).sum() / (df["Time"] >= t).sum())
    return area


# %% exercise="restricted_mean" name="stops_at_the_last_time" caught_by="visible" says="stops at the last time"
def restricted_mean(df, horizon):
    area, start, S = 0.0, 0.0, 1.0
    for t in sorted(df["Time"].unique()):
        area += S * (min(t, horizon) - start)
        start = min(t, horizon)
        S = S * (1 - ((df["Time"] == t) & (df["Event"] == 1)).sum() / (df["Time"] >= t).sum())
    return area


# %% exercise="restricted_mean" name="stops_at_the_last_time_before_the_horizon" caught_by="visible" says="to day 8"
def restricted_mean(df, horizon):
    area, start, S = 0.0, 0.0, 1.0
    for t in sorted(df["Time"].unique()):
        if t > horizon:
            break
        area += S * (t - start)
        start = t
        S = S * (1 - ((df["Time"] == t) & (df["Event"] == 1)).sum() / (df["Time"] >= t).sum())
    return area


# %% exercise="restricted_mean" name="trapezes" caught_by="visible" says="to day 8"
def restricted_mean(df, horizon):
    times, S = [0.0], [1.0]
    for t in sorted(df["Time"].unique()):
        times.append(t)
        S.append(S[-1] * (1 - ((df["Time"] == t) & (df["Event"] == 1)).sum() / (df["Time"] >= t).sum()))
    kept = [(t, s) for t, s in zip(times, S) if t < horizon]
    last = kept[-1][1]
    kept.append((horizon, last))
    return np.trapezoid([s for _, s in kept], [t for t, _ in kept])


# %% exercise="restricted_mean" name="mean_of_those_who_died" caught_by="visible" says="to day 8"
def restricted_mean(df, horizon):
    died = df[(df["Event"] == 1) & (df["Time"] <= horizon)]
    return died["Time"].mean()


# %% exercise="restricted_mean" name="one_column_a_day" caught_by="visible" says="before the first time"
def restricted_mean(df, horizon):
    area = 0.0
    for day in range(int(horizon)):
        S = 1.0
        for t in df["Time"][(df["Event"] == 1) & (df["Time"] <= day)].unique():
            S *= 1 - ((df["Time"] == t) & (df["Event"] == 1)).sum() / (df["Time"] >= t).sum()
        area += S
    return area


# %% exercise="restricted_mean" name="divides_by_the_horizon" caught_by="visible" says="to day 8"
def restricted_mean(df, horizon):
    area, start, S = 0.0, 0.0, 1.0
    for t in sorted(df["Time"].unique()):
        if t >= horizon:
            break
        area += S * (t - start)
        S, start = S * (1 - ((df["Time"] == t) & (df["Event"] == 1)).sum() / (df["Time"] >= t).sum()), t
    return (area + S * (horizon - start)) / horizon


# %% exercise="restricted_mean" name="tied_deaths_one_of_them" caught_by="hidden" says="the area is not right"
def restricted_mean(df, horizon):
    area, start, S = 0.0, 0.0, 1.0
    for t in sorted(df["Time"].unique()):
        if t >= horizon:
            break
        area += S * (t - start)
        died = ((df["Time"] == t) & (df["Event"] == 1)).any()
        S, start = S * (1 - died / (df["Time"] >= t).sum()), t
    return area + S * (horizon - start)


# %% exercise="restricted_mean" name="cuts_the_table_given" caught_by="hidden" says="changed the table"
def restricted_mean(df, horizon):
    area, start, S = 0.0, 0.0, 1.0
    df["Time"] = df["Time"].astype(float)
    df.sort_values("Time", inplace=True)
    for t in df["Time"].unique():
        if t >= horizon:
            break
        area += S * (t - start)
        n, d = (df["Time"] >= t).sum(), ((df["Time"] == t) & (df["Event"] == 1)).sum()
        S, start = S * (1 - d / n), t
    return area + S * (horizon - start)
