# %% exercise="make_standard_normal" name="numpy_and_frames_again"
def make_standard_normal(df_train, df_test):
    train, test = np.log(df_train.to_numpy(dtype=float)), np.log(df_test.to_numpy(dtype=float))
    mean, spread = np.mean(train, axis=0), np.std(train, axis=0, ddof=1)
    return (
        pd.DataFrame((train - mean) / spread, index=df_train.index, columns=df_train.columns),
        pd.DataFrame((test - mean) / spread, index=df_test.index, columns=df_test.columns),
    )


# %% exercise="make_standard_normal" name="logarithm_to_base_10_column_by_column"
def make_standard_normal(df_train, df_test):
    train, test = df_train.astype(float), df_test.astype(float)
    for name in train.columns:
        values = np.log10(df_train[name])
        m, s = values.mean(), values.std()
        train[name] = (values - m) / s
        test[name] = (np.log10(df_test[name]) - m) / s
    return train, test


# %% exercise="make_standard_normal" name="scikit_learn_scaler_mended"
def make_standard_normal(df_train, df_test):
    from sklearn.preprocessing import StandardScaler

    scaler = StandardScaler().fit(np.log(df_train.to_numpy(dtype="float64")))
    ratio = np.sqrt((len(df_train) - 1) / len(df_train))
    results = []
    for frame in (df_train, df_test):
        new = frame.astype("float64")
        if len(frame):
            new.loc[:, :] = scaler.transform(np.log(frame.to_numpy(dtype="float64"))) * ratio
        results.append(new)
    return results


# %% exercise="make_standard_normal" name="apply_with_lambda_returns_a_list"
def make_standard_normal(df_train, df_test):
    ruler = {name: (np.log(df_train[name]).mean(), np.log(df_train[name]).std()) for name in df_train}
    scaled = [
        frame.apply(lambda column: (np.log(column) - ruler[column.name][0]) / ruler[column.name][1])
        for frame in (df_train, df_test)
    ]
    return scaled


# %% exercise="lr_model" name="one_line"
def lr_model(X_train, y_train):
    return LogisticRegression().fit(X_train, y_train)


# %% exercise="lr_model" name="newton_with_many_steps"
def lr_model(X_train, y_train):
    return LogisticRegression(solver="newton-cholesky", max_iter=10_000).fit(
        np.array(X_train, dtype=float), np.array(y_train) == 1
    )


# %% exercise="lr_model" name="liblinear"
def lr_model(X_train, y_train):
    model = LogisticRegression(solver="liblinear", max_iter=5000, random_state=3)
    return model.fit(X_train, y_train)


# %% exercise="lr_model" name="saga_on_arrays"
def lr_model(X_train, y_train):
    model = LogisticRegression(C=1.0, fit_intercept=True, solver="saga", max_iter=5000, random_state=0)
    model.fit(np.asarray(X_train, dtype=float), np.asarray(y_train).astype(int))
    return model


# %% exercise="cindex" name="two_loops"
def cindex(y_true, scores):
    y_true, scores = list(y_true), list(scores)
    concordant, ties, permissible = 0, 0, 0
    for i in range(len(y_true)):
        for j in range(i + 1, len(y_true)):
            if y_true[i] != y_true[j]:
                permissible += 1
                if scores[i] == scores[j]:
                    ties += 1
                elif (y_true[i] > y_true[j]) == (scores[i] > scores[j]):
                    concordant += 1
    return np.nan if permissible == 0 else (concordant + 0.5 * ties) / permissible


# %% exercise="cindex" name="area_under_the_roc_curve"
def cindex(y_true, scores):
    from sklearn.metrics import roc_auc_score

    y_true = np.asarray(y_true).astype(int)
    if len(np.unique(y_true)) < 2:
        return np.nan
    return roc_auc_score(y_true, np.asarray(scores, dtype=float))


# %% exercise="cindex" name="ranks"
def cindex(y_true, scores):
    from scipy.stats import rankdata

    y = np.asarray(y_true, dtype=float)
    n1, n0 = (y == 1).sum(), (y == 0).sum()
    if n1 * n0 == 0:
        return np.float64("nan")
    ranks = rankdata(np.asarray(scores, dtype=float))
    return (ranks[y == 1].sum() - n1 * (n1 + 1) / 2) / (n1 * n0)


