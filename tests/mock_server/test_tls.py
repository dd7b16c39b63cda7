"""A twin that speaks HTTPS: who trusts it, and that no client can disturb it for the others."""

from __future__ import annotations

import contextlib
import datetime
import gc
import http.client
import logging
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from apitwin.mock_server import RunningTwin, TwinError
from apitwin.mock_server.http import patience
from apitwin.mock_server.http.tls import MARK, Tls, authority_file, certified
from tests.servers import ROOT


def application(environ: dict[str, Any], start: Any) -> list[bytes]:
    """A WSGI application that says by which scheme and host it was asked, and how long the body was."""
    length = len(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)))
    body = f"{environ['wsgi.url_scheme']}://{environ['HTTP_HOST']} {length}".encode()
    start("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]


@dataclass(frozen=True)
class Secured:
    """A running server, and the file with what to trust."""

    twin: RunningTwin
    tls: Tls
    file: str

    def get(self, host: str = "127.0.0.1", **more: Any) -> requests.Response:
        return requests.get(f"https://{host}:{self.twin.port}/", **{"verify": self.file, "timeout": 10, **more})

    def socket(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.twin.port), timeout=10)

    def context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.file)


@contextlib.contextmanager
def serving(host: str = "127.0.0.1", application: Any = application) -> Iterator[Secured]:
    """Serve with 4 threads, which tests take away from it."""
    tls = certified(host)
    with RunningTwin(application, host, threads=4, tls=tls) as twin, authority_file(tls) as file:
        yield Secured(twin, tls, str(file))


@pytest.fixture(scope="module")
def started() -> Iterator[Secured]:
    with serving() as running:
        yield running


@pytest.fixture
def secured(started: Secured, caplog: pytest.LogCaptureFixture) -> Iterator[Secured]:
    """The running server, which has nothing to complain of: a complaint is printed where nobody has set up logging."""
    yield started
    assert [record.getMessage() for record in caplog.get_records("call") if record.levelno >= logging.WARNING] == []


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_it_is_trusted_under_each_of_its_names(secured: Secured, host: str) -> None:
    assert secured.get(host).text == f"https://{host}:{secured.twin.port} 0"


def test_it_is_trusted_by_its_ipv6_address() -> None:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("this machine has no IPv6, so nothing can listen at ::1")
    with serving("::1") as secured:
        assert secured.get("[::1]").status_code == 200
        assert secured.twin.url == f"https://[::1]:{secured.twin.port}"
        assert secured.twin.host == f"[::1]:{secured.twin.port}"


def test_it_is_refused_by_whoever_does_not_know_its_authority(secured: Secured) -> None:
    with pytest.raises(requests.exceptions.SSLError, match="certificate verify failed"):
        secured.get(verify=True)


def test_it_is_refused_by_whoever_trusts_another_twin(secured: Secured) -> None:
    with (
        authority_file(certified()) as other,
        pytest.raises(requests.exceptions.SSLError, match="certificate verify failed"),
    ):
        secured.get(verify=str(other))


def test_the_strictest_check_of_python_accepts_it(secured: Secured) -> None:
    """Python 3.13 checks like this by default."""
    context = secured.context()
    context.verify_flags |= ssl.VERIFY_X509_STRICT | ssl.VERIFY_X509_PARTIAL_CHAIN
    with secured.socket() as plain, context.wrap_socket(plain, server_hostname="localhost") as wrapped:
        assert wrapped.version() in ("TLSv1.2", "TLSv1.3")


def certificate(secured: Secured) -> dict[str, Any]:
    with secured.socket() as plain, secured.context().wrap_socket(plain, server_hostname="localhost") as wrapped:
        return dict(wrapped.getpeercert() or {})


def test_the_certificate_is_good_for_this_machine_and_for_a_year(secured: Secured) -> None:
    shown = certificate(secured)

    assert shown["subjectAltName"] == (
        ("DNS", "localhost"),
        ("IP Address", "127.0.0.1"),
        ("IP Address", "0:0:0:0:0:0:0:1"),
    )
    now = time.time()
    assert ssl.cert_time_to_seconds(shown["notBefore"]) < now - 3600
    lasts = ssl.cert_time_to_seconds(shown["notAfter"]) - now
    assert datetime.timedelta(days=364) < datetime.timedelta(seconds=lasts) < datetime.timedelta(days=397)


