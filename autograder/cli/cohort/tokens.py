"""Give learners tokens to hand in with, where no hub knows them."""

import csv
import io
import re
import time
from pathlib import Path

import click

from autograder.cli.cohort import FOLDER, find


@click.command()
@FOLDER
@click.option(
    "--out", metavar="FILE.csv", type=click.Path(path_type=Path), required=True, help="Where the tokens are written."
)
@click.option("--only", metavar="ID", multiple=True, help="For this learner; again for more.  [default: the roster]")
@click.option("--instructor", metavar="ID", multiple=True, help="Make one for an instructor too.")
@click.option("--days", type=click.IntRange(1, 3650), help="They end after so many days.  [default: never]")
def command(folder, out, only, instructor, days):
    """Write a new token for each learner to FILE.csv; older ones of theirs end.

    The cohort keeps no token, only what recognises it: FILE.csv is the one copy. Hand each learner their line, and
    delete the file.
    """
    from autograder.service import identity
    from autograder.service.identity import INSTRUCTOR, LEARNER, Person
    from autograder.workspace import write_whole

    cohort = find(folder)
    unknown = [name for name in only if name not in cohort.learners]
    if unknown:
        raise ValueError(f"Nobody in the roster of {cohort.name} has the id {unknown[0]!r}. Nothing was changed.")
    odd = [name for name in instructor if not re.fullmatch(r"[A-Za-z0-9][\w.@-]{0,63}", name, flags=re.ASCII)]
    clash = [name for name in instructor if name in cohort.learners]
    if odd or clash:
        what = "cannot be an id" if odd else "is a learner's id"
        raise ValueError(f"{(odd or clash)[0]!r} {what}: choose another for the instructor. Nothing was changed.")
    if out.exists():
        raise ValueError(f"{out} exists: name a new file, so that no tokens are written over. Nothing was changed.")
    chosen = only or (() if instructor else cohort.learners)
    people = [Person(name, LEARNER) for name in chosen] + [Person(name, INSTRUCTOR) for name in instructor]
    out.touch(mode=0o600)  # before any old token ends: a place that cannot be written is found out here
    path = cohort.folder / ".medlabs" / identity.TOKENS
    given = identity.give_tokens(path, people, expires=time.time() + days * 86_400 if days else None)
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([("id", "token"), *given.items()])
    write_whole(out, text.getvalue().encode(), mode=0o600)
    click.echo(f"{len(given)} tokens are in {out}; older ones of these people have ended.")
