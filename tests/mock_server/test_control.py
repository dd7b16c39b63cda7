"""What a twin answers for itself: its clock, and the storage behind its files."""

from __future__ import annotations

import io
from datetime import datetime, timedelta, timezone
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from hypothesis import given, strategies
from werkzeug.test import Client, EnvironBuilder

from apitwin.mock_server import STEPS, Backend, RunningTwin, create_app
from apitwin.mock_server.engine.checking import checked
from apitwin.mock_server.http import stored_files
from apitwin.mock_server.viktor.builder import WorldBuilder
from apitwin.mock_server.world.blobs import Blob, Storage
from apitwin.mock_server.world.clock import Clock, written

ORIGIN = "http://localhost"
START = datetime(2026, 1, 1, 12, 0, tzinfo=timezone.utc)


@pytest.fixture
def client() -> Client:
    builder = WorldBuilder(clock=Clock(START))
    return Client(create_app(builder.contract, builder.world, checked(STEPS)))


def twin(client: Client) -> Backend:
    backend: Backend = client.application.extensions["apitwin"]
    return backend


def where(address: str) -> str:
    """Return an address without scheme and host, for a client in this process."""
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"


# The clock


def test_a_clock_with_a_start_stands_still_until_it_is_moved() -> None:
    clock = Clock(START)
    clock.advance(1.5)
    clock.advance(0)
    assert clock.now() == START + timedelta(seconds=1.5)
    clock.reset()
    assert clock.now() == START


def test_a_clock_without_a_start_goes_with_the_machine() -> None:
    clock = Clock()
    clock.advance(3600)
    ahead = clock.now() - datetime.now(timezone.utc)
    assert timedelta(seconds=3590) < ahead <= timedelta(seconds=3600)


@pytest.mark.parametrize("seconds", [-1, float("nan"), float("-inf"), float("inf"), 1e30])
def test_a_clock_goes_forward_only_and_not_beyond_the_calendar(seconds: float) -> None:
    clock = Clock(START)
    with pytest.raises(ValueError, match="seconds"):
        clock.advance(seconds)
    assert clock.now() == START


@given(strategies.datetimes(timezones=strategies.just(timezone.utc)))
def test_a_time_is_written_with_six_digits_and_a_z(moment: datetime) -> None:
    text = written(moment)
    assert datetime.fromisoformat(text.replace("Z", "+00:00")) == moment
    assert (len(text), text[-1], text[-8]) == (27, "Z", ".")


def test_the_time_is_told_and_moved_from_outside(client: Client) -> None:
    assert client.get("/__twin__/clock").json == {"now": "2026-01-01T12:00:00+00:00"}
    assert client.post("/__twin__/clock", json={"advance": 90}).json == {"now": "2026-01-01T12:01:30+00:00"}
    client.post("/__twin__/reset")
    assert client.get("/__twin__/clock").json == {"now": "2026-01-01T12:00:00+00:00"}


NO_SECONDS = [
    b"", b"{", b"[]", b"{}", b"\xff", b'{"advance": "1"}', b'{"advance": true}', b'{"advance": -1}',
    b'{"advance": NaN}', b'{"advance": 1e400}', b'{"advance": [1]}', b'{"advance":' * 100_000,
]  # fmt: skip


@pytest.mark.parametrize("body", NO_SECONDS, ids=lambda body: repr(body[:20]))
def test_what_is_no_number_of_seconds_is_refused_and_moves_nothing(client: Client, body: bytes) -> None:
    refused = client.post("/__twin__/clock", data=body, content_type="application/json")
    assert refused.status_code == 400
    assert refused.json is not None and "a number of 0 or more" in refused.json["detail"]
    assert twin(client).world.clock.now() == START


# The storage


def test_a_stored_file_is_fetched_with_its_address_and_no_token(client: Client) -> None:
    storage = twin(client).world.storage
    storage.put("plans/Größe 1.pdf", Blob(b"%PDF", "Größe 1.pdf", "application/pdf"))
    got = client.get(where(storage.download(ORIGIN, "plans/Größe 1.pdf")))
    assert (got.status_code, got.data, got.mimetype) == (200, b"%PDF", "application/pdf")
    assert got.headers["Content-Disposition"] == "attachment; filename*=UTF-8''Gr%C3%B6%C3%9Fe%201.pdf"


