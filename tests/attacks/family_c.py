"""C. The notebook file itself: its cells, their metadata, and what is no notebook at all."""

import json
import unicodedata

import psutil
from attacks.arena import LIMITS, grade_id, notebook_with
from attacks.attack import Attack, Raid, any_of, code, score_raised, shows, touched
from attacks.honest import HONEST

from autograder.cli.grade import collect

FULL = 8.0
STUB = 'def patient_key(name, ward):\n    """The key of a patient, text."""\n    # YOUR CODE HERE\n    raise NotImplementedError()'


def graded_otherwise(points):
    """Ask whether an honest answer has another score than it deserves, or none."""

    def success(seen):
        record = seen.records[0]
        if record["state"] != "graded" or record["score"] != points:
            return f"{record['state']}, {record['score']} points instead of {points:g}: {record['message'][:80]}"
        return ""

    return success


def with_checks(change):
    """Do something to the metadata of every check cell."""

    def edit(notebook):
        for cell in notebook["cells"]:
            if (grade_id(cell) or "").startswith("check_"):
                change(cell)
        return notebook

    return edit


def tagged(*tags):
    return with_checks(lambda cell: cell["metadata"].update(tags=list(tags)))


def points(cell):
    cell["metadata"]["nbgrader"] |= {"points": 1000, "locked": False, "checksum": "0", "grade": True}


def to_text(cell):
    cell["cell_type"] = "markdown"


def flipped(cell):
    cell["metadata"]["nbgrader"] |= {"solution": True, "grade": False}


def prebaked(cell):
    html = "<script>document.title='PREBAKED'</script>"
    cell["outputs"] = [
        {"output_type": "display_data", "data": {"text/html": html, "text/plain": "PREBAKED"}, "metadata": {}},
        {"output_type": "stream", "name": "stdout", "text": "Score: 8/8 PREBAKED"},
    ]
    cell["execution_count"] = 1


def doubled(notebook):
    """Copy the answer cell of exercise 1; the untouched stub stands in the copy below it."""
    place = next(n for n, cell in enumerate(notebook["cells"]) if grade_id(cell) == "patient_key")
    copy = json.loads(json.dumps(notebook["cells"][place]))
    copy["source"] = STUB
    notebook["cells"].insert(place + 1, copy)
    return notebook


def without(*names):
    def edit(notebook):
        notebook["cells"] = [cell for cell in notebook["cells"] if grade_id(cell) not in names]
        return notebook

    return edit


def backwards(notebook):
    notebook["cells"].reverse()
    return notebook


def kernel(name):
    def edit(notebook):
        notebook["metadata"]["kernelspec"] = {"name": name, "display_name": name, "language": "bash"}
        return notebook

    return edit


def hidden_signs(notebook):
    """Change a cell that came with the notebook: its first line, with control signs in it, is quoted in a note."""
    for cell in notebook["cells"]:
        if grade_id(cell) == "patient_key":
            cell["source"] = "raise ValueError('\u202e\x1b]0;title\x07\x1b[2J \u2066')\n" + "".join(cell["source"])
    plain = next(cell for cell in notebook["cells"] if cell["cell_type"] == "code" and not grade_id(cell))
    notebook["cells"].append(code("x = 1"))
    plain["source"] = "# \u202e\x1b[31m evil\r\n" + "".join(plain["source"])
    return notebook


def widgets(notebook):
    bomb = {}
    for _ in range(300):
        bomb = {"state": bomb}
    notebook["metadata"]["widgets"] = {"application/vnd.jupyter.widget-state+json": [bomb, "x" * 10**6]}
    notebook["cells"][0].setdefault("outputs", []).append(
        {"output_type": "update_display_data", "data": {"x": "y" * 10**6}}
    )
    return notebook


def controls(seen):
    """Ask whether a sign that changes how text is shown comes through."""
    for text in seen.told:
        for sign in text:
            if unicodedata.category(sign) in ("Cc", "Cf") and sign not in "\n\t":
                return f"the sign U+{ord(sign):04X} comes through"
    return ""


