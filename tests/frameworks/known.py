"""The correct servers, and what is rightly said of them: where a framework breaks its own document."""

from __future__ import annotations

from dataclasses import dataclass, field

Finding = tuple[str, str]
"""An operation and a law."""


@dataclass(frozen=True)
class Served:
    """A server. module, arguments: how it is started; broken: what it does break, and why that is so."""

    module: str
    arguments: tuple[str, ...] = ()
    broken: dict[Finding, str] = field(default_factory=dict)


CURSOR = (
    "the document has `cursor: {type: string}` and the statuses 200, 401 and 422; a text that is base64 of nonsense is "
    "answered with 500 by fastapi-pagination"
)
NO_SEARCH_FIELDS = (
    "the document has `search`, 'A search term.'; Django REST framework ignores it silently in a view that has no "
    "search_fields"
)
TOO_LARGE = (
    "the document has an integer without a maximum, and no status for a failure; 2^63 and what is above it makes the "
    "driver of SQLite raise OverflowError, which is answered with 500"
)
CUT_CURSOR = (
    "the document has `cursor: {type: string}`, and no status for a failure; Django REST framework answers 500 to a "
    "cursor that holds half a date"
)
NINJA = "tests_frameworks_garden_ninja_api_"
DRF: dict[Finding, str] = {
    ("drf_beds_list", "search"): NO_SEARCH_FIELDS,
    ("drf_beds_plants_list", "not-found"): TOO_LARGE,
    ("drf_waterings_list", "invalid-cursor"): CUT_CURSOR,
    ("drf_waterings_list", "hostile-values"): CUT_CURSOR,
}
SERVERS: dict[str, Served] = {
    "bookshop": Served("bookshop", broken={("list_sales_sales_get", "hostile-values"): CURSOR}),
    "drf": Served("garden", ("--api", "drf"), DRF),
    "drf-3.0": Served("garden", ("--api", "drf-3.0"), DRF),
    "ninja": Served(
        "garden",
        ("--api", "ninja"),
        {
            (f"{NINJA}{name}", law): TOO_LARGE
            for name in ("list_plants", "list_beds", "list_bed_plants", "list_waterings")
            for law in ("past-the-end", "page-past-the-end", "hostile-values")
        },
    ),
    **{name: Served("small", (name,)) for name in ("clinic", "depot", "jobs", "songs", "weather")},
}
