"""Do the things of risk, survival and treatment weeks cross the border: estimators, classes, frames of every kind, functions?"""

import pytest

COHORT = """
import numpy as np
import pandas as pd
from functools import partial
from sklearn.tree import DecisionTreeClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import roc_auc_score
x = pd.DataFrame({'age': np.arange(40.) % 17, 'bp': np.arange(40.)[::-1] % 13, 'flag': np.arange(40) % 2})
y = pd.Series((np.arange(40) % 17 > 8).astype(int), name='death')
time = np.arange(1., 41.)
event = np.arange(40) % 3 > 0
"""
# name: (answer, check); each check passes, in two processes and in one.
CASES = {
    "a class as an argument": (
        "def f(clf, x, y): return clf(max_depth=3, random_state=1).fit(x, y)",
        "m = f(DecisionTreeClassifier, x, y)\nassert isinstance(m, DecisionTreeClassifier) and m.get_depth() <= 3\n"
        "assert m.feature_importances_.shape == (3,) and np.isclose(m.feature_importances_.sum(), 1)\n"
        "assert list(m.feature_names_in_) == list(x.columns) and m.max_depth == 3 and m.get_params()['random_state'] == 1",
    ),
    "a dictionary of settings": (
        "def f(grid, x, y):\n    best = max(grid['max_depth'], key=lambda d, x=x, y=y: DecisionTreeClassifier(max_depth=d, random_state=0).fit(x, y).score(x, y))\n"
        "    return DecisionTreeClassifier(max_depth=best, random_state=0).fit(x, y), {'max_depth': best}",
        "m, best = f({'max_depth': [1, 5]}, x, y)\nassert best['max_depth'] in (1, 5) and m.predict_proba(x)[:, 1].shape == (40,)\n"
        "assert roc_auc_score(y, m.predict_proba(x)[:, 1]) > 0.9",
    ),
    "a fitted forest that stays": (
        "def f(x, y): return RandomForestClassifier(n_estimators=5, random_state=2).fit(x, y)",
        "m = f(x, y)\nown = RandomForestClassifier(n_estimators=5, random_state=2).fit(x, y)\n"
        "assert np.allclose(m.predict_proba(x), own.predict_proba(x)) and len(m.estimators_) == 5 and m.classes_.tolist() == [0, 1]\n"
        "assert all(tree.get_depth() >= 1 for tree in m.estimators_)",
    ),
    "a fitted model goes back to another answer": (
        "def fit(x, y): return LogisticRegression().fit(x, y)\ndef use(m, x): return m.predict_proba(x)[:, 1]",
        "m = fit(x, y)\np = use(m, x)\nassert np.allclose(p, LogisticRegression().fit(x, y).predict_proba(x)[:, 1])\n"
        "assert m.coef_.shape == (1, 3) and m.intercept_.shape == (1,)",
    ),
    "an unfitted estimator of the check's is fitted there": (
        "def f(m, x, y):\n    m.fit(x, y)\n    return m.predict(x)",
        "got = f(LinearRegression(), x, y)\nassert np.allclose(got, LinearRegression().fit(x, y).predict(x))",
    ),
    "a fitted imputer": (
        "def f(x):\n    from sklearn.impute import SimpleImputer\n    m = SimpleImputer(strategy='mean').fit(x)\n"
        "    return m, pd.DataFrame(m.transform(x), columns=x.columns, index=x.index)",
        "gaps = x.copy(); gaps.iloc[3, 0] = np.nan\nm, full = f(gaps)\nassert not full.isna().any().any() and full.index.equals(x.index)\n"
        "assert np.allclose(m.statistics_, gaps.mean()) and gaps.isna().sum().sum() == 1",
    ),
    "iterative imputer": (
        "def f(x):\n    from sklearn.experimental import enable_iterative_imputer\n    from sklearn.impute import IterativeImputer\n"
        "    return IterativeImputer(random_state=0, max_iter=2, sample_posterior=False).fit(x)",
        "gaps = x.copy(); gaps.iloc[3, 0] = np.nan\nassert not np.isnan(f(gaps).transform(gaps)).any()",
    ),
    "lifelines: Kaplan-Meier": (
        "def f(t, e):\n    from lifelines import KaplanMeierFitter\n    return KaplanMeierFitter().fit(t, e)",
        "from lifelines import KaplanMeierFitter\nk = f(time, event); own = KaplanMeierFitter().fit(time, event)\n"
        "assert np.isclose(k.predict(10), own.predict(10)) and np.isclose(k.median_survival_time_, own.median_survival_time_)\n"
        "pd.testing.assert_frame_equal(k.survival_function_, own.survival_function_)\n"
        "assert np.allclose(k.survival_function_at_times([1, 5]), own.survival_function_at_times([1, 5]))",
    ),
    "lifelines: Cox": (
        "def f(d):\n    from lifelines import CoxPHFitter\n    return CoxPHFitter(penalizer=0.1).fit(d, 'time', 'event')",
        "from lifelines import CoxPHFitter\nd = x.assign(time=time, event=event)\nm = f(d)\nown = CoxPHFitter(penalizer=0.1).fit(d, 'time', 'event')\n"
        "assert list(d) == ['age', 'bp', 'flag', 'time', 'event'] and isinstance(m, CoxPHFitter)\n"
        "pd.testing.assert_series_equal(m.params_, own.params_)\npd.testing.assert_series_equal(m.hazard_ratios_, own.hazard_ratios_)\n"
        "pd.testing.assert_series_equal(m.predict_partial_hazard(d), own.predict_partial_hazard(d))\n"
        "assert m.summary.loc['age', 'p'] == own.summary.loc['age', 'p'] and np.isclose(m.concordance_index_, own.concordance_index_)",
    ),
    "scikit-survival: a forest, and a structured outcome": (
        "def f(x, y):\n    from sksurv.ensemble import RandomSurvivalForest\n    return RandomSurvivalForest(n_estimators=3, random_state=0).fit(x, y)\n"
        "def outcome(t, e):\n    from sksurv.util import Surv\n    return Surv.from_arrays(e, t)",
        "from sksurv.util import Surv\nown = Surv.from_arrays(event, time)\nm = f(x, own)\nassert m.predict(x).shape == (40,)\n"
        "assert 0 <= m.score(x, own) <= 1 and m.unique_times_.shape[0] > 3\n"
        "got = outcome(time, event)\nassert got.dtype.names == ('event', 'time') and got.dtype == own.dtype\n"
        "assert (got['event'] == event).all() and np.allclose(got['time'], time)",
    ),
    "scikit-survival: step functions": (
        "def f(x, y):\n    from sksurv.linear_model import CoxPHSurvivalAnalysis\n    return CoxPHSurvivalAnalysis(alpha=1.0).fit(x, y)",
        "from sksurv.util import Surv\nm = f(x, Surv.from_arrays(event, time))\ncurves = m.predict_survival_function(x)\n"
        "assert len(curves) == 40 and 0 <= float(curves[0](10.0)) <= 1 and curves[0].x.shape == curves[0].y.shape",
    ),
    "a generator as an argument": (
        "def f(rng, n): return rng.choice(n, n), rng.integers(0, 9, 3)",
        "a, b = f(np.random.default_rng(3), 5)\nrng = np.random.default_rng(3)\nassert (a == rng.choice(5, 5)).all() and (b == rng.integers(0, 9, 3)).all()",
    ),
    "a generator given by name": (
        "def f(*, rng=None, n_boot=10):\n    rng = np.random.default_rng(rng)\n    return rng.random(n_boot)",
        "assert np.allclose(f(rng=np.random.default_rng(1), n_boot=2), np.random.default_rng(1).random(2))",
    ),
    "an old random state": (
        "def f(state): return state.permutation(5)",
        "assert f(np.random.RandomState(1)).tolist() == np.random.RandomState(1).permutation(5).tolist()",
    ),
    "a learner's class of two estimators": (
        "class TLearner:\n    def __init__(self, treatment_estimator, control_estimator):\n"
        "        self.treatment_estimator, self.control_estimator = treatment_estimator, control_estimator\n"
        "    def predict(self, x): return self.treatment_estimator.predict_proba(x)[:, 1] - self.control_estimator.predict_proba(x)[:, 1]",
        "a, b = LogisticRegression().fit(x, y), LogisticRegression().fit(x, 1 - y)\nt = TLearner(a, b)\n"
        "assert np.allclose(t.predict(x), a.predict_proba(x)[:, 1] - b.predict_proba(x)[:, 1])\n"
        "assert np.allclose(t.treatment_estimator.coef_, a.coef_)\n"
        "again = TLearner(treatment_estimator=a, control_estimator=b)\nassert np.allclose(again.predict(x), t.predict(x))",
    ),
    "a learner's class that fits what it is given": (
        "from sklearn.base import BaseEstimator, clone\nclass S(BaseEstimator):\n    def __init__(self, base=None): self.base = base\n"
        "    def fit(self, x, y):\n        self.model_ = clone(self.base).fit(x, y)\n        return self\n    def predict(self, x): return self.model_.predict(x)",
        "s = S(base=LogisticRegression(C=2.0)).fit(x, y)\nassert (s.predict(x) == LogisticRegression(C=2.0).fit(x, y).predict(x)).all() and s.model_.C == 2.0",
    ),
    "the check's own estimator class": (
        "def f(learner, x, y): return learner(3).fit(x, y).predict(x)",
        "class Constant:\n    def __init__(self, value): self.value = value\n    def fit(self, x, y): return self\n"
        "    def predict(self, x): return np.full(len(x), self.value)\nassert f(Constant, x, y).tolist() == [3] * 40",
    ),
    "a tokenizer of the check's": (
        "def f(tokenizer, text):\n    ids = tokenizer.convert_tokens_to_ids(tokenizer.tokenize(text))\n"
        "    return [tokenizer.cls_token_id, *ids, tokenizer.sep_token_id]",
        "class Tokenizer:\n    cls_token_id, sep_token_id = 101, 102\n    vocab = {'no': 7, 'effusion': 8}\n"
        "    def tokenize(self, text): return text.lower().split()\n    def convert_tokens_to_ids(self, tokens): return [self.vocab.get(t, 0) for t in tokens]\n"
        "assert f(Tokenizer(), 'No effusion') == [101, 7, 8, 102]",
    ),
    "a tokenizer that counts its calls": (
        "def f(tokenizer, text): return tokenizer.tokenize(text)",
        "class Tokenizer:\n    def __init__(self): self.seen = []\n    def tokenize(self, text):\n        self.seen.append(text)\n        return text.split()\n"
        "t = Tokenizer()\nassert f(t, 'a b') == ['a', 'b']",
    ),
    "a metric as an argument": (
        "def f(metric, y, p): return metric(y, p), metric(y, 1 - p)",
        "p = y * 0.8\na, b = f(roc_auc_score, y, p)\nassert (a, b) == (1, 0)\n"
        "def share(t, q): return float(np.mean(t == (q > 0.5)))\nassert f(share, y, p) == (1.0, 0.0)",
    ),
    "a lambda and a partial": (
        "def f(g, h): return g(2), h(2)",
        "assert f(lambda v: v + 1, partial(pow, 3)) == (3, 9)",
    ),
    "a method as an argument": (
        "def f(score, x): return score(x)",
        "m = LogisticRegression().fit(x, y)\nassert np.allclose(f(m.predict_proba, x), m.predict_proba(x))",
    ),
    "value of a set of players": (
        "from itertools import combinations\nfrom math import factorial\ndef f(value, players):\n    n, out = len(players), {}\n"
        "    for p in players:\n        rest = [q for q in players if q != p]\n        out[p] = sum(factorial(k) * factorial(n - k - 1) / factorial(n)"
        " * (value(frozenset(s) | {p}) - value(frozenset(s))) for k in range(n) for s in combinations(rest, k))\n    return out",
        "worth = {frozenset(): 0., frozenset('a'): 1., frozenset('b'): 2., frozenset('ab'): 5.}\ngot = f(lambda s: worth[s], ['a', 'b'])\n"
        "assert set(got) == {'a', 'b'} and np.isclose(got['a'], 2) and np.isclose(got['b'], 3)",
    ),
    "a function that raises in the check is heard": (
        "def f(g):\n    try:\n        return g(0)\n    except Exception:\n        return 'no'",
        "def g(v): raise ValueError('x')\nassert f(g) == 'no'",
    ),
    "categories, and what is missing": (
        "def f(d):\n    d = d.copy()\n    d['sex'] = d['sex'].cat.add_categories('unknown').fillna('unknown')\n    return d",
        "d = pd.DataFrame({'sex': pd.Categorical(['f', None, 'm'], categories=['m', 'f'])})\ngot = f(d)\n"
        "assert list(got['sex']) == ['f', 'unknown', 'm'] and list(got['sex'].cat.categories) == ['m', 'f', 'unknown']\n"
        "assert got['sex'].dtype == 'category' and d['sex'].isna().sum() == 1 and not got['sex'].cat.ordered",
    ),
    "dates with gaps, zones and spans": (
        "def f(d):\n    return d.assign(stay=d['out'] - d['in'], first=d['in'].min())",
        "d = pd.DataFrame({'in': pd.to_datetime(['2020-01-01', None]), 'out': pd.to_datetime(['2020-01-03', '2020-01-04']),"
        " 'zone': pd.to_datetime(['2020-01-01', '2020-01-02']).tz_localize('UTC')})\ngot = f(d)\n"
        "assert got['stay'].iloc[0] == pd.Timedelta(days=2) and got['stay'].iloc[1] is pd.NaT and got['first'].dtype.kind == 'M'\n"
        "pd.testing.assert_series_equal(got['zone'], d['zone'])",
    ),
    "nullable columns": (
        "def f(d): return d.assign(twice=d['n'] * 2, any=d['b'] | True)",
        "d = pd.DataFrame({'n': pd.array([1, None], dtype='Int64'), 'b': pd.array([None, False], dtype='boolean'),"
        " 's': pd.array(['a', None], dtype='string'), 'f': pd.array([.5, None], dtype='Float64')})\ngot = f(d)\n"
        "assert got['twice'].tolist() == [2, pd.NA] and str(got['twice'].dtype) == 'Int64' and str(got['s'].dtype) == 'string'\n"
        "pd.testing.assert_frame_equal(got[['n', 'b', 's', 'f']], d)",
    ),
    "words, truth and objects": (
        "def f(d): return d.assign(up=d['w'].str.upper())",
        "d = pd.DataFrame({'w': ['a', None, 'c'], 't': [True, False, True], 'o': [1, 'x', (1, 2)]})\ngot = f(d)\n"
        "assert got['up'].tolist() == ['A', None, 'C'] and got['t'].dtype == bool and got['o'].tolist() == [1, 'x', (1, 2)]",
    ),
    "NaN in an object column": (
        "def f(d): return d['w'].isna()",
        "d = pd.DataFrame({'w': ['a', np.nan, None]})\ngot = f(d)\nassert got.tolist() == [False, True, True] and type(got) is pd.Series and got.name == 'w'",
    ),
    "several levels": (
        "def f(d): return d.groupby(['arm', 'site'])['y'].agg(['mean', 'count'])",
        "d = pd.DataFrame({'arm': [0, 0, 1, 1], 'site': list('abab'), 'y': [1., 2, 3, 4]})\ngot = f(d)\n"
        "assert got.loc[(1, 'b'), 'mean'] == 4 and got.index.names == ['arm', 'site'] and list(got.columns) == ['mean', 'count']\n"
        "assert got.unstack().shape == (2, 4) and isinstance(got.unstack().columns, pd.MultiIndex)",
    ),
    "columns of several levels": (
        "def f(d): return d.pivot_table(index='arm', columns='site', values=['y'], aggfunc=['mean', 'sum'])",
        "d = pd.DataFrame({'arm': [0, 0, 1, 1], 'site': list('abab'), 'y': [1., 2, 3, 4]})\n"
        "pd.testing.assert_frame_equal(f(d), d.pivot_table(index='arm', columns='site', values=['y'], aggfunc=['mean', 'sum']))",
    ),
    "groups by category": (
        "def f(d): return d.groupby('g', observed=False)['y'].mean()",
        "d = pd.DataFrame({'g': pd.Categorical(['u', 'v', 'u'], categories=['v', 'u', 'w']), 'y': [1., 2, 3]})\ngot = f(d)\n"
        "pd.testing.assert_series_equal(got, d.groupby('g', observed=False)['y'].mean())\nassert isinstance(got.index, pd.CategoricalIndex)",
    ),
    "cut into intervals": (
        "def f(s): return pd.cut(s, [0, 5, 10])",
        "s = pd.Series([1., 7.])\npd.testing.assert_series_equal(f(s), pd.cut(s, [0, 5, 10]))",
    ),
    "counted in intervals": (
        "def f(s): return s.groupby(pd.qcut(s, 2), observed=True).mean()",
        "s = pd.Series([1., 2., 3., 4.])\ngot = f(s)\nassert np.allclose(got, [1.5, 3.5]) and len(got.index) == 2",
    ),
    "periods": (
        "def f(d): return d.dt.to_period('M')",
        "d = pd.Series(pd.to_datetime(['2020-01-05', '2020-02-07']))\nassert f(d).astype(str).tolist() == ['2020-01', '2020-02']",
    ),
    "sparse and dummy columns": (
        "def f(d): return pd.get_dummies(d, columns=['g'])",
        "d = pd.DataFrame({'g': list('aba'), 'n': [1, 2, 3]})\ngot = f(d)\nassert list(got) == ['n', 'g_a', 'g_b'] and got['g_a'].dtype == bool\n"
        "pd.testing.assert_frame_equal(got, pd.get_dummies(d, columns=['g']))",
    ),
    "the index of a series": (
        "def f(s): return s[s > 1].sort_values(ascending=False)",
        "s = pd.Series([1., 3., 2.], index=['p1', 'p2', 'p3'], name='risk')\ngot = f(s)\n"
        "assert list(got.index) == ['p2', 'p3'] and got.name == 'risk' and got['p3'] == 2\n"
        "pd.testing.assert_series_equal(got, s.iloc[[1, 2]])",
    ),
    "an index of dates": (
        "def f(s): return s.resample('2D').sum()",
        "s = pd.Series([1., 2., 3.], index=pd.date_range('2020-01-01', periods=3))\n"
        "pd.testing.assert_series_equal(f(s), s.resample('2D').sum(), check_freq=False)",
    ),
    "an argument with labels keeps them": (
        "def f(d, s): return d.index.equals(s.index), list(d.index), s.name, str(d['age'].dtype)",
        "d = x.iloc[5:8]\nassert f(d, y.iloc[5:8]) == (True, [5, 6, 7], 'death', 'float64')",
    ),
    "numpy kinds": (
        "def f(a): return a.astype('float32'), a > 1, np.float64(a.mean()), np.bool_(True), np.int64(3), a[:0], np.array('text')",
        "a, b, c, d, e, g, h = f(np.arange(4))\nassert a.dtype == np.float32 and b.dtype == bool and type(c) is np.float64 and d and e == 3 and g.shape == (0,)\n"
        "assert isinstance(d, np.bool_) and isinstance(e, np.integer) and h == 'text'",
    ),
    "named tuples, data classes": (
        "from collections import namedtuple\nfrom dataclasses import dataclass\nR = namedtuple('R', 'low high')\n"
        "@dataclass\nclass D:\n    low: float\n    high: float\ndef f(): return R(1, 2)\ndef g(): return D(1., 2.)",
        "assert f() == (1, 2) and tuple(f()) == (1, 2)\nd = g()\nassert (d.low, d.high) == (1., 2.)",
    ),
    "a generator function": (
        "def f(n):\n    for i in range(n):\n        yield i, np.arange(i)",
        "got = list(f(3))\nassert [a for a, _ in got] == [0, 1, 2] and got[2][1].tolist() == [0, 1]",
    ),
    "a dictionary of models": (
        "def f(x, y): return {name: make().fit(x, y) for name, make in {'tree': DecisionTreeClassifier, 'logit': LogisticRegression}.items()}",
        "got = f(x, y)\nassert set(got) == {'tree', 'logit'} and all(m.predict(x).shape == (40,) for m in got.values())",
    ),
    "a pipeline": (
        "def f(x, y):\n    from sklearn.pipeline import make_pipeline\n    from sklearn.preprocessing import StandardScaler\n"
        "    return make_pipeline(StandardScaler(), LogisticRegression()).fit(x, y)",
        "m = f(x, y)\nassert m.named_steps['logisticregression'].coef_.shape == (1, 3) and m[-1].coef_.shape == (1, 3)\n"
        "assert len(m.steps) == 2 and m.score(x, y) > .5",
    ),
    "a model in a library's own function": (
        "def f(x, y): return DecisionTreeClassifier(max_depth=2, random_state=0).fit(x, y)",
        "from sklearn.inspection import permutation_importance\nfrom sklearn.utils.validation import check_is_fitted\nm = f(x, y)\n"
        "assert np.isclose(m.score(x, y), np.mean(m.predict(x) == y))",
    ),
    "the answer's function in a library's loop": (
        "def f(t): return float(np.exp(-t))",
        "from scipy.integrate import quad\nassert np.isclose(quad(f, 0, 1)[0], 1 - np.exp(-1))",
    ),
    "applied to a frame by the check": (
        "def f(row): return row['age'] + row['bp']",
        "got = x.head(3).apply(f, axis=1)\nassert got.tolist() == (x['age'] + x['bp']).head(3).tolist()",
    ),
}


@pytest.mark.parametrize(("answer", "check"), CASES.values(), ids=CASES)
def test_it_crosses(judge, answer, check):
    outcome = judge((answer, check), shared=COHORT)["q1"]
    assert outcome.passed, outcome.message


def test_a_generator_is_a_copy(judge):
    """What an answer draws is not drawn in the check, so that no answer has a say in what the check draws next.

    Here a learner's own kernel differs, so a check gives each call a generator of its own.
    """
    check = "rng = np.random.default_rng(3)\na, b = f(rng), f(rng)\nassert a == b == np.random.default_rng(3).random()"
    assert judge(("def f(rng): return rng.random()", check))["q1"].passed


@pytest.mark.parametrize(("answer", "check"), CASES.values(), ids=CASES)
def test_and_means_the_same_in_one_process(answer, check):
    namespace = {"__name__": "__main__"}
    exec(COHORT, namespace)
    exec(answer, namespace)
    exec(check, namespace)
