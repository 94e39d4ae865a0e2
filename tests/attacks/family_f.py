"""F. What arrives: archives, links, special files, names, times, and files that change under one's hands."""

import contextlib
import io
import json
import os
import shutil
import socket
import stat
import subprocess
import sys
import tarfile
import threading
import time
import unicodedata
import zipfile
from datetime import UTC, datetime
from pathlib import Path

from attacks.arena import notebook_with
from attacks.attack import Raid
from attacks.honest import HONEST

from autograder import workspace
from autograder.cli.grade import collect
from autograder.grading import reading, store
from labutils.datasets.download import DownloadError
from labutils.datasets.unpack import unpack

NAMES = [
    "-rf.ipynb", "a\nb.ipynb", "\x1b]0;owned\x07\x1b[2J.ipynb", "CON.ipynb", "é.ipynb", "e\u0301.ipynb", "{{7*7}}.ipynb",
    "=cmd|' (C calc'!A0.ipynb", "<img src=x onerror=alert(1)>.ipynb", "%2e%2e%2fup.ipynb", "\u202egpj.ipynb", "a+b c.ipynb",
    "n" * 240 + ".ipynb", "ü" * 120 + ".ipynb", "[red]x[/red].ipynb", os.fsdecode(b"\xff\xfe.ipynb"),
]  # fmt: skip


def write(path, notebook):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(notebook))
    return path


def zip_slip(arena, side, folder):
    """88: an archive writes only below its own folder (the only archives that are opened are those of data sets)."""
    inside, outside = folder / "a" / "b", folder / "outside.txt"
    inside.mkdir(parents=True)
    for name in ("../../outside.txt", str(outside), "x/../../../outside.txt"):
        packed = folder / "slip.zip"
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr(name, "x")
        if side == "baseline":
            with zipfile.ZipFile(packed) as archive:
                for member in archive.namelist():
                    (inside / member).write_bytes(archive.read(member))
        else:
            with contextlib.suppress(DownloadError):
                unpack(packed, inside, progress=False)
        if outside.exists():
            return f"{name} came out outside"
    return ""


def tar_links(arena, side, folder):
    """89: a link in an archive leads nowhere."""
    inside = folder / "a"
    inside.mkdir()
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, str(arena.host / "drop")
        tar.addfile(link)
        member = tarfile.TarInfo("link/x.txt")
        tar.addfile(member, io.BytesIO())
    (folder / "links.tar").write_bytes(buffer.getvalue())
    if side == "baseline":
        with tarfile.open(folder / "links.tar") as tar:
            tar.extractall(inside, filter="fully_trusted")
    else:
        with contextlib.suppress(DownloadError):
            unpack(folder / "links.tar", inside, progress=False)
    return "a link was followed" if any((arena.host / "drop").iterdir()) else ""


def links(arena, side, folder):
    """89: links in what was handed in are not followed, and whose file they point to still has a grade."""
    inbox = folder / "inbox"
    ada = write(inbox / "mm_ada" / "assignment.ipynb", notebook_with(arena.release, HONEST))
    for name in ("aa_eve", "zz_eve"):
        (inbox / name).mkdir()
        (inbox / name / "assignment.ipynb").symlink_to(ada)
    (inbox / "zz_mallory").symlink_to(ada.parent)
    (inbox / "zz_secret").mkdir()
    (inbox / "zz_secret" / "assignment.ipynb").symlink_to(arena.host / "secret.txt")
    if side == "baseline":
        shutil.copytree(inbox, folder / "copy")
        files = sorted((folder / "copy").rglob("*.ipynb"))
    else:
        files, _ = collect([inbox], arena.week)
    scores = {}
    for path in files:
        record, told = arena.grade(side, path, "normal")
        scores[path.relative_to(path.parents[1]).parts[0]] = record["score"]
        if "OSPREY" in told:
            return "a secret came out by a link"
    if scores.get("mm_ada") != 8:
        return f"whose file was linked has {scores.get('mm_ada')} points instead of 8"
    return next(
        (f"{name} has {score} points by a link" for name, score in scores.items() if score and "ada" not in name), ""
    )


