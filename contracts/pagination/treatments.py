"""What a server makes of texts that are not what a parameter of the page takes: a treatment for each kind of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from apitwin.contracts.words import schema


def schemas(kinds: Iterable[str], treatment: Any) -> dict[str, Any]:
    """Return the JSON Schemas of the keys: `when-` and a kind, and `when-invalid` for all that are not named.

    treatment: the words for what a server may make of such a text.
    """
    return {key: schema(treatment) for key in ("when-invalid", *(f"when-{kind}" for kind in kinds))}


def read(value: Mapping[str, Any], kinds: Iterable[str]) -> dict[str, Any]:
    """Return the treatment of each kind as the members of a rule have it: `when_` and the kind."""
    invalid = value.get("when-invalid", "unspecified")
    return {f"when_{kind}": value.get(f"when-{kind}", invalid) for kind in kinds}
