"""What a client project is told of its mistakes: one line, with the name that was meant, and nothing of our insides."""

from __future__ import annotations

import itertools
import re

import pytest

from apitwin.testkit.clients import check_client
from apitwin.testkit.errors import UsageError
from tests.servers import ROOT

HARBOUR = ROOT / "tests" / "harbour" / "openapi.yaml"

# What is said to a fixture, and what the one line that is answered must hold.
MARKED = {
    "page_maximums=5": ("'page_maximums' is no word", "did you mean page_maximum?"),
    "contracts='viktor'": ("'contracts' is no word", "did you mean contract?"),
    "tls=True": (
        "'tls' is no word",
        "there is contract, overlay, root, world, extension, page_maximum, items, random_seed, faults, check_answers",
    ),
    "'viktor'": ("found 'viktor'", "expected words, such as contract='viktor'"),
    "page_maximum='5'": ("page_maximum: found '5'", "a whole number, 1 or more"),
    "page_maximum=True": ("page_maximum: found True", "a whole number, 1 or more"),
    "page_maximum=0": ("page_maximum: found 0", "a whole number, 1 or more"),
    "check_answers='yes'": ("check_answers: found 'yes'", "true or false"),
    "contract=7": ("contract: found 7", "a bundled name or the path"),
    "contract=None": ("contract: found None", "a bundled name or the path"),
    "contract='viktr'": ("contract: 'viktr' is no bundled contract", "did you mean viktor?"),
    "contract='brokn.yaml'": ("there is no file", "did you mean broken.yaml"),
    "contract='zzz'": ("there is no file", "bundled: viktor"),
    "contract='folder'": ("contract: 'folder' is no bundled contract", "there is no file"),
    "contract=''": ("contract: '' is no bundled contract", "there is no file"),
    "contract='broken.yaml'": ("broken.yaml", "found 3; expected a document of OpenAPI 3.1"),
    "world='wrold.yaml'": ("world: there is no file", "did you mean world.yaml"),
    "world='zzz'": ("world: there is no file", "from the rootdir on"),
    "world='folder'": ("world: there is no file", "from the rootdir on"),
    "world=7": ("world: found 7", "the path of a YAML file"),
    "world='world.yaml'": ("world.yaml:2:1: no YAML",),
    "world='misfits.yaml'": ("misfits.yaml", "workspces", "workspaces"),
    "faults='latency'": ("faults: found 'latency'", "a list, such as ['unavailable:times=1']"),
    "faults=['latancy']": ("fault 'latancy' is not known", "did you mean latency?"),
    "faults=['latency:secnds=1']": ("the word 'secnds' is not known", "did you mean seconds"),
    "faults=['latency:times']": ("found 'times'", "name:word=value"),
    "faults=['latency:times=x']": ("found times='x'", "a whole number"),
    "faults=['latency:operation=workspace_list']": (
        "operation 'workspace_list' is not known",
        "did you mean workspaces_list",
    ),
    "faults=[{'name': 'latancy'}]": ("faults/0: fault 'latancy'", "did you mean latency?"),
    "faults=[{'nome': 'latency'}]": ("faults/0: found {'nome': 'latency'}", "an object with a name"),
    "faults=[5]": ("faults/0: found 5", "an object with a name"),
}


def test_a_wrong_marker_is_one_line(pytester: pytest.Pytester) -> None:
    _files(pytester)
    fixtures = itertools.cycle(["twin", "twin_session", "twin_tls"])
    tests = [
        f"@pytest.mark.apitwin({said})\ndef test_{number}({fixture}): pass"
        for number, (said, fixture) in enumerate(zip(MARKED, fixtures, strict=False))
    ]
    pytester.makepyfile("import pytest\n" + "\n".join(tests))
    result = pytester.runpytest_subprocess("-q")
    result.assert_outcomes(errors=len(MARKED))
    sections = _sections(result)
    for number, (said, words) in enumerate(MARKED.items()):
        (line,) = sections[f"ERROR at setup of test_{number}"]
        assert line.startswith("apitwin: "), said
        assert [word for word in words if word not in line] == [], (said, line)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("apitwin_contract = viktr", ("apitwin_contract: 'viktr'", "did you mean viktor?")),
        ("apitwin_contract =", ("apitwin_contract: ''", "bundled: viktor")),
        ("apitwin_world = wrold.yaml", ("apitwin_world: there is no file", "did you mean world.yaml")),
        ("apitwin_page_maximum = many", ("apitwin_page_maximum: ", "'many'; expected a whole number, 1 or more")),
        ("apitwin_page_maximum = 0", ("apitwin_page_maximum: found 0; expected a whole number, 1 or more",)),
        ("apitwin_check_answers = maybe", ("apitwin_check_answers: ", "'maybe'; expected true or false")),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_wrong_ini_option_is_one_line(pytester: pytest.Pytester, said: str, words: tuple[str, ...]) -> None:
    _files(pytester)
    pytester.makeini(f"[pytest]\n{said}\n")
    pytester.makepyfile("def test_it(twin): pass\ndef test_without(): pass")
    result = pytester.runpytest_subprocess("-q")
    result.assert_outcomes(errors=1, passed=1)
    (line,) = _sections(result)["ERROR at setup of test_it"]
    assert line.startswith("apitwin: ") and all(word in line for word in words), line


