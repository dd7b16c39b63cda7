"""Making, changing and deleting rows."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session


def create(db: Session, row: Any) -> Any:
    """Add a row."""
    db.add(row)
    db.commit()
    return row


def update(db: Session, row: Any, values: dict[str, Any]) -> Any:
    """Change some columns of a row."""
    for name, value in values.items():
        setattr(row, name, value)
    db.commit()
    return row


def delete(db: Session, row: Any) -> None:
    """Take a row away."""
    db.delete(row)
    db.commit()
