# %% exercise="true_positives" name="strict_at_the_threshold" caught_by="visible" says="A score exactly at the threshold"
def true_positives(y, pred, th=0.5):
    return int(((y == 1) & (pred > th)).sum())


# %% exercise="true_positives" name="ignores_the_threshold" caught_by="visible" says="Compare with th"
def true_positives(y, pred, th=0.5):
    return int(((y == 1) & (pred >= 0.5)).sum())


# %% exercise="true_positives" name="the_other_labels" caught_by="visible" says="at least th"
def true_positives(y, pred, th=0.5):
    return int(((y == 0) & (pred >= th)).sum())


# %% exercise="true_positives" name="the_other_side" caught_by="visible" says="Ten patients, no threshold given"
def true_positives(y, pred, th=0.5):
    return int(((y == 1) & (pred < th)).sum())


# %% exercise="true_positives" name="either_instead_of_both" caught_by="visible" says="Ten patients, no threshold given"
def true_positives(y, pred, th=0.5):
    return int(((y == 1) | (pred >= th)).sum())


# %% exercise="true_positives" name="a_share" caught_by="visible" says="Ten patients, no threshold given"
def true_positives(y, pred, th=0.5):
    return ((y == 1) & (pred >= th)).mean()


# %% exercise="true_positives" name="rounds_the_score" caught_by="visible" says="A score exactly at the threshold"
def true_positives(y, pred, th=0.5):
    return int(((y == 1) & (np.round(pred) == 1)).sum())


# %% exercise="true_positives" name="strict_only_away_from_one_half" caught_by="hidden" says="scores at the threshold"
def true_positives(y, pred, th=0.5):
    flagged = pred >= th if th == 0.5 else pred > th
    return int(((y == 1) & (flagged == True)).sum())


# %% exercise="true_positives" name="another_default" caught_by="hidden" says="No threshold given"
def true_positives(y, pred, th=0.4):
    return int(((y == 1) & (pred >= th)).sum())


# %% exercise="true_positives" name="only_three_thresholds" caught_by="hidden" says="another threshold"
def true_positives(y, pred, th=0.5):
    th = min([0.25, 0.5, 0.75], key=lambda known: abs(known - th))
    return int(((y == 1) & (pred >= th)).sum())


# %% exercise="true_positives" name="overwrites_the_scores" caught_by="hidden" says="changed an input"
def true_positives(y, pred, th=0.5):
    flagged = pred >= th
    pred[:] = flagged
    return int(((y == 1) & (flagged == True)).sum())


# %% exercise="true_positives" name="looks_rows_up_by_their_label" caught_by="hidden" says="with row labels"
def true_positives(y, pred, th=0.5):
    count = 0
    for row in range(len(y)):
        if y[row] == 1 and pred[row] >= th:
            count += 1
    return count


# %% exercise="true_negatives" name="strict_at_the_threshold" caught_by="visible" says="A score exactly at the threshold"
def true_negatives(y, pred, th=0.5):
    return int(((y == 0) & (pred <= th)).sum())


# %% exercise="true_negatives" name="ignores_the_threshold" caught_by="visible" says="Compare with th"
def true_negatives(y, pred, th=0.5):
    return int(((y == 0) & (pred < 0.5)).sum())


# %% exercise="true_negatives" name="the_other_labels" caught_by="visible" says="below th"
def true_negatives(y, pred, th=0.5):
    return int(((y == 1) & (pred < th)).sum())


# %% exercise="true_negatives" name="the_other_side" caught_by="visible" says="Ten patients, no threshold given"
def true_negatives(y, pred, th=0.5):
    return int(((y == 0) & (pred >= th)).sum())


# %% exercise="true_negatives" name="either_instead_of_both" caught_by="visible" says="Ten patients, no threshold given"
def true_negatives(y, pred, th=0.5):
    return int(((y == 0) | (pred < th)).sum())


# %% exercise="true_negatives" name="a_share" caught_by="visible" says="Ten patients, no threshold given"
def true_negatives(y, pred, th=0.5):
    return ((y == 0) & (pred < th)).mean()


# %% exercise="true_negatives" name="rounds_the_score" caught_by="visible" says="A score exactly at the threshold"
def true_negatives(y, pred, th=0.5):
    return int(((y == 0) & (np.round(pred) == 0)).sum())


# %% exercise="true_negatives" name="strict_only_away_from_one_half" caught_by="visible" says="a score of exactly 0.75"
def true_negatives(y, pred, th=0.5):
    flagged = pred >= th if th == 0.5 else pred > th
    return int(((y == 0) & (flagged == False)).sum())


# %% exercise="true_negatives" name="another_default" caught_by="visible" says="no threshold given"
def true_negatives(y, pred, th=0.35):
    return int(((y == 0) & (pred < th)).sum())


# %% exercise="true_negatives" name="only_three_thresholds" caught_by="hidden" says="another threshold"
def true_negatives(y, pred, th=0.5):
    th = min([0.25, 0.5, 0.75], key=lambda known: abs(known - th))
    return int(((y == 0) & (pred < th)).sum())


# %% exercise="true_negatives" name="overwrites_the_scores" caught_by="hidden" says="changed an input"
def true_negatives(y, pred, th=0.5):
    flagged = pred >= th
    pred[:] = flagged
    return int(((y == 0) & (flagged == False)).sum())


# %% exercise="true_negatives" name="looks_rows_up_by_their_label" caught_by="hidden" says="with row labels"
def true_negatives(y, pred, th=0.5):
    count = 0
    for row in range(len(y)):
        if y[row] == 0 and pred[row] < th:
            count += 1
    return count


# %% exercise="false_positives" name="strict_at_the_threshold" caught_by="visible" says="A score exactly at the threshold"
def false_positives(y, pred, th=0.5):
    return int(((y == 0) & (pred > th)).sum())


# %% exercise="false_positives" name="ignores_the_threshold" caught_by="visible" says="Compare with th"
def false_positives(y, pred, th=0.5):
    return int(((y == 0) & (pred >= 0.5)).sum())


# %% exercise="false_positives" name="the_other_labels" caught_by="visible" says="at least th"
def false_positives(y, pred, th=0.5):
    return int(((y == 1) & (pred >= th)).sum())


# %% exercise="false_positives" name="the_other_side" caught_by="visible" says="Ten patients, no threshold given"
def false_positives(y, pred, th=0.5):
    return int(((y == 0) & (pred < th)).sum())


# %% exercise="false_positives" name="either_instead_of_both" caught_by="visible" says="Ten patients, no threshold given"
def false_positives(y, pred, th=0.5):
    return int(((y == 0) | (pred >= th)).sum())


# %% exercise="false_positives" name="a_share" caught_by="visible" says="Ten patients, no threshold given"
def false_positives(y, pred, th=0.5):
    return ((y == 0) & (pred >= th)).mean()


# %% exercise="false_positives" name="rounds_the_score" caught_by="visible" says="A score exactly at the threshold"
def false_positives(y, pred, th=0.5):
    return int(((y == 0) & (np.round(pred) == 1)).sum())


# %% exercise="false_positives" name="strict_only_away_from_one_half" caught_by="visible" says="a score of exactly 0.75"
def false_positives(y, pred, th=0.5):
    flagged = pred >= th if th == 0.5 else pred > th
    return int(((y == 0) & (flagged == True)).sum())


# %% exercise="false_positives" name="another_default" caught_by="visible" says="no threshold given"
def false_positives(y, pred, th=0.35):
    return int(((y == 0) & (pred >= th)).sum())


# %% exercise="false_positives" name="only_three_thresholds" caught_by="hidden" says="another threshold"
def false_positives(y, pred, th=0.5):
    th = min([0.25, 0.5, 0.75], key=lambda known: abs(known - th))
    return int(((y == 0) & (pred >= th)).sum())


