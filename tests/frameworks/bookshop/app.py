"""The operations of the bookshop."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Query, Request, Response
from fastapi.responses import JSONResponse
from fastapi_pagination import LimitOffsetPage, Page, add_pagination
from fastapi_pagination.cursor import CursorPage
from sqlalchemy import select
from sqlalchemy.orm import Session

from . import access, pages, selecting, writing
from .models import Author, Book, Note, Sale, Shelf, stocked
from .schemas import (
    AuthorOut,
    BookOut,
    Channel,
    Country,
    Genre,
    Message,
    NoteIn,
    NoteOut,
    NotePatch,
    SaleOut,
    ShelfOut,
)

SESSION = stocked()
MISSING: dict[int | str, dict[str, Any]] = {404: {"model": Message, "description": "There is no such thing."}}
public = APIRouter()
router = APIRouter(
    dependencies=[Depends(access.reader)],
    responses={401: {"model": Message, "description": "The token is missing or wrong."}},
)


async def session() -> Session:
    """The one session; every operation runs in the one thread of the event loop."""
    return SESSION


Db = Annotated[Session, Depends(session)]


def found(db: Session, model: Any, number: int) -> Any:
    """One row by its id, or 404."""
    row = selecting.one(db, model, number)
    if row is None:
        raise HTTPException(404, f"{model.__name__} not found")
    return row


@public.get("/health")
async def health() -> dict[str, str]:
    """Whether it runs."""
    return {"status": "ok"}


@router.get("/authors")
async def list_authors(
    db: Db,
    country: Country | None = None,
    alive: bool | None = None,
    sort: Literal["name", "-name", "born", "-born"] | None = None,
) -> Page[AuthorOut]:
    """The authors of the shop."""
    query = selecting.narrowed(select(Author), Author, {"country": country, "alive": alive})
    return pages.paged(db, selecting.ordered(query, Author, sort))


@router.get("/authors/{author_id}", responses=MISSING)
async def read_author(db: Db, author_id: int) -> AuthorOut:
    """One author."""
    return found(db, Author, author_id)


@router.get("/authors/{author_id}/books", responses=MISSING)
async def list_author_books(db: Db, author_id: int) -> LimitOffsetPage[BookOut]:
    """The books of one author."""
    author = found(db, Author, author_id)
    return pages.paged(db, selecting.ordered(selecting.books_of(author), Book, None))


@router.get("/books")
async def list_books(
    db: Db,
    genre: Genre | None = None,
    author_id: int | None = None,
    price_gte: Annotated[int | None, Query(ge=0)] = None,
    price_lte: Annotated[int | None, Query(ge=0)] = None,
    q: Annotated[str | None, Query(max_length=50, description="Search in titles and blurbs.")] = None,
    sort: Literal["title", "-title", "price", "-price"] | None = None,
) -> LimitOffsetPage[BookOut]:
    """The books of the shop."""
    query = selecting.narrowed(select(Book), Book, {"genre": genre, "author_id": author_id})
    query = selecting.searched(selecting.priced(query, price_gte, price_lte), q)
    return pages.paged(db, selecting.ordered(query, Book, sort))


@router.get("/books/{book_id}", responses=MISSING)
async def read_book(db: Db, book_id: int) -> BookOut:
    """One book."""
    return found(db, Book, book_id)


@router.get("/sales")
async def list_sales(db: Db, channel: Channel | None = None) -> CursorPage[SaleOut]:
    """What was sold, the oldest first."""
    query = selecting.narrowed(select(Sale), Sale, {"channel": channel})
    return pages.paged(db, selecting.ordered(query, Sale, None))


@router.get("/shelves")
async def list_shelves(db: Db) -> Page[ShelfOut]:
    """The shelves."""
    return pages.paged(db, selecting.ordered(select(Shelf), Shelf, None))


@router.get("/shelves/{shelf_id}", responses=MISSING)
async def read_shelf(db: Db, shelf_id: int) -> ShelfOut:
    """One shelf."""
    return found(db, Shelf, shelf_id)


@router.get("/shelves/{shelf_id}/notes", responses=MISSING)
async def list_notes(db: Db, shelf_id: int) -> LimitOffsetPage[NoteOut]:
    """The notes at a shelf."""
    found(db, Shelf, shelf_id)
    return pages.paged(db, selecting.ordered(select(Note).where(Note.shelf_id == shelf_id), Note, None))


@router.post("/shelves/{shelf_id}/notes", status_code=201, responses=MISSING)
async def create_note(db: Db, shelf_id: int, given: NoteIn) -> NoteOut:
    """Pin a note."""
    found(db, Shelf, shelf_id)
    return writing.create(db, Note(shelf_id=shelf_id, **given.model_dump()))


def note_at(db: Session, shelf_id: int, note_id: int) -> Note:
    """A note of this shelf, or 404."""
    note: Note = found(db, Note, note_id)
    if note.shelf_id != shelf_id:
        raise HTTPException(404, "Note not found")
    return note


@router.get("/shelves/{shelf_id}/notes/{note_id}", responses=MISSING)
async def read_note(db: Db, shelf_id: int, note_id: int) -> NoteOut:
    """One note."""
    return note_at(db, shelf_id, note_id)


@router.patch("/shelves/{shelf_id}/notes/{note_id}", responses=MISSING)
async def update_note(db: Db, shelf_id: int, note_id: int, given: NotePatch) -> NoteOut:
    """Change a note."""
    return writing.update(db, note_at(db, shelf_id, note_id), given.model_dump(exclude_unset=True))


@router.delete("/shelves/{shelf_id}/notes/{note_id}", status_code=204, responses=MISSING)
async def delete_note(db: Db, shelf_id: int, note_id: int) -> Response:
    """Take a note away."""
    writing.delete(db, note_at(db, shelf_id, note_id))
    return Response(status_code=204)


async def too_large(request: Request, error: Exception) -> JSONResponse:
    """SQLite has 64 bits for a number."""
    return JSONResponse({"detail": [{"loc": [], "msg": "a number is too large", "type": "too_large"}]}, 422)


def application() -> FastAPI:
    """The whole bookshop."""
    app = FastAPI(title="Bookshop", version="1.0.0", exception_handlers={OverflowError: too_large})
    app.include_router(public)
    app.include_router(router)
    add_pagination(app)
    return app
