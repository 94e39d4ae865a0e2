"""Sources that break one rule of style each, and sources that do not: (kind, source, cell, part of the message).

The message is a regular expression; None means that the rule has nothing to say.
"""

from tiny_weeks import COURSE, GOLDEN, WEEK

FIGURE_TITLE = "# %% [markdown]\n# # Count heartbeats\n\n"
ASSIGNMENT = (GOLDEN / COURSE / WEEK / "assignment.py").read_text()


def text(*lines):
    return "# %% [markdown]\n" + "\n".join(f"# {line}".rstrip() for line in lines) + "\n\n"


def code(source, tags=""):
    return f"# %%{tags}\n{source}\n\n"


def titled(*cells):
    return FIGURE_TITLE + "".join(cells)


def changed(*edits):
    """Give the golden assignment with texts changed."""
    source = ASSIGNMENT
    for old, new in edits:
        assert old in source, old
        source = source.replace(old, new)
    return source


LONG = "word " * 100
SKELETON = [
    text("# Count heartbeats", "", "![A line with a regular peak for every beat.](figures/pulse.svg)", ""),
    text(
        "**What you will do.** You count.",
        "",
        "**What you will be able to do**",
        "",
        "- count beats;",
        "- compare rates;",
    ),
    text("- measure gaps.", "", "**What you need.** Ten minutes."),
    text("## 1. Count"),
    text("## What to remember", "", "- Count.", "- Compare.", "- Measure."),
    text("## In practice", "", "Hearts vary."),
    text("## Further reading", "", "- [Harvey, 1628](https://example.org/a): how the heart was found to be a pump."),
]


def skeleton(**parts):
    """Give the skeleton of a lesson with parts replaced by their place: ``p4=…``."""
    cells = list(SKELETON)
    cells[1] = SKELETON[1].rstrip() + "\n" + SKELETON[2].removeprefix("# %% [markdown]\n")
    del cells[2]
    for place, new in parts.items():
        cells[int(place[1:])] = new
    return "".join(cells)


def attempt(hints=2, stub="### STUB: rate = ...\n", check="practice.check('rate', rate, expected=78, hint='Six.')"):
    lines = ["**Try it.**", *["<details><summary>Hint</summary>Six.</details>"] * hints]
    return text(*lines) + code(f"### BEGIN SOLUTION\n{stub}rate = 13 * 6\n### END SOLUTION\n{check}")


MOVES = "def at(x):\n    fig = draw(x)\n    return fig, f'A curve with a line at {x}.'"
SHOW = "plots.show(fig, alt='Beats per minute rise from 60 to 90.')"
BAD_SEED = "keras.utils.set_random_seed(1)"
STATEMENT = "# Write `beats_per_minute(times)`: beat times in seconds in, the mean rate per minute out; NaN for fewer than two beats."
HINT_2 = "# <details><summary>Hint 2</summary>Use np.diff.</details>\n"
GOT_TRUE = 'assert got, f"80 against 60: got {got}, expected True."'
MORE = '\ngot = faster(60, 80)\nassert not got, f"60 against 80: got {got}, expected False."'
PAIR_ENDS = '"task": false}\ngot = faster(80, 60)'


def answer_cell(name):
    marks = f'"grade": false, "grade_id": "{name}", "locked": false, "schema_version": 3, "solution": true'
    return text("Next.") + code(f"### BEGIN SOLUTION\n{name} = min\n### END SOLUTION", f" nbgrader={{{marks}}}")


def check_cell(name):
    marks = f'"grade": true, "grade_id": "check_{name}", "locked": true, "points": 1, "schema_version": 3, "solution": false'
    return code(f"assert {name}", f" nbgrader={{{marks}}}")


