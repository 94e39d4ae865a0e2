# %% exercise="fraction_rows_missing" name="loops"
def fraction_rows_missing(df):
    gaps = 0
    for row in df.itertuples(index=False):
        if any(pd.isna(value) for value in row):
            gaps += 1
    return gaps / len(df) if len(df) else float("nan")


# %% exercise="fraction_rows_missing" name="what_dropna_drops"
def fraction_rows_missing(df):
    return 1 - np.float64(len(df.dropna())) / len(df) if len(df) else np.nan


# %% exercise="fraction_rows_missing" name="numpy_in_single_precision"
def fraction_rows_missing(df):
    gone = df.isnull().to_numpy()
    return np.float32(np.nan) if gone.shape[0] == 0 else gone.any(axis=1).astype(np.float32).mean()


# %% exercise="fraction_rows_missing" name="counts_per_row"
def fraction_rows_missing(df):
    return (df.count(axis=1) < df.shape[1]).mean()


# %% exercise="missingness_by_group" name="loops"
def missingness_by_group(df, column, by):
    rows = {}
    for group in df[by].dropna().unique():
        values = df.loc[df[by] == group, column]
        there = [float(value) for value in values if not np.isnan(value)]
        rows[group] = [1 - len(there) / len(values), sum(there) / len(there) if there else np.nan]
    return pd.DataFrame.from_dict(rows, orient="index", columns=["share_missing", "mean_observed"])


# %% exercise="missingness_by_group" name="agg_with_names"
def missingness_by_group(df, column, by):
    pair = pd.DataFrame({"g": df[by].to_numpy(), "x": df[column].to_numpy(dtype=float)}).dropna(subset="g")
    return pair.groupby("g", observed=True)["x"].agg(share_missing=lambda x: x.isna().mean(), mean_observed="mean")


# %% exercise="missingness_by_group" name="assign_on_a_copy_backwards"
def missingness_by_group(df, column, by):
    table = df.assign(share_missing=df[column].isna().astype("float32"), mean_observed=df[column])
    return table.groupby(by, observed=True)[["mean_observed", "share_missing"]].mean().iloc[::-1]


# %% exercise="decision_tree_classifier" name="number_of_leaves"
def decision_tree_classifier(X_train, y_train, X_val, y_val, rng):
    if isinstance(rng, np.random.Generator):
        rng = int(rng.integers(0, 1000))
    trees = [DecisionTreeClassifier(max_leaf_nodes=leaves, random_state=rng) for leaves in (4, 8, 12, 16, 20, 30)]
    scores = [roc_auc_score(y_val, tree.fit(X_train, y_train).predict_proba(X_val)[:, 1]) for tree in trees]
    return trees[int(np.argmax(scores))]


# %% exercise="decision_tree_classifier" name="cost_complexity_and_leaf_size_on_arrays"
def decision_tree_classifier(X_train, y_train, X_val, y_val, rng):
    best, best_score = None, 0
    X, y = np.asarray(X_train), np.asarray(y_train)
    for leaf in (20, 30, 40, 60, 80):
        for alpha in (0.0, 0.0005, 0.001):
            tree = DecisionTreeClassifier(criterion="entropy", min_samples_leaf=leaf, ccp_alpha=alpha, max_depth=6).fit(
                X, y
            )
            score = roc_auc_score(y_val, tree.predict_proba(np.asarray(X_val))[:, 1])
            if score > best_score:
                best, best_score = tree, score
    return best


# %% exercise="decision_tree_classifier" name="balanced_weights"
def decision_tree_classifier(X_train, y_train, X_val, y_val, rng):
    best, best_score = None, -1
    for depth in range(2, 9):
        for leaf in (20, 50):
            tree = DecisionTreeClassifier(
                max_depth=depth, min_samples_leaf=leaf, class_weight="balanced", random_state=1
            )
            tree.fit(X_train, y_train)
            score = roc_auc_score(y_val, tree.predict_proba(X_val)[:, 1])
            if score >= best_score:
                best, best_score = tree, score
    return best


# %% exercise="holdout_grid_search" name="itertools"
def holdout_grid_search(clf, X_train, y_train, X_val, y_val, hyperparams, fixed_hyperparams={}):
    import itertools

    names, fits = list(hyperparams), []
    for values in itertools.product(*(hyperparams[name] for name in names)):
        settings = dict(zip(names, values))
        estimator = clf(**{**fixed_hyperparams, **settings})
        estimator.fit(X_train, y_train)
        fits.append((roc_auc_score(y_val, estimator.predict_proba(X_val)[:, 1]), len(fits), estimator, settings))
    return max(fits, key=lambda fit: fit[0])[2:]


