"""Pages of rows, as fastapi-pagination makes them: by what the operation says that it returns."""

from __future__ import annotations

from typing import Any

from fastapi_pagination.ext import sqlalchemy as paging
from sqlalchemy import Select
from sqlalchemy.orm import Session


def paged(db: Session, query: Select[Any]) -> Any:
    """The page that the request asks for."""
    return paging.paginate(db, query)
