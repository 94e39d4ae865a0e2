# %% exercise="fraction_rows_missing" name="share_of_values" caught_by="visible" says="the share of values"
def fraction_rows_missing(df):
    return df.isna().to_numpy().mean()


# %% exercise="fraction_rows_missing" name="count_not_share" caught_by="visible" says="is a count"
def fraction_rows_missing(df):
    return df.isna().any(axis=1).sum()


# %% exercise="fraction_rows_missing" name="all_values_missing" caught_by="visible" says="where everything is missing"
def fraction_rows_missing(df):
    return df.isna().all(axis=1).mean()


# %% exercise="fraction_rows_missing" name="no_rows_is_zero" caught_by="visible" says="expected NaN"
def fraction_rows_missing(df):
    return 0.0 if len(df) == 0 else df.isna().any(axis=1).mean()


# %% exercise="fraction_rows_missing" name="no_rows_is_an_error" caught_by="visible" says="division by zero"
def fraction_rows_missing(df):
    return (len(df) - len(df.dropna())) / len(df)


# %% exercise="fraction_rows_missing" name="numbers_only" caught_by="visible" says="None"
def fraction_rows_missing(df):
    return df.select_dtypes("number").isna().any(axis=1).mean()


# %% exercise="fraction_rows_missing" name="empty_text_is_missing" caught_by="hidden" says="one of them empty"
def fraction_rows_missing(df):
    return (df.isna() | (df == "")).any(axis=1).mean()


# %% exercise="fraction_rows_missing" name="labels_not_rows" caught_by="hidden" says="same label everywhere"
def fraction_rows_missing(df):
    if len(df) == 0:
        return np.nan
    gone = df.index[df.isna().any(axis=1)]
    return df.index.isin(gone).mean()


# %% exercise="fraction_rows_missing" name="drops_in_place" caught_by="hidden" says="changed the table"
def fraction_rows_missing(df):
    before = len(df)
    df.dropna(inplace=True)
    return (before - len(df)) / before if before else np.nan


# %% exercise="missingness_by_group" name="share_of_all_gaps" caught_by="visible" says="Divide by the patients of the group"
def missingness_by_group(df, column, by):
    gone = df[column].isna().groupby(df[by], observed=True).sum()
    return pd.DataFrame(
        {"share_missing": gone / gone.sum(), "mean_observed": df[column].groupby(df[by], observed=True).mean()}
    )


# %% exercise="missingness_by_group" name="gaps_count_as_zero" caught_by="visible" says="values that are there"
def missingness_by_group(df, column, by):
    share = df[column].isna().groupby(df[by], observed=True).mean()
    return pd.DataFrame(
        {"share_missing": share, "mean_observed": df[column].fillna(0).groupby(df[by], observed=True).mean()}
    )


# %% exercise="missingness_by_group" name="group_as_a_column" caught_by="visible" says="got {0"
def missingness_by_group(df, column, by):
    share = df[column].isna().groupby(df[by], observed=True).mean()
    mean = df[column].groupby(df[by], observed=True).mean()
    return pd.DataFrame({"share_missing": share, "mean_observed": mean}).reset_index()


# %% exercise="missingness_by_group" name="median" caught_by="hidden" says="a mean of the observed values"
def missingness_by_group(df, column, by):
    share = df[column].isna().groupby(df[by], observed=True).mean()
    return pd.DataFrame({"share_missing": share, "mean_observed": df[column].groupby(df[by], observed=True).median()})


# %% exercise="missingness_by_group" name="nobody_is_zero" caught_by="visible" says="the mean is NaN"
def missingness_by_group(df, column, by):
    share = df[column].isna().groupby(df[by], observed=True).mean()
    return pd.DataFrame(
        {"share_missing": share, "mean_observed": df[column].groupby(df[by], observed=True).mean().fillna(0)}
    )


# %% exercise="missingness_by_group" name="unused_levels" caught_by="hidden" says="each group that has somebody"
def missingness_by_group(df, column, by):
    share = df[column].isna().groupby(df[by], observed=False).mean()
    return pd.DataFrame({"share_missing": share, "mean_observed": df[column].groupby(df[by], observed=False).mean()})


