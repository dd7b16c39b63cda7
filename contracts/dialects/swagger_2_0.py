"""Swagger 2.0, as OpenAPI was called before: bodies are parameters, media types stand apart from what they carry.

Source: the OpenAPI Specification, version 2.0. Definitions, parameters and responses stay where they are, so that every
reference to them holds, and every error names a place that the author knows; `components` has the definitions too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from apitwin.contracts import pointers
from apitwin.contracts.dialects import openapi_3_0
from apitwin.contracts.dialects.dialect import Dialect
from apitwin.contracts.objects import METHODS
from apitwin.contracts.walking import Place, Rules, Walk

JSON = "application/json"
URLENCODED, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
FLOWS = {"application": "clientCredentials", "accessCode": "authorizationCode"}
"""The OAuth2 flows that have another name in OpenAPI 3."""
STYLES: Mapping[str, tuple[str, bool]] = {
    "csv": ("form", False),
    "ssv": ("spaceDelimited", False),
    "pipes": ("pipeDelimited", False),
    "multi": ("form", True),
}
"""What each `collectionFormat` is called in OpenAPI 3: style and explode. `tsv` has no name there."""
BESIDE = frozenset(
    {"name", "in", "description", "required", "allowEmptyValue", "collectionFormat", "schema", "headers"}
)
"""Members of a parameter or a header that say nothing of its values."""


class _Reading:
    """One document. shared: its parameters by name, of which those that are bodies go into operations."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._document = document
        shared = document.get("parameters")
        self._shared: dict[str, Any] = dict(shared) if isinstance(shared, dict) else {}

    @property
    def rules(self) -> Rules:
        return {
            "document": (self.document,),
            "path item": (self.path_item,),
            "operation": (self.operation,),
            "parameter": (parameter,),
            "header": (header,),
            "schema": (schema,),
            "security scheme": (security_scheme,),
        }

    def document(self, value: dict[str, Any], place: Place, walk: Walk) -> dict[str, Any]:
        value["openapi"] = "3.1.0"
        value["servers"] = [{"url": url} for url in _addresses(value)]
        if isinstance(value.get("parameters"), dict):
            value["parameters"] = {name: one for name, one in self._shared.items() if not _is_body(one)}
        components = {"schemas": value.get("definitions"), "securitySchemes": value.get("securityDefinitions")}
        value["components"] = {name: held for name, held in components.items() if isinstance(held, dict)}
        return value

    def path_item(self, value: dict[str, Any], place: Place, walk: Walk) -> dict[str, Any]:
        """Put the bodies that all operations of a path share into each of them."""
        listed = value.get("parameters")
        shared = [one for one in listed if _is_body(self._meant(one))] if isinstance(listed, list) else []
        if shared:
            value["parameters"] = [one for one in value["parameters"] if one not in shared]
            for method in METHODS:
                operation = value.get(method)
                if isinstance(operation, dict) and isinstance(operation.get("parameters", []), list):
                    operation["parameters"] = [*operation.get("parameters", []), *shared]
        return value

    def operation(self, value: dict[str, Any], place: Place, walk: Walk) -> dict[str, Any]:
        listed = value.get("parameters")
        if isinstance(listed, list):
            meant = [self._meant(one) for one in listed]
            bodies = [one for one in meant if _is_body(one)]
            value["parameters"] = [one for one, other in zip(listed, meant, strict=True) if not _is_body(other)]
            body = _request_body(bodies, self._media_types(value, "consumes"))
            if body is not None:
                value["requestBody"] = body
        produces = self._media_types(value, "produces") or [JSON]
        responses = value.get("responses")
        answers: dict[str, Any] = responses if isinstance(responses, dict) else {}
        for status, response in answers.items():
            if isinstance(response, dict) and not status.startswith("x-"):
                answers[status] = self._answer(response, produces, walk, place)
        return value

    def _answer(self, response: dict[str, Any], produces: list[str], walk: Walk, place: Place) -> dict[str, Any]:
        """Return a response with its content: a copy of one that others refer to, which may have other media types."""
        if "$ref" in response:
            reference = response["$ref"]
            found = self._found(reference, "#/responses/", self._document.get("responses"))
            if found is None:
                return response
            response = dict(found)
        if "schema" not in response and not isinstance(response.get("examples"), dict):
            return response
        examples = response.pop("examples", None)
        examples = examples if isinstance(examples, dict) else {}
        schema = response.pop("schema", None)
        content: dict[str, dict[str, Any]] = {
            media_type: {} if schema is None else {"schema": schema}
            for media_type in (produces if schema is not None else examples)
        }
        for media_type, example in examples.items():
            if media_type in content:
                content[media_type]["example"] = example
        return {**response, "content": content}

    def _media_types(self, operation: Mapping[str, Any], word: str) -> list[str]:
        said = operation.get(word, self._document.get(word))
        return [one for one in said if isinstance(one, str)] if isinstance(said, list) else []

    def _meant(self, value: Any) -> Any:
        """Return a parameter, or the shared one that it refers to."""
        if isinstance(value, dict) and "$ref" in value:
            return self._found(value["$ref"], "#/parameters/", self._shared) or value
        return value

    def _found(self, reference: Any, base: str, named: Any) -> dict[str, Any] | None:
        if not isinstance(reference, str) or not reference.startswith(base) or not isinstance(named, dict):
            return None
        found = named.get(pointers.split(f"/{reference.removeprefix(base)}")[0])
        return found if isinstance(found, dict) else None


