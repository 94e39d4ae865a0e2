"""Does each rule of style find what it is for, say it with cell and advice, and keep quiet otherwise?

Every rule has cases in CASES: the source of a notebook, and what is said of it (or nothing, for "fine").
"""

import re

import pytest
from lint_cases import CASES, FIGURE_TITLE
from tiny_weeks import NAME, make_week

from autograder.build import SourceError, check_week
from autograder.build.lint import PAGES, lint_page, lint_week, read_page

FILES = {"lesson": "lesson_py", "lab": "lab1_count_beats_py", "assignment": "assignment_py"}
NAMES = {"lesson": "lesson", "lab": "lab1_count_beats", "assignment": "assignment"}


def said_of(tmp_path, rule, kind, source):
    week = make_week(tmp_path, **{FILES[kind]: source})
    problems = lint_page(read_page(week, NAMES[kind]))
    return [problem for problem in problems if problem.rule == rule]


@pytest.mark.parametrize(
    ("rule", "kind", "source", "cell", "message"),
    [(rule, *case) for rule, cases in CASES.items() for case in cases],
    ids=[f"{rule}-{number}" for rule, cases in CASES.items() for number, _ in enumerate(cases, start=1)],
)
def test_a_rule_says_what_is_wrong_and_nothing_else(tmp_path, rule, kind, source, cell, message):
    said = said_of(tmp_path, rule, kind, source)
    if message is None:
        assert said == []
        return
    assert any(re.search(message, problem.message) and problem.cell == cell for problem in said), said
    assert all(problem.message.rstrip().endswith(".") for problem in said), "a sentence, with what to do"


def test_every_rule_has_a_case_that_fails_and_one_that_passes(tmp_path):
    lint_week(make_week(tmp_path))
    for rule in PAGES:
        messages = [case[3] for case in CASES[rule.id]]
        assert any(messages) and None in messages, f"{rule.id} needs a case that fails and one that is fine"
    assert set(CASES) == {rule.id for rule in PAGES}


def test_a_problem_names_file_cell_and_rule(tmp_path):
    week = make_week(tmp_path, lesson_py="# %% [markdown]\n# # About hearts\n")
    said = [str(problem) for problem in lint_week(week) if problem.rule == "title"]
    assert said == [
        f"{NAME}/lesson.py, cell 1 [title]: The title 'About hearts' starts with no verb: say what the learner does. "
        "If it is a verb, add it to autograder/build/verbs.py."
    ]


def test_a_notebook_that_cannot_be_read_is_one_problem_and_the_others_are_read(tmp_path):
    week = make_week(
        tmp_path, lesson_py="# %%\n### BEGIN SOLUTION\n", lab1_count_beats_py="# %% [markdown]\n# # Count\n"
    )
    problems = lint_week(week)
    assert [problem.rule for problem in problems if problem.file.endswith("lesson.py")] == ["source"]
    assert any(problem.file.endswith("lab1_count_beats.py") for problem in problems)


def week_rules(week):
    return {(problem.rule, problem.file.removeprefix(f"{NAME}/")): problem.message for problem in lint_week(week)}


def test_files_that_are_missing_or_that_nobody_reads(tmp_path):
    week = make_week(tmp_path, quiz_toml=None)
    (week.folder / "lab2_more.py").write_text("# %%\n")
    (week.folder / "README.md").write_text("fine")
    said = week_rules(week)
    assert "This file is missing" in said["files", "quiz.toml"]
    assert "Nothing reads this file. Add it to labs" in said["files", "lab2_more.py"]
    assert ("files", "README.md") not in said and ("files", "lesson.py") not in said


def test_promises_are_verbs(tmp_path):
    edits = [('title = "Count heartbeats"', 'title = "Heartbeats"'), ('"Compare two rates"', '"Know about rates"')]
    said = [p.message for p in lint_week(make_week(tmp_path, week_toml=edits)) if p.rule == "promises"]
    assert said[0].startswith("The title 'Heartbeats' starts with no verb")
    assert said[1].startswith("The objective 'Know about rates' starts with no verb")
    edits = [('"Compare two rates"', '"Tell what is about rates"')]
    said = [p.message for p in lint_week(make_week(tmp_path / "b", week_toml=edits)) if p.rule == "promises"]
    assert len(said) == 1 and "is 'about' something" in said[0]


def quiz_of(count, answer):
    question = 'points = 1\nobjective = 1\nstem = "s"\nanswer = "{0}"\nchoices = {{a = "1", b = "2"}}\nwhy = {{a = "1", b = "2"}}'
    return 'title = "Ask"\n' + "".join(
        f'[[question]]\nid = "q{number}"\n{question.format(answer(number))}\n' for number in range(count)
    )


@pytest.mark.parametrize(
    ("count", "answer", "message"),
    [
        (7, lambda n: "ab"[n % 2], "7 questions: write 8 to 12"),
        (14, lambda n: "ab"[n % 2], "14 questions"),
        (8, lambda n: "ab"[n == 0], "7 of 8 answers are 'a': mix the choices"),
        (8, lambda n: "ab"[n % 2], None),
    ],
)
def test_the_quiz_asks_enough_and_not_in_one_letter(tmp_path, count, answer, message):
    said = week_rules(make_week(tmp_path, quiz_toml=quiz_of(count, answer))).get(("quiz", "quiz.toml"))
    assert said is None if message is None else message in said


def test_the_checks_of_an_exercise_are_proved_by_enough_answers(tmp_path):
    said = [problem.message for problem in lint_week(make_week(tmp_path)) if problem.rule == "proofs"]
    assert said == [
        "beats_per_minute has 1 answers: give at least 5.",
        "faster has 1 answers: give at least 5.",
        "beats_per_minute has 1 answers: give at least 3.",
        "faster has 0 answers: give at least 3.",
    ]
    said = week_rules(make_week(tmp_path / "b", wrong_answers_py=None))
    assert "This file is missing. Give each exercise at least 5" in said["proofs", "wrong_answers.py"]
    said = [p for p in lint_week(make_week(tmp_path / "c", right_answers_py="# %%\nx = 1\n")) if p.rule == "proofs"]
    assert any("exercise is missing" in problem.message for problem in said), "a mistake in the file is a problem too"


def test_figures_are_used_and_hold_no_script(tmp_path):
    week = make_week(tmp_path)
    (week.folder / "figures" / "old.svg").write_text("<svg/>")
    pulse = week.folder / "figures" / "pulse.svg"
    pulse.write_text(pulse.read_text().replace("<title>", "<script>alert(1)</script><title>"))
    said = week_rules(week)
    assert "No notebook shows this figure" in said["figures", "figures/old.svg"]
    assert "The drawing holds a script" in said["figures", "figures/pulse.svg"]
    assert ("figures", "figures/pulse.svg") not in week_rules(make_week(tmp_path / "b"))


def test_a_file_that_cannot_be_read_does_not_hide_the_rest(tmp_path):
    week = make_week(tmp_path, quiz_toml='title = "Ask"\n')
    rules = {problem.rule for problem in check_week(week)}
    assert {"quiz", "proofs", "source"} <= rules
    with pytest.raises(SourceError, match="has no question"):
        read_page(week, "quiz")


def test_the_title_of_the_cases_is_a_title():
    """The cases share this start; if it broke a rule, every case would be about two things."""
    assert FIGURE_TITLE.startswith("# %% [markdown]\n# # ")
