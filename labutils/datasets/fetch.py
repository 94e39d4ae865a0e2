"""Fetch, unpack and verify the data sets of the registry.

Nothing is used before it is whole: bytes arrive in a part file, pooch checks the checksum and moves the file into
place, archives are unpacked beside their target and then moved, and a data set counts as here only when all of its
files have arrived and its layout has been checked.
"""

import gzip
import hashlib
import re
import shutil
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from labutils.datasets import registry, store
from labutils.datasets.download import DownloadError, ResumingDownloader
from labutils.datasets.unpack import unpack


class Check(NamedTuple):
    """One line of a report: what was looked at, whether it is right (None: cannot be told), and what was seen."""

    what: str
    good: bool | None
    said: str


class ByHandError(Exception):
    """A data set cannot be fetched by a program; the message says what to do."""


def fetch(name, *, again=False, progress=True, downloader_options=None):
    """Download a data set, or go on with a download that was stopped.

    Parameters
    ----------
    name : str
        A name of the registry.
    again : bool, default False
        Throw away what an earlier fetch left and download everything anew.
    progress : bool, default True
        Show a bar for each file (on a terminal only).
    downloader_options : dict, optional
        Passed to :class:`~labutils.datasets.download.ResumingDownloader`.

    Returns
    -------
    Path
        The folder that holds the data set, as :func:`labutils.datasets.registry.find` will return it.

    Raises
    ------
    ByHandError
        If it is embedded or has to be downloaded by hand: the message says what to do.
    DownloadError
        If the network, the server or the checksum fails. What has arrived is kept and used next time, unless its
        checksum is wrong.
    RuntimeError
        If another command is fetching the same data set.
    """
    dataset = registry.get(name)
    if dataset.kind != "download":
        raise ByHandError(how_to_get(dataset))
    here = registry.find(name)
    if here is not None and not again:
        return here
    with store.locked(name):
        if again:
            store.empty(name)
        for left_over in store.folder(name).glob(".unpacking-*"):  # of a run that was killed
            shutil.rmtree(left_over, ignore_errors=True)
        state = store.read_state(name)
        _check_room(dataset)
        for file in dataset.files:
            if not _is_done(file, state["files"].get(file.name), store.folder(name)):
                state["files"][file.name] = _fetch_file(file, store.folder(name), progress, downloader_options or {})
                store.write_state(name, state)
        try:
            registry.check_layout(dataset, store.folder(name))
        except ValueError as error:
            raise DownloadError(f"{name} has arrived but cannot be read: {error}") from error
        shutil.rmtree(store.folder(name) / store.PARTIAL, ignore_errors=True)
        store.write_state(name, {"files": state["files"], "complete": True})
    return store.folder(name)


def how_to_get(dataset):
    """Say in a few lines how a data set is got that no program can fetch."""
    if dataset.kind == "embedded":
        return f"{dataset.name} needs no download: it comes with the package {dataset.package} ({dataset.source})."
    steps = "\n".join(f"  {number}. {step}" for number, step in enumerate(dataset.steps, 1))
    heading = f"{dataset.name} has to be downloaded by hand ({dataset.terms}):"
    return f"{heading}\n{steps}\nWithout it the course uses {dataset.default}."


def _check_room(dataset):
    free = shutil.disk_usage(store.folder(dataset.name)).free
    missing = dataset.disk_gb * 1e9 - store.bytes_so_far(dataset.name) - free
    if missing > 0:
        raise DownloadError(
            f"{dataset.name} needs about {dataset.disk_gb:g} GB and there are {store.readable(free)} free in "
            f"{store.folder(dataset.name)}: make room, or set MEDLABS_DATA to a folder on a larger disk."
        )


def _is_done(file, record, folder):
    """Tell whether a file was fetched in an earlier run and is still there."""
    if record is None:
        return False
    return file.unpack or ((folder / file.name).is_file() and (folder / file.name).stat().st_size == record["bytes"])


def _fetch_file(file, folder, progress, options):
    """Fetch one file from the first of its addresses that works; return what is to be remembered of it."""
    place = folder / store.PARTIAL if file.unpack else folder
    failures = []
    for url in file.urls:
        try:
            path = _retrieve(file, url, place, folder / store.PARTIAL / f"{file.name}.part", progress, options)
            break
        except DownloadError as error:
            failures.append(error)
    else:
        raise failures[0]
    record = {"url": url, "bytes": path.stat().st_size}
    if file.unpack:
        record["members"] = unpack(path, folder, progress=progress)
        path.unlink()
    else:
        record["sha256"] = digest(path, "sha256")
    return record


