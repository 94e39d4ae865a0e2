"""The loop between the queue and the workers: take, grade, write down; whatever dies on the way is done again."""

import contextlib
import logging
import threading
import time

import sqlalchemy as sql

from autograder.grading import records
from autograder.judge.meter import by_the_clock
from autograder.service import blobs, jobs
from autograder.service.gate import Gate
from autograder.service.local import ClusterLost, PlaceLost

LEASE_SECONDS = 30.0
POLL_SECONDS = 0.5
log = logging.getLogger("medlabs.service")


class Dispatcher:
    """Threads that feed places of workers from the queue.

    Parameters
    ----------
    db : sqlalchemy.Engine
    folder : pathlib.Path
        Where contents are kept.
    workers : autograder.service.local.LocalWorkers or autograder.service.cluster.DaskWorkers
    catalogue : autograder.service.catalogue.Catalogue
        Knows seed, limits and fingerprint of a week.
    clock : autograder.service.clock.Clock
    metrics : autograder.service.metrics.Metrics
    lease : float
        Seconds of silence after which a job is put back.
    """

    def __init__(self, db, folder, workers, catalogue, clock, metrics, *, lease=LEASE_SECONDS):
        self.db, self.folder, self.workers, self.catalogue = db, folder, workers, catalogue
        self.clock, self.metrics, self.lease = clock, metrics, lease
        self.stop, self.wake, self.gate = threading.Event(), threading.Event(), Gate()
        self.held, self.lock, self.threads = set(), threading.Lock(), []
        self.progress = {}  # of what runs here: submission to (exercises done, all exercises)

    def start(self):
        """Start; more places may come later."""
        for work in (self._keep_places, self._beat_and_watch):
            self._thread(work)

    def close(self):
        """Stop: what runs goes back to the queue."""
        self.stop.set()
        self.wake.set()
        for thread in self.threads:
            thread.join(timeout=30)
        self.workers.close()

    def look(self):
        """Say that there is something to do."""
        self.wake.set()

    def _thread(self, work, *arguments):
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self.threads.append(thread)
        thread.start()

    def _keep_places(self):
        """Have as many places as the workers offer; a cluster may grow or shrink."""
        places = []
        while not self.stop.is_set():
            wanted = self.workers.size()
            while len(places) < wanted:
                left = threading.Event()
                places.append(left)
                self._thread(self._serve, left)
            while len(places) > wanted:
                places.pop().set()
            self.metrics.places.set(len(places))
            self.stop.wait(5)

    def _beat_and_watch(self):
        watcher = jobs.Watcher(self.db, self.lease)
        while not self.stop.wait(self.lease / 5):
            with self.lock:
                held = list(self.held)
            with _patient("the queue cannot be reached"):
                jobs.beat(self.db, held)
                for number in watcher.look():
                    log.warning("job put back: its holder is silent", extra={"number": number})
                    self.look()

    def _serve(self, left):
        place = self.workers.place()
        try:
            self._prepare(place)
            while not (self.stop.is_set() or left.is_set()):
                job = None
                with _patient("no job can be taken", self.stop):
                    job = jobs.take(self.db, self.clock.now())
                if job is None:
                    self.wake.wait(POLL_SECONDS)
                    self.wake.clear()
                    continue
                with self._holding(job):
                    self._do(place, job)
        finally:
            place.close()

    def _prepare(self, place):
        """Warm a place up for one week of each profile that is released; whatever is wrong shows at the first job."""
        for name in self.catalogue.one_week_per_profile():
            try:
                place.prepare(name, self.catalogue.week(name).seed, self.stop)
            except Exception as error:
                log.warning("a worker could not be prepared", extra={"week": name, "why": str(error)[:300]})

    @contextlib.contextmanager
    def _holding(self, job):
        key = (job.number, job.fence)
        with self.lock:
            self.held.add(key)
        try:
            yield
        finally:
            with self.lock:
                self.held.discard(key)
                self.progress.pop(job.id, None)

    def _note(self, job, how):
        with self.lock:
            self.progress[job.id] = how

    def _do(self, place, job):
        if jobs.worn_out(job):
            self._finish(job, jobs.give_up_record(job), "")
            return
        began = time.monotonic()
        try:
            task = self._task(job)
        except ValueError as error:  # the sources of the week cannot be read: somebody is editing them
            log.error("a week cannot be read", extra={"week": job.week, "why": str(error)[:500]})
            self.stop.wait(5)
            self._put_back(job)
            return
        try:
            with self.gate.alone() if job.alone else self.gate.together() as had_company:
                record, document = place.grade(task, self.stop, lambda *how: self._note(job, how))
                company = had_company()
            if document != task["document"]:
                raise PlaceLost(f"a worker has another version of {job.week} than the service: update its checkout")
        except Exception as error:  # whatever went wrong was not the learner's doing
            blameless = self.stop.is_set() or isinstance(error, ClusterLost)
            log.warning("grading failed", extra={"submission": job.id, "week": job.week, "why": str(error)[:500]})
            self.metrics.lost.inc()
            self._put_back(job, failed=not blameless)
            return
        if record["state"] == records.FAILED:
            log.warning("grading failed", extra={"submission": job.id, "week": job.week, "why": record["message"]})
            self._put_back(job, failed=True)
        elif record["state"] == records.LIMIT and company and by_the_clock(record["message"]):
            self._put_back(job, alone=True)
        else:
            self.metrics.grading.labels(job.week).observe(time.monotonic() - began)
            self._finish(job, record, document)

    def _task(self, job):
        week = self.catalogue.week(job.week)
        return {
            "week": job.week,
            "seed": week.seed,
            "file_name": f"{job.notebook}.ipynb",
            "document": self.catalogue.fingerprint(job.week),
            "content": blobs.get(self.folder, job.sha256),
            "wall_seconds": week.limits["wall_seconds"],
        }

    def _finish(self, job, record, document):
        now = self.clock.now()
        accepted = self._insist(lambda: jobs.finish(self.db, job, record, document, now))
        if accepted:
            self.metrics.graded.labels(job.week, record["state"]).inc()
            self.metrics.wait.observe(max(0.0, now - job.received))
            log.info(
                "graded",
                extra={"submission": job.id, "week": job.week, "state": record["state"], "seconds": record["seconds"]},
            )

    def _put_back(self, job, **how):
        self._insist(lambda: jobs.put_back(self.db, job, **how))
        self.look()

    def _insist(self, action):
        """Do something with the database until it works: what a worker found out must not be lost to a restart of it."""
        for pause in (0.1, 0.5, 1, 2, *[5] * 1000):
            try:
                return action()
            except sql.exc.DBAPIError as error:
                log.error("the database cannot be written", extra={"why": str(error.orig)[:300]})
                if self.stop.wait(pause):
                    return None
        return None


@contextlib.contextmanager
def _patient(words, stop=None):
    """Go on after a fault of the database: it comes back, or a person reads the log."""
    try:
        yield
    except sql.exc.DBAPIError as error:
        log.error(words, extra={"why": str(error.orig)[:300]})
        (stop or threading.Event()).wait(1)
