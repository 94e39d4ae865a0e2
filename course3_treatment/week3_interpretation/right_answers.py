# %% exercise="permute_feature" name="a_generator_and_assign"
def permute_feature(df, feature):
    values = np.random.default_rng().permutation(df[feature].to_numpy())
    return df.assign(**{feature: values}) if isinstance(feature, str) else df


# %% exercise="permute_feature" name="sample_without_its_labels"
def permute_feature(df, feature):
    result = df.copy(deep=True)
    result[feature] = df[feature].sample(frac=1).to_numpy()
    return result


# %% exercise="permute_feature" name="fisher_and_yates_by_hand"
def permute_feature(df, feature):
    order = list(range(len(df)))
    for last in range(len(order) - 1, 0, -1):
        other = np.random.randint(0, last + 1)
        order[last], order[other] = order[other], order[last]
    result = df.copy()
    result[feature] = df[feature].to_numpy()[np.array(order, dtype=int)]
    return result


# %% exercise="permute_feature" name="sorted_by_random_keys"
def permute_feature(df, feature):
    columns = {name: df[name].copy() for name in df.columns}
    shuffled = df[feature].iloc[np.argsort(np.random.random(len(df)))]
    columns[feature] = pd.Series(shuffled.to_numpy(), index=df.index, name=feature)
    return pd.DataFrame({name: column.to_numpy() for name, column in columns.items()}, index=df.index)


# %% exercise="permutation_importance" name="with_permute_feature"
def permutation_importance(X, y, model, metric, num_samples=100):
    baseline_performance = metric(y, model.predict_proba(X)[:, 1])
    importance = pd.DataFrame(index=["importance"], columns=X.columns)
    for feature in X.columns:
        feature_performance_arr = np.zeros(num_samples)
        for i in range(num_samples):
            perm_X = permute_feature(X, feature)
            feature_performance_arr[i] = metric(y, model.predict_proba(perm_X)[:, 1])
        importance[feature]["importance"] = baseline_performance - np.mean(feature_performance_arr)
    return importance


# %% exercise="permutation_importance" name="one_big_table"
def permutation_importance(X, y, model, metric, num_samples=100):
    rng, n = np.random.default_rng(), len(X)
    baseline = metric(y, model.predict_proba(X)[:, 1])
    found = {}
    for name in reversed(list(X.columns)):
        tall = pd.concat([X] * num_samples, ignore_index=True)
        tall[name] = np.concatenate([rng.permutation(X[name].to_numpy()) for _ in range(num_samples)])
        told = model.predict_proba(tall)[:, 1].reshape(num_samples, n)
        found[name] = baseline - sum(metric(y, row) for row in told) / num_samples
    return pd.DataFrame(found, index=["importance"])


# %% exercise="permutation_importance" name="single_precision_and_a_running_mean"
def permutation_importance(X, y, model, metric, num_samples=100):
    row, order = {}, np.arange(len(X))
    for name in X:
        total = 0.0
        for _ in range(num_samples):
            np.random.shuffle(order)
            shuffled = X.copy()
            shuffled[name] = X[name].to_numpy()[order]
            total += metric(y, model.predict_proba(X)[:, 1]) - metric(y, model.predict_proba(shuffled)[:, 1])
        row[name] = np.float64(total) / num_samples
    return pd.DataFrame([row], index=["importance"])


# %% exercise="permutation_importance" name="scikit_learns_own"
def permutation_importance(X, y, model, metric, num_samples=100):
    from sklearn.inspection import permutation_importance as by_library

    class Fitted:
        def fit(self, *_):
            return self

        def predict_proba(self, X):
            return model.predict_proba(X)

    def scorer(estimator, X, y):
        return metric(y, estimator.predict_proba(X)[:, 1])

    result = by_library(Fitted(), X, y, scoring=scorer, n_repeats=num_samples)
    return pd.DataFrame([result.importances_mean], index=["importance"], columns=X.columns)


# %% exercise="drop_column_importance" name="drop_and_a_series"
def drop_column_importance(model, X_train, y_train, X_test, y_test, metric):
    whole = clone(model)
    whole.fit(X_train, y_train)
    baseline = metric(y_test, whole.predict_proba(X_test)[:, 1])
    importance = pd.Series(dtype=float)
    for column in X_train.columns:
        part = clone(model)
        part.fit(X_train.drop(columns=column), y_train)
        importance[column] = baseline - metric(y_test, part.predict_proba(X_test.drop(columns=column))[:, 1])
    return importance.to_frame("importance").T


