# %% exercise="check_for_leakage" name="compares_row_by_row" caught_by="visible" says="compare patients, not rows"
def check_for_leakage(df1, df2, patient_col):
    return bool(any(a == b for a, b in zip(df1[patient_col], df2[patient_col])))


# %% exercise="check_for_leakage" name="compares_row_numbers" caught_by="visible" says="do not look at the row numbers"
def check_for_leakage(df1, df2, patient_col):
    return len(set(df1.index) & set(df2.index)) > 0


# %% exercise="check_for_leakage" name="asks_the_index_of_a_series" caught_by="visible" says="compare patients, not rows"
def check_for_leakage(df1, df2, patient_col):
    return any(patient in df2[patient_col] for patient in df1[patient_col])


# %% exercise="check_for_leakage" name="returns_the_shared_set" caught_by="visible" says="Return one bool"
def check_for_leakage(df1, df2, patient_col):
    return set(df1[patient_col]) & set(df2[patient_col])


# %% exercise="check_for_leakage" name="duplicates_within_a_table" caught_by="visible" says="several films in one table"
def check_for_leakage(df1, df2, patient_col):
    both = pd.concat([df1[patient_col], df2[patient_col]])
    return bool(both.duplicated().any())


# %% exercise="check_for_leakage" name="ignores_the_column_name" caught_by="hidden" says="a leak was reported"
def check_for_leakage(df1, df2, patient_col):
    return len(set(df1.iloc[:, 0]) & set(df2.iloc[:, 0])) > 0


# %% exercise="check_for_leakage" name="whole_rows_must_match" caught_by="visible" says="Patient 5"
def check_for_leakage(df1, df2, patient_col):
    return len(df1.merge(df2)) > 0


# %% exercise="check_for_leakage" name="all_patients_must_be_shared" caught_by="visible" says="Patient 5"
def check_for_leakage(df1, df2, patient_col):
    return set(df1[patient_col]) <= set(df2[patient_col])


# %% exercise="check_for_leakage" name="one_id_inside_another" caught_by="hidden" says="no patient is shared"
def check_for_leakage(df1, df2, patient_col):
    everyone = " ".join(str(patient) for patient in df2[patient_col])
    return any(str(patient) in everyone for patient in df1[patient_col])


# %% exercise="check_for_leakage" name="truth_of_the_id" caught_by="hidden" says="whose id is 0"
def check_for_leakage(df1, df2, patient_col):
    return any(set(df1[patient_col]) & set(df2[patient_col]))


# %% exercise="check_for_leakage" name="changes_the_tables" caught_by="hidden" says="changed a table"
def check_for_leakage(df1, df2, patient_col):
    df1.drop_duplicates(patient_col, inplace=True)
    df2.drop_duplicates(patient_col, inplace=True)
    return bool(df1[patient_col].isin(df2[patient_col]).any())


# %% exercise="check_for_leakage" name="knows_the_visible_cases" caught_by="hidden" says="was missed"
def check_for_leakage(df1, df2, patient_col):
    return 5 in set(df2[patient_col]) or "P-07" in set(df2[patient_col])


# %% exercise="compute_class_freqs" name="counts_not_shares" caught_by="visible" says="share"
def compute_class_freqs(labels):
    return labels.sum(axis=0), (1 - labels).sum(axis=0)


# %% exercise="compute_class_freqs" name="wrong_axis" caught_by="visible" says="count along axis 0"
def compute_class_freqs(labels):
    return (labels == 1).mean(axis=1), (labels == 0).mean(axis=1)


# %% exercise="compute_class_freqs" name="over_the_whole_table" caught_by="visible" says="one number per finding"
def compute_class_freqs(labels):
    return (labels == 1).mean(), (labels == 0).mean()


# %% exercise="compute_class_freqs" name="swapped" caught_by="visible" says="pos ="
def compute_class_freqs(labels):
    return (labels == 0).mean(axis=0), (labels == 1).mean(axis=0)


