"""Whatever a stranger wrote is loaded or refused in seconds and little memory, by one line; nothing else is read."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from apitwin.contracts import load
from tests.contracts.minimal import document, write
from tests.hostile_documents import documents, worlds
from tests.hostile_documents.documents import LOADED, SECRET, Case

SECONDS = 5
"""Of the processor: the machines that run this are busy with other tests as well."""
MEGABYTES = 300
ANYTHING = "anything"
"""Loaded or refused: all the same."""
LONGEST = 720
"""Characters of a line: those of the error, and the name of its class before it."""


def folder_of(root: Path, case: Case) -> Path:
    """Make the folder of a case, with everything that its document may name and must not read."""
    outside = root / case.name
    folder = outside / "api"
    (folder / "inside").mkdir(parents=True)
    (outside / "secret.yaml").write_text(f"{{type: string, title: {SECRET}, name: {SECRET}}}", encoding="utf-8")
    (folder / "text.yaml").write_text(f"root {SECRET} no object", encoding="utf-8")
    (folder / "world.yaml").write_text("{}", encoding="utf-8")
    (folder / "link.yaml").symlink_to(outside / "secret.yaml")
    (folder / "linked").symlink_to(outside)
    (folder / "circle.yaml").symlink_to(folder / "circle.yaml")
    os.mkfifo(folder / "pipe.yaml")
    with (folder / "large.yaml").open("wb") as file:
        file.truncate(17 * 2**20)
    return folder


def without_extension() -> tuple[Case, ...]:
    """Return the documents that can be parsed as plain ones, of which every detail that is wrong is left out."""
    cases = []
    for case in documents.CASES:
        try:
            value = json.loads(case.text)
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict) and value.pop("x-apitwin", None) is not None:
            cases.append(Case(case.name, json.dumps(value), ANYTHING))
    return tuple(cases)


def outcomes(root: Path, what: str, cases: tuple[Case, ...]) -> list[dict[str, Any]]:
    """Return what the loading process says of each case."""
    listed = []
    for number, case in enumerate(cases):
        folder = folder_of(root, case) if what != "world" else root
        path = folder / f"{what}-{number}.{case.kind}"
        path.write_bytes(case.text.encode("utf-8", "surrogatepass"))
        listed.append([what, str(path)])
    (root / "list.json").write_text(json.dumps(listed), encoding="utf-8")
    command = [sys.executable, "-m", "tests.hostile_documents.loading", str(root / "list.json")]
    run = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    lines = [json.loads(line) for line in run.stdout.splitlines()]
    assert len(lines) == len(cases), f"it ended at {cases[len(lines)].name}: {run.stderr[-2000:]}"
    return lines


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no named pipes in folders, and links need rights")
@pytest.mark.parametrize(
    ("what", "cases", "least"),
    [("document", documents.CASES, 100), ("plain", without_extension(), 60), ("world", worlds.CASES, 40)],
)
def test_all_are_loaded_or_refused_within_their_bounds(
    tmp_path: Path, what: str, cases: tuple[Case, ...], least: int
) -> None:
    wrong = []

    for case, outcome in zip(cases, outcomes(tmp_path, what, cases), strict=True):
        said = outcome["said"]
        refused = said.startswith(("ContractError: ", "TwinError: "))
        said_right = not refused if case.expected == LOADED else refused and case.expected in said
        right = case.expected == ANYTHING or said_right
        shown = len(said) <= LONGEST and said.isprintable() and SECRET not in said and "root:" not in said
        bounded = outcome["seconds"] < SECONDS and outcome["megabytes"] < MEGABYTES and not outcome["opened"]
        if not (right and shown and bounded):
            wrong.append((case.name, case.expected, {**outcome, "said": said[:300]}))

    assert wrong == [], "\n".join(map(str, wrong))
    assert len(cases) >= least


@pytest.mark.parametrize("words", [["serve", "{}"], ["check", "{}"]])
@pytest.mark.parametrize("reference", ["/etc/passwd", "../secret.yaml", "pipe.yaml"])
def test_a_command_refuses_by_one_line_and_exit_code_2(tmp_path: Path, words: list[str], reference: str) -> None:
    value = document()
    value["x-apitwin"]["collections"]["crates"]["schema"] = {"$ref": reference}
    folder = folder_of(tmp_path, Case("case", ""))
    path = write(folder, value)

    command = [sys.executable, "-m", "apitwin", *(word.format(path) for word in words)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    assert run.returncode == 2
    assert run.stdout == ""
    assert run.stderr.count("\n") == 1
    assert SECRET not in run.stderr
    assert "root:" not in run.stderr


def test_another_root_can_be_named(tmp_path: Path) -> None:
    value = document()
    value["x-apitwin"]["collections"]["crates"]["schema"] = {"$ref": "../common.json"}
    (tmp_path / "api").mkdir()
    (tmp_path / "common.json").write_text(json.dumps({"type": "object", "required": ["lid"]}), encoding="utf-8")
    path = write(tmp_path / "api", value)
    command = [sys.executable, "-m", "apitwin", "check", str(path), "--law"]

    refused = subprocess.run([*command, "x"], capture_output=True, text=True, timeout=60, check=False)
    taken = subprocess.run(
        [*command, "x", "--root", str(tmp_path)], capture_output=True, text=True, timeout=60, check=False
    )

    assert "leads out of the folder" in refused.stderr
    assert "no valid token" in taken.stderr  # the contract was read, and the next mistake is said
    assert load(path, root=tmp_path).name == "crates"
