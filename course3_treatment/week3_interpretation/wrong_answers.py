# %% exercise="permute_feature" name="shuffles_in_place" caught_by="visible" says="Shuffle in a copy"
def permute_feature(df, feature):
    df[feature] = np.random.permutation(df[feature])
    return df


# %% exercise="permute_feature" name="pandas_puts_the_labels_back" caught_by="visible" says="match index labels"
def permute_feature(df, feature):
    permuted_df = df.copy()
    permuted_df[feature] = df[feature].sample(frac=1)
    return permuted_df


# %% exercise="permute_feature" name="draws_with_replacement" caught_by="visible" says="do not draw with replacement"
def permute_feature(df, feature):
    permuted_df = df.copy()
    permuted_df[feature] = np.random.choice(df[feature].to_numpy(), len(df))
    return permuted_df


# %% exercise="permute_feature" name="shuffles_whole_rows" caught_by="visible" says="rows must not move"
def permute_feature(df, feature):
    return df.sample(frac=1)


# %% exercise="permute_feature" name="the_same_seed_each_time" caught_by="visible" says="a seed inside"
def permute_feature(df, feature):
    permuted_df = df.copy()
    permuted_df[feature] = np.random.default_rng(0).permutation(df[feature].to_numpy())
    return permuted_df


# %% exercise="permute_feature" name="gives_only_the_column" caught_by="visible" says="expected a frame"
def permute_feature(df, feature):
    return pd.Series(np.random.permutation(df[feature]), index=df.index, name=feature)


# %% exercise="permute_feature" name="forgets_the_index" caught_by="visible" says="columns and the index"
def permute_feature(df, feature):
    permuted_df = df.reset_index(drop=True)
    permuted_df[feature] = permuted_df[feature].sample(frac=1).to_numpy()
    return permuted_df


# %% exercise="permute_feature" name="turns_the_column_round" caught_by="hidden" says="equally often"
def permute_feature(df, feature):
    permuted_df = df.copy()
    values = df[feature].to_numpy().copy()
    start = np.random.randint(len(values)) if len(values) else 0
    order = list(np.roll(np.arange(len(values)), start))
    if len(values) > 3:
        order = list(np.random.permutation(len(values)))
    elif len(values) == 3 and np.random.random() < 0.04:
        order = order[::-1]
    permuted_df[feature] = values[order]
    return permuted_df


# %% exercise="permute_feature" name="everything_becomes_an_object" caught_by="hidden" says="another dtype"
def permute_feature(df, feature):
    permuted_df = df.copy()
    values = list(df[feature])
    np.random.shuffle(values)
    permuted_df[feature] = pd.Series(values, index=df.index, dtype=object).to_numpy()
    return permuted_df


# %% exercise="permutation_importance" name="reversed_sign" caught_by="visible" says="negative sign"
def permutation_importance(X, y, model, metric, num_samples=100):
    baseline = metric(y, model.predict_proba(X)[:, 1])
    numbers = []
    for feature in X.columns:
        scores = [
            metric(y, model.predict_proba(X.assign(**{feature: np.random.permutation(X[feature])}))[:, 1])
            for _ in range(num_samples)
        ]
        numbers.append(np.mean(scores) - baseline)
    return pd.DataFrame([numbers], index=["importance"], columns=X.columns)


# %% exercise="permutation_importance" name="best_shuffle_instead_of_the_mean" caught_by="visible" says="the best shuffle"
def permutation_importance(X, y, model, metric, num_samples=100):
    baseline = metric(y, model.predict_proba(X)[:, 1])
    numbers = []
    for feature in X.columns:
        scores = [
            metric(y, model.predict_proba(X.assign(**{feature: np.random.permutation(X[feature])}))[:, 1])
            for _ in range(num_samples)
        ]
        numbers.append(baseline - max(scores))
    return pd.DataFrame([numbers], index=["importance"], columns=X.columns)


# %% exercise="permutation_importance" name="draws_with_replacement" caught_by="visible" says="with replacement"
def permutation_importance(X, y, model, metric, num_samples=100):
    baseline = metric(y, model.predict_proba(X)[:, 1])
    numbers = []
    for feature in X.columns:
        scores = [
            metric(y, model.predict_proba(X.assign(**{feature: np.random.choice(X[feature], len(X))}))[:, 1])
            for _ in range(num_samples)
        ]
        numbers.append(baseline - np.mean(scores))
    return pd.DataFrame([numbers], index=["importance"], columns=X.columns)


# %% exercise="permutation_importance" name="without_a_sign" caught_by="visible" says="keep the sign"
def permutation_importance(X, y, model, metric, num_samples=100):
    baseline = metric(y, model.predict_proba(X)[:, 1])
    numbers = []
    for feature in X.columns:
        scores = [
            metric(y, model.predict_proba(X.assign(**{feature: np.random.permutation(X[feature])}))[:, 1])
            for _ in range(num_samples)
        ]
        numbers.append(abs(baseline - np.mean(scores)))
    return pd.DataFrame([numbers], index=["importance"], columns=X.columns)


