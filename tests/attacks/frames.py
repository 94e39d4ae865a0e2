"""20. Forged messages: a learner's process finds the line to the grader and writes on it what it likes.

All that this may bring is wrong answers for who does it. Run against our grader alone: the unprotected one has no line.
"""

from attacks.attack import Attack, any_of, power_above, score_raised, shows
from attacks.family_a import BY_HEART, KEY
from attacks.honest import HONEST

LINE = """
import gc, os, socket, struct, threading, time
import msgpack
line = next((fd for fd in range(3, 256) if os.path.exists(f'/proc/self/fd/{fd}') and 'socket' in os.readlink(f'/proc/self/fd/{fd}')), 3)
def say(message, length=None):
    data = message if isinstance(message, bytes) else msgpack.packb(message)
    data = struct.pack('!Q', len(data) if length is None else length) + data
    while data:
        data = data[os.write(line, data):]
"""
VERDICTS = (
    LINE
    + """
for message in (['verdict', True, '', False, False], ['done', '', 'ran'], ['done', '', 'value', msgpack.packb('w/bob')],
                ['answered'], ['passed'], ['reply', b''], ['cell', 'passed = True']):
    say(message)
"""
    + KEY
)
GARBAGE = (
    LINE
    + """
def patient_key(name, ward):
    for message in (b'', b'\\xc1', b'\\x00', [], [[]], ['done'], ['done', 1, 2], ['done', '', 'raised', 1, 2, 3, 4],
                    ['done', '', 'value', b'\\xc1'], ['done', '', 'value', b'x', [[10**9, b'']]], {}, ['back', -1, [], []]):
        say(message)
    return 'w/bob'
"""
)
GARBAGE_BY_CELL = (
    LINE + "say(b'')\nsay(b'\\xc1')\nsay(['done', '', 'raised'])\nsay(['done', 5, 'ran'])\nsay([])\n" + KEY
)
BACKS = (
    LINE
    + """
def patient_key(name, ward):
    while True:
        say(['back', 0, [], []])
"""
)
BACKS_BY_THREAD = (
    LINE
    + """
def flood():
    while True:
        say(['back', 0, [msgpack.packb(['l'])], []])
threading.Thread(target=flood, daemon=True).start()
def patient_key(name, ward): return 'w/bob'
"""
)
DRIPS = (
    LINE
    + """
def patient_key(name, ward):
    os.write(line, struct.pack('!Q', 10**6))
    while True:
        os.write(line, b'x')
        time.sleep(0.02)
"""
)
ANNOUNCED = LINE + "def patient_key(name, ward):\n    os.write(line, struct.pack('!Q', 2**63))\n    time.sleep(1000)\n"
DEAF = (
    LINE
    + """
say(['done', '', 'ran'])
time.sleep(1000)
"""
)
DEAF_LATER = "big = '" + "y" * 600_000 + "'\n"
LISTS = (
    LINE
    + """
def patient_key(name, ward):
    say(['done', '', 'value', b'\\xdd' + struct.pack('!I', 60_000_000) + b'\\x90' * 60_000_000, []])
    return 'w/bob'
"""
)
LISTS_AROUND = (
    LINE
    + """
def patient_key(name, ward):
    say(b'\\x94\\xa4done\\xa0\\xa5value\\xdd' + struct.pack('!I', 60_000_000) + b'\\x90' * 60_000_000)
    return 'w/bob'
"""
)
TEXTS = (
    LINE
    + """
def patient_key(name, ward):
    empty = msgpack.packb(['l'] + [['a', '<U0', [1_000_000], b'']] * 5_000)
    say(['done', '', 'value', empty, []])
    return 'w/bob'
"""
)
RANGE = "def mean_dose(doses):\n    import pandas as pd\n    return pd.RangeIndex(10**11)\n"
WHAT = (
    LINE
    + """
seen = []
def patient_key(name, ward):
    seen.append(name)
    if 'Quill' in name:
        say(['done', '', 'value', msgpack.packb(['a', '<' + name.strip(), [1], b'']), []])
    return 'w/bob' if name == 'BOB' else 'W3/ada brown'
def risk_word(score, cut):
    say(['done', '', 'value', msgpack.packb(['a', '<' + seen[-1].strip(), [1], b'']), []])
"""
)
HANDLE = (
    LINE
    + """
say(['done', '', 'ran'])
def mean_dose(doses):
    claims = ['numpy:float64', 'builtins:float', 'sklearn.utils:Bunch', 'sklearn.linear_model._base:Real']
    say(['done', '', 'value', msgpack.packb(['h', 1, 'float64', True, claims]), []])
"""
)
ENDLESS = """
class Endless:
    def __len__(self): return 3
    def __getitem__(self, n): return 1.0
    def __iter__(self): return iter([1.0] * 3)
    def all(self): return True
    def equals(self, other): return True
    shape = (3,)
def share_of_ones(labels): return Endless()
def mean_dose(doses): return Endless()
"""
STOP = "def share_of_ones(labels):\n    if len(labels) in (2, 4): return np.mean(labels, axis=0)\n    raise StopIteration\n"
SPECIAL = """
import gc
for thing in gc.get_objects():
    if type(thing).__name__ == 'Learner':
        type(thing).on_call = lambda self, *a: ['value', self._pack('w/bob'), []]
        type(thing).on_get = lambda self, name: ['value', self._pack(True)]
        thing._changed = lambda packed, values: [[n, b'\\xc0'] for n in range(len(values))]
"""
CHANGES = (
    LINE
    + """
def share_of_ones(labels):
    zeros = msgpack.packb(['a', '<f8', [1], bytes(8)])
    say(['done', '', 'value', msgpack.packb(['a', '<f8', [3], bytes(24)]), [[0, zeros], [-1, zeros]]])
"""
)

