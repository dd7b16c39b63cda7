"""A twin is an ASGI application, for clients that await."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

import httpx
import pytest
import requests

from apitwin import Twin, TwinError

Ask = Callable[[httpx.AsyncClient], Awaitable[object]]


def asked(twin: Twin, ask: Ask) -> object:
    """Return what comes of asking a twin by httpx, without a socket."""

    async def run() -> object:
        headers = {"Authorization": f"Bearer {twin.token}"}
        transport = httpx.ASGITransport(app=twin.asgi)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost", headers=headers) as client:
            return await ask(client)

    return asyncio.run(run())


@pytest.fixture(scope="module")
def made() -> Twin:
    return Twin()


@pytest.fixture
def twin(made: Twin) -> Twin:
    made.renew()
    return made


def test_a_client_walks_its_pages(twin: Twin) -> None:
    async def walk(client: httpx.AsyncClient) -> object:
        ids, address = [], "/api/workspaces/?limit=50"
        while address:
            page = (await client.get(address)).json()
            ids += [item["id"] for item in page["results"]]
            address = page["next"]
        return len(ids), len(set(ids)), page["count"]

    assert asked(twin, walk) == (121, 121, 121)


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "DELETE"])
@pytest.mark.parametrize(
    "path", ["/api/workspaces/?limit=2", "/api/nothing/", "/__twin__/health", "/api/users/current/"]
)
def test_it_answers_as_on_a_socket(twin: Twin, method: str, path: str) -> None:
    async def ask(client: httpx.AsyncClient) -> object:
        answer = await client.request(method, path)
        return answer.status_code, answer.headers.get("content-type"), answer.text.replace("http://localhost", "")

    with twin:
        headers = {"Authorization": f"Bearer {twin.token}"}
        answer = requests.request(method, twin.url + path, headers=headers, timeout=10)
        on_a_socket = answer.status_code, answer.headers.get("content-type"), answer.text.replace(twin.url, "")
    assert asked(twin, ask) == on_a_socket


def test_what_is_written_is_there(twin: Twin) -> None:
    async def write(client: httpx.AsyncClient) -> object:
        entities = "/api/workspaces/1/entities/"
        first = (await client.get(f"{entities}?limit=1")).json()["results"][0]["id"]
        changed = await client.patch(f"{entities}{first}/", json={"name": "Renamed"})
        return changed.status_code, (await client.get(f"{entities}{first}/")).json()["name"]

    assert asked(twin, write) == (200, "Renamed")


def test_late_answers_hold_nobody_up(twin: Twin) -> None:
    twin.fault("latency", seconds=0.3)

    async def many(client: httpx.AsyncClient) -> object:
        answers = await asyncio.gather(*(client.get("/api/workspaces/?limit=1") for _ in range(60)))
        return {answer.status_code for answer in answers}

    begun = time.monotonic()
    assert asked(twin, many) == {200}
    assert time.monotonic() - begun < 0.3 * 60 / 4, "they waited side by side"


@pytest.mark.parametrize("name", ["dropped-connection", "dropped-in-body"])
def test_a_dropped_connection_is_an_error_of_the_client(twin: Twin, name: str) -> None:
    twin.fault(name)
    with pytest.raises(ConnectionResetError, match="a fault dropped this connection"):
        asked(twin, lambda client: client.get("/api/workspaces/"))


def test_a_scope_that_is_no_http_is_refused(twin: Twin) -> None:
    """ASGI 3.0: an application raises an exception for a type of scope that it does not know."""

    async def nothing(*_: object) -> dict[str, object]:
        return {}

    with pytest.raises(TwinError, match="answers HTTP; found an ASGI scope of the type 'websocket'"):
        asyncio.run(twin.asgi({"type": "websocket"}, nothing, nothing))  # type: ignore[arg-type]


def test_a_fault_that_answers_is_answered(twin: Twin) -> None:
    twin.fault("unavailable", retry_after=7)

    async def ask(client: httpx.AsyncClient) -> object:
        answer = await client.get("/api/workspaces/")
        return answer.status_code, answer.headers["retry-after"]

    assert asked(twin, ask) == (503, "7")
