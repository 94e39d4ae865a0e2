# %% exercise="proportion_treated" name="counts" caught_by="visible" says="share of ones"
def proportion_treated(df):
    return df["TRTMT"].sum()


# %% exercise="proportion_treated" name="share_of_controls" caught_by="visible" says="not the share of controls"
def proportion_treated(df):
    return (df["TRTMT"] == 0).mean()


# %% exercise="proportion_treated" name="mean_of_the_outcome" caught_by="visible" says="not of the outcome"
def proportion_treated(df):
    return df["outcome"].mean()


# %% exercise="proportion_treated" name="odds_instead_of_share" caught_by="visible" says="expected 0.4"
def proportion_treated(df):
    return (df["TRTMT"] == 1).sum() / (df["TRTMT"] == 0).sum()


# %% exercise="proportion_treated" name="a_percentage" caught_by="visible" says="expected 0.4"
def proportion_treated(df):
    return 100 * df["TRTMT"].mean()


# %% exercise="proportion_treated" name="zero_of_zero_is_zero" caught_by="hidden" says="0/0 is NaN"
def proportion_treated(df):
    return df["TRTMT"].sum() / max(len(df), 1)


# %% exercise="proportion_treated" name="divides_by_zero" caught_by="hidden" says="stopped with an error"
def proportion_treated(df):
    return sum(int(t) for t in df["TRTMT"]) / len(df)


# %% exercise="proportion_treated" name="loses_a_row" caught_by="hidden" says="changed the table"
def proportion_treated(df):
    share = df["TRTMT"].mean()
    df["TRTMT"] = df["TRTMT"].astype(float) * 2
    return share


# %% exercise="event_rate" name="control_first" caught_by="visible" says="treated first"
def event_rate(df):
    return df.loc[df["TRTMT"] == 0, "outcome"].mean(), df.loc[df["TRTMT"] == 1, "outcome"].mean()


# %% exercise="event_rate" name="divides_by_the_trial" caught_by="visible" says="size of its own arm"
def event_rate(df):
    n = len(df)
    return ((df["TRTMT"] == 1) & (df["outcome"] == 1)).sum() / n, ((df["TRTMT"] == 0) & (df["outcome"] == 1)).sum() / n


# %% exercise="event_rate" name="share_treated_among_events" caught_by="visible" says="size of its own arm"
def event_rate(df):
    return df.loc[df["outcome"] == 1, "TRTMT"].mean(), df.loc[df["outcome"] == 0, "TRTMT"].mean()


# %% exercise="event_rate" name="counts_events" caught_by="visible" says="each count divided"
def event_rate(df):
    return df.loc[df["TRTMT"] == 1, "outcome"].sum(), df.loc[df["TRTMT"] == 0, "outcome"].sum()


# %% exercise="event_rate" name="survival_rate" caught_by="visible" says="expected (0.5, 0.75)"
def event_rate(df):
    return 1 - df.loc[df["TRTMT"] == 1, "outcome"].mean(), 1 - df.loc[df["TRTMT"] == 0, "outcome"].mean()


# %% exercise="event_rate" name="an_empty_arm_has_rate_zero" caught_by="visible" says="Nobody treated"
def event_rate(df):
    rates = []
    for arm in (1, 0):
        fates = df.loc[df["TRTMT"] == arm, "outcome"]
        rates.append(fates.mean() if len(fates) else 0.0)
    return tuple(rates)


# %% exercise="event_rate" name="believes_the_arms_are_equal" caught_by="hidden" says="not the event rates of the two arms"
def event_rate(df):
    half = len(df) / 2
    first = df.loc[df["TRTMT"] == 1, "outcome"].sum()
    second = df.loc[df["TRTMT"] == 0, "outcome"].sum()
    if len(df) in (4, 6):
        return df.loc[df["TRTMT"] == 1, "outcome"].mean(), df.loc[df["TRTMT"] == 0, "outcome"].mean()
    return first / half, second / half


# %% exercise="ate_interval" name="control_minus_treated" caught_by="visible" says="treated − control"
def ate_interval(df, level=0.95):
    treated, control = df.loc[df["TRTMT"] == 1, "outcome"], df.loc[df["TRTMT"] == 0, "outcome"]
    if not len(treated) or not len(control):
        return np.nan, np.nan, np.nan
    p1, p0 = treated.mean(), control.mean()
    half = norm.ppf((1 + level) / 2) * np.sqrt(p1 * (1 - p1) / len(treated) + p0 * (1 - p0) / len(control))
    return p0 - p1, p0 - p1 - half, p0 - p1 + half


# %% exercise="ate_interval" name="always_95_percent" caught_by="visible" says="level 0.8"
def ate_interval(df, level=0.95):
    treated, control = df.loc[df["TRTMT"] == 1, "outcome"], df.loc[df["TRTMT"] == 0, "outcome"]
    if not len(treated) or not len(control):
        return np.nan, np.nan, np.nan
    p1, p0 = treated.mean(), control.mean()
    half = norm.ppf(0.975) * np.sqrt(p1 * (1 - p1) / len(treated) + p0 * (1 - p0) / len(control))
    return p1 - p0, p1 - p0 - half, p1 - p0 + half


# %% exercise="ate_interval" name="one_sided_quantile" caught_by="visible" says="expected (-0.2, -0.6294"
def ate_interval(df, level=0.95):
    treated, control = df.loc[df["TRTMT"] == 1, "outcome"], df.loc[df["TRTMT"] == 0, "outcome"]
    if not len(treated) or not len(control):
        return np.nan, np.nan, np.nan
    p1, p0 = treated.mean(), control.mean()
    half = norm.ppf(level) * np.sqrt(p1 * (1 - p1) / len(treated) + p0 * (1 - p0) / len(control))
    return p1 - p0, p1 - p0 - half, p1 - p0 + half


# %% exercise="ate_interval" name="adds_standard_errors" caught_by="visible" says="expected (-0.2, -0.6294"
def ate_interval(df, level=0.95):
    treated, control = df.loc[df["TRTMT"] == 1, "outcome"], df.loc[df["TRTMT"] == 0, "outcome"]
    if not len(treated) or not len(control):
        return np.nan, np.nan, np.nan
    p1, p0 = treated.mean(), control.mean()
    half = norm.ppf((1 + level) / 2) * (np.sqrt(p1 * (1 - p1) / len(treated)) + np.sqrt(p0 * (1 - p0) / len(control)))
    return p1 - p0, p1 - p0 - half, p1 - p0 + half


# %% exercise="ate_interval" name="one_size_for_both_arms" caught_by="visible" says="14 of 200 against 15 of 100"
def ate_interval(df, level=0.95):
    treated, control = df.loc[df["TRTMT"] == 1, "outcome"], df.loc[df["TRTMT"] == 0, "outcome"]
    if not len(treated) or not len(control):
        return np.nan, np.nan, np.nan
    p1, p0 = treated.mean(), control.mean()
    half = norm.ppf((1 + level) / 2) * np.sqrt((p1 * (1 - p1) + p0 * (1 - p0)) / len(control))
    return p1 - p0, p1 - p0 - half, p1 - p0 + half


