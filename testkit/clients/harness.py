"""Where a client is put through a scenario: one twin, the list that is read, and a host that is not to be trusted."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from types import TracebackType
from typing import Any
from urllib.parse import unquote

from apitwin.contracts import pointers
from apitwin.contracts.model import Contract, Operation
from apitwin.contracts.page_maximum import largest_page
from apitwin.testkit.clients.client import Client, Result
from apitwin.testkit.clients.elsewhere import Elsewhere
from apitwin.testkit.clients.scenario import Scenario
from apitwin.testkit.errors import UsageError
from apitwin.testkit.settings import named
from apitwin.testkit.transport.twins import Extension, Snapshot, Twin, TwinError, client_key, populate

SPARE = 30
"""Pages that a client may ask for beyond one for each item, before it is taken to go on for ever."""
USUAL_PAGES = 30
"""Pages that a client reads in the time that one call may take."""
PAGE_S = 0.5
"""Seconds that it is given for each page beyond them."""
MOST_AT_FIRST = 900
"""Requests after which nobody waits for a client that is only being introduced; the journal keeps a few more."""


@dataclass(frozen=True)
class ClientRun:
    """What a client did in a scenario.

    result: how it ended; expected: the identities that it should have returned; asked: the exchanges about the list,
    in their order; others: the exchanges about anything else; leaked: the paths at which another host got the token.
    endless: it asked for more pages than it could have a use for. earlier: how a run before this one ended.
    """

    scenario: Scenario
    result: Result
    expected: tuple[str, ...]
    asked: tuple[Any, ...]
    others: tuple[Any, ...]
    leaked: tuple[str, ...]
    endless: bool
    earlier: Result | None = None

    @property
    def stopped(self) -> bool:
        """Whether it came to an end by itself."""
        return self.result.ended and not self.endless

    @property
    def missing(self) -> list[str]:
        """The items that it did not return."""
        items = set(self.result.items or ())
        return [identity for identity in self.expected if identity not in items]

    @property
    def added(self) -> list[str]:
        """The items that it returned twice, or that do not exist."""
        seen: set[str] = set()
        expected = set(self.expected)
        added = []
        for identity in self.result.items or ():
            if identity in seen or identity not in expected:
                added.append(identity)
            seen.add(identity)
        return added


class Harness:
    """Twins to try a client on, one for each size of page. Use it in a `with` block."""

    def __init__(
        self,
        contract: Contract,
        world: str | None,
        operation: str | None,
        extension: Extension | str | None = None,
    ) -> None:
        """extension: as `Twin` takes it. operation: the list that the client reads, None to find out.

        Raises UsageError where it is no list.
        """
        self.contract = contract
        self._world, self._extension = world, extension
        self.operation = None if operation is None else _paginated(contract, operation)
        self.late: Callable[[], bool] = lambda: False
        """Whether nobody waits for the client any more."""
        self.path: Mapping[str, str] = {}
        self._query: tuple[tuple[str, str], ...] = ()
        self._elsewhere = Elsewhere()
        self._stack = ExitStack()
        self._twins: dict[int | None, Twin] = {}
        self._filled: dict[int, dict[int, tuple[tuple[str, ...], Snapshot]]] = {}

    def __enter__(self) -> Harness:
        self._stack.enter_context(self._elsewhere)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stack.close()

    def _twin(self, page_maximum: int | None) -> Twin:
        """Return a running twin, reset to its start. page_maximum: cut to the contract's own, where that is smaller."""
        if page_maximum not in self._twins:
            largest = largest_page(self.contract)
            cut = page_maximum if page_maximum is None or largest is None else min(page_maximum, largest)
            try:
                self._twins[page_maximum] = self._stack.enter_context(
                    Twin(self.contract, world=self._world, extension=self._extension, page_maximum=cut)
                )
            except TwinError as error:
                raise UsageError(str(error)) from None
        self._twins[page_maximum].reset()
        return self._twins[page_maximum]

    @property
    def elsewhere(self) -> str:
        """The address of a host that must not get the token."""
        return self._elsewhere.url

    def introduce(self, client: Client) -> Result:
        """Run a client in the world as it is, to see which list it reads, and under which path.

        Raises UsageError where it asks for no list, or for several and none was named.
        """
        twin = self._twin(None)
        result = client.call(
            twin.url, client_key(twin), "/id", lambda: self.late() or twin.journal.count() > MOST_AT_FIRST
        )
        lists = [operation.id for operation in self.contract.operations if operation.pagination is not None]
        entries = twin.journal.entries()
        asked = [entry for entry in entries if entry.operation in lists and entry.method == "GET"]
        met = list(dict.fromkeys(entry.operation for entry in asked))
        if not met:
            raise UsageError(f"{client.name} {_asks_for_nothing(result, twin.journal.entries())}")
        if self.operation is None:
            if len(met) > 1:
                several = ", ".join(map(str, met))
                raise UsageError(f"{client.name} asks for several lists ({several}); name one of them as its operation")
            self.operation = _paginated(self.contract, str(met[0]))
        first = next((entry for entry in asked if entry.operation == self.operation.id), None)
        if first is None:
            reason = f"; it failed with {result.error}" if result.error else ""
            asked_for = ", ".join(map(str, met))
            raise UsageError(f"{client.name} never asks for {self.operation.id}, but for {asked_for}{reason}")
        self.path = _path_values(self.operation, first.path)
        rule = self.operation.pagination
        public = self.operation.security.without_credentials(tuple(first.query))
        paging = () if rule is None else rule.parameters
        self._query = tuple((name, value) for name, value in public if name not in paging)
        return result

    def run(self, client: Client, scenario: Scenario) -> ClientRun:
        """Put a client through a scenario."""
        assert self.operation is not None, "a client is introduced first"
        earlier = None
        if scenario.before is not None:
            earlier = self._run(client, replace(scenario, page_maximum=scenario.before, faults=(), before=None)).result
        return replace(self._run(client, scenario), earlier=earlier)

    def _run(self, client: Client, scenario: Scenario) -> ClientRun:
        assert self.operation is not None, "a client is introduced first"
        twin = self._twin(scenario.page_maximum)
        self._elsewhere.forget()
        expected = self._fill(twin, self.operation, scenario)
        most = scenario.size + SPARE
        twin.fault("dropped-connection", operation=self.operation.id, nth=most + 1, times=10**9)
        for fault in scenario.faults:
            words = {name: value for name, value in fault.items() if name != "name"}
            twin.fault(fault["name"], operation=self.operation.id, **words)
        journal = twin.journal
        identity = self.operation.collection.identity if self.operation.collection is not None else ""
        pages = partial(journal.count, self.operation.id)
        key = self._elsewhere.key = client_key(twin)
        more_s = max(0, scenario.size // scenario.page_maximum - USUAL_PAGES) * PAGE_S
        result = client.call(twin.url, key, identity, lambda: self.late() or pages() > 2 * most, more_s)
        entries, asked = journal.entries(), journal.entries(self.operation.id)
        if not result.ended:
            self._leave(scenario.page_maximum)
        return ClientRun(
            scenario=scenario,
            result=result,
            expected=expected,
            asked=asked,
            others=tuple(entry for entry in entries if entry not in asked),
            leaked=tuple(self._elsewhere.tokens),
            endless=len(asked) > most,
        )

    def _fill(self, twin: Twin, operation: Operation, scenario: Scenario) -> tuple[str, ...]:
        """Make the list as long as the scenario has it, and return what is on it. Each length is made once a twin."""
        filled = self._filled.setdefault(scenario.page_maximum, {})
        if scenario.size in filled:
            expected, snapshot = filled[scenario.size]
            twin.world.restore(snapshot)
            return expected
        try:
            expected = populate(twin.backend, operation, self.path, scenario.size, self._query)
        except TwinError as error:
            raise UsageError(str(error)) from None
        filled[scenario.size] = (expected, twin.world.snapshot())
        return expected

    def _leave(self, page_maximum: int) -> None:
        """Use another twin from now on: a client that did not end goes on asking the old twin, which answers slowly."""
        self._filled.pop(page_maximum, None)
        self._twins.pop(page_maximum).fault("latency", seconds=1.0)


def _asks_for_nothing(result: Result, entries: Sequence[Any]) -> str:
    """Return why a client that asked for no list cannot be judged."""
    how = f"; it failed with {result.error}" if result.error else ""
    how = how if result.ended else "; it was left, for it did not end"
    if not entries:
        return f"sends no request to the address that it is given{how}"
    return f"asks for no list that there is, but for {entries[0]}{how}"


def _paginated(contract: Contract, name: str) -> Operation:
    lists = {operation.id: operation for operation in contract.operations if operation.pagination is not None}
    return named([name], lists, "operation", "list of this contract")[0]


def _path_values(operation: Operation, path: str) -> dict[str, str]:
    parts = zip(operation.path.split("/"), path.split("/"), strict=True)
    return {name[1:-1]: unquote(text) for name, text in parts if name.startswith("{")}


def exchange_lines(client_run: ClientRun, operation: Operation) -> list[str]:
    """Return each request about the list with its answer, as a text of two lines."""
    return [f"{entry.method} {_address(entry)}\n         -> {_answer(entry, operation)}" for entry in client_run.asked]


def _address(entry: Any) -> str:
    query = "&".join(f"{name}={value}" for name, value in entry.query)
    return f"{entry.path}{'?' + query if query else ''}"


def items_of(entry: Any, operation: Operation) -> list[Any] | None:
    """Return the items of the page in an exchange, None where its answer is no page."""
    rule = operation.pagination
    try:
        page = json.loads(entry.answer)
    except (ValueError, RecursionError):
        return None
    if rule is None or not isinstance(page, (dict, list)):
        return None
    results = pointers.find(page, rule.envelope.results)
    return results if isinstance(results, list) else None


def _answer(entry: Any, operation: Operation) -> str:
    did = "" if entry.fault is None else f", {entry.fault}"
    items, rule = items_of(entry, operation), operation.pagination
    if items is None or rule is None:
        return f"{entry.status}{did}: {entry.answer[:60]!r}"
    identity = operation.collection.identity if operation.collection is not None else ""
    ids = [str(pointers.find(item, identity, "?")) for item in items]
    span = f" ({ids[0]} to {ids[-1]})" if len(ids) > 1 else f" ({ids[0]})" if ids else ""
    page, count = json.loads(entry.answer), rule.envelope.count
    stated = f" of {pointers.find(page, count)}" if isinstance(page, dict) and count and count.startswith("/") else ""
    return f"{entry.status}{did}: {len(ids)}{stated} items{span}"
