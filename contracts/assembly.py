"""Putting a `Contract` together from a document that was read: everything that its parts say, checked and compiled.

`extension` reads `x-apitwin`, `parts` the parts of operations, `inference` what is not said, and `names` checks that
every name a rule uses is a name the contract has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from apitwin.contracts import extension, names, patterns, pointers, profile, servers
from apitwin.contracts.budgets import BUDGETS
from apitwin.contracts.errors import ContractError, bounded_line, shortened
from apitwin.contracts.extension import EXTENSION
from apitwin.contracts.inference import reading as inference
from apitwin.contracts.inference.guess import Inferred
from apitwin.contracts.inference.nodes import Node
from apitwin.contracts.inference.survey import Survey
from apitwin.contracts.model import Collection, Contract, DrawnFrom, Evidence, Operation, Pagination, Parameter
from apitwin.contracts.objects import METHODS
from apitwin.contracts.pagination import reading
from apitwin.contracts.parts import Parts
from apitwin.contracts.printable import one_line
from apitwin.contracts.references import References
from apitwin.contracts.requests import request_rules
from apitwin.contracts.schemas import Schemas
from apitwin.contracts.security.reading import SecurityReader
from apitwin.contracts.security.scheme import Security
from apitwin.contracts.set_aside import SetAsides
from apitwin.contracts.sources import Source
from apitwin.contracts.sources import bundled as bundled
from apitwin.contracts.sources import locate as locate
from apitwin.contracts.validation import CompiledSchema
from apitwin.contracts.words import Behaviour, Effect

EFFECTS: Mapping[str, Effect] = {"create": "create", "update": "update", "delete": "delete"}
"""What an operation does to its collection, by a behaviour that does nothing else."""
SHOWN_PATTERNS = 10
"""Patterns that are named because not every text may be judged by them."""


class Assembly:
    """One contract being put together."""

    def __init__(self, found: Source, references: References, notes: SetAsides | None) -> None:
        path, document, folder = found.path, found.document, found.folder
        self.path = path
        self.address = found.address
        self.document: dict[str, Any] = document
        self.references = references
        self.notes = notes
        self.evidence: dict[str, Evidence] = {}
        self.inferred: list[str] = []
        self.inferred_evidence: dict[str, Evidence] = {}
        said = self._extension(document, "root", "")
        self.root = profile.completed(said, path, self.place(f"/{EXTENSION}"), folder)
        self.security = SecurityReader(document, self.references, self.root.get("auth"))
        self.schemas = Schemas(self.references, notes)
        self.parts = Parts(self.schemas, self._extension, notes)
        self._speaks = any(key in said for key in inference.SPEAKS)
        self._survey = Survey(document, references.root, references.follow_from)

    def place(self, pointer: str) -> str:
        """Return where a pointer of the document stands, for errors."""
        return f"{self.path}#{pointer}"

    def contract(self) -> Contract:
        """Return the contract. Raises ContractError, one line, where anything in it is wrong that is not left out."""
        self.servers = servers.addresses(self.document, self.place(""), self.notes) or ()
        self.base = servers.base_path(next(iter(self.servers), "/"), self.address)
        self.rules = self._pagination_rules()
        self.collections = self._collections()
        operations = _with_known_sources(tuple(self._operations()), self._speaks)
        info = self.document.get("info")
        title = str(info.get("title", "")) if isinstance(info, dict) else ""
        folder = self.path.parent.name if self.path.stem == "openapi" else self.path.stem
        contract = Contract(
            name=self.root.get("name") or re.sub(r"[^a-z0-9]+", "-", folder.lower()).strip("-") or "contract",
            title=shortened(one_line(title)),
            path=self.path,
            document={**self.document, EXTENSION: self.root},
            operations=operations,
            collections=self.collections,
            errors=extension.errors(self.root["errors"]),
            parameters=extension.parameter_rules(self.root["parameters"]),
            requests=request_rules(self.root["requests"], self.place(f"/{EXTENSION}/requests")),
            auth=extension.auth(self.root.get("auth")) if any(operation.secured for operation in operations) else None,
            schemes=self.security.understood,
            evidence={**self.evidence, **self.security.evidence},
            world=self._world(),
            extension=self.root.get("extension"),
            set_aside=SetAsides() if self.notes is None else self.notes,
            servers=self.servers,
            base_path=self.base,
            is_plain=self._is_plain(),
            inferred=tuple(
                map(bounded_line, (*self._server_notes(), *self.inferred, *self.security.notes, *self._pattern_notes()))
            ),
        )
        names.check(contract)
        return replace(contract, evidence={**self.inferred_evidence, **contract.evidence})

    def _is_plain(self) -> bool:
        """Return whether a document says nothing but OpenAPI, or besides only what was inferred from that."""
        if EXTENSION not in self.document:
            return True
        said = self.document[EXTENSION].keys() <= {"collections", "pagination", "evidence"}
        return said and bool(self.evidence) and all(one.status == "inferred" for one in self.evidence.values())

    def _extension(self, holder: Mapping[str, Any], part: str, pointer: str) -> dict[str, Any]:
        pointer = f"{pointer}/{EXTENSION}"
        value = holder.get(EXTENSION, {})
        extension.check(value, part, self.place(pointer))
        self.evidence.update(extension.evidence(value, pointer))
        return dict(value)

    def _world(self) -> Path | None:
        name: str | None = self.root.get("world")
        if name is None:
            return None
        path = self.path.parent / name
        place = self.place(f"/{EXTENSION}/world")
        located = self.references.folder.located(
            name, self.references.root, lambda reason: ContractError(place, f"{name!r} {reason}")
        )
        try:
            exists = located.is_file()
        except (OSError, ValueError):
            exists = False
        if not exists:
            raise ContractError(place, f"found {name!r}; there is no file {path}")
        return path

    def _pattern_notes(self) -> list[str]:
        """Return a line for each of the first patterns that need an engine which goes back, and so an end to it."""
        named = [text for text in self.references.patterns if patterns.goes_back(text)]
        most = BUDGETS.backtracks
        return [
            f"{self.references.patterns[text]}: the pattern {shortened(text, 80)!r} looks around or back; a text that "
            f"needs more than {most} steps for it is not judged"
            for text in named[:SHOWN_PATTERNS]
        ]

    def _server_notes(self) -> list[str]:
        """Return a line that says below which path the operations lie, where that is not plain."""
        others = {servers.base_path(address, self.address) for address in self.servers} - {self.base}
        if not self.base and not others:
            return []
        which = f"the first of {len(self.servers)} servers" if len(self.servers) > 1 else "the server"
        return [
            f"{servers.NOTED}operations lie below {self.base or '/'}, as of {which}, {shortened(self.servers[0], 120)}"
        ]

    def _pagination_rules(self) -> dict[str, Pagination]:
        base = f"/{EXTENSION}/pagination"
        return {
            name: reading.read(name, value, f"{base}/{name}", self.place(f"{base}/{name}"))
            for name, value in self.root.get("pagination", {}).items()
        }

    def _collections(self) -> dict[str, Collection]:
        base = f"/{EXTENSION}/collections"
        return {
            name: self._collection(name, value, self._own_schema(value, f"{base}/{name}/schema"))
            for name, value in self.root.get("collections", {}).items()
        } | ({} if self._speaks else self._inferred_collections())

    def _inferred_collections(self) -> dict[str, Collection]:
        """Return the collections that the paths and the answers of the document look like."""
        self.inferred_evidence |= {
            f"/{EXTENSION}/collections/{name}/identity": Evidence(
                "inferred", guess.identity.reason, guess.identity.certainty
            )
            for name, guess in self._survey.collections.items()
        }
        return {
            name: self._collection(name, {"identity": guess.identity.place}, self._inferred_schema(guess.schema))
            for name, guess in self._survey.collections.items()
        }

    def _own_schema(self, value: Mapping[str, Any], pointer: str) -> CompiledSchema | None:
        if "schema" not in value:
            return None
        return self.schemas.of(value["schema"], self.references.root, pointer, "writeOnly")

    def _inferred_schema(self, node: Node | None) -> CompiledSchema | None:
        return None if node is None else self.schemas.of(node.value, node.holder, node.pointer, "writeOnly")

    def _collection(self, name: str, value: Mapping[str, Any], schema: CompiledSchema | None) -> Collection:
        return Collection(
            name=name,
            identity=value["identity"],
            order=tuple(value.get("order", [value["identity"]])),
            kept=tuple(value.get("private", ())),
            schema=schema,
            volatile=tuple(value.get("volatile", ())),
        )

    def _operations(self) -> Iterator[Operation]:
        paths = self.document.get("paths")
        if not isinstance(paths, dict) or (not paths and self.notes is None):
            raise ContractError(self.place("/paths"), "expected an object with at least one path")
        seen: dict[str, str] = {}
        for path, item in paths.items():
            pointer = pointers.join(["paths", path])
            if not path.startswith("/"):
                raise ContractError(self.place(pointer), f"the path {path!r} does not start with '/'")
            item, holder, where = self.references.resolved(item, self.references.root, pointer)
            if not isinstance(item, dict):
                raise ContractError(self.place(pointer), "expected an object of methods")
            for method in METHODS:
                if method in item:
                    operation = self._understood(path, method, item, holder, f"{where}/{method}")
                    if operation is not None:
                        yield self._told_apart(operation, path, seen)

    def _understood(self, path: str, method: str, item: dict[str, Any], holder: Path, pointer: str) -> Operation | None:
        """Return an operation, or None where nothing of it can be used and that is no error."""
        try:
            return self._operation(path, method, item, holder, pointer)
        except ContractError as error:
            value = item[method]
            if self.notes is None or (isinstance(value, dict) and EXTENSION in value):
                raise
            self.notes.note(error.place, f"{error.problem}; {method.upper()} {path} is left out")
            return None

    def _told_apart(self, operation: Operation, path: str, seen: dict[str, str]) -> Operation:
        """Return an operation under an id of its own: its method and path where another one has its id."""
        if operation.id in seen:
            problem = f"the operationId {operation.id!r} is also that of {seen[operation.id]}"
            if self.notes is None:
                raise ContractError(self.place(operation.pointer), problem)
            other = f"{operation.method.lower()} {path}"
            self.notes.note(self.place(operation.pointer), f"{problem}; it is called {other!r} here")
            operation = replace(operation, id=other)
        seen[operation.id] = operation.pointer
        return operation

    def _security(self, value: dict[str, Any], place: str, operation_id: str) -> Security:
        """Return what an operation asks for; nothing where that is not understood and no error."""
        try:
            return self.security.of(value, place, operation_id)
        except ContractError as error:
            if self.notes is None:
                raise
            self.notes.note(error.place, f"{error.problem}; what asks for it is asked without a credential")
            return Security()

    def _base(self, holder: Mapping[str, Any], item: Mapping[str, Any], place: str) -> str:
        """Return the path below which an operation lies: that of its own first server, or of the document's."""
        for owner in (holder, item):
            named = servers.addresses(owner, place, self.notes)
            if named is not None:
                return servers.base_path(named[0], self.address)
        return self.base

    def _operation(self, path: str, method: str, item: dict[str, Any], holder: Path, pointer: str) -> Operation:
        value = item[method]
        if not isinstance(value, dict):
            raise ContractError(f"{holder}#{pointer}", "expected an operation object")
        rules = self._extension(value, "operation", pointer)
        inferred = self._inferred(path, method, rules)
        rules = rules if inferred is None else {**inferred.rules}
        operation_id = str(value.get("operationId") or f"{method} {path}")
        security = self._security(value, f"{holder}#{pointer}", operation_id)
        base = self._base(value, item, f"{holder}#{pointer}")
        parameters = _other_than(security, self.parts.parameters(path, item, value, holder, pointer))
        responses = self.parts.responses(value.get("responses"), holder, f"{pointer}/responses")
        parameters = _drawn(parameters, rules.get("drawn-from", {}))
        pagination = self._pagination(rules, inferred, operation_id, pointer)
        collection = self.collections.get(rules.get("collection", ""))
        if "collection" in rules and collection is None:
            known = ", ".join(self.collections) or "none"
            raise ContractError(
                self.place(f"{pointer}/{EXTENSION}/collection"), f"found {rules['collection']!r}; there is: {known}"
            )
        behaviour: Behaviour = rules.get("behaviour") or _behaviour(rules, method, pagination, collection)
        return Operation(
            id=operation_id,
            method=method.upper(),
            path=base + path,
            base=base,
            pointer=pointer,
            summary=str(value.get("summary", "")),
            security=security,
            documented=rules.get("documented", True),
            behaviour=behaviour,
            parameters=parameters,
            responses=responses,
            collection=collection,
            pagination=pagination,
            identified_by=rules.get("identified-by"),
            where=rules.get("where", {}),
            within=extension.within(rules.get("within", {})),
            sort=extension.sort(rules.get("sort")),
            search=extension.search(rules.get("search")),
            filters=extension.filters(rules.get("filters", {})),
            projection=extension.projection(rules.get("projection", {})),
            restrictions=extension.restrictions(rules.get("restricted", {})),
            unspecified=tuple(rules.get("unspecified", ())),
            body=self.parts.body(value, rules, holder, pointer),
            effect=rules.get("effect") or EFFECTS.get(behaviour),
            permission=tuple(rules.get("permission", ())),
        )

    def _inferred(self, path: str, method: str, rules: Mapping[str, Any]) -> Inferred | None:
        """Return what is inferred of an operation that says nothing itself, and only that which it may say here."""
        if rules or (self._speaks and method != "get"):
            return None
        inferred = self._survey.of(path, method)
        return replace(inferred, rules={}) if self._speaks else inferred

    def _pagination(
        self, rules: Mapping[str, Any], inferred: Inferred | None, operation_id: str, pointer: str
    ) -> Pagination | None:
        if "pagination" in rules:
            name = rules["pagination"]
            if name is not None and name not in self.rules:
                problem = f"found {name!r}; there is: {', '.join(self.rules) or 'no rule in /x-apitwin/pagination'}"
                raise ContractError(self.place(f"{pointer}/{EXTENSION}/pagination"), problem)
            return self.rules.get(name or "")
        if inferred is None:
            return None
        if inferred.line is not None:
            self.inferred.append(inferred.line)
        place = f"{pointer}/{EXTENSION}"
        self.inferred_evidence |= inference.evidence(inferred, place)
        return inference.pagination(inferred, operation_id, f"{place}/pagination")


