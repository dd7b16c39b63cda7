"""Page numbers and cursors, judged on the twin and on servers that are not ours: correct ones, and broken ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from functools import cache

import pytest

from apitwin.contracts import Contract, load
from apitwin.testkit.server.judge import LIVE_PROFILE, TWIN_PROFILE, RunContext, judge
from apitwin.testkit.server.laws import registered
from apitwin.testkit.server.verdict import BROKEN, HOLDS, INCONCLUSIVE, SKIPPED, Verdict
from apitwin.testkit.transport.target import Target, live_target
from apitwin.testkit.transport.twins import twin_target
from tests.sabotage.constants import (
    BOOKS,
    DRAWINGS,
    LETTERS,
    LIBRARY,
    LOANS,
    MUSEUM,
    PAINTINGS,
    PRINTS,
    READERS,
    ROOMS,
)
from tests.sabotage.matrix import named
from tests.servers import style_server

CONTRACTS = {path: load(path) for path in (LIBRARY, MUSEUM)}
OPERATIONS = {operation.id: path for path, contract in CONTRACTS.items() for operation in contract.operations}
OTHERS = {"expired": "STYLE_EXPIRED", "revoked": "STYLE_REVOKED"}
ConnectTo = Callable[[dict[str, str], Contract], Target]

LAWS_OF_NUMBERS = {"default-page", "page-past-the-end", "invalid-page"}
SPEAKING = {
    BOOKS: {*LAWS_OF_NUMBERS, "last-page", "sort", "ties", "filter", "next-links", "previous-links", "truncation"},
    LOANS: {*LAWS_OF_NUMBERS, "page-members", "filter", "count", "truncation"},
    READERS: {*LAWS_OF_NUMBERS, "next-links", "previous-links", "filter", "link-query"},
    ROOMS: {*LAWS_OF_NUMBERS, "page-members", "more", "count"},
    PAINTINGS: {"cursor-ends", "cursor-repeatable", "cursor-keeps-filters", "invalid-cursor", "foreign-cursor"},
    DRAWINGS: {"cursor-repeatable", "cursor-keeps-filters", "invalid-cursor", "more", "truncation"},
    PRINTS: {"cursor-ends", "cursor-repeatable", "cursor-keeps-filters", "foreign-cursor", "previous-cursor", "count"},
    LETTERS: {"cursor-ends", "cursor-repeatable", "next-links", "link-query", "filter"},
}
"""Laws that must have something to say of a list, on any server of it."""

BROKEN_SERVERS = {
    "past-the-end-is-the-last-page": ("page-past-the-end", BOOKS),
    "no-maximum": ("truncation", BOOKS),
    "next-drops-filters": ("link-query", BOOKS),
    "ties-in-random-order": ("ties", BOOKS),
    "text-page-crashes": ("invalid-page", BOOKS),
    "total-pages-rounded-down": ("page-members", LOANS),
    "page-zero-is-page-one": ("partition", LOANS),
    "size-is-forgotten-after-the-first-page": ("partition", LOANS),
    "next-on-the-last-page": ("next-links", READERS),
    "last-page-is-missing": ("count", ROOMS),
    "has-more-on-the-last-page": ("more", ROOMS),
    "border-is-repeated": ("partition", DRAWINGS),
    "more-where-a-page-is-full": ("more", DRAWINGS),
    "unknown-item-begins-anew": ("invalid-cursor", DRAWINGS),
    "cursor-of-other-filters-is-taken": ("foreign-cursor", PRINTS),
    "filter-is-lost-behind-a-cursor": ("cursor-keeps-filters", PRINTS),
    "bad-cursor-begins-anew": ("invalid-cursor", PRINTS),
    "next-cursor-on-the-last-page": ("cursor-ends", PRINTS),
    "link-drops-filters": ("link-query", LETTERS),
    "link-skips-one": ("filter", LETTERS),
    "cursor-is-an-unsteady-offset": ("partition", PRINTS),
}
"""What the server can be told to do wrong: the law that must notice, and where it shows."""


def together(name: str) -> tuple[str, ...]:
    """Return what is broken in the same server as a sabotage: one thing in each list, for starting it takes long."""

    def turn(other: str) -> int:
        of_its_list = [
            known for known, (_, operation) in BROKEN_SERVERS.items() if operation == BROKEN_SERVERS[other][1]
        ]
        return of_its_list.index(other)

    return tuple(other for other in BROKEN_SERVERS if turn(other) == turn(name))


@pytest.fixture
def connected(monkeypatch: pytest.MonkeyPatch) -> ConnectTo:
    """Make a target of a running server, with all its tokens."""

    def connect(running: dict[str, str], contract: Contract) -> Target:
        is_by_name = "visitor" in contract.schemes
        username = "visitor:" if is_by_name else ""
        monkeypatch.setenv("APITWIN_USERNAME", "visitor")
        monkeypatch.setenv("APITWIN_PASSWORD" if is_by_name else "STYLE_TOKEN", running["token"])
        for kind, variable in OTHERS.items():
            monkeypatch.setenv(variable, f"{username}{running[f'{kind}_token']}")
        url, name = running["url"], None if is_by_name else "STYLE_TOKEN"
        return live_target(url, name, rate=0, others=OTHERS, token_in_url=True, contract=contract)

    return connect


@pytest.fixture(scope="session")
def styles() -> Iterator[dict[str, str]]:
    """A correct server of page numbers and cursors: its url and tokens."""
    with style_server() as running:
        yield running


def require_no_accusation(operation: str, context: RunContext) -> None:
    """Judge every law; none is broken, each silent one has a reason, and those that must speak do."""
    verdicts = [judge(law, context.contract.operation(operation), context) for law in registered()]
    assert [described(one) for one in verdicts if one.outcome in (BROKEN, INCONCLUSIVE)] == []
    assert [one.law for one in verdicts if one.outcome == SKIPPED and not one.reason] == []
    assert SPEAKING.get(operation, set()) <= {one.law for one in verdicts if one.outcome == HOLDS}


def described(verdict: Verdict) -> str:
    finding = verdict.finding
    return f"{verdict.law}: {verdict.reason}; found {finding.found if finding else ''}, drawn {dict(verdict.drawn)}"


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_law_holds_on_a_server_that_is_not_ours(
    operation: str, styles: dict[str, str], connected: ConnectTo
) -> None:
    contract = CONTRACTS[OPERATIONS[operation]]
    profile = replace(LIVE_PROFILE, examples=3, random_seed=21)
    require_no_accusation(operation, RunContext(contract, connected(styles, contract), profile, "apitwin check"))


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_law_holds_on_the_twin(operation: str) -> None:
    contract = CONTRACTS[OPERATIONS[operation]]
    profile = replace(TWIN_PROFILE, examples=4, random_seed=22)
    require_no_accusation(operation, RunContext(contract, twin_target(contract), profile, "apitwin check"))


@pytest.fixture(scope="session")
def broken_server() -> Iterator[Callable[[tuple[str, ...]], dict[str, str]]]:
    """Start a server with some things wrong in it, each once: its url and tokens."""
    with ExitStack() as stack:
        yield cache(lambda sabotages: stack.enter_context(style_server(*sabotages)))


@pytest.mark.parametrize("name", sorted(BROKEN_SERVERS, key=together))
def test_a_server_that_is_broken_is_caught_by_the_law_that_names_it(
    broken_server: Callable[[tuple[str, ...]], dict[str, str]], name: str, connected: ConnectTo
) -> None:
    broken = broken_server(together(name))
    law, operation = BROKEN_SERVERS[name]
    contract = CONTRACTS[OPERATIONS[operation]]
    context = RunContext(contract, connected(broken, contract), replace(LIVE_PROFILE, examples=20), "apitwin check")
    verdict = judge(named(law), contract.operation(operation), context)
    assert verdict.outcome == BROKEN, f"{verdict.outcome}: {verdict.reason}"
    assert verdict.finding is not None and verdict.finding.shown
    assert broken["token"] not in repr(verdict)
