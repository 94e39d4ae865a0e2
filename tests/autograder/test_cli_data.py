"""`medlabs data` as a person types it."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from file_server import FileServer
from PIL import Image

from autograder.cli import medlabs
from labutils.datasets import registry
from labutils.datasets.registry import Dataset, RemoteFile

REAL = Path(__file__).parents[2].parent / "shared" / "data"
CONTENT = b"id,time\n" + b"1,2\n" * 50_000


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("MEDLABS_DATA", str(tmp_path / "store"))
    monkeypatch.setenv("COLUMNS", "120")
    return tmp_path / "store"


@pytest.fixture
def server(monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    server = FileServer()
    server.files["table.csv"] = CONTENT
    known = "md5:" + hashlib.md5(CONTENT).hexdigest()
    demo = Dataset(
        name="demo",
        title="Demo table",
        weeks=("course 1 week 1",),
        purpose="tests",
        kind="download",
        size="200 kB",
        terms="free; cite us",
        citation="Us 2026",
        source="here",
        layout="table.csv",
        missing="everybody",
        default="xray_phantoms",
        files=(RemoteFile("table.csv", (server.url("table.csv"),), checksum=known, checksum_source="measured"),),
        needs=({"any_of": ["table.csv"], "columns": ["id"]},),
        steps=("Read the manual.",),
    )
    real = registry._shipped()
    monkeypatch.setattr(registry, "_shipped", lambda: {**real, "demo": demo})
    yield server
    server.close()


def medlabs_data(*words):
    return CliRunner().invoke(medlabs, ["data", *map(str, words)], catch_exceptions=False)


def nih_folder(folder):
    """A folder in the NIH's layout, with one small film."""
    header = "Image Index,Finding Labels,Follow-up #,Patient ID,Patient Age,Patient Gender,View Position"
    (folder / "images").mkdir(parents=True)
    (folder / "Data_Entry_2017.csv").write_text(f"{header}\n00000001_000.png,Mass,0,1,57,M,PA\n")
    Image.new("L", (16, 16)).save(folder / "images" / "00000001_000.png")
    return folder


def test_list_shows_every_data_set_with_size_terms_and_place(home):
    done = medlabs_data("list")
    assert done.exit_code == 0
    for name in registry.names():
        assert name in done.output
    for column in ("size", "terms", "where it is", "embedded", "not here", "CC BY-SA 4.0", "about 42 GB"):
        assert column in done.output
    assert str(home) in done.output.replace("\n", "")


def test_list_says_everything_about_one():
    done = medlabs_data("list", "nih_chestxray14")
    assert done.exit_code == 0
    said = " ".join(done.output.split())
    for text in (
        "IEEE CVPR 2017",
        "who is missing: Patients of one US",
        "none published for 12 files",
        "medlabs data fetch",
    ):
        assert text in said
    assert "1. Register at" in medlabs_data("list", "brats").output


@pytest.mark.parametrize("words", [("list", "nih"), ("fetch", "nih"), ("verify", "nih"), ("use", "nih", ".")])
def test_unknown_names_are_wrong_usage(words):
    done = medlabs_data(*words)
    assert done.exit_code == 2
    assert "did you mean nih_chestxray14?" in done.output


def test_fetch_verify_and_a_second_fetch(server, home):
    done = medlabs_data("fetch", "demo")
    assert done.exit_code == 0, done.output
    assert "Demo table: 200 kB. Terms: free; cite us." in done.output
    assert f"demo is in {home / 'demo'} (found table.csv)." in done.output
    assert "Please cite: Us 2026" in done.output
    assert "- Read the manual." in done.output
    assert (home / "demo" / "table.csv").read_bytes() == CONTENT
    done = medlabs_data("verify", "demo")
    assert done.exit_code == 0
    assert "right    table.csv: checksum right" in done.output
    assert medlabs_data("fetch", "demo").exit_code == 0
    assert len(server.answers) == 1
    (home / "demo" / "table.csv").write_bytes(CONTENT[:-1])
    done = medlabs_data("verify", "demo")
    assert done.exit_code == 3
    assert "WRONG    table.csv" in done.output
    assert medlabs_data("fetch", "demo", "--again").exit_code == 0
    assert medlabs_data("verify", "demo").exit_code == 0


def test_no_network_names_the_embedded_data(server):
    server.close()
    done = medlabs_data("fetch", "demo")
    assert done.exit_code == 3
    assert "Error: No connection to 127.0.0.1" in done.output
    assert "Without it the course uses xray_phantoms." in done.output
    assert "Traceback" not in done.output


def test_a_wrong_checksum_is_one_sentence(server, home):
    server.files["table.csv"] = CONTENT + b"3,4\n"
    done = medlabs_data("fetch", "demo")
    assert done.exit_code == 3
    assert "has the wrong checksum" in done.output
    assert not (home / "demo" / "table.csv").exists()
    assert "not here" in medlabs_data("list", "demo").output


def test_an_interrupted_fetch_goes_on(server):
    """A real process, killed in the middle, then started again."""
    code = "import sys; from labutils.datasets.download import ResumingDownloader as R; R(sys.argv[1])(*sys.argv[2:], None)"
    store = Path(os.environ["MEDLABS_DATA"])
    part = store / "demo" / ".partial" / "table.csv.part"
    server.cut_after = [60_000]
    server.stall = True  # the connection stays open and nothing more comes
    process = subprocess.Popen([sys.executable, "-c", code, str(part), server.url("table.csv"), str(store / "out")])
    wait_for(lambda: part.exists() and part.stat().st_size > 40_000, process)
    process.kill()
    process.wait()
    server.stall = False
    assert 40_000 < part.stat().st_size < 60_001
    server.answers.clear()
    done = medlabs_data("fetch", "demo")
    assert done.exit_code == 0, done.output
    assert [status for _, status, _ in server.answers] == [206]
    assert (store / "demo" / "table.csv").read_bytes() == CONTENT


