"""Lists of what are no things, such as names: pages of one list that is always the same, made when it is asked for."""

from __future__ import annotations

import json
from typing import Any

from apitwin.contracts.validation import CompiledSchema
from apitwin.mock_server import messages
from apitwin.mock_server.engine.call import Call
from apitwin.mock_server.engine.pagination.asked import Asked
from apitwin.mock_server.engine.pagination.envelope import filled_page
from apitwin.mock_server.engine.refusal import accepted
from apitwin.mock_server.generated import pages
from apitwin.mock_server.generated.media import sent_as
from apitwin.mock_server.generated.responses import success_of
from apitwin.mock_server.generated.shapes import Shape
from apitwin.mock_server.generated.values.numbers import Unmakeable
from apitwin.mock_server.generated.values.schemas import Maker
from apitwin.mock_server.generated.values.wording import noun, words
from apitwin.mock_server.messages import Answer

USUAL = 45
"""Values of such a list, where nobody says how many."""


class PlainLists:
    """The lists of values of one generated twin, by operation. items: values of each, None for the usual number."""

    def __init__(self, items: int | None) -> None:
        self._items = USUAL if items is None else items
        self._values: dict[str, tuple[Any, ...]] = {}
        self._completions: dict[str, pages.Completion] = {}

    def answer(self, call: Call) -> Answer | None:
        """Answer a page of values, None where the operation does not list any."""
        rule, success = call.operation.pagination, success_of(call.operation, 200)
        if rule is None or success is None or success.schema is None or not success.is_json:
            return None
        shape = Shape.of(success.schema).at(rule.envelope.results)
        if shape is None or shape.kind != "array" or shape.items.kind in ("object", "array", "any"):
            return None
        values = self._listed(call, shape.items)
        asked = Asked(call.base, call.query, rule, call.contract.parameters.repeated, None)
        window = accepted(call.steps.window(asked, values), call.contract)
        links = call.steps.links(asked, window, values)
        shell = call.steps.envelope(rule, window, len(values), (), links)
        shown = [messages.encode(value) for value in call.steps.cut(values, window)]
        media_type = sent_as(success.media_type or messages.JSON)
        if rule.envelope.results == "" or window.limit is None:
            return Answer(success.status, b"[" + b",".join(shown) + b"]", media_type, shell.headers)
        page = pages.Page(json.loads(shell.body), len(values), window)
        whole = self._completion(call, success.schema, rule.envelope.results).completed(page)
        return Answer(success.status, filled_page(whole, rule.envelope.results, shown), media_type, shell.headers)

    def _completion(self, call: Call, schema: CompiledSchema, results: str) -> pages.Completion:
        known = self._completions.get(call.operation.id)
        if known is None:
            known = self._completions[call.operation.id] = pages.Completion(schema, Maker(schema), results)
        return known

    def _listed(self, call: Call, items: Shape) -> tuple[Any, ...]:
        """Return the values of a list: different ones, as many as there can be."""
        operation = call.operation
        if operation.id not in self._values:
            maker = Maker(items.standing_alone(f"{operation.pointer}/items"))
            last = words(operation.path.rstrip("/").rpartition("/")[2])
            made: dict[str, Any] = {}
            for number in range(self._items):
                try:
                    value = maker.made(operation.id, number, noun(last[-1]) if last else "")
                except Unmakeable:
                    break
                made.setdefault(json.dumps(value), value)
            self._values[operation.id] = tuple(made.values())
        return self._values[operation.id]
