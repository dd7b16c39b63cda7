"""The fixtures on a document that nobody wrote a world for: how much is in it, from what, and where its files lie."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.contracts.plain_documents import BOOK, WHOLE, array, get, query
from tests.testkit.test_cli import apitwin

PAGES = query(limit={"type": "integer", "maximum": 100}, offset=WHOLE)
CLIENT = """
import json, os, urllib.request
start, seen = 0, 1
while seen:
    address = f"{os.environ['APITWIN_URL']}/books?limit=100&offset={start}"
    books = json.load(urllib.request.urlopen(address))
    seen = len(books)
    start += seen
    for book in books:
        print(book["id"])
"""


def written(folder: Path) -> Path:
    """Write a document whose things are described in a folder beside its own, and return its file."""
    api, parts = folder / "api", folder / "parts"
    api.mkdir()
    parts.mkdir()
    (parts / "book.json").write_text(json.dumps(BOOK), "utf-8")
    paths = {"/books": {"get": {**get(array({"$ref": "../parts/book.json"}), PAGES), "operationId": "books"}}}
    paths["/broken"] = {"get": get({"type": "string", "pattern": "(?<a"})}
    whole = {"openapi": "3.1.0", "info": {"title": "Books", "version": "1"}, "paths": paths}
    path = api / "openapi.json"
    path.write_text(json.dumps(whole), "utf-8")
    return path


def test_a_marker_says_how_much_is_in_the_world_and_from_what_number(pytester: pytest.Pytester) -> None:
    written(pytester.path)
    pytester.makeini("[pytest]\napitwin_contract = api/openapi.json\napitwin_root = .\napitwin_items = 7\n")
    pytester.makepyfile(
        """
        import pytest

        def books(session):
            return session.get("/books?limit=100").json()

        def test_of_the_project(twin_session):
            assert len(books(twin_session)) == 7

        @pytest.mark.apitwin(items=3)
        def test_of_the_marker(twin_session):
            assert len(books(twin_session)) == 3

        @pytest.mark.apitwin(random_seed=1)
        def test_another_number(twin_session, twin_factory):
            other = twin_factory(random_seed=2, items=7)
            assert [book["title"] for book in books(twin_session)]
            assert other.url

        titles = {}

        @pytest.mark.parametrize("turn", [1, 2])
        @pytest.mark.apitwin(random_seed=5)
        def test_the_same_number(twin_session, turn):
            titles[turn] = books(twin_session)
            assert titles[turn] == titles[1]

        def test_the_number_decides(twin_session):
            assert books(twin_session) != titles[1]
        """
    )

    result = pytester.runpytest_subprocess("-p", "no:randomly", "-p", "no:cacheprovider")

    result.assert_outcomes(passed=6)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("apitwin_items = many", "apitwin_items:*expected a whole number, 0 or more"),
        ("apitwin_root = nowhere", "apitwin_root: there is no folder *nowhere"),
    ],
)
def test_a_wrong_option_is_one_line(pytester: pytest.Pytester, line: str, problem: str) -> None:
    written(pytester.path)
    pytester.makeini(f"[pytest]\napitwin_contract = api/openapi.json\n{line}\n")
    pytester.makepyfile("def test_it(twin): pass")

    result = pytester.runpytest_subprocess()

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([f"*{problem}*"])


def test_what_is_left_out_of_a_document_is_said_once(pytester: pytest.Pytester) -> None:
    path = written(pytester.path)

    result = pytester.runpytest_subprocess(
        f"--apitwin-contract={path}", f"--apitwin-root={pytester.path}", "--apitwin-law=status"
    )

    said = [line for line in result.outlines if "in this document is not understood" in line]
    assert said == ["1 thing in this document is not understood, and left out:"]
    result.stdout.fnmatch_lines(["*openapi.json#*/pattern: the pattern '(?<a' is none of ECMA-262*"])


def test_a_client_is_checked_against_files_below_another_root(tmp_path: Path) -> None:
    path = written(tmp_path)
    client = tmp_path / "client.py"
    client.write_text(CLIENT, "utf-8")
    asked = ("check-client", f"python {client}", "--contract", str(path), "--law", "reads-everything")

    refused = apitwin(*asked, "--examples", "1")
    judged = apitwin(*asked, "--root", str(tmp_path), "--examples", "1")

    assert "books: nothing is known of its items" in refused.stderr
    assert len(refused.stderr.splitlines()) == 1
    assert judged.returncode == 0, judged.stdout + judged.stderr