CASES = {
    "title": [
        ("lesson", text("# Hearts"), 1, "The title 'Hearts' starts with no verb"),
        ("lab", text("# Understanding hearts"), 1, "starts with no verb"),
        ("assignment", text("# Week 1"), 1, "starts with no verb"),
        ("lesson", text("## Count"), 1, "Start with a text cell '# Title'"),
        ("lesson", code("1") + text("# Count"), 1, "Start with a text cell"),
        ("lesson", titled(text("# Measure")), 2, "A second title, 'Measure'"),
        ("lesson", titled(), None, None),
        ("lab", text("# Fine-tune a heart, and weigh it"), None, None),
    ],
    "sentence-case": [
        ("lesson", titled(text("## Count The Heart Beats Today")), 2, "capitals like a headline"),
        ("lesson", titled(text("## Compare Grad-CAM with ChestX-ray14 and the AUC")), None, None),
        ("lesson", titled(text("## Score with Kaplan and Meier, step by step")), None, None),
    ],
    "skeleton": [
        ("lesson", titled(), None, "'What you will do' is missing"),
        ("lesson", skeleton(p3=""), None, "'What to remember' is missing"),
        ("lesson", skeleton(p3=SKELETON[5], p4=SKELETON[4]), 4, "'In practice' stands before 'What to remember'"),
        ("lesson", skeleton(p0=text("# Count heartbeats")), 1, "No picture at the top"),
        ("lesson", skeleton(), None, None),
    ],
    "objectives": [
        ("lesson", skeleton(p1=SKELETON[1]), 2, "2 objectives. Name three to six"),
        ("lesson", skeleton().replace("- measure gaps", "- understanding gaps"), 2, "'understanding gaps.' starts with no verb"),
        ("lesson", skeleton().replace("- measure gaps", "- say something about gaps"), 2, "is 'about' something"),
        ("lesson", skeleton().replace("# - Compare.\n", ""), 4, "2 things to remember for 3 objectives"),
        ("lesson", skeleton(), None, None),
    ],
    "words": [
        ("lesson", titled(text(LONG)), None, "102 words, and 1500 to 3600 are good for a lesson. Say what each"),
        ("lesson", titled(*[text(LONG)] * 36), None, "3602 words, .* Move fine print"),
        ("lab", titled(*[text(LONG)] * 13), None, "1302 words, and 500 to 1200"),
        ("lesson", titled(*[text(LONG)] * 20), None, None),
        ("lab", titled(*[text(LONG)] * 8), None, None),
    ],
    "images": [
        ("lesson", titled(text("![](figures/pulse.svg)")), 2, "has no alt text worth reading"),
        ("lesson", titled(text("![A pulse](figures/pulse.svg)")), 2, r"no alt text worth reading \('A pulse'\)"),
        ("lesson", titled(text("![A line with a regular peak.](figures/gone.svg)")), 2, "'figures/gone.svg' is not in figures/"),
        ("lesson", titled(text("![A line with a regular peak.](https://example.org/a.svg)")), 2, "is not in figures/"),
        ("lab", titled(text('<img src="figures/pulse.svg">')), 2, "An <img> tag"),
        ("assignment", titled(text("![A line with a regular peak.](figures/pulse.svg)")), None, None),
    ],
    "further-reading": [
        ("lesson", titled(text("## Further reading", "", "- Harvey, 1628: the heart is a pump.")), 2, "has no link"),
        ("lesson", titled(text("## Further reading", "", "- [Harvey](http://a.org): the heart as a pump")), 2, "has no link"),
        ("lesson", titled(text("## Further reading", "", "- [Harvey, 1628](https://a.org)")), 2, "has no reason"),
        ("lesson", titled(text("## Further reading", "", "Read widely.")), None, "Further reading lists nothing"),
        ("lesson", skeleton(), None, None),
    ],
    "prose-first": [
        ("lesson", code("1") + text("# Count"), 1, "Code before any text"),
        ("lesson", titled(code("1")), None, None),
    ],
    "prose-between": [
        ("lesson", titled(code("x = 1"), code("y = 2")), 3, "Code after code"),
        ("lab", titled(code("x = 1"), code("import math\nx")), 3, "Code after code"),
        ("lesson", titled(code("x = 1"), code("print(x)\nassert x")), None, None),
        ("lesson", titled(code("x = 1"), code(f"fig = draw(x)\n{SHOW}")), None, None),
        ("lesson", titled(code("x = 1"), text("Then:"), code("y = 2")), None, None),
        ("assignment", ASSIGNMENT, 9, "Code after code"),
        ("assignment", ASSIGNMENT.split('# %% tags=["ungraded"]')[0], None, None),
    ],
    "python": [
        ("lesson", titled(code("x = = 1")), 2, "Line 1 of the instructor's version is no Python: invalid syntax"),
        (
            "lab",
            titled(code("### BEGIN SOLUTION\n### STUB: x = \nx = 1\n### END SOLUTION")),
            2,
            "Line 1 of what the learner gets is no Python",
        ),
        ("lab", titled(attempt()), None, None),
    ],
    "no-magic": [
        ("lesson", titled(code("%matplotlib inline")), 2, "'%matplotlib inline': no magics"),
        ("lesson", titled(code("# %matplotlib inline")), 2, "no magics"),
        ("lab", titled(code("x = 1\n!pip install x")), 2, "'!pip install x': no magics"),
        ("assignment", titled(code("get_ipython().system('ls')")), 2, "get_ipython.*no magics and no shell"),
        ("lab", titled(code("import os\nos.system('ls')")), 2, "os.system: no magics and no shell"),
        ("lab", titled(code("rest = 7 % 3\nx = not rest")), None, None),
    ],
    "cell-length": [
        ("lesson", titled(code("x = 1\n" * 16)), 2, "16 lines, 15 are allowed"),
        ("lesson", titled(code("x = 1\n" * 24 + f"fig = 1\n{SHOW}")), 2, "26 lines, 25 are allowed"),
        ("lesson", titled(code("x = 1\n\n" * 15)), None, None),
        ("lesson", titled(code("x = 1\n" * 23 + f"fig = 1\n{SHOW}")), None, None),
        ("lab", titled(attempt(stub="### STUB: x = ...\n" + "x = 1\n" * 20)), None, None),
        ("assignment", changed(("got = faster(80, 60)", "got = faster(80, 60)\n" * 20)), None, None),
    ],
    "cell-count": [
        ("lesson", titled(code("1")), None, "1 code cells, and 12 to 30 are good for a lesson"),
        ("lesson", titled(*[code("1")] * 31), None, "31 code cells"),
        ("lab", titled(*[code("1")] * 19), None, "19 code cells, and 6 to 18"),
        ("lesson", titled(*[code("1")] * 30), None, None),
        ("lab", titled(*[code("1")] * 6), None, None),
    ],
    "no-data-path": [
        ("lesson", titled(code("x = load('data/films.csv')")), 2, "'data/films.csv' is a place"),
        ("lesson", titled(code("x = load('/srv/films/x.npy')")), 2, "is a place. Load data through labutils.datasets"),
        ("lesson", titled(code("x = load('../x.npy')")), 2, "is a place"),
        ("lab", titled(code("x = load('~/x.npy')")), 2, "is a place"),
        ("lab", titled(code("x = load('https://example.org/x.csv')")), 2, "is a place"),
        ("lab", titled(code("x = load('C:\\\\x.csv')")), 2, "is a place"),
        ("lab", titled(code("x = pd.read_csv('films.csv')")), 2, r"pd.read_csv\(…\) reads a file by its name"),
        ("lab", titled(code("x = open(f'{name}.txt')")), 2, "reads a file by its name"),
        ("lab", titled(code("x = 'beats/min'\ny = 'and/or'\nz = 'mg/dl'\nw = '/'")), None, None),
        ("lab", titled(code("x = pd.read_csv(registry.path('films'))")), None, None),
    ],
    "no-global-seed": [
        ("lesson", titled(code("np.random.seed(1)")), 2, "np.random.seed seeds everybody's numbers. Use rng = np"),
        ("lab", titled(code("random.seed(1)")), 2, "random.seed seeds"),
        ("lab", titled(code("tf.random.set_seed(1)")), 2, "tf.random.set_seed seeds"),
        ("lab", titled(code(BAD_SEED)), 2, "for ungraded training cells only, with a comment"),
        ("assignment", titled(code(f"# the same start for all\n{BAD_SEED}")), 2, "for ungraded training cells only"),
        ("assignment", titled(code(BAD_SEED + "  # same", ' tags=["ungraded"]')), None, None),
        ("lesson", titled(code(f"# the same start for all\n{BAD_SEED}")), None, None),
        ("lesson", titled(code("rng = np.random.default_rng(1)")), None, None),
    ],
    "no-silencer": [
        ("lesson", titled(code("warnings.filterwarnings('ignore')")), 2, "warnings.filterwarnings hides warnings"),
        ("lesson", titled(code("with warnings.catch_warnings():\n    pass")), 2, "catch_warnings hides warnings"),
        ("lab", titled(code("np.seterr(all='ignore')")), 2, "np.seterr hides warnings"),
        ("lab", titled(code("os.environ['TF_CPP_MIN_LOG_LEVEL'] = '3'")), 2, "TF_CPP_MIN_LOG_LEVEL is set by"),
        ("lab", titled(code("with np.errstate(invalid='ignore'):\n    x = 0 / y")), None, None),
    ],
    "imports-first": [
        ("lesson", titled(code("import a"), text("x"), code("import b")), 4, "'import b': move it to the first import cell"),
        ("lesson", titled(code("from numpy import *")), 2, r"name what you import"),
        ("lesson", titled(code("import a"), text("x"), code("import b  # the news of this section")), None, None),
        ("lesson", titled(code("import a"), text("x"), code("# the news of this section\nimport b")), None, None),
        ("lesson", titled(code("x = 1"), text("x"), code("import b")), None, None),
    ],
    "figure-shown": [
        ("lesson", titled(code("fig = plots.film_grid(x)")), 2, "plots.film_grid makes a figure that is not shown"),
        ("lesson", titled(code("fig, axes = plt.subplots()")), 2, "plt.subplots makes a figure that is not shown"),
        ("lab", titled(code("plt.plot(x)\nplt.show()")), 2, "plt.plot makes a figure"),
        ("lab", titled(code(f"fig = draw(x)\n{SHOW}\nprint(x)")), 2, "Something stands after the last plots.show"),
        ("lab", titled(code(f"fig = draw(x)\n{SHOW}\nassert x")), None, None),
        ("lab", titled(code(f"for x in y:\n    fig = draw(x)\n    {SHOW}")), None, None),
        ("lab", titled(code("print(x)")), None, None),
        ("lab", titled(code(f"{MOVES}\nexplore.show(at, x=steps)")), None, None),
        ("lab", titled(code(f"{MOVES}\nexplore.show(at, x=steps)\nassert x")), None, None),
        ("lab", titled(code(f"{MOVES}\nexplore.show(at, x=steps)\ny = 1")), 2, "Something stands after the last explore.show"),
        ("lab", titled(code(MOVES)), 2, "draw makes a figure that is not shown"),
    ],
    "figure-alt": [
        ("lesson", titled(code("fig = draw(x)\nplots.show(fig)")), 2, "plots.show without alt="),
        ("lesson", titled(code("plots.show(fig, alt='A figure')")), 2, "plots.show without alt="),
        ("lesson", titled(code("plots.show(fig, alt=f'{x} and {y}')")), 2, "plots.show without alt="),
        ("lesson", titled(code("plots.show(fig, alt=f'Rates rise from {x} to {y} a minute')")), None, None),
        ("lesson", titled(code("plots.show(fig, alt=said)")), None, None),
        ("lesson", titled(code(SHOW)), None, None),
        ("lab", titled(code(f"{MOVES}\nexplore.show(at, x=steps)")), None, None),
        ("lab", titled(code(MOVES.replace("a line at", "") + "\nexplore.show(at, x=steps)")), 2, "return fig, '…' of 20"),
        ("lab", titled(code("explore.show(at, x=steps)")), 2, "has to stand in this cell"),
        ("lab", titled(code("explore.show(x=steps)")), 2, "has to stand in this cell"),
    ],
    "exercise-pair": [
        ("assignment", changed(("check_faster", "check_fast"), ("({{points:faster}} points)", "")), None, "no answer cell above"),
        ("assignment", ASSIGNMENT + answer_cell("a") + check_cell("a"), None, None),
        (
            "assignment",
            ASSIGNMENT + answer_cell("a") + answer_cell("b") + check_cell("a") + check_cell("b"),
            11,
            "The check of a does not follow it: put check_a next",
        ),
        ("assignment", ASSIGNMENT + answer_cell("a"), None, "the answer cell 'a' has no check"),
        ("assignment", titled(), None, None),
    ],
    "exercise-statement": [
        ("assignment", changed(("## Exercise 1: count", "## Exercise 1: the count of")), 4, "No heading '## Exercise N: verb …'"),
        ("assignment", changed(("`beats_per_minute(times)`", "a function")), 4, "does not name `beats_per_minute`"),
        ("assignment", changed(("By hand: beats", "Beats")), 4, "has no example by hand"),
        ("assignment", ASSIGNMENT, 4, "does not say what comes back"),
        ("assignment", changed((HINT_2, "")), 4, "beats_per_minute has 1 folded hints"),
        (
            "assignment",
            changed((STATEMENT, STATEMENT.replace("`: ", "`, which returns the rate. "))).split("# %% [markdown]\n# ## Exercise 2")[0],
            None,
            None,
        ),
    ],
    "exercise-points": [
        ("assignment", changed(("{{points:total}} points", "3.5 points")), 1, "'3.5 points' is typed by hand"),
        ("assignment", changed(("({{points:faster}} points)", "(Points: 1)")), 6, "typed by hand"),
        ("assignment", changed((" ({{points:faster}} points)", "")), 7, "No text says what faster is worth"),
        ("assignment", ASSIGNMENT, None, None),
    ],
    "exercise-stub": [
        ("assignment", changed(("def faster(first, second):", "LIMIT = 3\ndef faster(first, second):")), 7, "The stub defines LIMIT, faster: define just faster"),
        ("assignment", changed(("def faster(first", "def slower(first")), 7, "The stub defines slower: define just faster"),
        ("assignment", changed(('    """Whether the first rate is higher than the second, a bool."""\n', "")), 7, "faster has no docstring"),
        ("assignment", changed(("    return bool(first > second)\n    ### END SOLUTION\n", "    return bool(first > second)\n    ### END SOLUTION\n\n\n### BEGIN SOLUTION\n### STUB: pass\nother = 1\n### END SOLUTION\n")), 7, "The instructor's answer defines faster, other"),
        ("assignment", ASSIGNMENT, None, None),
    ],
    "check-visible": [
        ("assignment", ASSIGNMENT, 8, "1 visible assertions about 1 cases: write 2 to 4"),
        ("assignment", changed((GOT_TRUE, GOT_TRUE + MORE * 4)), 8, "5 visible assertions about 5 cases"),
        ("assignment", changed((GOT_TRUE, 'assert got\nassert got, "no"')), 8, "does not say what was got"),
        ("assignment", changed(("got = faster(80, 60)", "got = True")), 8, "never uses faster"),
        ("assignment", changed((GOT_TRUE, GOT_TRUE + MORE)), None, None),
        ("assignment", changed((GOT_TRUE, f"{GOT_TRUE}\n{GOT_TRUE}\n{GOT_TRUE}{MORE}\n{GOT_TRUE}")), None, None),
    ],
    "check-hidden": [
        ("assignment", changed(('assert not faster(61.375, 61.375), "Two equal rates: neither is faster."', "assert not faster(1, 1)")), 8, "The hidden assertion of line 4 has no message"),
        ("assignment", changed(("assert not faster(61.375, 61.375)", "assert 1 < 2")), 8, "The hidden check never uses faster"),
        ("assignment", changed(("import numpy as np\n", "import numpy as np\n\nrng = np.random.default_rng(918_273)\n")), 5, "draws from seed 918273, which learners see"),
        ("assignment", changed(("### BEGIN HIDDEN TESTS\nassert not", "assert not"), ('faster."\n### END HIDDEN TESTS', 'faster."')), 8, "faster has no hidden check"),
        ("assignment", ASSIGNMENT, None, None),
    ],
    "check-honest": [
        ("assignment", changed(("got = faster(80, 60)", "got = faster(beats_per_minute([0, 1]), 50)")), 8, "Relies on the learner's beats_per_minute"),
        ("assignment", changed((PAIR_ENDS, '"task": false}\nprint(inspect.getsource(faster))\ngot = faster(80, 60)')), 8, "getsource looks into the answer"),
        ("assignment", changed((PAIR_ENDS, '"task": false}\nassert "faster" in globals()\ngot = faster(80, 60)')), 8, "globals looks into the answer"),
        ("assignment", changed((PAIR_ENDS, '"task": false}\ncode = faster.__code__\ngot = faster(80, 60)')), 8, "__code__ looks into the answer"),
        ("assignment", ASSIGNMENT + text("Use them.") + code("print(rates)"), 11, "rates is made in an ungraded cell"),
        ("assignment", ASSIGNMENT, None, None),
    ],
    "try-it": [
        ("lab", titled(attempt()), None, "1 try-it steps with practice.check: a lab has at least 2"),
        ("lab", titled(attempt(), attempt(hints=1)), 5, "This try-it has 1 folded hints"),
        ("lab", titled(attempt(), attempt(stub="")), 5, "A solution without '### STUB:' lines"),
        ("lesson", titled(attempt(stub="")), 3, "A solution without '### STUB:' lines"),
        ("lab", titled(attempt(), attempt(check="")), None, "1 try-it steps"),
        ("lab", titled(attempt(), attempt()), None, None),
        ("lesson", titled(attempt(hints=0)), None, None),
    ],
    "unit-checked": [
        ("lesson", titled(text("## 1. Count"), code("x = 1")), 2, "Unit '1. Count' has no checked step"),
        ("lesson", titled(text("## 1. Count"), code("x = 1"), text("so"), code("assert x == 1")), None, None),
        ("lesson", titled(text("## 1. Count"), attempt()), None, None),
        ("lesson", titled(text("## In practice")), None, None),
    ],
}  # fmt: skip
