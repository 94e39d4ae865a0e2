# %% exercise="proportion_treated" name="loops"
def proportion_treated(df):
    n = n_treated = 0
    for value in df["TRTMT"]:
        n += 1
        if value:
            n_treated += 1
    return n_treated / n if n else float("nan")


# %% exercise="proportion_treated" name="value_counts"
def proportion_treated(df):
    if df.empty:
        return np.nan
    return float(df["TRTMT"].astype(int).value_counts(normalize=True).get(1, 0.0))


# %% exercise="proportion_treated" name="single_precision"
def proportion_treated(df):
    return np.mean(np.asarray(df.TRTMT, dtype="float64"), dtype="float64") if len(df) else np.float32("nan")


# %% exercise="event_rate" name="groupby"
def event_rate(df):
    rates = df.assign(arm=df["TRTMT"].astype(int), fate=df["outcome"].astype(float)).groupby("arm")["fate"].mean()
    return [rates.get(1, np.nan), rates.get(0, np.nan)]


# %% exercise="event_rate" name="loops"
def event_rate(df):
    events, patients = {True: 0, False: 0}, {True: 0, False: 0}
    for _, row in df.iterrows():
        patients[bool(row["TRTMT"])] += 1
        events[bool(row["TRTMT"])] += int(row["outcome"])
    return tuple(events[arm] / patients[arm] if patients[arm] else float("nan") for arm in (True, False))


# %% exercise="event_rate" name="an_array_from_sums"
def event_rate(df):
    treated, fate = df["TRTMT"].to_numpy(dtype=float), df["outcome"].to_numpy(dtype=float)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.array(
            [
                np.float64((treated * fate).sum()) / treated.sum(),
                np.float64(((1 - treated) * fate).sum()) / (1 - treated).sum(),
            ]
        )


# %% exercise="ate_interval" name="variance_of_the_outcomes"
def ate_interval(df, level=0.95):
    arms = [df.loc[df["TRTMT"].astype(bool) == arm, "outcome"].astype(float) for arm in (True, False)]
    if min(map(len, arms)) == 0:
        return np.full(3, np.nan)
    ate = arms[0].mean() - arms[1].mean()
    error = sum(arm.var(ddof=0) / len(arm) for arm in arms) ** 0.5
    return np.array([ate, *norm.interval(level, loc=ate, scale=error)]) if error else np.array([ate, ate, ate])


# %% exercise="ate_interval" name="counts_and_the_statistics_module"
def ate_interval(df, level=0.95):
    from statistics import NormalDist

    n = {1: 0, 0: 0}
    x = {1: 0, 0: 0}
    for arm, fate in zip(df["TRTMT"], df["outcome"]):
        n[int(arm)] += 1
        x[int(arm)] += int(fate)
    if not n[0] or not n[1]:
        return [float("nan")] * 3
    p1, p0 = x[1] / n[1], x[0] / n[0]
    z = NormalDist().inv_cdf(0.5 + level / 2)
    error = (p1 * (1 - p1) / n[1] + p0 * (1 - p0) / n[0]) ** 0.5
    return [p1 - p0, p1 - p0 - z * error, p1 - p0 + z * error]


# %% exercise="ate_interval" name="from_the_survivors"
def ate_interval(df, level=0.95):
    alive = 1 - df["outcome"].astype(int)
    treated = df["TRTMT"].astype(int) == 1
    q1, q0, n1, n0 = alive[treated].mean(), alive[~treated].mean(), treated.sum(), (~treated).sum()
    if n1 == 0 or n0 == 0:
        return (np.nan, np.nan, np.nan)
    half = -norm.ppf((1 - level) / 2) * np.hypot(np.sqrt(q1 * (1 - q1) / n1), np.sqrt(q0 * (1 - q0) / n0))
    return (q0 - q1, q0 - q1 - half, q0 - q1 + half)


