"""A contract of another style, with no code of its own: loaded, imitated and judged like the bundled ones."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from werkzeug.test import Client

from apitwin.contracts import Contract, load
from apitwin.mock_server import STEPS, World, create_app
from apitwin.mock_server.engine.checking import checked
from apitwin.testkit.server.judge import TWIN_PROFILE, RunContext, judge
from apitwin.testkit.server.laws import registered
from apitwin.testkit.server.verdict import BROKEN, HOLDS, INCONCLUSIVE, SKIPPED, Verdict
from apitwin.testkit.transport.twins import twin_target

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
OPERATIONS = {
    "listShips": "list",
    "readShip": "read",
    "listHarbours": "list",
    "readHarbour": "read",
    "listBerths": "list",
    "readBerth": "read",
    "listMoorings": "list",
    "makeMooring": "create",
    "readMooring": "read",
    "leaveMooring": "delete",
    "changeMooring": "update",
}
"""The operations, and what the engine does for each without any code of this API's own."""
PASS = {"Authorization": "Bearer PASS-Harbour-Master-0001"}


@pytest.fixture(scope="module")
def harbour() -> Contract:
    return load(HERE / "openapi.yaml")


@pytest.fixture(scope="module")
def context(harbour: Contract) -> RunContext:
    return RunContext(harbour, twin_target(harbour), TWIN_PROFILE, str(harbour.path))


@pytest.fixture
def client(harbour: Contract) -> Client:
    return Client(create_app(harbour, steps=checked(STEPS)))


def world(client: Client) -> World:
    world: World = client.application.extensions["apitwin"].world
    return world


def ask(client: Client, path: str, headers: dict[str, str] | None = None, **more: Any) -> tuple[int, Any]:
    """Return the status and the body of an answer to a request, with a pass unless other headers are given."""
    answer = client.get(path, headers=PASS if headers is None else headers, **more)
    return answer.status_code, json.loads(answer.data)


def test_the_contract_loads_with_nothing_inferred(harbour: Contract) -> None:
    assert harbour.name == "harbour"
    assert {operation.id: operation.behaviour for operation in harbour.operations} == OPERATIONS
    assert harbour.inferred == ()


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_law_holds_or_says_why_it_is_silent(harbour: Contract, context: RunContext, name: str) -> None:
    verdicts = [judge(law, harbour.operation(name), context) for law in registered()]

    assert [described(verdict) for verdict in verdicts if verdict.outcome in (BROKEN, INCONCLUSIVE)] == []
    assert [verdict.law for verdict in verdicts if verdict.outcome == SKIPPED and not verdict.reason] == []
    assert any(verdict.outcome == HOLDS for verdict in verdicts)


def described(verdict: Verdict) -> str:
    finding = verdict.finding
    why = "" if finding is None else f" (expected {finding.expected}; found {finding.found})"
    return f"{verdict.law}: {verdict.outcome}, {verdict.reason}{why}, drawn {dict(verdict.drawn)}"


@pytest.mark.parametrize(
    "law",
    [
        "partition",
        "count",
        "truncation",
        "absent-limit",
        "invalid-limit",
        "invalid-offset",
        "repeated-parameter",
        "exact-multiple",
        "sort",
        "ties",
        "filter",
        "search",
        "token-required",
        "bad-token",
        "scheme",
        "read-agrees-with-list",
        "hostile-values",
    ],
)
def test_what_the_contract_says_of_ships_is_judged(harbour: Contract, context: RunContext, law: str) -> None:
    chosen = next(candidate for candidate in registered() if candidate.name == law)

    verdict = judge(chosen, harbour.operation("listShips"), context)

    assert (verdict.outcome, verdict.examples > 0) == (HOLDS, True)


