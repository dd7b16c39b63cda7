"""`apitwin operations` and `apitwin contract infer`, and what the laws make of a guess."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, request

from apitwin.contracts import load
from tests.contracts.plain_documents import AUTHOR, BOOK, TEXT, TRUTH, WHOLE, array, get, holding, query, written
from tests.serving import serving
from tests.testkit.test_cli import apitwin, one_line

PAGES = query(limit={"type": "integer", "maximum": 5}, offset=WHOLE)
PATHS: dict[str, Any] = {
    "/authors": {"get": get(holding(authors=array(AUTHOR), total=WHOLE), [*PAGES, *query(q=TEXT, verbose=TRUTH)])},
    "/authors/{author_id}": {"get": get(AUTHOR)},
    "/a/way/to/a/list/of/books/{shelf}/that/is/longer/than/a/line/can/be/in/a/terminal": {
        "get": get(
            array(BOOK), [*PAGES, *query(genre={"enum": ["crime"]}, title=TEXT, in_print=TRUTH, author_id=WHOLE)]
        )
    },
}


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("shop"), PATHS)


def test_operations_are_told_line_by_line(document: Path) -> None:
    lines = apitwin("operations", str(document)).stdout.splitlines()

    assert lines[:6] == [
        "A shop",
        "list   GET    /authors",
        "              limit-offset limit/offset, at most 5; search q?",
        "              unknown: what verbose does",
        "read   GET    /authors/{author_id}",
        "list   GET    /a/way/to/a/list/of/books/{shelf}/that/is/longer/than/a/line/ca...",
    ]
    assert lines[-1] == "3 operations. A ? is a guess that is used for asking and never for judging."
    assert max(map(len, apitwin("operations", str(document), "--reasons").stdout.splitlines())) <= 80


def test_reasons_are_told_with_their_certainty(document: Path) -> None:
    lines = apitwin("operations", str(document), "--reasons").stdout.splitlines()

    assert "                /search: q is a text, and an item has name (likely)" in lines
    assert "                /pagination/envelope/count: /total counts all items (certain)" in lines


def test_a_program_can_read_the_operations(document: Path) -> None:
    authors = json.loads(apitwin("operations", str(document), "--json").stdout)["operations"][0]

    assert (authors["kind"], authors["collection"], authors["identity"]) == ("list", "authors", "/id")
    assert authors["pagination"] == {
        "style": "limit-offset",
        "parameters": ["limit", "offset"],
        "maximum": 5,
        "results": "/authors",
        "count": "/total",
        "next": None,
    }
    assert authors["inferred"]["/search"] == {
        "source": "q is a text, and an item has name",
        "certainty": "likely",
    }
    assert authors["unknown"] == ["what verbose does"]


def test_an_overlay_is_written_and_taken(document: Path, tmp_path: Path) -> None:
    overlay = tmp_path / "overlay.yaml"
    completed = apitwin("contract", "infer", str(document), "-o", str(overlay))
    assert (completed.returncode, completed.stdout) == (0, "")

    assert apitwin("contract", "infer", str(document)).stdout == overlay.read_text("utf-8")
    assert load(document, overlay=overlay).operation("get /authors").pagination is not None
    told = [apitwin("operations", str(document), *words).stdout for words in ((), ("--overlay", str(overlay)))]
    assert told[0] == told[1]


@pytest.mark.parametrize("command", ["operations", "check", "serve"])
def test_an_overlay_that_is_not_there_is_said(document: Path, command: str) -> None:
    assert "nowhere.yaml" in one_line(apitwin(command, str(document), "--overlay", "nowhere.yaml"))


def test_an_overlay_that_cannot_be_written_is_said(document: Path, tmp_path: Path) -> None:
    completed = apitwin("contract", "infer", str(document), "-o", str(tmp_path / "no" / "overlay.yaml"))

    assert "cannot be written" in one_line(completed)


def miscounting_server(member: str) -> Flask:
    """Return a server of seven books that counts only those of the page."""
    application = Flask(__name__)

    @application.get("/books")
    def books() -> Any:
        offset, limit = int(request.args.get("offset", 0)), min(int(request.args.get("limit", 5)), 5)
        page = [{"id": identity} for identity in range(7)][offset : offset + limit]
        return {"books": page, member: len(page)}

    return application


@pytest.fixture(params=["total", "count"])
def miscounting(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, Path, str]]:
    """Yield the member that is wrong, the document, and the address of the server."""
    item = holding(id=WHOLE)
    answer = holding(books=array(item), **{request.param: WHOLE})
    document = written(tmp_path, {"/books": {"get": get(answer, PAGES)}, "/books/{id}": {"get": get(item)}})
    with serving(miscounting_server(request.param)) as url:
        yield request.param, document, url


def test_only_what_is_certain_is_judged(miscounting: tuple[str, Path, str], tmp_path: Path) -> None:
    """A `total` counts all items; a `count` may be one of this page, so a server is asked about it and not accused."""
    member, document, url = miscounting
    report = tmp_path / "report.json"
    options = ("--target", url, "--rate", "0", "--operation", "get /books", "--law", "count", "--json", str(report))
    apitwin("check", str(document), *options)
    (verdict,) = json.loads(report.read_text("utf-8"))["verdicts"]

    if member == "total":
        assert verdict["outcome"] == "broken"
        assert verdict["evidence"]["status"] == "inferred"
    else:
        assert verdict["outcome"] == "inconclusive"
        assert "what it goes by is only a guess (inferred, likely: /count counts all items)" in verdict["reason"]


@pytest.mark.parametrize(("members", "outcome"), [({"id": WHOLE}, "broken"), ({"id": TEXT}, "inconclusive")])
def test_a_thing_that_is_told_apart_by_a_guess_is_not_judged_by_it(
    tmp_path: Path, members: dict[str, Any], outcome: str
) -> None:
    """The server gives every book twice; where the path wants a number and a book has a text, `id` is a guess."""
    item = holding(**members)
    document = written(tmp_path, {"/books": {"get": get(array(item), PAGES)}, "/books/{id}": {"get": get(item)}})
    application = Flask(__name__)

    @application.get("/books")
    def books() -> Any:
        offset, limit = int(request.args.get("offset", 0)), min(int(request.args.get("limit", 5)), 5)
        return [{"id": number // 2 if outcome == "broken" else str(number // 2)} for number in range(8)][
            offset : offset + limit
        ]

    report = tmp_path / "report.json"
    with serving(application) as url:
        options = ("--target", url, "--rate", "0", "--operation", "get /books", "--law", "partition")
        apitwin("check", str(document), *options, "--json", str(report))
    (verdict,) = json.loads(report.read_text("utf-8"))["verdicts"]

    assert verdict["outcome"] == outcome


def test_fixtures_and_laws_of_pytest_take_an_overlay(pytester: pytest.Pytester) -> None:
    document = written(pytester.path, {"/books": {"get": get(array(BOOK), query(size=WHOLE, at=WHOLE))}})
    rule = {"limit": {"parameter": "size"}, "offset": {"parameter": "at"}, "envelope": {"results": ""}}
    actions = [
        {
            "target": "$",
            "update": {"x-apitwin": {"pagination": {"by-place": rule}, "collections": {"books": {"identity": "/id"}}}},
        },
        {
            "target": "$.paths['/books'].get",
            "update": {"x-apitwin": {"pagination": "by-place", "collection": "books"}},
        },
    ]
    overlay = pytester.path / "overlay.json"
    overlay.write_text(json.dumps({"overlay": "1.0.0", "actions": actions}), encoding="utf-8")
    pytester.makeini(f"[pytest]\napitwin_contract = {document.name}\napitwin_overlay = overlay.json\n")
    pytester.makepyfile(
        """
        def test_the_twin_has_the_rule(twin):
            assert twin.contract.operations[0].pagination.parameters == ("size", "at")
        """
    )
    pytester.runpytest_subprocess("-p", "no:randomly").assert_outcomes(passed=1)

    laws = ("--apitwin-contract", str(document), "--apitwin-overlay", str(overlay), "--apitwin-law", "overlap")
    outcome = pytester.runpytest_subprocess(*laws, "-rs")
    outcome.stdout.no_fnmatch_line("*its pages are not by*")
    assert outcome.ret == 0
