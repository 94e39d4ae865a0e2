# %% exercise="to_one_hot" name="loops_over_levels"
def to_one_hot(dataframe, columns):
    encoded = dataframe.drop(columns=columns)
    for column in columns:
        levels = dataframe[column].astype("category").cat.categories
        for level in levels[1:]:
            encoded[f"{column}_{level}"] = (dataframe[column] == level).astype(np.float64)
    return encoded


# %% exercise="to_one_hot" name="scikit_learns_encoder"
def to_one_hot(dataframe, columns):
    from sklearn.preprocessing import OneHotEncoder

    kept = dataframe.drop(columns=columns)
    if len(dataframe) == 0:
        return kept.assign(
            **{f"{c}_{level}": np.zeros(0) for c in columns for level in dataframe[c].cat.categories[1:]}
        )
    levels = [dataframe[c].astype("category").cat.categories.tolist() for c in columns]
    dense = pd.DataFrame({c: dataframe[c].astype(object) for c in columns})
    encoder = OneHotEncoder(categories=levels, drop="first", sparse_output=False, dtype=np.float64)
    names = [f"{c}_{level}" for c, own in zip(columns, levels) for level in own[1:]]
    return kept.join(pd.DataFrame(encoder.fit_transform(dense), index=dataframe.index, columns=names))


# %% exercise="to_one_hot" name="column_by_column_and_concatenated"
def to_one_hot(dataframe, columns):
    parts = [pd.get_dummies(dataframe[c], prefix=c).iloc[:, 1:].astype(float) for c in columns]
    return pd.concat([*parts, dataframe[[c for c in dataframe if c not in columns]]], axis=1)


# %% exercise="hazard_ratio" name="ratio_of_two_risks"
def hazard_ratio(case_1, case_2, cox_params):
    return np.exp(np.dot(cox_params, case_1)) / np.exp(np.dot(cox_params, case_2))


# %% exercise="hazard_ratio" name="product_of_ratios_per_covariate"
def hazard_ratio(case_1, case_2, cox_params):
    return np.prod(np.exp(cox_params * (case_1 - case_2)))


# %% exercise="hazard_ratio" name="dot_of_the_coefficients"
def hazard_ratio(case_1, case_2, cox_params):
    return np.exp(cox_params.dot((case_1 - case_2).T))


# %% exercise="hazard_ratio" name="plain_python"
def hazard_ratio(case_1, case_2, cox_params):
    import math

    total = 0.0
    for a, b, theta in zip(list(case_1), list(case_2), list(cox_params)):
        total += float(theta) * (float(a) - float(b))
    return math.exp(total)


# %% exercise="harrell_c" name="unordered_pairs"
def harrell_c(y_true, scores, event):
    n = len(y_true)
    permissible = concordant = ties = 0.0
    for i in range(n):
        for j in range(i + 1, n):
            first, second = i, j
            if y_true[j] < y_true[i] or (y_true[j] == y_true[i] and event[j]):
                first, second = j, i
            if not event[first]:
                continue
            if y_true[first] == y_true[second] and event[second]:
                continue
            permissible += 1
            if scores[first] == scores[second]:
                ties += 1
            elif scores[first] > scores[second]:
                concordant += 1
    return (concordant + 0.5 * ties) / permissible if permissible else float("nan")


# %% exercise="harrell_c" name="matrices"
def harrell_c(y_true, scores, event):
    t, s, d = np.asarray(y_true), np.asarray(scores), np.asarray(event) == 1
    permissible = d[:, None] & ((t[None] > t[:, None]) | ((t[None] == t[:, None]) & ~d[None]))
    value = (s[:, None] > s[None]) + 0.5 * (s[:, None] == s[None])
    return np.float64((permissible * value).sum()) / permissible.sum() if permissible.any() else np.nan


# %% exercise="harrell_c" name="lifelines"
def harrell_c(y_true, scores, event):
    from lifelines.utils import concordance_index

    try:
        return concordance_index(np.asarray(y_true), -np.asarray(scores), np.asarray(event))
    except ZeroDivisionError:
        return np.nan


