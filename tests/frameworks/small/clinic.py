"""Patients and visits: pages from 0 as Spring has them, a hidden cap of 10, 403 for a bad token, nulls, mixed zones."""

from __future__ import annotations

import datetime
import random
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Header, HTTPException, Query
from pydantic import BaseModel

TOKEN, DOCUMENT = "clinic-token-1", "/v3/api-docs"
app = FastAPI(title="Clinic", openapi_url=DOCUMENT)
chance = random.Random(3)
ZONES = (
    datetime.timezone.utc,
    datetime.timezone(datetime.timedelta(hours=2)),
    datetime.timezone(-datetime.timedelta(hours=5)),
)


class Visit(BaseModel):
    """A visit."""

    id: int
    patientId: int
    startedAt: datetime.datetime
    endedAt: datetime.datetime | None
    reason: str | None


class VisitPage(BaseModel):
    """A page of visits."""

    content: list[Visit]
    totalElements: int
    totalPages: int
    number: int
    size: int
    first: bool
    last: bool


START = datetime.datetime(2025, 10, 25, 22, 0, tzinfo=datetime.timezone.utc)
VISITS = [
    Visit(
        id=number,
        patientId=chance.randrange(1, 9),
        startedAt=(START + datetime.timedelta(hours=number)).astimezone(chance.choice(ZONES)),
        endedAt=None if number % 4 == 0 else START + datetime.timedelta(hours=number + 1),
        reason=chance.choice((None, "", "flu", "Check-up")),
    )
    for number in range(1, 48)
]


def user(authorization: Annotated[str | None, Header(include_in_schema=False)] = None) -> None:
    """Spring Security answers 403 to whoever is not known."""
    if authorization != f"Bearer {TOKEN}":
        raise HTTPException(403, "Access Denied")


def documented() -> dict[str, Any]:
    """Spring documents the scheme for all operations."""
    if app.openapi_schema is None:
        made = FastAPI.openapi(app)
        made["components"]["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}
        made["security"] = [{"bearer": []}]
    assert app.openapi_schema is not None
    return app.openapi_schema


app.openapi = documented  # type: ignore[method-assign]


@app.get("/visits", dependencies=[Depends(user)])
def list_visits(
    page: Annotated[int, Query(description="Zero-based page index (0..N)", ge=0)] = 0,
    size: Annotated[int, Query(description="The size of the page to be returned", ge=1)] = 5,
    sort: Annotated[list[str] | None, Query(description="Sorting criteria in the format: property,(asc|desc).")] = None,
    patientId: int | None = None,
    startedAfter: datetime.datetime | None = None,
) -> VisitPage:
    """All visits."""
    after = startedAfter.replace(tzinfo=startedAfter.tzinfo or datetime.timezone.utc) if startedAfter else None
    rows = [row for row in VISITS if patientId in (None, row.patientId) and (after is None or row.startedAt > after)]
    for word in reversed(sort or []):
        name, _, way = word.partition(",")
        if name in ("id", "startedAt"):
            rows.sort(key=lambda row: getattr(row, name), reverse=way == "desc")
    size = min(size, 10)
    pages = -(-len(rows) // size)
    return VisitPage(
        content=rows[page * size : page * size + size],
        totalElements=len(rows),
        totalPages=pages,
        number=page,
        size=size,
        first=page == 0,
        last=page >= pages - 1,
    )


@app.get("/visits/{id}", dependencies=[Depends(user)])
def read_visit(id: int) -> Visit:
    """One visit."""
    for row in VISITS:
        if row.id == id:
            return row
    raise HTTPException(404, "no such visit")
