"""Every contract on the page of security schemes runs, and asks for what the page says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import requests

from apitwin import Twin
from tests.servers import ROOT

SHOWN: list[dict[str, Any]] = [
    {"headers": {"Authorization": "Bearer apitwin-token"}},
    {"auth": ("apitwin", "apitwin-password")},
    {"headers": {"Authorization": "Token apitwin-token"}},
    {"params": {"api_key": "apitwin-token"}},
    {"headers": {"Authorization": "Bearer apitwin-token", "X-Api-Key": "apitwin-token"}},
]
"""What opens each contract, in the order of the page."""


def contracts() -> list[str]:
    return re.findall(r"```yaml\n(.*?)```", (ROOT / "docs" / "schemes.md").read_text("utf-8"), re.DOTALL)


def test_every_contract_of_the_page_is_run_here() -> None:
    assert len(contracts()) == len(SHOWN)


@pytest.mark.parametrize("number", range(len(SHOWN)))
def test_a_contract_of_the_page_runs(number: int, tmp_path: Path) -> None:
    (tmp_path / "things.yaml").write_text(contracts()[number], encoding="utf-8")
    with Twin(tmp_path / "things.yaml") as twin:
        assert requests.get(f"{twin.url}/things/", timeout=10, **SHOWN[number]).status_code == 200
        assert requests.get(f"{twin.url}/things/", timeout=10).status_code == 401
