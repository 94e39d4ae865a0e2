"""Start a Dask cluster for the grading service under SLURM: ``python deploy/slurm_cluster.py --certificates DIR``.

It runs where jobs may be submitted, as the account of the service, and stays until Ctrl-C. One job is one place: it grades one
submission at a time, in the sandbox, and other jobs of its node are nothing to it. Nobody reaches the scheduler without
the key in DIR; code of learners runs on the workers without any network at all.
"""

import os
import signal
import sys
import threading
from pathlib import Path

import click

HERE = Path(__file__).resolve().parent
LEAVE_EARLY_SECONDS = 300  # a worker hands its place back so long before SLURM ends its job


@click.command()
@click.option(
    "--certificates", required=True, type=click.Path(path_type=Path, file_okay=False), help="Made if not there."
)
@click.option("--least", default=1, show_default=True, type=click.IntRange(0), help="Jobs that always wait for work.")
@click.option("--most", default=16, show_default=True, type=click.IntRange(1), help="Jobs at a deadline.")
@click.option("--partition", help="Of SLURM.  [default: SLURM's own]")
@click.option("--account", help="Who pays for it.  [default: SLURM's own]")
@click.option("--memory", default="6GB", show_default=True, help="Of one job; docs/deploy.md has the arithmetic.")
@click.option(
    "--cores", default=2, show_default=True, type=click.IntRange(1), help="Of one job, for learners' libraries."
)
@click.option("--walltime", default="04:00:00", show_default=True, help="Of one job; another one follows it.")
@click.option("--host", help="This machine's address as the nodes see it.  [default: found out by Dask]")
@click.option("--port", default=8786, show_default=True, type=click.IntRange(0, 65535))
@click.option("--local-directory", default="/tmp", show_default=True, help="On the nodes, on a disk of their own.")
@click.option("--directive", multiple=True, metavar="TEXT", help="One more line of #SBATCH, as --constraint=avx2.")
@click.option("--show-job", is_flag=True, help="Print the job's script, and stop.")
def main(least, most, show_job, **options):
    """Start a scheduler here and workers as jobs of SLURM, more of them when submissions wait."""
    if least > most:
        raise click.UsageError(f"--least {least} is more than --most {most}.")
    cluster, files = make(**options)
    try:
        if show_job:
            click.echo(cluster.job_script())
            return
        cluster.adapt(minimum_jobs=least, maximum_jobs=most, interval="5s", wait_count=12)
        click.echo(f"Scheduler: {cluster.scheduler_address}")
        click.echo(
            f"medlabs serve --dask {cluster.scheduler_address} "
            f"--dask-certificates {files.authority} {files.certificate} {files.key}"
        )
        stop = threading.Event()
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, lambda *_: stop.set())
        stop.wait()
    finally:
        cluster.close()


def make(certificates, partition, account, memory, cores, walltime, host, port, local_directory, directive):
    """Make the cluster, without workers as yet.

    Returns
    -------
    (dask_jobqueue.SLURMCluster, autograder.service.certificates.Certificates)
    """
    import dask
    from dask_jobqueue import SLURMCluster
    from distributed import Security

    dask.config.set({"distributed.scheduler.http.routes": []})  # pages would be a door without a key

    files = certificates_in(certificates)
    key = {"tls_worker_key": str(files.key), "tls_scheduler_key": str(files.key), "tls_client_key": str(files.key)}
    cert = {name.replace("key", "cert"): str(files.certificate) for name in key}
    security = Security(require_encryption=True, tls_ca_file=str(files.authority), **key, **cert)
    where = {"host": host} if host else {}
    cluster = SLURMCluster(
        queue=partition,
        account=account,
        cores=1,  # one submission at a time ...
        job_cpu=cores,  # ... with so many cores for the libraries that it uses
        processes=1,
        memory=memory,
        walltime=walltime,
        death_timeout=120,
        nanny=False,  # SLURM starts what dies
        local_directory=local_directory,
        job_directives_skip=["-J"],
        job_extra_directives=["-J medlabs", "--no-requeue", *directive],
        job_script_prologue=[
            "umask 077",
            f"export PYTHONPATH={HERE.parent}",
            f"export MEDLABS_ROOT={os.environ.get('MEDLABS_ROOT', HERE.parent)}",
            f"export OMP_NUM_THREADS={cores} TF_CPP_MIN_LOG_LEVEL=3",
        ],
        worker_extra_args=[
            "--lifetime",
            f"{lifetime(walltime)}s",
            "--lifetime-stagger",
            "60s",
        ],
        python=sys.executable,
        log_directory=None,
        security=security,
        protocol="tls://",
        scheduler_options={"port": port, "dashboard": False, "dashboard_address": "127.0.0.1:0", **where},
    )
    return cluster, files


def certificates_in(folder):
    """Give the certificates of a folder; make them if there are none."""
    from autograder.service import certificates

    try:
        return certificates.make(folder)
    except ValueError:
        there = certificates.Certificates(folder / "cluster.pem", folder / "cluster.pem", folder / "cluster.key")
        if not (there.key.is_file() and there.certificate.is_file()):
            raise
        return there


def lifetime(walltime):
    """Give the seconds after which a worker leaves by itself, before SLURM ends its job.

    Raises
    ------
    click.BadParameter
    """
    days, _, clock = walltime.rpartition("-")
    parts = clock.split(":")
    if len(parts) != 3 or not all(part.isdigit() for part in [*parts, days or "0"]):
        raise click.BadParameter(
            f"{walltime!r} is no time of SLURM's: write 04:00:00, or 1-00:00:00.", param_hint="--walltime"
        )
    hours, minutes, seconds = map(int, parts)
    left = int(days or 0) * 86_400 + hours * 3600 + minutes * 60 + seconds - LEAVE_EARLY_SECONDS
    if left < LEAVE_EARLY_SECONDS:
        raise click.BadParameter(f"{walltime!r} is too short: write at least 00:10:00.", param_hint="--walltime")
    return left


if __name__ == "__main__":
    sys.path.insert(0, str(HERE.parent))
    main()
