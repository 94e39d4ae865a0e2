"""Grade many files at once with one warm parent: a place for each worker, every file for itself."""

import contextlib
import os
import queue
import threading
import time
import traceback
from pathlib import Path

from autograder.grading import reading, records
from autograder.grading.identify import graded_marks, identify
from autograder.judge.execute import Judged, execute
from autograder.judge.warm import Refused, Warm
from autograder.sandbox.policy import python_folders


class Pool:
    """A warm parent for one week, and as many places as run at the same time.

    Parameters
    ----------
    week : autograder.build.Week
    limits : autograder.grading.watch.Limits
    workers : int, default 1
    isolation : str, default "full"
    shared : autograder.judge.shared.SharedWarm, optional
        Parents that other weeks fork from too; without it this pool has one of its own.

    Raises
    ------
    autograder.judge.warm.Refused
        If this machine cannot make the sandbox: nothing is graded then.
    ValueError
        If the week lies where answers may read, as in a folder of Python's.
    """

    def __init__(self, week, limits, *, workers=1, isolation="full", shared=None):
        seen = next((folder for folder in python_folders() if week.folder.is_relative_to(folder)), None)
        if isolation == "full" and seen:
            raise ValueError(f"{week.folder} lies in {seen}, which answers may read: move the courses out of it.")
        self.week, self.limits, self.workers = week, limits, workers
        self.judged, self.lock = {}, threading.Lock()
        self.made = threading.Thread(target=self._make_ready, daemon=True)
        self.made.start()  # while the warm parent imports: both take seconds
        if shared is None:
            self.start = lambda: Warm(week.profile, isolation=isolation, blocked=week.blocked)
        else:
            self.start = lambda: shared.of_week(week)
        self.warm = self.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.warm.close()

    def grade(self, path, slot=0, progress=None):
        """Grade one file, whatever is in it; give its record. ``progress`` hears (exercises done, all exercises)."""
        began = time.monotonic()
        self.made.join()
        try:
            name = identify(reading.read_notebook(path), self.week, Path(path).name)
            judged = self._judged(name)
            result = execute(judged, Path(path), self.limits, warm=self._living(), slot=slot, progress=progress)
            return records.record_of_result(path, name, result, time.monotonic() - began)
        except reading.UnreadableError as error:
            return records.record_without_grade(path, records.UNREADABLE, str(error), time.monotonic() - began)
        except Refused:
            raise
        except Exception as error:
            traceback.print_exc()
            message = (
                f"The grader failed ({type(error).__name__}: {error}). This is not your fault and costs no points."
            )
            return records.record_without_grade(path, records.FAILED, message, time.monotonic() - began)

    def grade_all(self, paths, on_record=None):
        """Grade files; the records come back in the order of the paths.

        A file that failed is tried once more. One that passed a limit while others ran is run again alone: what counts is
        what it needs, not how busy the machine was.
        """
        batch = _Batch(self, paths, on_record)
        threads = [threading.Thread(target=batch.serve, args=(slot,)) for slot in range(min(self.workers, len(paths)))]
        for thread in threads:
            thread.start()
        try:
            for thread in threads:
                thread.join()
        except BaseException as stopped:  # Ctrl-C: what runs is ended, nothing new is begun
            batch.errors.append(stopped)
            raise
        return batch.finish()

    def _living(self):
        """Give the warm parent; start another if it has ended, as when the machine ran out of memory."""
        with self.lock:
            if self.warm.gone:
                self.warm.close()
                self.warm = self.start()
            return self.warm

    def _make_ready(self):
        """Build what every file is graded against; what is wrong with the week is said where a file asks for it."""
        with contextlib.suppress(Exception):
            for name in graded_marks(self.week):
                self._judged(name)

    def _judged(self, name):
        with self.lock:
            if name not in self.judged:
                self.judged[name] = Judged(self.week, name)
            return self.judged[name]


class _Batch:
    """Files still to do and records so far, shared by the threads of the places."""

    def __init__(self, pool, paths, on_record):
        self.pool, self.paths, self.on_record = pool, paths, on_record
        self.done, self.again, self.errors = {}, [], []
        self.jobs, self.lock = queue.SimpleQueue(), threading.Lock()
        for job in enumerate(paths):
            self.jobs.put(job)

    def serve(self, slot):
        """Grade until nothing is left, or the sandbox is refused."""
        while not self.errors:
            try:
                index, path = self.jobs.get_nowait()
                record = self.pool.grade(path, slot)
                if record["state"] == records.FAILED:
                    record = self.pool.grade(path, slot)
            except queue.Empty:
                return
            except BaseException as error:
                self.errors.append(error)
                return
            if self.pool.workers > 1 and record["state"] == records.LIMIT:
                self.again.append(index)
            else:
                self._keep(index, record)

    def finish(self):
        """Run again alone what passed a limit; give all records in order."""
        if self.errors:
            raise self.errors[0]
        for index in sorted(self.again):
            self._keep(index, self.pool.grade(self.paths[index]))
        return [self.done[index] for index in range(len(self.paths))]

    def _keep(self, index, record):
        with self.lock:
            self.done[index] = record
            if self.on_record:
                self.on_record(index, record)


def default_workers():
    """Give the number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
