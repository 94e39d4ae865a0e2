"""Which system calls an answer may not make, enforced by libseccomp (Debian: libseccomp2, there on every ordinary system)."""

import ctypes
import errno

ALLOW = 0x7FFF0000
CLONE_THREAD = 0x00010000
MASKED_EQUAL = 7
PR_SET_PDEATHSIG = 1

# Refused with "operation not permitted". Threads are allowed, processes are not; open files and the given socket go on working.
DENIED = [
    "fork",
    "vfork",
    "execve",
    "execveat",
    "socket",
    "socketpair",
    "connect",
    "bind",
    "listen",
    "accept",
    "accept4",
    "ptrace",
    "process_vm_readv",
    "process_vm_writev",
    "process_madvise",
    "pidfd_open",
    "pidfd_getfd",
    "pidfd_send_signal",
    "kcmp",
    "unshare",
    "setns",
    "mount",
    "umount2",
    "pivot_root",
    "chroot",
    "open_tree",
    "move_mount",
    "fsopen",
    "fsconfig",
    "fsmount",
    "fspick",
    "mount_setattr",
    "memfd_create",
    "memfd_secret",
    "userfaultfd",
    "bpf",
    "perf_event_open",
    "io_uring_setup",
    "io_uring_enter",
    "io_uring_register",
    "keyctl",
    "add_key",
    "request_key",
    "kexec_load",
    "kexec_file_load",
    "init_module",
    "finit_module",
    "delete_module",
    "shmget",
    "shmat",
    "shmctl",
    "msgget",
    "msgsnd",
    "semget",
    "semop",
    "mq_open",
    "setuid",
    "setgid",
    "setreuid",
    "setregid",
    "setresuid",
    "setresgid",
    "setgroups",
    "setfsuid",
    "setfsgid",
    "capset",
    "personality",
    "reboot",
    "swapon",
    "swapoff",
    "acct",
    "quotactl",
    "settimeofday",
    "clock_settime",
    "clock_adjtime",
    "adjtimex",
    "syslog",
    "open_by_handle_at",
    "name_to_handle_at",
    "fanotify_init",
    "lookup_dcookie",
    "vhangup",
    "sethostname",
    "setdomainname",
    "iopl",
    "ioperm",
]
NOT_THERE = ("clone3",)  # glibc then falls back to clone, whose flags can be looked at


class Comparison(ctypes.Structure):
    """One condition on an argument, as libseccomp wants it."""

    _fields_ = (
        ("argument", ctypes.c_uint),
        ("operator", ctypes.c_int),
        ("mask", ctypes.c_uint64),
        ("value", ctypes.c_uint64),
    )


def library():
    """Load libseccomp, or raise OSError."""
    lib = ctypes.CDLL("libseccomp.so.2", use_errno=True)
    lib.seccomp_init.restype = ctypes.c_void_p
    lib.seccomp_init.argtypes = [ctypes.c_uint32]
    lib.seccomp_rule_add_array.argtypes = [
        ctypes.c_void_p,
        ctypes.c_uint32,
        ctypes.c_int,
        ctypes.c_uint,
        ctypes.c_void_p,
    ]
    lib.seccomp_load.argtypes = [ctypes.c_void_p]
    lib.seccomp_release.argtypes = [ctypes.c_void_p]
    lib.seccomp_syscall_resolve_name.argtypes = [ctypes.c_char_p]
    return lib


def build(lib):
    """Make the filter; installing it is :func:`load`."""
    rules = lib.seccomp_init(ALLOW)
    if not rules:
        raise OSError("libseccomp could not make a filter")
    for names, number in ((DENIED, errno.EPERM), (NOT_THERE, errno.ENOSYS)):
        for name in names:
            _add(lib, rules, name, number)
    no_thread = Comparison(0, MASKED_EQUAL, CLONE_THREAD, 0)
    _add(lib, rules, "clone", errno.EPERM, no_thread)
    # Who clears the signal of the parent's death would stay when the door is killed. The kernel looks at 32 bits only.
    outlive = Comparison(0, MASKED_EQUAL, 0xFFFFFFFF, PR_SET_PDEATHSIG)
    _add(lib, rules, "prctl", errno.EPERM, outlive)
    return rules


def load(lib, rules):
    """Install a filter on this process and every thread of it, for good."""
    result = lib.seccomp_load(rules)
    lib.seccomp_release(rules)
    if result != 0:
        raise OSError(-result, "the seccomp filter was refused")


def _add(lib, rules, name, number, condition=None):
    syscall = lib.seccomp_syscall_resolve_name(name.encode())
    if syscall == -1:  # unknown to this library: older than the call
        return
    count, conditions = (0, None) if condition is None else (1, ctypes.byref(condition))
    result = lib.seccomp_rule_add_array(rules, 0x00050000 | number, syscall, count, conditions)
    if result not in (0, -errno.EDOM, -errno.EFAULT):  # a call that this architecture does not have
        raise OSError(-result, f"no rule for {name}")
