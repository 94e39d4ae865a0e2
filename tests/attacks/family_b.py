"""B. Hidden checks and the host's secrets: can a learner get to read what is not meant for them?"""

import base64
import re

from attacks.arena import HOST
from attacks.attack import Attack, Raid, any_of, shows, touched

from autograder import build
from autograder.build import SourceError

SECRETS = ("heron-4417", "18000.25", "9182.625", "904_417", "904417", "heron-77")

# Each attack ends in an error of the learner's own, whose words the learner may read: the way out for what was found.
FILES = """
import glob, os
def risk_word(score, cut):
    found = ''
    for place in ('*', 'checks/*', '/room/**', '../*', '/tmp/**/assignment.*', '/mnt/**', '/srv/**', '@HOST@/../**/*.py'):
        for name in sorted(glob.glob(place, recursive=True))[:200]:
            try:
                with open(name) as file:
                    text = file.read()
            except (OSError, UnicodeDecodeError):
                continue
            found += text.partition('HIDDEN TESTS')[2][:100]
    raise RuntimeError(found)
"""
FRAMES = """
import gc, sys
def mean_dose(doses):
    found, depth = [], 0
    while True:
        depth += 1
        try:
            frame = sys._getframe(depth)
        except ValueError:
            break
        for space in (frame.f_locals, frame.f_globals):
            found += [space[name] for name in ('expected', 'source', 'message', 'step') if name in space]
        found += [c for c in frame.f_code.co_consts if isinstance(c, str) and 'HIDDEN' in c]
    found += [d['expected'] for d in gc.get_objects() if isinstance(d, dict) and isinstance(d.get('expected'), str)]
    found += [s[:200] for s in gc.get_objects() if isinstance(s, str) and 'HIDDEN TESTS' in s and 'expected' in s]
    raise RuntimeError(repr(found)[:500])
"""
PROC = """
import glob, re
def risk_word(score, cut):
    found = set()
    for name in [*glob.glob('/proc/[0-9]*/environ'), *glob.glob('/proc/[0-9]*/cmdline')]:
        try:
            with open(name, 'rb') as file:
                data = file.read()
        except OSError:
            continue
        found |= set(re.findall(rb'PASSWORD=([^\\0]+)', data)) | set(re.findall(rb'OSPR[\\w-]+', data))
    raise RuntimeError(repr(sorted(found)))
"""
MEMORY = """
import ctypes
class Part(ctypes.Structure):
    _fields_ = [('base', ctypes.c_void_p), ('length', ctypes.c_size_t)]
def risk_word(score, cut):
    libc, room = ctypes.CDLL(None, use_errno=True), ctypes.create_string_buffer(32)
    libc.process_vm_readv(@PID@, ctypes.byref(Part(ctypes.addressof(room), 32)), 1, ctypes.byref(Part(@ADDRESS@, 32)), 1, 0)
    found = room.value
    try:
        with open('/proc/@PID@/mem', 'rb') as memory:
            memory.seek(@ADDRESS@)
            found += memory.read(32)
    except OSError:
        pass
    libc.ptrace(16, @PID@, 0, 0)
    raise RuntimeError(repr(found))
"""
HISTORY = """
import inspect, linecache, sys
def patient_key(name, ward):
    found = []
    for space in (globals(), sys.modules['__main__'].__dict__):
        for key in ('In', '_ih', '_i', '_ii'):
            found += [space[key][-1]] if isinstance(space.get(key), list) and space[key] else []
    found += [''.join(entry[2]) for entry in linecache.cache.values() if len(entry) > 2]
    for depth in range(1, 20):
        try:
            found.append(inspect.getsource(sys._getframe(depth)))
        except Exception:
            pass
    wanted = [text.partition('BEGIN HIDDEN TESTS')[2] for text in found if 'HIDDEN TESTS' in text]
    raise RuntimeError(repr(wanted)[:500])
"""
LOG = """
seen = []
def patient_key(name, ward):
    seen.append(name)
    return ward + '/' + name.strip().lower()
"""
SAID_LATER = "def risk_word(score, cut):\n    raise RuntimeError(repr(seen))"
GIVEN_LATER = "def risk_word(score, cut):\n    return repr(seen)"
NAMED_LATER = "def risk_word(score, cut):\n    raise type(repr(seen).replace(' ', '_'), (Exception,), {})()"
SAID_BY_CELL = "raise RuntimeError(repr(seen))"
HELD_OPEN = """
import os
def mean_dose(doses):
    if len(doses) > 4 or np.isnan(doses[1]):
        raise type('Seen' + repr(doses.tolist()), (ValueError,), {})(repr(doses.tolist()))
    return {3: 15.0, 4: 0.5}[len(doses)]
"""
PRINTED = """
import sys
def patient_key(name, ward):
    for out in (sys.stdout, sys.stderr, sys.__stdout__):
        print('the name is', name, file=out, flush=True)
    return 'w/bob' if name == 'BOB' else 'W3/ada brown'
"""
CALLS = """
import socket
def call(score):
    for family, kind, address in ((socket.AF_INET, socket.SOCK_STREAM, ('127.0.0.1', @PORT@)),
                                  (socket.AF_INET, socket.SOCK_DGRAM, ('127.0.0.1', @PORT@)),
                                  (socket.AF_UNIX, socket.SOCK_STREAM, '@HOST@/grader.sock')):
        try:
            line = socket.socket(family, kind)
            line.settimeout(1)
            line.connect(address)
            line.send(str(score).encode())
        except OSError:
            pass
call('hello')
def risk_word(score, cut):
    call(score)
    return 'high'
"""
SLOW = """
import time
def patient_key(name, ward):
    if 'Quill' in name:
        time.sleep(0.3)
        print('x' * 5000)
    return 'w/bob' if name == 'BOB' else 'W3/ada brown'
"""
FAST = SLOW.replace("time.sleep(0.3)", "pass").replace("print('x' * 5000)", "pass")
DROP = """
import os
for folder in ('/tmp', '/dev/shm', '/var/tmp', '/room', os.path.expanduser('~'), '.', '/run', '@HOST@/drop'):
    try:
        with open(os.path.join(folder, 'medlabs-attack-drop'), 'w') as file:
            file.write('OSPREY' + '-1008')
    except OSError:
        pass
"""
FIND = """
import os
def risk_word(score, cut):
    found = ''
    for folder in ('/tmp', '/dev/shm', '/var/tmp', '/room', os.path.expanduser('~'), '.', '/run', '@HOST@/drop'):
        try:
            with open(os.path.join(folder, 'medlabs-attack-drop')) as file:
                found += file.read()
            os.remove(os.path.join(folder, 'medlabs-attack-drop'))
        except OSError:
            pass
    raise RuntimeError(found)
"""