# %% exercise="false_positives" name="overwrites_the_scores" caught_by="hidden" says="changed an input"
def false_positives(y, pred, th=0.5):
    flagged = pred >= th
    pred[:] = flagged
    return int(((y == 0) & (flagged == True)).sum())


# %% exercise="false_positives" name="looks_rows_up_by_their_label" caught_by="hidden" says="with row labels"
def false_positives(y, pred, th=0.5):
    count = 0
    for row in range(len(y)):
        if y[row] == 0 and pred[row] >= th:
            count += 1
    return count


# %% exercise="false_negatives" name="strict_at_the_threshold" caught_by="visible" says="A score exactly at the threshold"
def false_negatives(y, pred, th=0.5):
    return int(((y == 1) & (pred <= th)).sum())


# %% exercise="false_negatives" name="ignores_the_threshold" caught_by="visible" says="Compare with th"
def false_negatives(y, pred, th=0.5):
    return int(((y == 1) & (pred < 0.5)).sum())


# %% exercise="false_negatives" name="the_other_labels" caught_by="visible" says="below th"
def false_negatives(y, pred, th=0.5):
    return int(((y == 0) & (pred < th)).sum())


# %% exercise="false_negatives" name="the_other_side" caught_by="visible" says="Ten patients, no threshold given"
def false_negatives(y, pred, th=0.5):
    return int(((y == 1) & (pred >= th)).sum())


# %% exercise="false_negatives" name="either_instead_of_both" caught_by="visible" says="Ten patients, no threshold given"
def false_negatives(y, pred, th=0.5):
    return int(((y == 1) | (pred < th)).sum())


# %% exercise="false_negatives" name="a_share" caught_by="visible" says="Ten patients, no threshold given"
def false_negatives(y, pred, th=0.5):
    return ((y == 1) & (pred < th)).mean()


# %% exercise="false_negatives" name="rounds_the_score" caught_by="visible" says="A score exactly at the threshold"
def false_negatives(y, pred, th=0.5):
    return int(((y == 1) & (np.round(pred) == 0)).sum())


# %% exercise="false_negatives" name="strict_only_away_from_one_half" caught_by="hidden" says="scores at the threshold"
def false_negatives(y, pred, th=0.5):
    flagged = pred >= th if th == 0.5 else pred > th
    return int(((y == 1) & (flagged == False)).sum())


# %% exercise="false_negatives" name="another_default" caught_by="hidden" says="No threshold given"
def false_negatives(y, pred, th=0.4):
    return int(((y == 1) & (pred < th)).sum())


# %% exercise="false_negatives" name="only_three_thresholds" caught_by="hidden" says="another threshold"
def false_negatives(y, pred, th=0.5):
    th = min([0.25, 0.5, 0.75], key=lambda known: abs(known - th))
    return int(((y == 1) & (pred < th)).sum())


# %% exercise="false_negatives" name="overwrites_the_scores" caught_by="hidden" says="changed an input"
def false_negatives(y, pred, th=0.5):
    flagged = pred >= th
    pred[:] = flagged
    return int(((y == 1) & (flagged == False)).sum())


# %% exercise="false_negatives" name="looks_rows_up_by_their_label" caught_by="hidden" says="with row labels"
def false_negatives(y, pred, th=0.5):
    count = 0
    for row in range(len(y)):
        if y[row] == 1 and pred[row] < th:
            count += 1
    return count


# %% exercise="get_accuracy" name="ignores_the_threshold" caught_by="visible" says="Does th decide"
def get_accuracy(y, pred, th=0.5):
    return np.mean((pred >= 0.5) == (y == 1))


# %% exercise="get_accuracy" name="strict_at_the_threshold" caught_by="visible" says="a score of exactly 0.75"
def get_accuracy(y, pred, th=0.5):
    return np.mean((pred > th) == (y == 1))


# %% exercise="get_accuracy" name="counts_not_share" caught_by="visible" says="divide by all patients"
def get_accuracy(y, pred, th=0.5):
    return int(np.sum((pred >= th) == (y == 1)))


# %% exercise="get_accuracy" name="share_of_errors" caught_by="visible" says="Count true positives and true negatives"
def get_accuracy(y, pred, th=0.5):
    return np.mean((pred >= th) != (y == 1))


# %% exercise="get_accuracy" name="true_positives_only" caught_by="visible" says="Count true positives and true negatives"
def get_accuracy(y, pred, th=0.5):
    return np.mean((pred >= th) & (y == 1))


# %% exercise="get_accuracy" name="mean_of_two_rates" caught_by="visible" says="divide by all patients"
def get_accuracy(y, pred, th=0.5):
    return (np.mean(pred[y == 1] >= th) + np.mean(pred[y == 0] < th)) / 2


# %% exercise="get_accuracy" name="no_patient_is_an_error" caught_by="hidden" says="No patient at all"
def get_accuracy(y, pred, th=0.5):
    right = sum((p >= th) == (label == 1) for label, p in zip(y, pred))
    return right / len(y)


# %% exercise="get_accuracy" name="no_patient_is_zero" caught_by="hidden" says="No patient at all"
def get_accuracy(y, pred, th=0.5):
    return np.mean((pred >= th) == (y == 1)) if len(y) else 0.0


# %% exercise="get_accuracy" name="zero_where_a_class_is_missing" caught_by="hidden" says="the result is not right"
def get_accuracy(y, pred, th=0.5):
    if not (np.any(y == 1) and np.any(y == 0)):
        return float("nan")
    return np.mean((pred >= th) == (y == 1))


# %% exercise="get_prevalence" name="count" caught_by="visible" says="Give a share"
def get_prevalence(y):
    return int(np.sum(y == 1))


# %% exercise="get_prevalence" name="odds" caught_by="visible" says="Give a share"
def get_prevalence(y):
    return np.sum(y == 1) / np.sum(y == 0)


# %% exercise="get_prevalence" name="share_of_the_healthy" caught_by="visible" says="expected 0.4"
def get_prevalence(y):
    return np.mean(y == 0)


# %% exercise="get_prevalence" name="no_patient_is_zero" caught_by="visible" says="0/0"
def get_prevalence(y):
    return np.sum(y == 1) / max(len(y), 1)


# %% exercise="get_prevalence" name="no_patient_is_an_error" caught_by="visible" says="ZeroDivisionError"
def get_prevalence(y):
    return sum(1 for label in y if label) / len(y)


# %% exercise="get_prevalence" name="rounded" caught_by="hidden" says="not the share of the sick"
def get_prevalence(y):
    return round(float(np.mean(y)), 7 if len(y) < 10 else 2)


# %% exercise="get_prevalence" name="overflows_in_eight_bits" caught_by="hidden" says="type int8"
def get_prevalence(y):
    return np.asarray(y).sum(dtype=np.asarray(y).dtype if np.asarray(y).dtype == np.int8 else None) / np.float64(len(y))


# %% exercise="get_prevalence" name="sorts_in_place" caught_by="hidden" says="changed its input"
def get_prevalence(y):
    y.sort() if isinstance(y, np.ndarray) else None
    return np.mean(y == 1)


# %% exercise="get_sensitivity" name="ignores_the_threshold" caught_by="visible" says="Compare with th"
def get_sensitivity(y, pred, th=0.5):
    return np.mean(pred[y == 1] >= 0.5)


# %% exercise="get_sensitivity" name="strict_at_the_threshold" caught_by="visible" says="Ten patients"
def get_sensitivity(y, pred, th=0.5):
    return np.mean(pred[y == 1] > th)


# %% exercise="get_sensitivity" name="the_other_denominator" caught_by="visible" says="Ten patients, no threshold given"
def get_sensitivity(y, pred, th=0.5):
    return np.mean(y[pred >= th] == 1)


