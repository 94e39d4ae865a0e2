"""The panels against a grading service, and what they say when something is away: always in words, and nothing typed is lost."""

import json

import pytest
from browser.driver import choose, kernel_state, open_panel, screenshot, serious_findings, submit
from service_double import exercise
from tiny_weeks import NAME

PATH = f"{NAME}/assignment.ipynb"
HOSTILE = "<img src=x onerror='document.title=1'><b>bold</b>"


@pytest.fixture
def plain_page(chromium):
    """A page whose console may complain: a browser notes each address that does not answer."""
    context = chromium.new_context(viewport={"width": 1400, "height": 900})
    yield context.new_page()
    context.close()


def open_assignment(page, lab):
    page.goto(lab.url(PATH))
    page.locator(".jp-NotebookPanel .jp-Cell").first.wait_for(timeout=60_000)
    page.get_by_role("button", name="Submit", exact=True).wait_for(timeout=30_000)


def type_into(page, text):
    """Write at the end of the first answer cell, and do not save."""
    cell = page.locator(".jp-NotebookPanel .jp-CodeCell .cm-content", has_text="def beats_per_minute").first
    cell.click()
    page.keyboard.press("Control+End")
    page.keyboard.insert_text(f"\n{text}")
    page.locator(".jp-mod-dirty").first.wait_for()


def press_submit(page):
    page.get_by_role("button", name="Submit", exact=True).click()


def trouble(page):
    page.locator("#medlabs-score .medlabs-trouble").wait_for(timeout=60_000)
    return page.locator("#medlabs-score .medlabs-trouble").inner_text()


def the_file_holds(lab, text):
    return text in json.loads((lab.root / PATH).read_text())["cells"].__repr__()


@pytest.mark.slow
def test_a_cohort_s_learner_hands_in_and_reads_text_as_text(service_lab, service, page):
    service.exercises = [
        exercise("beats_per_minute", points=3, most=3, message="Correct."),
        exercise("faster", points=0, most=2, message=HOSTILE),
    ]
    open_assignment(page, service_lab)
    _, said = submit(page)
    assert said == "3 of 5 points"
    assert HOSTILE in page.locator(".medlabs-exercises li.medlabs-wrong").inner_text()
    assert page.locator(".medlabs-exercises img").count() == 0 and page.title() != "1"
    open_panel(page, "course")
    page.get_by_text("Autumn 2026").wait_for(timeout=30_000)
    summary = page.locator("#medlabs-course details").first.inner_text()
    assert "Due " in summary and "3 of 5 points" in summary and "4 attempts left" in summary
    page.get_by_text("Past attempts (1)").wait_for(timeout=30_000)
    screenshot(page, "panel-service")
    assert serious_findings(page, ".medlabs-Panel") == []


FAULTS = {
    "expired token": ((401, {"detail": "No."}, {}), "does not accept your token"),
    "another cohort": ((404, {"detail": "There is no such week in this cohort."}, {}), "another cohort?"),
    "dead": ((503, {"detail": "Being mended."}, {}), "Your work is saved here: submit again"),
}


@pytest.mark.slow
def test_every_trouble_is_a_sentence_and_what_was_typed_is_saved(service_lab, service, page):
    """No error in the console either: the page fixture looks."""
    open_assignment(page, service_lab)
    for number, (fault, words) in enumerate(FAULTS.values()):
        service.fault = fault
        type_into(page, f"# line {number}")
        press_submit(page)
        page.get_by_text(words).first.wait_for(timeout=30_000)
        assert words in trouble(page)
        assert the_file_holds(service_lab, f"# line {number}")
    open_panel(page, "course")
    page.locator("#medlabs-course .medlabs-trouble").wait_for(timeout=30_000)
    assert page.locator("#medlabs-course li", has_text="Lesson").count() == 1, "the course is shown all the same"
    screenshot(page, "panel-service-dead")
    assert serious_findings(page, ".medlabs-Panel") == []

    service.fault, service.delay = None, 6.0
    press_submit(page)
    page.get_by_text("This takes longer than usual").wait_for(timeout=30_000)
    screenshot(page, "panel-slow")
    service.delay = 0.0
    page.locator(".medlabs-score").wait_for(timeout=60_000)
    assert page.locator("#medlabs-score .medlabs-trouble").count() == 0


@pytest.mark.slow
def test_a_dead_kernel_and_then_a_dead_lab(service_lab, service, plain_page):
    page = plain_page
    open_assignment(page, service_lab)
    while kernel_state(service_lab, PATH) != "idle":
        page.wait_for_timeout(300)
    choose(page, "Kernel", "Shut Down Kernel")
    page.locator(".jp-NotebookPanel-toolbar").get_by_text("No Kernel").wait_for(timeout=60_000)
    _, said = submit(page)
    assert said == "3 of 5 points"
    assert page.get_by_text("Submitting does not need it").is_visible()

    type_into(page, "# typed before the lab was gone")
    service_lab.stop()
    page.get_by_role("button", name="Submit", exact=True).evaluate("button => button.click()")
    words = page.locator("#medlabs-score .medlabs-trouble")
    while not words.is_visible():  # JupyterLab has its own word to say, and waits until that was read
        page.keyboard.press("Escape")
        page.wait_for_timeout(300)
    assert "still in this window" in trouble(page)
    assert page.get_by_text("# typed before the lab was gone").count() >= 1
    screenshot(page, "panel-lab-dead")
