"""What a verdict goes by that is only a guess: a server is asked about it, and not accused."""

from __future__ import annotations

from apitwin.contracts.extension import EXTENSION
from apitwin.contracts.model import Contract, Evidence, Operation
from apitwin.testkit.server.applicability import reader


def guess_behind(contract: Contract, operation: Operation, fact: str | None) -> Evidence | None:
    """Return the evidence of what a finding goes by, where that is only a guess: its fact, or what tells items apart.

    The second is what laws of pages, of filters and of single things compare by, and no other.
    """
    if fact is None:
        return None
    read = reader(operation, contract)
    facts = [fact]
    compares = fact.startswith(f"{operation.pointer}/{EXTENSION}/") or (
        read is not None and fact.startswith(read.pointer)
    )
    if compares and operation.collection is not None:
        facts.append(f"/{EXTENSION}/collections/{operation.collection.name}/identity")
    if read is not None and fact.startswith(read.pointer):
        facts.append(f"{read.pointer}/{EXTENSION}/identified-by")
    known = (contract.evidence_for(pointer) for pointer in facts)
    return next((evidence for evidence in known if evidence is not None and not evidence.is_stated), None)