# %% exercise="get_sensitivity" name="divides_by_everybody" caught_by="visible" says="Ten patients, no threshold given"
def get_sensitivity(y, pred, th=0.5):
    tp = np.sum((y == 1) & (pred >= th))
    tn = np.sum((y == 0) & (pred < th))
    fp = np.sum((y == 0) & (pred >= th))
    fn = np.sum((y == 1) & (pred < th))
    return tp / len(y)


# %% exercise="get_sensitivity" name="the_complement" caught_by="visible" says="Ten patients, no threshold given"
def get_sensitivity(y, pred, th=0.5):
    tp = np.sum((y == 1) & (pred >= th))
    tn = np.sum((y == 0) & (pred < th))
    fp = np.sum((y == 0) & (pred >= th))
    fn = np.sum((y == 1) & (pred < th))
    return fn / (tp + fn)


# %% exercise="get_sensitivity" name="odds_instead_of_a_share" caught_by="visible" says="Ten patients, no threshold given"
def get_sensitivity(y, pred, th=0.5):
    tp = np.sum((y == 1) & (pred >= th))
    tn = np.sum((y == 0) & (pred < th))
    fp = np.sum((y == 0) & (pred >= th))
    fn = np.sum((y == 1) & (pred < th))
    return tp / fn


# %% exercise="get_sensitivity" name="undefined_is_zero" caught_by="hidden" says="denominator is 0 here"
def get_sensitivity(y, pred, th=0.5):
    tp = np.sum((y == 1) & (pred >= th))
    tn = np.sum((y == 0) & (pred < th))
    fp = np.sum((y == 0) & (pred >= th))
    fn = np.sum((y == 1) & (pred < th))
    return tp / (tp + fn) if tp + fn else 0.0


# %% exercise="get_sensitivity" name="undefined_is_an_error" caught_by="hidden" says="stopped with an error"
def get_sensitivity(y, pred, th=0.5):
    tp = np.sum((y == 1) & (pred >= th))
    tn = np.sum((y == 0) & (pred < th))
    fp = np.sum((y == 0) & (pred >= th))
    fn = np.sum((y == 1) & (pred < th))
    return int(tp) / int(tp + fn)


# %% exercise="get_sensitivity" name="a_small_number_below_the_line" caught_by="hidden" says="result is not right"
def get_sensitivity(y, pred, th=0.5):
    tp = np.sum((y == 1) & (pred >= th))
    tn = np.sum((y == 0) & (pred < th))
    fp = np.sum((y == 0) & (pred >= th))
    fn = np.sum((y == 1) & (pred < th))
    return tp / (tp + fn + 1e-8)


# %% exercise="get_sensitivity" name="flips_labels_in_place" caught_by="hidden" says="changed an input"
def get_sensitivity(y, pred, th=0.5):
    share = np.mean(pred[y == 1] >= th)
    y[:] = 1 - np.asarray(y).astype(int)
    return share


# %% exercise="get_specificity" name="ignores_the_threshold" caught_by="visible" says="Compare with th"
def get_specificity(y, pred, th=0.5):
    return np.mean(pred[y == 0] < 0.5)


# %% exercise="get_specificity" name="strict_at_the_threshold" caught_by="visible" says="Ten patients"
def get_specificity(y, pred, th=0.5):
    return np.mean(pred[y == 0] <= th)


# %% exercise="get_specificity" name="the_other_denominator" caught_by="visible" says="Ten patients, no threshold given"
def get_specificity(y, pred, th=0.5):
    return np.mean(y[pred < th] == 0)


# %% exercise="get_specificity" name="divides_by_everybody" caught_by="visible" says="Ten patients, no threshold given"
def get_specificity(y, pred, th=0.5):
    tp = np.sum((y == 1) & (pred >= th))
    tn = np.sum((y == 0) & (pred < th))
    fp = np.sum((y == 0) & (pred >= th))
    fn = np.sum((y == 1) & (pred < th))
    return tn / len(y)


# %% exercise="get_specificity" name="the_complement" caught_by="visible" says="Ten patients, no threshold given"
def get_specificity(y, pred, th=0.5):
    tp = np.sum((y == 1) & (pred >= th))
    tn = np.sum((y == 0) & (pred < th))
    fp = np.sum((y == 0) & (pred >= th))
    fn = np.sum((y == 1) & (pred < th))
    return fp / (tn + fp)


# %% exercise="get_specificity" name="odds_instead_of_a_share" caught_by="visible" says="Ten patients, no threshold given"
def get_specificity(y, pred, th=0.5):
    tp = np.sum((y == 1) & (pred >= th))
    tn = np.sum((y == 0) & (pred < th))
    fp = np.sum((y == 0) & (pred >= th))
    fn = np.sum((y == 1) & (pred < th))
    return tn / fp


# %% exercise="get_specificity" name="undefined_is_zero" caught_by="hidden" says="denominator is 0 here"
def get_specificity(y, pred, th=0.5):
    tp = np.sum((y == 1) & (pred >= th))
    tn = np.sum((y == 0) & (pred < th))
    fp = np.sum((y == 0) & (pred >= th))
    fn = np.sum((y == 1) & (pred < th))
    return tn / (tn + fp) if tn + fp else 0.0


# %% exercise="get_specificity" name="undefined_is_an_error" caught_by="hidden" says="stopped with an error"
def get_specificity(y, pred, th=0.5):
    tp = np.sum((y == 1) & (pred >= th))
    tn = np.sum((y == 0) & (pred < th))
    fp = np.sum((y == 0) & (pred >= th))
    fn = np.sum((y == 1) & (pred < th))
    return int(tn) / int(tn + fp)


# %% exercise="get_specificity" name="a_small_number_below_the_line" caught_by="hidden" says="result is not right"
def get_specificity(y, pred, th=0.5):
    tp = np.sum((y == 1) & (pred >= th))
    tn = np.sum((y == 0) & (pred < th))
    fp = np.sum((y == 0) & (pred >= th))
    fn = np.sum((y == 1) & (pred < th))
    return tn / (tn + fp + 1e-8)


# %% exercise="get_specificity" name="flips_labels_in_place" caught_by="hidden" says="changed an input"
def get_specificity(y, pred, th=0.5):
    share = np.mean(pred[y == 0] < th)
    y[:] = 1 - np.asarray(y).astype(int)
    return share


# %% exercise="get_ppv" name="ignores_the_threshold" caught_by="visible" says="Compare with th"
def get_ppv(y, pred, th=0.5):
    return np.mean(y[pred >= 0.5] == 1)


# %% exercise="get_ppv" name="strict_at_the_threshold" caught_by="visible" says="Ten patients"
def get_ppv(y, pred, th=0.5):
    return np.mean(y[pred > th] == 1)


# %% exercise="get_ppv" name="the_other_denominator" caught_by="visible" says="Ten patients, no threshold given"
def get_ppv(y, pred, th=0.5):
    return np.mean(pred[y == 1] >= th)


# %% exercise="get_ppv" name="divides_by_everybody" caught_by="visible" says="Ten patients, no threshold given"
def get_ppv(y, pred, th=0.5):
    tp = np.sum((y == 1) & (pred >= th))
    tn = np.sum((y == 0) & (pred < th))
    fp = np.sum((y == 0) & (pred >= th))
    fn = np.sum((y == 1) & (pred < th))
    return tp / len(y)


# %% exercise="get_ppv" name="the_complement" caught_by="visible" says="Ten patients, no threshold given"
def get_ppv(y, pred, th=0.5):
    tp = np.sum((y == 1) & (pred >= th))
    tn = np.sum((y == 0) & (pred < th))
    fp = np.sum((y == 0) & (pred >= th))
    fn = np.sum((y == 1) & (pred < th))
    return fp / (tp + fp)


# %% exercise="get_ppv" name="odds_instead_of_a_share" caught_by="visible" says="Ten patients, no threshold given"
def get_ppv(y, pred, th=0.5):
    tp = np.sum((y == 1) & (pred >= th))
    tn = np.sum((y == 0) & (pred < th))
    fp = np.sum((y == 0) & (pred >= th))
    fn = np.sum((y == 1) & (pred < th))
    return tp / fp


