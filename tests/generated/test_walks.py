"""Walks through generated twins: every list to its end, every answer as its document says."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest

from apitwin.contracts import load
from apitwin.mock_server import Twin
from tests.generated.asking import DOCUMENTS, document
from tests.walks import Walker, walked

LAWS = ("schema", "status", "hostile-values", "hostile-bodies", "content-type", "not-found", "partition")
"""Those that a made-up answer could break; `apitwin check` of a document has all of them."""


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_walk_meets_nothing_wrong(name: str) -> None:
    walk = walked(load(document(name)), items=47)

    assert walk.problems == []
    assert len(walk.answered) == walk.operations
    assert walk.lists >= 1
    assert walk.items >= 47
    assert walk.written >= 3


def test_a_walk_notices_a_wrong_answer() -> None:
    contract = load(document("typed"))
    with Twin(contract, items=12) as twin:
        steps = twin.backend.steps

        def without_price(*given: object) -> object:
            answer = steps.finish(*given)  # type: ignore[arg-type]
            return replace(answer, body=answer.body.replace(b'"price"', b'"cost"'))

        twin.backend.steps = replace(steps, finish=without_price)  # type: ignore[arg-type]
        problems = Walker(contract, twin).go().problems

    assert any("/products" in problem and "'price' is a required property" in problem for problem in problems)


def test_a_walk_notices_what_is_missing() -> None:
    contract = load(document("typed"))
    with Twin(contract, items=12) as twin:
        steps = twin.backend.steps
        twin.backend.steps = replace(steps, cut=lambda records, seen: steps.cut(records, seen)[:-1])
        problems = Walker(contract, twin).go().problems

    assert any("items, where there are 12" in problem for problem in problems)


def test_no_law_is_broken() -> None:
    command = [sys.executable, "-m", "apitwin", "check", str(document("mixed")), "--examples", "2"]
    laws = [word for law in LAWS for word in ("--law", law)]
    done = subprocess.run([*command, *laws], capture_output=True, text=True, timeout=300, check=False)

    assert "BROKEN" not in done.stdout
    assert done.returncode == 0, done.stdout + done.stderr
    assert "no response of it describes a success; add one" in done.stdout
