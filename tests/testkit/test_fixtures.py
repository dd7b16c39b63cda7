"""The fixtures that a client project gets: a world for each test, configured by marker and ini file."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.servers import ROOT

HARBOUR = ROOT / "tests" / "harbour" / "openapi.yaml"
HEAD = f"""
import os, unittest, pytest, requests
from datetime import datetime, timezone
from hypothesis import HealthCheck, given, settings, strategies as st
HARBOUR = {str(HARBOUR)!r}
"""
HEAD += """
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

@pytest.mark.apitwin(page_maximum=50)
def test_small_pages(twin):
    assert len(ids(twin)) == 50

@pytest.mark.apitwin(faults=["server-error:times=1"])
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
    assert len(ids(twin_factory("viktor", page_maximum=7))) == 7
"""
    )
    pytester.runpytest_subprocess("-q", "--strict-markers").assert_outcomes(passed=9)
    pytester.runpytest_subprocess("-q", "-n", "2").assert_outcomes(passed=9)


def test_the_closest_marker_wins_word_by_word(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\napitwin_page_maximum = 10\napitwin_check_answers = true\n")
    pytester.makepyfile(
        module=HEAD
        + """
pytestmark = pytest.mark.apitwin(page_maximum=20, faults=["latency:seconds=0"])

def faults(twin):
    return [one.name for one in twin.backend.faults.active()]

def test_of_the_module(twin):
    assert (len(ids(twin)), faults(twin)) == (20, ["latency"])

@pytest.mark.apitwin(page_maximum=30)
class TestPages:
    def test_of_the_class(self, twin):
        assert (len(ids(twin)), faults(twin)) == (30, ["latency"])

    @pytest.mark.apitwin(faults=["server-error:times=1", {"name": "cut-off-body", "nth": 9}])
    def test_of_the_function(self, twin):
        assert requests.get(f"{twin.url}/api/apps/").status_code == 500
        assert (len(ids(twin)), faults(twin)) == (30, ["server-error", "cut-off-body"])

    @pytest.mark.apitwin(faults=[], page_maximum=None)
    def test_nothing_is_a_word_too(self, twin):
        assert (len(ids(twin)), faults(twin)) == (100, [])

@pytest.mark.apitwin(contract=HARBOUR)
def test_what_was_said_of_another_contract_is_forgotten(twin_session, _apitwin_twin):
    assert faults(_apitwin_twin) == []
    assert len(twin_session.get("/ships", params={"size": 25}).json()["items"]) == 25
""",
        other=HEAD + "def test_of_the_ini_file(twin): assert len(ids(twin)) == 10\n",
    )
    result = pytester.runpytest_subprocess("-q", "--strict-markers", "module.py", "other.py")
    result.assert_outcomes(passed=6)


def test_the_ini_file_names_contract_and_world_from_the_rootdir_on(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytester.makeini("[pytest]\napitwin_contract = api/openapi.yaml\napitwin_world = worlds/small.yaml\n")
    (pytester.mkdir("api") / "openapi.yaml").write_text(HARBOUR.read_text(encoding="utf-8"), encoding="utf-8")
    (pytester.path / "api" / "world.yaml").write_text(SMALL.replace("Zeemeeuw", "Other"), encoding="utf-8")
    (pytester.mkdir("worlds") / "small.yaml").write_text(SMALL, encoding="utf-8")
    (pytester.mkdir("below") / "test_it.py").write_text(
        """
def test_it(twin_session):
    assert [one["name"] for one in twin_session.get("/ships").json()["items"]] == ["Zeemeeuw"]
""",
        encoding="utf-8",
    )
    monkeypatch.chdir("below")
    pytester.runpytest_subprocess("-q").assert_outcomes(passed=1)


SMALL = """
tokens: [{token: PASS-1, roles: [harbour-master]}]
collections:
  ships: [{number: one, name: Zeemeeuw, flag: NL, length: 80, built: 1999, calls: []}]
"""


MESSES = """
from dataclasses import replace
from apitwin.mock_server import STEPS, World
from apitwin.mock_server.world.clock import Clock
from apitwin.mock_server.world.blobs import Blob

