"""Write one page of feedback per submission: what was asked, the score, the reason, the next step.

The page stands alone, runs no script, and takes every text of a learner's file as text.
"""

from pathlib import Path

from autograder.grading import messages, records, show

TEMPLATE = "feedback.html.j2"
AGAIN = "You may submit again as often as you like."
STATES = {
    records.LIMIT: "A limit was passed. ",
    records.UNREADABLE: "This file could not be graded. ",
    records.FAILED: "",
}


def page(record, week, *, received="", again=AGAIN):
    """Write the feedback page of one submission.

    Parameters
    ----------
    record : dict
        See :mod:`autograder.grading.records`.
    week : autograder.build.Week
    received : str, optional
        When the submission was received, in words.
    again : str, optional
        What is said of another attempt to who has not passed.

    Returns
    -------
    str
        HTML, the same for the same record.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

    environment = Environment(
        loader=PackageLoader("autograder.grading", package_path=""),
        autoescape=select_autoescape(default=True, default_for_string=True, enabled_extensions=("j2", "html")),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(TEMPLATE).render(
        week_title=week.title,
        notebook=record["notebook"] or "feedback",
        file_name=messages.tidy(Path(record["path"]).name),
        received=received,
        score=show.score_of(record)[:1].upper() + show.score_of(record)[1:],
        verdict=_verdict(record, week, again),
        notes=record["notes"],
        exercises=[_words(exercise, record["notebook"]) for exercise in record["exercises"]],
    )


def _verdict(record, week, again):
    said = STATES.get(record["state"], "") + record["message"]
    if record["score"] is None:
        return said
    reached = record["score"] / record["max_score"] if record["max_score"] else 0.0
    if reached == 1:
        grade = "Everything is right."
    elif reached >= week.pass_mark:
        grade = f"You pass: {week.pass_mark:.0%} of the points are needed. What is missing is below."
    else:
        grade = f"Not there yet: {week.pass_mark:.0%} of the points are needed. {again}".rstrip()
    return f"{grade} {said}".strip()


def _words(exercise, notebook):
    return {
        "id": exercise["id"],
        "title": exercise["title"],
        "passed": exercise["passed"],
        "state": "Right" if exercise["passed"] else "Not yet",
        "score": f"{exercise['points']:g} of {exercise['max_points']:g} points",
        "message": exercise["message"],
        "next": "" if exercise["passed"] else next_step(exercise["message"], notebook),
    }


def next_step(message, notebook):
    """Say what to do next about an exercise that is not right yet."""
    if message == messages.MISSING:
        return "Delete or rename your notebook, start the lab again to have a fresh copy, and copy your answers over."
    if notebook == "quiz":
        return "Read that part of the lesson again, choose again and submit."
    if message == messages.NOT_ATTEMPTED:
        return "Read the statement, write the answer cell, and run the check below it."
    return (
        "Change your answer, run the check below it, and open the hints if you are stuck. If that check passes already, "
        "try your function on small inputs whose result you can work out by hand. Then submit again."
    )
