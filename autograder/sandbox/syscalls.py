"""The few system calls that Python does not offer, through libc and libseccomp by ctypes."""

import ctypes
import ctypes.util
import os
import struct
import sys
from functools import cache

CLONE = {
    "user": 0x10000000,
    "mount": 0x00020000,
    "pid": 0x20000000,
    "network": 0x40000000,
    "ipc": 0x08000000,
    "uts": 0x04000000,
}
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_BIND, MS_REC, MS_PRIVATE = 1, 2, 4, 8, 4096, 16384, 1 << 18
MNT_DETACH = 2
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 1, 4, 24, 38
SYS_MOUNT_SETATTR, SYS_PIVOT_ROOT = 442, {"x86_64": 155, "aarch64": 41}
SYS_LANDLOCK_CREATE, SYS_LANDLOCK_ADD, SYS_LANDLOCK_RESTRICT = 444, 445, 446
SYS_CAPSET = {"x86_64": 126, "aarch64": 91}
AT_RECURSIVE, AT_FDCWD = 0x8000, -100


@cache
def libc():
    """Load the C library once."""
    return ctypes.CDLL(None, use_errno=True)


def call(name, *arguments):
    """Call a function of libc that gives -1 on error; raise OSError with its name then."""
    result = getattr(libc(), name)(*arguments)
    if result == -1:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
    return result


def unshare(*kinds):
    """Leave the namespaces of these kinds for new ones."""
    flags = 0
    for kind in kinds:
        flags |= CLONE[kind]
    call("unshare", ctypes.c_int(flags))


def mount(source, target, kind=None, flags=0, data=None):
    """Mount something."""
    texts = [None if text is None else os.fsencode(text) for text in (source, target, kind)]
    call("mount", texts[0], texts[1], texts[2], ctypes.c_ulong(flags), None if data is None else data.encode())


def make_read_only(target):
    """Make a mount and all below it read-only, without set-uid programs; the four devices in it must go on working."""
    attributes = struct.pack("QQQQ", MS_RDONLY | MS_NOSUID, 0, 0, 0)
    call("syscall", SYS_MOUNT_SETATTR, AT_FDCWD, os.fsencode(target), AT_RECURSIVE, attributes, len(attributes))


def pivot_root(new, old):
    """Make ``new`` the root; the old root is then found at ``old``."""
    call("syscall", SYS_PIVOT_ROOT[os.uname().machine], os.fsencode(new), os.fsencode(old))


def umount(target):
    """Take a mount away from this namespace."""
    call("umount2", os.fsencode(target), MNT_DETACH)


def prctl(option, value=0):
    """Call prctl."""
    call("prctl", ctypes.c_int(option), ctypes.c_ulong(value), 0, 0, 0)


def drop_bounding_set():
    """Make sure that no capability can come back; this needs one, so it goes before the change of user."""
    for number in range(64):
        if libc().prctl(ctypes.c_int(PR_CAPBSET_DROP), ctypes.c_ulong(number), 0, 0, 0) == -1:
            break


def drop_capabilities():
    """Give up every capability that is held."""
    header, nothing = struct.pack("II", 0x20080522, 0), bytes(24)
    call("syscall", SYS_CAPSET[os.uname().machine], header, nothing)


def landlock_version():
    """Give the version of Landlock that the kernel speaks, 0 for none."""
    if not sys.platform.startswith("linux"):
        return 0
    return max(0, libc().syscall(SYS_LANDLOCK_CREATE, None, 0, 1))


# Rights of Landlock, ABI 1 to 5: what may be done with files. Reading and executing files, and reading folders, are READ.
LANDLOCK_ALL = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1, 5: (1 << 16) - 1}
LANDLOCK_READ = (1 << 0) | (1 << 2) | (1 << 3)
LANDLOCK_FILE_ONLY = (1 << 0) | (1 << 1) | (1 << 2) | (1 << 14) | (1 << 15)


def landlock(readable, writable):
    """Allow this process to read below some paths and to write below others, and nothing else; for good."""
    version = min(landlock_version(), 5)
    if version == 0:
        raise OSError("the kernel has no Landlock")
    every = LANDLOCK_ALL[version]
    attributes = struct.pack("Q", every)
    ruleset = call("syscall", SYS_LANDLOCK_CREATE, attributes, len(attributes), 0)
    try:
        for paths, rights in ((readable, LANDLOCK_READ), (writable, every)):
            for path in paths:
                _landlock_allow(ruleset, path, rights & every)
        call("syscall", SYS_LANDLOCK_RESTRICT, ruleset, 0)
    finally:
        os.close(ruleset)


def _landlock_allow(ruleset, path, rights):
    place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        if not os.path.isdir(path):  # noqa: PTH112 - nothing may be imported here any more
            rights &= LANDLOCK_FILE_ONLY
        rule = struct.pack("=Qi", rights, place)
        call("syscall", SYS_LANDLOCK_ADD, ruleset, 1, rule, 0)
    finally:
        os.close(place)
