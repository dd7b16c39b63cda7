"""The parts of an operation: its parameters, the body it takes, the answers it gives."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from apitwin.contracts import pointers
from apitwin.contracts.errors import ContractError
from apitwin.contracts.extension import EXTENSION
from apitwin.contracts.model import Body, DrawnFrom, Parameter, Response
from apitwin.contracts.references import References
from apitwin.contracts.schemas import Schemas
from apitwin.contracts.set_aside import SetAsides
from apitwin.contracts.setting_aside.members import PLACES, STATUS
from apitwin.contracts.validation import CompiledSchema
from apitwin.contracts.views import Hidden
from apitwin.contracts.without_null import without_null

STYLES: Mapping[str, str] = {"query": "form", "cookie": "form", "path": "simple", "header": "simple"}
"""How the values of a parameter are written that says nothing of it, by its place (OpenAPI 3.1.1, section 4.8.12)."""
_NAMED = re.compile(r"{([^}]*)}")


class Parts:
    """Reads the parts of the operations of one document."""

    def __init__(
        self,
        schemas: Schemas,
        extension: Callable[[Mapping[str, Any], str, str], dict[str, Any]],
        notes: SetAsides | None,
    ) -> None:
        """extension: returns the checked `x-apitwin` of an object. notes: None where everything wrong is an error."""
        self._schemas = schemas
        self._references: References = schemas.references
        self._extension = extension
        self._notes = notes
        self._parameters: dict[tuple[Path, str], Parameter] = {}

    def parameters(
        self, path: str, item: Mapping[str, Any], operation: Mapping[str, Any], holder: Path, pointer: str
    ) -> tuple[Parameter, ...]:
        """Return the parameters of an operation, those in its path first and in the order of the path."""
        parameters: dict[tuple[str, str], Parameter] = {}
        shared = pointer.rpartition("/")[0]
        for listed, where in ((item.get("parameters", []), shared), (operation.get("parameters", []), pointer)):
            if not isinstance(listed, list):
                raise ContractError(f"{holder}#{where}/parameters", "expected an array of parameters")
            for index, value in enumerate(listed):
                parameter = self._parameter(*self._references.resolved(value, holder, f"{where}/parameters/{index}"))
                parameters[parameter.place, parameter.name] = parameter
        in_path = list(dict.fromkeys(_NAMED.findall(path)))
        for name in in_path:
            if ("path", name) not in parameters:
                parameters["path", name] = self._undeclared(name, f"{holder}#{pointer}/parameters")
        ordered = [parameters.pop(("path", name)) for name in in_path]
        if self._notes is not None:
            for parameter in parameters.values():
                if parameter.place == "path":
                    said = f"the path has no {{{parameter.name}}} for this parameter"
                    self._notes.note(f"{holder}#{pointer}/parameters", said)
        return (*ordered, *(parameter for parameter in parameters.values() if parameter.place != "path"))

    def _undeclared(self, name: str, place: str) -> Parameter:
        problem = f"the path has {{{name}}}, and no parameter says what it is"
        if self._notes is None:
            raise ContractError(place, problem)
        self._notes.note(place, f"{problem}; any text is taken for its value")
        schema = {"type": "string"}
        return Parameter(name, "path", True, False, schema, None, schema, None, "simple", False)

    def _parameter(self, value: Any, holder: Path, pointer: str) -> Parameter:
        if (holder, pointer) not in self._parameters:
            self._parameters[holder, pointer] = self._read(value, holder, pointer)
        return self._parameters[holder, pointer]

    def _read(self, value: Any, holder: Path, pointer: str) -> Parameter:
        if not isinstance(value, dict) or not isinstance(value.get("name"), str) or value.get("in") not in PLACES:
            raise ContractError(f"{holder}#{pointer}", "expected a parameter with a name and in: query, path or header")
        rules = self._extension(value, "parameter", pointer) if EXTENSION in value else {}
        schema = without_null(self._schemas.of(value.get("schema", {}), holder, f"{pointer}/schema").schema)
        schema = schema if isinstance(schema, dict) else {}
        several = schema.get("type") == "array"
        drawn = rules.get("drawn-from")
        style = value.get("style")
        style = style if isinstance(style, str) else STYLES[value["in"]]
        explode = value.get("explode")
        return Parameter(
            name=value["name"],
            place=value["in"],
            required=value.get("required") is True or value["in"] == "path",
            several=several,
            schema=schema,
            item_schema=schema.get("items", {}) if several else schema,
            drawn_from=drawn and DrawnFrom(drawn["operation"], drawn["pointer"]),
            example=self._example(value, holder, pointer),
            style=style,
            explode=explode if isinstance(explode, bool) else style == "form",
        )

    def body(self, operation: Mapping[str, Any], rules: Mapping[str, Any], holder: Path, pointer: str) -> Body | None:
        """Return what an operation takes in its body, None where it takes none."""
        if "requestBody" not in operation:
            return None
        value, holder, where = self._references.resolved(operation["requestBody"], holder, f"{pointer}/requestBody")
        content = value.get("content") if isinstance(value, dict) else None
        if not isinstance(content, dict) or not content:
            raise ContractError(f"{holder}#{where}/content", "expected an object with at least one media type")
        return Body(
            required=bool(value.get("required", False)),
            schemas=self._bodies(content, holder, where, "readOnly"),
            when_unreadable=rules.get("unreadable-body", "reject"),
        )

    def _bodies(
        self, content: Mapping[str, Any], holder: Path, pointer: str, hidden: Hidden
    ) -> dict[str, CompiledSchema | None]:
        """Return the schema of each media type, None where it has none. hidden: as `Schemas.of` has it."""
        schemas: dict[str, CompiledSchema | None] = {}
        for media_type, body in content.items():
            where = f"{pointer}/content{pointers.join([media_type])}"
            schema = body.get("schema") if isinstance(body, dict) else None
            schemas[media_type] = (
                None if schema is None else self._schemas.of(schema, holder, f"{where}/schema", hidden)
            )
        return schemas

    def responses(self, value: Any, holder: Path, pointer: str) -> dict[str, Response]:
        """Return the documented answers by status."""
        if not isinstance(value, dict) or (not value and self._notes is None):
            raise ContractError(f"{holder}#{pointer}", "expected an object with at least one status")
        return {
            status: self._response(
                status, *self._references.resolved(response, holder, pointer + pointers.join([status]))
            )
            for status, response in value.items()
        }

    def _response(self, status: str, value: Any, holder: Path, pointer: str) -> Response:
        if not STATUS.fullmatch(status) or not isinstance(value, dict):
            raise ContractError(
                f"{holder}#{pointer}", f"found {status!r}; expected a status such as 200 with an object"
            )
        content = value.get("content") or {}
        if not isinstance(content, dict):
            raise ContractError(f"{holder}#{pointer}/content", "expected an object of media types")
        headers = self._headers(value.get("headers"), holder, f"{pointer}/headers")
        required = self._required_headers(value.get("headers"), holder, f"{pointer}/headers")
        if not content:
            return Response(status, None, None, None, headers=headers, required_headers=required)
        bodies = self._bodies(content, holder, pointer, "writeOnly")
        media_type, body = next(iter(content.items()))
        where = f"{pointer}/content{pointers.join([media_type])}"
        examples = {name: self._examples(part, holder, pointer) for name, part in content.items()}
        return Response(
            status,
            media_type,
            bodies[media_type],
            self._example(body, holder, where),
            bodies,
            examples,
            headers,
            required,
        )

    def _examples(self, body: Any, holder: Path, pointer: str) -> tuple[Any, ...]:
        """Return the examples of a media type: its `example`, or the values of its `examples` (OpenAPI 3.1)."""
        if not isinstance(body, dict):
            return ()
        if "example" in body:
            return (body["example"],)
        named = body.get("examples")
        listed = [self._aside(part, holder, pointer) for part in named.values()] if isinstance(named, dict) else []
        return tuple(part["value"] for part in listed if isinstance(part, dict) and "value" in part)

    def _headers(self, value: Any, holder: Path, pointer: str) -> dict[str, CompiledSchema]:
        """Return the schema of each header of a response that has one, by its name in lower case."""
        headers = {}
        for name, header in value.items() if isinstance(value, dict) else ():
            said = self._aside(header, holder, pointer)
            schema = said.get("schema") if isinstance(said, dict) else None
            if isinstance(schema, (dict, bool)):
                where = f"{pointer}{pointers.join([name])}/schema"
                headers[str(name).lower()] = self._schemas.of(schema, holder, where)
        return headers

    def _required_headers(self, value: Any, holder: Path, pointer: str) -> frozenset[str]:
        """Return the names of the headers that are `required`, in lower case."""
        named = value.items() if isinstance(value, dict) else ()
        said = {str(name).lower(): self._aside(header, holder, pointer) for name, header in named}
        return frozenset(name for name, header in said.items() if isinstance(header, dict) and header.get("required"))

    def _aside(self, value: Any, holder: Path, pointer: str) -> Any:
        """Return what a value refers to, None where that cannot be read: nothing depends on it."""
        try:
            return self._references.resolved(value, holder, pointer)[0]
        except ContractError:
            return None

    def _example(self, value: Any, holder: Path, pointer: str) -> Any:
        """Return the example of a parameter or a media type: `example`, or the value of the first of `examples`."""
        if not isinstance(value, dict):
            return None
        named = value.get("examples")
        if "example" in value or not isinstance(named, dict) or not named:
            return value.get("example")
        name, first = next(iter(named.items()))
        first, _, _ = self._references.resolved(first, holder, f"{pointer}/examples{pointers.join([name])}")
        return first.get("value") if isinstance(first, dict) else None
