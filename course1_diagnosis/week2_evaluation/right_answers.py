# %% exercise="true_positives" name="a_plain_loop"
def true_positives(y, pred, th=0.5):
    count = 0
    for label, score in zip(y, pred):
        if label == 1 and score >= th:
            count += 1
    return count


# %% exercise="true_positives" name="whole_arrays"
def true_positives(y, pred, th=0.5):
    thresholded = pred >= th
    return np.sum((y == 1) & (thresholded == 1))


# %% exercise="true_positives" name="scikit_learns_matrix"
def true_positives(y, pred, th=0.5):
    from sklearn.metrics import confusion_matrix

    if len(y) == 0:
        return 0

    matrix = confusion_matrix(np.asarray(y).astype(int), (np.asarray(pred) >= th).astype(int), labels=[0, 1])
    return matrix[1, 1]


# %% exercise="true_positives" name="as_a_float"
def true_positives(y, pred, th=0.5):
    y = pd.Series(np.asarray(y).astype(float))
    return float(pred.__class__ is not None) * float(y[np.asarray(pred) >= th].eq(1).sum())


# %% exercise="true_negatives" name="a_plain_loop"
def true_negatives(y, pred, th=0.5):
    count = 0
    for label, score in zip(y, pred):
        if label == 0 and score < th:
            count += 1
    return count


# %% exercise="true_negatives" name="whole_arrays"
def true_negatives(y, pred, th=0.5):
    thresholded = pred >= th
    return np.sum((y == 0) & (thresholded == 0))


# %% exercise="true_negatives" name="scikit_learns_matrix"
def true_negatives(y, pred, th=0.5):
    from sklearn.metrics import confusion_matrix

    if len(y) == 0:
        return 0

    matrix = confusion_matrix(np.asarray(y).astype(int), (np.asarray(pred) >= th).astype(int), labels=[0, 1])
    return matrix[0, 0]


# %% exercise="true_negatives" name="as_a_float"
def true_negatives(y, pred, th=0.5):
    y = pd.Series(np.asarray(y).astype(float))
    return float(pred.__class__ is not None) * float(y[np.asarray(pred) < th].eq(0).sum())


# %% exercise="false_positives" name="a_plain_loop"
def false_positives(y, pred, th=0.5):
    count = 0
    for label, score in zip(y, pred):
        if label == 0 and score >= th:
            count += 1
    return count


# %% exercise="false_positives" name="whole_arrays"
def false_positives(y, pred, th=0.5):
    thresholded = pred >= th
    return np.sum((y == 0) & (thresholded == 1))


# %% exercise="false_positives" name="scikit_learns_matrix"
def false_positives(y, pred, th=0.5):
    from sklearn.metrics import confusion_matrix

    if len(y) == 0:
        return 0

    matrix = confusion_matrix(np.asarray(y).astype(int), (np.asarray(pred) >= th).astype(int), labels=[0, 1])
    return matrix[0, 1]


# %% exercise="false_positives" name="as_a_float"
def false_positives(y, pred, th=0.5):
    y = pd.Series(np.asarray(y).astype(float))
    return float(pred.__class__ is not None) * float(y[np.asarray(pred) >= th].eq(0).sum())


# %% exercise="false_negatives" name="a_plain_loop"
def false_negatives(y, pred, th=0.5):
    count = 0
    for label, score in zip(y, pred):
        if label == 1 and score < th:
            count += 1
    return count


# %% exercise="false_negatives" name="whole_arrays"
def false_negatives(y, pred, th=0.5):
    thresholded = pred >= th
    return np.sum((y == 1) & (thresholded == 0))


# %% exercise="false_negatives" name="scikit_learns_matrix"
def false_negatives(y, pred, th=0.5):
    from sklearn.metrics import confusion_matrix

    if len(y) == 0:
        return 0

    matrix = confusion_matrix(np.asarray(y).astype(int), (np.asarray(pred) >= th).astype(int), labels=[0, 1])
    return matrix[1, 0]


# %% exercise="false_negatives" name="as_a_float"
def false_negatives(y, pred, th=0.5):
    y = pd.Series(np.asarray(y).astype(float))
    return float(pred.__class__ is not None) * float(y[np.asarray(pred) < th].eq(1).sum())


