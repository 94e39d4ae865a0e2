"""Does every notebook run from top to bottom, offline, in time, without an error or a warning?"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from course_weeks import each_notebook, each_week, label, make, week

from autograder import build

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
# Budgets are 3 minutes and 60 seconds on two free cores. A busy machine may take twice as long before a test fails.
NOTEBOOK_SECONDS, CELL_SECONDS, MEMORY_MB = 2 * 180, 2 * 60, 4000
SAID = {"instructor": "Right", "release": "Not attempted yet"}


@pytest.fixture(scope="module")
def fonts(tmp_path_factory):
    """A folder with matplotlib's list of fonts: making it takes seconds, and a busy machine is warned on stderr of that."""
    folder = tmp_path_factory.mktemp("matplotlib")
    environment = os.environ | {"MPLCONFIGDIR": str(folder)}
    subprocess.run([sys.executable, "-c", "import matplotlib.font_manager"], env=environment, check=True)
    return folder


@pytest.fixture
def environment(tmp_path, fonts):
    """The environment of a learner's kernel, without proxies and with a home of its own."""
    kept = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    home = {name: str(tmp_path) for name in ("HOME", "IPYTHONDIR", "MEDLABS_DATA")}
    return kept | home | {"TF_CPP_MIN_LOG_LEVEL": "3", "MPLCONFIGDIR": str(fonts)}


@pytest.mark.parametrize(("name", "notebook", "kind"), each_notebook(), ids=label)
def test_a_notebook_runs_from_top_to_bottom(tmp_path, environment, note_time, name, notebook, kind):
    made = make(name, notebook, kind)
    nbformat.write(made, tmp_path / "in.ipynb")
    script = Path(__file__).resolve().parents[1] / "run_notebook.py"
    ran = subprocess.run(
        [sys.executable, str(script), str(tmp_path / "in.ipynb"), str(tmp_path / "out.json")],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-3000:]
    result = json.loads((tmp_path / "out.json").read_text())
    note_time((f"{name} {notebook} ({kind})", result["seconds"], result["longest_cell"], result["memory_mb"]))
    graded_blank = kind == "release" and notebook in build.graded_names(week(name))
    # A blank assignment stops at its checks, and at what is drawn from answers that are not there yet.
    bad = [e for e in result["errors"] if not (graded_blank and (e["is_check"] or e["is_ungraded"]))]
    assert [f"{e['first_line']} -> {e['error']}" for e in bad] == []
    assert result["warnings"] == []
    assert (result["figures_without_alt"], result["images_without_words"]) == (0, 0)
    assert result["seconds"] < NOTEBOOK_SECONDS and result["longest_cell"] < CELL_SECONDS
    assert result["memory_mb"] < MEMORY_MB
    if notebook not in build.graded_names(week(name)):
        check_try_its(made, result["said"], SAID[kind], notebook)


def check_try_its(made, said, wanted, notebook):
    asked = sum(cell.source.count("practice.check(") for cell in made.cells if cell.cell_type == "code")
    told = [line for line in said if re.match(r"(Right|Not yet|Not attempted yet)\b", line)]
    assert asked >= (2 if notebook.startswith("lab") else 0)
    assert len(told) >= asked
    assert [line for line in told if not line.startswith(wanted)] == []


@pytest.mark.parametrize("name", each_week(), ids=label)
def test_a_lesson_runs_as_a_script_too(tmp_path, environment, name):
    source = week(name).source("lesson")
    ran = subprocess.run(
        [sys.executable, "-W", "error::UserWarning:__main__", str(source)],
        cwd=tmp_path,
        env=environment | {"MPLBACKEND": "agg"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