@pytest.mark.parametrize("change", [("signature=", "signature=0"), ("?signature", "?x"), ("a.txt", "b.txt")])
def test_another_address_opens_nothing(client: Client, change: tuple[str, str]) -> None:
    storage = twin(client).world.storage
    for key in ("a.txt", "b.txt"):
        storage.put(key, Blob(key.encode(), key))
    refused = client.get(where(storage.download(ORIGIN, "a.txt")).replace(*change))
    assert (refused.status_code, refused.mimetype) == (403, "application/xml")
    assert b"<Code>AccessDenied</Code>" in refused.data


def test_what_is_not_stored_is_named_so(client: Client) -> None:
    missing = client.get(where(twin(client).world.storage.download(ORIGIN, "nothing")))
    assert missing.status_code == 404 and b"<Code>NoSuchKey</Code>" in missing.data


def send(client: Client, largest: int = 100, content: bytes | None = b"abc", **changed: str) -> Any:
    target = twin(client).world.storage.upload(ORIGIN, "up/1", largest)
    form: dict[str, Any] = {**target.fields, **changed}
    if content is not None:
        form["file"] = (io.BytesIO(content), "../../etc/passwd")
    return client.post(urlsplit(target.url).path, data=form)


def test_a_file_is_sent_with_the_fields_that_were_handed_out(client: Client) -> None:
    assert (send(client).status_code, send(client).data) == (204, b"")
    blob = twin(client).world.storage.get("up/1")
    assert blob is not None and blob.content == b"abc"


@pytest.mark.parametrize(
    ("more", "status", "code"),
    [
        ({"key": "up/2"}, 403, b"AccessDenied"),
        ({"most": "1000000"}, 403, b"AccessDenied"),
        ({"most": "9" * 5000}, 403, b"AccessDenied"),
        ({"signature": ""}, 403, b"AccessDenied"),
        ({"content": None}, 400, b"InvalidArgument"),
        ({"content": b"x" * 101}, 400, b"EntityTooLarge"),
    ],
)
def test_another_form_stores_nothing(client: Client, more: dict[str, Any], status: int, code: bytes) -> None:
    refused = send(client, **more)
    assert refused.status_code == status and code in refused.data
    assert twin(client).world.storage.state == {}


def test_a_reset_takes_stored_files_away(client: Client) -> None:
    send(client)
    client.post("/__twin__/reset")
    assert twin(client).world.storage.get("up/1") is None


def test_an_upload_may_be_larger_than_a_body_of_the_api(client: Client) -> None:
    with RunningTwin(client.application) as running:
        target = twin(client).world.storage.upload(running.url, "up/1", 20_000_000)
        sent = requests.post(target.url, data=target.fields, files={"file": b"x" * 10_000_000}, timeout=30)
    assert sent.status_code == 204
    stored = twin(client).world.storage.get("up/1")
    assert stored is not None and len(stored.content) == 10_000_000


@pytest.mark.parametrize("query", ["%80", "\x80", "bodies=%ff", "signature=%80&"])
@pytest.mark.parametrize("path", ["journal", "storage/1"])
def test_a_query_that_is_no_text_is_no_failure(client: Client, path: str, query: str) -> None:
    environ = {**EnvironBuilder(f"/__twin__/{path}").get_environ(), "QUERY_STRING": query}
    assert client.open(environ).status_code < 500


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_are_refused(client: Client, method: str) -> None:
    assert client.open("/__twin__/storage/x", method=method).status_code == 405


@given(strategies.text(min_size=1, max_size=30), strategies.integers(0, 10**12))
def test_a_signature_is_good_for_its_own_key_only(key: str, most: int) -> None:
    storage = Storage()
    other = Storage()
    fields = storage.upload(ORIGIN, key, most).fields
    assert stored_files.receive(storage, fields, None).status == 400, "signed, and without a file"
    assert stored_files.receive(other, fields, None).status == 403, "another twin's"
