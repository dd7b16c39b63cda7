"""Hostile contracts, as data: how each changes the smallest contract, or the whole text of its file."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from tests.contracts.minimal import document

SECRET = "MARKED-SECRET-OUTSIDE"
"""What the files hold that no document may read."""
LOADED = "loaded"
"""What is said of a document that is odd and still good."""


@dataclass(frozen=True)
class Case:
    """One hostile file. text: what it holds; expected: a part of the line that refuses it, or LOADED, or "" for any."""

    name: str
    text: str
    expected: str = ""
    kind: str = "json"


Change = Callable[[dict[str, Any]], Any]


def _changed(name: str, change: Change, expected: str = "") -> Case:
    value = document()
    change(value)
    return Case(name, json.dumps(value), expected)


NAMES = {
    "passwd": "/etc/passwd",
    "parent": "../secret.yaml",
    "percent": "%2e%2e/secret.yaml",
    "percent-slash": "..%2fsecret.yaml",
    "down-and-up": "inside/../../secret.yaml",
    "link": "link.yaml",
    "link-to-folder": "linked/secret.yaml",
    "link-to-itself": "circle.yaml",
    "pipe": "pipe.yaml",
    "folder": "inside",
    "here": ".",
    "zero": "/dev/zero",
    "standard-input": "/dev/stdin",
    "environment": "/proc/self/environ",
    "memory": "/proc/self/mem",
    "home": "~/.netrc",
    "file-address": "file:///etc/passwd",
    "address": "http://127.0.0.1:9/x.yaml",
    "secure-address": "https://example.invalid/x.yaml",
    "host": "//example.invalid/x.yaml",
    "share": "\\\\host\\share.yaml",
    "null": "a\0b.yaml",
    "long": "x" * 100_000,
    "text": "text.yaml",
    "large": "large.yaml",
}
"""Names of files that no contract may refer to; `loading.py` makes those that lie in the folder."""


def _schema(value: dict[str, Any], name: str) -> None:
    value["x-apitwin"]["collections"]["crates"]["schema"] = {"$ref": name}


def _path_item(value: dict[str, Any], name: str) -> None:
    value["paths"]["/other/"] = {"$ref": name}


def _response(value: dict[str, Any], name: str) -> None:
    value["paths"]["/crates/"]["get"]["responses"]["404"] = {"$ref": name}


def _parameter(value: dict[str, Any], name: str) -> None:
    value["paths"]["/crates/"]["get"]["parameters"].append({"$ref": name})


def _scheme(value: dict[str, Any], name: str) -> None:
    value["components"]["securitySchemes"]["token"] = {"$ref": name}


def _root(key: str) -> Callable[[dict[str, Any], str], None]:
    def place(value: dict[str, Any], name: str) -> None:
        value["x-apitwin"][key] = name

    return place


PLACES = {
    "schema": _schema,
    "path": _path_item,
    "response": _response,
    "parameter": _parameter,
    "scheme": _scheme,
    "profile": _root("profile"),
}


def _references() -> Iterator[Case]:
    for where, place in PLACES.items():
        for name, file in NAMES.items():
            yield _changed(f"{where}-{name}", lambda value, place=place, file=file: place(value, file))  # type: ignore[misc]
    for name in ("passwd", "parent", "link", "pipe", "zero", "null", "address", "link-to-itself"):
        yield _changed(f"world-{name}", lambda value, name=name: _root("world")(value, NAMES[name]))  # type: ignore[misc]


def _chain(length: int, width: int, word: str = "allOf") -> dict[str, Any]:
    links = {f"L{n}": {word: [{"$ref": f"#/components/schemas/L{n + 1}"}] * width} for n in range(length)}
    return {**links, f"L{length}": {"type": "object"}}


def _linked(length: int, width: int, word: str = "allOf") -> Change:
    def change(value: dict[str, Any]) -> None:
        value["components"]["schemas"].update(_chain(length, width, word))
        _schema(value, "#/components/schemas/L0")

    return change


def _pattern(pattern: Any) -> Change:
    def change(value: dict[str, Any]) -> None:
        value["components"]["schemas"]["Crate"]["properties"]["name"]["pattern"] = pattern

    return change


def _nested(depth: int) -> Any:
    value: Any = {}
    for _ in range(depth):
        value = {"not": value}
    return value


def _crate(schema: Any) -> Change:
    def change(value: dict[str, Any]) -> None:
        value["components"]["schemas"]["Crate"]["properties"]["odd"] = schema

    return change


def _many(number: int) -> Change:
    def change(value: dict[str, Any]) -> None:
        read = value["paths"]["/crates/"]["get"]
        for n in range(number):
            value["paths"][f"/crates{n}/"] = {"get": {**read, "operationId": f"list_{n}"}}

    return change


def _graph(definitions: int, operations: int) -> Change:
    def change(value: dict[str, Any]) -> None:
        value["components"]["schemas"].update(
            {f"G{n}": {"properties": {"x": {"$ref": f"#/components/schemas/G{n + 1}"}}} for n in range(definitions)}
        )
        value["components"]["schemas"][f"G{definitions}"] = {}
        for n in range(operations):
            schema = {"items": {"$ref": "#/components/schemas/G0"}}
            content = {"application/json": {"schema": schema}}
            value["paths"][f"/g{n}/"] = {"get": {"responses": {"200": {"description": "", "content": content}}}}

    return change


def _title(text: str) -> Change:
    def change(value: dict[str, Any]) -> None:
        value["info"]["title"] = text

    return change


def _bombs() -> Iterator[Case]:
    yield _changed("doubled-references", _linked(30, 2), "for one value")
    yield _changed("doubled-choices", _linked(30, 2, "anyOf"), "for one value")
    yield _changed("thousandfold-references", _linked(3, 1000), "for one value")
    yield _changed("long-chain", _linked(5000, 1), "lead to each other")
    yield _changed("chain-of-many", _graph(2000, 3), LOADED)
    yield _changed("graph-of-many", _graph(2000, 300), "100000 values")
    yield _changed("circle", lambda value: _schema(value, "#/x-apitwin/collections/crates/schema"), "circle")
    yield _changed("deep-schema", _crate(_nested(200)), "nested too deeply")
    yield _changed("many-operations", _many(200), LOADED)
    for name, pattern, expected in (
        ("backtracking", "^(a+)+$", LOADED),
        ("looking-ahead", "^(a|a)*(?=b)$", LOADED),
        ("repeated", "(a{1,1000}){1,1000}", "no usable JSON Schema"),
        ("thrice-repeated", "((a{0,99}){0,99}){0,99}", "no usable JSON Schema"),
        ("huge-count", "a{4294967295}", "no usable JSON Schema"),
        ("parentheses", "(" * 5000 + ")" * 5000, "no usable JSON Schema"),
        ("long-pattern", "a?" * 500_000, "1000000 characters"),
        ("broken-pattern", "(", "no usable JSON Schema"),
        ("number-as-pattern", 5, "no JSON Schema"),
    ):
        yield _changed(name, _pattern(pattern), expected)
    yield _changed("title-that-clears", _title("\x1b[2J\x1b]0;owned\x07"), LOADED)
    yield _changed("title-right-to-left", _title("\u202egnp.exe"), LOADED)
    yield _changed("title-of-workflow", _title("\n::error::owned"), LOADED)
    yield _changed("title-with-half-a-pair", _title("a\ud800"), "no character")
    yield _changed("long-title", _title("x" * 1_000_000), LOADED)
    yield _changed("key-with-half-a-pair", lambda value: value.update({"\udfff": 1}), "no character")
    yield _changed("unknown-key-long", lambda value: value["x-apitwin"].update({"k" * 1_000_000: 1}), "unknown key")
    yield _changed("unknown-key-control", lambda value: value["x-apitwin"].update({"\x1b[2J\n": 1}), "unknown key")
    yield _changed(
        "many-unknown-collections",
        lambda value: value["x-apitwin"]["collections"].update({f"c{n}" * 30: {"identity": 1} for n in range(20_000)}),
    )


def _texts() -> Iterator[Case]:
    start = '{"openapi": "3.1.0", "paths": '
    doubled = "".join(f"b{n + 1}: &b{n + 1} [{', '.join([f'*b{n}'] * 9)}]\n" for n in range(30))
    yield Case("laughs", f"openapi: 3.1.0\nb0: &b0 [x]\n{doubled}", "500000 values", "yaml")
    merged = "".join(f"m{n + 1}: &m{n + 1} {{<<: [*m{n}, *m{n}], k{n}: 1}}\n" for n in range(30))
    yield Case("merged-laughs", f"openapi: 3.1.0\nm0: &m0 {{k: 1}}\n{merged}", "500000 values", "yaml")
    long = "x" * 1_000_000
    yield Case("aliases-of-a-long-text", f"a: &a {long}\nb: [{', '.join(['*a'] * 100_000)}]", "3.1.0", "yaml")
    yield Case("alias-inside-itself", "openapi: &a [*a]", "recursive", "yaml")
    yield Case("merge-of-itself", "openapi: &a {<<: *a}", "recursive", "yaml")
    yield Case("long-alias", f"a: *{long}", "alias", "yaml")
    yield Case("many-keys", "".join(f"k{n}: 1\n" for n in range(100_000)), "3.1.0", "yaml")
    yield Case("many-keys-and-one-twice", "".join(f"k{n}: 1\n" for n in range(100_000)) + "k0: 2", "twice", "yaml")
    yield Case("many-keys-json", "{" + ", ".join(f'"k{n}": 1' for n in range(100_000)) + ', "k0": 1}', "twice")
    yield Case("many-values", "[" + "1, " * 600_000 + "1]", "500000 values")
    yield Case("many-yaml-values", "- 1\n" * 600_000, "500000 values", "yaml")
    yield Case("many-anchors", "".join(f"- &a{n} x\n" for n in range(100_000)), "no object", "yaml")
    yield Case("too-large", " " * (17 * 2**20), "more than 16777216 bytes")
    yield Case("deep", start + "[" * 100_000 + "]" * 100_000 + "}", "nested too deeply")
    yield Case("deep-by-150", start + '{"a":' * 150 + "1" + "}" * 151, "nested too deeply")
    yield Case("deep-yaml", "a: " + "[" * 100_000, "nest", "yaml")
    yield Case("deep-blocks", "".join(" " * depth + "a:\n" for depth in range(1500)), "nest", "yaml")
    yield Case("deep-dashes", "- " * 100_000, "nest", "yaml")
    yield Case("deep-keys", "? " * 100_000, "", "yaml")
    for number in (
        "1e400",
        "-1e400",
        "NaN",
        "Infinity",
        "-Infinity",
        "9" * 5000,
        "1" * 1_000_000,
        "0." + "1" * 100_000,
    ):
        yield Case(f"number-{number[:9]}-{len(number)}", f'{start}{{"/a": {number}}}}}', "no JSON")
    for number in (
        "1e400",
        "9" * 5000,
        "!!int x",
        "!!float .inf",
        "!!python/object/apply:os.system [id]",
        "!!binary eA==",
    ):
        yield Case(f"yaml-number-{number[:9]}", f"openapi: {number}", "no YAML", "yaml")
    yield Case("python-name", "!!python/name:os.system ''", "no YAML", "yaml")
    yield Case("long-tag", f"!<{long}> a", "no YAML", "yaml")
    yield Case("own-tag-prefix", "%TAG ! tag:yaml.org,2002:python/\n---\n!object:os.x {}", "no YAML", "yaml")
    yield Case("two-documents", "--- 1\n--- 2", "another document", "yaml")
    yield Case("mark-before", '\ufeff{"openapi": "4.0.0"}', "3.1.0")
    yield Case("list-as-key", "? [a, b]\n: 1", "a key must be a scalar", "yaml")
    yield Case("long-line", f'"{long}', "no JSON")
    yield Case("yaml-quote", f'"{long}', "no YAML", "yaml")
    yield Case("control-in-yaml", "a: \x1b[2J", "no YAML", "yaml")
    yield Case("half-a-pair-in-yaml", 'a: "\\ud800"', "no YAML", "yaml")


CASES = (*_references(), *_bombs(), *_texts())