# %% exercise="compute_class_freqs" name="ddof_of_one" caught_by="visible" says="share of films"
def compute_class_freqs(labels):
    n_films = len(labels) - 1
    return (labels == 1).sum(axis=0) / n_films, (labels == 0).sum(axis=0) / n_films


# %% exercise="compute_class_freqs" name="share_of_all_ones" caught_by="visible" says="count / N"
def compute_class_freqs(labels):
    ones = (labels == 1).sum(axis=0)
    return ones / ones.sum(), 1 - ones / ones.sum()


# %% exercise="compute_class_freqs" name="divides_by_findings" caught_by="visible" says="count / N"
def compute_class_freqs(labels):
    n = labels.shape[1]
    return (labels == 1).sum(axis=0) / n, (labels == 0).sum(axis=0) / n


# %% exercise="compute_class_freqs" name="only_the_ones" caught_by="visible" says="expected a pair"
def compute_class_freqs(labels):
    return (labels == 1).mean(axis=0)


# %% exercise="compute_class_freqs" name="wraps_around_in_uint8" caught_by="hidden" says="uint8"
def compute_class_freqs(labels):
    return labels.mean(axis=0), np.abs(labels - 1).mean(axis=0)


# %% exercise="compute_class_freqs" name="no_film_is_an_error" caught_by="hidden" says="No film at all"
def compute_class_freqs(labels):
    n_films = len(labels)
    pos = [sum(column.astype(int)) / n_films for column in labels.T]
    return pos, [1 - share for share in pos]


# %% exercise="compute_class_freqs" name="no_film_is_zero" caught_by="hidden" says="0/0"
def compute_class_freqs(labels):
    n_films = max(len(labels), 1)
    return (labels == 1).sum(axis=0) / n_films, (labels == 0).sum(axis=0) / n_films


# %% exercise="compute_class_freqs" name="flips_the_array_in_place" caught_by="hidden" says="changed the array"
def compute_class_freqs(labels):
    pos = (labels == 1).mean(axis=0)
    labels[:] = labels == 0
    return pos, (labels == 1).mean(axis=0)


# %% exercise="get_weighted_loss" name="weights_swapped" caught_by="visible" says="swapped weights"
def get_weighted_loss(pos_weights, neg_weights, epsilon=1e-7):
    def loss(y_true, y_pred):
        y, p = ops.cast(y_true, "float32"), ops.cast(y_pred, "float32")
        cost = neg_weights * y * ops.log(p + epsilon) + pos_weights * (1 - y) * ops.log(1 - p + epsilon)
        return -ops.sum(ops.mean(cost, axis=0))

    return loss


# %% exercise="get_weighted_loss" name="no_minus" caught_by="visible" says="missing minus"
def get_weighted_loss(pos_weights, neg_weights, epsilon=1e-7):
    def loss(y_true, y_pred):
        y, p = ops.cast(y_true, "float32"), ops.cast(y_pred, "float32")
        cost = pos_weights * y * ops.log(p + epsilon) + neg_weights * (1 - y) * ops.log(1 - p + epsilon)
        return ops.sum(ops.mean(cost, axis=0))

    return loss


# %% exercise="get_weighted_loss" name="sum_over_films" caught_by="visible" says="sum over films"
def get_weighted_loss(pos_weights, neg_weights, epsilon=1e-7):
    def loss(y_true, y_pred):
        y, p = ops.cast(y_true, "float32"), ops.cast(y_pred, "float32")
        cost = pos_weights * y * ops.log(p + epsilon) + neg_weights * (1 - y) * ops.log(1 - p + epsilon)
        return -ops.sum(cost)

    return loss


# %% exercise="get_weighted_loss" name="mean_over_findings" caught_by="visible" says="Add the findings up"
def get_weighted_loss(pos_weights, neg_weights, epsilon=1e-7):
    def loss(y_true, y_pred):
        y, p = ops.cast(y_true, "float32"), ops.cast(y_pred, "float32")
        cost = pos_weights * y * ops.log(p + epsilon) + neg_weights * (1 - y) * ops.log(1 - p + epsilon)
        return -ops.mean(cost)

    return loss


