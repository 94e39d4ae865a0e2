"""Is the feedback page complete, safe with hostile text, and readable by everybody?"""

import re
from html.parser import HTMLParser

import pytest
from tiny_weeks import make_week

from autograder.grading import feedback, messages, records, show
from autograder.grading.execute import Result, Verdict

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>{{ 7 * 7 }}\x1b[31m&"


@pytest.fixture(scope="module")
def week(tmp_path_factory):
    return make_week(tmp_path_factory.mktemp("weeks"))


def record(*verdicts, state="graded", message="", notes=(), path="mine.ipynb"):
    found = [Verdict(name, f"Exercise: {name}", points, 2.0, points == 2, said) for name, points, said in verdicts]
    return records.record_of_result(path, "assignment", Result(state, message, found, list(notes), 1.0), 2.0)


class Page(HTMLParser):
    """What a browser makes of a page: tags, attributes and text."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.attributes, self.words = [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        if data.strip() and self.tags[-1] != "style":
            self.words.append(" ".join(data.split()))


def test_each_exercise_has_its_title_score_reason_and_next_step(week):
    page = Page(
        feedback.page(
            record(("good", 2, "Correct."), ("bad", 0, "Divide by N."), ("blank", 0, messages.NOT_ATTEMPTED)), week
        )
    )
    text = " ".join(page.words)
    assert "2 of 6" in text and "Not there yet: 80% of the points are needed" in text
    for words in ("Exercise: good", "Right", "Exercise: bad", "Not yet", "0 of 2 points", "Divide by N."):
        assert words in text
    assert text.count("Next step.") == 2
    assert page.tags.count("h1") == 1 and page.tags.count("h2") == 3


@pytest.mark.parametrize(("score", "said"), [(2, "Everything is right."), (1.7, "You pass"), (1, "Not there yet")])
def test_the_verdict_follows_the_pass_mark(week, score, said):
    assert said in feedback.page(record(("f", score, "")), week)


def test_the_quiz_leads_back_to_the_lesson(week):
    assert "lesson" in feedback.next_step("You chose a.", "quiz")
    assert "fresh copy" in feedback.next_step(messages.MISSING, "assignment")


def test_hostile_text_stays_text(week):
    html = feedback.page(record((HOSTILE, 0, HOSTILE), notes=[HOSTILE], path=f"a/{HOSTILE}.ipynb"), week)
    page = Page(html)
    assert not {"script", "img", "iframe", "a", "link"} & set(page.tags)
    assert "&lt;script&gt;" in html and "{{ 7 * 7 }}" in html
    assert not [name for name, _ in page.attributes if name.startswith("on") or name in ("src", "href")]
    assert ("content", "default-src 'none'; style-src 'unsafe-inline'") in page.attributes


def test_a_file_without_a_grade_has_a_page_too(week):
    text = " ".join(Page(feedback.page(records.record_without_grade("x.ipynb", "unreadable", "No cells."), week)).words)
    assert "No grade" in text and "This file could not be graded. No cells." in text


def test_the_page_names_its_language_and_adapts_to_dark(week):
    html = feedback.page(record(("f", 2, "Correct.")), week)
    assert '<html lang="en">' in html and "prefers-color-scheme: dark" in html and 'name="viewport"' in html


def test_every_colour_of_text_stands_out_in_light_and_dark(week):
    """WCAG 2: 4.5 to 1 against the page and against the card, computed from the page's own colours."""
    css = feedback.page(record(("f", 2, "")), week)
    light, dark = re.findall(r":root \{(.*?)\}", css, flags=re.S)
    for theme in (light, dark):
        colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", theme))
        for text in ("text", "right", "wrong", "quiet"):
            for ground in ("page", "card"):
                assert contrast(colours[text], colours[ground]) >= 4.5, (text, ground)


def contrast(one, other):
    def luminance(colour):
        parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted([luminance(one), luminance(other)], reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_the_same_record_gives_the_same_page(week):
    one = record(("f", 2, "Correct."))
    assert feedback.page(one, week) == feedback.page(one, week)


def test_records_hold_plain_numbers_and_refuse_nan():
    one = record(("f", 1.5, ""), ("g", 2.0, ""))
    assert (one["score"], one["max_score"], one["exercises"][1]["points"]) == (3.5, 4, 2)
    with pytest.raises(ValueError, match="JSON"):
        records.to_json({"score": float("nan")})


def test_the_tables_take_nothing_as_markup():
    from rich.console import Console

    console = Console(width=200, record=True, file=None)
    hostile = record(("[red]f[/red]", 0, "[link=x]words[/link]"), path="[bold]p[/bold].ipynb")
    with console.capture() as shown:
        console.print(show.exercise_table(hostile, title=hostile["path"]))
        console.print(show.summary_table([hostile, records.record_without_grade("[b]q", "failed", "[i]no")]))
    for text in ("[red]f[/red]", "[link=x]words[/link]", "[bold]p[/bold]", "[b]q", "[i]no", "no grade"):
        assert text in shown.get()
