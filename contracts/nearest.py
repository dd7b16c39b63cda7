"""The names that a wrong one may have been meant for, in the words of an error."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable


def meant(found: str, known: Iterable[str], most: int = 3, cutoff: float = 0.5) -> str:
    """Return the question whether a nearer name was meant, and nothing where none is near.

    most: names in the question. cutoff: how near a name must be, from 0 to 1, as `difflib` counts it.
    """
    near = difflib.get_close_matches(found, list(known), n=most, cutoff=cutoff)
    return f"did you mean {' or '.join(near)}?" if near else ""


def hint(found: str, known: Iterable[str]) -> str:
    """Return what an error that has listed all names ends with: the nearest one, nothing where none is near."""
    near = difflib.get_close_matches(found, list(known), n=1)
    return f"; did you mean {near[0]!r}?" if near else ""


def allowed(found: str, known: Collection[str]) -> str:
    """Return all that is allowed in the place of a name, and whether the nearest was meant."""
    return f"allowed: {', '.join(known) or 'none'}{hint(found, known)}"


def instead(found: str, known: Collection[str], most: int = 3, cutoff: float = 0.5) -> str:
    """Return the question whether a nearer name was meant; where none is near, all there is."""
    return meant(found, known, most, cutoff) or f"there is: {', '.join(known) or 'none'}"
