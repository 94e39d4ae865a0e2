"""The unprotected grader, seen from the tests: a document is made from the learner's file, and what came back is believed."""

import contextlib
import itertools
import json
import subprocess
import sys
from pathlib import Path

import psutil


class Baseline:
    """One unprotected grader.

    Parameters
    ----------
    instructor : nbformat.NotebookNode
        Where the source of check cells is from.
    folder : pathlib.Path
        Each submission gets a folder in it, with the document and the checks.
    home : pathlib.Path
        The home of all submissions.
    """

    def __init__(self, instructor, folder, home):
        self.checks = {
            cell.metadata.nbgrader.grade_id: cell.source
            for cell in instructor.cells
            if cell.metadata.get("nbgrader", {}).get("grade")
        }
        self.folder, self.home, self.numbers = folder, home, itertools.count(1)
        self.process = None

    def start(self, environment):
        """Start the process that forks; it has the environment of who started it."""
        with (self.folder / "grader.log").open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, str(Path(__file__).with_name("baseline_server.py"))],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                cwd=self.folder,
                env=environment | {"HOME": str(self.home), "IPYTHONDIR": str(self.home / ".ipython")},
            )
        self.process.stdout.readline()

    def grade(self, path, timeout):
        """Grade one file; give a record like ours and the page that the learner reads."""
        try:
            cells = self.document(json.loads(Path(path).read_text(encoding="utf-8")))
        except RecursionError:
            return _record("failed", [], "RecursionError"), ""
        except Exception as error:
            return _record("failed", [], f"{type(error).__name__}: {error}"), ""
        place = self.folder / f"{next(self.numbers):03d}"
        (place / "checks").mkdir(parents=True)
        for cell in cells:
            if cell["file"]:
                (place / cell["file"]).write_text(cell["source"])
        (place / "document.json").write_text(json.dumps(cells))
        self.process.stdin.write(json.dumps({"folder": str(place), "timeout": timeout}) + "\n")
        self.process.stdin.flush()
        said = json.loads(self.process.stdout.readline())
        output = place / "output.txt"
        printed = output.read_text(errors="replace")[:20_000] if output.is_file() else ""
        return self._believe(cells, said, printed)

    def document(self, content):
        """Take the learner's notebook as it is; only the text of check cells is the instructor's."""
        kernel = content.get("metadata", {}).get("kernelspec", {}).get("name", "python3")
        if kernel != "python3":
            raise ValueError(f"no such kernel named {kernel}")
        cells, seen = [], set()
        for cell in content["cells"]:
            marks, tags = cell["metadata"].get("nbgrader", {}), cell["metadata"].get("tags", [])
            if cell["cell_type"] != "code":
                continue
            name, source = marks.get("grade_id"), "".join(cell["source"])
            if name and name in seen:
                raise ValueError(f"Multiple cells with the same grade_id: {name}")
            seen.add(name)
            graded = bool(marks.get("grade"))
            cells.append(
                {
                    "source": self.checks.get(name, source) if graded else source,
                    "file": f"checks/{name}.py" if graded else "",
                    "exercise": name.removeprefix("check_") if graded else "",
                    "points": marks.get("points", 0),
                    "forgives": "raises-exception" in tags,
                    "skip": "skip-execution" in tags,
                }
            )
        return cells

    def clean(self):
        """End what a submission left running: the suite's own tidiness, not a defence of this grader."""
        with contextlib.suppress(psutil.Error):
            for process in psutil.Process(self.process.pid).children(recursive=True):
                process.kill()

    def close(self):
        """End it."""
        if self.process is not None:
            self.clean()
            self.process.kill()
            self.process.wait()
            self.process.stdin.close()
            self.process.stdout.close()

    def _believe(self, cells, said, printed):
        graded = [cell for cell in cells if cell["exercise"]]
        state = {"ended": "graded", "timeout": "limit"}.get(said["status"], "failed")
        if state != "graded":
            return _record(state, [], said["status"]), f"<p>{said['status']}</p><pre>{printed}</pre>"
        exercises = []
        for cell in graded:
            name = cell["exercise"]
            points = 0 if name in said["failed"] else said["scores"].get(name, cell["points"])
            exercises.append({"id": name, "points": points, "message": said["failed"].get(name, "")})
        parts = [f"<h2>{e['id']}: {e['points']}</h2><pre>{e['message']}</pre>" for e in exercises]
        return _record(state, exercises, ""), "".join(parts) + f"<pre>{printed}</pre>"


def _record(state, exercises, message):
    score = sum(exercise["points"] for exercise in exercises) if state == "graded" else None
    return {"state": state, "score": score, "message": message, "exercises": exercises}
