"""Do other programs get the marks they can read, in the layouts that they document, and nothing that a spreadsheet would run?"""

import csv
import io
from datetime import timedelta

import pytest
from cohort.terms import ANSWERS, DUE, FULL, HALF, NOW, notebook, record
from nbgrader.api import Gradebook
from tiny_weeks import NAME, WEEK

from autograder.cohort import cells, export, gradebook, read_cohort

TITLE = "course1 week1: Count heartbeats"


@pytest.fixture
def marked(term):
    """Give a term in which ada is whole, bob late and marked by hand, and zoe handed nothing in."""
    gradebook.write(term, NAME, "ada", "assignment", notebook(term, **ANSWERS.right), NOW, record(FULL), 1)
    late = DUE + timedelta(days=5, hours=1)  # half of ten days is bob's extra time
    gradebook.write(term, NAME, "bob", "assignment", notebook(term, **ANSWERS.half), late, record(HALF), 1)
    with Gradebook(f"sqlite:///{term.folder / 'course1_tiny' / 'gradebook.db'}", "course1_tiny") as book:
        book.find_grade("check_faster", "assignment", WEEK, "bob").manual_score = 1.0
        book.db.commit()
    return term


def parsed(rows):
    """Read what was written as any program does."""
    return list(csv.reader(io.StringIO(cells.to_csv(rows).decode("utf-8"), newline="")))


def test_the_plain_file_has_a_line_per_learner_and_notebook_and_gives_the_marks_again(marked):
    head, *rows = parsed(export.plain(marked, export.collect(marked, [NAME])))
    assert head == list(export.PLAIN)
    assert len(rows) == 6
    by = {(row[0], row[5]): dict(zip(head, row, strict=True)) for row in rows}
    assert by["ada", "assignment"]["score"] == "3.5"
    bob = by["bob", "assignment"]
    assert (bob["days_late"], bob["earned"], bob["penalty"], bob["score"]) == ("1", "3", "0.3", "2.7")
    assert (bob["by_hand"], bob["attempt"], bob["max_score"]) == ("faster", "1", "3.5")
    assert (by["zoe", "quiz"]["score"], by["zoe", "quiz"]["attempts"]) == ("", "0")


CANVAS_BASE = """Student,ID,SIS User ID,SIS Login ID,Section,course1 week1: Count heartbeats (4711),Essay (4712),Final Score
    Points Possible,,,,,6.5,10.0,(read only)
"Lovelace, Ada",101,u-1,ada,Lab A,,9.0,90
"Bob, H",102,bob,bob@example.org,Lab B,1.0,,
"王, Zoë",103,,ZOE@example.org,,,,
"""


def with_email(term):
    roster = term.folder / "roster.csv"
    roster.write_text(roster.read_text().replace("王</b>,,", "王</b>,zoe@example.org,"))
    return read_cohort(term.folder)


def read_canvas(rows):
    """Read a gradebook as Canvas documents it: five columns of people, a row of possible points, then scores by title."""
    head, possible, *people = parsed(rows)
    assert head[:5] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
    assert possible[0].strip() == "Points Possible"
    titles = head[5:]
    most = dict(zip(titles, map(float, possible[5:]), strict=True))
    return most, {row[3]: (row[1], dict(zip(titles, row[5:], strict=True))) for row in people}


def test_canvas_reads_back_what_was_written(marked):
    most, people = read_canvas(export.canvas(marked, export.collect(marked, [NAME])))
    assert most == {TITLE: 6.5}
    assert {login: scores[TITLE] for login, (_, scores) in people.items()} == {"ada": "3.5", "bob": "2.7", "zoe": ""}
    _, people = read_canvas(export.canvas(marked, export.collect(marked, [NAME]), zeros=True))
    assert people["zoe"] == ("", {TITLE: "0"})


def test_canvas_keeps_its_own_numbers_of_people_and_columns(marked, tmp_path):
    term = with_email(marked)
    (tmp_path / "canvas.csv").write_text(CANVAS_BASE, encoding="utf-8")
    base = export.read_base(tmp_path / "canvas.csv")
    rows = export.canvas(term, export.collect(term, [NAME]), base)
    most, people = read_canvas(rows)
    assert most == {f"{TITLE} (4711)": 6.5}
    assert people == {
        "ada": ("101", {f"{TITLE} (4711)": "3.5"}),
        "bob@example.org": ("102", {f"{TITLE} (4711)": "2.7"}),
        "ZOE@example.org": ("103", {f"{TITLE} (4711)": ""}),
    }
    (tmp_path / "again.csv").write_bytes(cells.to_csv(rows))
    assert parsed(
        export.canvas(term, export.collect(term, [NAME]), export.read_base(tmp_path / "again.csv"))
    ) == parsed(rows)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b\n1,2\n", r"canvas\.csv is no gradebook of Canvas: the column 'Student' is missing"),
        ("", "is no gradebook of Canvas"),
        (CANVAS_BASE.replace("ada", "adam"), "has no line for 'ada'"),
        (CANVAS_BASE.replace("103,,ZOE@example.org", "103,,ada"), "has 'ada' twice"),
    ],
)
def test_a_gradebook_that_does_not_fit_is_one_sentence(marked, tmp_path, text, said):
    (tmp_path / "canvas.csv").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=said):
        export.canvas(with_email(marked), export.collect(marked, [NAME]), export.read_base(tmp_path / "canvas.csv"))


def test_moodle_reads_back_what_was_written(marked):
    head, *rows = parsed(export.moodle(marked, export.collect(marked, [NAME]), now=NOW))
    assert head == [
        "First name", "Last name", "ID number", "Institution", "Department", "Email address",
        f"Assignment: {TITLE} (Real)", "Last downloaded from this course",
    ]  # fmt: skip
    by = {row[2]: dict(zip(head, row, strict=True)) for row in rows}
    scores = {name: row[f"Assignment: {TITLE} (Real)"] for name, row in by.items()}
    assert scores == {"ada": "3.5", "bob": "2.7", "zoe": "-"}
    assert (by["ada"]["First name"], by["ada"]["Last name"], by["ada"]["Email address"]) == (
        "Ada",
        "Lovelace",
        "ada@example.org",
    )
    assert all(int(row["Last downloaded from this course"]) == NOW.timestamp() for row in by.values())


def test_no_cell_of_any_format_begins_like_a_formula(marked):
    found = export.collect(marked, [NAME])
    for rows in (export.plain(marked, found), export.canvas(marked, found), export.moodle(marked, found)):
        for row in parsed(rows):
            for text in row:
                assert not text.startswith(cells.FORMULA) or text == "-", row


def test_no_grade_is_a_dash_in_moodle(marked):
    texts = [text for row in parsed(export.moodle(marked, export.collect(marked, [NAME]))) for text in row]
    assert "-" in texts
    assert "'-" not in texts


def test_files_are_written_whole_and_for_the_owner_only(marked):
    path = export.write(marked, [("a", "=1")], "grades-csv.csv")
    assert path.read_text() == "a,'=1\n"
    assert path.stat().st_mode & 0o077 == 0
