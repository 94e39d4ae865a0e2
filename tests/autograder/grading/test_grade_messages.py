"""Do messages say what the instructor wrote, and nothing of a hidden check?"""

import pytest

from autograder.grading.messages import (
    NEUTRAL,
    NOT_ATTEMPTED,
    UNSAID,
    Raised,
    describe_error,
    explain,
    failing_part,
    hidden_lines,
    tidy,
)

CHECK = """

got = f(1)
assert got == 2, "visible words"
### BEGIN HIDDEN TESTS
assert f(7) == 8, "hidden words"
### END HIDDEN TESTS
x = 1"""
VISIBLE, HIDDEN = "  Cell In[5], line 2", "  Cell In[5], line 4"
IN_ANSWER, IN_LIBRARY = "  Cell In[4], line 2 in f", "  File /lib/numpy/core.py:12 in add"


def raised(kind, text, *frames):
    shown = "\n".join(f"{frame}\n    some source" for frame in frames)
    return Raised(kind, text, f"Traceback (most recent call last):\n{shown}\n{kind}: {text}", 5)


def test_hidden_lines_are_counted_as_ipython_counts_them():
    assert hidden_lines(CHECK) == {3, 4, 5}
    assert hidden_lines("a = 1") == set()


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (raised("AssertionError", "visible words", VISIBLE), "visible words"),
        (raised("AssertionError", "hidden words", HIDDEN), "hidden words"),
        (raised("AssertionError", "two\n  lines", HIDDEN), "two lines"),
        (raised("AssertionError", "", HIDDEN), UNSAID),
        (raised("AssertionError", "helper words", HIDDEN, "  Cell In[5], line 1 in expect"), "helper words"),
        (raised("AssertionError", "trusted words", HIDDEN, "  Cell In[2], line 1 in expect"), "trusted words"),
        (raised("AssertionError", "the input is 7", HIDDEN, IN_ANSWER), NEUTRAL),
        (raised("AssertionError", "desired 8", HIDDEN, IN_LIBRARY), NEUTRAL),
        (raised("ValueError", "the input is 7", HIDDEN, IN_ANSWER), NEUTRAL),
        (raised("TypeError", "cannot add", HIDDEN), NEUTRAL),
        (raised("ValueError", "no good", VISIBLE, IN_ANSWER), "Your answer raised ValueError: no good"),
        (raised("KeyboardInterrupt", "", VISIBLE, IN_ANSWER), "Your answer raised KeyboardInterrupt"),
        (raised("TypeError", "no len", VISIBLE), "The check could not use what your answer gave (TypeError: no len)."),
        (raised("AssertionError", "mine", VISIBLE, IN_ANSWER), "Your answer raised AssertionError: mine"),
        (raised("NotImplementedError", "", VISIBLE, IN_ANSWER), NOT_ATTEMPTED),
        (raised("NotImplementedError", "", HIDDEN, IN_ANSWER), NOT_ATTEMPTED),
        (raised("NameError", "name 'f' is not defined", VISIBLE), "Your answer cell does not define f."),
        (
            raised("NameError", "name 'g' is not defined", VISIBLE, IN_ANSWER),
            "Your answer raised NameError: name 'g' is",
        ),
        (raised("SystemExit", "3", VISIBLE, IN_ANSWER), "Your answer stopped Python"),
        (raised("ValueError", "no frames at all"), NEUTRAL),
    ],
)
def test_an_error_becomes_one_sentence(error, said):
    message = explain(error, CHECK, trusted={1, 2}, name="f")
    assert message.startswith(said) and "\n" not in message
    if said == NEUTRAL:
        assert "7" not in message and "8" not in message


def test_only_the_error_raised_last_counts():
    first = raised("ZeroDivisionError", "division by zero", HIDDEN, IN_ANSWER).traceback
    second = raised("AssertionError", "authored", HIDDEN)
    chained = "\n\nDuring handling of the above exception, another exception occurred:\n\n"
    assert explain(second._replace(traceback=first + chained + second.traceback), CHECK) == "authored"


def test_a_message_that_looks_like_a_traceback_does_not_pass_for_one():
    forged = raised("ValueError", "secret 7\n" + VISIBLE, HIDDEN, IN_ANSWER)
    assert explain(forged, CHECK) == NEUTRAL


def test_the_error_of_the_answer_cell_is_told():
    error = raised("NameError", "name 'f' is not defined", VISIBLE)
    assert explain(error, CHECK, answer_error="SyntaxError: invalid syntax (line 2)", name="f") == (
        "Your answer cell stopped with SyntaxError: invalid syntax (line 2)"
    )


def test_the_failing_part_is_told():
    assert failing_part(raised("AssertionError", "", VISIBLE), CHECK) == "visible"
    assert failing_part(raised("AssertionError", "", HIDDEN), CHECK) == "hidden"
    assert failing_part(raised("AssertionError", ""), CHECK) == "hidden"


def test_text_is_tidied():
    assert tidy("\x1b[31mred\x1b[0m\n\ttwo\x00three\u202e") == "red two three"
    assert len(tidy("x" * 10_000)) == 600


def test_errors_of_answer_cells_are_described_with_their_line():
    error = Raised("SyntaxError", "invalid syntax (522117433.py, line 3)", "  Cell In[5], line 3\n    def", 5)
    assert describe_error(error) == "SyntaxError: invalid syntax (line 3)"
    error = raised("ValueError", "no", "  Cell In[5], line 2", IN_LIBRARY)
    assert describe_error(error) == "ValueError: no (line 2)"