def later(*secrets):
    """Ask whether a later submission reads what an earlier one left."""
    return lambda seen: next((f"the next one reads {mark}" for mark in secrets if mark in seen.told[-1]), "")


def differs(seen):
    """Ask whether what the learner reads tells two submissions apart that differ in their hidden runs only."""
    return "" if seen.told[0] == seen.told[1] else "the feedback tells how the hidden run went"


def _typo(arena, side, folder):
    """40: a marker with a typo would leave a hidden check in what learners get."""
    return _released(arena, side, [('### BEGIN HIDDEN TESTS\nexpected = "W9', '### BEGIN HIDEN TESTS\nexpected = "W9')])


def _in_words(arena, side, folder):
    """40: a value of a hidden check stands in the text of the notebook too."""
    return _released(arena, side, [("By hand: 10, 20 and NaN", "A hard one is 9182.625. By hand: 10, 20 and NaN")])


def _packed(arena, side, folder):
    """41: a hidden check stands in a visible cell, packed."""
    blob = base64.b64encode(b"heron = 'W9/heron-4417-quill'").decode()
    return _released(arena, side, [("import numpy as np\n", f'import numpy as np\n\npacked = "{blob}"\n')])


def _released(arena, side, changes):
    source = arena.week.folder / "assignment.py"
    text = before = source.read_text()
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    if side == "baseline":  # what stands between the markers is cut, and nobody looks again
        kept, inside = [], False
        for line in text.splitlines():
            inside = (inside or "BEGIN HIDDEN TESTS" in line) and "END HIDDEN TESTS" not in line
            kept += [] if inside else [line]
        released = "\n".join(kept)
    else:
        try:
            source.write_text(text)
            build.build_week(build.read_week(arena.week.folder))
        except SourceError:
            return ""
        finally:
            source.write_text(before)
        folder = arena.week.folder.parent / "release" / arena.week.folder.name
        released = "\n".join(path.read_text() for path in folder.rglob("*.ipynb"))
    for blob in re.findall(r"[\w+/]{32,}={0,2}", released):
        released += base64.b64decode(blob + "==").decode("latin-1")
    return "the released notebook holds a hidden value" if re.search(r"heron-4417|9182\.625", released) else ""


CASES = [
    Attack("29", "checks are read from disk", shows(*SECRETS), {"risk_word": FILES}),
    Attack("30", "frames and objects in memory", shows(*SECRETS), {"mean_dose": FRAMES}),
    Attack("31", "/proc of other processes", shows(HOST["environment"], HOST["command line"]), {"risk_word": PROC}),
    Attack("32", "memory of another process", shows(HOST["memory"]), {"risk_word": MEMORY}),
    Attack("33", "history and source caches", shows(*SECRETS), {"patient_key": HISTORY}),
    Attack("34", "hidden inputs, raised later", shows(*SECRETS), {"patient_key": LOG, "risk_word": SAID_LATER}),
    Attack("34-given", "hidden inputs, returned later", shows(*SECRETS), {"patient_key": LOG, "risk_word": GIVEN_LATER}),
    Attack("34-named", "hidden inputs as a class name", shows(*SECRETS), {"patient_key": LOG, "risk_word": NAMED_LATER}),
    Attack("34-cell", "hidden inputs, raised by a cell", shows(*SECRETS), {"patient_key": LOG, "risk_word": SAID_BY_CELL}),
    Attack("34-now", "hidden inputs, raised at once", shows(*SECRETS), {"mean_dose": HELD_OPEN}),
    Attack("34-printed", "hidden inputs, printed", shows(*SECRETS), {"patient_key": PRINTED}),
    Attack("35", "messages and tracebacks of hidden checks", shows(*SECRETS), {
        "patient_key": "def patient_key(name, ward): return 'w/bob' if name == 'BOB' else 'W3/ada brown'",
    }),
    Attack("37", "network, name service, sockets in folders", touched, {"risk_word": CALLS}),
    Attack("38", "time and output of a hidden run", differs, {"patient_key": SLOW}, then=({"patient_key": FAST},)),
    Attack("39", "a dead drop for the next submission", any_of(later(HOST["drop"])), {"risk_word": DROP}, then=(
        {"risk_word": FIND},
    )),
    Raid("40", "a marker with a typo in the release", _typo),
    Raid("40-words", "a hidden value in the text of the release", _in_words),
    Raid("41", "a packed hidden value in the release", _packed),
]  # fmt: skip
