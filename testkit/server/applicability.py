"""The conditions under which a law applies to an operation, a target, a contract; each says why it does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from apitwin.contracts.model import Contract, Operation, Within
from apitwin.contracts.pagination.rules import Style
from apitwin.testkit.server.styles.walkers import walker
from apitwin.testkit.server.subjects import Subject, subject
from apitwin.testkit.transport import environment
from apitwin.testkit.transport.credentials import Part
from apitwin.testkit.transport.target import Target

Condition = Callable[[Operation, Target, Contract], str | None]
"""Why something does not apply to an operation on a target, or None where it does."""

SHOWING_NOTHING = ("HEAD", "OPTIONS", "TRACE")
"""Methods that change nothing and whose answers no schema describes: RFC 9110 section 9.3."""


def reading(operation: Operation, target: Target, contract: Contract) -> str | None:
    """Only operations that read are examined; a twin cannot answer one whose success nothing describes."""
    if operation.method in SHOWING_NOTHING:
        return f"{operation.method} shows nothing; only reading operations are examined"
    if operation.method != "GET":
        return f"{operation.method} writes; only reading operations are examined"
    is_described = any(key[0] in "123d" for key in operation.responses)
    return None if is_described or not target.is_twin else "no response of it describes a success; add one"


def on_a_twin(operation: Operation, target: Target, contract: Contract) -> str | None:
    """It is a twin, which can be asked what nobody asks a live API."""
    return None if target.is_twin else "a live API is only sent GET, HEAD and OPTIONS"


def askable(operation: Operation, target: Target, contract: Contract) -> str | None:
    """It reads, or nothing would be harmed if a request that has to be refused were not: on a twin."""
    if operation.method == "GET" or target.is_twin:
        return None
    if operation.method in SHOWING_NOTHING:
        return f"{operation.method} shows nothing; only reading operations are examined"
    return f"{operation.method} writes, and a live API is only read"


def takes_body(operation: Operation, target: Target, contract: Contract) -> str | None:
    """It takes a body whose schema is known."""
    body = operation.body
    return None if body is not None and body.schema is not None else "it takes no body with a known schema"


def paginated(operation: Operation, target: Target, contract: Contract) -> str | None:
    """The operation has a pagination rule."""
    return None if operation.pagination is not None else "not paginated"


def in_style(style: type[Style]) -> Condition:
    """Return the condition that its pages are asked for in a style."""

    def asked_for(operation: Operation, target: Target, contract: Contract) -> str | None:
        rule = operation.pagination
        return None if rule is not None and isinstance(rule.style, style) else f"its pages are not by {style.word}"

    asked_for.__doc__ = f"Its pages are asked for in the style {style.word}."
    return asked_for


def sized(operation: Operation, target: Target, contract: Contract) -> str | None:
    """The size of its pages can be asked for."""
    rule = operation.pagination
    return None if rule is not None and rule.limit.parameter is not None else "its pages all have one size"


def numbered(operation: Operation, target: Target, contract: Contract) -> str | None:
    """Its pages are asked for by numbers: their size, or where they begin."""
    rule = operation.pagination
    is_numbered = rule is not None and (rule.limit.parameter is not None or walker(rule).numbered is not None)
    return None if is_numbered else "its pages are not asked for by a number"


def says_more(operation: Operation, target: Target, contract: Contract) -> str | None:
    """Its pages say whether there is more."""
    rule = operation.pagination
    return None if rule is not None and rule.envelope.more is not None else "its pages do not say whether there is more"


def states_members(operation: Operation, target: Target, contract: Contract) -> str | None:
    """Its pages state something of themselves that only their style has."""
    rule = operation.pagination
    return None if rule is not None and rule.envelope.members else "its pages say nothing of themselves"


def states(word: str, what: str) -> Condition:
    """Return the condition that its pages state something of themselves. word: the style's for it; what: in English."""

    def stated(operation: Operation, target: Target, contract: Contract) -> str | None:
        rule = operation.pagination
        return None if rule is not None and word in rule.envelope.members else f"its pages do not state {what}"

    stated.__doc__ = f"Its pages state {what}."
    return stated


def placed(operation: Operation, target: Target, contract: Contract) -> str | None:
    """Where a page begins can be asked for by a parameter."""
    rule = operation.pagination
    return None if rule is not None and rule.style.parameters else "only links lead to its pages"


def counted(operation: Operation, target: Target, contract: Contract) -> str | None:
    """Its pages state a count."""
    rule = operation.pagination
    return None if rule is not None and rule.envelope.count is not None else "its pages state no count"


def next_linked(operation: Operation, target: Target, contract: Contract) -> str | None:
    """Its pages have a link to the next page."""
    rule = operation.pagination
    return None if rule is not None and rule.envelope.next is not None else "its pages have no next link"


def previous_linked(operation: Operation, target: Target, contract: Contract) -> str | None:
    """Its pages have a link to the page before."""
    rule = operation.pagination
    return None if rule is not None and rule.envelope.previous is not None else "its pages have no previous link"


def maximum_known(operation: Operation, target: Target, contract: Contract) -> str | None:
    """Its maximum page size is known, and what happens above it."""
    rule = operation.pagination
    if rule is None or rule.limit.maximum is None:
        return "its maximum page size is not known"
    return None if rule.limit.over_maximum != "unspecified" else "what happens above the maximum is not known"


def repeats_known(operation: Operation, target: Target, contract: Contract) -> str | None:
    """It is known which of a repeated parameter counts."""
    return (
        None if contract.parameters.repeated != "unspecified" else "which of a repeated parameter counts is not known"
    )


