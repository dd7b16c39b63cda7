"""Servers whose links and redirects lead to files, to other hosts, round in circles or nowhere."""

from __future__ import annotations

from typing import Any

from tests.hostile.serving import Asked, Behaviour, Zoo, answer, page


def _linked(link: Any) -> Behaviour:
    return lambda asked: [answer({**page(asked), "next": link, "previous": link})]


def _location(asked: Asked) -> list[bytes]:
    return [answer({}, f"Location: http://127.0.0.1:{asked.port}{asked.target}", status="302 Found")]


def _redirected(location: str, status: str = "302 Found") -> Behaviour:
    return lambda asked: [answer({}, f"Location: {location}", status=status)]


ZOO: Zoo = {
    "link-file": _linked("file:///etc/passwd"),
    "link-elsewhere": _linked("http://evil.invalid/things/?offset=10"),
    "link-credentials": lambda asked: _linked(f"http://127.0.0.1:{asked.port}@evil.invalid/")(asked),
    "link-javascript": _linked("javascript:alert(1)"),
    "link-data": _linked("data:application/json,{}"),
    "link-no-scheme": _linked("//evil.invalid/"),
    "link-broken": _linked("http://[::1"),
    "link-port": _linked("http://127.0.0.1:99999999/"),
    "link-surrogate": _linked("http://127.0.0.1/\ud800"),
    "link-newline": lambda asked: _linked(f"http://127.0.0.1:{asked.port}/\r\nX: y")(asked),
    "link-spaces": lambda asked: _linked(f"http://127.0.0.1:{asked.port}/things/ ? x = \x00")(asked),
    "link-list": _linked([["x"]]),
    "link-long": lambda asked: _linked(f"http://127.0.0.1:{asked.port}/things/?x={'y' * 1_000_000}")(asked),
    "link-circle": lambda asked: _linked(f"http://127.0.0.1:{asked.port}/things/?limit=10&offset=0")(asked),
    "link-header": lambda asked: [answer(page(asked), f"Link: {'<' * 5000}; rel=next, <>; rel")],
    "redirect-circle": _location,
    "redirect-elsewhere": _redirected("http://evil.invalid/"),
    "redirect-file": _redirected("file:///etc/passwd", "307 Temporary Redirect"),
    "redirect-broken": _redirected("http://[", "308 Permanent Redirect"),
    "challenge-many": lambda asked: [
        answer({}, *(f'WWW-Authenticate: Digest realm="{"x" * 500}", nonce="{n}"' for n in range(50)), status="401 No")
    ],
    "challenge-broken": lambda asked: [answer({}, 'WWW-Authenticate: "=,,Basic ===', status="401 No")],
    "proxy-challenge": lambda asked: [answer({}, "Proxy-Authenticate: Basic realm=x", status="407 Proxy")],
}