MAGICS = """
%%bash
touch @HOST@/drop/by_bash
"""
SHELL = """
!touch @HOST@/drop/by_shell
%run @HOST@/secret.txt
%load_ext sql
!pip install evil
get_ipython().system('touch @HOST@/drop/by_system')
"""
BROKEN = {
    "empty": b"",
    "spaces": b" \n ",
    "cut off": b'{"nbformat": 4, "cells": [{"cell_type"',
    "UTF-16": '{"nbformat": 4, "cells": []}'.encode("utf-16"),
    "NUL": b'{"nbformat": 4,\0 "cells": []}',
    "no UTF-8": b'{"nbformat": 4, "cells": ["\xff\xfe"]}',
    "deep": b'{"nbformat": 4, "cells": ' + b"[" * 200_000 + b"]" * 200_000 + b"}",
    "deep objects": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "a huge number": b'{"nbformat": ' + b"9" * 100_000 + b', "cells": []}',
    "a huge float": b'{"nbformat": 1e400, "cells": []}',
    "NaN": b'{"nbformat": NaN, "cells": [NaN]}',
    "a key twice": b'{"nbformat": 4, "nbformat": 3, "cells": []}',
    "a million keys and one twice": b'{"nbformat": 4' + b"".join(b',"%d":0' % n for n in range(900_000)) + b',"0":1}',
    "millions of lists": b'{"nbformat": 4, "cells": [' + b"[]," * 6_000_000 + b"[]]}",
    "no cells": b'{"nbformat": 4}',
    "cells is text": b'{"nbformat": 4, "cells": "x"}',
    "a list": b"[1, 2]",
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(1000),
    "half a character": b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": "\\ud800", "metadata": {}}]}',
    "a source of numbers": b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": [1, 2], "metadata": {}}]}',
    "metadata is a list": b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": "", "metadata": []}]}',
}


def malformed(arena, side, folder):
    """50: every broken file is a state with a sentence, in seconds, and costs the grader no memory to speak of."""
    for name, data in BROKEN.items():
        path = folder / "broken.ipynb"
        path.write_bytes(data)
        cpu, memory = psutil.Process().cpu_times().user, psutil.Process().memory_info().rss
        record, _ = arena.grade(side, path, "normal")
        if record["state"] not in ("unreadable", "graded") or (
            record["state"] == "unreadable" and not record["message"]
        ):
            return f"{name}: {record['state']} {record['message'][:80]}"
        if psutil.Process().cpu_times().user - cpu > 8:
            return f"{name}: the grader computed for seconds"
        if psutil.Process().memory_info().rss - memory > 500e6:
            return f"{name}: the grader kept the memory"
    return ""


def versions(arena, side, folder):
    """51: other versions of the format are read or refused in words."""
    for change in (
        {"nbformat": 3},
        {"nbformat": 5},
        {"nbformat_minor": 99},
        {"nbformat": "4"},
        {"nbformat": True},
        {"ids": 0},
    ):
        notebook = notebook_with(arena.release, HONEST)
        if "ids" in change:
            for cell in notebook["cells"]:
                cell.pop("id", None)
        if change == {"nbformat": 3}:
            for cell in notebook["cells"]:
                cell["input"] = cell.pop("source") if cell["cell_type"] == "code" else None
            notebook["worksheets"] = [{"cells": notebook.pop("cells"), "metadata": {}}]
        notebook |= change
        path = folder / "version.ipynb"
        path.write_text(json.dumps(notebook))
        record, _ = arena.grade(side, path, "normal")
        if record["state"] not in ("unreadable", "graded") or record["score"] not in (None, 8):
            return f"{change}: {record['state']} {record['score']} {record['message'][:80]}"
    return ""