def _retrieve(file, url, place, part, progress, options):
    import pooch

    pooch.get_logger().setLevel("WARNING")  # the bar says enough
    downloader = ResumingDownloader(
        part, progress=progress, has_checksum=bool(file.checksum or file.content), **options
    )
    cupboard = pooch.create(path=place, base_url="", registry={file.name: file.checksum}, urls={file.name: url})
    target = Path(place) / file.name
    if file.checksum is None:
        target.unlink(missing_ok=True)  # without a checksum pooch would trust whatever lies there
    try:
        cupboard.fetch(file.name, downloader=downloader)
    except ValueError as error:
        got = re.search(r"but got '?([0-9a-f]{32,64})", str(error))
        raise DownloadError(_wrong_checksum(file, url, file.checksum, got[1] if got else "another one")) from error
    except OSError as error:
        raise DownloadError(
            f"{target} cannot be written ({error.strerror or error}): nothing was left half done."
        ) from error
    if file.content and not matches(target, file.content, inside=True):
        target.unlink()
        raise DownloadError(_wrong_checksum(file, url, file.content, "another one inside"))
    return target


def _wrong_checksum(file, url, expected, got):
    return (
        f"{file.name} from {urlsplit(url).netloc} has the wrong checksum (expected {expected}, got {got}) and was deleted: "
        "the source may have changed it, or it was damaged on the way; try once more."
    )


def digest(path, algorithm, *, inside=False):
    """Return the checksum of a file in hexadecimal; `inside` unpacks a .gz first."""
    total = hashlib.new(algorithm)
    opener = gzip.open if inside else open
    with opener(path, "rb") as file:
        while block := file.read(1 << 20):
            total.update(block)
    return total.hexdigest()


def matches(path, checksum, *, inside=False):
    """Tell whether a file has the checksum "md5:…" or "sha256:…"; a damaged .gz has none."""
    algorithm, _, expected = checksum.partition(":")
    try:
        return digest(path, algorithm, inside=inside) == expected
    except (OSError, EOFError):
        return False


def verify(name):
    """Check a data set that is on disk: its layout, its checksums, and that no film is cut short.

    Parameters
    ----------
    name : str
        A name of the registry.

    Returns
    -------
    list of Check

    Raises
    ------
    ByHandError
        If it is embedded.
    FileNotFoundError
        If it is not here.
    """
    dataset = registry.get(name)
    if dataset.kind == "embedded":
        raise ByHandError(how_to_get(dataset))
    folder = registry.find(name)
    if folder is None:
        raise FileNotFoundError(f"{name} is {registry.state(dataset)}, so there is nothing to verify.")
    try:
        checks = [Check("layout", True, registry.check_layout(dataset, folder))]
    except (ValueError, FileNotFoundError) as error:
        checks = [Check("layout", False, str(error))]
    checks += _published_checks(dataset, folder)
    if folder == store.folder(name):
        checks += _recorded_checks(dataset, folder)
    if dataset.loader == "nih" and checks[0].good:
        checks.append(_film_check(folder))
    return checks


def _published_checks(dataset, folder):
    """Compare files with the checksums of the registry; a file that is not there is passed over, for layouts differ.

    In a folder of the user's own another checksum may be a fault, but also a part of the data or another edition.
    """
    own = folder != store.folder(dataset.name)
    expected = dict(dataset.known) | {file.name: file.checksum for file in dataset.files if file.checksum}
    checks = []
    for name, checksum in expected.items():
        for path, inside in ((folder / name, False), (folder / f"{name}.gz", True)):
            if path.is_file() and matches(path, checksum, inside=inside):
                checks.append(Check(path.name, True, "checksum right"))
            elif path.is_file():
                why = ": a part, another edition, or damaged" if own else ""
                checks.append(Check(path.name, None if own else False, f"checksum is not {checksum}{why}"))
    return checks


def _recorded_checks(dataset, folder):
    """Compare files without a checksum in the registry with what was noted when they arrived."""
    checks = []
    for file in dataset.files:
        record = store.read_state(dataset.name)["files"].get(file.name, {})
        if file.unpack or file.checksum or "sha256" not in record:
            continue
        good = matches(folder / file.name, f"sha256:{record['sha256']}")
        checks.append(
            Check(file.name, good, "as it arrived (no checksum is published)" if good else "changed since it arrived")
        )
    return checks


def _film_check(folder):
    from labutils.datasets.films import damaged_films
    from labutils.datasets.nih import load_nih

    films = load_nih(folder)
    damaged = damaged_films(films["path"])
    said = (
        f"{len(damaged)} of {len(films)} are damaged, for example {damaged[0]}"
        if damaged
        else f"all {len(films)} are whole"
    )
    return Check("films", not damaged, said)
