"""Can the release gate fail? Each test plants one leak in finished files, or in a source, and it must be found."""

import base64
import functools
import json
import zlib

import pytest
from tiny_weeks import NAME, WEEK, make_week

from autograder import paths
from autograder.build import SourceError, build_week, check_week, gate, secrets, write

HIDDEN_LINE = "beats = np.cumsum(np.random.default_rng(918_273).uniform(0.4, 1.2, 30))"
HIDDEN_MESSAGE = "A lone heartbeat has no rate: return NaN."
SOLUTION_LINE = "return 60 / gaps.mean() if len(gaps) else np.nan"
REASON = "Half a second per beat is two beats per second, not half a beat."


@pytest.fixture(scope="module")
def week(tmp_path_factory):
    return make_week(tmp_path_factory.mktemp("gate"))


@pytest.fixture(scope="module")
def files(week):
    return write.derived_files(week)


@functools.cache
def secrets_of(week):
    return secrets.collect([week])


def leaks(week, files):
    return [str(problem) for problem in gate.find_leaks(files, [week], secrets=secrets_of(week))]


def planted(files, name, change):
    """Give the files with one notebook changed: ``change`` gets the parsed notebook."""
    notebook = json.loads(files[name])
    change(notebook)
    return {**files, name: json.dumps(notebook).encode()}


def into_text(text, cell=0):
    def change(notebook):
        source = notebook["cells"][cell]["source"]
        notebook["cells"][cell]["source"] = (
            source + "\n\n" + text if isinstance(source, str) else [*source, "\n\n" + text]
        )

    return change


def test_a_clean_release_leaks_nothing(week, files):
    assert leaks(week, files) == []


def test_something_is_searched_for(week):
    """A gate that collects nothing passes everything."""
    kinds = {secret.kind for secret in secrets.collect([week])}
    assert kinds == {secrets.TEXT, secrets.NUMBER, secrets.LINE_OF_CODE, secrets.ANSWER}
    texts = {secret.text for secret in secrets.collect([week])}
    assert {HIDDEN_LINE, HIDDEN_MESSAGE, SOLUTION_LINE, REASON, "seconds from each beat to the following one"} <= texts


PIECES = {
    "line of a hidden check": (HIDDEN_LINE, "hidden check of"),
    "its message": (HIDDEN_MESSAGE, "hidden check of"),
    "its seed": ("The seed is 918273.", "a number of the hidden check of"),
    "its seed with an underscore": ("918_273", "a number of the hidden check of"),
    "its input": ("Try 61.375 twice.", "a number of the hidden check of"),
    "line of the solution": (SOLUTION_LINE, "solution of"),
    "the same, spaced differently": (SOLUTION_LINE.replace(" / ", "   /\n   "), "solution of"),
    "comment of the solution": ("# seconds from each beat to the following one", "solution of"),
    "reason of the quiz": (REASON, "quiz.toml"),
    "half of it": ("Two beats per second, sixty times:", "quiz.toml"),
    "answer of the quiz": ('rate_from_gap = "b"', "the answer to rate_from_gap of"),
    "answer in words": ("equal_rates: c", "the answer to equal_rates of"),
    "answer as JSON": ('{"equal_rates": "c"}', "the answer to equal_rates of"),
    "wrong answer": ("return 60 * len(times) / (times[-1] - times[0])", "counts_beats_not_gaps"),
    "right answer": ("elapsed = times[-1] - times[0]", "from_first_to_last_beat"),
    "marker": ("### END SOLUTION", "the marker 'END SOLUTION'"),
    "marker in small letters": ("# begin hidden tests", "the marker 'BEGIN HIDDEN TESTS'"),
    "stub marker": ("### STUB: x = ...", "the marker '### STUB:'"),
}


@pytest.mark.parametrize(("text", "said"), PIECES.values(), ids=PIECES)
@pytest.mark.parametrize("cell", [0, 1], ids=["text", "code"])
def test_a_piece_planted_in_any_cell_is_found(week, files, text, said, cell):
    found = leaks(week, planted(files, "lesson.ipynb", into_text(text, cell)))
    assert found and all("lesson.ipynb" in one for one in found)
    assert any(said in one for one in found), found


