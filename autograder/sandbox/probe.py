"""Try the sandbox on this machine, layer by layer, by doing inside it what each layer is there to forbid."""

import contextlib
import errno
import json
import os
import resource
import sys
from typing import NamedTuple

from autograder.sandbox import room, syscalls
from autograder.sandbox.policy import LAYERS, NEEDED, Policy


class Layer(NamedTuple):
    """One layer: whether it holds here, and in words what it is or why it is not."""

    name: str
    holds: bool
    words: str


def probe(policy=Policy(disk_mb=5)):  # noqa: B008 - never changed
    """Enter the sandbox in a child, try every layer, and report.

    Returns
    -------
    list of Layer
        One for each of :data:`autograder.sandbox.policy.LAYERS`. If the sandbox cannot be entered at all, every layer says why.
    """
    if not sys.platform.startswith("linux"):
        return [Layer(name, False, f"needs Linux, and this is {sys.platform}") for name in LAYERS]
    hear, say = os.pipe()
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            host = _host_facts()
            try:
                room.enter(policy, keep=[say])
                report = [
                    layer(host) for layer in (_user, _namespaces, _filesystem, _landlock, _seccomp, _rights, _limits)
                ]
            except OSError as error:
                report = [(False, f"the sandbox cannot be made here: {error}") for _ in LAYERS]
            os.write(say, json.dumps(report).encode())
            status = 0
        finally:
            os._exit(status)
    os.close(say)
    data = b""
    with os.fdopen(hear, "rb") as answers:
        data = answers.read()
    os.waitpid(pid, 0)
    report = json.loads(data) if data else [(False, "the probe ended without a word") for _ in LAYERS]
    return [Layer(name, holds, words) for name, (holds, words) in zip(LAYERS, report, strict=True)]


def missing(layers):
    """Name the needed layers that do not hold."""
    return [layer for layer in layers if layer.name in NEEDED and not layer.holds]


def record(layers):
    """Make the ``isolation`` part of a grade's record."""
    level = "full" if not missing(layers) else "none"
    return {"level": level, "engine": "judge", "layers": {layer.name: layer.words for layer in layers if layer.holds}}


def _host_facts():
    spaces = {name: os.readlink(f"/proc/self/ns/{name}") for name in ("mnt", "pid", "net", "ipc", "uts")}  # noqa: PTH115
    return {"uid": os.getuid(), "spaces": spaces}


def _user(host):
    uid = os.getuid()
    if uid == 0:
        return False, "still root"
    return True, "an unprivileged user" if host["uid"] == 0 else f"uid {uid} in a user namespace of its own"


def _namespaces(host):
    if os.getpid() != 1:
        return False, "the host's processes can be seen"
    shared = []
    for name in host["spaces"]:
        with contextlib.suppress(OSError):  # no /proc: nothing to compare with, and nothing to see either
            if name != "pid" and os.readlink(f"/proc/self/ns/{name}") == host["spaces"][name]:  # noqa: PTH115
                shared.append(name)
    if shared:
        return False, f"shared with the host: {', '.join(shared)}"
    return True, "own mount, pid, network, ipc and host-name namespaces"


def _filesystem(_):
    for path in ("/etc/passwd", "/etc/shadow", "/proc/2"):
        if os.path.exists(path):  # noqa: PTH110
            return False, f"{path} can be seen"
    if _allowed(lambda: os.close(os.open("/written", os.O_CREAT | os.O_WRONLY))):
        return False, "the root can be written"
    if not _allowed(lambda: os.close(os.open(f"{room.WORK}/written", os.O_CREAT | os.O_WRONLY))):
        return False, f"{room.WORK} cannot be written"
    disk = os.statvfs(room.WORK)
    return True, f"read-only but for {disk.f_frsize * disk.f_blocks >> 20} MB of its own"


def _landlock(_):
    version = syscalls.landlock_version()
    return (True, f"version {version}") if version else (False, "this kernel has none")


def _seccomp(_):
    import socket

    tries = {
        "a process": lambda: _fork_and_end(),
        "a socket": lambda: socket.socket().close(),
        "a namespace": lambda: syscalls.unshare("user"),
        "memory outside limits": lambda: os.close(os.memfd_create("x")),
        "tracing": lambda: syscalls.call("ptrace", 0, 0, 0, 0),
    }
    allowed = [name for name, attempt in tries.items() if _allowed(attempt)]
    return (
        (False, f"allowed: {', '.join(allowed)}")
        if allowed
        else (True, "no processes, sockets, namespaces, memfd or tracing")
    )


def _rights(_):
    try:
        with open("/proc/self/status") as file:  # noqa: PTH123
            status = dict(line.split(":\t", 1) for line in file.read().splitlines() if ":\t" in line)
    except OSError:
        return True, "dropped (no /proc to read them from)"
    held = [name for name in ("CapEff", "CapPrm", "CapBnd") if int(status[name], 16)]
    if held or status.get("NoNewPrivs") != "1":
        return False, f"still there: {', '.join(held) or 'new ones can be had'}"
    return True, "none, and none can be had"


def _limits(_):
    names = ("CPU", "DATA", "FSIZE", "NOFILE", "NPROC", "CORE")
    unlimited = [name for name in names if resource.getrlimit(getattr(resource, f"RLIMIT_{name}"))[0] < 0]
    if unlimited:
        return False, f"unlimited: {', '.join(unlimited)}"
    return True, "CPU, memory, disk, files, threads; no core dumps"


def _allowed(attempt):
    try:
        attempt()
    except OSError as error:
        return error.errno not in (errno.EPERM, errno.EACCES, errno.EROFS, errno.ENOSYS)
    return True


def _fork_and_end():
    if os.fork() == 0:
        os._exit(0)
