"""A learner's way through the panels of a real lab: course, lesson, lab, quiz, assignment, a reason, full marks, a reset."""

import re

import nbformat
import pytest
from browser.driver import open_panel, screenshot, serious_findings, submit, type_answer

from autograder import build, paths
from autograder.build.quiz import read_quiz

WEEK = "course2_prognosis/week3_survival_curves"  # tabular and light
EXERCISE, WRONG, SAYS = "frac_censored", "share_of_events", "0.75 is the share of events"


@pytest.fixture(scope="module")
def week():
    return build.read_week(paths.find_weeks()[WEEK])


def instructor_answers(week, name):
    cells = build.instructor_notebook(week, name).cells
    marks = [cell.metadata.get("nbgrader", {}) for cell in cells]
    texts = ["\n".join(line for line in cell.source.splitlines() if "###" not in line) for cell in cells]
    return {mark.grade_id: text for mark, text in zip(marks, texts, strict=True) if mark.get("solution")}


def write_answers(path, answers):
    """Write answers as an earlier evening's work; those that the test types are left out."""
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        mark = cell.metadata.get("nbgrader", {})
        if mark.get("solution") and mark["grade_id"] in answers:
            cell.source = answers[mark["grade_id"]]
    nbformat.write(notebook, path)


def open_from_course(page, label):
    """Open a notebook of the week by its link in the Course panel, and wait until its cells are there."""
    open_panel(page, "course")
    summary = page.locator("#medlabs-course summary", has_text="Estimate survival from patients")
    if not summary.evaluate("node => node.parentElement.open"):
        summary.focus()
        page.keyboard.press("Enter")  # by the keyboard alone
    week = page.locator("#medlabs-course details:has(summary:has-text('Estimate survival from patients'))")
    week.get_by_role("button", name=re.compile(label)).click()
    file = {"Lesson": "lesson", "Lab 1": "lab1", "Quiz": "quiz", "Assignment": "assignment"}[label]
    page.locator(".lm-DockPanel-tabBar .lm-mod-current", has_text=file).wait_for(timeout=60_000)
    page.locator(".jp-NotebookPanel:visible .jp-Cell").first.wait_for(timeout=60_000)


def facts_of(page, label):
    week = page.locator("#medlabs-course details:has(summary:has-text('Estimate survival from patients'))")
    return week.locator("li", has_text=label).inner_text()


