"""The pytest plugin, in a project of its own."""

from __future__ import annotations

import subprocess
import sys

import pytest

from apitwin.mock_server import Twin
from tests.servers import ROOT, live_server


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """An empty project that has the plugin, loaded as the entry point loads it."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("PYTEST_PLUGINS", "apitwin.testkit.pytest_plugin.plugin")
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    return pytester


def test_a_contract_becomes_one_item_for_each_law_on_each_operation(project: pytest.Pytester) -> None:
    options = (
        "--apitwin-contract",
        "viktor",
        "--apitwin-target",
        "twin",
        "--apitwin-operation",
        "apps_list",
        "--apitwin-operation",
        "apps_read",
    )
    result = project.runpytest_subprocess(
        "-v", *options, "--apitwin-law", "partition", "--apitwin-law", "scheme", "--apitwin-law", "not-found"
    )
    result.assert_outcomes(passed=4, skipped=2)
    result.stdout.fnmatch_lines(
        [
            "apitwin: contract viktor, target twin, random seed 0",
            "*collected 6 items*",
            "viktor::apps_list::partition PASSED*",
            "viktor::apps_list::not-found SKIPPED*no parameter i*",
            "viktor::apps_read::scheme PASSED*",
        ]
    )


def test_k_chooses_laws_and_operations(project: pytest.Pytester) -> None:
    result = project.runpytest_subprocess("--apitwin-contract", "viktor", "-k", "apps_list and (partition or links)")
    result.assert_outcomes(passed=6, deselected=2739)


def test_the_projects_own_tests_are_left_alone_unless_a_path_is_named(project: pytest.Pytester) -> None:
    path = project.makepyfile(test_own="def test_own(): pass")
    options = ("--apitwin-contract", "viktor", "--apitwin-operation", "apps_read", "--apitwin-law", "scheme")
    project.runpytest_subprocess(*options).assert_outcomes(passed=1)
    project.runpytest_subprocess(*options, str(path)).assert_outcomes(passed=2)
    project.runpytest_subprocess().assert_outcomes(passed=1)


def test_a_broken_law_fails_with_its_story_and_without_a_traceback(
    project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    with live_server("no-cap") as broken:
        monkeypatch.setenv("LIVE_TOKEN", broken["token"])
        options = (
            "--apitwin-contract",
            "viktor",
            "--apitwin-target",
            broken["url"],
            "--apitwin-token-env",
            "LIVE_TOKEN",
            "--apitwin-rate",
            "0",
        )
        xml = project.path / "report.xml"
        result = project.runpytest_subprocess(
            *options,
            "--apitwin-operation",
            "apps_list",
            "--apitwin-law",
            "truncation",
            "--apitwin-law",
            "scheme",
            f"--junit-xml={xml}",
        )
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["BROKEN  apps_list  truncation", "  expected:  *", "*1. curl -s -A *$LIVE_TOKEN*"])
    result.stdout.no_fnmatch_line("*Traceback*")
    written = xml.read_text("utf-8")
    assert "BROKEN  apps_list  truncation" in written
    assert broken["token"] not in written + result.stdout.str() + result.stderr.str()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--apitwin-contract", "viktr"), "*viktr*did you mean 'viktor'*"),
        (("--apitwin-contract", "viktor", "--apitwin-target", "twn"), "*--apitwin-target 'twn'*did you mean 'twin'*"),
        (("--apitwin-contract", "viktor", "--apitwin-law", "partion"), "*--apitwin-law 'partion' is no law*partition*"),
        (("--apitwin-contract", "viktor", "--apitwin-target", "http://127.0.0.1:9"), "*no connection*"),
        (
            ("--apitwin-contract", "viktor", "--apitwin-target", "http://h", "--apitwin-token-env", "UNSET"),
            "*UNSET*not set*",
        ),
    ],
    ids=["contract", "target", "law", "unreachable", "variable"],
)
def test_a_mistake_is_a_usage_error(project: pytest.Pytester, options: tuple[str, ...], words: str) -> None:
    result = project.runpytest_subprocess(*options)
    assert result.ret in (pytest.ExitCode.USAGE_ERROR, pytest.ExitCode.INTERRUPTED)
    result.stderr.fnmatch_lines([words])
    result.stderr.no_fnmatch_line("*Traceback*")


def test_the_plugin_imports_nothing_heavy_while_it_is_not_used(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        import sys

        def test_own():
            heavy = {"flask", "hypothesis", "jsonschema", "requests", "yaml"}
            heavy |= {"apitwin.contracts", "apitwin.mock_server"}
            assert heavy & set(sys.modules) == set()
        """
    )
    project.runpytest_subprocess().assert_outcomes(passed=1)


def test_an_unused_plugin_takes_no_time_to_import() -> None:
    """Measured by the interpreter itself: what the plugin adds to a process that has pytest already."""
    script = (
        "import pytest, time; start = time.perf_counter(); import apitwin.testkit.pytest_plugin.plugin; "
        "print(time.perf_counter() - start)"
    )
    runs = [subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True) for _ in range(5)]
    assert min(float(run.stdout) for run in runs) < 0.05


def test_workers_share_the_laws(project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTEST_PLUGINS", "apitwin.testkit.pytest_plugin.plugin,xdist.plugin")
    options = (
        "--apitwin-contract",
        "viktor",
        "--apitwin-operation",
        "apps_list",
        "--apitwin-law",
        "scheme",
        "--apitwin-law",
        "slice",
    )
    project.runpytest_subprocess("-n", "2", *options).assert_outcomes(passed=2)


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "xdist"])
def test_a_run_that_decides_little_is_no_success(
    workers: tuple[str, ...], project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Twin("viktor") as lost:
        monkeypatch.setenv("LIVE_TOKEN", lost.token)
        monkeypatch.setenv("PYTEST_PLUGINS", "apitwin.testkit.pytest_plugin.plugin,xdist.plugin")
        answered = 2 if workers else 1  # what each process asks before it collects
        lost.fault("dropped-connection", operation="apps_list", nth=answered + 1, times=10**9)
        options = (
            "--apitwin-contract",
            "viktor",
            "--apitwin-target",
            lost.url,
            "--apitwin-token-env",
            "LIVE_TOKEN",
            "--apitwin-rate",
            "0",
        )
        laws = (
            "--apitwin-operation",
            "apps_list",
            "--apitwin-law",
            "partition",
            "--apitwin-law",
            "scheme",
            "--apitwin-law",
            "not-found",
        )
        result = project.runpytest_subprocess(*workers, *options, *laws)
    result.assert_outcomes(skipped=3)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(
        ["*= apitwin =*", "*apps_list::*: inconclusive: *no connection*", "2 verdicts stayed open, more than were *"]
    )
