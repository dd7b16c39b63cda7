"""Broken contracts, and what the one line that refuses each of them says."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from apitwin.contracts import ContractError, load, pointers
from tests.contracts.minimal import document, write

REMOVED: Any = object()
LIST = "/paths/~1crates~1/get"
READ = "/paths/~1crates~1{id}~1/get"
RULE = "/x-apitwin/pagination/pages"
PAGE = f"{LIST}/responses/200/content/application~1json/schema"


@dataclass(frozen=True)
class Change:
    """One node of the minimal contract with another value, and the refusal to expect.

    at: where the value is put. says: words of the refusal. named: the pointer in it, where it is not `at`.
    """

    name: str
    at: str
    value: Any
    says: tuple[str, ...]
    named: str | None = None


CHANGES = [
    Change("version-missing", "/openapi", REMOVED, ("no `openapi` that says the version", "openapi: 3.1.0"), ""),
    Change("version-a-number", "/openapi", 3.1, ("found 3.1", "3.1.0")),
    Change("version-4", "/openapi", "4.0.0", ("found '4.0.0'", "3.1")),
    Change("no-paths", "/paths", REMOVED, ("at least one path",)),
    Change("empty-paths", "/paths", {}, ("at least one path",)),
    Change("paths-a-list", "/paths", ["/crates/"], ("at least one path",)),
    Change("path-without-slash", "/paths/crates", {}, ("'crates'", "does not start with '/'")),
    Change("path-no-object", "/paths/~1lids~1", ["get"], ("expected an object of methods",)),
    Change("operation-no-object", LIST, "yes", ("expected an operation object",)),
    Change(
        "duplicate-operation-id", f"{READ}/operationId", "crates_list", ("'crates_list'", "also that of", LIST), READ
    ),
    Change("no-responses", f"{LIST}/responses", REMOVED, ("at least one status",)),
    Change("unknown-status", f"{LIST}/responses/okay", {"description": ""}, ("'okay'", "a status such as 200")),
    Change("content-a-list", f"{LIST}/responses/200/content", ["application/json"], ("expected",)),
    Change("parameters-no-array", f"{LIST}/parameters", {"limit": 1}, ("expected an array of parameters",)),
    Change(
        "parameter-without-name",
        f"{LIST}/parameters/0/name",
        REMOVED,
        ("a parameter with a name",),
        f"{LIST}/parameters/0",
    ),
    Change(
        "parameter-in-the-body", f"{LIST}/parameters/0/in", "body", ("query, path or header",), f"{LIST}/parameters/0"
    ),
    Change(
        "path-parameter-undeclared",
        f"{READ}/parameters",
        [],
        ("{id}", "no parameter says what it is"),
    ),
    # References
    Change(
        "reference-to-a-missing-file",
        f"{PAGE}/$ref",
        "schemas/lid.json",
        ("'schemas/lid.json'", "cannot be read", "there is no such file"),
        PAGE,
    ),
    Change(
        "reference-to-a-missing-pointer",
        f"{PAGE}/$ref",
        "#/components/schemas/Lid",
        ("'#/components/schemas/Lid'", "names nothing", "'Lid'"),
        PAGE,
    ),
    Change(
        "reference-to-itself",
        "/components/schemas/Page",
        {"$ref": "#/components/schemas/Page"},
        ("leads round in a circle",),
        "/components/schemas/Page",
    ),
    Change(
        "reference-of-two-in-a-circle",
        "/components/schemas",
        {"Page": {"$ref": "#/components/schemas/Crate"}, "Crate": {"$ref": "#/components/schemas/Page"}},
        ("leads round in a circle",),
        "/components/schemas/",
    ),
    Change(
        "reference-to-the-network",
        f"{PAGE}/$ref",
        "http://crates.example/page.json",
        ("'http://crates.example/page.json'", "network", "only reads local files"),
        PAGE,
    ),
    Change("reference-no-text", f"{PAGE}/$ref", 7, ("$ref is 7", "expected a text"), PAGE),
    Change("reference-to-an-anchor", f"{PAGE}/$ref", "#page", ("'#page'", "use a JSON pointer"), PAGE),
    Change("reference-with-a-null-character", f"{PAGE}/$ref", "a\0b.json", ("$ref",), PAGE),
    Change("dynamic-reference", PAGE, {"$dynamicRef": "#page"}, ("$dynamicRef is not supported", "$ref")),
    Change("item-of-paths-refers-to-nothing", "/paths/~1lids~1", {"$ref": "#/nowhere"}, ("names nothing",)),
    # Schemas
    Change(
        "schema-of-a-wrong-type", f"{PAGE}", {"type": "crate"}, ("no JSON Schema 2020-12", "'crate'"), f"{PAGE}/type"
    ),
    Change("schema-with-a-text-for-a-number", f"{PAGE}", {"minItems": "1"}, ("no JSON Schema",), f"{PAGE}/minItems"),
    Change("schema-with-a-broken-pattern", f"{PAGE}", {"pattern": "("}, ("JSON Schema",), PAGE),
    Change("schema-a-list", PAGE, [], ("found []", "expected a JSON Schema")),
    Change(
        "schema-of-a-parameter",
        f"{LIST}/parameters/0/schema",
        {"type": "object", "required": "name"},
        ("no JSON Schema",),
        f"{LIST}/parameters/0/schema/required",
    ),
    Change(
        "schema-of-a-collection",
        "/x-apitwin/collections/crates/schema",
        {"properties": []},
        ("no JSON Schema",),
        "/x-apitwin/collections/crates/schema/properties",
    ),
    # Keys and words of x-apitwin
    Change(
        "unknown-key-at-the-root",
        "/x-apitwin/pagnation",
        {},
        (
            "unknown key 'pagnation'",
            "allowed: name, world, extension, auth, profile, errors",
            "did you mean 'pagination'?",
        ),
        "/x-apitwin",
    ),
    Change(
        "unknown-key-in-an-operation",
        f"{LIST}/x-apitwin/colection",
        "crates",
        ("unknown key 'colection'", "allowed: behaviour, effect, permission", "did you mean 'collection'?"),
        f"{LIST}/x-apitwin",
    ),
    Change(
        "unknown-key-in-a-parameter",
        f"{READ}/parameters/0/x-apitwin/drawn_from",
        {},
        ("unknown key 'drawn_from'", "allowed: drawn-from", "did you mean 'drawn-from'?"),
        f"{READ}/parameters/0/x-apitwin",
    ),
    Change(
        "unknown-key-in-a-limit",
        f"{RULE}/limit/max",
        9,
        ("unknown key 'max'", "allowed: parameter, maximum, default"),
        f"{RULE}/limit",
    ),
    Change(
        "unknown-key-in-a-sort",
        f"{LIST}/x-apitwin/sort/direction",
        "suffix",
        ("unknown key 'direction'", "did you mean 'directions'?"),
        f"{LIST}/x-apitwin/sort",
    ),
    Change("extension-no-object", "/x-apitwin", [], ("found []", "'object'")),
    Change(
        "wrong-word-over-the-maximum",
        f"{RULE}/limit/over-maximum",
        "clip",
        ('found "clip"', "expected one of truncate, reject, honour, unspecified"),
    ),
    Change(
        "wrong-word-for-an-offset",
        f"{RULE}/offset/when-negative",
        "one",
        ('found "one"', "expected one of zero, reject, unspecified"),
    ),
    Change(
        "wrong-word-for-a-scheme", "/x-apitwin/auth/scheme-case", "none", ('found "none"', "insensitive, sensitive")
    ),
    Change("wrong-word-for-a-filter", f"{LIST}/x-apitwin/filters/colour/match", "like", ('found "like"', "any-of")),
    Change(
        "wrong-word-for-evidence",
        "/x-apitwin/evidence/~1auth",
        {"status": "known", "source": "x"},
        ('found "known"', "documented, observed, assumed"),
        "/x-apitwin/evidence/~1auth/status",
    ),
    Change("maximum-of-zero", f"{RULE}/limit/maximum", 0, ("found 0",)),
    Change("maximum-a-text", f"{RULE}/limit/maximum", "50", ('found "50"',)),
    Change("status-of-an-error-below-400", "/x-apitwin/errors/not-found/status", 200, ("found 200",)),
    Change(
        "limit-without-a-parameter", f"{RULE}/limit/parameter", REMOVED, ("'parameter' is missing",), f"{RULE}/limit"
    ),
    Change("count-neither-pointer-nor-header", f"{RULE}/envelope/count", "count", ('found "count"',)),
    Change("search-without-fields", f"{LIST}/x-apitwin/search/fields", [], ("found []",)),
    # Names that are not there
    Change(
        "unknown-pagination",
        f"{LIST}/x-apitwin/pagination",
        "page",
        ("found 'page'", "there is: pages"),
    ),
    Change("unknown-collection", f"{LIST}/x-apitwin/collection", "crate", ("found 'crate'", "there is: crates")),
    Change(
        "unknown-error-of-the-auth-rule",
        "/x-apitwin/auth/missing",
        "unauthentic",
        ("found 'unauthentic'", "no error", "did you mean 'unauthenticated'?"),
    ),
    Change(
        "unknown-error-of-a-path-parameter",
        f"{READ}/x-apitwin/within/id/unknown",
        "notfound",
        ("found 'notfound'", "no error", "did you mean 'not-found'?"),
    ),
    Change(
        "unknown-collection-of-a-path-parameter",
        f"{READ}/x-apitwin/within/id/collection",
        "crate",
        ("found 'crate'", "no collection", "did you mean 'crates'?"),
    ),
    Change(
        "filter-on-no-parameter",
        f"{LIST}/x-apitwin/filters/color",
        {"match": "equals"},
        ("found 'color'", "no query parameter of this operation", "did you mean 'colour'?"),
    ),
    Change(
        "filter-revealed-by-no-parameter",
        f"{LIST}/x-apitwin/filters/empty/revealed-by",
        ["full"],
        ("found 'full'", "no query parameter of this operation"),
    ),
    Change(
        "sort-by-no-parameter", f"{LIST}/x-apitwin/sort/parameter", "order", ("found 'order'", "no query parameter")
    ),
    Change("search-by-no-parameter", f"{LIST}/x-apitwin/search/parameter", "q", ("found 'q'", "no query parameter")),
    Change(
        "projection-by-no-parameter",
        f"{LIST}/x-apitwin/projection/levels/parameter",
        "level",
        ("found 'level'", "no query parameter"),
    ),
    Change(
        "restriction-of-no-parameter",
        f"{LIST}/x-apitwin/restricted/full",
        {"value": True, "to": "admin"},
        ("found 'full'", "no query parameter"),
    ),
    Change(
        "unspecified-of-no-parameter",
        f"{LIST}/x-apitwin/unspecified",
        ["magics"],
        ("found 'magics'", "no query parameter", "did you mean 'magic'?"),
    ),
    Change(
        "limit-of-no-parameter",
        f"{RULE}/limit/parameter",
        "limits",
        ("found 'limits'", "no query parameter", "did you mean 'limit'?"),
        f"{LIST}/x-apitwin/pagination",
    ),
    Change(
        "identified-by-no-parameter",
        f"{READ}/x-apitwin/identified-by",
        "pk",
        ("found 'pk'", "no path parameter", "there is: id"),
    ),
    Change(
        "within-no-parameter",
        f"{READ}/x-apitwin/within/pk",
        {"field": "id", "collection": "crates"},
        ("found 'pk'", "no path parameter"),
        f"{READ}/x-apitwin/within",
    ),
    Change(
        "drawn-from-no-operation",
        f"{READ}/parameters/0/x-apitwin/drawn-from/operation",
        "crate_list",
        ("found 'crate_list'", "no operation", "did you mean 'crates_list'?"),
        f"{READ}/parameters",
    ),
    Change("missing-seed", "/x-apitwin/world", "worlds.yaml", ("found 'worlds.yaml'", "there is no file")),
    Change(
        "evidence-for-nothing",
        "/x-apitwin/evidence/~1pagination~1pages~1limit~1max",
        {"status": "assumed", "source": "x"},
        ("evidence for a fact that is not there", "'max'"),
        "/x-apitwin/pagination/pages/limit/max",
    ),
    # Facts that contradict each other
    Change("default-over-maximum", f"{RULE}/limit/default", 51, ("found 51", "over the maximum of 50")),
    Change(
        "default-without-a-number",
        f"{RULE}/limit/default",
        REMOVED,
        ("when-absent is 'default'", "no key 'default'"),
        f"{RULE}/limit",
    ),
    Change(
        "zero-is-default-without-a-number",
        f"{RULE}/limit",
        {"parameter": "limit", "when-zero": "default"},
        ("when-zero is 'default'", "no key 'default'"),
    ),
    Change(
        "maximum-without-a-number",
        f"{RULE}/limit",
        {"parameter": "limit", "when-absent": "maximum"},
        ("when-absent is 'maximum'", "no 'maximum' is known"),
    ),
    Change(
        "bare-array-with-a-count",
        f"{RULE}/envelope",
        {"results": "", "count": "/count"},
        ("a bare array has no room for count", "header:NAME"),
        f"{RULE}/envelope/results",
    ),
    Change(
        "bare-array-with-a-link",
        f"{RULE}/envelope",
        {"results": "", "next": "/next"},
        ("a bare array has no room",),
        f"{RULE}/envelope/results",
    ),
    Change(
        "read-without-an-identity",
        f"{READ}/x-apitwin",
        {"collection": "crates", "behaviour": "read"},
        ("identified-by",),
    ),
    Change(
        "key-with-a-line-break",
        "/paths/~1li\nds~1",
        {"get": {"responses": {}}},
        ("at least one status",),
        "/paths/~1li",
    ),
]


def changed(change: Change) -> dict[str, Any]:
    value = document()
    *way, last = pointers.split(change.at)
    holder = pointers.follow(value, pointers.join(way))
    key: Any = int(last) if isinstance(holder, list) else last
    if change.value is REMOVED:
        del holder[key]
    else:
        holder[key] = change.value
    return value


def refusal(source: str | Path) -> str:
    with pytest.raises(ContractError) as caught:
        load(source)
    return str(caught.value)


def test_the_contract_that_is_broken_here_is_whole_to_begin_with(tmp_path: Path) -> None:
    contract = load(write(tmp_path, document()))

    assert [operation.id for operation in contract.operations] == ["crates_list", "crates_read"]
    assert [operation.behaviour for operation in contract.operations] == ["list", "read"]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.name)
def test_a_broken_contract_is_refused_with_the_place_and_the_reason(tmp_path: Path, change: Change) -> None:
    path = write(tmp_path, changed(change))

    said = refusal(path)

    assert "\n" not in said
    assert f"{path}#{change.at if change.named is None else change.named}" in said
    for words in change.says:
        assert words in said


@dataclass(frozen=True)
class File:
    """A file that is no contract at all, and the refusal to expect. named: what the refusal starts with."""

    name: str
    content: bytes
    says: tuple[str, ...] = field(default=())
    suffix: str = "yaml"
    named: str = ""


FILES = [
    File("broken-yaml", b"openapi: 3.1.0\npaths: {\n", ("no YAML",), named=":3:1"),
    File("a-tab-in-yaml", b"openapi: 3.1.0\npaths:\n\t/: {}\n", ("no YAML", "cannot start any token"), named=":3:1"),
    File("a-key-twice", b"openapi: 3.1.0\npaths: {}\npaths: {}\n", ("no YAML", "'paths'", "twice")),
    File("a-key-twice-below", b"openapi: 3.1.0\npaths:\n  /:\n    get: {}\n    get: {}\n", ("'get'", "twice")),
    File("a-number-and-a-text-as-the-same-key", b"openapi: 3.1.0\npaths: {200: {}, '200': {}}\n", ("'200'", "twice")),
    File("a-list-as-a-key", b"? [a]\n: 1\n", ("a key must be a scalar",)),
    File("an-unknown-tag", b"openapi: !version 3.1.0\n", ("no YAML", "!version")),
    File("a-tag-that-runs-code", b"openapi: !!python/object/apply:os.getcwd []\n", ("no YAML", "python/object")),
    File("a-tag-of-bytes", b"openapi: !!binary aGk=\n"),
    File("an-alias-of-nothing", b"openapi: *version\n", ("no YAML", "alias")),
    File("an-alias-inside-itself", b"openapi: &a [*a]\n", ("no YAML", "recursive")),
    File("two-documents", b"openapi: 3.1.0\n---\nopenapi: 3.1.0\n", ("no YAML", "another document")),
    File("a-control-character", b"openapi: \x07\n", ("no YAML", "#x0007")),
    File("not-utf-8", b"openapi: caf\xe9\n", ("not UTF-8", "byte 12")),
    File("utf-16", "openapi: 3.1.0\n".encode("utf-16"), ("not UTF-8",)),
    File("a-number-of-thousands-of-digits", b"openapi: " + b"9" * 5000, ("5000 characters", "at most 1000")),
    File("deeply-nested-yaml", b"a: " + b"[" * 100_000, ("nest",)),
    File("deeply-nested-blocks", b"".join(b" " * depth + b"a:\n" for depth in range(2000)), ("nest",)),
    File("broken-json", b'{"openapi" "3.1.0"}', ("no JSON",), "json", ":1:12"),
    File("no-json-at-all", b"openapi: 3.1.0", ("no JSON",), "json", ":1:1"),
    File("deeply-nested-json", b"[" * 100_000, ("nested too deeply",), "json"),
    File("thousands-of-digits-in-json", b'{"openapi": ' + b"9" * 5000 + b"}", ("5000 characters", "no JSON"), "json"),
    File("empty", b"", ("the document is no object",)),
    File("a-list", b"[1, 2]", ("the document is no object", "OpenAPI 3.1")),
    File("a-list-in-json", b"[1, 2]", ("the document is no object",), "json"),
    File("a-text", b"openapi", ("the document is no object",)),
    File("swagger-1", b"swagger: '1.2'\npaths: {}\n", ("found '1.2'", "3.1.0"), named="#/openapi"),
]  # fmt: skip


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_file_that_is_no_contract_is_refused_with_its_name_and_the_reason(tmp_path: Path, file: File) -> None:
    path = tmp_path / f"crates.{file.suffix}"
    path.write_bytes(file.content)

    said = refusal(path)

    assert "\n" not in said
    assert f"{path}{file.named}" in said
    for words in file.says:
        assert words in said


def nested(depth: int) -> dict[str, Any]:
    """Return a contract with a schema that is valid, and deeper than anybody needs."""
    value = document()
    text = json.dumps({"not": "HERE"}).replace('"HERE"', '{"not": ' * depth + "{}" + "}" * depth)
    value["components"]["schemas"]["Page"] = json.loads(text)
    return value


def test_a_schema_nested_too_deeply_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, nested(300))

    said = refusal(path)

    assert str(path) in said
    assert "nested" in said


def a_missing_file(folder: Path) -> Path:
    return folder / "none.yaml"


def a_directory(folder: Path) -> Path:
    return folder


def a_broken_link(folder: Path) -> Path:
    (folder / "link.yaml").symlink_to(folder / "none.yaml")
    return folder / "link.yaml"


def a_name_with_a_null_character(folder: Path) -> Path:
    return folder / "a\0b"


@pytest.mark.parametrize(
    "source",
    [
        a_missing_file,
        a_directory,
        a_broken_link,
        a_name_with_a_null_character,
    ],
    ids=lambda source: source.__name__,
)
def test_a_source_that_is_no_file_is_refused_with_the_contracts_there_are(
    tmp_path: Path, source: Callable[[Path], Path]
) -> None:
    path = source(tmp_path)

    said = refusal(path)

    assert said.startswith(ascii(str(path))[1:-1])
    assert "no such file" in said
    assert "there is: viktor" in said


def test_a_name_longer_than_a_file_system_allows_is_refused(tmp_path: Path) -> None:
    path = tmp_path / ("x" * 5000)

    said = refusal(path)

    assert ": no such file" in said
    assert len(said) < 1000


def test_a_name_that_is_nearly_a_bundled_one_gets_a_hint() -> None:
    assert refusal("vicktor") == (
        "vicktor: no such file, and no bundled contract (there is: viktor); did you mean 'viktor'?"
    )


def test_a_line_break_in_the_name_of_a_file_does_not_make_two_lines() -> None:
    assert "\n" not in refusal("two\nlines")


def test_the_pointer_of_a_mistake_in_a_recursive_schema_is_one_in_the_file(tmp_path: Path) -> None:
    value = document()
    value["components"]["schemas"]["Crate"]["properties"]["id"] = {"type": "number", "minimum": "1"}
    path = write(tmp_path, value)

    said = refusal(path)

    place = said.partition(": ")[0]
    assert place.startswith(f"{path}#")
    assert pointers.follow(value, place.removeprefix(f"{path}#")) == "1"


def test_an_unreadable_file_is_refused_with_its_name(tmp_path: Path) -> None:
    value = document()
    (tmp_path / "folder.json").mkdir()
    value["components"]["schemas"]["Page"] = {"$ref": "folder.json"}

    said = refusal(write(tmp_path, value))

    assert "folder.json" in said
    assert "cannot be read" in said
