"""The service as an ASGI application: what it holds, how it starts and stops, and what a fault looks like."""

import contextlib
import logging
import shutil
import time
from pathlib import Path

import sqlalchemy as sql
from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from fastapi_offline import FastAPIOffline
from starlette.exceptions import HTTPException

from autograder.grading import feedback
from autograder.service import endpoints, jobs, models, store
from autograder.service.clock import Clock
from autograder.service.delivery import Delivery
from autograder.service.dispatch import LEASE_SECONDS, Dispatcher
from autograder.service.intake import BUSY, LEAST_FREE_BYTES
from autograder.service.metrics import Metrics
from autograder.service.store import Refusal

log = logging.getLogger("medlabs.service")
CONTENTS = Path(".medlabs") / "contents"
LEFT_OUT, WAITS = "a change of the cohort cannot be read and is left out", "results wait for the grade book"
WHERE = "an instructor reads why at /api/v1/problems"


class Service:
    """Everything that one running service holds.

    Parameters
    ----------
    catalogue : autograder.service.catalogue.Catalogue
    db : sqlalchemy.Engine
    workers : object
        Places to grade at; see :mod:`autograder.service.local`.
    identity : object
        With a method ``who(token)``.
    clock : autograder.service.clock.Clock
    lease : float
    isolation : dict
        How answers are run (``Engine.record``).
    """

    def __init__(self, catalogue, db, workers, identity, *, clock=None, lease=LEASE_SECONDS, isolation=None):
        self.catalogue, self.db, self.identity, self.isolation = catalogue, db, identity, isolation or {}
        self.clock, self.metrics = clock or Clock(), Metrics()
        self.folder = catalogue.folder / CONTENTS
        self.folder.mkdir(parents=True, exist_ok=True)
        self.dispatcher = Dispatcher(db, self.folder, workers, catalogue, self.clock, self.metrics, lease=lease)
        self.delivery = Delivery(db, self.folder, catalogue, self.metrics, isolation)

    def start(self):
        """Start grading and delivering."""
        self.dispatcher.start()
        self.delivery.start()

    def close(self):
        """Stop; what runs goes back to the queue."""
        self.dispatcher.close()
        self.delivery.close()
        self.db.dispose()

    def free_bytes(self):
        """Give the room where submissions are kept."""
        return shutil.disk_usage(self.folder).free

    def week_state(self, name, person):
        """Say how it stands with a week for one person."""
        from autograder import cohort
        from autograder.cohort.plans import late_until

        known = self.catalogue.cohort
        plan, rules = known.plans[name], self.catalogue.rules(name)
        due = cohort.deadline(known, name, person.id) if person.id in known.learners else plan.due
        until = late_until(known, name, person.id) if person.id in known.learners else None
        notebooks = []
        for notebook in self.catalogue.graded_names(name) if plan.released else []:
            earlier = store.earlier_of(self.db, person.id, name, notebook)
            used, left, following = store.usage(rules, earlier)
            scores = [(row.score, row.max_score) for row in earlier if row.score is not None]
            best, most = max(scores, default=(None, None))
            notebooks.append(
                {
                    "name": notebook,
                    "max_score": most,
                    "attempts_used": used,
                    "attempts_left": left,
                    "next_attempt_at": store.when(following),
                    "best_score": best,
                }
            )
        return {
            "week": name,
            "title": self.catalogue.week(name).title,
            "released": plan.released,
            "due": due and due.isoformat(),
            "late_until": until and until.isoformat(),
            "notebooks": notebooks,
        }

    def feedback_page(self, row):
        """Write the feedback page of a graded submission."""
        return feedback.page(row["record"], self.catalogue.week(row["week"]), received=row["received"])

    def problems(self):
        """List what needs a person, in the words of the error: they may name learners, so they are for instructors."""
        reasons = {LEFT_OUT: self.catalogue.broken, WAITS: self.delivery.trouble}
        return [f"{what}: {why}" for what, why in reasons.items() if why]

    def health(self):
        """Say how the service is: ``failing`` takes nothing in, ``degraded`` needs a person."""
        failing, degraded, counts = [], [], {"queued": 0, "running": 0, "undelivered": 0}
        free = self.free_bytes()
        if free < LEAST_FREE_BYTES:
            failing.append(f"only {free / 1e6:.0f} MB are free where submissions are kept")
        try:
            counts = jobs.count(self.db)
        except sql.exc.DBAPIError:
            failing.append("the database does not answer")
        if self.clock.jumped:
            degraded.append(f"the machine's clock was set: it is {self.clock.apart:+.0f} s from the service's")
        if self.catalogue.broken:
            degraded.append(f"{LEFT_OUT} ({WHERE})")
        if self.delivery.trouble:
            degraded.append(f"{WAITS} ({WHERE})")
        return {
            "status": "failing" if failing else "degraded" if degraded else "ok",
            "problems": failing + degraded,
            "queued": counts["queued"],
            "running": counts["running"],
            "undelivered": counts["undelivered"],
            "places": self.dispatcher.workers.size(),
            "isolation": self.isolation.get("level", "unknown"),
        }