# %% exercise="missingness_by_group" name="no_group_is_a_group" caught_by="hidden" says="each group that has somebody"
def missingness_by_group(df, column, by):
    share = df[column].isna().groupby(df[by], observed=True, dropna=False).mean()
    return pd.DataFrame(
        {"share_missing": share, "mean_observed": df[column].groupby(df[by], observed=True, dropna=False).mean()}
    )


# %% exercise="missingness_by_group" name="adds_a_column" caught_by="hidden" says="changed the table"
def missingness_by_group(df, column, by):
    df["gone"] = df[column].isna()
    groups = df.groupby(by, observed=True)
    return pd.DataFrame({"share_missing": groups["gone"].mean(), "mean_observed": groups[column].mean()})


# %% exercise="decision_tree_classifier" name="unbounded" caught_by="visible" says="Try several sizes"
def decision_tree_classifier(X_train, y_train, X_val, y_val, rng):
    seed = int(rng.integers(2**31)) if isinstance(rng, np.random.Generator) else rng
    return DecisionTreeClassifier(random_state=seed).fit(X_train, y_train)


# %% exercise="decision_tree_classifier" name="depth_three" caught_by="visible" says="expected 0.818"
def decision_tree_classifier(X_train, y_train, X_val, y_val, rng):
    return DecisionTreeClassifier(max_depth=3, random_state=0).fit(X_train, y_train)


# %% exercise="decision_tree_classifier" name="best_on_training_patients" caught_by="visible" says="keep the best on the validation patients"
def decision_tree_classifier(X_train, y_train, X_val, y_val, rng):
    trees = [DecisionTreeClassifier(max_depth=depth, random_state=0).fit(X_train, y_train) for depth in (3, 5, 8, 20)]
    return max(trees, key=lambda tree: roc_auc_score(y_train, tree.predict_proba(X_train)[:, 1]))


# %% exercise="decision_tree_classifier" name="learns_from_validation_too" caught_by="visible" says="validation patients only choose"
def decision_tree_classifier(X_train, y_train, X_val, y_val, rng):
    X, y = np.vstack([X_train, X_val]), np.concatenate([y_train, y_val])
    return DecisionTreeClassifier(max_depth=5, min_samples_leaf=20, random_state=0).fit(X, y)


# %% exercise="decision_tree_classifier" name="tree_and_settings" caught_by="visible" says="the tree itself"
def decision_tree_classifier(X_train, y_train, X_val, y_val, rng):
    settings = {"max_depth": 5, "min_samples_leaf": 20}
    return DecisionTreeClassifier(**settings, random_state=0).fit(X_train, y_train), settings


# %% exercise="decision_tree_classifier" name="a_forest" caught_by="visible" says="RandomForestClassifier"
def decision_tree_classifier(X_train, y_train, X_val, y_val, rng):
    return RandomForestClassifier(20, max_depth=5, random_state=0).fit(X_train, y_train)


# %% exercise="decision_tree_classifier" name="hands_a_generator_on" caught_by="hidden" says="a Generator"
def decision_tree_classifier(X_train, y_train, X_val, y_val, rng):
    return DecisionTreeClassifier(max_depth=5, min_samples_leaf=20, random_state=rng).fit(X_train, y_train)


# %% exercise="decision_tree_classifier" name="asks_for_age" caught_by="hidden" says="Made-up patients"
def decision_tree_classifier(X_train, y_train, X_val, y_val, rng):
    X_train.columns.get_loc("age")
    return DecisionTreeClassifier(max_depth=5, min_samples_leaf=20, random_state=0).fit(X_train, y_train)


# %% exercise="holdout_grid_search" name="keeps_the_last" caught_by="visible" says="keep the largest"
def holdout_grid_search(clf, X_train, y_train, X_val, y_val, hyperparams, fixed_hyperparams={}):
    for settings in ParameterGrid(hyperparams):
        estimator = clf(**settings, **fixed_hyperparams).fit(X_train, y_train)
    return estimator, settings


# %% exercise="holdout_grid_search" name="best_settings_last_estimator" caught_by="visible" says="the best one, fitted on"
def holdout_grid_search(clf, X_train, y_train, X_val, y_val, hyperparams, fixed_hyperparams={}):
    best, best_score = None, -1
    for settings in ParameterGrid(hyperparams):
        estimator = clf(**settings, **fixed_hyperparams).fit(X_train, y_train)
        score = roc_auc_score(y_val, estimator.predict_proba(X_val)[:, 1])
        if score > best_score:
            best, best_score = settings, score
    return estimator, best


