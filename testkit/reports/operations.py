"""What a contract says, or looks like, operation by operation: a line for each, and why."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Any

from apitwin.contracts.model import Contract, Evidence, Operation

WIDTH = 80
"""Columns of a line."""
CERTAINTY = {"certain": "", "likely": "?", "unsure": "??"}
"""What stands behind a word that is inferred: nothing where it is certain."""


def kind(operation: Operation, contract: Contract) -> str:
    """Return what an operation is: list, read, create, update, delete, or other."""
    if operation.behaviour not in ("example", "own"):
        return operation.behaviour
    if operation.effect is not None:
        return operation.effect
    place = f"{operation.pointer}/x-apitwin/collection"
    is_inferred = operation.method == "GET" and place in contract.evidence and operation.identified_by is None
    return "list" if operation.pagination is not None or is_inferred else "other"


def unknown(operation: Operation, contract: Contract) -> tuple[str, ...]:
    """Return what is not known of an operation, in a few words each."""
    what = kind(operation, contract)
    told = []
    if what == "list" and operation.pagination is None:
        told.append("how it is paginated")
    if what == "list" and operation.collection is None:
        told.append("what tells its items apart")
    if (
        operation.pagination is not None
        and operation.pagination.limit.parameter
        and not operation.pagination.limit.maximum
    ):
        told.append("the largest page")
    nowhere = [parameter.name for parameter in operation.path_parameters() if parameter.drawn_from is None]
    nowhere = [name for name in nowhere if name != operation.identified_by or what == "other"]
    if nowhere:
        told.append(f"values for {', '.join(nowhere)}")
    if operation.unspecified:
        told.append(f"what {', '.join(operation.unspecified)} {'do' if len(operation.unspecified) > 1 else 'does'}")
    return tuple(told)


def inferred(operation: Operation, contract: Contract) -> dict[str, Evidence]:
    """Return what is inferred of an operation, by the pointer of each fact in its `x-apitwin` object."""
    place = f"{operation.pointer}/x-apitwin"
    found = {
        pointer.removeprefix(place): evidence
        for pointer, evidence in contract.evidence.items()
        if pointer.startswith(f"{place}/") and evidence.status == "inferred"
    }
    rule = operation.pagination
    shared = None if rule is None else contract.evidence_for(rule.pointer)
    if shared is not None and shared.status == "inferred":
        found.setdefault("/pagination", shared)
    return found


def lines(contract: Contract, reasons: bool) -> Iterator[str]:
    """Give a line for each operation, of at most 80 columns. reasons: with a line for each thing inferred below it."""
    for operation in contract.operations:
        known = inferred(operation, contract)
        yield _cut(f"{kind(operation, contract):<6} {operation.method:<6} {operation.path}")
        for label, words in (("", _told(operation, known)), ("unknown: ", "; ".join(unknown(operation, contract)))):
            if words:
                yield _cut(f"{'':13} {label}{words}")
        if reasons:
            for pointer, evidence in known.items():
                text = f"{pointer}: {evidence.source} ({evidence.certainty})"
                yield from textwrap.wrap(text, WIDTH, initial_indent=" " * 16, subsequent_indent=" " * 18)
    yield f"{len(contract.operations)} operations. A ? is a guess that is used for asking and never for judging."


def _told(operation: Operation, known: dict[str, Evidence]) -> str:
    """Return how an operation is paginated, filtered, sorted and searched, in one line."""
    parts = []
    rule = operation.pagination
    if rule is not None:
        most = f", at most {rule.limit.maximum}" if rule.limit.maximum else ""
        names = "/".join(rule.parameters) or "links"
        parts.append(f"{rule.style.word}{_mark(known, '/pagination')} {names}{most}")
    if operation.filters:
        names = ", ".join(f"{rule.parameter}{_mark(known, f'/filters/{rule.parameter}')}" for rule in operation.filters)
        parts.append(f"filters {names}")
    if operation.sort is not None:
        parts.append(f"sort {operation.sort.parameter}{_mark(known, '/sort')}")
    if operation.search is not None:
        parts.append(f"search {operation.search.parameter}{_mark(known, '/search')}")
    return "; ".join(parts)


def _mark(known: dict[str, Evidence], pointer: str) -> str:
    return CERTAINTY[known[pointer].certainty] if pointer in known else ""


def _cut(line: str) -> str:
    return line if len(line) <= WIDTH else f"{line[: WIDTH - 3]}..."


def document(contract: Contract) -> dict[str, Any]:
    """Return the same for a program to read."""
    return {"contract": contract.name, "operations": [_entry(operation, contract) for operation in contract.operations]}


def _entry(operation: Operation, contract: Contract) -> dict[str, Any]:
    rule = operation.pagination
    envelope = None if rule is None else rule.envelope
    return {
        "id": operation.id,
        "method": operation.method,
        "path": operation.path,
        "kind": kind(operation, contract),
        "collection": operation.collection and operation.collection.name,
        "identity": operation.collection and operation.collection.identity,
        "pagination": None
        if rule is None or envelope is None
        else {
            "style": rule.style.word,
            "parameters": list(rule.parameters),
            "maximum": rule.limit.maximum,
            "results": envelope.results,
            "count": envelope.count,
            "next": envelope.way_on,
        },
        "filters": {one.parameter: {"match": one.match, "fields": list(one.fields)} for one in operation.filters},
        "sort": operation.sort and operation.sort.parameter,
        "search": operation.search and operation.search.parameter,
        "inferred": {
            pointer: {"source": evidence.source, "certainty": evidence.certainty}
            for pointer, evidence in inferred(operation, contract).items()
        },
        "unknown": list(unknown(operation, contract)),
    }
