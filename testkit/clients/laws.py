"""The laws of a client: what its paging loop must do with what a server may do. Sources: docs/client-laws.md.

A law draws scenarios, from the plainest on, and says of what a client did in one whether that will do.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from hypothesis import strategies

from contracts.model import Operation
from testkit.clients.scenario import Fault, Scenario
from testkit.clients.stage import Performance, items_of

Draw = Callable[[strategies.SearchStrategy[Any]], Any]

USUAL, HARSH, SLOW = "usual", "harsh", "slow"
KINDS = {
    USUAL: "What servers do",
    HARSH: "What servers may do, and seldom do",
    SLOW: "What takes as long as the client waits",
}
"""The kinds of laws. Harsh ones are asked where that is wanted, slow ones only by their name."""
CAPS = (100, 50, 25, 7)
"""Pages that a server may have: the usual maximum, and smaller ones that nobody announced."""


@dataclass(frozen=True)
class Setting:
    """What a law may draw from. elsewhere: the address of a host that is not to be trusted. seconds: for one call."""

    operation: Operation
    elsewhere: str
    seconds: float


@dataclass(frozen=True)
class Problem:
    """Why a client broke a law: what it did, what was expected, what was found."""

    says: str
    expected: str
    found: str


Judge = Callable[[Performance, Operation], "Problem | None"]


@dataclass(frozen=True)
class ClientLaw:
    """A named claim about a client. kind: one of `KINDS`; examples: scenarios, None for as many as are asked for."""

    name: str
    claim: str
    draw: Callable[[Draw, Setting], Scenario]
    judge: Judge
    kind: str = USUAL
    examples: int | None = None


_LAWS: dict[str, ClientLaw] = {}


def registered() -> tuple[ClientLaw, ...]:
    """Return every law of a client."""
    return tuple(_LAWS.values())


def law(
    name: str,
    draw: Callable[[Draw, Setting], Scenario],
    kind: str = USUAL,
    examples: int | None = None,
) -> Callable[[Judge], Judge]:
    """Register a function as the judge of a law; its docstring is the claim."""

    def register(judge: Judge) -> Judge:
        claim = " ".join((judge.__doc__ or "").split())
        _LAWS[name] = ClientLaw(name, claim, draw, judge, kind, examples)
        return judge

    return register


# Scenarios


def sizes(cap: int) -> strategies.SearchStrategy[int]:
    """Sizes of lists around the ends of pages, the shortest first."""
    return strategies.sampled_from(sorted({0, 1, cap - 1, cap, cap + 1, 2 * cap, 2 * cap + 1, 3 * cap} | {101, 103}))


def _plain(draw: Draw, setting: Setting) -> Scenario:
    cap = draw(strategies.sampled_from(CAPS))
    return Scenario(draw(sizes(cap)), cap)


def _several_pages(draw: Draw, setting: Setting) -> Scenario:
    cap = draw(strategies.sampled_from((25, 7)))
    return Scenario(draw(strategies.integers(2 * cap + 1, 3 * cap)), cap)


def _faulty(*faults: Fault) -> Callable[[Draw, Setting], Scenario]:
    """Draw one of some faults, in a list of three pages of the smaller sizes."""

    def scenario(draw: Draw, setting: Setting) -> Scenario:
        fault = dict(draw(strategies.sampled_from(faults)))
        if "to" in fault:
            fault["to"] = setting.elsewhere
        cap = draw(strategies.sampled_from((7, 25)))
        return Scenario(draw(strategies.integers(2 * cap + 1, 3 * cap)), cap, (fault,))

    return scenario


# What it gives


def _loss(performance: Performance) -> Problem | None:
    """Say what is missing in, or too much of, what a client gave; None where it gave just what there is."""
    result, missing, added = performance.result, performance.missing, performance.added
    if performance.endless or not result.ended:
        return Problem(
            f"it does not end: {len(performance.asked)} requests for {len(performance.expected)} items",
            f"an end after at most {len(performance.expected)} requests and a few",
            "the client was left while it was still asking" if not result.ended else str(result.error),
        )
    if result.error is not None:
        return Problem("it fails although nothing went wrong", "every item", result.error)
    if not missing and not added:
        return None
    given, whole = len(result.items or ()), len(performance.expected)
    words = [f"{len(missing)} of {whole} items are missing"] if missing else []
    words += [f"{len(added)} came twice or are not there"] if added else []
    told = f"missing: {_span(missing)}" if missing else f"too many: {_span(added)}"
    return Problem(" and ".join(words) + ", and it says nothing", f"{whole} items, each once", f"{given} items; {told}")


def _span(ids: Sequence[str]) -> str:
    """Tell some identities: the first and the last of each unbroken row of numbers."""
    rows: list[list[str]] = []
    for one in ids:
        follows = rows and one.isdigit() and rows[-1][-1].isdigit() and int(one) == int(rows[-1][-1]) + 1
        if follows:
            rows[-1].append(one)
        else:
            rows.append([one])
    told = [row[0] if len(row) == 1 else f"{row[0]} to {row[-1]}" for row in rows[:4]]
    return ", ".join(told) + (", ..." if len(rows) > 4 else "")


@law("reads-everything", _plain)
def reads_everything(performance: Performance, operation: Operation) -> Problem | None:
    """Every item comes once, however large the server's page is: also where it is smaller than the limit asked for."""
    return _loss(performance)


