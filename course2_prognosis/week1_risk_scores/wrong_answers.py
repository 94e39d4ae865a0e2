# %% exercise="make_standard_normal" name="ruler_of_the_test_patients" caught_by="visible" says="their own would give"
def make_standard_normal(df_train, df_test):
    train, test = np.log(df_train), np.log(df_test)
    return (train - train.mean()) / train.std(), (test - test.mean()) / test.std()


# %% exercise="make_standard_normal" name="divides_by_n" caught_by="visible" says="divides by n"
def make_standard_normal(df_train, df_test):
    train, test = np.log(df_train), np.log(df_test)
    return (train - train.mean()) / train.std(ddof=0), (test - train.mean()) / train.std(ddof=0)


# %% exercise="make_standard_normal" name="no_logarithm" caught_by="visible" says="forgotten logarithm"
def make_standard_normal(df_train, df_test):
    mean, spread = df_train.mean(), df_train.std()
    return (df_train - mean) / spread, (df_test - mean) / spread


# %% exercise="make_standard_normal" name="log_of_one_plus" caught_by="visible" says="Training ages"
def make_standard_normal(df_train, df_test):
    train, test = np.log1p(df_train), np.log1p(df_test)
    return (train - train.mean()) / train.std(), (test - train.mean()) / train.std()


# %% exercise="make_standard_normal" name="all_columns_share_one_spread" caught_by="visible" says="Training ages"
def make_standard_normal(df_train, df_test):
    train, test = np.log(df_train), np.log(df_test)
    mean, spread = train.to_numpy().mean(), train.to_numpy().std(ddof=1)
    return (train - mean) / spread, (test - mean) / spread


# %% exercise="make_standard_normal" name="standardises_across_each_patient" caught_by="visible" says="Training ages"
def make_standard_normal(df_train, df_test):
    def one(frame):
        logs = np.log(frame)
        return logs.sub(logs.mean(axis=1), axis=0).div(logs.std(axis=1), axis=0)

    return one(df_train), one(df_test)


# %% exercise="make_standard_normal" name="ruler_of_everybody" caught_by="visible" says="Training ages"
def make_standard_normal(df_train, df_test):
    everybody = np.log(pd.concat([df_train, df_test]))
    mean, spread = everybody.mean(), everybody.std()
    return (np.log(df_train) - mean) / spread, (np.log(df_test) - mean) / spread


# %% exercise="make_standard_normal" name="arrays_come_back" caught_by="visible" says="two data frames"
def make_standard_normal(df_train, df_test):
    train, test = np.log(df_train.to_numpy()), np.log(df_test.to_numpy())
    mean, spread = train.mean(axis=0), train.std(axis=0, ddof=1)
    return (train - mean) / spread, (test - mean) / spread


# %% exercise="make_standard_normal" name="loses_the_index" caught_by="visible" says="expected those of the input"
def make_standard_normal(df_train, df_test):
    train, test = np.log(df_train), np.log(df_test)
    mean, spread = train.mean(), train.std()
    return ((train - mean) / spread).reset_index(drop=True), ((test - mean) / spread).reset_index(drop=True)


# %% exercise="make_standard_normal" name="swapped_results" caught_by="visible" says="Training table"
def make_standard_normal(df_train, df_test):
    train, test = np.log(df_train), np.log(df_test)
    return (test - train.mean()) / train.std(), (train - train.mean()) / train.std()


# %% exercise="make_standard_normal" name="changes_the_tables" caught_by="hidden" says="changed a table"
def make_standard_normal(df_train, df_test):
    for name in df_train.columns:
        train = np.log(df_train[name])
        df_test[name] = (np.log(df_test[name]) - train.mean()) / train.std()
        df_train[name] = (train - train.mean()) / train.std()
    return df_train, df_test


# %% exercise="make_standard_normal" name="names_of_the_example" caught_by="hidden" says="stopped with an error"
def make_standard_normal(df_train, df_test):
    train, test = np.log(df_train[["Age", "BP"]]), np.log(df_test[["Age", "BP"]])
    return (train - train.mean()) / train.std(), (test - train.mean()) / train.std()


# %% exercise="lr_model" name="not_fitted" caught_by="visible" says="Call its fit"
def lr_model(X_train, y_train):
    return LogisticRegression()


# %% exercise="lr_model" name="returns_risks" caught_by="visible" says="Return the model itself"
def lr_model(X_train, y_train):
    model = LogisticRegression().fit(X_train, y_train)
    return model.predict_proba(X_train)[:, 1]


