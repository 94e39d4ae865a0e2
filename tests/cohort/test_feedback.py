"""Does a page say what counts, what lateness took, what a person gave, and does it show hostile text as text?"""

from datetime import timedelta

import pytest
from cohort.terms import ANSWERS, DUE, FULL, HALF, NOW, notebook, record
from nbgrader.api import Gradebook
from tiny_weeks import NAME, WEEK

from autograder.cohort import feedback, gradebook, history, overview, read_cohort

EVIL = "</p><script>alert(1)</script><img src=x onerror=alert(2)>{{ 7 * 7 }}"


def write(term, points=HALF, *, received=NOW, learner="ada", **options):
    content = notebook(term, **ANSWERS.half)
    gradebook.write(term, NAME, learner, "assignment", content, received, record(points, **options), 1)


def page(term, learner="ada"):
    feedback.write(term, NAME, learner)
    return (term.folder / "course1_tiny" / "feedback" / learner / WEEK / "assignment.html").read_text()


def test_a_page_says_score_reason_and_attempt_and_is_written_once(term):
    write(term, messages={"faster": "Two equal rates: neither is faster."})
    assert [path.name for path in feedback.write(term, NAME, "ada")] == ["assignment.html"]
    assert feedback.write(term, NAME, "ada") == []
    text = page(term)
    assert "2 of 3.5" in text
    assert "Two equal rates: neither is faster." in text
    assert f"{NOW:%Y-%m-%d %H:%M} UTC, attempt 1" in text
    assert "You may submit again." in text


def test_a_limit_of_attempts_is_said(term):
    write(term)
    toml = term.folder / "cohort.toml"
    toml.write_text(toml.read_text().replace('attempts = "unlimited"', "attempts = 2"))
    assert "You have 1 attempt left." in page(read_cohort(term.folder))
    toml.write_text(toml.read_text().replace("attempts = 2", "attempts = 1"))
    assert "You have no attempt left." in page(read_cohort(term.folder))


def test_lateness_and_marks_by_hand_stand_in_the_page(term):
    write(term, received=DUE + timedelta(hours=1))
    with Gradebook(f"sqlite:///{term.folder / 'course1_tiny' / 'gradebook.db'}", "course1_tiny") as book:
        book.find_grade("check_faster", "assignment", WEEK, "ada").manual_score = 1.5
        book.find_comment("faster", "assignment", WEEK, "ada").manual_comment = f"Well seen. {EVIL}"
        book.db.commit()
    text = page(term)
    assert "3.15 of 3.5" in text
    assert "1 day late, which costs 10% of the points earned. 3.5 points become 3.15." in text
    assert "A person gave 1.5 points. The automatic check said: Two beats have one gap. Comment: Well seen." in text
    assert "<script" not in text
    assert "<img" not in text


def test_hostile_text_is_shown_as_text(term):
    write(term, messages={"faster": f"Your answer raised ValueError: {EVIL}"})
    text = page(term)
    assert "&lt;script&gt;alert(1)" in text
    assert "<script" not in text
    assert "{{ 7 * 7 }}" in text


def test_an_attempt_that_does_not_count_has_a_page_too(term):
    write(term, FULL)
    worse = notebook(term, **ANSWERS.wrong)
    gradebook.write(term, NAME, "ada", "assignment", worse, NOW + timedelta(hours=1), record(HALF), 2)
    entry = history.attempts(term, NAME, "ada")[1]
    assert "2 of 3.5" in feedback.page(term, entry)
    assert "3.5 of 3.5" in page(term)


def test_what_nbgrader_needs_to_find_a_learners_copy_goes_along_and_links_do_not(term, tmp_path):
    write(term)
    place = term.folder / "course1_tiny" / "submitted" / "ada" / WEEK
    (tmp_path / "secret").write_text("instructor's")
    (place / "submission_secret.txt").symlink_to(tmp_path / "secret")
    page(term)
    given = term.folder / "course1_tiny" / "feedback" / "ada" / WEEK
    assert not (given / "submission_secret.txt").exists()
    (place / "submission_secret.txt").unlink()
    (place / "submission_secret.txt").write_text("theirs")
    page(term)
    assert (given / "submission_secret.txt").read_text() == "theirs"


@pytest.fixture
def busy(term):
    write(term)
    write(term, FULL, learner="bob", received=DUE + timedelta(days=6))
    empty = {**record({}, state="unreadable"), "score": None, "max_score": None}
    gradebook.write(term, NAME, "zoe", "assignment", b"x", NOW, empty, 1)
    return term


def test_the_state_of_a_week_counts_what_a_person_must_look_at(busy):
    state = overview.state(busy, NAME)
    assert (state.released, state.handed_in, state.attempts, state.late, state.unreadable) == (True, 2, 3, 1, 1)
    assert (state.failed, state.by_hand, state.flagged, state.proven) == (0, 0, 0, False)
    assert overview.success_rates(state.finals.values()) == {"beats_per_minute": 1.0, "faster": 0.5}


def test_the_instructors_page_stands_alone_has_words_for_each_plot_and_no_names(busy):
    path = overview.write(busy, [overview.state(busy, NAME)])
    text = path.read_text()
    assert text.count("<svg ") == text.count('role="img" aria-label="') == text.count("<figcaption>") == 4
    for words in ("Scores of 2 learners", "faster: 50%", "3 attempts between", "Half were graded within"):
        assert words in text
    assert "<script" not in text
    assert "default-src 'none'" in text
    assert "http" not in text.replace("http://www.w3.org/", "").replace('http-equiv="Content', "")
    assert all(name not in text for name in ("Ada", "Lovelace", "HYPERLINK"))


def test_the_names_in_plots_are_text_also_if_they_look_like_markup_or_formulas():
    from autograder.cohort import figures

    svg = figures.success({"<script>alert(1)</script>": 0.5, "$x$": 0.2, "a" * 90: 0.1})
    assert "<script" not in svg
    assert "&lt;script&gt;alert(1)&lt;/script&gt;: 50%" in svg


def test_a_week_without_attempts_has_a_page(term):
    text = overview.page(term, [overview.state(term, NAME)])
    assert "0 of 3" in text
    assert "<svg" not in text
