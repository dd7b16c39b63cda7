"""What an API adds to the engine: behaviours of its own, the meaning of its permissions, what it computes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from apitwin.mock_server.engine.call import Access, Call
from apitwin.mock_server.messages import Answer
from apitwin.mock_server.world.record import Record
from apitwin.mock_server.world.records import Records
from apitwin.mock_server.world.world_file import FillItem, FinalizeWorld

Behaviour = Callable[[Call], Answer]
"""Answers a request. Raises Refusal where it refuses it."""

Permission = Callable[[Access], bool]
"""Whether the caller is permitted."""

Narrow = Callable[[Call, Records], Sequence[Record]]
"""Chooses the records of a list: by conditions (see `Meets`), which cost no more than the page, or as a plain list.

Raises Refusal where it refuses the request.
"""


@dataclass(frozen=True)
class Extension:
    """What an API adds to the engine.

    answers: whole answers, by operation id; lists: which records a list is made of, by operation id; permissions: what
    the words of the contract's `permission` mean, where a word that is not here is a role of the token; fill_item:
    fills in what the API computes of one item of a world; finalize_world: the same for a whole world. never_waits: its
    code asks nobody and waits for nothing, so a server may let it answer in the one thread that all clients share.
    fills_alike: what it fills in follows from what it is given and from the time alone, so that twins which are made
    within a minute may begin with the same state.
    """

    answers: Mapping[str, Behaviour] = field(default_factory=dict)
    lists: Mapping[str, Narrow] = field(default_factory=dict)
    permissions: Mapping[str, Permission] = field(default_factory=dict)
    fill_item: FillItem | None = None
    finalize_world: FinalizeWorld | None = None
    never_waits: bool = False
    fills_alike: bool = False

    @property
    def repeats_worlds(self) -> bool:
        """Whether two worlds that are read from one file within a moment are the same."""
        return self.fills_alike or (self.fill_item is None and self.finalize_world is None)

    @property
    def is_quick(self) -> bool:
        """Whether no code of it could wait, also because there is none."""
        return self.never_waits or not (self.answers or self.lists or self.permissions)

    def __repr__(self) -> str:
        return f"Extension({', '.join([*self.answers, *self.lists]) or '...'})"


def permitted(access: Access, extension: Extension) -> bool:
    """Return whether every word of the operation's `permission` holds for who asks."""
    roles = frozenset[str]() if access.token is None else access.token.roles
    return all(
        extension.permissions[word](access) if word in extension.permissions else word in roles
        for word in access.operation.permission
    )
