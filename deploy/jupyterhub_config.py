"""JupyterHub of one cohort on one host: ``jupyterhub -f deploy/jupyterhub_config.py``. See docs/deploy.md.

Who is who: *learners* have a server of their own and hand in to the grading service; *graders* see formgrader and every
submission; *instructors* may besides see who is here and stop a server that hangs. Nobody but its owner may open
a server: no role has ``access:servers``.

What differs between one host and the next comes from the environment (MEDLABS_…, in hub_settings.py); what is left is here.
"""

import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent if "__file__" in globals() else Path("deploy").resolve()
sys.path[:0] = [str(HERE), str(HERE.parent)]

import hub_files  # noqa: E402
import hub_people  # noqa: E402
import hub_roles  # noqa: E402
import hub_settings  # noqa: E402

from autograder import cohort  # noqa: E402

c = get_config()  # noqa: F821
settings = hub_settings.read()
courses = hub_people.courses_of(cohort.read_cohort(settings.cohort))
files = hub_files.write(settings, courses)

# --- The hub itself: its own files are root's, and nothing but the proxy listens outside of this machine.
c.JupyterHub.bind_url = settings.bind
c.JupyterHub.hub_bind_url = f"http://127.0.0.1:{settings.hub_port}"
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{settings.proxy_port}"
c.ConfigurableHTTPProxy.pid_file = str(files.private / "proxy.pid")
c.JupyterHub.db_url = f"sqlite:///{files.private / 'hub.sqlite'}"
c.JupyterHub.cookie_secret_file = str(files.private / "cookie_secret")
c.JupyterHub.cookie_max_age_days = 1
if settings.subdomains:
    # Each person's pages on a host name of their own: then a script in one person's notebook is a stranger to another's.
    c.JupyterHub.subdomain_host = settings.subdomains

# --- Who may come in: the roster and the staff, asked anew every five minutes.
c.JupyterHub.authenticator_class = hub_people.authenticator(settings)
c.Authenticator.manage_groups = True
c.Authenticator.auth_refresh_age = 300
c.Authenticator.refresh_pre_spawn = True
if settings.authenticator == "lti":
    import lti

    for name, value in lti.read().items():
        setattr(c.LTI13Authenticator, name, value)

# --- Who may do what, and what runs beside the hub.
c.JupyterHub.load_roles = hub_roles.roles(courses)
c.JupyterHub.services = hub_roles.services(settings, courses, files)

# --- A person's server. Its token may do three things: say that it is alive, let its owner in, and hand in.
c.JupyterHub.spawner_class = "spawning.LearnerSpawner"
c.Spawner.server_token_scopes = hub_roles.SERVER_TOKEN_SCOPES
c.Spawner.cmd = [sys.executable, str(HERE / "learner_server.py")]
c.Spawner.pre_spawn_hook = lambda _: hub_files.lay_out_courses(settings)  # what was released since the last time
c.Spawner.args = [
    # Kernels that talk over TCP show what they print to whoever on this machine connects to their port.
    "--KernelManager.transport=ipc",
    "--LabApp.extension_manager=readonly",
    "--LabApp.news_url=",
]
c.Spawner.default_url = "/lab"
c.Spawner.disable_user_config = True  # a person's own settings cannot open their server to others
c.Spawner.environment = {
    "MEDLABS_SERVICE": f"http://127.0.0.1:{settings.service_port}/services/{hub_roles.SERVICE}",
    "MEDLABS_ROOT": str(settings.state / hub_files.COURSES),
    "JUPYTER_CONFIG_PATH": str(files.learners),
    "JUPYTER_RUNTIME_DIR": "/tmp/jupyter",  # of their own, by PrivateTmp; a socket's path may be 107 characters long
    "PATH": os.pathsep.join([str(Path(sys.executable).parent), "/usr/local/bin:/usr/bin:/bin"]),
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "OMP_NUM_THREADS": str(max(1, int(settings.cpus))),
}
c.Spawner.mem_limit = settings.memory
c.Spawner.cpu_limit = settings.cpus
c.Spawner.http_timeout = c.Spawner.start_timeout = 120
c.SystemdSpawner.dynamic_users = True
c.SystemdSpawner.isolate_tmp = True
c.SystemdSpawner.isolate_devices = True
c.SystemdSpawner.disable_user_sudo = True
c.SystemdSpawner.default_shell = "/bin/bash"
# The cohort holds the seed of the hidden checks, the hub's folder its secret: not there, whatever their modes say.
c.SystemdSpawner.unit_extra_properties = hub_files.unit_properties(settings)
c.JupyterHub.active_server_limit = settings.most_servers
c.JupyterHub.concurrent_spawn_limit = 2 * (os.cpu_count() or 1)
c.JupyterHub.allow_named_servers = False