# %% exercise="get_accuracy" name="from_four_counts"
def get_accuracy(y, pred, th=0.5):
    tp = np.sum((y == 1) & (pred >= th))
    tn = np.sum((y == 0) & (pred < th))
    fp = np.sum((y == 0) & (pred >= th))
    fn = np.sum((y == 1) & (pred < th))
    return (tp + tn) / (tp + tn + fp + fn)


# %% exercise="get_accuracy" name="with_the_functions_above"
def get_accuracy(y, pred, th=0.5):
    right = true_positives(y, pred, th) + true_negatives(y, pred, th)
    return right / len(y) if len(y) else np.nan


# %% exercise="get_accuracy" name="a_plain_loop"
def get_accuracy(y, pred, th=0.5):
    right = [(p >= th) == (label == 1) for label, p in zip(y, pred)]
    return sum(right) / len(right) if right else float("nan")


# %% exercise="get_accuracy" name="scikit_learn"
def get_accuracy(y, pred, th=0.5):
    from sklearn.metrics import accuracy_score

    if len(y) == 0:
        return np.nan
    return accuracy_score(np.asarray(y).astype(int), (np.asarray(pred) >= th).astype(int))


# %% exercise="get_prevalence" name="mean"
def get_prevalence(y):
    return np.mean(y)


# %% exercise="get_prevalence" name="a_plain_loop"
def get_prevalence(y):
    sick = [1 for label in y if label == 1]
    return len(sick) / len(y) if len(y) else float("nan")


# %% exercise="get_prevalence" name="value_counts"
def get_prevalence(y):
    shares = pd.Series(np.asarray(y)).astype(float).value_counts(normalize=True)
    return shares.get(1.0, 0.0) if len(y) else np.nan


# %% exercise="get_prevalence" name="float32"
def get_prevalence(y):
    return np.asarray(y, dtype="float32").mean()


# %% exercise="get_sensitivity" name="from_four_counts"
def get_sensitivity(y, pred, th=0.5):
    tp = np.sum((y == 1) & (pred >= th))
    tn = np.sum((y == 0) & (pred < th))
    fp = np.sum((y == 0) & (pred >= th))
    fn = np.sum((y == 1) & (pred < th))
    return tp / (tp + fn)


# %% exercise="get_sensitivity" name="mean_of_the_group"
def get_sensitivity(y, pred, th=0.5):
    y, pred = np.array(y), np.array(pred)
    return np.mean(pred[y == 1] >= th)


# %% exercise="get_sensitivity" name="with_the_functions_above"
def get_sensitivity(y, pred, th=0.5):
    good, bad = true_positives(y, pred, th), false_negatives(y, pred, th)
    return good / (good + bad) if good + bad > 0 else np.nan


# %% exercise="get_sensitivity" name="a_plain_loop"
def get_sensitivity(y, pred, th=0.5):
    good = total = 0
    for label, p in zip(y, pred):
        if label == 1:
            total += 1
            good += bool(p >= th)
    return good / total if total else float("nan")


# %% exercise="get_specificity" name="from_four_counts"
def get_specificity(y, pred, th=0.5):
    tp = np.sum((y == 1) & (pred >= th))
    tn = np.sum((y == 0) & (pred < th))
    fp = np.sum((y == 0) & (pred >= th))
    fn = np.sum((y == 1) & (pred < th))
    return tn / (tn + fp)


# %% exercise="get_specificity" name="mean_of_the_group"
def get_specificity(y, pred, th=0.5):
    y, pred = np.array(y), np.array(pred)
    return np.mean(pred[y == 0] < th)


# %% exercise="get_specificity" name="with_the_functions_above"
def get_specificity(y, pred, th=0.5):
    good, bad = true_negatives(y, pred, th), false_positives(y, pred, th)
    return good / (good + bad) if good + bad > 0 else np.nan


# %% exercise="get_specificity" name="a_plain_loop"
def get_specificity(y, pred, th=0.5):
    good = total = 0
    for label, p in zip(y, pred):
        if label == 0:
            total += 1
            good += bool(p < th)
    return good / total if total else float("nan")


