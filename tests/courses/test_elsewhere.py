"""Do released notebooks open and run outside of our JupyterLab: in VS Code, on Binder, in Colab?"""

import importlib.metadata
import importlib.util
import re
import sys
import tomllib
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner
from course_weeks import REPOSITORY, WEEKS, each_notebook, label

from autograder import paths

RELEASED = [(name, notebook) for name, notebook, kind in each_notebook() if kind == "release"]
KERNEL = {"IPython"}  # what every Python kernel is made of
LAB_ONLY = {
    "a magic or a shell line": r"^\s*(%{1,2}[a-z]|!\s*\w)",
    "JavaScript for a notebook's page": r"\b(Javascript|display_javascript)\b|require\(|IPython\.notebook|Jupyter\.notebook",
    "a call into the shell around the kernel": r"\bget_ipython\b",
    "a picture pasted into a cell": r"\battachment:",
    "a script or a style sheet in text": r"<(script|style|iframe)\b",
    "a class of JupyterLab's page": r"\bjp-[A-Z]\w+|\blm-[A-Z]\w+",
    "an address of a running server": r"\b(localhost|127\.0\.0\.1):\d+|/(lab|notebooks|tree)/[\w/]+\.ipynb",
}


def released(name, notebook):
    """Read a notebook as learners open it."""
    return nbformat.read(paths.release_folder(WEEKS[name]) / f"{notebook}.ipynb", as_version=4)


