"""Do the functions of course 3, week 1 give what is worked out by hand, by naive loops and by scikit-learn?"""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.tree import DecisionTreeClassifier

from labutils import effects

NAN = float("nan")


def counted(events_1, n_1, events_0, n_0):
    outcome = [1] * events_1 + [0] * (n_1 - events_1) + [1] * events_0 + [0] * (n_0 - events_0)
    return pd.DataFrame({"TRTMT": [1] * n_1 + [0] * n_0, "outcome": outcome})


# (events and patients, treated then control) -> ate and its ends, nnt and its ends, worked out by hand at 95 %
TRIALS = {
    "helps": ((14, 200, 30, 200), (-0.08, -0.140822, -0.019178), (12.5, 7.1012, 52.1433)),
    "harms": ((30, 200, 14, 200), (0.08, 0.019178, 0.140822), (-12.5, -52.1433, -7.1012)),
    "holds zero": ((4, 10, 6, 10), (-0.2, -0.629417, 0.229417), (5.0, NAN, NAN)),
    "no difference": ((5, 20, 5, 20), (0.0, -0.268382, 0.268382), (np.inf, NAN, NAN)),
    "no events": ((0, 9, 0, 7), (0.0, 0.0, 0.0), (np.inf, NAN, NAN)),
    "all and none": ((0, 9, 7, 7), (-1.0, -1.0, -1.0), (1.0, 1.0, 1.0)),
    "nobody treated": ((0, 0, 3, 7), (NAN, NAN, NAN), (NAN, NAN, NAN)),
    "no controls": ((3, 7, 0, 0), (NAN, NAN, NAN), (NAN, NAN, NAN)),
}


@pytest.mark.parametrize("name", TRIALS)
def test_effect_and_number_needed_by_hand(name):
    counts, ate, needed = TRIALS[name]
    assert np.allclose(effects.ate_interval(counted(*counts)), ate, atol=1e-5, equal_nan=True)
    assert np.allclose(effects.number_needed_to_treat(counted(*counts)), needed, atol=1e-3, equal_nan=True)


def test_rates_have_the_arm_as_denominator_and_take_bools():
    table = counted(1, 2, 3, 4)
    assert effects.event_rate(table) == (0.5, 0.75) == effects.event_rate(table.astype(bool))
    assert effects.proportion_treated(table) == pytest.approx(1 / 3)
    assert np.isnan(effects.proportion_treated(table.iloc[:0]))
    assert np.allclose(effects.event_rate(table.iloc[:2]), (0.5, NAN), equal_nan=True)


def test_the_interval_covers_the_truth_as_often_as_it_says():
    rng = np.random.default_rng(1)
    covered = 0
    for _ in range(400):
        treated = np.arange(300) % 2
        table = pd.DataFrame({"TRTMT": treated, "outcome": rng.random(300) < np.where(treated, 0.25, 0.4)})
        _, low, high = effects.ate_interval(table, 0.9)
        covered += low <= -0.15 <= high
    assert 0.85 < covered / 400 < 0.95  # 0.9 with a standard error of 0.015


def test_balance_by_hand_and_against_a_loop():
    table = pd.DataFrame(
        {"age": [50, 60, 70, 54, 60, 60], "TRTMT": [1, 1, 1, 0, 0, 0], "site": 2, "outcome": [0, 1, 0, 1, 1, 0]}
    )
    balance = effects.balance_table(table)
    assert list(balance.index) == ["age", "site"]
    assert balance.loc["age"].tolist() == pytest.approx([60, 58, 2 / 56**0.5])
    assert np.isnan(balance.loc["site", "smd"])
    one = effects.balance_table(table.assign(TRTMT=[1, 0, 0, 0, 0, 0]))
    assert one["smd"].isna().all() and one.loc["age", "treated"] == 50


def test_odds_ratio_and_risk_reduction():
    assert effects.OR_to_ARR(0.5, 0.5) == pytest.approx(1 / 6)
    assert effects.OR_to_ARR(np.array([0.0, 1.0]), 0.5).tolist() == [0, 0]
    risks = np.linspace(0.01, 0.99, 50)
    odds = 2 * risks / (1 - risks)
    assert np.allclose(effects.OR_to_ARR(risks, 2.0), risks - odds / (1 + odds))
    model = LogisticRegression().fit(np.eye(3)[[0, 1, 2, 0]], [0, 1, 0, 1])
    model.coef_ = np.array([[0.3, -0.5, 2.0]])
    frame = pd.DataFrame(columns=["a", "TRTMT", "b"])
    assert effects.extract_treatment_effect(model, frame) == pytest.approx((-0.5, np.exp(-0.5)))


@given(st.floats(0, 1), st.floats(0.01, 100))
def test_a_risk_reduction_stays_between_the_risks(p, ratio):
    reduction = effects.OR_to_ARR(p, ratio)
    assert -(1 - p) - 1e-12 <= reduction <= p + 1e-12
    assert (reduction > 0) <= (ratio < 1)