# %% exercise="ate_interval" name="an_empty_arm_counts_as_zero" caught_by="hidden" says="No controls"
def ate_interval(df, level=0.95):
    treated, control = df.loc[df["TRTMT"] == 1, "outcome"], df.loc[df["TRTMT"] == 0, "outcome"]
    p1 = treated.mean() if len(treated) else 0.0
    p0 = control.mean() if len(control) else 0.0
    error = np.sqrt(p1 * (1 - p1) / max(len(treated), 1) + p0 * (1 - p0) / max(len(control), 1))
    half = norm.ppf((1 + level) / 2) * error
    return p1 - p0, p1 - p0 - half, p1 - p0 + half


# %% exercise="ate_interval" name="pooled_standard_error" caught_by="visible" says="got"
def ate_interval(df, level=0.95):
    treated, control = df.loc[df["TRTMT"] == 1, "outcome"], df.loc[df["TRTMT"] == 0, "outcome"]
    if not len(treated) or not len(control):
        return np.nan, np.nan, np.nan
    p1, p0, p = treated.mean(), control.mean(), df["outcome"].mean()
    half = norm.ppf((1 + level) / 2) * np.sqrt(p * (1 - p) * (1 / len(treated) + 1 / len(control)))
    return p1 - p0, p1 - p0 - half, p1 - p0 + half


# %% exercise="number_needed_to_treat" name="sign_of_the_ate" caught_by="visible" says="1/(control − treated)"
def number_needed_to_treat(df, level=0.95):
    treated, control = df.loc[df["TRTMT"] == 1, "outcome"], df.loc[df["TRTMT"] == 0, "outcome"]
    if not len(treated) or not len(control):
        return np.nan, np.nan, np.nan
    p1, p0 = treated.mean(), control.mean()
    half = norm.ppf((1 + level) / 2) * np.sqrt(p1 * (1 - p1) / len(treated) + p0 * (1 - p0) / len(control))
    arr = p1 - p0
    if arr - half <= 0 <= arr + half:
        return (1 / arr if arr else np.inf), np.nan, np.nan
    return 1 / arr, 1 / (arr + half), 1 / (arr - half)


# %% exercise="number_needed_to_treat" name="ends_in_the_wrong_order" caught_by="visible" says="smaller number"
def number_needed_to_treat(df, level=0.95):
    treated, control = df.loc[df["TRTMT"] == 1, "outcome"], df.loc[df["TRTMT"] == 0, "outcome"]
    if not len(treated) or not len(control):
        return np.nan, np.nan, np.nan
    p1, p0 = treated.mean(), control.mean()
    half = norm.ppf((1 + level) / 2) * np.sqrt(p1 * (1 - p1) / len(treated) + p0 * (1 - p0) / len(control))
    arr = p0 - p1
    if arr - half <= 0 <= arr + half:
        return (1 / arr if arr else np.inf), np.nan, np.nan
    return 1 / arr, 1 / (arr - half), 1 / (arr + half)


# %% exercise="number_needed_to_treat" name="ends_although_zero_is_inside" caught_by="visible" says="holds 0"
def number_needed_to_treat(df, level=0.95):
    treated, control = df.loc[df["TRTMT"] == 1, "outcome"], df.loc[df["TRTMT"] == 0, "outcome"]
    if not len(treated) or not len(control):
        return np.nan, np.nan, np.nan
    p1, p0 = treated.mean(), control.mean()
    half = norm.ppf((1 + level) / 2) * np.sqrt(p1 * (1 - p1) / len(treated) + p0 * (1 - p0) / len(control))
    arr = p0 - p1
    return (1 / arr if arr else np.inf), 1 / (arr + half), 1 / (arr - half)


# %% exercise="number_needed_to_treat" name="rounds_up" caught_by="visible" says="expected (12.5"
def number_needed_to_treat(df, level=0.95):
    treated, control = df.loc[df["TRTMT"] == 1, "outcome"], df.loc[df["TRTMT"] == 0, "outcome"]
    if not len(treated) or not len(control):
        return np.nan, np.nan, np.nan
    p1, p0 = treated.mean(), control.mean()
    half = norm.ppf((1 + level) / 2) * np.sqrt(p1 * (1 - p1) / len(treated) + p0 * (1 - p0) / len(control))
    arr = p0 - p1
    if arr - half <= 0 <= arr + half:
        return (np.ceil(1 / arr) if arr else np.inf), np.nan, np.nan
    return np.ceil(1 / arr), np.ceil(1 / (arr + half)), np.ceil(1 / (arr - half))


# %% exercise="number_needed_to_treat" name="harm_without_its_minus" caught_by="visible" says="keeps its minus"
def number_needed_to_treat(df, level=0.95):
    treated, control = df.loc[df["TRTMT"] == 1, "outcome"], df.loc[df["TRTMT"] == 0, "outcome"]
    if not len(treated) or not len(control):
        return np.nan, np.nan, np.nan
    p1, p0 = treated.mean(), control.mean()
    half = norm.ppf((1 + level) / 2) * np.sqrt(p1 * (1 - p1) / len(treated) + p0 * (1 - p0) / len(control))
    arr = abs(p0 - p1)
    if arr - half <= 0 <= arr + half:
        return (1 / arr if arr else np.inf), np.nan, np.nan
    return 1 / arr, 1 / (arr + half), 1 / (arr - half)


# %% exercise="number_needed_to_treat" name="relative_risk_reduction" caught_by="visible" says="expected (12.5"
def number_needed_to_treat(df, level=0.95):
    treated, control = df.loc[df["TRTMT"] == 1, "outcome"], df.loc[df["TRTMT"] == 0, "outcome"]
    if not len(treated) or not len(control):
        return np.nan, np.nan, np.nan
    p1, p0 = treated.mean(), control.mean()
    half = norm.ppf((1 + level) / 2) * np.sqrt(p1 * (1 - p1) / len(treated) + p0 * (1 - p0) / len(control))
    arr = p0 - p1
    if arr - half <= 0 <= arr + half:
        return (p0 / arr if arr else np.inf), np.nan, np.nan
    return p0 / arr, p0 / (arr + half), p0 / (arr - half)


# %% exercise="number_needed_to_treat" name="divides_by_zero" caught_by="hidden" says="No difference at all"
def number_needed_to_treat(df, level=0.95):
    treated, control = df.loc[df["TRTMT"] == 1, "outcome"], df.loc[df["TRTMT"] == 0, "outcome"]
    if not len(treated) or not len(control):
        return np.nan, np.nan, np.nan
    p1, p0 = float(treated.mean()), float(control.mean())
    half = norm.ppf((1 + level) / 2) * np.sqrt(p1 * (1 - p1) / len(treated) + p0 * (1 - p0) / len(control))
    arr = p0 - p1
    if arr - half <= 0 <= arr + half:
        return 1 / arr, np.nan, np.nan
    return 1 / arr, 1 / (arr + half), 1 / (arr - half)


