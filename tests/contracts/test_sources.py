"""A document comes from a file, an address or standard input; what it refers to elsewhere, only from named hosts."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from apitwin.contracts import ContractError, load
from apitwin.contracts.budgets import BUDGETS

CAT = {"type": "object", "required": ["name"]}


def document(schema: Any, **others: Any) -> dict[str, Any]:
    """Return a document of one operation whose answer has a schema."""
    content = {"application/json": {"schema": schema}}
    operation = {"operationId": "cat", "responses": {"200": {"description": "", "content": content}}}
    return {"openapi": "3.1.0", "info": {"title": "Cats"}, "paths": {"/cat": {"get": operation}}, **others}


@dataclass
class Site:
    """A server of documents. asked: the paths that were asked for."""

    address: str
    files: dict[str, bytes | str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)


@contextmanager
def serving() -> Iterator[Site]:
    """Serve files by their paths; a text among them is the address of a redirect."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append(self.path)
            held = site.files.get(self.path.partition("?")[0])
            self.send_response(404 if held is None else 302 if isinstance(held, str) else 200)
            if isinstance(held, str):
                self.send_header("Location", held)
            body = held if isinstance(held, bytes) else b""
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site = Site(f"http://127.0.0.1:{server.server_port}")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as served:
        yield served


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("no_proxy", "127.0.0.1,localhost")
    return tmp_path / "cache"


def accepts(contract: Any, value: Any) -> bool:
    """Return whether the schema of the answer accepts a value."""
    schema = contract.operation("cat").responses["200"].schema
    assert schema is not None
    return bool(schema.accepts(value))


@pytest.mark.parametrize("name", ["/openapi.json", "/openapi.yaml", "/docs"])
def test_a_document_is_read_from_its_address(site: Site, name: str) -> None:
    site.files[name] = json.dumps(document(CAT, servers=[{"url": "v2/"}])).encode()

    contract = load(f"{site.address}{name}")

    assert accepts(contract, {"name": 1}) and not accepts(contract, {})
    assert contract.operation("cat").path == "/v2/cat"
    assert site.asked == [name]


def test_a_relative_server_is_below_the_folder_of_the_document(site: Site) -> None:
    site.files["/apis/cats/openapi.json"] = json.dumps(document(CAT, servers=[{"url": "./v2"}])).encode()

    assert load(f"{site.address}/apis/cats/openapi.json").base_path == "/apis/cats/v2"


def test_without_servers_operations_lie_below_the_root_of_the_host(site: Site) -> None:
    site.files["/schema/openapi.json"] = json.dumps(document(CAT)).encode()

    assert load(f"{site.address}/schema/openapi.json").base_path == ""


def test_redirects_are_followed_on_the_same_host_only(site: Site) -> None:
    site.files["/new"] = json.dumps(document(CAT)).encode()
    site.files["/old"] = "/new"
    site.files["/away"] = f"{site.address.replace('127.0.0.1', 'localhost')}/new"
    site.files["/round"] = "/round"

    assert load(f"{site.address}/old").title == "Cats"
    with pytest.raises(ContractError, match=r"redirects to http://localhost:\d+/new; name that address"):
        load(f"{site.address}/away")
    with pytest.raises(ContractError, match="answers 302"):
        load(f"{site.address}/round")


@pytest.mark.parametrize(
    ("path", "says"),
    [("/nothing", "answers 404"), ("/large", f"more than {BUDGETS.file_bytes} bytes"), ("/page", "an HTML page")],
)
def test_what_is_no_document_is_refused_in_one_line(site: Site, path: str, says: str) -> None:
    site.files["/large"] = b" " * (BUDGETS.file_bytes + 1)
    site.files["/page"] = b"<html><body>Swagger UI</body></html>"

    with pytest.raises(ContractError) as caught:
        load(f"{site.address}{path}?key=secret")

    assert says in str(caught.value)
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "address", ["http://user:secret@127.0.0.1:1/a", "http://127.0.0.1:1/a?key=secret", "http://[1"]
)
def test_an_address_that_cannot_be_asked_is_refused_without_its_secrets(address: str) -> None:
    with pytest.raises(ContractError) as caught:
        load(address)

    assert "secret" not in str(caught.value)


def test_a_document_at_an_address_reads_no_file_here(site: Site) -> None:
    site.files["/openapi.json"] = json.dumps(document({"$ref": "/etc/passwd"})).encode()

    contract = load(f"{site.address}/openapi.json")

    assert "is a network address" in contract.set_aside[0].reason
    assert site.asked == ["/openapi.json"]


def test_references_to_another_host_are_fetched_from_hosts_that_are_named(site: Site, tmp_path: Path) -> None:
    site.files["/schemas/cat.json"] = json.dumps({"$ref": "names.json"}).encode()
    site.files["/schemas/names.json"] = json.dumps(CAT).encode()
    path = tmp_path / "cats.json"
    path.write_text(json.dumps(document({"$ref": f"{site.address}/schemas/cat.json"})), encoding="utf-8")

    without = load(path)
    assert [entry.reason for entry in without.set_aside if "--refs-from 127.0.0.1" in entry.reason]
    assert site.asked == []

    for _ in range(2):
        contract = load(path, refs_from=["127.0.0.1"])
        assert list(contract.set_aside) == []
        assert accepts(contract, {"name": 1}) and not accepts(contract, {})
    assert site.asked == ["/schemas/cat.json", "/schemas/names.json"]  # the second time they came from the disk


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    text = "openapi: 3.0.0\ninfo: {title: Cats}\npaths: {/cat: {get: {operationId: cat, responses: {200: {}}}}}\n"
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))

    assert [operation.id for operation in load("-").operations] == ["cat"]

    (tmp_path / "cat.json").write_text(json.dumps(CAT), encoding="utf-8")
    for root in (None, tmp_path):
        stream = io.BytesIO(json.dumps(document({"$ref": "cat.json"})).encode())
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(stream))
        contract = load("-", root=root)
        assert accepts(contract, {}) is (root is None)
        assert len(contract.set_aside) == (1 if root is None else 0)


@pytest.mark.parametrize(
    ("servers", "base"),
    [
        ([{"url": "https://cats.example/api/v1/"}], "/api/v1"),
        ([{"url": "/"}], ""),
        ([], ""),
        ([{"url": "https://{host}/{base}", "variables": {"base": {"default": "v3"}}}], "/v3"),
        ([{"url": "/{base}", "variables": {"base": {"enum": ["v4", "v5"]}}}], "/v4"),
        ([{"url": "/a"}, {"url": "/b"}], "/a"),
        ([{"url": "http://[broken/x"}], ""),
        ([{"url": "/a/../b c"}], "/b%20c"),
    ],
)
def test_operations_lie_below_the_path_of_the_first_server(tmp_path: Path, servers: Any, base: str) -> None:
    path = tmp_path / "cats.json"
    path.write_text(json.dumps(document(CAT, servers=servers)), encoding="utf-8")

    contract = load(path)

    assert contract.operation("cat").path == f"{base}/cat"
    assert any("operations lie below" in line for line in contract.inferred) is (bool(base) or len(servers) > 1)


def test_a_path_with_a_server_of_its_own_lies_below_that(tmp_path: Path) -> None:
    whole = document(CAT, servers=[{"url": "/v1"}])
    whole["paths"]["/cat"]["servers"] = [{"url": "https://uploads.example/up"}]
    path = tmp_path / "cats.json"
    path.write_text(json.dumps(whole), encoding="utf-8")

    assert load(path).operation("cat").path == "/up/cat"