# %% exercise="holdout_grid_search" name="judged_on_training_patients" caught_by="visible" says="predict_proba(X_val)"
def holdout_grid_search(clf, X_train, y_train, X_val, y_val, hyperparams, fixed_hyperparams={}):
    fits = [(clf(**s, **fixed_hyperparams).fit(X_train, y_train), s) for s in ParameterGrid(hyperparams)]
    return max(fits, key=lambda fit: roc_auc_score(y_train, fit[0].predict_proba(X_train)[:, 1]))


# %% exercise="holdout_grid_search" name="judged_by_yes_or_no" caught_by="visible" says="Judge by the C-index of predict_proba"
def holdout_grid_search(clf, X_train, y_train, X_val, y_val, hyperparams, fixed_hyperparams={}):
    fits = [(clf(**s, **fixed_hyperparams).fit(X_train, y_train), s) for s in ParameterGrid(hyperparams)]
    return max(fits, key=lambda fit: roc_auc_score(y_val, fit[0].predict(X_val)))


# %% exercise="holdout_grid_search" name="refits_on_everybody" caught_by="visible" says="on the training patients alone"
def holdout_grid_search(clf, X_train, y_train, X_val, y_val, hyperparams, fixed_hyperparams={}):
    fits = [(clf(**s, **fixed_hyperparams).fit(X_train, y_train), s) for s in ParameterGrid(hyperparams)]
    best = max(fits, key=lambda fit: roc_auc_score(y_val, fit[0].predict_proba(X_val)[:, 1]))[1]
    whole = clf(**best, **fixed_hyperparams).fit(pd.concat([X_train, X_val]), pd.concat([y_train, y_val]))
    return whole, best


# %% exercise="holdout_grid_search" name="values_side_by_side" caught_by="hidden" says="not the best one"
def holdout_grid_search(clf, X_train, y_train, X_val, y_val, hyperparams, fixed_hyperparams={}):
    fits = []
    for values in zip(*hyperparams.values()):
        settings = dict(zip(hyperparams, values))
        fits.append((clf(**settings, **fixed_hyperparams).fit(X_train, y_train), settings))
    return max(fits, key=lambda fit: roc_auc_score(y_val, fit[0].predict_proba(X_val)[:, 1]))


# %% exercise="holdout_grid_search" name="always_a_tree" caught_by="hidden" says="Logistic regression"
def holdout_grid_search(clf, X_train, y_train, X_val, y_val, hyperparams, fixed_hyperparams={}):
    fits = [
        (DecisionTreeClassifier(**s, **fixed_hyperparams).fit(X_train, y_train), s) for s in ParameterGrid(hyperparams)
    ]
    return max(fits, key=lambda fit: roc_auc_score(y_val, fit[0].predict_proba(X_val)[:, 1]))


# %% exercise="holdout_grid_search" name="mixes_the_dicts" caught_by="hidden" says="changed a dict"
def holdout_grid_search(clf, X_train, y_train, X_val, y_val, hyperparams, fixed_hyperparams={}):
    best, best_score = None, -1
    for name, value in fixed_hyperparams.items():
        hyperparams[name] = [value]
    for settings in ParameterGrid(hyperparams):
        estimator = clf(**settings).fit(X_train, y_train)
        score = roc_auc_score(y_val, estimator.predict_proba(X_val)[:, 1])
        if score > best_score:
            best, best_score = (estimator, settings), score
    return best


# %% exercise="random_forest_grid_search" name="unbounded" caught_by="visible" says="Bound the trees"
def random_forest_grid_search(X_train, y_train, X_val, y_val):
    return RandomForestClassifier(n_estimators=30, random_state=0).fit(X_train, y_train), {"n_estimators": 30}


# %% exercise="random_forest_grid_search" name="forest_alone" caught_by="visible" says="expected the pair"
def random_forest_grid_search(X_train, y_train, X_val, y_val):
    return RandomForestClassifier(20, max_depth=6, min_samples_leaf=10, random_state=0).fit(X_train, y_train)


# %% exercise="random_forest_grid_search" name="best_on_training_patients" caught_by="visible" says="expected 0.825"
def random_forest_grid_search(X_train, y_train, X_val, y_val):
    fits = [
        (RandomForestClassifier(15, random_state=0, **s).fit(X_train, y_train), s)
        for s in ParameterGrid({"max_depth": [4, 8, 30]})
    ]
    return max(fits, key=lambda fit: roc_auc_score(y_train, fit[0].predict_proba(X_train)[:, 1]))


