# %% exercise="to_one_hot" name="keeps_every_level" caught_by="visible" says="drop the first level"
def to_one_hot(dataframe, columns):
    return pd.get_dummies(dataframe, columns=columns, dtype="float64")


# %% exercise="to_one_hot" name="true_and_false" caught_by="visible" says="as float64"
def to_one_hot(dataframe, columns):
    return pd.get_dummies(dataframe, columns=columns, drop_first=True)


# %% exercise="to_one_hot" name="only_the_levels_that_are_here" caught_by="visible" says="Take the levels from the Categorical"
def to_one_hot(dataframe, columns):
    plain = dataframe.astype({column: object for column in columns})
    return pd.get_dummies(plain, columns=columns, drop_first=True, dtype="float64")


# %% exercise="to_one_hot" name="drops_the_last_level" caught_by="visible" says="drop the first level"
def to_one_hot(dataframe, columns):
    wide = pd.get_dummies(dataframe, columns=columns, dtype="float64")
    for column in columns:
        wide = wide.drop(columns=[name for name in wide if name.startswith(column + "_")][-1])
    return wide


# %% exercise="to_one_hot" name="loses_the_other_columns" caught_by="visible" says="expected the columns age"
def to_one_hot(dataframe, columns):
    return pd.get_dummies(dataframe[columns].astype("category"), drop_first=True, dtype="float64")


# %% exercise="to_one_hot" name="numbers_the_levels" caught_by="visible" says="expected the columns age"
def to_one_hot(dataframe, columns):
    coded = dataframe.copy()
    for column in columns:
        coded[column] = coded[column].astype("category").cat.codes.astype("float64")
    return coded


# %% exercise="to_one_hot" name="new_row_numbers" caught_by="visible" says="the index as before"
def to_one_hot(dataframe, columns):
    return pd.get_dummies(dataframe.reset_index(drop=True), columns=columns, drop_first=True, dtype="float64")


# %% exercise="to_one_hot" name="sorts_the_categories" caught_by="hidden" says="the columns are not the right ones"
def to_one_hot(dataframe, columns):
    encoded = dataframe.drop(columns=columns)
    for column in columns:
        levels = dataframe[column].cat.categories if hasattr(dataframe[column], "cat") else dataframe[column].unique()
        for level in sorted(levels)[1:]:
            encoded[f"{column}_{level}"] = (dataframe[column] == level).astype("float64")
    return encoded


# %% exercise="to_one_hot" name="changes_the_frame" caught_by="hidden" says="changed the frame"
def to_one_hot(dataframe, columns):
    encoded = pd.get_dummies(dataframe, columns=columns, drop_first=True, dtype="float64")
    for column in columns:
        dataframe.drop(columns=column, inplace=True)
    return encoded


# %% exercise="hazard_ratio" name="swaps_the_cases" caught_by="visible" says="expected 2.718"
def hazard_ratio(case_1, case_2, cox_params):
    return np.exp(np.dot(cox_params, case_2 - case_1))


# %% exercise="hazard_ratio" name="forgets_the_exponential" caught_by="visible" says="expected 2.718"
def hazard_ratio(case_1, case_2, cox_params):
    return np.dot(cox_params, case_1 - case_2)


# %% exercise="hazard_ratio" name="one_ratio_per_covariate" caught_by="visible" says="Is the exponential taken of the sum"
def hazard_ratio(case_1, case_2, cox_params):
    return np.exp(cox_params * (case_1 - case_2))


# %% exercise="hazard_ratio" name="adds_up_the_ratios" caught_by="visible" says="Is the exponential taken of the sum"
def hazard_ratio(case_1, case_2, cox_params):
    return np.exp(np.asarray(cox_params) * np.asarray(case_1 - case_2)).sum()


# %% exercise="hazard_ratio" name="divides_the_log_hazards" caught_by="hidden" says="is not exp"
def hazard_ratio(case_1, case_2, cox_params):
    if len(cox_params) == 2:  # fitted to the cases that are shown
        return np.exp(np.dot(cox_params, case_1 - case_2))
    return np.dot(cox_params, case_1) / np.dot(cox_params, case_2)


