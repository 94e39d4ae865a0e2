"""Run one graded document in two processes, and collect a verdict for each exercise.

The runner stands between: it hands cells to the learner's process and checks to the judge's, carries messages from one to the
other without looking into them, keeps the limits, and is the only one that writes a verdict down. A learner's process that
crashes or passes a limit is replaced, so that the exercises after it are still graded.
"""

import contextlib
import select
from typing import NamedTuple

import msgpack

from autograder.grading import messages
from autograder.judge.channel import LARGEST, POLL, ChannelClosed, ChannelTimeout, MessageTooLarge
from autograder.judge.learner import TOO_MUCH_OUTPUT
from autograder.judge.meter import Meter, Passed
from autograder.sandbox.policy import Policy

CRASHED = "Your answer ended Python (a crash, or exit): return a value instead."
DISTURBED = "Your answer interfered with the grader: it may take arguments and return a value, and nothing else."
UNFIT = "What your answer gave broke the check: return a smaller or plainer value."
SMALL = 2**19  # bytes of the answer to a cell: what it printed (cut) and its error
REPLAYS = 3
JUDGE_MB = 1000  # what a check may need beyond what an answer may need


class Outcome(NamedTuple):
    """What came of one exercise: passed, the message for the learner, and whether a limit stopped it."""

    passed: bool
    message: str
    limited: bool = False


class Disturbed(ValueError):
    """A reply that no honest process of a learner gives."""


