"""Rules for the words of notebooks: titles, sections, length, pictures, links."""

import itertools
import re

from autograder.build.lint import LAB, headings_of, page_rule
from autograder.build.verbs import starts_with_verb
from autograder.build.week import ASSIGNMENT, LESSON, QUIZ

OPENING = ("what you will do", "what you will be able to do", "what you need")
CLOSING = ("what to remember", "in practice", "further reading")
WORDS = {LESSON: (1500, 3600), LAB: (500, 1200)}
SHORTEST_ALT = 20
_IMAGE = re.compile(r"!\[([^\]]*)\]\(\s*<?([^)\s>]*)>?[^)]*\)")
_SEE_VERBS = "If it is a verb, add it to autograder/build/verbs.py."


@page_rule("title", LESSON, LAB, ASSIGNMENT, QUIZ)
def one_title_with_a_verb(page):
    titles = [(number, words) for number, level, words in page.headings() if level == 1]
    first = page.cells[0]
    if first.is_code or not titles or titles[0][0] != first.number:
        yield first.number, "Start with a text cell '# Title'."
    for number, words in titles[1:]:
        yield number, f"A second title, {words!r}. Use '##' for sections."
    for number, words in titles[:1]:
        if not starts_with_verb(words):
            yield number, f"The title {words!r} starts with no verb: say what the learner does. {_SEE_VERBS}"


@page_rule("sentence-case", LESSON, LAB, ASSIGNMENT, QUIZ)
def headings_in_sentence_case(page):
    for number, _, words in page.headings():
        later = [word for word in words.split()[1:] if len(word) > 3]
        capitals = [word for word in later if word[0].isupper() and word[1:].islower()]
        if len(capitals) >= 2 and len(capitals) > len(later) / 2:
            yield number, f"{words!r} has capitals like a headline: write it like a sentence."


@page_rule("skeleton", LESSON)
def lesson_has_its_fixed_parts_in_order(page):
    leads = [(number, lead) for cell in page.prose for number, lead in _leads(cell)]
    places = []
    for part in (*OPENING, *CLOSING):
        found = [(number, index) for index, (number, lead) in enumerate(leads) if lead == part]
        if not found:
            yield None, f"The part {part.capitalize()!r} is missing: a heading, or a line that starts with it in bold."
        else:
            places.append((part, *found[0]))
    for (part, _, place), (following, number, next_place) in itertools.pairwise(places):
        if next_place < place:
            yield number, f"{following.capitalize()!r} stands before {part.capitalize()!r}: change their order."
    head = [cell for cell in page.cells[:2] if not cell.is_code]
    if not any(_IMAGE.search(cell.text) for cell in head):
        yield 1, "No picture at the top: show in one figure what the lesson is for."


@page_rule("objectives", LESSON)
def what_learners_will_be_able_to_do(page):
    promised = bullets_under(page, OPENING[1])
    if promised and not 3 <= len(promised) <= 6:
        yield promised[0][0], f"{len(promised)} objectives. Name three to six."
    for number, text in promised:
        if not starts_with_verb(text):
            yield number, f"The objective {text[:40]!r} starts with no verb that can be seen done. {_SEE_VERBS}"
        elif re.search(r"\babout\b", text):
            yield number, f"The objective {text[:40]!r} is 'about' something: say what the learner can do."
    remembered = bullets_under(page, CLOSING[0])
    if promised and len(remembered) != len(promised):
        number = remembered[0][0] if remembered else None
        yield number, f"{len(remembered)} things to remember for {len(promised)} objectives: write one line for each."


@page_rule("words", LESSON, LAB)
def length_of_the_prose(page):
    low, high = WORDS[page.kind]
    count = sum(len(words_of(cell.text)) for cell in page.prose)
    if not low <= count <= high:
        advice = "Move fine print to 'In practice', or cut" if count > high else "Say what each step is for"
        yield None, f"{count} words, and {low} to {high} are good for a {page.kind}. {advice}."


@page_rule("images", LESSON, LAB, ASSIGNMENT)
def pictures_exist_and_can_be_heard(page):
    for cell in page.prose:
        for alt, target in _IMAGE.findall(cell.text):
            if len(alt.strip()) < SHORTEST_ALT:
                yield cell.number, f"{target} has no alt text worth reading ({alt!r}): say what the picture shows."
            if not (page.week.folder / target).is_file() or not target.startswith("figures/"):
                yield cell.number, f"The picture {target!r} is not in figures/ of the week: put it there."
        if re.search(r"<img\b", cell.text, flags=re.I):
            yield cell.number, "An <img> tag. Write ![alt text](figures/NAME.svg), which is checked and copied."


@page_rule("further-reading", LESSON)
def each_link_with_its_reason(page):
    items = bullets_under(page, CLOSING[2])
    for number, text in items:
        if not re.search(r"\]\(https://[^)\s]+\)", text):
            yield number, f"{text[:40]!r} has no link that starts with https://."
        elif len(words_of(re.sub(r"\[[^\]]*\]\([^)]*\)", " ", text))) < 4:
            yield number, f"{text[:40]!r} has no reason: say in a few words what the reader finds there."
    if not items and any(lead == CLOSING[2] for cell in page.prose for _, lead in _leads(cell)):
        yield None, "Further reading lists nothing: one line per link, '- [Author, year](https://…): the reason'."


@page_rule("prose-first", LESSON, LAB, ASSIGNMENT)
def words_before_code(page):
    if page.cells[0].is_code:
        yield 1, "Code before any text: say first what it is for."


def bullets_under(page, part):
    """List (cell number, text) of the bullets under a heading or bold lead."""
    found = []
    for cell in page.prose:
        inside, text = False, re.sub(r"\n[ \t]+(?![-*] )", " ", cell.text)
        for line in text.split("\n"):
            lead = _lead(line)
            if lead is not None:
                inside = lead == part
            elif inside and re.match(r"[-*] ", line):
                found.append((cell.number, line[2:].strip()))
            elif line.strip() and not line.startswith((" ", "-", "*")):
                inside = inside and not found
    return found


def words_of(text):
    """List the words of a Markdown text, without addresses and tags."""
    text = re.sub(r"\]\([^)]*\)|<[^>]+>|https?://\S+", " ", text)
    return re.findall(r"[^\W\d_][\w'’-]*", text)


def _leads(cell):
    leads = [_lead(line) for line in cell.text.split("\n")]
    return [(cell.number, lead) for lead in leads if lead]


def _lead(line):
    """Give the words of a heading or of a bold start of a line, in small letters; None for any other line."""
    heading = headings_of(line)
    if heading:
        return heading[0][1].strip().lower()
    bold = re.match(r"\*\*(.+?)\*\*", line)
    return bold.group(1).strip(" .:").lower() if bold else None
