"""Hostile worlds, as data: each is the whole text of a world file for the smallest contract."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tests.hostile_documents.documents import LOADED, Case

BILLION = 1_000_000_000

TOKEN = {"token": "a", "roles": ["any"]}


def _crates(*items: Any, **others: Any) -> str:
    return json.dumps({"collections": {"crates": list(items)}, **others})


def _repeats() -> Iterator[Case]:
    item = {"name": "A{n}"}
    for times in (200_001, 10**6, BILLION, 2**63, 10**30, 10**900):
        yield Case(f"repeat-{len(str(times))}-digits", _crates({"repeat": times, "item": item}), "records")
    for times in (-1, "1000000000", 1e9, True, None, [BILLION], {"repeat": BILLION}):
        yield Case(f"repeat-{times}"[:40], _crates({"repeat": times, "item": item}), "expected repeat")
    yield Case("repeats-added", _crates(*[{"repeat": 150_000, "item": item}] * 2), "records")
    yield Case("many-repeats", _crates(*[{"repeat": 100_000, "item": item}] * 10_000), "records")
    yield Case("repeat-of-repeat", _crates({"repeat": 9, "item": {"repeat": BILLION, "item": item}}), "unknown key")
    large = {"name": "A" + "x" * 1_000_000}
    yield Case("repeat-of-a-large-text", _crates({"repeat": 1000, "item": large}), "characters")
    yield Case("repeat-of-many-numbers", _crates({"repeat": 100_000, "item": {"name": "{n}" * 10_000}}), "characters")
    yield Case(
        "each-of-large-texts",
        _crates({"each": ["x" * 100_000] * 10, "item": {"name": "{each}" * 10_000}}),
        "characters",
    )
    yield Case("each-in-keys", _crates({"each": ["x" * 100_000] * 10, "item": {"{each}" * 10_000: 1}}), "characters")
    yield Case("each-of-many", _crates({"each": [1] * 200_001, "item": item}), "records")
    defaults = {"crates": {"name": "A" + "x" * 1_000_000}}
    yield Case("large-defaults", _crates({"repeat": 1000, "item": {}}, defaults=defaults), "characters")
    doubled = "".join(f"  d{n + 1}: &d{n + 1} [{', '.join([f'*d{n}'] * 9)}]\n" for n in range(30))
    yield Case("laughs", f"defaults:\n  d0: &d0 [x]\n{doubled}", "500000 values", "yaml")


def _odd() -> Iterator[Case]:
    yield Case("many-items", _crates(*[{"name": "A"}] * 200_001), "")
    for identity in (None, True, [], {}, 10**2000, "\ud800"):
        yield Case(f"identity-{str(identity)[:9]}", _crates({"id": identity, "name": "A"}))
    yield Case("same-identity", _crates({"id": 1, "name": "A"}, {"id": 1, "name": "B"}), "twice")
    yield Case("name-in-control", _crates({"name": "\x1b[2J\n::error::"}), "does not match")
    yield Case("name-very-long", _crates({"name": "x" * 5_000_000}), "does not match")
    yield Case("unknown-key-long", _crates({"name": "A", "k" * 1_000_000: 1}), "unknown key")
    yield Case("unknown-collection", json.dumps({"collections": {"c" * 1_000_000: []}}), "unknown key")
    yield Case("many-collections", json.dumps({"collections": {f"c{n}": [] for n in range(100_000)}}), "unknown key")
    yield Case("tokens-no-list", json.dumps({"tokens": {"token": "MARKED"}}), "list of tokens")
    yield Case("token-with-line", json.dumps({"tokens": [{"token": "a\u0130"}]}), "ASCII")
    yield Case("state-long", json.dumps({"tokens": [{"token": "a", "state": "x" * 1_000_000}]}), "expected one of")
    yield Case("storage-list", json.dumps({"storage": [1] * 100_000}), "expected an object")
    yield Case("storage-broken", json.dumps({"storage": {"a": {"base64": "!" * 1_000_000}}}), "not to be read")
    yield Case("storage-of-a-file", json.dumps({"storage": {"a": {"file": "/etc/passwd"}}}), "unknown key")
    yield Case(
        "storage-name-out",
        json.dumps({"tokens": [TOKEN], "storage": {"../../a": {"text": "x", "filename": "/etc/x"}}}),
        LOADED,
    )
    yield Case("faults-odd", json.dumps({"faults": "x" * 1_000_000}))
    yield Case("deep", '{"collections": ' + '{"a":' * 5000 + "1" + "}" * 5001, "nested too deeply")
    yield Case("number", _crates({"name": "A"}).replace('"A"', "1e400"), "no JSON")
    yield Case("not-a-number", '{"collections": NaN}', "no JSON")
    yield Case("python", "!!python/object/apply:os.system [id]", "no YAML", "yaml")
    yield Case("a-text", "x" * 1_000_000, "expected an object", "yaml")
    yield Case("empty", "", "expected an object", "yaml")
    yield Case("alias-inside-itself", "collections: &a {crates: [*a]}", "recursive", "yaml")


CASES = (*_repeats(), *_odd())