def special(arena, side, folder):
    """90: pipes, sockets, devices and folders that are named like notebooks are refused at once."""
    inbox = folder / "inbox"
    inbox.mkdir()
    os.mkfifo(inbox / "pipe.ipynb")
    (inbox / "folder.ipynb").mkdir()
    here = Path.cwd()
    with socket.socket(socket.AF_UNIX) as sock:
        os.chdir(inbox)  # a socket's name is short
        sock.bind("socket.ipynb")
        os.chdir(here)
    (inbox / "zero.ipynb").symlink_to("/dev/zero")
    with contextlib.suppress(PermissionError):  # of an ordinary user
        os.mknod(inbox / "device.ipynb", 0o666 | stat.S_IFCHR, os.makedev(1, 5))
    for path in sorted(inbox.iterdir()):
        if side == "baseline":
            reader = threading.Thread(target=_read_anything, args=(path,), daemon=True)
            reader.start()
            reader.join(2)
            if reader.is_alive():
                os.close(os.open(inbox / "pipe.ipynb", os.O_WRONLY | os.O_NONBLOCK))
                return f"{path.name}: the grader hangs"
            continue
        began = time.monotonic()
        record, _ = arena.grade(side, path, "normal")
        if record["state"] != "unreadable" or time.monotonic() - began > 3:
            return f"{path.name}: {record['state']}, {time.monotonic() - began:.0f} s"
    return ""


def _read_anything(path):
    with contextlib.suppress(OSError):
        path.open("rb").read(10**6)


def bomb(arena, side, folder):
    """91: an archive that is named like a notebook is no notebook, and nothing in it is opened."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("assignment.ipynb", bytes(10**8))
    path = folder / "assignment.ipynb"
    path.write_bytes(buffer.getvalue())
    record, _ = arena.grade(side, path, "normal")
    return "" if record["state"] == "unreadable" and record["seconds"] < 3 else f"{record['state']}"


def names(arena, side, folder):
    """92, 99: every name gets its own grade and its own page, whole, and nothing of a name acts on the screen."""
    inbox, pages = folder / "inbox", folder / "pages"
    pages.mkdir()
    right, blank = notebook_with(arena.release, HONEST), arena.release
    for number, name in enumerate(NAMES):
        write(inbox / f"{number:02d}" / name, right)
    write(inbox / "ada" / "assignment.ipynb", right)
    write(inbox / "bob" / "assignment.ipynb", blank)
    line = [sys.executable, "-m", "autograder.cli", "grade", "inbox", "--week", arena.week.name]
    line += ["--feedback", "pages", "--json", "all.json", "--workers", "2"]
    environment = os.environ | {"MEDLABS_ROOT": str(arena.folder), "PYTHONIOENCODING": "utf-8:backslashreplace"}
    run = subprocess.run(line, capture_output=True, cwd=folder, env=environment, timeout=100)
    said = (run.stdout + run.stderr).decode(errors="replace")
    if run.returncode != 0:
        return f"exit status {run.returncode}: {said[-300:]}"
    bad = [sign for sign in said if unicodedata.category(sign) in ("Cc", "Cf") and sign != "\n"]
    if bad:
        return f"the sign U+{ord(bad[0]):04X} comes to the screen"
    records = json.loads((folder / "all.json").read_bytes())["submissions"]
    right = [record for record in records if record["score"] == 8]
    whole = [page for page in pages.iterdir() if page.read_text().rstrip().endswith("</html>")]
    if len(right) != len(NAMES) + 1 or len(records) != len(NAMES) + 2 or len(whole) != len(records):
        return f"{len(records)} records, {len(right)} right, {len(whole)} pages for {len(NAMES) + 2} files"
    for number, record in enumerate(records, start=1):
        page = next(pages.glob(f"{number:04d}*")).read_text()
        if f"{record['score']} of 8" not in page:
            return f"the page of {record['path']!r} is not its own"
    return ""


def spoofed(arena, side, folder):
    """93: whose a notebook is, is not said by the notebook."""
    notebook = notebook_with(arena.release, {})
    notebook["metadata"] |= {"student": "ada", "path": "ada/assignment.ipynb", "author": "ada"}
    notebook["metadata"].setdefault("medlabs", {}).update(student="ada", score=8, path="ada/assignment.ipynb")
    path = write(folder / "eve.ipynb", notebook)
    record, told = arena.grade(side, path, "normal")
    return (
        "" if record["path"] == str(path) and not record["score"] and "ada/" not in told else "it counts as another's"
    )


def kept(arena, folder, *, when=None):
    """Keep a submission in a workspace; give the file and the receipt."""
    space = folder / "space"
    path = write(space / "course" / "week" / "assignment.ipynb", notebook_with(arena.release, HONEST))
    (space / workspace.STATE).mkdir(exist_ok=True)
    return path, store.keep(path, space, "course/week", "assignment", now=when)


def written_over(arena, side, folder):
    """94: what was handed in is never written over: not by the same person, the same content or the same second."""
    when = datetime(2026, 11, 2, tzinfo=UTC)
    receipts = [kept(arena, folder, when=when)[1] for _ in range(3)]
    if len({receipt.folder for receipt in receipts}) != 3:
        return "one submission took the place of another"
    store.add(receipts[0], "result.json", b"{}")
    with contextlib.suppress(FileExistsError):
        store.add(receipts[0], "result.json", b"other")
        return "a result was written over"
    modes = {path.stat().st_mode & 0o222 for path in receipts[0].folder.iterdir()}
    return "" if modes == {0} else "what was kept can be written"


def forged_time(arena, side, folder):
    """95: the time of a receipt is the clock's, whatever the file says of its own."""
    path, _ = kept(arena, folder)
    os.utime(path, (0, 0))
    (path.parent / "timestamp.txt").write_text("2001-01-01 00:00:00 UTC")
    receipt = store.keep(path, folder / "space", "course/week", "assignment")
    late = abs((datetime.now(UTC) - receipt.received).total_seconds())
    return "" if late < 60 else f"received at {receipt.received}"


