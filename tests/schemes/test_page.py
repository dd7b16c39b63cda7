"""Every contract on the pages of security schemes runs, and asks for what its page says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import requests

from apitwin import Twin
from apitwin.contracts.security.table import READERS
from tests.servers import ROOT

SHOWN: Mapping[str, Mapping[str, Any]] = {
    "schemes/bearer": {"headers": {"Authorization": "Bearer apitwin-token"}},
    "schemes/basic": {"auth": ("apitwin", "apitwin-password")},
    "schemes/token": {"headers": {"Authorization": "Token apitwin-token"}},
    "schemes/api-key": {"params": {"api_key": "apitwin-token"}},
    "schemes": {"headers": {"Authorization": "Bearer apitwin-token", "X-Api-Key": "apitwin-token"}},
}
"""What opens the contract of each page."""


def contracts(page: str) -> list[str]:
    text = (ROOT / "docs" / f"{page}.md").read_text("utf-8")
    return re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)


def test_each_scheme_has_a_page() -> None:
    pages = {path.stem for path in (ROOT / "docs" / "schemes").glob("*.md")}

    assert pages == {read.__module__.rpartition(".")[2].replace("_", "-") for read in READERS.values()}


@pytest.mark.parametrize("page", SHOWN)
def test_the_contract_of_a_page_runs(page: str, tmp_path: Path) -> None:
    (contract,) = contracts(page)
    (tmp_path / "things.yaml").write_text(contract, encoding="utf-8")
    with Twin(tmp_path / "things.yaml") as twin:
        assert requests.get(f"{twin.url}/things/", timeout=10, **SHOWN[page]).status_code == 200
        assert requests.get(f"{twin.url}/things/", timeout=10).status_code == 401


def test_every_page_with_a_contract_is_run_here() -> None:
    pages = [path.relative_to(ROOT / "docs") for path in (ROOT / "docs").glob("schemes*/**/*.md")]

    assert {path.with_suffix("").as_posix() for path in pages} | {"schemes"} == SHOWN.keys()