FAILURES = {
    "no treatment": (lambda: effects.event_rate(pd.DataFrame({"outcome": [1]})), r"no column 'TRTMT'"),
    "a two": (lambda: effects.ate_interval(counted(1, 2, 1, 2).replace({"outcome": {1: 2}})), r"outcome must hold 0 or 1"),
    "missing": (lambda: effects.proportion_treated(pd.DataFrame({"TRTMT": [1, None]})), r"row 1 has nan"),
    "level": (lambda: effects.ate_interval(counted(1, 2, 1, 2), 95), r"between 0 and 1; got 95"),
    "text": (lambda: effects.balance_table(counted(1, 2, 1, 2).assign(sex="m")), r"column 'sex' holds .*encode it"),
    "risk": (lambda: effects.OR_to_ARR(1.2, 0.5), r"risk between 0 and 1; got 1.2"),
    "ratio": (lambda: effects.OR_to_ARR(0.2, 0.0), r"above 0; got 0"),
    "columns": (lambda: effects.extract_treatment_effect(LogisticRegression().fit([[0.0], [1.0]], [0, 1]), counted(1, 2, 1, 2)), r"2 columns.*fitted on 1"),
    "no arm column": (lambda: effects.base_risks(pd.DataFrame({"a": [1]}), None), r"no column 'TRTMT'"),
    "empty grid": (lambda: effects.holdout_grid_search(DecisionTreeClassifier, None, None, None, None, {"max_depth": []}), r"without any value"),
    "lengths": (lambda: effects.match_pairs([0.1, 0.2], [1], [0, 1], 0), r"one entry per patient"),
    "promise missing": (lambda: effects.match_pairs([0.1, NAN], [1, 0], [0, 1], 0), r"patient 1 has none"),
    "outcome": (lambda: effects.match_pairs([0.1, 0.2], [1, 3], [0, 1], 0), r"must hold 0 or 1"),
    "resamples": (lambda: effects.c_for_benefit_interval([0.1], [1], 0, 0), r"n_boot must be 1 or more"),
}  # fmt: skip


@pytest.mark.parametrize("name", FAILURES)
def test_bad_input_is_named(name):
    call, message = FAILURES[name]
    with pytest.raises(ValueError, match=message):
        call()


# --- models of the benefit ---


def trial_with_model(n=300, seed=3):
    rng = np.random.default_rng(seed)
    X = pd.DataFrame({"x": rng.normal(size=n), "TRTMT": rng.integers(0, 2, n)}, index=rng.permutation(n))
    y = pd.Series((rng.random(n) < 1 / (1 + np.exp(-X["x"] + 0.8 * X["TRTMT"]))).astype(int), index=X.index)
    return X, y, LogisticRegression().fit(X, y)


def test_base_risks_ask_for_nobody_treated_and_leave_x_alone():
    X, _, model = trial_with_model()
    before = X.copy()
    risk = effects.base_risks(X, model)
    assert np.allclose(risk, 1 / (1 + np.exp(-model.intercept_[0] - model.coef_[0][0] * X["x"])))
    assert X.equals(before)
    reduction = effects.SLearner(model).predict(X)
    assert np.allclose(reduction, effects.OR_to_ARR(risk, np.exp(model.coef_[0][1])))
    assert X.equals(before)


def test_bins_of_baseline_risk_against_a_loop():
    X, y, model = trial_with_model()
    risk = effects.base_risks(X, model)
    edges = np.linspace(risk.min(), risk.max(), 11)
    found = effects.lr_ARR_quantile(X, y, model)
    place = np.clip(np.ceil((risk - edges[0]) / (edges[1] - edges[0])), 1, 10)
    expected = {}
    for k in sorted(set(place)):
        here, arm, fate = place == k, X["TRTMT"].to_numpy(), y.to_numpy()
        rates = [fate[here & (arm == a)] for a in (0, 1)]
        expected[risk[here].mean()] = rates[0].mean() - rates[1].mean() if min(map(len, rates)) else NAN
    assert np.allclose(found.index, list(expected))
    assert np.allclose(found, list(expected.values()), equal_nan=True)


def test_split_by_arm_and_grid_search():
    X, y, _ = trial_with_model(400)
    parts = effects.treatment_dataset_split(X[:200], y[:200], X[200:], y[200:])
    assert len(parts) == 8 and all(list(part.columns) == ["x"] for part in parts[::2])
    assert all(list(a.index) == list(b.index) for a, b in zip(parts[::2], parts[1::2], strict=True))
    assert list(parts[0].index) == [i for i in X[:200].index if X.loc[i, "TRTMT"] == 1]
    grid = {"max_depth": [1, 2, 5], "min_samples_leaf": [1, 20], "random_state": [0]}
    best, params = effects.holdout_grid_search(DecisionTreeClassifier, X[:200], y[:200], X[200:], y[200:], grid)
    scores = {
        values: roc_auc_score(
            y[200:],
            DecisionTreeClassifier(**dict(zip(grid, values, strict=True)))
            .fit(X[:200], y[:200])
            .predict_proba(X[200:])[:, 1],
        )
        for values in itertools.product(*grid.values())
    }
    assert scores[tuple(params.values())] == max(scores.values())
    assert roc_auc_score(y[200:], best.predict_proba(X[200:])[:, 1]) == max(scores.values())