def test_the_certificate_also_names_the_host_that_is_listened_on() -> None:
    with serving("0.0.0.0") as secured:
        assert ("IP Address", "0.0.0.0") in certificate(secured)["subjectAltName"]
        assert secured.twin.host == f"localhost:{secured.twin.port}"
        assert secured.get("localhost").status_code == 200


@pytest.mark.parametrize(
    "host", ["", "-a", "a b", "ü", "10.0.0.0/8", "a@b", "*.x", "a..b", "fe80::1%lo", "x" * 64, "Backend.Example", "a\n"]
)
def test_no_host_is_too_odd_for_a_certificate(host: str) -> None:
    assert certified(host).authority.startswith(b"-----BEGIN CERTIFICATE-----")


@pytest.mark.parametrize(
    ("host", "shown"), [("127.0.0.1", "localhost"), ("localhost", "localhost"), ("127.0.0.2", "127.0.0.2")]
)
def test_the_host_for_clients_is_the_one_that_reaches_it(host: str, shown: str) -> None:
    if host == "127.0.0.2" and sys.platform == "darwin":
        pytest.skip("macOS gives 127.0.0.2 to no interface, so nothing can listen there")
    with serving(host) as secured:
        assert secured.twin.host == f"{shown}:{secured.twin.port}"
        assert secured.get(secured.twin.host.partition(":")[0]).status_code == 200


def test_without_tls_it_stays_plain() -> None:
    with RunningTwin(application) as twin:
        assert (twin.url, twin.host) == (f"http://127.0.0.1:{twin.port}", f"localhost:{twin.port}")
        assert requests.get(twin.url, timeout=10).text == f"{twin.url} 0"


def test_a_connection_is_used_again(secured: Secured) -> None:
    connection = http.client.HTTPSConnection("localhost", secured.twin.port, timeout=10, context=secured.context())
    seen = set()
    for length in (0, 1, 100_000):
        connection.request("POST", "/", b"x" * length)
        assert connection.getresponse().read().endswith(f" {length}".encode())
        seen.add(connection.sock)
    connection.close()
    assert len(seen) == 1


def test_many_ask_at_once(secured: Secured) -> None:
    with ThreadPoolExecutor(16) as many:
        assert {response.status_code for response in many.map(lambda _: secured.get(), range(100))} == {200}


# Clients that do not keep to TLS


@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "DELETE", "OPTIONS", "HEAD"])
@pytest.mark.parametrize("length", [0, 3_000_000])
def test_plain_http_is_told_what_is_spoken_here(secured: Secured, method: str, length: int) -> None:
    url = f"http://127.0.0.1:{secured.twin.port}/"

    response = requests.request(method, url, data=b"x" * length, timeout=10)

    assert response.status_code == 400
    assert response.text == (
        "" if method == "HEAD" else "This twin speaks HTTPS on this port, and that was plain HTTP.\n"
    )
    assert secured.get().status_code == 200


def test_plain_http_is_read_to_its_end_so_that_the_answer_arrives(
    secured: Secured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "LEAVING_S", 20.0)
    start = time.monotonic()
    with secured.socket() as sock:
        sock.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3000000\r\n\r\n" + b"x" * 3_000_000)
        answer = b""
        while received := sock.recv(65536):
            answer += received
    assert answer.startswith(b"HTTP/1.1 400 ") and answer.endswith(b"plain HTTP.\n")
    assert time.monotonic() - start < 10, "the end of the answer is to be seen at once"


def test_who_stays_after_plain_http_is_not_waited_for(secured: Secured) -> None:
    with contextlib.ExitStack() as staying:
        for _ in range(6):  # of 4 threads
            staying.enter_context(secured.socket()).sendall(b"GET / HTTP/1.1\r\n\r\n")
        start = time.monotonic()
        assert secured.get().status_code == 200
        assert time.monotonic() - start < 8


def hello(secured: Secured) -> bytes:
    """Return the first bytes that a client of TLS sends."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    made = secured.context().wrap_bio(incoming, outgoing, server_hostname="localhost")
    with contextlib.suppress(ssl.SSLWantReadError):
        made.do_handshake()
    return outgoing.read()


def reset(sock: socket.socket) -> None:
    """Close a connection at once, with a reset instead of a good-bye."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()


def nothing_but_a_connection(secured: Secured) -> None:
    secured.socket().close()


def a_connection_and_a_reset(secured: Secured) -> None:
    reset(secured.socket())


def half_a_hello(secured: Secured) -> None:
    with secured.socket() as sock:
        sock.sendall(hello(secured)[:40])


