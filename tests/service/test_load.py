"""Two hundred at once, over HTTP: nobody is lost, every score is as it is without load, memory does not grow with them."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import psutil
import pytest
from grading_helpers import RIGHT, WRONG, answered
from service.chaos import POINTS
from service.running import Running, client, give_tokens, hand_in, make_cohort, wait_for, wait_until
from tiny_weeks import NAME, make_week

from autograder.build import build_week

CROWD = 200


def memory(service):
    """Give the memory of the service alone, in MB."""
    return psutil.Process(service.process.pid).memory_info().rss / 2**20


@pytest.mark.slow
def test_a_burst_loses_nobody_and_changes_no_score(tmp_path):
    week = make_week(tmp_path / "courses")
    build_week(week)
    names = [f"learner{n:03d}" for n in range(CROWD)]
    cohort = make_cohort(tmp_path / "cohort", tmp_path / "courses", names, {NAME: None})
    tokens = give_tokens(cohort.folder, names)
    kinds = [{"beats_per_minute": RIGHT, "faster": RIGHT}, {"beats_per_minute": WRONG, "faster": RIGHT}]
    kinds += [{"beats_per_minute": RIGHT, "faster": WRONG}, {"beats_per_minute": WRONG, "faster": WRONG}]
    notebooks = [answered(week, **{name: which[name][name] for name in POINTS}) for which in kinds]
    worth = [sum(POINTS[name] for name in POINTS if which[name] is RIGHT) for which in kinds]

    with Running(cohort.folder, cohort.repository, "--workers", 2, "--log-level", "WARNING") as service:

        def one(number):
            with closing(client(service.url, tokens[names[number]])) as asker:
                return hand_in(asker, NAME, notebooks[number % 4]).json()["id"]

        with closing(client(service.url, tokens["prof"])) as prof:
            warm = one(0)
            wait_for(prof, warm)
            before = memory(service)
            with ThreadPoolExecutor(40) as crowd:
                ids = list(crowd.map(one, range(CROWD)))
            after_receipt = memory(service)
            assert ids[0] == warm
            assert len(set(ids)) == CROWD
            wait_until(lambda: prof.get("/health").json()["queued"] == 0, seconds=300)
            for number, identifier in enumerate(ids):
                assert wait_for(prof, identifier)["score"] == worth[number % 4]
            assert prof.get("/health").json()["places"] == 2
            assert max(after_receipt, memory(service)) < before + 120