# %% exercise="number_needed_to_treat" name="sorted_reciprocals"
def number_needed_to_treat(df, level=0.95):
    arms = [df.loc[df["TRTMT"].astype(int) == arm, "outcome"].astype(int) for arm in (1, 0)]
    if not all(len(arm) for arm in arms):
        return [np.nan] * 3
    p1, p0 = (arm.mean() for arm in arms)
    error = np.sqrt(p1 * (1 - p1) / len(arms[0]) + p0 * (1 - p0) / len(arms[1]))
    z = norm.isf((1 - level) / 2)
    ends = [p0 - p1 - z * error, p0 - p1 + z * error]
    nnt = float("inf") if p0 == p1 else 1 / (p0 - p1)
    if min(ends) <= 0 <= max(ends):
        return [nnt, np.nan, np.nan]
    return [nnt, *sorted(1 / end for end in ends)]


# %% exercise="number_needed_to_treat" name="from_the_ate_with_its_sign"
def number_needed_to_treat(df, level=0.95):
    def effect():
        treated, control = df[df["TRTMT"] == 1]["outcome"], df[df["TRTMT"] == 0]["outcome"]
        if treated.empty or control.empty:
            return (np.nan,) * 3
        ate = treated.mean() - control.mean()
        variance = treated.astype(float).var(ddof=0) / len(treated) + control.astype(float).var(ddof=0) / len(control)
        half = norm.ppf(0.5 + level / 2) * variance**0.5
        return ate, ate - half, ate + half

    ate, low, high = effect()
    if np.isnan(ate):
        return ate, ate, ate
    with np.errstate(divide="ignore"):
        nnt = abs(np.divide(1.0, ate)) if ate == 0 else -1 / ate
    return (nnt, -1 / low, -1 / high) if low * high > 0 else (nnt, np.nan, np.nan)


# %% exercise="number_needed_to_treat" name="exact_fractions"
def number_needed_to_treat(df, level=0.95):
    from fractions import Fraction

    n, x = {1: 0, 0: 0}, {1: 0, 0: 0}
    for arm, fate in zip(df["TRTMT"], df["outcome"]):
        n[int(arm)] += 1
        x[int(arm)] += int(fate)
    if 0 in n.values():
        return np.array([np.nan] * 3)
    p1, p0 = Fraction(x[1], n[1]), Fraction(x[0], n[0])
    half = float(norm.ppf((1 + level) / 2)) * float(p1 * (1 - p1) / n[1] + p0 * (1 - p0) / n[0]) ** 0.5
    arr = p0 - p1
    nnt = np.inf if arr == 0 else float(1 / arr)
    low, high = float(arr) - half, float(arr) + half
    return np.array([nnt, 1 / high, 1 / low] if low > 0 or high < 0 else [nnt, np.nan, np.nan])


# %% exercise="balance_table" name="loops"
def balance_table(df):
    rows = {}
    for name in df.columns:
        if name in ("TRTMT", "outcome"):
            continue
        a = [float(v) for v, t in zip(df[name], df["TRTMT"]) if t]
        b = [float(v) for v, t in zip(df[name], df["TRTMT"]) if not t]
        means, variances = [], []
        for values in (a, b):
            mean = sum(values) / len(values)
            means.append(mean)
            squares = sum((v - mean) ** 2 for v in values)
            variances.append(squares / (len(values) - 1) if len(values) > 1 else float("nan"))
        spread = (sum(variances) / 2) ** 0.5
        smd = (means[0] - means[1]) / spread if spread > 0 else float("nan")
        rows[name] = {"treated": means[0], "control": means[1], "smd": smd}
    return pd.DataFrame.from_dict(rows, orient="index")


# %% exercise="balance_table" name="groupby"
def balance_table(df):
    features = df.drop(columns=["TRTMT", "outcome"]).astype("float64")
    groups = features.groupby(df["TRTMT"].astype(int))
    mean, var = groups.mean(), groups.var()
    spread = np.sqrt((var.loc[1] + var.loc[0]) / 2).replace(0.0, np.nan)
    return pd.DataFrame(
        {"control": mean.loc[0], "treated": mean.loc[1], "smd": (mean.loc[1] - mean.loc[0]) / spread},
        index=features.columns,
    )