# %% exercise="holdout_grid_search" name="last_of_equals_with_the_fixed_ones"
def holdout_grid_search(clf, X_train, y_train, X_val, y_val, hyperparams, fixed_hyperparams=None):
    fixed, best_score, answer = dict(fixed_hyperparams or {}), -1, None
    for settings in ParameterGrid(hyperparams):
        everything = {**settings, **fixed}
        estimator = clf(**everything).fit(X_train, y_train)
        score = roc_auc_score(y_val, estimator.predict_proba(X_val)[:, 1])
        if score >= best_score:
            best_score, answer = score, [estimator, everything]
    return answer


# %% exercise="holdout_grid_search" name="counts_pairs_itself"
def holdout_grid_search(clf, X_train, y_train, X_val, y_val, hyperparams, fixed_hyperparams={}):
    y, best, best_score = np.asarray(y_val), None, -1.0
    for settings in ParameterGrid(hyperparams):
        estimator = clf(**settings, **fixed_hyperparams).fit(X_train, y_train)
        risk = estimator.predict_proba(X_val)[:, 1]
        pairs = risk[y == 1][:, None] - risk[y == 0][None, :]
        score = (pairs > 0).mean() + 0.5 * (pairs == 0).mean()
        if score > best_score + 1e-12:
            best, best_score = (estimator, dict(settings)), score
    return best


# %% exercise="random_forest_grid_search" name="calls_the_search"
def random_forest_grid_search(X_train, y_train, X_val, y_val):
    grid = {"max_depth": [4, 6, 8], "min_samples_leaf": [10]}
    return holdout_grid_search(
        RandomForestClassifier, X_train, y_train, X_val, y_val, grid, {"n_estimators": 20, "random_state": 10}
    )


# %% exercise="random_forest_grid_search" name="no_seed"
def random_forest_grid_search(X_train, y_train, X_val, y_val):
    best, best_score = None, -1
    for leaf in (10, 20, 40):
        forest = RandomForestClassifier(n_estimators=30, min_samples_leaf=leaf).fit(X_train, y_train)
        score = roc_auc_score(y_val, forest.predict_proba(X_val)[:, 1])
        if score > best_score:
            best, best_score = (forest, {"min_samples_leaf": leaf, "n_estimators": 30}), score
    return best


# %% exercise="random_forest_grid_search" name="balanced_without_bootstrap"
def random_forest_grid_search(X_train, y_train, X_val, y_val):
    fits = []
    for depth in (5, 7):
        settings = {"max_depth": depth, "min_samples_leaf": 10, "class_weight": "balanced", "max_features": 2}
        forest = RandomForestClassifier(n_estimators=30, random_state=3, **settings).fit(
            np.asarray(X_train), np.asarray(y_train)
        )
        fits.append([roc_auc_score(y_val, forest.predict_proba(np.asarray(X_val))[:, 1]), forest, settings])
    return max(fits, key=lambda fit: fit[0])[1:]


# %% exercise="bad_subset" name="worst_side_of_the_deciles"
def bad_subset(forest, X_test, y_test):
    y, worst = np.asarray(y_test), (np.nan, 0)
    risk = forest.predict_proba(X_test)[:, 1]
    for name in X_test.columns:
        values = X_test[name].to_numpy()
        for cut in np.unique(np.quantile(values, np.arange(0.1, 0.95, 0.1))):
            for inside in (values <= cut, values > cut):
                if inside.sum() >= 250 and len(set(y[inside])) == 2:
                    cindex = roc_auc_score(y[inside], risk[inside])
                    if cindex < 0.69 and not cindex >= worst[0]:
                        worst = cindex, inside.sum()
    return worst


# %% exercise="bad_subset" name="under_62_counting_pairs"
def bad_subset(forest, X_test, y_test):
    young = X_test[(X_test["age"] < 62).to_numpy()]
    y = np.asarray(y_test)[(X_test["age"] < 62).to_numpy()]
    if len(young) < 250 or y.min() == y.max():
        return float("nan"), 0.0
    risk = np.asarray(forest.predict_proba(young))[:, 1]
    dead, alive = risk[y == 1], risk[y == 0]
    good = sum((dead > value).sum() + 0.5 * (dead == value).sum() for value in alive)
    cindex = good / (len(dead) * len(alive))
    return [cindex, float(len(young))] if cindex < 0.69 else [float("nan"), 0.0]


