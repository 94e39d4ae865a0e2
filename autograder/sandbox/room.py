"""Go into the sandbox: called in a fresh fork, once, and there is no way back.

Two forks. The first process (*the door*) leaves the host's namespaces and builds a small file system; its child is process 1
of the new pid namespace, takes a real unprivileged user and runs the answer. Killing the door ends everything behind it.
"""

import os
import resource
import signal
from pathlib import Path

from autograder.sandbox import seccomp, syscalls
from autograder.sandbox.policy import python_folders

# Uids of nobody in particular. A real one is needed when root starts us: root in a user namespace is still root for old files.
# Nearly every process has its own, because some limits count all processes of a user, whoever started them.
FIRST_UID, UIDS = 61_000, 4_000
STAGE = ("/mnt", "/srv", "/media", "/opt", "/home")
WORK = "/room"


def enter(policy, *, keep=()):
    """Enter the sandbox and return in process 1 of it.

    Parameters
    ----------
    policy : autograder.sandbox.policy.Policy
    keep : sequence of int
        File descriptors that stay open.

    Raises
    ------
    OSError
        If a layer cannot be made. Nothing of the answer has run then.
    """
    close_all_but(keep)
    syscalls.prctl(syscalls.PR_SET_PDEATHSIG, signal.SIGKILL)
    os.setsid()
    uid = own_namespaces()
    build_filesystem(policy, uid)
    inside = os.fork()
    if inside:
        _stand_at_the_door(inside, keep)
    _own_proc()
    syscalls.drop_bounding_set()
    become(uid)
    syscalls.prctl(syscalls.PR_SET_PDEATHSIG, signal.SIGKILL)  # after the change of user, which would clear it
    os.chdir(WORK)
    environment()
    limit(policy)
    syscalls.drop_capabilities()
    syscalls.prctl(syscalls.PR_SET_NO_NEW_PRIVS, 1)
    if syscalls.landlock_version():
        syscalls.landlock(["/"], [WORK, "/dev"])
    library = seccomp.library()
    seccomp.load(library, seccomp.build(library))


def close_all_but(keep):
    """Close every file descriptor but some; standard input, output and error become nothing."""
    nothing = os.open("/dev/null", os.O_RDWR)
    for standard in (0, 1, 2):
        if standard not in keep:
            os.dup2(nothing, standard)
    wanted = sorted({0, 1, 2, *keep})
    for low, high in zip([-1, *wanted], [*wanted, os.sysconf("SC_OPEN_MAX")], strict=True):
        if low + 1 < high:  # an empty range would close everything
            os.closerange(low + 1, high)


def own_namespaces():
    """Leave the host's namespaces; give the uid that the answer is to have.

    Root leaves them as root and takes a real unprivileged uid later: in a *user* namespace of its own it would still be root for
    the host's old files. An ordinary user needs a user namespace to be allowed the others, and stays who they are.
    """
    if os.geteuid() == 0:
        syscalls.unshare("mount", "pid", "network", "ipc", "uts")
        return FIRST_UID + os.getpid() % UIDS
    uid, gid = os.geteuid(), os.getegid()
    syscalls.unshare("user", "mount", "pid", "network", "ipc", "uts")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
    Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")
    return uid


def become(uid):
    """Take the unprivileged uid, if root started us."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)


def build_filesystem(policy, uid):
    """Make a root with Python and its libraries read-only, one small private disk, and nothing else."""
    os.umask(0o022)  # another user walks through these folders, whatever whoever started us keeps to themselves
    syscalls.mount(None, "/", None, syscalls.MS_REC | syscalls.MS_PRIVATE)
    readable = [*python_folders(), *policy.readable]
    stage = next(s for s in STAGE if os.path.isdir(s) and not any(r.startswith(s + "/") for r in readable))  # noqa: PTH112
    syscalls.mount("tmpfs", stage, "tmpfs", syscalls.MS_NOSUID | syscalls.MS_NODEV, "size=1m,mode=755")
    for path in readable:
        _bind(path, stage + path)
    for mask, path in policy.masked:
        _bind(mask, stage + path)
    for link, target in (("/bin", "usr/bin"), ("/lib", "usr/lib"), ("/lib64", "usr/lib64")):
        if os.path.islink(link) and not os.path.lexists(stage + link):  # noqa: PTH114
            os.symlink(target, stage + link)  # noqa: PTH211
    for device in ("null", "zero", "random", "urandom"):
        _bind(f"/dev/{device}", f"{stage}/dev/{device}")
    for folder in ("/proc", "/tmp", WORK, "/old"):
        os.makedirs(stage + folder, exist_ok=True)  # noqa: PTH103
    syscalls.pivot_root(stage, stage + "/old")
    os.chdir("/")
    _read_only_below("/", skip=("/old",))
    size = f"size={policy.disk_mb}m,nr_inodes=10000,mode=700,uid={uid}"
    syscalls.mount("tmpfs", WORK, "tmpfs", syscalls.MS_NOSUID | syscalls.MS_NODEV | syscalls.MS_NOEXEC, size)
    if not any(path.startswith("/tmp/") for path in readable):  # an installation there would be hidden
        syscalls.mount(WORK, "/tmp", None, syscalls.MS_BIND)


def limit(policy):
    """Set limits that the kernel keeps for this process."""
    limit_memory(policy.memory_mb)
    for name, value in {
        "CPU": policy.cpu_seconds,
        "FSIZE": policy.disk_mb * 2**20,
        "NOFILE": 256,
        "NPROC": policy.processes,
        "CORE": 0,
        "MSGQUEUE": 0,
        "MEMLOCK": 0,
    }.items():
        number = getattr(resource, f"RLIMIT_{name}", None)
        if number is not None:
            resource.setrlimit(number, (value, value + 1 if name == "CPU" else value))


def limit_memory(megabytes):
    """Let this process have so much memory beyond what it has already from the warm parent."""
    status = Path("/proc/self/status").read_text() if Path("/proc/self/status").exists() else ""
    data = next((int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmData")), 0)
    most = data + megabytes * 2**20
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def environment():
    """Leave nothing of the host's environment, and what libraries want to find."""
    os.environ.clear()
    os.environ.update(
        HOME=WORK, TMPDIR=WORK, LANG="C.UTF-8", PATH="/usr/bin", MPLCONFIGDIR=WORK, TF_CPP_MIN_LOG_LEVEL="3"
    )
    os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1")


def _stand_at_the_door(inside, keep):
    """Wait for the process behind, then end the way it ended."""
    for number in keep:
        os.close(number)
    _, status = os.waitpid(inside, 0)
    if os.WIFSIGNALED(status):
        os._exit(128 + os.WTERMSIG(status))
    os._exit(os.WEXITSTATUS(status))


def _bind(source, target):
    if os.path.isdir(source):  # noqa: PTH112
        os.makedirs(target, exist_ok=True)  # noqa: PTH103
    else:
        os.makedirs(os.path.dirname(target), exist_ok=True)  # noqa: PTH103, PTH120
        os.close(os.open(target, os.O_CREAT | os.O_RDONLY))
    syscalls.mount(source, target, None, syscalls.MS_BIND | syscalls.MS_REC)


def _read_only_below(root, skip):
    for path in skip:
        syscalls.umount(path)
    syscalls.make_read_only(root)


def _own_proc():
    """Mount a /proc of this pid namespace; where the host forbids it, there is none."""
    try:
        syscalls.mount("proc", "/proc", "proc", syscalls.MS_NOSUID | syscalls.MS_NODEV | syscalls.MS_NOEXEC)
    except OSError:
        return