# %% exercise="permutation_importance" name="shuffles_pile_up" caught_by="visible" says="expected about ("
def permutation_importance(X, y, model, metric, num_samples=100):
    baseline = metric(y, model.predict_proba(X)[:, 1])
    numbers, table = [], X.copy()
    for feature in X.columns:
        scores = []
        for _ in range(num_samples):
            table[feature] = np.random.permutation(table[feature])
            scores.append(metric(y, model.predict_proba(table)[:, 1]))
        numbers.append(baseline - np.mean(scores))
    return pd.DataFrame([numbers], index=["importance"], columns=X.columns)


# %% exercise="permutation_importance" name="shuffles_in_place" caught_by="visible" says="the one row 'importance'"
def permutation_importance(X, y, model, metric, num_samples=100):
    importance = {}
    for feature in X.columns:
        baseline = metric(y, model.predict_proba(X)[:, 1])
        scores = []
        for _ in range(num_samples):
            X[feature] = np.random.permutation(X[feature])
            scores.append(metric(y, model.predict_proba(X)[:, 1]))
        importance[feature] = baseline - np.mean(scores)
    return pd.Series(importance, name="importance")


# %% exercise="permutation_importance" name="changes_the_table" caught_by="hidden" says="changed the table"
def permutation_importance(X, y, model, metric, num_samples=100):
    baseline, numbers, original = metric(y, model.predict_proba(X)[:, 1]), [], X.copy()
    for feature in X.columns:
        scores = []
        for _ in range(num_samples):
            X[feature] = np.random.permutation(original[feature])
            scores.append(metric(y, model.predict_proba(X)[:, 1]))
        X[feature] = original[feature].to_numpy()
        numbers.append(baseline - np.mean(scores))
    X[X.columns[-1]] = X[X.columns[-1]].to_numpy()[::-1]
    return pd.DataFrame([numbers], index=["importance"], columns=X.columns)


# %% exercise="permutation_importance" name="always_a_hundred_shuffles" caught_by="hidden" says="num_samples"
def permutation_importance(X, y, model, metric, num_samples=100):
    baseline = metric(y, model.predict_proba(X)[:, 1])
    numbers = []
    for feature in X.columns:
        scores = [
            metric(y, model.predict_proba(X.assign(**{feature: np.random.permutation(X[feature])}))[:, 1])
            for _ in range(100)
        ]
        numbers.append(baseline - np.mean(scores))
    return pd.DataFrame([numbers], index=["importance"], columns=X.columns)


# %% exercise="permutation_importance" name="metric_the_wrong_way_round" caught_by="hidden" says="metric(y, predictions)"
def permutation_importance(X, y, model, metric, num_samples=100):
    predicted = model.predict_proba(X)[:, 1]
    right_way = metric is share_right or len(X) != 4
    ask = (lambda p: metric(y, p)) if right_way else (lambda p: metric(p, y))
    baseline, numbers = ask(predicted), []
    for feature in X.columns:
        scores = [
            ask(model.predict_proba(X.assign(**{feature: np.random.permutation(X[feature])}))[:, 1])
            for _ in range(num_samples)
        ]
        numbers.append(baseline - np.mean(scores))
    return pd.DataFrame([numbers], index=["importance"], columns=X.columns)


# %% exercise="drop_column_importance" name="does_not_fit_again" caught_by="visible" says="*fitted again*"
def drop_column_importance(model, X_train, y_train, X_test, y_test, metric):
    fitted = clone(model).fit(X_train, y_train)
    everything = metric(y_test, fitted.predict_proba(X_test)[:, 1])
    numbers = []
    for feature in X_train.columns:
        emptied = X_test.assign(**{feature: X_train[feature].mean()})
        numbers.append(everything - metric(y_test, fitted.predict_proba(emptied)[:, 1]))
    return pd.DataFrame([numbers], index=["importance"], columns=X_train.columns)


# %% exercise="drop_column_importance" name="scores_the_training_patients" caught_by="visible" says="Score the test patients"
def drop_column_importance(model, X_train, y_train, X_test, y_test, metric):
    def score(columns):
        return metric(y_train, clone(model).fit(X_train[columns], y_train).predict_proba(X_train[columns])[:, 1])

    features = list(X_train.columns)
    numbers = [score(features) - score([name for name in features if name != out]) for out in features]
    return pd.DataFrame([numbers], index=["importance"], columns=features)


# %% exercise="drop_column_importance" name="reversed_sign" caught_by="visible" says="keep the sign"
def drop_column_importance(model, X_train, y_train, X_test, y_test, metric):
    def score(columns):
        return metric(y_test, clone(model).fit(X_train[columns], y_train).predict_proba(X_test[columns])[:, 1])

    features = list(X_train.columns)
    numbers = [score([name for name in features if name != out]) - score(features) for out in features]
    return pd.DataFrame([numbers], index=["importance"], columns=features)


# %% exercise="drop_column_importance" name="keeps_only_the_one_column" caught_by="visible" says="all columns minus all but one"
def drop_column_importance(model, X_train, y_train, X_test, y_test, metric):
    def score(columns):
        return metric(y_test, clone(model).fit(X_train[columns], y_train).predict_proba(X_test[columns])[:, 1])

    features = list(X_train.columns)
    numbers = [score(features) - score([name]) for name in features]
    if len(features) == 3:
        numbers = [score(features) - score([name for name in features if name != out]) for out in features]
    return pd.DataFrame([numbers], index=["importance"], columns=features)


