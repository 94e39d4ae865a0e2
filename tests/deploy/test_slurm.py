"""Grading on a cluster under a real SLURM: jobs are submitted by dask-jobqueue, graded in, ended, and followed by others."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import click
import nbformat
import pytest
import running_hub
import slurm
import slurm_cluster
from grading_helpers import RIGHT, answered
from tiny_weeks import COURSE, GOLDEN, NAME, WEEK

from autograder import build
from autograder.service.cluster import DaskWorkers

SCRIPT = running_hub.DEPLOY / "slurm_cluster.py"
# An answer that earns its points only if it reaches the scheduler.
REACH = """
def faster(first, second):
    import socket
    socket.create_connection(("127.0.0.1", {port}), timeout=5).close()
    return first > second
"""


@pytest.fixture(scope="module")
def queue(tmp_path_factory):
    with slurm.Slurm(tmp_path_factory.mktemp("slurm")) as running:
        yield running


@pytest.fixture(scope="module")
def cluster(queue, tmp_path_factory):
    """Start the cluster as an instructor does; give its address and certificates, as they are printed."""
    folder = tmp_path_factory.mktemp("cluster")
    words = ["--certificates", folder / "keys", "--least", 2, "--most", 2, "--host", "127.0.0.1", "--port", 0]
    words += ["--memory", "4GB", "--cores", 1, "--partition", "teach", "--local-directory", folder]
    environment = queue.environment | {"MEDLABS_ROOT": str(GOLDEN), "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        [sys.executable, SCRIPT, *map(str, words)], env=environment, stdout=subprocess.PIPE, text=True, cwd=folder
    )
    try:
        said = [process.stdout.readline() for _ in range(2)]
        found = re.search(r"serve --dask (\S+) --dask-certificates (\S+) (\S+) (\S+)$", said[1].strip())
        assert found, said
        yield found.group(1), found.groups()[1:]
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)
        process.stdout.close()


@pytest.fixture(scope="module")
def workers(cluster):
    address, certificates = cluster
    made = DaskWorkers(address, certificates=certificates, timeout=60)
    wait_for_places(made, 2)
    yield made
    made.close()


def wait_for_places(workers, number):
    pause = threading.Event()
    for _ in range(600):
        if len(workers._living().scheduler_info(n_workers=-1)["workers"]) >= number:
            return
        pause.wait(0.2)
    raise TimeoutError(f"no {number} workers")


def grade(workers, **answers):
    notebook = answered(build.read_week(GOLDEN / COURSE / WEEK), **answers)
    content = nbformat.writes(notebook).encode()
    task = {"week": NAME, "seed": None, "file_name": "assignment.ipynb", "content": content, "wall_seconds": 120}
    return workers.place().grade(task)[0]


def test_jobs_of_slurm_grade_in_the_sandbox(queue, workers):
    with ThreadPoolExecutor(2) as pool:
        records = list(pool.map(lambda _: grade(workers, **RIGHT), range(4)))
    assert {(record["state"], record["score"]) for record in records} == {("graded", 3.5)}
    assert queue.ask("squeue", "--noheader", "--format=%j %t %P").split("\n")[:2] == ["medlabs R teach"] * 2


def test_an_answer_does_not_reach_the_scheduler(workers, cluster):
    port = int(cluster[0].rpartition(":")[2])
    socket.create_connection(("127.0.0.1", port), timeout=5).close()  # from here it can be reached
    record = grade(workers, **(RIGHT | {"faster": REACH.format(port=port)}))
    assert record["score"] == 2.0
    (failed,) = [exercise for exercise in record["exercises"] if not exercise["passed"]]
    assert failed["id"] == "faster"


def test_without_the_key_nobody_speaks_to_the_scheduler(cluster, tmp_path):
    from autograder.service import certificates

    other = certificates.make(tmp_path / "other")
    with pytest.raises(ValueError, match="does not answer"):
        DaskWorkers(cluster[0], certificates=other, timeout=3)
    with pytest.raises(ValueError, match="does not answer"):
        DaskWorkers(cluster[0].replace("tls://", "tcp://"), plain=True, timeout=3)


def test_a_job_that_ends_is_followed_by_another(queue, workers):
    before = set(queue.ask("squeue", "--noheader", "--format=%i").split())
    queue.ask("scancel", sorted(before)[0])
    pause = threading.Event()
    for _ in range(300):
        now = set(queue.ask("squeue", "--noheader", "--states=running", "--format=%i").split())
        if len(now) == 2 and now != before:
            break
        pause.wait(0.2)
    assert len(now - before) == 1
    assert grade(workers, **RIGHT)["score"] == 3.5


def test_the_job_asks_for_what_one_place_needs(tmp_path):
    line = [sys.executable, SCRIPT, "--certificates", tmp_path, "--show-job", "--host", "127.0.0.1", "--port", "0"]
    line += ["--memory", "6GB", "--walltime", "1-00:00:00", "--account", "med", "--directive=--constraint=avx2"]
    done = subprocess.run([*map(str, line)], capture_output=True, text=True, check=True, env=os.environ)
    for wanted in ("-A med", "--cpus-per-task=2", "--mem=6G", "-t 1-00:00:00", "--constraint=avx2", "--no-requeue"):
        assert f"#SBATCH {wanted}\n" in done.stdout
    for wanted in ("tls://127.0.0.1:", "--nthreads 1 ", "--no-nanny", "--lifetime 86100s", f"--tls-key {tmp_path}"):
        assert wanted in done.stdout
    assert done.stderr == ""


@pytest.mark.parametrize(("text", "seconds"), [("04:00:00", 14_100), ("2-00:10:00", 173_100), ("00:10:00", 300)])
def test_a_worker_leaves_before_its_job_ends(text, seconds):
    assert slurm_cluster.lifetime(text) == seconds


@pytest.mark.parametrize("text", ["4h", "00:05:00", "04:00", "x-04:00:00", ""])
def test_a_time_that_slurm_does_not_write_is_refused(text):
    with pytest.raises(click.BadParameter, match=r"write"):
        slurm_cluster.lifetime(text)
