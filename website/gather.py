"""Lay out the pages of the site from the week folders and docs: one folder that Sphinx can build.

Nothing is listed by hand but the order of a few pages: weeks are found by their ``week.toml``, pages by being there.
"""

import re
import shutil
from pathlib import Path

import nbformat

from autograder import build, paths
from autograder.build.gate import find_leaks
from autograder.build.notebook import headings_of
from autograder.build.week import ASSIGNMENT, LESSON, QUIZ, notebook_names

FIRST = ["learner", "elsewhere", "instructor", "grading", "security", "datasets"]
CONTRIBUTE = ["CONTRIBUTING", "docs/add-a-week", "docs/decisions/README", "CHANGELOG"]
KINDS = {LESSON: "the week's ideas, with steps to try", QUIZ: "questions, graded", ASSIGNMENT: "exercises, graded"}
_LINK = re.compile(r"\[([^\]\n]*)\]\(([^)#\s]+)((?:#[^)\s]*)?)\)")


def gather(repository, target, names=None):
    """Write the pages of some weeks (all when left out) and of docs into an empty folder.

    Parameters
    ----------
    repository, target : pathlib.Path
    names : sequence of str, optional
        Weeks, written COURSE/WEEK.

    Returns
    -------
    list of autograder.build.Week
        The weeks that have pages.

    Raises
    ------
    ValueError
        If a week is not there, or a page holds what learners must not see.
    """
    every = paths.find_weeks(repository)
    weeks = [build.read_week(paths.find_week(name, repository)) for name in names or every]
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    shown = {week.name for week in weeks}
    texts = [*repository.glob("*.md"), *repository.glob("docs/**/*.md")]
    texts += _course_pages(weeks)
    for path in texts:
        place = path.relative_to(repository)
        text = follow_links(path.read_text(encoding="utf-8"), path.parent, repository, shown)
        _write(target / place, text)
    if (repository / "docs/figures").is_dir():
        shutil.copytree(repository / "docs/figures", target / "docs/figures")
    for licence in repository.glob("LICENSE*"):
        shutil.copyfile(licence, target / licence.name)
    for week in weeks:
        _lay_out(week, target / week.name)
    _write(target / "index.md", _front(target, weeks))
    _append_lists(target, weeks)
    _refuse_leaks(target, weeks)
    return weeks


def follow_links(text, folder, repository, shown=None):
    """Turn links that lead to folders of the repository into links to pages of the site.

    A folder of docs with a README leads to it. Any other is no page of the site (``release/``, ``deploy/``): its words stay.
    """

    def follow(found):
        words, link, anchor = found.groups()
        place = folder / link
        if "://" in link or not place.is_dir():
            return found.group()
        if (place / paths.WEEK_FILE).is_file():
            here = shown is None or paths.week_name(place) in shown
            return f"[{words}]({link.rstrip('/')}/index.md{anchor})" if here else words
        has_page = (place / "README.md").is_file() and place.resolve().is_relative_to(repository / "docs")
        return f"[{words}]({link.rstrip('/')}/README.md{anchor})" if has_page else words

    return _LINK.sub(follow, text)


def _course_pages(weeks):
    found = sorted({week.folder.parent / "README.md" for week in weeks})
    for path in found:
        if not path.is_file():
            raise ValueError(f"{path.parent.name}/README.md is missing. Write it: it is the first page of the course.")
    return found


def _lay_out(week, target):
    """Copy what a week releases, and write its first page."""
    shutil.copytree(paths.release_folder(week.folder), target)
    lines = [f"# {week.title}", "", week.summary, "", "## What you will be able to do", ""]
    lines += [f"- {objective}" for objective in week.objectives]
    lines += ["", "## Notebooks", "", "| notebook | what it is | minutes |", "|---|---|---|"]
    titles = {name: _title(target / f"{name}.ipynb", name) for name in notebook_names(week)}
    for name, title in titles.items():
        minutes = week.minutes.get(name, "")
        lines.append(f"| [{title}]({name}.ipynb) | {KINDS.get(name, 'practice, not graded')} | {minutes} |")
    lines += [
        "",
        "These pages show the notebooks as they run before anybody has answered a step. To try the steps, to move",
        f"the sliders and to hand in, open them [on your own machine]({_up(week.name)}docs/learner.md) or",
        f"[elsewhere]({_up(week.name)}docs/elsewhere.md).",
        "",
        _toctree([f"{title} <{name}>" for name, title in titles.items()]),
    ]
    _write(target / "index.md", "\n".join(lines))


def _title(path, name):
    """Say which of the week's notebooks it is, and what it is called: ``Lab 2: Choose a threshold``."""
    first = nbformat.read(path, as_version=4).cells[0].source
    kind = re.sub(r"(\d+)_.*", r" \1", name).capitalize()
    return f"{kind}: {headings_of(first)[0][1]}"


def _front(target, weeks):
    text = (target / "README.md").read_text(encoding="utf-8")
    (target / "README.md").unlink()
    courses = sorted({week.name.split("/")[0] for week in weeks})
    docs = [path.stem for path in sorted((target / "docs").glob("*.md"))]
    rest = [name for name in docs if name not in FIRST and f"docs/{name}" not in CONTRIBUTE]
    pages = [f"docs/{name}" for name in [name for name in FIRST if name in docs] + rest]
    contribute = [name for name in CONTRIBUTE if (target / f"{name}.md").is_file()]
    lists = [("Courses", [f"{course}/README" for course in courses]), ("Use and teach", pages)]
    lists.append(("Contribute", contribute))
    return text + "\n" + "\n".join(_toctree(names, caption) for caption, names in lists)


def _append_lists(target, weeks):
    """Give each course the list of its weeks, and the decisions theirs."""
    lists = {}
    for week in weeks:
        course, folder = week.name.split("/")
        lists.setdefault(target / course / "README.md", []).append(f"{folder}/index")
    decisions = target / "docs/decisions"
    if (decisions / "README.md").is_file():
        lists[decisions / "README.md"] = sorted(p.stem for p in decisions.glob("*.md") if p.stem != "README")
    for path, names in lists.items():
        shown = _toctree(names, hidden=path.parent != decisions)
        _write(path, path.read_text(encoding="utf-8") + "\n" + shown)


def _toctree(names, caption=None, *, hidden=True):
    options = [":hidden:"] if hidden else [":maxdepth: 1"]
    options += [f":caption: {caption}"] if caption else []
    return "\n".join(["```{toctree}", *options, "", *names, "```", ""])


def _up(name):
    return "../" * (name.count("/") + 1)


def _write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _refuse_leaks(target, weeks):
    """Look once more through the notebooks that go onto the site: they must hold no solution."""
    notebooks = [path for week in weeks for path in sorted((target / week.name).glob("*.ipynb"))]
    files = {path.relative_to(target).as_posix(): path.read_bytes() for path in notebooks}
    leaks = find_leaks(files, weeks)
    if leaks:
        raise ValueError(f"The site would show what learners must not see: {leaks[0]} Run `medlabs build`.")


def repository_of(start):
    """Find the repository, from ``MEDLABS_ROOT`` or the folder that holds this one."""
    return Path(paths.find_repository(start))