def test_a_law_that_needs_what_is_not_there_is_silent(harbour: Contract, context: RunContext) -> None:
    reasons = {
        law.name: law.inapplicable(harbour.operation("listShips"), context.target, harbour) for law in registered()
    }

    assert reasons["next-links"] == "its pages have no next link"
    assert reasons["previous-links"] == "its pages have no previous link"
    assert reasons["forbidden"] == "it has no parameter that needs a role"


def test_a_page_has_ten_items_and_the_total_beside_them(client: Client) -> None:
    status, page = ask(client, "/ships")

    assert status == 200
    assert list(page) == ["meta", "items"]
    assert page["meta"] == {"total": 60}
    assert [item["number"] for item in page["items"]] == sorted(item["number"] for item in page["items"])
    assert len(page["items"]) == 10


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("size=2&start=1", ["barge-10", "barge-11"]),
        ("size=2&size=9&start=1&start=5", ["barge-10", "barge-11"]),
        ("size=3&order=length&flag=DE", ["odd-1", "odd-10", "odd-2"]),
        ("size=2&order=built&flag=DE&flag=B%20%26%20E", ["odd-1", "odd-10"]),
        ("size=2&order=built:desc&flag=B%20%26%20E", ["no flag 10", "no flag 9"]),
        ("size=3&q=TUG%201&order=name", ["tug-1", "tug-10", "tug-11"]),
        ("q=quai", []),
        ("size=1&q=%C3%8ELE", ["odd-1"]),
        ("size=25&start=60", []),
        ("start=59&size=25", ["tug-9"]),
    ],
)
def test_ships_are_found_by_page_order_flag_and_search(client: Client, query: str, numbers: list[str]) -> None:
    status, page = ask(client, f"/ships?{query}")

    assert (status, [item["number"] for item in page["items"]]) == (200, numbers)


@pytest.mark.parametrize(
    ("query", "code", "message"),
    [
        ("size=26", "invalid_size", "must not be above 25"),
        ("size=0", "invalid_size", "must not be below 1"),
        ("size=-1", "invalid_size", "must not be below 1"),
        ("size=", "invalid_size", "must be a whole number"),
        ("size=2.5", "invalid_size", "must be a whole number"),
        ("size=%2B5", "invalid_size", "must be a whole number"),
        ("size=%EF%BC%95", "invalid_size", "must be a whole number"),
        ("size=x&size=5", "invalid_size", "must be a whole number"),
        ("start=-1", "invalid_start", "must not be below 0"),
        ("start=x", "invalid_start", "must be a whole number"),
        ("start=", "invalid_start", "must be a whole number"),
        ("order=age", "invalid_order", "age is not known here"),
        ("flag=", "invalid_flag", "must not be empty"),
        ("q=" + "x" * 101, "invalid_q", "is not understood"),
    ],
)
def test_what_cannot_be_read_is_422_in_the_words_of_the_office(
    client: Client, query: str, code: str, message: str
) -> None:
    assert ask(client, f"/ships?{query}") == (422, {"error": {"code": code, "message": message}})


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (None, "no_pass"),
        ("Bearer", "no_pass"),
        ("bearer PASS-Harbour-Master-0001", "no_pass"),
        ("BEARER PASS-Harbour-Master-0001", "no_pass"),
        ("Bearer PASS-Harbour-Master-0002", "wrong_pass"),
        ("Bearer PASS-Harbour-Master-0000", "wrong_pass"),
    ],
    ids=["nothing", "no-token", "lower-case", "upper-case", "unknown", "expired"],
)
def test_without_a_good_pass_everything_is_403_and_no_challenge(client: Client, header: str | None, code: str) -> None:
    headers = {} if header is None else {"Authorization": header}

    answer = client.get("/ships", headers=headers)

    assert answer.status_code == 403
    assert json.loads(answer.data)["error"]["code"] == code
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert "WWW-Authenticate" not in answer.headers


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/ships/none", 404, "nothing_there"),
        ("/harbours/none", 404, "nothing_there"),
        ("/harbours/none/berths", 404, "no_such_harbour"),
        ("/harbours/none/berths/N1", 404, "no_such_harbour"),
        ("/harbours/north/berths/S1", 404, "nothing_there"),
    ],
)
def test_what_is_not_there_is_404_in_the_words_of_the_office(client: Client, path: str, status: int, code: str) -> None:
    answered, body = ask(client, path)

    assert (answered, body["error"]["code"]) == (status, code)


