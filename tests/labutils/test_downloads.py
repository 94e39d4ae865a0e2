"""Downloads from a server on this machine: whole, broken off and resumed, wrong, changed, absent."""

import gzip
import hashlib
import json
import re
import sys

import pytest
from file_server import TABLE, everything_below, known_as, table_file

from labutils.datasets import fetch as fetching
from labutils.datasets import registry, store
from labutils.datasets.download import DownloadError, NoConnectionError
from labutils.datasets.registry import RemoteFile

pytestmark = pytest.mark.usefixtures("home")
FAST = {"wait": 0.01}


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


def test_a_file_of_another_length_is_fetched_anew_even_if_the_server_does_not_say_so(server, monkeypatch):
    known_as(monkeypatch, table_file(server, checksum=False))
    server.honest = False
    server.cut_after = [100_000]
    with pytest.raises(DownloadError, match="kept"):
        fetching.fetch("demo", downloader_options={"attempts": 1})
    server.files["table.csv"] = b"id,time,status\n" + b"9,9,9\n" * 50_000
    assert (fetching.fetch("demo", downloader_options=FAST) / "table.csv").read_bytes() == server.files["table.csv"]
    assert [status for _, status, _ in server.answers] == [200, 206, 200]


def test_a_part_from_one_address_is_not_continued_from_another(server, monkeypatch):
    good = table_file(server)
    server.validators = False
    server.files["old/table.csv"] = TABLE[::-1]
    server.cut_after = [100_000, 0]
    known_as(monkeypatch, RemoteFile(good.name, (server.url("old/table.csv"), *good.urls), checksum=good.checksum))
    assert (fetching.fetch("demo", downloader_options=FAST) / "table.csv").read_bytes() == TABLE
    assert server.answers[-1] == ("table.csv", 200, None)


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
    known_as(monkeypatch, table_file(server))
    server.cut_after = [300_000]
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    fetching.fetch("demo", downloader_options=FAST)
    said = capsys.readouterr().err
    assert "table.csv" in said
    assert "100%" in said