def create_app(service):
    """Make the application of a service."""

    @contextlib.asynccontextmanager
    async def lifespan(_):
        service.start()
        try:
            yield
        finally:
            service.close()

    app = FastAPIOffline(
        title="medlabs grading service",
        version="1",
        summary="Hand in notebooks, follow their grading, read the feedback.",
        lifespan=lifespan,
        redoc_url=None,
    )
    app.state.service = service
    app.include_router(endpoints.router)
    _add_operations(app, service)
    _add_faults(app)
    _add_log(app, service)
    return app


def _add_operations(app, service):
    @app.get("/health", response_model=models.Health, tags=["operations"])
    def health(response: Response):
        """Say how the service is; 503 while it can take nothing in."""
        said = service.health()
        response.status_code = 503 if said["status"] == "failing" else 200
        return said

    @app.get("/metrics", tags=["operations"], response_class=Response)
    def metrics():
        """Give counts and times in Prometheus' format."""
        with contextlib.suppress(sql.exc.DBAPIError):
            for state, number in jobs.count(service.db).items():
                service.metrics.jobs.labels(state).set(number)
        service.metrics.apart.set(service.clock.apart)
        service.metrics.free.set(service.free_bytes())
        return Response(service.metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")


def _add_faults(app):
    @app.exception_handler(Refusal)
    def refused(request: Request, refusal: Refusal):
        headers = {"Retry-After": str(refusal.retry_after)} if refusal.retry_after else {}
        if refusal.status == 401:
            headers["WWW-Authenticate"] = "Bearer"
        request.app.state.service.metrics.refused.labels(refusal.status).inc()
        return JSONResponse({"detail": refusal.words}, refusal.status, headers)

    @app.exception_handler(RequestValidationError)
    def wrong(_, error: RequestValidationError):
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        return JSONResponse({"detail": f"{place}: {first['msg']}."}, 422)

    @app.exception_handler(sql.exc.DBAPIError)
    def unreachable(_, error: sql.exc.DBAPIError):
        log.error("the database does not answer", extra={"why": str(error.orig)[:300]})
        return JSONResponse({"detail": BUSY}, 503, {"Retry-After": "30"})

    @app.exception_handler(HTTPException)
    def plain(_, error: HTTPException):
        words = {404: "There is nothing at this address: see /docs.", 405: "This address does not take that method."}
        return JSONResponse(
            {"detail": words.get(error.status_code, str(error.detail))}, error.status_code, error.headers
        )


def _add_log(app, service):
    @app.middleware("http")
    async def note(request: Request, call_next):
        began = time.monotonic()
        response = await call_next(request)
        # The route as written in the code: an address may hold an id, a query somebody's name.
        route = getattr(request.scope.get("route"), "path", "-")
        service.metrics.requests.labels(route, request.method, response.status_code).inc()
        took = round(1000 * (time.monotonic() - began), 1)
        log.info(
            "request", extra={"route": route, "method": request.method, "status": response.status_code, "ms": took}
        )
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "no-referrer")
        return response