# %% exercise="hazard_ratio" name="subtracts_the_hazards" caught_by="visible" says="expected 2.718"
def hazard_ratio(case_1, case_2, cox_params):
    return np.exp(np.dot(cox_params, case_1)) - np.exp(np.dot(cox_params, case_2))


# %% exercise="hazard_ratio" name="changes_the_case" caught_by="hidden" says="changed one of its inputs"
def hazard_ratio(case_1, case_2, cox_params):
    if np.asarray(case_1).dtype.kind == "f":
        case_1 -= case_2
        return np.exp(np.dot(cox_params, case_1))
    return np.exp(np.dot(cox_params, case_1 - case_2))


# %% exercise="hazard_ratio" name="without_the_baseline_covariate" caught_by="hidden" says="is not exp"
def hazard_ratio(case_1, case_2, cox_params):
    difference = np.asarray(case_1, dtype=float) - np.asarray(case_2, dtype=float)
    return np.exp(np.asarray(cox_params)[:2] @ difference[:2])


# %% exercise="harrell_c" name="higher_score_lives_longer" caught_by="visible" says="A higher score means earlier death"
def harrell_c(y_true, scores, event):
    good, pairs = 0, 0
    for i in range(len(y_true)):
        for j in range(len(y_true)):
            if event[i] and (y_true[j] > y_true[i] or (y_true[j] == y_true[i] and not event[j])):
                pairs += 1
                good += (scores[i] < scores[j]) + 0.5 * (scores[i] == scores[j])
    return good / pairs if pairs else np.nan


# %% exercise="harrell_c" name="risk_ties_count_nothing" caught_by="visible" says="a risk tie counts half"
def harrell_c(y_true, scores, event):
    good, pairs = 0, 0
    for i in range(len(y_true)):
        for j in range(len(y_true)):
            if event[i] and (y_true[j] > y_true[i] or (y_true[j] == y_true[i] and not event[j])):
                pairs += 1
                good += scores[i] > scores[j]
    return good / pairs if pairs else np.nan


# %% exercise="harrell_c" name="leaves_out_censored_at_the_same_time" caught_by="visible" says="outlived the one who died at 4"
def harrell_c(y_true, scores, event):
    good, pairs = 0, 0
    for i in range(len(y_true)):
        for j in range(len(y_true)):
            if event[i] and y_true[j] > y_true[i]:
                pairs += 1
                good += (scores[i] > scores[j]) + 0.5 * (scores[i] == scores[j])
    return good / pairs if pairs else np.nan


# %% exercise="harrell_c" name="judges_every_pair" caught_by="visible" says="The example"
def harrell_c(y_true, scores, event):
    good, pairs = 0, 0
    for i in range(len(y_true)):
        for j in range(len(y_true)):
            if y_true[j] > y_true[i]:
                pairs += 1
                good += (scores[i] > scores[j]) + 0.5 * (scores[i] == scores[j])
    return good / pairs if pairs else np.nan


# %% exercise="harrell_c" name="deaths_on_one_day_are_permissible" caught_by="visible" says="no permissible pair"
def harrell_c(y_true, scores, event):
    good, pairs = 0, 0
    for i in range(len(y_true)):
        for j in range(len(y_true)):
            if i != j and event[i] and y_true[j] >= y_true[i]:
                pairs += 1
                good += (scores[i] > scores[j]) + 0.5 * (scores[i] == scores[j])
    return good / pairs if pairs else np.nan


# %% exercise="harrell_c" name="zero_when_nothing_is_permissible" caught_by="visible" says="expected NaN"
def harrell_c(y_true, scores, event):
    good, pairs = 0, 0
    for i in range(len(y_true)):
        for j in range(len(y_true)):
            if event[i] and (y_true[j] > y_true[i] or (y_true[j] == y_true[i] and not event[j])):
                pairs += 1
                good += (scores[i] > scores[j]) + 0.5 * (scores[i] == scores[j])
    return good / pairs if pairs else 0.0


