"""The known names that a wrong name is nearest to, in the words of an error."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable


def meant(name: str, known: Iterable[str], most: int = 3, cutoff: float = 0.5) -> str:
    """Return the question whether a near name was meant, or nothing where none is near.

    most: names in the question. cutoff: how near a name must be, from 0 to 1, as `difflib` counts it.
    """
    near = difflib.get_close_matches(name, list(known), n=most, cutoff=cutoff)
    return f"did you mean {' or '.join(near)}?" if near else ""


def hint(name: str, known: Iterable[str]) -> str:
    """Return the end of an error that has listed all names: the nearest name, or nothing where none is near."""
    near = difflib.get_close_matches(name, list(known), n=1)
    return f"; did you mean {near[0]!r}?" if near else ""


def allowed(name: str, known: Collection[str]) -> str:
    """Return all the names that are allowed in place of a wrong one, and the question whether the nearest was meant."""
    return f"allowed: {', '.join(known) or 'none'}{hint(name, known)}"


def instead(name: str, known: Collection[str], most: int = 3, cutoff: float = 0.5) -> str:
    """Return the question whether a near name was meant; where none is near, all the names there are."""
    return meant(name, known, most, cutoff) or f"there is: {', '.join(known) or 'none'}"
