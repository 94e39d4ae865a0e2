"""Write copies of the released notebooks for Colab: the first cell installs, and figures come from the repository.

    python scripts/for_colab.py OUT --repository OWNER/NAME [--ref main] [WEEK]...

The notebooks of the house install nothing and find their figures beside them; on Colab they lie alone. What is
installed is what notebooks and labutils import, with the bounds of pyproject.toml, and labutils itself without its other
dependencies: JupyterLab and nbgrader would replace parts of Colab.
"""

import ast
import functools
import importlib.metadata
import re
import sys
import tomllib
from pathlib import Path
from urllib.parse import quote

import click
import nbformat

from autograder import paths

ROOT = Path(__file__).resolve().parents[1]
REPOSITORY = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+")
REF = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]*")
COLABS_OWN = {"ipywidgets"}  # Colab's page speaks to its own version
INSTALL = """\
# For Colab only. Run this cell first; if Colab then asks to restart the session, restart it and go on below.
# No graphics card is needed. Answers cannot be handed in from here: download the notebook and use `medlabs submit`.
%pip install --quiet {packages}
%pip install --quiet --no-deps "medlabs @ {archive}"
"""


def imported_names(sources):
    """Name the top packages that Python sources import."""
    names = set()
    for source in sources:
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
                names.add(node.module.split(".")[0])
    return names


def code_of(notebook):
    """Give the source of each code cell."""
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


def packages_for(names):
    """Give the dependencies of pyproject.toml that hold some top packages, as they are written there."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    written = {_plain(re.match(r"[A-Za-z0-9._-]+", line).group()): line for line in project["dependencies"]}
    homes = _homes()
    held = {_plain(home) for name in names for home in homes.get(name, [])}
    return [line for name, line in written.items() if name in held]


def for_colab(notebook, place, packages, repository, ref):
    """Give a copy of a released notebook that opens alone.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
    place : str
        Its folder in the repository.
    packages : sequence of str
    repository, ref : str
        OWNER/NAME, and a branch, a tag or a commit.
    """
    copy = nbformat.from_dict(notebook)
    raw = f"https://raw.githubusercontent.com/{repository}/{quote(ref)}/{place}/figures/"
    for cell in copy.cells:
        if cell.cell_type == "markdown":
            cell.source = re.sub(r"(!\[[^\]]*\]\()figures/", rf"\1{raw}", cell.source)
    archive = f"https://github.com/{repository}/archive/{quote(ref)}.zip"
    listed = " ".join(f'"{package}"' for package in packages)
    first = nbformat.v4.new_code_cell(INSTALL.format(packages=listed, archive=archive), id="install-on-colab")
    copy.cells.insert(0, first)
    nbformat.validate(copy)
    return copy


@click.command()
@click.argument("out", type=click.Path(path_type=Path, file_okay=False))
@click.argument("week_names", metavar="[WEEK]...", nargs=-1)
@click.option("--repository", required=True, help="OWNER/NAME on GitHub, where Colab finds this repository.")
@click.option("--ref", default="main", show_default=True, help="A branch, a tag or a commit.")
def command(out, week_names, repository, ref):
    """Write copies of the released notebooks that open on Colab into the folder OUT."""
    if not REPOSITORY.fullmatch(repository) or not REF.fullmatch(ref):
        raise click.ClickException(
            f"{repository!r} at {ref!r} is no repository on GitHub. Write --repository OWNER/NAME --ref main."
        )
    root = paths.find_repository(ROOT)
    try:
        folders = [paths.find_week(name, root) for name in week_names or paths.find_weeks(root)]
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    helpers = imported_names(path.read_text(encoding="utf-8") for path in (ROOT / "labutils").rglob("*.py"))
    count = 0
    for folder in folders:
        for path in sorted(paths.release_folder(folder).glob("*.ipynb")):
            notebook = nbformat.read(path, as_version=4)
            packages = packages_for((helpers | imported_names(code_of(notebook))) - COLABS_OWN)
            place = path.parent.relative_to(root).as_posix()
            target = out / paths.week_name(folder) / path.name
            target.parent.mkdir(parents=True, exist_ok=True)
            nbformat.write(for_colab(notebook, place, packages, repository, ref), target)
            count += 1
    click.echo(f"{count} notebooks for Colab are in {out}.")


@functools.cache
def _homes():
    return importlib.metadata.packages_distributions()


def _plain(name):
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    sys.exit(command())
