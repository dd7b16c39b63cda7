"""Every name that a rule uses must be a name that the contract has: checked once, after loading."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from apitwin.contracts import pointers
from apitwin.contracts.errors import ContractError
from apitwin.contracts.extension import EXTENSION
from apitwin.contracts.model import Contract, Operation
from apitwin.contracts.nearest import hint

_Use = tuple[str, str, Iterable[str], str]
"""Where a name stands, the name, the names that are known there, and what kind of thing they name."""


def check(contract: Contract) -> None:
    """Refuse a contract with a rule that names what is not there, and evidence for a fact that is not there.

    Raises ContractError naming the place, the name and the nearest known ones.
    """
    for pointer, name, known, kind in _uses(contract):
        known = list(known)
        if name not in known:
            there_is = f"there is: {', '.join(known) or 'none'}{hint(name, known)}"
            raise ContractError(f"{contract.path}#{pointer}", f"found {name!r}, no {kind}; {there_is}")
    for operation in contract.operations:
        _complete(operation, contract)
    for pointer in contract.evidence:
        try:
            pointers.follow(contract.document, pointer)
        except LookupError as error:
            raise ContractError(
                f"{contract.path}#{pointer}", f"evidence for a fact that is not there: {error}"
            ) from None


def _complete(operation: Operation, contract: Contract) -> None:
    """Refuse a behaviour without what it needs."""
    place = f"{contract.path}#{operation.pointer}/{EXTENSION}"
    behaviour = operation.behaviour
    if behaviour not in ("own", "example") and operation.collection is None:
        raise ContractError(place, f"the behaviour {behaviour!r} needs a collection")
    if operation.effect is not None and operation.collection is None:
        raise ContractError(f"{place}/effect", f"{operation.effect!r} needs a collection that is changed")
    if behaviour in ("read", "update", "delete") and operation.identified_by is None:
        raise ContractError(
            place, f"the behaviour {behaviour!r} needs identified-by, the path parameter of the identity"
        )


def _uses(contract: Contract) -> Iterator[_Use]:
    if contract.auth is not None:
        for key in ("missing", "invalid"):
            yield f"/{EXTENSION}/auth/{key}", getattr(contract.auth, key), contract.errors, "error"
    for scheme in contract.schemes.values():
        for key in ("missing", "invalid"):
            yield f"{scheme.fact}/{key}", getattr(scheme.rule, key), contract.errors, "error"
    ids = [operation.id for operation in contract.operations]
    for operation in contract.operations:
        yield from _operation_uses(operation, contract)
        for parameter in operation.parameters:
            if parameter.drawn_from is not None:
                where = f"{operation.pointer}/parameters"
                yield where, parameter.drawn_from.operation, ids, "operation to draw values from"


def _operation_uses(operation: Operation, contract: Contract) -> Iterator[_Use]:
    place = f"{operation.pointer}/{EXTENSION}"
    query = [parameter.name for parameter in operation.query_parameters()]
    in_path = [parameter.name for parameter in operation.path_parameters()]
    if operation.pagination is not None:
        for key in operation.pagination.parameters:
            yield f"{place}/pagination", key, query, "query parameter of this operation"
        for name in operation.pagination.style.errors:
            yield operation.pagination.pointer, name, contract.errors, "error"
    if operation.identified_by is not None:
        yield f"{place}/identified-by", operation.identified_by, in_path, "path parameter of this operation"
    for within in operation.within:
        yield f"{place}/within", within.parameter, in_path, "path parameter of this operation"
        yield f"{place}/within/{within.parameter}/collection", within.collection, contract.collections, "collection"
        yield f"{place}/within/{within.parameter}/unknown", within.unknown, contract.errors, "error"
    for key, name in _query_names(operation):
        yield f"{place}/{key}", name, query, "query parameter of this operation"


def _query_names(operation: Operation) -> Iterator[tuple[str, str]]:
    if operation.sort is not None:
        yield "sort/parameter", operation.sort.parameter
    if operation.search is not None:
        yield "search/parameter", operation.search.parameter
    for rule in operation.filters:
        yield f"filters/{rule.parameter}", rule.parameter
        for name in rule.revealed_by:
            yield f"filters/{rule.parameter}/revealed-by", name
    for block in operation.projection.blocks:
        yield f"projection/blocks/{block.parameter}", block.parameter
    if operation.projection.levels is not None:
        yield "projection/levels/parameter", operation.projection.levels.parameter
    for name in operation.unspecified:
        yield "unspecified", name
    for restriction in operation.restrictions:
        yield f"restricted/{restriction.parameter}", restriction.parameter