# %% exercise="get_weighted_loss" name="one_weight_for_all_findings" caught_by="visible" says="its own weights"
def get_weighted_loss(pos_weights, neg_weights, epsilon=1e-7):
    def loss(y_true, y_pred):
        y, p = ops.cast(y_true, "float32"), ops.cast(y_pred, "float32")
        cost = pos_weights[0] * y * ops.log(p + epsilon) + neg_weights[0] * (1 - y) * ops.log(1 - p + epsilon)
        return -ops.sum(ops.mean(cost, axis=0))

    return loss


# %% exercise="get_weighted_loss" name="no_epsilon" caught_by="visible" says="epsilon"
def get_weighted_loss(pos_weights, neg_weights, epsilon=1e-7):
    def loss(y_true, y_pred):
        y, p = ops.cast(y_true, "float32"), ops.cast(y_pred, "float32")
        cost = pos_weights * y * ops.log(p) + neg_weights * (1 - y) * ops.log(1 - p)
        return -ops.sum(ops.mean(cost, axis=0))

    return loss


# %% exercise="get_weighted_loss" name="epsilon_outside_the_logarithm" caught_by="visible" says="inside both logarithms"
def get_weighted_loss(pos_weights, neg_weights, epsilon=1e-7):
    def loss(y_true, y_pred):
        y, p = ops.cast(y_true, "float32"), ops.cast(y_pred, "float32")
        cost = pos_weights * y * (ops.log(p) + epsilon) + neg_weights * (1 - y) * (ops.log(1 - p) + epsilon)
        return -ops.sum(ops.mean(cost, axis=0))

    return loss


# %% exercise="get_weighted_loss" name="negative_term_forgotten" caught_by="visible" says="The example by hand"
def get_weighted_loss(pos_weights, neg_weights, epsilon=1e-7):
    def loss(y_true, y_pred):
        y, p = ops.cast(y_true, "float32"), ops.cast(y_pred, "float32")
        return -ops.sum(ops.mean(pos_weights * y * ops.log(p + epsilon), axis=0))

    return loss


# %% exercise="get_weighted_loss" name="logarithm_of_base_10" caught_by="visible" says="The example by hand"
def get_weighted_loss(pos_weights, neg_weights, epsilon=1e-7):
    def loss(y_true, y_pred):
        y, p = ops.cast(y_true, "float32"), ops.cast(y_pred, "float32")
        cost = pos_weights * y * ops.log10(p + epsilon) + neg_weights * (1 - y) * ops.log10(1 - p + epsilon)
        return -ops.sum(ops.mean(cost, axis=0))

    return loss


# %% exercise="get_weighted_loss" name="numpy_cuts_the_gradient" caught_by="visible" says="scalar tensor"
def get_weighted_loss(pos_weights, neg_weights, epsilon=1e-7):
    def loss(y_true, y_pred):
        y, p = np.asarray(y_true, float), np.asarray(y_pred, float)
        cost = pos_weights * y * np.log(p + epsilon) + neg_weights * (1 - y) * np.log(1 - p + epsilon)
        return -cost.mean(axis=0).sum()

    return loss


# %% exercise="get_weighted_loss" name="numpy_dressed_as_a_tensor" caught_by="visible" says="cuts it off"
def get_weighted_loss(pos_weights, neg_weights, epsilon=1e-7):
    def loss(y_true, y_pred):
        y, p = np.asarray(y_true, float), np.asarray(y_pred, float)
        cost = pos_weights * y * np.log(p + epsilon) + neg_weights * (1 - y) * np.log(1 - p + epsilon)
        return tf.constant(-cost.mean(axis=0).sum(), tf.float32)

    return loss


# %% exercise="get_weighted_loss" name="one_loss_per_film" caught_by="visible" says="The example by hand"
def get_weighted_loss(pos_weights, neg_weights, epsilon=1e-7):
    def loss(y_true, y_pred):
        y, p = ops.cast(y_true, "float32"), ops.cast(y_pred, "float32")
        cost = pos_weights * y * ops.log(p + epsilon) + neg_weights * (1 - y) * ops.log(1 - p + epsilon)
        return -ops.sum(cost, axis=1)

    return loss


