"""Another maximum page size for a contract, to see what a client makes of pages that are smaller than it asked for."""

from __future__ import annotations

from dataclasses import replace

from apitwin.contracts.errors import ContractError
from apitwin.contracts.model import Contract, Pagination
from apitwin.contracts.pagination.rules import LimitRule


def with_page_maximum(contract: Contract, maximum: int) -> Contract:
    """Return the contract with every page cut to that many items, whatever it says about limits that are too large.

    maximum: items a page, at least 1; a page whose own maximum is smaller keeps that. A default page is never larger.
    A list that is no page stays whole: the bare array that some APIs send when no limit is asked for.
    Raises ContractError when nothing in the contract is paginated and for a maximum above that of each of its pages,
    ValueError for a maximum below 1.
    """
    if maximum < 1:
        raise ValueError(f"a page holds 1 item or more, not {maximum}")
    if not any(operation.pagination for operation in contract.operations):
        raise ContractError(str(contract.path), f"no operation is paginated, so no page can be cut to {maximum} items")
    largest = largest_page(contract)
    if largest is not None and maximum > largest:
        problem = f"found a page maximum of {maximum}; the contract's own is {largest}, so give {largest} or less"
        raise ContractError(str(contract.path), problem)
    operations = tuple(
        replace(operation, pagination=None if operation.pagination is None else cut(operation.pagination, maximum))
        for operation in contract.operations
    )
    return replace(contract, operations=operations)


def largest_page(contract: Contract) -> int | None:
    """Return the most items that any page of a contract may have, None where one of them has no maximum."""
    maximums = [operation.pagination.limit.maximum for operation in contract.operations if operation.pagination]
    known = [maximum for maximum in maximums if maximum is not None]
    return max(known) if known and len(known) == len(maximums) else None


def cut(rule: Pagination, maximum: int) -> Pagination:
    """Return a pagination rule with a maximum that is not above its own, at which too large a limit is truncated."""
    own = rule.limit.maximum
    return replace(rule, limit=_limited(rule.limit, maximum if own is None else min(own, maximum)))


def _limited(rule: LimitRule, maximum: int) -> LimitRule:
    default = None if rule.default is None else min(rule.default, maximum)
    # A contract that rejects or honours too large a limit would show nothing of what a cut page does to a client.
    return replace(rule, maximum=maximum, default=default, over_maximum="truncate")
