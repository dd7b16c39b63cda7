"""Laws of cursors: which are refused, that they keep to their list and its filters, and that their end is the end."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

from apitwin.contracts.pagination.cursor import Cursor
from apitwin.contracts.validation import as_json
from apitwin.testkit.server import pages, walks
from apitwin.testkit.server.applicability import filterable, in_style, paginated, placed, reading, states
from apitwin.testkit.server.drawing import windows
from apitwin.testkit.server.drawing.queries import filtering, keeps
from apitwin.testkit.server.laws import law
from apitwin.testkit.server.laws.limits import answered_in_some_way, is_slice, refused
from apitwin.testkit.server.pages import Page
from apitwin.testkit.server.positions import Position
from apitwin.testkit.server.probe import Probe
from apitwin.testkit.server.requirements import require_items, require_once, require_same
from apitwin.testkit.server.styles.cursor import after, first
from apitwin.testkit.server.walks import Walk
from apitwin.testkit.transport.exchange import Query

UNKNOWN = ("apitwin-unknown", "0", "-1", "null", "eyJhIjogMX0", "%00", "'", "é", "=" * 8, "x" * 3000)
"""Texts that no server gave out as a cursor."""

by_cursor = in_style(Cursor)
states_previous_cursor = states("previous-cursor", "the cursor of the page before")


def style(probe: Probe) -> Cursor:
    """Return the style of a list whose pages have cursors."""
    return cast(Cursor, probe.rule.style)


def _second(probe: Probe, limit: int, extra: Query = ()) -> tuple[Page, Position]:
    """Return the first page, and where the second one begins. There is nothing to examine where there is none."""
    page = pages.at(probe, limit, first(style(probe)), extra)
    position = after(style(probe), first(style(probe)), page)
    probe.assume(position is not None and bool(page.items), "list of two pages or more")
    assert position is not None, "assumed just now"
    return page, position


@law("cursor-ends", "pagination", reading, paginated, by_cursor, prefers=windows.many)
def cursor_ends(probe: Probe) -> None:
    """A page says how to go on exactly as long as items come after it: the end is the end, and nothing else is."""
    limit = windows.fitting_limit(probe, len(walks.met(probe)))
    walk = walks.attempt(probe, limit)
    if not _is_silent(probe):
        _require_end(probe, walk)
    total = len(walks.reference(probe).ids)
    require_once(probe, walk)
    for position, page in zip(walk.positions, walk.pages, strict=True):
        left = total - position.start - len(page.items)
        goes_on = bool(page.next) or bool(page.stated.get("next-cursor"))
        says = "goes on" if goes_on else "is the end"
        probe.require(
            goes_on == (left > 0) or _is_silent(probe),
            f"a page after which {max(0, left)} items come says that it {says}",
            expected="a way on" if left > 0 else "no way on: null, nothing or an empty text",
            found=as_json({"next": page.next, **page.stated}),
            shown=[page.exchange],
            fact=probe.fact("envelope"),
        )


def _require_end(probe: Probe, walk: Walk) -> None:
    """Require that no page goes on to what is no page any more, or to a page all of whose items were met before."""
    refusal = None if walk.broken is None else walk.broken.finding.shown[-1]
    if refusal is not None and walk.pages and 400 <= refusal.response.status < 500:
        found, shown = f"status {refusal.response.status}", [walk.pages[-1].exchange, refusal]
    elif walk.again is not None and len(walk.pages) > 1:
        before = {identity for page in walk.pages[:-1] for identity in page.ids}
        if not before.issuperset(walk.pages[-1].ids):
            return  # a border that lies wrongly, for the law `partition` to tell
        found, shown = "items that were met before", [page.exchange for page in walk.pages[-2:]]
    else:
        return
    met = len(set(walk.ids))
    probe.require(
        False,
        f"a page after {met} items says that it goes on, and leads to none that is new",
        expected="no way on after the last item, and before it one that leads to the next",
        found=found,
        shown=shown,
        fact=probe.fact("envelope"),
    )


def _is_silent(probe: Probe) -> bool:
    """Whether pages do not say how to go on, for their items do."""
    return probe.rule.envelope.way_on is None


@law("cursor-repeatable", "pagination", reading, paginated, by_cursor, prefers=windows.many)
def cursor_repeatable(probe: Probe) -> None:
    """A cursor leads to the same page again, also with another size of page."""
    limit = windows.walking_limit(probe, len(walks.met(probe)))
    start, position = _second(probe, limit)
    page = pages.at(probe, limit, position)
    both = [identity for identity in page.ids if identity in start.ids]
    probe.require(
        not both,
        "a cursor leads back to the page that gave it out",
        expected="other items",
        found=f"the items {both[:8]} once more",
        shown=[start.exchange, page.exchange],
        fact=probe.fact("cursor"),
    )
    again = pages.at(probe, windows.limit(probe) if position.link is None else limit, position)
    shared = min(len(page.ids), len(again.ids))
    probe.require(
        page.ids[:shared] == again.ids[:shared] and (shared > 0 or page.ids == again.ids),
        "a cursor leads somewhere else the second time",
        expected=f"the items {list(page.ids[:8])}",
        found=f"the items {list(again.ids[:8])}",
        shown=[page.exchange, again.exchange],
        fact=probe.fact("cursor"),
    )


@law("cursor-keeps-filters", "pagination", reading, paginated, by_cursor, filterable, prefers=windows.many)
def cursor_keeps_filters(probe: Probe) -> None:
    """Page by page, a filtered list has the items that it has on one large page."""
    extra = filtering(probe)
    probe.assume(bool(extra), "value to filter by")
    whole = walks.reference(probe, extra)
    walk = walks.walk(probe, windows.walking_limit(probe, len(whole.ids)), extra)
    require_once(probe, walk)
    if all(_kept(probe, item, extra) for page in walk.pages[:1] for item in page.items):  # else it filters nowhere
        _require_kept(probe, walk, extra)
    require_same(probe, walk, whole.ids, "the pages of a filtered list are not that list", probe.fact("cursor"))


def _kept(probe: Probe, item: Any, extra: Query) -> bool:
    """Return whether no filter is known to leave an item out."""
    asked = {name for name, _ in extra}
    return all(keeps(rule, item, extra) is not False for rule in probe.operation.filters if rule.parameter in asked)


def _require_kept(probe: Probe, walk: Walk, extra: Query) -> None:
    for page in walk.pages[1:]:
        wrong = [name for name, item in zip(page.ids, page.items, strict=True) if not _kept(probe, item, extra)]
        probe.require(
            not wrong,
            "a page behind a cursor has items that the filter leaves out, and the first page has not",
            expected=f"items with {extra}",
            found=f"the items {wrong[:8]}",
            shown=[walk.pages[0].exchange, page.exchange],
            fact=probe.fact("cursor"),
        )


@law("previous-cursor", "pagination", reading, paginated, by_cursor, states_previous_cursor, prefers=windows.many)
def previous_cursor(probe: Probe) -> None:
    """The cursor of the page before is null at the start; elsewhere it leads to the page that ends right before."""
    reference = walks.reference(probe)
    limit, ids = windows.walking_limit(probe, len(reference.ids)), reference.ids
    position = windows.position(probe, limit, len(ids), beyond=0)
    page = pages.at(probe, limit, position)
    cursor, start = page.stated.get("previous-cursor"), position.start
    probe.require(
        bool(cursor) == (start > 0),
        f"after {start} items the cursor of the page before is {as_json(cursor)}",
        expected="a text" if start > 0 else "null, nothing or an empty text",
        found=as_json(cursor),
        shown=[page.exchange],
        fact=probe.fact("envelope/previous-cursor"),
    )
    if start == 0:
        return
    before = pages.at(probe, limit, Position(((str(style(probe).parameter), str(cursor)),), max(0, start - limit)))
    # A page that begins before the size of a page is cut at the start, or shares items with this one.
    least = max(0, start - walks.page_length(probe, limit, 0, limit))
    allowed = {ids[least:start], ids[least : least + walks.page_length(probe, limit, 0, limit)]}
    probe.require(
        before.ids in allowed,
        f"the cursor of the page before, after {start} items, does not lead there",
        expected=f"the items {list(ids[least:start][:8])}",
        found=f"the items {list(before.ids[:8])}",
        shown=[page.exchange, before.exchange],
        fact=probe.fact("envelope/previous-cursor"),
    )


@law("invalid-cursor", "pagination", reading, paginated, by_cursor, placed)
def invalid_cursor(probe: Probe) -> None:
    """A cursor that the server never gave out, also one that is cut off or empty, gets the documented answer."""
    limit, rule = windows.limit(probe), style(probe)
    for text in windows.some(probe, ["", *UNKNOWN, *_damaged(probe, limit)], "cursors"):
        exchange = probe.page(limit, Position(((str(rule.parameter), text),), 0))
        if exchange.response.was_too_long:
            continue
        key = "empty" if text == "" else "unknown"
        treatment = rule.when_empty if text == "" else rule.when_unknown
        what, fact = f"the cursor {text[:40]!r}", probe.fact(f"cursor/when-{key}")
        answered_in_some_way(probe, exchange, what)
        if treatment == "reject":
            refused(probe, exchange, what, fact, rule.refused_as)
        elif treatment == "first":
            is_slice(probe, exchange, limit, 0, f"{what} is not answered with the first page", fact)
        elif treatment == "empty":
            require_items(probe, pages.read(probe, exchange), (), f"{what} is answered with items", fact)


def _damaged(probe: Probe, limit: int) -> list[str]:
    """Return a cursor of this list, cut off, lengthened and changed; none where the list gives none out."""
    if style(probe).value != "opaque":
        return []
    page = pages.at(probe, 1, first(style(probe)))
    position = after(style(probe), first(style(probe)), page)
    text = position.parameters[0][1] if position is not None and position.parameters else ""
    return [text[:-4], text[: len(text) // 2], text[len(text) // 2 :], f"{text}AAAA"] if len(text) > 8 else []


@law("foreign-cursor", "pagination", reading, paginated, by_cursor, filterable, placed, prefers=windows.many)
def foreign_cursor(probe: Probe) -> None:
    """A cursor that was given out for other filters gets the documented answer, never a failure."""
    rule = style(probe)
    probe.assume(rule.value == "opaque", "cursor that only the server reads")
    _, position = _second(probe, 1)
    probe.assume(bool(position.parameters), "cursor of another list")
    extra = filtering(probe)
    probe.assume(bool(extra), "value to filter by")
    exchange = probe.page(1, replace(position, link=None), extra)
    what = "a cursor of the unfiltered list, sent with a filter,"
    answered_in_some_way(probe, exchange, what)
    if rule.when_foreign == "reject":
        refused(probe, exchange, what, probe.fact("cursor/when-foreign"), rule.refused_as)