# %% exercise="get_weighted_loss" name="clips_and_so_ignores_epsilon" caught_by="visible" says="epsilon 0.1"
def get_weighted_loss(pos_weights, neg_weights, epsilon=1e-7):
    def loss(y_true, y_pred):
        y, p = ops.cast(y_true, "float32"), ops.clip(ops.cast(y_pred, "float32"), 1e-7, 1 - 1e-7)
        cost = pos_weights * y * ops.log(p) + neg_weights * (1 - y) * ops.log(1 - p)
        return -ops.sum(ops.mean(cost, axis=0))

    return loss


# %% exercise="get_weighted_loss" name="no_cast_of_the_labels" caught_by="visible" says="stopped with an error"
def get_weighted_loss(pos_weights, neg_weights, epsilon=1e-7):
    w_pos, w_neg = np.asarray(pos_weights, "float32"), np.asarray(neg_weights, "float32")

    def loss(y_true, y_pred):
        if isinstance(y_true, np.ndarray) or not tf.as_dtype(y_true.dtype).is_integer:
            y_true = ops.cast(y_true, "float32")
        p = ops.cast(y_pred, "float32")
        cost = w_pos * y_true * tf.math.log(p + epsilon) + w_neg * (1 - y_true) * tf.math.log(1 - p + epsilon)
        return -tf.reduce_sum(tf.reduce_mean(cost, axis=0))

    return loss


# %% exercise="get_weighted_loss" name="divides_by_two_findings" caught_by="hidden" says="Another number of films and findings"
def get_weighted_loss(pos_weights, neg_weights, epsilon=1e-7):
    w_pos, w_neg = np.asarray(pos_weights, "float32"), np.asarray(neg_weights, "float32")

    def loss(y_true, y_pred):
        y, p = ops.cast(y_true, "float32"), ops.cast(y_pred, "float32")
        total = 0.0
        for c in range(min(len(w_pos), 2)):
            total += ops.mean(w_pos[c] * y[:, c] * ops.log(p[:, c] + epsilon))
            total += ops.mean(w_neg[c] * (1 - y[:, c]) * ops.log(1 - p[:, c] + epsilon))
        return -total

    return loss


# %% exercise="get_weighted_loss" name="weights_kept_in_a_global" caught_by="hidden" says="keep its own weights"
def get_weighted_loss(pos_weights, neg_weights, epsilon=1e-7):
    global current_weights
    current_weights = np.asarray(pos_weights, "float32"), np.asarray(neg_weights, "float32")

    def loss(y_true, y_pred):
        w_pos, w_neg = current_weights
        y, p = ops.cast(y_true, "float32"), ops.cast(y_pred, "float32")
        cost = w_pos * y * ops.log(p + epsilon) + w_neg * (1 - y) * ops.log(1 - p + epsilon)
        return -ops.sum(ops.mean(cost, axis=0))

    return loss


# %% exercise="split_by_patient" name="splits_films" caught_by="visible" says="films instead of patients"
def split_by_patient(df, patient_col, fractions, rng):
    order = np.random.default_rng(rng).permutation(len(df))
    cuts = np.round(np.cumsum(fractions)[:-1] * len(df)).astype(int)
    return [df.iloc[piece] for piece in np.split(order, cuts)]


# %% exercise="split_by_patient" name="not_shuffled" caught_by="visible" says="Is rng used"
def split_by_patient(df, patient_col, fractions, rng):
    patients = df[patient_col].unique()
    cuts = np.round(np.cumsum(fractions)[:-1] * len(patients)).astype(int)
    return [df[df[patient_col].isin(piece)] for piece in np.split(patients, cuts)]


# %% exercise="split_by_patient" name="ignores_rng" caught_by="visible" says="The same seed twice"
def split_by_patient(df, patient_col, fractions, rng):
    patients = np.random.default_rng().permutation(df[patient_col].unique())
    cuts = np.round(np.cumsum(fractions)[:-1] * len(patients)).astype(int)
    return [df[df[patient_col].isin(piece)] for piece in np.split(patients, cuts)]