# %% exercise="random_forest_grid_search" name="settings_of_another_forest" caught_by="visible" says="the settings of the forest"
def random_forest_grid_search(X_train, y_train, X_val, y_val):
    for settings in ParameterGrid({"max_depth": [6, 8], "min_samples_leaf": [5, 10]}):
        forest = RandomForestClassifier(20, max_depth=6, min_samples_leaf=10, random_state=0)
    return forest.fit(X_train, y_train), settings


# %% exercise="random_forest_grid_search" name="a_single_tree" caught_by="visible" says="DecisionTreeClassifier"
def random_forest_grid_search(X_train, y_train, X_val, y_val):
    return DecisionTreeClassifier(max_depth=5, min_samples_leaf=20).fit(X_train, y_train), {"max_depth": 5}


# %% exercise="random_forest_grid_search" name="grown_on_everybody" caught_by="hidden" says="more than the training patients"
def random_forest_grid_search(X_train, y_train, X_val, y_val):
    X, y = np.vstack([X_train, X_val]), np.concatenate([y_train, y_val])
    return RandomForestClassifier(20, max_depth=6, min_samples_leaf=10, random_state=0).fit(X, y), {"max_depth": 6}


# %% exercise="random_forest_grid_search" name="knows_its_columns" caught_by="hidden" says="Made-up patients"
def random_forest_grid_search(X_train, y_train, X_val, y_val):
    assert "age" in X_train.columns
    return RandomForestClassifier(20, max_depth=6, min_samples_leaf=10, random_state=0).fit(X_train, y_train), {
        "max_depth": 6
    }


# %% exercise="bad_subset" name="everybody" caught_by="visible" says="choose patients who are alike"
def bad_subset(forest, X_test, y_test):
    return roc_auc_score(y_test, forest.predict_proba(X_test)[:, 1]), len(X_test)


# %% exercise="bad_subset" name="size_first" caught_by="visible" says="The C-index comes first"
def bad_subset(forest, X_test, y_test):
    inside = (X_test["age"] < 65).to_numpy()
    y = np.asarray(y_test)[inside]
    return len(y), roc_auc_score(y, forest.predict_proba(X_test[inside])[:, 1])


# %% exercise="bad_subset" name="too_small" caught_by="visible" says="Size of the subgroup"
def bad_subset(forest, X_test, y_test):
    inside = (X_test["age"] > 85).to_numpy()
    y = np.asarray(y_test)[inside]
    if len(y) < 30:
        return np.nan, 0
    return roc_auc_score(y, forest.predict_proba(X_test[inside])[:, 1]), len(y)


# %% exercise="bad_subset" name="made_up_numbers" caught_by="hidden" says="each pair is a tie"
def bad_subset(forest, X_test, y_test):
    return (0.6, 300) if len(X_test) >= 300 else (np.nan, 0)


# %% exercise="bad_subset" name="never_checks_the_size" caught_by="visible" says="Only 200 patients"
def bad_subset(forest, X_test, y_test):
    inside = (X_test["age"] < 65).to_numpy()
    y = np.asarray(y_test)[inside]
    return roc_auc_score(y, forest.predict_proba(X_test[inside])[:, 1]), len(y)


# %% exercise="bad_subset" name="yes_or_no_instead_of_risk" caught_by="hidden" says="judge probabilities"
def bad_subset(forest, X_test, y_test):
    inside = (X_test["age"] < 65).to_numpy()
    y = np.asarray(y_test)[inside]
    if len(y) < 250 or len(np.unique(y)) < 2:
        return np.nan, 0
    cindex = roc_auc_score(y, forest.predict(X_test[inside]))
    return (cindex, len(y)) if cindex < 0.69 else (np.nan, 0)


# %% exercise="bad_subset" name="judges_age_not_the_forest" caught_by="hidden" says="counts one half"
def bad_subset(forest, X_test, y_test):
    inside = (X_test["age"] < 62).to_numpy()
    y = np.asarray(y_test)[inside]
    if len(y) < 250 or len(np.unique(y)) < 2:
        return np.nan, 0
    cindex = roc_auc_score(y, X_test["age"][inside])
    return (cindex, len(y)) if cindex < 0.69 else (np.nan, 0)


