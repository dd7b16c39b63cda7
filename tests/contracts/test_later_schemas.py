"""Schemas that are compiled when they are needed: only the last used are kept; those that were let go judge again."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

from apitwin.contracts import ContractError, load
from apitwin.contracts.later_schemas import Kept, LaterSchema


def later(name: str, size: int, kept: Kept, compiled: list[str]) -> LaterSchema:
    """Return a schema of so many values that accepts its own name only, and notes each time it is compiled."""

    def whole() -> tuple[Any, int]:
        compiled.append(name)
        return {"const": name}, size

    def failed(error: ContractError) -> None:
        raise AssertionError(str(error))

    return LaterSchema(lambda: {"const": name}, whole, name, {}, failed, kept)


def test_the_last_ones_are_kept_up_to_their_size() -> None:
    kept, compiled = Kept(most=10), list[str]()
    one, two, large = (later(name, size, kept, compiled) for name, size in (("one", 4), ("two", 6), ("large", 100)))
    assert compiled == []

    for schema in (one, two, one, two):
        assert schema.accepts(schema.place) and not schema.accepts("another")
    assert compiled.count("one") == compiled.count("two")
    before = len(compiled)
    assert one.accepts("one") and two.accepts("two")
    assert len(compiled) == before

    assert large.accepts("large")
    assert one.accepts("one") and not one.accepts("two")
    assert compiled[-1] == "one"


def test_what_is_wrong_is_explained_after_it_was_let_go() -> None:
    kept, compiled = Kept(most=1), list[str]()
    one, two = later("one", 1, kept, compiled), later("two", 1, kept, compiled)

    for _ in range(2):
        assert [violation.keyword for violation in one.violations("x")] == ["const"]
        assert [violation.keyword for violation in two.violations("x")] == ["const"]


def test_threads_that_look_at_the_same_schemas_see_the_same(tmp_path: Path) -> None:
    names = [f"A{number}" for number in range(60)]
    schemas = {
        name: {
            "properties": {other: {"$ref": f"#/components/schemas/{other}"} for other in names[index + 1 : index + 4]}
        }
        for index, name in enumerate(names)
    }
    schemas[names[-1]] = {"type": "string"}
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/A0"}}}
    operation = {"operationId": "read", "responses": {"200": {"description": "", "content": content}}}
    document = {"openapi": "3.1.0", "paths": {"/": {"get": operation}}, "components": {"schemas": schemas}}
    path = tmp_path / "document.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    schema = load(path).operation("read").responses["200"].schema
    assert schema is not None
    good: dict[str, Any] = {}
    bad: dict[str, Any] = {}
    for name in reversed(names[1:]):
        good, bad = {name: good or "text"}, {name: bad or 1}
    answers: list[tuple[bool, bool]] = []
    start = threading.Barrier(8)

    def ask() -> None:
        start.wait()
        answers.append((schema.accepts(good), schema.accepts(bad)))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == [(True, False)] * 8
