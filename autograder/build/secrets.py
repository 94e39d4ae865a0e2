"""What learners must not see, collected from the sources of a week: the release gate searches for each piece."""

import ast
import io
import re
import tokenize
from dataclasses import dataclass, field
from typing import NamedTuple

from autograder.build import answers, quiz, regions
from autograder.build.notebook import instructor_notebook
from autograder.build.week import ASSIGNMENT, QUIZ, notebook_names, shown
from autograder.parsing import tree_of

SHORTEST = 8  # characters of a text that is looked for
LONG = 24  # from here on a text is a sentence; shorter ones (column names) may well stand in prose
LINE = 20  # characters of a line of code that is looked for
DIGITS = 4  # significant digits of a number that is looked for
TEXT, NUMBER, LINE_OF_CODE, ANSWER = "text", "number", "line", "answer"


class Secret(NamedTuple):
    """A piece of a source that learners must not see. ``text`` has single spaces; ``origin`` is for messages."""

    kind: str
    text: str
    origin: str

    def is_in(self, text, numbers_count=True):
        """Say whether a text (single spaces) holds the secret."""
        if self.kind == NUMBER:
            return numbers_count and re.search(self.text, text) is not None
        if self.kind == ANSWER:
            return re.search(self.text, text) is not None
        return self.text in text


@dataclass
class Visible:
    """What learners may see: the code and the prose of all notebooks, with single spaces."""

    code: list = field(default_factory=list)
    prose: list = field(default_factory=list)
    statements: list = field(default_factory=list)  # prose of assignments outside of folded hints

    def everything(self):
        """Give code and all prose."""
        return " \n ".join([*self.code, *self.prose, *self.statements])

    def without_statements(self):
        """Give code and prose, but of an assignment's prose only the folded hints."""
        return " \n ".join([*self.code, *self.prose])


def squeeze(text):
    """Make all white space single spaces."""
    return " ".join(text.split())


def collect(weeks):
    """Collect the secrets of weeks, without those that learners may see.

    A piece that also stands in visible code is no secret. In prose a sentence, a comment or a number of a *hidden check*
    stays one; a line of an assignment's solution may stand in a folded hint, but not in the statement.

    Parameters
    ----------
    weeks : list of autograder.build.Week

    Returns
    -------
    list of Secret

    Raises
    ------
    SourceError
        If a source cannot be read.
    """
    visible, strict, folded, loose = Visible(), [], [], []
    for week in weeks:
        for name in notebook_names(week):
            _add_notebook(week, name, visible, strict, folded, loose)
        loose += [*_of_answers(week), *_reasons(week)]
    code, hinted, everything = squeeze(" \n ".join(visible.code)), visible.without_statements(), visible.everything()
    found = [secret for secret in strict if not secret.is_in(code)]
    found += [secret for secret in folded if not secret.is_in(hinted)]
    found += [secret for secret in loose if not secret.is_in(everything)]
    unique = {(secret.kind, secret.text): secret for secret in reversed(found)}
    return [*unique.values(), *(secret for week in weeks for secret in _letters(week))]


def _add_notebook(week, name, visible, strict, folded, loose):
    for number, cell in enumerate(instructor_notebook(week, name).cells, start=1):
        if cell.cell_type != "code":
            hints = " \n ".join(re.findall(r"<details>.*?</details>", cell.source, flags=re.S))
            outside = re.sub(r"<details>.*?</details>", " ", cell.source, flags=re.S)
            visible.prose.append(squeeze(hints))
            (visible.statements if name == ASSIGNMENT else visible.prose).append(squeeze(outside))
            continue
        visible.code.append(squeeze("\n".join(regions.visible_lines(cell.source))))
        origin = f"{shown(week.source(name))}, cell {number}"
        for secret in pieces(cell.source, regions.HIDDEN, f"hidden check of {origin}"):
            # a reason of the quiz may repeat a choice; a short text may be a word of the statement
            plain = secret.kind == LINE_OF_CODE or (secret.kind == TEXT and len(secret.text) < LONG) or name == QUIZ
            (loose if plain else strict).append(secret)
        for secret in pieces(cell.source, regions.SOLUTION, f"solution of {origin}"):
            in_statement = name == ASSIGNMENT and secret.kind == LINE_OF_CODE
            (folded if in_statement else loose).append(secret)


