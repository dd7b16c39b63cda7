"""Laws of odd limits and offsets: absent, zero, negative, text, empty, fractions, odd spellings, repeated."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl

from hypothesis import strategies

from apitwin.contracts.validation import as_json
from apitwin.testkit.server import pages, walks
from apitwin.testkit.server.applicability import paginated, reading, repeats_known
from apitwin.testkit.server.drawing import windows
from apitwin.testkit.server.laws import law
from apitwin.testkit.server.probe import Probe
from apitwin.testkit.server.requirements import require_items, require_status
from apitwin.testkit.transport.exchange import Exchange

LIMITS: dict[str, tuple[str, ...]] = {
    "zero": ("0", "00", "-0"),
    "negative": ("-1", "-2", "-100", str(-(2**63)), "-" + "9" * 30),
    "text": ("abc", "null", "None", "true", "1;2", "1 2", "0x10", "1e", "--1", "∞", "'", "%00", "9" * 5000),
    "empty": ("",),
    "fraction": ("2.5", "0.5", "1.999"),
}
"""Texts that are no limit of 1 or more, by the contract's name for their kind."""
OFFSETS: dict[str, tuple[str, ...]] = {kind: texts for kind, texts in LIMITS.items() if kind != "zero"}
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


def refused(probe: Probe, exchange: Exchange, what: str, fact: str) -> None:
    """Require the refusal that the contract has for a parameter that is not valid."""
    require_status(probe, exchange, [probe.contract.errors["invalid-parameter"].status], f"{what} is not refused", fact)


def treated(probe: Probe, exchange: Exchange, treatment: str, what: str, fact: str, floor: int = 0) -> None:
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


@law("absent-limit", "pagination", reading, paginated)
def absent_limit(probe: Probe) -> None:
    """Without a limit, the answer is the one in the contract: a default page, the largest page, or all as an array."""
    rule = probe.rule.limit
    treated(probe, probe.send(), rule.when_absent, "a request without a limit", probe.fact("limit/when-absent"))


@law("invalid-limit", "pagination", reading, paginated)
def invalid_limit(probe: Probe) -> None:
    """A limit that is zero, negative, text, empty or a fraction gets the documented answer, never a failure."""
    for kind, text in windows.some(probe, _pairs(LIMITS), "limits"):
        treatment = getattr(probe.rule.limit, f"when_{kind}")
        # "-0" and "00" are zero only to a server that reads them as numbers.
        if text in ("00", "-0") and probe.rule.limit.spelling != "lenient":
            treatment = "unspecified"
        floor = int(float(text)) if kind == "fraction" else 0
        exchange, fact = probe.send(probe.query(text)), probe.fact(f"limit/when-{kind}")
        if exchange.response.was_too_long:
            continue
        treated(probe, exchange, treatment, f"the limit {text[:40]!r}", fact, floor)


@law("invalid-offset", "pagination", reading, paginated)
def invalid_offset(probe: Probe) -> None:
    """An offset that is negative, text, empty or a fraction gets the documented answer, never a failure."""
    limit = windows.limit(probe)
    for kind, text in windows.some(probe, _pairs(OFFSETS), "offsets"):
        exchange = probe.send(probe.query(limit, text))
        if exchange.response.was_too_long:
            continue
        treatment, what = getattr(probe.rule.offset, f"when_{kind}"), f"the offset {text[:40]!r}"
        fact = probe.fact(f"offset/when-{kind}")
        answered_in_some_way(probe, exchange, what)
        if treatment == "reject":
            refused(probe, exchange, what, fact)
        elif treatment == "zero":
            _is_slice(probe, exchange, limit, 0, f"{what} is not read as 0", fact)


def _pairs(table: Mapping[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    return [(kind, text) for kind, texts in table.items() for text in texts]


def _is_slice(probe: Probe, exchange: Exchange, limit: int, offset: int, says: str, fact: str) -> None:
    """Require that an answer is the page that a limit and an offset mean."""
    reference = walks.reference(probe)
    ids = reference.ids
    expected = ids[offset : offset + walks.page_length(probe, limit, offset, len(ids))]
    require_items(probe, pages.read(probe, exchange), expected, says, fact, reference)


@law("number-spelling", "pagination", reading, paginated)
def number_spelling(probe: Probe) -> None:
    """Numbers written in odd ways (`+5`, ` 5`, full-width digits) are read as the contract says, never a failure."""
    number = probe.draw(strategies.integers(1, probe.walking_limit), "number")
    spellings = [(name, spelling) for name in ("limit", "offset") for spelling in ODD_SPELLINGS]
    for name, spelling in windows.some(probe, spellings, "spellings"):
        text = spelt(number, spelling)
        exchange = probe.send(probe.query(text, 0) if name == "limit" else probe.query(probe.walking_limit, text))
        what, rule = f"the {name} {text!r}", probe.rule.limit if name == "limit" else probe.rule.offset
        answered_in_some_way(probe, exchange, what)
        past = name == "offset" and number > len(walks.met(probe)) and probe.rule.offset.past_end == "reject"
        if rule.spelling == "lenient" and not past:
            limit, offset = (number, 0) if name == "limit" else (probe.walking_limit, number)
            _is_slice(probe, exchange, limit, offset, f"{what} is not read as {number}", probe.fact(f"{name}/spelling"))


@law("repeated-parameter", "pagination", reading, paginated, repeats_known)
def repeated_parameter(probe: Probe) -> None:
    """Of a limit or an offset that is sent twice, the documented one counts, in the page and in its links."""
    word = probe.contract.parameters.repeated
    name = probe.draw(strategies.sampled_from(("limit", "offset")), "parameter")
    highest = probe.walking_limit if name == "limit" else max(1, len(walks.met(probe)) - 1)
    first, last = (probe.draw(strategies.integers(1, highest), which) for which in ("first", "last"))
    chosen = first if word == "first" else last
    if name == "limit":
        query = (*probe.query(first, 0), *probe.query(last))
    else:
        query = (*probe.query(2, first), *probe.query(None, last))
    exchange = probe.send(query)
    says = f"of {name}={first} and {name}={last}, the {word} one does not count"
    fact = "/x-apitwin/parameters"
    limit, offset = (chosen, 0) if name == "limit" else (2, chosen)
    _is_slice(probe, exchange, limit, offset, says, fact)
    page = pages.read(probe, exchange)
    if isinstance(page.next, str):
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
