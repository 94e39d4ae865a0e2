"""D. Time, memory, disk, output: what one submission can take from the machine and from the one beside it.

Each attack stops by itself a little beyond its limit, so that it can be tried on the unprotected grader too. What it got it says
itself: ``POWER=number``, in an error that the learner may read.
"""

import time

from attacks.arena import LIMITS
from attacks.attack import Attack, power_above
from attacks.honest import HONEST

SMALL = LIMITS["small"]
TOLD = "def risk_word(score, cut):\n    raise RuntimeError(f'POWER={power}')\n"

LOOP = "def patient_key(name, ward):\n    while True:\n        pass\n"
STUBBORN = """
import signal
for number in range(1, 60):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
def patient_key(name, ward):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
"""
IN_C = "def patient_key(name, ward):\n    return pow(7, 10 ** 9)\n"
WAITS = "def patient_key(name, ward):\n    import time\n    time.sleep(1000)\n"
ASKS = "def patient_key(name, ward):\n    return input('your name? ') + str(breakpoint())\n"
BIT_BY_BIT = "import time\nend = time.process_time() + 0.2\nwhile time.process_time() < end:\n    pass\n"
FORKS = """
import os, time
power = 0
for _ in range(40):
    try:
        if os.fork() == 0:
            time.sleep(4)
            os._exit(0)
        power += 1
    except OSError:
        break
"""
SPAWNS = """
import ctypes, subprocess, time
power = 0
for _ in range(20):
    try:
        subprocess.Popen(['sleep', '3'])
        power += 1
    except OSError:
        break
libc = ctypes.CDLL(None)
for _ in range(20):
    pid = libc.vfork() if False else libc.syscall(57)
    if pid == 0:
        time.sleep(3)
        libc._exit(0)
    power += pid > 0
"""
BOMB = """
power, kept = 0, []
try:
    for _ in range(8):
        kept.append(np.ones(100 * 2**17))
        power += 100
except MemoryError:
    pass
"""
FAMILY = """
import os, time
power, reading = 0, []
for _ in range(5):
    try:
        hear, say = os.pipe()
        if os.fork() == 0:
            kept = np.ones(150 * 2**17)
            os.write(say, b'x')
            time.sleep(2)
            os._exit(0)
        power += 150 * (os.read(hear, 1) == b'x')
    except OSError:
        break
"""
MEMFD = """
import os
power = 0
try:
    fd = os.memfd_create('x')
    for _ in range(60):
        power += os.write(fd, bytes(10 * 2**20)) // 2**20
except OSError:
    pass
"""
SHARED = """
import mmap, time
def risk_word(score, cut):
    kept = []
    for n in range(1, 81):
        kept.append(mmap.mmap(-1, 10 * 2**20))
        kept[-1].write(b'x' * (10 * 2**20))
        time.sleep(0.02)
    raise RuntimeError(f'POWER={10 * n}')
"""
SHM = """
import os
power = 0
for folder in ('/dev/shm', '/run/shm', '/dev/mqueue'):
    name = folder + '/medlabs-attack'
    try:
        with open(name, 'wb') as file:
            for _ in range(40):
                power += file.write(bytes(10 * 2**20)) // 2**20
    except OSError:
        pass
    finally:
        if os.path.exists(name):
            os.remove(name)
"""
FLOOD = """
import os
power = 0
for name in ('flood1', '/tmp/flood2', '/var/tmp/flood3'):
    try:
        with open(name, 'wb', buffering=0) as file:
            for _ in range(30):
                power += file.write(bytes(2**20)) / 2**20
    except OSError:
        pass
    finally:
        if name.startswith('/') and os.path.exists(name):
            os.remove(name)
"""
INODES = """
import os
power = 0
os.makedirs('many', exist_ok=True)
try:
    for n in range(20_000):
        os.mknod(f'many/{n}')
        power += 1
except OSError:
    pass
"""
PRINTS = "def patient_key(name, ward):\n    while True:\n        print('x' * 1000)\n"
ONE_LINE = """
import sys
for _ in range(30):
    print('\\x1b[31m' * 200_000, end='')
    sys.stderr.write('y' * 10**6)
def patient_key(name, ward):
    print('z' * 10**8, end='')
    raise ValueError('x' * 3 * 10**7)
"""
MANY = """
import threading, time
power, kept = 0, []
try:
    for _ in range(300):
        thread = threading.Thread(target=time.sleep, args=(3,), daemon=True)
        thread.start()
        power += 1
except RuntimeError:
    pass
"""
OPEN = """
import os
power, kept = 0, []
try:
    for _ in range(900):
        kept.append(os.dup(0))
        power += 1
except OSError:
    pass
for number in kept:
    os.close(number)
"""
DAEMON = """
import ctypes, os, threading, time
libc = ctypes.CDLL(None)
for option in (1, 1 + 2**32):
    libc.prctl(ctypes.c_ulong(option), 0, 0, 0, 0)
def beat():
    end = time.time() + 5
    while time.time() < end:
        try:
            with open('@HOST@/drop/beat', 'w') as file:
                file.write(str(time.time()))
        except OSError:
            pass
        time.sleep(0.05)
try:
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            beat()
        os._exit(0)
except OSError:
    threading.Thread(target=beat).start()
"""
SEGFAULT = "import ctypes\ndef mean_dose(doses):\n    ctypes.string_at(0)\n"
BUSY = """
import os, threading, time
for name in ('OMP', 'OPENBLAS', 'MKL'):
    os.environ[f'{name}_NUM_THREADS'] = '64'
def turn():
    big = np.random.default_rng().random((600, 600))
    while True:
        big @ big
for _ in range(12):
    threading.Thread(target=turn, daemon=True).start()
def patient_key(name, ward):
    time.sleep(1.5)
"""
MARKDOWN = "# " + "[" * 50_000 + "\n" + "<div>" * 20_000 + "*a" * 20_000 + "`" * 9_999 + "$" * 9_999 + "|" * 20_000
ERRORS = """
import os, stat, sys
power = 0
for fd in (1, 2):
    kind = os.fstat(fd)
    if not (stat.S_ISCHR(kind.st_mode) and kind.st_rdev == os.makedev(1, 3)):
        for _ in range(20):
            power += os.write(fd, b'log line\\n' * 100_000) / 1e6
"""