def metadata(notebook):
    notebook["cells"][1]["metadata"]["nbgrader"] = {"note": [HIDDEN_MESSAGE]}


def notebook_metadata(notebook):
    notebook["metadata"]["medlabs"]["seed"] = 918273


def output(notebook):
    text = [HIDDEN_MESSAGE[:20], HIDDEN_MESSAGE[20:]]
    notebook["cells"][1]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": text}]


def attachment(notebook):
    data = base64.b64encode(HIDDEN_LINE.encode()).decode()
    notebook["cells"][0]["attachments"] = {"a.txt": {"text/plain": data}}


def key(notebook):
    notebook["cells"][0]["metadata"]["tags"] = {HIDDEN_MESSAGE: 1}


@pytest.mark.parametrize("change", [metadata, notebook_metadata, output, attachment, key])
def test_no_corner_of_a_notebook_is_overlooked(week, files, change):
    found = leaks(week, planted(files, "quiz.ipynb", change))
    assert any("hidden check of" in one for one in found), found


CLOAKS = {
    "base64": lambda data: base64.b64encode(data).decode(),
    "base64 for addresses": lambda data: base64.urlsafe_b64encode(b"\xff\xfe" + data).decode(),
    "base64 without padding": lambda data: base64.b64encode(data).decode().rstrip("="),
    "base64 of base64": lambda data: base64.b64encode(base64.b64encode(data)).decode(),
    "base64 of zlib": lambda data: base64.b64encode(zlib.compress(data)).decode(),
    "hex": lambda data: data.hex(),
    "escapes": lambda data: "".join(f"\\x{byte:02x}" for byte in data),
    "percent": lambda data: "".join(f"%{byte:02x}" for byte in data),
    "HTML": lambda data: "".join(f"&#{byte};" for byte in data),
}


@pytest.mark.parametrize("cloak", CLOAKS.values(), ids=CLOAKS)
def test_a_cloaked_piece_is_found(week, files, cloak):
    cloaked = into_text(f"blob = '{cloak(SOLUTION_LINE.encode())}'", cell=1)
    assert any("solution of" in one for one in leaks(week, planted(files, "lesson.ipynb", cloaked)))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            lambda n: n["cells"][1].update(outputs=[{"output_type": "stream", "name": "stdout", "text": "1"}]),
            "an output",
        ),
        (lambda n: n["cells"][1].update(execution_count=7), "an execution count"),
        (lambda n: n["cells"][1]["metadata"].update(solution="x"), "cell metadata 'solution'"),
        (lambda n: n["cells"][0].update(attachments={}), "attachments of a cell"),
        (lambda n: n["metadata"].update(solutions={}), "notebook metadata 'solutions'"),
        (lambda n: n["cells"][1].update(source="### BEGN SOLUTON\nx = 1"), "'### BEGN SOLUTON' looks like a marker"),
        (lambda n: n.pop("cells"), "is no notebook"),
    ],
)
def test_what_no_release_has_is_said_even_if_it_is_harmless(week, files, change, said):
    assert any(said in one for one in leaks(week, planted(files, "lesson.ipynb", change)))


def test_other_files_are_read_too(week, files):
    svg = (
        b'<svg><title>Pulse</title><!-- seed --><text x="918273">A lone heartbeat has no rate: return NaN.</text></svg>'
    )
    found = leaks(week, {**files, "figures/pulse.svg": svg})
    assert len(found) == 1 and "figures/pulse.svg" in found[0] and "918" not in found[0], "a coordinate is no seed"
    picture = b"\x89PNG\r\n\x1a\n\xff\xfe tEXt " + SOLUTION_LINE.encode() + b"\x00\xff"
    assert any("solution of" in one for one in leaks(week, {**files, "figures/a.png": picture}))
    assert leaks(week, {**files, "lesson.ipynb": b"\xff"}) == [
        "lesson.ipynb [leak]: is no notebook. Run `medlabs build`."
    ]