# %% exercise="split_by_patient" name="a_fixed_seed" caught_by="visible" says="Is rng used"
def split_by_patient(df, patient_col, fractions, rng):
    patients = np.random.default_rng(0).permutation(df[patient_col].unique())
    cuts = np.round(np.cumsum(fractions)[:-1] * len(patients)).astype(int)
    return [df[df[patient_col].isin(piece)] for piece in np.split(patients, cuts)]


# %% exercise="split_by_patient" name="loses_a_patient_at_each_cut" caught_by="visible" says="exactly once"
def split_by_patient(df, patient_col, fractions, rng):
    patients = np.random.default_rng(rng).permutation(df[patient_col].unique())
    parts, start = [], 0
    for fraction in fractions:
        stop = start + round(fraction * len(patients))
        parts.append(df[df[patient_col].isin(patients[start : stop - 1])])
        start = stop
    return parts


# %% exercise="split_by_patient" name="fractions_without_running_total" caught_by="visible" says="exactly once"
def split_by_patient(df, patient_col, fractions, rng):
    patients = np.random.default_rng(rng).permutation(df[patient_col].unique())
    n = [round(fraction * len(patients)) for fraction in fractions]
    return [df[df[patient_col].isin(patients[:count])] for count in n]


# %% exercise="split_by_patient" name="one_film_per_patient" caught_by="visible" says="exactly once"
def split_by_patient(df, patient_col, fractions, rng):
    one_each = df.drop_duplicates(patient_col).sample(frac=1, random_state=rng)
    cuts = np.round(np.cumsum(fractions)[:-1] * len(one_each)).astype(int)
    return [one_each.iloc[piece] for piece in np.split(np.arange(len(one_each)), cuts)]


# %% exercise="split_by_patient" name="fractions_in_the_other_order" caught_by="visible" says="order of the fractions"
def split_by_patient(df, patient_col, fractions, rng):
    fractions = sorted(fractions)
    patients = np.random.default_rng(rng).permutation(df[patient_col].unique())
    cuts = np.round(np.cumsum(fractions)[:-1] * len(patients)).astype(int)
    return [df[df[patient_col].isin(piece)] for piece in np.split(patients, cuts)]


# %% exercise="split_by_patient" name="first_part_takes_all" caught_by="visible" says="give or take 3"
def split_by_patient(df, patient_col, fractions, rng):
    patients = np.random.default_rng(rng).permutation(df[patient_col].unique())
    cuts = [len(patients) - (len(fractions) - 1) + k for k in range(len(fractions) - 1)]
    return [df[df[patient_col].isin(piece)] for piece in np.split(patients, cuts)]


# %% exercise="split_by_patient" name="labels_of_rows_as_positions" caught_by="hidden" says="occur twice"
def split_by_patient(df, patient_col, fractions, rng):
    patients = np.random.default_rng(rng).permutation(df[patient_col].unique())
    cuts = np.round(np.cumsum(fractions)[:-1] * len(patients)).astype(int)
    return [df.iloc[df.index[df[patient_col].isin(piece)]] for piece in np.split(patients, cuts)]


# %% exercise="split_by_patient" name="drops_rows_by_label" caught_by="hidden" says="occur twice"
def split_by_patient(df, patient_col, fractions, rng):
    patients = np.random.default_rng(rng).permutation(df[patient_col].unique())
    cuts = np.round(np.cumsum(fractions)[:-1] * len(patients)).astype(int)
    rest, parts = df, []
    for piece in np.split(patients, cuts)[:-1]:
        parts.append(rest[rest[patient_col].isin(piece)])
        rest = rest.drop(parts[-1].index)
    return [*parts, rest]


# %% exercise="split_by_patient" name="only_seeds_no_generators" caught_by="hidden" says="rng is a Generator"
def split_by_patient(df, patient_col, fractions, rng):
    patients = np.random.RandomState(rng).permutation(df[patient_col].unique())
    cuts = np.round(np.cumsum(fractions)[:-1] * len(patients)).astype(int)
    return [df[df[patient_col].isin(piece)] for piece in np.split(patients, cuts)]


