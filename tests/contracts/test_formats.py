"""The formats that are judged are what `jsonschema` takes them for, which is not imported for them."""

from __future__ import annotations

import subprocess
import sys

import jsonschema
import pytest
from hypothesis import example, given, strategies

from apitwin.contracts import formats

PARTS = (
    "2026",
    "-",
    "0",
    "1",
    "12",
    "31",
    "T",
    "t",
    ":",
    "59",
    "60",
    "Z",
    "z",
    "+",
    ".",
    "a",
    "f",
    "@",
    "{",
    "}",
    "%",
    "\n",
    "é",
)


@pytest.mark.parametrize("name", formats.FORMATS)
@given(text=strategies.lists(strategies.sampled_from(PARTS)).map("".join) | strategies.text())
@example(text="2026-02-29")
@example(text="2024-02-29T23:59:59z")
@example(text="2024-02-29T23:59:60Z")
@example(text="0000-01-01T00:00:00Z")
@example(text="2024-01-01T00:00:00Z\n")
@example(text="123e4567-e89b-12d3-a456-426614174000")
@example(text="{123e4567-e89b-12d3-a456-426614174000}")
@example(text="123e4567e89b12d3a456426614174000")
@example(text="::ffff:1.2.3.4%eth0")
@example(text="::1")
@example(text="127.0.0.01")
def test_a_format_is_what_jsonschema_takes_it_for(name: str, text: str) -> None:
    assert formats.FORMATS[name](text) == jsonschema.FormatChecker((name,)).conforms(text, name)


def test_a_contract_is_read_and_answers_are_judged_without_what_explains() -> None:
    code = """
import sys
from apitwin.contracts import load
contract = load("viktor")
assert contract.collections["workspaces"].schema.surely_accepts({}) is False
assert "jsonschema" not in sys.modules, "imported"
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