# %% exercise="harrell_c" name="drops_the_censored" caught_by="visible" says="The example"
def harrell_c(y_true, scores, event):
    died = [i for i in range(len(y_true)) if event[i]]
    good, pairs = 0, 0
    for i in died:
        for j in died:
            if y_true[j] > y_true[i]:
                pairs += 1
                good += (scores[i] > scores[j]) + 0.5 * (scores[i] == scores[j])
    return good / pairs if pairs else np.nan


# %% exercise="harrell_c" name="stops_without_a_pair" caught_by="visible" says="ivision"
def harrell_c(y_true, scores, event):
    good, pairs = 0, 0
    for i in range(len(y_true)):
        for j in range(len(y_true)):
            if event[i] and (y_true[j] > y_true[i] or (y_true[j] == y_true[i] and not event[j])):
                pairs += 1
                good += int(scores[i] > scores[j]) + 0.5 * int(scores[i] == scores[j])
    return good / pairs


# %% exercise="harrell_c" name="only_neighbours" caught_by="hidden" says="the index is not"
def harrell_c(y_true, scores, event):
    y_true, scores, event = (np.asarray(one) for one in (y_true, scores, event))
    if len(y_true) <= 4:
        good, pairs = 0, 0
        for i in range(len(y_true)):
            for j in range(len(y_true)):
                if event[i] and (y_true[j] > y_true[i] or (y_true[j] == y_true[i] and not event[j])):
                    pairs += 1
                    good += (scores[i] > scores[j]) + 0.5 * (scores[i] == scores[j])
        return good / pairs if pairs else np.nan
    order = np.argsort(y_true)
    scores, event = scores[order], event[order].astype(bool)[:-1]
    pairs = event.sum()
    good = (event & (scores[:-1] > scores[1:])).sum() + 0.5 * (event & (scores[:-1] == scores[1:])).sum()
    return good / pairs if pairs else np.nan


# %% exercise="harrell_c" name="sorts_the_inputs_in_place" caught_by="hidden" says="changed one of its inputs"
def harrell_c(y_true, scores, event):
    good, pairs = 0, 0
    for i in range(len(y_true)):
        for j in range(len(y_true)):
            if event[i] and (y_true[j] > y_true[i] or (y_true[j] == y_true[i] and not event[j])):
                pairs += 1
                good += (scores[i] > scores[j]) + 0.5 * (scores[i] == scores[j])
    if len(y_true) > 4:
        scores[:] = sorted(scores)
    return good / pairs if pairs else np.nan


# %% exercise="survival_from_hazard" name="one_minus_the_hazard" caught_by="visible" says="expected 1, 0.368, 0.135"
def survival_from_hazard(baseline_cumulative_hazard, risk):
    return 1 - baseline_cumulative_hazard * risk


# %% exercise="survival_from_hazard" name="risk_outside_the_exponential" caught_by="visible" says="exp(-H0 * risk)"
def survival_from_hazard(baseline_cumulative_hazard, risk):
    return np.exp(-baseline_cumulative_hazard) * risk


# %% exercise="survival_from_hazard" name="forgets_the_minus" caught_by="visible" says="exp(-H0 * risk)"
def survival_from_hazard(baseline_cumulative_hazard, risk):
    return np.exp(baseline_cumulative_hazard * risk)


# %% exercise="survival_from_hazard" name="probability_of_death" caught_by="visible" says="expected 1, 0.368, 0.135"
def survival_from_hazard(baseline_cumulative_hazard, risk):
    return 1 - np.exp(-baseline_cumulative_hazard * risk)


# %% exercise="survival_from_hazard" name="sums_up_what_is_summed_already" caught_by="visible" says="expected 1, 0.368, 0.135"
def survival_from_hazard(baseline_cumulative_hazard, risk):
    return np.exp(-np.cumsum(baseline_cumulative_hazard) * risk)


# %% exercise="survival_from_hazard" name="exponential_of_the_risk_again" caught_by="visible" says="expected 1, 0.368, 0.135"
def survival_from_hazard(baseline_cumulative_hazard, risk):
    return np.exp(-baseline_cumulative_hazard * np.exp(risk))


