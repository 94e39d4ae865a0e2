"""JupyterLab's Course and Score panels: the server half, which `medlabs lab` enables, and the prebuilt browser half.

The browser half is written in `extension/` (TypeScript) and built into `labextensions/`, so that a learner needs no Node.
"""

from pathlib import Path

LABEXTENSIONS = Path(__file__).parent / "labextensions"
NAME = "@medlabs/lab"


def _jupyter_server_extension_points():
    return [{"module": "autograder.lab"}]


def _jupyter_labextension_paths():
    return [{"src": f"labextensions/{NAME}", "dest": NAME}]


def _load_jupyter_server_extension(server):
    from autograder.lab.extension import load

    load(server)
