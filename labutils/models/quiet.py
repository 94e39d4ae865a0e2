"""Import Keras without the start-up notes of TensorFlow's C++ part, which no setting silences."""

import importlib
import os
import sys
import tempfile


def import_keras():
    """Import Keras, and show nothing unless it fails.

    TensorFlow writes notes about processors and missing graphics cards straight to the error stream of the process, before it
    reads any setting. In a notebook they appear as a red block that means nothing. They are caught here, during the first
    import only; if the import fails, they are shown.

    Returns
    -------
    module
        ``keras``
    """
    if "keras" in sys.modules:
        return sys.modules["keras"]
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    sys.stderr.flush()
    with tempfile.TemporaryFile() as notes:
        stderr = os.dup(2)
        os.dup2(notes.fileno(), 2)
        try:
            keras = importlib.import_module("keras")
            keras.backend.epsilon()
        except BaseException:
            notes.seek(0)
            os.write(stderr, notes.read())
            raise
        finally:
            os.dup2(stderr, 2)
            os.close(stderr)
    return keras