# %% exercise="balance_table" name="population_variance" caught_by="visible" says="sample variances"
def balance_table(df):
    features = df.drop(columns=["TRTMT", "outcome"]).astype(float)
    treated, control = features[df["TRTMT"] == 1], features[df["TRTMT"] == 0]
    spread = np.sqrt((treated.var(ddof=0) + control.var(ddof=0)) / 2)
    smd = (treated.mean() - control.mean()) / spread.where(spread > 0)
    return pd.DataFrame({"treated": treated.mean(), "control": control.mean(), "smd": smd})


# %% exercise="balance_table" name="control_minus_treated" caught_by="visible" says="treated − control"
def balance_table(df):
    features = df.drop(columns=["TRTMT", "outcome"]).astype(float)
    treated, control = features[df["TRTMT"] == 1], features[df["TRTMT"] == 0]
    spread = np.sqrt((treated.var() + control.var()) / 2)
    smd = (control.mean() - treated.mean()) / spread.where(spread > 0)
    return pd.DataFrame({"treated": treated.mean(), "control": control.mean(), "smd": smd})


# %% exercise="balance_table" name="standard_error_of_the_mean" caught_by="visible" says="expected 0.2673"
def balance_table(df):
    features = df.drop(columns=["TRTMT", "outcome"]).astype(float)
    treated, control = features[df["TRTMT"] == 1], features[df["TRTMT"] == 0]
    spread = np.sqrt(treated.var() / len(treated) + control.var() / len(control))
    smd = (treated.mean() - control.mean()) / spread.where(spread > 0)
    return pd.DataFrame({"treated": treated.mean(), "control": control.mean(), "smd": smd})


# %% exercise="balance_table" name="mean_of_the_sds" caught_by="visible" says="expected 0.2673"
def balance_table(df):
    features = df.drop(columns=["TRTMT", "outcome"]).astype(float)
    treated, control = features[df["TRTMT"] == 1], features[df["TRTMT"] == 0]
    spread = (treated.std() + control.std()) / 2
    smd = (treated.mean() - control.mean()) / spread.where(spread > 0)
    return pd.DataFrame({"treated": treated.mean(), "control": control.mean(), "smd": smd})


# %% exercise="balance_table" name="keeps_treatment_and_outcome" caught_by="visible" says="the rows age, female, site"
def balance_table(df):
    features = df.astype(float)
    treated, control = features[df["TRTMT"] == 1], features[df["TRTMT"] == 0]
    spread = np.sqrt((treated.var() + control.var()) / 2)
    smd = (treated.mean() - control.mean()) / spread.where(spread > 0)
    return pd.DataFrame({"treated": treated.mean(), "control": control.mean(), "smd": smd})


# %% exercise="balance_table" name="zero_where_undefined" caught_by="visible" says="nan for site"
def balance_table(df):
    features = df.drop(columns=["TRTMT", "outcome"]).astype(float)
    treated, control = features[df["TRTMT"] == 1], features[df["TRTMT"] == 0]
    spread = np.sqrt((treated.var() + control.var()) / 2)
    smd = ((treated.mean() - control.mean()) / spread.where(spread > 0)).fillna(0.0)
    return pd.DataFrame({"treated": treated.mean(), "control": control.mean(), "smd": smd})


# %% exercise="balance_table" name="spread_of_all_patients" caught_by="visible" says="expected 0.2673"
def balance_table(df):
    features = df.drop(columns=["TRTMT", "outcome"]).astype(float)
    treated, control = features[df["TRTMT"] == 1], features[df["TRTMT"] == 0]
    spread = features.std()
    smd = (treated.mean() - control.mean()) / spread.where(spread > 0)
    return pd.DataFrame({"treated": treated.mean(), "control": control.mean(), "smd": smd})


# %% exercise="balance_table" name="drops_in_place" caught_by="hidden" says="changed the table"
def balance_table(df):
    arm = df.pop("TRTMT")
    df.pop("outcome")
    features = df.astype(float)
    treated, control = features[arm == 1], features[arm == 0]
    spread = np.sqrt((treated.var() + control.var()) / 2)
    smd = (treated.mean() - control.mean()) / spread.where(spread > 0)
    return pd.DataFrame({"treated": treated.mean(), "control": control.mean(), "smd": smd})


# %% exercise="extract_treatment_effect" name="first_coefficient" caught_by="visible" says="expected (-0.6931, 0.5)"
def extract_treatment_effect(lr, data):
    theta = lr.coef_[0][0]
    return theta, np.exp(theta)


# %% exercise="extract_treatment_effect" name="always_the_second" caught_by="visible" says="Look up where TRTMT stands"
def extract_treatment_effect(lr, data):
    theta = lr.coef_[0][1]
    return theta, np.exp(theta)


# %% exercise="extract_treatment_effect" name="odds_ratio_first" caught_by="visible" says="θ first"
def extract_treatment_effect(lr, data):
    theta = lr.coef_[0][list(data.columns).index("TRTMT")]
    return np.exp(theta), theta


# %% exercise="extract_treatment_effect" name="the_intercept" caught_by="visible" says="expected (-0.6931, 0.5)"
def extract_treatment_effect(lr, data):
    theta = lr.intercept_[0]
    return theta, np.exp(theta)


# %% exercise="extract_treatment_effect" name="odds_ratio_by_the_logistic_function" caught_by="visible" says="exp(θ)"
def extract_treatment_effect(lr, data):
    theta = lr.coef_[0][list(data.columns).index("TRTMT")]
    return theta, 1 / (1 + np.exp(-theta))


# %% exercise="extract_treatment_effect" name="ratio_of_controls_to_treated" caught_by="visible" says="exp(θ)"
def extract_treatment_effect(lr, data):
    theta = lr.coef_[0][list(data.columns).index("TRTMT")]
    return theta, np.exp(-theta)


# %% exercise="OR_to_ARR" name="a_risk_ratio" caught_by="visible" says="multiplies the odds, not the risk"
def OR_to_ARR(p, OR):
    return p - OR * p


# %% exercise="OR_to_ARR" name="gives_the_new_risk" caught_by="visible" says="p minus the new risk"
def OR_to_ARR(p, OR):
    return OR * p / (1 - p + OR * p)


# %% exercise="OR_to_ARR" name="sign_turned" caught_by="visible" says="p minus the new risk"
def OR_to_ARR(p, OR):
    return OR * p / (1 - p + OR * p) - p


