"""The command ``medlabs``.

Each module of this package is one subcommand: it exports a click command called ``command``, and the first line of its
docstring is its line in ``medlabs --help``. Nothing has to be listed anywhere. A module is imported only when its
command is called, because most of them need slow libraries.
"""

import ast
import importlib
import os
import pkgutil
import re
import sys
from pathlib import Path

import click

DEBUG_VARIABLE = "MEDLABS_DEBUG"


class Commands(click.Group):
    """The modules of a package as subcommands, each imported when it is called.

    Parameters
    ----------
    package : str
        The dotted name of the package.
    folders : list of str
        Where its modules are.
    """

    def __init__(self, *args, package=__name__, folders=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.package = package
        self.folders = list(folders or __path__)

    def list_commands(self, ctx):
        names = [module.name for module in pkgutil.iter_modules(self.folders)]
        return sorted(name.replace("_", "-") for name in names if not name.startswith("_"))

    def get_command(self, ctx, name):
        if name not in self.list_commands(ctx):
            return None
        return importlib.import_module(f"{self.package}.{name.replace('-', '_')}").command

    def resolve_command(self, ctx, args):
        if args and args[0] not in self.list_commands(ctx):
            ctx.fail(f"There is no command {args[0]!r}. There are: {', '.join(self.list_commands(ctx))}.")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx, formatter):
        rows = [(name, self.one_line(name)) for name in self.list_commands(ctx)]
        if rows:
            with formatter.section("Commands"):
                formatter.write_dl(rows)

    def one_line(self, name):
        """Read the first line of a module's docstring without importing it."""
        for finder in pkgutil.iter_modules(self.folders):
            if finder.name == name.replace("-", "_"):
                spec = finder.module_finder.find_spec(finder.name)
                try:
                    doc = ast.get_docstring(ast.parse(spec.loader.get_data(spec.origin)))
                except SyntaxError as error:
                    return f"(cannot be loaded: line {error.lineno} is no Python)"
                return (doc or "").split("\n", 1)[0]
        return ""

    def invoke(self, ctx):
        """Turn an error about input into one sentence; MEDLABS_DEBUG=1 shows where it came from."""
        try:
            return super().invoke(ctx)
        except (ValueError, OSError) as error:
            if os.environ.get(DEBUG_VARIABLE) or isinstance(error, BrokenPipeError):
                raise
            wrong = click.ClickException(_sentence(error))
            wrong.exit_code = 2
            raise wrong from error


def _sentence(error):
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return re.sub(r"\s*\n\s*", " ", str(error)) or type(error).__name__


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="medlabs", prog_name="medlabs")
def medlabs():
    """Labs that teach AI for medicine, and their grader."""


def main():
    """Run the command line.

    nbgrader starts ``alembic`` by name, which is found only where the tools of this installation are on PATH: also when
    nobody activated the environment.
    """
    tools = str(Path(sys.executable).parent)
    os.environ["PATH"] = os.pathsep.join([tools, os.environ.get("PATH", os.defpath)])
    medlabs(prog_name="medlabs")
