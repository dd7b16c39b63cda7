"""The report of a broken law, for people: what was asked, what came, what was expected, why, and how to repeat it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from apitwin.contracts import bundled, pointers
from apitwin.contracts.model import Contract, Operation
from apitwin.contracts.printable import one_line
from apitwin.contracts.validation import as_json, shortened
from apitwin.testkit.server.laws import Law
from apitwin.testkit.server.verdict import Verdict
from apitwin.testkit.transport.exchange import UNREADABLE, Exchange
from apitwin.testkit.transport.target import Target

MOST_SHOWN = 6
BODY = 220


def failure_report(
    verdict: Verdict,
    law: Law,
    contract: Contract,
    target: Target,
    also: Sequence[str] = (),
    alike: Sequence[str] = (),
) -> str:
    """Return the report of a broken verdict, some lines of text without secrets, which control no terminal.

    also: the names of other laws of the operation that the same thing breaks; alike: the other operations in which the
    same request breaks the same law.
    """
    lines = _lines(verdict, law, contract, target, also, alike)
    return "\n".join(one_line(target.secrets.cleaned(line)) for line in lines)


def _lines(
    verdict: Verdict, law: Law, contract: Contract, target: Target, also: Sequence[str], alike: Sequence[str]
) -> Iterator[str]:
    finding = verdict.finding
    assert finding is not None, "a broken verdict has a finding"
    operation = contract.operation(verdict.operation)
    yield f"BROKEN  {verdict.operation}  {verdict.law}"
    yield f"  the law:   {law.claim}"
    yield f"  broken by: {finding.says}"
    yield f"  expected:  {shortened(finding.expected, 400)}"
    yield f"  found:     {shortened(finding.found, 400)}"
    if also:
        yield f"  also:      the same breaks {', '.join(also)}"
    if alike:
        yield f"  likewise:  {', '.join(alike)}"
    if finding.fact is not None:
        yield f"  the fact:  {_fact(contract, finding.fact)}"
        yield f"             {verdict.evidence or 'no evidence in the contract'}"
    if verdict.drawn:
        drawn = (
            f"{name}: {value if isinstance(value, str) else as_json(value)}" for name, value in verdict.drawn.items()
        )
        yield f"  drawn:     {shortened(', '.join(drawn), 300)}"
    yield "  the conversation that shows it:"
    for number, exchange in enumerate(finding.shown[:MOST_SHOWN], 1):
        yield f"    {number}. {shortened(exchange.request.curl(target.base), 1200)}"
        yield f"       -> {answer(exchange, operation)}"
    if len(finding.shown) > MOST_SHOWN:
        yield f"    ... and {len(finding.shown) - MOST_SHOWN} more (all of them with --json)"
    if target.is_twin and target.base.endswith(".invalid"):
        named = contract.name if contract.name in bundled() else contract.path
        yield f"  for curl:  apitwin serve {named}, and its address instead of {target.base}"
    yield f"  replay:    {verdict.replay}"


def answer(exchange: Exchange, operation: Operation) -> str:
    """Return an answer as one line: of a page its count, its items and its next link, else the start of its body."""
    rule, value = operation.pagination, exchange.value
    results = UNREADABLE if rule is None or value is UNREADABLE else pointers.find(value, rule.envelope.results)
    if rule is None or not isinstance(results, list):
        text = " ".join(exchange.response.text.split())
        return f"{exchange.response.status} {shortened(text, BODY)}".rstrip()
    collection = operation.collection
    names = [item if collection is None else pointers.find(item, collection.identity, "?") for item in results[:8]]
    ids = ", ".join(shortened(str(name), 40) for name in names) + (", ..." if len(results) > len(names) else "")
    members = [("count", rule.envelope.count), ("next", rule.envelope.next), ("previous", rule.envelope.previous)]
    stated = [f"{name} {as_json(pointers.find(value, at))}" for name, at in members if at and at.startswith("/")]
    return "; ".join([f"{exchange.response.status}: {len(results)} items" + (f" ({ids})" if ids else ""), *stated])


def _fact(contract: Contract, pointer: str) -> str:
    value = pointers.find(contract.document, pointer)
    return f"{pointer}" + ("" if value is None else f" = {shortened(as_json(value), 160)}")