def giants(arena, side, folder):
    """53: a giant costs the grader neither time nor memory."""
    notebook = notebook_with(arena.release, HONEST)
    many = notebook | {"cells": [*notebook["cells"], *[code("x = 1")] * 100_000]}
    line = notebook | {"cells": [*notebook["cells"], code("x = '" + "y" * 30_000_000 + "'")]}
    attached = notebook | {"metadata": {"attachments": "A" * 60_000_000}}
    for name, giant in (("10^5 cells", many), ("a line of 30 MB", line), ("60 MB of attachments", attached)):
        path = folder / "giant.ipynb"
        path.write_text(json.dumps(giant))
        del giant
        cpu = psutil.Process().cpu_times().user
        record, _ = arena.grade(side, path, "normal")
        if record["state"] != "unreadable":
            return f"{name}: {record['state']} {record['message'][:80]}"
        if psutil.Process().cpu_times().user - cpu > 3:
            return f"{name}: the grader computed for seconds"
    return ""


def several(arena, side, folder):
    """57: of several notebooks in a folder each has a grade of its own, and its marks say what it is, not its name."""
    right, quiz = notebook_with(arena.release, HONEST), json.dumps(arena.quiz)
    (folder / "assignment.ipynb").write_text(json.dumps(arena.release))
    (folder / "assignment-Copy1.ipynb").write_text(json.dumps(right))
    (folder / "final (1).ipynb").write_text(quiz)
    (folder / "gradebook.ipynb").write_text(
        '{"nbformat": 4, "cells": [{"cell_type": "code", "source": "x", "metadata": {}}]}'
    )
    (folder / "week.toml").write_text("points = 1000")
    files, _ = collect([folder], arena.week)
    found = {}
    for path in files:
        record, _ = arena.grade("ours", path, "normal")
        found[path.name] = (record["state"], record["notebook"], record["score"])
    expected = {
        "assignment-Copy1.ipynb": ("graded", "assignment", 8),
        "assignment.ipynb": ("graded", "assignment", 0),
        "final (1).ipynb": ("graded", "quiz", 0),
        "gradebook.ipynb": ("unreadable", None, None),
    }
    return "" if found == expected else f"{found}"


CASES = [
    Attack("43", "checks tagged to be skipped", score_raised(), change=tagged("skip-execution", "ungraded")),
    Attack("44", "checks tagged to be forgiven", score_raised(), change=tagged("raises-exception", "nbgrader-ignore")),
    Attack("45", "one exercise's cell twice", graded_otherwise(2), {"patient_key": HONEST["patient_key"]}, change=doubled),
    Attack("46", "the cell of a check deleted", score_raised(), change=without("check_patient_key", "check_mean_dose")),
    Attack("46-answer", "the cell of an answer deleted", graded_otherwise(6), HONEST, change=without("patient_key")),
    Attack("47", "points and checksums edited", score_raised(2), {"risk_word": HONEST["risk_word"]},
           change=with_checks(points)),
    Attack("48", "checks turned into text", score_raised(), change=with_checks(to_text)),
    Attack("48-solution", "checks turned into answers", score_raised(), change=with_checks(flipped)),
    Attack("49", "the cells in another order", graded_otherwise(FULL), HONEST, change=backwards),
    Raid("50", "what is no JSON, or too much of it", malformed, limit=LIMITS["normal"].wall_seconds * 3),
    Raid("51", "other versions of the format", versions, limit=LIMITS["normal"].wall_seconds * 2),
    Attack("52", "an evil kernel", graded_otherwise(FULL), HONEST, change=kernel("../../evil")),
    Raid("53", "giant notebooks", giants, limit=LIMITS["normal"].wall_seconds * 2),
    Attack("54", "outputs baked before", any_of(score_raised(), shows("PREBAKED")), change=with_checks(prebaked)),
    Attack("55", "a cell for the shell", touched, {"patient_key": MAGICS}, added=(SHELL,)),
    Attack("56", "signs that turn text around", controls, change=hidden_signs),
    Raid("57", "several notebooks, under other names", several, baseline=False),
    Attack("58", "states of widgets", graded_otherwise(FULL), HONEST, change=widgets),
]  # fmt: skip
