"""What a contract says, as frozen values without behaviour.

Everything here is made by `apitwin.contracts.load`; the twin behaves by these values and the laws judge by them.
The words of every rule are those of `contracts/extension.schema.json`, explained in `docs/contracts.md`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from apitwin.contracts import views
from apitwin.contracts.pagination.rules import Pagination as Pagination
from apitwin.contracts.requests import RequestRules
from apitwin.contracts.security.scheme import AuthRule as AuthRule
from apitwin.contracts.security.scheme import Scheme, Security
from apitwin.contracts.set_aside import SetAsides
from apitwin.contracts.validation import CompiledSchema
from apitwin.contracts.words import (
    Behaviour,
    Certainty,
    Collation,
    Directions,
    Effect,
    EvidenceStatus,
    FilterMatch,
    Nulls,
    ParameterPlace,
    Repeated,
    SearchMatch,
    UnreadableBody,
)


@dataclass(frozen=True)
class Evidence:
    """How a fact is known, and where. certainty: how sure it is where it is inferred."""

    status: EvidenceStatus
    source: str
    certainty: Certainty = "certain"

    @property
    def is_stated(self) -> bool:
        """Whether a server may be judged by it: a guess that is not certain is for asking only."""
        return self.status != "inferred" or self.certainty == "certain"

    def __str__(self) -> str:
        how = f", {self.certainty}" if self.status == "inferred" else ""
        return f"{self.status}{how}: {self.source}"


@dataclass(frozen=True)
class ErrorRule:
    """An error answer: its status and its body template, with `{names}` filled in by the twin."""

    name: str
    status: int
    body: Any
    content_type: str


@dataclass(frozen=True)
class ParameterRules:
    """How the server reads query strings: which of a repeated scalar counts, and the words for true and false.

    messages: its words for each kind of mistake, in queries and bodies; codes: the names that it has for them.
    """

    repeated: Repeated
    true_words: tuple[str, ...]
    false_words: tuple[str, ...]
    messages: Mapping[str, str]
    codes: Mapping[str, str]


@dataclass(frozen=True)
class DrawnFrom:
    """Where real values of a path parameter come from: a list operation and a pointer into its items."""

    operation: str
    pointer: str


@dataclass(frozen=True)
class Parameter:
    """One parameter of an operation. place: `query`, `path` or `header`. several: an array.

    style, explode: how its value is written (OpenAPI 3.1.1, section 4.8.12).
    """

    name: str
    place: ParameterPlace
    required: bool
    several: bool
    schema: Mapping[str, Any]
    drawn_from: DrawnFrom | None
    item_schema: Mapping[str, Any]
    example: Any = None
    style: str = "form"
    explode: bool = True


@dataclass(frozen=True)
class Response:
    """A documented answer; schema is None where it has no body, and then media_type is None too.

    bodies: the schema of each documented media type, the usual one first; media_type and schema are that one's.
    examples: of each media type, as they are written; headers: the schemas of documented headers, by lower-case names;
    required_headers: those that every such answer has.
    """

    status: str
    media_type: str | None
    schema: CompiledSchema | None
    example: Any
    bodies: Mapping[str, CompiledSchema | None] = field(default_factory=dict)
    examples: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    headers: Mapping[str, CompiledSchema] = field(default_factory=dict)
    required_headers: frozenset[str] = frozenset()


def documented(responses: Mapping[str, Response], status: int) -> Response | None:
    """Return what is documented for a status: itself, then its range such as 4XX, then the default (OpenAPI 3.1)."""
    keys = (str(status), f"{status // 100}XX", "default")
    return next((responses[key] for key in keys if key in responses), None)


@dataclass(frozen=True)
class Body:
    """What an operation takes in its body. schemas: by media type, None where any JSON will do.

    when_unreadable: `reject`, or `ignore` where such a body counts as none.
    """

    required: bool
    schemas: Mapping[str, CompiledSchema | None]
    when_unreadable: UnreadableBody = "reject"

    @property
    def schema(self) -> CompiledSchema | None:
        """The schema of the usual media type."""
        return next(iter(self.schemas.values()), None)


@dataclass(frozen=True)
class SortRule:
    """Sorting by query: keys maps each accepted word to the pointer it sorts by (None: order unspecified).

    A pointer with a minus before it is sorted by downwards. directions: `suffix` accepts `key:asc` and `key:desc`,
    `none` only the key. several: repeated keys, most significant first. nulls: smallest, largest, first, last or
    unspecified. collation: codepoint or unspecified.
    """

    parameter: str
    keys: Mapping[str, str | None]
    directions: Directions
    several: bool
    nulls: Nulls
    collation: Collation

    def key(self, text: str) -> tuple[str, bool] | None:
        """Return the pointer that a text of the query sorts by, and whether downwards; None where that is unknown."""
        word, _, direction = (text, "", "") if text in self.keys else text.partition(":")
        field = self.keys.get(word)
        if field is None:
            return None
        return field.removeprefix("-"), field.startswith("-") != (direction == "desc")


@dataclass(frozen=True)
class SearchRule:
    """Free-text search over fields. match: `substring` (any case) or `unspecified`, where only inclusion is judged."""

    parameter: str
    fields: tuple[str, ...]
    match: SearchMatch


@dataclass(frozen=True)
class Filter:
    """A query parameter that keeps some items. match is one of:

    equals, any-of (a given value is, or is among, a field's), at-least, at-most (date-times or numbers, inclusive),
    only-when-true (true keeps items whose field is true), hidden-unless-true (items whose field is true are left out
    unless this parameter, or one of `revealed_by`, is true), unspecified (not judged).
    """

    parameter: str
    fields: tuple[str, ...]
    match: FilterMatch
    revealed_by: tuple[str, ...] = ()


@dataclass(frozen=True)
class Block:
    """A boolean parameter that puts a member into the answer, or leaves it out."""

    parameter: str
    member: str
    default: bool


@dataclass(frozen=True)
class Levels:
    """A parameter that chooses among sets of members; a level that is not in `members` shows all."""

    parameter: str
    default: str
    members: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Projection:
    """Which members of an item an answer shows, by query."""

    blocks: tuple[Block, ...] = ()
    levels: Levels | None = None


@dataclass(frozen=True)
class Within:
    """A path parameter that narrows a collection: items whose field is the parameter's value.

    collection: where the value must exist as an identity; unknown: the error's name when it does not. field: None
    where the API's own code narrows, and the value has but to exist.
    """

    parameter: str
    field: str | None
    collection: str
    unknown: str


@dataclass(frozen=True)
class Restriction:
    """A query parameter that, at a value, needs a role: else the error `forbidden`."""

    parameter: str
    value: Any
    role: str


@dataclass(frozen=True)
class Collection:
    """A kind of thing the API holds.

    kept: fields that a twin stores but never shows, beside those that its schema hides. volatile: members that may
    change by being read, such as views.
    """

    name: str
    identity: str
    order: tuple[str, ...]
    kept: tuple[str, ...]
    schema: CompiledSchema | None
    volatile: tuple[str, ...] = ()

    @cached_property
    def private(self) -> tuple[str, ...]:
        """The fields that a twin stores but never shows: those that are kept, and those that are `writeOnly`."""
        unshown = views.hidden_members(None if self.schema is None else self.schema.schema, "writeOnly")
        return tuple(dict.fromkeys((*self.kept, *sorted(unshown))))


@dataclass(frozen=True)
class Operation:
    """One method on one path, with everything the twin and the laws need to know about it.

    behaviour: `list`, `read`, `create`, `update`, `delete`, `own` (the API's own code answers) or `example`.
    effect: what it does to its collection (`create`, `update`, `delete`), None where it only reads.
    permission: words of the API for who may use it, all of which must hold.
    unspecified: query parameters of which it is not known what a valid value does.
    parameters: without those that carry a credential, which are in `security`.
    path: the whole path of a request; base: that of the server, with which it begins.
    """

    id: str
    method: str
    path: str
    pointer: str
    summary: str
    security: Security
    documented: bool
    behaviour: Behaviour
    parameters: tuple[Parameter, ...]
    responses: Mapping[str, Response]
    collection: Collection | None = None
    pagination: Pagination | None = None
    identified_by: str | None = None
    where: Mapping[str, Any] = field(default_factory=dict)
    within: tuple[Within, ...] = ()
    sort: SortRule | None = None
    search: SearchRule | None = None
    filters: tuple[Filter, ...] = ()
    projection: Projection = Projection()
    restrictions: tuple[Restriction, ...] = ()
    unspecified: tuple[str, ...] = ()
    body: Body | None = None
    effect: Effect | None = None
    permission: tuple[str, ...] = ()
    base: str = ""

    @property
    def secured(self) -> bool:
        """Whether a request without a credential is refused."""
        return self.security.is_required

    def response_to(self, status: int) -> Response | None:
        """Return the response documented for a status, or for its range such as 4XX, or by default; or None."""
        return documented(self.responses, status)

    def of_class(self, leading: int) -> tuple[str, ...]:
        """Return the keys that describe statuses of a class, such as 404, 4XX and default for 4."""
        return tuple(key for key in self.responses if key.startswith(str(leading)) or key == "default")

    def expects(self, status: int, leading: int) -> bool:
        """Return whether a status is a documented one of a class, such as 4 for refusals.

        Where the contract says nothing of the class, all of the class will do, and nothing else.
        """
        if status // 100 != leading:
            return False
        return self.response_to(status) is not None or not self.of_class(leading)

    def parameter(self, name: str) -> Parameter | None:
        """Return the parameter of that name, or None."""
        return next((parameter for parameter in self.parameters if parameter.name == name), None)

    def path_parameters(self) -> tuple[Parameter, ...]:
        """Return the parameters in the path, in the order of the path."""
        return tuple(parameter for parameter in self.parameters if parameter.place == "path")

    def query_parameters(self) -> tuple[Parameter, ...]:
        """Return the parameters in the query string."""
        return tuple(parameter for parameter in self.parameters if parameter.place == "query")


@dataclass(frozen=True)
class Contract:
    """A whole API: operations and the rules they share.

    document: as it was read, with what its profile adds. auth: how it refuses where no scheme says otherwise, None
    where no operation is secured. schemes: the security schemes that its operations ask for, by name. inferred: one
    line for each rule that was guessed or left out. extension: the name under which the code that answers what is the
    API's own is installed, None where there is none. set_aside: what of the document is not understood and left out.
    servers: the addresses that the document names, with the defaults of their variables; base_path: the path of the
    first, below which every operation lies that names no other server; see `apitwin.contracts.servers`.
    """

    name: str
    title: str
    path: Path
    document: Mapping[str, Any]
    operations: tuple[Operation, ...]
    collections: Mapping[str, Collection]
    errors: Mapping[str, ErrorRule]
    parameters: ParameterRules
    requests: RequestRules
    auth: AuthRule | None
    schemes: Mapping[str, Scheme]
    evidence: Mapping[str, Evidence]
    world: Path | None
    inferred: tuple[str, ...] = ()
    extension: str | None = None
    set_aside: SetAsides = field(default_factory=SetAsides)
    servers: tuple[str, ...] = ()
    base_path: str = ""

    is_plain: bool = False
    """Whether its document is OpenAPI and nothing else: without an `x-apitwin` but what was inferred from it."""

    def operation(self, operation_id: str) -> Operation:
        """Return the operation of that id. Raises KeyError when there is none."""
        for operation in self.operations:
            if operation.id == operation_id:
                return operation
        raise KeyError(operation_id)

    def evidence_for(self, pointer: str) -> Evidence | None:
        """Return the evidence of a fact: its own, or that of the nearest place above it, or None.

        What is known of the description at large says nothing of an `x-apitwin` object inside it.
        """
        while pointer:
            if pointer in self.evidence:
                return self.evidence[pointer]
            if pointer.endswith("/x-apitwin"):
                return None
            pointer = pointer.rpartition("/")[0]
        return self.evidence.get("")
