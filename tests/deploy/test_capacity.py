"""The arithmetic of docs/deploy.md: it is what the page says, and a queue that is played through agrees with it."""

import heapq
import math
import random

import capacity
import pytest
from click.testing import CliRunner


def test_the_page_holds_the_table_as_it_is_worked_out():
    page = capacity.PAGE.read_text(encoding="utf-8")
    held = page.partition(capacity.BEGIN)[2].partition(capacity.END)[0].strip()
    assert held == capacity.table()


@pytest.mark.parametrize(("rate", "places", "seconds"), [(0.5, 2, 3.0), (1.67, 8, 3.0), (0.1, 1, 3.0), (5.0, 16, 3.0)])
def test_a_queue_that_is_played_through_waits_as_worked_out(rate, places, seconds):
    draw, now, waits = random.Random(7), 0.0, []
    free = [0.0] * places
    for _ in range(200_000):
        now += draw.expovariate(rate)
        begins = max(now, heapq.heappop(free))
        waits.append(begins - now)
        heapq.heappush(free, begins + draw.expovariate(1 / seconds))
    share, longest = capacity.waiting(rate, places, seconds)
    assert sum(wait > 0 for wait in waits) / len(waits) == pytest.approx(share, abs=0.02)
    assert sorted(waits)[int(0.95 * len(waits))] == pytest.approx(longest, rel=0.1, abs=0.1)


def test_where_more_comes_than_can_be_done_the_wait_has_no_end():
    assert capacity.waiting(1.0, 2, 3.0) == (1.0, math.inf)


@pytest.mark.parametrize("learners", [1, 30, 77, 300, 2500])
def test_the_places_suffice_and_one_less_does_not(learners):
    places, rate, seconds = capacity.places_for(learners), capacity.arrivals(learners), capacity.seconds_of_a_place()
    assert capacity.waiting(rate, places, seconds)[1] <= capacity.MOST_WAIT_SECONDS
    assert places == 1 or capacity.waiting(rate, places - 1, seconds)[1] > capacity.MOST_WAIT_SECONDS


def test_one_case_is_worked_out_on_the_command_line():
    said = CliRunner().invoke(capacity.main, ["--learners", "100", "--cores", "8", "--memory", "64"]).output
    assert "10 submissions in the busiest minute, 3 places" in said
    assert "GB are needed." in said
    assert "too few" in CliRunner().invoke(capacity.main, ["--learners", "900", "--memory", "64"]).output


def test_a_slurm_job_has_the_memory_of_a_place():
    import slurm_cluster

    (memory,) = (option for option in slurm_cluster.main.params if option.name == "memory")
    assert float(memory.default.removesuffix("GB")) >= capacity.place_gb()
