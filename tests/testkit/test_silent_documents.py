"""What a plain document does not say is not held against a server; what it says is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from apitwin.testkit.reports.causes import causes
from apitwin.testkit.server.judge import judge
from apitwin.testkit.server.laws import registered
from apitwin.testkit.server.verdict import Verdict
from apitwin.testkit.settings import Settings, plan
from tests.serving import answering_json

TOKEN = "a-token-of-the-shelves"
BOOKS = [{"id": number, "title": f"Book {number}"} for number in range(1, 24)]
Answer = tuple[int, Any]
NOT_ALLOWED: Answer = (403, {"message": "who are you"})


class Server:
    """A server of books whose document leaves much open. wrong: what it does that no document allows."""

    def __init__(self, wrong: str | None = None) -> None:
        self.wrong = wrong

    def answer(self, target: str, header: str | None) -> Answer:
        path, query = urlsplit(target).path, dict(parse_qsl(urlsplit(target).query))
        is_known = header in (f"Bearer {TOKEN}", f"Token {TOKEN}")  # one more form than its document says
        if not is_known and self.wrong != "asks nobody":
            return NOT_ALLOWED
        match path.strip("/").split("/"):
            case ["books"]:
                return self.books(query)
            case ["books", text]:
                found = [book for book in BOOKS if str(book["id"]) == text]
                unknown = (200, BOOKS[0]) if self.wrong == "knows every book" else (404, {"message": "no such book"})
                return (200, found[0]) if found else unknown
            case ["shelves", text, "books"]:
                return self.books(query, 9 if text == "1" else 0)  # nothing stands on a shelf that is not there
            case ["audit"]:
                return (503, {}) if self.wrong == "another failure" else (501, {"message": "not in this edition"})
            case ["lost"]:
                return (200, [])
            case ["notes"]:
                return (200, ["whatever"])
            case ["health"]:
                return (500, {}) if self.wrong == "fails" else (200, {"well": True})
        return (404, {"message": "nothing here"})

    def books(self, query: dict[str, str], most: int = len(BOOKS)) -> Answer:
        limit, offset = query.get("limit", "10"), query.get("offset", "0")
        if query.get("sort", "id") not in ("id", "title"):
            return (400, {"message": "sort must be 'id' or 'title'"})
        if not (limit.isascii() and offset.isascii() and limit.isdigit() and offset.isdigit()) or limit == "0":
            return (400, {"message": "no number"})
        start, size = int(offset[:30]), int(limit[:30])
        if start >= 2**31:
            return (500, {}) if self.wrong == "far" else (400, {"message": "number too large"})
        return (200, BOOKS[:most][start : start + size])


def document(folder: Path) -> str:
    book = {"type": "object", "properties": {"id": {"type": "integer"}, "title": {"type": "string"}}}
    message = {"description": "No", "content": {"application/json": {"schema": {"type": "object"}}}}

    def get(schema: dict[str, Any], *asked: tuple[str, str, str], **more: Any) -> dict[str, Any]:
        parameters = [
            {"name": name, "in": place, "required": place == "path", "schema": {"type": kind}}
            for name, place, kind in asked
        ]
        answers = {"200": {"description": "Yes", "content": {"application/json": {"schema": schema}}}, **more}
        return {"get": {"parameters": parameters, "responses": answers}}

    books = {"type": "array", "items": book}
    size, start, sort = ("limit", "query", "integer"), ("offset", "query", "integer"), ("sort", "query", "string")
    paths = {
        "/books": get(books, size, start, sort),
        "/books/{book_id}": get(book, ("book_id", "path", "integer")),
        "/shelves/{shelf}/books": get(books, ("shelf", "path", "string"), size, start, **{"404": message}),
        "/audit": get({"type": "object"}, **{"501": message}),
        "/health": get({"type": "object"}),
        "/notes": get({}),
        "/lost": get(books, size, start),
    }
    paths["/notes"]["get"]["responses"] = {"200": {"$ref": "https://elsewhere.example/notes.json"}}
    for path, item in paths.items():
        item["get"]["operationId"] = path.strip("/").replace("/", "-").replace("{", "").replace("}", "")
    whole = {
        "openapi": "3.1.0",
        "info": {"title": "Shelves", "version": "1"},
        "security": [{"token": []}],
        "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
        "paths": paths,
    }
    file = folder / "openapi.json"
    file.write_text(json.dumps(whole), "utf-8")
    return str(file)


MEDIA_TYPE = "application/vnd.shelves+json; version=3.0"


def verdicts(folder: Path, server: Server, monkeypatch: pytest.MonkeyPatch, *operations: str) -> list[Verdict]:
    monkeypatch.setenv("SHELVES_TOKEN", TOKEN)
    asked = dict(token_env="SHELVES_TOKEN", path_values=("shelf=1",), operations=operations)
    with answering_json(server.answer, MEDIA_TYPE) as address:
        run = plan(Settings(document(folder), target=address, rate=0, examples=8, **asked))  # type: ignore[arg-type]
        return [judge(law, operation, run.context) for law, operation in run.pairs]


def told(found: list[Verdict], outcome: str) -> dict[tuple[str, str], str]:
    return {(each.operation, each.law): each.reason for each in found if each.outcome == outcome}


def test_what_is_not_written_is_not_held_against_a_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = verdicts(tmp_path, Server(), monkeypatch)

    assert told(found, "broken") == {}
    assert told(found, "inconclusive") == {}
    holding = told(found, "holds")
    assert {("books", "partition"), ("books-book_id", "not-found"), ("health", "token-required")} <= set(holding)
    open_ones = told(found, "skipped")
    assert open_ones["audit", "status"] == "nothing to examine: no answer that succeeds (status 501)"
    assert open_ones["audit", "schema"] == "nothing to examine: no answer that succeeds (status 501)"


def test_no_law_of_lists_holds_where_no_list_had_an_item(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = verdicts(tmp_path, Server(), monkeypatch, "lost")

    of_lists = {law.name for law in registered() if law.topic in ("pagination", "links", "order", "selection")}
    holding = {law for _, law in told(found, "holds")}
    assert holding & of_lists == set()
    assert {"token-required", "status"} <= holding
    assert told(found, "skipped")["lost", "partition"] == "nothing to examine: no item in the list"


@pytest.mark.parametrize(
    ("wrong", "operation", "law"),
    [
        ("asks nobody", "health", "token-required"),
        ("knows every book", "books-book_id", "not-found"),
        ("another failure", "audit", "status"),
        ("fails", "health", "status"),
        ("far", "books", "past-the-end"),
    ],
)
def test_what_no_document_allows_is_broken(
    wrong: str, operation: str, law: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = verdicts(tmp_path, Server(wrong), monkeypatch, operation)

    assert (operation, law) in told(found, "broken")
    assert len(causes(found)) == 1, "one thing is wrong"
