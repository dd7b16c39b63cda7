"""How requests are read and refused, as facts: what frameworks do each in their own way.

The words of this file are used by it alone; `x-apitwin/requests` in a contract or a profile says them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from apitwin.contracts.errors import ContractError

Check = Literal["auth", "method", "path", "permission", "things", "restrictions", "query", "body"]
"""What a request is looked at for: its token, its method, the types in its path, the asker's permission, the things
that its path names, what only some roles may ask for, its query, its body."""
NullCharacter = Literal["reject", "accept"]
"""Whether a text may have the character U+0000 in it, which PostgreSQL cannot store."""
EmptyText = Literal["left-out", "value"]
"""What an empty text in the place of a number, a truth value or a time is: as if it were not there, or wrong."""
WrongPath = Literal["not-found", "reject"]
"""How a text in the place of a number in a path is refused: as a thing that is not there, or as a wrong parameter."""
AbsentBody = Literal["empty", "reject"]
"""What no body at all counts for, where one is required: an object without members, or a mistake of its own."""


@dataclass(frozen=True)
class RequestRules:
    """How the server reads requests, and in which order it refuses them.

    order: every check, the first one first; whole_body: what stands for the name of a member in a complaint about the
    whole body, None where nothing does.
    """

    order: tuple[Check, ...]
    whole_body: str | None
    null_character: NullCharacter
    empty_text: EmptyText
    wrong_path: WrongPath
    absent_body: AbsentBody

    def comes_before(self, first: Check, second: Check) -> bool:
        """Return whether a request is looked at for the one before the other."""
        return self.order.index(first) < self.order.index(second)


def request_rules(value: Mapping[str, Any], place: str) -> RequestRules:
    """Return the rules that a whole `requests` object says.

    place: file and pointer of the contract's own. Raises ContractError where an order asks for a role before it is
    known who asks.
    """
    rules = RequestRules(
        order=tuple(value["order"]),
        whole_body=value["whole-body"],
        null_character=value["null-character"],
        empty_text=value["empty-text"],
        wrong_path=value["wrong-path"],
        absent_body=value["absent-body"],
    )
    needing: tuple[Check, ...] = ("permission", "restrictions")
    for check in needing:
        if rules.comes_before(check, "auth"):
            raise ContractError(f"{place}/order", f"{check!r} stands before 'auth'; expected 'auth' before it")
    return rules