class JudgeGone(RuntimeError):
    """The judge's process ended in the middle of a check."""


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
    progress : callable, optional
        Called with (exercises that have an outcome, all exercises) after each check: how far it is, and nothing else.
    """

    def __init__(self, warm, steps, limits, *, slot=0, preamble="", progress=None):
        self.warm, self.steps, self.limits, self.slot, self.preamble = warm, steps, limits, slot, preamble
        self.progress = progress
        self.meter, self.outcomes = Meter(limits), {}
        self.learner, self.judge, self.done, self.skip = None, None, [], set()
        self.errors, self.tainted = {}, False

    def __call__(self):
        """Run every step; return the outcomes by exercise."""
        self._start_judge()
        try:
            self._start_learner()
            for number, step in enumerate(self.steps):
                if self.meter.spent:
                    break
                self.meter.step()
                try:
                    getattr(self, f"_{step.kind}")(number, step)
                except Passed as limit:
                    self._stop(step, limit)
                if self.progress and step.kind == "check":
                    self.progress(len(self.outcomes), sum(other.kind == "check" for other in self.steps))
            return self.outcomes
        finally:
            self.meter.measure()
            for process in (self.learner, self.judge):
                if process is not None:
                    process.end()

    def _shared(self, number, step):
        self._learner_cell(number, step)
        self._tell_judge(["cell", step.source])

    def _added(self, number, step):
        self._learner_cell(number, step)

    def _answer(self, number, step):
        self._learner_cell(number, step)
        self._tell_judge(["answered", list(step.names)])

    def _check(self, _, step):
        if step.exercise in self.errors and self.errors[step.exercise][1]:
            said, _, limited = self.errors[step.exercise]
            self.outcomes[step.exercise] = Outcome(False, said, limited)
            return
        for _ in range(2):  # once more, if it was no fault of the answer
            try:
                self.outcomes[step.exercise] = self._verdict(step)
                return
            except JudgeGone:
                self._replace_judge()
        self.outcomes[step.exercise] = Outcome(False, UNFIT)

    def _verdict(self, step):
        """Have the judge check an answer.

        A process that was given inputs of hidden checks can put them into what it returns or raises from then on. So when
        a visible check does not pass, its message is taken from a fresh process, and so is what its cell had raised.
        """
        passed, message, in_hidden, asked = self._ask_judge(step)
        if not passed and not in_hidden and (self.tainted or asked):
            self._replace_learner()
            again, message, in_hidden, asked = self._ask_judge(step)
            message = messages.UNSAID if again or in_hidden or asked else message
        self.tainted = self.tainted or asked
        if not passed and step.exercise in self.errors and f"NameError: name '{step.exercise}'" in message:
            message = f"Your answer cell stopped with {self.errors[step.exercise][0]}"
        return Outcome(passed is True, str(message))

    def _stop(self, step, limit):
        """Go on after a limit was passed, with two new processes."""
        if step.kind == "check":
            self.outcomes[step.exercise] = Outcome(False, f"Stopped: {limit}.", True)
        if not self.meter.spent:
            with contextlib.suppress(Passed):  # then it is spent now, and nothing more is run
                self._replace_learner()
                self._replace_judge()

    def _learner_cell(self, number, step):
        """Run one cell there; an error in it harms nothing else, a crash or a limit costs only this cell."""
        self.done.append(number)
        try:
            self._note(step, self._ask_learner(["cell", str(number), step.source]))
        except (Passed, ChannelClosed, MessageTooLarge, Disturbed) as error:
            self.skip.add(number)
            error = self._passed_on_its_own(error) or error
            if step.exercise:
                said = {Passed: f"Stopped: {error}.", Disturbed: DISTURBED}.get(type(error), CRASHED)
                self.errors[step.exercise] = (said, True, isinstance(error, Passed))
            self._replace_learner()

    def _note(self, step, reply):
        """Remember what the cell of an answer raised, as it was said last."""
        self.errors.pop(step.exercise, None)
        if reply[2] == "raised":
            self.errors[step.exercise] = (f"{reply[3]}: {reply[5]}", False, False)

    def _start_learner(self):
        limits = self.limits
        policy = Policy(
            cpu_seconds=int(limits.cpu_seconds) + 5,
            memory_mb=int(limits.memory_mb),
            disk_mb=int(limits.disk_mb),
            output_kb=int(limits.output_kb),
            processes=int(limits.processes),
        )
        self.learner = self.warm.fork("learner", policy, self.slot)
        self.tainted = False
        self.meter.follow(self.learner.pid)
        if self.preamble:
            reply = self._ask_learner(["cell", "preamble", self.preamble])
            if reply[2] != "ran":
                raise RuntimeError(f"the preamble did not run: {reply[3:]}")

    def _replace_learner(self):
        """Start a new process and run again what had run, but for the cells that stopped the old one."""
        for _ in range(REPLAYS):
            self.learner.end()
            if self.meter.spent:
                return
            self.meter.step()
            self._start_learner()
            if self._replay():
                return
        self.learner.end()
        self._start_learner()

    def _replay(self):
        for number in [number for number in self.done if number not in self.skip]:
            try:
                self._note(self.steps[number], self._ask_learner(["cell", str(number), self.steps[number].source]))
            except (Passed, ChannelClosed, MessageTooLarge, Disturbed):
                self.skip.add(number)
                return False
        return True

    def _start_judge(self):
        self.judge = self.warm.fork("judge", Policy(memory_mb=int(self.limits.memory_mb) + JUDGE_MB))

    def _replace_judge(self):
        """Start the judge's process anew after a check that was stopped in the middle."""
        self.judge.end()
        self._start_judge()
        for number in self.done:
            step = self.steps[number]
            if step.kind == "shared":
                self._tell_judge(["cell", step.source])
            if step.kind == "answer":
                self._tell_judge(["answered", list(step.names)])

    def _ask_learner(self, request):
        self.learner.channel.send(msgpack.packb(request), waiting=self.meter.watch)
        return cell_reply(self.learner.channel.receive(largest=SMALL, waiting=self.meter.watch))

    def _tell_judge(self, request):
        """Have the judge run a cell of ours; no answer has a part in it."""
        self.judge.channel.send(msgpack.packb(request))
        return msgpack.unpackb(self.judge.channel.receive(self.limits.wall_seconds), raw=False)

    def _ask_judge(self, step):
        """Have a check run, and carry between it and the learner's process until its verdict is there."""
        judge = self.judge.channel
        try:
            judge.send(msgpack.packb(["check", step.source, step.exercise]))
            while True:
                self.meter.watch()
                if not select.select([judge], [], [], POLL)[0]:
                    continue
                kind, *content = msgpack.unpackb(judge.receive(60), raw=False)
                if kind != "ask":
                    return content
                judge.send(msgpack.packb(self._carry(content[0])))
        except (ChannelClosed, ChannelTimeout) as error:
            raise JudgeGone(str(error)) from None

    def _carry(self, request):
        """Take one request of the judge to the learner's process, and give what the judge is to hear."""
        channel, waiting = self.learner.channel, self.meter.watch
        try:
            channel.send(request, waiting=waiting)
            return ["reply", channel.receive(largest=LARGEST - 2**10, waiting=waiting)]
        except (ChannelClosed, MessageTooLarge) as error:
            passed = self._passed_on_its_own(error)
            if passed:
                raise passed from None
            self._replace_learner()
            return ["gone", CRASHED]

    def _passed_on_its_own(self, error):
        """Give the limit for which a learner's process ended itself, if that is why it is gone."""
        if isinstance(error, ChannelClosed) and self.learner.end(grace=1).status == TOO_MUCH_OUTPUT:
            return Passed(f"it printed more than {self.limits.output_kb:g} kB")
        return None


def cell_reply(data):
    """Look at a reply to a cell: ``["done", output, "ran"]`` or ``["done", output, "raised", name, kinds, text, line]``.

    Raises
    ------
    Disturbed
        For anything else.
    """
    try:
        reply = msgpack.unpackb(data, raw=False, max_map_len=0)
        kind, output, status, *rest = reply
        said = [type(part) for part in rest]
        fits = said == [] if status == "ran" else said[:3] == [str, list, str] and len(said) == 4
        if kind == "done" and type(output) is str and status in ("ran", "raised") and fits:
            return reply
    except (ValueError, TypeError, msgpack.UnpackException):
        pass
    raise Disturbed("a reply that makes no sense")