def _first_page_is_short(draw: Draw, setting: Setting) -> Scenario:
    cap = draw(strategies.sampled_from((50, 25, 7)))
    return Scenario(draw(strategies.integers(cap + 1, 3 * cap)), cap)


@law("short-page-is-not-the-end", _first_page_is_short)
def short_page(performance: Performance, operation: Operation) -> Problem | None:
    """A page with fewer items than were asked for is not the last one, as long as its count or link says so."""
    rule = operation.pagination
    if rule is None or not performance.asked or performance.result.items is None or not performance.missing:
        return None
    last = performance.asked[-1]
    limit = next((text for name, text in reversed(last.query) if name == rule.limit.parameter), None)
    came = len(items_of(last, operation) or ())
    if limit is None or not limit.isdigit() or came >= int(limit) or came == 0:
        return None
    return Problem(
        f"it stops at a page of {came} items, having asked for {limit}, although there are more",
        f"{len(performance.expected)} items",
        f"{len(performance.result.items)} items; missing: {_span(performance.missing)}",
    )


@law(
    "stops",
    _faulty(
        {"name": "lying-count", "by": 7},
        {"name": "self-pointing-next"},
        {"name": "self-pointing-next", "page": "first"},
        {"name": "clamped-past-end"},
    ),
)
def stops(performance: Performance, operation: Operation) -> Problem | None:
    """It ends, with items or with an error: also where the count is too high, a link leads to its own page, or the last
    page is given for ever.
    """
    if performance.endless or not performance.result.ended:
        return _loss(performance)
    return None


@law("keeps-its-filters", _several_pages)
def keeps_its_filters(performance: Performance, operation: Operation) -> Problem | None:
    """Every request for a page carries the parameters of the first one, each as often as there."""
    rule = operation.pagination
    if rule is None or not performance.asked:
        return None
    paging = (rule.limit.parameter, rule.offset.parameter)
    first = sorted(one for one in performance.asked[0].query if one[0] not in paging)
    for at, entry in enumerate(performance.asked[1:], 2):
        again = sorted(one for one in entry.query if one[0] not in paging)
        twice = [name for name in paging if sum(key == name for key, _ in entry.query) > 1]
        if again != first or twice:
            what = f"sends {twice[0]} twice" if twice else "has other parameters than request 1"
            return Problem(f"request {at} {what}", _pairs(first), _pairs(sorted(entry.query) if twice else again))
    return None


def _pairs(query: Sequence[tuple[str, str]]) -> str:
    return "&".join(f"{name}={value}" for name, value in query) or "no parameters"


@law("keeps-its-page-size", _several_pages)
def keeps_its_page_size(performance: Performance, operation: Operation) -> Problem | None:
    """No request asks for everything at once, or for more than the first one did."""
    rule = operation.pagination
    if rule is None or not performance.asked:
        return None
    limits = [
        next((text for name, text in reversed(one.query) if name == rule.limit.parameter), None)
        for one in performance.asked
    ]
    first = limits[0]
    if first is None or not first.isdigit():
        return None
    for at, limit in enumerate(limits[1:], 2):
        if limit is None or not limit.isdigit() or not 0 < int(limit) <= int(first):
            asked = "everything" if limit in (None, "", "0") else f"{rule.limit.parameter}={limit}"
            return Problem(f"request {at} asks for {asked}", f"{rule.limit.parameter}={first}, as at first", asked)
    return None


