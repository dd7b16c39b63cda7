"""Songs as GitHub lists its things: a bare array, `page` and `per_page`, a Link header, a hidden cap of 99."""

from __future__ import annotations

import datetime
import random
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import Depends, FastAPI, HTTPException, Query, Request, Response
from fastapi.security import OAuth2PasswordBearer
from pydantic import BaseModel

TOKEN, DOCUMENT = "songs-token-9", "/openapi.json"
app = FastAPI(title="Songs")
scheme = OAuth2PasswordBearer(tokenUrl="token")
chance = random.Random(21)


class Song(BaseModel):
    """A song."""

    id: int
    title: str
    artist: str | None = None
    released: datetime.date | None = None
    explicit: bool
    plays: int


class Login(BaseModel):
    """Who asks for a token."""

    username: str
    password: str


ALL = [
    Song(
        id=number * 3,
        title=f"{chance.choice(('Love', 'ärger', 'Rain', '99'))} {chance.randrange(9)}",
        artist=chance.choice((None, "Zoë", "abba", "The Who")),
        released=None if number % 3 else datetime.date(1990 + number % 30, 2, 28),
        explicit=chance.random() < 0.2,
        plays=chance.randrange(5),
    )
    for number in range(1, 151)
]


def user(token: Annotated[str, Depends(scheme)]) -> None:
    """Whoever has the token."""
    if token != TOKEN:
        raise HTTPException(403, "Forbidden")


@app.post("/token")
def log_in(given: Login) -> dict[str, str]:
    """A token for a password."""
    if given.password != "correct horse":
        raise HTTPException(400, "Incorrect username or password")
    return {"access_token": TOKEN, "token_type": "bearer"}


@app.get("/songs", dependencies=[Depends(user)])
def list_songs(
    request: Request,
    response: Response,
    page: Annotated[int, Query(ge=1)] = 1,
    per_page: Annotated[int, Query(ge=1)] = 30,
    q: Annotated[str | None, Query(description="Search in titles", min_length=3)] = None,
    explicit: bool | None = None,
    artist: str | None = None,
    sort: Literal["title", "plays", "released"] | None = None,
    direction: Literal["asc", "desc"] = "asc",
) -> list[Song]:
    """The songs."""
    rows = [row for row in ALL if explicit in (None, row.explicit)]
    rows = [row for row in rows if artist is None or (row.artist or "").casefold() == artist.casefold()]
    rows = [row for row in rows if q is None or q.casefold() in row.title.casefold()]
    if sort is not None:
        valued = [row for row in rows if getattr(row, sort) is not None]
        valued.sort(key=lambda row: getattr(row, sort), reverse=direction == "desc")
        rows = [*valued, *(row for row in rows if getattr(row, sort) is None)]
    size = min(per_page, 99)
    if page * size < len(rows):
        asked = {**dict(request.query_params), "page": page + 1, "per_page": size}
        response.headers["Link"] = f'<{request.url.replace(query=urlencode(asked))}>; rel="next"'
    return rows[(page - 1) * size : page * size]


@app.get("/songs/{song_id}", dependencies=[Depends(user)])
def read_song(song_id: int) -> Song:
    """One song."""
    for row in ALL:
        if row.id == song_id:
            return row
    raise HTTPException(404)