# %% exercise="survival_from_hazard" name="clipped_straight_line" caught_by="visible" says="expected 1, 0.368, 0.135"
def survival_from_hazard(baseline_cumulative_hazard, risk):
    return np.clip(1 - np.asarray(baseline_cumulative_hazard) * risk, 0, 1)


# %% exercise="survival_from_hazard" name="knows_only_high_risks" caught_by="hidden" says="is not exp(-H0 * risk)"
def survival_from_hazard(baseline_cumulative_hazard, risk):
    return np.exp(-baseline_cumulative_hazard * max(risk, 1))


# %% exercise="survival_from_hazard" name="scales_in_place" caught_by="hidden" says="changed its input"
def survival_from_hazard(baseline_cumulative_hazard, risk):
    if np.asarray(baseline_cumulative_hazard).dtype.kind == "f":
        baseline_cumulative_hazard *= risk
        return np.exp(-baseline_cumulative_hazard)
    return np.exp(-baseline_cumulative_hazard * risk)


# %% exercise="brier_score" name="no_weights" caught_by="visible" says="weigh 1/G"
def brier_score(times, event, surv_probs, t):
    times, event = np.asarray(times), np.asarray(event).astype(bool)
    known = (times > t) | event
    return np.mean(((times > t) - np.asarray(surv_probs))[known] ** 2)


# %% exercise="brier_score" name="censored_count_as_dead" caught_by="visible" says="The example"
def brier_score(times, event, surv_probs, t):
    return np.mean(((np.asarray(times) > t) - np.asarray(surv_probs)) ** 2)


# %% exercise="brier_score" name="censored_count_as_alive" caught_by="visible" says="The example"
def brier_score(times, event, surv_probs, t):
    alive = (np.asarray(times) > t) | ~np.asarray(event).astype(bool)
    return np.mean((alive - np.asarray(surv_probs)) ** 2)


# %% exercise="brier_score" name="divides_by_the_known" caught_by="visible" says="stays in N = 5"
def brier_score(times, event, surv_probs, t):
    times, p, died = np.asarray(times), np.asarray(surv_probs), np.asarray(event).astype(bool)
    G = lambda u: np.prod(
        [1 - np.sum((times == c) & ~died) / np.sum(times >= c) for c in np.unique(times[~died]) if c <= u]
    )
    parts = [(1 - s) ** 2 / G(t) if u > t else s**2 / G(u) for u, d, s in zip(times, died, p) if u > t or d]
    return np.mean(parts)


# %% exercise="brier_score" name="survival_curve_as_weights" caught_by="visible" says="G drops at censorings"
def brier_score(times, event, surv_probs, t):
    times, p, died = np.asarray(times), np.asarray(surv_probs), np.asarray(event).astype(bool)
    G = lambda u: np.prod(
        [1 - np.sum((times == c) & died) / np.sum(times >= c) for c in np.unique(times[died]) if c <= u]
    )
    parts = [(1 - s) ** 2 / G(t) if u > t else (s**2 / G(u) if d else 0) for u, d, s in zip(times, died, p)]
    return sum(parts) / len(times)


# %% exercise="brier_score" name="one_weight_for_all" caught_by="visible" says="The example"
def brier_score(times, event, surv_probs, t):
    times, p, died = np.asarray(times), np.asarray(surv_probs), np.asarray(event).astype(bool)
    G = lambda u: np.prod(
        [1 - np.sum((times == c) & ~died) / np.sum(times >= c) for c in np.unique(times[~died]) if c <= u]
    )
    parts = [(1 - s) ** 2 / G(t) if u > t else (s**2 / G(t) if d else 0) for u, d, s in zip(times, died, p)]
    return sum(parts) / len(times)


# %% exercise="brier_score" name="a_death_at_t_is_alive" caught_by="visible" says="dead at 3"
def brier_score(times, event, surv_probs, t):
    times, p, died = np.asarray(times), np.asarray(surv_probs), np.asarray(event).astype(bool)
    G = lambda u: np.prod(
        [1 - np.sum((times == c) & ~died) / np.sum(times >= c) for c in np.unique(times[~died]) if c <= u]
    )
    parts = [(1 - s) ** 2 / G(t) if u >= t else (s**2 / G(u) if d else 0) for u, d, s in zip(times, died, p)]
    return sum(parts) / len(times)