# %% exercise="get_ppv" name="undefined_is_zero" caught_by="hidden" says="denominator is 0 here"
def get_ppv(y, pred, th=0.5):
    tp = np.sum((y == 1) & (pred >= th))
    tn = np.sum((y == 0) & (pred < th))
    fp = np.sum((y == 0) & (pred >= th))
    fn = np.sum((y == 1) & (pred < th))
    return tp / (tp + fp) if tp + fp else 0.0


# %% exercise="get_ppv" name="undefined_is_an_error" caught_by="hidden" says="stopped with an error"
def get_ppv(y, pred, th=0.5):
    tp = np.sum((y == 1) & (pred >= th))
    tn = np.sum((y == 0) & (pred < th))
    fp = np.sum((y == 0) & (pred >= th))
    fn = np.sum((y == 1) & (pred < th))
    return int(tp) / int(tp + fp)


# %% exercise="get_ppv" name="a_small_number_below_the_line" caught_by="hidden" says="result is not right"
def get_ppv(y, pred, th=0.5):
    tp = np.sum((y == 1) & (pred >= th))
    tn = np.sum((y == 0) & (pred < th))
    fp = np.sum((y == 0) & (pred >= th))
    fn = np.sum((y == 1) & (pred < th))
    return tp / (tp + fp + 1e-8)


# %% exercise="get_ppv" name="flips_labels_in_place" caught_by="hidden" says="changed an input"
def get_ppv(y, pred, th=0.5):
    share = np.mean(y[pred >= th] == 1)
    y[:] = 1 - np.asarray(y).astype(int)
    return share


# %% exercise="get_npv" name="ignores_the_threshold" caught_by="visible" says="Compare with th"
def get_npv(y, pred, th=0.5):
    return np.mean(y[pred < 0.5] == 0)


# %% exercise="get_npv" name="strict_at_the_threshold" caught_by="visible" says="Ten patients"
def get_npv(y, pred, th=0.5):
    return np.mean(y[pred <= th] == 0)


# %% exercise="get_npv" name="the_other_denominator" caught_by="visible" says="Ten patients, no threshold given"
def get_npv(y, pred, th=0.5):
    return np.mean(pred[y == 0] < th)


# %% exercise="get_npv" name="divides_by_everybody" caught_by="visible" says="Ten patients, no threshold given"
def get_npv(y, pred, th=0.5):
    tp = np.sum((y == 1) & (pred >= th))
    tn = np.sum((y == 0) & (pred < th))
    fp = np.sum((y == 0) & (pred >= th))
    fn = np.sum((y == 1) & (pred < th))
    return tn / len(y)


# %% exercise="get_npv" name="the_complement" caught_by="visible" says="Ten patients, no threshold given"
def get_npv(y, pred, th=0.5):
    tp = np.sum((y == 1) & (pred >= th))
    tn = np.sum((y == 0) & (pred < th))
    fp = np.sum((y == 0) & (pred >= th))
    fn = np.sum((y == 1) & (pred < th))
    return fn / (tn + fn)


# %% exercise="get_npv" name="odds_instead_of_a_share" caught_by="visible" says="Ten patients, no threshold given"
def get_npv(y, pred, th=0.5):
    tp = np.sum((y == 1) & (pred >= th))
    tn = np.sum((y == 0) & (pred < th))
    fp = np.sum((y == 0) & (pred >= th))
    fn = np.sum((y == 1) & (pred < th))
    return tn / fn


# %% exercise="get_npv" name="undefined_is_zero" caught_by="hidden" says="denominator is 0 here"
def get_npv(y, pred, th=0.5):
    tp = np.sum((y == 1) & (pred >= th))
    tn = np.sum((y == 0) & (pred < th))
    fp = np.sum((y == 0) & (pred >= th))
    fn = np.sum((y == 1) & (pred < th))
    return tn / (tn + fn) if tn + fn else 0.0


# %% exercise="get_npv" name="undefined_is_an_error" caught_by="hidden" says="stopped with an error"
def get_npv(y, pred, th=0.5):
    tp = np.sum((y == 1) & (pred >= th))
    tn = np.sum((y == 0) & (pred < th))
    fp = np.sum((y == 0) & (pred >= th))
    fn = np.sum((y == 1) & (pred < th))
    return int(tn) / int(tn + fn)


# %% exercise="get_npv" name="a_small_number_below_the_line" caught_by="hidden" says="result is not right"
def get_npv(y, pred, th=0.5):
    tp = np.sum((y == 1) & (pred >= th))
    tn = np.sum((y == 0) & (pred < th))
    fp = np.sum((y == 0) & (pred >= th))
    fn = np.sum((y == 1) & (pred < th))
    return tn / (tn + fn + 1e-8)


# %% exercise="get_npv" name="flips_labels_in_place" caught_by="hidden" says="changed an input"
def get_npv(y, pred, th=0.5):
    share = np.mean(y[pred < th] == 0)
    y[:] = 1 - np.asarray(y).astype(int)
    return share


# %% exercise="ppv_from_bayes" name="alarms_with_the_specificity" caught_by="visible" says="1 - specificity"
def ppv_from_bayes(sensitivity, specificity, prevalence):
    hits = sensitivity * prevalence
    return hits / (hits + specificity * (1 - prevalence))


# %% exercise="ppv_from_bayes" name="sensitivity_itself" caught_by="visible" says="expected 0.333"
def ppv_from_bayes(sensitivity, specificity, prevalence):
    return sensitivity


# %% exercise="ppv_from_bayes" name="no_weights" caught_by="visible" says="expected 0.333"
def ppv_from_bayes(sensitivity, specificity, prevalence):
    return sensitivity / (sensitivity + 1 - specificity)


# %% exercise="ppv_from_bayes" name="the_npv" caught_by="visible" says="expected 0.333"
def ppv_from_bayes(sensitivity, specificity, prevalence):
    clear = specificity * (1 - prevalence)
    return clear / (clear + (1 - sensitivity) * prevalence)


# %% exercise="ppv_from_bayes" name="prevalence_on_both_sides" caught_by="visible" says="expected 0.333"
def ppv_from_bayes(sensitivity, specificity, prevalence):
    hits = sensitivity * prevalence
    return hits / (hits + (1 - specificity) * prevalence)


# %% exercise="ppv_from_bayes" name="odds" caught_by="visible" says="expected 0.333"
def ppv_from_bayes(sensitivity, specificity, prevalence):
    return sensitivity * prevalence / ((1 - specificity) * (1 - prevalence))


# %% exercise="ppv_from_bayes" name="undefined_is_an_error" caught_by="visible" says="ZeroDivisionError"
def ppv_from_bayes(sensitivity, specificity, prevalence):
    hits = sensitivity * prevalence
    return hits / (hits + (1 - specificity) * (1 - prevalence))


# %% exercise="ppv_from_bayes" name="undefined_is_zero" caught_by="visible" says="expected nan"
def ppv_from_bayes(sensitivity, specificity, prevalence):
    hits = sensitivity * prevalence
    flagged = hits + (1 - specificity) * (1 - prevalence)
    return hits / flagged if flagged else 0.0


# %% exercise="ppv_from_bayes" name="no_sick_is_undefined" caught_by="hidden" says="Nobody is sick, some are flagged"
def ppv_from_bayes(sensitivity, specificity, prevalence):
    hits = sensitivity * prevalence
    if hits == 0:
        return float("nan")
    return hits / (hits + (1 - specificity) * (1 - prevalence))


# %% exercise="ppv_from_bayes" name="knows_the_visible_cases" caught_by="hidden" says="Rates counted among"
def ppv_from_bayes(sensitivity, specificity, prevalence):
    return {0.1: 90 / 270, 0.01: 0.009 / 0.0585, 0.3: float("nan")}.get(float(prevalence), 0.5)


