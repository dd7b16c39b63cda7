"""The steps between a request and its rows: each is a function that a defect can take the place of."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from .models import Author, Base, Book


def narrowed(query: Select[Any], model: type[Base], wanted: dict[str, Any]) -> Select[Any]:
    """Keep the rows that have these values. None: not asked for."""
    for name, value in wanted.items():
        if value is not None:
            query = query.where(getattr(model, name) == value)
    return query


def priced(query: Select[Any], least: int | None, most: int | None) -> Select[Any]:
    """Keep books between two prices, both included."""
    if least is not None:
        query = query.where(Book.price >= least)
    if most is not None:
        query = query.where(Book.price <= most)
    return query


def searched(query: Select[Any], text: str | None) -> Select[Any]:
    """Keep books in whose title or blurb a text stands."""
    if not text:
        return query
    return query.where(or_(Book.title.icontains(text, autoescape=True), Book.blurb.icontains(text, autoescape=True)))


def ordered(query: Select[Any], model: type[Base], word: str | None) -> Select[Any]:
    """Sort by a word such as `-title`, ties by id."""
    if word:
        column = getattr(model, word.removeprefix("-"))
        query = query.order_by(column.desc() if word.startswith("-") else column)
    return query.order_by(model.id)


def books_of(author: Author) -> Select[Any]:
    """The books of one author."""
    return select(Book).where(Book.author_id == author.id)


def one(session: Session, model: type[Base], number: int) -> Any:
    """One row by its id, or None."""
    return session.get(model, number)
