"""Servers that filter or search wrongly."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import reduce
from typing import Any

from apitwin.contracts import timestamps
from apitwin.contracts.model import Filter, Operation
from apitwin.mock_server import Backend
from apitwin.mock_server.backend import Request
from apitwin.mock_server.engine import selection
from apitwin.mock_server.engine.parameters import Values
from apitwin.mock_server.messages import Answer, Query
from apitwin.mock_server.world.record import Record
from tests.sabotage.changes import Records, asking, replacing, selecting, selecting_late, with_member
from tests.sabotage.constants import APPS, ROOTS, WORKSPACES
from tests.sabotage.sabotage import Answering, Around, Sabotage


def hides(rule: Filter) -> bool:
    """Return whether a filter works without being asked for."""
    return rule.match == "hidden-unless-true"


def asked_for(operation: Operation, values: Values) -> list[Filter]:
    """Return the filters that a query names."""
    return [one for one in operation.filters if one.parameter in values and not hides(one)]


def with_filters(operation: Operation, *chosen: Filter) -> Operation:
    """Return an operation with some filters, and those that work by themselves."""
    return replace(operation, filters=(*chosen, *filter(hides, operation.filters)))


def without_filters(operation: Operation, values: Values) -> tuple[Operation, Values]:
    """Forget every filter that a query names."""
    return with_filters(operation), values


def with_last_values(operation: Operation, values: Values) -> tuple[Operation, Values]:
    """Keep the last value of each filter."""
    names = {one.parameter for one in operation.filters}
    return operation, {
        name: one[-1:] if name in names and isinstance(one, list) else one for name, one in values.items()
    }


def with_last_filter(operation: Operation, values: Values) -> tuple[Operation, Values]:
    """Keep the last of the filters that a query names."""
    return with_filters(operation, *asked_for(operation, values)[-1:]), values


def shown_when_searched(operation: Operation, values: Values) -> tuple[Operation, Values]:
    """Forget every filter where there is a search, those too that hide things."""
    searching = operation.search is not None and operation.search.parameter in values
    return replace(operation, filters=()) if searching else operation, values


def turned_around(records: Records, operation: Operation, values: Values) -> Records:
    """Keep what the filters leave out."""
    plain = selection.select(records, with_filters(operation), values)
    kept = selection.select(records, operation, values)
    return [one for one in plain if one not in kept] if asked_for(operation, values) else kept


def united(records: Records, operation: Operation, values: Values) -> Records:
    """Keep what any of the filters keeps."""
    found = [selection.select(records, with_filters(operation, one), values) for one in asked_for(operation, values)]
    plain = selection.select(records, with_filters(operation), values)
    return [one for one in plain if any(one in kept for kept in found)] if found else plain


def below_the_bound(records: Records, operation: Operation, values: Values) -> Records:
    """Leave out what is exactly at an upper bound."""

    def exactly(record: Record, rule: Filter) -> bool:
        found = record.values.get(rule.fields[0].removeprefix("/"))
        return isinstance(found, str) and timestamps.parse(found) == values[rule.parameter]

    bounds = [one for one in asked_for(operation, values) if one.match == "at-most"]
    found = selection.select(records, operation, values)
    return [one for one in found if not any(exactly(one, rule) for rule in bounds)]


def twice_where_it_matches_twice(records: Records, operation: Operation, values: Values) -> Records:
    """List a thing once for each of its texts that a search finds."""
    found = selection.select(records, operation, values)
    if operation.search is None or operation.search.parameter not in values:
        return found
    searches = [replace(operation.search, fields=(one,)) for one in operation.search.fields]
    each = [selection.select(found, replace(operation, search=one), values) for one in searches]
    return reduce(lambda left, right: [*left, *right], each, [])


def count_without(*names: str) -> Around:
    """State the count of the same list without some parameters of the query."""

    def around(twin: Backend, answer: Answering, request: Request) -> Answer:
        given = answer(request)
        plain = answer(replace(request, query=[one for one in request.query if one[0] not in names]))
        bodies: list[Any] = [json.loads(one.body) if one.status == 200 else None for one in (given, plain)]
        if not all(isinstance(one, dict) and "count" in one for one in bodies):
            return given
        return with_member(given, "count", bodies[1]["count"])

    return around


def first_page_only(query: Query) -> Query:
    """Forget the filter on every page but the first."""
    first = dict(query).get("offset", "0") == "0"
    return query if first else [one for one in query if one[0] != "label"]


SELECTION = (
    Sabotage(
        "filter-after-slicing",
        "The page is cut out first and filtered then.",
        "filter",
        ROOTS,
        selecting_late("filters"),
        met="buildbot#5207",
    ),
    Sabotage("filter-ignored", "Filters do nothing.", "filter", WORKSPACES, selecting(without_filters)),
    Sabotage(
        "filter-turned-around",
        "Filters keep what they should leave out.",
        "filter",
        APPS,
        replacing(select=turned_around),
    ),
    Sabotage(
        "filter-keeps-the-last-value",
        "Of a filter with several values, only the last counts.",
        "filter",
        WORKSPACES,
        selecting(with_last_values),
        examples=100,
    ),
    Sabotage(
        "filter-counts-everything",
        "The count of a filtered list is that of the whole one.",
        "filter",
        APPS,
        around=count_without("label", "maintainer", "is_verified", "is_public", "is_published"),
    ),
    Sabotage(
        "filter-forgotten-after-the-first-page",
        "The filter works on the first page only.",
        "filter",
        APPS,
        around=asking(first_page_only),
        examples=100,
    ),
    Sabotage(
        "hidden-ones-are-shown",
        "What is archived or under development is in the list without being asked for.",
        "filter",
        WORKSPACES,
        selecting(
            lambda operation, values: (
                replace(operation, filters=tuple(one for one in operation.filters if not hides(one))),
                values,
            )
        ),
    ),
    Sabotage(
        "upper-bound-is-exclusive",
        "What is exactly at an upper bound is left out.",
        "filter",
        ROOTS,
        replacing(select=below_the_bound),
        examples=240,
    ),
    Sabotage(
        "filters-add-up",
        "Two filters keep what either of them keeps.",
        "filters-intersect",
        APPS,
        replacing(select=united),
    ),
    Sabotage(
        "last-filter-wins",
        "Of two filters, the last counts.",
        "filters-intersect",
        APPS,
        selecting(with_last_filter),
    ),
    Sabotage(
        "search-shows-hidden-ones",
        "A search finds what is archived.",
        "search",
        APPS,
        selecting(shown_when_searched),
    ),
    Sabotage(
        "search-counts-everything",
        "The count of what a search finds is that of the whole list.",
        "search",
        WORKSPACES,
        around=count_without("search"),
    ),
    Sabotage(
        "search-repeats-items",
        "What a search finds in two texts is listed twice.",
        "search",
        APPS,
        replacing(select=twice_where_it_matches_twice),
        examples=240,
    ),
)
"""What filters and searches must keep: `testkit/laws/selection.py`."""
