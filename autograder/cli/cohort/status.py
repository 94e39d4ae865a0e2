"""Show where each week stands; --page writes plots for the instructor."""

import click

from autograder.cli.cohort import FOLDER, WEEKS, chosen, find


@click.command()
@WEEKS
@FOLDER
@click.option("--page", is_flag=True, help="Write overview.html with plots of every week into the cohort.")
def command(weeks, folder, page):
    """Show a line per week; with one WEEK, a line per learner."""
    from rich.console import Console

    from autograder.cohort import intake, overview
    from autograder.cohort.seeds import seeded_week
    from autograder.grading.messages import tidy

    console = Console()
    cohort = find(folder)
    names = chosen(cohort, weeks, released=False)
    states = [overview.state(cohort, week) for week in names]
    waiting = {}
    for one in states:
        found, refused = intake.look(cohort, seeded_week(cohort, one.week)) if one.released else ([], [])
        waiting[one.week] = len(found)
        for odd in refused:
            console.print(tidy(f"{odd.place}: {odd.why}"), markup=False, highlight=False, soft_wrap=True)
    console.print(learner_table(cohort, states[0]) if len(weeks) == 1 else week_table(cohort, states, waiting))
    if page:
        console.print(f"Plots: {overview.write(cohort, states)}", markup=False, highlight=False, soft_wrap=True)


def week_table(cohort, states, waiting):
    """Make the table of weeks."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD)
    for column in ("Week", "Due", "Handed in", "Attempts", "Late", "Waiting", "To look at"):
        table.add_column(column, overflow="fold")
    for one in states:
        due = f"{one.due.astimezone(cohort.timezone):%Y-%m-%d %H:%M}" if one.due else "never"
        if not one.released:
            table.add_row(one.week, due, "not released")
            continue
        odd = {
            "failed": one.failed, "unreadable": one.unreadable, "marks by hand to look at again": one.flagged,
            "graded by older checks": one.outdated, "seed not proven": 0 if one.proven else 1,
        }  # fmt: skip
        words = ", ".join(
            f"{count} {name}" if name != "seed not proven" else name for name, count in odd.items() if count
        )
        table.add_row(
            one.week, due, f"{one.handed_in} of {len(cohort.learners)}", str(one.attempts), str(one.late),
            str(waiting[one.week]), words,
        )  # fmt: skip
    return table


def learner_table(cohort, one):
    """Make the table of one week's learners."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    from autograder.cohort.plans import deadline

    table = Table(box=box.SIMPLE_HEAD, title=one.week, title_justify="left")
    for column in ("Id", "Name", "Section", "Due", "Score", "What to know"):
        table.add_column(column, overflow="fold")
    for person in cohort.learners.values():
        final, due = one.finals.get(person.id), deadline(cohort, one.week, person.id)
        words = []
        for mark in final.notebooks.values() if final else []:
            count = f"attempt {mark.entry.attempt} of {mark.attempts}" if mark.entry else f"{mark.attempts} attempts"
            words.append(f"{mark.notebook}: {count}{f', {mark.late.words}' if mark.late and mark.late.days else ''}")
            words += [f"by hand: {' '.join(mark.by_hand)}"] if mark.by_hand else []
        table.add_row(
            person.id, Text(person.name), Text(person.section),
            f"{due.astimezone(cohort.timezone):%Y-%m-%d %H:%M}" if due else "never",
            f"{final.score:g} of {final.max_score:g}" if final and final.handed_in else "nothing", Text("; ".join(words)),
        )  # fmt: skip
    return table