# %% exercise="bad_subset" name="first_column_of_the_probabilities" caught_by="hidden" says="has it backwards"
def bad_subset(forest, X_test, y_test):
    inside = (X_test["age"] < 65).to_numpy()
    y = np.asarray(y_test)[inside]
    if len(y) < 250 or len(np.unique(y)) < 2:
        return np.nan, 0
    cindex = roc_auc_score(y, forest.predict_proba(X_test[inside])[:, 0])
    return (cindex, len(y)) if cindex < 0.69 else (np.nan, 0)


# %% exercise="bad_subset" name="one_outcome_is_an_error" caught_by="hidden" says="Patients who all live"
def bad_subset(forest, X_test, y_test):
    inside = (X_test["age"] < 65).to_numpy()
    y = np.asarray(y_test)[inside]
    if len(y) < 250:
        return np.nan, 0
    risk = forest.predict_proba(X_test[inside])[:, 1]
    dead, alive = risk[y == 1], risk[y == 0]
    pairs = sum((dead > value).sum() + 0.5 * (dead == value).sum() for value in alive)
    cindex = int(2 * pairs) / 2 / (int(len(dead)) * int(len(alive)))
    return (cindex, len(y)) if cindex < 0.69 else (np.nan, 0)


# %% exercise="find_derived_columns" name="only_differences" caught_by="visible" says="do not stop at differences"
def find_derived_columns(df):
    complete, names = df.dropna(), set()
    for a in df.columns:
        for b in df.columns:
            for c in df.columns:
                if len({a, b, c}) == 3 and np.allclose(complete[a], complete[b] - complete[c]):
                    names |= {a, b, c}
    return sorted(names)


# %% exercise="find_derived_columns" name="highly_correlated" caught_by="visible" says="Each is a function"
def find_derived_columns(df):
    size = df.corr().abs().to_numpy() - np.eye(df.shape[1])
    return [name for name, row in zip(df.columns, size) if row.max() > 0.95]


# %% exercise="find_derived_columns" name="only_the_last_of_them" caught_by="visible" says="expected sys, dia and pulse"
def find_derived_columns(df):
    complete, found = df.dropna(), []
    for place in range(1, df.shape[1]):
        others = np.column_stack([complete.iloc[:, :place], np.ones(len(complete))])
        y = complete.iloc[:, place].to_numpy(dtype=float)
        if np.abs(y - others @ np.linalg.lstsq(others, y, rcond=None)[0]).max() < 1e-6:
            found.append(df.columns[place])
    return found


# %% exercise="find_derived_columns" name="no_constant_allowed" caught_by="visible" says="Allow a constant"
def find_derived_columns(df):
    complete, found = df.dropna().astype(float), []
    for name in df.columns:
        others, y = complete.drop(columns=name).to_numpy(), complete[name].to_numpy()
        left = y - others @ np.linalg.lstsq(others, y, rcond=None)[0]
        if np.sqrt(np.mean(left**2)) <= 1e-6 * y.std():
            found.append(name)
    return found


# %% exercise="find_derived_columns" name="zero_for_missing" caught_by="visible" says="rows with a gap"
def find_derived_columns(df):
    complete, found = df.fillna(-1).astype(float), []
    for name in df.columns:
        others = np.column_stack([complete.drop(columns=name), np.ones(len(df))])
        y = complete[name].to_numpy()
        left = y - others @ np.linalg.lstsq(others, y, rcond=None)[0]
        if np.sqrt(np.mean(left**2)) <= 1e-6 * y.std():
            found.append(name)
    return found


# %% exercise="find_derived_columns" name="nearly_is_enough" caught_by="hidden" says="no exact linear function"
def find_derived_columns(df):
    complete, found = df.dropna().astype(float), []
    for name in df.columns:
        others = np.column_stack([complete.drop(columns=name), np.ones(len(complete))])
        y = complete[name].to_numpy()
        left = y - others @ np.linalg.lstsq(others, y, rcond=None)[0]
        if left.var() / y.var() < 0.001:
            found.append(name)
    return found


