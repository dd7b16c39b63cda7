"""OpenAPI 3.1, and 3.2, of which nothing is needed that 3.1 has not: read as it is."""

from __future__ import annotations

from apitwin.contracts.dialects.dialect import Dialect

DIALECT = Dialect("OpenAPI 3.1", "openapi", ("3.1.", "3.2."))
