"""What an attack is: a learner's notebook and a question about what came of it, or a raid on one function of the intake."""

import json
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from attacks.arena import HIDDEN, HOST, LIMITS, grade_id, notebook_with, without_times


class Outcome(NamedTuple):
    """What came of one attack on one grader: why it succeeded (empty: it did not), and how long it took."""

    success: str
    seconds: float
    limit: float


class Seen(NamedTuple):
    """All that can be looked at after an attack."""

    side: str
    records: list
    told: list
    arena: object
    before: dict
    seconds: list


@dataclass(frozen=True)
class Attack:
    """A submission, or several one after the other, and what would be a success."""

    id: str
    name: str
    success: Callable  # of Seen: a reason, or nothing
    answers: dict = field(default_factory=dict)
    added: tuple = ()  # cells before the first exercise
    change: Callable | None = None  # of the notebook (a dict): gives what is written to the file
    then: tuple = ()  # answers of submissions that follow
    deserves: float = 0.0  # points that the answers are worth by right
    kind: str = "normal"
    neighbour: bool = False  # an honest submission runs beside it
    baseline: bool = True

    def run(self, arena, side):
        """Let it loose on one grader; give an Outcome."""
        arena.ready(side, self.kind)
        arena.tidy()
        before, sink = arena.inventory(), {}
        friend = None
        if self.neighbour and side == "ours":
            honest = arena.folder / "honest.ipynb"
            friend = threading.Thread(target=lambda: sink.update(honest=arena.grade("ours", honest, self.kind, 1)[0]))
            friend.start()
        records, told, seconds = [], [], []
        for number, answers in enumerate([self.answers, *self.then]):
            path = arena.folder / f"{side}-{self.id}-{number}" / "assignment.ipynb"
            path.parent.mkdir()
            path.write_bytes(self._notebook(arena, side, answers, first=number == 0))
            began = time.monotonic()
            record, text = arena.grade(side, path, self.kind)
            seconds.append(time.monotonic() - began)
            records.append(record)
            told.append(text)
        if friend is not None:
            friend.join()
        seen = Seen(side, records, told, arena, before, seconds)
        limit = LIMITS[self.kind].wall_seconds + 2
        success = self.success(seen) or _always(seen, limit) or _neighbour(arena, sink)
        arena.tidy()
        return Outcome(success, max(seconds), limit)

    def _notebook(self, arena, side, answers, *, first):
        notebook = notebook_with(arena.release, {name: arena.fill(text, side) for name, text in answers.items()})
        place = next(n for n, cell in enumerate(notebook["cells"]) if grade_id(cell) == "tools") + 1
        for source in reversed(self.added if first else ()):
            notebook["cells"].insert(place, code(arena.fill(source, side)))
        content = self.change(notebook) if self.change and first else notebook
        return content if isinstance(content, bytes) else json.dumps(content).encode()


@dataclass(frozen=True)
class Raid:
    """Something done to a function of the intake or of the feedback."""

    id: str
    name: str
    act: Callable  # of (arena, side, folder): a reason why it succeeded, or nothing
    limit: float = 30.0
    baseline: bool = True

    def run(self, arena, side):
        """Let it loose on one grader; give an Outcome."""
        arena.tidy()
        folder = arena.folder / f"{side}-{self.id}"
        folder.mkdir()
        began = time.monotonic()
        success = self.act(arena, side, folder)
        seconds = time.monotonic() - began
        if seconds > self.limit:
            success = success or f"it took {seconds:.0f} s"
        arena.tidy()
        return Outcome(success or "", seconds, self.limit)


def code(source, **metadata):
    """Make a code cell as a file holds it."""
    return {"cell_type": "code", "source": source, "metadata": metadata, "outputs": [], "execution_count": None}


def _always(seen, limit):
    """Look for what no attack may ever do to our grader."""
    if seen.side != "ours":
        return ""
    if any(record["state"] == "failed" for record in seen.records):
        return f"the grader failed: {seen.records[-1]['message'][:200]}"
    if max(seen.seconds) > limit:
        return f"it took {max(seen.seconds):.0f} s"
    left = seen.arena.left_over()
    if left:
        return f"{left} processes were left over"
    return shows(*HIDDEN, *HOST.values())(seen) or touched(seen)


def _neighbour(arena, sink):
    """Ask whether an honest submission that ran at the same time has another grade than it has alone."""
    if "honest" not in sink or without_times(sink["honest"]) == arena.reference:
        return ""
    return f"a neighbour was hurt: {sink['honest']}"


def score_raised(by=0.0):
    """Ask whether a submission has more points than its answers deserve."""

    def success(seen):
        for record in seen.records:
            if record["score"] is None:
                continue
            if not record["score"] <= by:  # NaN too
                return f"{record['score']:g} points instead of {by:g}"
        return ""

    return success


def shows(*marks):
    """Ask whether a learner gets to read one of these marks."""

    def success(seen):
        for text in seen.told:
            found = [mark for mark in marks if mark.lower() in text.lower()]
            if found:
                return f"the learner reads {found[0]}"
        return ""

    return success


def touched(seen):
    """Ask whether anything of the host is not as it was, or anybody called."""
    after = seen.arena.inventory()
    changed = [name for name in {**seen.before, **after} if seen.before.get(name) != after.get(name)]
    if changed:
        return f"{changed[0]} was written"
    if seen.arena.calls.heard:
        return f"a connection by {seen.arena.calls.heard[0]}"
    return ""


def power_above(limit):
    """Ask whether the attack says that it got more of something than it may have (``POWER=number``)."""

    def success(seen):
        numbers = [float(n) for text in seen.told for n in re.findall(r"POWER=([\d.]+)", text)]
        return f"it got {max(numbers):g}, and {limit:g} are allowed" if numbers and max(numbers) > limit else ""

    return success


def any_of(*questions):
    """Ask several questions."""
    return lambda seen: next((answer for question in questions if (answer := question(seen))), "")