def test_a_method_that_is_not_there_is_405_in_the_words_of_the_office(client: Client) -> None:
    answer = client.post("/ships", headers=PASS)

    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, HEAD"
    assert json.loads(answer.data) == {"error": {"code": "not_done", "message": "POST is not done here."}}


@pytest.mark.parametrize(("code", "total"), [("north", 25), ("south", 50), ("île 1", 1), ("50% & more", 0)])
def test_a_harbour_named_by_a_text_has_its_own_berths(client: Client, code: str, total: int) -> None:
    met: list[str] = []
    while True:
        status, page = ask(client, f"/harbours/{quote(code)}/berths?size=25&start={len(met)}")
        assert (status, page["meta"]["total"]) == (200, total)
        if not page["items"]:
            break
        met += [item["mark"] for item in page["items"]]
    for mark in met:
        assert ask(client, f"/harbours/{quote(code)}/berths/{quote(mark)}")[1]["mark"] == mark

    assert len(met) == len(set(met)) == total


def test_berths_stand_in_order_of_depth_and_then_mark(client: Client) -> None:
    _, page = ask(client, "/harbours/south/berths?size=25&start=38")

    assert [item["depth"] for item in page["items"]] == [4] * 2 + [14] * 10
    assert [item["mark"] for item in page["items"]][:3] == ["S8", "S9", "deep 1"]


@pytest.mark.parametrize("number", ["007", "0", "00", "12", "1e3", "None", "٣"])
def test_a_number_that_is_a_text_is_found_as_it_is_written(client: Client, number: str) -> None:
    first = world(client).tables["ships"].records[0]
    world(client).tables["ships"].add([{**first.values, "number": number}])

    status, ship = ask(client, f"/ships/{number}")

    assert (status, ship.get("number")) == (200, number)


# No word of an API in an engine


NAMES = ("viktor", "vktr", "harbour")
ROOMS = ("apitwin", "contracts", "mock_server", "testkit")
OF_AN_API = {ROOT / "mock_server" / "viktor"}
"""Where an API may be known by its name: in its own folder, and nowhere else."""
ENGINE = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py") if not OF_AN_API & {path, *path.parents})
ALLOWED = {
    ("testkit/pytest_plugin/options.py", "Collect the laws of this contract: a bundled name (viktor)"),
}
"""Texts outside docstrings that name an API as an example, for people who ask for help."""


