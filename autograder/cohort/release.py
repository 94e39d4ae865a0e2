"""Release weeks of a cohort: prove the seed, make nbgrader's folders and gradebook entries, put the week into the exchange."""

from datetime import UTC, datetime
from typing import NamedTuple

from autograder.cohort import course
from autograder.cohort.create import refuse_past
from autograder.cohort.folder import note_release
from autograder.cohort.lock import writing
from autograder.cohort.plans import plan_of
from autograder.cohort.prove import prove
from autograder.cohort.settings import FILE


class Released(NamedTuple):
    """What a release did: the proof of its seed, the learners that are new in the gradebook, whether it was out before."""

    week: str
    proof: object
    added: list
    again: bool


def check(cohort, names, *, now=None):
    """Look at weeks before anything is done for any of them.

    Raises
    ------
    ValueError
        If a week is not in the cohort, or is due already.
    """
    for name in names:
        plan = plan_of(cohort, name)
        if not plan.released:
            refuse_past(plan, now or datetime.now(UTC), str(cohort.folder / FILE))


def release(cohort, name, engine, *, say=lambda words: None, now=None):
    """Release one week; a week that was released before is renewed.

    Parameters
    ----------
    cohort : autograder.cohort.Cohort
    name : str
    engine : autograder.grading.engines.Engine
    say : callable
        Is told, in words, what is being done.
    now : datetime.datetime, optional

    Returns
    -------
    Released

    Raises
    ------
    ValueError
        In one sentence; learners see nothing new then.
    """
    check(cohort, [name], now=now)
    proof = prove(cohort, name, engine, say=say)
    say(f"{name}: making source, release and gradebook")
    with writing(cohort.folder):
        course.generate(cohort, proof.week)
        added = course.announce(cohort, name)
        course.release_to_exchange(cohort, proof.week)
        note_release(cohort, name, now)
    return Released(name, proof, added, plan_of(cohort, name).released)
