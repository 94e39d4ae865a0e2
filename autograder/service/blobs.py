"""Keep what was sent: each content once, under its SHA-256, never written over."""

import contextlib
import hashlib
import os
import secrets
import stat
from pathlib import Path


class Damaged(RuntimeError):
    """A kept file is gone or is not what was received."""


def put(folder, content):
    """Keep bytes; give their SHA-256 in hexadecimal.

    Afterwards they are on the disk, whatever happens to the machine. The same content twice is kept once.

    Raises
    ------
    OSError
        If they cannot be kept: nothing half written stays under the name.
    """
    name = hashlib.sha256(content).hexdigest()
    place = path_of(folder, name)
    if place.exists():
        return name
    place.parent.mkdir(parents=True, exist_ok=True)
    part = place.with_name(f".{secrets.token_hex(8)}.part")
    try:
        with part.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.chmod(stat.S_IRUSR)
        part.replace(place)
        _sync_folder(place.parent)
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
    return name


def get(folder, name):
    """Give kept bytes.

    Raises
    ------
    Damaged
        If they are gone, or are no longer what was received.
    """
    try:
        content = path_of(folder, name).read_bytes()
    except OSError as error:
        raise Damaged(f"The kept file {name[:12]} cannot be read ({error.strerror}).") from None
    if hashlib.sha256(content).hexdigest() != name:
        raise Damaged(f"The kept file {name[:12]} is not what was received: the disk changed it.")
    return content


def path_of(folder, name):
    """Give the place of a content; 256 folders keep each of them small."""
    return Path(folder) / name[:2] / f"{name}.ipynb"


def _sync_folder(folder):
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
