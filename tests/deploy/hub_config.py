"""The hub that is shipped, but for two things: anybody is who they say they are, and servers are plain processes."""

import os
import sys
from pathlib import Path

load_subconfig(str(Path(os.environ["TEST_DEPLOY"]) / "jupyterhub_config.py"))  # noqa: F821

import hub_people  # noqa: E402
import hub_settings  # noqa: E402
from jupyterhub.auth import DummyAuthenticator  # noqa: E402
from jupyterhub.spawner import SimpleLocalProcessSpawner  # noqa: E402

c = get_config()  # noqa: F821
settings = hub_settings.read()
if os.environ.get("TEST_AUTHENTICATOR") != "as shipped":
    c.JupyterHub.authenticator_class = hub_people.authenticator(settings, DummyAuthenticator)
if os.environ.get("TEST_SPAWNER") != "as shipped":

    class FolderSpawner(SimpleLocalProcessSpawner):
        home_dir_template = str(settings.state / "homes" / "{username}")

    c.JupyterHub.spawner_class = FolderSpawner
    c.Spawner.environment = c.Spawner.environment | {"JUPYTER_RUNTIME_DIR": os.environ["TEST_RUNTIME"]}
    c.Spawner.args = [*c.Spawner.args, *(["--allow-root"] if os.geteuid() == 0 else [])]
    assert sys.executable == c.Spawner.cmd[0]
next(s for s in c.JupyterHub.services if s["name"] == "idle-culler")["api_token"] = os.environ["TEST_CULLER_TOKEN"]
if os.environ.get("TEST_SERVICES") == "none":
    c.JupyterHub.services = []
    c.JupyterHub.load_roles = [role for role in c.JupyterHub.load_roles if "services" not in role]
