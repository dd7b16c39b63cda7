"""Every recipe in the documentation is run."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.servers import ROOT

RECIPES = ROOT / "docs" / "recipes"
BY_HAND = {"sdk_over_tls.py"}
"""What needs the official SDK, which is no dependency."""


def run(command: list[str], cwd: Path = ROOT, **environment: str) -> str:
    """Run a command in a session of its own; all that it left in the background is ended with it."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    process = subprocess.Popen(
        command,
        cwd=cwd,
        env={**os.environ, **environment, "PATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        output, _ = process.communicate(timeout=120)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
    assert process.returncode == 0, output
    return output


@pytest.mark.parametrize("name", sorted(path.name for path in RECIPES.glob("test_*.py")))
def test_a_recipe_for_a_client_passes(name: str) -> None:
    output = run([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(RECIPES / name)])
    assert "passed" in output


def test_a_recipe_for_an_api_of_ones_own_passes(tmp_path: Path) -> None:
    """In a project of its own, so that what it says of itself in its own pyproject.toml is what counts."""
    project = tmp_path / "project"
    shutil.copytree(RECIPES / "own_behaviour", project, ignore=shutil.ignore_patterns("__pycache__"))
    output = run([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(project)], cwd=project)
    assert "3 passed" in output
    assert len((project / "shop_twin.py").read_text("utf-8").splitlines()) <= 32


def steps(name: str) -> tuple[list[str], dict[str, str]]:
    """Return the shell lines of a job, without what installs this project, and its environment."""
    document: Any = yaml.safe_load((RECIPES / name).read_text("utf-8"))
    if name.startswith("github"):
        job = document["jobs"]["client"]
        lines = [step["run"] for step in job["steps"] if "run" in step]
        return [line for line in lines if "pip install" not in line], job["env"]
    job = document["client"]
    return [line for line in [*job["before_script"], *job["script"]] if "pip install" not in line], job["variables"]


@pytest.mark.parametrize("name", ["github-actions.yml", "gitlab-ci.yml"])
def test_a_job_runs_as_it_stands(name: str, tmp_path: Path) -> None:
    lines, environment = steps(name)
    # GitHub runs each step in a shell of its own, which may exit; GitLab all lines in one.
    script = [f"bash -e -c {shlex.quote(line)}" for line in lines] if name.startswith("github") else lines
    path = tmp_path / "job.sh"
    path.write_text("set -e\n" + "\n".join(script).replace("twin.log", str(tmp_path / "twin.log")), encoding="utf-8")
    output = run(["bash", str(path)], **environment)
    assert "121 workspaces" in output
    assert '"operation":"workspaces_list"' in output


def test_every_file_is_run_or_said_to_be_run_by_hand() -> None:
    run_here = {"test_with_requests.py", "test_with_httpx.py", "github-actions.yml", "gitlab-ci.yml"}
    files = {path.name for path in RECIPES.iterdir() if path.is_file()}
    assert files == run_here | BY_HAND | {"read_workspaces.py"}
    folders = {path.name for path in RECIPES.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert folders == {"own_behaviour"}
    listed = (ROOT / "docs" / "recipes.md").read_text("utf-8")
    assert all(f"recipes/{name}" in listed for name in run_here | BY_HAND | folders)