# %% exercise="balance_table" name="numpy_and_one_column_more"
def balance_table(df):
    names = [name for name in df if name not in ("TRTMT", "outcome")]
    values = np.column_stack([df[name].to_numpy(dtype=float) for name in names])
    mask = df["TRTMT"].to_numpy(dtype=bool)
    a, b = values[mask], values[~mask]
    with np.errstate(all="ignore"):
        va = a.var(axis=0, ddof=1) if len(a) > 1 else np.full(len(names), np.nan)
        vb = b.var(axis=0, ddof=1) if len(b) > 1 else np.full(len(names), np.nan)
        smd = np.where(va + vb > 0, (a.mean(axis=0) - b.mean(axis=0)) / np.sqrt((va + vb) / 2), np.nan)
    return pd.DataFrame(
        {"treated": a.mean(axis=0), "control": b.mean(axis=0), "smd": smd, "far_apart": np.abs(smd) > 0.1}, index=names
    )


# %% exercise="extract_treatment_effect" name="a_named_series"
def extract_treatment_effect(lr, data):
    coefficients = pd.Series(lr.coef_.ravel(), index=data.columns)
    return coefficients["TRTMT"], np.exp(coefficients["TRTMT"])


# %% exercise="extract_treatment_effect" name="a_loop"
def extract_treatment_effect(lr, data):
    import math

    for place, name in enumerate(data):
        if name == "TRTMT":
            theta = float(lr.coef_[0, place])
            return [theta, math.exp(theta)]
    return [float("nan")] * 2


# %% exercise="extract_treatment_effect" name="difference_of_two_log_odds"
def extract_treatment_effect(lr, data):
    theta = np.asarray(lr.coef_)[0, np.flatnonzero(np.asarray(data.columns) == "TRTMT")[0]]
    return np.array([theta, np.e**theta])


# %% exercise="OR_to_ARR" name="through_the_odds_with_an_exception"
def OR_to_ARR(p, OR):
    def one(risk, ratio):
        if risk >= 1:
            return 0.0
        odds = ratio * risk / (1 - risk)
        return risk - odds / (1 + odds)

    if np.ndim(p) == 0 and np.ndim(OR) == 0:
        return one(p, OR)
    p, OR = np.broadcast_arrays(p, OR)
    return [one(float(risk), float(ratio)) for risk, ratio in zip(p, OR)]


# %% exercise="OR_to_ARR" name="through_logits"
def OR_to_ARR(p, OR):
    from scipy.special import expit, logit

    return p - expit(logit(np.asarray(p, dtype=float)) + np.log(OR))


# %% exercise="OR_to_ARR" name="factored"
def OR_to_ARR(p, OR):
    return p * (1 - p) * (1 - OR) / (1 - p * (1 - OR))


# %% exercise="base_risks" name="copy_then_set"
def base_risks(X, lr_model):
    untreated = X.copy()
    untreated["TRTMT"] = False
    return lr_model.predict_proba(untreated)[:, 1]


# %% exercise="base_risks" name="one_minus_no_event"
def base_risks(X, lr_model):
    untreated = X.copy(deep=True)
    untreated.loc[:, "TRTMT"] = np.zeros(len(X), dtype=untreated["TRTMT"].dtype)
    return 1 - lr_model.predict_proba(untreated)[:, 0]


# %% exercise="base_risks" name="patient_by_patient"
def base_risks(X, lr_model):
    risks = []
    for place in range(len(X)):
        patient = X.iloc[[place]].assign(TRTMT=0)
        risks.append(lr_model.predict_proba(patient)[0, 1])
    return risks


# %% exercise="lr_ARR_quantile" name="groupby_apply"
def lr_ARR_quantile(X, y, lr):
    table = X.copy()
    table["TRTMT"] = 0
    table = pd.DataFrame({"base": lr.predict_proba(table)[:, 1]}, index=X.index)
    table["arm"], table["fate"] = X["TRTMT"].astype(int), y.astype(float)
    groups = table.groupby(pd.cut(table["base"], 10).astype(str))

    def reduction(group):
        return group.loc[group["arm"] == 0, "fate"].mean() - group.loc[group["arm"] == 1, "fate"].mean()

    result = pd.Series({group["base"].mean(): reduction(group) for _, group in groups})
    return result.sort_index()


