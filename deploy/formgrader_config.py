"""A server that shows nbgrader's formgrader of one course, and does nothing else.

It runs as the account that owns the cohort. So whoever may open it must not get a terminal, a kernel or the files of
that account by the way: the rest of Jupyter is closed.
"""

import os

from jupyter_server.auth import Authorizer


class OnlyFormgrader(Authorizer):
    """Allows nothing of Jupyter's own: no terminal, no kernel, no file. Formgrader's pages do not ask it."""

    def is_authorized(self, handler, user, action, resource):
        """Say whether a request to anything but formgrader may pass."""
        return False


c = get_config()  # noqa: F821
c.ServerApp.authorizer_class = OnlyFormgrader
c.ServerApp.terminals_enabled = False
c.ServerApp.allow_root = os.geteuid() == 0  # only where MEDLABS_ACCOUNT says so, as in a container
c.ServerApp.jpserver_extensions = {
    "nbgrader.server_extensions.formgrader": True,
    "formgrader_guard": True,
} | dict.fromkeys(
    (
        "jupyter_lsp",
        "jupyter_server_terminals",
        "jupyterlab",
        "jupyterlab_jupytext",
        "nbgrader.server_extensions.assignment_list",
        "nbgrader.server_extensions.course_list",
        "nbgrader.server_extensions.validate_assignment",
        "notebook",
        "notebook_shim",
    ),
    False,
)
