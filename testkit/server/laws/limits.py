"""Laws of odd limits: absent, zero, negative, text, empty, fractions; and of numbers spelled oddly or sent twice."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl

from hypothesis import strategies

from apitwin.contracts.validation import as_json
from apitwin.contracts.words import Absent, Spelling, Treatment
from apitwin.testkit.server import pages, walks
from apitwin.testkit.server.applicability import numbered, paginated, reading, repeats_known, sized
from apitwin.testkit.server.drawing import windows
from apitwin.testkit.server.laws import law
from apitwin.testkit.server.positions import Position
from apitwin.testkit.server.probe import Probe
from apitwin.testkit.server.requirements import require_items, require_status
from apitwin.testkit.server.styles import walkers
from apitwin.testkit.server.styles.walkers import walker
from apitwin.testkit.transport.exchange import Exchange

LIMITS: dict[str, tuple[str, ...]] = {
    "zero": ("0", "00", "-0"),
    "negative": ("-1", "-2", "-100", str(-(2**63)), "-" + "9" * 30),
    "text": ("abc", "null", "None", "true", "1;2", "1 2", "0x10", "1e", "--1", "∞", "'", "%00", "9" * 5000),
    "empty": ("",),
    "fraction": ("2.5", "0.5", "1.999"),
}
"""Texts that are no limit of 1 or more, by the contract's name for their kind."""
ODD_SPELLINGS = ("+{}", " {}", "{} ", "0{}", "{fullwidth}")
FULLWIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


def spelt(number: int, spelling: str) -> str:
    """Write a number in an odd way that Python's int(), and so Django, reads."""
    return spelling.format(number, fullwidth=str(number).translate(FULLWIDTH))


def answered_in_some_way(probe: Probe, exchange: Exchange, what: str) -> None:
    """Require only what every server owes: no failure, and a body that the contract describes."""
    status = exchange.response.status
    require_status(probe, exchange, (), f"{what} makes the server fail with status {status}")
    response = probe.documented(exchange) if status >= 400 else None  # the others are for the law `schema`
    if response is not None and response.schema is not None:
        violations = response.schema.violations(exchange.value)
        probe.require(
            not violations,
            f"{what} is answered with a body that breaks its schema",
            expected=f"a body by {response.schema.name}",
            found="; ".join(map(str, violations[:3])),
            shown=[exchange],
        )


def refused(probe: Probe, exchange: Exchange, what: str, fact: str, error: str = "invalid-parameter") -> None:
    """Require the refusal that the contract has for a parameter that is not valid. error: its name."""
    require_status(probe, exchange, [probe.contract.errors[error].status], f"{what} is not refused", fact)


def treated(
    probe: Probe, exchange: Exchange, treatment: Treatment | Absent, what: str, fact: str, floor: int = 0
) -> None:
    """Require what the contract says happens to a limit of some kind.

    floor: what a fraction is rounded down to.
    """
    answered_in_some_way(probe, exchange, what)
    if treatment == "unspecified":
        return
    if treatment == "reject":
        refused(probe, exchange, what, fact)
        return
    ids = walks.reference(probe).ids
    rule = probe.rule.limit
    if treatment == "bare-array":
        expected, answered = ids, _bare(probe, exchange, what, fact)
    else:
        sizes = {"default": rule.default, "maximum": rule.maximum, "empty": 0, "one": 1, "floor": floor}
        expected, answered = ids[: sizes[treatment]], pages.read(probe, exchange).ids
    probe.require(
        answered == expected,
        f"{what} is not answered as the contract says ({treatment})",
        expected=f"{len(expected)} items: {list(expected[:8])}",
        found=f"{len(answered)} items: {list(answered[:8])}",
        shown=[exchange],
        fact=fact,
    )


def _bare(probe: Probe, exchange: Exchange, what: str, fact: str) -> tuple[str, ...]:
    value = exchange.value
    probe.require(
        exchange.response.status == 200 and isinstance(value, list),
        f"{what} is not answered with a bare array",
        expected="status 200 with an array of all items",
        found=f"status {exchange.response.status}: {exchange.response.text[:120]}",
        shown=[exchange],
        fact=fact,
    )
    return tuple(pages.identity(probe, item) for item in value)


@law("absent-limit", "pagination", reading, paginated, sized)
def absent_limit(probe: Probe) -> None:
    """Without a limit, the answer is the one in the contract: a default page, the largest page, or all as an array."""
    rule = probe.rule.limit
    treated(probe, probe.send(), rule.when_absent, "a request without a limit", probe.fact("limit/when-absent"))


@law("invalid-limit", "pagination", reading, paginated, sized)
def invalid_limit(probe: Probe) -> None:
    """A limit that is zero, negative, text, empty or a fraction gets the documented answer, never a failure."""
    largest = probe.rule.limit.largest
    above = [] if largest is None else [("text", str(largest + 1))]
    for kind, text in windows.some(probe, [*above, *pairs(LIMITS)], "limits"):
        treatment = getattr(probe.rule.limit, f"when_{kind}")
        # "-0" and "00" are zero only to a server that reads them as numbers.
        if text in ("00", "-0") and probe.rule.limit.spelling != "lenient":
            treatment = "unspecified"
        floor = int(float(text)) if kind == "fraction" else 0
        exchange, fact = probe.send(probe.query(text)), probe.fact(f"limit/when-{kind}")
        if exchange.response.was_too_long:
            continue
        treated(probe, exchange, treatment, f"the limit {text[:40]!r}", fact, floor)


