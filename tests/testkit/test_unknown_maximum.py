"""A server whose maximum nobody wrote down is not accused: what it is, the checks learn from its pages."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from apitwin.testkit.server.judge import judge
from apitwin.testkit.server.verdict import BROKEN
from apitwin.testkit.settings import Settings, plan
from tests.serving import answering_json

ITEMS = 41
LAWS = ("page-size", "slice", "truncation", "exact-multiple", "next-links", "next-limit", "previous-links", "partition")
KNOWN = ("unspecified", "truncate", None)
"""What a contract says of limits above the maximum that it does not know; None where it says nothing of pages."""


def numbers(target: str, hidden: int) -> tuple[int, int]:
    """Return the size of a page and where it begins, as the server reads them."""
    asked = dict(parse_qsl(urlsplit(target).query))

    def read(name: str, usual: int, least: int) -> int:
        text = asked.get(name, "")
        return int(text) if text.isascii() and text.isdigit() and int(text) >= least else usual

    return min(read("limit", 10, 1), hidden), read("offset", 0, 0)


def page(base: str, size: int, start: int) -> dict[str, Any]:
    link = f"{base}/tickets/?limit={size}&offset="
    return {
        "count": ITEMS,
        "next": f"{link}{start + size}" if start + size < ITEMS else None,
        "previous": f"{link}{max(0, start - size)}" if start > 0 else None,
        "results": [{"id": number} for number in range(start + 1, min(ITEMS, start + size) + 1)],
    }


@contextmanager
def serving(answer: Callable[[str, str], Any]) -> Iterator[str]:
    """Serve what a function returns for an address of the server and a target. Gives the address."""

    with answering_json(lambda target, _: (200, answer(address, target))) as address:
        yield address


def contract(folder: Path, over_maximum: str | None) -> str:
    ticket = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}}
    link = {"type": ["string", "null"]}
    members = {"count": {"type": "integer"}, "next": link, "previous": link}
    body = {"type": "object", "properties": {**members, "results": {"type": "array", "items": ticket}}}
    asked = [{"name": name, "in": "query", "schema": {"type": "integer"}} for name in ("limit", "offset")]
    content = {"application/json": {"schema": body}}
    listed = {
        "operationId": "tickets",
        "parameters": asked,
        "responses": {"200": {"description": "", "content": content}},
    }
    whole: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {"title": "Desk", "version": "1"},
        "paths": {"/tickets/": {"get": listed}},
    }
    if over_maximum is not None:
        limit = {"parameter": "limit", "default": 10, "over-maximum": over_maximum, "when-absent": "default"}
        envelope = {"count": "/count", "results": "/results", "next": "/next", "previous": "/previous"}
        offset = {"parameter": "offset", "past-end": "empty"}
        rule = {
            "limit": limit,
            "offset": offset,
            "envelope": envelope,
            "links": {"form": "absolute", "limit": "effective"},
        }
        collections = {"tickets": {"schema": ticket, "identity": "/id", "order": ["/id"]}}
        whole["x-apitwin"] = {"pagination": {"pages": rule}, "collections": collections}
        listed["x-apitwin"] = {"pagination": "pages", "collection": "tickets"}
    path = folder / "openapi.json"
    path.write_text(json.dumps(whole), "utf-8")
    return str(path)


def broken(path: str, address: str) -> dict[str, str]:
    """Return the laws that are broken, with the reasons."""
    run = plan(Settings(path, target=address, rate=0, laws=LAWS, examples=4))
    verdicts = [judge(law, operation, run.context) for law, operation in run.pairs]
    return {verdict.law: verdict.reason for verdict in verdicts if verdict.outcome == BROKEN}


@pytest.mark.parametrize("over_maximum", KNOWN)
@pytest.mark.parametrize("hidden", [3, 20])
def test_a_server_that_cuts_by_a_maximum_of_its_own_breaks_nothing(
    hidden: int, over_maximum: str | None, tmp_path: Path
) -> None:
    with serving(lambda base, target: page(base, *numbers(target, hidden))) as address:
        assert broken(contract(tmp_path, over_maximum), address) == {}


@pytest.mark.parametrize("over_maximum", KNOWN[:2])  # of a plain document it is a guess what tells tickets apart
def test_one_that_loses_the_last_item_of_a_page_is_noticed_all_the_same(
    over_maximum: str | None, tmp_path: Path
) -> None:
    def short(base: str, target: str) -> Any:
        size, start = numbers(target, 20)
        whole = page(base, size, start)
        return {**whole, "results": whole["results"][:-1] if size > 1 else whole["results"]}

    with serving(short) as address:
        assert broken(contract(tmp_path, over_maximum), address) != {}
