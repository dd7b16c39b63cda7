"""What the operations of a generated twin do: list, read, make, change and delete things, as their documents say."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from apitwin.contracts import path_parameters, pointers
from apitwin.contracts.model import Operation
from apitwin.mock_server import messages
from apitwin.mock_server.engine.call import Call
from apitwin.mock_server.engine.lookup import among
from apitwin.mock_server.engine.pagination.asked import Asked, Window
from apitwin.mock_server.engine.pagination.envelope import filled_page
from apitwin.mock_server.engine.refusal import accepted, refusal
from apitwin.mock_server.generated import examples, pages, writing
from apitwin.mock_server.generated.media import sent_as
from apitwin.mock_server.generated.plain_lists import PlainLists
from apitwin.mock_server.generated.reading import holder_of, results_of
from apitwin.mock_server.generated.responses import Success, success_of
from apitwin.mock_server.generated.shapes import Shape
from apitwin.mock_server.generated.values.schemas import Maker
from apitwin.mock_server.generated.views import View
from apitwin.mock_server.generated.worlds import Generated
from apitwin.mock_server.messages import Answer
from apitwin.mock_server.world.record import Record

MOST_SHOWN = 20_000
"""Things whose bodies are remembered, by operation."""


class Behaviours:
    """The behaviours of one generated twin, and what was read off its schemas for them."""

    def __init__(self, generated: Generated) -> None:
        self.generated = generated
        self._plain_lists = PlainLists(generated.making.items)
        self._views: dict[str, View | None] = {}
        self._makers: dict[str, Maker] = {}
        self._completions: dict[str, pages.Completion] = {}
        self._shown: dict[tuple[str, int], tuple[Record, bytes]] = {}

    def answer(self, call: Call) -> Answer:
        """Answer a request by what its operation does."""
        operation = call.operation
        kind = None if operation.collection is None else self.generated.kinds.get(operation.collection.name)
        does = BY_WORD.get(operation.behaviour)
        _require_known(call)
        if kind is None or does is None:
            return self._plain_lists.answer(call) or examples.answer(call, self.generated)
        return does(self, call)

    # Lists

    def listed(self, call: Call) -> Answer:
        """Answer a list: what the path leaves, filtered and sorted, and the page that is cut out of it."""
        success, place = success_of(call.operation, 200), results_of(call.operation)
        if success is None or success.schema is None or place is None:
            return examples.answer(call, self.generated)
        steps, rule = call.steps, call.operation.pagination
        records = steps.select(among(call), call.operation, call.values)
        stated: dict[str, Any] = {}
        headers: tuple[tuple[str, str], ...] = ()
        window: Window | None = None
        if rule is not None:
            asked = Asked(call.base, call.query, rule, call.contract.parameters.repeated, call.operation.collection)
            window = accepted(steps.window(asked, records), call.contract)
            shell = steps.envelope(rule, window, len(records), (), steps.links(asked, window, records))
            headers, stated = shell.headers, _object(shell)
        shown = records[: _most(success, place[0])] if window is None else steps.cut(records, window)
        items = self._items(call, shown, place[1])
        media_type = sent_as(success.media_type or messages.JSON)
        if place[0] == "" or (window is not None and window.limit is None):
            return Answer(success.status, b"[" + b",".join(items) + b"]", media_type, headers)
        whole = self._completion(call.operation, success, place[0]).completed(pages.Page(stated, len(records), window))
        return Answer(success.status, filled_page(whole, place[0], items), media_type, headers)

    def _items(self, call: Call, records: Sequence[Record], shape: Shape) -> list[bytes]:
        view = self._view(f"{call.operation.id} items", lambda: self._of_items(call.operation, shape))
        return [self._encoded(call, record, view) for record in records]

    def _of_items(self, operation: Operation, shape: Shape) -> View:
        schema = shape.standing_alone(f"{operation.pointer}/items")
        kind = self.generated.kinds[_collection(operation)]
        return View(schema, shape, "", Maker(schema, self.generated.referred), kind.noun, kind.identity_member)

    def _encoded(self, call: Call, record: Record, view: View | None) -> bytes:
        key = (call.operation.id, id(record))
        known = self._shown.get(key)
        if known is not None and known[0] is record:
            return known[1]
        seed = (
            _collection(call.operation),
            call.table.identity(record.values),
        )  # one thing looks alike wherever it is shown
        made = messages.encode(record.values if view is None else view.of(record.values, seed))
        if len(self._shown) > MOST_SHOWN:
            self._shown.clear()
        self._shown[key] = (record, made)
        return made

    # One thing

    def read(self, call: Call) -> Answer:
        """Answer one thing."""
        return self._about(call, call.record, 200)

    def create(self, call: Call) -> Answer:
        """Make a thing of what was sent, number it, and answer it."""
        kind = self._kind(call)
        values = writing.made(call, self.generated, kind)
        call.table.add([values], checked=False)
        record = call.table.get(call.table.identity(values))
        assert record is not None, "it was added just now"
        return self._about(call, record, 201)

    def update(self, call: Call) -> Answer:
        """Change a thing: PUT replaces it, PATCH and POST lay what was sent over what is there."""
        kind, old = self._kind(call), call.record
        change = writing.replaced if call.operation.method == "PUT" else writing.merged
        values = change(call, kind, old)
        call.table.remove(call.table.identity(old.values))
        call.table.add([values], checked=False)
        record = call.table.get(call.table.identity(values))
        assert record is not None, "it was added just now"
        return self._about(call, record, 200)

    def delete(self, call: Call) -> Answer:
        """Remove a thing, and answer as documented: with nothing, or with what it was."""
        record = call.record
        call.table.remove(call.table.identity(record.values))
        return self._about(call, record, 204)

    def _about(self, call: Call, record: Record, usual: int) -> Answer:
        """Answer a request about one thing by the documented response."""
        success = success_of(call.operation, usual)
        if success is None:  # it is done all the same, and told as every server would
            return Answer(204 if usual == 204 else usual, is_beyond_contract=True)
        if success.media_type is None:
            return Answer(success.status)
        if not success.is_json or success.schema is None:
            return examples.answer(call, self.generated)
        view = self._view(call.operation.id, lambda: self._of_one(call.operation, success))
        return Answer(success.status, self._encoded(call, record, view), sent_as(success.media_type))

    def _of_one(self, operation: Operation, success: Success) -> View:
        assert success.schema is not None, "it was looked at before"
        shape, kind = Shape.of(success.schema), self.generated.kinds[_collection(operation)]
        holder = holder_of(shape, kind.item, operation.identified_by or "")
        return View(success.schema, shape, holder, self._maker(operation, success), kind.noun, kind.identity_member)

    # What is read off schemas once

    def _completion(self, operation: Operation, success: Success, results: str) -> pages.Completion:
        assert success.schema is not None, "it was looked at before"
        if operation.id not in self._completions:
            maker = self._maker(operation, success)
            self._completions[operation.id] = pages.Completion(success.schema, maker, results)
        return self._completions[operation.id]

    def _kind(self, call: Call) -> Any:
        return self.generated.kinds[_collection(call.operation)]

    def _view(self, key: str, make: Callable[[], View]) -> View:
        view = self._views.get(key)
        if view is None:
            view = self._views[key] = make()
        return view

    def _maker(self, operation: Operation, success: Success) -> Maker:
        assert success.schema is not None, "it was looked at before"
        if operation.id not in self._makers:
            self._makers[operation.id] = Maker(success.schema, self.generated.referred)
        return self._makers[operation.id]


def _require_known(call: Call) -> None:
    """Refuse a path that names a thing that no list has, where the document says what is answered then."""
    if call.operation.response_to(404) is None:
        return
    looked_up = {within.parameter for within in call.operation.within} | {call.operation.identified_by}
    for parameter in call.operation.path_parameters():
        source = None if parameter.name in looked_up else parameter.drawn_from
        listed = None if source is None else call.contract.operation(source.operation).collection
        table = None if listed is None else call.world.tables.get(listed.name)
        if source is None or listed is None or table is None:
            continue
        texts = set(path_parameters.values(parameter, call.path[parameter.name]))
        if listed.identity == source.pointer:
            unknown = {text for text in texts if table.get(text) is None}
        else:
            unknown = texts - {str(pointers.find(one.values, source.pointer)) for one in table.records}
        if unknown:
            raise refusal(call, "not-found")


def _collection(operation: Operation) -> str:
    assert operation.collection is not None, "a behaviour is chosen by the collection"
    return operation.collection.name


def _most(success: Success, results: str) -> int | None:
    """Return how many items a list without pages has at most, by its schema; None where it says nothing."""
    array = None if success.schema is None else Shape.of(success.schema).at(results)
    bounds = [way["maxItems"] for way in (array.ways if array is not None else ()) if "maxItems" in way]
    return int(min(bounds)) if bounds else None


def _object(shell: Answer) -> dict[str, Any]:
    value = json.loads(shell.body)
    return value if isinstance(value, dict) else {}


BY_WORD: Mapping[str, Callable[[Behaviours, Call], Answer]] = {
    "list": Behaviours.listed,
    "read": Behaviours.read,
    "create": Behaviours.create,
    "update": Behaviours.update,
    "delete": Behaviours.delete,
}
"""What a generated twin does, by the contract's word for it."""
