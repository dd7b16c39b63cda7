"""How an operation cuts its list into pages: the style, the size, the envelope, put together as one rule."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Any

from apitwin.contracts.errors import ContractError
from apitwin.contracts.inference.described import Described
from apitwin.contracts.inference.elsewhere import elsewhere
from apitwin.contracts.inference.envelope import Envelope, envelope
from apitwin.contracts.inference.guess import Guess, weakest
from apitwin.contracts.inference.holders import MORE, holders
from apitwin.contracts.inference.nodes import Shape, Shapes
from apitwin.contracts.inference.results import Results
from apitwin.contracts.inference.size import Size, size
from apitwin.contracts.inference.spelling import called, is_part, joined, words
from apitwin.contracts.pagination import reading
from apitwin.contracts.pagination.guess import StyleGuess
from apitwin.contracts.pagination.rules import LINK_HEADER
from apitwin.contracts.pagination.styles import LINKS_ONLY, STYLES
from apitwin.contracts.words import Certainty

PLACES = tuple(STYLES)
"""The styles in the order of their table: where nothing else decides, the first counts."""


@dataclass(frozen=True)
class Pages:
    """What is guessed of the pages of an operation.

    rule: as `x-apitwin` writes it, None where they cannot be read or walked. line: what is told of them. guesses: with
    their reasons. style: its word; parameters: those that choose a page.
    """

    rule: Mapping[str, Any] | None
    line: str
    guesses: tuple[Guess, ...]
    style: str
    parameters: tuple[str, ...]
    certainty: Certainty


def pages(operation: Described, items: Results | None, shape: Shape, shapes: Shapes) -> Pages | None:
    """Return how an operation is paginated, or None where it does not look so.

    items: where they stand; shape: what its answer comes to.
    """
    options = (_option(operation, guess, items, shape, shapes) for guess in _guesses(operation, items, shape, shapes))
    ranked = [option for option in options if option is not None]
    if ranked:
        return max(ranked, key=lambda option: option[0])[1]
    return None if items is None else _told(operation, items, shape, shapes)


def _guesses(operation: Described, items: Results | None, shape: Shape, shapes: Shapes) -> list[StyleGuess]:
    """Return the styles that its parameters look like; of two for one parameter the later in the table counts.

    What is unsure by the parameter alone is one only if the answer gives out the next value for it.
    """
    found = [guess for style in STYLES.values() for guess in style.guesses(operation.query)]
    by_parameter = {guess.parameter: guess for guess in found if guess.certainty != "unsure"}
    loose = [guess for guess in found if guess.certainty == "unsure" and guess.parameter not in by_parameter]
    if loose and items is not None:
        names = {name for holder in holders(shape, shapes, items.path) for name in holder.members}
        by_parameter |= {guess.parameter: _given_out(guess) for guess in loose if _is_given_out(guess, names)}
    return list(by_parameter.values()) or [LINKS_ONLY]


def _is_given_out(guess: StyleGuess, names: AbstractSet[str]) -> bool:
    """Return whether an answer gives out the next value of a parameter. names: of its members.

    It has a member for the next one, or one of the same name beside whether there is more.
    """
    name, spoken = called(guess.parameter or ""), {joined(each) for each in names}
    if spoken & {f"next{name}", f"{name}next", f"nextpage{name}"} or (name in spoken and spoken & set(MORE)):
        return True
    return any(is_part(each, guess.parameter or "", "next") for each in names)


def _given_out(guess: StyleGuess) -> StyleGuess:
    reason = f"each answer gives out the next {guess.parameter}"
    return replace(guess, reason=reason, certainty="certain")


def _option(
    operation: Described, guess: StyleGuess, found: Results | None, shape: Shape, shapes: Shapes
) -> tuple[tuple[int, ...], Pages] | None:
    style, query = STYLES[guess.word], operation.query
    limit = size(query, guess.parameter)
    if limit is None and style.needs_size and not guess.is_enough:
        return None
    if found is None:
        return None if limit is None else _unread(operation, guess, limit)
    said = envelope(shape, found, shapes, style, guess.parameter, operation.headers)
    rule = {
        "style": guess.word,
        "limit": _limit(limit),
        style.key: style.settled(guess.value, said.rule),
        "envelope": dict(said.rule),
    }
    if "next" in said.rule or "previous" in said.rule:
        rule["links"] = {"form": "unspecified", "limit": "unspecified"}
    names = tuple(name for name in (limit and limit.parameter, guess.parameter) if name)
    told = f"{operation.id}: inferred {'/'.join(names) or 'links'} ({guess.word})"
    if limit is None and style.needs_size:
        guess = replace(guess, certainty=weakest([guess.certainty, "likely"]))
    certainty = weakest([guess.certainty, found.certainty, *([limit.certainty] if limit else [])])
    guesses = _reasons(guess, limit, found, said)
    is_onward = _is_walkable(rule) and (guess.parameter is not None or "next" in said.rule)
    deprecated = query[guess.parameter].is_deprecated if guess.parameter else False
    states = sum(key not in ("results", "count", "count-nullable") for key in said.rule)
    pairs = _is_pair(guess, limit)
    is_usual = not deprecated and not guess.is_opened
    rank = (is_onward, is_usual, _support(guess, said.rule), pairs, -PLACES.index(guess.word), states)
    if guess.parameter is None and found.is_nested:
        return None  # what a member of a thing links to is a list of its own
    if not is_onward:
        if guess.parameter is None or guess.certainty != "certain":
            return None
        line = f"{told}, but its pages do not say how to go on: not paginated"
        return rank, Pages(None, line, guesses, guess.word, names, "unsure")
    place = f"results at {found.place or 'the whole body'}, count at {said.rule.get('count') or 'nowhere'}"
    most = limit.maximum if limit is not None else None
    line = f"{told}, {place}, maximum {most or 'unknown'}"
    return rank, Pages(rule, line, guesses, guess.word, names, certainty)


def _told(operation: Described, items: Results, shape: Shape, shapes: Shapes) -> Pages | None:
    """Return what is told of pages that are asked for elsewhere than in parameters of the query."""
    found = elsewhere(operation, shapes)
    if found is None:
        return None
    guess = replace(found.guess, certainty="unsure")
    said = envelope(shape, items, shapes, STYLES[guess.word], None, operation.headers)
    asked = "/".join(name for name in (found.limit and found.limit.parameter, guess.parameter) if name)
    line = f"{operation.id}: looks like {asked} {found.where} ({guess.word}), which no rule can say: not paginated"
    reasons = [reason for reason in _reasons(guess, None, items, said) if reason.question != "begin"]
    begins = [Guess("begin", name, f"{name} holds {asked}", "unsure") for name in found.names]
    return Pages(None, line, (*reasons, *begins), guess.word, found.names, "unsure")


def _unread(operation: Described, guess: StyleGuess, limit: Size) -> tuple[tuple[int, ...], Pages] | None:
    """Return what is told of pages whose items are described nowhere."""
    if guess.parameter is None or guess.certainty == "unsure" or limit.certainty == "unsure":
        return None
    names = (limit.parameter, *filter(None, [guess.parameter]))
    told = f"{operation.id}: inferred {'/'.join(names)} ({guess.word})"
    line = f"{told}, but where its items stand is not described: not paginated"
    guesses = (
        Guess("style", guess.word, guess.reason, guess.certainty),
        Guess("begin", guess.parameter, guess.reason, guess.certainty),
        Guess("size", limit.parameter, limit.reason, limit.certainty),
    )
    rank = (0, 0, 0, _is_pair(guess, limit), -PLACES.index(guess.word), 0)
    return rank, Pages(None, line, guesses, guess.word, names, "unsure")


def _is_pair(guess: StyleGuess, limit: Size | None) -> bool:
    """Return whether the parameter for the size speaks of the style: `per_page` of pages."""
    return limit is not None and STYLES[guess.word].key in words(limit.parameter)


def _support(guess: StyleGuess, rule: Mapping[str, Any]) -> int:
    """Return how much an answer states of what speaks for a style; for one that is not certain little counts."""
    most = max((weight for key, weight in STYLES[guess.word].support.items() if key in rule), default=0)
    return most if guess.certainty == "certain" else min(most, 1)


def _is_walkable(rule: Mapping[str, Any]) -> bool:
    try:
        reading.read("inferred", rule, "", "")
    except ContractError:
        return False
    return True


def _limit(limit: Size | None) -> dict[str, Any]:
    if limit is None:
        return {"parameter": None, "over-maximum": "unspecified", "when-absent": "unspecified"}
    return limit.rule


def _reasons(guess: StyleGuess, limit: Size | None, found: Results, said: Envelope) -> tuple[Guess, ...]:
    told = [
        Guess("style", guess.word, guess.reason, guess.certainty),
        Guess("begin", guess.parameter, guess.reason, guess.certainty),
    ]
    if limit is not None:
        told.append(Guess("size", limit.parameter, limit.reason, limit.certainty))
        if limit.maximum is not None:
            how = "in words" if limit.maximum_certainty != limit.certainty else "in its schema"
            told.append(
                Guess(
                    "maximum",
                    limit.maximum,
                    f"{limit.parameter} is at most {limit.maximum}, {how}",
                    limit.maximum_certainty,
                )
            )
    told.append(Guess("results", found.place, found.reason, found.certainty))
    if "count" in said.rule:
        told.append(Guess("count", said.rule["count"], f"{said.rule['count']} counts all items", said.count_certainty))
    onward = ("next", "previous", *STYLES[guess.word].given_out)
    links = [str(said.rule[key]) for key in onward if key in said.rule]
    if links:
        how = "the header Link" if LINK_HEADER in links else " and ".join(links)
        told.append(Guess("links", links, f"{how} lead on", "certain"))
    return tuple(told)
