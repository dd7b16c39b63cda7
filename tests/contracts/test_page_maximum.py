"""Another maximum for every page: what it changes in the rules, and what it leaves alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from apitwin.contracts import Contract, ContractError, load
from apitwin.contracts.page_maximum import with_page_maximum
from apitwin.contracts.pagination.rules import LimitRule
from tests.contracts.minimal import document, write


def crates(folder: Path, **limit: Any) -> Contract:
    """Load the smallest contract, with other words for its limit."""
    value = document()
    value["x-apitwin"]["pagination"]["pages"]["limit"].update(limit)
    return load(write(folder, value))


def limit_of(contract: Contract) -> LimitRule:
    rule = contract.operation("crates_list").pagination
    assert rule is not None
    return rule.limit


@pytest.mark.parametrize(("maximum", "default"), [(1, 1), (19, 19), (20, 20), (21, 20), (50, 20)])
def test_the_default_is_never_more_than_the_maximum(tmp_path: Path, maximum: int, default: int) -> None:
    limit = limit_of(with_page_maximum(crates(tmp_path), maximum))

    assert (limit.maximum, limit.default) == (maximum, default)


def test_a_maximum_above_the_contracts_own_is_refused_in_one_line(tmp_path: Path) -> None:
    contract = crates(tmp_path)

    with pytest.raises(ContractError) as refused:
        with_page_maximum(contract, 51)

    expected = "found a page maximum of 51; the contract's own is 50, so give 50 or less"
    assert str(refused.value) == f"{contract.path}: {expected}"


def test_a_contract_without_a_maximum_takes_any(tmp_path: Path) -> None:
    value = document()
    for part in ("maximum", "over-maximum"):
        del value["x-apitwin"]["pagination"]["pages"]["limit"][part]
    del value["x-apitwin"]["evidence"]["/pagination/pages/limit/maximum"]

    assert limit_of(with_page_maximum(load(write(tmp_path, value)), 500)).maximum == 500


@pytest.mark.parametrize("treatment", ["truncate", "reject", "honour", "unspecified"])
def test_too_large_a_limit_is_cut_whatever_the_contract_says(tmp_path: Path, treatment: str) -> None:
    assert limit_of(with_page_maximum(crates(tmp_path, **{"over-maximum": treatment}), 7)).over_maximum == "truncate"


def test_a_default_that_is_not_known_stays_so(tmp_path: Path) -> None:
    value = document()
    rule = value["x-apitwin"]["pagination"]["pages"]["limit"]
    del rule["default"]
    rule["when-absent"] = "maximum"

    limit = limit_of(with_page_maximum(load(write(tmp_path, value)), 7))

    assert (limit.default, limit.when_absent) == (None, "maximum")


def test_nothing_else_changes_and_the_contract_itself_not_at_all(tmp_path: Path) -> None:
    contract = crates(tmp_path)
    before = limit_of(contract)

    capped = with_page_maximum(contract, 7)

    assert limit_of(contract) == before and before.maximum == 50
    assert replace(capped, operations=contract.operations) == contract
    assert capped.operation("crates_read") == contract.operation("crates_read")
    rules = capped.operation("crates_list").pagination, contract.operation("crates_list").pagination
    assert rules[0] is not None and replace(rules[0], limit=before) == rules[1]
    assert replace(limit_of(capped), maximum=50, default=20) == before


def test_every_page_of_the_bundled_contract_is_cut(viktor: Contract) -> None:
    rules = [
        operation.pagination
        for operation in with_page_maximum(viktor, 50).operations
        if operation.pagination is not None
    ]

    assert len(rules) == sum(operation.pagination is not None for operation in viktor.operations) > 5
    assert {rule.limit.maximum for rule in rules} == {50}


@pytest.mark.parametrize("maximum", [0, -1])
def test_a_page_of_nothing_is_refused(viktor: Contract, maximum: int) -> None:
    with pytest.raises(ValueError, match=f"1 item or more, not {maximum}"):
        with_page_maximum(viktor, maximum)


def test_a_contract_without_pages_is_refused_by_its_name(tmp_path: Path) -> None:
    value = document()
    del value["paths"]["/crates/"]["get"]["x-apitwin"]["pagination"]
    contract = load(write(tmp_path, value))

    with pytest.raises(ContractError) as refused:
        with_page_maximum(contract, 7)

    assert str(refused.value) == f"{contract.path}: no operation is paginated, so no page can be cut to 7 items"
