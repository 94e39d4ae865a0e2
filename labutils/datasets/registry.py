"""The data sets of the course: what each is for, what it may be used for, how to get it, and where it lies on this machine.

The facts stand in ``registry.toml``. Notebooks ask :func:`find` for a folder, so that no path ever stands in a
notebook:

>>> from labutils.datasets import registry
>>> registry.get("xray_phantoms").kind
'embedded'
>>> registry.find("xray_phantoms") is None  # embedded data have no folder
True
"""

import difflib
import importlib.util
import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from labutils.datasets import store

REGISTRY = Path(__file__).with_name("registry.toml")
KINDS = ("embedded", "download", "by hand")


@dataclass(frozen=True)
class RemoteFile:
    """One file of a data set on the network.

    Parameters
    ----------
    name : str
        Its name on disk.
    urls : tuple of str
        Where it is; the next is tried when one fails.
    checksum : str, optional
        "md5:…" or "sha256:…" of the file as downloaded; None if none is published and we hold no copy.
    content : str, optional
        The same for what is inside a .gz file.
    checksum_source : str, optional
        Who published it, or "measured" if we computed it on one copy.
    unpack : bool, default False
        Whether it is an archive that is unpacked and then deleted.
    """

    name: str
    urls: tuple
    checksum: str | None = None
    content: str | None = None
    checksum_source: str | None = None
    unpack: bool = False


@dataclass(frozen=True)
class Dataset:
    """What is known about a data set; every field is explained at the top of ``registry.toml``."""

    name: str
    title: str
    weeks: tuple
    purpose: str
    kind: str
    size: str
    terms: str
    citation: str
    source: str
    layout: str
    missing: str
    default: str | None = None
    package: str | None = None
    disk_gb: float = 0.0
    loader: str | None = None
    steps: tuple = ()
    known: dict = field(default_factory=dict)
    needs: tuple = ()
    files: tuple = ()


def read_registry(path=REGISTRY):
    """Read a registry file into {name: Dataset}, in the order of the file.

    Raises
    ------
    ValueError
        If an entry lacks a field, has an unknown one, or a kind that does not fit it.
    """
    entries = tomllib.loads(Path(path).read_text(encoding="utf-8"))["dataset"]
    datasets = {}
    for entry in entries:
        files = tuple(RemoteFile(**{**file, "urls": tuple(file["urls"])}) for file in entry.pop("file", []))
        lists = {key: tuple(entry.pop(key)) for key in ("weeks", "steps", "needs") if key in entry}
        try:
            dataset = Dataset(**entry, **lists, files=files)
        except TypeError as error:
            raise ValueError(f"{path}: the entry {entry.get('name')} does not fit ({error}).") from None
        fits = {"embedded": dataset.package, "download": files, "by hand": dataset.steps}.get(dataset.kind)
        if not fits or dataset.name in datasets:
            raise ValueError(
                f"{path}: {dataset.name} is there twice, or its kind {dataset.kind!r} does not fit the rest."
            )
        datasets[dataset.name] = dataset
    return datasets


@cache
def _shipped():
    return read_registry()


def names():
    """Return the names of all data sets, in the order of the course."""
    return list(_shipped())


def get(name):
    """Return the :class:`Dataset` of that name.

    Raises
    ------
    ValueError
        If there is none: the message names the nearest ones.
    """
    if name not in _shipped():
        close = [known for known in names() if str(name).lower() in known][:3]
        close = close or difflib.get_close_matches(str(name), names(), n=2) or names()[:3]
        raise ValueError(
            f"There is no data set {name!r}; did you mean {' or '.join(close)}? `medlabs data list` shows all."
        )
    return _shipped()[name]


def find(name):
    """Return the folder of a data set on this machine, or None if it is not here.

    A folder named with `medlabs data use` comes first, then one that `medlabs data fetch` completed. A half-finished
    download is never returned, nor is a folder that has gone. Embedded data sets have no folder.

    Parameters
    ----------
    name : str
        A name of the registry, for example "nih_chestxray14".

    Returns
    -------
    Path or None

    Raises
    ------
    ValueError
        If there is no data set of that name.

    Examples
    --------
    >>> folder = find("nih_chestxray14")
    >>> source = "real films" if folder else "phantoms"
    """
    get(name)
    try:
        used = store.used_folder(name)
        if used is not None and used.is_dir():
            return used
        return store.folder(name) if store.is_complete(name) else None
    except (OSError, RuntimeError):  # no home folder, or one that may not be read: as in a sandbox
        return None


