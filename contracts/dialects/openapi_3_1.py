"""OpenAPI 3.1, and 3.2, of which nothing is needed that 3.1 has not: read as it is, but for one word of 3.0.

Generators that were made for 3.0 write `nullable` into documents of 3.1, too (drf-spectacular 0.30 does, for the links
of Django REST framework). There it is no word of the dialect, and whoever wrote it means null all the same (assumed).
"""

from __future__ import annotations

from typing import Any

from apitwin.contracts.dialects.dialect import Dialect
from apitwin.contracts.dialects.nulls import let_null_be, says_null
from apitwin.contracts.walking import Place, Walk


def schema(value: dict[str, Any], place: Place, walk: Walk) -> dict[str, Any]:
    """Let null be a value where a schema says so in the word of OpenAPI 3.0, in place."""
    if says_null(value):
        let_null_be(value)
    return value


DIALECT = Dialect("OpenAPI 3.1", "openapi", ("3.1.", "3.2."), lambda document: {"schema": (schema,)})
