"""Which members of a body, form or query hold secrets, by their names; and texts without what such members hold.

No contract says which of its members are secret, so names must do. Assumed: the names of OAuth 2.0 (RFC 6749, 7009,
7521, 7523), those of HTTP and what forms of logins call a password. A word for a place in a list, such as
`page_token`, is none of them.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Any
from urllib.parse import unquote_plus

HIDDEN = "$TOKEN"
"""What stands in the place of a secret."""

NAMES = frozenset(
    {
        "token", "accesstoken", "refreshtoken", "idtoken", "authtoken", "bearertoken", "sessiontoken", "apitoken",
        "devicetoken", "subjecttoken", "actortoken", "authorization", "proxyauthorization", "assertion",
        "clientassertion", "codeverifier", "devicecode", "credential", "credentials", "cookie", "setcookie",
        "sessionid", "passwd", "pwd", "pin", "otp", "pat",
    }
)  # fmt: skip
ENDS = ("secret", "password", "passphrase", "apikey", "accesskey", "privatekey")

LONGEST_KNOWN = 100
"""Characters of a name from which on it is looked at each time: most names come again and again, and are short."""

_HINTS = (*NAMES, *ENDS, "\\u", "%")
"""Without any of these a text has no such name, and nothing needs to be read."""
_NAME = r'"((?:[^"\\]|\\.){0,80})"(\s{0,50}:\s{0,50})'
"""Every repetition is bounded, so that a text is read in a time that grows with its length."""
_HOLDER = re.compile(_NAME + r"(?=[\[{])", re.DOTALL)
_MEMBER = re.compile(_NAME + r'("(?:[^"\\]|\\.)*(?:"|\\?$)|[^\s"\[{,}\]]+)', re.DOTALL)
_PAIR = re.compile(r"(^|[&;?\s])([^=&;?\s]{1,200})=([^&;\s]*)")
_PART = re.compile(
    r'(name="?([^";\r\n]{1,80})"?[^\r\n]{0,200}\r?\n(?:[^\r\n]{1,500}\r?\n){0,8}\r?\n)(.*?)(?=\r?\n--|\Z)',
    re.DOTALL | re.IGNORECASE,
)


def is_secret(name: str) -> bool:
    """Return whether a member of this name holds a secret, in any case and with or without `-` and `_`."""
    return _is_known(name) if len(name) < LONGEST_KNOWN else _is_secret(name)


def _is_secret(name: str) -> bool:
    bare = _bare(name)
    return bare in NAMES or bare.endswith(ENDS)


_is_known = lru_cache(maxsize=4096)(_is_secret)


def _bare(text: str) -> str:
    for sign in "-_. ":
        text = text.replace(sign, "")
    return text.lower()


def without_secret_members(text: str) -> str:
    """Return a body with `$TOKEN` in the place of each value that a secret member has.

    It is JSON, whole or cut off, a form, or a form in parts. A text without such a member comes back as it is.
    """
    bare = _bare(text)
    if not any(hint in bare for hint in _HINTS):
        return text
    try:
        value = json.loads(text)
        hidden = _hidden(value)
    except (ValueError, RecursionError):
        return _of_pieces(text)
    if isinstance(value, (dict, list)):
        return text if hidden == value else json.dumps(hidden, ensure_ascii=False, separators=(",", ":"))
    return _of_pieces(text)


def _hidden(value: Any) -> Any:
    if isinstance(value, list):
        return [_hidden(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        name: _hidden(held) if not is_secret(name) or held in (None, "") or isinstance(held, bool) else HIDDEN
        for name, held in value.items()
    }


def _of_pieces(text: str) -> str:
    """Treat what is no whole JSON: by its members, its pairs, its parts, whichever of them it has.

    Where the value of a secret member is an object or a list, its end is not looked for, and nothing after it is shown.
    """
    for holder in _HOLDER.finditer(text):
        if _is_member(holder[1]):
            text = f'{text[: holder.end()]}"{HIDDEN}"'
            break
    text = _MEMBER.sub(lambda match: f'"{match[1]}"{match[2]}"{HIDDEN}"' if _is_member(match[1]) else match[0], text)
    text = _PAIR.sub(
        lambda match: f"{match[1]}{match[2]}={HIDDEN}" if is_secret(unquote_plus(match[2])) else match[0], text
    )
    return _PART.sub(lambda match: f"{match[1]}{HIDDEN}" if is_secret(match[2]) else match[0], text)


def _is_member(written: str) -> bool:
    try:
        return is_secret(json.loads(f'"{written}"'))
    except ValueError:
        return is_secret(written)
