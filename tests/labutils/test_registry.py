"""Downloads from a server on this machine: whole, broken off and resumed, wrong, changed, absent; and the registry's facts."""

import hashlib
import importlib.util
import io
import json
import re
import tarfile
import zipfile
from pathlib import Path

import numpy as np
import pytest
from file_server import FileServer

from labutils.datasets import fetch as fetching
from labutils.datasets import registry, store, unpack
from labutils.datasets.download import DownloadError, NoConnectionError
from labutils.datasets.registry import Dataset, RemoteFile

ROOT = Path(__file__).parents[2]
REAL = ROOT.parent / "shared" / "data"
TABLE = b"id,time,status\n" + b"".join(b"%d,%d,1\n" % (n, 7 * n) for n in range(60_000))
FAST = {"wait": 0.01}


@pytest.fixture
def server(monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    server = FileServer()
    yield server
    server.close()


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("MEDLABS_DATA", str(tmp_path / "store"))
    return tmp_path / "store"


def known_as(monkeypatch, *files, name="demo", **fields):
    """Put one made data set into the registry."""
    facts = {
        "title": "Demo", "weeks": ("course 1 week 1",), "purpose": "tests", "kind": "download", "size": "1 MB", "terms": "free",
        "citation": "none", "source": "here", "layout": "table.csv", "missing": "everybody", "default": "xray_phantoms",
        "needs": ({"any_of": ["table.csv"], "columns": ["id", "time"]},),
    }  # fmt: skip
    dataset = Dataset(name=name, files=files, **{**facts, **fields})
    monkeypatch.setattr(registry, "_shipped", lambda: {name: dataset})
    return dataset


def table_file(server, *, checksum=True, **fields):
    server.files.setdefault("table.csv", TABLE)
    known = "sha256:" + hashlib.sha256(TABLE).hexdigest() if checksum else None
    return RemoteFile("table.csv", (server.url("table.csv"),), checksum=known, **fields)


def everything_below(folder):
    return sorted(
        str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file() and path.name != store.LOCK
    )


# -- downloads ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("checksum", [True, False])
def test_a_whole_download(server, home, monkeypatch, checksum):
    known_as(monkeypatch, table_file(server, checksum=checksum))
    assert registry.find("demo") is None
    folder = fetching.fetch("demo")
    assert folder == home / "demo" == registry.find("demo")
    assert (folder / "table.csv").read_bytes() == TABLE
    assert everything_below(folder) == [store.STATE, "table.csv"]
    fetching.fetch("demo")
    assert len(server.answers) == 1  # a second fetch asks for nothing


@pytest.mark.parametrize("checksum", [True, False])
def test_a_connection_that_breaks_is_resumed_at_once(server, monkeypatch, checksum):
    known_as(monkeypatch, table_file(server, checksum=checksum))
    server.cut_after = [100_000, 200_000]
    folder = fetching.fetch("demo", downloader_options=FAST)
    assert (folder / "table.csv").read_bytes() == TABLE
    assert [status for _, status, _ in server.answers] == [200, 206, 206]
    starts = [int(re.search(r"\d+", asked)[0]) for _, _, asked in server.answers[1:]]
    assert 80_000 < starts[0] <= 100_000
    assert starts[0] + 180_000 < starts[1] <= starts[0] + 200_000


def test_a_stopped_download_is_resumed_by_the_next_command(server, home, monkeypatch):
    known_as(monkeypatch, table_file(server))
    server.cut_after = [100_000, 0, 0, 0, 0, 0]
    with pytest.raises(
        DownloadError, match=r"broke off while table\.csv came in; 98\.3 kB are kept: run the command again"
    ):
        fetching.fetch("demo", downloader_options=FAST)
    assert registry.find("demo") is None
    assert not (home / "demo" / "table.csv").exists()
    assert registry.state(registry.get("demo")).startswith("half downloaded (98.")
    server.cut_after = []
    server.answers.clear()
    assert (fetching.fetch("demo") / "table.csv").read_bytes() == TABLE
    assert server.answers == [("table.csv", 206, "bytes=98304-")]


def test_a_file_that_changed_meanwhile_is_fetched_anew(server, monkeypatch):
    known_as(monkeypatch, table_file(server, checksum=False))
    server.cut_after = [100_000, 0, 0, 0, 0, 0]
    with pytest.raises(DownloadError, match="kept"):
        fetching.fetch("demo", downloader_options=FAST)
    server.cut_after = []
    server.files["table.csv"] = b"id,time,status\n" + TABLE[::-1]
    assert (fetching.fetch("demo") / "table.csv").read_bytes() == server.files["table.csv"]
    assert server.answers[-1] == ("table.csv", 200, "bytes=98304-")


@pytest.mark.parametrize(
    ("ranges", "validators", "checksum"), [(False, True, True), (False, False, False), (True, False, False)]
)
def test_servers_that_cannot_resume_send_the_whole_file_again(server, monkeypatch, ranges, validators, checksum):
    known_as(monkeypatch, table_file(server, checksum=checksum))
    server.ranges, server.validators = ranges, validators
    server.cut_after = [100_000]
    assert (fetching.fetch("demo", downloader_options=FAST) / "table.csv").read_bytes() == TABLE
    assert [status for _, status, _ in server.answers] == [200, 200]


def test_without_a_version_the_checksum_vouches_for_a_resumed_file(server, monkeypatch):
    known_as(monkeypatch, table_file(server))
    server.validators = False
    server.cut_after = [100_000]
    assert (fetching.fetch("demo", downloader_options=FAST) / "table.csv").read_bytes() == TABLE
    assert [status for _, status, _ in server.answers] == [200, 206]


def test_a_part_longer_than_the_file_is_thrown_away(server, home, monkeypatch):
    known_as(monkeypatch, table_file(server))
    part = home / "demo" / store.PARTIAL / "table.csv.part"
    part.parent.mkdir(parents=True)
    part.write_bytes(b"x" * (len(TABLE) + 10))
    version = {"url": server.url("table.csv"), "validator": f'"{hashlib.md5(TABLE).hexdigest()}"'}
    part.with_name("table.csv.part.json").write_text(json.dumps(version))
    assert (fetching.fetch("demo", downloader_options=FAST) / "table.csv").read_bytes() == TABLE
    assert [status for _, status, _ in server.answers] == [416, 200]


def test_a_wrong_checksum_deletes_the_file(server, home, monkeypatch):
    known_as(monkeypatch, table_file(server))
    server.files["table.csv"] = TABLE.replace(b"7", b"8")
    with pytest.raises(
        DownloadError,
        match=r"table\.csv from 127\.0\.0\.1:\d+ has the wrong checksum \(expected sha256:[0-9a-f]{64}, got ",
    ):
        fetching.fetch("demo")
    assert registry.find("demo") is None
    assert everything_below(home / "demo") == []
    server.files["table.csv"] = TABLE
    assert (fetching.fetch("demo") / "table.csv").read_bytes() == TABLE


def test_the_checksum_of_what_is_inside_a_gz(server, home, monkeypatch):
    import gzip

    server.files["table.csv.gz"] = gzip.compress(TABLE)
    content = "md5:" + hashlib.md5(TABLE).hexdigest()
    file = RemoteFile("table.csv.gz", (server.url("table.csv.gz"),), content=content, checksum_source="measured")
    known_as(monkeypatch, file, needs=({"any_of": ["table.csv.gz"]},))
    fetching.fetch("demo")
    server.files["table.csv.gz"] = gzip.compress(TABLE + b"more")
    with pytest.raises(DownloadError, match="wrong checksum"):
        fetching.fetch("demo", again=True)
    assert everything_below(home / "demo") == []


def test_no_network_is_one_sentence(server, home, monkeypatch):
    known_as(monkeypatch, table_file(server))
    server.close()
    with pytest.raises(NoConnectionError, match=r"No connection to 127\.0\.0\.1:\d+: check the network .* again\.$"):
        fetching.fetch("demo")
    assert everything_below(home / "demo") == []


def test_no_network_while_a_part_is_kept(server, home, monkeypatch):
    known_as(monkeypatch, table_file(server))
    server.cut_after = [100_000, 0, 0, 0, 0, 0]
    with pytest.raises(DownloadError):
        fetching.fetch("demo", downloader_options=FAST)
    server.close()
    with pytest.raises(NoConnectionError, match=r"98\.3 kB of the file are kept"):
        fetching.fetch("demo", downloader_options=FAST)
    assert (home / "demo" / store.PARTIAL / "table.csv.part").stat().st_size == 98_304


@pytest.mark.parametrize(
    ("status", "message"),
    [(404, "has no table.csv any more"), (403, "refuses to send"), (401, "login"), (503, "try again later")],
)
def test_answers_that_are_no_file(server, monkeypatch, status, message):
    known_as(monkeypatch, table_file(server))
    server.statuses["table.csv"] = status
    with pytest.raises(DownloadError, match=message):
        fetching.fetch("demo")


def test_a_web_page_is_no_file(server, home, monkeypatch):
    known_as(monkeypatch, table_file(server, checksum=False))
    server.content_type = "text/html; charset=utf-8"
    with pytest.raises(DownloadError, match=r"sent a web page instead of table\.csv"):
        fetching.fetch("demo")
    assert everything_below(home / "demo") == []


def test_a_server_that_tells_no_length_needs_a_checksum(server, monkeypatch):
    server.lengths = False
    known_as(monkeypatch, table_file(server, checksum=False))
    with pytest.raises(DownloadError, match=r"does not tell how long table\.csv is and no checksum is published"):
        fetching.fetch("demo")
    known_as(monkeypatch, table_file(server))
    server.cut_after = [1000]  # looks like a whole file; the checksum knows better
    with pytest.raises(DownloadError, match="wrong checksum"):
        fetching.fetch("demo")
    assert (fetching.fetch("demo") / "table.csv").read_bytes() == TABLE


def test_the_next_address_is_tried(server, monkeypatch):
    file = table_file(server)
    known_as(monkeypatch, RemoteFile(file.name, (server.url("moved.csv"), *file.urls), checksum=file.checksum))
    assert (fetching.fetch("demo") / "table.csv").read_bytes() == TABLE
    assert [name for name, *_ in server.answers] == ["moved.csv", "table.csv"]


def test_a_file_left_from_elsewhere_is_not_trusted(server, home, monkeypatch):
    known_as(monkeypatch, table_file(server, checksum=False))
    (home / "demo").mkdir(parents=True)
    (home / "demo" / "table.csv").write_bytes(TABLE[:1000])
    assert (fetching.fetch("demo") / "table.csv").read_bytes() == TABLE


def test_only_missing_files_are_fetched(server, home, monkeypatch):
    server.files["second.csv"] = b"x"
    server.statuses["second.csv"] = 503
    known_as(monkeypatch, table_file(server), RemoteFile("second.csv", (server.url("second.csv"),)))
    with pytest.raises(DownloadError, match="try again later"):
        fetching.fetch("demo")
    assert registry.find("demo") is None  # one of two files is not the data set
    server.statuses.clear()
    server.answers.clear()
    fetching.fetch("demo")
    assert [name for name, *_ in server.answers] == ["second.csv"]
    server.answers.clear()
    fetching.fetch("demo", again=True)
    assert [name for name, *_ in server.answers] == ["table.csv", "second.csv"]


def test_files_that_are_not_what_the_course_reads(server, monkeypatch):
    server.files["table.csv"] = b"a,b\n1,2\n"
    known_as(monkeypatch, table_file(server, checksum=False))
    with pytest.raises(
        DownloadError, match=r"demo has arrived but cannot be read: .*lacks the columns id, time; it has a, b"
    ):
        fetching.fetch("demo")
    assert registry.find("demo") is None


def test_one_fetch_at_a_time(server, monkeypatch):
    known_as(monkeypatch, table_file(server))
    with store.locked("demo"), pytest.raises(RuntimeError, match="Another command is fetching demo"):
        fetching.fetch("demo")
    assert server.answers == []


def test_a_disk_that_is_too_small(server, monkeypatch):
    known_as(monkeypatch, table_file(server), disk_gb=1e9)
    with pytest.raises(DownloadError, match=r"needs about 1e\+09 GB .* MEDLABS_DATA"):
        fetching.fetch("demo")
    assert server.answers == []


def test_a_progress_bar_counts_the_bytes(server, monkeypatch, capsys):
    import sys

    known_as(monkeypatch, table_file(server))
    server.cut_after = [300_000]
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    fetching.fetch("demo", downloader_options=FAST)
    said = capsys.readouterr().err
    assert "table.csv" in said
    assert "100%" in said


# -- archives ----------------------------------------------------------------------------------------------------------


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


# -- folders of the user's own -----------------------------------------------------------------------------------------


def test_a_folder_of_ones_own_comes_first(server, monkeypatch, tmp_path):
    dataset = known_as(monkeypatch, table_file(server))
    fetching.fetch("demo")
    own = tmp_path / "own"
    own.mkdir()
    (own / "table.csv").write_bytes(TABLE)
    store.remember("demo", own)
    assert registry.find("demo") == own
    (own / "table.csv").unlink()
    own.rmdir()
    assert registry.state(dataset).startswith("gone: ")
    assert registry.find("demo") == store.folder("demo")  # the downloaded one is still there
    store.remember("demo", None)
    assert registry.state(dataset) == f"on disk: {store.folder('demo')}"


def test_verify_tells_a_fault_from_another_edition(server, monkeypatch, tmp_path):
    known_as(monkeypatch, table_file(server))
    with pytest.raises(FileNotFoundError, match="demo is not here"):
        fetching.verify("demo")
    folder = fetching.fetch("demo")
    assert [check.good for check in fetching.verify("demo")] == [True, True]
    (folder / "table.csv").write_bytes(TABLE[:-5])
    assert [check.good for check in fetching.verify("demo")] == [True, False]
    (folder / "table.csv").write_bytes(b"a,b\n")
    assert [check.good for check in fetching.verify("demo")] == [False, False]
    own = tmp_path / "own"
    own.mkdir()
    (own / "table.csv").write_bytes(TABLE[:-5])
    store.remember("demo", own)
    assert [check.good for check in fetching.verify("demo")] == [True, None]


def test_verify_remembers_files_without_a_published_checksum(server, monkeypatch):
    known_as(monkeypatch, table_file(server, checksum=False))
    folder = fetching.fetch("demo")
    assert fetching.verify("demo")[1].said == "as it arrived (no checksum is published)"
    (folder / "table.csv").write_bytes(TABLE + b"1,2,3\n")
    assert fetching.verify("demo")[1] == fetching.Check("table.csv", False, "changed since it arrived")


def test_wrong_folders(monkeypatch, server, tmp_path):
    dataset = known_as(monkeypatch, table_file(server))
    with pytest.raises(FileNotFoundError, match="its disk is plugged in"):
        registry.check_layout(dataset, tmp_path / "unplugged")
    (tmp_path / "other.csv").write_text("x")
    with pytest.raises(ValueError, match=r"is not demo: looked for table\.csv; found other\.csv"):
        registry.check_layout(dataset, tmp_path)
    with pytest.raises(ValueError, match="is a file: give the folder"):
        registry.check_layout(dataset, tmp_path / "other.csv")


@pytest.mark.parametrize("content", ["{", "[1]", "\x00"])
def test_a_damaged_settings_file_is_named(home, content):
    home.mkdir()
    (home / store.CONFIG).write_text(content)
    with pytest.raises(ValueError, match=r"datasets\.json .*Delete it"):
        registry.find("nih_chestxray14")


def test_no_home_folder_means_not_here(monkeypatch):
    monkeypatch.delenv("MEDLABS_DATA")
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)

    def homeless():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", homeless)
    assert registry.find("nih_chestxray14") is None


