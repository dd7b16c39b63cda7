"""What an API adds to the engine: behaviours of its own, the meaning of its permissions, what it computes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from apitwin.mock_server.engine.call import Call
from apitwin.mock_server.messages import Answer
from apitwin.mock_server.world.table import Record
from apitwin.mock_server.world.world_file import FillItem, FinalizeWorld

Behaviour = Callable[[Call], Answer]


Permission = Callable[[Call], bool]


Narrow = Callable[[Call, Sequence[Record]], "Sequence[Record] | Answer"]


@dataclass(frozen=True)
class Extension:
    """What an API adds to the engine: whole answers, and which records a list is made of, by operation id.

    permissions: what the words of the contract's `permission` mean; a word that is not here is a role of the token.
    fill_item: fills in what the API computes of one item of a world file. finalize_world: the same for a whole world.
    """

    answers: Mapping[str, Behaviour] = field(default_factory=dict)
    lists: Mapping[str, Narrow] = field(default_factory=dict)
    permissions: Mapping[str, Permission] = field(default_factory=dict)
    fill_item: FillItem | None = None
    finalize_world: FinalizeWorld | None = None


def permitted(call: Call, extra: Extension) -> bool:
    """Return whether every word of the operation's `permission` holds for who asks."""
    roles = frozenset[str]() if call.token is None else call.token.roles
    return all(
        extra.permissions[word](call) if word in extra.permissions else word in roles
        for word in call.operation.permission
    )
