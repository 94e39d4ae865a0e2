"""Run one graded document in two processes, and collect a verdict for each exercise.

The runner stands between: it hands cells to the learner's process and checks to the judge's, carries messages from one to the
other without looking into them, keeps the limits, and is the only one that writes a verdict down. A learner's process that
crashes or passes a limit is replaced, so that the exercises after it are still graded.
"""

import select
from typing import NamedTuple

import msgpack

from autograder.judge.channel import ChannelClosed, ChannelTimeout, MessageTooLarge
from autograder.judge.meter import Meter, Passed
from autograder.sandbox.policy import Policy

POLL = 0.05
CRASHED = "Your answer ended Python (a crash, or exit): return a value instead."


class Outcome(NamedTuple):
    """What came of one exercise: passed, the message for the learner, and whether a limit stopped it."""

    passed: bool
    message: str
    limited: bool = False


class Run:
    """One notebook's run.

    Parameters
    ----------
    warm : autograder.judge.warm.Warm
    steps : list of autograder.judge.steps.Step
    limits : autograder.grading.watch.Limits
    slot : int
        Which of the grader's places this run has.
    preamble : str
        Source that runs first on the learner's side (blocked names).
    """

    def __init__(self, warm, steps, limits, *, slot=0, preamble=""):
        self.warm, self.steps, self.limits, self.slot, self.preamble = warm, steps, limits, slot, preamble
        self.meter, self.outcomes = Meter(limits), {}
        self.learner, self.judge, self.done, self.skip = None, None, [], set()
        self.errors = {}

    def __call__(self):
        """Run every step; return the outcomes by exercise."""
        self.judge = self.warm.fork("judge")
        try:
            self._start_learner()
            for number, step in enumerate(self.steps):
                if self.meter.spent:
                    break
                self.meter.step()
                getattr(self, f"_{step.kind}")(number, step)
            return self.outcomes
        finally:
            self.meter.measure()
            for process in (self.learner, self.judge):
                if process is not None:
                    process.end()

    def _shared(self, number, step):
        self._learner_cell(number, step)
        self._ask_judge(["cell", step.source])

    def _added(self, number, step):
        self._learner_cell(number, step)

    def _answer(self, number, step):
        self._learner_cell(number, step)
        self._ask_judge(["answered", list(step.names)])

    def _check(self, _, step):
        if step.exercise in self.errors and self.errors[step.exercise][1]:
            self.outcomes[step.exercise] = Outcome(False, self.errors[step.exercise][0], True)
            return
        try:
            _, passed, message = self._ask_judge(["check", step.source, step.exercise])
            self.outcomes[step.exercise] = Outcome(passed is True, str(message))
        except Passed as limit:
            self.outcomes[step.exercise] = Outcome(False, f"Stopped: {limit}.", True)
            self._replace_judge()
            self._replace_learner()

    def _learner_cell(self, number, step):
        """Run one cell there; an error in it harms nothing else, a crash or a limit costs only this cell."""
        self.done.append(number)
        try:
            reply = self._ask_learner(["cell", str(number), step.source])
            if reply[2] == "raised":
                self.errors.setdefault(step.exercise, (f"{reply[3]}: {reply[5]}", False))
        except (Passed, ChannelClosed, MessageTooLarge) as error:
            limited = isinstance(error, Passed)
            self.skip.add(number)
            if step.exercise:
                self.errors[step.exercise] = (f"Stopped: {error}." if limited else CRASHED, True)
            self._replace_learner()

    def _start_learner(self):
        limits = self.limits
        policy = Policy(
            cpu_seconds=int(limits.cpu_seconds) + 5,
            memory_mb=int(limits.memory_mb),
            disk_mb=int(limits.disk_mb),
            processes=int(limits.processes),
        )
        self.learner = self.warm.fork("learner", policy, self.slot)
        self.meter.follow(self.learner.pid)
        if self.preamble:
            reply = self._ask_learner(["cell", "preamble", self.preamble])
            if reply[2] != "ran":
                raise RuntimeError(f"the preamble did not run: {reply[3:]}")

    def _replace_learner(self):
        """Start a new process and run again what had run, but for the cells that stopped the old one."""
        self.learner.end()
        if self.meter.spent:
            return
        self._start_learner()
        for number in list(self.done):
            if number in self.skip:
                continue
            try:
                self._ask_learner(["cell", str(number), self.steps[number].source])
            except (Passed, ChannelClosed, MessageTooLarge):
                self.skip.add(number)
                self.learner.end()
                self._start_learner()
                return

    def _replace_judge(self):
        """Start the judge's process anew after a check that was stopped in the middle."""
        self.judge.end()
        self.judge = self.warm.fork("judge")
        for number in self.done:
            step = self.steps[number]
            if step.kind == "shared":
                self._ask_judge(["cell", step.source])
            if step.kind == "answer":
                self._ask_judge(["answered", list(step.names)])

    def _ask_learner(self, request):
        self.learner.channel.send(msgpack.packb(request), 10)
        return msgpack.unpackb(self._hear_learner(), raw=False, max_map_len=0)

    def _hear_learner(self):
        """Wait for the learner's process; the meter is looked at while we wait."""
        channel = self.learner.channel
        while not channel.ready(POLL):
            self.meter.check()
        return self._whole(channel)

    def _whole(self, channel):
        try:
            return channel.receive(self.limits.cell_wall_seconds)
        except ChannelTimeout:
            raise Passed("it stopped in the middle of an answer") from None

    def _ask_judge(self, request):
        """Ask the judge, and carry between it and the learner's process until its verdict is there."""
        judge, learner = self.judge.channel, None
        judge.send(msgpack.packb(request))
        while True:
            learner = self.learner.channel
            readable, _, _ = select.select([judge], [], [], POLL)
            if not readable:
                self.meter.check()
                continue
            message = msgpack.unpackb(judge.receive(60), raw=False)
            if message[0] != "ask":
                return message
            try:
                learner.send(message[1], 10)
                judge.send(msgpack.packb(["reply", self._hear_learner()]))
            except (ChannelClosed, ChannelTimeout, MessageTooLarge):
                judge.send(msgpack.packb(["gone", CRASHED]))
                self._replace_learner()