@pytest.mark.slow
def test_from_the_course_panel_to_full_marks(learner_lab, page, week):
    answers = instructor_answers(week, "assignment")
    questions = read_quiz(week.source("quiz"), week).questions
    mine = learner_lab.root / WEEK
    write_answers(mine / "quiz.ipynb", {q.id: f'{q.id} = "{q.answer}"' for q in questions[2:]})
    write_answers(mine / "assignment.ipynb", {name: text for name, text in answers.items() if name != EXERCISE})

    page.goto(learner_lab.url(WEEK))
    open_panel(page, "course")
    page.get_by_text("weeks done").wait_for(timeout=60_000)
    for label in ("Lesson", "Lab 1"):
        open_from_course(page, label)
        assert page.get_by_role("button", name="Submit", exact=True).and_(page.locator(":visible")).count() == 0
    open_panel(page, "score")
    assert page.get_by_text("This notebook is for practice").is_visible()
    screenshot(page, "panel-course")

    open_from_course(page, "Quiz")
    _, said = submit(page)
    assert said == f"{len(questions) - 2} of {len(questions)} points"
    wrong = next(letter for letter in questions[0].choices if letter != questions[0].answer)
    titles = page.locator(".medlabs-exercises li.medlabs-wrong h3").all_inner_texts()
    type_answer(page, titles[0], f'{questions[0].id} = "{wrong}"')
    type_answer(page, titles[1], f'{questions[1].id} = "{questions[1].answer}"')
    _, said = submit(page)
    assert said == f"{len(questions) - 1} of {len(questions)} points"
    assert page.get_by_text("Your unsaved changes were saved first.").is_visible()
    reason = page.locator(".medlabs-exercises li.medlabs-wrong").inner_text()
    assert questions[0].why[wrong][:40].replace("*", "") in reason.replace("*", ""), "the reason of this very choice"
    screenshot(page, "panel-quiz-reason")
    type_answer(page, titles[0], f'{questions[0].id} = "{questions[0].answer}"')
    _, said = submit(page)
    assert said == f"{len(questions)} of {len(questions)} points"

    open_from_course(page, "Assignment")
    bad = next(a for a in build.read_wrong_answers(week) if (a.exercise, a.name) == (EXERCISE, WRONG))
    submit(page)
    title = page.locator(".medlabs-exercises li.medlabs-wrong h3").inner_text()
    cell = type_answer(page, title, bad.source)
    assert "frac_censored" in cell.inner_text(), "the link led to the answer cell"
    submit(page)
    assert SAYS in page.locator(".medlabs-exercises li.medlabs-wrong").inner_text()
    screenshot(page, "panel-assignment-reason")
    type_answer(page, title, answers[EXERCISE])
    _, said = submit(page)
    points = sum(exercise.points for exercise in week.exercises)
    assert said == f"{points:g} of {points:g} points"
    assert page.get_by_text("Everything is right.").is_visible()
    assert page.locator(".medlabs-exercises li.medlabs-wrong").count() == 0

    page.get_by_text("Past attempts (3)").click()
    attempt = page.get_by_role("button", name=re.compile("^Attempt 2:"))
    attempt.click()
    assert SAYS in page.locator(".medlabs-exercises").inner_text(), "what an old attempt said"
    page.get_by_role("button", name=re.compile("^Attempt 3:")).click()
    page.wait_for_function("() => document.querySelector('#medlabs-course').innerText.includes('passed')")
    assert "passed" in facts_of(page, "Assignment") and "passed" in facts_of(page, "Quiz")
    assert "not begun, 2 h left" in facts_of(page, "Lesson")
    screenshot(page, "panel-full-marks")

    assert serious_findings(page, ".medlabs-Panel", ".medlabs-Toolbar") == []
    page.locator(".lm-MenuBar-itemLabel", has_text=re.compile("^Settings$")).click()
    page.locator(".lm-Menu-itemLabel", has_text=re.compile("^Theme$")).hover()
    page.locator(".lm-Menu-itemLabel", has_text="JupyterLab Dark").first.click()
    page.wait_for_function("() => document.body.dataset.jpThemeLight === 'false'")
    page.wait_for_timeout(500)  # the style sheet of the theme
    assert serious_findings(page, ".medlabs-Panel", ".medlabs-Toolbar") == []
    screenshot(page, "panel-dark")


@pytest.mark.slow
def test_a_reset_asks_first_and_keeps_a_copy(learner_lab, page):
    """By the keyboard: the button that changes nothing is the one that Enter gives."""
    path = learner_lab.root / WEEK / "lab1_count_patients.ipynb"
    page.goto(learner_lab.url(f"{WEEK}/lab1_count_patients.ipynb"))
    page.locator(".jp-NotebookPanel .jp-Cell").first.wait_for(timeout=60_000)
    write_over = nbformat.read(path, as_version=4)
    release = path.read_bytes()
    write_over.cells[0].source = "My own words"
    nbformat.write(write_over, path)
    page.reload()
    mine = page.locator(".jp-NotebookPanel p", has_text="My own words")
    mine.wait_for(timeout=60_000)
    open_panel(page, "score")
    reset = page.get_by_role("button", name="Reset this notebook").and_(page.locator(":visible"))
    reset.focus()
    page.keyboard.press("Enter")
    page.locator(".jp-Dialog").get_by_text("Reset this notebook?").wait_for()
    page.keyboard.press("Enter")
    page.locator(".jp-Dialog").wait_for(state="detached")
    assert "My own words" in path.read_text()
    reset.click()
    page.get_by_role("button", name="Keep a copy and reset").click()
    page.get_by_text("lab1_count_patients.before-reset-1.ipynb").first.wait_for(timeout=30_000)
    mine.wait_for(state="detached")
    assert path.read_bytes() == release
    assert "My own words" in path.with_name("lab1_count_patients.before-reset-1.ipynb").read_text()
    screenshot(page, "panel-reset")
