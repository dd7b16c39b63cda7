"""Hostile requests from a seed: each is bytes, and carries an id that no other answer may carry."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

TOKEN = b"vktrpat_TwinAdmin00001_abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Hostile:
    """One request. is_framed: whether it ends where it should, so that the next one is answered too.

    kind: what is wrong with it; mark: the id that its answer carries, if that names the path.
    """

    kind: str
    mark: str
    sent: bytes
    is_framed: bool
    method: str = "GET"


Maker = Callable[[Random, str], tuple[bytes, bool]]


def conversation(random: Random, number: int) -> list[Hostile]:
    """Return the requests of one connection. Only the last one may be without a known end."""
    made: list[Hostile] = []
    for place in range(random.randint(1, 6)):
        mark = f"m{number}x{place}z"
        kind = random.choice(KINDS)
        sent, is_framed = MAKERS[kind](random, mark)
        made.append(Hostile(kind, mark, sent, is_framed, sent.split(b" ", 1)[0].strip().decode("latin-1")))
        if not is_framed:
            break
    return made


def _get(mark: str, *fields: bytes, method: bytes = b"GET", body: bytes = b"") -> bytes:
    path = b"/api/%b/" % mark.encode()
    return b"%b %b HTTP/1.1\r\nHost: localhost\r\n%b\r\n%b" % (
        method,
        path,
        b"".join(b"%b\r\n" % field for field in fields),
        body,
    )


def _smuggled(mark: str) -> bytes:
    return b"GET /api/smuggled-%b/ HTTP/1.1\r\nHost: localhost\r\n\r\n" % mark.encode()


def _noise(random: Random, most: int = 40) -> bytes:
    return bytes(random.randrange(256) for _ in range(random.randint(1, most)))


def _plain(random: Random, mark: str) -> tuple[bytes, bool]:
    return _get(mark, method=random.choice([b"GET", b"POST", b"PUT", b"PATCH", b"DELETE", b"OPTIONS"])), True


def _odd_path(random: Random, mark: str) -> tuple[bytes, bool]:
    odd = random.choice(
        [
            b"%00",
            b"%ff%fe",
            b"..%2f..%2f",
            b"%2e%2e/",
            b"%0d%0aX:%20y",
            b";a=b",
            b"%",
            b"%zz",
            b"//",
            b"%u0041",
            b"*" * 999,
        ]
    )
    return b"GET /api/%b/%b HTTP/1.1\r\nHost: localhost\r\n\r\n" % (mark.encode(), odd), True


def _odd_query(random: Random, mark: str) -> tuple[bytes, bool]:
    value = random.choice(
        [b"%00", b"-1", b"9" * 400, b"%ff", b"1e9", b"NaN", b"%F0%9F", b"[]", b"limit=1", b"&&&==", b"'--"]
    )
    name = random.choice([b"limit", b"offset", b"search", b"ordering", b"%00", b"limit[]", b"a" * 3000])
    fields = (b"Authorization: Bearer " + TOKEN,) if random.random() < 0.5 else ()
    head = b"".join(b"%b\r\n" % field for field in fields)
    path = random.choice([b"workspaces", b"apps", b"workspaces/1/entities", b"users", mark.encode()])
    return b"GET /api/%b/?%b=%b&m=%b HTTP/1.1\r\nHost: localhost\r\n%b\r\n" % (
        path,
        name,
        value,
        mark.encode(),
        head,
    ), True


def _odd_field(random: Random, mark: str) -> tuple[bytes, bool]:
    field = random.choice(
        [
            b"Authorization: Bearer " + b"x" * 5000, b"Authorization: Basic !!!!", b"Authorization:", b"Cookie: =;=;",
            b"Accept: \xff\xfe", b"Content-Type: a/b; charset=nonsense", b"If-None-Match: " + b'"' * 300,
            b"Range: bytes=-1,-1,5-2", b"X-Forwarded-Host: evil.example", b"Accept-Encoding: gzip;q=nan",
            b"X-HTTP-Method-Override: DELETE", b"Content-Type: multipart/form-data", b"Connection: , ,",
        ]
    )  # fmt: skip
    return _get(mark, field), True


def _odd_body(random: Random, mark: str) -> tuple[bytes, bool]:
    deep = b"[" * random.choice([10, 1000, 20_000])
    body = random.choice(
        [b"{", b"\xff\xfe", b'{"a": NaN}', deep, b'{"a":1,"a":2}', b'"\\ud800"', b"", b"null", _noise(random)]
    )
    path = random.choice([b"/api/workspaces/1/entities/1/entities/", b"/api/o/token/", b"/api/%b/" % mark.encode()])
    kind = random.choice(
        [b"application/json", b"application/x-www-form-urlencoded", b"multipart/form-data; boundary=x"]
    )
    head = b"POST %b HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %b\r\n" % (path, TOKEN)
    return head + b"Content-Type: %b\r\nContent-Length: %d\r\n\r\n" % (kind, len(body)) + body, True


def _chunked(random: Random, mark: str) -> tuple[bytes, bool]:
    pieces = [_noise(random) for _ in range(random.randint(0, 6))]
    size = random.choice([b"%x", b"%X", b"%08x", b"%x;ext=1"])
    body = b"".join(size % len(piece) + b"\r\n" + piece + b"\r\n" for piece in pieces) + b"0\r\n"
    body += random.choice([b"", b"Trailer: x\r\n", b"Content-Length: 7\r\n"]) + b"\r\n"
    return _get(mark, b"Transfer-Encoding: chunked", method=b"POST", body=body), True


def _hidden_in_body(random: Random, mark: str) -> tuple[bytes, bool]:
    inner = _smuggled(mark)
    return _get(mark, b"Content-Length: %d" % len(inner), method=b"POST", body=inner), True


def _hidden_in_get(random: Random, mark: str) -> tuple[bytes, bool]:
    inner = _smuggled(mark)
    return _get(mark, b"Content-Length: %d" % len(inner), body=inner), True


def _two_lengths(random: Random, mark: str) -> tuple[bytes, bool]:
    inner = _smuggled(mark)
    lengths = [b"Content-Length: 0", b"Content-Length: %d" % len(inner)]
    random.shuffle(lengths)
    return _get(mark, *lengths, method=b"POST", body=inner), False


def _length_and_chunks(random: Random, mark: str) -> tuple[bytes, bool]:
    fields = [b"Content-Length: 4", b"Transfer-Encoding: chunked"]
    random.shuffle(fields)
    return _get(mark, *fields, method=b"POST", body=b"0\r\n\r\n" + _smuggled(mark)), False


def _disguised_length(random: Random, mark: str) -> tuple[bytes, bool]:
    inner = _smuggled(mark)
    field = random.choice(
        [
            b"Content_Length: %d", b"Content-Length : %d", b" Content-Length: %d", b"Content-Length\t: %d",
            b"Content-Length: %d, 0", b"Content-Length: +%d", b"Content-Length: 0x%x", b"Content-Length: -%d",
            b"Content-Length: %d_0", b"X: y\nContent-Length: %d", b"X: y\rContent-Length: %d", b"Content-Length:\n %d",
            b"Content-Length: \xb2%d", b"X:\r\n Content-Length: %d", b"\0Content-Length: %d",
        ]
    )  # fmt: skip
    return _get(mark, field % len(inner), method=b"POST", body=inner), False


def _disguised_coding(random: Random, mark: str) -> tuple[bytes, bool]:
    field = random.choice(
        [
            b"Transfer-Encoding: xchunked", b"Transfer-Encoding: chunked, identity", b"Transfer-Encoding : chunked",
            b"Transfer_Encoding: chunked", b"Transfer-Encoding: gzip, chunked", b"Transfer-Encoding: \x0bchunked",
            b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", b"Transfer-Encoding:", b"X: y\n\nT: chunked",
        ]
    )  # fmt: skip
    return _get(mark, field, method=b"POST", body=b"0\r\n\r\n" + _smuggled(mark)), False


def _bad_length(random: Random, mark: str) -> tuple[bytes, bool]:
    length = random.choice(
        [b"-1", b"+5", b"1_0", b"", b"5 5", b"0x10", b"\xd9\xa1", b"9" * 30, b"1e3", b"5,6", b"99999999999"]
    )
    return _get(mark, b"Content-Length: " + length, method=b"POST", body=b"hello"), False


def _bad_chunks(random: Random, mark: str) -> tuple[bytes, bool]:
    body = random.choice(
        [
            b"f" * 16, b"-1\r\nx\r\n", b"0x5\r\nhello\r\n", b"+5\r\nhello\r\n", b"5\nhello\n", b"5\r\nhelloX\r\n0\r\n",
            b"\r\n", b"5;" + b"x" * 5000, b"zz\r\n", b"1_0\r\n", b"5\r\nhel", b" 5\r\nhello\r\n",
            b"7fffffffffffffff\r\n",
        ]
    )  # fmt: skip
    return _get(mark, b"Transfer-Encoding: chunked", method=b"POST", body=body + b"\r\n" + _smuggled(mark)), False


def _bad_line(random: Random, mark: str) -> tuple[bytes, bool]:
    path = b"/api/%b/" % mark.encode()
    line = random.choice(
        [
            b"GET http://[::1 HTTP/1.1", b"GET //[ HTTP/1.1", b"GET " + path, path, b"GET  " + path + b" HTTP/1.1",
            b"GET " + path + b" HTTP/9.9", b"GET " + path + b" HTTP/1.", b"GET " + path + b" HTTP/+1.1",
            b"GET " + path + b" http/1.1", b"GET " + path + b"\0 HTTP/1.1", b"G\0T " + path + b" HTTP/1.1", b"",
            b"get " + path + b" HTTP/1.1", b"CONNECT [:1 HTTP/1.1", b"GET " + path + b" HTTP/1.1 x", b"PRI * HTTP/2.0",
            b"GET \xff" + path + b" HTTP/1.1", b"GET http://a:b@c:99999999/ HTTP/1.1", b"GET " + path + b"#x HTTP/1.1",
            b"GET x" + path + b" HTTP/1.1", b"\x16\x03\x01\x02", b"GET /" + b"a" * 70_000 + b" HTTP/1.1",
        ]
    )  # fmt: skip
    return line + b"\r\nHost: localhost\r\n\r\n", False


def _bad_field(random: Random, mark: str) -> tuple[bytes, bool]:
    field = random.choice(
        [b"no colon", b": no name", b"X\0Y: z", b"X: a\0b", b" folded: x", b"X y: z", b"Host: a\r\nHost: b", b"X: \x7f"]
    )
    return _get(mark, field), False


def _flood(random: Random, mark: str) -> tuple[bytes, bool]:
    if random.random() < 0.5:
        return _get(mark, *(b"X-%d: y" % number for number in range(random.choice([250, 2000])))), False
    return _get(mark, b"X: " + b"y" * 140_000), False


def _cut_off(random: Random, mark: str) -> tuple[bytes, bool]:
    whole = random.choice([_get(mark, b"Content-Length: 100", method=b"POST", body=b"x" * 50), _get(mark, b"A: b")])
    return whole[: random.randint(1, len(whole) - 1)], False


def _any_bytes(random: Random, mark: str) -> tuple[bytes, bool]:
    return _noise(random, 300) + b"\r\n\r\n", False


def _mutated(random: Random, mark: str) -> tuple[bytes, bool]:
    body = json.dumps({"name": mark}).encode()
    sent = bytearray(
        _get(mark, b"Content-Length: %d" % len(body), b"Content-Type: application/json", method=b"POST", body=body)
    )
    for _ in range(random.randint(1, 3)):
        sent[random.randrange(len(sent))] = random.randrange(256)
    return bytes(sent), False


MAKERS: dict[str, Maker] = {
    "plain": _plain, "odd path": _odd_path, "odd query": _odd_query, "odd field": _odd_field, "odd body": _odd_body,
    "chunked": _chunked, "hidden in body": _hidden_in_body, "hidden in get": _hidden_in_get,
    "two lengths": _two_lengths, "length and chunks": _length_and_chunks, "disguised length": _disguised_length,
    "disguised coding": _disguised_coding, "bad length": _bad_length, "bad chunks": _bad_chunks, "bad line": _bad_line,
    "bad field": _bad_field, "flood": _flood, "cut off": _cut_off, "any bytes": _any_bytes, "mutated": _mutated,
}  # fmt: skip
KINDS = tuple(MAKERS)
