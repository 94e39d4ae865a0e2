"""The site as `make site` builds it, for one tiny week and our real docs: what stands on a page, and what fails the build."""

import functools
import http.server
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from tiny_weeks import COURSE, WEEK, make_repository

from autograder import build

ROOT = Path(__file__).resolve().parents[2]
PLACE = f"{COURSE}/{WEEK}"
LESSON = """\
# %% [markdown]
# # Count heartbeats
#
# ![A line with a regular peak for every beat of the heart.](figures/pulse.svg)
#
# In $t$ seconds there are $n$ beats: $60 n / t$ a minute.

# %%
from labutils import explore, plots

# %% [markdown]
# ## 1. Look at a pulse
#
# One beat, then another. <a href="../../docs/learner.html">How to hand in</a>.

# %%
fig, axis = plots.new_figure(2, 1)
axis.plot([0, 1, 0, 1])
plots.show(fig, alt="A zigzag line with 2 peaks.")


# %% [markdown]
# ## 2. Move it

# %%
def pulse(beats):
    fig, axis = plots.new_figure(2, 1)
    axis.plot([0, 1] * beats)
    return fig, f"A zigzag line of {beats} beats."


explore.show(pulse, beats=explore.steps(1, 9, start=3))
"""


def load(name):
    """Load a module of the website folder, which is no package."""
    spec = importlib.util.spec_from_file_location(f"website_{name}", ROOT / "website" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


gather, pages = load("gather"), load("pages")


def make(root, lesson=LESSON):
    """Make a repository of one tiny week with our own texts; return its folder."""
    folder = make_repository(root, lesson_py=lesson)
    build.build_week(build.read_week(folder))
    (root / COURSE / "README.md").write_text(f"# Hearts\n\nWeek 1: [count]({WEEK}/). Open [`release/`](release/).\n")
    shutil.copytree(ROOT / "docs", root / "docs")
    for folder in ("deploy", "extension"):  # docs lead there; the site has no page for them
        (root / folder).mkdir()
        (root / folder / "README.md").write_text("For people who have the repository.")
    for path in [*ROOT.glob("*.md"), *ROOT.glob("LICENSE*")]:
        shutil.copyfile(path, root / path.name)
    return root


def build_site(repository, out):
    """Run the command as `make site` does, on another repository."""
    environment = os.environ | {"MEDLABS_ROOT": str(repository)}
    command = [sys.executable, str(ROOT / "website" / "build.py"), "--out", str(out)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd=repository)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The tiny repository with its site; the command ended well."""
    root = make(tmp_path_factory.mktemp("repository"))
    ran = build_site(root, root / "build")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return root


def page_of(site, name):
    return BeautifulSoup((site / "build" / "html" / name).read_text("utf-8"), "html.parser")


def test_a_lesson_is_run_and_its_figures_keep_their_words(site):
    page = page_of(site, f"{PLACE}/lesson.html")
    pictures = {tag["alt"]: tag["src"] for tag in page.select("article img")}
    assert set(pictures) == {
        "A line with a regular peak for every beat of the heart.",
        "A zigzag line with 2 peaks.",
        "A zigzag line of 3 beats.",
    }
    assert pictures["A zigzag line with 2 peaks."].startswith("data:image/png;base64,iVBOR")
    assert "The picture below moves with a slider (beats)" in page.get_text()
    assert "VBox(" not in page.get_text()


def test_practice_is_shown_as_untouched_and_nothing_graded_is_run(site):
    lab = page_of(site, f"{PLACE}/lab1_count_beats.html").get_text()
    assert "Not attempted yet: rate" in lab and "Hint 1" in lab
    assignment = page_of(site, f"{PLACE}/assignment.html")
    assert assignment.select(".cell_input") and not assignment.select(".cell_output")


def test_no_page_shows_a_solution_or_a_hidden_check(site):
    week = build.read_week(site / COURSE / WEEK)
    solutions = [answer for name in build.notebook_names(week) for answer in hidden_lines(week, name)]
    assert len(solutions) > 5
    shown = {path: BeautifulSoup(path.read_text("utf-8"), "html.parser").get_text() for path in html_of(site, PLACE)}
    shown |= {path: path.read_text("utf-8") for path in (site / "build" / "html").glob("searchindex.js")}
    assert len(shown) == 6 and not any("BEGIN SOLUTION" in text or "BEGIN HIDDEN" in text for text in shown.values())
    assert [(line, path.name) for line in solutions for path, text in shown.items() if line in text] == []


def hidden_lines(week, name):
    """Give the lines of the instructor's notebook that learners do not get; short ones may stand anywhere."""
    ours, theirs = (
        [line.strip() for cell in made(week, name).cells for line in cell.source.split("\n")]
        for made in (build.instructor_notebook, build.release_notebook)
    )
    return [line for line in ours if len(line) > 12 and line not in theirs and not line.startswith("###")]


def html_of(site, folder):
    return sorted((site / "build" / "html" / folder).glob("*.html"))


def test_the_front_page_leads_to_courses_and_docs(site):
    page = page_of(site, "index.html")
    links = {tag["href"] for tag in page.select("a[href]")}
    assert {f"{COURSE}/README.html", "docs/learner.html", "docs/elsewhere.html", "docs/decisions/README.html"} <= links
    course = page_of(site, f"{COURSE}/README.html")
    assert f"{WEEK}/index.html" in {tag["href"] for tag in course.select("article a[href]")}
    week = page_of(site, f"{PLACE}/index.html")
    assert "Compare two rates" in week.get_text()
    notebooks = {tag["href"]: tag.get_text() for tag in week.select("article table a[href]")}
    assert notebooks["lesson.html"] == "Lesson: Count heartbeats"
    assert notebooks["lab1_count_beats.html"] == "Lab 1: Count beats yourself"


@pytest.fixture
def address(site):
    """The address of the site on a server of this machine."""
    handler = functools.partial(QuietHandler, directory=str(site / "build" / "html"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *said):
        """Say nothing."""


@pytest.mark.browser
def test_search_and_formulas_work_in_a_browser_and_ask_nobody_else(address):
    from playwright.sync_api import sync_playwright

    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=[*sandbox, "--disable-gpu"])
        page = browser.new_page()
        said, asked = [], []
        page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{address}/{PLACE}/lesson.html")
        page.locator("mjx-container").first.wait_for(timeout=60_000)
        page.goto(f"{address}/search.html?q=heartbeats")
        page.locator("ul.search li a", has_text="Count heartbeats").first.click()
        page.locator('img[alt="A zigzag line of 3 beats."]').wait_for(timeout=60_000)
        browser.close()
    assert said == []
    assert [url for url in asked if not url.startswith((address, "data:"))] == []


def test_linkcheck_asks_the_registry_of_dois():
    ask = load("conf").ask_the_registry
    assert (
        ask(None, "https://doi.org/10.1136/bmj.308.6943.1552")
        == "https://doi.org/api/handles/10.1136/bmj.308.6943.1552"
    )
    assert ask(None, "https://example.org/10.1") == "https://example.org/10.1"


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ('<a href="b.html">b</a>', None),
        ('<a href="b.html#here">b</a> <a href="#top">top</a> <a href="sub/">sub</a>', None),
        ('<a href="b.html#gone">b</a>', "has no such place"),
        ('<a href="c.html">c</a>', "'c.html' leads nowhere"),
        ('<a href="../outside.html">c</a>', "leads nowhere"),
        ('<a href="file:///etc/hosts">c</a>', "neither a page of the site nor an https address"),
        ('<a href="javascript:run()">c</a>', "neither a page of the site"),
        ('<a href="mailto:a@example.org">c</a>', None),
        ('<a href="https://example.org/a?b=1#c">c</a> <a href="http://127.0.0.1:8888/lab">d</a>', None),
        ('<a href="https://example/a">c</a>', "is no address"),
        ('<a href="https://example.org/a b">c</a>', "is no address"),
        ('<a href="https://OWNER NAME.org">c</a>', "is no address"),
        ('<a href="//example.org/a">c</a>', "neither a page"),
        ('<img src="data:," alt="A line that rises">', None),
        ('<img src="data:," alt=" ">', "without alt text"),
        ('<img src="data:,">', "without alt text"),
        ('<img src="https://example.org/a.png" alt="A line that rises">', "would be loaded from elsewhere"),
        ('<link rel="stylesheet" href="//cdn.example.org/a.css">', "would be loaded from elsewhere"),
        ('<link rel="canonical" href="https://example.org/a.html">', None),
        ('<iframe src="https://example.org"></iframe>', "would be loaded from elsewhere"),
    ],
)
def test_what_a_browser_would_stumble_over(tmp_path, body, says):
    (tmp_path / "outside.html").write_text("outside")
    site = tmp_path / "site"
    (site / "sub").mkdir(parents=True)
    (site / "a.html").write_text(f"<html><body>{body}</body></html>")
    (site / "b.html").write_text('<html><body><h2 id="here">b</h2></body></html>')
    (site / "sub" / "index.html").write_text("<html></html>")
    faults = pages.find_faults(site)
    assert len(faults) == (says is not None)
    assert all(fault.startswith("a.html: ") and says in fault for fault in faults)


