"""Unpack tar and zip archives without letting them write anywhere else.

An archive is unpacked into a folder of its own, and only when all of it has come out is it moved to its place. Names
that lead out of the folder, links out of it and device files are refused; the litter that macOS leaves in archives
(``._name``, ``.DS_Store``) is left out.
"""

import tarfile
import tempfile
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from labutils.datasets.download import DownloadError

LITTER = (".DS_Store", "__MACOSX")


def unpack(archive, folder, *, progress=True):
    """Unpack an archive into a folder, merging it with what is there.

    Parameters
    ----------
    archive : Path
        A tar (plain, gz, bz2, xz) or zip file.
    folder : Path
        Where its members go.
    progress : bool, default True
        Count the files on the screen (on a terminal only).

    Returns
    -------
    int
        How many files came out.

    Raises
    ------
    DownloadError
        If the archive is damaged or would write outside of the folder; it is then deleted, so that the next fetch
        gets a new one, and nothing of it is left behind.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".unpacking-") as workspace:
        try:
            take_out = _untar if tarfile.is_tarfile(archive) else _unzip
            take_out(archive, Path(workspace), progress)
            return _move_into(Path(workspace), folder)
        except (
            tarfile.TarError,
            zipfile.BadZipFile,
            EOFError,
            zlib.error,
        ) as error:  # refused members are TarErrors too
            archive.unlink()
            raise DownloadError(
                f"{archive.name} is damaged or unsafe ({error}) and was deleted: fetch it again."
            ) from error
        except OSError as error:
            raise DownloadError(f"{archive.name} could not be unpacked ({error.strerror or error}).") from error


def _untar(archive, workspace, progress):
    if not hasattr(tarfile, "data_filter"):
        raise OSError("this Python cannot unpack tar files safely: use Python 3.11.4 or newer")
    with tarfile.open(archive) as tar:
        for member in _counted(tar, archive.name, progress):
            if not _is_litter(member.name):
                tar.extract(member, workspace, filter="data")


def _unzip(archive, workspace, progress):
    with zipfile.ZipFile(archive) as packed:
        for name in _counted(packed.namelist(), archive.name, progress):
            path = PurePosixPath(name)
            if path.is_absolute() or ".." in path.parts or "\\" in name:
                raise zipfile.BadZipFile(f"the member {name!r} leads out of its folder")
            if not _is_litter(name):
                packed.extract(name, workspace)


def _counted(members, name, progress):
    from tqdm import tqdm

    return tqdm(members, desc=f"unpacking {name}", unit=" files", disable=None if progress else True)


def _is_litter(name):
    parts = PurePosixPath(name).parts
    return any(part in LITTER or part.startswith("._") for part in parts)


def _move_into(workspace, folder):
    moved = 0
    for path in sorted(workspace.rglob("*")):
        target = folder / path.relative_to(workspace)
        if path.is_dir() and not path.is_symlink():
            target.mkdir(exist_ok=True)
        else:
            path.replace(target)
            moved += 1
    return moved
