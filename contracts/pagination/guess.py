"""What the query parameters of an operation look like to a style."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from apitwin.contracts.words import Certainty


@dataclass(frozen=True)
class StyleGuess:
    """A style that an operation may have.

    word: of the style; value: what stands under its key in a rule; reason: in plain English; certainty: how sure.
    is_enough: whether it is one without a parameter for the size of a page, too. is_opened: whether who wants it has to
    ask for it with an empty text first, so that a request without it is answered in another style.
    """

    word: str
    value: Mapping[str, Any]
    reason: str
    certainty: Certainty
    is_enough: bool = False
    is_opened: bool = False

    @property
    def parameter(self) -> str | None:
        """The parameter that says where a page begins."""
        name: str | None = self.value["parameter"]
        return name