def load(path):
    """Load a script, which is in no package."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


colab = load(REPOSITORY / "scripts" / "for_colab.py")


def stumbles(notebook):
    """List what in a notebook another place than JupyterLab would stumble over."""
    found = []
    if notebook.metadata.get("kernelspec", {}).get("name") != "python3":
        found.append("no kernel called python3")
    if notebook.metadata.get("language_info", {}).get("name") != "python":
        found.append("no language")
    for cell in notebook.cells:
        found += [what for what, pattern in LAB_ONLY.items() if re.search(pattern, cell.source, flags=re.M)]
        found += ["a pasted picture"] if cell.get("attachments") else []
        found += ["an output"] if cell.get("outputs") else []
    return found


def notebook_with(source, kind="code", **metadata):
    cell = getattr(nbformat.v4, f"new_{kind}_cell")(source)
    named = {"kernelspec": {"name": "python3", "display_name": "Python 3"}, "language_info": {"name": "python"}}
    return nbformat.v4.new_notebook(cells=[cell], metadata=named | metadata)


@pytest.mark.parametrize(("name", "notebook"), RELEASED, ids=label)
def test_a_released_notebook_is_valid_and_plain(name, notebook):
    made = released(name, notebook)
    nbformat.validate(made, relax_add_props=False)
    assert (made.nbformat, made.nbformat_minor) == (4, 5)
    assert stumbles(made) == []


@pytest.mark.parametrize(
    ("notebook", "says"),
    [
        (notebook_with("x = 7 % 3\ny = 1  # 100 %"), []),
        (notebook_with("Costs 5 % and runs", "markdown"), []),
        (notebook_with("%matplotlib inline"), ["a magic or a shell line"]),
        (notebook_with("%%time\nx = 1"), ["a magic or a shell line"]),
        (notebook_with("!pip install x"), ["a magic or a shell line"]),
        (notebook_with("from IPython.display import Javascript"), ["JavaScript for a notebook's page"]),
        (notebook_with("get_ipython().run_line_magic('time', '')"), ["a call into the shell around the kernel"]),
        (notebook_with("![x](attachment:a.png)", "markdown"), ["a picture pasted into a cell"]),
        (notebook_with("<style>.x {}</style>", "markdown"), ["a script or a style sheet in text"]),
        (notebook_with('<div class="jp-Cell">', "markdown"), ["a class of JupyterLab's page"]),
        (notebook_with("see http://localhost:8888/lab", "markdown"), ["an address of a running server"]),
        (notebook_with("x", kernelspec={"name": "ir", "display_name": "R"}), ["no kernel called python3"]),
        (notebook_with("x", language_info={"name": "R"}), ["no language"]),
    ],
)
def test_what_only_jupyterlab_understands_is_found(notebook, says):
    assert stumbles(notebook) == says


def test_environment_yml_installs_whatever_a_notebook_imports():
    lines = (REPOSITORY / "environment.yml").read_text().splitlines()
    installed = {
        colab._plain(re.match(r"[\w.-]+", line.strip()[2:]).group()) for line in lines if re.match(r"\s+- \w", line)
    }
    homes = importlib.metadata.packages_distributions()
    missing = {}
    for name, notebook in RELEASED:
        for top in colab.imported_names(colab.code_of(released(name, notebook))) - set(sys.stdlib_module_names):
            if (
                top not in {"labutils", *KERNEL}
                and not {colab._plain(home) for home in homes.get(top, [top])} & installed
            ):
                missing[top] = f"{name}/{notebook}"
    assert missing == {}


def test_labutils_on_colab_finds_everything_that_it_imports():
    helpers = [path.read_text("utf-8") for path in (REPOSITORY / "labutils").rglob("*.py")]
    brought = {"labutils", "requests", *KERNEL, *colab.COLABS_OWN}  # pooch brings requests
    names = colab.imported_names(helpers) - set(sys.stdlib_module_names) - brought
    homes = importlib.metadata.packages_distributions()
    yardsticks = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["dependency-groups"][
        "test"
    ]  # never for learners
    listed = {colab._plain(re.match(r"[\w.-]+", line).group()) for line in [*colab.packages_for(names), *yardsticks]}
    lone = {name for name in names if not {colab._plain(home) for home in homes.get(name, [name])} & listed}
    assert lone == set(), "labutils imports what pyproject.toml does not list"


@pytest.fixture(scope="module")
def copies(tmp_path_factory):
    out = tmp_path_factory.mktemp("colab")
    ran = CliRunner().invoke(colab.command, [str(out), "--repository", "someone/medlabs", "--ref", "v2026.11"])
    assert ran.exit_code == 0, ran.output
    assert ran.output == f"{len(RELEASED)} notebooks for Colab are in {out}.\n"
    return out


@pytest.mark.parametrize(("name", "notebook"), RELEASED, ids=label)
def test_a_copy_for_colab_installs_first_and_is_else_the_same(copies, name, notebook):
    copy = nbformat.read(copies / name / f"{notebook}.ipynb", as_version=4)
    nbformat.validate(copy)
    first, *rest = copy.cells
    assert first.cell_type == "code" and first.source.count("%pip install --quiet ") == 2
    assert '--no-deps "medlabs @ https://github.com/someone/medlabs/archive/v2026.11.zip"' in first.source
    assert "handed in" in first.source and "graphics card" in first.source, "the limits are stated"
    assert "jupyterlab" not in first.source and "nbgrader" not in first.source and "ipywidgets" not in first.source
    ours = released(name, notebook)
    assert [cell.source for cell in rest if cell.cell_type == "code"] == colab.code_of(ours)
    assert [cell.id for cell in rest] == [cell.id for cell in ours.cells]
    pictures = [link for cell in rest for link in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", cell.source)]
    course, week = name.split("/")
    place = f"https://raw.githubusercontent.com/someone/medlabs/v2026.11/{course}/release/{week}/figures/"
    assert [link for link in pictures if not link.startswith(place)] == []
    assert [link for link in pictures if not (REPOSITORY / link.split("v2026.11/")[1]).is_file()] == []


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--repository", "medlabs"], "'medlabs' at 'main' is no repository on GitHub. Write --repository OWNER/NAME"),
        (["--repository", "a/b/c"], "no repository on GitHub"),
        (["--repository", 'a/b"; import os'], "no repository on GitHub"),
        (["--repository", "a/b", "--ref", "x y"], "at 'x y' is no repository"),
        (["--repository", "a/b", "course9/week9"], "There is no week 'course9/week9'"),
    ],
)
def test_what_is_no_repository_is_refused_and_nothing_is_written(tmp_path, arguments, says):
    ran = CliRunner().invoke(colab.command, [str(tmp_path / "out"), *arguments])
    assert ran.exit_code == 1 and says in ran.output
    assert not (tmp_path / "out").exists()


def test_the_page_says_what_the_script_writes():
    page = (REPOSITORY / "docs" / "elsewhere.md").read_text("utf-8")
    for line in colab.INSTALL.splitlines():
        if line.startswith("%pip"):
            assert line.split("{")[0] in page
    for place in ("Visual Studio Code", "Binder", "Colab"):
        assert f"## {place}" in page and "Limits:" in page.split(f"## {place}")[1]
    assert Path(REPOSITORY / "scripts/for_colab.py").is_file()
