"""Members of which a document says nothing, and those that are read in another type than they are written in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from apitwin.contracts import Contract
from apitwin.testkit.server.judge import TWIN_PROFILE, RunContext, judge
from apitwin.testkit.transport.twins import twin_target
from tests.contracts.plain_documents import TEXT, WHOLE, array, get, holding, loaded, query, writing
from tests.generated.asking import Client
from tests.sabotage.matrix import named

ANYTHING: dict[str, Any] = {"title": "Value"}


@pytest.fixture
def settings(tmp_path: Path) -> Contract:
    """Settings with a value of any kind, and a size that is sent as a number and read as a text."""
    sent, read = holding(name=TEXT, value=ANYTHING, size=WHOLE), holding(name=TEXT, value=ANYTHING, size=TEXT)
    shown = {**read, "properties": {"id": WHOLE, **read["properties"]}, "required": ["id", "value", "size"]}
    one = {
        "get": get(shown),
        "patch": writing(sent, shown, "200"),
        "delete": {"responses": {"204": {"description": ""}}},
    }
    paths = {
        "/settings": {
            "get": get(holding(items=array(shown)), query(limit=WHOLE, offset=WHOLE)),
            "post": writing({**sent, "required": ["name", "value", "size"]}, shown),
        },
        "/settings/{id}": one,
    }
    return loaded(tmp_path, paths)


@pytest.mark.parametrize("value", [None, {"width": None}, {}, [1], "text"])
def test_a_member_of_which_nothing_is_said_is_replaced_as_a_whole(settings: Contract, value: Any) -> None:
    client = Client(settings, items=3)
    client.send("PATCH", "/settings/1", {"value": {"height": 2}})

    assert client.send("PATCH", "/settings/1", {"value": value})["value"] == value
    assert client.get("/settings/1")["value"] == value


def test_what_is_read_in_another_type_may_be_written_in_another_way(settings: Contract) -> None:
    target = twin_target(settings)
    context = RunContext(settings, target, TWIN_PROFILE, "apitwin check")
    lists = next(operation for operation in settings.operations if operation.pagination is not None)

    verdict = judge(named("state"), lists, context)

    assert verdict.outcome == "holds", verdict.reason
