"""Run the grading service of a cohort: submissions over HTTP, graded as they arrive."""

import os
from pathlib import Path

import click

from autograder import paths


@click.command()
@click.option(
    "--cohort", "folder", type=click.Path(path_type=Path), default=Path(), help="The cohort's folder.  [default: here]"
)
@click.option("--database", metavar="URL", help="postgresql://…  [default: SQLite in the cohort]")
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option("--port", default=8787, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one.")
@click.option(
    "--workers", type=click.IntRange(1, 256), help="Grade so many at once here.  [default: the number of cores]"
)
@click.option("--dask", metavar="ADDRESS", help="Grade on a Dask cluster instead: tls://HOST:PORT of its scheduler.")
@click.option(
    "--dask-certificates",
    nargs=3,
    type=click.Path(exists=True, dir_okay=False),
    metavar="CA CERT KEY",
    help="Files for tls://.",
)
@click.option("--dask-plain", is_flag=True, help="Allow a cluster without TLS, which no learner's code may reach.")
@click.option("--isolation", type=click.Choice(["full", "none"]), default="full", show_default=True)
@click.option(
    "--lease", default=30.0, show_default=True, help="Seconds after which the job of a lost worker is redone."
)
@click.option(
    "--log-level", type=click.Choice(["DEBUG", "INFO", "WARNING", "ERROR"]), default="INFO", show_default=True
)
def command(folder, database, host, port, workers, dask, dask_certificates, dask_plain, isolation, lease, log_level):
    """Take submissions of a cohort over HTTP, grade them, and write the grade books.

    Who hands in is told by a token: of the hub, where JUPYTERHUB_API_URL is set, or one made with `medlabs cohort
    tokens`. The address of the pages that describe every endpoint is printed at the start. Ctrl-C stops it; what ran
    then is graded after the next start.
    """
    import uvicorn

    from autograder.grading import engines
    from autograder.service import logs
    from autograder.service.app import Service, create_app
    from autograder.service.catalogue import Catalogue
    from autograder.service.local import LocalWorkers
    from autograder.service.schema import connect

    catalogue = Catalogue(folder)
    os.environ[paths.ROOT_VARIABLE] = str(catalogue.cohort.repository)  # workers look there too
    if dask:
        from autograder.service.cluster import DaskWorkers

        places = DaskWorkers(dask, isolation, dask_certificates, plain=dask_plain)
        record = {"level": isolation, "layers": {}, "where": "cluster"}
    else:
        engine = engines.choose(isolation)
        click.echo(engine.words, err=True)
        record = engine.record
        places = LocalWorkers(workers or os.cpu_count() or 1, isolation)
    db = connect(database or f"sqlite:///{catalogue.folder.resolve() / '.medlabs' / 'service.db'}")
    logs.set_up(log_level)
    service = Service(catalogue, db, places, _identity(catalogue), lease=lease, isolation=record)
    app = _under_prefix(create_app(service))
    config = uvicorn.Config(app, host=host, port=port, log_config=None, access_log=False, timeout_graceful_shutdown=10)
    _server(config).run()


def _identity(catalogue):
    from autograder.service import identity
    from autograder.service.clock import Clock

    local = identity.LocalTokens(catalogue.folder / ".medlabs" / identity.TOKENS, Clock())
    hub = os.environ.get("JUPYTERHUB_API_URL")
    if not hub:
        return local
    courses = {week.split("/")[0] for week in catalogue.cohort.plans}
    groups = os.environ.get("MEDLABS_INSTRUCTOR_GROUPS")
    groups = groups.split(",") if groups else [f"formgrade-{course}" for course in courses]
    return identity.Either(local, identity.HubTokens(hub, groups, os.environ.get("JUPYTERHUB_SERVICE_NAME")))


def _under_prefix(app):
    """Serve below the address that a hub gives its services."""
    prefix = os.environ.get("JUPYTERHUB_SERVICE_PREFIX", "/").rstrip("/")
    if not prefix:
        return app
    from starlette.applications import Starlette
    from starlette.routing import Mount

    return Starlette(routes=[Mount(prefix, app)], lifespan=app.router.lifespan_context)


def _server(config):
    import uvicorn

    class Server(uvicorn.Server):
        async def startup(self, sockets=None):
            await super().startup(sockets)
            if self.servers:
                host, port = self.servers[0].sockets[0].getsockname()[:2]
                click.echo(f"Serving on http://{host}:{port} (every endpoint: http://{host}:{port}/docs)", err=True)

    return Server(config)
