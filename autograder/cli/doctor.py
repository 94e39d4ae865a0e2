"""Say in words what this machine can do."""

import platform
import shutil
import sys
import tempfile
from pathlib import Path

import click

SIGNS = {True: "yes", False: "no", None: "-"}
GB = 1e9
NEEDED_MEMORY, NEEDED_DISK = 4.0, 2.0  # GB: of the largest notebook; of environments' caches and temporary courses


@click.command()
def command():
    """Say in words what this machine can do.

    Looks at Python, the packages, memory, cores, disk, the means to keep learners' code apart, and the data sets.
    Changes nothing and needs no network.
    """
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)
    for title, findings in [
        ("This machine", machine()),
        ("Keeping learners' code apart", isolation()),
        ("Data sets", data()),
    ]:
        console.print(Text(f"\n{title}", "bold"))
        for topic, good, words in findings:
            console.print(Text(f"  {SIGNS[good]:4} {topic}: {words}"), soft_wrap=True)


def machine():
    """List findings on Python, packages, memory, cores and disk."""
    from autograder.grading.machine import Finding, cores_available, memory_available

    version = sys.version_info[:2]
    memory, cores = memory_available() / GB, cores_available()
    findings = [
        Finding("Python", (3, 11) <= version < (3, 14), f"{platform.python_version()} on {platform.platform()}"),
        _packages(),
        Finding("memory", memory >= NEEDED_MEMORY, f"{memory:.1f} GB (a notebook may need {NEEDED_MEMORY:g})"),
        Finding("cores", None, f"{cores:g}: that many notebooks are graded at once"),
    ]
    for place in dict.fromkeys([Path.cwd(), Path(tempfile.gettempdir())]):
        free = shutil.disk_usage(place).free / GB
        findings.append(Finding("disk", free >= NEEDED_DISK, f"{free:.1f} GB free at {place}"))
    return findings


def isolation():
    """List findings on isolation, and what is used of it today."""
    from autograder.grading.machine import Finding
    from autograder.sandbox import probe

    layers = probe.probe()
    findings = [Finding(layer.name, layer.holds, layer.words) for layer in layers]
    missing = probe.missing(layers)
    if missing:
        names = ", ".join(layer.name for layer in missing)
        return [*findings, Finding("grading", False, f"refused without --isolation none, because of: {names}")]
    return [*findings, Finding("grading", True, "answers run in the sandbox, apart from the checks")]


def data():
    """List where each data set is."""
    from autograder.grading.machine import Finding
    from labutils.datasets import registry

    findings = []
    for name in registry.names():
        state = registry.state(registry.get(name))
        here = state == "embedded" or state.startswith("on disk")
        findings.append(Finding(name, here or None, state))
    return findings


def _packages():
    from autograder.grading.machine import Finding, compare_with_lock

    lock = Path(__file__).resolve().parents[2] / "requirements.lock"
    if not lock.is_file():
        return Finding("packages", None, "no requirements.lock beside this installation, so nothing to compare with")
    other, missing, same = compare_with_lock(lock)
    if not other and not missing:
        return Finding("packages", True, f"all {same} are as locked")
    words = [f"{same} are as locked"]
    words += [f"{len(other)} differ: {_some(other)}"] if other else []
    words += [f"{len(missing)} are missing: {_some(missing)}"] if missing else []
    return Finding("packages", False, "; ".join(words))


def _some(names, most=5):
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")
