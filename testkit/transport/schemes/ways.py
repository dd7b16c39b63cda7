"""What a kind of security scheme brings for the laws, and wrong secrets that several kinds share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from apitwin.testkit.transport.credentials import Part


@dataclass(frozen=True)
class Ways:
    """How to satisfy a scheme, and how not to.

    right: what a valid request shows. wrong_secrets: look like the right one, and are refused as invalid, the plainest
    first. wrong_forms: the right secret in a wrong way, refused as missing or as invalid. other_cases: the same in
    other letters, which the contract's `scheme-case` judges. other_places: the right secret where it has no place.
    """

    right: Part
    wrong_secrets: tuple[Part, ...]
    wrong_forms: tuple[Part, ...]
    other_cases: tuple[Part, ...]
    other_places: tuple[Part, ...]


def near_misses(noun: str, variable: str) -> Iterator[tuple[str, Callable[[str], str], str]]:
    """Yield secrets that look like the right one: (title, right secret -> wrong one, the same in a shell: bash).

    noun: what the scheme calls a secret. variable: the one of the shell that holds it.
    """
    yield f"another {noun}", lambda text: "x" * len(text), f"${{{variable}//?/x}}"
    yield f"the {noun} without its last character", lambda text: text[:-1], f"${{{variable}%?}}"
    yield f"the {noun} with a character more", lambda text: f"{text}x", f"${{{variable}}}x"
    yield f"the {noun} with upper and lower case exchanged", str.swapcase, f"${{{variable}~~}}"
    yield f"the first part of the {noun}", _prefix, f"${{{variable}%%_*}}_"
    yield "the prefix with other characters", _forged, f"${{{variable}%%_*}}_xxxxxxxx"


def _prefix(text: str) -> str:
    head, mark, _ = text.partition("_")
    return head + mark if mark else text[: len(text) // 2]


def _forged(text: str) -> str:
    head = _prefix(text)
    return head + "x" * (len(text) - len(head))
