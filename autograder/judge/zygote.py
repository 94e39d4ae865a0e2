"""The warm parent: it has imported what a profile needs, runs no operation and no learner's line, and forks.

Started as a process of its own with an empty environment. Over its socket come requests with one file descriptor each, and the
child that is forked for it talks over that descriptor. When a child ends, the parent says how.
"""

import contextlib
import gc
import importlib
import json
import os
import pickle
import select
import signal
import socket
import sys
import tempfile

PROFILES = {
    "tabular": (
        "numpy",
        "pandas",
        "scipy.stats",
        "sklearn.linear_model",
        "sklearn.ensemble",
        "sklearn.tree",
        "sklearn.impute",
        "sklearn.model_selection",
        "lifelines",
        "sksurv.ensemble",
        "sksurv.metrics",
        "sksurv.datasets",
    ),
    "deep": (
        "numpy",
        "pandas",
        "scipy.stats",
        "sklearn.linear_model",
        "sklearn.model_selection",
        "tensorflow",
        "keras",
    ),
}

OURS = (
    "autograder.judge.learner",
    "autograder.judge.judge",
    "autograder.sandbox.room",
    "cloudpickle",
    "traceback",
    "autograder.grading.blocking",
    "IPython.core.inputtransformer2",
)


def main(arguments):
    """Import, then serve the socket whose number is the first argument."""
    number, profile, *readable = arguments
    control = socket.socket(fileno=int(number))
    with _notes_only_if_it_fails():
        for module in (*PROFILES[profile], *OURS):
            importlib.import_module(module)
    gc.collect()
    gc.freeze()  # what is here stays here: children then share these pages
    _say(control, {"ready": profile, "pid": os.getpid()})
    Zygote(control, tuple(readable)).serve()


@contextlib.contextmanager
def _notes_only_if_it_fails():
    """Keep the error stream back: TensorFlow writes notes on it about processors and cards, before it reads any setting."""
    with tempfile.TemporaryFile() as notes:
        stderr = os.dup(2)
        os.dup2(notes.fileno(), 2)
        try:
            yield
        except BaseException:
            notes.seek(0)
            os.write(stderr, notes.read())
            raise
        finally:
            os.dup2(stderr, 2)
            os.close(stderr)


class Zygote:
    """Forks on request, reports what ended."""

    def __init__(self, control, readable):
        self.control, self.readable, self.children = control, readable, set()
        self.awake, self.wake = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.set_wakeup_fd(self.wake)
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def serve(self):
        """Answer until the grader is gone."""
        while True:
            ready, _, _ = select.select([self.control, self.awake], [], [])
            if self.awake in ready:
                with contextlib.suppress(BlockingIOError):
                    os.read(self.awake, 4096)
                self.reap()
            if self.control in ready:
                data, numbers, _, _ = socket.recv_fds(self.control, 65536, 1)
                if not data:
                    return
                request = json.loads(data)
                if "kill" in request:
                    self.kill(request["kill"])
                else:
                    self.fork(request, numbers[0])

    def fork(self, request, number):
        """Fork a child for one request."""
        pid = os.fork()
        if pid == 0:
            status = 70
            try:
                signal.set_wakeup_fd(-1)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                status = CHILDREN[request["role"]](self, request, number)
            finally:
                os._exit(status)
        os.close(number)
        self.children.add(pid)
        _say(self.control, {"forked": request["ticket"], "pid": pid})

    def kill(self, pid):
        """Kill a child, and first what stands behind it: in a sandbox the child is only the door."""
        if pid not in self.children:
            return
        for behind in [*_children_of(pid), pid]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(behind, signal.SIGKILL)

    def reap(self):
        """Report every child that ended."""
        while True:
            try:
                pid, status, usage = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            self.children.discard(pid)
            report = {"ended": pid, "status": os.waitstatus_to_exitcode(status)}
            report |= {"cpu": usage.ru_utime + usage.ru_stime, "peak_kb": usage.ru_maxrss}
            _say(self.control, report)


def be_learner(zygote, request, number):
    """Go into the sandbox and serve cells and calls."""
    from autograder.judge.channel import Channel, ChannelClosed
    from autograder.judge.learner import Learner
    from autograder.sandbox import room
    from autograder.sandbox.policy import Policy

    policy = Policy(**request["policy"])._replace(readable=zygote.readable)
    channel = Channel(socket.socket(fileno=number))
    if request["isolation"] == "full":
        try:
            room.enter(policy, keep=[number])
        except OSError as error:
            channel.send(json.dumps({"refused": str(error)}).encode())
            return 71
    else:
        zygote.control.close()
        room.limit(policy)
    channel.send(b'{"ready": true}')
    with contextlib.suppress(ChannelClosed):
        Learner(channel, pickle.loads, policy.output_kb * 1000).serve()
    return 0


def be_judge(zygote, request, number):
    """Serve checks. Our own checks need no sandbox; but what an answer gives them could take all memory."""
    import cloudpickle

    from autograder.judge.channel import Channel, ChannelClosed
    from autograder.judge.judge import Judge
    from autograder.sandbox import room

    zygote.control.close()
    if request["policy"]:
        room.limit_memory(request["policy"]["memory_mb"])
    channel = Channel(socket.socket(fileno=number))
    channel.send(b'{"ready": true}')
    with contextlib.suppress(ChannelClosed):
        Judge(channel, cloudpickle.dumps).serve()
    return 0


CHILDREN = {"learner": be_learner, "judge": be_judge}


def _children_of(pid):
    """List the children of a process of ours, as far as this kernel tells."""
    try:
        with open(f"/proc/{pid}/task/{pid}/children") as file:  # noqa: PTH123 - nothing is imported here any more
            return [int(number) for number in file.read().split()]
    except OSError:
        return []


def _say(control, message):
    control.send(json.dumps(message).encode())


if __name__ == "__main__":
    main(sys.argv[1:])
