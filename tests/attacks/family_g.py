"""G. The feedback and the screens of instructors: nothing that a learner wrote acts there."""

import io
import json
import logging
import re
import unicodedata
from html.parser import HTMLParser

from attacks.arena import grade_id, notebook_with
from attacks.attack import Attack, Raid, shows
from attacks.family_c import controls

HTML = """<script>alert(1)</script><img src=x onerror=alert(1)><svg onload=alert(1)>"'><a href="javascript:alert(1)">x</a>"""
TEMPLATE = "{{ 7 * 191 }} {% for x in ().__class__.__bases__ %}{{ x }}{% endfor %} ${7*191} #{7*191}"
LATEX = "\\\\input{/etc/passwd} \\\\write18{touch /tmp/owned} =1+1 @SUM(1+1) +1 -1"
LINES = "ok\\n2026-11-22 ERROR forged line\\r\\nroot: forged\\x1b[2J\\x1b]0;title\\x07\\x9b31m\\u2028x\\u202e"
MARKUP = "[red]x[/red] [link=http://example.org]y[/link] :smile: [/]"
TAGS = {"html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "p", "section", "span", "code", "strong"}
TAGS |= {"pre", "ul", "li", "table", "tr", "td", "th", "div"}


class Tags(HTMLParser):
    """Collects what of a page is not text."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.found += [tag] if tag not in TAGS else []
        for name, value in attrs:
            if name.startswith("on") or name in ("href", "src", "srcdoc", "style") or "javascript:" in (value or ""):
                self.found.append(f"{name}={value}")


def acts(seen):
    """Ask whether a page holds an element or an attribute that is not ours."""
    for text in seen.told:
        tags = Tags()
        tags.feed(text.split("</html>")[0])
        if tags.found:
            return f"the page holds {tags.found[0]}"
    return ""


def raising(text):
    return f'def risk_word(score, cut):\n    raise ValueError("{text}")\n'


def returning(text):
    return f'def risk_word(score, cut):\n    return "{text}"\n'


def named(notebook):
    """Write tags where a file can carry text that is quoted: first lines, marks, names."""
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code" and not grade_id(cell):
            cell["source"] = f"# {HTML}\n"
        if cell["cell_type"] == "markdown":
            cell["source"] = HTML
            cell["attachments"] = {"x.svg": {"image/svg+xml": HTML}}
        cell["metadata"]["name"] = HTML
    notebook["metadata"]["title"] = HTML
    return notebook


def screen(arena, side, folder):
    """98: what the terminal shows is text: no markup, no escapes, no new lines in a line."""
    from rich.console import Console

    from autograder.grading import show

    answers = {"risk_word": raising(LINES + MARKUP), "patient_key": raising(MARKUP).replace("risk_word", "patient_key")}
    path = folder / "\x1b[31m[bold]a\nb.ipynb"
    path.write_text(json.dumps(notebook_with(arena.release, answers)))
    record, _ = arena.grade("ours", path, "normal")
    out = io.StringIO()
    console = Console(file=out, width=400, force_terminal=False)
    console.print(show.exercise_table(record, title=str(path)))
    console.print(show.summary_table([record]))
    said = out.getvalue()
    bad = [sign for sign in said if unicodedata.category(sign) in ("Cc", "Cf") and sign != "\n"]
    if bad:
        return f"the sign U+{ord(bad[0]):04X} comes to the screen"
    if "[red]x[/red]" not in said:
        return "markup of a learner is carried out"
    return "a learner wrote a line of their own" if re.search(r"^(2026-11-22|root:)", said, flags=re.M) else ""


def log(arena, side, folder):
    """98: what is broken on purpose writes no line into the grader's log."""
    heard = io.StringIO()
    handler = logging.StreamHandler(heard)
    logging.getLogger().addHandler(handler)
    try:
        path = folder / "x\nERROR forged.ipynb"
        path.write_text('{"nbformat": 4, "cells": [{"cell_type": "code", "source": 1}]}')
        record, _ = arena.grade("ours", path, "normal")
    finally:
        logging.getLogger().removeHandler(handler)
    return "a line in the log" if "forged" in heard.getvalue() or "\n" in record["message"] else ""


def pages_mixed(arena, side, folder):
    """99: the pages of two learners whose files have the same name say each its own."""
    from autograder.grading import feedback

    pages = {}
    for name, answers in (
        ("ada", {"patient_key": returning("ADA").replace("risk_word(score, cut)", "patient_key(name, ward)")}),
        ("bob", {"patient_key": returning("BOB").replace("risk_word(score, cut)", "patient_key(name, ward)")}),
    ):
        path = folder / name / "assignment.ipynb"
        path.parent.mkdir()
        path.write_text(json.dumps(notebook_with(arena.release, answers)))
        record, _ = arena.grade("ours", path, "normal")
        pages[name] = feedback.page(record, arena.week)
    mixed = "'BOB'" in pages["ada"].replace("&#39;", "'") or "'ADA'" in pages["bob"].replace("&#39;", "'")
    folders = any(name in page for name in ("ada/", "bob/") for page in pages.values())
    return "a page holds what another learner wrote" if mixed or folders else ""


CASES = [
    Attack("97", "tags in an error", acts, {"risk_word": raising(HTML.replace('"', '\\"'))}),
    Attack("97-value", "tags in a value", acts, {"risk_word": returning(HTML.replace('"', '\\"'))}),
    Attack("97-file", "tags in cells, marks and metadata", acts, change=named),
    Attack("98", "templates and formulas in an error", shows("1337", "root:x:0"), {"risk_word": raising(TEMPLATE + LATEX)}),
    Attack("98-lines", "escapes and new lines in an error", controls, {"risk_word": raising(LINES)}),
    Raid("98-screen", "markup and escapes on the terminal", screen, baseline=False),
    Raid("98-log", "a forged line in the log", log, baseline=False),
    Raid("99", "one learner's page for another", pages_mixed, baseline=False),
]  # fmt: skip