# %% exercise="find_derived_columns" name="drops_rows_in_place" caught_by="hidden" says="changed the table"
def find_derived_columns(df):
    df.dropna(inplace=True)
    found = []
    for name in df.columns:
        others = np.column_stack([df.drop(columns=name).astype(float), np.ones(len(df))])
        y = df[name].to_numpy(dtype=float)
        left = y - others @ np.linalg.lstsq(others, y, rcond=None)[0]
        if np.sqrt(np.mean(left**2)) <= 1e-6 * y.std():
            found.append(name)
    return found


# %% exercise="mean_impute" name="own_means" caught_by="visible" says="training means everywhere"
def mean_impute(X_train, X_val, X_test):
    return [table.fillna(table.mean()) for table in (X_train, X_val, X_test)]


# %% exercise="mean_impute" name="means_of_everybody" caught_by="visible" says="training means everywhere"
def mean_impute(X_train, X_val, X_test):
    means = pd.concat([X_train, X_val, X_test]).mean()
    return [table.fillna(means) for table in (X_train, X_val, X_test)]


# %% exercise="mean_impute" name="zeros" caught_by="visible" says="training means everywhere"
def mean_impute(X_train, X_val, X_test):
    return [table.fillna(0) for table in (X_train, X_val, X_test)]


# %% exercise="mean_impute" name="medians" caught_by="hidden" says="the training mean"
def mean_impute(X_train, X_val, X_test):
    return [table.fillna(X_train.median()) for table in (X_train, X_val, X_test)]


# %% exercise="mean_impute" name="training_table_only" caught_by="visible" says="expected [[60, 1]"
def mean_impute(X_train, X_val, X_test):
    return X_train.fillna(X_train.mean()), X_val, X_test


# %% exercise="mean_impute" name="index_lost" caught_by="visible" says="got index"
def mean_impute(X_train, X_val, X_test):
    imputer = SimpleImputer(strategy="mean").fit(X_train)
    return [pd.DataFrame(imputer.transform(table), columns=X_train.columns) for table in (X_train, X_val, X_test)]


# %% exercise="mean_impute" name="fills_in_place" caught_by="hidden" says="changed a table"
def mean_impute(X_train, X_val, X_test):
    means = X_train.mean()
    for table in (X_train, X_val, X_test):
        table.fillna(means, inplace=True)
    return X_train, X_val, X_test


# %% exercise="iterative_impute" name="the_mean_again" caught_by="visible" says="learn the regression from X_train"
def iterative_impute(X_train, X_val, X_test):
    return [table.fillna(X_train.mean()) for table in (X_train, X_val, X_test)]


# %% exercise="iterative_impute" name="fits_each_table" caught_by="visible" says="stopped with an error"
def iterative_impute(X_train, X_val, X_test):
    filled = []
    for table in (X_train, X_val, X_test):
        values = IterativeImputer(max_iter=30, random_state=0).fit_transform(table)
        if values.shape != table.shape:
            raise RuntimeError("stopped with an error: a column without any value")
        filled.append(pd.DataFrame(values, index=table.index, columns=table.columns))
    return filled


# %% exercise="iterative_impute" name="learns_from_everybody" caught_by="hidden" says="Other test patients changed"
def iterative_impute(X_train, X_val, X_test):
    imputer = IterativeImputer(max_iter=30, random_state=0).fit(pd.concat([X_train, X_val, X_test]))
    return [pd.DataFrame(imputer.transform(t), index=t.index, columns=t.columns) for t in (X_train, X_val, X_test)]


# %% exercise="iterative_impute" name="random_draws" caught_by="visible" says="Error of the imputed kappa"
def iterative_impute(X_train, X_val, X_test):
    rng = np.random.default_rng(0)
    imputer = IterativeImputer(max_iter=30, random_state=0).fit(X_train)
    tables = []
    for t in (X_train, X_val, X_test):
        values = imputer.transform(t)
        noise = rng.normal(size=values.shape) * (0.4 * X_train.std().to_numpy() if len(X_train) > 100 else 0)
        tables.append(pd.DataFrame(np.where(t.isna(), values + 2 * noise, values), index=t.index, columns=t.columns))
    return tables


# %% exercise="iterative_impute" name="replaces_what_was_there" caught_by="hidden" says="a value that was there"
def iterative_impute(X_train, X_val, X_test):
    imputer = IterativeImputer(max_iter=30, random_state=0).fit(X_train)
    return [
        pd.DataFrame(imputer.transform(t).round(1), index=t.index, columns=t.columns)
        if len(t) != 1
        else pd.DataFrame(imputer.transform(t), index=t.index, columns=t.columns)
        for t in (X_train, X_val, X_test)
    ]