def test_where_things_are_kept(monkeypatch, tmp_path):
    monkeypatch.delenv("MEDLABS_DATA")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setattr("sys.platform", "linux")
    assert store.data_folder() == tmp_path / "medlabs"
    monkeypatch.setattr("sys.platform", "darwin")
    assert store.data_folder() == Path.home() / "Library" / "Application Support" / "medlabs"


# -- the registry's own facts ------------------------------------------------------------------------------------------


def test_every_entry_is_complete():
    assert len(registry.names()) == len(set(registry.names())) >= 19
    for name in registry.names():
        one = registry.get(name)
        for field in ("title", "purpose", "size", "terms", "citation", "source", "layout", "missing"):
            assert getattr(one, field).strip(), (name, field)
        assert one.weeks, name
        assert all(re.fullmatch(r"course [123] week [1-4]", week) for week in one.weeks), name
        if one.kind == "embedded":
            assert one.package, name
        else:
            assert one.default, name
            assert one.needs or one.loader, name
        for file in one.files:
            assert all(url.startswith("https://") for url in file.urls), name
            assert bool(file.checksum or file.content) == bool(file.checksum_source), (name, file.name)
        for checksum in [*one.known.values(), *(c for f in one.files for c in (f.checksum, f.content) if c)]:
            assert re.fullmatch(r"md5:[0-9a-f]{32}|sha256:[0-9a-f]{64}", checksum), name