@pytest.mark.parametrize("n_patients", [2000, 20_000])
def test_the_t_learner_recovers_the_simulated_benefits(n_patients):
    from labutils.datasets import simulate_trial

    known = simulate_trial(n_patients, 5)
    X, y, arm = known.table.drop(columns=["outcome", "TRTMT"]), known.table["outcome"], known.table["TRTMT"]
    models = [LogisticRegression(max_iter=2000).fit(X[arm == a], y[arm == a]) for a in (1, 0)]
    told = effects.TLearner(*models).predict(X)
    assert np.corrcoef(told, known.benefit)[0, 1] > 0.95
    assert np.abs(told - known.benefit).mean() < {2000: 0.06, 20_000: 0.02}[n_patients]
    assert np.sign(told[known.benefit > 0.1]).mean() > 0.95  # the sign is the right one


# --- C-for-benefit ---

PAIRS = {
    "two of three": ([((0.3, 1), (0.3, 0)), ((0.05, 1), (0.15, 1)), ((0.2, 0), (0.2, 1))], 2 / 3),
    "a tie": ([((0.25, 1), (0.75, 0)), ((0.5, 0), (0.5, 0)), ((0.75, 0), (0.75, 0))], 0.25),
    "the wrong way round": ([((0.1, 1), (0.1, 0)), ((0.3, 0), (0.3, 1))], 0.0),
    "nothing permissible": ([((0.5, 1), (0.5, 1)), ((0.2, 0), (0.2, 0))], NAN),
    "one pair": ([((0.5, 1), (0.5, 0))], NAN),
    "no pair": ([], NAN),
}


@pytest.mark.parametrize("name", PAIRS)
def test_c_for_benefit_by_hand(name):
    pairs, expected = PAIRS[name]
    assert effects.c_for_benefit_score(pairs) == pytest.approx(expected, nan_ok=True)
    predicted = [(c[0] + t[0]) / 2 for c, t in pairs]
    observed = [c[1] - t[1] for c, t in pairs]
    assert effects.fast_c_for_benefit(predicted, observed) == pytest.approx(expected, nan_ok=True)


benefits = st.lists(st.tuples(st.sampled_from([0.25, 0.5, 0.75, -0.5]), st.sampled_from([-1, 0, 1])), max_size=30)


@given(benefits)
@settings(max_examples=200)
def test_the_fast_score_is_the_readable_one(rows):
    pairs = [((p, max(o, 0)), (p, max(-o, 0))) for p, o in rows]
    fast = effects.fast_c_for_benefit([p for p, _ in rows], [o for _, o in rows])
    assert fast == pytest.approx(effects.c_for_benefit_score(pairs), nan_ok=True)
    turned = effects.fast_c_for_benefit([-p for p, _ in rows], [o for _, o in rows])
    assert turned == pytest.approx(1 - fast, nan_ok=True)


def test_matching_takes_every_patient_of_the_smaller_arm_once():
    rng = np.random.default_rng(8)
    told, y, w = rng.permutation(40) / 40, rng.integers(0, 2, 40), (np.arange(40) % 4 == 0).astype(int)
    predicted, observed = effects.match_pairs(told, y, w, 1)
    assert len(predicted) == len(observed) == 10 and set(observed) <= {-1, 0, 1}
    assert (np.diff(predicted) > 0).all()
    assert effects.c_statistic(told, y, w, 1) == effects.fast_c_for_benefit(predicted, observed)
    assert effects.c_statistic(told, y, w, 1) == effects.c_statistic(told, y, w, 1)
    assert len({effects.c_statistic(told, y, w, seed) for seed in range(10)}) > 1
    assert np.isnan(effects.c_statistic(told, y, np.zeros(40), 0))


def test_the_weighted_resamples_are_those_of_a_loop():
    rng = np.random.default_rng(9)
    predicted, observed = rng.choice([0.25, 0.5, 0.75], 60), rng.integers(-1, 2, 60)
    c = effects.c_for_benefit_interval(predicted, observed, 400, 7)
    drawn = np.random.default_rng(7).integers(60, size=(60, 400))
    loop = [effects.fast_c_for_benefit(predicted[rows], observed[rows]) for rows in drawn.T]
    assert (c.low, c.high) == pytest.approx(tuple(np.nanquantile(loop, [0.025, 0.975])))
    assert effects.c_for_benefit_interval(predicted, observed, 400, 7) == c
    assert all(np.isnan(effects.c_for_benefit_interval([0.1, 0.2], [1, 1], 10, 0)))
