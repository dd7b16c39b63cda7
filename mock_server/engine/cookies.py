"""The cookies that an operation asks for: a required one that is missing is refused as a query parameter is.

Source: OpenAPI 3.1.1, section 4.8.12 (Parameter Object), `in: cookie`; RFC 6265 section 5.4 for the header.
"""

from __future__ import annotations

from dataclasses import replace

from apitwin.contracts.model import Contract, Operation
from apitwin.mock_server.engine import parameters
from apitwin.mock_server.messages import Query, Rejected


def sent(header: str) -> Query:
    """Return the cookies of a request by the text of its header `Cookie`."""
    named = (part.strip().partition("=") for part in header.split(";"))
    return tuple((name, text.strip('"')) for name, mark, text in named if mark)


def rejected(header: str, operation: Operation, contract: Contract) -> Rejected | None:
    """Return why the cookies of a request are refused, None where they are not."""
    keys = operation.security
    cookies = (parameter for parameter in operation.parameters if parameter.place == "cookie")
    asked = tuple(parameter for parameter in cookies if not keys.carries("cookie", parameter.name))
    if not asked:
        return None
    as_query = tuple(replace(parameter, place="query") for parameter in asked)
    values = parameters.read(sent(header), replace(operation, parameters=as_query, pagination=None), contract)
    return replace(values, location="cookie") if isinstance(values, Rejected) else None
