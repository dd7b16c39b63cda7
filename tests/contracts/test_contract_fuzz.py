"""Whatever stands in the file, loading it gives a contract or one line that says what is wrong."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from functools import reduce
from operator import getitem
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings, strategies

from apitwin.contracts import Contract, ContractError, load, pointers
from tests.contracts.minimal import DOCUMENT, document, write

WORDS = (
    "", "/", "/id", "#/", "$ref", "limit", "offset", "crates", "crates_list", "pages", "not-found", "default", "reject",
    "bare-array", "none", "get", "query", "path", "object", "array", "3.1.0", "x-apitwin", "world.yaml", "crates.json",
    "header:X", "~", "a\nb", "\x00", "200", "é",
)  # fmt: skip
"""Texts that mean something somewhere in a contract, or nowhere."""

TEXTS = strategies.sampled_from(WORDS) | strategies.text(max_size=8)
SCALARS = (
    strategies.none()
    | strategies.booleans()
    | strategies.integers(-(2**70), 2**70)
    | strategies.floats(allow_nan=False, allow_infinity=False)
    | TEXTS
)
VALUES = strategies.recursive(
    SCALARS,
    lambda inner: strategies.lists(inner, max_size=3) | strategies.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
Place = tuple[str | int, ...]


def places(value: Any, here: Place = ()) -> Iterator[Place]:
    """Give the way to every node of a JSON value, the value itself first."""
    yield here
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, member in members:
        yield from places(member, (*here, key))


PLACES = list(places(document()))
REFERENCE = {"$ref": "\0"}
OBJECTS = [place for place in PLACES if isinstance(reduce(getitem, place, DOCUMENT), dict)]


def mutated(value: Any, place: Place, how: str, new: Any = None, key: str = "") -> Any:
    """Return a value with one node replaced, removed, or given a member more; unchanged where the node is gone."""
    if not place:
        return new if how == "replace" else value
    try:
        holder = reduce(getitem, place[:-1], value)
        node = holder[place[-1]]
    except (LookupError, TypeError):
        return value
    if isinstance(holder, (dict, list)):
        if how == "replace":
            holder[place[-1]] = new
        elif how == "remove":
            del holder[place[-1]]
        elif isinstance(node, dict):
            node[key] = new
    return value


MUTATIONS = strategies.lists(
    strategies.tuples(
        strategies.sampled_from(PLACES), strategies.sampled_from(("replace", "remove", "add")), VALUES, TEXTS
    ),
    min_size=1,
    max_size=3,
)


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


def loads_or_says_why(path: Path, change: str = "") -> None:
    try:
        loaded = load(path)
    except ContractError as error:
        assert str(error), f"{change}: a refusal without a word"
        assert "\n" not in str(error), f"{change}: a refusal of more than one line"
        assert path.name in str(error), f"{change}: a refusal that does not name the file"
    except Exception as error:
        raise AssertionError(f"{change}: {type(error).__name__} instead of a refusal: {error}") from error
    else:
        assert isinstance(loaded, Contract)


@pytest.mark.parametrize(
    ("how", "new", "key"),
    [
        ("replace", None, ""),
        ("replace", "two\nlines", ""),
        ("replace", ["a"], ""),
        ("replace", REFERENCE, ""),
        ("remove", None, ""),
        ("add", 1, "two\nlines"),
    ],
    ids=["null", "text", "list", "reference", "removed", "key-added"],
)
def test_a_contract_with_any_one_node_changed_loads_or_is_refused(folder: Path, how: str, new: Any, key: str) -> None:
    for place in OBJECTS if how == "add" or new == REFERENCE else PLACES:
        path = write(folder, mutated(document(), place, how, new, key))
        loads_or_says_why(path, f"{pointers.join(place)} {how}")


@given(mutations=MUTATIONS)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_mutated_contract_loads_or_is_refused(folder: Path, mutations: list[tuple[Place, str, Any, str]]) -> None:
    value: Any = document()
    for place, how, new, key in mutations:
        value = mutated(value, place, how, new, key)

    loads_or_says_why(write(folder, value))


@given(content=strategies.binary(max_size=200))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_random_bytes_are_refused(folder: Path, content: bytes) -> None:
    path = folder / "bytes.yaml"
    path.write_bytes(content)

    loads_or_says_why(path)


@given(
    at=strategies.integers(0, len(json.dumps(document())) - 1),
    content=strategies.binary(min_size=1, max_size=6),
    suffix=strategies.sampled_from(("yaml", "json")),
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_contract_with_some_bytes_overwritten_loads_or_is_refused(
    folder: Path, at: int, content: bytes, suffix: str
) -> None:
    text = json.dumps(document()).encode()
    path = folder / f"overwritten.{suffix}"
    path.write_bytes(text[:at] + content + text[at + len(content) :])

    loads_or_says_why(path)


@given(text=strategies.text(strategies.sampled_from("{}[]:,-?&*!|>'\"%@`#\n\t ab1.~<="), max_size=40))
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@example(text="? [a]\n: 1")
@example(text="a: &a [*a]")
@example(text="!!python/name:os.system ''")
@example(text="openapi: 3.1.0\npaths: {/: {get: {responses: {200: {}}}}}\nx-apitwin: {name: !!binary aGk=}")
@example(text="openapi: 3.1.0\npaths: {/: {get: {responses: {200: {}}}}}\nx-apitwin: {name: !!set {a}}")
@example(text="openapi: 3.1.0\npaths: {/: {get: {responses: {200: {}}}}}\nx-apitwin: {name: !!timestamp 2026-01-01}")
def test_a_text_of_yaml_punctuation_is_refused(folder: Path, text: str) -> None:
    path = folder / "punctuation.yaml"
    path.write_text(text, encoding="utf-8")

    loads_or_says_why(path)
