"""The objects of an answer that say something of the page: itself, and `meta`, `paging` and the like in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from apitwin.contracts import pointers
from apitwin.contracts.inference.nodes import Node, Shape, Shapes
from apitwin.contracts.inference.spelling import joined, words

ABOUT = frozenset(
    (
        "meta", "metadata", "pagination", "paging", "page", "pageinfo", "paginationinfo", "links", "link",
        "cursors", "cursor", "paginator", "info", "resultinfo", "responsemetadata", "pagemeta", "pager",
        "summary", "header", "headers", "next", "nextpage", "previous", "prev", "metainfo", "listmetadata", "resultset",
        "hits", "pagingcursors", "paginationmetadata", "searchmetadata", "context", "stats", "pages",
        "pagedetails", "pageable", "pagingmetadata",
    )
)  # fmt: skip
"""What the members that describe a page are called, however spelled (assumed)."""
WRAPPERS = frozenset(
    (
        "data", "result", "results", "response", "embedded", "payload", "body", "content", "hits", "output",
        "value", "list",
    )
)  # fmt: skip
"""What the members are called that hold all of an answer (assumed)."""

COUNTS = (
    "totalcount", "total", "totalresults", "totalitems", "totalrecords", "totalentries", "totalelements", "totalsize",
    "totalhits", "totalnumber", "totalobjects", "totalrows", "totalresultcount", "numbermatched", "recordstotal",
    "numfound", "found", "fullcount", "count", "odatacount", "resultcount", "recordcount", "itemcount", "rowcount",
    "itemstotal", "resultstotal", "totalavailable", "countall", "totalmatches", "matchcount", "numresults",
    "totalitemcount", "totalrecordcount", "totalcountofitems", "resultscount", "itemscount", "numitems", "nbhits",
)  # fmt: skip
"""What the count of all items is called in public APIs, however spelled (assumed)."""
NEXT = ("next", "nexturl", "nextlink", "nextpageurl", "nextpagelink", "nexthref", "odatanextlink", "nextpageuri",
        "nexturi", "nextpagepath", "nextpath", "nextpage", "nextrecordsurl", "moreuri")  # fmt: skip
PREVIOUS = ("previous", "prev", "previousurl", "prevurl", "previouslink", "prevlink", "prevpageurl", "previouspageurl",
            "previoushref", "previousuri", "previouspageuri", "prevpagelink", "previouspagelink", "prevpage",
            "previouspage")  # fmt: skip
MORE = ("hasmore", "hasnext", "more", "hasnextpage", "moreresults", "morerecords", "hasmoreitems", "istruncated",
        "moreitems", "hasmoreresults", "hasmorerecords", "moreavailable", "hasadditionalresults",
        "moredata")  # fmt: skip
"""What a page calls the links to its neighbours, and what says whether there is more (assumed)."""
_SPEAKING = frozenset(("paging", "pagination", "pager", "paginator", "page", "meta", "metadata"))


def is_about(name: str) -> bool:
    """Return whether a member is called as one that describes a page."""
    return joined(name) in ABOUT or bool(_SPEAKING & set(words(name)))


def is_wrapper(name: str) -> bool:
    """Return whether a member is called as one that holds all of an answer: `data`, or `searchResponse`."""
    return joined(name) in WRAPPERS or words(name)[-1:] in (("result",), ("results",), ("response",), ("payload",))


def states(names: Iterable[str]) -> bool:
    """Return whether some members say something of a page: a count, a link to the next one, whether there is more."""
    return any(joined(name) in _STATES for name in names)


_STATES = frozenset((*COUNTS[: COUNTS.index("found")], *NEXT, *PREVIOUS, *MORE))


AROUND_ABOUT = frozenset(("details", "extra", "additionaldata", "status", "responseheader", "head"))
"""What the members are called that may hold one which describes a page (seen in several documents)."""


_PLACES = frozenset(("limit", "offset", "total", "page", "pagesize", "perpage", "totalcount", "totalpages", "hasmore"))
"""Members of which an object has several only if it describes a page (assumed)."""


@dataclass(frozen=True)
class Holder:
    """An object in an answer. path: the members that lead to it, none for the answer itself."""

    path: tuple[str, ...]
    members: Mapping[str, Node]

    def place(self, name: str) -> str:
        """Return the pointer of a member."""
        return pointers.join([*self.path, name])


def holders(shape: Shape, shapes: Shapes, around: tuple[str, ...]) -> tuple[Holder, ...]:
    """Return the objects of an answer in which something may be said of the page, the outermost first.

    around: the members that lead to the items; what is around them counts, whatever it is called.
    """
    found = [Holder((), shape.members)]
    level = found
    for _ in range(2):
        level = [inner for holder in level for inner in _inside(holder, shapes, around)]
        found += level
    return tuple(found)


def _inside(holder: Holder, shapes: Shapes, around: tuple[str, ...]) -> Iterator[Holder]:
    for name, node in holder.members.items():
        here = (*holder.path, name)
        is_wanted = is_about(name) or is_wrapper(name) or here == around[: len(here)]
        inner = shapes.of(node)
        if not inner.members or inner.is_a("array"):
            continue
        is_wanted = is_wanted or len(_PLACES & {joined(member) for member in inner.members}) > 1
        if is_wanted or (joined(name) in AROUND_ABOUT and any(map(is_about, inner.members))):
            yield Holder((*holder.path, name), inner.members)


@dataclass(frozen=True)
class Member:
    """A member of an answer: its place as a pointer, and what its schema comes to."""

    name: str
    place: str
    shape: Shape


def members(among: Iterable[Holder], names: Iterable[str], shapes: Shapes) -> Iterator[Member]:
    """Give the members with one of some names, however spelled: holder by holder, in the order of the names."""
    order = {joined(name): index for index, name in reversed(list(enumerate(names)))}
    for holder in among:
        known = [name for name in holder.members if joined(name) in order]
        for name in sorted(known, key=lambda name: order[joined(name)]):
            yield Member(name, holder.place(name), shapes.of(holder.members[name]))


def speaks_of(name: str, nouns: Iterable[str]) -> bool:
    """Return whether a name is one of some nouns, or ends with one."""
    last = words(name)[-1:]
    return joined(name) in nouns or bool(last and last[0] in nouns)