# %% exercise="bad_subset" name="the_younger_half"
def bad_subset(forest, X_test, y_test):
    inside = X_test["age"].to_numpy() <= np.median(X_test["age"])
    y = np.asarray(y_test)[inside]
    if inside.sum() >= 250 and 0 < y.sum() < len(y):
        cindex = roc_auc_score(y, forest.predict_proba(X_test[inside])[:, 1])
        if cindex < 0.69:
            return cindex, inside.sum()
    return np.nan, 0


# %% exercise="find_derived_columns" name="linear_regression"
def find_derived_columns(df):
    from sklearn.linear_model import LinearRegression

    complete = df.dropna().astype(float)
    found = set()
    for name in complete.columns:
        others, y = complete.drop(columns=name), complete[name]
        left = y - LinearRegression().fit(others, y).predict(others)
        if left.abs().max() < 1e-5 * y.std():
            found.add(name)
    return found


# %% exercise="find_derived_columns" name="rank_of_the_table"
def find_derived_columns(df):
    values = df.dropna().to_numpy(dtype=float)
    values = (values - values.mean(axis=0)) / values.std(axis=0)
    rank = np.linalg.matrix_rank(values, tol=1e-4)
    return tuple(
        name
        for j, name in enumerate(df.columns)
        if values.shape[1] > 1 and np.linalg.matrix_rank(np.delete(values, j, axis=1), tol=1e-4) == rank
    )


# %% exercise="find_derived_columns" name="share_explained"
def find_derived_columns(df):
    complete = df[df.notna().all(axis=1)].astype("float64")
    keep = []
    for name in df.columns:
        design = np.column_stack([np.ones(len(complete)), complete[[other for other in df.columns if other != name]]])
        y = complete[name].to_numpy()
        beta, *_ = np.linalg.lstsq(design, y, rcond=None)
        keep.append(((y - design @ beta) ** 2).sum() / ((y - y.mean()) ** 2).sum() < 1e-11)
    return df.columns[keep]


# %% exercise="mean_impute" name="simple_imputer"
def mean_impute(X_train, X_val, X_test):
    imputer = SimpleImputer(strategy="mean").fit(X_train)
    tables = []
    for table in (X_train, X_val, X_test):
        filled = (
            table.astype(float)
            if len(table) == 0
            else pd.DataFrame(imputer.transform(table), table.index, table.columns)
        )
        tables.append(filled)
    return tables


# %% exercise="mean_impute" name="loops"
def mean_impute(X_train, X_val, X_test):
    answer = []
    for table in (X_train, X_val, X_test):
        filled = table.copy()
        for name in table.columns:
            values = [float(value) for value in X_train[name] if not pd.isna(value)]
            filled[name] = [sum(values) / len(values) if pd.isna(value) else value for value in table[name]]
        answer.append(filled)
    return tuple(answer)


# %% exercise="mean_impute" name="where"
def mean_impute(X_train, X_val, X_test):
    means = np.nanmean(X_train.to_numpy(dtype=float), axis=0)
    return [
        pd.DataFrame(
            np.where(np.isnan(table.to_numpy(dtype=float)), means, table.to_numpy(dtype=float)),
            index=table.index,
            columns=table.columns,
        )
        for table in (X_train, X_val, X_test)
    ]


# %% exercise="iterative_impute" name="within_the_range"
def iterative_impute(X_train, X_val, X_test):
    imputer = IterativeImputer(
        max_iter=50, tol=1e-4, random_state=5, min_value=X_train.min() - 5, max_value=X_train.max() + 5
    )
    imputer.fit(X_train.to_numpy())
    return [
        pd.DataFrame(imputer.transform(t.to_numpy()), index=t.index, columns=t.columns)
        for t in (X_train, X_val, X_test)
    ]


