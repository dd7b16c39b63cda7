"""Writes docs/laws.md from the laws and the sabotages: `python -m tests.laws_page`. A test holds the two together."""

from __future__ import annotations

from collections.abc import Iterator

from apitwin.testkit.server.laws import Law, registered
from tests.sabotage.broken import SABOTAGES
from tests.servers import ROOT

PAGE = ROOT / "docs" / "laws.md"
INTRODUCTION = """\
# The laws

A law is a claim about a server that is judged by asking it. This page is written by `python -m tests.laws_page`
from the laws themselves and from the sabotaged servers that the tests let them judge.

*Limit*, *offset*, *count* and *maximum* are meant as in the contract. The *walk* is what is met by asking for pages
from offset 0 and advancing by what arrived, until a page is empty; never until the server's own count. A law speaks
where the contract has the rule that it judges; elsewhere it is skipped, and the report says why. Where the contract
says otherwise (`over-maximum: reject`, no links, no count), the law follows the contract.

A law that compares with the plain walk is *inconclusive* while that walk itself meets an item twice: then only
`partition` speaks. On a live server a verdict is also inconclusive when the collection changed meanwhile, when the
server throttles for too long, or when a collection is too large to walk.

A law holds only if it required something of an answer in at least one example; where no example had what it speaks
of, it is skipped: *nothing to examine*, and what was missing.

An address that is too long for something on the way (414, 431) is no answer of the API, and nothing is said of it.

`apitwin laws` prints the claims; `python -m tests.sabotage` prints which law catches which broken server.
"""


def page() -> str:
    """Return the page."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield INTRODUCTION.rstrip()
    topic = ""
    for law in registered():
        if law.topic != topic:
            topic = law.topic
            yield f"\n## {topic.capitalize()}"
        yield f"\n### {law.name}\n\n{law.claim}\n"
        conditions = [
            _first_line(condition.__doc__) for condition in law.applicability if condition.__name__ != "reading"
        ]
        if conditions:
            yield f"Speaks where: {'; '.join(conditions)}.\n"
        yield "It catches a server of which this is true:\n"
        yield from _caught(law)


def _first_line(text: str | None) -> str:
    line = (text or "").strip().splitlines()[0].rstrip(".")
    return line[0].lower() + line[1:]


def _caught(law: Law) -> Iterator[str]:
    for sabotage in SABOTAGES:
        if sabotage.caught_by == law.name:
            met = f" (met: {sabotage.met})" if sabotage.met else ""
            yield f"- `{sabotage.name}`: {sabotage.does}{met}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
