"""Grade many files at once: a few worker processes, each with its own nbgrader course, each replaceable."""

import json
import os
import queue
import sys
import tempfile
import threading
import time
from pathlib import Path

from autograder.grading import records
from autograder.grading.piped import Piped, Silent

# What a worker, and so a learner's code, sees of this machine's environment.
KEPT = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TMPDIR", "LD_LIBRARY_PATH", "MEDLABS_ROOT", "SYSTEMROOT")
GRACE_SECONDS = 240.0  # beyond the notebook's own limit: starting libraries, scoring, slow disks


def grade_files(week_folder, paths, limits, *, workers=1, on_record=None, seed=None):
    """Grade files of one week.

    Parameters
    ----------
    week_folder : pathlib.Path
    paths : sequence of str
        In the order in which the records come back.
    limits : autograder.grading.watch.Limits
    workers : int, default 1
    on_record : callable, optional
        Called with (index, record) as each file is done, from one thread at a time.
    seed : int, optional
        Draws the hidden checks anew.

    Returns
    -------
    list of dict
        One record per path. A file that fails twice in two fresh workers is ``failed``.
    """
    batch = _Batch(week_folder, paths, limits, on_record, seed)
    share = max(1, (os.cpu_count() or 1) // workers)
    with tempfile.TemporaryDirectory(prefix="medlabs-home-", ignore_cleanup_errors=True) as home:
        threads = [threading.Thread(target=batch.serve, args=(home, share)) for _ in range(min(workers, len(paths)))]
        for thread in threads:
            thread.start()
        try:
            for thread in threads:
                thread.join()
        finally:  # also on Ctrl-C: no process is left behind
            batch.stop.set()
            for thread in threads:
                thread.join()
    missing = [path for index, path in enumerate(paths) if index not in batch.done]
    if missing:
        raise RuntimeError(f"{len(missing)} files have no record; the first is {missing[0]}.")
    return [batch.done[index] for index in range(len(paths))]


class _Batch:
    """The files still to do and the records so far, shared by the threads that serve the workers."""

    def __init__(self, week_folder, paths, limits, on_record, seed):
        self.week_folder, self.limits, self.on_record, self.seed = week_folder, limits, on_record, seed
        self.jobs, self.done = queue.SimpleQueue(), {}
        self.lock, self.stop = threading.Lock(), threading.Event()
        for index, path in enumerate(paths):
            self.jobs.put((index, str(path)))

    def serve(self, home, share):
        with _Worker(self.week_folder, home, share=share, seed=self.seed) as worker:
            while not self.stop.is_set():
                try:
                    index, path = self.jobs.get_nowait()
                except queue.Empty:
                    return
                record = worker.grade(path, self.limits, self.stop)
                if record["state"] == records.FAILED and not self.stop.is_set():
                    worker.end()
                    record = worker.grade(path, self.limits, self.stop)
                with self.lock:
                    if not self.stop.is_set():
                        self.done[index] = record
                        if self.on_record:
                            self.on_record(index, record)


class _Worker:
    """One worker process, started when it is needed and started again after it was lost."""

    def __init__(self, week_folder, home, *, share, seed=None):
        def arguments(descriptor):
            return ["-m", "autograder.grading.worker", str(week_folder), str(descriptor)]

        self.piped = Piped(arguments, environment(home, share))
        self.seed = seed

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        self.end()

    def grade(self, path, limits, stop):
        """Have one file graded; return its record."""
        began = time.monotonic()
        # not an argument of the process: those anybody on the machine can list
        line = json.dumps({"path": path, "limits": limits._asdict(), "seed": self.seed})
        try:
            return json.loads(self.piped.ask(line, began + limits.wall_seconds + GRACE_SECONDS, stop))
        except (OSError, ValueError) as error:
            what = str(error) if isinstance(error, Silent) else "its process ended"
            said = self.piped.last_words()
            self.end()
            message = f"The grader failed ({what}{said}). This is not your fault and costs no points."
            return records.record_without_grade(path, records.FAILED, message, time.monotonic() - began)

    def end(self):
        """End the process and everything that it, or a notebook in it, has started."""
        self.piped.end()


def environment(home, threads):
    """Give the environment of a worker: nothing of this person's, no proxies, no tokens, a home of its own.

    Parameters
    ----------
    home : str
        A folder for caches, deleted afterwards.
    threads : int
        How many threads numerical libraries may use, so that several workers share the cores.
    """
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return kept | {
        "HOME": str(home),
        "IPYTHONDIR": str(Path(home) / "ipython"),
        "JUPYTER_PLATFORM_DIRS": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "-1",
        "OMP_NUM_THREADS": str(threads),
        "TF_NUM_INTRAOP_THREADS": str(threads),
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), kept.get("PATH", os.defpath)]),
    }