# %% exercise="get_ppv" name="from_four_counts"
def get_ppv(y, pred, th=0.5):
    tp = np.sum((y == 1) & (pred >= th))
    tn = np.sum((y == 0) & (pred < th))
    fp = np.sum((y == 0) & (pred >= th))
    fn = np.sum((y == 1) & (pred < th))
    return tp / (tp + fp)


# %% exercise="get_ppv" name="mean_of_the_group"
def get_ppv(y, pred, th=0.5):
    y, pred = np.array(y), np.array(pred)
    return np.mean(y[pred >= th] == 1)


# %% exercise="get_ppv" name="with_the_functions_above"
def get_ppv(y, pred, th=0.5):
    good, bad = true_positives(y, pred, th), false_positives(y, pred, th)
    return good / (good + bad) if good + bad > 0 else np.nan


# %% exercise="get_ppv" name="a_plain_loop"
def get_ppv(y, pred, th=0.5):
    good = total = 0
    for label, p in zip(y, pred):
        if p >= th:
            total += 1
            good += bool(label == 1)
    return good / total if total else float("nan")


# %% exercise="get_npv" name="from_four_counts"
def get_npv(y, pred, th=0.5):
    tp = np.sum((y == 1) & (pred >= th))
    tn = np.sum((y == 0) & (pred < th))
    fp = np.sum((y == 0) & (pred >= th))
    fn = np.sum((y == 1) & (pred < th))
    return tn / (tn + fn)


# %% exercise="get_npv" name="mean_of_the_group"
def get_npv(y, pred, th=0.5):
    y, pred = np.array(y), np.array(pred)
    return np.mean(y[pred < th] == 0)


# %% exercise="get_npv" name="with_the_functions_above"
def get_npv(y, pred, th=0.5):
    good, bad = true_negatives(y, pred, th), false_negatives(y, pred, th)
    return good / (good + bad) if good + bad > 0 else np.nan


# %% exercise="get_npv" name="a_plain_loop"
def get_npv(y, pred, th=0.5):
    good = total = 0
    for label, p in zip(y, pred):
        if p < th:
            total += 1
            good += bool(label == 0)
    return good / total if total else float("nan")


# %% exercise="ppv_from_bayes" name="a_thousand_patients"
def ppv_from_bayes(sensitivity, specificity, prevalence):
    sick, healthy = 1000 * prevalence, 1000 * (1 - prevalence)
    tp, fp = sick * sensitivity, healthy * (1 - specificity)
    return tp / (tp + fp) if tp + fp else float("nan")


# %% exercise="ppv_from_bayes" name="numpy_divides"
def ppv_from_bayes(sensitivity, specificity, prevalence):
    hits = np.float64(sensitivity) * prevalence
    return np.divide(hits, hits + (1 - specificity) * (1 - prevalence))


# %% exercise="ppv_from_bayes" name="catches_the_division"
def ppv_from_bayes(sensitivity, specificity, prevalence):
    hits = float(sensitivity * prevalence)
    try:
        return hits / float(hits + (1 - specificity) * (1 - prevalence))
    except ZeroDivisionError:
        return float("nan")


# %% exercise="bootstrap_auc" name="leaves_one_class_out"
def bootstrap_auc(y, pred, patient, n_boot, rng, level=0.95):
    y, pred, patient = np.asarray(y), np.asarray(pred, dtype=float), np.asarray(patient)
    if len(set(y.tolist())) < 2:
        return float("nan"), float("nan"), float("nan")
    rng = np.random.default_rng(rng)
    rows = [np.flatnonzero(patient == one) for one in np.unique(patient)]
    aucs = []
    for _ in range(n_boot):
        films = np.concatenate([rows[k] for k in rng.integers(len(rows), size=len(rows))])
        if len(set(y[films].tolist())) < 2:
            continue
        aucs.append(roc_auc_score(y[films], pred[films]))
    low, high = np.quantile(aucs, [(1 - level) / 2, (1 + level) / 2])
    return roc_auc_score(y, pred), low, high