@law(
    "survives-drift",
    _faulty(
        {"name": "delete-between-pages", "nth": 2},
        {"name": "insert-between-pages", "nth": 2},
        {"name": "delete-between-pages", "nth": 2, "times": 2},
    ),
)
def survives_drift(performance: Performance, operation: Operation) -> Problem | None:
    """Items that are made or deleted while it reads are no reason to fail or to go on for ever."""
    if performance.endless or not performance.result.ended:
        return _loss(performance)
    if performance.result.error is not None:
        return Problem("it fails because an item came or went while it read", "items", performance.result.error)
    return None


# What goes wrong

BUSY: tuple[Fault, ...] = (
    {"name": "unavailable", "nth": 2, "retry_after": 1},
    {"name": "too-many-requests", "nth": 1, "retry_after": 1},
    {"name": "too-many-requests", "nth": 2, "retry_after": 2, "form": "date"},
)


def _busy(draw: Draw, setting: Setting) -> Scenario:
    return Scenario(15, 7, (draw(strategies.sampled_from(BUSY)),))


@law("waits", _busy, examples=3)
def waits(performance: Performance, operation: Operation) -> Problem | None:
    """A 429 or 503 with Retry-After is waited for as long as it says, and then asked again."""
    at = next((index for index, one in enumerate(performance.asked) if one.fault is not None), None)
    if at is None:
        return None
    refused = performance.asked[at]
    # Others may be on their way at the same time: the one that was refused has to wait.
    after = [one for one in performance.asked[at + 1 :] if one.query == refused.query][:1]
    fault = performance.scenario.faults[0]
    # A date has whole seconds, so up to one of them is already over.
    least = fault["retry_after"] - (1.0 if fault.get("form") == "date" else 0.1)
    if not after:
        ended = performance.result.error or f"{len(performance.result.items or ())} items"
        return Problem("it does not ask again", f"the same request after {fault['retry_after']} s", ended)
    waited = after[0].at_s - refused.at_s
    if waited < least:
        says = f"it asks again after {waited:.1f} s, against a Retry-After of {fault['retry_after']} s"
        return Problem(says, f"{least:.1f} s or more", f"{waited:.1f} s")
    return _loss(performance)


MOST_AT_ONCE = 5
"""Repetitions without a pause that a busy server can bear (assumed)."""
NO_PAUSE_S = 0.02


def _stays_busy(draw: Draw, setting: Setting) -> Scenario:
    return Scenario(15, 7, ({"name": "unavailable", "nth": 2, "times": 10**6},))


@law("gives-up", _stays_busy, examples=1)
def gives_up(performance: Performance, operation: Operation) -> Problem | None:
    """A server that stays busy, and does not say for how long, is asked again a few times with pauses between; then
    there is an error.
    """
    refused = [one for one in performance.asked if one.fault is not None]
    if performance.endless:
        return Problem("it asks again and again, without an end", "an error", f"{len(refused)} requests")
    pauses = [later.at_s - earlier.at_s for earlier, later in pairwise(refused) if later.query == earlier.query]
    hasty = sum(one < NO_PAUSE_S for one in pauses)
    if hasty > MOST_AT_ONCE:
        return Problem(f"it asks again {hasty} times without a pause", "pauses", f"{hasty + 1} requests in a row")
    if not performance.result.ended:
        return None  # it may just be patient
    return fails_loudly(performance, operation)


FAILURES: tuple[Fault, ...] = tuple(
    {"name": name, **words, "times": 10**6}
    for name, words in (
        ("server-error", {}),
        ("expired-token", {}),
        ("html-page", {"status": 200}),
        ("html-page", {"status": 502}),
        ("broken-json", {}),
        ("wrong-content-type", {}),
        ("cut-off-body", {}),
        ("dropped-connection", {}),
        ("dropped-in-body", {}),
    )
)


def _failing(draw: Draw, setting: Setting) -> Scenario:
    fault = {**draw(strategies.sampled_from(FAILURES)), "nth": draw(strategies.integers(1, 3))}
    return Scenario(15, 7, (fault,))


@law("fails-loudly", _failing, examples=20)
def fails_loudly(performance: Performance, operation: Operation) -> Problem | None:
    """A refusal, a failure or a body that cannot be read becomes an error that is seen, never a shorter list."""
    if not any(one.fault is not None for one in performance.asked) or performance.result.error is not None:
        return None
    if performance.endless or not performance.result.ended:
        return Problem("it asks again and again, without an end", "an error", f"{len(performance.asked)} requests")
    if not performance.missing:
        return None
    given, whole = len(performance.result.items or ()), len(performance.expected)
    fault = next(one.fault for one in performance.asked if one.fault is not None)
    return Problem(f"{fault} becomes a shorter list, and no error", "an error", f"{given} of {whole} items")