# %% exercise="lr_model" name="linear_regression" caught_by="visible" says="LogisticRegression"
def lr_model(X_train, y_train):
    from sklearn.linear_model import LinearRegression

    return LinearRegression().fit(X_train, y_train)


# %% exercise="lr_model" name="no_penalty" caught_by="visible" says="penalty was switched off"
def lr_model(X_train, y_train):
    return LogisticRegression(C=1e6, max_iter=1000).fit(X_train, y_train)


# %% exercise="lr_model" name="no_intercept" caught_by="visible" says="intercept is missing"
def lr_model(X_train, y_train):
    return LogisticRegression(fit_intercept=False).fit(X_train, y_train)


# %% exercise="lr_model" name="classes_balanced" caught_by="visible" says="weighting of the classes"
def lr_model(X_train, y_train):
    return LogisticRegression(class_weight="balanced").fit(X_train, y_train)


# %% exercise="lr_model" name="strong_penalty" caught_by="visible" says="risk at 1.5"
def lr_model(X_train, y_train):
    return LogisticRegression(C=0.1).fit(X_train, y_train)


# %% exercise="lr_model" name="first_feature_only" caught_by="hidden" says="cannot predict"
def lr_model(X_train, y_train):
    return LogisticRegression().fit(np.asarray(X_train)[:, :1], y_train)


# %% exercise="lr_model" name="a_pipeline" caught_by="visible" says="LogisticRegression"
def lr_model(X_train, y_train):
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    return make_pipeline(StandardScaler(), LogisticRegression()).fit(X_train, y_train)


