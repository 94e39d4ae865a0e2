"""Kill everything at random moments while submissions run, and see whether anybody's mark is another one.

``python -m service.chaos --kills 100 --submissions 200`` (what ``make chaos`` runs) prints what it did. The tests run a
shorter one.
"""

import argparse
import json
import random
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path

import httpx
import sqlalchemy as sql
from grading_helpers import RIGHT, WRONG, answered, medlabs
from service.cluster import Cluster
from service.conftest import Postgres
from service.running import Running, client, give_tokens, hand_in, wait_until
from tiny_weeks import NAME, make_week

from autograder.build import build_week
from autograder.service import jobs, schema
from autograder.service.schema import reads, results

POINTS = {"beats_per_minute": 2.0, "faster": 1.5}
RESTART_ERRORS = (httpx.HTTPError, OSError)


def make_course(root, learners):
    """Make a repository with one tiny week, and a cohort with it released, by the commands that instructors use."""
    week = make_week(root / "courses")
    build_week(week)
    roster = root / "roster.csv"
    roster.write_text("id,name\n" + "".join(f"{name},Learner {name}\n" for name in learners))
    folder = root / "cohort"
    for words in (
        ["create", "autumn", "--roster", roster, "--dir", folder, "--week", NAME, "--due", f"{NAME}=2035-01-01T12:00"],
        ["release", NAME, "--cohort", folder],
    ):
        done = medlabs(root / "courses", "cohort", *words)
        if done.returncode:
            raise RuntimeError(done.stderr[-2000:])
    return week, folder


def plan_of(number, week, learners, rng):
    """List what each learner hands in, in order: (notebook, points that it is worth)."""
    plans = {name: [] for name in learners}
    for n in range(number):
        right = {name: rng.random() < 0.6 for name in POINTS}
        answers = {name: (RIGHT if right[name] else WRONG)[name] + f"\n# take {n}" for name in POINTS}
        worth = {name: POINTS[name] * right[name] for name in POINTS}
        plans[learners[n % len(learners)]].append((answered(week, **answers), worth))
    return plans


def send_all(service, tokens, plans, crowd=8):
    """Hand everything in, each learner's in order; whoever gets no answer asks again. Gives receipts by learner."""

    def one_learner(name):
        receipts = []
        for notebook, _ in plans[name]:
            while True:
                with suppress(*RESTART_ERRORS), closing(client(service.url, tokens[name])) as asker:
                    answer = hand_in(asker, NAME, notebook)
                    if answer.status_code in (200, 202):
                        receipts.append(answer.json()["id"])
                        break
                    if answer.status_code != 503:
                        raise RuntimeError(answer.text)
                time.sleep(0.2)
        return receipts

    with ThreadPoolExecutor(crowd) as threads:
        return dict(zip(plans, threads.map(one_learner, plans), strict=True))


def gradebook_of(cohort):
    """Give every point in the gradebook: (learner, week, notebook, exercise) to automatic points."""
    from nbgrader.api import Gradebook

    found = {}
    course, week = NAME.split("/")
    with Gradebook(f"sqlite:///{cohort / course / 'gradebook.db'}", course) as book:
        for submission in book.assignment_submissions(week):
            for notebook in submission.notebooks:
                for grade in notebook.grades:
                    found[submission.student.id, week, notebook.name, grade.name] = grade.auto_score
    return found


def expected_gradebook(plans):
    """Work out the gradebook without any grader: of each learner's submissions the best counts."""
    found = {}
    for name, handed in plans.items():
        best = max((worth for _, worth in handed), key=lambda worth: sum(worth.values()), default={})
        for exercise in POINTS if handed else ():
            found[name, NAME.split("/")[1], "assignment", f"check_{exercise}"] = best[exercise]
    return found


