"""For how many learners which set-up serves: the arithmetic of docs/deploy.md.

``python deploy/capacity.py`` writes the table there;
``python deploy/capacity.py --learners 250 --cores 8 --memory 64`` works out one case.
"""

import math
import tomllib
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "deploy.md"
BEGIN, END = "<!-- capacity: written by `python deploy/capacity.py`, never by hand -->", "<!-- end of capacity -->"

# Seconds on the clock from one finished submission to the next on two busy cores (docs/grading.md, `make bench-grading`).
MEASURED_ON_CORES = 2
SECONDS = {"tabular": 1.5, "light": 0.3, "deep": 0.2}
# What we take people to do: everybody hands in twice in the last hour, and the busiest minute has thrice the mean.
ATTEMPTS_IN_LAST_HOUR, PEAK = 2, 3
MOST_WAIT_SECONDS = 10  # for 95 of 100, in the busiest minute
# Of a lab: measured 0.2 GB with an idle kernel; tensorflow or pandas with data adds to that. Four of ten work at a time.
LAB_GB, AT_A_TIME = 1.0, 0.4
PARENT_GB, PROFILES, JUDGE_GB, SYSTEM_GB = 1.0, 2, 1.0, 4.0


def arrivals(learners):
    """Give submissions per second in the busiest minute before a deadline."""
    return learners * ATTEMPTS_IN_LAST_HOUR * PEAK / 3600


def seconds_of_a_place(profile="tabular"):
    """Give how long one place is busy with one submission: a place has one core."""
    return SECONDS[profile] * MEASURED_ON_CORES


def waiting(rate, places, seconds):
    """Give the share of submissions that must wait, and the seconds that 95 of 100 wait at most (queue M/M/c, Erlang's C).

    Parameters
    ----------
    rate : float
        Submissions per second.
    places : int
    seconds : float
        Of one submission at one place.

    Returns
    -------
    (float, float)
        ``(1.0, inf)`` where more comes than can be done.
    """
    load = rate * seconds
    if load >= places:
        return 1.0, math.inf
    lost = 1.0  # Erlang's B, by its recurrence: no factorials that overflow
    for number in range(1, places + 1):
        lost = load * lost / (number + load * lost)
    waits = lost / (1 - load / places * (1 - lost))
    if waits <= 0.05:
        return waits, 0.0
    return waits, math.log(waits / 0.05) / (places / seconds - rate)


def places_for(learners, profile="tabular"):
    """Give the fewest places with which 95 of 100 wait no longer than that, in the busiest minute."""
    rate, seconds = arrivals(learners), seconds_of_a_place(profile)
    places = max(1, math.ceil(rate * seconds))
    while waiting(rate, places, seconds)[1] > MOST_WAIT_SECONDS:
        places += 1
    return places


def place_gb():
    """Give the memory of a place: warm parents, the judge, and what the hungriest week allows an answer."""
    limits = [tomllib.loads(path.read_text())["limits"]["memory_mb"] for path in ROOT.glob("course*/week*/week.toml")]
    return PARENT_GB * PROFILES + JUDGE_GB + max(limits) / 1000


def labs_gb(learners):
    """Give the memory of the labs of those who work at the same time."""
    return learners * AT_A_TIME * LAB_GB


def setup_for(learners):
    """Name the smallest set-up that serves."""
    cores, memory = places_for(learners), SYSTEM_GB + labs_gb(learners) + places_for(learners) * place_gb()
    if cores <= 8 and memory <= 64:
        return "one host: 8 cores, 64 GB"
    if cores <= 32 and memory <= 256:
        return "one host: 32 cores, 256 GB"
    return "labs on Kubernetes; grading on Kubernetes or SLURM"


def table():
    """Write the table of the page."""
    titles = (
        "learners", "submissions in the busiest minute", "places", "of 100, wait at all", "95 of 100 wait at most",
        "memory of grading", "memory of labs", "set-up",
    )  # fmt: skip
    lines = [f"| {' | '.join(titles)} |", "|---" * len(titles) + "|"]
    for learners in (30, 100, 300, 1000, 3000):
        places = places_for(learners)
        waits, longest = waiting(arrivals(learners), places, seconds_of_a_place())
        lines.append(
            f"| {learners:,} | {60 * arrivals(learners):.0f} | {places} | {100 * waits:.0f} | {longest:.0f} s | "
            f"{places * place_gb():.0f} GB | {labs_gb(learners):.0f} GB | {setup_for(learners)} |"
        )
    return "\n".join(lines)


@click.command()
@click.option("--learners", type=click.IntRange(1, 1_000_000))
@click.option("--cores", default=8, show_default=True, type=click.IntRange(1, 100_000), help="For grading.")
@click.option("--memory", default=64, show_default=True, type=click.IntRange(1, 1_000_000), help="In all, in GB.")
def main(learners, cores, memory):
    """Write the table into docs/deploy.md, or work out one case."""
    if learners is None:
        before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
        PAGE.write_text(f"{before}{BEGIN}\n{table()}\n{END}{rest.partition(END)[2]}", encoding="utf-8")
        return
    places = max(1, min(cores, int((memory - SYSTEM_GB - labs_gb(learners)) / place_gb())))
    waits, longest = waiting(arrivals(learners), places, seconds_of_a_place())
    need = SYSTEM_GB + labs_gb(learners) + places * place_gb()
    click.echo(f"{60 * arrivals(learners):.0f} submissions in the busiest minute, {places} places.")
    click.echo(f"{100 * waits:.0f} of 100 wait; 95 of 100 wait at most {longest:.0f} s.")
    click.echo(f"{need:.0f} GB of {memory} GB are needed" + ("." if need <= memory else ": too few."))


if __name__ == "__main__":
    main()