@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        (f"[week]({WEEK}/)", f"[week]({WEEK}/index.md)"),
        (f"[week]({WEEK})", f"[week]({WEEK}/index.md)"),
        (f"[its places]({WEEK}/#notebooks)", f"[its places]({WEEK}/index.md#notebooks)"),
        ("[`release/`](release/)", "`release/`"),
        ("[decisions](../docs/decisions)", "[decisions](../docs/decisions/README.md)"),
        ("[figures](../docs/figures)", "figures"),
        ("[tools](../deploy) and [`more`](../deploy/)", "tools and `more`"),
        ("[learn](../docs/learner.md) [gone](gone/)", "[learn](../docs/learner.md) [gone](gone/)"),
        ("[far](https://example.org/docs/)", "[far](https://example.org/docs/)"),
    ],
)
def test_links_to_folders_become_links_to_pages(tmp_path, text, becomes):
    root = make(tmp_path)
    assert gather.follow_links(text, root / COURSE, root) == becomes


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda root: (root / COURSE / "README.md").unlink(), "course1_tiny/README.md is missing"),
        (
            lambda root: leak(root / COURSE / "release" / WEEK / "lab1_count_beats.ipynb"),
            r"must not see: .*lab1_count_beats.ipynb.*Run `medlabs build`",
        ),
    ],
    ids=["no page of the course", "a release with a solution"],
)
def test_what_cannot_be_gathered_is_said_in_a_sentence(tmp_path, spoil, says):
    root = make(tmp_path / "repository")
    spoil(root)
    with pytest.raises(ValueError, match=says):
        gather.gather(root, tmp_path / "source")


