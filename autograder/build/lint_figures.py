"""Rules for figures: shown by ``plots.show`` or moved by ``explore.show``, at the end of their cell, with an alt text."""

import ast

from autograder.build import regions
from autograder.build.lint import LAB, calls, dotted, page_rule
from autograder.build.lint_text import SHORTEST_ALT
from autograder.build.week import ASSIGNMENT, LESSON

EVERYWHERE = (LESSON, LAB, ASSIGNMENT)
SHOW, EXPLORE = "plots.show", "explore.show"
MAKERS = ("plt.subplots", "plt.figure", "plt.plot", "plt.imshow", "plt.hist", "plt.bar", "plt.scatter", "plt.show")


@page_rule("figure-shown", *EVERYWHERE)
def a_figure_is_shown_at_the_end(page):
    for cell in page.code:
        shows = [name for name, _ in calls(cell.tree) if name in (SHOW, EXPLORE)]
        made = _figures_made(cell)
        if made and not shows:
            yield cell.number, f'{made[0]} makes a figure that is not shown. End with {SHOW}(fig, alt="…").'
        elif shows and not _ends_with_show(cell):
            yield cell.number, f"Something stands after the last {shows[-1]}(…). Let the figure end the cell."


@page_rule("figure-alt", *EVERYWHERE)
def a_figure_has_an_alt_text(page):
    for cell in page.code:
        for name, call in calls(cell.tree):
            if name == SHOW and _length_of_alt(call) < SHORTEST_ALT:
                yield (
                    cell.number,
                    f'{SHOW} without alt="…" of {SHORTEST_ALT} characters: say what a person who cannot see it needs.',
                )
            elif name == EXPLORE and not _words_returned(cell, call):
                yield (
                    cell.number,
                    f"What {EXPLORE} draws with has to stand in this cell and to end with: return fig, "
                    f"'…' of {SHORTEST_ALT} characters that say what the figure shows.",
                )


def _figures_made(cell):
    """Name what makes a figure in a cell: a call of pyplot, or a call whose result is called ``fig…``."""
    made = [name for name, _ in calls(cell.tree) if name in MAKERS]
    for node in ast.walk(cell.tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
            names = [dotted(part) for target in node.targets for part in _parts(target)]
            if any(name == "fig" or name.startswith(("fig_", "figure")) for name in names):
                made.append(dotted(node.value.func) or "a call")
    return made


def _parts(target):
    return target.elts if isinstance(target, ast.Tuple | ast.List) else [target]


def _ends_with_show(cell):
    """Say whether nothing but checks and try-its stands after the last figure: they print no picture."""
    body = [node for node in cell.tree.body if not _is_check(node) and cell.kinds.get(node.lineno) == regions.VISIBLE]
    last = body[-1] if body else None
    while isinstance(last, ast.For | ast.With | ast.If) and last.body:
        last = last.body[-1]
    return (
        isinstance(last, ast.Expr) and isinstance(last.value, ast.Call) and dotted(last.value.func) in (SHOW, EXPLORE)
    )


def _is_check(node):
    called = isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and dotted(node.value.func)
    return isinstance(node, ast.Assert) or called == "practice.check"


def _words_returned(cell, call):
    """Say whether the function that draws gives each figure with words: its first argument, by name."""
    name = dotted(call.args[0]) if call.args else None
    made = [node for node in cell.tree.body if isinstance(node, ast.FunctionDef) and node.name == name]
    returns = [node.value for function in made for node in ast.walk(function) if isinstance(node, ast.Return)]
    return bool(returns) and all(
        isinstance(value, ast.Tuple) and len(value.elts) == 2 and _length(value.elts[1]) >= SHORTEST_ALT
        for value in returns
    )


def _length_of_alt(call):
    return _length(next((keyword.value for keyword in call.keywords if keyword.arg == "alt"), None))


def _length(alt):
    if isinstance(alt, ast.JoinedStr):
        return sum(len(part.value) if isinstance(part, ast.Constant) else 4 for part in alt.values)
    if isinstance(alt, ast.Constant):
        return len(str(alt.value).strip())
    return SHORTEST_ALT if alt is not None else 0  # a text that is put together elsewhere
