"""What a page says beside its items: the count of all, what leads to its neighbours, whether there is more."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from apitwin.contracts.inference.holders import COUNTS, MORE, NEXT, PREVIOUS, Holder, Member, holders, members
from apitwin.contracts.inference.nodes import Shape, Shapes
from apitwin.contracts.inference.results import RESULTS, Results
from apitwin.contracts.inference.said import is_said_text
from apitwin.contracts.inference.spelling import called, is_part, joined, nouns, singular, words
from apitwin.contracts.pagination.rules import HEADER, LINK_HEADER
from apitwin.contracts.pagination.styles import StyleReader
from apitwin.contracts.words import Certainty

COUNT_HEADERS = ("xtotalcount", "xtotal", "totalcount", "xpaginationtotalcount", "paginationcount", "xtotalitems",
                 "xtotalresults", "xpaginationtotal", "xtotalrecords", "xcount", "xresultcount")  # fmt: skip
"""Headers that state it (assumed)."""
_OF_A_PAGE = re.compile(
    r"(in|on|of|for|from|by) (this|the current|each|the|a|a single|that) (page|response|batch|chunk|request|query)\b"
    r"|number of pages|current page|\bpages\b|per page|page size|being returned|have been returned"
    r"|(objects|items|results|records|entries|resources|rows|elements|features)? ?(actually )?returned\b(?! if)"
)
_OF_ALL = re.compile(
    r"\b(total|all|overall|matching|matched|available|without pagination|across|entire|full|regardless|irrespective)\b"
)
_SAID_TOTAL = re.compile(
    r"\btotal (number|count|amount|sum) of (all )?(the )?(available |matching )?"
    r"(results|items|records|entries|objects|rows|elements|resources)\b"
)
_GENERAL = frozenset(("result", "item", "record", "entry", "object", "row", "element", "resource", "hit", "match"))
_ANY_THINGS = frozenset(singular(name) for name in RESULTS)
_NUMBER_OF = re.compile(r"\b(?:number|count|amount|sum|quantity) of (?P<of>\w+(?: \w+){0,4})")
_ADDRESS = re.compile(r"\b(url|uri|link|href|endpoint|hyperlink|path)s?\b")


@dataclass(frozen=True)
class Envelope:
    """The members of a page as a rule of `x-apitwin` has them, and how sure it is that the count is of all."""

    rule: Mapping[str, object]
    count_certainty: Certainty = "certain"


def envelope(
    shape: Shape, found: Results, shapes: Shapes, style: StyleReader, parameter: str | None, headers: Mapping[str, str]
) -> Envelope:
    """Return what a page says of itself. parameter: that of the style; headers: those of the answer, in lower case."""
    about = holders(shape, shapes, found.path) if found.place else ()
    rule: dict[str, object] = {"results": found.place}
    counted = _count(about, found, shapes)
    certainty: Certainty = "certain" if counted is None else counted[1]
    rule.update(_counting(counted and counted[0], headers))
    for key, names in (("next", NEXT), ("previous", PREVIOUS)):
        link = _link(about, names, shapes)
        if link is not None:
            rule[key] = link
        elif "link" in headers and key == "next":
            rule[key] = LINK_HEADER
    if "next" in rule or "previous" in rule:  # links beside it: what is counted is not this page
        certainty = "certain"
    more = next((member for member in members(about, MORE, shapes) if member.shape.is_a("boolean")), None)
    if more is not None:
        rule["more"] = more.place
    rule.update(_stated(about, style, parameter, shapes, set(map(str, rule.values()))))
    return Envelope(rule, certainty)


def _counting(member: Member | None, headers: Mapping[str, str]) -> dict[str, object]:
    """Return where the count stands, in a member or else in a header, and whether it may be null."""
    if member is not None:
        return {"count": member.place, **({"count-nullable": True} if member.shape.is_nullable else {})}
    stated = next((name for name in headers.values() if _is_count_header(name)), None)
    return {} if stated is None else {"count": HEADER + stated}


def _is_count_header(name: str) -> bool:
    """Return whether a header states the count of all items: by its name, or as a total that is not one of pages."""
    spoken = words(name)
    is_total = ("total" in spoken or (spoken[:1] and spoken[0].startswith("total"))) and not {
        "page",
        "pages",
        "time",
        "limit",
        "ratelimit",
        "rate",
    } & set(spoken)
    return joined(name) in COUNT_HEADERS or bool(is_total)


def _count(about: Iterable[Holder], found: Results, shapes: Shapes) -> tuple[Member, Certainty] | None:
    """Return the member that counts all items: not those of this page, and not the pages."""
    about = tuple(about)
    things = (nouns(found.path[-1]) - _ANY_THINGS if found.path else frozenset()) | _GENERAL
    noun = joined(found.path[-1]) if found.path else ""
    names = [
        *COUNTS,
        *(f"total{noun}", f"{noun}total", f"{noun}count", f"totalnumberof{noun}", f"num{noun}") * bool(noun),
    ]
    candidates = []
    for member in [*members(about, names, shapes), *sorted(_totals(about, things, shapes), key=_is_unasked)]:
        is_number = member.shape.is_a("integer") or (
            member.shape.is_a("number") and member.shape.format in ("", "int32", "int64", "float", "double")
        )
        said = member.shape.description
        if not is_number or (_OF_A_PAGE.search(said) and not _OF_ALL.search(said)):
            continue
        if "pages" in words(member.name) or re.search(
            r"\b(number|count|amount|total) (of )?(the )?(available )?pages\b", said
        ):
            continue
        is_sure = joined(member.name) != "count" or bool(_OF_ALL.search(said))
        candidates.append((member, "certain" if is_sure else "likely"))
    if not candidates:
        return None
    first = candidates[0][0].place.rpartition("/")[0]
    member, certainty = next(pair for pair in candidates if pair[0].place.rpartition("/")[0] == first)
    return member, "certain" if certainty == "certain" else "likely"


def _is_unasked(member: Member) -> bool:
    """Return whether a total is not said to be of what was asked for: of two totals that is the one."""
    return not re.search(r"\b(filter\w*|query|match\w*|criteria|search)\b", member.shape.description)


def _totals(about: Iterable[Holder], things: frozenset[str], shapes: Shapes) -> Iterator[Member]:
    """Give the numbers that are called or described as a total of items, whatever else their names say.

    things: what the items are called, in the singular.
    """
    for holder in about:
        for name, node in holder.members.items():
            shape, spoken = shapes.of(node), words(name)
            is_named = "total" in spoken and bool({"count", "number", "num", "row", "rows"} & set(spoken))
            said = shape.description
            if shape.is_a("integer", "number") and (is_named or _SAID_TOTAL.search(said) or _counts(said, things)):
                yield Member(name, holder.place(name), shape)


def _counts(said: str, things: frozenset[str]) -> bool:
    """Return whether a description says that it is the number of all of some things. things: in the singular."""
    match = _NUMBER_OF.search(said)
    return match is not None and bool(
        _OF_ALL.search(said) and {singular(word) for word in match["of"].split()} & things
    )


def _link(about: Iterable[Holder], names: Iterable[str], shapes: Shapes) -> str | None:
    """Return the pointer of a link: a text that is an address, or an object with an `href`."""
    for member in members(about, names, shapes):
        shape = member.shape
        inner = next((name for name in ("href", "uri", "url") if name in shape.members), None)
        if inner is not None:
            return f"{member.place}/{inner}"
        if not shape.is_a("string") or shape.format in ("date", "date-time", "uuid"):
            continue
        is_address = bool(_ADDRESS.search(shape.description)) or shape.format.startswith(("uri", "url", "iri"))
        is_address = is_address or joined(member.name).endswith(("url", "uri", "link", "href", "path"))
        is_address = is_address or bool({"links", "link"} & {joined(part) for part in member.place.split("/")[:-1]})
        if is_address or not (is_said_text(shape.description) or joined(member.name).endswith("page")):
            return member.place
    return None


def _stated(
    about: Iterable[Holder], style: StyleReader, parameter: str | None, shapes: Shapes, taken: set[str]
) -> dict[str, str]:
    """Return what the style states of a page, its words by pointer."""
    about = tuple(about)
    is_more_stated = any(True for _ in members(about, MORE, shapes))
    stated: dict[str, str] = {}
    for word, names in style.members.items():
        wanted = ("string", "integer", "number") if word in style.given_out else ("integer", "number", "string")
        listed = [*_related(parameter, word, about), *names] if word in style.given_out else list(names)
        for member in members(about, listed, shapes):
            if word in style.given_out and not _is_onward(member, parameter, word, is_more_stated):
                continue
            if member.shape.is_a(*wanted) and member.place not in {*taken, *stated.values()}:
                stated[word] = member.place
                break
    return stated


def _related(parameter: str | None, word: str, about: Iterable[Holder]) -> list[str]:
    """Return what a page calls the cursor for a parameter: by the parameter's own name, or by some of its words."""
    if parameter is None:
        return []
    way = word.partition("-")[0]
    known = [joined(member) for holder in about for member in holder.members if is_part(member, parameter, way)]
    for name in dict.fromkeys((called(parameter), joined(parameter))):
        known += [f"{way}{name}", f"{way}page{name}"]
    return [*known, *([joined(parameter)] if way == "next" else [])]


def _is_onward(member: Member, parameter: str | None, word: str, is_more_stated: bool) -> bool:
    """Return whether a member that may be an echo of the request is a cursor onwards."""
    said, name = member.shape.description, joined(member.name)
    if word.startswith("previous"):
        return True
    if re.search(r"\b(current|previous|prior)\b", said) and not re.search(
        r"\b(next|subsequent|following|continue|more)\b", said
    ):
        return False
    is_echo = parameter is not None and name == joined(parameter) and not is_said_text(name) and not is_more_stated
    return not is_echo or "/next" in member.place or "next" in said or "token" in said