def _of_answers(week):
    secrets = []
    for file, read in ((answers.WRONG, answers.read_wrong_answers), (answers.RIGHT, answers.read_right_answers)):
        if (week.folder / file).is_file():
            for answer in read(week):
                origin = f"answer {answer.exercise}/{answer.name} of {shown(week.folder / file)}"
                secrets += pieces(answer.source, None, origin)
    return secrets


def _reasons(week):
    """Take the reasons of the quiz apart: half a reason gives an answer away as well."""
    for question in _questions(week):
        for letter, text in question.why.items():
            origin = f"reason for {letter} of {question.id} of {shown(week.source(QUIZ))}"
            sentences = re.split(r"(?<=[.!?:])\s+", squeeze(text))
            yield from (Secret(TEXT, sentence, origin) for sentence in sentences if len(sentence) >= LONG)


def _letters(week):
    """Give for each question a pattern that finds its name next to its right letter."""
    for question in _questions(week):
        pattern = rf"\b{question.id}\b\W{{1,8}}['\"]?{re.escape(question.answer)}['\"]?(?!\w)"
        yield Secret(ANSWER, pattern, f"answer to {question.id} of {shown(week.source(QUIZ))}")


def _questions(week):
    path = week.source(QUIZ)
    return quiz.read_quiz(path, week).questions if path.is_file() else []


def pieces(source, kind, origin):
    """List the distinctive pieces of a cell's lines of one kind: texts, numbers, comments, lines.

    Parameters
    ----------
    source : str
        The whole cell.
    kind : str or None
        ``regions.HIDDEN`` or ``regions.SOLUTION``; all lines when None.
    origin : str
        Where it is from, for messages.

    Returns
    -------
    list of Secret
    """
    lines = source.split("\n") if kind is None else None
    if kind is None:
        wanted = dict(enumerate(lines, start=1))
    else:
        wanted = {n: line.text for n, line in enumerate(regions.read_lines(source), start=1) if line.kind == kind}
    if not wanted:
        return []
    found = [Secret(LINE_OF_CODE, squeeze(text), origin) for text in wanted.values() if _is_distinctive(text)]
    found += [Secret(TEXT, text, origin) for text in _comments(source, wanted) if len(text) >= SHORTEST]
    return found + [secret for value in _literals(source, wanted) for secret in _of_literal(value, origin)]


def _is_distinctive(line):
    code = squeeze(line)
    return len(code) >= LINE and not code.startswith(("#", "import ", "from ", "except ", '"""'))


def _comments(source, wanted):
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.COMMENT and token.start[0] in wanted and not token.string.startswith("###"):
                yield squeeze(token.string.lstrip("# "))
    except (tokenize.TokenError, SyntaxError):
        yield from (squeeze(text.split("#", 1)[1]) for text in wanted.values() if "#" in text)


def _literals(source, wanted):
    try:
        tree = tree_of(source)
    except SyntaxError:
        return []
    constants = [node for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    return [node.value for node in constants if node.lineno in wanted]


def _of_literal(value, origin):
    if isinstance(value, bytes):
        value = value.decode("latin-1")
    if isinstance(value, str):
        return [Secret(TEXT, text, origin) for text in {squeeze(value)} if len(text) >= SHORTEST]
    if isinstance(value, bool) or not isinstance(value, int | float):
        return []
    written = repr(value)
    digits = re.sub(r"\D", "", written.split("e")[0]).strip("0")
    if len(digits) < DIGITS:
        return []
    pattern = "_?".join(re.escape(sign) for sign in written)  # 20101 is 20_101
    return [Secret(NUMBER, rf"(?<![\w.]){pattern}(?![\w]|\.\d)", origin)]
