"""Workers of a Dask cluster: SLURM, Kubernetes or a few machines, all through Dask's own deployment packages.

A worker needs the same checkout as the service: what it graded against is compared with what the service has.
"""

import logging
import threading
import time

from autograder.grading.pool import GRACE_SECONDS
from autograder.service.local import ClusterLost, PlaceLost

log = logging.getLogger("medlabs.service")
MOST_PLACES = 512
_desks = threading.local()


def grade_remotely(week, seed, file_name, content, document, isolation):
    """Grade one submission inside a Dask worker; runs there.

    Returns
    -------
    (dict, str)
        The record and the fingerprint of what it was graded against.
    """
    from autograder.service.desk import Desk

    if getattr(_desks, "desk", None) is None or _desks.desk.isolation != isolation:
        _desks.desk = Desk(isolation)
    return _desks.desk.grade(week, seed, file_name, content, document=document)


class DaskWorkers:
    """Places of a cluster, as many as its workers have threads.

    Parameters
    ----------
    address : str
        Of the scheduler, as ``tls://10.0.0.5:8786``.
    isolation : str
    certificates : (str, str, str), optional
        Files: certificate authority, certificate, key.
    plain : bool
        Allow a connection without TLS. Whoever reaches such a scheduler can run anything as its user, so this is for
        networks that no learner's code can reach.

    Raises
    ------
    ValueError
        If the address is not protected, or nothing answers there.
    """

    def __init__(self, address, isolation="full", certificates=None, *, plain=False, timeout=30):
        if not address.startswith("tls://") and not plain:
            raise ValueError(
                f"The scheduler at {address} is not protected: whoever reaches it can run anything as its user. Give a "
                "tls:// address with --dask-certificates, or say --dask-plain if nothing of a learner's can reach it."
            )
        self.address, self.isolation, self.certificates = address, isolation, certificates
        self.timeout, self.lock, self.client = timeout, threading.Lock(), None
        try:
            self._living()
        except PlaceLost as error:
            raise ValueError(str(error)) from None

    def size(self):
        """Give how many submissions the cluster can grade at the same time, now."""
        try:
            threads = self._living().nthreads()
        except Exception as error:  # the scheduler is away: its workers will come back to it
            log.warning("the cluster does not answer", extra={"why": str(error)[:200]})
            return 1
        return min(MOST_PLACES, max(1, sum(threads.values())))

    def place(self):
        """Give one place, for one thread."""
        return _DaskPlace(self)

    def close(self):
        """Leave the cluster as it is."""
        with self.lock:
            if self.client is not None:
                self.client.close(timeout=5)
                self.client = None

    def _living(self):
        """Give a client that is connected."""
        try:
            from distributed import Client, Security
        except ModuleNotFoundError:
            raise ValueError("Grading on a cluster needs medlabs' extra: medlabs[cluster].") from None
        with self.lock:
            if self.client is not None and self.client.status == "running":
                return self.client
            if self.client is not None:
                self.client.close(timeout=1)
                self.client = None
            security = None
            if self.certificates:
                authority, certificate, key = map(str, self.certificates)
                names = {"tls_ca_file": authority, "tls_client_cert": certificate, "tls_client_key": key}
                security = Security(require_encryption=True, **names)
            try:
                self.client = Client(self.address, security=security, timeout=self.timeout, set_as_default=False)
            except (OSError, ValueError) as error:
                raise ClusterLost(f"The scheduler at {self.address} does not answer ({error}).") from None
            return self.client


class _DaskPlace:
    """One submission at a time, somewhere in the cluster."""

    def __init__(self, workers):
        self.workers = workers

    def grade(self, task, stop=None, progress=None):
        """Have one submission graded; see :meth:`autograder.service.local.LocalPlace.grade`.

        A cluster says nothing on the way: ``progress`` is not called.
        """
        client = self.workers._living()
        arguments = [task[name] for name in ("week", "seed", "file_name", "content", "document")]
        future = client.submit(grade_remotely, *arguments, self.workers.isolation, pure=False, retries=0)
        deadline = time.monotonic() + task["wall_seconds"] + GRACE_SECONDS
        try:
            while not future.done():
                if client.status != "running" or future.status in ("lost", "cancelled"):
                    raise ClusterLost("the cluster's scheduler was lost")
                if stop is not None and stop.is_set():
                    raise PlaceLost("it was told to stop")
                if time.monotonic() > deadline:
                    raise PlaceLost("the cluster did not answer in time")
                time.sleep(0.05)
            if future.status in ("lost", "cancelled"):  # what a lost scheduler makes of what it had
                raise ClusterLost("the cluster's scheduler was lost")
            return future.result(timeout=10)
        except PlaceLost:
            raise
        except Exception as error:  # a lost worker, a broken connection, or what the grader itself raised
            raise PlaceLost(f"{type(error).__name__}: {str(error)[:300]}") from error
        finally:
            future.release()

    def prepare(self, week, seed, stop=None):
        """Leave it to the first submission: which worker takes which job is the cluster's business."""

    def close(self):
        """Nothing is held."""
