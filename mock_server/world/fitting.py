"""Whether a record fits its collection: the same question, in the same words, for a world file and for code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from apitwin.contracts.model import Collection
from apitwin.contracts.nearest import allowed
from apitwin.contracts.validation import Violation
from apitwin.mock_server.errors import TwinError


def violations(values: Mapping[str, Any], collection: Collection) -> list[Violation]:
    """Return every way in which what is public of a record breaks its collection's schema; none without a schema."""
    if collection.schema is None:
        return []
    return collection.schema.violations({key: value for key, value in values.items() if key not in collection.private})


def require_fitting(values: Mapping[str, Any], collection: Collection, place: str) -> None:
    """Raise TwinError for the first thing in a record's values that does not fit. place: where they stand."""
    require_known(values, collection, place)
    require_valid(values, collection, place)


def require_known(values: Mapping[str, Any], collection: Collection, place: str) -> None:
    """Raise TwinError, with what is allowed, for a key that neither the schema nor the contract's `private` names.

    A schema would let it pass, for a server may say more in its answers than is known of it.
    """
    properties = {} if collection.schema is None else collection.schema.resolved.get("properties", {})
    if not properties:
        return
    for key in values:
        if key not in properties and key not in collection.private:
            raise TwinError(f"{place}: unknown key {key!r}; {allowed(key, [*properties, *collection.private])}")


def require_valid(values: Mapping[str, Any], collection: Collection, place: str) -> None:
    """Raise TwinError, with the pointer and the schema's place, for the first value that the schema does not allow."""
    if collection.schema is None:
        return
    for violation in violations(values, collection):
        raise TwinError(f"{place}{violation.pointer}: {violation.message} (schema {collection.schema.place})")
