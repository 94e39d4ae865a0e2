"""Where data sets lie on this machine: one folder for downloads, one small file that remembers folders of your own.

Everything is below ``$MEDLABS_DATA`` if that is set, else in the user's data folder (``~/.local/share/medlabs`` on
Linux, ``~/Library/Application Support/medlabs`` on macOS).
"""

import contextlib
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

CONFIG = "datasets.json"
STATE = ".medlabs.json"
PARTIAL = ".partial"
LOCK = ".lock"
SCHEMA = 1


def data_folder():
    """Return the folder for downloads and settings. It need not exist yet."""
    chosen = os.environ.get("MEDLABS_DATA")
    if chosen:
        return Path(chosen).expanduser().absolute()
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "medlabs"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "medlabs"


def folder(name):
    """Return the folder into which a data set is downloaded. It need not exist yet."""
    return data_folder() / name


def used_folder(name):
    """Return the folder that the user named for a data set, or None."""
    path = _read(data_folder() / CONFIG).get("folders", {}).get(name)
    return Path(path) if path else None


def remember(name, path):
    """Remember a folder of the user's own for a data set; None forgets it."""
    config = _read(data_folder() / CONFIG)
    folders = config.get("folders", {})
    folders.pop(name, None)
    if path is not None:
        folders[name] = str(Path(path).expanduser().resolve())
    write_json(data_folder() / CONFIG, {"schema": SCHEMA, "folders": folders})


def read_state(name):
    """Return what is known about a download: {"files": {name: {…}}, "complete": bool}."""
    return {"files": {}, "complete": False} | _read(folder(name) / STATE)


def write_state(name, state):
    """Keep what is known about a download."""
    write_json(folder(name) / STATE, {"schema": SCHEMA, **state})


def is_complete(name):
    """Tell whether a download was finished and checked."""
    return bool(read_state(name)["complete"])


def empty(name):
    """Delete what was downloaded of a data set (never a folder of the user's own)."""
    for path in folder(name).iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.name != LOCK:
            path.unlink()


def bytes_so_far(name):
    """Return how many bytes of an unfinished download are on disk."""
    if not folder(name).is_dir():
        return 0
    return sum(path.stat().st_size for path in folder(name).rglob("*") if path.is_file() and path.name != STATE)


def readable(count):
    """Return a number of bytes in words.

    >>> readable(7_608_266_240)
    '7.6 GB'
    """
    for unit in ("bytes", "kB", "MB", "GB"):
        if count < 1000 or unit == "GB":
            return f"{count:.0f} bytes" if unit == "bytes" else f"{count:.1f} {unit}"
        count /= 1000
    return ""


def write_json(path, value):
    """Write a small JSON file so that it is either the old or the new one, never half of one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".new")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(value, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(temporary).unlink()
        raise


def _read(path):
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError:  # also covers bytes that are no UTF-8
        raise ValueError(f"{path} cannot be read: it is no JSON. Delete it and run the command again.") from None
    if not isinstance(value, dict):
        raise ValueError(f"{path} holds something else than expected. Delete it and run the command again.")
    return value


@contextlib.contextmanager
def locked(name):
    """Hold a data set for one download at a time.

    Raises
    ------
    RuntimeError
        If another process is fetching the same data set.
    """
    import fcntl

    folder(name).mkdir(parents=True, exist_ok=True)
    with (folder(name) / LOCK).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise RuntimeError(
                f"Another command is fetching {name} at this moment: wait until it has finished."
            ) from None
        yield
