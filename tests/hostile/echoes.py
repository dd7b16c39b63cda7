"""Servers that say the token again, in a spelling of their own, in any place of an answer."""

from __future__ import annotations

import base64
import html
from collections.abc import Callable
from urllib.parse import quote

from tests.hostile.serving import Asked, Behaviour, Zoo, answer, page

SPELLINGS: dict[str, Callable[[str], str]] = {
    "raw": lambda token: token,
    "unicode": lambda token: "".join(f"\\u{ord(character):04x}" for character in token),
    "unicode-capital": lambda token: "".join(f"\\u{ord(character):04X}" for character in token),
    "percent": lambda token: "".join(f"%{ord(character):02x}" for character in token),
    "percent-twice": lambda token: quote("".join(f"%{ord(character):02X}" for character in token)),
    "html-decimal": lambda token: "".join(f"&#{ord(character)};" for character in token),
    "html-hexadecimal": lambda token: "".join(f"&#x{ord(character):x};" for character in token),
    "html-named": lambda token: html.escape(token).replace("_", "&lowbar;"),
    "base64": lambda token: base64.b64encode(token.encode()).decode(),
    "base64-url": lambda token: base64.urlsafe_b64encode(b"x:" + token.encode()).decode().rstrip("="),
    "capitals": lambda token: token.upper(),
    "half": lambda token: token[: len(token) // 2 + 4],
}
"""Ways to write a token, those of the body in JSON."""


def _in_body(spell: Callable[[str], str]) -> Behaviour:
    def behave(asked: Asked) -> list[bytes]:
        text = spell(asked.token)
        return [answer(b'{"count": "%b", "results": [{"id": "%b", "%b": 1}]}' % ((text.encode(),) * 3))]

    return behave


def _in_text(spell: Callable[[str], str]) -> Behaviour:
    return lambda asked: [answer(spell(asked.token).encode(), kind="text/html", status="500 No")]


def _in_header(name: str, form: str = "{}", status: str = "200 OK") -> Behaviour:
    return lambda asked: [answer(page(asked), f"{name}: {form.format(asked.token)}", status=status)]


def _in_pieces(asked: Asked) -> list[bytes]:
    middle = len(asked.token) // 2
    return [answer({**page(asked), "results": [{"id": asked.token[:middle], "rest": asked.token[middle:]}]})]


ZOO: Zoo = {
    **{f"body-{name}": _in_body(spell) for name, spell in SPELLINGS.items()},
    **{f"text-{name}": _in_text(spell) for name, spell in SPELLINGS.items()},
    "header": _in_header("X-Token"),
    "location": _in_header("Location", "http://evil.invalid/?{}", "302 Found"),
    "cookie": _in_header("Set-Cookie", "session={}"),
    "challenge": _in_header("WWW-Authenticate", 'Bearer realm="{}"', "401 No"),
    "link-header": _in_header("Link", "<http://127.0.0.1/?{}>; rel=next"),
    "retry-after": _in_header("Retry-After", "{}", "503 Busy"),
    "content-type": _in_header("Content-Type", "{}"),
    "encoding": _in_header("Content-Encoding", "{}"),
    "reason": lambda asked: [answer(page(asked), status=f"418 {asked.token}")],
    "status-line": lambda asked: [asked.token.encode() + b" HTTP/1.1\r\n\r\n"],
    "header-name": lambda asked: [answer(page(asked), f"{asked.token}: 1")],
    "chunk-size": lambda asked: [
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + asked.token.encode() + b"\r\n"
    ],
    "length": lambda asked: [b"HTTP/1.1 200 OK\r\nContent-Length: " + asked.token.encode() + b"\r\n\r\n{}"],
    "next-link": lambda asked: [answer({**page(asked), "next": f"http://127.0.0.1:{asked.port}/{asked.token}/"})],
    "in-pieces": _in_pieces,
    "whole-head": lambda asked: [answer(asked.head, kind="text/plain", status="400 No")],
}