def test_defaults_are_embedded_data_or_words():
    for name in registry.names():
        default = registry.get(name).default
        if default in registry.names():
            assert registry.get(default).kind == "embedded", name
        else:
            assert default is None or " " in default, name


def test_weeks_name_data_sets_that_exist():
    import tomllib

    for manifest in ROOT.glob("course*/week*/week.toml"):
        for name in tomllib.loads(manifest.read_text(encoding="utf-8")).get("data", []):
            assert registry.get(name), manifest


def test_unknown_names_are_answered_with_the_nearest():
    with pytest.raises(ValueError, match=r"no data set 'nih'; did you mean nih_chestxray14\?"):
        registry.get("nih")
    with pytest.raises(ValueError, match="did you mean colon"):
        registry.find("colom")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (('kind = "embedded"', 'kind = "rumour"'), "kind 'rumour' does not fit"),
        (('size = "1"', 'colour = "red"'), "the entry one does not fit"),
        (("", '\n[[dataset]]\nname = "one"\n'), "does not fit"),
    ],
)
def test_a_registry_with_faults_is_refused(tmp_path, change, message):
    good = (
        '[[dataset]]\nname = "one"\nkind = "embedded"\npackage = "json"\nsize = "1"\nweeks = ["course 1 week 1"]\n'
        + "".join(
            f'{field} = "x"\n' for field in ("title", "purpose", "terms", "citation", "source", "layout", "missing")
        )
    )
    (tmp_path / "good.toml").write_text(good)
    assert list(registry.read_registry(tmp_path / "good.toml")) == ["one"]
    (tmp_path / "bad.toml").write_text(good.replace(*change) if change[0] else good + change[1])
    with pytest.raises(ValueError, match=message):
        registry.read_registry(tmp_path / "bad.toml")


