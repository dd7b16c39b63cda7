"""Laws of the links between pages: where they lead, what they carry, and how they are written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import SplitResult, parse_qsl, urljoin, urlsplit

from hypothesis import strategies

from apitwin.contracts.parameter_styles import written
from apitwin.contracts.validation import as_json
from apitwin.testkit.server import pages, walks
from apitwin.testkit.server.applicability import next_linked, paginated, previous_linked, reading
from apitwin.testkit.server.drawing import windows
from apitwin.testkit.server.drawing.queries import narrowing
from apitwin.testkit.server.laws import law
from apitwin.testkit.server.pages import Page
from apitwin.testkit.server.probe import Probe
from apitwin.testkit.server.styles import walkers
from apitwin.testkit.server.styles.walkers import walker
from apitwin.testkit.transport.exchange import Query

ODD_TEXT = 'é+%&"= 梁'
"""A value that loses something in every common mistake of encoding."""
MOST_FOLLOWED = 60


def _address(probe: Probe, link: Any, page: Page, name: str) -> str:
    """Return a link as an absolute address at the target. Raises Broken when it is none, or leads elsewhere."""
    rule = probe.rule.links
    form = "unspecified" if rule is None else rule.form
    parts = _split(link)
    probe.require(
        parts is not None and bool(link) and (form != "absolute" or parts.scheme != ""),
        f"the {name} link is no {'' if form == 'unspecified' else form + ' '}address",
        expected="an address such as " + ("/path/?limit=..." if form == "relative" else "https://host/path/?limit=..."),
        found=as_json(link),
        shown=[page.exchange],
        fact=probe.fact("links/form"),
    )
    address = urljoin(probe.target.base + probe.subject.path, str(link))
    here, there = urlsplit(probe.target.base + probe.subject.path), urlsplit(address)
    probe.require(
        here[:3] == there[:3],
        f"the {name} link leads to another place than the page it is on",
        expected=f"{here.scheme}://{here.netloc}{here.path}",
        found=f"{there.scheme}://{there.netloc}{there.path}",
        shown=[page.exchange],
        fact=probe.fact("links/form"),
    )
    return address


def _split(link: Any) -> SplitResult | None:
    """Return the parts of an address, None where it is none."""
    try:
        return urlsplit(link) if isinstance(link, str) else None
    except ValueError:
        return None


@law("link-address", "links", reading, paginated, next_linked)
def link_address(probe: Probe) -> None:
    """next and previous are null or addresses of the same list, written in the form that the contract says."""
    limit = windows.limit(probe)
    page = pages.at(probe, limit, windows.position(probe, limit, len(walks.met(probe))))
    links = _links(page)
    probe.assume(bool(links), "page with a link")
    for name, link in links:
        _address(probe, link, page, name)


def _links(page: Page) -> list[tuple[str, Any]]:
    """Return the links that a page has, with their names."""
    return [(name, link) for name, link in (("next", page.next), ("previous", page.previous)) if link is not None]


@law("next-links", "links", reading, paginated, next_linked, prefers=windows.many)
def next_links(probe: Probe) -> None:
    """Following next from the first page reproduces the walk, and next is null exactly where the walk ends."""
    reference = walks.reference(probe)
    limit = windows.walking_limit(probe, len(reference.ids))
    if probe.rule.limit.over_maximum == "truncate" and probe.rule.limit.parameter is not None:
        limit += probe.draw(strategies.sampled_from([0, probe.walking_limit]), "above the maximum by")
    page = pages.at(probe, limit)
    met, followed = list(page.ids), 0
    while page.next is not None:
        address = _address(probe, page.next, page, "next")
        before, page = page, pages.read(probe, probe.follow(address))
        followed += 1
        probe.require(
            len(met) < len(reference.ids) and followed <= MOST_FOLLOWED,
            f"the next link does not end: page {followed} comes after all {len(reference.ids)} items",
            expected="a null next on the last page",
            found=as_json(before.next),
            shown=[before.exchange, page.exchange],
            fact=probe.fact("links"),
        )
        expected = reference.ids[len(met) : len(met) + len(page.ids)]
        probe.require(
            page.ids == expected and page.ids != (),
            f"following next does not go on where the page before ended (after {len(met)} items)",
            expected=f"the items {list(reference.ids[len(met) : len(met) + 8])}",
            found=f"the items {list(page.ids[:8])}",
            shown=[before.exchange, page.exchange],
            fact=probe.fact("links"),
        )
        met += page.ids
    probe.require(
        tuple(met) == reference.ids,
        f"next is null after {len(met)} of {len(reference.ids)} items",
        expected=f"a next link while items are left ({len(reference.ids)} in all)",
        found="next is null",
        shown=[page.exchange],
        fact=probe.fact("links"),
    )


@law("next-limit", "links", reading, paginated, next_linked, prefers=windows.many)
def next_limit(probe: Probe) -> None:
    """The next link states where to go on, and the limit that the contract says: in effect, or asked for."""
    limit = windows.limit(probe)
    position = windows.position(probe, limit, len(walks.met(probe)), beyond=0)
    page = pages.at(probe, limit, position)
    probe.assume(page.next is not None, "page with a next link")
    probe.assume(probe.rule.links is not None, "rule of the contract for links")
    assert probe.rule.links is not None, "assumed just now"
    query = dict(parse_qsl(urlsplit(_address(probe, page.next, page, "next")).query, keep_blank_values=True))
    effective = walks.page_length(probe, limit, 0, limit)
    limits = {"effective": [effective], "unspecified": [effective, limit]}.get(probe.rule.links.limit, [limit])
    name = probe.rule.limit.parameter
    place = walker(probe.rule).stated(probe.rule.style, position.start + effective, effective) or {}
    allowed = [{**({} if name is None else {name: str(number)}), **place} for number in limits]
    stated = {name: query.get(name) for name in allowed[0]}
    probe.require(
        stated in allowed,
        f"after the page of limit {limit} at {position.start}, the next link states {_pairs(stated)}",
        expected=f"{_pairs(allowed[0])} (limit: {probe.rule.links.limit})",
        found=as_json(page.next),
        shown=[page.exchange],
        fact=probe.fact("links/limit"),
    )


def _pairs(query: Mapping[str, str | None]) -> str:
    return ", ".join(f"{name}={value}" for name, value in query.items())


@law("previous-links", "links", reading, paginated, previous_linked, prefers=windows.many)
def previous_links(probe: Probe) -> None:
    """previous is null exactly at the start, and elsewhere leads to the page that ends where this one begins."""
    ids = walks.reference(probe).ids
    limit = windows.limit(probe)
    position = windows.position(probe, limit, len(ids), beyond=0)
    start = position.start
    # What previous means beyond the end is for no contract to say.
    probe.assume(start == 0 or start < len(ids), "page inside the list")
    page = pages.at(probe, limit, position)
    probe.require(
        (page.previous is None) == (start == 0),
        f"previous is {'null' if page.previous is None else 'not null'} after {start} items",
        expected="null on the first page, a link elsewhere",
        found=as_json(page.previous),
        shown=[page.exchange],
        fact=probe.fact("links"),
    )
    if start == 0:
        return
    before = pages.read(probe, probe.follow(_address(probe, page.previous, page, "previous")))
    effective = walks.page_length(probe, limit, 0, limit)
    earliest = max(0, start - effective)
    expected = ids[earliest : earliest + effective]
    # Where fewer items come before than a page has, the page before is cut at the start or shares items with this one.
    allowed = {expected, ids[earliest:start]}
    probe.require(
        before.ids in allowed,
        f"previous after {start} items does not lead to the page before it",
        expected=f"the items {list(expected[:8])}",
        found=f"the items {list(before.ids[:8])}",
        shown=[page.exchange, before.exchange],
        fact=probe.fact("links"),
    )


@law("link-query", "links", reading, paginated, next_linked, prefers=windows.many)
def link_query(probe: Probe) -> None:
    """Links keep every other query parameter of the request, encoded so that it can be read again."""
    extra: Query = narrowing(probe)
    sent = (*extra, ("apitwin", ODD_TEXT))
    refused = probe.contract.errors["invalid-parameter"].status
    if probe.page(1, walkers.first(probe.rule), sent).response.status == refused:
        sent = extra  # a server may refuse what its contract does not have
    page = _second_page(probe, sent)
    required = tuple(pair for pair in probe.subject.query if pair[0] not in {name for name, _ in extra})
    links = _links(page)
    probe.assume(bool(links), "page with a link")
    for name, link in links:
        query = parse_qsl(urlsplit(_address(probe, link, page, name)).query, keep_blank_values=True)
        kept = sorted(pair for pair in query if pair[0] not in probe.rule.parameters)
        if not probe.rule.style.parameters:  # what leads to the page has a name that only the server knows
            kept = [pair for pair in kept if pair[0] in {name for name, _ in (*required, *sent)}]
        # A parameter that the contract does not have may be dropped, but not mangled.
        known = probe.operation.parameters
        wanted = [sorted(written(known, (*required, *sent))), sorted(written(known, (*required, *extra)))]
        probe.require(
            kept in wanted,
            f"the {name} link loses or changes a query parameter",
            expected=f"the parameters {wanted[0]}",
            found=f"the parameters {kept}",
            shown=[page.exchange],
            fact=probe.fact("links"),
        )


def _second_page(probe: Probe, extra: Query) -> Page:
    """Return the second page of one item, which has links to both sides, or the first where there is no second."""
    first = pages.at(probe, 1, walkers.first(probe.rule), extra)
    second = walker(probe.rule).after(probe.rule.style, walkers.first(probe.rule), first)
    return first if second is None else pages.at(probe, 1, second, extra)
