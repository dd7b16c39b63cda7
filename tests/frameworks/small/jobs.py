"""Jobs page by page of one: a cursor, a hidden cap of 1, `has_more`, no count, and a public list beside it."""

from __future__ import annotations

import base64
import uuid
from typing import Annotated, Literal

from fastapi import Depends, FastAPI, HTTPException, Query
from fastapi.security import HTTPBasic, HTTPBasicCredentials
from pydantic import BaseModel

TOKEN, DOCUMENT = "", "/openapi.json"
app = FastAPI(title="Jobs")
Kind = Literal["build", "deploy", "test"]
KINDS: tuple[Kind, ...] = ("build", "deploy", "test")


class Job(BaseModel):
    """A job."""

    id: uuid.UUID
    kind: Kind
    seconds: float | None
    parent: uuid.UUID | None = None


class Jobs(BaseModel):
    """A page of jobs."""

    data: list[Job]
    has_more: bool
    next_cursor: str | None


IDS = [uuid.uuid5(uuid.NAMESPACE_URL, str(number)) for number in range(14)]
ALL = [
    Job(
        id=IDS[at],
        kind=KINDS[at % 3],
        seconds=None if at % 5 == 0 else at * 1.5,
        parent=IDS[at - 1] if at % 4 else None,
    )
    for at in range(14)
]


@app.get("/jobs")
def list_jobs(
    limit: Annotated[int | None, Query(description="How many jobs, at most.", ge=1)] = None,
    cursor: Annotated[str | None, Query(description="The `next_cursor` of the page before.")] = None,
    kind: Kind | None = None,
) -> Jobs:
    """Jobs, one by one: each is large."""
    start = 0
    if cursor is not None:
        try:
            start = int(base64.urlsafe_b64decode(cursor.encode()).decode().removeprefix("job:"))
        except ValueError:
            raise HTTPException(400, "That is no cursor.") from None
    rows = [(at, row) for at, row in enumerate(ALL) if kind in (None, row.kind) and at >= start]
    here, more = rows[:1], len(rows) > 1
    following = base64.urlsafe_b64encode(f"job:{rows[1][0]}".encode()).decode() if more else None
    return Jobs(data=[row for _, row in here], has_more=more, next_cursor=following)


@app.get("/jobs/{job_id}", responses={404: {"description": "Not there."}})
def read_job(job_id: uuid.UUID) -> Job:
    """One job."""
    for row in ALL:
        if row.id == job_id:
            return row
    raise HTTPException(404, "Not there.")


@app.get("/kinds")
def list_kinds() -> list[Kind]:
    """Every kind, all at once."""
    return list(KINDS)


@app.get("/me")
def read_me(who: Annotated[HTTPBasicCredentials, Depends(HTTPBasic())]) -> dict[str, str]:
    """Who asks; anybody may."""
    return {"name": who.username}