def found(twin):
    ahead = (twin.world.clock.now() - datetime.now(timezone.utc)).total_seconds()
    return (
        len(twin.journal.entries()),
        [one.name for one in twin.backend.faults.active()],
        round(ahead / 60),
        {name: [one.values for one in table.records] for name, table in twin.world.tables.items()},
        twin.world.tokens,
        twin.world.storage.state,
        twin.backend.steps is STEPS,
    )

def deletes(twin):
    headers = {"Authorization": f"Bearer {twin.token}"}
    assert requests.delete(f"{twin.url}/api/workspaces/1/entities/2/", headers=headers).status_code == 204
    twin.journal.clear()

def keeps(twin):
    twin.world.tables["workspaces"].remove("1")
    twin.world.checkpoint()
    twin.reset()

def asks(twin):
    assert requests.get(f"{twin.url}/api/apps/").status_code == 401

def keeps_a_fault(twin):
    twin.fault("server-error")
    twin.backend.faults.checkpoint()
    twin.reset()

MESSES = {
    "a request": asks,
    "a write": deletes,
    "a write to the tables": lambda twin: twin.world.tables["workspaces"].update("1", {"name": "Other"}),
    "a write that is kept": keeps,
    "a fault": lambda twin: twin.fault("server-error"),
    "a fault that is kept": keeps_a_fault,
    "an advanced clock": lambda twin: twin.advance(3600),
    "another clock": lambda twin: setattr(twin.world, "clock", Clock(datetime(2030, 1, 1, tzinfo=timezone.utc))),
    "no tokens": lambda twin: setattr(twin.world, "tokens", ()),
    "a file": lambda twin: twin.world.storage.put("key", Blob(b"1", "one.txt")),
    "another world": lambda twin: setattr(twin.backend, "world", World(twin.contract)),
    "other steps": lambda twin: setattr(twin.backend, "steps", replace(STEPS)),
}
"""


def test_whatever_a_test_does_to_its_twin_the_next_one_finds_nothing_of_it(pytester: pytest.Pytester) -> None:
    """Each of them looks for the traces of those before, then leaves its own and makes sure that it can be seen."""
    pytester.makepyfile(
        HEAD
        + MESSES
        + """
START = []

@pytest.mark.parametrize("mess", [*MESSES.values(), None], ids=[*MESSES, "nothing"])
def test_it(twin, mess):
    START.append(found(twin))
    assert START[-1] == START[0] and START[0][:3] == (0, [], 0)
    if mess is not None:
        mess(twin)
        assert found(twin) != START[0]
"""
    )
    pytester.runpytest_subprocess("-q").assert_outcomes(passed=13)


def test_tests_that_write_do_not_meet_in_the_workers_of_xdist(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        HEAD
        + """
@pytest.mark.parametrize("turn", range(12))
def test_it(twin, worker_id, turn):
    headers = {"Authorization": f"Bearer {twin.token}"}
    entities = f"{twin.url}/api/workspaces/1/entities"
    assert len(ids(twin)) == 100 and len(twin.journal.entries()) == 1
    assert requests.delete(f"{entities}/2/", headers=headers).status_code == 204
    assert requests.get(f"{entities}/2/", headers=headers).status_code == 404
    with open("urls", "a") as file:
        print(worker_id, twin.url, file=file)
"""
    )
    pytester.runpytest_subprocess("-q", "-n", "2").assert_outcomes(passed=12)
    used = {tuple(line.split()) for line in (pytester.path / "urls").read_text().splitlines()}
    assert [worker for worker, _ in sorted(used)] == ["gw0", "gw1"]
    assert len({url for _, url in used}) == 2


def test_a_fixture_twin_of_the_project_wins_and_the_others_go_on(pytester: pytest.Pytester) -> None:
    pytester.makeconftest("import pytest\n@pytest.fixture\ndef twin(): return 'mine'\n")
    pytester.makepyfile(
        HEAD
        + """
def test_it(twin, twin_session, twin_factory):
    assert twin == "mine"
    assert twin_session.get("/api/workspaces/", params={"limit": 1}).json()["count"] == 121
    assert len(ids(twin_factory())) == 100
