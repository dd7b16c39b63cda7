"""Parcels below a base path: limit and offset with a hidden cap of 20, comma lists, an API key, refusals of 400."""

from __future__ import annotations

import random
from typing import Annotated, Any

from fastapi import FastAPI, HTTPException, Query, Request, Security
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.security import APIKeyHeader
from pydantic import BaseModel

TOKEN, DOCUMENT = "depot-key-77", "/openapi.json"
key = APIKeyHeader(name="X-Depot-Key", auto_error=False)
chance = random.Random(8)
STATES = ("lost", "new", "sent")


class Problem(BaseModel):
    """What is wrong."""

    code: str
    message: str


class Parcel(BaseModel):
    """A parcel."""

    code: str
    state: str
    weight: float
    tags: list[str]
    depot: str | None = None


class Parcels(BaseModel):
    """Some parcels."""

    parcels: list[Parcel]
    total: int


ALL = [
    Parcel(
        code=f"P-{number:03}",
        state=chance.choice(STATES),
        weight=round(chance.random() * 30, 1),
        tags=chance.sample(["fragile", "cold", "gift"], chance.randrange(3)),
        depot=chance.choice((None, "north", "south")),
    )
    for number in range(1, 84)
]


def user(given: Annotated[str | None, Security(key)]) -> None:
    """Whoever has the key."""
    if given != TOKEN:
        raise HTTPException(403, "key")


inner = FastAPI(
    title="Depot",
    dependencies=[Security(user)],
    responses={"4XX": {"model": Problem, "description": "Something is wrong with the request."}},
    openapi_url=None,
)


@inner.exception_handler(HTTPException)
async def refused(request: Request, error: HTTPException) -> JSONResponse:
    """One shape for all refusals."""
    return JSONResponse({"code": str(error.status_code), "message": str(error.detail)}, error.status_code)


@inner.exception_handler(RequestValidationError)
async def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
    """400, and not 422."""
    return JSONResponse({"code": "invalid", "message": str(error.errors()[0]["msg"])}, 400)


@inner.get("/parcels")
def list_parcels(
    limit: Annotated[int, Query(gt=0, description="At most 20 are given.")] = 15,
    offset: Annotated[int, Query(ge=0)] = 0,
    state: Annotated[str | None, Query(description="One or more states, separated by commas.")] = None,
    tag: Annotated[list[str] | None, Query()] = None,
    min_weight: Annotated[float | None, Query()] = None,
    order_by: Annotated[str | None, Query(pattern="^-?(code|weight)$")] = None,
) -> Parcels:
    """Parcels; those with any of the tags and any of the states."""
    states = state.split(",") if state else STATES
    rows = [row for row in ALL if row.state in states and (not tag or set(tag) & set(row.tags))]
    rows = [row for row in rows if min_weight is None or row.weight >= min_weight]
    if order_by:
        name = order_by.removeprefix("-")
        rows.sort(key=lambda row: getattr(row, name), reverse=order_by.startswith("-"))
    return Parcels(parcels=rows[offset : offset + min(limit, 20)], total=len(rows))


@inner.get("/parcels/{code}")
def read_parcel(code: str) -> Parcel:
    """One parcel."""
    for row in ALL:
        if row.code == code:
            return row
    raise HTTPException(404, "no such parcel")


app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)


@app.get(DOCUMENT)
def document() -> Any:
    """The document of what is mounted, with its base path."""
    return {**inner.openapi(), "servers": [{"url": "/depot/v2"}]}


app.mount("/depot/v2", inner)
