"""Is every file read as what it is, and is a bad one refused in one sentence that names it?"""

import json
import os

import pytest

from autograder.grading.reading import MAX_CELLS, UnreadableError, find_notebooks, read_notebook

CODE = {"cell_type": "code", "source": ["a = 1\n", "b = 2"], "metadata": {}, "outputs": [], "execution_count": None}


def notebook(*cells, **changes):
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells or [CODE]), **changes}


def saved(tmp_path, content):
    path = tmp_path / "mine.ipynb"
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return path


def test_cells_are_read_with_their_marks(tmp_path):
    marked = {**CODE, "id": "abc", "metadata": {"nbgrader": {"grade_id": "f", "points": 99}}, "source": "x\r\ny"}
    about = {"medlabs": {"week": "course1_a/week1_b", "notebook": "quiz"}}
    read = read_notebook(saved(tmp_path, notebook(CODE, marked, {"cell_type": "raw", "source": "t"}, metadata=about)))
    assert [tuple(cell) for cell in read.cells] == [
        ("code", "a = 1\nb = 2", None, None),
        ("code", "x\ny", "f", "abc"),
        ("markdown", "t", None, None),
    ]
    assert (read.week, read.name) == ("course1_a/week1_b", "quiz")


def test_the_old_format_3_is_read(tmp_path):
    old = {
        "nbformat": 3,
        "worksheets": [{"cells": [{"cell_type": "code", "input": ["a\n", "b"], "language": "python"}]}],
    }
    assert read_notebook(saved(tmp_path, old)).cells[0].source == "a\nb"


def test_what_outputs_hold_costs_nothing(tmp_path):
    text = json.dumps(notebook({**CODE, "outputs": [{"data": {"n": "HERE"}}]})).replace('"HERE"', "[NaN, -Infinity]")
    assert read_notebook(saved(tmp_path, text.encode())).cells[0].source == "a = 1\nb = 2"


def test_half_a_character_becomes_a_question_mark(tmp_path):
    assert read_notebook(saved(tmp_path, notebook({**CODE, "source": "x = '\ud83d'"}))).cells[0].source == "x = '?'"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"   \n", "is empty"),
        (b"hello", "not JSON"),
        (b"\xff\xfe\x00", "not text in UTF-8"),
        (json.dumps(notebook()).encode()[:-20], "was cut off"),
        (json.dumps(notebook()).encode()[:60], "was cut off"),
        (b"[1, 2]", "does not say its nbformat"),
        (b'"text"', "does not say its nbformat"),
        ({"cells": []}, "does not say its nbformat"),
        (notebook(nbformat=2), "notebook format 2"),
        (notebook(nbformat=5), "notebook format 5"),
        (notebook(nbformat=True), "notebook format True"),
        (notebook(nbformat="4"), "does not read"),
        (notebook(cells=[]), "has no cells"),
        (notebook(cells={}), "has no list of cells"),
        ({"nbformat": 3, "worksheets": 1}, "has no list of cells"),
        ({"nbformat": 3, "worksheets": [{"cells": 1}]}, "has no list of cells"),
        (notebook(1), "cell 1 is not a cell"),
        (notebook(CODE, {"cell_type": "code"}), "cell 2 has no text"),
        (notebook({**CODE, "source": [1]}), "cell 1 has no text"),
        (notebook(*[CODE] * (MAX_CELLS + 1)), f"{MAX_CELLS} are allowed"),
        (b'{"nbformat": 4, "cells": [], "cells": []}', "says 'cells' twice"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"nbformat": ' + b"4" * 5000 + b"}", "a number that cannot be read"),
    ],
)
def test_a_bad_file_is_refused_in_one_sentence_that_names_it(tmp_path, content, said):
    if said == "does not read":
        said = "notebook format 4; this grader reads 3 and 4"
    with pytest.raises(UnreadableError) as caught:
        read_notebook(saved(tmp_path, content))
    message = str(caught.value)
    assert said in message and message.startswith("mine.ipynb ") and message.endswith(".") and "\n" not in message


def test_a_large_file_is_refused_before_it_is_read(tmp_path):
    with pytest.raises(UnreadableError, match=r"too large \(0 MB, and 0 MB are allowed\): choose Edit > Clear Outputs"):
        read_notebook(saved(tmp_path, notebook()), max_bytes=100)


def test_what_is_not_a_file_is_refused_without_waiting(tmp_path):
    os.mkfifo(tmp_path / "pipe.ipynb")
    with pytest.raises(UnreadableError, match=r"pipe\.ipynb is not a file"):
        read_notebook(tmp_path / "pipe.ipynb")
    with pytest.raises(UnreadableError, match=r"gone\.ipynb does not exist"):
        read_notebook(tmp_path / "gone.ipynb")
    with pytest.raises(UnreadableError, match=r"is not a file\."):
        read_notebook(tmp_path)
    with pytest.raises(UnreadableError, match="cannot be opened"):
        read_notebook(tmp_path / ("x" * 300))


def test_folders_are_searched_in_a_fixed_order_without_hidden_places(tmp_path):
    for name in ("b/2.ipynb", "a/1.ipynb", "c.txt", ".ipynb_checkpoints/a.ipynb", "a/.hidden.ipynb", "z.ipynb"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert [str(path.relative_to(tmp_path)) for path in find_notebooks(tmp_path)] == [
        "z.ipynb",
        "a/1.ipynb",
        "b/2.ipynb",
    ]


def test_links_are_listed_and_refused_and_never_followed(tmp_path):
    (tmp_path / "real").mkdir()
    saved(tmp_path / "real", notebook())
    (tmp_path / "in" / "sub").mkdir(parents=True)
    (tmp_path / "in" / "file.ipynb").symlink_to(tmp_path / "real" / "mine.ipynb")
    (tmp_path / "in" / "folder").symlink_to(tmp_path / "real")
    found = find_notebooks(tmp_path / "in")
    assert [path.name for path in found] == ["file.ipynb", "folder"]
    for path in found:
        with pytest.raises(UnreadableError, match=f"{path.name} is a link, and links are not followed"):
            read_notebook(path)
