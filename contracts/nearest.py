"""The known names that a wrong name is nearest to, in the words of an error."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable
from itertools import islice

MOST = 2000
"""Names that a wrong one is compared with at most."""
LONGEST = 100
"""Characters of a name that is compared: the time grows with the square of them."""


def _near(name: str, known: Iterable[str], most: int, cutoff: float) -> list[str]:
    if len(name) > LONGEST:
        return []
    comparable = [other for other in islice(known, MOST) if len(other) <= LONGEST]
    return difflib.get_close_matches(name, comparable, n=most, cutoff=cutoff)


def meant(name: str, known: Iterable[str], most: int = 3, cutoff: float = 0.5) -> str:
    """Return the question whether a near name was meant, or nothing where none is near.

    most: names in the question. cutoff: how near a name must be, from 0 to 1, as `difflib` counts it.
    """
    near = _near(name, known, most, cutoff)
    return f"did you mean {' or '.join(near)}?" if near else ""


def hint(name: str, known: Iterable[str]) -> str:
    """Return the end of an error that has listed all names: the nearest name, or nothing where none is near."""
    near = _near(name, known, 1, 0.6)
    return f"; did you mean {near[0]!r}?" if near else ""


def allowed(name: str, known: Collection[str]) -> str:
    """Return all the names that are allowed in place of a wrong one, and the question whether the nearest was meant."""
    return f"allowed: {', '.join(islice(known, MOST)) or 'none'}{hint(name, known)}"


def instead(name: str, known: Collection[str], most: int = 3, cutoff: float = 0.5) -> str:
    """Return the question whether a near name was meant; where none is near, all the names there are."""
    return meant(name, known, most, cutoff) or f"there is: {', '.join(known) or 'none'}"
