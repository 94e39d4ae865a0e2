"""Build the documentation site: ``python website/build.py [WEEK]...`` (all weeks when left out).

Lessons and labs are run, and what came of it is kept by the content of their code, of labutils and of the lock, so that a
second build runs nothing. Warnings, dead links, pictures without words and anything loaded from elsewhere fail the build.
"""

import hashlib
import os
import shutil
import sys
import tempfile
from pathlib import Path

import click

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent


@click.command()
@click.argument("week_names", metavar="[WEEK]...", nargs=-1)
@click.option("--out", type=click.Path(path_type=Path), default=ROOT / "build" / "site", show_default="build/site")
@click.option("--links", is_flag=True, help="Ask every external address instead of building (needs a network).")
def command(week_names, out, links):
    """Build the site into OUT/html, or with --links ask all external addresses."""
    from gather import gather, repository_of
    from pages import find_faults

    repository = repository_of(HERE)
    try:
        weeks = gather(repository, out / "source", week_names)
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{len(weeks)} {'week' if len(weeks) == 1 else 'weeks'} gathered in {out / 'source'}")
    if links:
        raise SystemExit(sphinx(out, "linkcheck", "-D", "nb_execution_mode=off"))
    for old in ("html", "doctrees"):  # a page that is gone must be gone; only what notebooks gave is kept
        shutil.rmtree(out / old, ignore_errors=True)
    status = sphinx(out, "html", "-W", "--keep-going", "-D", f"nb_execution_cache_path={cache_folder(out)}")
    faults = find_faults(out / "html")
    for fault in faults:
        click.echo(fault, err=True)
    if status or faults:
        raise click.ClickException("The site was not built: mend what is said above.")
    click.echo(f"The site is in {out / 'html'}; open {out / 'html' / 'index.html'}")


def sphinx(out, builder, *arguments):
    """Run Sphinx with a home of its own, so that nothing of this machine's owner gets onto a page; return its exit status."""
    from sphinx.cmd.build import main

    with tempfile.TemporaryDirectory(prefix="site-") as home:
        os.environ.update({"MEDLABS_DATA": home, "IPYTHONDIR": f"{home}/ipython", "TF_CPP_MIN_LOG_LEVEL": "3"})
        places = ["-c", str(HERE), "-d", str(out / "doctrees"), str(out / "source"), str(out / builder)]
        return main(["-q", "-b", builder, *arguments, *places])


def cache_folder(out):
    """Name the folder of stored outputs. Other helpers or other libraries, another folder: their outputs may differ."""
    found = hashlib.sha256((ROOT / "requirements.lock").read_bytes())
    for path in sorted((ROOT / "labutils").rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            found.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return out / f"outputs-{found.hexdigest()[:16]}"


if __name__ == "__main__":
    sys.path.insert(0, str(HERE))
    command()
