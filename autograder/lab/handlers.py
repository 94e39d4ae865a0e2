"""The addresses under ``/medlabs/api``: JSON in, JSON out, for whoever holds the lab's own token."""

import asyncio
import json

from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler
from tornado import web

from autograder.lab import course, places, reset

RESOURCE = "medlabs"


class MedlabsHandler(APIHandler):
    """A handler whose every answer is JSON.

    What a learner can meet in honest work (a service that is away, a notebook of another course) is an answer like any
    other, ``{"refused": one sentence}``: a browser would print each HTTP status above 399 in its console as an error. A
    request that the panel never makes has status 400 and ``{"message": one sentence}``.
    """

    auth_resource = RESOURCE

    @property
    def lab(self):
        """What this server's panel works on."""
        return self.settings["medlabs"]

    async def answer(self, work, status=200):
        """Do the work and send what it gives; a refusal is sent in words."""
        try:
            said = await work
        except places.BadPath as error:
            status, said = 400, {"message": str(error)}
        except (ValueError, OSError) as error:
            status, said = 200, {"refused": _sentence(error)}
        self.set_status(status)
        self.set_header("Cache-Control", "no-store")
        self.finish(json.dumps(said, allow_nan=False))

    def asked_path(self):
        """Give the path that a request names in its body or its query."""
        if self.request.method == "GET":
            return self.get_query_argument("path", "")
        body = self.get_json_body()
        return body.get("path") if isinstance(body, dict) else None

    async def graded(self):
        """Find the notebook that is meant; reading it may take a moment, so not in the server's own thread."""
        return await asyncio.to_thread(places.find_graded, self.lab, self.asked_path())


class CourseHandler(MedlabsHandler):
    """The weeks, and how far the learner is."""

    @web.authenticated
    @authorized
    async def get(self):
        await self.answer(course.overview(self.lab))


class SubmissionsHandler(MedlabsHandler):
    """Hand in a notebook (POST), or list the past attempts of one (GET)."""

    @web.authenticated
    @authorized
    async def get(self):
        async def work():
            graded = await self.graded()
            past = await self.lab.desk.attempts(graded.week, graded.name)
            about = {"week": graded.week.name, "title": graded.week.title, "notebook": graded.name}
            return about | {"pass_mark": graded.week.pass_mark, "attempts": past}

        await self.answer(work())

    @web.authenticated
    @authorized
    async def post(self):
        async def work():
            return await self.lab.desk.submit(await self.graded())

        await self.answer(work(), 202)


class SubmissionHandler(MedlabsHandler):
    """How one submission stands."""

    @web.authenticated
    @authorized
    async def get(self, identifier):
        await self.answer(self.lab.desk.look(identifier))


class WarmHandler(MedlabsHandler):
    """A notebook that can be submitted was opened: get ready."""

    @web.authenticated
    @authorized
    async def post(self):
        async def work():
            self.lab.desk.warm((await self.graded()).week)
            return {}

        await self.answer(work(), 202)


class ResetHandler(MedlabsHandler):
    """Put a fresh copy in the place of a notebook; the learner's own is kept beside it."""

    @web.authenticated
    @authorized
    async def post(self):
        async def work():
            place, released = await asyncio.to_thread(places.find_release, self.lab, self.asked_path())
            return {"copy": await asyncio.to_thread(reset.reset, place, released)}

        await self.answer(work())


def _sentence(error):
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}. Nothing was changed; make sure that your workspace can be written, then try again."
    return str(error)


ROUTES = [
    (r"course", CourseHandler),
    (r"submissions", SubmissionsHandler),
    (r"submissions/([A-Za-z0-9_-]{1,64})", SubmissionHandler),
    (r"warm", WarmHandler),
    (r"reset", ResetHandler),
]
