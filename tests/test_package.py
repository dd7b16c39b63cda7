"""What is in the wheel, and what a project that installs it meets."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.servers import ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def test_the_wheel_has_the_three_packages_with_their_data_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == {"contracts", "mock_server", "testkit"}
    for name in ("openapi.yaml", "seed.yaml", "SOURCES.md", "schemas/entity.json"):
        assert f"contracts/viktor/{name}" in names
    for name in (
        "contracts/extension.schema.json",
        "mock_server/viktor/defaults.yaml",
        "contracts/py.typed",
        "mock_server/py.typed",
        "testkit/py.typed",
    ):
        assert name in names


def test_the_wheel_names_the_command_and_the_plugin(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    text = archive.read(next(name for name in archive.namelist() if name.endswith("entry_points.txt"))).decode()
    assert "apitwin = testkit.cli:main" in text and "apitwin = testkit.plugin" in text


def test_it_works_from_the_wheel_in_an_empty_folder(wheel: Path, tmp_path: Path) -> None:
    """The packages are unpacked beside nothing else, so a file that was left out would be missed."""
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    script = "import sys; sys.path.insert(0, 'site'); from testkit.cli import main; main()"
    found = subprocess.run(
        [sys.executable, "-I", "-c", script, "check", "viktor", "--law", "scheme", "--examples", "2"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "30 holds" in found.stdout, found.stdout + found.stderr
