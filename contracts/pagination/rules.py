"""The facts of a pagination rule, as frozen values. What only one style knows is in the file of that style."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from apitwin.contracts.words import Absent, LinkForm, LinkLimit, LinkOrder, OverMaximum, Spelling, Treatment

HEADER = "header:"
"""How a member of a page says that it stands in a header and not in the body: `header:X-Total-Count`."""
LINK_HEADER = "header:Link"
"""Where next and previous stand in a header: web links with `rel` (RFC 8288)."""


@dataclass(frozen=True)
class LimitRule:
    """What a server makes of the parameter for the size of a page.

    parameter: None where the size cannot be asked for, and every page has the default. maximum: items a page, at most;
    None where it is not known. default: items a page where a treatment says `default`. largest: the greatest number
    that is read as one, such as that of 32 bits; what is above it counts as a text. None where none is too great.
    """

    parameter: str | None
    maximum: int | None
    default: int | None
    over_maximum: OverMaximum
    when_absent: Absent
    when_zero: Treatment
    when_negative: Treatment
    when_text: Treatment
    when_empty: Treatment
    when_fraction: Treatment
    spelling: Spelling
    largest: int | None = None


@dataclass(frozen=True)
class EnvelopeRule:
    """Where a page keeps its members: JSON pointers, or `header:NAME`; None where there is none.

    results: `""` where the page itself is the array. count: of the items of the whole list. next, previous: links.
    more: a boolean, whether there is another page. members: what else the style states, its words by pointer.
    """

    results: str
    count: str | None
    next: str | None
    previous: str | None
    count_nullable: bool
    more: str | None = None
    members: Mapping[str, str] = field(default_factory=dict)

    @property
    def way_on(self) -> str | None:
        """Where a page says how to go on: its next link, or what the style has instead; None where it does not."""
        stated = (place for word, place in self.members.items() if word.startswith("next-"))
        return self.next if self.next is not None else next(stated, None)


@dataclass(frozen=True)
class LinkRule:
    """How next and previous are written."""

    form: LinkForm
    limit: LinkLimit
    order: LinkOrder = "kept"


@dataclass(frozen=True)
class Style(ABC):
    """How a request says where its page begins. A style is a subclass of this, and a line in `styles.STYLES`."""

    word: ClassVar[str]
    """What the contract calls the style."""
    key: ClassVar[str]
    """Under which key a rule of this style says where a page begins."""
    cuts_anywhere: ClassVar[bool] = True
    """Whether the page after one that was cut shorter than usual can begin where that one ended."""
    reaches_past_end: ClassVar[bool] = True
    """Whether a request can ask for a page beyond the end, without being given its place by the server."""

    varies: ClassVar[bool] = False
    """Whether what leads to a page may be written in another way each time."""

    @property
    @abstractmethod
    def parameters(self) -> tuple[str, ...]:
        """The query parameters that say where a page begins."""

    @property
    @abstractmethod
    def errors(self) -> tuple[str, ...]:
        """The contract's errors that the rule names."""

    def is_walkable(self, envelope: EnvelopeRule) -> bool:
        """Return whether it is known how to go on from a page with these members to the next."""
        return True


@dataclass(frozen=True)
class Pagination:
    """One named pagination rule; pointer is its place in the contract, for evidence."""

    name: str
    pointer: str
    style: Style
    limit: LimitRule
    envelope: EnvelopeRule
    links: LinkRule | None

    @property
    def parameters(self) -> tuple[str, ...]:
        """Every query parameter that chooses a page: its size, and where it begins."""
        size = () if self.limit.parameter is None else (self.limit.parameter,)
        return (*size, *self.style.parameters)
