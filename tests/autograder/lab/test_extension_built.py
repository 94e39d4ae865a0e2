"""Is the browser half that is committed the one that its sources make?"""

import importlib.util
import json
import re
import tomllib
from pathlib import Path

import pytest

from autograder.lab import LABEXTENSIONS, NAME

ROOT = Path(__file__).resolve().parents[3]
SOURCES = sorted((ROOT / "extension" / "src").iterdir())


def script():
    """Load scripts/build_extension.py, which notes what a build was made from."""
    spec = importlib.util.spec_from_file_location("build_extension", ROOT / "scripts" / "build_extension.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_built_panels_belong_to_their_sources():
    """A change of a source or of a built file shows here until `make extension` was called."""
    build = script()
    assert (LABEXTENSIONS / NAME / build.NOTE).read_text() == build.note(), (
        "call `make extension` and commit what it makes"
    )


def test_what_is_built_is_small_and_holds_no_source_map():
    files = [path for path in (LABEXTENSIONS / NAME).rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 150_000
    mark = re.compile(rb"^//# sourceMappingURL=", re.M)
    assert [path.name for path in files if path.suffix == ".map" or mark.search(path.read_bytes())] == []


def test_names_and_versions_agree():
    built = json.loads((LABEXTENSIONS / NAME / "package.json").read_text())
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert built["name"] == NAME
    assert built["version"] == project["project"]["version"]
    shared = project["tool"]["hatch"]["build"]["targets"]["wheel"]["shared-data"]
    assert all((ROOT / path).exists() for path in shared)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_text_is_shown_as_text_and_files_stay_small(path):
    """React escapes; these are the ways around it."""
    text = path.read_text()
    assert (
        re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|srcdoc|localStorage", text) == []
    )
    assert re.findall(r"href=\{|src=\{", text) == [], "no address is made from what a service says"
    assert len(text.splitlines()) <= 300