def half_a_hello_and_a_reset(secured: Secured) -> None:
    sock = secured.socket()
    sock.sendall(hello(secured)[:40])
    time.sleep(0.05)
    reset(sock)


def a_hello_and_a_reset(secured: Secured) -> None:
    sock = secured.socket()
    sock.sendall(hello(secured))
    time.sleep(0.05)
    reset(sock)


def a_hello_and_then_nonsense(secured: Secured) -> None:
    with secured.socket() as sock:
        sock.sendall(hello(secured))
        sock.recv(10)
        sock.sendall(b"nonsense" * 100)
        read_all(sock)


def a_handshake_that_is_none(secured: Secured) -> None:
    with secured.socket() as sock:
        sock.sendall(b"\x16\x03\x01\x00\x05nonsense" * 100)
        read_all(sock)


def nonsense(secured: Secured) -> None:
    with secured.socket() as sock:
        sock.sendall(b"\x00\xffnonsense\r\n\r\n" * 100)
        sock.shutdown(socket.SHUT_WR)
        read_all(sock)


def a_client_that_trusts_nobody(secured: Secured) -> None:
    with pytest.raises(requests.exceptions.SSLError):
        secured.get(verify=True)


def a_version_that_is_too_old(secured: Secured) -> None:
    context = secured.context()
    # Bytes of a real hello, with the versions that are offered taken out: nothing from TLS 1.2 on is left.
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    with contextlib.suppress(ssl.SSLWantReadError):
        context.wrap_bio(incoming, outgoing, server_hostname="localhost").do_handshake()
    old = outgoing.read().replace(b"\x03\x03", b"\x03\x01", 1)
    with secured.socket() as sock:
        sock.sendall(old)
        read_all(sock)


def broken_encryption(secured: Secured) -> None:
    with secured.socket() as plain, secured.context().wrap_socket(plain, server_hostname="localhost") as wrapped:
        wrapped.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n")
        socket.socket.sendall(wrapped, b"\x17\x03\x03\x00\x20" + b"nonsense" * 4)
        read_all(wrapped)


def broken_encryption_between_requests(secured: Secured) -> None:
    with secured.socket() as plain, secured.context().wrap_socket(plain, server_hostname="localhost") as wrapped:
        wrapped.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        wrapped.recv(65536)
        socket.socket.sendall(wrapped, b"\x17\x03\x03\x00\x20" + b"nonsense" * 4)
        read_all(wrapped)


def half_a_request_and_a_reset(secured: Secured) -> None:
    with secured.socket() as plain, secured.context().wrap_socket(plain, server_hostname="localhost") as wrapped:
        wrapped.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n12")
        time.sleep(0.05)
        reset(wrapped)


def read_all(sock: socket.socket) -> None:
    """Read until the server closes the connection, in whatever way, as it must."""
    with contextlib.suppress(ConnectionError, ssl.SSLError):
        while socket.socket.recv(sock, 65536):
            pass


@pytest.mark.parametrize(
    "client",
    [
        nothing_but_a_connection,
        a_connection_and_a_reset,
        half_a_hello,
        half_a_hello_and_a_reset,
        a_hello_and_a_reset,
        a_hello_and_then_nonsense,
        a_handshake_that_is_none,
        nonsense,
        a_client_that_trusts_nobody,
        a_version_that_is_too_old,
        broken_encryption,
        broken_encryption_between_requests,
        half_a_request_and_a_reset,
    ],
)
def test_whatever_a_client_does_the_next_is_served(secured: Secured, client: Callable[[Secured], None]) -> None:
    for _ in range(6):  # more than there are threads, so that none may be lost
        client(secured)

    start = time.monotonic()
    assert secured.get().status_code == 200
    assert time.monotonic() - start < 5


def test_who_says_nothing_keeps_nobody_waiting(secured: Secured) -> None:
    with contextlib.ExitStack() as silent:
        for _ in range(2):  # of 4 threads
            silent.enter_context(secured.socket())
        silent.enter_context(secured.socket()).sendall(hello(secured)[:5])
        time.sleep(0.1)
        start = time.monotonic()
        assert secured.get().status_code == 200
        assert time.monotonic() - start < 5


