"""What may run beside what, where several processes share the tests (``pytest -n``)."""

import re

import pytest


def unit_of(nodeid):
    """Name what one process runs in one go: a notebook, the answers of one week, else a file of tests.

    A file's tests share what is dear to make. Of a week, that is one rehearsal or one run of the grader; notebooks share
    nothing, and are most of the work.
    """
    file = nodeid.split("::")[0]
    if file.endswith("/test_week_notebooks.py"):
        return nodeid
    week = re.search(r"\[(course\d+-week\d+)", nodeid)
    return f"{file}[{week.group(1)}]" if week and "/courses/" in file else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Share the tests out by these units. (xdist's own ``loadgroup`` does nothing under pytest 9.2, and says nothing.)"""
    from xdist.scheduler import LoadScopeScheduling

    class ByUnit(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            return unit_of(nodeid)

    return ByUnit(config, log)