# %% exercise="harrell_c" name="scikit_survival"
def harrell_c(y_true, scores, event):
    from sksurv.exceptions import NoComparablePairException
    from sksurv.metrics import concordance_index_censored

    died = np.asarray(event).astype(bool)
    if len(died) < 2 or not died.any():
        return np.nan
    try:
        return concordance_index_censored(died, np.asarray(y_true), np.asarray(scores), tied_tol=0)[0]
    except NoComparablePairException:
        return np.nan


# %% exercise="survival_from_hazard" name="a_power_of_the_baseline_survival"
def survival_from_hazard(baseline_cumulative_hazard, risk):
    return np.exp(-baseline_cumulative_hazard) ** risk


# %% exercise="survival_from_hazard" name="a_list_from_a_loop"
def survival_from_hazard(baseline_cumulative_hazard, risk):
    import math

    return [math.exp(-float(h) * float(risk)) for h in list(baseline_cumulative_hazard)]


# %% exercise="survival_from_hazard" name="divided_by_the_exponential"
def survival_from_hazard(baseline_cumulative_hazard, risk):
    return 1 / np.exp(np.asarray(baseline_cumulative_hazard, dtype=float) * risk)


# %% exercise="brier_score" name="vectors"
def brier_score(times, event, surv_probs, t):
    times, p, died = np.asarray(times, float), np.asarray(surv_probs, float), np.asarray(event).astype(bool)
    if not len(times):
        return np.nan
    moments = np.unique(times)
    censored = np.array([np.sum((times == c) & ~died) for c in moments])
    at_risk = np.array([np.sum(times >= c) for c in moments])
    curve = np.append(1.0, np.cumprod(1 - censored / at_risk))
    own = curve[np.searchsorted(moments, times, side="right")]
    at_t = curve[np.searchsorted(moments, t, side="right")]
    total = (p[(times <= t) & died] ** 2 / own[(times <= t) & died]).sum() + ((1 - p[times > t]) ** 2).sum() / max(
        at_t, 1e-300
    )
    return total / len(times)


# %% exercise="brier_score" name="lifelines_for_the_weights"
def brier_score(times, event, surv_probs, t):
    from lifelines import KaplanMeierFitter

    times, event = np.asarray(times, dtype=float), np.asarray(event, dtype=float)
    if len(times) == 0:
        return float("nan")
    km = KaplanMeierFitter().fit(times, 1 - event)
    total = 0
    for time, died, s in zip(times, event, np.asarray(surv_probs, dtype=float)):
        if time > t:
            total += (1 - s) ** 2 / km.predict(t)
        elif died:
            total += s**2 / km.predict(time)
    return total / len(times)


# %% exercise="brier_score" name="just_before_the_death"
def brier_score(times, event, surv_probs, t):
    n = len(times)
    if n == 0:
        return float("nan")
    order = sorted(range(n), key=lambda i: times[i])
    before, share = {}, 1.0
    at_t = 1.0
    for u in sorted({float(times[i]) for i in order}):
        before[u] = share
        leaving = sum(1 for i in order if times[i] == u and not event[i])
        share *= 1 - leaving / sum(1 for i in order if times[i] >= u)
        if u <= t:
            at_t = share
    score = 0.0
    for i in order:
        if times[i] > t:
            score += (1 - float(surv_probs[i])) ** 2 / at_t
        elif event[i]:
            score += float(surv_probs[i]) ** 2 / before[float(times[i])]
    return score / n


# %% exercise="decode_treatment" name="loops_and_lists"
def decode_treatment(pbc):
    words, deaths, days = [], {1: 0, 2: 0}, {1: 0.0, 2: 0.0}
    for trt, status, time in zip(pbc["trt"], pbc["status"], pbc["time"]):
        words.append({1: "D-penicillamine", 2: "placebo"}.get(trt))
        if trt in deaths:
            deaths[trt] += status == 2
            days[trt] += float(time)
    if days[1] == 0 or days[2] == 0:
        return words, float("nan")
    drug, placebo = deaths[1] / days[1], deaths[2] / days[2]
    return words, 1 if drug > placebo else -1 if drug < placebo else 0


