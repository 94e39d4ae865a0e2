"""Does the doctor compare with the lock as it should, and does probing leave this process as it was?"""

import os
import sys
from importlib import metadata
from pathlib import Path

import pytest
from click.testing import CliRunner

from autograder.cli import doctor
from autograder.grading import machine

LOCK = """numpy==2.4.6 ; python_full_version >= '3.8' \\
    --hash=sha256:aa
pandas==2.3.0 \\
    --hash=sha256:bb
old==1.0 ; python_full_version < '3.8' \\
    --hash=sha256:cc
click==8.0
"""


def test_packages_are_compared_with_the_lock(tmp_path):
    (tmp_path / "lock").write_text(LOCK)

    def installed(name):
        versions = {"numpy": "2.4.6", "pandas": "2.2.0"}
        if name not in versions:
            raise metadata.PackageNotFoundError(name)
        return versions[name]

    assert machine.compare_with_lock(tmp_path / "lock", installed) == (["pandas 2.2.0 (locked: 2.3.0)"], ["click"], 1)


def test_probing_says_something_of_each_layer_and_changes_nothing():
    before = (os.getuid(), os.getpid(), Path("/proc/self/ns/user").readlink()) if sys.platform == "linux" else None
    findings = machine.probe_isolation()
    assert all(finding.words for finding in findings)
    if sys.platform == "linux":
        assert [finding.topic for finding in findings] == [
            "user namespaces",
            "other namespaces",
            "seccomp",
            "landlock",
            "control groups",
        ]
        assert (os.getuid(), os.getpid(), Path("/proc/self/ns/user").readlink()) == before


def test_what_a_child_does_is_told_by_its_error():
    def refuse():
        raise PermissionError(1, "no")

    assert machine.in_child(lambda: None) is None
    assert machine.in_child(refuse) == os.strerror(1)


def test_cores_and_memory_are_within_what_is_there():
    assert 0 < machine.cores_available() <= (os.cpu_count() or 1)
    assert machine.memory_available() > 2**28


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_the_doctor_speaks_of_every_part():
    done = CliRunner().invoke(doctor.command)
    assert done.exit_code == 0, done.output
    for words in ("Python", "packages", "memory", "cores", "disk", "grading", "xray_phantoms: embedded"):
        assert words in done.output
