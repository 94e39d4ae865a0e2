"""Does every layer hold, whoever starts the grader, and is a missing one said?"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.sandbox import policy, probe, room, seccomp, syscalls

REPOSITORY = Path(__file__).resolve().parents[3]


def test_every_layer_holds_for_whoever_runs_this():
    layers = probe.probe()
    assert [layer.name for layer in layers] == list(policy.LAYERS)
    assert [layer for layer in layers if not layer.holds] == []
    assert probe.record(layers)["level"] == "full"


@pytest.mark.skipif(os.geteuid() != 0, reason="already an ordinary user: the test above is this test")
def test_every_layer_holds_for_an_ordinary_user(tmp_path):
    """Root becomes uid 12345 for good, without a capability, and starts the grader's sandbox from there.

    An interpreter under root's home cannot be read by others: such folders are opened for passing, and closed again.
    """
    code = """
import json, os, sys
from autograder.sandbox import syscalls
import autograder.sandbox.probe, autograder.sandbox.room, autograder.sandbox.seccomp
import socket
from autograder.sandbox import probe
for place in sys.argv[1:]:
    os.chmod(place, 0o755)
syscalls.drop_bounding_set()
os.setgroups([]); os.setresgid(12345, 12345, 12345); os.setresuid(12345, 12345, 12345)
syscalls.prctl(syscalls.PR_SET_DUMPABLE, 1)
assert os.getuid() == 12345
print(json.dumps([list(layer) for layer in probe.probe()]))
"""
    closed = _closed_folders([sys.prefix, sys.base_prefix, str(REPOSITORY)])
    modes = {folder: Path(folder).stat().st_mode & 0o777 for folder in closed}
    try:
        done = subprocess.run(
            [sys.executable, "-c", code, *closed],
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    finally:
        for folder, mode in modes.items():
            Path(folder).chmod(mode)
    assert done.returncode == 0, done.stderr
    layers = [probe.Layer(*layer) for layer in json.loads(done.stdout)]
    assert [layer for layer in layers if not layer.holds] == []
    assert "12345 in a user namespace" in layers[0].words


def _closed_folders(paths):
    """List the folders on the way to these paths that others may not pass."""
    found = []
    for path in paths:
        for folder in [*reversed(Path(path).resolve().parents)]:
            if not folder.stat().st_mode & 0o001 and str(folder) not in found:
                found.append(str(folder))
    return found


def test_a_missing_layer_is_named_and_the_level_is_not_full(monkeypatch):
    def refuse():
        raise OSError("libseccomp.so.2: cannot open shared object file")

    monkeypatch.setattr(seccomp, "library", refuse)
    layers = probe.probe()
    assert {layer.holds for layer in layers} == {False}
    assert "libseccomp" in layers[0].words
    assert [layer.name for layer in probe.missing(layers)] == list(policy.NEEDED)
    assert probe.record(layers)["level"] == "none"


@pytest.mark.parametrize(
    ("name", "broken"),
    [
        ("capabilities", "drop_bounding_set"),
        ("filesystem", "make_read_only"),
    ],
)
def test_the_probe_sees_a_layer_that_does_nothing(monkeypatch, name, broken):
    """A probe that cannot fail proves nothing: take one layer away and look whether it is missed."""
    if name == "capabilities" and os.geteuid() != 0:
        pytest.skip("an ordinary user's bounding set belongs to the user namespace")
    monkeypatch.setattr(syscalls, broken, lambda *_: None)
    if name == "filesystem":
        monkeypatch.setattr(syscalls, "landlock_version", lambda: 0)
    monkeypatch.setattr(room, "become", room.become if name == "capabilities" else (lambda uid: None))
    holds = {layer.name: layer.holds for layer in probe.probe()}
    assert holds[name] is False


def test_the_sandbox_is_entered_in_well_under_a_second():
    """Not a benchmark: a sandbox that takes seconds would be a fault (a scan of the disk, say)."""
    import time

    began = time.perf_counter()
    probe.probe()
    assert time.perf_counter() - began < 10
