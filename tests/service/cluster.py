"""A real Dask cluster: a scheduler and workers in processes of their own, each of which can be killed."""

import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil

from autograder.service import certificates


class Cluster:
    """A scheduler and workers on loopback, with TLS.

    Parameters
    ----------
    folder : pathlib.Path
    repository : pathlib.Path
    size : int
        How many workers, of one thread each.
    """

    def __init__(self, folder, repository, size=2):
        self.folder, self.size = folder, size
        self.files = certificates.make(folder / "certificates")
        self.environment = os.environ | {
            "MEDLABS_ROOT": str(repository),
            "DASK_DISTRIBUTED__ADMIN__SYSTEM_MONITOR__GIL__ENABLED": "false",
        }
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.scheduler, self.workers, self.stopped = None, [], threading.Event()

    @property
    def address(self):
        return f"tls://127.0.0.1:{self.port}"

    def start(self):
        self.start_scheduler()
        self.workers = [self.start_worker() for _ in range(self.size)]
        threading.Thread(target=self._look_after_workers, daemon=True).start()
        return self

    def _look_after_workers(self):
        """Start a worker again that has ended, as SLURM and Kubernetes do: Dask's own leave when their scheduler is lost."""
        while not self.stopped.wait(0.5):
            for number, worker in enumerate(self.workers):
                if worker.poll() is not None:
                    self.workers[number] = self.start_worker()

    def start_scheduler(self):
        self.scheduler = self._run(
            "scheduler", "--host", "127.0.0.1", "--protocol", "tls", "--port", self.port, "--no-dashboard"
        )
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            with socket.socket() as asked:
                if asked.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.1)
        raise RuntimeError((self.folder / "dask.log").read_text()[-2000:])

    def start_worker(self):
        return self._run(
            "worker", self.address, "--nthreads", 1, "--no-dashboard", "--no-nanny", "--death-timeout", 120
        )

    def kill_scheduler(self):
        """Kill it, and start another at the same address."""
        end(self.scheduler)
        self.start_scheduler()

    def kill_worker(self, number):
        """Kill one; another is started soon."""
        end(self.workers[number])

    def stop(self):
        self.stopped.set()
        time.sleep(0.6)  # nothing is started from now on
        for process in [*self.workers, self.scheduler]:
            end(process)

    def _run(self, what, *words):
        tls = ["--tls-ca-file", self.files.authority, "--tls-cert", self.files.certificate, "--tls-key", self.files.key]
        with (self.folder / "dask.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "distributed.cli.dask_" + what, *map(str, [*words, *tls])],
                env=self.environment,
                stdout=log,
                stderr=log,
                cwd=Path("/"),
                start_new_session=True,
            )


def end(process):
    """As ``kill -9``, to it alone; what it had started must notice."""
    if process is not None and psutil.pid_exists(process.pid):
        process.kill()
        process.wait()
