"""Stations and what they measured: skip and limit as FastAPI's tutorial has them, a required parameter, mixed zones."""

from __future__ import annotations

import datetime
import math
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Header, HTTPException, Query
from pydantic import BaseModel, Field

TOKEN, DOCUMENT = "", "/api/openapi.json"


class Station(BaseModel):
    """A station."""

    name: str = Field(examples=["Utrecht"])
    height: int | None = None
    retired: datetime.date | None = None


class Measured(BaseModel):
    """What a station measured."""

    station: str
    at: datetime.datetime
    celsius: float | None


class Series(BaseModel):
    """Some of it."""

    items: list[Measured]
    count: int = Field(description="How many items this page has.")


NAMES = ("Arnhem", "De Bilt", "Den Helder", "Maastricht", "Twenthe", "Vlissingen", "Zürich/Kloten")
STATIONS = [Station(name=name, height=at * 7 if at % 2 else None) for at, name in enumerate(NAMES)]
DAY = datetime.datetime(2026, 3, 29, tzinfo=datetime.timezone.utc)
MEASURED = [
    Measured(
        station=name,
        at=(DAY + datetime.timedelta(minutes=20 * at)).astimezone(
            datetime.timezone(datetime.timedelta(hours=1 if at < 9 else 2))
        ),
        celsius=None if at % 11 == 0 else round(10 * math.sin(at), 1),
    )
    for name in NAMES
    for at in range(24)
]


async def version(x_client: Annotated[str | None, Header()] = None) -> None:
    """Says who asks, if it likes."""


router = APIRouter(prefix="/api", dependencies=[Depends(version)])


@router.get("/stations")
def list_stations(skip: int = 0, limit: int = 100) -> list[Station]:
    """The stations."""
    return STATIONS[max(skip, 0) : max(skip, 0) + max(limit, 0)]


@router.get("/stations/{name:path}")
def read_station(name: str) -> Station:
    """One station."""
    for station in STATIONS:
        if station.name == name:
            return station
    raise HTTPException(404, "Station not found")


@router.get("/measured")
def list_measured(
    station: Annotated[str, Query(examples=["Arnhem"])],
    skip: Annotated[int, Query(ge=0, le=10_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=10)] = 10,
    since: Annotated[datetime.datetime | None, Query(description="The first moment, in any zone.")] = None,
) -> Series:
    """What one station measured."""
    rows = [row for row in MEASURED if row.station == station]
    if since is not None:
        rows = [
            row for row in rows if row.at >= (since if since.tzinfo else since.replace(tzinfo=datetime.timezone.utc))
        ]
    page = rows[skip : skip + limit]
    return Series(items=page, count=len(page))


app = FastAPI(title="Weather", openapi_url=DOCUMENT)
app.include_router(router)
