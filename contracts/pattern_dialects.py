"""Patterns as other engines write them, put into words that the engine here understands, where that is certain.

A schema's `pattern` is one of ECMA-262 (JSON Schema 2020-12, Validation 6.3.3). What documents hold was often written
for Java, Python or Perl, or has the delimiters of a literal of JavaScript. Rules are a table; each was met in a public
document.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from apitwin.contracts.patterns import is_understood

_LITERAL = re.compile(r"/(\^.*|.*\$)/([gimsuy]*)|/(.+)/([gimsuy]+)", re.DOTALL)
_CLASS = re.compile(r"\[(?:[^\]\\]|\\.)*\]", re.DOTALL)


def without_delimiters(text: str) -> str:
    """Take `/` away from around a literal of JavaScript, `/^a$/i`, whose pattern would match nothing with them."""
    match = _LITERAL.fullmatch(text)
    if match is None:
        return text
    body, flags = (match[1], match[2]) if match[1] is not None else (match[3], match[4])
    kept = "".join(flag for flag in "ims" if flag in flags)
    return f"(?{kept}){body}" if kept else body


def with_plain_anchors(text: str) -> str:
    r"""Put `^` and `$` for the `\A`, `\Z` and `\z` of Perl and Python."""
    return re.sub(r"(?<!\\)((?:\\\\)*)\\([AZz])", lambda match: match[1] + ("^" if match[2] == "A" else "$"), text)


def with_plain_hyphens(text: str) -> str:
    r"""Escape the hyphen of `[\w-.]`, which stands for itself (ECMA-262, Annex B.1.2)."""

    def mended(match: re.Match[str]) -> str:
        return re.sub(r"(\\[wdsWDS])-(?!\])", r"\1\\-", re.sub(r"-(\\[wdsWDS])", r"\\-\1", match[0]))

    return _CLASS.sub(mended, text)


def with_plain_braces(text: str) -> str:
    r"""Escape a brace that begins no repetition, `{a`, and stands for itself (ECMA-262, Annex B.1.2).

    One with a digit after it, `{1-9}`, was meant as a repetition: it is left, and the pattern is not understood.
    """
    return re.sub(r"(?<!\\)(?<!\\[pPux])\{(?![0-9])", r"\\{", text)


def with_characters(text: str) -> str:
    """Put the characters beyond the first plane for halves of pairs of surrogates, which are no characters."""
    return text.replace(r"\uD800\uDBFF-\uDC00\uDFFF", r"\u{10000}-\u{10FFFF}")


def with_known_classes(text: str) -> str:
    r"""Put Unicode's names for those of Java: `\p{XDigit}`, `\p{Alpha}` and others (java.util.regex.Pattern)."""
    names = {"XDigit": "0-9A-Fa-f", "Alpha": "A-Za-z", "Alnum": "A-Za-z0-9", "Digit": "0-9"}
    for name, characters in names.items():
        text = text.replace(rf"\p{{{name}}}", f"[{characters}]")
    return text


TRANSLATIONS: tuple[Callable[[str], str], ...] = (
    with_plain_anchors,
    with_plain_hyphens,
    with_plain_braces,
    with_characters,
    with_known_classes,
)
"""What is tried, one after the other and each on what the last one made, on a pattern that is not understood."""


def translated(text: str) -> str | None:
    """Return a pattern that the engine understands and that means the same; None where there is none.

    What is understood as it stands is left so, but for delimiters: with them the pattern matches no text at all.
    """
    text = without_delimiters(text)
    for translation in TRANSLATIONS:
        if is_understood(text):
            break
        text = translation(text)
    return text if is_understood(text) else None
