"""Who may do what on the hub, and the services beside it, as plain data for JupyterHub's settings."""

import sys

SERVICE = "medlabs"
USE_SERVICE = f"access:services!service={SERVICE}"
SERVER_TOKEN_SCOPES = ["users:activity!user", "access:servers!server", USE_SERVICE]


def roles(courses):
    """List the roles.

    Parameters
    ----------
    courses : list of str
    """
    return [
        # Everybody: their own server, and the grading service, which tells people apart by their tokens.
        {"name": "user", "scopes": ["self", USE_SERVICE]},
        *(
            {
                "name": f"formgrade-{course}",
                "description": f"Mark submissions of {course} by hand",
                "scopes": [f"access:services!service={course}", f"read:services!service={course}"],
                "groups": [f"formgrade-{course}"],
            }
            for course in courses
        ),
        {
            "name": "instructors",
            "description": "See who is here, and start or stop a learner's server; not what is in it",
            "scopes": ["admin-ui", "list:users!group=learners", "servers!group=learners"],
            "groups": ["instructors"],
        },
        {
            "name": "idle-culler",
            "description": "Stop servers that nobody uses",
            "scopes": ["list:users", "read:users:activity", "read:servers", "delete:servers"],
            "services": ["idle-culler"],
        },
    ]


def services(settings, courses, files):
    """List what runs beside the hub: the grading service, a formgrader for each course, and the culler.

    Parameters
    ----------
    settings : hub_settings.Settings
    courses : list of str
    files : hub_files.Files
    """
    account = {} if settings.account is None else {"user": settings.account}
    port = settings.service_port
    # The hub sets HOME to what the machine says of the account, which is often a folder that is not there.
    python = ["/usr/bin/env", f"HOME={files.home}", sys.executable]
    serve = ["serve", "--cohort", str(settings.cohort), "--host", "127.0.0.1", "--port", str(port)]
    listed = [
        {
            "name": SERVICE,
            "url": f"http://127.0.0.1:{port}",
            "command": [*python, "-m", "autograder.cli", *serve, *settings.serve_options],
            "cwd": str(settings.cohort),
            "environment": files.environment
            | {"MEDLABS_INSTRUCTOR_GROUPS": ",".join(f"formgrade-{course}" for course in courses)},
            "display": False,  # it has no pages for a browser, but for /docs
            **account,
        }
    ]
    for number, course in enumerate(courses, start=1):
        listed.append(
            {
                "name": course,
                "url": f"http://127.0.0.1:{port + number}",
                "command": [*python, "-m", "jupyterhub.singleuser"],
                "cwd": str(settings.cohort / course),
                "environment": files.environment
                | {
                    "JUPYTER_CONFIG_PATH": str(files.formgraders[course]),
                    "JUPYTERHUB_DEFAULT_URL": "/formgrader",
                    "JUPYTERHUB_SINGLEUSER_APP": "jupyter_server.serverapp.ServerApp",  # no JupyterLab around it
                },
                "oauth_no_confirm": True,
                **account,
            }
        )
    culler = ["-m", "jupyterhub_idle_culler", f"--timeout={settings.idle_minutes * 60}"]
    listed.append({"name": "idle-culler", "command": [sys.executable, *culler]})
    return listed