def pairs(table: Mapping[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    """Return every text of a table with its kind."""
    return [(kind, text) for kind, texts in table.items() for text in texts]


def is_slice(probe: Probe, exchange: Exchange, limit: int, start: int, says: str, fact: str) -> None:
    """Require that an answer is the page of a limit that begins after so many items."""
    reference = walks.reference(probe)
    ids = reference.ids
    expected = ids[start : start + walks.page_length(probe, limit, start, len(ids))]
    require_items(probe, pages.read(probe, exchange), expected, says, fact, reference)


SIZE, PLACE = "size", "place"
"""What a page is asked for by: how many items it has, and where it begins."""


def _numbers(probe: Probe) -> dict[str, tuple[str, Spelling]]:
    """Return which of the two are numbers here, each with its parameter and how that is spelled."""
    rule = probe.rule
    size = {} if rule.limit.parameter is None else {SIZE: (rule.limit.parameter, rule.limit.spelling)}
    if walker(rule).numbered is None:
        return size
    return {**size, PLACE: (rule.style.parameters[0], getattr(rule.style, "spelling", "unspecified"))}


def _asked_by(probe: Probe, part: str, text: str, number: int) -> tuple[int, Position]:
    """Return what a number asks for, as a limit and a position; the other one is as plain as it can be."""
    numbered = walker(probe.rule).numbered
    if part == SIZE or numbered is None:
        return number, walkers.first(probe.rule)
    limit = probe.walking_limit
    return limit, numbered(probe.rule.style, text, number, walks.page_length(probe, limit, 0, limit))


@law("number-spelling", "pagination", reading, paginated, numbered)
def number_spelling(probe: Probe) -> None:
    """Numbers written in odd ways (`+5`, ` 5`, full-width digits) are read as the contract says, never a failure."""
    number = probe.draw(strategies.integers(1, probe.walking_limit), "number")
    numbers = _numbers(probe)
    for part, spelling in windows.some(probe, [(part, way) for part in numbers for way in ODD_SPELLINGS], "spellings"):
        text = spelt(number, spelling)
        limit, position = _asked_by(probe, part, text, number)
        exchange = probe.page(text if part == SIZE else limit, position)
        name, is_read = numbers[part]
        what = f"the parameter {name}={text!r}"
        answered_in_some_way(probe, exchange, what)
        is_past = walker(probe.rule).refuses(probe.rule.style, position.start, len(walks.met(probe)))
        if is_read == "lenient" and not is_past:
            says = f"{what} is not read as {number}"
            fact = probe.fact("limit") if part == SIZE else probe.place_fact
            is_slice(probe, exchange, limit, position.start, says, f"{fact}/spelling")


@law("repeated-parameter", "pagination", reading, paginated, numbered, repeats_known)
def repeated_parameter(probe: Probe) -> None:
    """Of a parameter of the page that is sent twice, the documented one counts, in the page and in its links."""
    word = probe.contract.parameters.repeated
    numbers = _numbers(probe)
    part = probe.draw(strategies.sampled_from(list(numbers)), "parameter")
    name, _ = numbers[part]
    lowest, highest = (1, probe.walking_limit) if part == SIZE else _numbers_of_pages(probe)
    first, last = (probe.draw(strategies.integers(lowest, highest), which) for which in ("first", "last"))
    chosen = first if word == "first" else last
    limit, position = _asked_by(probe, part, str(chosen), chosen)
    others = probe.query(None, position) if part == SIZE else probe.query(limit)
    exchange = probe.send((*others, (name, str(first)), (name, str(last))))
    says = f"of {name}={first} and {name}={last}, the {word} one does not count"
    fact = "/x-apitwin/parameters"
    is_slice(probe, exchange, limit, position.start, says, fact)
    page = pages.read(probe, exchange)
    if isinstance(page.next, str) and probe.rule.limit.parameter is not None:
        effective = walks.page_length(probe, limit, 0, limit)
        stated = dict(parse_qsl(page.next.partition("?")[2])).get(probe.rule.limit.parameter)
        probe.require(
            stated == str(effective),
            f"{says} in the next link",
            expected=f"a next link with limit={effective}",
            found=as_json(page.next),
            shown=[exchange],
            fact=fact,
        )


def _numbers_of_pages(probe: Probe) -> tuple[int, int]:
    """Return the lowest and the highest number that leads to a page with items."""
    limit, way = probe.walking_limit, walker(probe.rule)
    size = max(1, walks.page_length(probe, limit, 0, limit))
    last = max(1, len(walks.met(probe)) - 1)
    stated = [way.stated(probe.rule.style, start, size) or {} for start in (0, last)]
    lowest, highest = (int(next(iter(parameters.values()))) for parameters in stated)
    return lowest, highest
