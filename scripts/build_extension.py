"""Build the JupyterLab extension from extension/ into the package, and note what it was built from.

Needs Node 20 and the network (npm registry), once; learners need neither. `make extension` calls this.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "extension"
BUILT = ROOT / "autograder" / "lab" / "labextensions" / "@medlabs" / "lab"
NOTE = "built-from.sha256"
NOT_SOURCES = {"node_modules", "lib", ".yarn"}


def files_of(folder, without=()):
    """List the files below a folder, but for what tools make there."""
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return [
        path
        for path in found
        if not set(path.relative_to(folder).parts) & set(without)
        and path.name != NOTE
        and path.suffix != ".tsbuildinfo"
    ]


def note():
    """Say in one text which sources and which built files belong together, as sha256sum does."""
    files = [*files_of(SOURCE, NOT_SOURCES), *files_of(BUILT)]
    return "".join(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(ROOT)}\n" for path in files)


def main():
    """Install what the lock names, build, write the note."""
    environment = dict(os.environ, PATH=os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
    subprocess.run(["jlpm", "install", "--immutable"], cwd=SOURCE, env=environment, check=True)
    shutil.rmtree(BUILT, ignore_errors=True)
    shutil.rmtree(SOURCE / "lib", ignore_errors=True)
    for left in SOURCE.glob("*.tsbuildinfo"):
        left.unlink()
    subprocess.run(["jlpm", "build"], cwd=SOURCE, env=environment, check=True)
    (BUILT / NOTE).write_text(note())
    print(f"Built {len(files_of(BUILT))} files into {BUILT.relative_to(ROOT)}.")


if __name__ == "__main__":
    main()
