"""What the bookshop shows and takes, as FastAPI documents it."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

Genre = Literal["crime", "essay", "novel", "poetry"]
Country = Literal["AT", "BE", "NL", "SE"]
Channel = Literal["fair", "shop", "web"]


def in_utc(moment: datetime.datetime) -> datetime.datetime:
    """SQLite keeps no zone; all moments are those of UTC."""
    return moment.replace(tzinfo=datetime.timezone.utc)


class Shown(BaseModel):
    """Read from a row."""

    model_config = ConfigDict(from_attributes=True)
    id: int


class AuthorOut(Shown):
    """An author."""

    name: str
    country: Country
    alive: bool
    born: datetime.date | None = None


class BookOut(Shown):
    """A book."""

    title: str
    genre: Genre
    price: int
    author_id: int
    blurb: str | None = None


class SaleOut(Shown):
    """A sale."""

    book_id: int
    channel: Channel
    sold_at: Annotated[datetime.datetime, AfterValidator(in_utc)]


class ShelfOut(Shown):
    """A shelf."""

    label: str


class NoteOut(Shown):
    """A note."""

    shelf_id: int
    text: str
    stars: int | None = None


class NoteIn(BaseModel):
    """A new note."""

    text: str = Field(min_length=1, max_length=80)
    stars: int | None = Field(None, ge=1, le=5)


class NotePatch(BaseModel):
    """What changes of a note."""

    text: str | None = Field(None, min_length=1, max_length=80)
    stars: int | None = Field(None, ge=1, le=5)


class Message(BaseModel):
    """What is wrong."""

    detail: str