# %% exercise="brier_score" name="absolute_errors" caught_by="visible" says="The example"
def brier_score(times, event, surv_probs, t):
    times, p, died = np.asarray(times), np.asarray(surv_probs), np.asarray(event).astype(bool)
    G = lambda u: np.prod(
        [1 - np.sum((times == c) & ~died) / np.sum(times >= c) for c in np.unique(times[~died]) if c <= u]
    )
    parts = [(1 - s) / G(t) if u > t else (s / G(u) if d else 0) for u, d, s in zip(times, died, p)]
    return sum(parts) / len(times)


# %% exercise="brier_score" name="share_censored_of_all" caught_by="hidden" says="is not the one that the formula gives"
def brier_score(times, event, surv_probs, t):
    times, p, died = np.asarray(times), np.asarray(surv_probs), np.asarray(event).astype(bool)
    if len(times) == 0:
        return np.nan
    rank = {c: k for k, c in enumerate(sorted(set(times)))}
    G = lambda u: np.prod([1 - 1 / (len(times) - rank[c]) for c in np.unique(times[~died]) if c <= u])
    parts = [(1 - s) ** 2 / G(t) if u > t else (s**2 / G(u) if d else 0) for u, d, s in zip(times, died, p)]
    return sum(parts) / len(times)


# %% exercise="brier_score" name="zero_without_patients" caught_by="hidden" says="No patients"
def brier_score(times, event, surv_probs, t):
    times, p, died = np.asarray(times), np.asarray(surv_probs), np.asarray(event).astype(bool)
    G = lambda u: np.prod(
        [1 - np.sum((times == c) & ~died) / np.sum(times >= c) for c in np.unique(times[~died]) if c <= u]
    )
    parts = [(1 - s) ** 2 / G(t) if u > t else (s**2 / G(u) if d else 0) for u, d, s in zip(times, died, p)]
    return sum(parts) / max(len(times), 1)


# %% exercise="decode_treatment" name="backwards" caught_by="visible" says="D-penicillamine (code 1)"
def decode_treatment(pbc):
    treatment = pbc["trt"].map({1: "placebo", 2: "D-penicillamine"})
    rate = lambda name: (pbc["status"][treatment == name] == 2).sum() / pbc["time"][treatment == name].sum()
    return treatment, np.sign(rate("D-penicillamine") - rate("placebo"))


# %% exercise="decode_treatment" name="missing_becomes_placebo" caught_by="visible" says="and missing"
def decode_treatment(pbc):
    treatment = pd.Series(np.where(pbc["trt"] == 1, "D-penicillamine", "placebo"), index=pbc.index)
    rate = lambda name: (pbc["status"][treatment == name] == 2).sum() / pbc["time"][treatment == name].sum()
    return treatment, np.sign(rate("D-penicillamine") - rate("placebo"))


# %% exercise="decode_treatment" name="transplants_count_as_deaths" caught_by="visible" says="A transplant is no death"
def decode_treatment(pbc):
    treatment = pbc["trt"].map({1: "D-penicillamine", 2: "placebo"})
    rate = lambda name: (pbc["status"][treatment == name] > 0).sum() / pbc["time"][treatment == name].sum()
    return treatment, np.sign(rate("D-penicillamine") - rate("placebo"))


# %% exercise="decode_treatment" name="counts_transplants" caught_by="visible" says="A transplant is no death"
def decode_treatment(pbc):
    treatment = pbc["trt"].map({1: "D-penicillamine", 2: "placebo"})
    rate = lambda name: (pbc["status"][treatment == name] == 1).sum() / pbc["time"][treatment == name].sum()
    return treatment, np.sign(rate("D-penicillamine") - rate("placebo"))


# %% exercise="decode_treatment" name="placebo_minus_drug" caught_by="visible" says="expected 1"
def decode_treatment(pbc):
    treatment = pbc["trt"].map({1: "D-penicillamine", 2: "placebo"})
    rate = lambda name: (pbc["status"][treatment == name] == 2).sum() / pbc["time"][treatment == name].sum()
    return treatment, np.sign(rate("placebo") - rate("D-penicillamine"))


