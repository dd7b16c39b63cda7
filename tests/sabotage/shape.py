"""Servers whose answers have another shape than the contract says, or that do what nobody asked for."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import count as numbers
from typing import Any

from apitwin.mock_server import Backend
from apitwin.mock_server.backend import Request
from apitwin.mock_server.engine.steps import show
from apitwin.mock_server.messages import JSON, Answer, encode
from tests.sabotage.changes import (
    afterwards,
    answering,
    crashing,
    enveloping,
    finishing,
    from_position,
    has,
    replacing,
    showing,
)
from tests.sabotage.constants import APP, APPS, CHILDREN, ENTITY, FAILURE, ROOTS, USER, WORKSPACE, WORKSPACES
from tests.sabotage.sabotage import Answering, Sabotage

TIMES = ("created_at_min", "created_at_max", "updated_at_min", "updated_at_max")


def without(item: dict[str, Any], *names: str) -> dict[str, Any]:
    """Return an item without some members."""
    return {name: value for name, value in item.items() if name not in names}


def anywhere(request: Request, *parts: str) -> bool:
    """Return whether a value of the query holds one of some texts."""
    return any(part in value for _, value in request.query for part in parts)


def alone(request: Request) -> bool:
    """Return whether a request reads one thing by its id."""
    return request.path.rstrip("/").rpartition("/")[2].isdigit()


def stale(request: Request, answer: Answer) -> Answer:
    """Show an older name of what is read alone."""
    if answer.status != 200 or not alone(request):
        return answer
    item = json.loads(answer.body)
    return replace(answer, body=encode({**item, "name": item["name"] + " (old)"}))


def read_by_position(twin: Backend, answer: Answering, request: Request) -> Answer:
    """Read the thing whose id is one more than was asked for, where there is one."""
    start, _, identity = request.path.rstrip("/").rpartition("/")
    if not identity.isdigit():
        return answer(request)
    other = answer(replace(request, path=f"{start}/{int(identity) + 1}/"))
    return other if other.status == 200 else answer(request)


def first_instead_of_none(twin: Backend, answer: Answering, request: Request) -> Answer:
    """Answer an id that nothing has with the first thing there is."""
    given = answer(request)
    start = request.path.rstrip("/").rpartition("/")[0]
    return answer(replace(request, path=f"{start}/1/")) if given.status == 404 else given


def as_reading(twin: Backend, answer: Answering, request: Request) -> Answer:
    """Answer every method like GET."""
    return answer(replace(request, method="GET"))


def without_content(request: Request, answer: Answer) -> Answer:
    """Answer an empty page with 204."""
    return Answer(204) if b'"results":[]' in answer.body else answer


def huge(request: Request) -> bool:
    """Return whether a number in the path does not fit 64 bits."""
    return any(part.isdigit() and int(part) >= 2**63 for part in request.path.split("/"))


WRITES = numbers(1)


def refused_and_done(twin: Backend, answer: Answering, request: Request) -> Answer:
    """Refuse PUT, PATCH and POST, and rename the thing all the same."""
    given = answer(request)
    identity = request.path.rstrip("/").rpartition("/")[2]
    table = twin.world.tables["workspaces"]
    record = table.get(identity)
    if given.status == 405 and request.method != "PROPFIND" and record is not None:
        table.remove(identity)
        table.add([{**record.values, "name": f"renamed {next(WRITES)} times"}])
    return given


SHAPE = (
    # Bodies
    Sabotage(
        "late-item-lacks-a-field",
        "Items from the fifty-first on have no name.",
        "schema",
        APPS,
        from_position(50, lambda item: without(item, "name")),
    ),
    Sabotage(
        "late-item-has-null",
        "Items from the hundredth on have null for a name.",
        "schema",
        CHILDREN,
        from_position(99, lambda item: {**item, "name": None}),
    ),
    Sabotage(
        "late-id-is-text",
        "Ids from the hundredth on are texts.",
        "schema",
        WORKSPACES,
        from_position(99, lambda item: {**item, "id": str(item["id"])}),
    ),
    Sabotage(
        "empty-object-is-an-array",
        "An object without members is written as an array, as PHP does.",
        "schema",
        ENTITY,
        showing(lambda item: {**item, "summary": []} if item.get("summary") == {} else item),
    ),
    Sabotage(
        "time-without-zone",
        "A time does not say in which zone it is.",
        "schema",
        APP,
        showing(lambda item: {**item, "created_at": str(item.get("created_at")).rstrip("Z")}),
    ),
    Sabotage(
        "no-links-on-the-last-page",
        "Where there is no next, the page has no such member.",
        "schema",
        APPS,
        enveloping(lambda page: page if page["next"] else without(page, "next")),
    ),
    Sabotage(
        "level-ignored",
        "detail_level does nothing.",
        "projection",
        APPS,
        replacing(show=lambda records, projection, values: show(records, replace(projection, levels=None), values)),
    ),
    Sabotage(
        "left-out-member-is-shown",
        "properties=false does nothing.",
        "projection",
        ENTITY,
        replacing(show=lambda records, projection, values: show(records, projection, without(values, "properties"))),
    ),
    # Statuses
    Sabotage(
        "empty-list-is-204",
        "A page without items is answered with 204 and no body.",
        "status",
        CHILDREN,
        around=afterwards(without_content),
    ),
    Sabotage(
        "reading-is-201",
        "Reading is answered with 201.",
        "status",
        USER,
        finishing(lambda answer: replace(answer, status=201), status=200),
    ),
    Sabotage(
        "valid-parameter-crashes",
        "A filter by time makes the server fail.",
        "status",
        ROOTS,
        around=crashing(lambda request: has(request, *TIMES)),
    ),
    Sabotage(
        "null-byte-crashes",
        "A null byte anywhere in the query makes the server fail, as PostgreSQL does.",
        "hostile-values",
        WORKSPACES,
        around=crashing(lambda request: anywhere(request, "\x00")),
        examples=240,
    ),
    Sabotage(
        "letters-beyond-ascii-crash",
        "A value beyond ASCII makes the server fail.",
        "hostile-values",
        APPS,
        around=crashing(lambda request: any(not value.isascii() for _, value in request.query)),
    ),
    Sabotage(
        "long-value-gets-a-web-page",
        "A value of more than a thousand characters is answered with 400 and a web page.",
        "hostile-values",
        APPS,
        around=answering(
            lambda request: any(len(value) > 1000 for _, value in request.query),
            Answer(400, b"<html><h1>Bad Request</h1></html>", "text/html"),
        ),
        examples=100,
    ),
    # What it is said to be
    Sabotage(
        "json-said-to-be-html",
        "JSON is sent as text/html.",
        "content-type",
        APPS,
        finishing(lambda answer: replace(answer, content_type="text/html; charset=utf-8")),
    ),
    Sabotage(
        "json-said-to-be-latin-1",
        "JSON in UTF-8 is said to be ISO 8859-1.",
        "content-type",
        APP,
        finishing(lambda answer: replace(answer, content_type="application/json; charset=iso-8859-1")),
    ),
    # Whether two views agree
    Sabotage(
        "stale-detail",
        "What is read alone is older than what the list shows.",
        "read-agrees-with-list",
        APPS,
        around=afterwards(stale),
    ),
    Sabotage(
        "reads-another-one",
        "What is read alone is the thing after it.",
        "read-agrees-with-list",
        WORKSPACES,
        around=read_by_position,
    ),
    # What is not there
    Sabotage(
        "html-404",
        "404 is answered with a web page.",
        "not-found",
        APP,
        finishing(lambda answer: Answer(404, b"<!doctype html><h1>Not Found</h1>", "text/html"), status=404),
    ),
    Sabotage(
        "unknown-is-null",
        "What is not there is null, with status 200.",
        "not-found",
        WORKSPACE,
        finishing(lambda answer: Answer(200, b"null", JSON), status=404),
    ),
    Sabotage(
        "unknown-is-the-first",
        "An id that nothing has gets the first thing there is.",
        "not-found",
        APP,
        around=first_instead_of_none,
    ),
    Sabotage(
        "huge-id-crashes",
        "An id that does not fit 64 bits makes the server fail.",
        "not-found",
        ENTITY,
        around=crashing(huge),
    ),
    Sabotage(
        "unknown-is-forbidden",
        "What is not there is answered like what may not be seen.",
        "not-found",
        APP,
        finishing(lambda answer: replace(answer, status=403), status=404),
    ),
    # What nobody may do
    Sabotage(
        "every-method-reads",
        "Every method is answered like GET.",
        "undocumented-method",
        APPS,
        around=as_reading,
    ),
    Sabotage(
        "unknown-method-crashes",
        "A method that is not known makes the server fail.",
        "undocumented-method",
        APP,
        finishing(lambda answer: FAILURE, status=405),
    ),
    Sabotage(
        "refused-and-done",
        "A method that is refused changes the thing all the same.",
        "undocumented-method",
        WORKSPACE,
        around=refused_and_done,
    ),
)
"""What answers must look like: `testkit/laws/shape.py`."""
