"""Rules for the code of notebooks: size, order, and what may not be in it."""

import ast
import itertools
import re

from autograder.build import regions
from autograder.build.lint import LAB, calls, dotted, page_rule
from autograder.build.notebook import CHECK
from autograder.build.week import ASSIGNMENT, LESSON
from autograder.parsing import tree_of

EVERYWHERE = (LESSON, LAB, ASSIGNMENT)
LINES, LINES_OF_A_FIGURE = 15, 25
CELLS = {LESSON: (12, 30), LAB: (6, 18)}
GLOBAL_SEEDS = {
    "np.random.seed": "rng = np.random.default_rng(SEED)",
    "numpy.random.seed": "rng = np.random.default_rng(SEED)",
    "random.seed": "rng = np.random.default_rng(SEED)",
    "tf.random.set_seed": "keras.utils.set_random_seed in a cell tagged ungraded",
    "tensorflow.random.set_seed": "keras.utils.set_random_seed in a cell tagged ungraded",
    "tf.keras.utils.set_random_seed": "keras.utils.set_random_seed in a cell tagged ungraded",
}
SILENCERS = ("filterwarnings", "simplefilter", "catch_warnings", "seterr", "disable", "set_verbosity")
SHELL = ("os.system", "os.popen", "subprocess.run", "subprocess.Popen", "subprocess.check_output", "get_ipython")
READERS = ("open", "read_csv", "read_parquet", "read_excel", "imread", "loadtxt", "urlopen", "urlretrieve", "retrieve")
_PATH = re.compile(r"^(~|\.{1,2})?/[\w.-]+/|^(\.{1,2}/|~/)|(^|/)data/|^[A-Za-z]:\\|^file:|^(https?|ftp|s3|gs)://")


@page_rule("python", *EVERYWHERE)
def code_is_python(page):
    for cell in page.code:
        for text, whose in ((cell.text, "the instructor's version"), (cell.released, "what the learner gets")):
            try:
                tree_of(text)
            except SyntaxError as error:
                if not _magics(text):
                    yield cell.number, f"Line {error.lineno} of {whose} is no Python: {error.msg}."
                break


@page_rule("no-magic", *EVERYWHERE)
def no_magics_shell_or_installs(page):
    for cell in page.code:
        for line in _magics(cell.text):
            yield cell.number, f"{line!r}: no magics, shell lines or installs. Write plain Python."
        for name, _ in calls(cell.tree):
            if name in SHELL or name.split(".")[0] == "get_ipython":
                yield cell.number, f"{name}: no magics and no shell. Write plain Python."


@page_rule("cell-length", *EVERYWHERE)
def cells_stay_short(page):
    for cell in page.code:
        if cell.marks:
            continue  # an answer or a check is as long as it needs to be
        count = sum(bool(line.strip()) for line in cell.released.split("\n"))
        most = LINES_OF_A_FIGURE if _draws(cell) else LINES
        if count > most:
            yield cell.number, f"{count} lines, {most} are allowed. Split it, or move the machinery to labutils."


@page_rule("cell-count", LESSON, LAB)
def number_of_code_cells(page):
    low, high = CELLS[page.kind]
    if not low <= len(page.code) <= high:
        yield None, f"{len(page.code)} code cells, and {low} to {high} are good for a {page.kind}."


@page_rule("prose-between", *EVERYWHERE)
def no_two_code_cells_in_a_row(page):
    for first, second in itertools.pairwise(page.cells):
        fine = _only_shows(second) or _is_check_of(first, second) or (_is_read_only(first) and _is_read_only(second))
        if first.is_code and second.is_code and not fine:
            yield second.number, "Code after code. Say between them what comes next and why, or join them."


@page_rule("no-data-path", *EVERYWHERE)
def no_paths_and_no_addresses(page):
    for cell in page.code:
        for node in ast.walk(cell.tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and _PATH.search(node.value):
                yield cell.number, f"{node.value[:50]!r} is a place. Load data through labutils.datasets."
        for name, call in calls(cell.tree):
            if name.split(".")[-1] in READERS and call.args and _is_text(call.args[0]):
                yield cell.number, f"{name}(…) reads a file by its name. Load data through labutils.datasets."


@page_rule("no-global-seed", *EVERYWHERE)
def no_global_seeds(page):
    for cell in page.code:
        for name, call in calls(cell.tree):
            if name in GLOBAL_SEEDS:
                yield cell.number, f"{name} seeds everybody's numbers. Use {GLOBAL_SEEDS[name]}."
            elif name.endswith("set_random_seed") and not _may_seed_keras(page, cell, call):
                yield cell.number, f"{name} is for ungraded training cells only, with a comment that says why."


@page_rule("no-silencer", *EVERYWHERE)
def warnings_are_not_silenced(page):
    for cell in page.code:
        for name, _ in calls(cell.tree):
            if name.split(".")[-1] in SILENCERS and name.split(".")[0] in {"warnings", "np", "numpy", "logging", "tf"}:
                yield cell.number, f"{name} hides warnings. Remove their cause."
        if "TF_CPP_MIN_LOG_LEVEL" in cell.text:
            yield cell.number, "TF_CPP_MIN_LOG_LEVEL is set by `medlabs lab`. Remove the line."


@page_rule("imports-first", *EVERYWHERE)
def imports_stand_at_the_top(page):
    first = next((cell for cell in page.code if _imports(cell)), None)
    for cell in page.code:
        for node in _imports(cell):
            line = cell.text.split("\n")[node.lineno - 1]
            above = cell.text.split("\n")[node.lineno - 2] if node.lineno > 1 else ""
            if isinstance(node, ast.ImportFrom) and node.names[0].name == "*":
                yield cell.number, f"{line.strip()!r}: name what you import."
            if cell is not first and not cell.marks and "#" not in line and not above.strip().startswith("#"):
                yield (
                    cell.number,
                    f"{line.strip()!r}: move it to the first import cell, or say in a comment why it is here.",
                )


def _magics(text):
    return [line.strip() for line in text.split("\n") if re.match(r"\s*(%{1,2}[a-z]|!\s*\w)", line)]


def _draws(cell):
    return any(name.split(".")[-1] == "show" for name, _ in calls(cell.tree))


def _only_shows(cell):
    """Say whether a cell only shows or asserts: no name but a figure is made in it."""
    for node in cell.tree.body:
        is_figure = isinstance(node, ast.Assign) and all(dotted(target).startswith("fig") for target in node.targets)
        if not isinstance(node, ast.Expr | ast.Assert) and not is_figure:
            return False
    return True


def _is_check_of(first, second):
    return bool(first.marks) and second.marks.get("grade_id") == f"{CHECK}{first.marks['grade_id']}"


def _is_read_only(cell):
    return bool(cell.marks) and not cell.marks["grade"] and not cell.marks["solution"]


def _is_text(node):
    return (isinstance(node, ast.Constant) and isinstance(node.value, str)) or isinstance(node, ast.JoinedStr)


def _may_seed_keras(page, cell, call):
    line = cell.text.split("\n")[call.lineno - 1]
    above = cell.text.split("\n")[call.lineno - 2] if call.lineno > 1 else ""
    ungraded = page.kind != ASSIGNMENT or "ungraded" in cell.tags
    return ungraded and ("#" in line or above.strip().startswith("#"))


def _imports(cell):
    tree = cell.tree.body
    return [
        node
        for node in tree
        if isinstance(node, ast.Import | ast.ImportFrom) and cell.kinds.get(node.lineno) == regions.VISIBLE
    ]
