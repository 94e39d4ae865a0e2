"""Ten thousand broken notebooks: each is refused in one clear sentence or becomes a document that can be graded.

All go through reading, identifying, building the document and writing the record, in this process: that is what happens to a file
before any line of it runs. A few of them, some with broken code too, go through the real grader with its sandbox.
"""

import copy
import json
import os
import random
import time

import pytest
from attacks.arena import POINTS, WEEK, notebook_with
from attacks.honest import HONEST

from autograder import build
from autograder.grading import document, reading, records, show
from autograder.grading.identify import identify
from autograder.grading.watch import Limits
from autograder.judge.execute import Judged
from autograder.judge.pool import Pool
from autograder.judge.steps import steps_of

SEED, MANY, FEW = 20261125, 10_000, int(os.environ.get("MEDLABS_FUZZ_GRADED", "40"))
ODD = [
    None,
    True,
    0,
    -1,
    1e308,
    2**70,
    "",
    "x",
    "\ud800",
    "\u202e",
    "\x00",
    "x" * 10_000,
    [],
    {},
    [[]],
    ["a", 1],
    {"a": []},
    {"nbgrader": {"grade_id": "risk_word", "solution": True}},
]


@pytest.fixture(scope="module")
def week(tmp_path_factory):
    import shutil

    folder = tmp_path_factory.mktemp("fuzz") / "course1_ward" / "week1_ward"
    shutil.copytree(WEEK, folder, ignore=shutil.ignore_patterns("ruff.toml", "__pycache__"))
    return build.read_week(folder)


@pytest.fixture(scope="module")
def seeds(week):
    """Give notebooks to break: answered, blank, the quiz, and an old format."""
    import nbformat

    release = json.loads(build.notebook_bytes(build.release_notebook(week, "assignment")))
    answered = notebook_with(release, HONEST)
    old = json.loads(json.dumps(nbformat.convert(nbformat.from_dict(copy.deepcopy(answered)), 3)))
    quiz = json.loads(build.notebook_bytes(build.release_notebook(week, "quiz")))
    return [answered, release, quiz, old]


def places_in(value, found):
    """List (container, key) for every part of a notebook."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in items:
        found.append((value, key))
        places_in(part, found)
    return found


def break_tree(rng, notebook):
    """Change, remove, double or move a few parts of a notebook."""
    notebook = copy.deepcopy(notebook)
    for _ in range(rng.randint(1, 4)):
        found = places_in(notebook, [])
        if not found:
            break
        container, key = rng.choice(found)
        other, elsewhere = rng.choice(found)
        match rng.randrange(6):
            case 0:
                container[key] = copy.deepcopy(rng.choice(ODD))
            case 1:
                del container[key]
            case 2:
                container[key] = copy.deepcopy(other[elsewhere])
            case 3 if isinstance(container, list):
                container.insert(rng.randrange(len(container) + 1), copy.deepcopy(container[key]))
            case 4 if isinstance(container, list):
                rng.shuffle(container)
            case 5 if isinstance(container[key], str) and container[key]:
                text, at = container[key], rng.randrange(len(container[key]))
                container[key] = (
                    text[:at] + rng.choice(["", "\n", "(", "'''", "\t", "\\", "é", "%%bash\n"]) + text[at + 1 :]
                )
    return json.dumps(notebook).encode()


def break_bytes(rng, data):
    """Change, cut or repeat a few bytes of a file."""
    data = bytearray(data)
    for _ in range(rng.randint(1, 3)):
        at = rng.randrange(len(data) + 1)
        match rng.randrange(4):
            case 0:
                data[at : at + 1] = rng.randbytes(1)
            case 1:
                del data[at : at + rng.choice([1, 2, 100, 10_000])]
            case 2:
                data[at:at] = rng.choice(
                    [b"\x00", b"\xff\xfe", b'"', b"[" * 500, b'{"a":' * 50, b"NaN", b"9" * 5000, b"\\ud800"]
                )
            case 3:
                data[at:at] = data[at : at + rng.choice([10, 1000])]
    return bytes(data)


def mutants(seeds, count):
    """Make broken notebooks, the same ones each time."""
    rng = random.Random(SEED)
    whole = [json.dumps(seed).encode() for seed in seeds]
    for _ in range(count):
        number = rng.randrange(len(seeds))
        yield break_tree(rng, seeds[number]) if rng.random() < 0.7 else break_bytes(rng, whole[number])


def outcome_of(path, week, judged):
    """Do with a file what the grader does before it runs anything: a record without a grade, or the steps to run."""
    try:
        notebook = reading.read_notebook(path)
        name = identify(notebook, week, path.name)
        graded = document.build_document(judged[name].instructor, judged[name].release, notebook)
    except reading.UnreadableError as error:
        return records.record_without_grade(path, records.UNREADABLE, str(error)), None
    return None, (judged[name], graded, steps_of(graded, judged[name].instructor))


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_ten_thousand_broken_notebooks_are_refused_or_can_be_graded(week, seeds, tmp_path):
    judged = {name: Judged(week, name) for name in build.graded_names(week)}
    path, refused, longest = tmp_path / "assignment.ipynb", 0, 0.0
    for content in mutants(seeds, MANY):
        path.write_bytes(content)
        began = time.perf_counter()
        record, ready = outcome_of(path, week, judged)
        longest = max(longest, time.perf_counter() - began)
        if record is not None:
            refused += 1
            assert record["message"].startswith("assignment.ipynb ") and "\n" not in record["message"], record[
                "message"
            ]
            assert len(record["message"]) < 500
            records.to_json(records.make_report(week.name, {}, [record]))
            show.exercise_table(record)
            continue
        mine, graded, steps = ready
        assert [exercise.id for exercise in graded.exercises] == [
            e.id for e in document.list_exercises(mine.instructor)
        ]
        kept = [(step.exercise, step.source) for step in steps if step.kind in ("check", "shared")]
        own = steps_of(document.build_document(mine.instructor, mine.release, EMPTY), mine.instructor)
        assert kept == [(step.exercise, step.source) for step in own if step.kind in ("check", "shared")]
    assert 1_000 < refused < 9_000, "some mutations break a file, some only change it"
    assert longest < 5


EMPTY = reading.LearnerNotebook([], None, None)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_some_of_them_go_through_the_real_grader(week, seeds, tmp_path):
    """``MEDLABS_FUZZ_GRADED=10000`` sends all of them."""
    files = []
    for number, content in enumerate(mutants(seeds, FEW)):
        files.append(tmp_path / f"{number}" / "assignment.ipynb")
        files[-1].parent.mkdir()
        files[-1].write_bytes(content)
    limits = Limits(cpu_seconds=6, wall_seconds=20, memory_mb=500, output_kb=100, disk_mb=5, processes=16)
    with Pool(week, limits, workers=2) as pool:
        done = pool.grade_all(files)
    assert {record["state"] for record in done} <= {"graded", "limit", "unreadable"}
    assert {"graded", "unreadable"} <= {record["state"] for record in done}
    assert all(0 <= record["score"] <= max(POINTS, 2) for record in done if record["score"] is not None)
    assert all(record["seconds"] < 22 for record in done)