"""
    )
    pytester.runpytest_subprocess("-q").assert_outcomes(passed=1)


def test_twin_and_twin_session_are_one_world(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        HEAD
        + """
def test_it(twin, twin_session):
    assert twin_session.delete("api/workspaces/1/entities/2/").status_code == 204
    headers = {"Authorization": f"Bearer {twin.token}"}
    assert requests.get(f"{twin.url}/api/workspaces/1/entities/2/", headers=headers).status_code == 404
    assert [one.status for one in twin.journal.entries()] == [204, 404]
    with pytest.raises(requests.exceptions.InvalidSchema, match="reaches its twin only"):
        twin_session.get(f"{twin.url}/api/apps/")
"""
    )
    pytester.runpytest_subprocess("-q").assert_outcomes(passed=1)


def test_requests_trusts_a_twin_with_tls_for_the_length_of_the_test(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytester.makepyfile(
        HEAD
        + """
def test_plain_requests_will_do(twin_tls, monkeypatch):
    assert twin_tls.url.startswith("https://")
    assert os.environ["REQUESTS_CA_BUNDLE"] == os.environ["SSL_CERT_FILE"] == str(twin_tls.ca_file)
    monkeypatch.setenv("ANYTHING", "1")
    monkeypatch.undo()
    assert len(ids(twin_tls)) == 100
    twin_tls.journal.expect("workspaces_list", times=1)

def test_other_clients_trust_it_too(twin_tls):
    import urllib.request
    with urllib.request.urlopen(f"{twin_tls.url}/__twin__/health", timeout=10) as answer:
        assert answer.status == 200

def test_it_is_over():
    assert "SSL_CERT_FILE" not in os.environ
    assert os.environ["REQUESTS_CA_BUNDLE"] == "of the project.pem"

def test_who_does_not_trust_it_gets_nothing(twin_tls, monkeypatch):
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    with pytest.raises(requests.exceptions.SSLError):
        ids(twin_tls)

@pytest.mark.apitwin(page_maximum=7)
def test_beside_one_without(twin_tls, twin):
    assert len(ids(twin_tls)) == 7
    assert twin.journal.entries() == () and twin.url.startswith("http://")
"""
    )
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "of the project.pem")
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    pytester.runpytest_subprocess("-q").assert_outcomes(passed=5)


def test_a_client_is_judged_by_the_contract_that_is_configured(pytester: pytest.Pytester) -> None:
    pytester.makeini(f"[pytest]\napitwin_contract = {ROOT / 'tests' / 'harbour' / 'openapi.yaml'}\n")
    pytester.makepyfile(
        """
import pytest, requests

def ships(base, token):
    found = []
    while True:
        headers = {"Authorization": f"Bearer {token}"}
        answer = requests.get(f"{base}/ships", params={"size": 10, "start": len(found)}, headers=headers, timeout=5)
        items = answer.json()["items"]
        if not items:
            return found
        found += [one["number"] for one in items]

def test_it_obeys(check_client):
    assert check_client(ships, laws=["reads-everything"]).operation == "listShips"

def test_it_breaks(check_client):
    check_client(lambda base, token: ships(base, token)[:20], laws=["reads-everything"])

@pytest.mark.apitwin(contract="viktor")
def test_the_call_wins(check_client):
    with pytest.raises(Exception, match="listShip"):
        check_client(ships, "listShip", contract=CONTRACT)
""".replace("CONTRACT", repr(str(ROOT / "tests" / "harbour" / "openapi.yaml")))
    )
    result = pytester.runpytest_subprocess("-q")
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["*BROKEN*reads-everything*"])
    result.stdout.no_fnmatch_line("*def judged(*")


def test_the_factory_makes_twins_that_know_nothing_of_each_other(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        HEAD
        + """
from apitwin.mock_server import World
from apitwin.mock_server.viktor.builder import WorldBuilder

def test_another_contract(twin, twin_factory):
    harbour = twin_factory(HARBOUR)
    headers = {"Authorization": f"Bearer {harbour.token}"}
    answer = requests.get(f"{harbour.url}/ships", headers=headers, params={"size": 25})
    assert (answer.json()["meta"]["total"], len(answer.json()["items"])) == (60, 25)
    harbour.journal.expect("listShips", times=1)
    assert len(ids(twin)) == 100
    assert twin.journal.expect("workspaces_list") == twin.journal.entries()