# %% exercise="lr_ARR_quantile" name="searchsorted_and_lists"
def lr_ARR_quantile(X, y, lr):
    risks = np.asarray(lr.predict_proba(X.assign(TRTMT=0))[:, 1])
    edges = np.linspace(risks.min(), risks.max(), 11)[1:-1]
    place = np.searchsorted(edges, risks, side="left")
    arm, fate = X["TRTMT"].to_numpy(dtype=int), np.asarray(y, dtype=float)
    index, values = [], []
    for k in range(10):
        here = place == k
        if not here.any():
            continue
        index.append(risks[here].mean())
        rates = [fate[here & (arm == a)] for a in (0, 1)]
        values.append(rates[0].mean() - rates[1].mean() if rates[0].size and rates[1].size else np.nan)
    return pd.Series(values, index=index, name="ARR")


# %% exercise="lr_ARR_quantile" name="pivot_table"
def lr_ARR_quantile(X, y, lr):
    frame = pd.DataFrame({"risk": lr.predict_proba(X.assign(TRTMT=0))[:, 1]})
    frame["bin"] = pd.cut(frame["risk"], bins=10, labels=False)
    frame["arm"] = X["TRTMT"].to_numpy().astype(int)
    frame["y"] = np.asarray(y).astype(float)
    rates = frame.pivot_table(index="bin", columns="arm", values="y", aggfunc="mean").reindex(columns=[0, 1])
    arr = rates[0] - rates[1]
    return pd.Series(arr.to_numpy(), index=frame.groupby("bin")["risk"].mean().to_numpy())


# %% exercise="treatment_dataset_split" name="boolean_masks"
def treatment_dataset_split(X_train, y_train, X_val, y_val):
    t, v = X_train["TRTMT"].astype(bool), X_val["TRTMT"].astype(bool)
    A, B = X_train.drop("TRTMT", axis=1), X_val.drop("TRTMT", axis=1)
    return A[t], y_train[t], B[v], y_val[v], A[~t], y_train[~t], B[~v], y_val[~v]


# %% exercise="treatment_dataset_split" name="by_position_in_a_list"
def treatment_dataset_split(X_train, y_train, X_val, y_val):
    out = []
    for arm in (1, 0):
        for X, y in ((X_train, y_train), (X_val, y_val)):
            places = [k for k, value in enumerate(X["TRTMT"]) if int(value) == arm]
            out.append(X.iloc[places, [k for k, name in enumerate(X.columns) if name != "TRTMT"]])
            out.append(y.iloc[places])
    return out


# %% exercise="treatment_dataset_split" name="query"
def treatment_dataset_split(X_train, y_train, X_val, y_val):
    def arm(X, y, treated):
        part = X.query("TRTMT == @treated")
        return part[[name for name in part if name != "TRTMT"]].copy(), y.loc[part.index]

    return (
        *arm(X_train, y_train, 1),
        *arm(X_val, y_val, 1),
        *arm(X_train, y_train, 0),
        *arm(X_val, y_val, 0),
    )


# %% exercise="holdout_grid_search" name="parameter_grid"
def holdout_grid_search(clf, X_train, y_train, X_val, y_val, hyperparams):
    from sklearn.model_selection import ParameterGrid

    results = []
    for params in ParameterGrid(hyperparams):
        model = clf(**params)
        model.fit(X_train, y_train)
        results.append((roc_auc_score(y_val, model.predict_proba(X_val)[:, 1]), len(results), model, params))
    best = max(results, key=lambda row: (row[0], row[1]))
    return best[2], dict(best[3])


# %% exercise="holdout_grid_search" name="set_params_and_refit"
def holdout_grid_search(clf, X_train, y_train, X_val, y_val, hyperparams):
    names = sorted(hyperparams)
    combos = list(itertools.product(*(hyperparams[name] for name in names)))
    scores = []
    for values in combos:
        model = clf().set_params(**dict(zip(names, values))).fit(X_train, y_train)
        scores.append(roc_auc_score(y_val, model.predict_proba(X_val)[:, 1]))
    params = dict(zip(names, combos[int(np.argmax(scores))]))
    return [clf(**params).fit(X_train, y_train), params]


