"""The registry: its facts, the folders that it finds, what `verify` sees in them, and its page in the docs."""

import importlib.util
import re
import tomllib
from pathlib import Path

import pytest
from file_server import TABLE, known_as, table_file

from labutils.datasets import fetch as fetching
from labutils.datasets import registry, store

ROOT = Path(__file__).parents[2]
REAL = ROOT.parent / "shared" / "data"
pytestmark = pytest.mark.usefixtures("home")


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
