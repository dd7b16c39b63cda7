"""Paths and operations that look like an action. GET should change nothing, and in many APIs it does all the same.

On a live API these are not asked unless the user names them. Source of the rule that GET is safe: RFC 9110 section
9.2.1; of the words: assumed, from what published APIs do with GET.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from apitwin.contracts.model import Operation

ANYWHERE = frozenset(
    {"logout", "logoff", "signout", "signoff", "unsubscribe", "revoke", "impersonate", "shutdown", "reboot", "restart"}
)
"""Words that act wherever in a path they stand."""
FIRST = ANYWHERE | {
    "abort", "activate", "approve", "ban", "cancel", "confirm", "deactivate", "decline", "delete", "destroy", "disable",
    "dismiss", "enable", "erase", "execute", "expire", "invalidate", "invoke", "kill", "pause", "purge", "rebuild",
    "recalculate", "redeploy", "regenerate", "reindex", "reject", "reload", "remove", "reopen", "resend", "reset",
    "resume", "rollback", "rotate", "suspend", "terminate", "unban", "uninstall", "unlock", "unpublish", "wipe",
    "withdraw",
}  # fmt: skip
"""Words that act where the last part of a path, or the id of the operation, begins with them: `cancelAll`."""
WHOLE = FIRST | {
    "accept", "add", "charge", "clear", "close", "create", "deploy", "drop", "flush", "insert", "install", "migrate",
    "pay", "publish", "refund", "retry", "run", "save", "send", "set", "start", "stop", "submit", "sync", "trigger",
    "update", "upgrade",
}  # fmt: skip
"""Words that act where they are the last part of a path; beside other words they mostly name a thing: `StopPoint`."""
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_PARAMETER = re.compile(r"\{[^{}]*\}")


def action(operation: Operation) -> str | None:
    """Return the word for which reading an operation looks like an action, None where it does not."""
    if operation.method != "GET":
        return None
    parts = [_words(part) for part in operation.path.split("/") if part]
    for words in parts:
        spoken = {*words, "".join(words)} & ANYWHERE
        if spoken:
            return min(spoken)
    last = parts[-1] if parts else []
    if len(last) == 1 and last[0] in WHOLE:
        return last[0]
    begun = [words[0] for words in (last, _words(operation.id)) if words]
    return next((word for word in begun if word in FIRST), None)


def actions(operations: Iterable[Operation]) -> Iterator[tuple[Operation, str]]:
    """Give the operations that look like an action, each with its word."""
    for operation in operations:
        word = action(operation)
        if word is not None:
            yield operation, word


def addresses(operations: Iterable[Operation]) -> re.Pattern[str] | None:
    """Return what all paths of some operations look like, None without any."""
    paths = [
        "[^/]+".join(re.escape(part) for part in _PARAMETER.split(operation.path.rstrip("/")))
        for operation in operations
    ]
    return re.compile(f"(?:{'|'.join(paths)})/?") if paths else None


def _words(text: str) -> list[str]:
    """Return the words of a part of a path or of an id, in small letters: `sendMail`, `send-mail` and `send_mail`."""
    return [] if _PARAMETER.search(text) else [word.lower() for word in _WORD.findall(text)]
