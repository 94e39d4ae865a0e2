"""What a sandbox allows, and which layers a grade needs."""

import os
import sys
import sysconfig
from pathlib import Path
from typing import NamedTuple

# Each layer is probed at start and recorded with every grade. Without the needed ones the grader refuses.
LAYERS = ("user", "namespaces", "filesystem", "landlock", "seccomp", "capabilities", "limits")
NEEDED = ("user", "namespaces", "filesystem", "seccomp", "capabilities", "limits")


class Policy(NamedTuple):
    """Limits of one process.

    Attributes
    ----------
    cpu_seconds, memory_mb, disk_mb, processes : int
        CPU time; memory beyond that of the warm parent; the private disk; threads.
    output_kb : int
        Largest file it may write.
    readable : tuple of str
        Folders that it may read, beside those of Python and of the system's libraries.
    masked : tuple of (str, str)
        What stands in the place of some files in them: (the file that is seen, the file that it hides).
    """

    cpu_seconds: int = 120
    memory_mb: int = 3000
    disk_mb: int = 100
    processes: int = 64
    output_kb: int = 1000
    readable: tuple = ()
    masked: tuple = ()


def python_folders():
    """List the folders that a running Python reads: its own, its packages, and the system's shared libraries."""
    folders = [
        sys.prefix,
        sys.base_prefix,
        sysconfig.get_path("stdlib"),
        "/usr/lib",
        "/usr/lib64",
        "/lib",
        "/lib64",
        "/usr/local/lib",
    ]
    folders += [
        "/usr/share/zoneinfo",
        "/usr/share/fonts",
        "/etc/ld.so.cache",
        "/etc/fonts",
        "/etc/localtime",
        "/etc/mime.types",
    ]
    found = []
    for folder in folders:
        real = os.path.realpath(folder)
        if Path(real).exists() and not any(real == other or real.startswith(other + "/") for other in found):
            found = [other for other in found if not other.startswith(real + "/")] + [real]
    return found