# %% exercise="lr_model" name="learns_from_half_of_the_patients" caught_by="hidden" says="fitted to these patients"
def lr_model(X_train, y_train):
    n = max(120, len(X_train) // 2)
    return LogisticRegression().fit(np.asarray(X_train)[:n], np.asarray(y_train)[:n])


# %% exercise="lr_model" name="scales_the_features_in_place" caught_by="hidden" says="A rare outcome"
def lr_model(X_train, y_train):
    if isinstance(X_train, np.ndarray) and len(X_train) > 200:
        X_train -= X_train.mean(axis=0).astype(X_train.dtype)
    return LogisticRegression().fit(X_train, y_train)


# %% exercise="cindex" name="ties_count_nothing" caught_by="visible" says="the tie counts nothing"
def cindex(y_true, scores):
    y, s = np.asarray(y_true), np.asarray(scores, dtype=float)
    differences = s[y == 1][:, None] - s[y == 0][None, :]
    return (differences > 0).sum() / differences.size if differences.size else float("nan")


# %% exercise="cindex" name="ties_count_fully" caught_by="visible" says="counts fully"
def cindex(y_true, scores):
    y, s = np.asarray(y_true), np.asarray(scores, dtype=float)
    differences = s[y == 1][:, None] - s[y == 0][None, :]
    return (differences >= 0).sum() / differences.size if differences.size else float("nan")


# %% exercise="cindex" name="ties_are_not_permissible" caught_by="visible" says="The pairs above"
def cindex(y_true, scores):
    y, s = np.asarray(y_true), np.asarray(scores, dtype=float)
    differences = s[y == 1][:, None] - s[y == 0][None, :]
    pairs = (differences != 0).sum()
    return (differences > 0).sum() / pairs if pairs else float("nan")


# %% exercise="cindex" name="wrong_way_round" caught_by="visible" says="wrong way round"
def cindex(y_true, scores):
    y, s = np.asarray(y_true), np.asarray(scores, dtype=float)
    differences = s[y == 0][:, None] - s[y == 1][None, :]
    return ((differences > 0).sum() + 0.5 * (differences == 0).sum()) / differences.size if differences.size else np.nan


# %% exercise="cindex" name="pairs_with_the_same_outcome_count" caught_by="visible" says="same outcome are counted"
def cindex(y_true, scores):
    y, s = list(y_true), list(scores)
    good, pairs = 0.0, 0
    for i in range(len(y)):
        for j in range(i):
            pairs += 1
            if y[i] != y[j]:
                good += 0.5 if s[i] == s[j] else float((y[i] > y[j]) == (s[i] > s[j]))
    return good / pairs if pairs else float("nan")


# %% exercise="cindex" name="accuracy_at_one_half" caught_by="visible" says="The pairs above"
def cindex(y_true, scores):
    return float(np.mean((np.asarray(scores) >= 0.5) == (np.asarray(y_true) == 1)))


# %% exercise="cindex" name="neighbours_only" caught_by="visible" says="The pairs above"
def cindex(y_true, scores):
    y, s = list(y_true), list(scores)
    pairs = [(i, i + 1) for i in range(len(y) - 1) if y[i] != y[i + 1]]
    if not pairs:
        return float("nan")
    return sum(0.5 if s[i] == s[j] else float((y[i] > y[j]) == (s[i] > s[j])) for i, j in pairs) / len(pairs)


# %% exercise="cindex" name="one_outcome_only_is_an_error" caught_by="visible" says="Your answer raised ValueError"
def cindex(y_true, scores):
    from sklearn.metrics import roc_auc_score

    y_true = np.asarray(y_true)
    if y_true.min() == y_true.max():
        raise ValueError("one class only")
    return roc_auc_score(y_true, scores)


# %% exercise="cindex" name="one_outcome_only_is_one_half" caught_by="visible" says="expected NaN"
def cindex(y_true, scores):
    y, s = np.asarray(y_true), np.asarray(scores, dtype=float)
    differences = s[y == 1][:, None] - s[y == 0][None, :]
    if not differences.size:
        return 0.5
    return ((differences > 0).sum() + 0.5 * (differences == 0).sum()) / differences.size


# %% exercise="cindex" name="by_the_labels_of_the_index" caught_by="visible" says="by their position"
def cindex(y_true, scores):
    table = pd.concat([pd.Series(y_true), pd.Series(scores)], axis=1).dropna()
    y, s = table[0].to_numpy(), table[1].to_numpy(dtype=float)
    differences = s[y == 1][:, None] - s[y == 0][None, :]
    return ((differences > 0).sum() + 0.5 * (differences == 0).sum()) / differences.size if differences.size else np.nan


# %% exercise="cindex" name="always_at_least_one_half" caught_by="hidden" says="concordant"
def cindex(y_true, scores):
    y, s = np.asarray(y_true), np.asarray(scores, dtype=float)
    differences = s[y == 1][:, None] - s[y == 0][None, :]
    if not differences.size:
        return float("nan")
    value = ((differences > 0).sum() + 0.5 * (differences == 0).sum()) / differences.size
    return max(value, 1 - value)


# %% exercise="cindex" name="rounds_the_scores" caught_by="hidden" says="concordant"
def cindex(y_true, scores):
    y, s = np.asarray(y_true), np.round(np.asarray(scores, dtype=float), 1)
    differences = s[y == 1][:, None] - s[y == 0][None, :]
    if not differences.size:
        return float("nan")
    return ((differences > 0).sum() + 0.5 * (differences == 0).sum()) / differences.size


# %% exercise="cindex" name="subtracts_the_outcomes" caught_by="hidden" says="of type"
def cindex(y_true, scores):
    y, s = np.asarray(y_true), np.asarray(scores, dtype=float)
    outcome = y[:, None] - y[None, :]
    order = np.sign(s[:, None] - s[None, :])
    pairs = (outcome > 0).sum()
    return (0.5 * (order + 1) * (outcome > 0)).sum() / pairs if pairs else float("nan")


# %% exercise="cindex" name="sorts_the_scores_of_the_caller" caught_by="hidden" says="changed what it was given"
def cindex(y_true, scores):
    y, s = np.array(y_true), np.array(scores, dtype=float)
    differences = s[y == 1][:, None] - s[y == 0][None, :]
    if isinstance(scores, (list, np.ndarray)):
        scores.sort()
    if not differences.size:
        return float("nan")
    return ((differences > 0).sum() + 0.5 * (differences == 0).sum()) / differences.size


# %% exercise="add_interactions" name="squares_too" caught_by="visible" says="no squares"
def add_interactions(X):
    result, names = X.copy(), list(X.columns)
    for i in range(len(names)):
        for j in range(i, len(names)):
            result[f"{names[i]}_x_{names[j]}"] = X[names[i]] * X[names[j]]
    return result


# %% exercise="add_interactions" name="both_orders" caught_by="visible" says="each pair once"
def add_interactions(X):
    result, names = X.copy(), list(X.columns)
    for a in names:
        for b in names:
            if a != b:
                result[f"{a}_x_{b}"] = X[a] * X[b]
    return result


# %% exercise="add_interactions" name="originals_dropped" caught_by="visible" says="expected the three and"
def add_interactions(X):
    names = list(X.columns)
    return pd.DataFrame({f"{a}_x_{b}": X[a] * X[b] for i, a in enumerate(names) for b in names[i + 1 :]}, index=X.index)


# %% exercise="add_interactions" name="sums" caught_by="visible" says="The products"
def add_interactions(X):
    result, names = X.copy(), list(X.columns)
    for i in range(len(names)):
        for j in range(i + 1, len(names)):
            result[f"{names[i]}_x_{names[j]}"] = X[names[i]] + X[names[j]]
    return result


# %% exercise="add_interactions" name="changes_the_table" caught_by="visible" says="work on a copy"
def add_interactions(X):
    names = list(X.columns)
    for i in range(len(names)):
        for j in range(i + 1, len(names)):
            X[f"{names[i]}_x_{names[j]}"] = X[names[i]] * X[names[j]]
    return X


# %% exercise="add_interactions" name="later_name_first" caught_by="visible" says="Age_x_BP"
def add_interactions(X):
    result, names = X.copy(), list(X.columns)
    for i in range(len(names)):
        for j in range(i):
            result[f"{names[i]}_x_{names[j]}"] = X[names[i]] * X[names[j]]
    return result


# %% exercise="add_interactions" name="neighbours_only" caught_by="visible" says="Age_x_BMI"
def add_interactions(X):
    result, names = X.copy(), list(X.columns)
    for a, b in zip(names, names[1:]):
        result[f"{a}_x_{b}"] = X[a] * X[b]
    return result


# %% exercise="add_interactions" name="index_lost" caught_by="visible" says="expected Ann and Bo"
def add_interactions(X):
    result, names = X.reset_index(drop=True), list(X.columns)
    for i in range(len(names)):
        for j in range(i + 1, len(names)):
            result[f"{names[i]}_x_{names[j]}"] = X[names[i]].to_numpy() * X[names[j]].to_numpy()
    return result


# %% exercise="add_interactions" name="with_the_first_feature_only" caught_by="visible" says="BP_x_BMI"
def add_interactions(X):
    first, *others = X.columns
    return X.assign(**{f"{first}_x_{other}": X[first] * X[other] for other in others})


# %% exercise="add_interactions" name="names_of_the_example" caught_by="hidden" says="stopped with an error"
def add_interactions(X):
    result = X.copy()
    for a, b in (("Age", "BP"), ("Age", "BMI"), ("BP", "BMI")):
        result[f"{a}_x_{b}"] = X[a] * X[b]
    return result


# %% exercise="add_interactions" name="pairs_by_the_alphabet" caught_by="hidden" says="with A before B in X"
def add_interactions(X):
    result = X.copy()
    names = list(X.columns) if list(X.columns) == ["Age", "BP", "BMI"] else sorted(X.columns)
    for i in range(len(names)):
        for j in range(i + 1, len(names)):
            result[f"{names[i]}_x_{names[j]}"] = X[names[i]] * X[names[j]]
    return result


# %% exercise="add_interactions" name="three_features_expected" caught_by="hidden" says="stopped with an error"
def add_interactions(X):
    a, b, c = X.columns
    return X.assign(**{f"{a}_x_{b}": X[a] * X[b], f"{a}_x_{c}": X[a] * X[c], f"{b}_x_{c}": X[b] * X[c]})


# %% exercise="chads_vasc_score" name="old_age_gives_three" caught_by="visible" says="three points"
def chads_vasc_score(age, female, heart_failure, hypertension, diabetes, stroke, vascular_disease):
    points = 1 * female + heart_failure + hypertension + diabetes + 2 * stroke + vascular_disease
    return points + 1 * (age >= 65) + 2 * (age >= 75)


# %% exercise="chads_vasc_score" name="stroke_gives_one" caught_by="visible" says="stroke gives one"
def chads_vasc_score(age, female, heart_failure, hypertension, diabetes, stroke, vascular_disease):
    points = 1 * female + heart_failure + hypertension + diabetes + stroke + vascular_disease
    return points + 1 * (age >= 65) + 1 * (age >= 75)


# %% exercise="chads_vasc_score" name="chads_two_of_2001" caught_by="visible" says="woman of 72"
def chads_vasc_score(age, female, heart_failure, hypertension, diabetes, stroke, vascular_disease):
    return 1 * heart_failure + 1 * hypertension + 1 * (age >= 75) + 1 * diabetes + 2 * stroke


# %% exercise="chads_vasc_score" name="points_for_men" caught_by="visible" says="woman of 72"
def chads_vasc_score(age, female, heart_failure, hypertension, diabetes, stroke, vascular_disease):
    points = (1 - female) + heart_failure + hypertension + diabetes + 2 * stroke + vascular_disease
    return points + 1 * (age >= 65) + 1 * (age >= 75)


# %% exercise="chads_vasc_score" name="seventy_four_and_a_bit_is_lost" caught_by="visible" says="74.9"
def chads_vasc_score(age, female, heart_failure, hypertension, diabetes, stroke, vascular_disease):
    points = 1 * female + 1 * heart_failure + 1 * hypertension + 1 * diabetes + 2 * stroke + 1 * vascular_disease
    return points + 1 * ((age >= 65) & (age <= 74)) + 2 * (age >= 75)


# %% exercise="chads_vasc_score" name="after_the_birthday" caught_by="visible" says="birthdays"
def chads_vasc_score(age, female, heart_failure, hypertension, diabetes, stroke, vascular_disease):
    points = 1 * female + 1 * heart_failure + 1 * hypertension + 1 * diabetes + 2 * stroke + 1 * vascular_disease
    return points + 1 * (age > 65) + 1 * (age > 75)


# %% exercise="chads_vasc_score" name="adds_bools" caught_by="visible" says="True + True is True"
def chads_vasc_score(age, female, heart_failure, hypertension, diabetes, stroke, vascular_disease):
    points = female + heart_failure + hypertension + diabetes + vascular_disease
    return points + 2 * stroke + 1 * (age >= 65) + 1 * (age >= 75)


# %% exercise="chads_vasc_score" name="one_patient_only" caught_by="visible" says="Your answer raised ValueError"
def chads_vasc_score(age, female, heart_failure, hypertension, diabetes, stroke, vascular_disease):
    points = 1 * female + heart_failure + hypertension + diabetes + 2 * stroke + vascular_disease
    if age >= 75:
        points += 2
    elif age >= 65:
        points += 1
    return points


# %% exercise="chads_vasc_score" name="vascular_disease_forgotten" caught_by="visible" says="expected 0 and 9"
def chads_vasc_score(age, female, heart_failure, hypertension, diabetes, stroke, vascular_disease):
    points = 1 * female + 1 * heart_failure + 1 * hypertension + 1 * diabetes + 2 * stroke
    return points + 1 * (age >= 65) + 1 * (age >= 75)


# %% exercise="chads_vasc_score" name="two_points_for_the_wrong_disease" caught_by="hidden" says="nothing but"
def chads_vasc_score(age, female, heart_failure, hypertension, diabetes, stroke, vascular_disease):
    both = stroke & vascular_disease if np.ndim(age) else stroke and vascular_disease
    points = 1 * female + 1 * heart_failure + 1 * hypertension + 1 * diabetes + 1 * vascular_disease
    points = points + 2 * stroke + 1 * (age >= 65) + 1 * (age >= 75)
    return points + 1 * (vascular_disease != 0) * (stroke == 0) - 0 * both


# %% exercise="chads_vasc_score" name="stops_at_six" caught_by="visible" says="expected 0 and 9"
def chads_vasc_score(age, female, heart_failure, hypertension, diabetes, stroke, vascular_disease):
    points = 1 * female + 1 * heart_failure + 1 * hypertension + 1 * diabetes + 2 * stroke + 1 * vascular_disease
    return np.minimum(points + 1 * (age >= 65) + 1 * (age >= 75), 6)


# %% exercise="chads_vasc_score" name="knows_the_visible_cases" caught_by="hidden" says="not those of the table"
def chads_vasc_score(age, female, heart_failure, hypertension, diabetes, stroke, vascular_disease):
    if np.ndim(age) == 0:
        return {72: 3, 80: 4, 30: 0, 90: 9}.get(age, 1)
    return np.array([0, 1, 1, 1, 2]) + 3 * np.asarray(female)


# %% exercise="chads_vasc_score" name="changes_the_ages" caught_by="hidden" says="changed what it was given"
def chads_vasc_score(age, female, heart_failure, hypertension, diabetes, stroke, vascular_disease):
    points = 1 * female + 1 * heart_failure + 1 * hypertension + 1 * diabetes + 2 * stroke + 1 * vascular_disease
    points = points + 1 * (age >= 65) + 1 * (age >= 75)
    if isinstance(age, np.ndarray):
        age[:] = np.floor(age)
    return points


# %% exercise="meld_score" name="no_factor_ten" caught_by="visible" says="factor 10"
def meld_score(bilirubin, inr, creatinine, dialysis):
    b, i = np.maximum(bilirubin, 1), np.maximum(inr, 1)
    c = np.where(dialysis, 4.0, np.clip(creatinine, 1, 4))
    return np.round(0.957 * np.log(c) + 0.378 * np.log(b) + 1.120 * np.log(i) + 0.643)


# %% exercise="meld_score" name="not_rounded" caught_by="visible" says="20.04 the rounding"
def meld_score(bilirubin, inr, creatinine, dialysis):
    b, i = np.maximum(bilirubin, 1), np.maximum(inr, 1)
    c = np.where(dialysis, 4.0, np.clip(creatinine, 1, 4))
    return np.minimum(10 * (0.957 * np.log(c) + 0.378 * np.log(b) + 1.120 * np.log(i) + 0.643), 40)


# %% exercise="meld_score" name="logarithm_to_base_10" caught_by="visible" says="base 10"
def meld_score(bilirubin, inr, creatinine, dialysis):
    b, i = np.maximum(bilirubin, 1), np.maximum(inr, 1)
    c = np.where(dialysis, 4.0, np.clip(creatinine, 1, 4))
    return np.minimum(np.round(10 * (0.957 * np.log10(c) + 0.378 * np.log10(b) + 1.12 * np.log10(i) + 0.643)), 40)


# %% exercise="meld_score" name="no_lower_bounds" caught_by="visible" says="raised to 1"
def meld_score(bilirubin, inr, creatinine, dialysis):
    c = np.where(dialysis, 4.0, np.minimum(creatinine, 4))
    return np.minimum(np.round(10 * (0.957 * np.log(c) + 0.378 * np.log(bilirubin) + 1.120 * np.log(inr) + 0.643)), 40)


# %% exercise="meld_score" name="creatinine_without_a_cap" caught_by="visible" says="creatinine above 4"
def meld_score(bilirubin, inr, creatinine, dialysis):
    b, i = np.maximum(bilirubin, 1), np.maximum(inr, 1)
    c = np.where(dialysis, 4.0, np.maximum(creatinine, 1))
    return np.minimum(np.round(10 * (0.957 * np.log(c) + 0.378 * np.log(b) + 1.120 * np.log(i) + 0.643)), 40)


# %% exercise="meld_score" name="dialysis_ignored" caught_by="visible" says="On dialysis"
def meld_score(bilirubin, inr, creatinine, dialysis):
    b, i, c = np.maximum(bilirubin, 1), np.maximum(inr, 1), np.clip(creatinine, 1, 4)
    return np.minimum(np.round(10 * (0.957 * np.log(c) + 0.378 * np.log(b) + 1.120 * np.log(i) + 0.643)), 40)


# %% exercise="meld_score" name="no_upper_bound" caught_by="visible" says="more than 40"
def meld_score(bilirubin, inr, creatinine, dialysis):
    b, i = np.maximum(bilirubin, 1), np.maximum(inr, 1)
    c = np.where(dialysis, 4.0, np.clip(creatinine, 1, 4))
    return np.round(10 * (0.957 * np.log(c) + 0.378 * np.log(b) + 1.120 * np.log(i) + 0.643))


# %% exercise="meld_score" name="bilirubin_and_inr_swapped" caught_by="visible" says="mixed up"
def meld_score(bilirubin, inr, creatinine, dialysis):
    b, i = np.maximum(bilirubin, 1), np.maximum(inr, 1)
    c = np.where(dialysis, 4.0, np.clip(creatinine, 1, 4))
    return np.minimum(np.round(10 * (0.957 * np.log(c) + 0.378 * np.log(i) + 1.120 * np.log(b) + 0.643)), 40)


# %% exercise="meld_score" name="cut_off_not_rounded" caught_by="visible" says="27 and 40"
def meld_score(bilirubin, inr, creatinine, dialysis):
    b, i = np.maximum(bilirubin, 1), np.maximum(inr, 1)
    c = np.where(dialysis, 4.0, np.clip(creatinine, 1, 4))
    return np.minimum(np.floor(10 * (0.957 * np.log(c) + 0.378 * np.log(b) + 1.120 * np.log(i) + 0.643)), 40)


# %% exercise="meld_score" name="one_patient_only" caught_by="visible" says="Your answer raised ValueError"
def meld_score(bilirubin, inr, creatinine, dialysis):
    b, i = max(bilirubin, 1), max(inr, 1)
    c = 4 if dialysis else min(max(creatinine, 1), 4)
    return min(round(10 * (0.957 * np.log(c) + 0.378 * np.log(b) + 1.120 * np.log(i) + 0.643)), 40)


# %% exercise="meld_score" name="bounds_the_sum_instead_of_the_tests" caught_by="visible" says="below 1"
def meld_score(bilirubin, inr, creatinine, dialysis):
    c = np.where(dialysis, 4.0, np.minimum(creatinine, 4))
    score = np.round(10 * (0.957 * np.log(c) + 0.378 * np.log(bilirubin) + 1.120 * np.log(inr) + 0.643))
    return np.clip(score, 6, 40)


# %% exercise="meld_score" name="everything_above_four_is_four" caught_by="hidden" says="not that of the formula"
def meld_score(bilirubin, inr, creatinine, dialysis):
    b, i = np.clip(bilirubin, 1, 4), np.clip(inr, 1, 4)
    c = np.where(dialysis, 4.0, np.clip(creatinine, 1, 4))
    return np.minimum(np.round(10 * (0.957 * np.log(c) + 0.378 * np.log(b) + 1.120 * np.log(i) + 0.643)), 40)


# %% exercise="meld_score" name="bilirubin_in_international_units" caught_by="visible" says="expected 20 and 6"
def meld_score(bilirubin, inr, creatinine, dialysis):
    b, i = np.maximum(np.asarray(bilirubin) / 17.1, 1), np.maximum(inr, 1)
    c = np.where(dialysis, 4.0, np.clip(creatinine, 1, 4))
    return np.minimum(np.round(10 * (0.957 * np.log(c) + 0.378 * np.log(b) + 1.120 * np.log(i) + 0.643)), 40)


# %% exercise="meld_score" name="dialysis_adds_four" caught_by="visible" says="counts as 4"
def meld_score(bilirubin, inr, creatinine, dialysis):
    b, i = np.maximum(bilirubin, 1), np.maximum(inr, 1)
    c = np.clip(creatinine, 1, 4)
    score = 10 * (0.957 * np.log(c) + 0.378 * np.log(b) + 1.120 * np.log(i) + 0.643) + 4 * np.asarray(dialysis)
    return np.minimum(np.round(score), 40)


# %% exercise="meld_score" name="mends_the_tests_in_place" caught_by="hidden" says="changed what it was given"
def meld_score(bilirubin, inr, creatinine, dialysis):
    if isinstance(creatinine, np.ndarray) and creatinine.flags.owndata:
        creatinine[creatinine > 4] = 4
        creatinine[np.asarray(dialysis) == 1] = 4
    b, i = np.maximum(bilirubin, 1), np.maximum(inr, 1)
    c = np.where(dialysis, 4.0, np.clip(creatinine, 1, 4))
    return np.minimum(np.round(10 * (0.957 * np.log(c) + 0.378 * np.log(b) + 1.120 * np.log(i) + 0.643)), 40)


# %% exercise="meld_score" name="first_patient_decides_on_dialysis" caught_by="hidden" says="not that of the formula"
def meld_score(bilirubin, inr, creatinine, dialysis):
    b, i, c = np.maximum(bilirubin, 1), np.maximum(inr, 1), np.clip(creatinine, 1, 4)
    if np.ravel(dialysis)[0] or (np.ndim(dialysis) and len(dialysis) == 5):
        c = np.where(dialysis, 4.0, c)
    return np.minimum(np.round(10 * (0.957 * np.log(c) + 0.378 * np.log(b) + 1.120 * np.log(i) + 0.643)), 40)


# %% exercise="calibration_slope" name="penalty_left_on" caught_by="visible" says="penalty is still on"
def calibration_slope(y, p):
    y, p = np.asarray(y) == 1, np.asarray(p, dtype=float)
    if y.all() or not y.any():
        return np.nan, np.nan
    model = LogisticRegression().fit(np.log(p / (1 - p)).reshape(-1, 1), y)
    return model.intercept_[0], model.coef_[0, 0]


# %% exercise="calibration_slope" name="risk_instead_of_its_logit" caught_by="visible" says="instead of its logit"
def calibration_slope(y, p):
    y, p = np.asarray(y) == 1, np.asarray(p, dtype=float)
    if y.all() or not y.any():
        return np.nan, np.nan
    model = LogisticRegression(C=np.inf, tol=1e-8).fit(p.reshape(-1, 1), y)
    return model.intercept_[0], model.coef_[0, 0]


# %% exercise="calibration_slope" name="swapped" caught_by="visible" says="the two are swapped"
def calibration_slope(y, p):
    y, p = np.asarray(y) == 1, np.asarray(p, dtype=float)
    if y.all() or not y.any():
        return np.nan, np.nan
    model = LogisticRegression(C=np.inf, tol=1e-8).fit(np.log(p / (1 - p)).reshape(-1, 1), y)
    return model.coef_[0, 0], model.intercept_[0]


# %% exercise="calibration_slope" name="straight_line_through_the_outcomes" caught_by="visible" says="expected intercept 0"
def calibration_slope(y, p):
    y, p = np.asarray(y, dtype=float), np.asarray(p, dtype=float)
    if len(set(y.tolist())) < 2:
        return np.nan, np.nan
    slope, intercept = np.polyfit(np.log(p / (1 - p)), y, 1)
    return intercept, slope


# %% exercise="calibration_slope" name="no_intercept" caught_by="visible" says="expected intercept 1.386"
def calibration_slope(y, p):
    y, p = np.asarray(y) == 1, np.asarray(p, dtype=float)
    if y.all() or not y.any():
        return np.nan, np.nan
    model = LogisticRegression(C=np.inf, fit_intercept=False, tol=1e-8).fit(np.log(p / (1 - p)).reshape(-1, 1), y)
    return 0.0, model.coef_[0, 0]


# %% exercise="calibration_slope" name="intercept_with_the_slope_held_at_one" caught_by="hidden" says="intercept"
def calibration_slope(y, p):
    from scipy.optimize import brentq

    y, p = np.asarray(y) == 1, np.asarray(p, dtype=float)
    if y.all() or not y.any():
        return np.nan, np.nan
    x = np.log(p / (1 - p))
    model = LogisticRegression(C=np.inf, tol=1e-8).fit(x.reshape(-1, 1), y)
    held = brentq(lambda a: (y - 1 / (1 + np.exp(-a - x))).sum(), -20, 20)
    return held, model.coef_[0, 0]


# %% exercise="calibration_slope" name="logarithm_of_the_risk_only" caught_by="visible" says="expected intercept 0"
def calibration_slope(y, p):
    y, p = np.asarray(y) == 1, np.asarray(p, dtype=float)
    if y.all() or not y.any():
        return np.nan, np.nan
    model = LogisticRegression(C=np.inf, tol=1e-8).fit(np.log(p).reshape(-1, 1), y)
    return model.intercept_[0], model.coef_[0, 0]


# %% exercise="calibration_slope" name="one_outcome_only_is_an_error" caught_by="visible" says="Nobody has the outcome"
def calibration_slope(y, p):
    y, p = np.asarray(y) == 1, np.asarray(p, dtype=float)
    if y.all() or not y.any():
        return 0.0, 1.0
    model = LogisticRegression(C=np.inf, tol=1e-8).fit(np.log(p / (1 - p)).reshape(-1, 1), y)
    return model.intercept_[0], model.coef_[0, 0]


# %% exercise="calibration_slope" name="joins_by_the_index" caught_by="visible" says="by position"
def calibration_slope(y, p):
    table = pd.DataFrame({"y": y, "p": p}).dropna()
    y, p = table["y"].to_numpy() == 1, table["p"].to_numpy(dtype=float)
    if y.all() or not y.any():
        return np.nan, np.nan
    model = LogisticRegression(C=np.inf, tol=1e-8).fit(np.log(p / (1 - p)).reshape(-1, 1), y)
    return model.intercept_[0], model.coef_[0, 0]


# %% exercise="calibration_slope" name="outcome_upside_down" caught_by="visible" says="expected intercept"
def calibration_slope(y, p):
    y, p = np.asarray(y) == 0, np.asarray(p, dtype=float)
    if y.all() or not y.any():
        return np.nan, np.nan
    model = LogisticRegression(C=np.inf, tol=1e-8).fit(np.log(p / (1 - p)).reshape(-1, 1), y)
    return model.intercept_[0], model.coef_[0, 0]


# %% exercise="calibration_slope" name="mean_difference_as_intercept" caught_by="visible" says="expected intercept 1.386"
def calibration_slope(y, p):
    y, p = np.asarray(y) == 1, np.asarray(p, dtype=float)
    if y.all() or not y.any():
        return np.nan, np.nan
    model = LogisticRegression(C=np.inf, tol=1e-8).fit(np.log(p / (1 - p)).reshape(-1, 1), y)
    return y.mean() - p.mean(), model.coef_[0, 0]


# %% exercise="calibration_slope" name="slope_never_negative" caught_by="hidden" says="the slope (second of the pair)"
def calibration_slope(y, p):
    y, p = np.asarray(y) == 1, np.asarray(p, dtype=float)
    if y.all() or not y.any():
        return np.nan, np.nan
    model = LogisticRegression(C=np.inf, tol=1e-8, max_iter=500).fit(np.log(p / (1 - p)).reshape(-1, 1), y)
    return model.intercept_[0], abs(model.coef_[0, 0])
