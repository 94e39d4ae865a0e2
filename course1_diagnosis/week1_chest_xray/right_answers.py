# %% exercise="check_for_leakage" name="loops"
def check_for_leakage(df1, df2, patient_col):
    for one in df1[patient_col]:
        for other in df2[patient_col]:
            if one == other:
                return True
    return False


# %% exercise="check_for_leakage" name="inner_join"
def check_for_leakage(df1, df2, patient_col):
    shared = pd.merge(df1, df2, how="inner", on=patient_col)
    return not shared.empty


# %% exercise="check_for_leakage" name="isin_gives_a_numpy_bool"
def check_for_leakage(df1, df2, patient_col):
    return df1[patient_col].isin(df2[patient_col]).any()


# %% exercise="check_for_leakage" name="numpy_intersection"
def check_for_leakage(df1, df2, patient_col):
    return np.intersect1d(df1[patient_col].to_numpy(), df2[patient_col].to_numpy()).size > 0


# %% exercise="check_for_leakage" name="counts_of_distinct_patients"
def check_for_leakage(df1, df2, patient_col):
    both = pd.concat([df1[patient_col], df2[patient_col]], ignore_index=True)
    return bool(both.nunique() < df1[patient_col].nunique() + df2[patient_col].nunique())


# %% exercise="compute_class_freqs" name="loops_and_lists"
def compute_class_freqs(labels):
    n_films, n_findings = labels.shape
    pos, neg = [], []
    for finding in range(n_findings):
        ones = 0
        for film in range(n_films):
            if labels[film, finding]:
                ones += 1
        pos.append(ones / n_films if n_films else float("nan"))
        neg.append((n_films - ones) / n_films if n_films else float("nan"))
    return pos, neg


# %% exercise="compute_class_freqs" name="one_array_in_single_precision"
def compute_class_freqs(labels):
    pos = labels.astype(np.float32).mean(axis=0)
    return np.stack([pos, 1 - pos])


# %% exercise="compute_class_freqs" name="by_pandas"
def compute_class_freqs(labels):
    shares = pd.DataFrame(labels).astype(float).agg("mean")
    return list(shares), tuple(1 - shares)


# %% exercise="compute_class_freqs" name="sums_over_the_length"
def compute_class_freqs(labels):
    number = labels.shape[0]
    positive = np.sum(labels == 1, axis=0) / number
    negative = np.sum(labels == 0, axis=0) / number
    return positive, negative


# %% exercise="compute_class_freqs" name="tensors"
def compute_class_freqs(labels):
    pos = tf.reduce_mean(tf.cast(labels, tf.float64), axis=0)
    return pos, 1 - pos


# %% exercise="get_weighted_loss" name="a_loop_over_findings"
def get_weighted_loss(pos_weights, neg_weights, epsilon=1e-7):
    def weighted_loss(y_true, y_pred):
        y_true, y_pred = tf.cast(y_true, tf.float32), tf.cast(y_pred, tf.float32)
        loss = 0.0
        for i in range(len(pos_weights)):
            loss += float(pos_weights[i]) * tf.reduce_mean(-y_true[:, i] * tf.math.log(y_pred[:, i] + epsilon))
            loss += float(neg_weights[i]) * tf.reduce_mean(
                -(1 - y_true[:, i]) * tf.math.log(1 - y_pred[:, i] + epsilon)
            )
        return loss

    return weighted_loss


# %% exercise="get_weighted_loss" name="double_precision_and_one_sum"
def get_weighted_loss(pos_weights, neg_weights, epsilon=1e-7):
    w_pos = tf.constant(np.asarray(pos_weights), tf.float64)
    w_neg = tf.constant(np.asarray(neg_weights), tf.float64)

    def loss(y_true, y_pred):
        y, p = tf.cast(y_true, tf.float64), tf.cast(y_pred, tf.float64)
        cost = w_pos * y * tf.math.log(p + epsilon) + w_neg * (1 - y) * tf.math.log(1 - p + epsilon)
        return -tf.reduce_sum(cost) / tf.cast(tf.shape(y)[0], tf.float64)

    return loss


# %% exercise="get_weighted_loss" name="a_class_with_call"
class WeightedLoss:
    def __init__(self, pos, neg, epsilon):
        self.pos, self.neg, self.epsilon = (ops.convert_to_tensor(v, "float32") for v in (pos, neg, epsilon))

    def __call__(self, y_true, y_pred):
        y_true, y_pred = ops.cast(y_true, "float32"), ops.cast(y_pred, "float32")
        per_finding = -ops.mean(
            ops.multiply(self.pos * y_true, ops.log(y_pred + self.epsilon))
            + ops.multiply(self.neg * (1.0 - y_true), ops.log(1.0 - y_pred + self.epsilon)),
            axis=0,
        )
        return ops.sum(per_finding)


def get_weighted_loss(pos_weights, neg_weights, epsilon=1e-7):
    return WeightedLoss(pos_weights, neg_weights, epsilon)


# %% exercise="get_weighted_loss" name="chooses_the_term_by_the_label"
def get_weighted_loss(pos_weights, neg_weights, epsilon=1e-7):
    def loss(y_true, y_pred):
        p = ops.cast(ops.convert_to_tensor(y_pred), "float32")
        present = ops.cast(y_true, "float32") > 0.5
        weight = ops.where(present, np.float32(pos_weights), np.float32(neg_weights))
        return ops.sum(ops.mean(-weight * ops.log(ops.where(present, p, 1 - p) + epsilon), axis=0))

    return loss


