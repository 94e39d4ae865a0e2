"""The shapes of answers, from which the OpenAPI document is written."""

from typing import Literal

from pydantic import BaseModel, Field

State = Literal["queued", "running", "graded", "limit", "unreadable", "failed"]


class Fault(BaseModel):
    """Why a request was refused, and what to do about it."""

    detail: str


class Me(BaseModel):
    """Whom the token belongs to."""

    id: str
    name: str
    role: Literal["learner", "instructor"]
    cohort: str


class NotebookState(BaseModel):
    """How it stands with one graded notebook of a week."""

    name: str
    max_score: float | None = Field(description="None until one was graded.")
    attempts_used: int
    attempts_left: int | None = Field(description="None: any number.")
    next_attempt_at: str | None
    best_score: float | None


class WeekState(BaseModel):
    """One week of the cohort, for the person who asks."""

    week: str
    title: str
    released: bool
    due: str | None
    late_until: str | None = Field(description="Until when late work is taken; None: always, or there is no due date.")
    notebooks: list[NotebookState]


class Exercise(BaseModel):
    """One exercise of a graded notebook."""

    id: str
    title: str
    points: float
    max_points: float
    passed: bool
    message: str


class Progress(BaseModel):
    """How many exercises are done."""

    done: int
    total: int | None


class Attempt(BaseModel):
    """One submission, without its exercises."""

    id: str
    week: str
    notebook: str
    attempt: int
    received: str
    sha256: str
    late: str = Field(description="Empty, or in words what being late costs.")
    state: State
    score: float | None = None
    max_score: float | None = None


class Submission(Attempt):
    """One submission with everything that its author may know."""

    position: int | None = Field(None, description="How many wait before it.")
    started: str | None = None
    finished: str | None = None
    progress: Progress
    message: str = ""
    notes: list[str] = []
    exercises: list[Exercise] = []


class Health(BaseModel):
    """How the service is."""

    status: Literal["ok", "degraded", "failing"]
    problems: list[str]
    queued: int
    running: int
    undelivered: int
    places: int
    isolation: str


def attempt_of(row):
    """Make an :class:`Attempt` of a row of the store."""
    record = row["record"] or {}
    kept = ("id", "week", "notebook", "attempt", "received", "sha256", "late", "state")
    return {name: row[name] for name in kept} | {"score": record.get("score"), "max_score": record.get("max_score")}


def submission_of(row, progress=None):
    """Make a :class:`Submission` of a row of the store; ``progress`` is (exercises done, all) of one that runs."""
    record = row["record"] or {}
    exercises = record.get("exercises", [])
    done, total = progress or (len(exercises), len(exercises) or None)
    return attempt_of(row) | {
        "position": row["position"],
        "started": row["started"],
        "finished": row["finished"],
        "progress": {"done": done, "total": total},
        "message": record.get("message", ""),
        "notes": record.get("notes", []),
        "exercises": exercises,
    }
