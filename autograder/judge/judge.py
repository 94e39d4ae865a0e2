"""The judge's side: read-only cells, checks, verdicts. It never runs a learner's line.

From the runner: ``["cell", source]`` (read-only, in both processes), ``["answered", names]`` (these names are now the
learner's) and ``["check", source]``, which is answered by ``["verdict", passed, message]``. Everything that a check asks of an
answer goes out as ``["ask", request]`` and comes back as the next message.
"""

import contextlib
import sys

import msgpack

from autograder.grading import messages
from autograder.judge.frames import EncodingError, unpack_frame
from autograder.judge.learner import Bounded
from autograder.judge.proxies import LearnerError, LearnerGone, Remote

CHECK = "<check>"
LONGEST = messages.LONGEST
PARTS = 10_000  # of one message around the data: far more than a call has arguments
UNUSABLE = "A hidden check could not use what your answer gave. Look at its type and shape."


class Missing:
    """Stands for a name that the learner did not define; any use says so."""

    def __init__(self, error):
        object.__setattr__(self, "_error", error)

    def _refuse(self, *_, **__):
        raise object.__getattribute__(self, "_error")

    __call__ = __getattr__ = __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __len__ = __iter__ = _refuse
    __getitem__ = __add__ = __float__ = __int__ = __bool__ = __contains__ = __hash__ = _refuse


class Judge:
    """A namespace of read-only and check cells, in which a learner's names are stand-ins.

    Parameters
    ----------
    channel : autograder.judge.channel.Channel
    pickle : callable
        Turns an object of a check into bytes for the learner's process.
    """

    def __init__(self, channel, pickle):
        self.channel = channel
        self.namespace = {"__name__": "__main__", "__builtins__": __builtins__}
        self.shared = {}
        self.remote = Remote(self.ask, pickle, self.shared)
        self.names = []
        self.remote.echo = self._echo
        self.output, self.hidden, self.asked, self.running = None, frozenset(), False, False

    def serve(self):
        """Answer until the channel closes."""
        while True:
            kind, *rest = msgpack.unpackb(self.channel.receive(), raw=False)
            self.channel.send(msgpack.packb(getattr(self, f"on_{kind}")(*rest)))

    def on_cell(self, source):
        """Run a read-only cell. Its errors are the learner's business (their copy of it shows them), not a verdict."""
        output = Bounded()
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
            try:
                exec(compile(source, "<read-only cell>", "exec"), self.namespace)
            except Exception:
                return ["ran", False]
        self.shared.update({name: value for name, value in self.namespace.items() if callable(value)})
        return ["ran", True]

    def on_answered(self, names):
        """Remember which names an answer cell was to define."""
        self.names += [name for name in names if name not in self.names]
        return ["ran", True]

    def on_check(self, source, exercise=None):
        """Run a check cell with fresh values of the learner's names, and say what came of it.

        The reply is ``["verdict", passed, message, in_hidden, asked]``: whether the check stopped in its hidden part, and
        whether that part sent anything to the learner's process.
        """
        source = source.lstrip("\n")
        self.hidden, self.asked = messages.hidden_lines(source), False
        try:
            verdict, output = self._run(source)
            if verdict[0] and self.remote.undo:
                # The answer changed its arguments in place, and the check may have compared with them: again, without.
                self.remote.take_back()
                self.remote.keeps_changes = False
                verdict, _ = self._run(source)
        finally:
            self.remote.take_back()
            self.remote.keeps_changes = True
        passed, message, in_hidden = verdict
        return ["verdict", passed, (output if passed else message)[:LONGEST], in_hidden, self.asked]

    def _run(self, source):
        self.output = output = Bounded()
        self.remote.backs.clear()
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(Bounded()):
            return self._verdict(source), output.text().strip()

    def _verdict(self, source):
        self.running = False
        try:
            for name in self.names:
                self.namespace[name] = self._stand_in(name)
            self.running = True
            exec(compile(source, CHECK, "exec"), self.namespace)
        except Exception as error:
            in_hidden = self._is_hidden(_line_of(error))
            return False, _words(error, in_hidden), in_hidden
        return True, "", False

    def _is_hidden(self, line):
        """Tell whether a line of the check is hidden. One that is not known counts as hidden once the check runs."""
        return self.running if line is None else line in self.hidden

    def _stand_in(self, name):
        try:
            return self.remote.get(name)
        except LearnerError as error:
            return Missing(error)

    def _echo(self, text):
        """Print what an answer printed, but only into a stream that the check itself put in place to look at it."""
        if sys.stdout is not self.output:
            sys.stdout.write(text)

    def ask(self, request):
        """Send a request to the learner's process by way of the runner, and answer what it asks back in between."""
        self.asked = self.asked or self._is_hidden(_line_now())
        self.channel.send(msgpack.packb(["ask", msgpack.packb(request)]))
        while True:
            kind, content = msgpack.unpackb(self.channel.receive(), raw=False)
            if kind == "gone":
                raise LearnerGone(content)
            message = _plain(content)
            if message[0] == "back":
                reply = self.remote.answer_back(*message[1:])
                self.channel.send(msgpack.packb(["ask", msgpack.packb(reply)]))
            elif message[0] == "done":
                return message
            else:
                raise EncodingError("a message of an unknown kind")