def _addresses(document: Mapping[str, Any]) -> list[str]:
    base = document.get("basePath")
    base = f"/{base.strip('/')}".rstrip("/") if isinstance(base, str) else ""
    host, schemes = document.get("host"), document.get("schemes")
    listed = [one for one in schemes if isinstance(one, str)] if isinstance(schemes, list) else []
    if not isinstance(host, str) or not host:
        return [base or "/"]
    return [f"{scheme}://{host}{base}" for scheme in listed or ["https"]]


def _is_body(value: Any) -> bool:
    return isinstance(value, dict) and value.get("in") in ("body", "formData")


def _request_body(parameters: Iterable[dict[str, Any]], consumes: list[str]) -> dict[str, Any] | None:
    listed = list(parameters)
    whole = next((one for one in listed if one["in"] == "body"), None)
    if whole is not None:
        content = {media_type: {"schema": whole.get("schema", {})} for media_type in consumes or [JSON]}
        return {"required": whole.get("required") is True, "content": content}
    if not listed:
        return None
    fields = [one for one in listed if isinstance(one.get("name"), str)]
    has_file = any(one.get("type") == "file" for one in fields)
    named = [one for one in consumes if one in (URLENCODED, MULTIPART)]
    form = {
        "type": "object",
        "properties": {one["name"]: schema_of(one) for one in fields},
        "required": [one["name"] for one in fields if one.get("required") is True],
    }
    usual = [MULTIPART] if has_file else named or [URLENCODED]
    return {"required": bool(form["required"]), "content": {media_type: {"schema": form} for media_type in usual}}


def schema_of(value: Mapping[str, Any]) -> dict[str, Any]:
    """Return the schema that the members of a parameter or a header are."""
    return {word: held for word, held in value.items() if word not in BESIDE and not word.startswith("x-example")}


def parameter(value: dict[str, Any], place: Place, walk: Walk) -> dict[str, Any]:
    """Give a parameter a schema, and the style that its `collectionFormat` means."""
    if "schema" in value or "in" not in value:
        return value
    schema = schema_of(value)
    if schema.get("type") == "array":
        said = value.get("collectionFormat", "csv")
        style, explode = STYLES.get(said, STYLES["csv"]) if isinstance(said, str) else STYLES["csv"]
        if said not in STYLES:
            walk.aside(place.inside("collectionFormat"), f"found {said!r}; expected one of {', '.join(STYLES)}")
        is_listed = value["in"] == "query"
        value.update(style=style if is_listed else "simple", explode=explode if is_listed else False)
    for word in schema:
        del value[word]
    value.pop("collectionFormat", None)
    value["schema"] = schema
    return value


def header(value: dict[str, Any], place: Place, walk: Walk) -> dict[str, Any]:
    """Give a header of a response a schema."""
    schema = schema_of(value)
    for word in schema:
        del value[word]
    value["schema"] = schema
    return value


def schema(value: dict[str, Any], place: Place, walk: Walk) -> dict[str, Any]:
    """Turn a schema into one of JSON Schema 2020-12: as in OpenAPI 3.0, and with a discriminator that is an object."""
    if isinstance(value.get("discriminator"), str):
        value["discriminator"] = {"propertyName": value["discriminator"]}
    value.pop("collectionFormat", None)
    return openapi_3_0.schema(value, place, walk)


def security_scheme(value: dict[str, Any], place: Place, walk: Walk) -> dict[str, Any]:
    """Turn `basic` into an HTTP scheme, and the one flow of an OAuth2 scheme into its `flows`."""
    if value.get("type") == "basic":
        value.update(type="http", scheme="basic")
    elif value.get("type") == "oauth2" and "flows" not in value:
        flow = str(value.pop("flow", "implicit"))
        parts = {word: value.pop(word) for word in ("authorizationUrl", "tokenUrl", "scopes") if word in value}
        value["flows"] = {FLOWS.get(flow, flow): {"scopes": {}, **parts}}
    return value


DIALECT = Dialect("Swagger 2.0", "swagger", ("2.0.",), lambda document: _Reading(document).rules)