# %% exercise="decode_treatment" name="numpy_where_and_object_array"
def decode_treatment(pbc):
    code = pbc["trt"].to_numpy(dtype=float)
    words = np.full(len(pbc), None, dtype=object)
    words[code == 1] = "D-penicillamine"
    words[code == 2] = "placebo"
    with np.errstate(invalid="ignore"):
        rate = [
            (pbc["status"].to_numpy() == 2)[code == k].sum() / np.float64(pbc["time"].to_numpy()[code == k].sum())
            for k in (1, 2)
        ]
    return words, np.sign(rate[0] - rate[1])


# %% exercise="decode_treatment" name="grouped"
def decode_treatment(pbc):
    names = {1: "D-penicillamine", 2: "placebo"}
    decoded = pbc.assign(treatment=pbc["trt"].map(names), dead=(pbc["status"] == 2).astype(float))
    sums = decoded.groupby("treatment")[["dead", "time"]].sum().reindex(list(names.values()))
    rate = sums["dead"] / sums["time"].astype(float)
    return decoded["treatment"], np.sign(rate["D-penicillamine"] - rate["placebo"])


# %% exercise="decode_treatment" name="a_categorical"
def decode_treatment(pbc):
    treatment = pd.Series(
        pd.Categorical(pbc["trt"], categories=[1, 2]).rename_categories(["D-penicillamine", "placebo"]), index=pbc.index
    )
    rates = [(pbc.status[pbc.trt == k] == 2).sum() / pbc.time[pbc.trt == k].sum() for k in (1, 2)]
    return list(treatment), float(np.sign(rates[0] - rates[1]))


# %% exercise="cumulative_incidence" name="lists_and_counts"
def cumulative_incidence(times, cause):
    from collections import Counter

    times, cause = [float(u) for u in times], [int(c) for c in cause]
    t, death, transplant, alive = [0], [0], [0], 1
    for u in sorted(set(times)):
        n = sum(v >= u for v in times)
        here = Counter(c for v, c in zip(times, cause) if v == u)
        death.append(death[-1] + alive * here[2] / n)
        transplant.append(transplant[-1] + alive * here[1] / n)
        alive = alive * (n - here[1] - here[2]) / n
        t.append(u)
    return [t, death, transplant]


# %% exercise="cumulative_incidence" name="vectors"
def cumulative_incidence(times, cause):
    times, cause = np.asarray(times, dtype=float), np.asarray(cause)
    moments, where = np.unique(times, return_inverse=True)
    count = lambda code: np.bincount(where[cause == code], minlength=len(moments))
    at_risk = len(times) - np.append(0, np.cumsum(np.bincount(where, minlength=len(moments))))[:-1]
    d, r = count(2), count(1)
    alive = np.append(1.0, np.cumprod(1 - (d + r) / at_risk))[: len(moments)]
    start = lambda steps: np.append(0.0, np.cumsum(steps))
    return start(np.diff(moments, prepend=0)), start(alive * d / at_risk), start(alive * r / at_risk)


# %% exercise="cumulative_incidence" name="a_pandas_table"
def cumulative_incidence(times, cause):
    table = pd.DataFrame({"t": np.asarray(times), "cause": np.asarray(cause)}).sort_values("t")
    counts = pd.crosstab(table["t"], table["cause"]).reindex(columns=[0, 1, 2], fill_value=0) if len(table) else None
    if counts is None:
        return pd.Series([0.0]), pd.Series([0.0]), pd.Series([0.0])
    at_risk = counts.sum(axis=1)[::-1].cumsum()[::-1]
    after = (1 - (counts[1] + counts[2]) / at_risk).cumprod()
    before = after.shift(fill_value=1.0)
    curve = lambda code: pd.Series([0.0, *(before * counts[code] / at_risk).cumsum()])
    return pd.Series([0.0, *counts.index]), curve(2), curve(1)
