"""What the product's steps cost, each against the plain way to do the same: `python -m benchmarks.run`."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import flask
import jsonschema

from apitwin.contracts import load
from apitwin.mock_server import Twin, create_app
from apitwin.mock_server.messages import Request as Asked
from apitwin.mock_server.viktor.builder import WorldBuilder
from apitwin.testkit.transport.exchange import Request
from apitwin.testkit.transport.twins import twin_target
from benchmarks import records

ROUNDS = 15
RUNS = 5
"""Rounds for what runs pytest anew, some seconds each time."""
TESTS = 1000
"""Tests in such a run, after the first one."""


def ratio(name: str, ours: Callable[[], Any], plain: Callable[[], Any], times: int) -> None:
    """Time two calls in turn and print the median of the ratios."""
    ours(), plain()
    pairs = [(_timed(ours, times), _timed(plain, times)) for _ in range(ROUNDS)]
    ratios = sorted(mine / other for mine, other in pairs)
    mine, other = (statistics.median(column) / times * 1e6 for column in zip(*pairs, strict=True))
    print(f"{name:<58} {statistics.median(ratios):6.2f}x   ({mine:,.0f} us against {other:,.0f} us)")


def _timed(call: Callable[[], Any], times: int) -> float:
    start = time.perf_counter()
    for _ in range(times):
        call()
    return time.perf_counter() - start


CONFTEST = """
import time, pytest

ends = []

@pytest.fixture(scope="session")
def stock():
    yield {}

@pytest.fixture
def own(stock):
    stock.clear()
    return stock

def pytest_runtest_logfinish():
    ends.append(time.perf_counter())

def pytest_unconfigure():
    print("TOOK", ends[-1] - ends[0])
"""
"""A project with a fixture of its own that keeps something for the session, and clears it for each test."""
WORLD = """
@pytest.fixture(scope="session")
def world():
    from apitwin.mock_server import Twin
    return Twin().world
