"""Servers that write carelessly: what is made, changed or deleted is not what is there afterwards."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from apitwin.mock_server import STEPS, Backend, Steps
from apitwin.mock_server.backend import Request
from apitwin.mock_server.messages import Answer, encode
from tests.sabotage.sabotage import Answering, Around, Sabotage

LIST = "workspaces_entities_list"
CREATE = "workspaces_entities_create"
JOBS = "workspaces_entities_jobs"


def _forgetting(*methods: str) -> Around:
    """Answer some writes as if they were done, and bring everything back to where it was."""

    def around(twin: Backend, answer: Answering, request: Request) -> Answer:
        before = twin.world.snapshot()
        given = answer(request)
        if request.method in methods:
            twin.world.restore(before)
        return given

    return around


def _entities(twin: Backend, request: Request) -> list[dict[str, Any]]:
    workspace = request.path.split("/")[3]
    return [dict(one.values) for one in twin.world.tables["entities"].where(("workspace", workspace))]


def writing_what_is_refused(twin: Backend, answer: Answering, request: Request) -> Answer:
    """Refuse a body that does not fit, and make a thing all the same."""
    given = answer(request)
    if request.method == "POST" and given.status == 400:
        table = twin.world.tables["entities"]
        table.add([{**_entities(twin, request)[0], "id": table.next_identity()}])
    return given


def renaming_a_neighbour(twin: Backend, answer: Answering, request: Request) -> Answer:
    """Give the first thing of the workspace the new name as well."""
    given = answer(request)
    if request.path.endswith("/rename/") and given.status == 200:
        first = _entities(twin, request)[0]
        twin.world.tables["entities"].update(str(first["id"]), {"name": json.loads(given.body)["name"]})
    return given


def deleting_a_neighbour(twin: Backend, answer: Answering, request: Request) -> Answer:
    """Delete one thing more than was asked for."""
    given = answer(request)
    if request.method == "DELETE" and given.status == 204:
        twin.world.tables["entities"].remove(str(_entities(twin, request)[0]["id"]))
    return given


def showing_the_deleted(twin: Backend, answer: Answering, request: Request) -> Answer:
    """Leave a deleted thing out of the lists, and answer it where it is read."""
    gone: dict[str, Answer] = twin.__dict__.setdefault("gone", {})
    if request.method == "DELETE":
        gone[request.path] = answer(replace(request, method="GET", body=b""))
    given = answer(request)
    return gone[request.path] if request.method == "GET" and given.status == 404 and request.path in gone else given


def answering_another(twin: Backend, answer: Answering, request: Request) -> Answer:
    """Make a thing, and answer with the first one that was there: a server that gets or creates."""
    given = answer(request)
    if request.method == "POST" and request.path.endswith("/entities/") and given.status == 200:
        path = f"{request.path.partition('/entities/')[0]}/entities/{_entities(twin, request)[0]['id']}/"
        return answer(replace(request, method="GET", path=path, body=b""))
    return given


def _written(change: Callable[[dict[str, Any]], dict[str, Any]]) -> Around:
    """Save something else than was sent when a thing is made, and answer with what was sent."""

    def around(twin: Backend, answer: Answering, request: Request) -> Answer:
        given = answer(request)
        if request.method == "POST" and request.path.endswith("/entities/") and given.status == 200:
            made = json.loads(given.body)
            twin.world.tables["entities"].update(str(made["id"]), change(made))
        return given

    return around


def counting_from_memory(twin: Backend, answer: Answering, request: Request) -> Answer:
    """State for ever the count that the list had when it was first asked for."""
    counts: dict[str, int] = twin.__dict__.setdefault("counts", {})
    given = answer(request)
    if request.method == "GET" and given.status == 200 and b'"count":' in given.body[:10]:
        page = json.loads(given.body)
        page["count"] = counts.setdefault(request.path, page["count"])
        return replace(given, body=encode(page))
    return given


def _refusing(status: int, body: bytes, content_type: str = "application/json") -> Around:
    """Answer what would be refused for its body in another way."""

    def around(twin: Backend, answer: Answering, request: Request) -> Answer:
        given = answer(request)
        wrong = request.method == "POST" and given.status == 400
        return Answer(status, body, content_type) if wrong else given

    return around


def taking_any_body() -> Steps:
    """Return steps that take whatever was sent for a body that fits."""

    def read_body(content: bytes, *rest: Any) -> Any:
        value = json.loads(content or b"{}")
        return {"method_name": "calculate", **(value if isinstance(value, dict) else {})}

    return replace(STEPS, read_body=read_body)


WRITES = (
    Sabotage("delete-deletes-nothing", "It answers a DELETE and keeps the thing.", "state", LIST,
             around=_forgetting("DELETE")),
    Sabotage("create-keeps-nothing", "It answers a new thing that is in no list.", "state", LIST,
             around=_forgetting("POST")),
    Sabotage("update-changes-nothing", "It answers a changed thing and saves nothing.", "state", LIST,
             around=_forgetting("PATCH", "PUT"), examples=40),
    Sabotage("refused-write-is-written", "It answers 400 and makes the thing all the same.", "state", LIST,
             around=writing_what_is_refused),
    Sabotage("rename-renames-another-too", "It gives a neighbour the new name as well.", "state", LIST,
             around=renaming_a_neighbour, examples=40),
    Sabotage("delete-takes-a-neighbour", "It deletes one thing more than was asked for.", "state", LIST,
             around=deleting_a_neighbour),
    Sabotage("deleted-is-still-read", "What is deleted leaves the lists and can be read.", "state", LIST,
             around=showing_the_deleted),
    Sabotage("create-loses-its-properties", "It saves a new thing without the properties it was sent.", "state", LIST,
             around=_written(lambda made: {"properties": {"lost": True}})),
    Sabotage("create-cuts-the-name", "It saves no more than the first letter of a name.", "state", LIST,
             around=_written(lambda made: {"name": made["name"][:1]})),
    Sabotage("create-answers-another", "It makes a thing and answers with one that was there before.", "state", LIST,
             around=answering_another),
    Sabotage("count-from-memory", "Its count stays what it was before the first write.", "state", LIST,
             around=counting_from_memory),
    Sabotage("bad-body-is-a-failure", "It fails with 500 on a body that does not fit.", "hostile-bodies", CREATE,
             around=_refusing(500, b'{"detail":"Server error"}')),
    Sabotage("bad-body-is-a-422", "It refuses a body with a status that is not documented.", "hostile-bodies", CREATE,
             around=_refusing(422, b'{"detail":"Unprocessable"}')),
    Sabotage("bad-body-is-told-in-html", "It refuses a body with a page of HTML.", "hostile-bodies", JOBS,
             around=_refusing(400, b"<h1>Bad Request</h1>", "text/html")),
    Sabotage("any-body-is-taken", "It starts a job for a body that does not fit.", "hostile-bodies", JOBS,
             steps=taking_any_body),
)  # fmt: skip
"""Each is caught by the law of state, or by the law of hostile bodies."""