# %% exercise="holdout_grid_search" name="concordance_counted_by_hand"
def holdout_grid_search(clf, X_train, y_train, X_val, y_val, hyperparams):
    def cindex(scores):
        sick, well = scores[np.asarray(y_val) == 1], scores[np.asarray(y_val) == 0]
        return ((sick[:, None] > well).sum() + 0.5 * (sick[:, None] == well).sum()) / (len(sick) * len(well))

    best_score, best_model, best_params = None, None, None
    for values in itertools.product(*hyperparams.values()):
        params = {name: value for name, value in zip(hyperparams, values)}
        model = clf(**params).fit(X_train, y_train)
        score = cindex(model.predict_proba(X_val)[:, 1])
        if best_score is None or score >= best_score:
            best_score, best_model, best_params = score, model, params
    return best_model, best_params


# %% exercise="TLearner" name="other_names_inside"
class TLearner:
    def __init__(self, treatment_estimator, control_estimator):
        self._pair = (control_estimator, treatment_estimator)

    def predict(self, X):
        untreated, treated = (model.predict_proba(X)[:, 1] for model in self._pair)
        return np.subtract(untreated, treated)


# %% exercise="TLearner" name="a_dataclass_by_hand_with_lists"
class TLearner:
    """Benefit of each patient as a list."""

    def __init__(self, treatment_estimator, control_estimator):
        self.t = treatment_estimator
        self.c = control_estimator

    def _risk(self, model, X):
        return [row[1] for row in model.predict_proba(X)]

    def predict(self, X):
        return [c - t for c, t in zip(self._risk(self.c, X), self._risk(self.t, X))]


# %% exercise="TLearner" name="chances_of_no_event_the_other_way"
class TLearner(object):
    def __init__(self, treatment_estimator, control_estimator):
        self.treatment_estimator = treatment_estimator
        self.control_estimator = control_estimator

    def predict(self, X):
        return pd.Series(
            self.treatment_estimator.predict_proba(X.copy())[:, 0]
            - self.control_estimator.predict_proba(X.copy())[:, 0],
            index=X.index,
        )


# %% exercise="SLearner" name="one_question_for_both_arms"
class SLearner:
    def __init__(self, estimator):
        self.model = estimator

    def predict(self, X):
        both = pd.concat([X.assign(TRTMT=0), X.assign(TRTMT=1)])
        risks = self.model.predict_proba(both)[:, 1]
        return risks[: len(X)] - risks[len(X) :]


# %% exercise="SLearner" name="copies_and_a_helper"
class SLearner:
    def __init__(self, estimator):
        self.estimator = estimator

    def _risk_if(self, X, arm):
        changed = X.copy()
        changed["TRTMT"] = arm
        return self.estimator.predict_proba(changed)[:, 1]

    def predict(self, X):
        return self._risk_if(X, False) - self._risk_if(X, True)


# %% exercise="SLearner" name="patient_by_patient"
class SLearner:
    def __init__(self, estimator):
        self.estimator = estimator

    def predict(self, X):
        gains = []
        for place in range(len(X)):
            row = X.iloc[place : place + 1]
            risk = {arm: self.estimator.predict_proba(row.assign(TRTMT=arm))[0][1] for arm in (0, 1)}
            gains.append(risk[0] - risk[1])
        return np.array(gains)


# %% exercise="c_for_benefit_score" name="arrays"
def c_for_benefit_score(pairs):
    if not len(pairs):
        return float("nan")
    values = np.array(pairs, dtype=float)  # (n, control or treated, pred or y)
    observed = values[:, 0, 1] - values[:, 1, 1]
    predicted = values[:, :, 0].mean(axis=1)
    upper = np.triu_indices(len(values), 1)
    by_observed = np.subtract.outer(observed, observed)[upper]
    by_predicted = np.subtract.outer(predicted, predicted)[upper]
    may = by_observed != 0
    if not may.any():
        return float("nan")
    sign = np.sign(by_observed[may]) * np.sign(by_predicted[may])
    return float(((sign + 1) / 2).mean())