def words(tree: ast.Module) -> Iterator[str]:
    """Give every name and every text of a module, but its docstrings."""
    docstrings = {id(docstring) for docstring in _docstrings(tree)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value
        elif isinstance(node, ast.Constant) and isinstance(node.value, bytes):
            yield node.value.decode("latin-1")
        for field in ("id", "attr", "arg", "name", "module", "asname"):
            value = getattr(node, field, None)
            if isinstance(value, str):
                yield value


def _docstrings(tree: ast.Module) -> Iterator[ast.Constant]:
    """Give the texts that stand as statements: docstrings, also those below an assignment."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value


@pytest.mark.parametrize("path", ENGINE, ids=lambda path: str(path.relative_to(ROOT)))
def test_an_engine_file_names_no_api(path: Path) -> None:
    file = path.relative_to(ROOT).as_posix()
    named = {
        word
        for word in words(ast.parse(path.read_text(encoding="utf-8")))
        if any(name in word.lower() for name in NAMES)
    }

    allowed = {word for word in named for known, start in ALLOWED if file == known and word.startswith(start)}
    assert named - allowed == set()


def test_there_are_engine_files_to_look_at() -> None:
    assert {"load.py", "twin.py", "judge.py", "pagination.py", "failure_report.py"} <= {path.name for path in ENGINE}


def test_a_name_in_code_would_be_seen() -> None:
    tree = ast.parse(
        '"""viktor"""\nimport viktor_a\nx = f"{y} viktor-b"\ndef viktor_c(viktor_d): return z.viktor_e(viktor_f=1)\n'
    )

    assert {word for word in words(tree) if "viktor" in word} == {
        "viktor_a",
        " viktor-b",
        "viktor_c",
        "viktor_d",
        "viktor_e",
        "viktor_f",
    }


def moorings(client: Client) -> list[str]:
    return [item["key"] for item in ask(client, "/harbours/north/moorings?size=25")[1]["items"]]


def test_a_thing_is_made_changed_and_deleted_without_any_code_for_it(client: Client) -> None:
    made = client.post("/harbours/north/moorings", headers=PASS, json={"ship": "Zee & Zon", "lines": 2})
    assert made.status_code == 201
    assert made.json == {"key": "9", "ship": "Zee & Zon", "lines": 2}
    assert moorings(client) == ["1", "2", "3", "4", "5", "6", "7", "9"]

    changed = client.patch("/harbours/north/moorings/9", headers=PASS, json={"lines": 6, "remarks": None})
    assert changed.json == ask(client, "/harbours/north/moorings/9")[1]
    assert changed.json == {"key": "9", "ship": "Zee & Zon", "lines": 6, "remarks": None}

    gone = client.delete("/harbours/north/moorings/9", headers=PASS)
    assert (gone.status_code, gone.data) == (204, b"")
    assert ask(client, "/harbours/north/moorings/9")[0] == 404
    made = client.post("/harbours/north/moorings", headers=PASS, json={"ship": "Again", "lines": 2})
    assert made.json is not None and made.json["key"] == "10", "what was deleted does not come back"


@pytest.mark.parametrize(
    ("body", "code", "message"),
    [
        ({"lines": 2}, "invalid_ship", "is missing"),
        ({"ship": "", "lines": 2}, "invalid_ship", "must not be empty"),
        ({"ship": "x" * 81, "lines": 2}, "invalid_ship", "Ensure this field has no more than 80 characters."),
        ({"ship": "x", "lines": 0}, "invalid_lines", "must not be below 1"),
        ({"ship": "x", "lines": 13}, "invalid_lines", "must not be above 12"),
        ({"ship": "x", "lines": "2"}, "invalid_lines", "must be a whole number"),
        ({"ship": "x", "lines": None}, "invalid_lines", "This field may not be null."),
        ([], "invalid_non_field_errors", "Invalid data. Expected a dictionary, but got list."),
    ],
)
def test_a_body_that_does_not_fit_is_refused_in_the_words_of_the_contract(
    client: Client, body: Any, code: str, message: str
) -> None:
    before = moorings(client)
    refused = client.post("/harbours/north/moorings", headers=PASS, json=body)
    assert refused.status_code == 422
    assert refused.json == {"error": {"code": code, "message": message}}
    assert moorings(client) == before


def test_a_thing_of_another_harbour_is_not_there(client: Client) -> None:
    for method in ("get", "patch", "delete"):
        answer = client.open("/harbours/north/moorings/8", method=method.upper(), headers=PASS, json={"lines": 1})
        assert answer.status_code == 404
    assert ask(client, "/harbours/%C3%AEle%201/moorings/8")[1]["lines"] == 1


def test_the_law_of_state_holds_for_what_the_engine_writes(harbour: Contract, context: RunContext) -> None:
    chosen = next(law for law in registered() if law.name == "state")
    verdict = judge(chosen, harbour.operation("listMoorings"), context)
    assert (verdict.outcome, verdict.examples) == (HOLDS, TWIN_PROFILE.examples)