def test_two_at_once(twin_factory):
    one, other = twin_factory(), twin_factory()
    one.world.tables["workspaces"].remove("1")
    one.fault("server-error", operation="apps_list")
    one.advance(3600)
    assert one.url != other.url
    assert (1 in ids(one), 1 in ids(other)) == (False, True)
    statuses = [requests.get(f"{each.url}/api/apps/").status_code for each in (one, other)]
    assert statuses == [500, 401]
    assert 3500 < (one.world.clock.now() - other.world.clock.now()).total_seconds() < 3700
    assert [len(each.journal.entries()) for each in (one, other)] == [2, 2]

@pytest.mark.apitwin(page_maximum=50, faults=["server-error"])
def test_its_words_are_closer_than_the_marker(twin_factory):
    assert len(ids(twin_factory(faults=[]))) == 50
    assert len(ids(twin_factory(faults=[], page_maximum=7))) == 7
    broken = twin_factory(faults=["unavailable:times=1", {"name": "server-error", "nth": 2}])
    assert [requests.get(f"{broken.url}/api/apps/").status_code for turn in range(3)] == [503, 401, 500]

BUILDER = WorldBuilder()
BUILDER.workspace("Mine")

@pytest.mark.parametrize("turn", [1, 2])
def test_a_world_made_in_code_is_handed_back_as_it_was(twin_factory, turn):
    mine = twin_factory(world=BUILDER.world)
    assert mine.token == BUILDER.admin.token
    assert [one.values["name"] for one in mine.world.tables["workspaces"].records] == ["Mine"]
    mine.world.tables["workspaces"].remove(*mine.world.tables["workspaces"].state.by_identity)
    mine.world.checkpoint()
    mine.advance(3600)
    assert ids(mine) == []

def test_over_tls(twin_factory):
    safe = twin_factory(tls=True)
    answer = requests.get(f"{safe.url}/api/apps/", verify=str(safe.ca_file))
    assert answer.status_code == 401

def test_it_is_never_the_twin_of_the_test(twin, twin_factory):
    assert twin_factory() is not twin
"""
    )
    pytester.runpytest_subprocess("-q").assert_outcomes(passed=7)


def test_each_example_of_hypothesis_starts_anew_after_a_reset(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        HEAD
        + """
@pytest.mark.apitwin(faults=["latency:seconds=0,times=1"])
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.integers(1, 100))
def test_it(twin, number):
    twin.reset()
    assert twin.journal.entries() == () and len(ids(twin)) == 100
    assert [one.fault for one in twin.journal.entries()] == ["latency"]
    twin.fault("server-error")
    twin.world.tables["workspaces"].remove(str(number))
    assert abs((twin.world.clock.now() - datetime.now(timezone.utc)).total_seconds()) < 60
    twin.advance(3600)
"""
    )
    pytester.runpytest_subprocess("-q").assert_outcomes(passed=1)


def test_a_unittest_class_has_a_world_for_each_method(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        HEAD
        + """
@pytest.mark.apitwin(page_maximum=50)
class ClientTest(unittest.TestCase):
    @pytest.fixture(autouse=True)
    def take(self, twin):
        self.twin = twin

    def setUp(self):
        self.first = ids(self.twin)[0]
        self.twin.world.tables["workspaces"].remove(str(self.first))

    def test_one(self):
        self.assertEqual((self.first, len(ids(self.twin))), (1, 50))
        self.twin.journal.expect("workspaces_list", times=2)

    def test_other(self):
        self.assertEqual((self.first, len(ids(self.twin))), (1, 50))
        self.twin.journal.expect("workspaces_list", times=2)
"""
    )
    pytester.runpytest_subprocess("-q").assert_outcomes(passed=2)


def test_a_twin_runs_without_pytest() -> None:
    script = "from apitwin.mock_server import Twin\nwith Twin() as twin: print(twin.contract.name, twin.url)"
    completed = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert completed.stdout.startswith("viktor http://127.0.0.1:"), completed.stderr
