"""What the judge's check cells see of a learner's answers: plain data, or something that can be called.

A check cell is ordinary Python. Where a learner's function stands in their own kernel, a :class:`Handle` stands here: calling it
sends the arguments over and brings the result back, exact and rebuilt. An argument that the answer changed in place is changed
here too, so that "was the input changed?" is asked in the same words on both sides.
"""

import copy
import sys

import numpy as np

from autograder.judge.changes import can_change, change_in_place
from autograder.judge.encoding import EncodingError, decode, encode
from autograder.judge.gradients import call_with_gradient, watched

# Libraries whose classes a handle may name, so that isinstance(model, LogisticRegression) works on a model that stays
# where it is. Never a class of plain data: data crosses as data.
LIBRARIES = ("sklearn.", "keras.", "lifelines.", "sksurv.")


class LearnerError(Exception):
    """An answer raised an error. Also an instance of the built-in error that the answer raised."""


class LearnerGone(BaseException):
    """The learner's process ended (crash, limit) during a call. No check that catches errors of an answer catches this."""


def learner_error(name, kinds, text, line):
    """Make an exception that ``except ValueError`` catches if the answer raised a ValueError.

    Parameters
    ----------
    name : str
        The class that was raised.
    kinds : list of str
        Names of its built-in bases, nearest first.
    text : str
        What it said: the learner's own words, for the learner alone.
    line : int or None
        Line of the learner's cell.
    """
    import builtins

    base = Exception
    for kind in kinds:
        found = getattr(builtins, kind, None)
        if isinstance(found, type) and issubclass(found, Exception) and found is not UnicodeDecodeError:
            base = found
            break
    if issubclass(base, StopIteration | StopAsyncIteration):  # it would end a loop of the check without a word
        base = Exception
    bases = (LearnerError,) if base is Exception else (LearnerError, base)
    try:
        error = type("LearnerError", bases, {})(text)
    except TypeError:  # an error that wants other arguments
        error = LearnerError(text)
    error.learner_type, error.learner_text, error.learner_line = name, text, line
    return error


class Remote:
    """The judge's end of the conversation with one learner's process.

    Parameters
    ----------
    ask : callable
        Sends one request (a list) and gives back the reply (a list); raises LearnerGone.
    pickle : callable
        Turns an object of the judge into bytes for the learner's process.
    shared : dict
        What read-only cells define and can be called: a function or a model of theirs is on both sides and travels by its name.
    """

    def __init__(self, ask, pickle, shared):
        self.ask, self.pickle, self.shared = ask, pickle, shared
        self.backs = []
        self.undo, self.keeps_changes = [], True
        self.echo = lambda text: None

    def get(self, name):
        """Fetch the value that a name has on the learner's side."""
        return self._result(["get", name])

    def attribute(self, number, name):
        """Fetch an attribute of something that is held there."""
        return self._result(["attribute", number, name])

    def call(self, target, arguments, named):
        """Call something there; arguments that it changed in place are changed here too."""
        given = [*arguments, *named.values()]
        return self._result(["call", target, [self.pack(value) for value in given], list(named)], given)

    def gradient(self, target, arguments, upstream):
        """Ask for the gradients of a call."""
        return self._result(["gradient", target, [self.pack(value) for value in arguments], self.pack(upstream)])

    def _result(self, request, given=()):
        """Ask, and turn the reply ``["done", output, status, …]`` into a value or an error."""
        _, output, status, *content = self.ask(request)
        if output:
            self.echo(output)
        if status == "raised":
            raise learner_error(*content)
        for number, after in content[1] if len(content) > 1 else []:
            self._change(given[number], self.unpack(after))
        return self.unpack(content[0])

    def _change(self, original, changed):
        """Let an argument look as the answer left it, until :meth:`take_back`."""
        if self.keeps_changes and can_change(original):
            self.undo.append((original, copy.copy(original)))
            change_in_place(original, changed)

    def take_back(self):
        """Undo what answers did to arguments: what one changes must not be what the next is compared with."""
        while self.undo:
            original, before = self.undo.pop()
            change_in_place(original, before)

    def answer_back(self, number, packed, names):
        """Run one of the judge's own functions for the learner's process."""
        try:
            given = [self.unpack(part) for part in packed]
            count = len(given) - len(names)
            result = self.backs[number](*given[:count], **dict(zip(names, given[count:], strict=True)))
            return ["answer", "value", self.pack(result)]
        except Exception:
            return ["answer", "raised", b""]

    def pack(self, value):
        """Encode a value for the learner's process."""
        return encode(value, to_handle=self._to_learner)

    def unpack(self, data):
        """Rebuild what came from the learner's process."""
        return decode(data, from_handle=self._from_learner)

    def _to_learner(self, value):
        if isinstance(value, Handle):
            return ["held", object.__getattribute__(value, "_number")]
        # a Keras model has no __name__, but it stands in the notebook under one, on both sides
        name = next((name for name, own in self.shared.items() if own is value), None)
        if name is not None:
            return ["name", name]
        if callable(value) and not isinstance(value, type) and getattr(value, "__module__", None) in (None, "__main__"):
            self.backs.append(value)
            return ["back", len(self.backs) - 1]
        return ["whole", self.pickle(value)]

    def _from_learner(self, parts):
        number, name, can_be_called, kinds = parts
        if type(number) is not int or type(name) is not str or type(kinds) is not list:
            raise EncodingError("a handle makes no sense")
        kind = Handle if can_be_called is True and kinds[:1] and kinds[0] in FUNCTIONS else Walkable
        return kind(self, number, name[:100], kinds)


