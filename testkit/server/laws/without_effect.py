"""What can be seen to change nothing, whatever it is a guess of: a search, the thing that a list lies within."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies

from apitwin.contracts import pointers
from apitwin.testkit.server import pages, walks
from apitwin.testkit.server.applicability import within_named
from apitwin.testkit.server.drawing.queries import as_text
from apitwin.testkit.server.probe import Probe
from apitwin.testkit.server.styles import walkers
from apitwin.testkit.server.walks import Walk

LEAST_LETTERS = 3
"""Shorter texts are not searched for by many servers (assumed)."""
TEXTS = 3
"""How many other texts are searched for before a search is said to change nothing (assumed)."""


def require_some_effect(probe: Probe, parameter: str, words: Sequence[str], reference: Walk, walk: Walk) -> None:
    """Require that a search for one of some words gives another list than no search.

    words: texts of the items; walk: of the search for a text that nothing has, which gave everything already.
    """
    shown = [reference.pages[0].exchange, walk.pages[0].exchange]
    for word in [word for word in words if len(word) >= LEAST_LETTERS][:TEXTS]:
        found = walks.walk(probe, probe.walking_limit, ((parameter, word),))
        if found.ids != reference.ids:
            return
        shown.append(found.pages[0].exchange)
    probe.assume(len(reference.ids) > 1 and len(shown) > TEXTS, "texts to search for")
    probe.require(
        False,
        f"{parameter} changes nothing: whatever is searched for, all {len(reference.ids)} items are found",
        expected=f"fewer items, or another order, for one of the texts that {parameter} was given",
        found="the same items in the same order as without it",
        shown=shown,
        fact=f"{probe.operation.pointer}/x-apitwin/search",
    )


def require_another_list_elsewhere(probe: Probe) -> None:
    """Require that a list within one thing is not the list within another, where its items say whose they are.

    Nothing is said where the lists differ: items may be shown within several things.
    """
    places = within_named(probe.operation)
    if not places:
        return
    place = probe.draw(strategies.sampled_from([place.parameter for place in places]), "within")
    field = next(f"/{other.field}" for other in places if other.parameter == place)
    here = dict(probe.subject.values)[place]
    first = walkers.first(probe.rule)
    page = pages.at(probe, probe.walking_limit, first)
    named = [(as_text(value), item) for item in page.items for value in pointers.values(item, field)[:1]]
    foreign = sorted({name for name, _ in named if name not in (here, "None", "")})
    if not foreign or here not in {name for name, _ in named}:
        return
    other = probe.draw(strategies.sampled_from(foreign[:5]), "another")
    exchange = probe.send(probe.query(probe.walking_limit, first), path=probe.path_with(place, other))
    elsewhere = pages.read(probe, exchange) if exchange.response.status == 200 else None
    probe.require(
        elsewhere is None or elsewhere.ids != page.ids,
        f"the list within {place} {here} is that within {other}, and holds what each says is its own",
        expected=f"only items of {place} {here}, or at least other ones than within {other}",
        found=f"the same {len(page.ids)} items, of {field[1:]} {', '.join(sorted({name for name, _ in named})[:5])}",
        shown=[page.exchange, exchange],
    )
