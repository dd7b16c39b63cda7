"""Reading a pagination rule of `x-apitwin`, whatever its style."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from apitwin.contracts import checking
from apitwin.contracts.errors import ContractError
from apitwin.contracts.pagination import treatments
from apitwin.contracts.pagination.rules import HEADER, LINK_HEADER, EnvelopeRule, LimitRule, LinkRule, Pagination
from apitwin.contracts.pagination.styles import STYLES, USUAL, StyleReader
from apitwin.contracts.words import Absent, LinkForm, LinkLimit, LinkOrder, OverMaximum, Spelling, Treatment, schema

ODD = ("zero", "negative", "text", "empty", "fraction")
"""The kinds of limits that are no positive whole number."""
LIMIT: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["parameter"],
    "properties": {
        "parameter": {"type": ["string", "null"], "minLength": 1},
        "maximum": {"type": ["integer", "null"], "minimum": 1},
        "default": {"type": "integer", "minimum": 1},
        "over-maximum": schema(OverMaximum),
        "when-absent": schema(Absent),
        **treatments.schemas(ODD, Treatment),
        "spelling": schema(Spelling),
        "largest": {"type": "integer", "minimum": 1},
    },
}
LINKS: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {"form": schema(LinkForm), "limit": schema(LinkLimit), "order": schema(LinkOrder)},
}
_LINK = {"type": "string", "pattern": f"^(/|{LINK_HEADER}$)"}
_MEMBER = {"type": "string", "pattern": "^/"}


def _envelope_schema(style: StyleReader) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["results"],
        "properties": {
            "results": {"type": "string", "pattern": "^(/.*)?$"},
            "count": {"type": "string", "pattern": f"^(/|{HEADER}[A-Za-z0-9-]+$)"},
            "count-nullable": {"type": "boolean"},
            "next": _LINK,
            "previous": _LINK,
            "more": _MEMBER,
            **{word: _MEMBER for word in style.members},
        },
    }


def rule_schema(word: str) -> dict[str, Any]:
    """Return the JSON Schema of a rule of a style. word: of a known style."""
    style = STYLES[word]
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["limit", style.key, "envelope"],
        "properties": {
            "style": {"const": word},
            "limit": LIMIT,
            style.key: style.schema,
            "envelope": _envelope_schema(style),
            "links": LINKS,
        },
    }


@cache
def _expected(word: str) -> checking.Expected:
    return checking.Expected(rule_schema(word))


def read(name: str, value: Any, pointer: str, place: str) -> Pagination:
    """Return one pagination rule.

    pointer: where it stands in the contract; place: the same with the file, for errors.
    Raises ContractError where a key or a word is not known, and where two of its facts contradict each other.
    """
    word = value.get("style", USUAL) if isinstance(value, dict) else USUAL
    if word not in STYLES:
        raise ContractError(f"{place}/style", f"found {word!r}; expected one of {', '.join(STYLES)}")
    _expected(word).require(value, place)
    style, envelope = STYLES[word], value["envelope"]
    rule = Pagination(
        name=name,
        pointer=pointer,
        style=style.read(value[style.key]),
        limit=limit_rule(value["limit"]),
        envelope=_envelope(envelope, style),
        links=_links(value.get("links", {})) if "next" in envelope or "previous" in envelope else None,
    )
    _require_consistent(rule, place)
    return rule


def limit_rule(value: Mapping[str, Any]) -> LimitRule:
    """Return the rule for the size of a page from what stands under `limit`, checked before."""
    return LimitRule(
        parameter=value["parameter"],
        maximum=value.get("maximum"),
        default=value.get("default"),
        over_maximum=value.get("over-maximum", "truncate"),
        when_absent=value.get("when-absent", "unspecified" if value["parameter"] else "default"),
        spelling=value.get("spelling", "unspecified"),
        largest=value.get("largest"),
        **treatments.read(value, ODD),
    )


def _envelope(value: Mapping[str, Any], style: StyleReader) -> EnvelopeRule:
    return EnvelopeRule(
        results=value["results"],
        count=value.get("count"),
        next=value.get("next"),
        previous=value.get("previous"),
        count_nullable=value.get("count-nullable", False),
        more=value.get("more"),
        members={word: value[word] for word in style.members if word in value},
    )


def _links(value: Mapping[str, Any]) -> LinkRule:
    return LinkRule(value.get("form", "unspecified"), value.get("limit", "unspecified"), value.get("order", "kept"))


def _require_consistent(rule: Pagination, place: str) -> None:
    limit, envelope = rule.limit, rule.envelope
    treatments = {key: word for key, word in vars(limit).items() if key.startswith("when_")}
    for key, word in treatments.items():
        key = key.replace("_", "-")
        if word == "default" and limit.default is None:
            raise ContractError(f"{place}/limit", f"{key} is 'default', and there is no key 'default' with the number")
        if word == "maximum" and limit.maximum is None:
            raise ContractError(f"{place}/limit", f"{key} is 'maximum', and no 'maximum' is known")
    if limit.maximum is not None and limit.default is not None and limit.default > limit.maximum:
        raise ContractError(
            f"{place}/limit/default", f"found {limit.default}, which is over the maximum of {limit.maximum}"
        )
    in_body = [place for place in (envelope.count, envelope.next, envelope.previous) if (place or "").startswith("/")]
    if envelope.results == "" and (in_body or envelope.more or envelope.members):
        raise ContractError(
            f"{place}/envelope/results",
            "a bare array has no room for count, next, previous and the like; use header:NAME, for links header:Link",
        )
    if not rule.style.is_walkable(envelope):
        raise ContractError(
            f"{place}/envelope", "nothing says how to go on from a page; give next, or what the style has"
        )
