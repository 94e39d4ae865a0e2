"""Is the house in order: one list of dependencies, a lock that serves it, no dead links, no stray paths?"""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def tracked():
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in names.split("\0") if name and (ROOT / name).is_file()]


def test_environment_yml_equals_pyproject():
    lines = [line.strip()[2:] for line in (ROOT / "environment.yml").read_text().splitlines() if "- " in line]
    pip = lines[lines.index("pip:") + 1 :]
    assert pip == [*PROJECT["project"]["dependencies"], "-e ."]
    assert f"python{PROJECT['project']['requires-python']}" in lines


def test_the_lock_pins_every_dependency_with_a_hash_and_names_no_host():
    lock = (ROOT / "requirements.lock").read_text()
    pinned = set(re.findall(r"^([A-Za-z0-9._-]+)==", lock, flags=re.M))
    asked = [
        *PROJECT["project"]["dependencies"],
        *(line for group in PROJECT["dependency-groups"].values() for line in group),
    ]
    assert {re.match(r"[A-Za-z0-9._-]+", line).group() for line in asked} <= pinned
    assert "://" not in lock
    entries = re.split(r"\n(?=\S)", lock.strip())
    assert [entry.split("==")[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_make_help_lists_every_door():
    said = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert {"help", "lab", "demo", "test", "build", "check", "bench", "bench-grading", "site", "site-links"} <= set(
        re.findall(r"make ([\w-]+)", said)
    )


def test_labutils_imports_in_a_tenth_of_a_second_and_pulls_in_nothing_heavy():
    """The time is taken by the interpreter itself, best of five; what is imported decides it."""
    code = (
        "import sys, time; t = time.perf_counter(); import labutils; t = time.perf_counter() - t;"
        "print(t, sorted({'numpy', 'tensorflow', 'keras', 'pandas', 'matplotlib'} & set(sys.modules)))"
    )
    runs = [
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
        for _ in range(5)
    ]
    assert min(float(run.split()[0]) for run in runs) < 0.1
    assert {run.split(" ", 1)[1].strip() for run in runs} == {"[]"}


@pytest.mark.parametrize("page", [p for p in tracked() if p.suffix == ".md"], ids=lambda p: str(p.relative_to(ROOT)))
def test_relative_links_lead_somewhere(page):
    links = re.findall(r"\]\(([^)#\s]+)", page.read_text())
    dead = [link for link in links if "://" not in link and not (page.parent / link).exists()]
    assert dead == []


def test_no_file_carries_a_path_of_somebody_s_machine():
    """Spelled in parts, so that this file does not find itself."""
    marks = ["/" + "root/", "/" + "work/", "/" + "home/", "/tmp/" + "w/"]
    guilty = []
    for path in tracked():
        if path.suffix in {".h5", ".png", ".npz", ".gz"} or path.name == "Dockerfile":  # its paths are an image's
            continue
        text = path.read_text(encoding="utf-8")
        found = [
            mark for mark in marks if re.search(rf"(?<![\w@}}]){mark}", text)
        ]  # not HOST@/home/, which an attack makes up, nor /proc/{number}/root/
        guilty += [f"{path.relative_to(ROOT)}: {mark}" for mark in found]
    assert guilty == []


def test_source_files_stay_small():
    """About 300 lines; the teaching notebooks have their own lint."""
    large = {
        str(path.relative_to(ROOT)): count
        for path in tracked()
        if path.suffix == ".py"
        and path.parts[len(ROOT.parts)] in {"labutils", "autograder", "scripts", "benchmarks", "website"}
        and (count := len(path.read_text().splitlines())) > 330
    }
    assert large == {}


def test_what_shares_something_dear_stays_with_one_process(request):
    """See tests/conftest.py; here the plugin that pytest made of it is asked."""
    (house,) = [
        p
        for p in request.config.pluginmanager.get_plugins()
        if getattr(p, "__file__", "") == str(ROOT / "tests/conftest.py")
    ]
    one, two = (
        f"tests/courses/test_week_notebooks.py::test_it[course1-week1-{name}-release]" for name in ("lesson", "quiz")
    )
    assert house.unit_of(one) != house.unit_of(two)
    answers = "tests/courses/test_week_answers.py"
    assert house.unit_of(f"{answers}::test_a[course1-week1-f-x]") == house.unit_of(f"{answers}::test_b[course1-week1]")
    assert house.unit_of(f"{answers}::test_a[course1-week1-f-x]") != house.unit_of(
        f"{answers}::test_a[course1-week2-f-x]"
    )
    assert (
        house.unit_of("tests/a/test_b.py::test_c[course1-week1]")
        == house.unit_of("tests/a/test_b.py::test_d")
        == "tests/a/test_b.py"
    )