# %% exercise="iterative_impute" name="linear_regression_in_rounds_by_hand"
def iterative_impute(X_train, X_val, X_test):
    tables = [t.to_numpy(dtype=float) for t in (X_train, X_val, X_test)]
    gone = [np.isnan(t) for t in tables]
    means = np.nanmean(tables[0], axis=0)
    filled = [np.where(g, means, t) for t, g in zip(tables, gone)]
    steps = []
    for _ in range(20):
        for j in np.flatnonzero(np.isnan(np.vstack(tables)).any(axis=0)):
            X = np.column_stack([np.ones(len(filled[0])), np.delete(filled[0], j, axis=1)])
            rows = ~gone[0][:, j]
            beta = np.linalg.lstsq(X[rows], filled[0][rows, j], rcond=None)[0]
            for f, g in zip(filled, gone):
                guess = np.column_stack([np.ones(len(f)), np.delete(f, j, axis=1)]) @ beta
                f[g[:, j], j] = guess[g[:, j]]
    return [pd.DataFrame(f, index=t.index, columns=t.columns) for f, t in zip(filled, (X_train, X_val, X_test))]


# %% exercise="iterative_impute" name="ridge"
def iterative_impute(X_train, X_val, X_test):
    from sklearn.linear_model import Ridge

    imputer = IterativeImputer(Ridge(alpha=0.01), max_iter=40, random_state=9, imputation_order="descending")
    imputer.set_output(transform="pandas").fit(X_train)
    answer = (imputer.transform(X_train), imputer.transform(X_val), imputer.transform(X_test))
    return tuple(filled.set_axis(table.index) for filled, table in zip(answer, (X_train, X_val, X_test)))


# %% exercise="cindex_interval" name="counts_pairs"
def cindex_interval(y_true, scores_a, scores_b, n_boot, rng, level=0.95):
    y = np.array(y_true).astype(bool)
    a, b = np.array(scores_a, dtype=float), np.array(scores_b, dtype=float)
    rng = np.random.default_rng(rng)

    def cindex(y, s):
        if y.all() or not y.any():
            return np.nan
        pairs = s[y][:, None] - s[~y][None, :]
        return (pairs > 0).mean() + (pairs == 0).mean() / 2

    difference = cindex(y, a) - cindex(y, b)
    if np.isnan(difference):
        return [np.nan] * 3
    found = []
    for _ in range(n_boot):
        rows = rng.choice(len(y), size=len(y), replace=True)
        found.append(cindex(y[rows], a[rows]) - cindex(y[rows], b[rows]))
    low, high = np.nanquantile(found, [(1 - level) / 2, (1 + level) / 2])
    return np.array([difference, low, high])


# %% exercise="cindex_interval" name="frames_and_percentiles"
def cindex_interval(y_true, scores_a, scores_b, n_boot, rng, level=0.95):
    table = pd.DataFrame({"y": list(y_true), "a": list(scores_a), "b": list(scores_b)}).astype(float)
    if table["y"].nunique() < 2:
        return float("nan"), float("nan"), float("nan")
    rng = rng if isinstance(rng, np.random.Generator) else np.random.default_rng(rng)

    def drop(rows):
        return roc_auc_score(rows["y"], rows["a"]) - roc_auc_score(rows["y"], rows["b"])

    found = []
    while len(found) < n_boot:
        rows = table.sample(frac=1, replace=True, random_state=rng)
        if rows["y"].nunique() == 2:
            found.append(drop(rows))
    return drop(table), np.percentile(found, 50 * (1 - level)), np.percentile(found, 50 * (1 + level))


# %% exercise="cindex_interval" name="mann_whitney"
def cindex_interval(y_true, scores_a, scores_b, n_boot, rng, level=0.95):
    from scipy.stats import rankdata

    y = np.asarray(y_true).astype(int)
    both = np.stack([np.asarray(scores_a, dtype=float), np.asarray(scores_b, dtype=float)])

    def difference(rows):
        dead = y[rows].sum()
        alive = len(rows) - dead
        if dead == 0 or alive == 0:
            return np.nan
        ranks = rankdata(both[:, rows], axis=1)
        area = (ranks[:, y[rows] == 1].sum(axis=1) - dead * (dead + 1) / 2) / (dead * alive)
        return area[0] - area[1]

    first = difference(np.arange(len(y)))
    if first != first:
        return first, first, first
    rng, found = np.random.RandomState(rng if isinstance(rng, int) else int(rng.integers(2**31))), []
    while len(found) < n_boot:
        value = difference(rng.randint(0, len(y), len(y)))
        if value == value:
            found.append(value)
    found = sorted(found)
    return first, float(np.quantile(found, (1 - level) / 2)), float(np.quantile(found, 1 - (1 - level) / 2))