def edited_after(arena, side, folder):
    """96: what is graded is what was received, and its hash says so."""
    path, receipt = kept(arena, folder)
    digest = receipt.digest
    write(path, arena.release)
    record, _ = arena.grade("ours", receipt.notebook, "normal")
    if record["score"] != 8:
        return "an edit after the receipt changed the grade"
    again = store.keep(receipt.notebook, folder / "space", "course/week", "assignment")
    return "" if again.digest == digest else "the content is not what was received"


def at_once(arena, side, folder):
    """96: many submissions in the same moment are all kept."""
    kept(arena, folder)
    receipts, problems, path = [], [], folder / "space" / "course" / "week" / "assignment.ipynb"
    gate = threading.Barrier(8)

    def submit():
        gate.wait()
        try:
            receipts.append(store.keep(path, folder / "space", "course/week", "assignment"))
        except ValueError as error:
            problems.append(error)

    threads = [threading.Thread(target=submit) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return (
        "" if len({receipt.folder for receipt in receipts}) == 8 else f"{len(receipts)} of 8 were kept: {problems[:1]}"
    )


def swapped(arena, side, folder):
    """96: a file that is swapped for a link after it was looked at is not followed when it is kept."""
    path, _ = kept(arena, folder)
    path.unlink()
    path.symlink_to(arena.host / "secret.txt")
    try:
        receipt = store.keep(path, folder / "space", "course/week", "assignment")
    except reading.UnreadableError:
        return ""
    return "a link was followed" if b"OSPREY" in receipt.notebook.read_bytes() else ""


CASES = [
    Raid("88", "an archive that writes elsewhere", zip_slip),
    Raid("89", "links in a folder of submissions", links),
    Raid("89-tar", "links in an archive", tar_links),
    Raid("90", "pipes, sockets and devices", special),
    Raid("91", "a zip bomb named notebook", bomb, baseline=False),
    Raid("92", "hostile names, one page each", names, limit=100, baseline=False),
    Raid("93", "a notebook that names its author", spoofed, baseline=False),
    Raid("94", "a submission written over", written_over, baseline=False),
    Raid("95", "a forged time", forged_time, baseline=False),
    Raid("96", "an edit after the receipt", edited_after, baseline=False),
    Raid("96-race", "eight submissions at once", at_once, baseline=False),
    Raid("96-link", "a file swapped for a link", swapped, baseline=False),
]
