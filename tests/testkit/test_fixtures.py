"""The fixtures that a client project gets: a world for each test, configured by marker and ini file."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAD = """
import unittest, warnings, pytest, requests
from hypothesis import HealthCheck, given, settings, strategies as st
def ids(twin):
    headers = {"Authorization": f"Bearer {twin.token}"}
    answer = requests.get(f"{twin.url}/api/workspaces/", params={"limit": 100}, headers=headers)
    return [one["id"] for one in answer.json()["results"]]
"""


def test_every_test_has_a_world_of_its_own(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        HEAD
        + """
@pytest.mark.parametrize("turn", [1, 2])
def test_it(twin, turn):
    assert len(ids(twin)) == 100
    twin.world.tables["workspaces"].remove("1")
    twin.journal.expect("workspaces_list", times=1)

def test_a_session_needs_no_socket(twin_session):
    assert twin_session.get("/api/workspaces/", params={"limit": 2}).json()["count"] == 121

@pytest.mark.twin(max_page=50)
def test_small_pages(twin):
    assert len(ids(twin)) == 50

@pytest.mark.twin(faults=["server-error:times=1"])
def test_a_fault(twin):
    assert requests.get(f"{twin.url}/api/apps/").status_code == 500

@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.integers(1, 9))
def test_examples(twin, number):
    twin.reset()
    ids(twin)
    assert len(twin.journal.entries()) == 1

class ClientTest(unittest.TestCase):
    @pytest.fixture(autouse=True)
    def take(self, twin):
        self.twin = twin
    def test_it(self):
        self.assertEqual(len(ids(self.twin)), 100)

def test_tls(twin_tls):
    assert len(ids(twin_tls)) == 100

def test_factory(twin_factory):
    assert len(ids(twin_factory("viktor", max_page=7))) == 7
"""
    )
    pytester.runpytest_subprocess("-q", "--strict-markers").assert_outcomes(passed=9)
    pytester.runpytest_subprocess("-q", "-n", "2").assert_outcomes(passed=9)


def test_a_wrong_word_is_one_line_and_the_ini_file_counts(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\napitwin_max_page = 20\n")
    pytester.makepyfile(
        HEAD
        + """
def test_ini(twin):
    assert len(ids(twin)) == 20

@pytest.mark.twin(faults=["latancy"])
def test_wrong(twin): pass

def test_unknown_request(twin):
    with warnings.catch_warnings():
        requests.get(f"{twin.url}/api/nowhere/")
"""
    )
    result = pytester.runpytest_subprocess("-q")
    result.stdout.fnmatch_lines(["*latancy*did you mean latency*"])
    result.stdout.fnmatch_lines(["*/api/nowhere/*"])
    assert "Traceback" not in result.stdout.str()


def test_a_twin_runs_without_pytest() -> None:
    script = "from mock_server import Twin\nwith Twin() as twin: print(twin.contract.name, twin.url)"
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert found.stdout.startswith("viktor http://127.0.0.1:"), found.stderr
