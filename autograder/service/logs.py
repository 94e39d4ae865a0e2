"""One JSON object per line, with nothing that says who somebody is."""

import logging
import sys


def set_up(level="INFO", stream=None):
    """Send the service's log to a stream as JSON lines.

    What is logged of a submission is its random id, its week, its state and times. Names, ids of people, addresses and
    contents of files are never given to the log.
    """
    from pythonjsonlogger.json import JsonFormatter

    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonFormatter("%(asctime)s %(levelname)s %(name)s %(message)s", rename_fields=NAMES))
    for name in ("medlabs", "uvicorn", "uvicorn.error"):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [handler], False
        logger.setLevel(level if name == "medlabs" else "WARNING")
    logging.getLogger("distributed").setLevel("CRITICAL")  # a lost cluster is said by the dispatcher, in one line
    logging.getLogger("uvicorn.access").disabled = True  # it would write addresses and queries


NAMES = {"asctime": "time", "levelname": "level", "name": "logger"}