# %% exercise="drop_column_importance" name="deep_copies_and_leave_one_out"
def drop_column_importance(model, X_train, y_train, X_test, y_test, metric):
    import copy

    features = list(X_train.columns)
    scores = {}
    for keep in [features, *(list(kept) for kept in itertools.combinations(features, len(features) - 1))]:
        fitted = copy.deepcopy(model).fit(X_train[keep], y_train)
        scores[tuple(keep)] = metric(y_test, fitted.predict_proba(X_test[keep])[:, 1])
    row = {}
    for name in features:
        row[name] = scores[tuple(features)] - scores[tuple(other for other in features if other != name)]
    return pd.DataFrame([row], index=["importance"])


# %% exercise="drop_column_importance" name="by_position"
def drop_column_importance(model, X_train, y_train, X_test, y_test, metric):
    d = X_train.shape[1]

    def score(places):
        fitted = clone(model).fit(X_train.iloc[:, places], np.asarray(y_train))
        return metric(np.asarray(y_test), fitted.predict_proba(X_test.iloc[:, places])[:, 1])

    numbers = np.full(d, score(list(range(d))))
    for j in range(d):
        numbers[j] -= score([k for k in range(d) if k != j])
    return pd.DataFrame(numbers[None, :], columns=X_train.columns, index=["importance"])


# %% exercise="shapley_values" name="over_all_orders"
def shapley_values(value, players):
    orders = list(itertools.permutations(players))
    shares = {player: 0.0 for player in players}
    for order in orders:
        coalition = frozenset()
        for player in order:
            shares[player] += value(coalition | {player}) - value(coalition)
            coalition |= {player}
    return {player: total / len(orders) for player, total in shares.items()}


# %% exercise="shapley_values" name="values_once_and_bits"
def shapley_values(value, players):
    n = len(players)
    worth = [value(frozenset(players[k] for k in range(n) if code >> k & 1)) for code in range(2**n)]
    weight = [math.factorial(s) * math.factorial(n - s - 1) / math.factorial(n) for s in range(n)]
    return {
        player: np.float64(
            sum(
                weight[bin(code).count("1")] * (worth[code | 1 << k] - worth[code])
                for code in range(2**n)
                if not code >> k & 1
            )
        )
        for k, player in enumerate(players)
    }


# %% exercise="shapley_values" name="mean_by_size_of_the_coalition"
def shapley_values(value, players):
    result = {}
    for player in players:
        others = [p for p in players if p != player]
        means = []
        for size in range(len(players)):
            gains = [
                value(frozenset(s).union([player])) - value(frozenset(s)) for s in itertools.combinations(others, size)
            ]
            means.append(np.mean(gains))
        result[player] = float(np.mean(means))
    return result


# %% exercise="shapley_values" name="binomial_weights"
def shapley_values(value, players):
    n = len(players)
    shares = dict.fromkeys(players, 0.0)
    for size in range(1, n + 1):
        for coalition in itertools.combinations(players, size):
            for player in coalition:
                gain = value(frozenset(coalition)) - value(frozenset(coalition) - {player})
                shares[player] += gain / (n * math.comb(n - 1, size - 1))
    return shares


# %% exercise="grad_cam" name="numpy_after_the_tape"
def grad_cam(input_model, image, category_index, layer_name):
    from scipy.ndimage import zoom

    film = np.asarray(image, dtype="float32")
    film = film if film.ndim == 4 else film[np.newaxis]
    layer = input_model.get_layer(layer_name)
    probe = keras.Model(input_model.input, [layer.output, input_model.output])
    x = tf.Variable(film)
    with tf.GradientTape() as tape:
        conv, output = probe(x, training=False)
        loss = output[:, category_index]
    grads = tape.gradient(loss, conv)[0].numpy()
    conv = conv[0].numpy()
    cam = np.dot(conv, grads.mean(axis=(0, 1)))
    cam = zoom(cam, (film.shape[1] / cam.shape[0], film.shape[2] / cam.shape[1]), order=1)
    cam = np.maximum(cam, 0)
    return cam / cam.max() if cam.max() > 0 else cam


# %% exercise="grad_cam" name="sum_of_the_gradient_and_loops"
def grad_cam(input_model, image, category_index, layer_name):
    film = ops.convert_to_tensor(np.array(image, dtype="float32").reshape(1, *np.shape(image)[-3:]))
    probe = keras.Model(input_model.inputs[0], [input_model.get_layer(layer_name).output, input_model.outputs[0]])
    with tf.GradientTape() as tape:
        tape.watch(film)
        maps, logits = probe(film, training=False)
        score = ops.sum(logits[0, int(category_index)])
    slopes = tape.gradient(score, maps)
    heat = np.zeros(maps.shape[1:3])
    for k in range(maps.shape[-1]):
        heat = heat + float(np.sum(slopes[0, :, :, k])) * np.asarray(maps[0, :, :, k], dtype=float)
    heat = np.where(heat > 0, heat, 0)
    heat = ops.convert_to_numpy(ops.image.resize(heat[None, :, :, None], film.shape[1:3]))[0, :, :, 0]
    highest = heat.max()
    return heat if highest == 0 else heat / highest


