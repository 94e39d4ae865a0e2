"""The endpoints under ``/api/v1``: each says in its first line what it does, and asks who you are."""

import io
import zipfile
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import HTMLResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.concurrency import run_in_threadpool

from autograder.service import intake, jobs, models, store
from autograder.service.identity import INSTRUCTOR, Person
from autograder.service.store import Refusal

MAX_BYTES = 20_000_000
MEDIA_TYPES = ("application/x-ipynb+json", "application/json", "application/octet-stream")
# A page with a learner's words in it runs nothing, loads nothing and is kept by no proxy.
PAGE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox",
    "Cache-Control": "no-store",
}
WeekName = Annotated[
    str, Query(alias="week", description="COURSE/WEEK", max_length=200, examples=["course1_diagnosis/week1_chest_xray"])
]
Identifier = Annotated[str, "The submission's id."]
_bearer = HTTPBearer(auto_error=False, description="A token of the hub, or one that your instructor gave you.")


def _faults(*statuses):
    words = {
        401: "No token, or one that is not known",
        403: "Not for you",
        404: "Not there",
        409: "Too late, or no attempt left",
    }
    words |= {413: "Too large", 415: "Not a notebook's type", 422: "Not a notebook that can be graded", 429: "Too soon"}
    words |= {400: "A request that makes no sense", 503: "Try again later"}
    return {status: {"model": models.Fault, "description": words[status]} for status in statuses}


def service_of(request: Request):
    """Give the service that this request belongs to."""
    return request.app.state.service


Service = Annotated[object, Depends(service_of)]


def person_of(service: Service, given: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]):
    """Find out who asks."""
    if given is None or not given.credentials:
        raise Refusal(401, "Say who you are: send the header `Authorization: Bearer TOKEN`.")
    return service.identity.who(given.credentials)


Asker = Annotated[Person, Depends(person_of)]
router = APIRouter(prefix="/api/v1", responses=_faults(401, 503))


@router.get("/me", response_model=models.Me, responses=_faults(403))
def me(service: Service, person: Asker):
    """Say whom the token belongs to."""
    learner = service.catalogue.cohort.learners.get(person.id)
    if learner is None and person.role != INSTRUCTOR:
        raise Refusal(403, "You are not on the roster of this cohort: ask your instructor.")
    name = learner.name if learner else person.id
    return {"id": person.id, "name": name, "role": person.role, "cohort": service.catalogue.cohort.name}


@router.get("/problems", response_model=list[str], responses=_faults(403))
def problems(service: Service, person: Asker):
    """Say in full what needs a person. For instructors: an error's words may name a learner."""
    if person.role != INSTRUCTOR:
        raise Refusal(403, "This is for instructors. How the service is, everybody reads at /health.")
    return service.problems()


@router.get("/weeks", response_model=list[models.WeekState], responses=_faults(403))
def weeks(service: Service, person: Asker):
    """List the weeks of the cohort, with due dates and what you reached."""
    me(service, person)
    return [service.week_state(name, person) for name in service.catalogue.cohort.plans]


@router.get(
    "/weeks/{course}/{week}/release",
    response_class=Response,
    responses={200: {"content": {"application/zip": {}}}, **_faults(403, 404)},
)
def release(course: str, week: str, service: Service, person: Asker):
    """Download what learners get for a week, as a zip file."""
    me(service, person)
    name = f"{course}/{week}"
    service.catalogue.released(name)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in service.catalogue.release_files(name).items():
            archive.writestr(zipfile.ZipInfo(f"{name}/{path}"), content, zipfile.ZIP_DEFLATED)
    return Response(buffer.getvalue(), media_type="application/zip")


@router.post(
    "/submissions",
    status_code=202,
    response_model=models.Submission,
    responses={
        200: {"model": models.Submission, "description": "Handed in before"},
        **_faults(403, 404, 409, 413, 415, 422, 429),
    },
    openapi_extra={
        "requestBody": {
            "required": True,
            "description": "The notebook file.",
            "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in MEDIA_TYPES},
        }
    },
)
async def submit(request: Request, response: Response, service: Service, person: Asker, week: WeekName):
    """Hand in a notebook; the answer is the receipt, and grading begins by itself."""
    kind = request.headers.get("content-type", MEDIA_TYPES[-1]).split(";")[0].strip().lower()
    if kind not in MEDIA_TYPES:
        raise Refusal(415, f"A notebook is sent as {MEDIA_TYPES[0]}, not as {kind[:60]}.")
    content = await _body(request)
    row, new = await run_in_threadpool(intake.accept, service, person, week, content)
    response.status_code = 202 if new else 200
    return models.submission_of(row)


@router.get("/submissions", response_model=list[models.Attempt], responses=_faults(403))
def submissions(
    service: Service,
    person: Asker,
    week: Annotated[str | None, Query(max_length=200)] = None,
    learner: Annotated[str | None, Query(max_length=200, description="For instructors: whose.")] = None,
):
    """List what you handed in, newest first."""
    me(service, person)
    whose = person.id
    if person.role == INSTRUCTOR:
        whose = learner
    elif learner not in (None, person.id):
        raise Refusal(403, "You can see your own submissions only.")
    return [models.attempt_of(row) for row in store.view_all(service.db, learner=whose, week=week)]


@router.get("/submissions/{identifier}", response_model=models.Submission, responses=_faults(404))
def submission(identifier: Identifier, service: Service, person: Asker):
    """Say how a submission stands, and what came of it."""
    return models.submission_of(_own(service, person, identifier), service.dispatcher.progress.get(identifier))


@router.get(
    "/submissions/{identifier}/feedback",
    response_class=Response,
    responses={200: {"content": {"text/html": {}}}, **_faults(404, 409)},
)
def feedback(identifier: Identifier, service: Service, person: Asker):
    """Show the feedback page of a graded submission."""
    row = _own(service, person, identifier)
    if row["record"] is None:
        raise Refusal(
            409, "This submission is not graded yet: ask again when its state is no longer queued or running."
        )
    return HTMLResponse(service.feedback_page(row), headers=PAGE_HEADERS)


@router.post("/submissions/{identifier}/retry", response_model=models.Submission, responses=_faults(403, 404, 409))
def retry(identifier: Identifier, service: Service, person: Asker):
    """Have a submission graded again (for instructors, after a failure was mended)."""
    if person.role != INSTRUCTOR:
        raise Refusal(403, "Only instructors can have a submission graded again.")
    _own(service, person, identifier)
    if not jobs.again(service.db, identifier):
        raise Refusal(409, "This submission waits for its grade already.")
    service.dispatcher.look()
    return models.submission_of(_own(service, person, identifier))


def _own(service, person, identifier):
    """Give a submission that this person may see; that of somebody else is as if it were not there."""
    row = store.view(service.db, identifier)
    if row is None or (person.role != INSTRUCTOR and row["learner"] != person.id):
        raise Refusal(404, "There is no such submission of yours.")
    if row["record"] is not None:
        row["record"] = service.catalogue.regraded(row)
    return row


async def _body(request):
    """Read a body, and stop reading where it is too large, whatever its header said."""
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > MAX_BYTES:
            raise Refusal(
                413,
                f"Your notebook is larger than {MAX_BYTES // 1_000_000} MB: choose Edit > Clear Outputs of All Cells, "
                "save, and hand in again.",
            )
    return bytes(content)