def sortable(operation: Operation, target: Target, contract: Contract) -> str | None:
    """It can be sorted by a key whose order is known."""
    known = operation.sort is not None and any(field is not None for field in operation.sort.keys.values())
    return None if known else "it has no sort parameter with a known order"


def filterable(operation: Operation, target: Target, contract: Contract) -> str | None:
    """It has filters that can be judged."""
    return None if filters_known(operation) else "it has no filter with a known meaning"


def filters_known(operation: Operation) -> bool:
    """Return whether an operation has a filter that can be judged."""
    return any(rule.match != "unspecified" for rule in operation.filters)


def narrowable(operation: Operation, target: Target, contract: Contract) -> str | None:
    """It has filters that can be judged, or lies within a thing that its items name."""
    return None if within_named(operation) else filterable(operation, target, contract)


def within_named(operation: Operation) -> tuple[Within, ...]:
    """Return the things that a list lies within and that its items name, in a member that is not their own id."""
    collection = operation.collection
    unseen = set() if collection is None else {collection.identity, *(f"/{name}" for name in collection.private)}
    return tuple(place for place in operation.within if place.field is not None and f"/{place.field}" not in unseen)


def searchable(operation: Operation, target: Target, contract: Contract) -> str | None:
    """It has a search parameter."""
    return None if operation.search is not None else "it has no search parameter"


def secured(operation: Operation, target: Target, contract: Contract) -> str | None:
    """It asks for a token, and there is one to compare with."""
    if not operation.secured:
        return "it needs no token"
    return None if target.opens(operation.security) else environment.lacking(operation.security)


def restricted(operation: Operation, target: Target, contract: Contract) -> str | None:
    """It has a parameter that needs a role, and there is a token without it."""
    if not operation.restrictions:
        return "it has no parameter that needs a role"
    alternatives = target.keys.alternatives(operation.security)
    if alternatives and target.other("restricted", alternatives[0][0]) is not None:
        return None
    return "no token without the role was given (--other-token restricted=VARIABLE)"


def token_may_be_in_url(operation: Operation, target: Target, contract: Contract) -> str | None:
    """The token may be written where servers log it."""
    if not any(target.keys.ways(scheme).other_places for scheme in operation.security.schemes):
        return "its credential has no other place to be tried in"
    if wrong_places(operation, target):
        return None
    return "it would write the token into the server's logs (allow it with --token-in-url)"


def wrong_places(operation: Operation, target: Target) -> list[Part]:
    """Return what shows a right credential in a place that the operation does not read it from.

    A key that has its place in the address is written there anyway; any other one only where that is allowed.
    """
    security = operation.security
    parts = [part for scheme in security.schemes for part in target.keys.ways(scheme).other_places]
    return [
        part
        for part in parts
        if not security.carries(part.place, part.name) and (part.place != "query" or target.token_in_url)
    ]


def in_path(operation: Operation, target: Target, contract: Contract) -> str | None:
    """It has an id in its path."""
    return None if operation.path_parameters() else "it has no parameter in its path"


def has_query(operation: Operation, target: Target, contract: Contract) -> str | None:
    """It has parameters in its query."""
    return None if operation.query_parameters() else "it has no query parameter"


def projecting(operation: Operation, target: Target, contract: Contract) -> str | None:
    """Its query chooses which members are shown."""
    projection = operation.projection
    return None if projection.blocks or projection.levels else "its query does not choose what is shown"


def writable(operation: Operation, target: Target, contract: Contract) -> str | None:
    """Its things can be made, changed and deleted, and the target may be written to."""
    if lifecycle(operation, contract) is None:
        return "its things are not made and deleted through this path"
    if target.is_twin or any(target.sandbox):
        return None
    return "it writes, and a live API is only read (name a sandbox with --sandbox NAME=VALUE)"


@dataclass(frozen=True)
class Lifecycle:
    """The operations through which the things of a list come, change and go. updates: those that change one."""

    create: Operation
    read: Operation
    updates: tuple[Operation, ...]
    delete: Operation

    def path(self, operation: Operation, among: Subject, identity: str | None = None) -> str:
        """Return the path of one of the operations. among: whose list it is; identity: of the thing, where it has one.

        An identity is one part of a path, whatever is in it.
        """
        name = self.read.identified_by
        identified = {} if identity is None or name is None else {name: identity}
        return subject(operation, {**dict(among.values), **identified}).path


def lifecycle(operation: Operation, contract: Contract) -> Lifecycle | None:
    """Return how the things of a list come, change and go, or None where that is not all in the contract."""
    read = reader(operation, contract)
    if read is None:
        return None
    writing = [
        other for other in contract.operations if other.collection == operation.collection and other.effect is not None
    ]
    create = next((other for other in writing if other.effect == "create" and other.path == operation.path), None)
    delete = next((other for other in writing if other.effect == "delete" and other.path == read.path), None)
    if create is None or delete is None:
        return None
    updates = tuple(other for other in writing if other.effect == "update" and other.path.startswith(read.path))
    return Lifecycle(create, read, updates, delete)


def readable_alone(operation: Operation, target: Target, contract: Contract) -> str | None:
    """It lists things that another operation reads one by one."""
    return None if reader(operation, contract) is not None else "no operation reads its items one by one"


def reader(operation: Operation, contract: Contract) -> Operation | None:
    """Return the operation that reads the items of a list, if its other path parameters are those of the list."""
    if operation.pagination is None or operation.collection is None:
        return None
    known = {parameter.name for parameter in operation.path_parameters()}
    for other in contract.operations:
        if other.behaviour != "read" or other.collection != operation.collection or other.identified_by is None:
            continue
        if {parameter.name for parameter in other.path_parameters()} - {other.identified_by} <= known:
            return other
    return None
