"""The unprotected grader's process: forks for each document and believes whatever the fork says.

Kept with the tests so that every attack has something to succeed against. It does what a simple notebook grader does: the
answers and the checks run in one IPython, in one namespace, in the order of the document; an error message in a check cell is a
lost point and its absence a won one; the fork writes its own verdict into the folder that it works in. Never use it for grades.

Runs as a program of its own, imports nothing of this project, and speaks JSON lines over standard input and output.
"""

import ctypes
import json
import os
import pickle
import signal
import sys
import time
import traceback
from pathlib import Path

VERDICT, CHECKS = "verdict.pkl", "checks"


def run_document(folder):
    """Run the document of a folder in this process and write the verdict beside it (the fork never comes back)."""
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    os.chdir(folder)
    sys.path.insert(0, "")
    sys.stdout = sys.stderr = open("output.txt", "w", buffering=1)  # noqa: SIM115, PTH123 - lives as long as the fork
    os.dup2(os.pipe()[0], 0)  # nobody will ever answer a question
    os.environ["NBGRADER_EXECUTION"] = "autograde"
    startup = Path.home() / ".ipython" / "profile_default" / "startup"
    cells = json.loads(Path("document.json").read_text())
    shell = InteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False, "hist_file": ":memory:"}}))
    failed, scores, here = {}, {}, {"cell": None}

    def note(etype, evalue, stb):
        if here["cell"]["exercise"] and not here["cell"]["forgives"]:
            failed[here["cell"]["exercise"]] = f"{evalue}\n" + "\n".join(map(str, stb))

    shell._showtraceback = note
    for script in sorted(startup.glob("*.py")):
        shell.run_cell(script.read_text())
    for cell in cells:
        if cell["skip"]:
            continue
        here["cell"] = cell
        source = Path(cell["file"]).read_text() if cell["file"] else cell["source"]
        value = shell.run_cell(source, store_history=True).result
        if cell["exercise"] and isinstance(value, float):  # partial credit, as the last line of the check says it
            scores[cell["exercise"]] = value
    with open(VERDICT, "wb") as file:  # noqa: PTH123
        pickle.dump({"failed": failed, "scores": scores}, file)
    os._exit(0)


def grade(folder, timeout):
    """Fork, wait, believe."""
    began = time.monotonic()
    child = os.fork()
    if child == 0:
        try:
            os.setsid()
            os.closerange(3, 64)  # the line to the tests, which is no part of the grader
            run_document(folder)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
    while True:
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            break
        if time.monotonic() - began > timeout:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return {"status": "timeout"}
        time.sleep(0.01)
    time.sleep(0.1)  # as long as it takes a grader to get to the result
    if os.waitstatus_to_exitcode(status) != 0:
        return {"status": "died"}
    try:
        said = pickle.loads((Path(folder) / VERDICT).read_bytes())
        return {"status": "ended", "failed": said["failed"], "scores": said["scores"]}
    except FileNotFoundError:
        return {"status": "ended", "failed": {}, "scores": {}}  # no error, and it ended well
    except Exception as error:
        return {"status": f"unreadable verdict: {error}"}


def main():
    """Answer one request a line."""
    import IPython  # noqa: F401 - so that the forks need not
    import numpy  # noqa: F401

    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(os.open("/dev/null", os.O_WRONLY), 1)
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # what a fork leaves behind is found again, and ended when the suite ends
    print("ready", file=answers)
    for line in sys.stdin:
        request = json.loads(line)
        print(json.dumps(grade(request["folder"], request["timeout"]), default=str), file=answers)


if __name__ == "__main__":
    main()