def test_an_unknown_ini_option_is_pytests_to_tell(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\napitwin_page_maximums = 5\n")
    pytester.makepyfile("def test_it(): pass")
    result = pytester.runpytest_subprocess("-q", "--strict-config")
    assert result.ret != 0
    result.stderr.fnmatch_lines(["*Unknown config option: apitwin_page_maximums*"])


IN_THE_TEST = {
    "twin.fault('latancy')": ("TwinError: fault 'latancy' is not known", "did you mean latency?"),
    "twin.fault('latency', secnds=1)": ("the word 'secnds' is not known", "did you mean seconds"),
    "twin.fault('latency', seconds='x')": ("found seconds='x'", "a number"),
    "twin.fault('latency', operation='workspace_list')": (
        "'workspace_list' is not known",
        "did you mean workspaces_list",
    ),
    "twin_factory('viktor', contract='viktor')": ("UsageError: twin_factory: found two contracts", "expected one"),
    "twin_factory('viktr')": ("UsageError: twin_factory: contract: 'viktr'", "did you mean viktor?"),
    "twin_factory(page_maximums=5)": ("twin_factory: 'page_maximums' is no word", "did you mean page_maximum?"),
    "twin_factory(tls='yes')": ("twin_factory: tls: found 'yes'", "True or False"),
    "twin_factory(world=7)": ("twin_factory: world: found 7", "the path of a YAML file, or a World"),
    "twin_factory(HARBOUR, world=twin.world)": ("this world was made for another contract than harbour",),
    "twin_factory(world='wrold.yaml')": ("twin_factory: world: there is no file", "did you mean world.yaml"),
    "twin_factory(faults=['latancy'])": ("fault 'latancy' is not known", "did you mean latency?"),
    "twin_factory('broken.yaml')": ("broken.yaml", "found 3; expected a document of OpenAPI 3.1"),
}


def test_a_mistake_in_a_test_is_shown_at_its_line_and_not_inside_the_package(pytester: pytest.Pytester) -> None:
    _files(pytester)
    tests = [f"def test_{number}(twin, twin_factory):\n    {said}" for number, said in enumerate(IN_THE_TEST)]
    expects = "def test_expect(twin):\n    twin.journal.expect('workspaces_list', times=2)"
    pytester.makepyfile(f"HARBOUR = {str(HARBOUR)!r}\n" + "\n".join([*tests, expects]))
    result = pytester.runpytest_subprocess("-q")
    result.assert_outcomes(failed=len(IN_THE_TEST) + 1)
    sections = _sections(result)
    for number, (said, words) in enumerate(IN_THE_TEST.items()):
        lines = sections[f"test_{number}"]
        assert len([line for line in lines if line.startswith("E ")]) == 1, lines
        assert [word for word in words if word not in "\n".join(lines)] == [], (said, lines)
    assert any(
        "expected 2 exchanges with operation 'workspaces_list'; there were 0" in line
        for line in sections["test_expect"]
    )
    shown = re.findall(r"^(\S+\.py):\d+", result.stdout.str(), re.MULTILINE)
    assert set(shown) == {next(pytester.path.glob("test_*.py")).name}


UNMATCHED = """
import requests
def test_near(twin):
    requests.get(f"{twin.url}/api/workspace/")
def test_method(twin):
    requests.put(f"{twin.url}/api/workspaces/")
def test_far(twin_session):
    twin_session.get("/health")
def test_many(twin_factory):
    twin = twin_factory()
    for number in (1, 1, 2, 3, 4, 5, 6, 7):
        requests.get(f"{twin.url}/{number}%0A")
def test_fine(twin):
    requests.get(f"{twin.url}/api/workspaces/")
    requests.get(f"{twin.url}/__twin__/health")
"""
SAID = {
    "test_near": "GET /api/workspace/ (did you mean GET /api/workspaces/ or GET /api/workspaces/{id}/?)",
    "test_method": "PUT /api/workspaces/ (did you mean *GET /api/workspaces/*",
    "test_far": "GET /health",
    "test_many": "GET /1\\n, GET /2\\n, GET /3\\n, GET /4\\n, GET /5\\n, and 2 more",
}


def test_requests_that_no_operation_has_are_warned_of_with_the_nearest_one(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(UNMATCHED)
    result = pytester.runpytest_subprocess("-q")
    result.assert_outcomes(passed=5, warnings=4)
    for operation in SAID.values():
        line = f"*UnmatchedRequestWarning: the contract viktor has no operation {operation}"
        result.stdout.fnmatch_lines([line.replace("[", "[[]")])


def test_a_fault_that_no_request_met_is_warned_of(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
import pytest
def test_wrong_path(twin, twin_session):
    twin.fault("server-error", path="/api/workspaces", times=1)
    twin_session.get("/api/workspaces/")
def test_never_so_often(twin, twin_session):
    twin.fault("server-error", nth=3)
    twin_session.get("/api/workspaces/")
def test_met(twin, twin_session):
    twin.fault("server-error")
    twin_session.get("/api/workspaces/")
@pytest.mark.apitwin(faults=["server-error:nth=9"])
def test_of_the_marker(twin_session):
    twin_session.get("/api/workspaces/")
def test_by_chance(twin, twin_session):
    twin.fault("server-error", probability=0.0)
    twin_session.get("/api/workspaces/")
"""
    )
    result = pytester.runpytest_subprocess("-q")
    result.assert_outcomes(passed=5, warnings=2)
    result.stdout.fnmatch_lines(
        [
            "*IdleFaultWarning: no request met the fault server-error (path='/api/workspaces', times=1, status=500); *",
            "*IdleFaultWarning: no request met the fault server-error (nth=3, times=1, status=500); *",
        ]
    )


def test_where_warnings_are_errors_they_are_one_line_at_the_test(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(UNMATCHED)
    result = pytester.runpytest_subprocess("-q", "-W", "error")
    result.assert_outcomes(passed=5, errors=4)
    sections = _sections(result)
    for name, operation in SAID.items():
        (line,) = sections[f"ERROR at teardown of {name}"]
        assert line.startswith(f"apitwin: the contract viktor has no operation {operation.partition(' (')[0]}")


def test_the_warning_can_be_switched_off_by_its_category(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(UNMATCHED)
    result = pytester.runpytest_subprocess("-q", "-W", "ignore::apitwin.UnmatchedRequestWarning")
    result.assert_outcomes(passed=5, warnings=0)


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ({"operation": "workspaces_lists"}, "workspaces_list"),
        ({"laws": ["reads-everythin"]}, "reads-everything"),
        ({"world": "nowhere.yaml"}, "nowhere.yaml"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_wrong_word_for_check_client_is_one_line(words: dict[str, object], problem: str) -> None:
    with pytest.raises(UsageError) as caught:
        check_client(lambda base, token: pytest.fail("it need not be called"), **words)  # type: ignore[arg-type]
    assert problem in str(caught.value) and len(str(caught.value).splitlines()) == 1


def _files(pytester: pytest.Pytester) -> None:
    """Write what mistakes are made with: broken files, and a folder where a file is meant."""
    pytester.mkdir("folder")
    for name, text in (
        ("broken.yaml", "openapi: 3"),
        ("world.yaml", "tokens: [\n"),
        ("misfits.yaml", "tokens: []\ncollections: {workspces: []}"),
    ):
        (pytester.path / name).write_text(text, encoding="utf-8")


def _sections(result: pytest.RunResult) -> dict[str, list[str]]:
    """Return what pytest tells under each of its headings, without empty lines."""
    sections: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in result.outlines:
        heading = re.fullmatch(r"_{3,} (.+?) _{3,}", line)
        if heading is not None:
            lines = sections.setdefault(heading[1], [])
        elif line.startswith("====="):
            lines = []
        elif line.strip():
            lines.append(line)
    return sections
