"""One writer at a time: whatever changes a cohort holds its lock, in any process of this machine."""

import contextlib
import errno
import sqlite3

from autograder.cohort.folder import STATE

FILE = "write.lock"
SECONDS = 60.0
ADVICE = "Nothing was changed by this step; it can be repeated."


@contextlib.contextmanager
def writing(folder, *, seconds=None):
    """Hold the lock of a cohort, and put what can go wrong with a disk or a database into a sentence.

    Parameters
    ----------
    folder : pathlib.Path
        The cohort's folder.
    seconds : float, optional
        How long to wait for another writer; a minute when left out.

    Raises
    ------
    ValueError
        If another writer does not come to an end, the disk is full, or a gradebook is locked.
    """
    import filelock
    from sqlalchemy.exc import DBAPIError

    path = folder / STATE / FILE
    lock = filelock.FileLock(path, timeout=SECONDS if seconds is None else seconds, mode=0o600)
    try:
        with lock:
            yield
    except filelock.Timeout:
        raise ValueError(f"Another program is writing to {folder} ({path} is locked): wait for it. {ADVICE}") from None
    except (DBAPIError, sqlite3.Error) as error:
        raise ValueError(f"{_of_database(error, folder)} {ADVICE}") from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise ValueError(f"The disk of {folder} is full: make room. {ADVICE}") from error
        raise


def _of_database(error, folder):
    said = str(getattr(error, "orig", None) or error)
    if "locked" in said or "busy" in said:
        return f"A gradebook in {folder} is locked by another program, as an open editor of databases: close it."
    if "full" in said:
        return f"The disk of {folder} is full: make room."
    if "readonly" in said or "unable to open" in said:
        return f"A gradebook in {folder} cannot be written ({said}): look at the rights of the file and its folder."
    return f"A gradebook in {folder} cannot be used ({said}): put it back from a copy."
