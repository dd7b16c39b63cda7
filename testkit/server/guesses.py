"""What a verdict goes by that is only a guess: a server is asked about it, and not accused."""

from __future__ import annotations

import json
from collections.abc import Sequence

from apitwin.contracts import pointers
from apitwin.contracts.extension import EXTENSION
from apitwin.contracts.model import Contract, Evidence, Operation
from apitwin.testkit.server.applicability import reader
from apitwin.testkit.transport.exchange import UNREADABLE, Exchange


def guess_behind(
    contract: Contract, operation: Operation, fact: str | None, exchanges: Sequence[Exchange] = ()
) -> Evidence | None:
    """Return the evidence of what a finding goes by, where that is only a guess: its fact, or what tells items apart.

    The second is what laws of pages, of filters and of single things compare by, and no other. It is as good as stated
    where the exchanges of the finding show it.
    """
    if fact is None:
        return None
    read = reader(operation, contract)
    facts = [fact]
    compares = fact.startswith(f"{operation.pointer}/{EXTENSION}/") or (
        read is not None and fact.startswith(read.pointer)
    )
    if compares and operation.collection is not None and not is_seen_to_tell_apart(operation, exchanges):
        facts.append(f"/{EXTENSION}/collections/{operation.collection.name}/identity")
    if read is not None and fact.startswith(read.pointer):
        facts.append(f"{read.pointer}/{EXTENSION}/identified-by")
    known = (contract.evidence_for(pointer) for pointer in facts)
    return next((evidence for evidence in known if evidence is not None and not evidence.is_stated), None)


def is_seen_to_tell_apart(operation: Operation, exchanges: Sequence[Exchange]) -> bool:
    """Return whether in all pages that came every item that is named alike is alike, and there are two at least.

    A member that names something else, such as the thing of which a history lists the versions, does not do so.
    """
    rule, collection = operation.pagination, operation.collection
    if rule is None or collection is None:
        return False
    bodies: dict[str, str] = {}
    for exchange in exchanges:
        value = exchange.value
        items = None if value is UNREADABLE else pointers.find(value, rule.envelope.results)
        for item in items if isinstance(items, list) else []:
            name, body = pointers.find(item, collection.identity), json.dumps(item, sort_keys=True)
            is_more = isinstance(item, dict) and len(item) > 1  # what is nothing but its name shows nothing
            if name is None or not is_more or bodies.setdefault(str(name), body) != body:
                return False
    return len(bodies) > 1