def state(dataset):
    """Say in a few words where a data set is ("embedded", "on disk: …", "half downloaded …", "gone: …", "not here")."""
    if dataset.kind == "embedded":
        here = importlib.util.find_spec(dataset.package) is not None
        return "embedded" if here else f"not here: needs the package {dataset.package}"
    used = store.used_folder(dataset.name)
    if used is not None:
        return f"on disk: {used}" if used.is_dir() else f"gone: {used} (was it moved or unplugged?)"
    if store.is_complete(dataset.name):
        return f"on disk: {store.folder(dataset.name)}"
    if store.bytes_so_far(dataset.name):
        return f"half downloaded ({store.readable(store.bytes_so_far(dataset.name))}): fetch again to go on"
    return "not here"


def check_layout(dataset, folder):
    """Check that a folder holds a data set in a layout that the course can read.

    Parameters
    ----------
    dataset : Dataset
    folder : str or Path

    Returns
    -------
    str
        What was found, in words ("720 films of 716 patients").

    Raises
    ------
    FileNotFoundError
        If there is no such folder.
    ValueError
        If the layout is another one: the message names what was looked for and what was found.
    """
    folder = Path(folder).expanduser()
    if not folder.exists():
        raise FileNotFoundError(f"There is no folder {folder}: check its spelling, and that its disk is plugged in.")
    if not folder.is_dir():
        raise ValueError(f"{folder} is a file: give the folder that holds {dataset.name} ({dataset.layout}).")
    if dataset.loader == "nih":
        from labutils.datasets.nih import load_nih

        films = load_nih(folder)
        left_out = (
            f"; {films.attrs['films_missing']} more are listed but not there" if films.attrs["films_missing"] else ""
        )
        return f"{len(films)} films of {films['patient'].nunique()} patients, labels from {films.attrs['label_table']}{left_out}"
    found = [_first_match(dataset, folder, need) for need in dataset.needs]
    return "found " + ", ".join(str(path.relative_to(folder)) for path in found)


def _first_match(dataset, folder, need):
    matches = [path for pattern in need["any_of"] for path in sorted(folder.glob(pattern))[:1]]
    if not matches:
        held = ", ".join(sorted(path.name + "/" * path.is_dir() for path in folder.iterdir())[:8]) or "nothing"
        raise ValueError(f"{folder} is not {dataset.name}: looked for {' or '.join(need['any_of'])}; found {held}.")
    if need.get("columns"):
        header = _header(matches[0])
        lacking = [column for column in need["columns"] if column not in header]
        if lacking:
            raise ValueError(
                f"{matches[0]} is not the table of {dataset.name}: it lacks the columns {', '.join(lacking)}; "
                f"it has {', '.join(header[:8]) or 'none'}."
            )
    return matches[0]


def _header(path):
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        return [name.strip().strip('"') for name in file.readline().split(",")]


def markdown_table():
    """Return the table in docs/datasets.md (a test keeps the page equal to the registry)."""
    lines = ["| name | what it is for | terms | size | how to get it | stands in for it |", "|" + "---|" * 6]
    ways = {
        "embedded": "comes with {0.package}",
        "download": "`medlabs data fetch {0.name}`",
        "by hand": "by hand, steps below",
    }
    for one in _shipped().values():
        cells = [
            f"`{one.name}`",
            one.purpose,
            one.terms,
            one.size,
            ways[one.kind].format(one),
            one.default or "needs nothing",
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def markdown_details():
    """Return the section on each data set in docs/datasets.md."""
    sections = []
    for one in _shipped().values():
        facts = {
            "For": ", ".join(one.weeks),
            "Source": one.source,
            "Layout": one.layout,
            "Checksums": checksums(one),
            "Who is missing": one.missing,
            "Cite": one.citation,
        }
        lines = [f"- {key}: {value}" for key, value in facts.items()] + [f"- Step: {step}" for step in one.steps]
        sections.append("\n".join([f"### {one.title} (`{one.name}`)", "", *lines]))
    return "\n\n".join(sections)


def checksums(dataset):
    """Say which checksums are known and who computed them: "none published" where there is none."""
    if dataset.kind == "embedded":
        return "the package's own"
    said = [
        f"{file.name} {file.checksum or file.content} ({file.checksum_source})"
        for file in dataset.files
        if file.checksum_source
    ]
    without = [file for file in dataset.files if not file.checksum_source]
    if without or not dataset.files:
        said.append(f"none published for {len(without)} files" if said else "none published")
    return "; ".join(said)