# %% exercise="iterative_impute" name="index_lost" caught_by="visible" says="got nan"
def iterative_impute(X_train, X_val, X_test):
    imputer = IterativeImputer(max_iter=30, random_state=0).fit(X_train)
    return [pd.DataFrame(imputer.transform(t), columns=t.columns) for t in (X_train, X_val, X_test)]


# %% exercise="iterative_impute" name="first_column_only" caught_by="visible" says="Error of the imputed kappa"
def iterative_impute(X_train, X_val, X_test):
    first = X_train.columns[0]
    filled = [t.copy().astype(float) for t in (X_train, X_val, X_test)]
    for name in X_train.columns[1:]:
        both = X_train[[first, name]].dropna()
        slope, start = np.polyfit(both[first], both[name], 1)
        for t in filled:
            t[name] = t[name].fillna(start + slope * t[first])
    return filled


# %% exercise="iterative_impute" name="fills_in_place" caught_by="hidden" says="changed a table"
def iterative_impute(X_train, X_val, X_test):
    imputer = IterativeImputer(max_iter=30, random_state=0).fit(X_train)
    for table in (X_train, X_val, X_test):
        table[:] = imputer.transform(table)
    return X_train, X_val, X_test


# %% exercise="cindex_interval" name="b_minus_a" caught_by="visible" says="A minus B"
def cindex_interval(y_true, scores_a, scores_b, n_boot, rng, level=0.95):
    y, a, b = np.asarray(y_true), np.asarray(scores_a), np.asarray(scores_b)
    rng, found = np.random.default_rng(rng), []
    if len(np.unique(y)) < 2:
        return np.nan, np.nan, np.nan
    while len(found) < n_boot:
        rows = rng.integers(0, len(y), len(y))
        if len(np.unique(y[rows])) == 2:
            found.append(roc_auc_score(y[rows], b[rows]) - roc_auc_score(y[rows], a[rows]))
    return roc_auc_score(y, b) - roc_auc_score(y, a), *np.quantile(found, [(1 - level) / 2, (1 + level) / 2])


# %% exercise="cindex_interval" name="drawn_separately" caught_by="visible" says="drawn separately"
def cindex_interval(y_true, scores_a, scores_b, n_boot, rng, level=0.95):
    y, a, b = np.asarray(y_true), np.asarray(scores_a), np.asarray(scores_b)
    rng, found = np.random.default_rng(rng), []
    if len(np.unique(y)) < 2:
        return np.nan, np.nan, np.nan
    while len(found) < n_boot:
        rows, others = rng.integers(0, len(y), (2, len(y)))
        if len(np.unique(y[rows])) == len(np.unique(y[others])) == 2:
            found.append(roc_auc_score(y[rows], a[rows]) - roc_auc_score(y[others], b[others]))
    return roc_auc_score(y, a) - roc_auc_score(y, b), *np.quantile(found, [(1 - level) / 2, (1 + level) / 2])


# %% exercise="cindex_interval" name="without_replacement" caught_by="visible" says="without replacement"
def cindex_interval(y_true, scores_a, scores_b, n_boot, rng, level=0.95):
    y, a, b = np.asarray(y_true), np.asarray(scores_a), np.asarray(scores_b)
    rng = np.random.default_rng(rng)
    if len(np.unique(y)) < 2:
        return np.nan, np.nan, np.nan
    orders = [rng.permutation(len(y)) for _ in range(n_boot)]
    found = [roc_auc_score(y[rows], a[rows]) - roc_auc_score(y[rows], b[rows]) for rows in orders]
    return roc_auc_score(y, a) - roc_auc_score(y, b), *np.quantile(found, [(1 - level) / 2, (1 + level) / 2])


# %% exercise="cindex_interval" name="one_outcome_is_zero" caught_by="visible" says="there is no pair"
def cindex_interval(y_true, scores_a, scores_b, n_boot, rng, level=0.95):
    y, a, b = np.asarray(y_true), np.asarray(scores_a), np.asarray(scores_b)
    rng, found = np.random.default_rng(rng), []
    if len(np.unique(y)) < 2:
        return 0.0, 0.0, 0.0
    while len(found) < n_boot:
        rows = rng.integers(0, len(y), len(y))
        if len(np.unique(y[rows])) == 2:
            found.append(roc_auc_score(y[rows], a[rows]) - roc_auc_score(y[rows], b[rows]))
    return roc_auc_score(y, a) - roc_auc_score(y, b), *np.quantile(found, [(1 - level) / 2, (1 + level) / 2])


