"""Look at this machine: packages, memory, cores, disk, and the kernel's means to keep processes apart. Changes nothing."""

import ctypes
import errno
import os
import platform
import re
import sys
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

import psutil

NAMESPACES = {"mount": 0x00020000, "pid": 0x20000000, "network": 0x40000000, "ipc": 0x08000000}
NEW_USER = 0x10000000
LANDLOCK_CREATE_RULESET, LANDLOCK_VERSION = 444, 1
CGROUP = Path("/sys/fs/cgroup")


class Finding(NamedTuple):
    """One line of the report; ``good`` is None where it is neither good nor bad."""

    topic: str
    good: bool | None
    words: str


def compare_with_lock(lock, installed=None):
    """Compare the packages of this environment with a lock file.

    Parameters
    ----------
    lock : pathlib.Path
        Lines ``name==version [; marker]``; others are passed over.
    installed : callable, optional
        From a name to its version; raises PackageNotFoundError.

    Returns
    -------
    (list of str, list of str, int)
        Packages in another version as "name 1.0 (locked: 2.0)", packages that are missing, and how many are as locked.
    """
    from packaging.markers import Marker

    installed = installed or metadata.version
    other, missing, same = [], [], 0
    pattern = r"^([A-Za-z0-9._-]+)==([^\s;\\]+)\s*(?:;\s*([^\\\n]+?))?\s*\\?$"
    for name, version, marker in re.findall(pattern, lock.read_text(encoding="utf-8"), flags=re.M):
        if marker and not Marker(marker).evaluate():
            continue
        try:
            present = installed(name)
        except metadata.PackageNotFoundError:
            missing.append(name)
            continue
        if present.split("+")[0] == version:
            same += 1
        else:
            other.append(f"{name} {present} (locked: {version})")
    return other, missing, same


def memory_available():
    """Give the bytes of memory that this process may use: of the machine, or of its control group if that is less."""
    limit = _number_in(CGROUP / "memory.max")
    total = psutil.virtual_memory().total
    return min(total, limit) if limit else total


def cores_available():
    """Give the number of cores that this process may use, which can be a fraction in a container."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        quota, period = (CGROUP / "cpu.max").read_text().split()[:2]
        return min(cores, int(quota) / int(period))
    except (OSError, ValueError):
        return cores


def probe_isolation():
    """Try each means of isolation in a child process and say what works.

    Returns
    -------
    list of Finding
    """
    if sys.platform != "linux":
        return [Finding("isolation", None, f"{platform.system()} has none of the means used here; they are Linux's.")]
    return [_user_namespace(), _namespaces(), _seccomp(), _landlock(), _cgroup()]


def _user_namespace():
    problem = in_child(lambda: unshare(NEW_USER))
    if problem is None:
        return Finding("user namespaces", True, "a process can be given a user of its own")
    return Finding("user namespaces", False, f"refused ({problem}); an administrator can allow them")


def _namespaces():
    flags = 0
    for flag in NAMESPACES.values():
        flags |= flag
    problem = in_child(lambda: unshare(NEW_USER | flags))
    words = "files, processes, network and memory segments can be kept apart"
    return Finding("other namespaces", problem is None, words if problem is None else f"refused ({problem})")


def _seccomp():
    actions = Path("/proc/sys/kernel/seccomp/actions_avail")
    good = actions.is_file() and "errno" in actions.read_text()
    return Finding("seccomp", good, "system calls can be refused" if good else "this kernel does not offer it")


def _landlock():
    libc = ctypes.CDLL(None, use_errno=True)
    version = libc.syscall(LANDLOCK_CREATE_RULESET, None, ctypes.c_size_t(0), LANDLOCK_VERSION)
    if version > 0:
        return Finding("landlock", True, f"version {version}: access to files can be given up")
    return Finding("landlock", False, f"not there ({os.strerror(ctypes.get_errno())})")


def _cgroup():
    good = (CGROUP / "cgroup.procs").is_file() and os.access(CGROUP / "cgroup.procs", os.W_OK)
    words = "memory can be limited by the kernel" if good else "not writable: memory is watched instead"
    return Finding("control groups", good, words)


def unshare(flags):
    """Leave namespaces; raises OSError."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(flags) != 0:
        raise OSError(ctypes.get_errno(), "unshare")


def in_child(action):
    """Run something in a forked child that then ends; return None, or the name of the error as a text."""
    pid = os.fork()
    if pid == 0:
        number = 0
        try:
            action()
        except OSError as error:
            number = error.errno or errno.EIO
        finally:
            os._exit(min(number, 255))
    _, status = os.waitpid(pid, 0)
    number = os.waitstatus_to_exitcode(status)
    return None if number == 0 else os.strerror(number) if number > 0 else f"signal {-number}"


def _number_in(path):
    try:
        return int(path.read_text())
    except (OSError, ValueError):
        return None