def leak(path):
    text = path.read_text("utf-8")
    assert "rate = ..." in text
    path.write_text(text.replace("rate = ...", "### BEGIN SOLUTION\\nrate = 13 * 6"))


FAULTS = """
Dead: [page](docs/gone.md), [place](docs/learner.md#gone), <a href="docs/raw.html">raw</a>, [odd](https://exa_mple/x).

<img src="https://example.org/a.png" alt=""><script src="https://example.org/a.js"></script>
"""
SAID = [
    r"index.md.*docs/gone.md",
    r"index.md.*docs/learner.md#gone|'gone'",
    r"index.html: the link 'docs/raw.html' leads nowhere",
    r"index.html: 'https://exa_mple/x' is no address",
    r"index.html: a picture without alt text",
    r"index.html: 'https://example.org/a.js' would be loaded from elsewhere",
    r"lesson.html: the link '../../docs/teacher.html' leads nowhere",
    r"lab1_count_beats.ipynb.* stderr .*",
    r"lab1_count_beats.ipynb.*Executing notebook failed: CellExecutionError",
    r"ZeroDivisionError",
]


def test_a_second_build_runs_only_changed_code_and_names_every_planted_fault(site):
    """The lesson has another sentence and the same code, the lab has other code; the last of this file that uses the site."""
    (before,) = stored_outputs(site, "explore.show")
    change(
        site / COURSE / WEEK / "lesson.py",
        [("One beat, then another", "A beat, and one more"), ("/learner", "/teacher")],
    )
    fails = '\nimport sys  # to complain\n\nprint("a complaint", file=sys.stderr)\n1 / 0\n'
    change(
        site / COURSE / WEEK / "lab1_count_beats.py", [('hint="Multiply by six.")', 'hint="Multiply by six.")' + fails)]
    )
    change(site / "README.md", [("# medlabs\n", "# medlabs\n" + FAULTS)])
    build.build_week(build.read_week(site / COURSE / WEEK))
    ran = build_site(site, site / "build")
    assert ran.returncode == 1
    said = ran.stdout + ran.stderr
    assert [pattern for pattern in SAID if not re.search(pattern, said)] == [], said
    assert said.rstrip().endswith("Error: The site was not built: mend what is said above.")
    assert stored_outputs(site, "explore.show") == [before], "the lesson was not run again"
    assert "A beat, and one more" in page_of(site, f"{PLACE}/lesson.html").get_text()


def stored_outputs(site, mark):
    """Give name and time of the stored notebooks whose code holds a mark."""
    found = (site / "build").glob("outputs-*/executed/*/base.ipynb")
    return [(path, path.stat().st_mtime_ns) for path in found if mark in path.read_text("utf-8")]


def change(path, edits):
    text = path.read_text("utf-8")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, "utf-8")
