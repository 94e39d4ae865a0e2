"""Try many answers fast, without nbgrader or kernels: for the authors of a week and its tests, never for learners' files.

One parent imports what the notebook imports and runs nothing; each case is a fork of it that runs the instructor's
notebook, with some answers replaced, and reports what the checks of these exercises said. The other checks are left out: a case
costs what its own cells cost. (That a wrong answer harms no other exercise is seen where ``medlabs grade`` runs them.)

Run as ``python -m autograder.grading.rehearse WEEK_FOLDER NOTEBOOK``: cases come as JSON on the standard input, results go
as JSON to the standard output.
"""

import ast
import contextlib
import dataclasses
import importlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path

from autograder.grading import blocking, messages
from autograder.grading.document import list_exercises

SECONDS = 120


def rehearse(week_folder, notebook, cases, *, workers=None, seed=None):
    """Try cases in a process of their own.

    Parameters
    ----------
    week_folder : pathlib.Path
    notebook : str
        ``"assignment"`` or ``"quiz"``.
    cases : dict of str to (dict of str to str)
        For each case, the source that replaces the answer cell of some exercises; the others stay the instructor's. A
        case that replaces nothing is the instructor's own, with every check.
    workers : int, optional
        How many cases run at once; the number of cores when left out.
    seed : int, optional
        Draws the hidden checks anew; as written when left out.

    Returns
    -------
    dict of str to (dict of str to dict)
        For each case and exercise that was checked: ``passed``, ``message``, and ``part``, which is ``"visible"`` or
        ``"hidden"`` for the part of the check that failed. A case that died or took too long has ``{"": {"message": …}}``.

    Raises
    ------
    RuntimeError
        If the parent itself cannot start, with what it said.
    """
    command = [sys.executable, "-m", "autograder.grading.rehearse", str(week_folder), notebook]
    content = json.dumps({"cases": cases, "workers": workers or os.cpu_count() or 1, "seed": seed})
    environment = dict(os.environ, TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="-1", MPLBACKEND="agg")
    done = subprocess.run(command, input=content, capture_output=True, text=True, env=environment, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"The rehearsal of {week_folder} could not start:\n{done.stderr[-4000:]}")
    return json.loads(done.stdout)


def run_document(cells, exercises):
    """Run code cells in order in this process, and report each check.

    Parameters
    ----------
    cells : list of (str, str or None, bool)
        Source, ``grade_id`` and whether the cell comes from the instructor.
    exercises : list of autograder.grading.document.Exercise

    Returns
    -------
    dict of str to dict
        See :func:`rehearse`.
    """
    checks = {exercise.check_id: exercise for exercise in exercises}
    namespace, results, trusted, broken = {"__name__": "__main__"}, {}, set(), {}
    for count, (source, grade_id, from_instructor) in enumerate(cells, start=1):
        raised = _run(source, count, namespace)
        if from_instructor:
            trusted.add(count)
        if grade_id in checks:
            name = checks[grade_id].id
            results[name] = _judge(raised, source, count, trusted, broken.get(name), name)
        elif raised is not None and from_instructor:
            raise RuntimeError(f"Cell {count}, which came with the notebook, ended with {raised.kind}: {raised.text}")
        elif raised is not None:
            broken[grade_id] = messages.describe_error(raised)
    return results


def _judge(raised, source, count, trusted, broken, name):
    if raised is None:
        return {"passed": True, "message": messages.CORRECT, "part": None}
    message = messages.explain(raised, source, trusted=trusted, answer_error=broken, name=name)
    return {"passed": False, "message": message, "part": messages.failing_part(raised, source)}


def _run(source, count, namespace):
    try:
        with contextlib.redirect_stdout(None), contextlib.redirect_stderr(None):
            exec(compile(source, f"<cell {count}>", "exec"), namespace)
    except BaseException as error:
        return messages.Raised(type(error).__name__, str(error), _plain_traceback(error), count)
    return None


def _plain_traceback(error):
    """Write a traceback the way IPython's mode Plain does, as far as messages.explain reads it."""
    lines = []
    for frame in traceback.extract_tb(error.__traceback__):
        if frame.filename.startswith("<cell "):
            lines.append(f"  Cell In[{frame.filename[6:-1]}], line {frame.lineno} in {frame.name}")
        elif frame.filename != __file__:
            lines.append(f"  File {frame.filename}:{frame.lineno} in {frame.name}")
    return "\n".join([*lines, f"{type(error).__name__}: {error}"])


def _import_what_cells_import(sources):
    """Import modules in the parent, so that no case pays for them; nothing of them is called."""
    for source in sources:
        for node in ast.walk(ast.parse(source)):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
            for name in names:
                with contextlib.suppress(ImportError):
                    importlib.import_module(name)


def _cells_of_case(instructor, exercises, answers):
    unasked = {exercise.check_id for exercise in exercises if answers and exercise.answer_id not in answers}
    cells = []
    for cell in instructor.cells:
        marks = cell.metadata.get("nbgrader", {})
        if cell.cell_type != "code" or "ungraded" in cell.metadata.get("tags", []):
            continue
        grade_id = marks.get("grade_id")
        if grade_id in unasked:
            continue
        replaced = bool(marks.get("solution")) and grade_id in answers
        cells.append((answers[grade_id] if replaced else cell.source, grade_id, not replaced))
    return cells


def _fork(cells, exercises, path):
    pid = os.fork()
    if pid:
        return pid
    try:
        signal.alarm(SECONDS)
        result = run_document(cells, exercises)
    except BaseException as error:
        result = {"": {"message": f"{type(error).__name__}: {error}"}}
    path.write_text(json.dumps(result), encoding="utf-8")
    os._exit(0)


def main(week_folder, notebook):
    """Read cases, fork for each of them, write the results."""
    from autograder import build

    answers_to, sys.stdout = sys.stdout, sys.stderr
    asked = json.load(sys.stdin)
    week = dataclasses.replace(build.read_week(week_folder), seed=asked["seed"])
    instructor = build.instructor_notebook(week, notebook)
    exercises = list_exercises(instructor)
    _import_what_cells_import([source for source, _, _ in _cells_of_case(instructor, exercises, {})])
    blocking.block(week.blocked)
    results, running, waiting = {}, {}, list(asked["cases"].items())
    with tempfile.TemporaryDirectory(prefix="medlabs-rehearse-") as folder:
        os.chdir(folder)
        while waiting or running:
            while waiting and len(running) < asked["workers"]:
                key, answers = waiting.pop(0)
                path = Path(folder) / f"{len(waiting)}.json"
                running[_fork(_cells_of_case(instructor, exercises, answers), exercises, path)] = (
                    key,
                    path,
                    time.monotonic(),
                )
            pid, status = os.wait()
            key, path, began = running.pop(pid)
            died = {"": {"message": f"the case ended with status {status} after {time.monotonic() - began:.0f} s"}}
            results[key] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else died
    json.dump(results, answers_to)


if __name__ == "__main__":
    main(*sys.argv[1:])