# %% exercise="cindex_interval" name="ties_count_one" caught_by="hidden" says="ties counting one half"
def cindex_interval(y_true, scores_a, scores_b, n_boot, rng, level=0.95):
    y, a, b = np.asarray(y_true), np.asarray(scores_a), np.asarray(scores_b)
    rng, found = np.random.default_rng(rng), []
    if len(np.unique(y)) < 2:
        return np.nan, np.nan, np.nan

    def at_least(y, s):
        return (s[y == 1][:, None] >= s[y == 0][None, :]).mean()

    while len(found) < n_boot:
        rows = rng.integers(0, len(y), len(y))
        if len(np.unique(y[rows])) == 2:
            found.append(at_least(y[rows], a[rows]) - at_least(y[rows], b[rows]))
    return at_least(y, a) - at_least(y, b), *np.quantile(found, [(1 - level) / 2, (1 + level) / 2])


# %% exercise="cindex_interval" name="always_95_percent" caught_by="hidden" says="Half of the resamples"
def cindex_interval(y_true, scores_a, scores_b, n_boot, rng, level=0.95):
    y, a, b = np.asarray(y_true), np.asarray(scores_a), np.asarray(scores_b)
    rng, found = np.random.default_rng(rng), []
    if len(np.unique(y)) < 2:
        return np.nan, np.nan, np.nan
    while len(found) < n_boot:
        rows = rng.integers(0, len(y), len(y))
        if len(np.unique(y[rows])) == 2:
            found.append(roc_auc_score(y[rows], a[rows]) - roc_auc_score(y[rows], b[rows]))
    return roc_auc_score(y, a) - roc_auc_score(y, b), *np.quantile(found, [0.025, 0.975])


# %% exercise="cindex_interval" name="ignores_rng" caught_by="hidden" says="The same seed gave two"
def cindex_interval(y_true, scores_a, scores_b, n_boot, rng, level=0.95):
    y, a, b = np.asarray(y_true), np.asarray(scores_a), np.asarray(scores_b)
    rng, found = np.random.default_rng(), []
    if len(np.unique(y)) < 2:
        return np.nan, np.nan, np.nan
    while len(found) < n_boot:
        rows = rng.integers(0, len(y), len(y))
        if len(np.unique(y[rows])) == 2:
            found.append(roc_auc_score(y[rows], a[rows]) - roc_auc_score(y[rows], b[rows]))
    return roc_auc_score(y, a) - roc_auc_score(y, b), *np.quantile(found, [(1 - level) / 2, (1 + level) / 2])


# %% exercise="cindex_interval" name="joined_by_the_index" caught_by="hidden" says="different indexes"
def cindex_interval(y_true, scores_a, scores_b, n_boot, rng, level=0.95):
    table = pd.DataFrame({"y": pd.Series(y_true), "a": pd.Series(scores_a), "b": pd.Series(scores_b)})
    y, a, b = (table[name].to_numpy() for name in "yab")
    rng, found = np.random.default_rng(rng), []
    if len(np.unique(y)) < 2:
        return np.nan, np.nan, np.nan
    while len(found) < n_boot:
        rows = rng.integers(0, len(y), len(y))
        if len(np.unique(y[rows])) == 2:
            found.append(roc_auc_score(y[rows], a[rows]) - roc_auc_score(y[rows], b[rows]))
    return roc_auc_score(y, a) - roc_auc_score(y, b), *np.quantile(found, [(1 - level) / 2, (1 + level) / 2])


# %% exercise="bad_subset" name="never_checks_the_cindex" caught_by="hidden" says="without any fault"
def bad_subset(forest, X_test, y_test):
    inside = (X_test["age"] < 65).to_numpy()
    y = np.asarray(y_test)[inside]
    if len(y) < 250 or len(np.unique(y)) < 2:
        return np.nan, 0
    return roc_auc_score(y, forest.predict_proba(X_test[inside])[:, 1]), len(y)