class Chaos:
    """Everything that can be killed, and a thread that does."""

    def __init__(self, service, postgres, cluster, rng):
        self.service, self.postgres, self.cluster, self.rng = service, postgres, cluster, rng
        self.done = Counter()
        self.kinds = ["service", "database"] + (["scheduler", "worker"] if cluster else ["worker"])

    def strike(self):
        """Kill one thing, and bring it back as an operator's supervisor does."""
        kind = self.rng.choice(self.kinds)
        if kind == "service":
            self.service.kill()
            self.service.start(port=int(self.service.url.rsplit(":", 1)[1]))
        elif kind == "database":
            self.postgres.kill()
            time.sleep(self.rng.uniform(0, 0.5))
            self.postgres.start()
        elif kind == "scheduler":
            self.cluster.kill_scheduler()
        elif self.cluster:
            self.cluster.kill_worker(self.rng.randrange(self.cluster.size))
        else:
            import os

            there = self.service.workers()
            if not there:
                return
            with suppress(ProcessLookupError):
                os.kill(self.rng.choice(there), 9)
        self.done[kind] += 1


def run(root, *, kills, submissions, seed, dask, learners=40, say=print):
    """Run it; give (gradebook, expected gradebook, results per submission, what was killed)."""
    rng = random.Random(seed)
    names = [f"learner{n:03d}" for n in range(learners)]
    week, cohort = make_course(root, names)
    tokens = give_tokens(cohort, names)
    plans = plan_of(submissions, week, names, rng)
    postgres = Postgres(root / "postgres" / "data")
    postgres.make()
    postgres.start()
    url = postgres.new_database()
    cluster = None
    options = ["--database", url, "--lease", 3, "--log-level", "WARNING"]
    if dask:
        (root / "dask").mkdir()
        cluster = Cluster(root / "dask", root / "courses").start()
        options += ["--dask", cluster.address, "--dask-certificates", *cluster.files]
    else:
        options += ["--workers", 2]
    service = Running(cohort, root / "courses", *options)
    began = time.monotonic()
    try:
        service.start()
        chaos, receipts = Chaos(service, postgres, cluster, rng), {}
        sender = threading.Thread(target=lambda: receipts.update(send_all(service, tokens, plans)))
        sender.start()
        for _ in range(kills):
            time.sleep(rng.uniform(0.1, 4.0))
            chaos.strike()
        sender.join(timeout=600)
        db = schema.connect(url)

        def settled():
            with suppress(sql.exc.DBAPIError):
                counts = jobs.count(db)
                return counts["done"] == submissions and counts["undelivered"] == 0
            return False

        wait_until(settled, seconds=900, every=0.5)
        with reads(db) as tx:
            per = Counter(number for (number,) in tx.execute(sql.select(results.c.number)))
            states = Counter(state for (state,) in tx.execute(sql.select(results.c.state)))
        db.dispose()
        say(f"{dict(chaos.done)} killed, {dict(states)} in {time.monotonic() - began:.0f} s")
        assert sorted(len(r) for r in receipts.values()) == sorted(len(p) for p in plans.values())
        return gradebook_of(cohort), expected_gradebook(plans), per, chaos.done
    finally:
        service.stop()
        if cluster:
            cluster.stop()
        postgres.stop()


def main():
    """Run the long one."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--kills", type=int, default=100)
    options.add_argument("--submissions", type=int, default=200)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--local", action="store_true", help="workers of this machine instead of a Dask cluster")
    given = options.parse_args()
    root = Path(tempfile.mkdtemp(prefix="medlabs-chaos-"))
    try:
        got, wanted, per, killed = run(
            root, kills=given.kills, submissions=given.submissions, seed=given.seed, dask=not given.local
        )
    finally:
        shutil.rmtree(root, ignore_errors=True)
    wrong = {key for key in wanted | got if (got.get(key) or 0.0) != wanted.get(key, 0.0)}
    twice = [number for number, count in per.items() if count != 1]
    said = {
        "killed": killed,
        "marks": len(wanted),
        "wrong": len(wrong),
        "results": len(per),
        "more than one": len(twice),
    }
    print(json.dumps(said))  # noqa: T201
    sys.exit(1 if wrong or twice or len(per) != given.submissions else 0)


if __name__ == "__main__":
    main()
