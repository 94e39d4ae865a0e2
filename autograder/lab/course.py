"""What the Course panel shows: every week of the workspace, what is done, minutes left, due dates and scores."""

import asyncio
import re

from autograder import build, paths
from autograder.lab import progress
from autograder.lab.places import NO_SPACE

GRADED = ("quiz", "assignment")


def read_weeks(space):
    """Read the weeks that are laid out in a workspace, in the order of the curriculum.

    Parameters
    ----------
    space : pathlib.Path

    Returns
    -------
    dict of str to autograder.build.Week
    """
    return {name: build.read_week(folder) for name, folder in paths.find_weeks().items() if (space / name).is_dir()}


async def overview(lab):
    """Make the content of the Course panel.

    Parameters
    ----------
    lab : autograder.lab.extension.Lab

    Returns
    -------
    dict
        ``source``, ``cohort``, ``problem`` (a sentence or empty) and ``weeks``; plain values only.
    """
    if lab.space is None:
        return {"source": lab.desk.source, "cohort": "", "problem": NO_SPACE, "weeks": []}
    weeks = await asyncio.to_thread(read_weeks, lab.space)
    standing = await lab.desk.standing(weeks)
    # in a thread: the first look reads every notebook
    listed = await asyncio.to_thread(lambda: [_week(lab, week, standing) for week in weeks.values()])
    return {"source": lab.desk.source, "cohort": standing["cohort"], "problem": standing["problem"], "weeks": listed}


def _week(lab, week, standing):
    notebooks = [_notebook(lab, week, name, standing) for name in _names(week)]
    there = [notebook for notebook in notebooks if notebook["exists"]]
    about = standing["weeks"].get(week.name, {})
    return {
        "week": week.name,
        "course": _said(week.name.split("/")[0]),
        "label": _said(week.folder.name).split(":")[0],
        "title": week.title,
        "done": sum(notebook["done"] for notebook in there),
        "total": len(there),
        "minutes_left": sum(notebook["minutes_left"] for notebook in there),
        "due": about.get("due"),
        "late_until": about.get("late_until"),
        "released": about.get("released", True),
        "notebooks": notebooks,
    }


def _names(week):
    """Name a week's notebooks; a lab on a hub has what was released of them, and no sources."""
    released = paths.release_folder(week.folder)
    return build.notebook_names(week) or [n for n in week.minutes if (released / f"{n}.ipynb").is_file()]


def _notebook(lab, week, name, standing):
    path = lab.space / week.name / f"{name}.ipynb"
    minutes = week.minutes[name]
    entry = {
        "name": name,
        "label": _said(name),
        "path": path.relative_to(lab.root).as_posix(),
        "graded": name in GRADED,
        "exists": path.is_file(),
        "minutes": minutes,
    }
    if name not in GRADED:
        cells = progress.cells_run(path)
        left = progress.minutes_left(minutes, cells)
        return entry | {"done": cells.done, "begun": cells.run > 0, "minutes_left": 0 if cells.done else left}
    reached = standing["notebooks"].get((week.name, name), {})
    score, most = reached.get("score"), reached.get("max_score")
    done = bool(score is not None and most and score >= week.pass_mark * most)
    begun = bool(reached.get("attempts_used"))
    return entry | reached | {"done": done, "begun": begun, "minutes_left": 0 if done else minutes}


def _said(name):
    """Say a folder's or notebook's name as people do: ``lab1_explore_xrays`` is *Lab 1: explore xrays*."""
    found = re.fullmatch(r"([a-z]+)(\d+)_(.+)", name)
    if not found:
        return name.replace("_", " ").capitalize()
    return f"{found[1].capitalize()} {found[2]}: {found[3].replace('_', ' ')}"
