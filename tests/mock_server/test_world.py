"""Tables of records: found, added, removed, kept and brought back, also under many hands at once."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings, strategies
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from apitwin.contracts import Contract, load, pointers
from apitwin.contracts.model import Collection
from apitwin.mock_server import STEPS, TwinError, World, create_app
from apitwin.mock_server.backend import Backend, Request
from apitwin.mock_server.engine.checking import checked
from apitwin.mock_server.world.blobs import Blob
from apitwin.mock_server.world.table import Record, Table
from apitwin.mock_server.world.world import Token

CONTRACT = load("viktor")


def app(number: int, **more: Any) -> dict[str, Any]:
    return {"id": number, "name": f"app-{number}", "archived": False, **more}


def world(*numbers: int) -> World:
    made = World(CONTRACT, [Token("secret", roles=frozenset({"any"}))])
    made.tables["apps"].add((app(number) for number in numbers), checked=False)
    made.checkpoint()
    return made


def ids(table: Table) -> list[Any]:
    return [record.values["id"] for record in table.records]


def test_records_stand_in_the_order_of_their_collection_however_they_came() -> None:
    table = world(3, 1, 2).tables["apps"]
    table.add([app(10), app(0)], checked=False)

    assert ids(table) == [0, 1, 2, 3, 10]


def test_an_order_of_several_fields_decides_by_the_first_and_then_by_the_next() -> None:
    table = Table(Collection("ships", "/id", ("/kind", "/id"), (), None))
    table.add([{"id": 1, "kind": "tug"}, {"id": 3, "kind": "ferry"}, {"id": 2, "kind": "ferry"}])

    assert ids(table) == [2, 3, 1]


def test_values_of_any_kind_can_be_ordered() -> None:
    table = Table(Collection("ships", "/id", ("/rank", "/id"), (), None))
    ranks: list[Any] = [2, "b", None, 1.5, True, "a", [1], {"x": 1}]
    table.add({"id": number, "rank": rank} for number, rank in enumerate(ranks))

    assert sorted(ids(table)) == list(range(8))
    assert ids(table).index(5) < ids(table).index(1)
    assert ids(table).index(3) < ids(table).index(0)


def test_a_record_is_found_by_its_identity_as_a_path_writes_it() -> None:
    table = world(1, 2).tables["apps"]

    record = table.get("2")
    assert record is not None and record.values["name"] == "app-2"
    assert table.get("3") is None
    assert table.get("") is None


def test_an_identity_may_be_a_text_and_may_lie_deeper() -> None:
    table = Table(Collection("ships", "/code/short", ("/code/short",), (), None))
    table.add([{"code": {"short": "a/b"}}, {"code": {"short": "é"}}])

    assert table.get("a/b") is not None
    assert table.get("é") is not None


def test_records_are_found_by_a_field() -> None:
    table = world().tables["apps"]
    table.add([app(1, kind="a"), app(2, kind="b"), app(3, kind="a"), app(4)], checked=False)

    assert [record.values["id"] for record in table.where(("kind", "a"))] == [1, 3]
    assert list(table.where(("kind", "c"))) == []
    table.remove("1")
    table.add([app(5, kind="a")], checked=False)
    assert [record.values["id"] for record in table.where(("kind", "a"))] == [3, 5]


@pytest.mark.parametrize("item", [app(1), app(2), {"id": "1", "name": "x"}], ids=["there", "twice", "as-text"])
def test_an_identity_stands_once(item: dict[str, Any]) -> None:
    table = world(1).tables["apps"]

    with pytest.raises(TwinError, match=r"^apps: the identity \d stands twice$"):
        table.add([app(2), item])
    assert ids(table) == [1]


@pytest.mark.parametrize("item", [{"name": "x"}, {"id": None, "name": "x"}], ids=["missing", "null"])
def test_an_identity_must_be_there(item: dict[str, Any]) -> None:
    table = world(1).tables["apps"]

    with pytest.raises(TwinError, match=r"^apps: the identity None is missing \(/id\)$"):
        table.add([item])


BROKEN: dict[str, tuple[dict[str, Any], str]] = {
    "value": ({"name": 7}, r"apps 2/name: 7 is not of type 'string' \(schema \S+app\.json#\)"),
    "missing": ({}, r"apps 2: 'name' is a required property \(schema \S+app\.json#\)"),
    "key": ({"name": "x", "nmae": "y"}, r"apps 2: unknown key 'nmae'; allowed: .*archived; did you mean 'name'\?"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_does_not_fit_is_refused_in_the_words_of_a_world_file(name: str) -> None:
    values, message = BROKEN[name]
    table = world(1).tables["apps"]

    with pytest.raises(TwinError, match=f"^{message}$"):
        table.add([app(3), {"id": 2, **values}])
    assert ids(table) == [1]

    table.add([{"id": 2, **values}], checked=False)
    assert ids(table) == [1, 2]


def test_the_text_none_is_an_identity_like_any_other() -> None:
    table = Table(Collection("ships", "/id", ("/id",), (), None))
    table.add([{"id": "None"}])

    assert table.get("None") is not None


def test_what_is_not_there_cannot_be_removed() -> None:
    with pytest.raises(KeyError):
        world(1).tables["apps"].remove("2")


def test_a_snapshot_brings_back_what_was_there() -> None:
    made = world(1, 2)
    snapshot = made.snapshot()
    made.tables["apps"].remove("1")
    made.tables["apps"].add([app(9)])
    later = made.snapshot()

    made.restore(snapshot)
    assert ids(made.tables["apps"]) == [1, 2]
    made.restore(later)
    assert ids(made.tables["apps"]) == [2, 9]
    made.reset()
    assert ids(made.tables["apps"]) == [1, 2]


def test_what_is_kept_is_what_a_reset_returns_to() -> None:
    made = world(1)
    made.tables["apps"].add([app(2)])
    made.checkpoint()
    made.tables["apps"].remove("1")

    made.reset()

    assert ids(made.tables["apps"]) == [1, 2]


def test_a_record_is_shown_without_what_is_private_hidden_or_not_asked_for() -> None:
    record = Record({"id": 1, "name": "é", "secret": 2, "big": [1]}, ("secret",))

    assert record.shown(frozenset(), None).decode() == '{"id":1,"name":"é","big":[1]}'
    assert record.shown(frozenset({"big"}), None).decode() == '{"id":1,"name":"é"}'
    assert record.shown(frozenset(), frozenset({"name", "secret"})).decode() == '{"name":"é"}'
    assert record.shown(frozenset({"name"}), frozenset({"name", "id"})).decode() == '{"id":1}'


class ChangedAndRestored(RuleBasedStateMachine):
    """Adding, removing, keeping and restoring in any order, beside a plain dictionary that does the same."""

    def __init__(self) -> None:
        super().__init__()
        self.world = world(1, 2, 3)
        self.expected = {number: app(number) for number in (1, 2, 3)}
        self.kept = dict(self.expected)
        self.snapshots = [(self.world.snapshot(), dict(self.expected))]

    @rule(number=strategies.integers(0, 8))
    def add(self, number: int) -> None:
        item = app(number, added=len(self.snapshots))
        if number in self.expected:
            with pytest.raises(TwinError):
                self.world.tables["apps"].add([item], checked=False)
        else:
            self.world.tables["apps"].add([item], checked=False)
            self.expected[number] = item

    @rule(number=strategies.integers(0, 8))
    def remove(self, number: int) -> None:
        if number in self.expected:
            self.world.tables["apps"].remove(str(number))
            del self.expected[number]
        else:
            with pytest.raises(KeyError):
                self.world.tables["apps"].remove(str(number))

    @rule()
    def look(self) -> None:
        self.snapshots.append((self.world.snapshot(), dict(self.expected)))

    @rule(chosen=strategies.integers(0, 50))
    def restore(self, chosen: int) -> None:
        snapshot, expected = self.snapshots[chosen % len(self.snapshots)]
        self.world.restore(snapshot)
        self.expected = dict(expected)

    @rule()
    def checkpoint(self) -> None:
        self.world.checkpoint()
        self.kept = dict(self.expected)

    @rule()
    def reset(self) -> None:
        self.world.reset()
        self.expected = dict(self.kept)

    @invariant()
    def agrees(self) -> None:
        table = self.world.tables["apps"]
        assert [dict(record.values) for record in table.records] == [
            self.expected[key] for key in sorted(self.expected)
        ]
        for number in range(9):
            kept = table.get(str(number))
            assert (kept.values if kept is not None else None) == self.expected.get(number)
            named = table.where(("name", f"app-{number}"))
            assert [match.values["id"] for match in named] == ([number] if number in self.expected else [])


TestChangedAndRestored = ChangedAndRestored.TestCase
TestChangedAndRestored.settings = settings(deadline=None, max_examples=60, stateful_step_count=30)


@given(numbers=strategies.lists(strategies.integers(0, 1000), unique=True, max_size=30))
@settings(deadline=None)
def test_a_table_holds_what_was_added_in_order(numbers: list[int]) -> None:
    assert ids(world(*numbers).tables["apps"]) == sorted(numbers)


SHIPS = Collection("ships", "/id", ("/kind",), (), None)
NUMBERS = strategies.integers(0, 120)


class Changed(RuleBasedStateMachine):
    """A table in an order that leaves ties, changed one by one and by the hundred, beside a list that does the same."""

    def __init__(self) -> None:
        super().__init__()
        self.table = Table(SHIPS)
        self.expected: list[dict[str, Any]] = []
        self.last = 0

    @rule(numbers=strategies.lists(NUMBERS, unique=True, max_size=60), kind=strategies.integers(0, 3))
    def add(self, numbers: list[int], kind: int) -> None:
        there = {values["id"] for values in self.expected}
        new = [{"id": number, "kind": (number + kind) % 4} for number in numbers if number not in there]
        self.table.add(new)
        self.expected = sorted(self.expected + new, key=lambda values: values["kind"])
        self.last = max([self.last, *(values["id"] for values in new)])

    @rule(numbers=strategies.sets(NUMBERS, max_size=60))
    def remove(self, numbers: set[int]) -> None:
        there = [values["id"] for values in self.expected if values["id"] in numbers]
        self.table.remove(*map(str, there))
        self.expected = [values for values in self.expected if values["id"] not in numbers]

    @rule(number=NUMBERS, changes=strategies.fixed_dictionaries({"kind": strategies.integers(0, 3)}))
    def update(self, number: int, changes: dict[str, Any]) -> None:
        old = next((values for values in self.expected if values["id"] == number), None)
        if old is None:
            return
        self.table.update(str(number), changes)
        if old["kind"] == changes["kind"]:
            return
        rest = [values for values in self.expected if values is not old]
        self.expected = sorted([*rest, {**old, **changes}], key=lambda values: values["kind"])

    @rule(kind=strategies.integers(0, 3))
    def look(self, kind: int) -> None:
        wanted = [values for values in self.expected if values["kind"] == kind]
        assert [record.values for record in self.table.where(("kind", kind))] == wanted

    @invariant()
    def agrees(self) -> None:
        assert [record.values for record in self.table.records] == self.expected
        assert all(self.table.get(str(values["id"])) is not None for values in self.expected)
        assert len(self.table.state.by_identity) == len(self.expected)
        assert self.table.next_identity() == self.last + 1


TestChanged = Changed.TestCase
TestChanged.settings = settings(deadline=None, max_examples=60, stateful_step_count=30)


def test_what_a_change_does_not_touch_is_not_looked_at_again(monkeypatch: pytest.MonkeyPatch) -> None:
    table = world(*range(1, 5001)).tables["apps"]
    table.where(("archived", False))
    read: list[str] = []
    find = pointers.find
    monkeypatch.setattr(pointers, "find", lambda *arguments: (read.append(arguments[1]), find(*arguments))[1])

    table.add([app(6000)])
    table.update("2500", {"archived": True})
    table.remove("1")

    assert len(read) < 300
    assert len(table.where(("archived", False))) == 4999


def test_a_draft_is_seen_by_nobody_until_it_is_taken_over() -> None:
    made = world(1, 2)
    draft = made.draft()
    draft.tables["apps"].remove("1")
    draft.storage.put("key", Blob(b"", "key"))
    draft.tokens = ()
    assert (ids(made.tables["apps"]), made.storage.get("key"), len(made.tokens)) == ([1, 2], None, 1)

    made.tables["users"].add([{"id": 1}], checked=False)
    made.take_over(draft)

    assert (ids(made.tables["apps"]), made.storage.get("key") is not None, made.tokens) == ([2], True, ())
    assert len(made.tables["users"].records) == 1, "the draft did not touch it"


def test_every_writer_waits_for_a_change_that_belongs_together() -> None:
    made = world(1)
    start = made.snapshot()
    works: list[Callable[[], object]] = [
        lambda: made.tables["apps"].add([app(2)]),
        lambda: made.storage.put("key", Blob(b"", "key")),
        lambda: setattr(made, "tokens", ()),
        made.reset,
        lambda: made.restore(start),
    ]
    with made.changing():
        threads = [threading.Thread(target=work) for work in works]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(0.05)
        assert all(thread.is_alive() for thread in threads)
        assert (ids(made.tables["apps"]), made.storage.get("key"), len(made.tokens)) == ([1], None, 1)
    for thread in threads:
        thread.join(10)


LONGEST_S = 0.7


def at_once(*works: Callable[[], None]) -> None:
    """Do each work again and again, each in its own thread, for a moment; the first failure is raised."""
    stop = time.monotonic() + LONGEST_S
    failures: list[BaseException] = []

    def repeat(work: Callable[[], None]) -> None:
        try:
            while time.monotonic() < stop and not failures:
                work()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=repeat, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=10)
    assert not any(thread.is_alive() for thread in threads)
    if failures:
        raise failures[0]


def test_readers_see_one_moment_while_writers_change_everything() -> None:
    made = world(*range(50))
    table = made.tables["apps"]

    def read() -> None:
        state = table.state
        assert [record.values["id"] for record in state.records] == sorted(int(key) for key in state.by_identity)
        identities = ids(table)
        assert identities == sorted(set(identities))
        assert set(range(50)) <= set(identities) <= set(range(60))
        named = [record.values["id"] for record in table.where(("archived", False))]
        assert named == sorted(set(named)) and len(named) >= 50

    def write(number: int) -> Callable[[], None]:
        def work() -> None:
            table.add([app(number)], checked=False)
            table.remove(str(number))

        return work

    at_once(read, read, read, *(write(number) for number in range(50, 54)))
    assert ids(table) == list(range(50))


def test_no_writer_undoes_the_work_of_another() -> None:
    made = world()
    table = made.tables["apps"]
    added: list[int] = []
    counter = iter(range(400))
    lock = threading.Lock()

    def work() -> None:
        with lock:
            number = next(counter, None)
        if number is not None:
            table.add([app(number)], checked=False)
            added.append(number)

    at_once(work, work, work, work)

    assert ids(table) == sorted(added) == list(range(400))


def test_answers_are_whole_while_the_world_changes_and_is_reset() -> None:
    twin: Backend = create_app(CONTRACT, world(*range(1, 151)), checked(STEPS)).extensions["apitwin"]
    table = twin.world.tables["apps"]
    headers = {"authorization": "Bearer secret"}

    def ask(**query: str) -> Any:
        request = Request("GET", "/api/apps/", tuple(query.items()), headers, "http://twin/api/apps/")
        answer = twin.answer(request)
        assert answer.status == 200
        return json.loads(answer.body)

    def read_all() -> None:
        identities = [item["id"] for item in ask()]
        assert identities == sorted(set(identities))
        assert set(range(1, 151)) <= set(identities)

    def read_page() -> None:
        page = ask(limit="100", offset="100")
        assert len(page["results"]) == page["count"] - 100
        assert page["next"] is None

    def change() -> None:
        with contextlib.suppress(TwinError):  # they may be there already
            table.add([app(500), app(501)])

    at_once(read_all, read_page, read_page, change, twin.reset)

    twin.reset()
    assert ids(table) == list(range(1, 151))
    assert twin.journal.entries() == ()


def test_a_record_that_is_changed_in_code_must_still_fit(viktor: Contract) -> None:
    table = create_app(viktor).extensions["apitwin"].world.tables["apps"]
    identity = table.identity(table.records[0].values)
    before = table.get(identity)

    with pytest.raises(TwinError, match=rf"^apps {identity}: unknown key 'nmae'"):
        table.update(identity, {"nmae": "y"})

    assert table.get(identity) is before