def _drawn(parameters: tuple[Parameter, ...], sources: Mapping[str, Any]) -> tuple[Parameter, ...]:
    """Return the parameters with the sources of their values that the operation names; their own count before these."""
    return tuple(
        replace(parameter, drawn_from=DrawnFrom(**sources[parameter.name]))
        if parameter.place == "path" and parameter.drawn_from is None and parameter.name in sources
        else parameter
        for parameter in parameters
    )


def _with_known_sources(operations: tuple[Operation, ...], speaks: bool) -> tuple[Operation, ...]:
    """Return the operations without guesses that name one which was left out. speaks: whether nothing is a guess."""
    known = {operation.id for operation in operations}

    def known_only(parameter: Parameter) -> Parameter:
        source = parameter.drawn_from
        return parameter if source is None or source.operation in known else replace(parameter, drawn_from=None)

    if speaks:
        return operations
    return tuple(
        replace(operation, parameters=tuple(map(known_only, operation.parameters))) for operation in operations
    )


def _other_than(security: Security, parameters: tuple[Parameter, ...]) -> tuple[Parameter, ...]:
    """Return the parameters that carry no credential; a document may list such a one among the others."""
    return tuple(parameter for parameter in parameters if not security.carries(parameter.place, parameter.name))


def _behaviour(
    rules: Mapping[str, Any], method: str, pagination: Pagination | None, collection: Collection | None
) -> Behaviour:
    if collection is None:
        return "example"
    if method != "get":
        effect: Effect | None = rules.get("effect")
        return effect or "example"
    if "identified-by" in rules:
        return "read"
    return "list" if pagination is not None else "example"