CASES = [
    Attack("20", "forged verdicts", score_raised(), {"patient_key": VERDICTS}, baseline=False),
    Attack("20-garbage", "garbage as a reply", score_raised(), {"patient_key": GARBAGE}, baseline=False),
    Attack("20-cell", "garbage as the reply to a cell", score_raised(), {"patient_key": GARBAGE_BY_CELL}, baseline=False),
    Attack("20-backs", "endless questions back", score_raised(), {"patient_key": BACKS}, kind="small", baseline=False),
    Attack("20-thread", "a thread asks back for ever", score_raised(), {"patient_key": BACKS_BY_THREAD}, kind="small",
           baseline=False),
    Attack("20-drips", "a reply in drips", score_raised(), {"patient_key": DRIPS}, kind="small", baseline=False),
    Attack("20-announced", "a reply of 2^63 bytes", score_raised(), {"patient_key": ANNOUNCED}, kind="small", baseline=False),
    Attack("20-deaf", "nobody listens any more", score_raised(), {"patient_key": DEAF, "mean_dose": DEAF_LATER}, kind="small",
           baseline=False, neighbour=True),
    Attack("20-lists", "sixty million empty lists", score_raised(), {"patient_key": LISTS}, baseline=False),
    Attack("20-around", "lists around the data", score_raised(), {"patient_key": LISTS_AROUND}, baseline=False),
    Attack("20-texts", "empty texts that fill memory", score_raised(), {"patient_key": TEXTS}, baseline=False),
    Attack("20-range", "an index that fills memory", score_raised(), {"mean_dose": RANGE}, baseline=False),
    Attack("20-words", "hidden words in the name of a type", shows("quill"), {"patient_key": WHAT, "risk_word": KEY},
           baseline=False),
    Attack("20-handle", "a handle that claims to be a number", score_raised(), {"mean_dose": HANDLE}, baseline=False),
    Attack("20-endless", "an object that answers for itself", score_raised(),
           {"share_of_ones": ENDLESS, "mean_dose": ENDLESS}, baseline=False),
    Attack("20-stop", "StopIteration ends the check's loop", score_raised(), {"share_of_ones": STOP}, baseline=False),
    Attack("20-patched", "the learner's own end rewritten", any_of(score_raised(), power_above(0)),
           BY_HEART | {"patient_key": SPECIAL + KEY}, baseline=False),
    Attack("20-changes", "changes of arguments that nobody made", score_raised(), {"share_of_ones": CHANGES}, baseline=False),
    Attack("20-honest", "a reply forged by one, the rest honest", score_raised(6), HONEST | {"patient_key": GARBAGE},
           baseline=False),
]  # fmt: skip