class Handle:
    """Something of the learner's that is not data: a function, a model, an instance.

    It can be called, and has attributes; what comes back is data, or again a handle. Tensors may be watched by a tape here: the
    gradient is asked for on the other side.
    """

    def __init__(self, remote, number, name, kinds):
        object.__setattr__(self, "_remote", remote)
        object.__setattr__(self, "_number", number)
        object.__setattr__(self, "_kinds", kinds)
        object.__setattr__(self, "__name__", name)

    def __call__(self, *arguments, **named):
        remote, number = self._remote, self._number
        if not named and watched(arguments):
            return call_with_gradient(remote, number, arguments)
        return remote.call(number, arguments, named)

    def __getattr__(self, name):
        if name.startswith("__") and name not in PROTOCOLS:
            raise AttributeError(name)
        if name in OF_DATA and not hasattr(self.__class__, name):
            kind = object.__getattribute__(self, "__name__")
            raise learner_error("AttributeError", ["AttributeError"], f"data was expected, and it gave a {kind}", None)
        return self._remote.attribute(self._number, name)

    def __setattr__(self, name, value):
        raise AttributeError("a check does not change an answer")

    def __repr__(self):
        return f"<{object.__getattribute__(self, '__name__')} of the answer>"

    @property
    def __class__(self):
        """The nearest library class that it claims, for isinstance; a claim, and never worth a point by itself."""
        for kind in self._kinds:
            module, _, name = kind.partition(":")
            if f"{module}.".startswith(LIBRARIES) and module in sys.modules and name != "object":
                found = getattr(sys.modules[module], name, None)
                if (
                    isinstance(found, type)
                    and f"{found.__module__}.".startswith(LIBRARIES)
                    and not issubclass(found, DATA)
                ):
                    return found
        return Handle


class Walkable(Handle):
    """A handle of something that may have a length, parts, or items to walk through; a plain function has none.

    Libraries ask "can it be walked through?" by looking for a method: a function must not have one.
    """

    def __len__(self):
        try:
            length = self._remote.attribute(self._number, "__len__")
        except AttributeError:  # list(x) asks, and takes this for an answer
            kind = object.__getattribute__(self, "__name__")
            raise learner_error("TypeError", ["TypeError"], f"a {kind} has no length", None) from None
        return int(length())

    def __getitem__(self, key):
        return self._remote.attribute(self._number, "__getitem__")(key)

    def __iter__(self):
        """Walk through it as it says itself; without this Python would count up in it, perhaps for ever."""
        walk = self._remote.attribute(self._number, "__iter__")()
        while True:
            try:
                yield walk.__next__()
            except LearnerError as error:
                if error.learner_type == "StopIteration":
                    return
                raise


PROTOCOLS = frozenset({"__len__", "__getitem__", "__iter__", "__next__", "__name__", "__doc__"})


# Things that are called and nothing else.
FUNCTIONS = frozenset(
    {
        "builtins:function",
        "builtins:method",
        "builtins:builtin_function_or_method",
        "builtins:type",
        "functools:partial",
    }
)
# Kinds of data: nothing that stays on the other side is one of them, whatever it claims.
DATA = (dict, list, tuple, set, frozenset, str, bytes, int, float, complex, np.ndarray, np.generic)
# Questions that data answers. A check that asks one wants data, and something else could answer as it likes:
# ``got.equals(expected)`` would be the answer's own word for it.
_QUESTIONS = """
all any equals identical isin issubset issuperset isdisjoint startswith endswith eq ne lt le gt ge isna isnull notna notnull
empty duplicated is_unique shape dtype ndim size tolist to_numpy
"""
OF_DATA = frozenset(_QUESTIONS.split())
