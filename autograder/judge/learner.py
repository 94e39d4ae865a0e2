"""The learner's side: runs cells, answers calls. It holds no check and no expected value.

Every message is a MessagePack list. From the runner: ``["cell", id, source]``. From the judge, through the
runner: ``["call", target, arguments, names]``, ``["get", name]``, ``["attribute", handle, name]``, ``["gradient", …]``. Each is
answered by ``["done", …]`` or, while a call runs that was given one of the judge's own functions, by a question back:
``["back", …]``.
"""

import contextlib
import io
import itertools
import os

import msgpack

from autograder.judge.encoding import EncodingError, decode, encode

OUTPUT = 64 * 1024
TOO_MUCH_OUTPUT = 74  # the exit status of a process that printed more than it may


class Bounded(io.TextIOBase):
    """A text stream that keeps the beginning of what is written and counts the rest."""

    def __init__(self, largest=OUTPUT, count=None):
        self.parts, self.length, self.largest, self.count = [], 0, largest, count

    def write(self, text):
        """Keep what still fits."""
        text = str(text)
        room = self.largest - self.length
        if room > 0:
            self.parts.append(text[:room])
        self.length += len(text)
        if self.count is not None:
            self.count(len(text))
        return len(text)

    def writable(self):
        """Say yes."""
        return True

    def text(self):
        """Give what was kept."""
        return "".join(self.parts)


class Learner:
    """A namespace that runs cells and serves calls over one channel.

    Parameters
    ----------
    channel : autograder.judge.channel.Channel
    unpickle : callable
        Rebuilds an object that the judge sent whole (an estimator, a fitted model). The judge is trusted by the learner's
        process, never the other way round.
    most_output : int, optional
        Characters that may be printed altogether; then the process ends itself, and its exit status says why. An answer that
        gets around this gains nothing: what is printed beyond a little is not kept.
    """

    def __init__(self, channel, unpickle, most_output=None):
        self.channel, self.unpickle = channel, unpickle
        self.most_output, self.printed = most_output, 0
        self.namespace = {"__name__": "__main__", "__builtins__": __builtins__}
        self.held, self.numbers = {}, itertools.count(1)

    def serve(self):
        """Answer until the channel closes."""
        while True:
            self.answer(self.channel.receive())

    def answer(self, message):
        """Answer one request."""
        kind, *rest = msgpack.unpackb(message, raw=False)
        output, errors = Bounded(count=self._count), Bounded(count=self._count)
        try:
            with contextlib.redirect_stdout(output), contextlib.redirect_stderr(errors):
                reply = getattr(self, f"on_{kind}")(*rest)
        except BaseException as error:
            reply = ["raised", *self._describe(error)]
        self.channel.send(msgpack.packb(["done", output.text(), *reply]))

    def _count(self, size):
        self.printed += size
        if self.most_output is not None and self.printed > self.most_output:
            os._exit(TOO_MUCH_OUTPUT)

    def on_cell(self, _, source):
        """Run a cell in the notebook's namespace."""
        exec(compile(source, "<cell>", "exec"), self.namespace)
        return ["ran"]

    def on_get(self, name):
        """Give the value of a name."""
        if name not in self.namespace:
            raise NameError(f"name {name!r} is not defined")
        return ["value", self._pack(self.namespace[name])]

    def on_attribute(self, number, name):
        """Give an attribute of something held."""
        return ["value", self._pack(getattr(self.held[number], name))]

    def on_call(self, target, arguments, names):
        """Call something with data, and give back its result and the arguments that it changed."""
        function = self._target(target)
        given = [self._unpack(part) for part in arguments]
        count = len(given) - len(names)
        result = function(*given[:count], **dict(zip(names, given[count:], strict=True)))
        return ["value", self._pack(result), self._changed(arguments, given)]

    def on_gradient(self, target, arguments, upstream):
        """Give the gradients of a call with respect to its tensor arguments, weighed by those that arrive from above."""
        import tensorflow as tf

        function = self._target(target)
        given = [self._unpack(part) for part in arguments]
        tensors = [value for value in given if tf.is_tensor(value) and value.dtype.is_floating]
        with tf.GradientTape() as tape:
            for tensor in tensors:
                tape.watch(tensor)
            result = function(*given)
        gradients = tape.gradient(result, tensors, output_gradients=self._unpack(upstream))
        return ["value", encode([None if g is None else tf.convert_to_tensor(g) for g in gradients])]

    def _target(self, target):
        if isinstance(target, str):
            return self.namespace[target]
        return self.held[target]

    def _changed(self, packed, values):
        changed = []
        for number, (before, value) in enumerate(zip(packed, values, strict=True)):
            if isinstance(value, (int, float, str, bytes, bool, type(None), tuple, frozenset)):
                continue
            try:
                after = encode(value)
            except EncodingError:
                continue
            if after != before:
                changed.append([number, after])
        return changed

    def _pack(self, value):
        return encode(value, to_handle=self._hold)

    def _hold(self, value):
        number = next(self.numbers)
        self.held[number] = value
        kinds = [f"{base.__module__}:{base.__qualname__}" for base in type(value).__mro__][:20]
        return [number, type(value).__name__, callable(value), kinds]

    def _unpack(self, data):
        return decode(data, from_handle=self._from_judge)

    def _from_judge(self, parts):
        kind, content = parts
        if kind == "held":
            return self.held[content]
        if kind == "name":
            return self.namespace[content]
        if kind == "whole":
            return self.unpickle(content)
        if kind == "back":
            return self._call_back(content)
        raise EncodingError(f"{kind!r} is not something that the judge sends")

    def _call_back(self, number):
        def function_of_the_check(*arguments, **named):
            packed = [self._pack(value) for value in [*arguments, *named.values()]]
            self.channel.send(msgpack.packb(["back", number, packed, list(named)]))
            while True:
                kind, *rest = msgpack.unpackb(reply := self.channel.receive(), raw=False)
                if kind == "answer":
                    status, content = rest
                    if status == "raised":
                        raise RuntimeError("the function that was given raised an error")
                    return self._unpack(content)
                self.answer(reply)

        return function_of_the_check

    @staticmethod
    def _describe(error):
        kinds = [base.__name__ for base in type(error).__mro__ if base.__module__ == "builtins"]
        try:
            text = str(error)[:500]
        except Exception:
            text = ""
        line = None
        trace = error.__traceback__
        while trace is not None:
            if trace.tb_frame.f_code.co_filename == "<cell>":
                line = trace.tb_lineno
            trace = trace.tb_next
        return [type(error).__name__[:100], kinds, text, line]
