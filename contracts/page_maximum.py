"""Another maximum page size for a contract, to see what a client makes of pages that are smaller than it asked for."""

from __future__ import annotations

from dataclasses import replace

from apitwin.contracts.errors import ContractError
from apitwin.contracts.model import Contract, LimitRule, Pagination


def with_page_maximum(contract: Contract, maximum: int) -> Contract:
    """Return the contract with every page cut to that many items, whatever it says itself about too large a limit.

    maximum: items a page, at least 1; it may also be more than the contract's own. A default page is never larger.
    A list that is no page stays whole: the bare array that some APIs send when no limit is asked for.
    Raises ContractError when nothing in the contract is paginated, ValueError for a maximum below 1.
    """
    if maximum < 1:
        raise ValueError(f"a page holds 1 item or more, not {maximum}")
    if not any(one.pagination for one in contract.operations):
        raise ContractError(str(contract.path), f"no operation is paginated, so no page can be cut to {maximum} items")
    operations = tuple(
        replace(one, pagination=None if one.pagination is None else cut(one.pagination, maximum))
        for one in contract.operations
    )
    return replace(contract, operations=operations)


def cut(rule: Pagination, maximum: int) -> Pagination:
    """Return a pagination rule with another maximum, at which too large a limit is truncated."""
    return replace(rule, limit=_limited(rule.limit, maximum))


def _limited(rule: LimitRule, maximum: int) -> LimitRule:
    default = None if rule.default is None else min(rule.default, maximum)
    # A contract that rejects or honours too large a limit would show nothing of what a cut page does to a client.
    return replace(rule, maximum=maximum, default=default, over_maximum="truncate")