# %% exercise="c_for_benefit_score" name="double_loop_over_all_orders"
def c_for_benefit_score(pairs):
    rows = [((c[0] + t[0]) / 2, c[1] - t[1]) for c, t in pairs]
    concordant = ties = permissible = 0
    for pred_a, obs_a in rows:
        for pred_b, obs_b in rows:
            if obs_a > obs_b:
                permissible += 1
                if pred_a > pred_b:
                    concordant += 1
                elif pred_a == pred_b:
                    ties += 1
    try:
        return (concordant + 0.5 * ties) / permissible
    except ZeroDivisionError:
        return float("nan")


# %% exercise="c_for_benefit_score" name="sum_instead_of_mean_of_two"
def c_for_benefit_score(pairs):
    observed = [int(control[1]) - int(treated[1]) for control, treated in pairs]
    promised = [control[0] + treated[0] for control, treated in pairs]  # twice the mean: the same order
    good, total = 0, 0
    for a, b in itertools.combinations(range(len(pairs)), 2):
        if observed[a] < observed[b]:
            a, b = b, a
        if observed[a] > observed[b]:
            total += 2
            good += 2 if promised[a] > promised[b] else 1 if promised[a] == promised[b] else 0
    return np.float32(good / total) if total else np.float32("nan")


# %% exercise="c_statistic" name="random_state_of_old"
def c_statistic(pred_rr, y, w, random_seed=0):
    frame = pd.DataFrame({"pred": np.asarray(pred_rr), "y": np.asarray(y, int), "w": np.asarray(w, int)})
    size = min((frame["w"] == 0).sum(), (frame["w"] == 1).sum())
    arms = [frame[frame["w"] == arm].sample(n=size, random_state=random_seed).sort_values("pred") for arm in (0, 1)]
    predicted = (arms[0]["pred"].to_numpy() + arms[1]["pred"].to_numpy()) / 2
    observed = arms[0]["y"].to_numpy() - arms[1]["y"].to_numpy()
    may = np.not_equal.outer(observed, observed)
    agree = np.sign(np.subtract.outer(observed, observed)) * np.sign(np.subtract.outer(predicted, predicted))
    return ((agree[may] + 1) / 2).mean() if may.any() else np.nan


# %% exercise="c_statistic" name="python_s_own_random"
def c_statistic(pred_rr, y, w, random_seed=0):
    import random

    lot = random.Random(random_seed)
    control, treated = [], []
    for promise, fate, arm in zip(list(pred_rr), list(y), list(w)):
        (treated if arm == 1 else control).append((float(promise), int(fate)))
    size = min(len(control), len(treated))
    control, treated = (rows if len(rows) == size else lot.sample(rows, size) for rows in (control, treated))
    pairs = list(zip(sorted(control), sorted(treated)))
    good, total = 0.0, 0
    for first, second in itertools.combinations(pairs, 2):
        seen = [c[1] - t[1] for c, t in (first, second)]
        told = [c[0] + t[0] for c, t in (first, second)]
        if seen[0] != seen[1]:
            total += 1
            good += 0.5 if told[0] == told[1] else float((told[0] < told[1]) == (seen[0] < seen[1]))
    return good / total if total else float("nan")


# %% exercise="c_statistic" name="permutation_and_largest_first"
def c_statistic(pred_rr, y, w, random_seed=0):
    pred_rr, y, w = (np.array(values, dtype=float) for values in (pred_rr, y, w))
    rng = np.random.RandomState(random_seed)
    control, treated = np.where(w == 0)[0], np.where(w == 1)[0]
    size = min(control.size, treated.size)
    control = rng.permutation(control)[:size] if control.size > size else control
    treated = rng.permutation(treated)[:size] if treated.size > size else treated
    control = control[np.argsort(-pred_rr[control])]
    treated = treated[np.argsort(-pred_rr[treated])]
    observed, predicted = y[control] - y[treated], pred_rr[control] + pred_rr[treated]
    good = total = 0.0
    for low, high in ((-1, 0), (-1, 1), (0, 1)):
        for a in predicted[observed == low]:
            for b in predicted[observed == high]:
                total += 1
                good += 1 if b > a else 0.5 if b == a else 0
    return good / total if total else np.nan
