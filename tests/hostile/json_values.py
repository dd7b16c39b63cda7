"""Servers whose JSON is odd, deep or large, or none at all."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from tests.hostile.serving import Zoo, answer, page


@cache
def _large(items: int) -> bytes:
    """Return a page that has always the same items, however many were asked for."""
    return json.dumps(
        {"count": items, "next": None, "previous": None, "results": [{"id": n} for n in range(items)]}
    ).encode()


def _ids(*ids: Any) -> Any:
    return lambda asked: [answer({**page(asked), "results": [{"id": identity} for identity in ids]})]


def _raw(text: bytes) -> Any:
    return lambda asked: [answer(text)]


def _results(text: bytes) -> Any:
    return _raw(b'{"count": 1, "next": null, "previous": null, "results": [' + text + b"]}")


ZOO: Zoo = {
    "items-20000": lambda asked: [answer(_large(20_000))],
    "items-90000": lambda asked: [answer(_large(90_000))],
    "items-300000": lambda asked: [answer(_large(300_000))],
    "values-millions": _raw(b"[" + b"[]," * 2_000_000 + b"1]"),
    "numbers-millions": _raw(b"[" + b"1e5," * 1_900_000 + b"1]"),
    "nan": _results(b'{"id": NaN}, {"id": Infinity}, {"id": -Infinity}'),
    "number-huge": _results(b'{"id": 1e400}, {"id": ' + b"9" * 5000 + b"}"),
    "depth-100000": _raw(b"[" * 100_000 + b"]" * 100_000),
    "depth-900": _results(b'{"id": ' + b"[" * 900 + b"]" * 900 + b"}"),
    "depth-objects": _raw(b'{"results":' * 50_000 + b"1" + b"}" * 50_000),
    "string-of-7-mb": _results(b'{"id": "' + b"x" * 7_000_000 + b'"}'),
    "duplicate-keys": _raw(b'{"results": [], "results": [{"id": 1, "id": 2}], "count": 1, "count": []}'),
    "keys-90000": _raw(json.dumps({str(number): number for number in range(90_000)}).encode()),
    "keys-500000": _raw(json.dumps({str(number): number for number in range(500_000)}).encode()),
    "invalid-utf-8": _raw(b'{"count": 1, "results": [{"id": "\xff\xfe\xc0\x80"}]}'),
    "surrogate-id": _results(b'{"id": "\\ud800"}, {"id": "\\udfff\\ud800"}'),
    "surrogate-key": _results(b'{"\\ud800": 1, "id": 1}'),
    "surrogate-raw": _results(b'{"id": "\xed\xa0\x80"}'),
    "bom": _raw(b'\xef\xbb\xbf{"count": 0, "results": []}'),
    "utf-16": _raw('{"count": 0}'.encode("utf-16")),
    "control-characters": _ids("\x1b[31m\x07", "\u202eabc", "\n::error::x", "\0"),
    "ids-objects": _ids({}, [], None, True, 1.5, ""),
    "ids-paths": _ids("../../etc/passwd", "?x=1#y", "//evil.invalid/", "a b", "%2e%2e"),
    "count-huge": lambda asked: [answer({**page(asked), "count": 10**400})],
    "count-negative": lambda asked: [answer({**page(asked), "count": -5})],
    "count-text": lambda asked: [answer({**page(asked), "count": "many"})],
    "results-null": lambda asked: [answer({**page(asked), "results": None})],
    "always-new-items": lambda asked: [
        answer({**page(asked), "results": [{"id": asked.number * 50 + n} for n in range(50)]})
    ],
    "null": _raw(b"null"),
    "nothing": _raw(b""),
    "cut-json": _raw(b'{"count": 1, "results": [{"id": 1'),
}