# %% exercise="split_by_patient" name="the_largest_patient_always_first" caught_by="hidden" says="always land in the same part"
def split_by_patient(df, patient_col, fractions, rng):
    counts = df[patient_col].value_counts(sort=True)
    first, others = counts.index[:1], counts.index[1:]
    patients = np.concatenate([first, np.random.default_rng(rng).permutation(others)])
    cuts = np.round(np.cumsum(fractions)[:-1] * len(patients)).astype(int)
    return [df[df[patient_col].isin(piece)] for piece in np.split(patients, cuts)]


# %% exercise="split_by_patient" name="renames_the_column_in_place" caught_by="hidden" says="changed the table"
def split_by_patient(df, patient_col, fractions, rng):
    patients = np.random.default_rng(rng).permutation(df[patient_col].unique())
    cuts = np.round(np.cumsum(fractions)[:-1] * len(patients)).astype(int)
    part_of = {patient: k for k, piece in enumerate(np.split(patients, cuts)) for patient in piece}
    df["part"] = df[patient_col].map(part_of)
    return [df[df["part"] == k].drop(columns="part") for k in range(len(fractions))]


# %% exercise="consensus_label" name="ties_become_1" caught_by="visible" says="A tie is NaN"
def consensus_label(votes):
    yes, no = (votes == 1).sum(axis=0), (votes == 0).sum(axis=0)
    label = np.where(yes >= no, 1.0, 0.0)
    n = yes + no
    return label, np.nanmean((yes * (yes - 1) + no * (no - 1)) / (n * (n - 1)), axis=0)


# %% exercise="consensus_label" name="ties_become_0" caught_by="visible" says="A tie is NaN"
def consensus_label(votes):
    yes, no = (votes == 1).sum(axis=0), (votes == 0).sum(axis=0)
    label = np.where(yes > no, 1.0, 0.0)
    n = yes + no
    return label, np.nanmean((yes * (yes - 1) + no * (no - 1)) / (n * (n - 1)), axis=0)


# %% exercise="consensus_label" name="unread_counts_as_no" caught_by="visible" says="only those who read the film vote"
def consensus_label(votes):
    yes = np.nansum(votes, axis=0)
    no = len(votes) - yes
    label = np.where(yes > no, 1.0, np.where(no > yes, 0.0, np.nan))
    n = yes + no
    return label, np.nanmean((yes * (yes - 1) + no * (no - 1)) / (n * (n - 1)), axis=0)


# %% exercise="consensus_label" name="nan_spreads" caught_by="visible" says="only those who read the film vote"
def consensus_label(votes):
    share = votes.mean(axis=0)
    label = np.where(share == 0.5, np.nan, np.where(share > 0.5, 1.0, np.where(share < 0.5, 0.0, np.nan)))
    yes, no = (votes == 1).sum(axis=0), (votes == 0).sum(axis=0)
    n = yes + no
    return label, np.nanmean((yes * (yes - 1) + no * (no - 1)) / (n * (n - 1)), axis=0)


# %% exercise="consensus_label" name="votes_over_films" caught_by="visible" says="Readers are axis 0"
def consensus_label(votes):
    share = np.nanmean(votes, axis=1)
    return np.where(share == 0.5, np.nan, np.round(share)), np.nanmean(np.abs(2 * share - 1), axis=0)


# %% exercise="consensus_label" name="agreement_only_where_all_agree" caught_by="visible" says="share of agreeing pairs"
def consensus_label(votes):
    yes, no = (votes == 1).sum(axis=0), (votes == 0).sum(axis=0)
    label = np.where(yes > no, 1.0, np.where(no > yes, 0.0, np.nan))
    return label, ((yes == 0) | (no == 0)).mean(axis=0)


# %% exercise="consensus_label" name="agreement_with_the_majority" caught_by="visible" says="share of agreeing pairs"
def consensus_label(votes):
    yes, no = (votes == 1).sum(axis=0), (votes == 0).sum(axis=0)
    label = np.where(yes > no, 1.0, np.where(no > yes, 0.0, np.nan))
    return label, np.nanmean(np.maximum(yes, no) / (yes + no), axis=0)