def _line_of(error):
    """Give the line of the check cell (of its top level) in which an error came up, or None."""
    trace = error.__traceback__
    while trace is not None:
        if _is_top_level(trace.tb_frame):
            return trace.tb_lineno
        trace = trace.tb_next
    return None


def _line_now():
    """Give the line of the check cell (of its top level) that is running, or None."""
    frame = sys._getframe()
    while frame is not None:
        if _is_top_level(frame):
            return frame.f_lineno
        frame = frame.f_back
    return None


def _is_top_level(frame):
    return frame.f_code.co_filename == CHECK and frame.f_code.co_name == "<module>"


def _words(error, in_hidden):
    """Say to the learner why a check stopped. In a hidden part only what the instructor wrote is said."""
    if isinstance(error, LearnerGone):
        return str(error)
    if isinstance(error, LearnerError):
        stub = error.learner_type == "NotImplementedError" and not error.learner_text
        return said_by_learner(error) if stub or not in_hidden else messages.NEUTRAL
    if isinstance(error, AssertionError):
        return str(error) or "The check did not pass."
    if in_hidden:
        return UNUSABLE
    if isinstance(error, EncodingError):
        return f"What your answer gave cannot be looked at: {error}."
    return f"The check could not use what your answer gave ({type(error).__name__}). Look at its type and shape."


def said_by_learner(error):
    """Put an answer's own error into one sentence; NotImplementedError is a stub that was left."""
    kind, text, line = error.learner_type, error.learner_text, error.learner_line
    if kind == "NotImplementedError" and not text:
        return messages.NOT_ATTEMPTED
    where = f" (line {line} of your cell)" if line else ""
    return f"Your answer raised {kind}{where}: {text}" if text else f"Your answer raised {kind}{where}."


def _plain(content):
    """Look at a learner's reply: right kinds in the right places, nothing else."""
    try:
        message = unpack_frame(content, PARTS)
        kind = message[0]
        if kind == "done":
            _, output, status, *rest = message
            if type(output) is str and status in ("ran", "value", "raised") and _fits(status, rest):
                return ["done", output[: LONGEST * 100], status, *rest]
        if kind == "back":
            _, number, packed, names = message
            if type(number) is int and number >= 0 and {*map(type, packed)} <= {bytes} and {*map(type, names)} <= {str}:
                return message
    except (ValueError, TypeError, IndexError, KeyError, msgpack.UnpackException):  # EncodingError too
        pass
    raise EncodingError("a message that makes no sense")


def _fits(status, rest):
    if status == "ran":
        return not rest
    if status == "value":
        return type(rest[0]) is bytes and all(
            type(n) is int and type(data) is bytes for n, data in (rest[1] if rest[1:] else [])
        )
    name, kinds, text, line = rest
    return type(name) is str and type(text) is str and type(kinds) is list and (line is None or type(line) is int)