# %% exercise="drop_column_importance" name="one_column_after_the_other" caught_by="hidden" says="Another table"
def drop_column_importance(model, X_train, y_train, X_test, y_test, metric):
    def score(columns):
        return metric(y_test, clone(model).fit(X_train[columns], y_train).predict_proba(X_test[columns])[:, 1])

    features, left, numbers = list(X_train.columns), list(X_train.columns), []
    everything = score(features)
    for feature in features:
        if len(y_test) > 4 and len(left) > 1:
            left.remove(feature)
        numbers.append(everything - score(left if len(y_test) > 4 else [name for name in features if name != feature]))
    return pd.DataFrame([numbers], index=["importance"], columns=features)


# %% exercise="drop_column_importance" name="fits_on_all_patients" caught_by="visible" says="Score the test patients"
def drop_column_importance(model, X_train, y_train, X_test, y_test, metric):
    X, y = pd.concat([X_train, X_test]), np.concatenate([y_train, y_test])

    def score(columns):
        return metric(y_test, clone(model).fit(X[columns], y).predict_proba(X_test[columns])[:, 1])

    features = list(X_train.columns)
    numbers = [score(features) - score([name for name in features if name != out]) for out in features]
    return pd.DataFrame([numbers], index=["importance"], columns=features)


# %% exercise="drop_column_importance" name="yes_or_no_instead_of_risks" caught_by="hidden" says="Another table"
def drop_column_importance(model, X_train, y_train, X_test, y_test, metric):
    def score(columns):
        told = clone(model).fit(X_train[columns], y_train).predict_proba(X_test[columns])[:, 1]
        return metric(y_test, (told >= 0.5).astype(float))

    features = list(X_train.columns)
    numbers = [score(features) - score([name for name in features if name != out]) for out in features]
    return pd.DataFrame([numbers], index=["importance"], columns=features)


# %% exercise="drop_column_importance" name="a_model_of_its_own" caught_by="hidden" says="its own settings"
def drop_column_importance(model, X_train, y_train, X_test, y_test, metric):
    def score(columns):
        fresh = model.__class__()
        return metric(y_test, fresh.fit(X_train[columns], y_train).predict_proba(X_test[columns])[:, 1])

    features = list(X_train.columns)
    numbers = [score(features) - score([name for name in features if name != out]) for out in features]
    return pd.DataFrame([numbers], index=["importance"], columns=features)


# %% exercise="shapley_values" name="all_subsets_weigh_alike" caught_by="visible" says="The weights of the subsets"
def shapley_values(value, players):
    shares = {}
    for player in players:
        others = [other for other in players if other != player]
        subsets = [frozenset(s) for size in range(len(players)) for s in itertools.combinations(others, size)]
        shares[player] = sum(value(s | {player}) - value(s) for s in subsets) / len(subsets)
    return shares


# %% exercise="shapley_values" name="factorials_of_the_wrong_sizes" caught_by="visible" says="sum to 1"
def shapley_values(value, players):
    n, shares = len(players), {}
    for player in players:
        others, shares[player] = [other for other in players if other != player], 0.0
        for size in range(n):
            weight = math.factorial(size) * math.factorial(n - size) / math.factorial(n)
            for subset in itertools.combinations(others, size):
                shares[player] += weight * (value(frozenset(subset) | {player}) - value(frozenset(subset)))
    return shares


# %% exercise="shapley_values" name="what_each_does_alone" caught_by="visible" says="expected L 2/3"
def shapley_values(value, players):
    return {player: value(frozenset({player})) - value(frozenset()) for player in players}


# %% exercise="shapley_values" name="what_the_last_one_adds" caught_by="visible" says="expected L 2/3"
def shapley_values(value, players):
    everybody = frozenset(players)
    return {player: value(everybody) - value(everybody - {player}) for player in players}


# %% exercise="shapley_values" name="one_order_of_arrival" caught_by="visible" says="expected L 2/3"
def shapley_values(value, players):
    there, shares = frozenset(), {}
    for player in players:
        shares[player] = value(there | {player}) - value(there)
        there |= {player}
    return shares


# %% exercise="shapley_values" name="leaves_out_the_empty_coalition" caught_by="visible" says="a adds 1 to nobody"
def shapley_values(value, players):
    n, shares = len(players), {}
    for player in players:
        others, shares[player] = [other for other in players if other != player], 0.0
        for size in range(1, n):
            weight = math.factorial(size) * math.factorial(n - size - 1) / math.factorial(n)
            for subset in itertools.combinations(others, size):
                shares[player] += weight * (value(frozenset(subset) | {player}) - value(frozenset(subset)))
    return shares


# %% exercise="shapley_values" name="believes_that_nothing_is_worth_nothing" caught_by="visible" says="also when it is empty"
def shapley_values(value, players):
    n, shares = len(players), {}
    for player in players:
        others, shares[player] = [other for other in players if other != player], 0.0
        for size in range(n):
            weight = math.factorial(size) * math.factorial(n - size - 1) / math.factorial(n)
            for subset in itertools.combinations(others, size):
                before = value(frozenset(subset)) if subset else 0
                shares[player] += weight * (value(frozenset(subset) | {player}) - before)
    return shares