def test_stray_files_are_found_on_disk(tmp_path):
    week = make_week(tmp_path)
    build_week(week)
    assert leaky(week) == []
    released = paths.release_folder(week.folder)
    (released / "assignment.py").write_bytes(week.source("assignment").read_bytes())
    checkpoint = released / ".ipynb_checkpoints" / "assignment-checkpoint.ipynb"
    checkpoint.parent.mkdir()
    checkpoint.write_bytes((released / "assignment.ipynb").read_bytes())
    (released / "notes.txt").write_text("nothing secret")
    found = leaky(week)
    for name in ("assignment.py", ".ipynb_checkpoints/assignment-checkpoint.ipynb", "notes.txt"):
        assert any(f"release/{WEEK}/{name} [stale]: is not made from any source" in one for one in found), name
    assert any("assignment.py [leak]: holds the marker 'BEGIN SOLUTION'" in one for one in found)
    assert any("assignment.py [leak]: holds a number of the hidden check" in one for one in found)


def leaky(week):
    return [str(problem) for problem in check_week(week) if problem.rule in ("stale", "leak")]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("# Two functions", "# The seed is 918273. Two functions"),
        ("# Two functions", f"# {HIDDEN_MESSAGE} Two functions"),
        ("# Two functions", f"# `{SOLUTION_LINE}` Two functions"),
    ],
    ids=["hidden seed", "hidden message", "solution"],
)
def test_an_author_who_types_a_secret_into_a_statement_is_stopped_before_anything_is_written(tmp_path, old, new):
    week = make_week(tmp_path, assignment_py=[(old, new)])
    with pytest.raises(SourceError, match=rf"Nothing was written, because learners would see:\n  {NAME}, assignment"):
        build_week(week)
    assert not paths.release_folder(week.folder).exists()


def test_a_typo_in_a_marker_is_stopped_too(tmp_path):
    """nbgrader itself passes over it and releases the hidden check."""
    week = make_week(tmp_path, assignment_py=[("### BEGIN HIDDEN TESTS", "### BEGIN HIDEN TESTS")])
    with pytest.raises(SourceError, match="looks like a marker and is none"):
        build_week(week)


def test_a_hint_may_show_the_line(tmp_path):
    hint = ("<summary>Hint 2</summary>Use np.diff.", f"<summary>Hint 2</summary>`{SOLUTION_LINE}`")
    week = make_week(tmp_path, assignment_py=[hint])
    assert leaks(week, write.derived_files(week)) == []


def test_what_learners_see_anyway_is_no_secret(tmp_path):
    shown = f"# %%\nrate = 12 / 10 * 60\nbeats = 918_273  # {HIDDEN_MESSAGE}"
    week = make_week(tmp_path, lesson_py=[("# %%\nrate = 12 / 10 * 60", shown)])
    assert leaks(week, write.derived_files(week)) == []


def test_a_secret_of_one_week_must_not_stand_in_another(tmp_path):
    hearts = make_week(tmp_path)
    other = make_week(tmp_path / "b", lesson_py=[("Twelve beats", f"{HIDDEN_MESSAGE} Twelve beats")])
    for name in ("assignment.py", "wrong_answers.py", "right_answers.py"):
        (other.folder / name).unlink()
    files = write.derived_files(other)
    assert any("hidden check of" in str(leak) for leak in gate.find_leaks(files, [hearts, other]))


@pytest.mark.parametrize(
    ("value", "sought"),
    [
        (12, False),
        (123, False),
        (1000, False),
        (100_000, False),
        (0.001, False),
        (1e-7, False),
        (0.5, False),
        (1234, True),
        (20101, True),
        (0.8333, True),
        (61.375, True),
        (True, False),
    ],
)
def test_only_distinctive_numbers_are_sought(value, sought):
    found = secrets.pieces(f"x = {value!r}", None, "here")
    assert any(secret.kind == secrets.NUMBER for secret in found) is sought


def test_a_number_within_a_number_is_another_number():
    secret = next(piece for piece in secrets.pieces("x = 1234", None, "here") if piece.kind == secrets.NUMBER)
    assert [secret.is_in(text) for text in ("1234", "(1234)", "1_234", "1234.")] == [True] * 4
    assert not any(secret.is_in(text) for text in ("12345", "01234", "1234.5", "0.1234", "x1234", "1234e5"))