def wait_for(condition, process):
    import time

    deadline = time.monotonic() + 60
    while not condition():
        assert process.poll() is None, "the download ended by itself"
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_by_hand_data_say_what_to_do_and_embedded_ones_that_they_are_here():
    done = medlabs_data("fetch", "brats")
    assert done.exit_code == 3
    assert "brats has to be downloaded by hand" in done.output
    assert "1. Register at" in done.output
    assert "Without it the course uses mni152." in done.output
    done = medlabs_data("fetch", "xray_phantoms")
    assert done.exit_code == 0
    assert "xray_phantoms needs no download" in done.output
    assert medlabs_data("verify", "lymphoma").exit_code == 0


def test_use_and_forget(tmp_path, home):
    folder = nih_folder(tmp_path / "my films")
    done = medlabs_data("use", "nih_chestxray14", folder)
    assert done.exit_code == 0, done.output
    assert (
        f"nih_chestxray14 is now read from {folder}: 1 films of 1 patients, labels from Data_Entry_2017.csv."
        in done.output
    )
    assert registry.find("nih_chestxray14") == folder
    assert json.loads((home / "datasets.json").read_text())["folders"] == {"nih_chestxray14": str(folder)}
    assert "on disk:" in medlabs_data("list", "nih_chestxray14").output
    done = medlabs_data("verify", "nih_chestxray14")
    assert done.exit_code == 0
    assert "right    films: all 1 are whole" in done.output
    assert medlabs_data("use", "nih_chestxray14", "--forget").exit_code == 0
    assert registry.find("nih_chestxray14") is None
    assert (folder / "images" / "00000001_000.png").exists()


def test_use_with_a_relative_folder(tmp_path, monkeypatch):
    nih_folder(tmp_path / "films")
    monkeypatch.chdir(tmp_path)
    assert medlabs_data("use", "nih_chestxray14", "films").exit_code == 0
    monkeypatch.chdir("/")
    assert registry.find("nih_chestxray14") == tmp_path / "films"


def test_verify_finds_a_film_that_was_cut_short(tmp_path):
    folder = nih_folder(tmp_path / "films")
    assert medlabs_data("use", "nih_chestxray14", folder).exit_code == 0
    film = folder / "images" / "00000001_000.png"
    film.write_bytes(film.read_bytes()[:30])
    done = medlabs_data("verify", "nih_chestxray14")
    assert done.exit_code == 3
    assert f"WRONG    films: 1 of 1 are damaged, for example {film}" in done.output


def test_a_folder_that_has_gone(tmp_path):
    folder = nih_folder(tmp_path / "films")
    assert medlabs_data("use", "nih_chestxray14", folder).exit_code == 0
    folder.rename(tmp_path / "moved")
    said = " ".join(medlabs_data("list", "nih_chestxray14").output.split())
    assert "gone: " in said
    done = medlabs_data("verify", "nih_chestxray14")
    assert done.exit_code == 2
    assert "was it moved or unplugged?" in done.output


def test_wrong_folders_change_nothing(tmp_path, home):
    (tmp_path / "empty").mkdir()
    (tmp_path / "x.csv").write_text("a,b\n")
    for folder, said in [
        ("empty", "looked for a csv"),
        ("nowhere", "its disk is plugged in"),
        ("x.csv", "is a file: give the folder"),
    ]:
        done = medlabs_data("use", "nih_chestxray14", tmp_path / folder)
        assert done.exit_code == 2
        assert said in done.output
        assert "Traceback" not in done.output
    done = medlabs_data("use", "msd_task01", tmp_path / "empty")
    assert done.exit_code == 2
    assert "looked for dataset.json or Task01_BrainTumour/dataset.json; found nothing" in done.output
    assert not home.exists()


@pytest.mark.parametrize(
    "words", [("use", "nih_chestxray14"), ("use", "nih_chestxray14", ".", "--forget"), ("use", "lymphoma", ".")]
)
def test_use_needs_a_folder_or_forget(words):
    assert medlabs_data("use", *words).exit_code == 2


def test_a_damaged_settings_file_is_one_sentence(home):
    home.mkdir()
    (home / "datasets.json").write_text("{")
    done = medlabs_data("list")
    assert done.exit_code == 2
    assert "datasets.json cannot be read: it is no JSON. Delete it and run the command again." in done.output


def test_help_names_the_four_commands():
    done = medlabs_data("--help")
    assert done.exit_code == 0
    for name in ("list", "fetch", "verify", "use", "MEDLABS_DATA"):
        assert name in done.output


@pytest.mark.realdata
def test_real_folders():
    if not REAL.is_dir():
        pytest.skip(f"THE REAL SAMPLES ARE NOT HERE: {REAL} is missing")
    done = medlabs_data("use", "nih_chestxray14", REAL / "nih_chestxray14_256")
    assert "720 films of 716 patients" in done.output
    done = medlabs_data("use", "brats", REAL / "tcga_lgg")
    assert done.exit_code == 2
    assert "looked for" in done.output
