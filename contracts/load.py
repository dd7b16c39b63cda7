"""From an OpenAPI document on the disk to a `Contract`: everything read, checked and compiled once.

This file walks the document; `extension` reads `x-apitwin`, `references` follows `$ref`, `names` checks that every
name a rule uses is a name the contract has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from apitwin.contracts import documents, extension, inference, names, patterns, pointers, profile, views
from apitwin.contracts.budgets import BUDGETS
from apitwin.contracts.errors import ContractError, bounded_line, shortened
from apitwin.contracts.extension import EXTENSION
from apitwin.contracts.files import Folder
from apitwin.contracts.model import (
    Body,
    Collection,
    Contract,
    DrawnFrom,
    Evidence,
    Operation,
    Pagination,
    Parameter,
    Response,
)
from apitwin.contracts.nearest import hint
from apitwin.contracts.pagination import reading
from apitwin.contracts.printable import one_line
from apitwin.contracts.references import References
from apitwin.contracts.requests import request_rules
from apitwin.contracts.security.reading import SecurityReader
from apitwin.contracts.security.scheme import Security
from apitwin.contracts.validation import CompiledSchema
from apitwin.contracts.views import Hidden
from apitwin.contracts.words import Behaviour, Effect

EFFECTS: Mapping[str, Effect] = {"create": "create", "update": "update", "delete": "delete"}
"""What an operation does to its collection, by a behaviour that does nothing else."""
SHOWN_PATTERNS = 10
"""Patterns that are named because not every text may be judged by them."""
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
HERE = Path(__file__).parent


def bundled() -> tuple[str, ...]:
    """Return the names of the contracts that come with the package."""
    return tuple(sorted(path.parent.name for path in HERE.glob("*/openapi.yaml")))


DEFAULT = bundled()[0]
"""The contract of a twin for which none is named: the first that comes with the package."""


def load(source: str | Path, root: str | Path | None = None) -> Contract:
    """Load a contract by the name of a bundled one (`viktor`) or by the path of its OpenAPI document.

    root: the folder in which everything lies that the document refers to; its own folder where none is named.
    Raises ContractError, one line, where anything in it is wrong.
    """
    path = locate(source)
    folder = Folder.of(path.resolve(), None if root is None else Path(root))
    document = documents.read(path, folder.account)
    if not isinstance(document, dict):
        raise ContractError(str(path), "the document is no object; expected an OpenAPI 3.1 document")
    version = document.get("openapi")
    if not isinstance(version, str) or not version.startswith("3.1"):
        raise ContractError(f"{path}#/openapi", f"found {version!r}; expected a version such as 3.1.0")
    try:
        return _Loader(path, document, folder).contract()
    except RecursionError:
        raise ContractError(str(path), "nested too deeply to be read") from None


def locate(source: str | Path) -> Path:
    """Return the file of a contract. Raises ContractError naming the bundled ones when there is none."""
    text = str(source)
    if text in bundled():
        return HERE / text / "openapi.yaml"
    path = Path(source)
    try:
        if path.is_dir() and (path / "openapi.yaml").is_file():
            return path / "openapi.yaml"
        if path.is_file():
            return path
    except (OSError, ValueError):
        pass  # a text that cannot be a path names no file
    there_is = f"(there is: {', '.join(bundled())}){hint(text, bundled())}"
    raise ContractError(text, f"no such file, and no bundled contract {there_is}")


class _Loader:
    """One document being read."""

    def __init__(self, path: Path, document: dict[str, Any], folder: Folder) -> None:
        self.path = path
        self.document = document
        self.references = References(path, document, folder)
        self.evidence: dict[str, Evidence] = {}
        self.inferred: list[str] = []
        said = self._extension(document, "root", "")
        self.root = profile.completed(said, path, self.place(f"/{EXTENSION}"), folder)
        self.security = SecurityReader(document, self.references, self.root.get("auth"))
        self._compiled: dict[tuple[Path, str, Hidden | None], CompiledSchema] = {}

    def place(self, pointer: str) -> str:
        return f"{self.path}#{pointer}"

    def contract(self) -> Contract:
        self.rules = self._pagination_rules()
        self.collections = self._collections()
        operations = tuple(self._operations())
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
            is_plain=EXTENSION not in self.document,
            inferred=tuple(map(bounded_line, (*self.inferred, *self.security.notes, *self._pattern_notes()))),
        )
        names.check(contract)
        return contract

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
        named = [text for text in self.references.patterns if not patterns.compiled(text).is_linear]
        most = BUDGETS.backtracks
        return [
            f"{self.references.patterns[text]}: the pattern {shortened(text, 80)!r} looks around or back; a text that "
            f"needs more than {most} steps for it is not judged"
            for text in named[:SHOWN_PATTERNS]
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
            name: self._collection(name, value, f"{base}/{name}/schema")
            for name, value in self.root.get("collections", {}).items()
        }

    def _collection(self, name: str, value: Mapping[str, Any], pointer: str) -> Collection:
        schema = None
        if "schema" in value:
            schema = self._schema(value["schema"], self.references.root, pointer, "writeOnly")
        unshown = views.hidden_members(None if schema is None else schema.schema, "writeOnly")
        return Collection(
            name=name,
            identity=value["identity"],
            order=tuple(value.get("order", [value["identity"]])),
            private=tuple(dict.fromkeys((*value.get("private", ()), *sorted(unshown)))),
            schema=schema,
            volatile=tuple(value.get("volatile", ())),
        )

    def _schema(self, schema: Any, holder: Path, pointer: str, hidden: Hidden | None = None) -> CompiledSchema:
        """Return a schema ready to judge values. hidden: the word of the members that its direction does without."""
        if not isinstance(schema, (dict, bool)):
            raise ContractError(f"{holder}#{pointer}", f"found {schema!r}; expected a JSON Schema")
        _, path, target = self.references.resolved(schema, holder, pointer)
        if (path, target, hidden) not in self._compiled:
            alone = self.references.standalone(schema, holder, pointer)
            seen = alone if hidden is None else views.view(alone, hidden)
            self._compiled[path, target, hidden] = CompiledSchema(seen, f"{path}#{target}", self.references.origins)
        return self._compiled[path, target, hidden]

    def _operations(self) -> Iterator[Operation]:
        paths = self.document.get("paths")
        if not isinstance(paths, dict) or not paths:
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
                    operation = self._operation(path, method, item, holder, f"{where}/{method}")
                    if operation.id in seen:
                        problem = f"the operationId {operation.id!r} is also that of {seen[operation.id]}"
                        raise ContractError(self.place(operation.pointer), problem)
                    seen[operation.id] = operation.pointer
                    yield operation

    def _operation(self, path: str, method: str, item: dict[str, Any], holder: Path, pointer: str) -> Operation:
        value = item[method]
        if not isinstance(value, dict):
            raise ContractError(f"{holder}#{pointer}", "expected an operation object")
        rules = self._extension(value, "operation", pointer)
        operation_id = str(value.get("operationId") or f"{method} {path}")
        security = self.security.of(value, f"{holder}#{pointer}", operation_id)
        parameters = _other_than(security, self._parameters(path, item, value, holder, pointer))
        responses = self._responses(value.get("responses"), holder, f"{pointer}/responses")
        pagination = self._pagination(rules, method, parameters, responses, operation_id, pointer)
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
            path=path,
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
            body=self._body(value, rules, holder, pointer),
            effect=rules.get("effect") or EFFECTS.get(behaviour),
            permission=tuple(rules.get("permission", ())),
        )

    def _pagination(
        self,
        rules: dict[str, Any],
        method: str,
        parameters: tuple[Parameter, ...],
        responses: Mapping[str, Response],
        operation_id: str,
        pointer: str,
    ) -> Pagination | None:
        if "pagination" in rules:
            name = rules["pagination"]
            if name is not None and name not in self.rules:
                problem = f"found {name!r}; there is: {', '.join(self.rules) or 'no rule in /x-apitwin/pagination'}"
                raise ContractError(self.place(f"{pointer}/{EXTENSION}/pagination"), problem)
            return self.rules.get(name or "")
        response = responses.get("200")
        if method != "get" or response is None or response.schema is None or rules:
            return None
        guess = inference.pagination(parameters, response.schema.schema, operation_id, pointer)
        if guess is None:
            return None
        self.inferred.append(guess.line)
        return guess.rule

    def _parameters(
        self, path: str, item: dict[str, Any], operation: dict[str, Any], holder: Path, pointer: str
    ) -> tuple[Parameter, ...]:
        parameters: dict[tuple[str, str], Parameter] = {}
        shared = pointer.rpartition("/")[0]
        for listed, where in ((item.get("parameters", []), shared), (operation.get("parameters", []), pointer)):
            if not isinstance(listed, list):
                raise ContractError(f"{holder}#{where}/parameters", "expected an array of parameters")
            for index, value in enumerate(listed):
                parameter = self._parameter(*self.references.resolved(value, holder, f"{where}/parameters/{index}"))
                parameters[parameter.place, parameter.name] = parameter
        in_path = re.findall(r"{([^}]*)}", path)
        for name in in_path:
            if ("path", name) not in parameters:
                raise ContractError(
                    f"{holder}#{pointer}/parameters", f"the path has {{{name}}}, and no parameter says what it is"
                )
        ordered = [parameters.pop(("path", name)) for name in in_path]
        return (*ordered, *(parameter for parameter in parameters.values() if parameter.place != "path"))

    def _parameter(self, value: Any, holder: Path, pointer: str) -> Parameter:
        if (
            not isinstance(value, dict)
            or not isinstance(value.get("name"), str)
            or value.get("in")
            not in (
                "query",
                "path",
                "header",
                "cookie",
            )
        ):
            raise ContractError(f"{holder}#{pointer}", "expected a parameter with a name and in: query, path or header")
        rules = self._extension(value, "parameter", pointer) if EXTENSION in value else {}
        schema = self._schema(value.get("schema", {}), holder, f"{pointer}/schema").schema
        schema = schema if isinstance(schema, dict) else {}
        several = schema.get("type") == "array"
        drawn = rules.get("drawn-from")
        return Parameter(
            name=value["name"],
            place=value["in"],
            required=bool(value.get("required", False)),
            several=several,
            schema=schema,
            item_schema=schema.get("items", {}) if several else schema,
            drawn_from=drawn and DrawnFrom(drawn["operation"], drawn["pointer"]),
            example=value.get("example"),
        )

    def _body(self, operation: dict[str, Any], rules: dict[str, Any], holder: Path, pointer: str) -> Body | None:
        if "requestBody" not in operation:
            return None
        value, holder, where = self.references.resolved(operation["requestBody"], holder, f"{pointer}/requestBody")
        content = value.get("content") if isinstance(value, dict) else None
        if not isinstance(content, dict) or not content:
            raise ContractError(f"{holder}#{where}/content", "expected an object with at least one media type")
        return Body(
            required=bool(value.get("required", False)),
            schemas=self._bodies(content, holder, where, "readOnly"),
            when_unreadable=rules.get("unreadable-body", "reject"),
        )

    def _bodies(
        self, content: dict[str, Any], holder: Path, pointer: str, hidden: Hidden
    ) -> dict[str, CompiledSchema | None]:
        """Return the schema of each media type, None where it has none. hidden: as `_schema` has it."""
        schemas: dict[str, CompiledSchema | None] = {}
        for media_type, body in content.items():
            where = f"{pointer}/content{pointers.join([media_type])}"
            schema = body.get("schema") if isinstance(body, dict) else None
            schemas[media_type] = None if schema is None else self._schema(schema, holder, f"{where}/schema", hidden)
        return schemas

    def _responses(self, value: Any, holder: Path, pointer: str) -> dict[str, Response]:
        if not isinstance(value, dict) or not value:
            raise ContractError(f"{holder}#{pointer}", "expected an object with at least one status")
        return {
            status: self._response(
                status, *self.references.resolved(response, holder, pointer + pointers.join([status]))
            )
            for status, response in value.items()
        }

    def _response(self, status: str, value: Any, holder: Path, pointer: str) -> Response:
        if not re.fullmatch(r"[1-5](\d\d|XX)|default", status) or not isinstance(value, dict):
            raise ContractError(
                f"{holder}#{pointer}", f"found {status!r}; expected a status such as 200 with an object"
            )
        content = value.get("content") or {}
        if not isinstance(content, dict):
            raise ContractError(f"{holder}#{pointer}/content", "expected an object of media types")
        headers = self._headers(value.get("headers"), holder, f"{pointer}/headers")
        if not content:
            return Response(status, None, None, None, headers=headers)
        bodies = self._bodies(content, holder, pointer, "writeOnly")
        media_type, body = next(iter(content.items()))
        example = body.get("example") if isinstance(body, dict) else None
        examples = {name: self._examples(value, holder, pointer) for name, value in content.items()}
        return Response(status, media_type, bodies[media_type], example, bodies, examples, headers)

    def _examples(self, body: Any, holder: Path, pointer: str) -> tuple[Any, ...]:
        """Return the examples of a media type: its `example`, or the values of its `examples` (OpenAPI 3.1)."""
        if not isinstance(body, dict):
            return ()
        if "example" in body:
            return (body["example"],)
        named = body.get("examples")
        listed = [self._aside(value, holder, pointer) for value in named.values()] if isinstance(named, dict) else []
        return tuple(one["value"] for one in listed if isinstance(one, dict) and "value" in one)

    def _headers(self, value: Any, holder: Path, pointer: str) -> dict[str, CompiledSchema]:
        """Return the schema of each header of a response that has one, by its name in lower case."""
        headers = {}
        for name, header in value.items() if isinstance(value, dict) else ():
            said = self._aside(header, holder, pointer)
            schema = said.get("schema") if isinstance(said, dict) else None
            if isinstance(schema, (dict, bool)):
                headers[str(name).lower()] = self._schema(schema, holder, f"{pointer}{pointers.join([name])}/schema")
        return headers

    def _aside(self, value: Any, holder: Path, pointer: str) -> Any:
        """Return what a value refers to, None where that cannot be read: nothing depends on it."""
        try:
            return self.references.resolved(value, holder, pointer)[0]
        except ContractError:
            return None


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
