"""Laws of selection: filters and search keep what they say, before any page is cut out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from hypothesis import strategies

from apitwin.contracts import pointers
from apitwin.contracts.model import Filter
from apitwin.testkit.server import walks
from apitwin.testkit.server.applicability import filterable, filters_known, narrowable, paginated, reading, searchable
from apitwin.testkit.server.drawing import windows
from apitwin.testkit.server.drawing.queries import UNUSED, filter_query, fits, keeps
from apitwin.testkit.server.laws import law
from apitwin.testkit.server.laws.without_effect import require_another_list_elsewhere, require_some_effect
from apitwin.testkit.server.probe import Probe
from apitwin.testkit.server.requirements import require_once
from apitwin.testkit.server.styles import walkers
from apitwin.testkit.server.walks import Walk
from apitwin.testkit.transport.exchange import Exchange, Query

_WORD = re.compile(r"\w{2,}")


def _draw(probe: Probe, among: tuple[Filter, ...]) -> tuple[Filter, Query]:
    rules = {rule.parameter: rule for rule in among if rule.match != "unspecified"}
    rule = rules[probe.draw(strategies.sampled_from(list(rules)), "filter")]
    return rule, filter_query(probe, rule)


def _fact(probe: Probe, rule: Filter) -> str:
    return f"{probe.operation.pointer}/x-apitwin/filters/{rule.parameter}"


def _walk(probe: Probe, query: Query, total: int) -> Walk:
    walk = walks.walk(probe, windows.walking_limit(probe, total), query)
    require_once(probe, walk)
    count = walk.pages[0].count if walk.pages else None
    if probe.rule.envelope.count is not None and count is not None:
        probe.require(
            count == len(walk.ids),
            f"the count of the filtered list says {count!r}; its walk meets {len(walk.ids)} items",
            expected=f"a count of {len(walk.ids)}",
            found=count,
            shown=[walk.pages[0].exchange, walk.pages[-1].exchange],
            fact=probe.fact("envelope/count"),
        )
    return walk


def _allowed(probe: Probe, query: Query) -> bool:
    """Whether the caller may send a query that the contract restricts to a role. Asked, not assumed."""
    restricted = {(rule.parameter, str(rule.value).lower()) for rule in probe.operation.restrictions}
    if not restricted & set(query):
        return True
    return probe.page(1, walkers.first(probe.rule), query).response.status != probe.contract.errors["forbidden"].status


def _everything(probe: Probe, query: Query) -> Query:
    """Return what to compare a filtered list with: the plain list, or all of it where the query reveals."""
    hiding = [rule for rule in probe.operation.filters if rule.match == "hidden-unless-true"]
    revealing = {name for rule in hiding for name in (rule.parameter, *rule.revealed_by)}
    if not any(name in revealing and value == "true" for name, value in query):
        return ()
    everything: Query = tuple((rule.parameter, "true") for rule in hiding)
    return everything if _allowed(probe, everything) else ()


@law("filter", "selection", reading, paginated, narrowable, prefers=windows.many)
def filter_keeps(probe: Probe) -> None:
    """A filtered walk holds exactly the items that satisfy the filter, counted and in the order of the full walk.

    A list within a thing is filtered by that thing.
    """
    require_another_list_elsewhere(probe)
    if not filters_known(probe.operation):
        return
    rule, query = _draw(probe, probe.operation.filters)
    probe.assume(_allowed(probe, query), "token that may filter so")
    full = walks.reference(probe, _everything(probe, query))
    probe.assume(bool(full.ids), "item in the list")
    walk = _walk(probe, query, len(full.ids))
    _only_kept(probe, rule, query, walk)
    _all_kept(probe, rule, query, walk, full)


def _only_kept(probe: Probe, rule: Filter, query: Query, walk: Walk) -> None:
    for item, identity in zip(walk.items, walk.ids, strict=True):
        wrong = [other for other in probe.operation.filters if keeps(other, item, query) is False]
        probe.require(
            not wrong,
            f"item {identity} is in the list although {wrong[0].parameter if wrong else ''} leaves it out",
            expected=f"only items that {rule.parameter} keeps ({rule.match})",
            found=[pointers.values(item, field) for field in (wrong[0] if wrong else rule).fields],
            shown=walk.page_of(identity),
            fact=_fact(probe, wrong[0] if wrong else rule),
        )


def _all_kept(probe: Probe, rule: Filter, query: Query, walk: Walk, full: Walk) -> None:
    revealed = _everything(probe, query)
    judged = {
        identity: [
            keeps(other, item, query) for other in probe.operation.filters if _speaks(other, query, bool(revealed))
        ]
        for item, identity in zip(full.items, full.ids, strict=True)
    }
    missing = [
        identity for identity in full.ids if judged[identity] and all(judged[identity]) and identity not in walk.ids
    ]
    probe.require(
        not missing,
        f"{len(missing)} items that {rule.parameter} keeps are not in the filtered list, such as {missing[:1]}",
        expected=f"every item that {rule.parameter} keeps ({rule.match})",
        found=f"{len(walk.ids)} items, without {missing[:5]}",
        shown=[*(full.page_of(missing[0]) if missing else []), *(walk.around(missing[0], full.ids) if missing else [])],
        fact=_fact(probe, rule),
    )
    order = [identity for identity in full.ids if identity in set(walk.ids)]
    known = [identity for identity in walk.ids if identity in judged]
    probe.require(
        known == order,
        "the filtered list has another order than the full one",
        expected=f"{order[:8]}",
        found=f"{known[:8]}",
        shown=[page.exchange for page in walk.pages],
        fact=_fact(probe, rule),
    )


def _speaks(rule: Filter, query: Query, revealed: bool) -> bool:
    """Whether a filter has a say in which of the compared items are kept; in the plain list nothing hidden is left."""
    return any(name == rule.parameter for name, _ in query) or (revealed and rule.match == "hidden-unless-true")


@law("filters-intersect", "selection", reading, paginated, filterable, prefers=windows.many)
def filters_intersect(probe: Probe) -> None:
    """Two filters together keep what each of them keeps."""
    required = {name for name, _ in probe.subject.query}  # these stand in every list that is compared here
    apart = ("only-when-true", "hidden-unless-true")
    plain = tuple(
        rule
        for rule in probe.operation.filters
        if rule.match not in (*apart, "unspecified") and rule.parameter not in required
    )
    probe.assume(len(plain) > 1, "second filter with a known meaning")
    probe.assume(bool(walks.reference(probe).ids), "item in the list")
    first, query = _draw(probe, plain)
    second, other_query = _draw(probe, tuple(rule for rule in plain if rule is not first))
    left, right = walks.reference(probe, query), walks.reference(probe, other_query)
    both = _walk(probe, (*query, *other_query), min(len(left.ids), len(right.ids)))
    expected = tuple(identity for identity in left.ids if identity in set(right.ids))
    probe.require(
        both.ids == expected,
        f"{first.parameter} and {second.parameter} together do not keep what each of them keeps",
        expected=f"{len(expected)} items: {list(expected[:8])}",
        found=f"{len(both.ids)} items: {list(both.ids[:8])}",
        shown=_differing(both, left, right, expected),
        fact=_fact(probe, first),
    )


def _differing(both: Walk, left: Walk, right: Walk, expected: tuple[str, ...]) -> list[Exchange]:
    """Return where an item stands that is missing in both lists together, or is too many there."""
    met = set(both.ids)
    wrong = next((identity for identity in expected if identity not in met), None)
    if wrong is not None:
        return [*left.page_of(wrong)[:1], *right.page_of(wrong)[:1], *(page.exchange for page in both.pages[:1])]
    added = next((identity for identity in both.ids if identity not in expected), None)
    return both.page_of(added)[:1] if added is not None else [page.exchange for page in both.pages[:2]]


SHARED_WORDS = 4
"""Words that many items have, which are searched for: what should be hidden has them, too."""
SEARCHED_TEXTS = 26


def _shared_words(texts: Iterable[str]) -> list[str]:
    """Return the words that several texts have, those that most have first."""
    counted = Counter(word for text in texts for word in set(_WORD.findall(text)))
    return [word for word, count in sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])) if count > 1]


@law("search", "selection", reading, paginated, searchable, prefers=windows.many)
def search(probe: Probe) -> None:
    """A search gives items of the list, each once and counted, and not all of them whatever is searched for."""
    rule = probe.operation.search
    assert rule is not None, "the law needs a search parameter"
    reference = walks.reference(probe)
    probe.assume(bool(reference.ids), "item in the list")
    texts = [str(value) for item in reference.items for field in rule.fields for value in pointers.values(item, field)]
    parameter = probe.operation.parameter(rule.parameter)
    words = [
        text for text in sorted({text for text in texts if text.strip() == text and text}) if fits(parameter, text)
    ]
    unused = [UNUSED] if fits(parameter, UNUSED) else []
    probe.assume(bool(unused or words), "text to search for")
    shared = [text for text in _shared_words(texts) if fits(parameter, text)]
    # The first is what is drawn first.
    text = probe.draw(strategies.sampled_from([*unused, *shared[:SHARED_WORDS], *words[:SEARCHED_TEXTS]]), "text")
    walk = _walk(probe, ((rule.parameter, text),), len(reference.ids))
    if text == UNUSED and walk.ids == reference.ids:
        require_some_effect(probe, rule.parameter, words, reference, walk)
    known, needle = set(reference.ids), text.casefold()
    added = [identity for identity in walk.ids if identity not in known]
    wanted = [
        identity
        for item, identity in zip(reference.items, reference.ids, strict=True)
        if any(needle in str(value).casefold() for field in rule.fields for value in pointers.values(item, field))
    ]
    exact = rule.match != "substring" or list(walk.ids) == wanted
    probe.require(
        not added and exact,
        f"the search for {text!r} gives other items than it should",
        expected=f"items of the list: {wanted[:8]}" if rule.match == "substring" else "only items of the list",
        found=f"{list(walk.ids[:8])}; not in the list: {added[:5]}",
        shown=walk.page_of(added[0]) if added else [page.exchange for page in walk.pages],
        fact=f"{probe.operation.pointer}/x-apitwin/search",
    )