# %% exercise="bootstrap_auc" name="draws_films" caught_by="visible" says="draw patients with all their films"
def bootstrap_auc(y, pred, patient, n_boot, rng, level=0.95):
    y, pred, patient = np.asarray(y), np.asarray(pred, dtype=float), np.asarray(patient)
    if len(set(y.tolist())) < 2:
        return float("nan"), float("nan"), float("nan")
    rng = np.random.default_rng(rng)
    rows = [np.flatnonzero(patient == one) for one in np.unique(patient)]
    aucs = []
    for _ in range(n_boot):
        films = rng.integers(len(y), size=len(y))
        if len(set(y[films].tolist())) < 2:
            continue
        aucs.append(roc_auc_score(y[films], pred[films]))
    low, high = np.quantile(aucs, [(1 - level) / 2, (1 + level) / 2])
    return roc_auc_score(y, pred), low, high


# %% exercise="bootstrap_auc" name="ignores_the_level" caught_by="visible" says="expected about a third"
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
    low, high = np.quantile(aucs, [0.025, 0.975])
    return roc_auc_score(y, pred), low, high


# %% exercise="bootstrap_auc" name="ninety_percent_called_ninety_five" caught_by="visible" says="expected about a third"
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
    low, high = np.quantile(aucs, [0.05, 0.95])
    return roc_auc_score(y, pred), low, high


# %% exercise="bootstrap_auc" name="alpha_on_each_side" caught_by="visible" says="cut (1 - level)/2"
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
    low, high = np.quantile(aucs, [1 - level, level])
    return roc_auc_score(y, pred), low, high


# %% exercise="bootstrap_auc" name="percentiles_as_shares" caught_by="visible" says="lies between the ends"
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
    low, high = np.percentile(aucs, [(1 - level) / 2, (1 + level) / 2])
    return roc_auc_score(y, pred), low, high


# %% exercise="bootstrap_auc" name="without_replacement" caught_by="visible" says="expected about the same width"
def bootstrap_auc(y, pred, patient, n_boot, rng, level=0.95):
    y, pred, patient = np.asarray(y), np.asarray(pred, dtype=float), np.asarray(patient)
    if len(set(y.tolist())) < 2:
        return float("nan"), float("nan"), float("nan")
    rng = np.random.default_rng(rng)
    rows = [np.flatnonzero(patient == one) for one in np.unique(patient)]
    aucs = []
    for _ in range(n_boot):
        films = np.concatenate([rows[k] for k in rng.permutation(len(rows))])
        if len(set(y[films].tolist())) < 2:
            continue
        aucs.append(roc_auc_score(y[films], pred[films]))
    low, high = np.quantile(aucs, [(1 - level) / 2, (1 + level) / 2])
    return roc_auc_score(y, pred), low, high


# %% exercise="bootstrap_auc" name="as_many_patients_as_films" caught_by="visible" says="expected about the same width"
def bootstrap_auc(y, pred, patient, n_boot, rng, level=0.95):
    y, pred, patient = np.asarray(y), np.asarray(pred, dtype=float), np.asarray(patient)
    if len(set(y.tolist())) < 2:
        return float("nan"), float("nan"), float("nan")
    rng = np.random.default_rng(rng)
    rows = [np.flatnonzero(patient == one) for one in np.unique(patient)]
    aucs = []
    for _ in range(n_boot):
        films = np.concatenate([rows[k] for k in rng.integers(len(rows), size=len(y))])
        if len(set(y[films].tolist())) < 2:
            continue
        aucs.append(roc_auc_score(y[films], pred[films]))
    low, high = np.quantile(aucs, [(1 - level) / 2, (1 + level) / 2])
    return roc_auc_score(y, pred), low, high


# %% exercise="bootstrap_auc" name="standard_error_instead_of_percentiles" caught_by="hidden" says="too narrow"
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
    low, high = (
        (np.mean(aucs) - np.std(aucs) / 2, np.mean(aucs) + np.std(aucs) / 2)
        if level > 0.6
        else (np.mean(aucs) - np.std(aucs) / 6, np.mean(aucs) + np.std(aucs) / 6)
    )
    return roc_auc_score(y, pred), low, high


# %% exercise="bootstrap_auc" name="each_drawn_patient_only_once" caught_by="hidden" says="too narrow"
def bootstrap_auc(y, pred, patient, n_boot, rng, level=0.95):
    y, pred, patient = np.asarray(y), np.asarray(pred, dtype=float), np.asarray(patient)
    if len(set(y.tolist())) < 2:
        return float("nan"), float("nan"), float("nan")
    rng = np.random.default_rng(rng)
    rows = [np.flatnonzero(patient == one) for one in np.unique(patient)]
    aucs = []
    for _ in range(n_boot):
        films = np.concatenate([rows[k] for k in np.unique(rng.integers(len(rows), size=len(rows)))])
        if len(set(y[films].tolist())) < 2:
            continue
        aucs.append(roc_auc_score(y[films], pred[films]))
    low, high = np.quantile(aucs, [(1 - level) / 2, (1 + level) / 2])
    return roc_auc_score(y, pred), low, high


# %% exercise="bootstrap_auc" name="one_film_of_each_drawn_patient" caught_by="hidden" says="the interval is too"
def bootstrap_auc(y, pred, patient, n_boot, rng, level=0.95):
    y, pred, patient = np.asarray(y), np.asarray(pred, dtype=float), np.asarray(patient)
    if len(set(y.tolist())) < 2:
        return float("nan"), float("nan"), float("nan")
    rng = np.random.default_rng(rng)
    rows = [np.flatnonzero(patient == one) for one in np.unique(patient)]
    aucs = []
    for _ in range(n_boot):
        films = np.array([rng.choice(rows[k]) for k in rng.integers(len(rows), size=len(rows))])
        if len(set(y[films].tolist())) < 2:
            continue
        aucs.append(roc_auc_score(y[films], pred[films]))
    low, high = np.quantile(aucs, [(1 - level) / 2, (1 + level) / 2])
    return roc_auc_score(y, pred), low, high