# %% exercise="bootstrap_auc" name="groups_of_a_frame"
def bootstrap_auc(y, pred, patient, n_boot, rng, level=0.95):
    frame = pd.DataFrame({"y": np.asarray(y), "pred": np.asarray(pred), "patient": np.asarray(patient)})
    if frame["y"].nunique() < 2:
        return [np.nan, np.nan, np.nan]
    rng = np.random.default_rng(rng)
    groups = [part.to_numpy() for _, part in frame.groupby("patient")[["y", "pred"]]]
    aucs = []
    while len(aucs) < n_boot:
        films = np.vstack([groups[k] for k in rng.choice(len(groups), len(groups))]).astype(float)
        if 0 < films[:, 0].mean() < 1:
            aucs.append(roc_auc_score(films[:, 0], films[:, 1]))
    return [
        roc_auc_score(frame["y"], frame["pred"]),
        np.percentile(aucs, 50 - 50 * level),
        np.percentile(aucs, 50 + 50 * level),
    ]


# %% exercise="bootstrap_auc" name="counts_as_weights"
def bootstrap_auc(y, pred, patient, n_boot, rng, level=0.95):
    y, pred = np.asarray(y) == 1, np.asarray(pred, dtype="float64")
    codes, names = pd.factorize(np.asarray(patient))
    if y.all() or not y.any():
        return np.array([np.nan, np.nan, np.nan])
    rng = np.random.default_rng(rng)
    aucs = np.full(n_boot, np.nan)
    for number in range(n_boot):
        weight = np.bincount(rng.integers(0, len(names), len(names)), minlength=len(names))[codes]
        if weight[y].sum() and weight[~y].sum():
            aucs[number] = roc_auc_score(y, pred, sample_weight=weight)
    low, high = np.nanquantile(aucs, [(1 - level) / 2, 1 - (1 - level) / 2])
    return np.array([roc_auc_score(y, pred), low, high])


# %% exercise="bootstrap_auc" name="ranks_of_mann_and_whitney"
def bootstrap_auc(y, pred, patient, n_boot, rng, level=0.95):
    from scipy.stats import rankdata

    def area(labels, scores):
        labels = np.asarray(labels, dtype=bool)
        sick, healthy = labels.sum(), (~labels).sum()
        if not sick or not healthy:
            return np.nan
        return (rankdata(scores)[labels].sum() - sick * (sick + 1) / 2) / (sick * healthy)

    y, pred, patient = np.array(y), np.array(pred), np.array(patient)
    generator = rng if isinstance(rng, np.random.Generator) else np.random.Generator(np.random.PCG64(rng))
    rows = {one: np.where(patient == one)[0] for one in set(patient.tolist())}
    everybody = sorted(rows)
    whole = area(y, pred)
    if np.isnan(whole):
        return whole, whole, whole
    aucs = []
    for _ in range(n_boot):
        drawn = generator.choice(np.array(everybody, dtype=object), len(everybody), replace=True)
        films = [film for one in drawn for film in rows[one]]
        aucs.append(area(y[films], pred[films]))
    aucs = [auc for auc in aucs if not np.isnan(auc)]
    return whole, np.quantile(aucs, (1 - level) / 2), np.quantile(aucs, (1 + level) / 2)


# %% exercise="calibration_table" name="multiply_and_cut"
def calibration_table(y, pred, n_bins):
    y, pred = np.asarray(y), np.asarray(pred, dtype=float)
    where = np.minimum((pred * n_bins).astype(int), n_bins - 1)
    mean, observed, count = [], [], []
    for k in range(n_bins):
        here = where == k
        mean.append(pred[here].mean() if here.any() else np.nan)
        observed.append(np.mean(y[here] == 1) if here.any() else np.nan)
        count.append(int(here.sum()))
    return mean, observed, count


# %% exercise="calibration_table" name="numpys_histogram"
def calibration_table(y, pred, n_bins):
    y, pred = np.asarray(y, dtype=float), np.asarray(pred, dtype=float)
    edges = np.linspace(0, 1, n_bins + 1)
    count, _ = np.histogram(pred, edges)
    total, _ = np.histogram(pred, edges, weights=pred)
    sick, _ = np.histogram(pred, edges, weights=y)
    return total / count, sick / count, count