def test_states():
    assert registry.state(registry.get("xray_phantoms")) == "embedded"
    assert registry.state(registry.get("lymphoma")) == "embedded"
    absent = [name for name in registry.names() if "needs the package" in registry.state(registry.get(name))]
    assert all(importlib.util.find_spec(registry.get(name).package) is None for name in absent)
    assert registry.state(registry.get("brats")) == "not here"


def test_by_hand_and_embedded_data_say_what_to_do():
    with pytest.raises(fetching.ByHandError, match=r"(?s)by hand .*1\. Register at .*medlabs data use brats"):
        fetching.fetch("brats")
    with pytest.raises(fetching.ByHandError, match="xray_phantoms needs no download"):
        fetching.fetch("xray_phantoms")
    with pytest.raises(fetching.ByHandError, match="needs no download"):
        fetching.verify("lymphoma")


@pytest.mark.parametrize("part", ["markdown_table", "markdown_details"])
def test_the_page_on_data_sets_says_what_the_registry_says(part):
    page = (ROOT / "docs" / "datasets.md").read_text(encoding="utf-8")
    assert getattr(registry, part)() in page, f"docs/datasets.md is stale: paste what registry.{part}() returns"


@pytest.mark.realdata
@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("nih_chestxray14", "nih_chestxray14"),
        ("nih_chestxray14", "nih_chestxray14_256"),
        ("nih_chestxray14", "nih1000_64"),
        ("chexnet_predictions", "chexnet_predictions"),
        ("msd_task01", "decathlon_msd"),
        ("msd_task01", "decathlon_msd/Task01_BrainTumour"),
        ("retinopathy", "r_survival"),
        ("pbc", "r_survival"),
        ("colon", "r_survival"),
        ("nhanes1", "nhanes1"),
        ("openi_reports", "openi_reports"),
    ],
)
def test_real_samples_are_recognised_and_have_the_known_checksums(name, folder):
    if not REAL.is_dir():
        pytest.skip(f"THE REAL SAMPLES ARE NOT HERE: {REAL} is missing")
    assert registry.check_layout(registry.get(name), REAL / folder)
    store.remember(name, REAL / folder)
    checks = fetching.verify(name)
    subset = "Data_Entry_2017_v2020.csv"  # the samples hold the label lines of their own films only
    assert all(check.good for check in checks if check.what != subset), checks
    if name in ("chexnet_predictions", "retinopathy", "pbc", "colon", "nhanes1", "openi_reports"):
        assert any(check.said == "checksum right" for check in checks)


@pytest.mark.realdata
@pytest.mark.parametrize("folder", ["tcga_lgg", "r_survival", "openi_reports"])
def test_real_samples_of_something_else_are_refused(folder):
    if not REAL.is_dir():
        pytest.skip(f"THE REAL SAMPLES ARE NOT HERE: {REAL} is missing")
    with pytest.raises(ValueError, match=r"looked for .*found"):
        registry.check_layout(registry.get("nih_chestxray14"), REAL / folder)