# %% exercise="consensus_label" name="one_reader_agrees_with_himself" caught_by="visible" says="fewer than two readers out"
def consensus_label(votes):
    yes, no = (votes == 1).sum(axis=0), (votes == 0).sum(axis=0)
    label = np.where(yes > no, 1.0, np.where(no > yes, 0.0, np.nan))
    n = yes + no
    share = np.where(n < 2, 1.0, (yes * (yes - 1) + no * (no - 1)) / np.maximum(n * (n - 1), 1))
    return label, share.mean(axis=0)


# %% exercise="consensus_label" name="one_number_for_all_findings" caught_by="visible" says="Agreement: got"
def consensus_label(votes):
    yes, no = (votes == 1).sum(axis=0), (votes == 0).sum(axis=0)
    label = np.where(yes > no, 1.0, np.where(no > yes, 0.0, np.nan))
    n = yes + no
    return label, np.nanmean((yes * (yes - 1) + no * (no - 1)) / (n * (n - 1)))


# %% exercise="consensus_label" name="pairs_pooled_over_films" caught_by="visible" says="then take the mean over films"
def consensus_label(votes):
    yes, no = (votes == 1).sum(axis=0), (votes == 0).sum(axis=0)
    label = np.where(yes > no, 1.0, np.where(no > yes, 0.0, np.nan))
    n = yes + no
    return label, (yes * (yes - 1) + no * (no - 1)).sum(axis=0) / (n * (n - 1)).sum(axis=0)


# %% exercise="consensus_label" name="label_only" caught_by="visible" says="expected the pair"
def consensus_label(votes):
    yes, no = (votes == 1).sum(axis=0), (votes == 0).sum(axis=0)
    return np.where(yes > no, 1.0, np.where(no > yes, 0.0, np.nan))


# %% exercise="consensus_label" name="majority_of_three_built_in" caught_by="hidden" says="majority of those who read"
def consensus_label(votes):
    yes, no = (votes == 1).sum(axis=0), (votes == 0).sum(axis=0)
    label = np.where(yes >= 2, 1.0, np.where(no >= 2, 0.0, np.where(yes > no, 1.0, np.where(no > yes, 0.0, np.nan))))
    n = yes + no
    return label, np.nanmean((yes * (yes - 1) + no * (no - 1)) / (n * (n - 1)), axis=0)


# %% exercise="consensus_label" name="unread_film_is_0" caught_by="hidden" says="nobody"
def consensus_label(votes):
    yes, no = (votes == 1).sum(axis=0), (votes == 0).sum(axis=0)
    label = np.where(yes > no, 1.0, np.where(no > yes, 0.0, np.nan))
    label[(yes + no) == 0] = 0.0
    n = yes + no
    return label, np.nanmean((yes * (yes - 1) + no * (no - 1)) / (n * (n - 1)), axis=0)


# %% exercise="consensus_label" name="no_pair_is_full_agreement" caught_by="hidden" says="agreement"
def consensus_label(votes):
    yes, no = (votes == 1).sum(axis=0), (votes == 0).sum(axis=0)
    label = np.where(yes > no, 1.0, np.where(no > yes, 0.0, np.nan))
    n = yes + no
    agreement = np.nanmean((yes * (yes - 1) + no * (no - 1)) / (n * (n - 1)), axis=0)
    return label, np.nan_to_num(agreement, nan=1.0)


# %% exercise="consensus_label" name="fills_the_holes_in_place" caught_by="hidden" says="changed the votes"
def consensus_label(votes):
    read = ~np.isnan(votes)
    if np.issubdtype(votes.dtype, np.floating):
        votes[~read] = 0
    n, yes = read.sum(axis=0), votes.sum(axis=0)
    no = n - yes
    label = np.where(yes > no, 1.0, np.where(no > yes, 0.0, np.nan))
    return label, np.nanmean((yes * (yes - 1) + no * (no - 1)) / (n * (n - 1)), axis=0)