# %% exercise="cindex" name="lifelines"
def cindex(y_true, scores):
    from lifelines.utils import concordance_index

    y = np.asarray(y_true).astype(bool)
    if y.all() or not y.any():
        return np.array(np.nan)
    return concordance_index(np.where(y, 1, 2), -np.asarray(scores, dtype=float), y)


# %% exercise="cindex" name="sorted_and_searched"
def cindex(y_true, scores):
    y, s = np.array(y_true) == 1, np.array(scores, dtype="float64")
    low, high = np.sort(s[~y]), s[y]
    if not len(low) * len(high):
        return float("nan")
    return float((np.searchsorted(low, high, "left") + np.searchsorted(low, high, "right")).mean() / 2 / len(low))


# %% exercise="add_interactions" name="combinations_and_concat"
def add_interactions(X):
    from itertools import combinations

    products = [(X[a] * X[b]).rename(f"{a}_x_{b}") for a, b in combinations(X.columns, 2)]
    return pd.concat([X.copy(), *products], axis=1) if products and X.index.is_unique else _by_assign(X)


def _by_assign(X):
    names = list(X)
    return X.assign(**{a + "_x_" + b: X[a].values * X[b].values for i, a in enumerate(names) for b in names[i + 1 :]})


# %% exercise="add_interactions" name="products_first"
def add_interactions(X):
    names = X.columns.tolist()
    table = {}
    for position, second in enumerate(names):
        for first in names[:position]:
            table["_x_".join([first, second])] = X[first].to_numpy() * X[second].to_numpy()
    for name in names:
        table[name] = X[name].to_numpy()
    return pd.DataFrame(table, index=X.index)


# %% exercise="add_interactions" name="scikit_learn"
def add_interactions(X):
    from sklearn.preprocessing import PolynomialFeatures

    if len(X) == 0 or X.shape[1] < 2:
        result = X.copy()
        for i, a in enumerate(X.columns):
            for b in X.columns[i + 1 :]:
                result[f"{a}_x_{b}"] = X[a] * X[b]
        return result
    maker = PolynomialFeatures(degree=2, interaction_only=True, include_bias=False)
    values = maker.fit_transform(X.to_numpy(dtype=float))
    powers = maker.powers_
    names = ["_x_".join(X.columns[k] for k in np.flatnonzero(row)) for row in powers]
    return pd.DataFrame(values, columns=names, index=X.index)


# %% exercise="add_interactions" name="deep_copy_and_insert"
def add_interactions(X):
    new = X.copy(deep=True)
    for i in range(X.shape[1]):
        for j in range(i):
            new.insert(0, f"{X.columns[j]}_x_{X.columns[i]}", X.iloc[:, j] * X.iloc[:, i])
    return new


# %% exercise="chads_vasc_score" name="where"
def chads_vasc_score(age, female, heart_failure, hypertension, diabetes, stroke, vascular_disease):
    score = np.where(np.asarray(age) >= 75, 2, np.where(np.asarray(age) >= 65, 1, 0)).astype(float)
    for flag, worth in (
        (female, 1),
        (heart_failure, 1),
        (hypertension, 1),
        (diabetes, 1),
        (stroke, 2),
        (vascular_disease, 1),
    ):
        score = score + worth * np.asarray(flag, dtype=float)
    return score


# %% exercise="chads_vasc_score" name="patient_by_patient"
def chads_vasc_score(age, female, heart_failure, hypertension, diabetes, stroke, vascular_disease):
    def one(a, *flags):
        points = 2 if a >= 75 else 1 if a >= 65 else 0
        return points + sum(w for f, w in zip(flags, (1, 1, 1, 1, 2, 1)) if f)

    everything = (age, female, heart_failure, hypertension, diabetes, stroke, vascular_disease)
    if np.ndim(age) == 0:
        return one(*everything)
    return [one(*row) for row in zip(*everything)]


# %% exercise="chads_vasc_score" name="matrix_product"
def chads_vasc_score(age, female, heart_failure, hypertension, diabetes, stroke, vascular_disease):
    age = np.asarray(age, dtype=float)
    columns = [age >= 65, age >= 75, female, heart_failure, hypertension, diabetes, stroke, vascular_disease]
    return np.tensordot([1, 1, 1, 1, 1, 1, 2, 1], np.array([np.asarray(c, dtype=int) for c in columns]), axes=1)


