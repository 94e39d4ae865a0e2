"""Marks for other programs: a plain CSV, and the layouts that Canvas and Moodle write and read themselves."""

import re
from datetime import UTC, datetime

from autograder.cohort import cells, marks
from autograder.cohort.course import gradebook
from autograder.cohort.feedback import week_title
from autograder.cohort.lock import writing
from autograder.workspace import write_whole

FORMATS = ("csv", "canvas", "moodle")
FOLDER = "exports"
CANVAS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
POINTS_POSSIBLE = "    Points Possible"  # Canvas's own row below the titles, blanks and all
MOODLE = ("First name", "Last name", "ID number", "Institution", "Department", "Email address")
DOWNLOADED = "Last downloaded from this course"
PLAIN = (
    "id", "name", "email", "section", "week", "notebook", "attempt", "attempts", "received", "days_late", "earned", "penalty",
    "score", "max_score", "by_hand", "to_look_at",
)  # fmt: skip


def collect(cohort, weeks):
    """Give every learner's marks.

    Parameters
    ----------
    cohort : autograder.cohort.Cohort
    weeks : sequence of str

    Returns
    -------
    dict of str to (dict of str to autograder.cohort.marks.Final)
        Week to learner to marks.
    """
    found = {}
    for week in weeks:
        with gradebook(cohort, week) as book:
            found[week] = {learner: marks.final(cohort, week, learner, book) for learner in cohort.learners}
    return found


def plain(cohort, found):
    """Give the rows of the plain CSV: one per learner and notebook."""
    rows = [PLAIN]
    for week, finals in found.items():
        for learner, final in finals.items():
            person = cohort.learners[learner]
            for mark in final.notebooks.values():
                received = f"{mark.entry.received.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if mark.entry else ""
                handed_in = mark.entry is not None or bool(mark.by_hand)
                rows.append(
                    (
                        person.id, person.name, person.email, person.section, week, mark.notebook,
                        mark.entry.attempt if mark.entry else None, mark.attempts, received,
                        mark.late.days if mark.late else None,
                        *((mark.earned, mark.penalty, mark.score) if handed_in else (None, None, None)), mark.max_score,
                        " ".join(sorted(mark.by_hand)), " ".join(sorted(mark.flagged)),
                    )
                )  # fmt: skip
    return rows


def canvas(cohort, found, base=None, *, zeros=False):
    """Give the rows of Canvas's gradebook.

    Parameters
    ----------
    cohort : autograder.cohort.Cohort
    found : dict
        See :func:`collect`.
    base : list of list of str, optional
        The rows of the gradebook as Canvas exported it: then its people and columns keep Canvas's own numbers.
    zeros : bool
        Write 0 where nothing was handed in; otherwise the cell is empty and Canvas leaves the grade alone.

    Returns
    -------
    list of rows
    """
    titles = {week: week_title(cohort, week) for week in found}
    if base is None:
        people = {person.id: [person.name, "", "", person.id, person.section] for person in cohort.learners.values()}
        known = {}
    else:
        people, known = _from_canvas(cohort, base)
    columns = [
        next((name for name in known.values() if _same_title(name, titles[week])), titles[week]) for week in found
    ]
    possible = [_most(found[week]) for week in found]
    rows = [[*CANVAS, *columns], [POINTS_POSSIBLE, "", "", "", "", *possible]]
    for learner, cells_of in people.items():
        rows.append([*cells_of, *(_score(found[week][learner], zeros) for week in found)])
    return rows


def moodle(cohort, found, *, zeros=False, now=None):
    """Give the rows of Moodle's grade export, which its grade import takes: people are told apart by ID number or email."""
    titles = [f"Assignment: {week_title(cohort, week)} (Real)" for week in found]
    stamp = int((now or datetime.now(UTC)).timestamp())
    rows = [[*MOODLE, *titles, DOWNLOADED]]
    for person in cohort.learners.values():
        first, _, last = person.name.rpartition(" ")
        rows.append(
            [
                first, last, person.id, "", person.section, person.email,
                *("-" if (score := _score(found[week][person.id], zeros)) is None else score for week in found), stamp,
            ]
        )  # fmt: skip
    return rows


def write(cohort, rows, name, folder=None):
    """Write rows into ``exports/`` of the cohort, or into a folder; give the path."""
    place = (folder or cohort.folder / FOLDER) / name
    with writing(cohort.folder):
        write_whole(place, cells.to_csv(rows), mode=0o600)
    return place


def read_base(path):
    """Read a gradebook that Canvas exported.

    Raises
    ------
    ValueError
        In one sentence, if it is none.
    """
    try:
        rows = cells.from_csv(path.read_bytes(), path.name)
    except OSError as error:
        raise ValueError(f"{path} cannot be read ({error.strerror}): check the path.") from None
    missing = [name for name in CANVAS if not rows or name not in rows[0][1]]
    if missing:
        raise ValueError(f"{path.name} is no gradebook of Canvas: the column {missing[0]!r} is missing.")
    return [row for _, row in rows]


def _from_canvas(cohort, base):
    """Find the learners of a cohort in Canvas's rows, by login, SIS id or email; and its columns of assignments."""
    head, *lines = base
    place = {name: head.index(name) for name in CANVAS}
    emails = {person.email.casefold(): person.id for person in cohort.learners.values() if person.email}
    people = {}
    for line in lines:
        if len(line) <= max(place.values()) or "points possible" in line[place["Student"]].casefold():
            continue
        given = [line[place["SIS Login ID"]], line[place["SIS User ID"]]]
        found = next((text for text in given if text in cohort.learners), None)
        found = found or next((emails[text.casefold()] for text in given if text.casefold() in emails), None)
        if found and found in people:
            raise ValueError(f"Canvas's gradebook has {found!r} twice: remove one of the two lines.")
        if found:
            people[found] = [line[place[name]] for name in CANVAS]
    missing = [name for name in cohort.learners if name not in people]
    if missing:
        raise ValueError(
            f"Canvas's gradebook has no line for {missing[0]!r}{f' and {len(missing) - 1} more' if missing[1:] else ''}: "
            "SIS Login ID, SIS User ID or email must be as on the roster. Nothing was written."
        )
    return people, dict(enumerate(head))


def _same_title(column, title):
    """Say whether a column of Canvas's, "Title (1234)", is that of a week."""
    return re.sub(r"\s*\(\d+\)$", "", column).strip() == title


def _most(finals):
    return max((final.max_score for final in finals.values()), default=0.0)


def _score(final, zeros):
    return final.score if final.handed_in else (0.0 if zeros else None)
