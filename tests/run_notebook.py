"""Run one notebook from top to bottom without a network, and say what came of it, as JSON.

``python run_notebook.py IN.ipynb OUT.json``. Errors do not stop it: which ones are allowed is for the tests to say.
"""

import json
import resource
import sys
import tempfile
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from traitlets.config import Config

OFFLINE = """
def _offline():
    import socket

    def refuse(self, address, *more):
        raise OSError(101, f"no network in this test: {address}")

    connect = socket.socket.connect
    for name in ("connect", "connect_ex"):
        original = getattr(socket.socket, name)
        setattr(socket.socket, name, lambda self, address, *more, original=original: (
            original(self, address, *more) if self.family == socket.AF_UNIX else refuse(self, address)
        ))
    socket.getaddrinfo = lambda host, *more, **named: refuse(None, host)


_offline()
del _offline
"""


def run(notebook, folder):
    """Run a notebook in a folder; return what the tests look at."""
    cells, seconds = notebook.cells, []
    notebook.cells = [nbformat.v4.new_code_cell(OFFLINE), *cells]
    config = Config()
    config.KernelManager.transport = "ipc"
    config.KernelManager.ip = str(folder / "kernel")
    began = {}

    def starts(cell, cell_index):
        began[cell_index] = time.monotonic()

    def ends(cell, cell_index, execute_reply):
        seconds.append(time.monotonic() - began[cell_index])

    client = NotebookClient(
        notebook,
        timeout=600,
        startup_timeout=180,
        iopub_timeout=60,
        allow_errors=True,
        resources={"metadata": {"path": str(folder)}},
        config=config,
        on_cell_execute=starts,
        on_cell_executed=ends,
    )
    start = time.monotonic()
    client.execute()
    code = [cell for cell in cells if cell.cell_type == "code"]
    return {
        "seconds": time.monotonic() - start,
        "longest_cell": max(seconds),
        "memory_mb": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1000,
        "errors": [_error(cell, output) for cell in code for output in cell.outputs if output.output_type == "error"],
        "warnings": [text for cell in code for text in _stream(cell, "stderr")],
        "said": "".join(text for cell in code for text in _stream(cell, "stdout")).splitlines(),
        "figures_without_alt": sum(html.count("<img") - html.count(" alt=") for cell in code for html in _html(cell)),
        "images_without_words": sum("image/png" in output.get("data", {}) for cell in code for output in cell.outputs),
    }


def _error(cell, output):
    marks = cell.metadata.get("nbgrader", {})
    return {
        "first_line": cell.source.split("\n")[0],
        "error": f"{output.ename}: {output.evalue}"[:300],
        "is_check": bool(marks.get("grade")),
        "is_ungraded": "ungraded" in cell.metadata.get("tags", []),
    }


def _stream(cell, name):
    return [output.text for output in cell.outputs if output.output_type == "stream" and output.name == name]


def _html(cell):
    return [output.data["text/html"] for output in cell.outputs if "text/html" in output.get("data", {})]


if __name__ == "__main__":
    source, target = map(Path, sys.argv[1:])
    with tempfile.TemporaryDirectory(prefix="nb-") as place:
        Path(target).write_text(json.dumps(run(nbformat.read(source, as_version=4), Path(place))))