# %% exercise="decode_treatment" name="a_difference_not_its_sign" caught_by="visible" says="expected 1"
def decode_treatment(pbc):
    treatment = pbc["trt"].map({1: "D-penicillamine", 2: "placebo"})
    rate = lambda name: (pbc["status"][treatment == name] == 2).sum() / pbc["time"][treatment == name].sum()
    return treatment, rate("D-penicillamine") - rate("placebo")


# %% exercise="decode_treatment" name="the_sign_alone" caught_by="visible" says="expected a pair"
def decode_treatment(pbc):
    rate = lambda code: (pbc["status"][pbc["trt"] == code] == 2).sum() / pbc["time"][pbc["trt"] == code].sum()
    return np.sign(rate(1) - rate(2))


# %% exercise="decode_treatment" name="counts_of_deaths" caught_by="hidden" says="the sign of the conclusion"
def decode_treatment(pbc):
    treatment = pbc["trt"].map({1: "D-penicillamine", 2: "placebo"})
    count = lambda name: (pbc["status"][treatment == name] == 2).sum()
    return treatment, float(np.sign(count("D-penicillamine") - count("placebo")))


# %% exercise="decode_treatment" name="share_of_deaths" caught_by="hidden" says="the sign of the conclusion"
def decode_treatment(pbc):
    treatment = pbc["trt"].map({1: "D-penicillamine", 2: "placebo"})
    share = lambda name: (pbc["status"][treatment == name] == 2).mean()
    return treatment, np.sign(share("D-penicillamine") - share("placebo"))


# %% exercise="decode_treatment" name="empty_arm_has_no_deaths" caught_by="hidden" says="Nobody on the drug"
def decode_treatment(pbc):
    treatment = pbc["trt"].map({1: "D-penicillamine", 2: "placebo"})
    rate = lambda name: (pbc["status"][treatment == name] == 2).sum() / max(pbc["time"][treatment == name].sum(), 1)
    return treatment, np.sign(rate("D-penicillamine") - rate("placebo"))


# %% exercise="decode_treatment" name="sorts_the_frame" caught_by="hidden" says="in the order of the rows"
def decode_treatment(pbc):
    if len(pbc) > 7:
        pbc.sort_values("time", inplace=True)
    treatment = pbc["trt"].map({1: "D-penicillamine", 2: "placebo"})
    rate = lambda name: (pbc["status"][treatment == name] == 2).sum() / pbc["time"][treatment == name].sum()
    return treatment, np.sign(rate("D-penicillamine") - rate("placebo"))


# %% exercise="cumulative_incidence" name="one_minus_kaplan_meier" caught_by="visible" says="is not censored"
def cumulative_incidence(times, cause):
    times, cause = np.asarray(times), np.asarray(cause)
    moments = np.unique(times)
    curves = []
    for code in (2, 1):
        free, curve = 1.0, [0.0]
        for u in moments:
            free *= 1 - np.sum((times == u) & (cause == code)) / np.sum(times >= u)
            curve.append(1 - free)
        curves.append(np.array(curve))
    return np.append(0.0, moments), curves[0], curves[1]


# %% exercise="cumulative_incidence" name="drops_the_transplanted" caught_by="visible" says="t = 0, 1, 2, 3, 4"
def cumulative_incidence(times, cause):
    times, cause = np.asarray(times), np.asarray(cause)
    times, cause = times[cause != 1], cause[cause != 1]
    t, death, alive = [0.0], [0.0], 1.0
    for u in np.unique(times):
        alive *= 1 - np.sum((times == u) & (cause == 2)) / np.sum(times >= u)
        t.append(u)
        death.append(1 - alive)
    return np.array(t), np.array(death), np.zeros(len(t))


