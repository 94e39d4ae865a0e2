"""A process that answers one line with one line: asked over pipes, ended with all that it started."""

import contextlib
import os
import selectors
import subprocess
import sys
import tempfile
import time

import psutil

from autograder.grading.watch import kill


class Silent(TimeoutError):
    """It did not answer in time, or was told to stop."""


class Piped:
    """One process of this Python, started when it is first asked.

    Parameters
    ----------
    arguments : callable
        From the descriptor that answers go to, gives what follows ``python``.
    environment : dict
        All that it sees of this machine's environment.
    """

    def __init__(self, arguments, environment):
        self.arguments, self.environment, self.process = arguments, environment, None

    def ask(self, line, deadline, stop=None):
        """Send one line; give the line that comes back.

        Parameters
        ----------
        line : str
        deadline : float
            On the clock of :func:`time.monotonic`.
        stop : threading.Event, optional
            Set from elsewhere, it ends the wait.

        Raises
        ------
        Silent
            If nothing came in time.
        OSError
            If the process has ended.
        """
        if self.process is None:
            self._start()
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self.hear(deadline, stop)

    def end(self):
        """End the process and everything that it has started; a second time does nothing."""
        if self.process is None:
            return
        with contextlib.suppress(psutil.Error):
            worker = psutil.Process(self.process.pid)
            worker.suspend()  # so that it starts nothing while its children are ended
            for _ in range(5):
                kill(worker.children(recursive=True))
        self.process.kill()
        self.process.wait()
        with contextlib.suppress(OSError):
            self.process.stdin.close()
        os.close(self.answers)
        self.log.close()
        self.process = None

    def last_words(self):
        """Give the last line that it wrote to its error output, as the end of a sentence, or nothing."""
        if self.process is None:
            return ""
        self.log.seek(0, os.SEEK_END)
        self.log.seek(max(0, self.log.tell() - 2000))
        lines = [line for line in self.log.read().decode(errors="replace").splitlines() if line.strip()]
        return f"; it last said: {lines[-1].strip()[:200]}" if lines else ""

    def _start(self):
        read, write = os.pipe()
        self.log = tempfile.TemporaryFile()  # noqa: SIM115 (lives as long as the process)
        self.process = subprocess.Popen(
            [sys.executable, *self.arguments(write)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=self.log,
            pass_fds=(write,),
            env=self.environment,
            text=True,
            encoding="utf-8",
            start_new_session=True,
        )
        os.close(write)
        self.answers, self.buffer = read, b""

    def hear(self, deadline, stop=None):
        """Give the next line that comes, as :meth:`ask` does: for a process that says more than one."""
        with selectors.DefaultSelector() as selector:
            selector.register(self.answers, selectors.EVENT_READ)
            while b"\n" not in self.buffer:
                if stop is not None and stop.is_set():
                    raise Silent("it was told to stop")
                if time.monotonic() > deadline:
                    raise Silent("it did not answer in time")
                if selector.select(timeout=0.2):
                    data = os.read(self.answers, 1 << 16)
                    if not data:
                        raise OSError("closed")
                    self.buffer += data
        line, _, self.buffer = self.buffer.partition(b"\n")
        return line.decode()