# %% exercise="calibration_table" name="pandas_groups"
def calibration_table(y, pred, n_bins):
    frame = pd.DataFrame({"y": np.asarray(y, dtype=float), "pred": np.asarray(pred, dtype=float)})
    frame["bin"] = [min(int(p * n_bins), n_bins - 1) for p in frame["pred"]]
    groups = frame.groupby("bin")
    index = range(n_bins)
    mean, share = groups["pred"].mean().reindex(index), groups["y"].mean().reindex(index)
    return mean, share, groups.size().reindex(index, fill_value=0)


# %% exercise="calibration_table" name="a_plain_loop"
def calibration_table(y, pred, n_bins):
    bins = [[] for _ in range(n_bins)]
    for label, p in zip(y, pred):
        k = 0
        while k < n_bins - 1 and p >= (k + 1) / n_bins:
            k += 1
        bins[k].append((float(p), float(label)))
    mean = [sum(p for p, _ in one) / len(one) if one else float("nan") for one in bins]
    observed = [sum(label for _, label in one) / len(one) if one else float("nan") for one in bins]
    return [mean, observed, [len(one) for one in bins]]


# %% exercise="platt_scale" name="almost_no_penalty"
def platt_scale(y_fit, pred_fit, pred_new):
    def transform(pred):
        p = np.clip(np.asarray(pred, dtype=float), 1e-6, 1 - 1e-6)
        return (np.log(p / (1 - p)))[:, None]

    y = np.asarray(y_fit)
    if len(set(y.tolist())) < 2:
        return np.full(len(pred_new), np.nan)
    model = LogisticRegression(C=1e9, tol=1e-8, max_iter=2000).fit(transform(pred_fit), y)
    return model.predict_proba(transform(pred_new))[:, 1]


# %% exercise="platt_scale" name="newton"
def platt_scale(y_fit, pred_fit, pred_new):
    def logit(pred):
        p = np.clip(np.array(pred, dtype=float), 1e-6, 1 - 1e-6)
        return np.log(p) - np.log(1 - p)

    y, x = np.array(y_fit, dtype=float), logit(pred_fit)
    if y.min() == y.max():
        return [float("nan")] * len(pred_new)
    a = b = 0.0
    for _ in range(100):
        p = 1 / (1 + np.exp(-(a + b * x)))
        weight = p * (1 - p)
        gradient = np.array([np.sum(y - p), np.sum((y - p) * x)])
        curve = np.array([[weight.sum(), (weight * x).sum()], [(weight * x).sum(), (weight * x * x).sum()]])
        step = np.linalg.solve(curve, gradient)
        step = step / max(1, np.abs(step).max())
        a, b = a + step[0], b + step[1]
    return [1 / (1 + np.exp(-(a + b * z))) for z in logit(pred_new)]


# %% exercise="platt_scale" name="scipys_minimise"
def platt_scale(y_fit, pred_fit, pred_new):
    from scipy.optimize import minimize
    from scipy.special import expit, logit

    clip = lambda pred: np.clip(np.asarray(pred).astype("float64"), 1e-6, 1 - 1e-6)
    y, x = np.asarray(y_fit).astype(bool), logit(clip(pred_fit))
    if y.all() or not y.any():
        return np.nan * np.zeros(len(pred_new))
    sign = np.where(y, 1.0, -1.0)
    found = minimize(lambda line: np.logaddexp(0, -sign * (line[0] + line[1] * x)).sum(), np.zeros(2))
    return expit(found.x[0] + found.x[1] * logit(clip(pred_new)))


# %% exercise="platt_scale" name="no_penalty_another_solver"
def platt_scale(y_fit, pred_fit, pred_new):
    def transform(pred):
        p = np.clip(np.asarray(pred, dtype=float), 1e-6, 1 - 1e-6)
        return (np.log(p / (1 - p)))[:, None]

    y = np.asarray(y_fit)
    if len(set(y.tolist())) < 2:
        return np.full(len(pred_new), np.nan)
    model = LogisticRegression(C=1e12, tol=1e-8, max_iter=2000, solver="newton-cholesky").fit(transform(pred_fit), y)
    return model.predict_proba(transform(pred_new))[:, 1]
