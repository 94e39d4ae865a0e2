"""List, fetch, verify or point at the real data sets."""

import shutil
import textwrap

import click

FAILED = 3  # exit status when the network, a server or a checksum failed; wrong input is 2, as in every medlabs command
SIGNS = {True: "right  ", False: "WRONG  ", None: "differs"}


class Failure(click.ClickException):
    """Something failed that was not wrong input."""

    exit_code = FAILED


@click.group()
def command():
    """List, fetch, verify or point at the real data sets.

    Every lab works without them, on data that come with medlabs. Downloads go to the folder that MEDLABS_DATA
    names, else to your own data folder.
    """


@command.command("list")
@click.argument("name", required=False)
def list_data(name):
    """Show all data sets and where they are, or everything about NAME."""
    _show_all() if name is None else _show_one(name)


@command.command()
@click.argument("name")
@click.option("--again", is_flag=True, help="Throw away what an earlier fetch left and download everything anew.")
def fetch(name, again):
    """Download NAME, or go on with a download that was stopped."""
    from labutils.datasets import fetch as fetching
    from labutils.datasets import registry

    dataset = registry.get(name)
    if dataset.kind != "download":
        click.echo(fetching.how_to_get(dataset))
        raise SystemExit(0 if dataset.kind == "embedded" else FAILED)
    click.echo(f"{dataset.title}: {dataset.size}. Terms: {dataset.terms}.")
    try:
        folder = fetching.fetch(name, again=again)
    except fetching.DownloadError as error:
        raise Failure(f"{error}\nWithout it the course uses {dataset.default}.") from None
    except RuntimeError as error:
        raise Failure(str(error)) from None
    click.echo(f"{name} is in {folder} ({registry.check_layout(dataset, folder)}).")
    click.echo(f"Please cite: {dataset.citation}")
    for step in dataset.steps:
        click.echo(f"- {step}")


@command.command()
@click.argument("name")
def verify(name):
    """Check the layout, the checksums and the films of NAME on disk."""
    from labutils.datasets import fetch as fetching

    try:
        checks = fetching.verify(name)
    except fetching.ByHandError as error:
        click.echo(str(error))
        return
    for check in checks:
        click.echo(f"{SIGNS[check.good]}  {check.what}: {check.said}")
    if any(check.good is False for check in checks):
        raise Failure(f"{name} is not as it should be: see the lines marked WRONG.")


@command.command()
@click.argument("name")
@click.argument("folder", required=False, metavar="DIR")
@click.option("--forget", is_flag=True, help="Forget the folder that was named before.")
def use(name, folder, forget):
    """Use the copy of NAME that lies in DIR.

    The layout is checked first; nothing is copied or changed. Notebooks then find the data by its name.
    """
    from labutils.datasets import registry, store

    dataset = registry.get(name)
    if forget == (folder is not None):
        raise click.UsageError("Give either a folder or --forget.")
    if dataset.kind == "embedded":
        raise click.UsageError(f"{name} comes with the package {dataset.package}: there is no folder to name.")
    if forget:
        store.remember(name, None)
        click.echo(f"The folder of {name} is forgotten; {name} is now {registry.state(dataset)}.")
        return
    said = registry.check_layout(dataset, folder)
    store.remember(name, folder)
    click.echo(f"{name} is now read from {store.used_folder(name)}: {said}.")
    click.echo(f"Terms: {dataset.terms}. Please cite: {dataset.citation}")


def _show_all():
    from rich.console import Console
    from rich.table import Table

    from labutils.datasets import registry, store

    table = Table()
    for column in ("name", "what it is", "size", "terms in short", "where it is"):
        table.add_column(column, overflow="fold", no_wrap=column == "name")
    for name in registry.names():
        one = registry.get(name)
        table.add_row(name, one.title, one.size, _in_short(one.terms), registry.state(one))
    width = shutil.get_terminal_size(fallback=(110, 24)).columns
    Console(width=width, highlight=False, markup=False).print(table)
    click.echo(
        f"Downloads go to {store.data_folder()}. `medlabs data list NAME` says everything about one, its full terms too."
    )


def _in_short(terms):
    return terms.split(";")[0].split(":")[0].split(". ")[0]


def _show_one(name):
    from labutils.datasets import fetch as fetching
    from labutils.datasets import registry

    one = registry.get(name)
    facts = {
        "what it is for": f"{one.purpose} ({', '.join(one.weeks)})",
        "where it is": registry.state(one),
        "size": one.size,
        "source": one.source,
        "terms": one.terms,
        "please cite": one.citation,
        "layout": one.layout,
        "who is missing": one.missing,
        "checksums": registry.checksums(one),
    }
    click.echo(one.title)
    for key, value in facts.items():
        lines = textwrap.wrap(
            f"{key}: {value}", 100, initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False
        )
        click.echo("\n".join(lines))
    click.echo(f"  get it with: medlabs data fetch {name}" if one.kind == "download" else fetching.how_to_get(one))