# %% exercise="meld_score" name="patient_by_patient"
def meld_score(bilirubin, inr, creatinine, dialysis):
    from math import log

    def one(b, i, c, d):
        b, i, c = max(b, 1), max(i, 1), max(c, 1)
        if d or c > 4:
            c = 4
        return min(round(9.57 * log(c) + 3.78 * log(b) + 11.2 * log(i) + 6.43), 40)

    if np.ndim(bilirubin) == 0:
        return one(bilirubin, inr, creatinine, dialysis)
    return [one(*row) for row in zip(bilirubin, inr, creatinine, dialysis)]


# %% exercise="meld_score" name="round_to_a_tenth_first_as_the_policy_says"
def meld_score(bilirubin, inr, creatinine, dialysis):
    bilirubin, inr, creatinine = (
        np.clip(np.asarray(x, dtype="float64"), 1, None) for x in (bilirubin, inr, creatinine)
    )
    creatinine = np.where(np.asarray(dialysis, dtype=bool) | (creatinine > 4), 4, creatinine)
    score = np.round(0.957 * np.log(creatinine) + 0.378 * np.log(bilirubin) + 1.120 * np.log(inr) + 0.643, 1) * 10
    return np.clip(np.rint(score), 6, 40).astype(int)


# %% exercise="meld_score" name="frame_in_between"
def meld_score(bilirubin, inr, creatinine, dialysis):
    single = np.ndim(bilirubin) == 0
    table = pd.DataFrame(
        {"b": np.atleast_1d(bilirubin), "i": np.atleast_1d(inr), "c": np.atleast_1d(creatinine)}, dtype=float
    ).clip(lower=1)
    table.loc[np.atleast_1d(dialysis).astype(bool), "c"] = 4
    table["c"] = table["c"].clip(upper=4)
    score = (10 * (np.log(table) @ pd.Series({"b": 0.378, "i": 1.12, "c": 0.957}) + 0.643)).round().clip(upper=40)
    return score.iloc[0] if single else score


# %% exercise="calibration_slope" name="scipy_minimise"
def calibration_slope(y, p):
    from scipy.optimize import minimize

    y, p = np.asarray(y, dtype=float), np.asarray(p, dtype="float64")
    if len(np.unique(y)) < 2:
        return np.nan, np.nan
    x = np.log(p) - np.log(1 - p)

    def loss(beta):
        eta = beta[0] + beta[1] * x
        return (np.logaddexp(0, eta) - y * eta).sum()

    return tuple(minimize(loss, [0.0, 1.0], method="BFGS").x)


# %% exercise="calibration_slope" name="scikit_learn_as_it_stands"
def calibration_slope(y, p):
    y, p = np.array(y).astype(int), np.array(p, dtype=float)
    if y.sum() in (0, len(y)):
        return [np.nan, np.nan]
    model = LogisticRegression(C=np.inf).fit(np.log(p / (1 - p))[:, None], y)
    return [float(model.intercept_[0]), float(model.coef_[0][0])]


# %% exercise="calibration_slope" name="hardly_any_penalty"
def calibration_slope(y, p):
    from scipy.special import logit

    y = np.asarray(y, dtype=int)
    if y.size == 0 or y.min() == y.max():
        return np.array([np.nan, np.nan])
    model = LogisticRegression(C=1e9, solver="newton-cg", max_iter=1000)
    model.fit(logit(np.asarray(p, dtype="float64")).reshape(-1, 1), y)
    return np.array([model.intercept_[0], model.coef_[0, 0]])


# %% exercise="calibration_slope" name="newton_by_hand"
def calibration_slope(y, p):
    y = np.asarray(y).astype(float)
    p = np.asarray(p).astype(float)
    if len(y) == 0 or y.mean() in (0, 1):
        return float("nan"), float("nan")
    X = np.stack([np.ones(len(p)), np.log(p / (1 - p))], axis=1)
    beta = np.zeros(2)
    for _ in range(100):
        risk = 1 / (1 + np.exp(-X @ beta))
        beta += 0.7 * np.linalg.solve(X.T @ (X * (risk * (1 - risk))[:, None]), X.T @ (y - risk))
    return beta[0], beta[1]
