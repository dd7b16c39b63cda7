"""Every version of OpenAPI that is read: a line each; and what a document is that is none of them."""

from __future__ import annotations

from typing import Any

from apitwin.contracts.dialects import openapi_3_0, openapi_3_1, other_kinds, swagger_2_0
from apitwin.contracts.dialects.dialect import Dialect
from apitwin.contracts.errors import ContractError
from apitwin.contracts.walking import shown

DIALECTS: tuple[Dialect, ...] = (openapi_3_1.DIALECT, openapi_3_0.DIALECT, swagger_2_0.DIALECT)


def dialect_of(document: Any, place: str) -> Dialect:
    """Return the version of OpenAPI that a document is of. place: its file, for errors.

    Raises ContractError, which says what else the document is and what to do, where it is of none.
    """
    if isinstance(document, dict):
        for dialect in DIALECTS:
            if dialect.is_that_of(document):
                return dialect
    other = other_kinds.told(document)
    if other is not None:
        raise ContractError(f"{place}#", other)
    if not isinstance(document, dict):
        raise ContractError(place, f"the document is no object; {EXPECTED}")
    said = document.get("openapi", document.get("swagger"))
    raise ContractError(f"{place}#/openapi", f"found {shown(said)}; {EXPECTED}")


EXPECTED = "expected a document of OpenAPI 3.1, 3.2 or 3.0, or of Swagger 2.0, such as one with openapi: 3.1.0"
