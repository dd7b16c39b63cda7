"""From what is inferred of a document to the rules that a contract is made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

from apitwin.contracts import pointers
from apitwin.contracts.inference.guess import Guess, Inferred, weakest
from apitwin.contracts.inference.survey import Survey
from apitwin.contracts.model import Evidence
from apitwin.contracts.pagination import reading
from apitwin.contracts.pagination.rules import Pagination
from apitwin.contracts.pagination.styles import STYLES

SPEAKS = ("collections", "pagination")
"""The keys of `x-apitwin` with which a document says itself what its lists are; then only pages are inferred."""
KEYS: Mapping[str, str] = {
    "results": "/envelope/results",
    "count": "/envelope/count",
    "links": "/envelope/next",
    "size": "/limit",
    "maximum": "/limit/maximum",
    "collection": "/collection",
    "sort": "/sort",
    "search": "/search",
}
"""Where the facts of a guess stand, relative to a rule or to an `x-apitwin` object."""
OF_PAGES = ("style", "size", "maximum", "results", "count", "links")
"""The questions about pages."""


def survey(document: Mapping[str, Any]) -> Survey:
    """Return the survey of a document that refers to no other file."""

    def follow(reference: Any, holder: Any, place: str) -> tuple[Any, Any, str]:
        pointer = unquote(str(reference).partition("#")[2])
        return pointers.follow(document, pointer), holder, pointer

    return Survey(document, None, follow)


def pagination(inferred: Inferred, operation_id: str, pointer: str) -> Pagination | None:
    """Return the rule of the pages of an operation, or None. pointer: of the operation, where its evidence stands."""
    if inferred.pagination is None:
        return None
    return reading.read(f"inferred-{operation_id}", inferred.pagination, pointer, pointer)


def evidence(inferred: Inferred, place: str) -> dict[str, Evidence]:
    """Return the evidence of what is inferred of an operation, by pointer. place: of its `x-apitwin` object."""
    found: dict[str, Evidence] = {}
    for base, facts in (("/pagination", page_facts(inferred)), ("", facts_of(inferred))):
        found |= {f"{place}{base}{fact}": Evidence("inferred", guess.reason, guess.certainty) for fact, guess in facts}
    return found


def facts_of(inferred: Inferred) -> Iterator[tuple[str, Guess]]:
    """Give the facts of an `x-apitwin` object of an operation, by pointer in it, with the guess that each is."""
    for guess in inferred.guesses:
        pointer = _pointer(guess)
        if (
            guess.question not in OF_PAGES
            and pointer is not None
            and pointers.find(inferred.rules, pointer) is not None
        ):
            yield pointer, guess


def page_facts(inferred: Inferred) -> Iterator[tuple[str, Guess]]:
    """Give the facts of the rule of its pages, by pointer in that: first the whole, which is as sure as its parts."""
    if inferred.pagination is None:
        return
    parts = [guess for guess in inferred.guesses if guess.question in ("style", "size", "results")]
    sure = weakest(guess.certainty for guess in parts)
    yield "", Guess("style", None, "; ".join(guess.reason for guess in parts), sure)
    for guess in inferred.guesses:
        pointer = f"/{STYLES[guess.value].key}" if guess.question == "style" else _pointer(guess)
        if (
            guess.question in OF_PAGES
            and pointer is not None
            and pointers.find(inferred.pagination, pointer) is not None
        ):
            yield pointer, replace(guess, certainty=weakest([sure, guess.certainty]))


def _pointer(guess: Guess) -> str | None:
    if guess.question == "filter":
        return pointers.join(["filters", guess.value])
    if guess.question == "parent":
        return pointers.join(["within", guess.value])
    if guess.question == "path value":
        return pointers.join(["drawn-from", guess.value])
    if guess.question == "identity":
        return "/identified-by"
    if guess.question == "kind":
        return "/effect"
    return KEYS.get(guess.question)
