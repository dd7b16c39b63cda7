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
SERVERS: dict[str, Served] = {
    "bookshop": Served("bookshop", broken={("list_sales_sales_get", "hostile-values"): CURSOR}),
    "drf": Served("garden", ("--api", "drf"), {("drf_beds_list", "search"): NO_SEARCH_FIELDS}),
    "drf-3.0": Served("garden", ("--api", "drf-3.0"), {("drf_beds_list", "search"): NO_SEARCH_FIELDS}),
    "ninja": Served("garden", ("--api", "ninja")),
}