def _second_run(draw: Draw, setting: Setting) -> Scenario:
    fault = {**draw(strategies.sampled_from(FAILURES)), "nth": draw(strategies.integers(1, 3))}
    return Scenario(15, 7, (fault,), before=7)


@law("absence-is-no-deletion", _second_run, examples=8)
def absence_is_no_deletion(performance: Performance, operation: Operation) -> Problem | None:
    """What a run that was cut short did not see is not taken for deleted: after a whole run, a broken one ends in an
    error or still gives everything.
    """
    earlier = performance.earlier
    if earlier is None or earlier.items is None or set(earlier.items) < set(performance.expected):
        return None  # that it does not even read everything is for other laws to say
    return fails_loudly(performance, operation)


ASTRAY: tuple[Fault, ...] = (
    {"name": "next-elsewhere", "to": ""},
    {"name": "redirect-elsewhere", "to": "", "nth": 2},
)


@law("keeps-its-token", _faulty(*ASTRAY))
def keeps_its_token(performance: Performance, operation: Operation) -> Problem | None:
    """The token goes to the API's own host, in a header: not to where a link or redirect leads, nor into an address, a
    log or what it prints.
    """
    if performance.leaked:
        return Problem("it sends the token to another host", "no token there", f"a token with {performance.leaked[0]}")
    if performance.result.told is not None:
        return Problem("it tells the token to whoever reads along", "no token there", performance.result.told)
    for entry in (*performance.asked, *performance.others):
        if "$TOKEN" in entry.path or any("$TOKEN" in value for _, value in entry.query):
            return Problem("it writes the token into an address", "a header", _pairs(entry.query))
    return None


# What servers may do and seldom do


def _cap_of_one(draw: Draw, setting: Setting) -> Scenario:
    return Scenario(draw(strategies.integers(0, 5)), 1)


def _short_middle(draw: Draw, setting: Setting) -> Scenario:
    fault = {"name": "smaller-cap", "maximum": draw(strategies.integers(1, 5)), "nth": draw(strategies.integers(1, 2))}
    return Scenario(draw(strategies.integers(15, 30)), 7, (fault,))


def _lowered(draw: Draw, setting: Setting) -> Scenario:
    cap = draw(strategies.sampled_from((50, 25, 7)))
    return Scenario(draw(strategies.integers(101, 160)), cap, before=100)


def _empty_last(draw: Draw, setting: Setting) -> Scenario:
    # A usual cap, so that what small pages do to a client is not told here once more.
    return Scenario(draw(strategies.sampled_from((100, 200))), 100, ({"name": "lying-count", "by": 1},))


LATER_S = 5.0
"""How much later an answer comes than a client may wait."""


def _no_answer(draw: Draw, setting: Setting) -> Scenario:
    return Scenario(15, 7, ({"name": "latency", "nth": 2, "seconds": setting.seconds + LATER_S},))


@law("has-a-time-out", _no_answer, SLOW, examples=1)
def has_a_time_out(performance: Performance, operation: Operation) -> Problem | None:
    """An answer that does not come is not waited for without an end: there is an error, or another try."""
    if performance.result.error is not None:
        return None
    if not performance.result.ended:
        waited = performance.scenario.faults[0]["seconds"] - LATER_S
        says = f"after {waited:g} s it still waits for an answer that does not come"
        return Problem(says, f"an end within {waited:g} s (if it waits longer, say so with seconds)", "no end")
    return _loss(performance)


@law("a-page-of-one", _cap_of_one, HARSH)
def page_of_one(performance: Performance, operation: Operation) -> Problem | None:
    """A server that gives one item at a time is read to its end."""
    return _loss(performance)


@law("a-short-page-in-the-middle", _short_middle, HARSH)
def short_in_the_middle(performance: Performance, operation: Operation) -> Problem | None:
    """One page that is shorter than those around it loses nothing."""
    return _loss(performance)


@law("the-cap-is-lowered", _lowered, HARSH)
def lowered(performance: Performance, operation: Operation) -> Problem | None:
    """A page size that is smaller than it was yesterday loses nothing."""
    return _loss(performance)


@law("an-empty-last-page", _empty_last, HARSH)
def empty_last(performance: Performance, operation: Operation) -> Problem | None:
    """A last page without items, where the count promises one more, is an end like any other."""
    return _loss(performance)
