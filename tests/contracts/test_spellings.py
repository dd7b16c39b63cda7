"""Secrets in every spelling: what is found, what is taken out, and what is left as it was."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apitwin.contracts.security.spellings import HIDDEN, Spellings

TOKEN = "tok_Zq81-marked/value+77"
OTHER = "abcdefghijklmnopqrst"

SPELLINGS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "percent, where it must be": lambda text: quote(text, safe=""),
    "percent, as a form": quote_plus,
    "percent, everywhere": lambda text: "".join(f"%{ord(letter):02x}" for letter in text),
    "percent, twice": lambda text: quote(quote(text, safe=""), safe=""),
    "JSON": lambda text: json.dumps(text)[1:-1],
    "JSON, with escaped slashes": lambda text: json.dumps(text)[1:-1].replace("/", "\\/"),
    "unicode": lambda text: "".join(f"\\u{ord(letter):04X}" for letter in text),
    "unicode, JSON in JSON": lambda text: json.dumps("".join(f"\\u{ord(letter):04x}" for letter in text))[1:-1],
    "unicode, with braces": lambda text: "".join(f"\\u{{{ord(letter):x}}}" for letter in text),
    "a language's escapes": lambda text: "".join(f"\\x{ord(letter):02x}" for letter in text),
    "HTML": html.escape,
    "HTML, decimal": lambda text: "".join(f"&#{ord(letter)};" for letter in text),
    "HTML, hexadecimal": lambda text: "".join(f"&#x{ord(letter):04X};" for letter in text),
    "HTML in an address": lambda text: quote("".join(f"&#{ord(letter)};" for letter in text), safe=""),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64, for addresses": lambda text: base64.urlsafe_b64encode(text.encode()).decode(),
    "base64, in a pair": lambda text: base64.b64encode(f"me:{text}".encode()).decode(),
    "base64, after Bearer": lambda text: base64.b64encode(f"Bearer {text} ".encode()).decode(),
    "base64, escaped": lambda text: quote(base64.b64encode(text.encode()).decode(), safe=""),
    "hexadecimal digits": lambda text: text.encode().hex(),
    "UTF-16": lambda text: text.encode("utf-16-le").decode("latin-1"),
}

tokens = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._~+/-&<%\\\"' ", min_size=6).filter(
    lambda text: text == text.strip() and len(set(text)) > 3
)
"""What a token or a password may be made of."""


@pytest.mark.parametrize("spelling", SPELLINGS)
@given(tokens, st.text(max_size=12), st.text(max_size=12))
def test_a_secret_is_met_and_taken_out_in_every_spelling(spelling: str, token: str, before: str, after: str) -> None:
    secrets = Spellings.of([token])
    text = f"{before} <{SPELLINGS[spelling](token)}> {after}"
    assert secrets.are_in(text) and secrets.are_in_bytes(text.encode("utf-8", "surrogatepass"))
    for rest in (secrets.without(text), secrets.cleaned(text)):
        assert HIDDEN in rest and not secrets.are_in(rest.replace(HIDDEN, " "))


@given(st.text() | st.binary().map(lambda content: content.decode("utf-8", "surrogateescape")))
def test_what_tells_no_secret_stays_as_it_is(text: str) -> None:
    secrets = Spellings.of([TOKEN, OTHER])
    content = text.encode("utf-8", "surrogatepass")
    assert secrets.without(text) == secrets.cleaned(text) == text
    assert secrets.without_bytes(content) == content or "\udcff" > max(text, default="") > "\ud7ff"


@pytest.mark.parametrize(
    "part",
    [
        *(TOKEN[start : start + 8] for start in range(len(TOKEN) - 7)),
        TOKEN[:-1],
        TOKEN.swapcase(),
        TOKEN.upper()[3:15],
        quote(TOKEN[8:20], safe=""),
        "".join(f"\\u{ord(letter):04x}" for letter in TOKEN[2:12]),
        base64.b64encode(TOKEN[:15].encode()).decode(),
        base64.b64encode(f"x{TOKEN[6:18]}".encode()).decode(),
    ],
)
def test_a_part_that_is_long_enough_to_guess_from_is_not_printed(part: str) -> None:
    secrets = Spellings.of([TOKEN])
    assert HIDDEN in secrets.cleaned(f"it was {part}!")
    assert not secrets.are_in(part), "a part is no secret, and stays in an answer that laws look at"


def test_what_anybody_might_say_is_left() -> None:
    secrets = Spellings.of([TOKEN])
    said = "a marked value: tok_en, Zq81, 77; value+78"
    assert secrets.cleaned(said) == said
    assert Spellings.of(["pw"]).cleaned("a pew") == "a pew"


def test_parts_that_touch_are_one_and_neighbours_are_left() -> None:
    secrets = Spellings.of([TOKEN, ""])
    assert secrets.without(f'"{TOKEN}" "{TOKEN}"') == '"$TOKEN" "$TOKEN"'
    assert secrets.cleaned(f'{{"a": "x{TOKEN[:10]}{TOKEN[4:]}y"}}') == '{"a": "x$TOKENy"}'
    assert repr(secrets) == str(secrets) == "Spellings($TOKEN)" and not Spellings.of([""])


def test_bytes_that_are_no_text_stay_beside_a_secret() -> None:
    content = b"\xff\xfe" + TOKEN.encode() + b"\x80"
    assert Spellings.of([TOKEN]).without_bytes(content) == b"\xff\xfe$TOKEN\x80"
