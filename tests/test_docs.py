"""What the documentation says is what the project does."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from apitwin.contracts.documents import read
from apitwin.contracts.pagination.styles import STYLES as STYLE_READERS
from apitwin.contracts.profile import HERE as PROFILES
from apitwin.contracts.profile import profiles
from apitwin.testkit.cli.commands import apitwin
from apitwin.testkit.cli.exit_codes import EXIT_CODES
from apitwin.testkit.clients.laws import registered as clients
from apitwin.testkit.server.laws import registered
from tests import laws_page
from tests.servers import ROOT

PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


def test_the_page_of_laws_is_up_to_date() -> None:
    assert laws_page.PAGE.read_text("utf-8") == laws_page.page(), "run python -m tests.laws_page"


def test_the_readme_counts_the_laws_and_names_the_commands() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert f"{len(registered())} laws" in readme
    for command in apitwin.commands:
        assert f"apitwin {command}" in readme


def test_the_story_in_the_readme_is_what_a_run_prints() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    command = [sys.executable, "-m", "apitwin", "check-client", "python tests/clients/adds_100.py"]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    printed = subprocess.run(
        [*command, "--law", "reads-everything", "--page-maximum", "50"],
        cwd=ROOT,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        timeout=120,
    ).stdout
    assert printed.strip() and printed.strip() in readme


def test_the_readme_counts_the_laws_of_a_client() -> None:
    assert f"{len(clients())} laws" in (ROOT / "README.md").read_text("utf-8").replace("\n  ", " ")


def test_every_word_of_the_extension_is_explained() -> None:
    schema = json.loads((ROOT / "contracts" / "extension.schema.json").read_text("utf-8"))
    explained = (ROOT / "docs" / "contracts.md").read_text("utf-8")
    errors = set(read(PROFILES / "plain.yaml")["errors"])
    words = {key for part in schema["$defs"].values() for key in _keys(part)} | errors | set(profiles())
    # `when-x` and the endings of a row of them are written as "`limit.when-zero`, `-negative`, ..."
    missing = {word for word in words if word not in explained and word.removeprefix("when") not in explained}
    assert missing == set()


def _keys(schema: object) -> set[str]:
    if isinstance(schema, list):
        return {key for part in schema for key in _keys(part)}
    if not isinstance(schema, dict):
        return set()
    own = set(schema["properties"]) if isinstance(schema.get("properties"), dict) else set()
    return own | {key for part in schema.values() for key in _keys(part)}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text("utf-8")):
        assert target.startswith("https://") or (page.parent / target).exists(), target


def test_the_table_of_exit_codes_is_the_one_that_help_prints() -> None:
    page = (ROOT / "docs" / "commands.md").read_text("utf-8")
    rows = [line for line in page.splitlines() if re.match(r"\| `.* \| \d \| ", line)]
    told = [
        f"| `{command.replace(' and ', '` and `')}` | {code} | {meaning} |"
        for command, codes in EXIT_CODES.items()
        for code, meaning in codes.items()
    ]
    assert rows == told


def test_the_readmes_make_targets_exist() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in re.findall(r"^make (\w+)", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


STYLES = sorted((ROOT / "docs" / "styles").glob("*.md"))


@pytest.mark.parametrize("page", STYLES, ids=lambda page: page.stem)
def test_the_contract_of_a_style_runs_and_every_law_holds_on_it(page: Path, tmp_path: Path) -> None:
    document, world = re.findall(r"```yaml[^\n]*\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    (tmp_path / "openapi.yaml").write_text(document, encoding="utf-8")
    (tmp_path / "world.yaml").write_text(world, encoding="utf-8")
    command = [sys.executable, "-m", "apitwin", "check", "openapi.yaml", "--examples", "5"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "partition" in run.stdout


def test_every_style_has_a_page() -> None:
    assert [page.stem for page in STYLES] == sorted(STYLE_READERS)
