"""Write the marks for a spreadsheet, Canvas or Moodle."""

from pathlib import Path

import click

from autograder.cli.cohort import FOLDER, WEEKS, chosen, find


class Formats(click.ParamType):
    """One or more names of formats, with commas between."""

    name = "formats"

    def convert(self, value, param, ctx):
        from autograder.cohort.export import FORMATS

        names = [name.strip() for name in value.split(",")] if isinstance(value, str) else value
        for name in names:
            if name not in FORMATS:
                self.fail(f"there is no format {name!r}; there are: {', '.join(FORMATS)}.", param, ctx)
        return list(dict.fromkeys(names))


@click.command()
@WEEKS
@FOLDER
@click.option(
    "--format", "formats", type=Formats(), default="csv", show_default=True, help="csv, canvas, moodle or more."
)
@click.option(
    "--to", metavar="DIR", type=click.Path(path_type=Path, file_okay=False), help="Where.  [default: exports/]"
)
@click.option(
    "--base",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The gradebook as Canvas exported it.",
)
@click.option("--zeros", is_flag=True, help="Write 0 where nothing was handed in; otherwise the cell is empty.")
def command(weeks, folder, formats, to, base, zeros):
    """Write the marks of weeks (all released ones when left out): marks by hand win, lateness is taken off.

    canvas writes what Canvas's gradebook imports; with --base it keeps Canvas's own numbers of people and columns. moodle
    writes what Moodle's grade import takes; choose "ID number" or "Email address" there. No cell can be taken for a formula.
    """
    from autograder.cohort import export

    if base and "canvas" not in formats:
        raise ValueError("--base is for --format canvas: add that, or leave --base out.")
    cohort = find(folder)
    rows = export.read_base(base) if base else None
    found = export.collect(cohort, chosen(cohort, weeks))
    made = {
        "csv": lambda: export.plain(cohort, found),
        "canvas": lambda: export.canvas(cohort, found, rows, zeros=zeros),
        "moodle": lambda: export.moodle(cohort, found, zeros=zeros),
    }
    tables = {name: made[name]() for name in formats}  # all of them before the first is written
    for name, table in tables.items():
        path = export.write(cohort, table, f"grades-{name}.csv", to)
        click.echo(f"{path}: {len(cohort.learners)} learners, {len(found)} weeks.")
