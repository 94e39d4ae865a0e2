"""Does a roster give its learners whatever wrote it, and is each mistake in it one sentence with line and value?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.cohort import cells
from autograder.cohort.roster import Learner, is_id, read_roster, roster_bytes

HEAD = "id,name,email,section,extra_time\n"


def write(folder, text):
    path = folder / "roster.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize(
    "text",
    [
        HEAD + "ada,Ada Lovelace,ada@example.org,A,1.5\n",
        "\ufeff" + HEAD.replace("\n", "\r\n") + "ada,Ada Lovelace,ada@example.org,A,1.5\r\n\r\n",
        "Name;ID;Extra time;Section;E mail\n".replace("E mail", "email") + "Ada Lovelace;ada;1.5;A;ada@example.org\n",
        HEAD.replace(",", "\t") + "ada\t Ada Lovelace \tada@example.org\tA\t1.5",
        HEAD + '"ada","Ada Lovelace","ada@example.org","A","1.5"',
    ],
)
def test_what_spreadsheets_write_is_read(tmp_path, text):
    assert read_roster(write(tmp_path, text)) == {
        "ada": Learner("ada", "Ada Lovelace", "ada@example.org", "A", "1.5"),
    }


def test_id_and_name_are_enough_and_names_may_be_in_any_script(tmp_path):
    learners = read_roster(write(tmp_path, "id,name\nzoë1,x\n".replace("zoë1", "zoe1").replace("x", "Zoë 王 محمد")))
    assert learners["zoe1"] == Learner("zoe1", "Zoë 王 محمد")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", r"roster\.csv is empty"),
        (HEAD, r"roster\.csv names no learner"),
        ("id\nada", "the column 'name' is missing"),
        ("id,name,mark\nada,Ada,1", "line 1: the column 'mark' is unknown"),
        ("id,name,id\nada,Ada,ada", "line 1: the column 'id' is there twice"),
        ("id,name\nada,Ada\nada,Bob", "line 3: the id 'ada' is there twice"),
        ("id,name\nada,Ada\nADA,Bob", "line 3: the id 'ADA' differs from 'ada' in capitals only"),
        ("id,name\n,Ada", "line 2: the id is empty"),
        ("id,name\nada,", "line 2: the name of 'ada' is empty"),
        ("id,name\nada,Ada,more", "line 2 has 3 fields and the first line has 2"),
        ("id,name\nzoë,Zoë", "line 2: the id 'zoë' cannot be used"),
        ("id,name\n../../etc,Eve", "cannot be used"),
        ("id,name\n..,Eve", "cannot be used"),
        ("id,name\n-rf,Eve", "cannot be used"),
        ("id,name\na+b,Eve", "cannot be used"),
        ("id,name\na b,Eve", "cannot be used"),
        ('id,name\n"a\nb",Eve', "control character"),
        ("id,name\nCON,Eve", "cannot be used"),
        ("id,name\nnul.txt,Eve", "cannot be used"),
        ("id,name\n" + "x" * 65 + ",Eve", "cannot be used"),
        ("id,name\n=1+1,Eve", "cannot be used"),
        ("id,name\nada,A\u202eda", r"line 2: name holds a control character \(U\+202E\)"),
        ("id,name\nada,A\x1b[31mda", r"control character \(U\+001B\)"),
        ("id,name\nada," + "x" * 200, "name is longer than 128 characters"),
        ("id,name,email\nada,Ada,ada at home", "'ada at home' is no email address"),
        ("id,name,extra_time\nada,Ada,much", "line 2: extra_time is 'much'"),
        ("id,name,extra_time\nada,Ada,0.5", "a factor from 1 to 10"),
        ('id,name\nada,"Ada', "this is no CSV"),
        ("id,name\nada,A\0da", "zero byte"),
        ("id,name\nada,Zoë".encode("latin-1"), "not UTF-8"),
    ],
)
def test_each_mistake_is_one_sentence(tmp_path, text, said):
    with pytest.raises(ValueError, match=said) as caught:
        read_roster(write(tmp_path, text))
    assert "\n" not in str(caught.value)


def test_a_roster_that_is_not_there_or_far_too_large(tmp_path):
    with pytest.raises(ValueError, match=r"none\.csv cannot be read \(No such file"):
        read_roster(tmp_path / "none.csv")
    with pytest.raises(ValueError, match="larger than 5 MB"):
        read_roster(write(tmp_path, b"x" * 5_000_001))


@given(st.text(max_size=70))
def test_what_is_an_id_is_a_harmless_name_of_a_folder(text):
    if is_id(text):
        assert text.isascii() and "/" not in text and "\\" not in text and "+" not in text and len(text) <= 64
        assert text[0].isalnum() and text[-1].isalnum() and ".." not in text


NAMES = st.text(st.characters(exclude_categories=["Cc", "Cs", "Cf", "Zs", "Zl", "Zp"]), min_size=1, max_size=20)


@given(st.lists(NAMES, min_size=1, max_size=5))
def test_a_roster_that_we_write_is_read_again(tmp_path_factory, names):
    first = "id,name\n" + "".join(f'l{n},"{name.replace(chr(34), chr(34) * 2)}"\n' for n, name in enumerate(names))
    folder = tmp_path_factory.mktemp("roster")
    learners = read_roster(write(folder, first))
    assert read_roster(write(folder, roster_bytes(learners.values()))) == learners


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "|calc", "%0A", '=HYPERLINK("http://x","y")', " =1"])
def test_no_cell_begins_like_a_formula(text):
    assert cells.safe(text) == "'" + text
    assert cells.plain(cells.safe(text)) == text


@pytest.mark.parametrize("text", ["Ada", "", "'quoted'", "1.5", "a=b"])
def test_an_ordinary_cell_stays(text):
    assert cells.safe(text) == cells.plain(text) == text


@given(st.text())
def test_a_cell_is_what_it_was_after_guard_and_back(text):
    assert not cells.safe(text).startswith(cells.FORMULA) or text == "-"
    if cells.safe(text) != text or not text.startswith("'"):
        assert cells.plain(cells.safe(text)) == text