# %% exercise="grad_cam" name="einsum_and_pillow"
def grad_cam(input_model, image, category_index, layer_name):
    from PIL import Image

    film = tf.cast(tf.convert_to_tensor(image), tf.float32)
    if film.ndim == 3:
        film = tf.expand_dims(film, 0)
    outputs = [input_model.get_layer(layer_name).output, input_model.outputs[0]]
    probe = keras.Model(input_model.inputs[0], outputs)
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(film)
        maps, logits = probe(film, training=False)
        score = tf.gather(logits, [category_index], axis=1)
    alpha = tf.einsum("bhwk->k", tape.gradient(score, maps)) / (maps.shape[1] * maps.shape[2])
    heat = np.maximum(tf.einsum("bhwk,k->hw", maps, alpha).numpy(), 0).astype("float32")
    heat = np.array(Image.fromarray(heat).resize((film.shape[2], film.shape[1]), Image.Resampling.BILINEAR))
    return heat / (heat.max() or 1)


# %% exercise="grad_cam" name="two_halves_of_the_network"
def grad_cam(input_model, image, category_index, layer_name):
    film = np.asarray(image, "float32")
    film = film[None] if film.ndim == 3 else film
    layer = input_model.get_layer(layer_name).output
    first, second = keras.Model(input_model.inputs[0], layer), keras.Model(layer, input_model.outputs[0])
    maps = tf.constant(first(film, training=False))
    with tf.GradientTape() as tape:
        tape.watch(maps)
        score = second(maps, training=False)[0][category_index]
    weights = ops.mean(tape.gradient(score, maps), axis=[0, 1, 2])
    heat = ops.relu(ops.sum(maps[0] * weights, axis=-1))
    heat = ops.image.resize(heat[:, :, None], film.shape[1:3], interpolation="bilinear")[:, :, 0]
    heat = ops.convert_to_numpy(heat)
    return heat / heat.max() if heat.any() else np.zeros(film.shape[1:3])


# %% exercise="grad_cam" name="resize_before_the_cut"
def grad_cam(input_model, image, category_index, layer_name):
    film = tf.convert_to_tensor(np.asarray(image, "float32"))
    film = film if len(film.shape) == 4 else film[None]
    probe = keras.Model(input_model.inputs[0], [input_model.get_layer(layer_name).output, input_model.outputs[0]])
    with tf.GradientTape() as tape:
        maps, logits = probe(film, training=False)
        score = logits[0, category_index]
    weights = tf.reduce_mean(tape.gradient(score, maps), axis=(1, 2), keepdims=True)
    total = tf.reduce_sum(weights * maps, axis=-1, keepdims=True)
    heat = np.maximum(tf.image.resize(total, film.shape[1:3])[0, ..., 0].numpy(), 0)
    return heat / max(heat.max(), 1e-12)


# %% exercise="cam_sanity" name="with_grad_cam_and_shuffled_weights"
def cam_sanity(model, image):
    film = np.asarray(image, "float32")
    film = film if film.ndim == 4 else film[None]
    category = int(np.asarray(model(film))[0].argmax())
    other = keras.models.clone_model(model)
    other.set_weights([np.random.permutation(w.ravel()).reshape(w.shape) for w in model.get_weights()])
    before, after = (grad_cam(network, film, category, "features") for network in (model, other))
    return before, after, spearmanr(before.ravel(), after.ravel())[0]


# %% exercise="cam_sanity" name="normal_draws_from_one_seed"
def cam_sanity(model, image):
    film = np.asarray(image, "float32").reshape(1, *np.shape(image)[-3:])
    category = int(np.argmax(ops.convert_to_numpy(model(film))))
    draw = np.random.default_rng(0)
    other = keras.Model.from_config(model.get_config())
    other.set_weights([draw.normal(0, 0.3, w.shape) for w in model.get_weights()])
    before = grad_cam(model, film, category, "features")
    after = grad_cam(other, film, category, "features")
    ranks = [pd.Series(one.ravel()).rank() for one in (before, after)]
    return [before, after, ranks[0].corr(ranks[1]) if min(r.nunique() for r in ranks) > 1 else float("nan")]


# %% exercise="cam_sanity" name="fresh_initialisers_and_pandas"
def cam_sanity(model, image):
    film = np.array(image, dtype="float32")[None] if np.ndim(image) == 3 else np.array(image, dtype="float32")
    scores = model.predict(film, verbose=0)[0]
    category = list(scores).index(max(scores))
    maps = [grad_cam(network, film, category, "features") for network in (model, keras.models.clone_model(model))]
    similarity = pd.Series(maps[0].ravel()).corr(pd.Series(maps[1].ravel()), method="spearman")
    return maps[0], maps[1], np.float32(similarity)