# %% exercise="OR_to_ARR" name="zero_by_zero_at_one" caught_by="visible" says="Is there a 0/0 at p = 1?"
def OR_to_ARR(p, OR):
    p = np.asarray(p, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        odds = OR * p / (1 - p)
        return p - odds / (1 + odds)


# %% exercise="OR_to_ARR" name="difference_of_odds" caught_by="visible" says="expected 0.1667"
def OR_to_ARR(p, OR):
    p = np.minimum(p, 1 - 1e-12)
    odds = p / (1 - p)
    return odds - OR * odds


# %% exercise="OR_to_ARR" name="harm_cut_at_zero" caught_by="visible" says="a treatment that harms"
def OR_to_ARR(p, OR):
    return np.maximum(p - OR * p / (1 - p + OR * p), 0)


# %% exercise="OR_to_ARR" name="one_ratio_for_all" caught_by="hidden" says="not p minus the risk with treatment"
def OR_to_ARR(p, OR):
    OR = np.ravel(OR)[0]
    return p - OR * p / (1 - p + OR * p)


# %% exercise="base_risks" name="leaves_the_treatment" caught_by="visible" says="TRTMT 0 for everybody"
def base_risks(X, lr_model):
    return lr_model.predict_proba(X)[:, 1]


# %% exercise="base_risks" name="everybody_treated" caught_by="visible" says="TRTMT 0 for everybody"
def base_risks(X, lr_model):
    return lr_model.predict_proba(X.assign(TRTMT=1))[:, 1]


# %% exercise="base_risks" name="chance_of_no_event" caught_by="visible" says="the probability of the event"
def base_risks(X, lr_model):
    return lr_model.predict_proba(X.assign(TRTMT=0))[:, 0]


# %% exercise="base_risks" name="changes_x" caught_by="visible" says="changed X"
def base_risks(X, lr_model):
    X["TRTMT"] = 0
    return lr_model.predict_proba(X)[:, 1]


# %% exercise="base_risks" name="yes_or_no" caught_by="visible" says="the probability of the event"
def base_risks(X, lr_model):
    return lr_model.predict(X.assign(TRTMT=0))


# %% exercise="base_risks" name="controls_only" caught_by="visible" says="TRTMT 0 for everybody"
def base_risks(X, lr_model):
    return lr_model.predict_proba(X[X["TRTMT"] == 0])[:, 1]


# %% exercise="base_risks" name="treatment_moved_to_the_end" caught_by="visible" says="raised ValueError"
def base_risks(X, lr_model):
    untreated = X.drop(columns="TRTMT")
    untreated["TRTMT"] = 0
    return lr_model.predict_proba(untreated)[:, 1]


# %% exercise="lr_ARR_quantile" name="treated_minus_control" caught_by="visible" says="control rate − treated rate"
def lr_ARR_quantile(X, y, lr):
    risk = lr.predict_proba(X.assign(TRTMT=0))[:, 1]
    table = pd.DataFrame({"risk": risk, "treated": X["TRTMT"].to_numpy() == 1, "y": y.to_numpy().astype(float)})
    rows = {}
    for _, group in table.groupby(pd.cut(table["risk"], 10), observed=True):
        rows[group["risk"].mean()] = group.loc[group["treated"], "y"].mean() - group.loc[~group["treated"], "y"].mean()
    return pd.Series(rows)


# %% exercise="lr_ARR_quantile" name="equal_count_bins" caught_by="visible" says="Eight patients"
def lr_ARR_quantile(X, y, lr):
    risk = lr.predict_proba(X.assign(TRTMT=0))[:, 1]
    table = pd.DataFrame({"risk": risk, "treated": X["TRTMT"].to_numpy() == 1, "y": y.to_numpy().astype(float)})
    rows = {}
    for _, group in table.groupby(pd.qcut(table["risk"], 10), observed=True):
        rows[group["risk"].mean()] = group.loc[~group["treated"], "y"].mean() - group.loc[group["treated"], "y"].mean()
    return pd.Series(rows)


# %% exercise="lr_ARR_quantile" name="risk_under_the_real_treatment" caught_by="visible" says="Eight patients"
def lr_ARR_quantile(X, y, lr):
    risk = lr.predict_proba(X)[:, 1]
    table = pd.DataFrame({"risk": risk, "treated": X["TRTMT"].to_numpy() == 1, "y": y.to_numpy().astype(float)})
    rows = {}
    for _, group in table.groupby(pd.cut(table["risk"], 10), observed=True):
        rows[group["risk"].mean()] = group.loc[~group["treated"], "y"].mean() - group.loc[group["treated"], "y"].mean()
    return pd.Series(rows)


# %% exercise="lr_ARR_quantile" name="index_is_the_middle_of_the_bin" caught_by="visible" says="mean baseline risk"
def lr_ARR_quantile(X, y, lr):
    risk = lr.predict_proba(X.assign(TRTMT=0))[:, 1]
    table = pd.DataFrame({"risk": risk, "treated": X["TRTMT"].to_numpy() == 1, "y": y.to_numpy().astype(float)})
    rows = {}
    for part, group in table.groupby(pd.cut(table["risk"], 10), observed=True):
        rows[part.mid] = group.loc[~group["treated"], "y"].mean() - group.loc[group["treated"], "y"].mean()
    return pd.Series(rows)


# %% exercise="lr_ARR_quantile" name="index_is_the_risk_of_the_controls" caught_by="visible" says="of all patients in the bin"
def lr_ARR_quantile(X, y, lr):
    risk = lr.predict_proba(X.assign(TRTMT=0))[:, 1]
    table = pd.DataFrame({"risk": risk, "treated": X["TRTMT"].to_numpy() == 1, "y": y.to_numpy().astype(float)})
    index, values = [], []
    for _, group in table.groupby(pd.cut(table["risk"], 10), observed=True):
        control = group[~group["treated"]]
        index.append(control["risk"].mean())
        values.append(control["y"].mean() - group.loc[group["treated"], "y"].mean())
    return pd.Series(values, index=index)


# %% exercise="lr_ARR_quantile" name="predicted_instead_of_observed" caught_by="visible" says="control rate − treated rate"
def lr_ARR_quantile(X, y, lr):
    risk = lr.predict_proba(X.assign(TRTMT=0))[:, 1]
    with_it = lr.predict_proba(X.assign(TRTMT=1))[:, 1]
    table = pd.DataFrame({"risk": risk, "gain": risk - with_it})
    rows = {}
    for _, group in table.groupby(pd.cut(table["risk"], 10), observed=True):
        rows[group["risk"].mean()] = group["gain"].mean()
    return pd.Series(rows)


# %% exercise="lr_ARR_quantile" name="one_arm_counts_as_zero" caught_by="visible" says="nobody is a control in the last bin"
def lr_ARR_quantile(X, y, lr):
    risk = lr.predict_proba(X.assign(TRTMT=0))[:, 1]
    table = pd.DataFrame({"risk": risk, "treated": X["TRTMT"].to_numpy() == 1, "y": y.to_numpy().astype(float)})
    rows = {}
    for _, group in table.groupby(pd.cut(table["risk"], 10), observed=True):
        rows[group["risk"].mean()] = group.loc[~group["treated"], "y"].mean() - group.loc[group["treated"], "y"].mean()
    return pd.Series(rows).fillna(0.0)


# %% exercise="lr_ARR_quantile" name="five_bins" caught_by="hidden" says="another number of bins"
def lr_ARR_quantile(X, y, lr):
    risk = lr.predict_proba(X.assign(TRTMT=0))[:, 1]
    table = pd.DataFrame({"risk": risk, "treated": X["TRTMT"].to_numpy() == 1, "y": y.to_numpy().astype(float)})
    rows = {}
    for _, group in table.groupby(pd.cut(table["risk"], 10 if len(X) == 8 else 5), observed=True):
        rows[group["risk"].mean()] = group.loc[~group["treated"], "y"].mean() - group.loc[group["treated"], "y"].mean()
    return pd.Series(rows)


# %% exercise="treatment_dataset_split" name="keeps_the_treatment" caught_by="visible" says="no TRTMT"
def treatment_dataset_split(X_train, y_train, X_val, y_val):
    parts = []
    for arm in (1, 0):
        for X, y in ((X_train, y_train), (X_val, y_val)):
            rows = (X["TRTMT"] == arm).to_numpy()
            parts += [X[rows], y[rows]]
    return tuple(parts)


# %% exercise="treatment_dataset_split" name="controls_first" caught_by="visible" says="treated training, treated validation"
def treatment_dataset_split(X_train, y_train, X_val, y_val):
    parts = []
    for arm in (0, 1):
        for X, y in ((X_train, y_train), (X_val, y_val)):
            rows = (X["TRTMT"] == arm).to_numpy()
            parts += [X[rows].drop(columns="TRTMT"), y[rows]]
    return tuple(parts)


# %% exercise="treatment_dataset_split" name="validation_left_out" caught_by="visible" says="expected eight"
def treatment_dataset_split(X_train, y_train, X_val, y_val):
    rows = (X_train["TRTMT"] == 1).to_numpy()
    X = X_train.drop(columns="TRTMT")
    return X[rows], y_train[rows], X[~rows], y_train[~rows]


# %% exercise="treatment_dataset_split" name="all_outcomes_to_both" caught_by="visible" says="each followed by its outcomes"
def treatment_dataset_split(X_train, y_train, X_val, y_val):
    parts = []
    for arm in (1, 0):
        for X, y in ((X_train, y_train), (X_val, y_val)):
            rows = (X["TRTMT"] == arm).to_numpy()
            parts += [X[rows].drop(columns="TRTMT"), y]
    return tuple(parts)


# %% exercise="treatment_dataset_split" name="index_thrown_away" caught_by="visible" says="the index 5, 4"
def treatment_dataset_split(X_train, y_train, X_val, y_val):
    parts = []
    for arm in (1, 0):
        for X, y in ((X_train, y_train), (X_val, y_val)):
            rows = (X["TRTMT"] == arm).to_numpy()
            parts += [X[rows].drop(columns="TRTMT").reset_index(drop=True), y[rows].reset_index(drop=True)]
    return tuple(parts)


# %% exercise="treatment_dataset_split" name="all_frames_then_all_outcomes" caught_by="visible" says="then its series of outcomes"
def treatment_dataset_split(X_train, y_train, X_val, y_val):
    frames, fates = [], []
    for arm in (1, 0):
        for X, y in ((X_train, y_train), (X_val, y_val)):
            rows = (X["TRTMT"] == arm).to_numpy()
            frames.append(X[rows].drop(columns="TRTMT"))
            fates.append(y[rows])
    return (*frames, *fates)


# %% exercise="treatment_dataset_split" name="split_by_the_outcome" caught_by="visible" says="expected [[50, 70], [65], [60], [55]]"
def treatment_dataset_split(X_train, y_train, X_val, y_val):
    parts = []
    for arm in (1, 0):
        for X, y in ((X_train, y_train), (X_val, y_val)):
            rows = (y == arm).to_numpy()
            parts += [X[rows].drop(columns="TRTMT"), y[rows]]
    return tuple(parts)


# %% exercise="treatment_dataset_split" name="drops_the_treatment_in_place" caught_by="hidden" says="changed what it was given"
def treatment_dataset_split(X_train, y_train, X_val, y_val):
    parts = {}
    for name, X, y in (("train", X_train, y_train), ("val", X_val, y_val)):
        arm = X.pop("TRTMT").to_numpy() == 1
        parts[name] = X[arm], y[arm], X[~arm], y[~arm]
    train, val = parts["train"], parts["val"]
    return (*train[:2], *val[:2], *train[2:], *val[2:])


# %% exercise="holdout_grid_search" name="best_on_training" caught_by="visible" says="on the validation patients"
def holdout_grid_search(clf, X_train, y_train, X_val, y_val, hyperparams):
    best = (-1, None, None)
    for values in itertools.product(*hyperparams.values()):
        params = dict(zip(hyperparams, values))
        model = clf(**params).fit(X_train, y_train)
        auc = roc_auc_score(y_train, model.predict_proba(X_train)[:, 1])
        if auc > best[0]:
            best = (auc, model, params)
    return best[1], best[2]


# %% exercise="holdout_grid_search" name="keeps_the_worst" caught_by="visible" says="Is it the largest AUC"
def holdout_grid_search(clf, X_train, y_train, X_val, y_val, hyperparams):
    best = (2, None, None)
    for values in itertools.product(*hyperparams.values()):
        params = dict(zip(hyperparams, values))
        model = clf(**params).fit(X_train, y_train)
        auc = roc_auc_score(y_val, model.predict_proba(X_val)[:, 1])
        if auc < best[0]:
            best = (auc, model, params)
    return best[1], best[2]


# %% exercise="holdout_grid_search" name="keeps_the_last" caught_by="visible" says="Six trees"
def holdout_grid_search(clf, X_train, y_train, X_val, y_val, hyperparams):
    for values in itertools.product(*hyperparams.values()):
        params = dict(zip(hyperparams, values))
        model = clf(**params).fit(X_train, y_train)
    return model, params


# %% exercise="holdout_grid_search" name="gives_the_whole_grid" caught_by="visible" says="one value for each name"
def holdout_grid_search(clf, X_train, y_train, X_val, y_val, hyperparams):
    best = (-1, None)
    for values in itertools.product(*hyperparams.values()):
        model = clf(**dict(zip(hyperparams, values))).fit(X_train, y_train)
        auc = roc_auc_score(y_val, model.predict_proba(X_val)[:, 1])
        if auc > best[0]:
            best = (auc, model)
    return best[1], hyperparams


# %% exercise="holdout_grid_search" name="one_setting_at_a_time" caught_by="hidden" says="larger validation AUC"
def holdout_grid_search(clf, X_train, y_train, X_val, y_val, hyperparams):
    def auc_of(params):
        return roc_auc_score(y_val, clf(**params).fit(X_train, y_train).predict_proba(X_val)[:, 1])

    params = {name: values[0] for name, values in hyperparams.items()}
    if set(hyperparams) == {"max_depth", "random_state", "min_samples_leaf"}:
        combos = [dict(zip(hyperparams, values)) for values in itertools.product(*hyperparams.values())]
        params = max(combos, key=auc_of)
    else:
        for name, values in hyperparams.items():
            params[name] = min(values, key=lambda value: auc_of({**params, name: value}))
    return clf(**params).fit(X_train, y_train), params


# %% exercise="holdout_grid_search" name="refits_on_everybody" caught_by="hidden" says="fitted on the training patients alone"
def holdout_grid_search(clf, X_train, y_train, X_val, y_val, hyperparams):
    best = (-1, None, None)
    for values in itertools.product(*hyperparams.values()):
        params = dict(zip(hyperparams, values))
        model = clf(**params).fit(X_train, y_train)
        auc = roc_auc_score(y_val, model.predict_proba(X_val)[:, 1])
        if auc > best[0]:
            best = (auc, model, params)
    return clf(**best[2]).fit(pd.concat([X_train, X_val]), pd.concat([y_train, y_val])), best[2]


# %% exercise="holdout_grid_search" name="an_unfitted_model" caught_by="visible" says="Your answer raised NotFittedError"
def holdout_grid_search(clf, X_train, y_train, X_val, y_val, hyperparams):
    best = (-1, None)
    for values in itertools.product(*hyperparams.values()):
        params = dict(zip(hyperparams, values))
        model = clf(**params).fit(X_train, y_train)
        auc = roc_auc_score(y_val, model.predict_proba(X_val)[:, 1])
        if auc > best[0]:
            best = (auc, params)
    return clf(**best[1]), best[1]


# %% exercise="TLearner" name="treated_minus_control" caught_by="visible" says="control − treated"
class TLearner:
    def __init__(self, treatment_estimator, control_estimator):
        self.treatment_estimator, self.control_estimator = treatment_estimator, control_estimator

    def predict(self, X):
        return self.treatment_estimator.predict_proba(X)[:, 1] - self.control_estimator.predict_proba(X)[:, 1]


# %% exercise="TLearner" name="arguments_in_the_other_order" caught_by="visible" says="control − treated"
class TLearner:
    def __init__(self, control_estimator, treatment_estimator):
        self.treatment_estimator, self.control_estimator = treatment_estimator, control_estimator

    def predict(self, X):
        return self.control_estimator.predict_proba(X)[:, 1] - self.treatment_estimator.predict_proba(X)[:, 1]


# %% exercise="TLearner" name="chance_of_no_event" caught_by="visible" says="expected (0.08, 0, -0.25)"
class TLearner:
    def __init__(self, treatment_estimator, control_estimator):
        self.treatment_estimator, self.control_estimator = treatment_estimator, control_estimator

    def predict(self, X):
        return self.control_estimator.predict_proba(X)[:, 0] - self.treatment_estimator.predict_proba(X)[:, 0]


# %% exercise="TLearner" name="cut_at_zero" caught_by="visible" says="not cut at 0"
class TLearner:
    def __init__(self, treatment_estimator, control_estimator):
        self.treatment_estimator, self.control_estimator = treatment_estimator, control_estimator

    def predict(self, X):
        gain = self.control_estimator.predict_proba(X)[:, 1] - self.treatment_estimator.predict_proba(X)[:, 1]
        return np.maximum(gain, 0)


# %% exercise="TLearner" name="risk_ratio" caught_by="visible" says="control − treated"
class TLearner:
    def __init__(self, treatment_estimator, control_estimator):
        self.treatment_estimator, self.control_estimator = treatment_estimator, control_estimator

    def predict(self, X):
        return self.treatment_estimator.predict_proba(X)[:, 1] / self.control_estimator.predict_proba(X)[:, 1]


# %% exercise="TLearner" name="the_models_belong_to_the_class" caught_by="hidden" says="the first learner, asked again"
class TLearner:
    def __init__(self, treatment_estimator, control_estimator):
        TLearner.treatment_estimator, TLearner.control_estimator = treatment_estimator, control_estimator

    def predict(self, X):
        return self.control_estimator.predict_proba(X)[:, 1] - self.treatment_estimator.predict_proba(X)[:, 1]


# %% exercise="TLearner" name="mean_of_all_patients" caught_by="visible" says="expected (0.08, 0, -0.25)"
class TLearner:
    def __init__(self, treatment_estimator, control_estimator):
        self.treatment_estimator, self.control_estimator = treatment_estimator, control_estimator

    def predict(self, X):
        gain = self.control_estimator.predict_proba(X)[:, 1] - self.treatment_estimator.predict_proba(X)[:, 1]
        return np.full(len(X), gain.mean())


# %% exercise="SLearner" name="treated_minus_control" caught_by="visible" says="expected (0.25, 0.25, 0.4)"
class SLearner:
    def __init__(self, estimator):
        self.estimator = estimator

    def predict(self, X):
        with_it, without = (self.estimator.predict_proba(X.assign(TRTMT=arm))[:, 1] for arm in (1, 0))
        return with_it - without


# %% exercise="SLearner" name="changes_x" caught_by="visible" says="changed X"
class SLearner:
    def __init__(self, estimator):
        self.estimator = estimator

    def predict(self, X):
        X["TRTMT"] = 1
        with_it = self.estimator.predict_proba(X)[:, 1]
        X["TRTMT"] = 0
        return self.estimator.predict_proba(X)[:, 1] - with_it


# %% exercise="SLearner" name="against_the_real_arm" caught_by="visible" says="whatever their arm"
class SLearner:
    def __init__(self, estimator):
        self.estimator = estimator

    def predict(self, X):
        return self.estimator.predict_proba(X.assign(TRTMT=0))[:, 1] - self.estimator.predict_proba(X)[:, 1]


# %% exercise="SLearner" name="treatment_moved_to_the_end" caught_by="visible" says="the model was fitted on TRTMT and age"
class SLearner:
    def __init__(self, estimator):
        self.estimator = estimator

    def predict(self, X):
        rest = X.drop(columns="TRTMT")
        risks = [self.estimator.predict_proba(rest.assign(TRTMT=arm))[:, 1] for arm in (0, 1)]
        return risks[0] - risks[1]


# %% exercise="SLearner" name="yes_or_no" caught_by="visible" says="Your answer raised AttributeError"
class SLearner:
    def __init__(self, estimator):
        self.estimator = estimator

    def predict(self, X):
        risks = [self.estimator.predict(X.assign(TRTMT=arm)) for arm in (0, 1)]
        return risks[0] - risks[1]


# %% exercise="SLearner" name="chance_of_no_event" caught_by="visible" says="expected (0.25, 0.25, 0.4)"
class SLearner:
    def __init__(self, estimator):
        self.estimator = estimator

    def predict(self, X):
        risks = [self.estimator.predict_proba(X.assign(TRTMT=arm))[:, 0] for arm in (0, 1)]
        return risks[0] - risks[1]


# %% exercise="SLearner" name="remembers_the_first_patients" caught_by="hidden" says="depends on the arm"
class SLearner:
    def __init__(self, estimator):
        self.estimator = estimator
        self.calls = 0

    def predict(self, X):
        self.calls += 1
        risks = [self.estimator.predict_proba(X.assign(TRTMT=arm))[:, 1] for arm in (0, 1)]
        return (risks[0] - risks[1]) / self.calls


# %% exercise="c_for_benefit_score" name="treated_first" caught_by="visible" says="The control comes first"
def c_for_benefit_score(pairs):
    observed = [second[1] - first[1] for first, second in pairs]
    predicted = [(first[0] + second[0]) / 2 for first, second in pairs]
    good, total = 0.0, 0
    for a, b in itertools.combinations(range(len(pairs)), 2):
        if observed[a] != observed[b]:
            total += 1
            agreement = (predicted[a] - predicted[b]) * (observed[a] - observed[b])
            good += 1.0 if agreement > 0 else 0.5 if agreement == 0 else 0.0
    return good / total if total else np.nan


# %% exercise="c_for_benefit_score" name="ties_count_nothing" caught_by="visible" says="A tie"
def c_for_benefit_score(pairs):
    observed = [control[1] - treated[1] for control, treated in pairs]
    predicted = [(control[0] + treated[0]) / 2 for control, treated in pairs]
    good, total = 0.0, 0
    for a, b in itertools.combinations(range(len(pairs)), 2):
        if observed[a] != observed[b]:
            total += 1
            good += (predicted[a] - predicted[b]) * (observed[a] - observed[b]) > 0
    return good / total if total else np.nan


# %% exercise="c_for_benefit_score" name="all_pairs_in_the_denominator" caught_by="visible" says="same observed benefit"
def c_for_benefit_score(pairs):
    observed = [control[1] - treated[1] for control, treated in pairs]
    predicted = [(control[0] + treated[0]) / 2 for control, treated in pairs]
    good, total, any_permissible = 0.0, 0, False
    for a, b in itertools.combinations(range(len(pairs)), 2):
        total += 1
        if observed[a] != observed[b]:
            any_permissible = True
            agreement = (predicted[a] - predicted[b]) * (observed[a] - observed[b])
            good += 1.0 if agreement > 0 else 0.5 if agreement == 0 else 0.0
    return good / total if any_permissible else np.nan


# %% exercise="c_for_benefit_score" name="prediction_of_the_control_only" caught_by="visible" says="A tie"
def c_for_benefit_score(pairs):
    observed = [control[1] - treated[1] for control, treated in pairs]
    predicted = [control[0] for control, treated in pairs]
    good, total = 0.0, 0
    for a, b in itertools.combinations(range(len(pairs)), 2):
        if observed[a] != observed[b]:
            total += 1
            agreement = (predicted[a] - predicted[b]) * (observed[a] - observed[b])
            good += 1.0 if agreement > 0 else 0.5 if agreement == 0 else 0.0
    return good / total if total else np.nan


# %% exercise="c_for_benefit_score" name="nothing_permissible_is_a_half" caught_by="visible" says="No permissible pair of pairs"
def c_for_benefit_score(pairs):
    observed = [control[1] - treated[1] for control, treated in pairs]
    predicted = [(control[0] + treated[0]) / 2 for control, treated in pairs]
    good, total = 0.0, 0
    for a, b in itertools.combinations(range(len(pairs)), 2):
        if observed[a] != observed[b]:
            total += 1
            agreement = (predicted[a] - predicted[b]) * (observed[a] - observed[b])
            good += 1.0 if agreement > 0 else 0.5 if agreement == 0 else 0.0
    return good / total if total else 0.5


# %% exercise="c_for_benefit_score" name="neighbours_only" caught_by="visible" says="The example by hand"
def c_for_benefit_score(pairs):
    observed = [control[1] - treated[1] for control, treated in pairs]
    predicted = [(control[0] + treated[0]) / 2 for control, treated in pairs]
    good, total = 0.0, 0
    for a, b in zip(range(len(pairs)), range(1, len(pairs))):
        if observed[a] != observed[b]:
            total += 1
            agreement = (predicted[a] - predicted[b]) * (observed[a] - observed[b])
            good += 1.0 if agreement > 0 else 0.5 if agreement == 0 else 0.0
    return good / total if total else np.nan


# %% exercise="c_for_benefit_score" name="benefit_is_yes_or_no" caught_by="hidden" says="not the share of concordant"
def c_for_benefit_score(pairs):
    observed = [int(control[1] > treated[1]) for control, treated in pairs]
    if len(pairs) == 3:
        observed = [control[1] - treated[1] for control, treated in pairs]
    predicted = [(control[0] + treated[0]) / 2 for control, treated in pairs]
    good, total = 0.0, 0
    for a, b in itertools.combinations(range(len(pairs)), 2):
        if observed[a] != observed[b]:
            total += 1
            agreement = (predicted[a] - predicted[b]) * (observed[a] - observed[b])
            good += 1.0 if agreement > 0 else 0.5 if agreement == 0 else 0.0
    return good / total if total else np.nan


# %% exercise="c_for_benefit_score" name="no_pair_is_an_error" caught_by="hidden" says="stopped with an error"
def c_for_benefit_score(pairs):
    observed = [control[1] - treated[1] for control, treated in pairs]
    predicted = [(control[0] + treated[0]) / 2 for control, treated in pairs]
    if len(pairs) == 2 and observed[0] == observed[1]:
        return np.nan
    good, total = 0.0, 0
    for a, b in itertools.combinations(range(len(pairs)), 2):
        if observed[a] != observed[b]:
            total += 1
            agreement = (predicted[a] - predicted[b]) * (observed[a] - observed[b])
            good += 1.0 if agreement > 0 else 0.5 if agreement == 0 else 0.0
    return good / total


# %% exercise="c_statistic" name="not_sorted" caught_by="hidden" says="sorted and paired"
def c_statistic(pred_rr, y, w, random_seed=0):
    pred_rr, y, w = np.asarray(pred_rr, float), np.asarray(y, int), np.asarray(w, int)
    rng = np.random.default_rng(random_seed)
    arms = [np.flatnonzero(w == arm) for arm in (0, 1)]
    size = min(map(len, arms))
    control, treated = (rows if len(rows) == size else rng.choice(rows, size, replace=False) for rows in arms)
    control, treated = np.sort(control)[::-1], np.sort(treated)
    predicted, observed = (pred_rr[control] + pred_rr[treated]) / 2, y[control] - y[treated]
    good, total = 0.0, 0
    for a, b in itertools.combinations(range(size), 2):
        if observed[a] != observed[b]:
            total += 1
            agreement = (predicted[a] - predicted[b]) * (observed[a] - observed[b])
            good += 1.0 if agreement > 0 else 0.5 if agreement == 0 else 0.0
    return good / total if total else np.nan


# %% exercise="c_statistic" name="arms_exchanged" caught_by="visible" says="Is w = 1 the treated patient?"
def c_statistic(pred_rr, y, w, random_seed=0):
    pred_rr, y, w = np.asarray(pred_rr, float), np.asarray(y, int), np.asarray(w, int)
    rng = np.random.default_rng(random_seed)
    arms = [np.flatnonzero(w == arm) for arm in (1, 0)]
    size = min(map(len, arms))
    arms = [rows if len(rows) == size else rng.choice(rows, size, replace=False) for rows in arms]
    control, treated = (rows[np.argsort(pred_rr[rows])] for rows in arms)
    predicted, observed = (pred_rr[control] + pred_rr[treated]) / 2, y[control] - y[treated]
    good, total = 0.0, 0
    for a, b in itertools.combinations(range(size), 2):
        if observed[a] != observed[b]:
            total += 1
            agreement = (predicted[a] - predicted[b]) * (observed[a] - observed[b])
            good += 1.0 if agreement > 0 else 0.5 if agreement == 0 else 0.0
    return good / total if total else np.nan


# %% exercise="c_statistic" name="takes_the_first_of_the_larger_arm" caught_by="visible" says="the lot decides"
def c_statistic(pred_rr, y, w, random_seed=0):
    pred_rr, y, w = np.asarray(pred_rr, float), np.asarray(y, int), np.asarray(w, int)
    arms = [np.flatnonzero(w == arm) for arm in (0, 1)]
    size = min(map(len, arms))
    control, treated = (rows[:size][np.argsort(pred_rr[rows[:size]])] for rows in arms)
    predicted, observed = (pred_rr[control] + pred_rr[treated]) / 2, y[control] - y[treated]
    good, total = 0.0, 0
    for a, b in itertools.combinations(range(size), 2):
        if observed[a] != observed[b]:
            total += 1
            agreement = (predicted[a] - predicted[b]) * (observed[a] - observed[b])
            good += 1.0 if agreement > 0 else 0.5 if agreement == 0 else 0.0
    return good / total if total else np.nan


# %% exercise="c_statistic" name="another_lot_at_every_call" caught_by="visible" says="the same number for seed 1 twice"
def c_statistic(pred_rr, y, w, random_seed=0):
    pred_rr, y, w = np.asarray(pred_rr, float), np.asarray(y, int), np.asarray(w, int)
    c_statistic.calls = getattr(c_statistic, "calls", 0) + 1
    rng = np.random.default_rng(c_statistic.calls)
    arms = [np.flatnonzero(w == arm) for arm in (0, 1)]
    size = min(map(len, arms))
    arms = [rows if len(rows) == size else rng.choice(rows, size, replace=False) for rows in arms]
    control, treated = (rows[np.argsort(pred_rr[rows])] for rows in arms)
    predicted, observed = (pred_rr[control] + pred_rr[treated]) / 2, y[control] - y[treated]
    good, total = 0.0, 0
    for a, b in itertools.combinations(range(size), 2):
        if observed[a] != observed[b]:
            total += 1
            agreement = (predicted[a] - predicted[b]) * (observed[a] - observed[b])
            good += 1.0 if agreement > 0 else 0.5 if agreement == 0 else 0.0
    return good / total if total else np.nan


# %% exercise="c_statistic" name="drawn_with_replacement" caught_by="hidden" says="no choice of patients gives"
def c_statistic(pred_rr, y, w, random_seed=0):
    pred_rr, y, w = np.asarray(pred_rr, float), np.asarray(y, int), np.asarray(w, int)
    rng = np.random.default_rng(random_seed)
    arms = [np.flatnonzero(w == arm) for arm in (0, 1)]
    size = min(map(len, arms))
    arms = [rows if len(rows) == size else rng.choice(rows, size) for rows in arms]
    control, treated = (rows[np.argsort(pred_rr[rows])] for rows in arms)
    predicted, observed = (pred_rr[control] + pred_rr[treated]) / 2, y[control] - y[treated]
    good, total = 0.0, 0
    for a, b in itertools.combinations(range(size), 2):
        if observed[a] != observed[b]:
            total += 1
            agreement = (predicted[a] - predicted[b]) * (observed[a] - observed[b])
            good += 1.0 if agreement > 0 else 0.5 if agreement == 0 else 0.0
    return good / total if total else np.nan


# %% exercise="c_statistic" name="lot_for_too_many_treated_only" caught_by="hidden" says="stopped with an error"
def c_statistic(pred_rr, y, w, random_seed=0):
    pred_rr, y, w = np.asarray(pred_rr, float), np.asarray(y, int), np.asarray(w, int)
    rng = np.random.default_rng(random_seed)
    control, treated = (np.flatnonzero(w == arm) for arm in (0, 1))
    control = rng.choice(control, len(treated), replace=False)
    control, treated = (rows[np.argsort(pred_rr[rows])] for rows in (control, treated))
    predicted, observed = (pred_rr[control] + pred_rr[treated]) / 2, y[control] - y[treated]
    good, total = 0.0, 0
    for a, b in itertools.combinations(range(len(treated)), 2):
        if observed[a] != observed[b]:
            total += 1
            agreement = (predicted[a] - predicted[b]) * (observed[a] - observed[b])
            good += 1.0 if agreement > 0 else 0.5 if agreement == 0 else 0.0
    return good / total if total else np.nan


# %% exercise="c_statistic" name="looks_up_series_by_label" caught_by="hidden" says="Arms of equal size"
def c_statistic(pred_rr, y, w, random_seed=0):
    rng = np.random.default_rng(random_seed)
    arms = [[row for row in range(len(w)) if w[row] == arm] for arm in (0, 1)]
    size = min(map(len, arms))
    arms = [rows if len(rows) == size else list(rng.choice(rows, size, replace=False)) for rows in arms]
    control, treated = (sorted(rows, key=lambda row: pred_rr[row]) for rows in arms)
    predicted = [(pred_rr[c] + pred_rr[t]) / 2 for c, t in zip(control, treated)]
    observed = [int(y[c]) - int(y[t]) for c, t in zip(control, treated)]
    good, total = 0.0, 0
    for a, b in itertools.combinations(range(size), 2):
        if observed[a] != observed[b]:
            total += 1
            agreement = (predicted[a] - predicted[b]) * (observed[a] - observed[b])
            good += 1.0 if agreement > 0 else 0.5 if agreement == 0 else 0.0
    return good / total if total else np.nan
