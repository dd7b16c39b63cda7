"""What is in the wheel, and what a project that installs it meets."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Mapping
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
    for name in ("openapi.yaml", "world.yaml", "SOURCES.md", "schemas/entity.json"):
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
    assert "apitwin = apitwin.testkit.cli:main" in text and "apitwin = apitwin.testkit.pytest_plugin.plugin" in text


def test_it_works_from_the_wheel_in_an_empty_folder(wheel: Path, tmp_path: Path) -> None:
    """The packages are unpacked beside nothing else, so a file that was left out would be missed."""
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    script = "import sys; sys.path.insert(0, 'site'); from apitwin.testkit.cli import main; main()"
    found = subprocess.run(
        [sys.executable, "-I", "-c", script, "check", "viktor", "--law", "scheme", "--examples", "2"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "30 holds" in found.stdout, found.stdout + found.stderr


FIRST_TEST = """
import requests


def test_my_client_reads_every_workspace(twin):
    headers = {"Authorization": f"Bearer {twin.token}"}
    assert len(requests.get(f"{twin.url}/api/workspaces/", headers=headers).json()) == 121
    twin.journal.expect("workspaces_list", times=1)
"""
WHERE_FROM = """
import json, pytest, sys
code = pytest.main(["-q", "-p", "no:cacheprovider"])
print(json.dumps([one.__file__ for one in list(sys.modules.values()) if getattr(one, "__file__", None)]))
raise SystemExit(code)
"""


def test_a_client_project_in_an_empty_folder_writes_nothing_but_its_test(wheel: Path, tmp_path: Path) -> None:
    """As a newcomer does it: a new environment, the wheel with what it needs from the index, one file, pytest."""
    environment = {name: value for name, value in os.environ.items() if not _of_this_run(name)}
    installed, project = tmp_path / "environment", tmp_path / "project"
    project.mkdir()
    (project / "test_client.py").write_text(FIRST_TEST.lstrip(), encoding="utf-8")
    assert len(FIRST_TEST.strip().splitlines()) <= 10
    _run([sys.executable, "-m", "venv", str(installed)], tmp_path, environment)
    programs = installed / ("Scripts" if os.name == "nt" else "bin")
    python, pytest_command = str(programs / "python"), str(programs / "pytest")
    install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", str(wheel), "pytest-xdist"]
    _run(install, tmp_path, environment)

    assert "1 passed" in _run([pytest_command], project, environment)
    assert "1 passed" in _run([pytest_command, "-n", "2"], project, environment)
    told = _run([python, "-I", "-c", WHERE_FROM], project, environment).splitlines()[-1]

    files = [Path(one).resolve() for one in json.loads(told)]
    site = next(installed.rglob("site-packages")).resolve()
    assert {site / name / "__init__.py" for name in ("contracts", "mock_server", "testkit")} <= set(files)
    assert [one for one in files if one.is_relative_to(ROOT)] == []


def _of_this_run(name: str) -> bool:
    """Whether a variable of the environment would lead into this run's own packages."""
    return name.startswith(("PYTHON", "PYTEST", "VIRTUAL_ENV", "UV_", "COVERAGE"))


def _run(command: list[str], folder: Path, environment: Mapping[str, str]) -> str:
    found = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300)
    assert found.returncode == 0, found.stdout + found.stderr
    return found.stdout