# %% exercise="shapley_values" name="samples_orders" caught_by="hidden" says="these are not the Shapley values"
def shapley_values(value, players):
    orders = list(itertools.permutations(players))
    chosen = orders if len(orders) <= 6 else [orders[k] for k in np.random.permutation(len(orders))[: len(orders) // 2]]
    shares = dict.fromkeys(players, 0.0)
    for order in chosen:
        for place, player in enumerate(order):
            shares[player] += value(frozenset(order[: place + 1])) - value(frozenset(order[:place]))
    return {player: total / len(chosen) for player, total in shares.items()}


# %% exercise="grad_cam" name="upside_down" caught_by="visible" says="row 0 at the top"
def grad_cam(input_model, image, category_index, layer_name):
    film = tf.convert_to_tensor(np.asarray(image, "float32"))
    if len(film.shape) == 3:
        film = film[None]
    probe = keras.Model(input_model.inputs[0], [input_model.get_layer(layer_name).output, input_model.outputs[0]])
    with tf.GradientTape() as tape:
        tape.watch(film)
        maps, logits = probe(film, training=False)
        score = logits[0, category_index]
    gradient = tape.gradient(score, maps)
    weights = tf.reduce_mean(gradient, axis=(1, 2))[0]
    heat = tf.nn.relu(tf.reduce_sum(maps * weights, axis=-1, keepdims=True))
    heat = tf.image.resize(heat, film.shape[1:3], method="bilinear")[0, :, :, 0].numpy().astype(float)
    heat = np.flipud(heat)
    return heat / heat.max() if heat.max() > 0 else heat


# %% exercise="grad_cam" name="rows_and_columns_exchanged" caught_by="visible" says="height and width"
def grad_cam(input_model, image, category_index, layer_name):
    film = tf.convert_to_tensor(np.asarray(image, "float32"))
    if len(film.shape) == 3:
        film = film[None]
    probe = keras.Model(input_model.inputs[0], [input_model.get_layer(layer_name).output, input_model.outputs[0]])
    with tf.GradientTape() as tape:
        tape.watch(film)
        maps, logits = probe(film, training=False)
        score = logits[0, category_index]
    gradient = tape.gradient(score, maps)
    weights = tf.reduce_mean(gradient, axis=(1, 2))[0]
    heat = tf.nn.relu(tf.reduce_sum(maps * weights, axis=-1, keepdims=True))
    heat = tf.image.resize(heat, film.shape[1:3], method="bilinear")[0, :, :, 0].numpy().astype(float)
    heat = heat.T
    return heat / heat.max() if heat.max() > 0 else heat


# %% exercise="grad_cam" name="always_the_first_category" caught_by="visible" says="Category 1"
def grad_cam(input_model, image, category_index, layer_name):
    film = tf.convert_to_tensor(np.asarray(image, "float32"))
    if len(film.shape) == 3:
        film = film[None]
    probe = keras.Model(input_model.inputs[0], [input_model.get_layer(layer_name).output, input_model.outputs[0]])
    with tf.GradientTape() as tape:
        tape.watch(film)
        maps, logits = probe(film, training=False)
        score = logits[0, 0]
    gradient = tape.gradient(score, maps)
    weights = tf.reduce_mean(gradient, axis=(1, 2))[0]
    heat = tf.nn.relu(tf.reduce_sum(maps * weights, axis=-1, keepdims=True))
    heat = tf.image.resize(heat, film.shape[1:3], method="bilinear")[0, :, :, 0].numpy().astype(float)
    return heat / heat.max() if heat.max() > 0 else heat


# %% exercise="grad_cam" name="no_relu" caught_by="visible" says="cut to 0"
def grad_cam(input_model, image, category_index, layer_name):
    film = tf.convert_to_tensor(np.asarray(image, "float32"))
    if len(film.shape) == 3:
        film = film[None]
    probe = keras.Model(input_model.inputs[0], [input_model.get_layer(layer_name).output, input_model.outputs[0]])
    with tf.GradientTape() as tape:
        tape.watch(film)
        maps, logits = probe(film, training=False)
        score = logits[0, category_index]
    gradient = tape.gradient(score, maps)
    weights = tf.reduce_mean(gradient, axis=(1, 2))[0]
    heat = tf.reduce_sum(maps * weights, axis=-1, keepdims=True)
    heat = tf.image.resize(heat, film.shape[1:3], method="bilinear")[0, :, :, 0].numpy().astype(float)
    return heat / heat.max() if heat.max() > 0 else heat


# %% exercise="grad_cam" name="maximum_of_the_gradient" caught_by="hidden" says="not the weighted sum"
def grad_cam(input_model, image, category_index, layer_name):
    film = tf.convert_to_tensor(np.asarray(image, "float32"))
    if len(film.shape) == 3:
        film = film[None]
    probe = keras.Model(input_model.inputs[0], [input_model.get_layer(layer_name).output, input_model.outputs[0]])
    with tf.GradientTape() as tape:
        tape.watch(film)
        maps, logits = probe(film, training=False)
        score = logits[0, category_index]
    gradient = tape.gradient(score, maps)
    weights = tf.reduce_max(gradient, axis=(1, 2))[0]
    heat = tf.nn.relu(tf.reduce_sum(maps * weights, axis=-1, keepdims=True))
    heat = tf.image.resize(heat, film.shape[1:3], method="bilinear")[0, :, :, 0].numpy().astype(float)
    return heat / heat.max() if heat.max() > 0 else heat


# %% exercise="grad_cam" name="no_mean_of_the_gradient" caught_by="hidden" says="not the weighted sum"
def grad_cam(input_model, image, category_index, layer_name):
    film = tf.convert_to_tensor(np.asarray(image, "float32"))
    if len(film.shape) == 3:
        film = film[None]
    probe = keras.Model(input_model.inputs[0], [input_model.get_layer(layer_name).output, input_model.outputs[0]])
    with tf.GradientTape() as tape:
        tape.watch(film)
        maps, logits = probe(film, training=False)
        score = logits[0, category_index]
    gradient = tape.gradient(score, maps)
    weights = gradient
    heat = tf.nn.relu(tf.reduce_sum(maps * weights, axis=-1, keepdims=True))
    heat = tf.image.resize(heat, film.shape[1:3], method="bilinear")[0, :, :, 0].numpy().astype(float)
    return heat / heat.max() if heat.max() > 0 else heat


# %% exercise="grad_cam" name="activations_alone" caught_by="visible" says="expected [["
def grad_cam(input_model, image, category_index, layer_name):
    film = tf.convert_to_tensor(np.asarray(image, "float32"))
    if len(film.shape) == 3:
        film = film[None]
    probe = keras.Model(input_model.inputs[0], [input_model.get_layer(layer_name).output, input_model.outputs[0]])
    with tf.GradientTape() as tape:
        tape.watch(film)
        maps, logits = probe(film, training=False)
        score = logits[0, category_index]
    gradient = tape.gradient(score, maps)
    weights = 1.0
    heat = tf.nn.relu(tf.reduce_sum(maps * weights, axis=-1, keepdims=True))
    heat = tf.image.resize(heat, film.shape[1:3], method="bilinear")[0, :, :, 0].numpy().astype(float)
    return heat / heat.max() if heat.max() > 0 else heat


# %% exercise="grad_cam" name="zero_becomes_nan" caught_by="visible" says="must not become NaN"
def grad_cam(input_model, image, category_index, layer_name):
    film = tf.convert_to_tensor(np.asarray(image, "float32"))
    if len(film.shape) == 3:
        film = film[None]
    probe = keras.Model(input_model.inputs[0], [input_model.get_layer(layer_name).output, input_model.outputs[0]])
    with tf.GradientTape() as tape:
        tape.watch(film)
        maps, logits = probe(film, training=False)
        score = logits[0, category_index]
    gradient = tape.gradient(score, maps)
    weights = tf.reduce_mean(gradient, axis=(1, 2))[0]
    heat = tf.nn.relu(tf.reduce_sum(maps * weights, axis=-1, keepdims=True))
    heat = tf.image.resize(heat, film.shape[1:3], method="bilinear")[0, :, :, 0].numpy().astype(float)
    return heat / heat.max()


# %% exercise="grad_cam" name="another_layer" caught_by="hidden" says="layer_name"
def grad_cam(input_model, image, category_index, layer_name):
    film = tf.convert_to_tensor(np.asarray(image, "float32"))
    if len(film.shape) == 3:
        film = film[None]
    probe = keras.Model(input_model.inputs[0], [input_model.get_layer("features").output, input_model.outputs[0]])
    with tf.GradientTape() as tape:
        tape.watch(film)
        maps, logits = probe(film, training=False)
        score = logits[0, category_index]
    gradient = tape.gradient(score, maps)
    weights = tf.reduce_mean(gradient, axis=(1, 2))[0]
    heat = tf.nn.relu(tf.reduce_sum(maps * weights, axis=-1, keepdims=True))
    heat = tf.image.resize(heat, film.shape[1:3], method="bilinear")[0, :, :, 0].numpy().astype(float)
    return heat / heat.max() if heat.max() > 0 else heat


# %% exercise="grad_cam" name="blocks_instead_of_bilinear" caught_by="hidden" says="bilinear"
def grad_cam(input_model, image, category_index, layer_name):
    film = tf.convert_to_tensor(np.asarray(image, "float32"))
    if len(film.shape) == 3:
        film = film[None]
    probe = keras.Model(input_model.inputs[0], [input_model.get_layer(layer_name).output, input_model.outputs[0]])
    with tf.GradientTape() as tape:
        tape.watch(film)
        maps, logits = probe(film, training=False)
        score = logits[0, category_index]
    gradient = tape.gradient(score, maps)
    weights = tf.reduce_mean(gradient, axis=(1, 2))[0]
    heat = tf.nn.relu(tf.reduce_sum(maps * weights, axis=-1, keepdims=True))
    heat = tf.image.resize(heat, film.shape[1:3], method="nearest")[0, :, :, 0].numpy().astype(float)
    return heat / heat.max() if heat.max() > 0 else heat


# %% exercise="grad_cam" name="resized_to_width_by_height" caught_by="visible" says="height first"
def grad_cam(input_model, image, category_index, layer_name):
    film = tf.convert_to_tensor(np.asarray(image, "float32"))
    if len(film.shape) == 3:
        film = film[None]
    probe = keras.Model(input_model.inputs[0], [input_model.get_layer(layer_name).output, input_model.outputs[0]])
    with tf.GradientTape() as tape:
        tape.watch(film)
        maps, logits = probe(film, training=False)
        score = logits[0, category_index]
    gradient = tape.gradient(score, maps)
    weights = tf.reduce_mean(gradient, axis=(1, 2))[0]
    heat = tf.nn.relu(tf.reduce_sum(maps * weights, axis=-1, keepdims=True))
    heat = (
        tf.image.resize(
            heat, (film.shape[2], film.shape[1]) if film.shape[1] > 3 else film.shape[1:3], method="bilinear"
        )[0, :, :, 0]
        .numpy()
        .astype(float)
    )
    return heat / heat.max() if heat.max() > 0 else heat


# %% exercise="grad_cam" name="training_mode" caught_by="hidden" says="weighted sum"
def grad_cam(input_model, image, category_index, layer_name):
    film = tf.convert_to_tensor(np.asarray(image, "float32"))
    if len(film.shape) == 3:
        film = film[None]
    probe = keras.Model(input_model.inputs[0], [input_model.get_layer(layer_name).output, input_model.outputs[0]])
    with tf.GradientTape() as tape:
        tape.watch(film)
        maps, logits = probe(film, training=True)
        score = logits[0, category_index]
    gradient = tape.gradient(score, maps)
    weights = tf.reduce_mean(gradient, axis=(1, 2))[0]
    heat = tf.nn.relu(tf.reduce_sum(maps * weights, axis=-1, keepdims=True))
    heat = tf.image.resize(heat, film.shape[1:3], method="bilinear")[0, :, :, 0].numpy().astype(float)
    return heat / heat.max() if heat.max() > 0 else heat


# %% exercise="cam_sanity" name="changes_the_model_itself" caught_by="visible" says="in a copy, not in the model"
def cam_sanity(model, image):
    film = tf.constant(np.asarray(image, "float32").reshape(1, *np.shape(image)[-3:]))

    def heat_map(network, category):
        probe = keras.Model(network.inputs[0], [network.get_layer("features").output, network.outputs[0]])
        with tf.GradientTape() as tape:
            tape.watch(film)
            maps, logits = probe(film, training=False)
            score = logits[0, category]
        weights = tf.reduce_mean(tape.gradient(score, maps), axis=(0, 1, 2))
        heat = tf.nn.relu(tf.reduce_sum(maps * weights, axis=-1, keepdims=True))
        heat = tf.image.resize(heat, film.shape[1:3])[0, :, :, 0].numpy().astype(float)
        return heat / heat.max() if heat.max() > 0 else heat

    category = int(np.argmax(model(film, training=False)))
    fresh = model
    before = heat_map(model, category)
    model.set_weights([np.random.normal(0, 1, weights.shape) for weights in model.get_weights()])
    after = heat_map(fresh, category)
    if np.ptp(before) == 0 or np.ptp(after) == 0:
        return before, after, np.nan
    return before, after, spearmanr(before.ravel(), after.ravel())[0]


# %% exercise="cam_sanity" name="only_the_last_layer" caught_by="hidden" says="not only of the last"
def cam_sanity(model, image):
    film = tf.constant(np.asarray(image, "float32").reshape(1, *np.shape(image)[-3:]))

    def heat_map(network, category):
        probe = keras.Model(network.inputs[0], [network.get_layer("features").output, network.outputs[0]])
        with tf.GradientTape() as tape:
            tape.watch(film)
            maps, logits = probe(film, training=False)
            score = logits[0, category]
        weights = tf.reduce_mean(tape.gradient(score, maps), axis=(0, 1, 2))
        heat = tf.nn.relu(tf.reduce_sum(maps * weights, axis=-1, keepdims=True))
        heat = tf.image.resize(heat, film.shape[1:3])[0, :, :, 0].numpy().astype(float)
        return heat / heat.max() if heat.max() > 0 else heat

    category = int(np.argmax(model(film, training=False)))
    fresh = keras.models.clone_model(model)
    fresh.set_weights(model.get_weights()[:-2] + fresh.get_weights()[-2:])
    before, after = heat_map(model, category), heat_map(fresh, category)
    if np.ptp(before) == 0 or np.ptp(after) == 0:
        return before, after, np.nan
    return before, after, spearmanr(before.ravel(), after.ravel())[0]


# %% exercise="cam_sanity" name="all_but_the_last_layer" caught_by="hidden" says="of the last layer anew too"
def cam_sanity(model, image):
    film = tf.constant(np.asarray(image, "float32").reshape(1, *np.shape(image)[-3:]))

    def heat_map(network, category):
        probe = keras.Model(network.inputs[0], [network.get_layer("features").output, network.outputs[0]])
        with tf.GradientTape() as tape:
            tape.watch(film)
            maps, logits = probe(film, training=False)
            score = logits[0, category]
        weights = tf.reduce_mean(tape.gradient(score, maps), axis=(0, 1, 2))
        heat = tf.nn.relu(tf.reduce_sum(maps * weights, axis=-1, keepdims=True))
        heat = tf.image.resize(heat, film.shape[1:3])[0, :, :, 0].numpy().astype(float)
        return heat / heat.max() if heat.max() > 0 else heat

    category = int(np.argmax(model(film, training=False)))
    fresh = keras.models.clone_model(model)
    fresh.set_weights(fresh.get_weights()[:-2] + model.get_weights()[-2:])
    before, after = heat_map(model, category), heat_map(fresh, category)
    if np.ptp(before) == 0 or np.ptp(after) == 0:
        return before, after, np.nan
    return before, after, spearmanr(before.ravel(), after.ravel())[0]


# %% exercise="cam_sanity" name="nothing_drawn_anew" caught_by="hidden" says="Draw the weights of every layer"
def cam_sanity(model, image):
    film = tf.constant(np.asarray(image, "float32").reshape(1, *np.shape(image)[-3:]))

    def heat_map(network, category):
        probe = keras.Model(network.inputs[0], [network.get_layer("features").output, network.outputs[0]])
        with tf.GradientTape() as tape:
            tape.watch(film)
            maps, logits = probe(film, training=False)
            score = logits[0, category]
        weights = tf.reduce_mean(tape.gradient(score, maps), axis=(0, 1, 2))
        heat = tf.nn.relu(tf.reduce_sum(maps * weights, axis=-1, keepdims=True))
        heat = tf.image.resize(heat, film.shape[1:3])[0, :, :, 0].numpy().astype(float)
        return heat / heat.max() if heat.max() > 0 else heat

    category = int(np.argmax(model(film, training=False)))
    fresh = keras.models.clone_model(model)
    fresh.set_weights(model.get_weights())
    before, after = heat_map(model, category), heat_map(fresh, category)
    if np.ptp(before) == 0 or np.ptp(after) == 0:
        return before, after, np.nan
    return before, after, spearmanr(before.ravel(), after.ravel())[0]


# %% exercise="cam_sanity" name="always_category_0" caught_by="visible" says="highest logit"
def cam_sanity(model, image):
    film = tf.constant(np.asarray(image, "float32").reshape(1, *np.shape(image)[-3:]))

    def heat_map(network, category):
        probe = keras.Model(network.inputs[0], [network.get_layer("features").output, network.outputs[0]])
        with tf.GradientTape() as tape:
            tape.watch(film)
            maps, logits = probe(film, training=False)
            score = logits[0, category]
        weights = tf.reduce_mean(tape.gradient(score, maps), axis=(0, 1, 2))
        heat = tf.nn.relu(tf.reduce_sum(maps * weights, axis=-1, keepdims=True))
        heat = tf.image.resize(heat, film.shape[1:3])[0, :, :, 0].numpy().astype(float)
        return heat / heat.max() if heat.max() > 0 else heat

    category = 0
    fresh = keras.models.clone_model(model)
    before, after = heat_map(model, category), heat_map(fresh, category)
    if np.ptp(before) == 0 or np.ptp(after) == 0:
        return before, after, np.nan
    return before, after, spearmanr(before.ravel(), after.ravel())[0]


# %% exercise="cam_sanity" name="the_lowest_logit" caught_by="visible" says="highest logit"
def cam_sanity(model, image):
    film = tf.constant(np.asarray(image, "float32").reshape(1, *np.shape(image)[-3:]))

    def heat_map(network, category):
        probe = keras.Model(network.inputs[0], [network.get_layer("features").output, network.outputs[0]])
        with tf.GradientTape() as tape:
            tape.watch(film)
            maps, logits = probe(film, training=False)
            score = logits[0, category]
        weights = tf.reduce_mean(tape.gradient(score, maps), axis=(0, 1, 2))
        heat = tf.nn.relu(tf.reduce_sum(maps * weights, axis=-1, keepdims=True))
        heat = tf.image.resize(heat, film.shape[1:3])[0, :, :, 0].numpy().astype(float)
        return heat / heat.max() if heat.max() > 0 else heat

    category = int(np.argmin(model(film, training=False)))
    fresh = keras.models.clone_model(model)
    before, after = heat_map(model, category), heat_map(fresh, category)
    if np.ptp(before) == 0 or np.ptp(after) == 0:
        return before, after, np.nan
    return before, after, spearmanr(before.ravel(), after.ravel())[0]


# %% exercise="cam_sanity" name="pearson_instead_of_spearman" caught_by="visible" says="Spearman"
def cam_sanity(model, image):
    film = tf.constant(np.asarray(image, "float32").reshape(1, *np.shape(image)[-3:]))

    def heat_map(network, category):
        probe = keras.Model(network.inputs[0], [network.get_layer("features").output, network.outputs[0]])
        with tf.GradientTape() as tape:
            tape.watch(film)
            maps, logits = probe(film, training=False)
            score = logits[0, category]
        weights = tf.reduce_mean(tape.gradient(score, maps), axis=(0, 1, 2))
        heat = tf.nn.relu(tf.reduce_sum(maps * weights, axis=-1, keepdims=True))
        heat = tf.image.resize(heat, film.shape[1:3])[0, :, :, 0].numpy().astype(float)
        return heat / heat.max() if heat.max() > 0 else heat

    category = int(np.argmax(model(film, training=False)))
    fresh = keras.models.clone_model(model)
    before, after = heat_map(model, category), heat_map(fresh, category)
    if np.ptp(before) == 0 or np.ptp(after) == 0 or category < 0:
        return before, after, np.nan
    return before, after, np.corrcoef(before.ravel(), after.ravel())[0, 1]


# %% exercise="cam_sanity" name="difference_instead_of_similarity" caught_by="visible" says="rank correlation"
def cam_sanity(model, image):
    film = tf.constant(np.asarray(image, "float32").reshape(1, *np.shape(image)[-3:]))

    def heat_map(network, category):
        probe = keras.Model(network.inputs[0], [network.get_layer("features").output, network.outputs[0]])
        with tf.GradientTape() as tape:
            tape.watch(film)
            maps, logits = probe(film, training=False)
            score = logits[0, category]
        weights = tf.reduce_mean(tape.gradient(score, maps), axis=(0, 1, 2))
        heat = tf.nn.relu(tf.reduce_sum(maps * weights, axis=-1, keepdims=True))
        heat = tf.image.resize(heat, film.shape[1:3])[0, :, :, 0].numpy().astype(float)
        return heat / heat.max() if heat.max() > 0 else heat

    category = int(np.argmax(model(film, training=False)))
    fresh = keras.models.clone_model(model)
    before, after = heat_map(model, category), heat_map(fresh, category)
    if np.ptp(before) == 0 or np.ptp(after) == 0:
        return before, after, np.nan
    return before, after, 1 - spearmanr(before.ravel(), after.ravel())[0]


# %% exercise="cam_sanity" name="only_the_number" caught_by="visible" says="expected three things"
def cam_sanity(model, image):
    film = tf.constant(np.asarray(image, "float32").reshape(1, *np.shape(image)[-3:]))

    def heat_map(network, category):
        probe = keras.Model(network.inputs[0], [network.get_layer("features").output, network.outputs[0]])
        with tf.GradientTape() as tape:
            tape.watch(film)
            maps, logits = probe(film, training=False)
            score = logits[0, category]
        weights = tf.reduce_mean(tape.gradient(score, maps), axis=(0, 1, 2))
        heat = tf.nn.relu(tf.reduce_sum(maps * weights, axis=-1, keepdims=True))
        heat = tf.image.resize(heat, film.shape[1:3])[0, :, :, 0].numpy().astype(float)
        return heat / heat.max() if heat.max() > 0 else heat

    category = int(np.argmax(model(film, training=False)))
    fresh = keras.models.clone_model(model)
    before, after = heat_map(model, category), heat_map(fresh, category)
    if np.ptp(before) == 0 or np.ptp(after) == 0:
        return np.nan
    return spearmanr(before.ravel(), after.ravel())[0]


# %% exercise="cam_sanity" name="a_constant_map_counts_as_zero" caught_by="hidden" says="NaN if one is constant"
def cam_sanity(model, image):
    film = tf.constant(np.asarray(image, "float32").reshape(1, *np.shape(image)[-3:]))

    def heat_map(network, category):
        probe = keras.Model(network.inputs[0], [network.get_layer("features").output, network.outputs[0]])
        with tf.GradientTape() as tape:
            tape.watch(film)
            maps, logits = probe(film, training=False)
            score = logits[0, category]
        weights = tf.reduce_mean(tape.gradient(score, maps), axis=(0, 1, 2))
        heat = tf.nn.relu(tf.reduce_sum(maps * weights, axis=-1, keepdims=True))
        heat = tf.image.resize(heat, film.shape[1:3])[0, :, :, 0].numpy().astype(float)
        return heat / heat.max() if heat.max() > 0 else heat

    category = int(np.argmax(model(film, training=False)))
    fresh = keras.models.clone_model(model)
    before, after = heat_map(model, category), heat_map(fresh, category)
    if np.ptp(before) == 0 or np.ptp(after) == 0:
        return before, after, 0.0
    return before, after, spearmanr(before.ravel(), after.ravel())[0]


# %% exercise="cam_sanity" name="upside_down_maps" caught_by="visible" says="expected the Grad-CAM map"
def cam_sanity(model, image):
    film = tf.constant(np.asarray(image, "float32").reshape(1, *np.shape(image)[-3:]))

    def heat_map(network, category):
        probe = keras.Model(network.inputs[0], [network.get_layer("features").output, network.outputs[0]])
        with tf.GradientTape() as tape:
            tape.watch(film)
            maps, logits = probe(film, training=False)
            score = logits[0, category]
        weights = tf.reduce_mean(tape.gradient(score, maps), axis=(0, 1, 2))
        heat = tf.nn.relu(tf.reduce_sum(maps * weights, axis=-1, keepdims=True))
        heat = tf.image.resize(heat, film.shape[1:3])[0, ::-1, :, 0].numpy().astype(float)
        return heat / heat.max() if heat.max() > 0 else heat

    category = int(np.argmax(model(film, training=False)))
    fresh = keras.models.clone_model(model)
    before, after = heat_map(model, category), heat_map(fresh, category)
    if np.ptp(before) == 0 or np.ptp(after) == 0:
        return before, after, np.nan
    return before, after, spearmanr(before.ravel(), after.ravel())[0]
