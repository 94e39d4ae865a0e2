"""Prove the seed of a week before anybody meets it: right answers keep their points with it, wrong ones and blank ones do not."""

import dataclasses
import tempfile
from pathlib import Path
from typing import NamedTuple

from autograder import build
from autograder.cohort import seeds
from autograder.cohort.course import checks_digest
from autograder.cohort.folder import read_state, write_state

TRIES = 20


class Proof(NamedTuple):
    """What was found: the week with its seed, how many answers were tried, and why earlier seeds were passed over."""

    week: build.Week
    answers: int
    passed_over: list
    already: bool


def prove(cohort, name, engine, *, say=lambda words: None):
    """Find a seed with which every check of a week does what it is to do, and remember it.

    Parameters
    ----------
    cohort : autograder.cohort.Cohort
    name : str
    engine : autograder.grading.engines.Engine
        The instructor's and the blank notebook go through it.
    say : callable
        Is told, in words, what is tried.

    Returns
    -------
    Proof
        ``already`` if the same checks have been proven before.

    Raises
    ------
    ValueError
        If no seed will do: then it is the checks that are at fault.
    """
    noted = read_state(cohort.folder, seeds.FILE)
    first, passed_over = noted.get(name, {}).get("number", 0), []
    week = seeds.seeded_week(cohort, name)
    if noted.get(name, {}).get("proven") == checks_digest(week):
        return Proof(week, noted[name]["answers"], [], True)
    for number in range(first, first + TRIES):
        week = dataclasses.replace(week, seed=seeds.week_seed(cohort, name, number))
        say(f"{name}: trying every answer of its authors with seed {number}")
        problems, count = try_seed(week, engine)
        if not problems:
            noted = read_state(cohort.folder, seeds.FILE)  # another week may have been proven meanwhile
            noted[name] = {"number": number, "proven": checks_digest(week), "answers": count}
            write_state(cohort.folder, seeds.FILE, noted)
            return Proof(week, count, passed_over, False)
        passed_over.append(f"seed {number}: {problems[0]}")
    raise ValueError(
        f"{name}: none of {TRIES} seeds will do, so a check is at fault ({passed_over[-1]}). Not released."
    )


def try_seed(week, engine):
    """Try all answers of a week's authors with its seed.

    Returns
    -------
    (list of str, int)
        What is wrong, empty if all is well; and how many answers were tried.
    """
    from autograder.grading.rehearse import rehearse

    problems, count = _through_the_grader(week, engine)
    for notebook in build.graded_names(week):
        if problems:
            break
        cases, wanted = _cases(week, notebook)
        said = rehearse(week.folder, notebook, {name: texts for name, (texts, _) in cases.items()}, seed=week.seed)
        count += len(cases)
        problems += [
            _problem(name, said[name], wanted[name]) for name in cases if _problem(name, said[name], wanted[name])
        ]
    return problems, count


def _through_the_grader(week, engine):
    """Grade the instructor's own and the blank notebooks as learners' are."""
    import nbformat

    from autograder.grading import engines
    from autograder.grading.watch import Limits

    with tempfile.TemporaryDirectory(prefix="medlabs-prove-") as folder:
        files, problems = [], []
        for notebook in build.graded_names(week):
            for kind in ("instructor", "release"):
                made = getattr(build, f"{kind}_notebook")(week, notebook)
                files.append(Path(folder) / f"{notebook}_{kind}.ipynb")
                nbformat.write(made, files[-1])
        for path, record in zip(files, engines.grade_files(engine, week, files, Limits(**week.limits)), strict=True):
            lost = [e for e in record["exercises"] if e["passed"] != path.stem.endswith("_instructor")]
            if record["state"] != "graded" or not record["exercises"]:
                problems.append(f"{path.stem}: {record['state']}, {record['message']}")
            elif lost:
                problems.append(f"{path.stem}: {lost[0]['id']} has {lost[0]['points']} points, {lost[0]['message']}")
        return problems, len(files)


def _cases(week, notebook):
    """Give cases for a rehearsal, and for each whether it is to pass."""
    blank = {}
    for cell in build.release_notebook(week, notebook).cells:
        marks = cell.metadata.get("nbgrader", {})
        if marks.get("solution"):
            blank[marks["grade_id"]] = cell.source
    cases = {"the instructor's answers": ({}, True)}
    cases |= {f"the blank answer to {name}": ({name: text}, False) for name, text in blank.items()}
    if notebook == "assignment":
        for read, kind in ((build.read_wrong_answers, "wrong"), (build.read_right_answers, "right")):
            if (week.folder / f"{kind}_answers.py").is_file():
                for answer in read(week):
                    cases[f"the {kind} answer {answer.exercise}/{answer.name}"] = (
                        {answer.exercise: answer.source},
                        kind == "right",
                    )
    return cases, {name: passes for name, (_, passes) in cases.items()}


def _problem(name, said, passes):
    if "" in said:
        return f"{name}: {said['']['message']}"
    other = next((exercise for exercise, result in said.items() if result["passed"] != passes), None)
    if other is None:
        return None
    return f"{name} {'passes' if said[other]['passed'] else 'loses ' + other}: {said[other]['message']}"
