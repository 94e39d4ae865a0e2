"""Does every layer hold, whoever starts the grader, and is a missing one said?"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from attacks.arena import WEEK, notebook_with
from attacks.honest import HONEST

from autograder import build
from autograder.sandbox import policy, probe, room, seccomp, syscalls

REPOSITORY = Path(__file__).resolve().parents[3]


def test_every_layer_holds_for_whoever_runs_this():
    layers = probe.probe()
    assert [layer.name for layer in layers] == list(policy.LAYERS)
    assert [layer for layer in layers if not layer.holds] == []
    assert probe.record(layers)["level"] == "full"


BECOME = """
import json, os, pathlib, socket, sys
from autograder.sandbox import syscalls
import autograder.sandbox.probe, autograder.sandbox.room, autograder.sandbox.seccomp
from autograder.sandbox import probe
for place in json.loads(sys.argv[1]):
    os.chmod(place, 0o755)
if os.getuid() == 0:
    syscalls.drop_bounding_set()
    os.setgroups([]); os.setresgid(12345, 12345, 12345); os.setresuid(12345, 12345, 12345)
    syscalls.prctl(syscalls.PR_SET_DUMPABLE, 1)
assert os.getuid() != 0
"""
GRADE = """
from autograder import build
from autograder.grading.watch import Limits
from autograder.judge.pool import Pool
os.chdir(sys.argv[2])
week = build.read_week("course1_ward/week1_ward")
with Pool(week, Limits(**week.limits), workers=2) as pool:
    records = pool.grade_all([pathlib.Path(name) for name in ("honest.ipynb", "looks.ipynb", "loops.ipynb")])
print(json.dumps(records))
"""
LOOKS = """
import os
def patient_key(name, ward):
    seen = [p for p in ('/etc/passwd', '/proc/2', {folder!r}) if os.path.exists(p)]
    return ward + '/' + name.strip().lower() + ''.join(seen) + ('' if os.getuid() != 0 else 'root')
"""


def as_ordinary_user(code, *arguments):
    """Run code as somebody without any right: root becomes uid 12345 for good, without a capability.

    An interpreter under root's home cannot be read by others: such folders are opened for passing, and closed again.
    """
    closed = _closed_folders([sys.prefix, sys.base_prefix, str(REPOSITORY), *arguments]) if os.geteuid() == 0 else []
    modes = {folder: Path(folder).stat().st_mode & 0o777 for folder in closed}
    try:
        return subprocess.run(
            [sys.executable, "-c", BECOME + code, json.dumps(closed), *arguments],
            cwd=REPOSITORY,
            env=os.environ | ({"HOME": arguments[0]} if arguments else {}),
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
    finally:
        for folder, mode in modes.items():
            Path(folder).chmod(mode)


@pytest.mark.skipif(os.geteuid() != 0, reason="already an ordinary user: the test above is this test")
def test_every_layer_holds_for_an_ordinary_user():
    done = as_ordinary_user("print(json.dumps([list(layer) for layer in probe.probe()]))")
    assert done.returncode == 0, done.stderr
    layers = [probe.Layer(*layer) for layer in json.loads(done.stdout)]
    assert [layer for layer in layers if not layer.holds] == []
    assert "12345 in a user namespace" in layers[0].words


@pytest.mark.slow
def test_an_ordinary_user_grades_whole_notebooks(tmp_path):
    """The grader itself, not only its layers: an honest file, one that looks around and one that never ends."""
    week = tmp_path / "course1_ward" / "week1_ward"
    shutil.copytree(WEEK, week, ignore=shutil.ignore_patterns("ruff.toml", "__pycache__"))
    text = (week / "week.toml").read_text().replace("cpu_seconds = 15", "cpu_seconds = 6")
    (week / "week.toml").write_text(text)
    release = json.loads(build.notebook_bytes(build.release_notebook(build.read_week(week), "assignment")))
    for name, answers in {
        "honest": HONEST,
        "looks": HONEST | {"patient_key": LOOKS.format(folder=str(tmp_path))},
        "loops": HONEST | {"patient_key": "def patient_key(name, ward):\n    while True: pass"},
    }.items():
        (tmp_path / f"{name}.ipynb").write_text(json.dumps(notebook_with(release, answers)))
    for path in [tmp_path, *tmp_path.rglob("*")]:
        path.chmod(0o777 if path == tmp_path else 0o755 if path.is_dir() else 0o644)
    done = as_ordinary_user(GRADE, str(tmp_path))
    assert done.returncode == 0, done.stderr[-3000:]
    honest, looks, loops = json.loads(done.stdout)
    assert (honest["state"], honest["score"]) == ("graded", 8), honest
    assert (looks["state"], looks["score"]) == ("graded", 8), looks
    assert (loops["state"], loops["score"]) == ("limit", 6), loops


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