def endless(environ: dict[str, Any], start: Any) -> Iterator[bytes]:
    """A WSGI application whose answer nobody reads to its end."""
    start("200 OK", [("Content-Type", "text/plain")])
    for _ in range(10_000):
        yield bytes(100_000)
    pytest.fail("all of it went somewhere")


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("secure", [True, False])
def test_who_goes_in_the_middle_of_an_answer_is_forgotten(secure: bool, caplog: pytest.LogCaptureFixture) -> None:
    """Python 3.13 prints what goes wrong when memory is cleared up, and pytest makes that an error."""
    tls = certified() if secure else None
    with RunningTwin(endless, tls=tls) as twin:
        client = socket.create_connection(("127.0.0.1", twin.port), timeout=10)
        if tls is not None:
            context = ssl.create_default_context(cadata=tls.authority.decode())
            client = context.wrap_socket(client, server_hostname="localhost")
        client.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        client.recv(1)
        reset(client)
    gc.collect()
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING] == []


def test_who_reads_nothing_is_given_up_without_a_word(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "SENDING_S", 0.2)
    with (
        serving(application=endless) as secured,
        secured.socket() as plain,
        secured.context().wrap_socket(plain, server_hostname="localhost") as wrapped,
    ):
        wrapped.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        time.sleep(1)
        read_all(wrapped)
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING] == []


def test_it_stops_at_once_however_many_are_connected() -> None:
    with contextlib.ExitStack() as silent:
        with serving() as secured:
            for _ in range(3):
                silent.enter_context(secured.socket())
            assert secured.get().status_code == 200
            time.sleep(0.1)
            start = time.monotonic()
        assert time.monotonic() - start < 5


# The files


def test_the_temporary_file_is_gone_afterwards_and_so_is_its_folder(tmp_path: Path) -> None:
    tls = certified()
    with authority_file(tls) as file:
        assert file.is_absolute() and file.read_bytes() == MARK + tls.authority
    assert not file.exists() and not file.parent.exists()


def test_a_file_that_was_chosen_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    tls = certified()
    with authority_file(tls, Path("ca.pem")) as file:
        assert file == tmp_path / "ca.pem"
    assert file.read_bytes() == MARK + tls.authority


def test_the_private_key_is_in_no_file_that_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    tls = certified()
    assert list(tmp_path.iterdir()) == []
    with RunningTwin(application, tls=tls), authority_file(tls):
        files = [path for path in tmp_path.rglob("*") if path.is_file()]
        assert [file.name for file in files] == ["ca.pem"]
        assert b"PRIVATE" not in files[0].read_bytes()


@pytest.mark.parametrize("before", [b"", None])
def test_the_file_of_an_earlier_twin_or_an_empty_one_is_written_anew(tmp_path: Path, before: bytes | None) -> None:
    path = tmp_path / "ca.pem"
    path.write_bytes(MARK + certified().authority if before is None else before)
    tls = certified()
    with authority_file(tls, path):
        assert path.read_bytes() == MARK + tls.authority


def test_a_list_of_other_authorities_is_not_lost(tmp_path: Path) -> None:
    path = tmp_path / "ca-certificates.crt"
    path.write_bytes(b"-----BEGIN CERTIFICATE-----\n")
    with (
        pytest.raises(TwinError, match=r"--ca-file .*crt: is there already, and not from"),
        authority_file(certified(), path),
    ):
        pass
    assert path.read_bytes() == b"-----BEGIN CERTIFICATE-----\n"


@pytest.mark.parametrize("name", ["", "no/such/folder/ca.pem", "x" * 300])
def test_a_file_that_cannot_be_written_is_said_in_one_line(tmp_path: Path, name: str) -> None:
    with (
        pytest.raises(TwinError, match=r"^--ca-file [^\n]*: cannot be written \([^\n]*\)$"),
        authority_file(certified(), tmp_path / name),
    ):
        pass


def test_no_place_for_temporary_files_is_said_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tls = certified()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    with pytest.raises(TwinError, match=r"^no temporary file can be written \(No such file or directory\); TMPDIR"):
        certified()
    with pytest.raises(TwinError, match=r"^a temporary folder: cannot be written \("), authority_file(tls):
        pass


def test_nobody_without_tls_waits_for_what_makes_certificates() -> None:
    script = (
        "import sys, apitwin.mock_server, apitwin.mock_server.http.tls\n"
        "with apitwin.mock_server.RunningTwin(lambda environ, start: []): pass\n"
        "print({'trustme', 'cryptography'} & set(sys.modules))"
    )
    completed = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert completed.stdout == "set()\n", completed.stderr


def test_an_address_is_a_host_and_a_port(secured: Secured) -> None:
    assert urlsplit(secured.twin.url).scheme == "https"
    assert secured.twin.host == f"localhost:{secured.twin.port}"