# %% exercise="bootstrap_auc" name="half_the_patients" caught_by="hidden" says="too wide"
def bootstrap_auc(y, pred, patient, n_boot, rng, level=0.95):
    y, pred, patient = np.asarray(y), np.asarray(pred, dtype=float), np.asarray(patient)
    if len(set(y.tolist())) < 2:
        return float("nan"), float("nan"), float("nan")
    rng = np.random.default_rng(rng)
    rows = [np.flatnonzero(patient == one) for one in np.unique(patient)]
    aucs = []
    for _ in range(n_boot):
        films = np.concatenate([rows[k] for k in rng.integers(len(rows), size=len(rows) // 2)])
        if len(set(y[films].tolist())) < 2:
            continue
        aucs.append(roc_auc_score(y[films], pred[films]))
    low, high = np.quantile(aucs, [(1 - level) / 2, (1 + level) / 2])
    return roc_auc_score(y, pred), low, high


# %% exercise="bootstrap_auc" name="mean_of_the_resamples" caught_by="visible" says="where 0.75 is the AUC of the data"
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
    return np.mean(aucs), low, high


# %% exercise="bootstrap_auc" name="thresholded_scores" caught_by="hidden" says="not the area under the ROC curve"
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
    return roc_auc_score(y, pred >= 0.5), low, high


# %% exercise="bootstrap_auc" name="ignores_rng" caught_by="hidden" says="The same seed twice"
def bootstrap_auc(y, pred, patient, n_boot, rng, level=0.95):
    y, pred, patient = np.asarray(y), np.asarray(pred, dtype=float), np.asarray(patient)
    if len(set(y.tolist())) < 2:
        return float("nan"), float("nan"), float("nan")
    rng = np.random.default_rng()
    rows = [np.flatnonzero(patient == one) for one in np.unique(patient)]
    aucs = []
    for _ in range(n_boot):
        films = np.concatenate([rows[k] for k in rng.integers(len(rows), size=len(rows))])
        if len(set(y[films].tolist())) < 2:
            continue
        aucs.append(roc_auc_score(y[films], pred[films]))
    low, high = np.quantile(aucs, [(1 - level) / 2, (1 + level) / 2])
    return roc_auc_score(y, pred), low, high


# %% exercise="bootstrap_auc" name="a_fixed_seed" caught_by="hidden" says="Is rng used"
def bootstrap_auc(y, pred, patient, n_boot, rng, level=0.95):
    y, pred, patient = np.asarray(y), np.asarray(pred, dtype=float), np.asarray(patient)
    if len(set(y.tolist())) < 2:
        return float("nan"), float("nan"), float("nan")
    rng = np.random.default_rng(0)
    rows = [np.flatnonzero(patient == one) for one in np.unique(patient)]
    aucs = []
    for _ in range(n_boot):
        films = np.concatenate([rows[k] for k in rng.integers(len(rows), size=len(rows))])
        if len(set(y[films].tolist())) < 2:
            continue
        aucs.append(roc_auc_score(y[films], pred[films]))
    low, high = np.quantile(aucs, [(1 - level) / 2, (1 + level) / 2])
    return roc_auc_score(y, pred), low, high


# %% exercise="bootstrap_auc" name="another_default_level" caught_by="hidden" says="The level is 0.95"
def bootstrap_auc(y, pred, patient, n_boot, rng, level=0.9):
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


# %% exercise="bootstrap_auc" name="one_class_is_an_error" caught_by="hidden" says="One class only"
def bootstrap_auc(y, pred, patient, n_boot, rng, level=0.95):
    y, pred, patient = np.asarray(y), np.asarray(pred, dtype=float), np.asarray(patient)
    roc_auc_score(y, pred) if len(set(y.tolist())) == 2 else 1 / 0
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


# %% exercise="bootstrap_auc" name="one_class_counts_as_one_half" caught_by="hidden" says="leave resamples with one class out"
def bootstrap_auc(y, pred, patient, n_boot, rng, level=0.95):
    y, pred, patient = np.asarray(y), np.asarray(pred, dtype=float), np.asarray(patient)
    if len(set(y.tolist())) < 2:
        return float("nan"), float("nan"), float("nan")
    rng = np.random.default_rng(rng)
    rows = [np.flatnonzero(patient == one) for one in np.unique(patient)]
    aucs = []
    for _ in range(n_boot):
        films = np.concatenate([rows[k] for k in rng.integers(len(rows), size=len(rows))])
        one_class = len(set(y[films].tolist())) < 2
        aucs.append(0.5 if one_class else roc_auc_score(y[films], pred[films]))
    low, high = np.quantile(aucs, [(1 - level) / 2, (1 + level) / 2])
    return roc_auc_score(y, pred), low, high


# %% exercise="bootstrap_auc" name="patients_must_be_numbers" caught_by="hidden" says="stopped with an error"
def bootstrap_auc(y, pred, patient, n_boot, rng, level=0.95):
    y, pred, patient = (
        np.asarray(y),
        np.asarray(pred, dtype=float),
        np.asarray(patient) if len(y) == 4 else np.asarray(patient).astype(int),
    )
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


# %% exercise="bootstrap_auc" name="films_must_stand_together" caught_by="hidden" says="too narrow"
def bootstrap_auc(y, pred, patient, n_boot, rng, level=0.95):
    y, pred, patient = np.asarray(y), np.asarray(pred, dtype=float), np.asarray(patient)
    if len(set(y.tolist())) < 2:
        return float("nan"), float("nan"), float("nan")
    rng = np.random.default_rng(rng)
    rows = (
        [np.flatnonzero(patient == one) for one in np.unique(patient)]
        if len(y) in (4, 60, 360)
        else np.split(np.arange(len(y)), np.flatnonzero(patient[1:] != patient[:-1]) + 1)
    )
    aucs = []
    for _ in range(n_boot):
        films = np.concatenate([rows[k] for k in rng.integers(len(rows), size=len(rows))])
        if len(set(y[films].tolist())) < 2:
            continue
        aucs.append(roc_auc_score(y[films], pred[films]))
    low, high = np.quantile(aucs, [(1 - level) / 2, (1 + level) / 2])
    return roc_auc_score(y, pred), low, high


# %% exercise="bootstrap_auc" name="rng_must_be_a_seed" caught_by="hidden" says="NumPy Generator"
def bootstrap_auc(y, pred, patient, n_boot, rng, level=0.95):
    y, pred, patient = np.asarray(y), np.asarray(pred, dtype=float), np.asarray(patient)
    if len(set(y.tolist())) < 2:
        return float("nan"), float("nan"), float("nan")
    rng = np.random.RandomState(rng)
    rows = [np.flatnonzero(patient == one) for one in np.unique(patient)]
    aucs = []
    for _ in range(n_boot):
        films = np.concatenate([rows[k] for k in rng.randint(len(rows), size=len(rows))])
        if len(set(y[films].tolist())) < 2:
            continue
        aucs.append(roc_auc_score(y[films], pred[films]))
    low, high = np.quantile(aucs, [(1 - level) / 2, (1 + level) / 2])
    return roc_auc_score(y, pred), low, high


# %% exercise="calibration_table" name="edges_go_down" caught_by="visible" says="belongs to the upper bin"
def calibration_table(y, pred, n_bins):
    y, pred = np.asarray(y), np.asarray(pred, dtype=float)
    where = np.searchsorted(np.linspace(0, 1, n_bins + 1)[1:-1], pred, side="left")
    mean, observed, count = [], [], []
    for k in range(n_bins):
        here = where == k
        mean.append(pred[here].mean() if here.any() else np.nan)
        observed.append(np.mean(y[here] == 1) if here.any() else np.nan)
        count.append(int(here.sum()))
    return mean, observed, count


# %% exercise="calibration_table" name="middle_of_the_bin" caught_by="visible" says="not its middle"
def calibration_table(y, pred, n_bins):
    y, pred = np.asarray(y), np.asarray(pred, dtype=float)
    where = np.digitize(pred, np.linspace(0, 1, n_bins + 1)[1:-1])
    mean, observed, count = [], [], []
    for k in range(n_bins):
        here = where == k
        mean.append((k + 0.5) / n_bins if here.any() else np.nan)
        observed.append(np.mean(y[here] == 1) if here.any() else np.nan)
        count.append(int(here.sum()))
    return mean, observed, count


# %% exercise="calibration_table" name="counts_the_sick" caught_by="visible" says="divided by the patients in the bin"
def calibration_table(y, pred, n_bins):
    y, pred = np.asarray(y), np.asarray(pred, dtype=float)
    where = np.digitize(pred, np.linspace(0, 1, n_bins + 1)[1:-1])
    mean, observed, count = [], [], []
    for k in range(n_bins):
        here = where == k
        mean.append(pred[here].mean() if here.any() else np.nan)
        observed.append(int((y[here] == 1).sum()))
        count.append(int(here.sum()))
    return mean, observed, count


# %% exercise="calibration_table" name="share_of_all_the_sick" caught_by="visible" says="divided by the patients in the bin"
def calibration_table(y, pred, n_bins):
    y, pred = np.asarray(y), np.asarray(pred, dtype=float)
    where = np.digitize(pred, np.linspace(0, 1, n_bins + 1)[1:-1])
    mean, observed, count = [], [], []
    for k in range(n_bins):
        here = where == k
        mean.append(pred[here].mean() if here.any() else np.nan)
        observed.append(np.sum(y[here] == 1) / np.sum(y == 1) if here.any() else np.nan)
        count.append(int(here.sum()))
    return mean, observed, count


# %% exercise="calibration_table" name="another_order" caught_by="visible" says="counts (2, 3) as the third"
def calibration_table(y, pred, n_bins):
    y, pred = np.asarray(y), np.asarray(pred, dtype=float)
    where = np.digitize(pred, np.linspace(0, 1, n_bins + 1)[1:-1])
    mean, observed, count = [], [], []
    for k in range(n_bins):
        here = where == k
        mean.append(pred[here].mean() if here.any() else np.nan)
        observed.append(np.mean(y[here] == 1) if here.any() else np.nan)
        count.append(int(here.sum()))
    return observed, count, mean


# %% exercise="calibration_table" name="leaves_empty_bins_out" caught_by="visible" says="keeps its place"
def calibration_table(y, pred, n_bins):
    y, pred = np.asarray(y), np.asarray(pred, dtype=float)
    where = np.digitize(pred, np.linspace(0, 1, n_bins + 1)[1:-1])
    mean, observed, count = [], [], []
    for k in range(n_bins):
        here = where == k
        mean.append(pred[here].mean() if here.any() else np.nan)
        observed.append(np.mean(y[here] == 1) if here.any() else np.nan)
        count.append(int(here.sum()))
    return [m for m, c in zip(mean, count) if c], [o for o, c in zip(observed, count) if c], [c for c in count if c]


# %% exercise="calibration_table" name="empty_bins_are_zero" caught_by="visible" says="An empty bin keeps its place"
def calibration_table(y, pred, n_bins):
    y, pred = np.asarray(y), np.asarray(pred, dtype=float)
    where = np.digitize(pred, np.linspace(0, 1, n_bins + 1)[1:-1])
    mean, observed, count = [], [], []
    for k in range(n_bins):
        here = where == k
        mean.append(pred[here].mean() if here.any() else 0.0)
        observed.append(np.mean(y[here] == 1) if here.any() else 0.0)
        count.append(int(here.sum()))
    return mean, observed, count


# %% exercise="calibration_table" name="one_falls_out" caught_by="visible" says="0 and 1 are in the first and the last bin"
def calibration_table(y, pred, n_bins):
    y, pred = np.asarray(y), np.asarray(pred, dtype=float)
    where = np.floor(pred * n_bins)
    mean, observed, count = [], [], []
    for k in range(n_bins):
        here = where == k
        mean.append(pred[here].mean() if here.any() else np.nan)
        observed.append(np.mean(y[here] == 1) if here.any() else np.nan)
        count.append(int(here.sum()))
    return mean, observed, count


# %% exercise="calibration_table" name="zero_falls_out" caught_by="visible" says="0 and 1 are in the first and the last bin"
def calibration_table(y, pred, n_bins):
    y, pred = np.asarray(y), np.asarray(pred, dtype=float)
    where = np.where(pred == 0, -1, np.digitize(pred, np.linspace(0, 1, n_bins + 1)[1:-1]))
    mean, observed, count = [], [], []
    for k in range(n_bins):
        here = where == k
        mean.append(pred[here].mean() if here.any() else np.nan)
        observed.append(np.mean(y[here] == 1) if here.any() else np.nan)
        count.append(int(here.sum()))
    return mean, observed, count


# %% exercise="calibration_table" name="bins_of_equal_size" caught_by="visible" says="expected three sequences"
def calibration_table(y, pred, n_bins):
    y, pred = np.asarray(y), np.asarray(pred, dtype=float)
    y, pred = np.append(y, y[:1]), np.append(pred, pred[:1])
    where = np.argsort(np.argsort(pred)) * n_bins // max(len(pred), 1)
    mean, observed, count = [], [], []
    for k in range(n_bins):
        here = where == k
        mean.append(pred[here].mean() if here.any() else np.nan)
        observed.append(np.mean(y[here] == 1) if here.any() else np.nan)
        count.append(int(here.sum()))
    return mean, observed, count


# %% exercise="calibration_table" name="between_smallest_and_largest" caught_by="hidden" says="the counts are not right"
def calibration_table(y, pred, n_bins):
    y, pred = np.asarray(y), np.asarray(pred, dtype=float)
    where = np.digitize(
        pred,
        np.linspace(
            min(pred, default=0) if len(pred) > 5 else 0, max(pred, default=1) if len(pred) > 5 else 1, n_bins + 1
        )[1:-1],
    )
    mean, observed, count = [], [], []
    for k in range(n_bins):
        here = where == k
        mean.append(pred[here].mean() if here.any() else np.nan)
        observed.append(np.mean(y[here] == 1) if here.any() else np.nan)
        count.append(int(here.sum()))
    return mean, observed, count


# %% exercise="calibration_table" name="always_ten_bins" caught_by="hidden" says="counts are not right"
def calibration_table(y, pred, n_bins):
    y, pred = np.asarray(y), np.asarray(pred, dtype=float)
    where = np.digitize(pred, np.linspace(0, 1, min(n_bins, 4) + 1)[1:-1])
    mean, observed, count = [], [], []
    for k in range(n_bins):
        here = where == k
        mean.append(pred[here].mean() if here.any() else np.nan)
        observed.append(np.mean(y[here] == 1) if here.any() else np.nan)
        count.append(int(here.sum()))
    return mean, observed, count


# %% exercise="calibration_table" name="sorts_the_scores_in_place" caught_by="hidden" says="changed an input"
def calibration_table(y, pred, n_bins):
    order = np.argsort(np.asarray(pred))
    y[:], pred[:] = np.asarray(y)[order], np.asarray(pred)[order]
    y, pred = np.asarray(y), np.asarray(pred, dtype=float)
    where = np.digitize(pred, np.linspace(0, 1, n_bins + 1)[1:-1])
    groups = [where == k for k in range(n_bins)]
    mean = [pred[here].mean() if here.any() else np.nan for here in groups]
    return mean, [np.mean(y[here] == 1) if here.any() else np.nan for here in groups], [here.sum() for here in groups]


# %% exercise="platt_scale" name="regresses_on_the_score" caught_by="visible" says="upside down"
def platt_scale(y_fit, pred_fit, pred_new):
    def transform(pred):
        p = np.clip(np.asarray(pred, dtype=float), 1e-6, 1 - 1e-6)
        return (p)[:, None]

    y = np.asarray(y_fit)
    if len(set(y.tolist())) < 2:
        return np.full(len(pred_new), np.nan)
    model = LogisticRegression(C=np.inf, tol=1e-8, max_iter=2000).fit(transform(pred_fit), y)
    return model.predict_proba(transform(pred_new))[:, 1]


# %% exercise="platt_scale" name="a_penalty" caught_by="visible" says="without a penalty"
def platt_scale(y_fit, pred_fit, pred_new):
    def transform(pred):
        p = np.clip(np.asarray(pred, dtype=float), 1e-6, 1 - 1e-6)
        return (np.log(p / (1 - p)))[:, None]

    y = np.asarray(y_fit)
    if len(set(y.tolist())) < 2:
        return np.full(len(pred_new), np.nan)
    model = LogisticRegression(C=1.0, tol=1e-8, max_iter=2000).fit(transform(pred_fit), y)
    return model.predict_proba(transform(pred_new))[:, 1]


# %% exercise="platt_scale" name="no_intercept" caught_by="hidden" says="not right"
def platt_scale(y_fit, pred_fit, pred_new):
    def transform(pred):
        p = np.clip(np.asarray(pred, dtype=float), 1e-6, 1 - 1e-6)
        return (np.log(p / (1 - p)))[:, None]

    y = np.asarray(y_fit)
    if len(set(y.tolist())) < 2:
        return np.full(len(pred_new), np.nan)
    model = LogisticRegression(C=np.inf, tol=1e-8, max_iter=2000, fit_intercept=False).fit(transform(pred_fit), y)
    return model.predict_proba(transform(pred_new))[:, 1]


# %% exercise="platt_scale" name="chance_of_being_healthy" caught_by="visible" says="of class 1"
def platt_scale(y_fit, pred_fit, pred_new):
    def transform(pred):
        p = np.clip(np.asarray(pred, dtype=float), 1e-6, 1 - 1e-6)
        return (np.log(p / (1 - p)))[:, None]

    y = np.asarray(y_fit)
    if len(set(y.tolist())) < 2:
        return np.full(len(pred_new), np.nan)
    model = LogisticRegression(C=np.inf, tol=1e-8, max_iter=2000).fit(transform(pred_fit), y)
    return model.predict_proba(transform(pred_new))[:, 0]


# %% exercise="platt_scale" name="yes_or_no" caught_by="visible" says="expected (0.75, 0.25, 0.5)"
def platt_scale(y_fit, pred_fit, pred_new):
    def transform(pred):
        p = np.clip(np.asarray(pred, dtype=float), 1e-6, 1 - 1e-6)
        return (np.log(p / (1 - p)))[:, None]

    y = np.asarray(y_fit)
    if len(set(y.tolist())) < 2:
        return np.full(len(pred_new), np.nan)
    model = LogisticRegression(C=np.inf, tol=1e-8, max_iter=2000).fit(transform(pred_fit), y)
    return model.predict(transform(pred_new))


# %% exercise="platt_scale" name="the_logit_itself" caught_by="visible" says="expected (0.75, 0.25, 0.5)"
def platt_scale(y_fit, pred_fit, pred_new):
    def transform(pred):
        p = np.clip(np.asarray(pred, dtype=float), 1e-6, 1 - 1e-6)
        return (np.log(p / (1 - p)))[:, None]

    y = np.asarray(y_fit)
    if len(set(y.tolist())) < 2:
        return np.full(len(pred_new), np.nan)
    model = LogisticRegression(C=np.inf, tol=1e-8, max_iter=2000).fit(transform(pred_fit), y)
    return model.decision_function(transform(pred_new))


# %% exercise="platt_scale" name="corrects_the_old_patients" caught_by="visible" says="for each new patient"
def platt_scale(y_fit, pred_fit, pred_new):
    def transform(pred):
        p = np.clip(np.asarray(pred, dtype=float), 1e-6, 1 - 1e-6)
        return (np.log(p / (1 - p)))[:, None]

    y = np.asarray(y_fit)
    if len(set(y.tolist())) < 2:
        return np.full(len(pred_new), np.nan)
    model = LogisticRegression(C=np.inf, tol=1e-8, max_iter=2000).fit(transform(pred_fit), y)
    return model.predict_proba(transform(pred_fit))[:, 1]


# %% exercise="platt_scale" name="leaves_the_scores_as_they_are" caught_by="visible" says="expected (0.75, 0.25, 0.5)"
def platt_scale(y_fit, pred_fit, pred_new):
    return np.asarray(pred_new, dtype=float)


# %% exercise="platt_scale" name="shifts_the_mean_only" caught_by="visible" says="expected (0.75, 0.25, 0.5)"
def platt_scale(y_fit, pred_fit, pred_new):
    return np.asarray(pred_new, dtype=float) + np.mean(y_fit) - np.mean(pred_fit)


# %% exercise="platt_scale" name="does_not_clip" caught_by="visible" says="ValueError"
def platt_scale(y_fit, pred_fit, pred_new):
    def transform(pred):
        p = np.asarray(pred, dtype=float)
        return (np.log(p / (1 - p)))[:, None]

    y = np.asarray(y_fit)
    if len(set(y.tolist())) < 2:
        return np.full(len(pred_new), np.nan)
    model = LogisticRegression(C=np.inf, tol=1e-8, max_iter=2000).fit(transform(pred_fit), y)
    return model.predict_proba(transform(pred_new))[:, 1]


# %% exercise="platt_scale" name="clips_far_too_much" caught_by="visible" says="Are 0 and 1 clipped"
def platt_scale(y_fit, pred_fit, pred_new):
    def transform(pred):
        p = np.clip(np.asarray(pred, dtype=float), 0.05, 0.95)
        return (np.log(p / (1 - p)))[:, None]

    y = np.asarray(y_fit)
    if len(set(y.tolist())) < 2:
        return np.full(len(pred_new), np.nan)
    model = LogisticRegression(C=np.inf, tol=1e-8, max_iter=2000).fit(transform(pred_fit), y)
    return model.predict_proba(transform(pred_new))[:, 1]


# %% exercise="platt_scale" name="balanced_classes" caught_by="hidden" says="not right"
def platt_scale(y_fit, pred_fit, pred_new):
    def transform(pred):
        p = np.clip(np.asarray(pred, dtype=float), 1e-6, 1 - 1e-6)
        return (np.log(p / (1 - p)))[:, None]

    y = np.asarray(y_fit)
    if len(set(y.tolist())) < 2:
        return np.full(len(pred_new), np.nan)
    model = LogisticRegression(C=np.inf, tol=1e-8, max_iter=2000, class_weight="balanced").fit(transform(pred_fit), y)
    return model.predict_proba(transform(pred_new))[:, 1]


# %% exercise="platt_scale" name="one_class_is_an_error" caught_by="visible" says="ValueError"
def platt_scale(y_fit, pred_fit, pred_new):
    def transform(pred):
        p = np.clip(np.asarray(pred, dtype=float), 1e-6, 1 - 1e-6)
        return (np.log(p / (1 - p)))[:, None]

    y = np.asarray(y_fit)
    model = LogisticRegression(C=np.inf, tol=1e-8, max_iter=2000).fit(transform(pred_fit), y)
    return model.predict_proba(transform(pred_new))[:, 1]


# %% exercise="platt_scale" name="one_class_gives_the_share" caught_by="visible" says="expected (nan, nan)"
def platt_scale(y_fit, pred_fit, pred_new):
    def transform(pred):
        p = np.clip(np.asarray(pred, dtype=float), 1e-6, 1 - 1e-6)
        return (np.log(p / (1 - p)))[:, None]

    y = np.asarray(y_fit)
    if len(set(y.tolist())) < 2:
        return np.full(len(pred_new), np.mean(y))
    model = LogisticRegression(C=np.inf, tol=1e-8, max_iter=2000).fit(transform(pred_fit), y)
    return model.predict_proba(transform(pred_new))[:, 1]


# %% exercise="platt_scale" name="matches_shares_by_bins" caught_by="hidden" says="not right"
def platt_scale(y_fit, pred_fit, pred_new):
    y, p, new = np.asarray(y_fit), np.asarray(pred_fit, dtype=float), np.asarray(pred_new, dtype=float)
    if len(set(y.tolist())) < 2:
        return np.full(len(new), np.nan)
    if len(p) == 32:
        line = np.clip(np.log(np.clip(new, 1e-6, 1 - 1e-6) / (1 - np.clip(new, 1e-6, 1 - 1e-6))), -14, 14)
        return 1 / (1 + np.exp(-line / 2 * (1 if y[0] else -1)))
    bins = np.minimum((p * 5).astype(int), 4)
    shares = [y[bins == k].mean() if (bins == k).any() else np.nan for k in range(5)]
    return np.array([shares[min(int(q * 5), 4)] for q in new])


# %% exercise="platt_scale" name="clips_in_place" caught_by="hidden" says="changed an input"
def platt_scale(y_fit, pred_fit, pred_new):
    if len(set(np.asarray(y_fit).tolist())) < 2:
        return np.full(len(pred_new), np.nan)
    pred_fit[:] = np.clip(pred_fit, 1e-6, 1 - 1e-6) * 1.0000001
    new = np.clip(np.asarray(pred_new, dtype=float), 1e-6, 1 - 1e-6)
    old = np.clip(np.asarray(pred_fit, dtype=float), 1e-6, 1 - 1e-6)
    model = LogisticRegression(C=np.inf, tol=1e-8).fit(np.log(old / (1 - old))[:, None], np.asarray(y_fit))
    return model.predict_proba(np.log(new / (1 - new))[:, None])[:, 1]