# %% exercise="split_by_patient" name="loops_and_sets"
def split_by_patient(df, patient_col, fractions, rng):
    rng = np.random.default_rng(rng)
    waiting = sorted(set(df[patient_col]))
    rng.shuffle(waiting)
    n, parts = len(waiting), []
    for k, fraction in enumerate(fractions):
        take = len(waiting) if k == len(fractions) - 1 else int(fraction * n)
        chosen, waiting = set(waiting[:take]), waiting[take:]
        rows = [row for row, patient in enumerate(df[patient_col]) if patient in chosen]
        parts.append(df.iloc[rows].reset_index(drop=True))
    return tuple(parts)


# %% exercise="split_by_patient" name="scikit_learn_groups"
from sklearn.model_selection import GroupShuffleSplit


def split_by_patient(df, patient_col, fractions, rng):
    seed = int(np.random.default_rng(rng).integers(2**31))
    left, rest, parts = df, 1.0, []
    for fraction in list(fractions)[:-1]:
        splitter = GroupShuffleSplit(n_splits=1, train_size=fraction / rest, random_state=seed)
        taken, others = next(splitter.split(left, groups=left[patient_col]))
        parts.append(left.iloc[taken])
        left, rest = left.iloc[others], rest - fraction
    return [*parts, left]


# %% exercise="split_by_patient" name="a_random_key_per_patient"
def split_by_patient(df, patient_col, fractions, rng):
    rng = np.random.default_rng(rng)
    codes, patients = pd.factorize(df[patient_col], sort=True)
    rank = rng.random(len(patients)).argsort().argsort()
    edges = np.cumsum(fractions) * len(patients)
    part = np.minimum(np.searchsorted(edges, rank + 0.5), len(fractions) - 1)
    return [df.loc[part[codes] == k].copy() for k in range(len(fractions))]


# %% exercise="split_by_patient" name="pandas_sample_and_merge"
def split_by_patient(df, patient_col, fractions, rng):
    rng = np.random.default_rng(rng)
    patients = df[[patient_col]].drop_duplicates().sample(frac=1, random_state=rng)
    patients["_part"] = np.repeat(
        np.arange(len(fractions)),
        np.diff(np.floor(np.append(0, np.cumsum(fractions)) * len(patients) + 0.5)).astype(int),
    )
    joined = df.merge(patients, on=patient_col, how="left")
    return [joined[joined["_part"] == k].drop(columns="_part") for k in range(len(fractions))]


# %% exercise="consensus_label" name="loops"
def consensus_label(votes):
    n_readers, n_films, n_findings = votes.shape
    label = np.zeros((n_films, n_findings))
    agreement = []
    for c in range(n_findings):
        shares = []
        for i in range(n_films):
            seen = [votes[r, i, c] for r in range(n_readers) if votes[r, i, c] == votes[r, i, c]]
            if sum(seen) * 2 == len(seen):
                label[i, c] = np.nan
            else:
                label[i, c] = sum(seen) * 2 > len(seen)
            agree = pairs = 0
            for a in range(len(seen)):
                for b in range(a):
                    pairs += 1
                    agree += seen[a] == seen[b]
            if pairs:
                shares.append(agree / pairs)
        agreement.append(np.mean(shares) if shares else np.nan)
    return label, agreement


# %% exercise="consensus_label" name="median_of_the_readers"
def consensus_label(votes):
    votes = np.array(votes, dtype=float)
    middle = np.nanmedian(votes, axis=0)
    middle[middle == 0.5] = np.nan
    n = np.sum(~np.isnan(votes), axis=0)
    yes = np.nansum(votes, axis=0)
    both = (yes**2 + (n - yes) ** 2 - n) / (n**2 - n)
    return middle, np.nanmean(both, axis=0)


# %% exercise="consensus_label" name="a_matrix_of_pairs"
def consensus_label(votes):
    votes = np.asarray(votes, dtype="float32")
    read = np.isfinite(votes)
    same = (votes[:, None] == votes[None]) & ~np.eye(len(votes), dtype=bool)[:, :, None, None]
    pairs = (read[:, None] & read[None]) & ~np.eye(len(votes), dtype=bool)[:, :, None, None]
    n_pairs = pairs.sum(axis=(0, 1))
    share = np.where(n_pairs > 0, same.sum(axis=(0, 1)) / np.maximum(n_pairs, 1), np.nan)
    balance = np.sign(np.where(read, 2 * votes - 1, 0).sum(axis=0))
    label = np.choose((balance + 1).astype(int), [0.0, np.nan, 1.0])
    return [label, np.nanmean(share, axis=0)]


# %% exercise="consensus_label" name="by_pandas"
def consensus_label(votes):
    n_readers, n_films, n_findings = votes.shape
    grid = pd.MultiIndex.from_product([range(n_readers), range(n_films), range(n_findings)], names=["r", "i", "c"])
    long = pd.Series(np.asarray(votes, float).ravel(), index=grid)
    cell = long.groupby(["i", "c"])
    share, n = cell.mean(), cell.count()
    label = share.where(share != 0.5).round()
    p_same = (share**2 + (1 - share) ** 2 - 1 / n) / (1 - 1 / n)
    agreement = p_same[n > 1].groupby("c").mean().reindex(range(n_findings))
    return label.to_numpy().reshape(n_films, n_findings), agreement