"""
WRITES = 'world.tables["workspaces"].update("1", {"name": "Other"})'


def fixture(name: str, test: str, plain_test: str = "def test_{}(own): pass", extra: str = "") -> None:
    """Print what a fixture costs each test after the first, against tests that use a trivial one.

    test, plain_test: the source of a test, with `{}` for its number. extra: more source for both.
    """
    pairs = []
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "conftest.py").write_text(CONFTEST + extra, encoding="utf-8")
        for file, source in (("test_ours.py", test), ("test_plain.py", plain_test)):
            tests = "\n".join(source.replace("{}", str(number)) for number in range(TESTS + 1))
            (Path(folder) / file).write_text(tests, encoding="utf-8")
        for _ in range(RUNS):
            pairs.append((_per_test(folder, "test_ours.py"), _per_test(folder, "test_plain.py")))
    ratios = [mine / other for mine, other in pairs]
    mine, other = (statistics.median(column) for column in zip(*pairs, strict=True))
    added = statistics.median([mine - other for mine, other in pairs]) / 1000
    times = f"{mine:,.0f} us a test against {other:,.0f} us: {added:.2f} ms more"
    print(f"{name:<58} {statistics.median(ratios):6.2f}x   ({times})")


def _per_test(folder: str, file: str) -> float:
    """Return the microseconds of a test after the first, which starts the server, in a pytest run of its own."""
    command = [sys.executable, "-m", "pytest", "-q", "-s", "-p", "no:cacheprovider", file]
    made = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    return float(made.stdout.rpartition("TOOK ")[2].split()[0]) / TESTS * 1e6


def plain_flask(page: Any) -> flask.Flask:
    """The least that anybody writes: a view that checks a header and turns dicts into JSON."""
    app = flask.Flask("plain")

    @app.get("/api/workspaces/1/entities/")
    def entities() -> Any:
        if not flask.request.headers.get("Authorization", "").startswith("Bearer "):
            flask.abort(401)
        return flask.jsonify(page)

    return app


def large(size: int) -> Twin:
    """Return a twin with so many entities in its first workspace."""
    world = WorldBuilder()
    section = world.workspace("Large").entity_type("Section")
    section.entities("Section {n}", count=size)
    twin = Twin(world.contract, world=world.world)
    twin.backend.answer(asked(twin, "GET"))  # makes the index that every list has
    return twin


def asked(twin: Twin, method: str, body: bytes = b"") -> Asked:
    """Return a request about the entities of the first workspace."""
    path, headers = "/api/workspaces/1/entities/", {"authorization": f"Bearer {twin.token}"}
    return Asked(method, path, (("limit", "10"),), {**headers, "content-type": "application/json"}, path, body)


def post(twin: Twin) -> None:
    """Make one more entity, in the world as it was at first."""
    twin.reset()
    body = json.dumps({"entity_type": 1, "name": "New", "properties": None}).encode()
    assert twin.backend.answer(asked(twin, "POST", body)).status == 200


def drift(twin: Twin) -> None:
    """Ask for a page before which somebody else inserts an item."""
    twin.reset()
    twin.fault("insert-between-pages")
    assert twin.backend.answer(asked(twin, "GET")).status == 200


def main() -> None:
    """Print every ratio."""
    contract = load("viktor")
    app = create_app(contract)
    token = app.extensions["apitwin"].world.token()
    headers, path = {"Authorization": f"Bearer {token}"}, "/api/workspaces/1/entities/?limit=20&offset=40"
    twin = app.test_client()
    page = twin.get(path, headers=headers).get_json()
    plain = plain_flask(page).test_client()
    ratio(
        "a page of the twin, against a plain Flask view",
        lambda: twin.get(path, headers=headers),
        lambda: plain.get(path, headers=headers),
        100,
    )
    target = twin_target(contract, app)
    request = Request("GET", "/api/workspaces/1/entities/", (("limit", "20"), ("offset", "40")))
    ratio(
        "a request of a law, against Flask's own test client",
        lambda: target.send(request),
        lambda: twin.get(path, headers=headers),
        100,
    )
    schema = contract.operation("workspaces_entities_list").responses["200"].schema
    assert schema is not None, "the list has a schema"
    validator = jsonschema.Draft202012Validator(schema.schema)
    ratio(
        "validating a page of 20, against jsonschema (compiled)",
        lambda: schema.violations(page),
        lambda: list(validator.iter_errors(page)),
        10,
    )
    world = app.extensions["apitwin"].world
    body = json.dumps(page)
    ratio("a reset of the twin's world, against parsing one page", world.reset, lambda: json.loads(body), 100)
    many, few = large(20_000), large(400)
    ratio("a POST in 20,000 records, against one in 400", lambda: post(many), lambda: post(few), 20)
    ratio("a page under drift in 20,000 records, against 400", lambda: drift(many), lambda: drift(few), 20)
    with_plugin = [sys.executable, "-m", "pytest", "--version", "-p", "apitwin.testkit.pytest_plugin.plugin"]
    without = [sys.executable, "-m", "pytest", "--version", "-p", "no:apitwin"]
    ratio("starting pytest with the plugin, against without", lambda: _quiet(with_plugin), lambda: _quiet(without), 1)
    fixture("twin fixture per test after the first", "def test_{}(twin): pass")
    fixture("twin_session fixture per test after the first", "def test_{}(twin_session): pass")
    # The write itself is on both sides, so that what is left is the cost of the fixture.
    fixture(
        "twin fixture per test that writes, after the first",
        f"def test_{{}}(twin): twin.{WRITES}",
        f"def test_{{}}(own, world): {WRITES}",
        WORLD,
    )

    records.main()


def _quiet(command: list[str]) -> None:
    subprocess.run(command, capture_output=True, check=True)


if __name__ == "__main__":
    main()