def hung(seen):
    """Ask whether the run took more than its limit and two seconds."""
    return f"it took {max(seen.seconds):.0f} s" if max(seen.seconds) > SMALL.wall_seconds + 2 else ""


def beats(seen):
    """Ask whether something goes on after the grade."""
    beat = seen.arena.host / "drop" / "beat"
    if not beat.exists():
        return ""
    before = beat.read_text()
    time.sleep(0.5)
    return "a process goes on after the grade" if beat.read_text() != before else ""


def others_lost(seen):
    """Ask whether exercises that have nothing to do with it lost their points."""
    record = seen.records[0]
    return "" if record["score"] == 6 else f"{record['state']}, {record['score']} points instead of 6"


def too_long(seen):
    """Ask whether the learner's page or the record is larger than any person reads."""
    size = max(map(len, seen.told))
    return f"{size / 1000:.0f} kB of feedback" if size > 50_000 else ""


def texts(notebook):
    notebook["cells"] += [{"cell_type": "markdown", "source": MARKDOWN, "metadata": {}}] * 20
    return notebook


def slow(seen):
    """Ask whether honest answers in a strange file take long."""
    return f"it took {max(seen.seconds):.0f} s" if max(seen.seconds) > 6 or seen.records[0]["score"] != 8 else ""


def small(number, name, question, answers=None, **more):
    """Make an attack on a grader with small limits, beside an honest submission."""
    return Attack(number, name, question, answers or {}, kind="small", neighbour=True, **more)


CASES = [
    small("59", "an endless loop", hung, {"patient_key": LOOP}),
    small("59-sleep", "an endless sleep", hung, {"patient_key": WAITS}),
    small("60", "a loop that swallows everything", hung, {"patient_key": STUBBORN}),
    small("60-c", "a loop in C that holds the interpreter", hung, {"patient_key": IN_C}, baseline=False),
    small("61", "two hundred cells, each just short enough", hung, added=(BIT_BY_BIT,) * 200),
    small("62", "a fork bomb", power_above(SMALL.processes), {"patient_key": FORKS, "risk_word": TOLD}),
    small("62-spawn", "programs and raw forks", power_above(0), {"patient_key": SPAWNS, "risk_word": TOLD}),
    small("63", "a memory bomb", power_above(SMALL.memory_mb), {"patient_key": BOMB, "risk_word": TOLD}),
    small("64", "memory by children", power_above(SMALL.memory_mb), {"patient_key": FAMILY, "risk_word": TOLD}),
    small("65", "memory by memfd", power_above(SMALL.memory_mb), {"patient_key": MEMFD, "risk_word": TOLD}),
    small("65-shared", "shared memory without a name", power_above(SMALL.memory_mb), {"risk_word": SHARED}),
    small("66", "memory by /dev/shm", power_above(SMALL.disk_mb), {"patient_key": SHM, "risk_word": TOLD}),
    small("67", "a disk flood", power_above(SMALL.disk_mb), {"patient_key": FLOOD, "risk_word": TOLD}),
    small("67-inodes", "a flood of empty files", power_above(10_000), {"patient_key": INODES, "risk_word": TOLD}),
    small("68", "an output flood", lambda seen: hung(seen) or too_long(seen), {"patient_key": PRINTS}),
    small(
        "69", "one line, one traceback of 30 MB", lambda seen: hung(seen) or too_long(seen), {"patient_key": ONE_LINE}
    ),
    small("70", "threads", power_above(SMALL.processes), {"patient_key": MANY, "risk_word": TOLD}),
    small("70-files", "open files", power_above(256), {"patient_key": OPEN, "risk_word": TOLD}),
    small("71", "a process that stays behind", beats, {"patient_key": DAEMON}),
    small("72", "a crash", others_lost, HONEST | {"mean_dose": SEGFAULT}),
    small("73", "an answer that asks a question", hung, {"patient_key": ASKS}),
    small("74", "threads that take all cores", hung, {"patient_key": BUSY}, baseline=False),
    small("75", "text that is hard to convert", slow, HONEST, change=texts),
    small("76", "a flood on the grader's own log", power_above(0), {"patient_key": ERRORS, "risk_word": TOLD}),
]
