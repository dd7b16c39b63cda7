"""What the bookshop keeps, and what stands in it."""

from __future__ import annotations

import datetime
import random

from sqlalchemy import ForeignKey, create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.pool import StaticPool

GENRES = ("crime", "essay", "novel", "poetry")
COUNTRIES = ("AT", "BE", "NL", "SE")
CHANNELS = ("fair", "shop", "web")
START = datetime.datetime(2024, 1, 1, 9, 30, tzinfo=datetime.timezone.utc)


class Base(DeclarativeBase):
    """The tables."""


class Author(Base):
    """Who writes books."""

    __tablename__ = "authors"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    country: Mapped[str]
    alive: Mapped[bool]
    born: Mapped[datetime.date | None]


class Book(Base):
    """What is sold."""

    __tablename__ = "books"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    genre: Mapped[str]
    price: Mapped[int]
    author_id: Mapped[int] = mapped_column(ForeignKey("authors.id"))
    blurb: Mapped[str | None]


class Sale(Base):
    """A book that was sold."""

    __tablename__ = "sales"
    id: Mapped[int] = mapped_column(primary_key=True)
    book_id: Mapped[int] = mapped_column(ForeignKey("books.id"))
    channel: Mapped[str]
    sold_at: Mapped[datetime.datetime]


class Shelf(Base):
    """Where notes are pinned."""

    __tablename__ = "shelves"
    id: Mapped[int] = mapped_column(primary_key=True)
    label: Mapped[str]


class Note(Base):
    """A note at a shelf."""

    __tablename__ = "notes"
    id: Mapped[int] = mapped_column(primary_key=True)
    shelf_id: Mapped[int] = mapped_column(ForeignKey("shelves.id"))
    text: Mapped[str]
    stars: Mapped[int | None]


def stocked() -> Session:
    """Return a session of a shop that is always filled in the same way. It is used by one thread only."""
    engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
    Base.metadata.create_all(engine)
    session = Session(engine, expire_on_commit=False)
    chance = random.Random(5)
    for number in range(1, 38):
        born = datetime.date(1900 + number * 2, number % 12 + 1, 3) if number % 5 else None
        name = f"{chance.choice(('Anna', 'Bo', 'Cees', 'Dagny'))} {chance.choice(('Åberg', 'Smit', 'Wolf'))} {number}"
        session.add(
            Author(id=number, name=name, country=chance.choice(COUNTRIES), alive=chance.random() < 0.5, born=born)
        )
    for number in range(1, 131):
        title = f"{chance.choice(('The Red', 'A Late', 'No', 'Über'))} {chance.choice(('House', 'river', 'Winter'))}"
        blurb = f"About {title.lower()}, {number % 7} times." if number % 3 else None
        session.add(
            Book(
                id=number,
                title=title,
                genre=chance.choice(GENRES),
                price=chance.randrange(5, 40),
                author_id=chance.randrange(1, 30),
                blurb=blurb,
            )
        )
    for number in range(1, 76):
        sold = START + datetime.timedelta(hours=5 * number)
        session.add(Sale(id=number, book_id=chance.randrange(1, 131), channel=chance.choice(CHANNELS), sold_at=sold))
    for number in range(1, 9):
        session.add(Shelf(id=number, label=f"Shelf {number}"))
    for number in range(1, 49):
        stars = chance.randrange(1, 6) if number % 4 else None
        session.add(Note(id=number, shelf_id=number % 6 + 1, text=f"Note {number}", stars=stars))
    session.commit()
    return session
