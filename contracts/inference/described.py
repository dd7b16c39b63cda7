"""Operations as a document describes them, read one at a time and without compiling anything."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from apitwin.contracts.inference.nodes import Node, Shape, Shapes
from apitwin.contracts.inference.spelling import called

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
"""The methods of a Path Item Object (OpenAPI 3.1)."""
_PLACEHOLDER = re.compile(r"{([^}]*)}")


@dataclass(frozen=True)
class Asked:
    """One parameter: its name, its place, what its schema comes to, and what is said of it in lower case."""

    name: str
    place: str
    shape: Shape
    said: str
    is_required: bool
    is_deprecated: bool

    @property
    def called(self) -> str:
        """Its name however spelled, without what it stands in."""
        return called(self.name)


class Described:
    """One method on one path. Everything is read when it is first asked for."""

    def __init__(self, path: str, method: str, item: Node, shapes: Shapes) -> None:
        """item: the Path Item Object that the operation stands in."""
        self.path = path
        self.method = method
        self._item = item
        self._shapes = shapes

    @cached_property
    def node(self) -> Node:
        """The Operation Object."""
        node = self._item.at(self.method)
        return node if node is not None and isinstance(node.value, Mapping) else Node({}, self._item.holder, "")

    @property
    def id(self) -> str:
        """Its operationId, or its method and path where it has none."""
        return str(self.node.value.get("operationId") or f"{self.method} {self.path}")

    @property
    def title(self) -> str:
        """Its operationId and its summary."""
        return " ".join(str(self.node.value.get(word) or "") for word in ("operationId", "summary"))

    @cached_property
    def said(self) -> str:
        """Its summary and description in lower case."""
        texts = (self.node.value.get(word) for word in ("summary", "description"))
        return " ".join(text for text in texts if isinstance(text, str)).lower()

    @cached_property
    def parameters(self) -> tuple[Asked, ...]:
        """Its parameters, those of its path included."""
        found: dict[tuple[str, str], Asked] = {}
        for node in (self._item, self.node):
            listed = node.value.get("parameters") if isinstance(node.value, Mapping) else None
            for index in range(len(listed) if isinstance(listed, list) else 0):
                asked = self._asked(self._shapes.resolved(node.at("parameters", index)))
                if asked is not None:
                    found[asked.place, asked.name] = asked
        return tuple(found.values())

    def _asked(self, node: Node | None) -> Asked | None:
        value = node.value if node is not None else None
        if node is None or not isinstance(value, Mapping) or not isinstance(value.get("name"), str):
            return None
        content = value.get("content")
        schema = node.at("schema")
        if schema is None and isinstance(content, Mapping) and content:
            schema = node.at("content", next(iter(content)), "schema")
        shape = self._shapes.of(schema)
        text = value.get("description")
        said = f"{text.lower()} {shape.description}" if isinstance(text, str) else shape.description
        return Asked(
            name=value["name"],
            place=str(value.get("in")),
            shape=shape,
            said=said.strip(),
            is_required=bool(value.get("required")),
            is_deprecated=bool(value.get("deprecated"))
            or said.lstrip().startswith(("deprecated", "[deprecated", "**deprecated")),
        )

    @property
    def query(self) -> dict[str, Asked]:
        """Its query parameters by name."""
        return {asked.name: asked for asked in self.parameters if asked.place == "query"}

    @cached_property
    def answer(self) -> Node | None:
        """The Response Object of its first documented success: 200, then other 2xx, then `2XX`."""
        responses = self.node.value.get("responses")
        if not isinstance(responses, Mapping):
            return None
        successes = sorted(str(status) for status in responses if str(status).startswith("2"))
        for status in ("200", *successes):
            if status in responses:
                return self._shapes.resolved(self.node.at("responses", status))
        return None

    @property
    def answers_200(self) -> bool:
        """Whether 200 is documented, or 2XX alone, which it is one of: of other answers no page is read."""
        responses = self.node.value.get("responses")
        successes = [str(status) for status in responses or () if str(status).startswith("2")]
        return "200" in successes or successes == ["2XX"]

    @cached_property
    def body(self) -> Node | None:
        """The schema of what it answers, the JSON one where there are several media types."""
        return _schema(self.answer)

    @cached_property
    def headers(self) -> dict[str, str]:
        """The headers of its answer by their names in lower case."""
        held = (
            self.answer.value.get("headers")
            if self.answer is not None and isinstance(self.answer.value, Mapping)
            else None
        )
        return {str(name).lower(): str(name) for name in held} if isinstance(held, Mapping) else {}

    @cached_property
    def sent(self) -> Node | None:
        """The schema of what it takes in its body."""
        return _schema(self._shapes.resolved(self.node.at("requestBody")))

    @property
    def takes_body(self) -> bool:
        """Whether it takes a body."""
        return "requestBody" in self.node.value

    @property
    def names_in_path(self) -> tuple[str, ...]:
        """The parameters of its path, from left to right."""
        return tuple(_PLACEHOLDER.findall(self.path))


def _schema(node: Node | None) -> Node | None:
    """Return the schema of a Response Object or a Request Body Object, of JSON before any other media type."""
    content = node.value.get("content") if node is not None and isinstance(node.value, Mapping) else None
    if node is None or not isinstance(content, Mapping):
        return None
    ordered = sorted(content, key=lambda kind: 0 if kind == "application/json" else 1 if "json" in kind else 2)
    return next((found for kind in ordered if (found := node.at("content", kind, "schema")) is not None), None)


def operations(document: Mapping[str, Any], holder: Any, shapes: Shapes) -> Iterator[Described]:
    """Give the operations of a document, path by path; a path that is no object has none."""
    paths = Node(document, holder, "").at("paths")
    for path in paths.value if paths is not None and isinstance(paths.value, Mapping) else ():
        item = shapes.resolved(paths.at(path)) if paths is not None else None
        if item is None or not isinstance(item.value, Mapping):
            continue
        for method in METHODS:
            if method in item.value:
                yield Described(str(path), method, item, shapes)
