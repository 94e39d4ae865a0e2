"""Archives: unpacked whole, never outside of their folder, never half."""

import io
import tarfile
import zipfile

import numpy as np
import pytest
from file_server import TABLE, everything_below, known_as, table_file

from labutils.datasets import fetch as fetching
from labutils.datasets import store, unpack
from labutils.datasets.download import DownloadError
from labutils.datasets.registry import RemoteFile

pytestmark = pytest.mark.usefixtures("home")
FAST = {"wait": 0.01}


def tar_of(members, mode="w:gz"):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as tar:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            if isinstance(content, bytes):
                member.size = len(content)
                tar.addfile(member, io.BytesIO(content))
            else:
                member.type, member.linkname = content
                tar.addfile(member)
    return buffer.getvalue()


def zip_of(members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return buffer.getvalue()


def archive(server, name, content):
    server.files[name] = content
    return RemoteFile(name, (server.url(name),), unpack=True)


def test_archives_are_unpacked_one_after_the_other(server, home, monkeypatch):
    noise = np.random.default_rng(1).bytes(300_000)
    first = archive(
        server, "images_001.tar.gz", tar_of({"images/a.png": b"A", "images/._a.png": b"litter", ".DS_Store": b"litter"})
    )
    second = archive(server, "images_002.tar.gz", tar_of({"images/b.png": noise}))
    third = archive(server, "labels.zip", zip_of({"table.csv": TABLE, "__MACOSX/x": "litter"}))
    known_as(monkeypatch, first, second, third)
    server.cut_after = [10**9, 100_000, 0, 0, 0, 0, 0]
    with pytest.raises(DownloadError, match=r"images_002\.tar\.gz"):
        fetching.fetch("demo", downloader_options=FAST)
    assert (home / "demo" / "images" / "a.png").exists()
    assert not (home / "demo" / store.PARTIAL / "images_001.tar.gz").exists()  # 42 GB need not lie there twice
    server.cut_after = []
    server.answers.clear()
    folder = fetching.fetch("demo")
    assert [(name, status) for name, status, _ in server.answers] == [("images_002.tar.gz", 206), ("labels.zip", 200)]
    assert everything_below(folder) == [store.STATE, "images/a.png", "images/b.png", "table.csv"]
    assert (folder / "images" / "b.png").read_bytes() == noise
    assert [check.good for check in fetching.verify("demo")] == [True]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("evil.tar.gz", tar_of({"good.txt": b"g", "../outside.txt": b"x"})),
        ("evil.tar", tar_of({"/tmp/outside.txt": b"x", "../../outside.txt": b"x"}, "w")),
        ("evil.tar", tar_of({"link": (tarfile.SYMTYPE, "/etc/passwd")}, "w")),
        ("evil.tar", tar_of({"link": (tarfile.SYMTYPE, "../.."), "link/outside.txt": b"x"}, "w")),
        ("evil.tar", tar_of({"hard": (tarfile.LNKTYPE, "../outside.txt")}, "w")),
        ("evil.tar", tar_of({"device": (tarfile.CHRTYPE, "")}, "w")),
        ("evil.tar", tar_of({"pipe": (tarfile.FIFOTYPE, "")}, "w")),
        ("evil.zip", zip_of({"good.txt": b"g", "../outside.txt": b"x"})),
        ("evil.zip", zip_of({"a/../../outside.txt": b"x"})),
        ("evil.zip", zip_of({"/tmp/medlabs-outside.txt": b"x"})),
    ],
)
def test_archives_cannot_write_outside(server, home, monkeypatch, tmp_path, name, content):
    known_as(monkeypatch, archive(server, name, content))
    (tmp_path / "outside.txt").write_text("mine")
    with pytest.raises(DownloadError, match=r"evil\.\w+.* is damaged or unsafe"):
        fetching.fetch("demo")
    assert (tmp_path / "outside.txt").read_text() == "mine"
    assert everything_below(home) == []


@pytest.mark.parametrize("content", [tar_of({"a": TABLE})[:2000], b"no archive at all", zip_of({"a": TABLE})[:2000]])
def test_damaged_archives_are_deleted(server, home, monkeypatch, content):
    known_as(monkeypatch, archive(server, "a.tar.gz", content))
    with pytest.raises(DownloadError, match=r"a\.tar\.gz is damaged or unsafe .*fetch it again"):
        fetching.fetch("demo")
    assert everything_below(home) == []


def test_what_a_killed_run_left_is_cleared(server, home, monkeypatch):
    known_as(monkeypatch, table_file(server))
    (home / "demo" / ".unpacking-x").mkdir(parents=True)
    (home / "demo" / ".unpacking-x" / "half.png").write_bytes(b"x")
    assert everything_below(fetching.fetch("demo")) == [store.STATE, "table.csv"]


def test_merging_replaces_files(tmp_path):
    (tmp_path / "a.tar").write_bytes(tar_of({"images/a.png": b"new"}, "w"))
    (tmp_path / "to" / "images").mkdir(parents=True)
    (tmp_path / "to" / "images" / "a.png").write_bytes(b"old")
    assert unpack.unpack(tmp_path / "a.tar", tmp_path / "to", progress=False) == 1
    assert (tmp_path / "to" / "images" / "a.png").read_bytes() == b"new"