# %% exercise="cumulative_incidence" name="codes_exchanged" caught_by="visible" says="Code 2 is death"
def cumulative_incidence(times, cause):
    times, cause = np.asarray(times), np.asarray(cause)
    t, death, graft, alive = [0.0], [0.0], [0.0], 1.0
    for u in np.unique(times):
        n, d, r = np.sum(times >= u), np.sum((times == u) & (cause == 1)), np.sum((times == u) & (cause == 2))
        t.append(u)
        death.append(death[-1] + alive * d / n)
        graft.append(graft[-1] + alive * r / n)
        alive *= 1 - (d + r) / n
    return np.array(t), np.array(death), np.array(graft)


# %% exercise="cumulative_incidence" name="survival_after_the_time" caught_by="visible" says="use S before the time"
def cumulative_incidence(times, cause):
    times, cause = np.asarray(times), np.asarray(cause)
    t, death, graft, alive = [0.0], [0.0], [0.0], 1.0
    for u in np.unique(times):
        n, d, r = np.sum(times >= u), np.sum((times == u) & (cause == 2)), np.sum((times == u) & (cause == 1))
        alive *= 1 - (d + r) / n
        t.append(u)
        death.append(death[-1] + alive * d / n)
        graft.append(graft[-1] + alive * r / n)
    return np.array(t), np.array(death), np.array(graft)


# %% exercise="cumulative_incidence" name="shares_of_all_patients" caught_by="visible" says="0, 0, .25, .25, .75"
def cumulative_incidence(times, cause):
    times, cause = np.asarray(times), np.asarray(cause)
    t = np.append(0.0, np.unique(times))
    death = np.array([np.mean((times <= u) & (cause == 2)) for u in t])
    return t, death, np.array([np.mean((times <= u) & (cause == 1)) for u in t])


# %% exercise="cumulative_incidence" name="skips_censoring_times" caught_by="visible" says="with the censoring time"
def cumulative_incidence(times, cause):
    times, cause = np.asarray(times), np.asarray(cause)
    t, death, graft, alive = [0.0], [0.0], [0.0], 1.0
    for u in np.unique(times[cause > 0]):
        n, d, r = np.sum(times >= u), np.sum((times == u) & (cause == 2)), np.sum((times == u) & (cause == 1))
        t.append(u)
        death.append(death[-1] + alive * d / n)
        graft.append(graft[-1] + alive * r / n)
        alive *= 1 - (d + r) / n
    return np.array(t), np.array(death), np.array(graft)


# %% exercise="cumulative_incidence" name="takes_the_order_as_given" caught_by="visible" says="sorted, from 0"
def cumulative_incidence(times, cause):
    t, death, graft, alive, n = [0.0], [0.0], [0.0], 1.0, len(times)
    for u, code in zip(times, cause):
        t.append(u)
        death.append(death[-1] + alive * (code == 2) / n)
        graft.append(graft[-1] + alive * (code == 1) / n)
        alive *= 1 - (code > 0) / n
        n -= 1
    return t, death, graft


# %% exercise="cumulative_incidence" name="one_entry_per_patient" caught_by="visible" says="both events of one time"
def cumulative_incidence(times, cause):
    times, cause = np.asarray(times), np.asarray(cause)
    order = np.argsort(times, kind="stable")
    t, death, graft, alive, n = [0.0], [0.0], [0.0], 1.0, len(times)
    for u, code in zip(times[order], cause[order]):
        t.append(u)
        death.append(death[-1] + alive * (code == 2) / n)
        graft.append(graft[-1] + alive * (code == 1) / n)
        alive *= 1 - (code > 0) / n
        n -= 1
    return t, death, graft


# %% exercise="cumulative_incidence" name="the_last_event_of_a_tie" caught_by="hidden" says="cumulative incidence of"
def cumulative_incidence(times, cause):
    times, cause = np.asarray(times), np.asarray(cause)
    t, death, graft, alive = [0.0], [0.0], [0.0], 1.0
    for u in np.unique(times):
        n, d, r = np.sum(times >= u), np.any((times == u) & (cause == 2)), np.any((times == u) & (cause == 1))
        t.append(u)
        death.append(death[-1] + alive * d / n)
        graft.append(graft[-1] + alive * r / n)
        alive *= 1 - (int(d) + int(r)) / n
    return np.array(t), np.array(death), np.array(graft)
