"""What is in the wheel, and what a project that installs it meets: a guest that touches nothing but its own name."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.servers import ROOT

SOURCES = ("apitwin", "contracts", "mock_server", "testkit", "pyproject.toml", "README.md", "LICENSE")


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of the sources as they are, built in a folder of its own, where no earlier build left anything."""
    folder = tmp_path_factory.mktemp("wheel")
    for name in SOURCES:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / "sources" / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / "sources" / name)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder)]
    subprocess.run([*command, str(folder / "sources")], check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def test_the_wheel_has_one_package_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} == {"apitwin"}


def test_the_wheel_has_every_file_of_the_sources(wheel: Path) -> None:
    """Also data, and also in a folder that is new: the list of packages is written by hand."""
    names = set(zipfile.ZipFile(wheel).namelist())
    homes = {"apitwin": "apitwin", **{name: f"apitwin/{name}" for name in ("contracts", "mock_server", "testkit")}}
    expected = {
        f"{home}/{path.relative_to(ROOT / folder).as_posix()}"
        for folder, home in homes.items()
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert names >= expected
    assert {name for name in names if name.startswith("apitwin/")} == expected


def test_the_wheel_names_the_command_and_the_plugin(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    text = archive.read(next(name for name in archive.namelist() if name.endswith("entry_points.txt"))).decode()
    assert "apitwin = apitwin.testkit.cli:main" in text
    assert "apitwin = apitwin.testkit.pytest_plugin.plugin" in text


def test_it_works_from_the_wheel_in_an_empty_folder(wheel: Path, tmp_path: Path) -> None:
    """The package is unpacked beside nothing else, so a file that was left out would be missed."""
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    script = "import sys; sys.path.insert(0, 'site'); from apitwin.testkit.cli import main; main()"
    completed = subprocess.run(
        [sys.executable, "-I", "-c", script, "check", "viktor", "--law", "scheme", "--examples", "2"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert "30 holds" in completed.stdout, completed.stdout + completed.stderr


def test_the_face_is_what_it_says(wheel: Path) -> None:
    """Every public name is there, has a docstring, and is loaded from where the face says that it lives."""
    import apitwin

    assert sorted(apitwin.__all__) == sorted(apitwin.HOMES)
    assert all(getattr(apitwin, name).__doc__ for name in apitwin.__all__)
    assert set(apitwin.__all__) <= set(dir(apitwin))
    with pytest.raises(AttributeError, match="has no attribute 'Twyn'"):
        _ = apitwin.Twyn  # type: ignore[attr-defined]


FIRST_TEST = """
import requests


def test_my_client_reads_every_workspace(twin):
    headers = {"Authorization": f"Bearer {twin.token}"}
    assert len(requests.get(f"{twin.url}/api/workspaces/", headers=headers).json()) == 121
    twin.journal.expect("workspaces_list", times=1)
"""
OPTIONS = ("contract", "target", "token-env", "rate", "operation", "law", "path-value", "sandbox", "examples", "seed")
"""Options that a project may have of its own, so that none of them may be ours."""
CONFTEST = f"""
def pytest_addoption(parser):
    for name in {OPTIONS!r}:
        parser.addoption(f"--{{name}}", default="mine")
"""
OWN_TEST = """
import contracts
import mock_server
import testkit


def test_the_packages_of_the_project_are_its_own(request):
    assert [package.OWNER for package in (contracts, mock_server, testkit)] == ["project"] * 3
    assert request.config.getoption("--target") == "mine"
"""
WHERE_FROM = """
import json, pytest, sys
code = pytest.main(["-q", "-p", "no:cacheprovider"])
print(json.dumps([module.__file__ for module in list(sys.modules.values()) if getattr(module, "__file__", None)]))
raise SystemExit(code)
"""


class Guest:
    """A project with its own environment, into which the wheel was installed as a newcomer does it."""

    def __init__(self, folder: Path, wheel: Path) -> None:
        self.folder = folder / "project"
        self.folder.mkdir()
        self.environment = {name: value for name, value in os.environ.items() if not _of_this_run(name)}
        self.installed = folder / "environment"
        _run([sys.executable, "-m", "venv", "--without-pip", str(self.installed)], folder, self.environment)
        self.programs = self.installed / ("Scripts" if os.name == "nt" else "bin")
        self.python = str(self.programs / "python")
        install = [sys.executable, "-m", "pip", "--python", self.python, "install", "--quiet"]
        _run([*install, "--disable-pip-version-check", str(wheel), "pytest-xdist"], folder, self.environment)

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.lstrip(), encoding="utf-8")

    def pytest(self, *options: str) -> str:
        return _run([str(self.programs / "pytest"), "-q", *options], self.folder, self.environment)


@pytest.fixture(scope="module")
def guest(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Guest:
    """A project that owns packages of the same names as our folders, and every short option that we might want."""
    guest = Guest(tmp_path_factory.mktemp("guest"), wheel)
    for package in ("contracts", "mock_server", "testkit", "tests"):
        guest.write(f"{package}/__init__.py", 'OWNER = "project"\n')
    guest.write("conftest.py", CONFTEST)
    guest.write("tests/test_client.py", FIRST_TEST)
    guest.write("tests/test_own.py", OWN_TEST)
    return guest


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("-n", "2"),
        ("--import-mode=importlib", "-o", "pythonpath=."),
        ("--import-mode=prepend",),
        ("--strict-markers",),
    ],
    ids=" ".join,
)
def test_a_project_with_packages_and_options_of_the_same_names_is_served(
    guest: Guest, options: tuple[str, ...]
) -> None:
    assert "2 passed" in guest.pytest(*options)


def test_without_the_plugin_the_rest_of_the_project_still_passes(guest: Guest) -> None:
    assert "1 passed" in guest.pytest("-p", "no:apitwin", "tests/test_own.py")


def test_nothing_comes_from_anywhere_but_the_environment(guest: Guest) -> None:
    assert len(FIRST_TEST.strip().splitlines()) <= 10
    printed = _run([guest.python, "-c", WHERE_FROM], guest.folder, guest.environment).splitlines()[-1]
    files = [Path(name).resolve() for name in json.loads(printed)]
    site = next(guest.installed.rglob("site-packages")).resolve()
    packages = {site / "apitwin" / name / "__init__.py" for name in ("contracts", "mock_server", "testkit")}
    assert packages <= set(files)
    assert [file for file in files if file.is_relative_to(ROOT)] == []
    assert [path.name for path in site.iterdir() if path.name in ("contracts", "mock_server", "testkit")] == []


@pytest.mark.parametrize("command", [("apitwin",), ("python", "-m", "apitwin")], ids=" ".join)
def test_both_ways_to_call_the_command_work_in_such_a_project(guest: Guest, command: tuple[str, ...]) -> None:
    program, *words = command
    printed = _run(
        [str(guest.programs / program), *words, "check", "viktor", "--law", "scheme", "--examples", "1"],
        guest.folder,
        guest.environment,
    )
    assert "30 holds" in printed


def _of_this_run(name: str) -> bool:
    """Whether a variable of the environment would lead into this run's own packages."""
    return name.startswith(("PYTHON", "PYTEST", "VIRTUAL_ENV", "UV_", "COVERAGE"))


def _run(command: list[str], folder: Path, environment: Mapping[str, str]) -> str:
    completed = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300)
    assert completed.returncode == 0, completed.stdout + completed.stderr
    return completed.stdout
