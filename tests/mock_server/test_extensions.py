"""An API's own behaviour lives in the project of whoever writes it, and is given, imported or installed."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from apitwin import Answer, Call, Extension, Twin, TwinError, load
from apitwin.mock_server import extensions
from tests.servers import ROOT
from tests.testkit.test_cli import apitwin, one_line

RECIPE = ROOT / "docs" / "recipes" / "own_behaviour"
SCRIPT = Path(sys.executable).parent / "apitwin"
HEADERS = {"Authorization": "Bearer shop-token"}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of somebody else's, whose contract happens to lie in a folder named as a bundled API is."""
    (tmp_path / "viktor").mkdir()
    for name in ("openapi.yaml", "world.yaml"):
        shutil.copy(RECIPE / name, tmp_path / "viktor" / name)
    shutil.copy(RECIPE / "shop_twin.py", tmp_path)
    shutil.copy(RECIPE / "test_shop.py", tmp_path)
    return tmp_path


def contract_of(project: Path, *, extension: str | None = None) -> Path:
    """Return the project's contract without a name of its own; extension: what it asks for."""
    path = project / "viktor" / "openapi.yaml"
    word = "" if extension is None else f"  extension: {extension}\n"
    path.write_text(path.read_text("utf-8").replace("  name: shop\n", word), encoding="utf-8")
    return path


@contextlib.contextmanager
def served(project: Path, *arguments: str, **variables: str) -> Iterator[str]:
    """Start the installed script, which does not look for modules in the working folder by itself; yield the URL."""
    process = subprocess.Popen(
        [str(SCRIPT), "serve", *arguments, "--port", "0", "--check-answers"],
        cwd=project,
        env={**os.environ, "PYTHONSAFEPATH": "1", **variables},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        yield process.stdout.readline().rstrip().rpartition(" ")[2]
    finally:
        process.terminate()
        process.wait(timeout=10)
        process.stdout.close()


def total(url: str) -> tuple[int, object]:
    answer = requests.get(f"{url}/orders/1/total", headers=HEADERS, timeout=10)
    return answer.status_code, answer.json()


def test_a_served_twin_answers_by_the_code_of_the_project(project: Path) -> None:
    contract_of(project)
    with served(project, "viktor/openapi.yaml", "--extension", "shop_twin:EXTENSION") as url:
        assert total(url) == (200, {"cents": 599})
        refused = requests.post(f"{url}/orders/2/cancel", headers=HEADERS, timeout=10)
        assert (refused.status_code, refused.json()) == (409, {"detail": "This order is on its way."})


def test_the_name_of_a_folder_asks_for_no_code(project: Path) -> None:
    """The contract's name is that of its folder, `viktor`, and still nothing of VIKTOR's is in this twin."""
    with Twin(contract_of(project)) as twin:
        assert twin.contract.name == "viktor"
        assert total(twin.url)[0] == 501
        assert requests.get(f"{twin.url}/orders", headers=HEADERS, timeout=10).json()["count"] == 2


def test_the_fixture_answers_by_the_code_of_the_project(project: Path, pytester: pytest.Pytester) -> None:
    contract_of(project)
    shutil.copytree(project, pytester.path, dirs_exist_ok=True)
    pytester.makepyprojecttoml(
        """
        [tool.pytest.ini_options]
        pythonpath = ["."]
        apitwin_contract = "viktor/openapi.yaml"
        apitwin_extension = "shop_twin:EXTENSION"
        """
    )
    pytester.makepyfile(
        test_more="""
        import pytest
        import requests
        from apitwin import Answer, Extension

        FREE = Extension(answers={"readTotal": lambda call: Answer.of_json({"cents": 0})})

        @pytest.mark.apitwin(extension=FREE)
        def test_a_marker_has_another(twin_session):
            assert twin_session.get("/orders/1/total").json() == {"cents": 0}

        def test_the_project_has_its_own(twin_session):
            assert twin_session.get("/orders/1/total").json() == {"cents": 599}

        def test_a_factory_has_another(twin_factory):
            twin = twin_factory(extension=FREE)
            answer = requests.get(f"{twin.url}/orders/1/total", headers={"Authorization": f"Bearer {twin.token}"})
            assert answer.json() == {"cents": 0}

        @pytest.mark.apitwin(contract="viktor")
        def test_another_contract_is_not_meant(twin_session):
            assert twin_session.get("/api/users/current/").status_code == 200

        @pytest.mark.apitwin(extension="shop_twin:NOTHING")
        def test_a_wrong_name(twin):
            pass

        @pytest.mark.apitwin(extension=7)
        def test_a_wrong_value(twin):
            pass
        """
    )

    result = pytester.runpytest_subprocess("-p", "no:cacheprovider")

    result.assert_outcomes(passed=7, errors=2)
    result.stdout.fnmatch_lines(
        [
            "apitwin: extension 'shop_twin:NOTHING': cannot be imported: AttributeError: *no attribute 'NOTHING'",
            "apitwin: marker apitwin: extension: found 7; expected an Extension, or a text such as my_project*",
        ]
    )


def test_the_laws_judge_a_twin_with_it(project: Path, pytester: pytest.Pytester) -> None:
    contract = str(contract_of(project))
    options = ["--extension", "shop_twin:EXTENSION", "--operation", "readTotal", "--law", "schema"]
    checked = apitwin("check", contract, *options, "--path-value", "id=1", cwd=project)
    assert "1 holds" in checked.stdout, checked.stderr

    shutil.copy(project / "shop_twin.py", pytester.path)
    prefixed = [re.sub("^--", "--apitwin-", option) for option in options]
    result = pytester.runpytest_subprocess(
        "-o", "pythonpath=.", f"--apitwin-contract={contract}", *prefixed, "--apitwin-path-value", "id=1"
    )
    result.assert_outcomes(passed=1)


def test_a_live_api_has_its_own_behaviour(project: Path) -> None:
    refused = one_line(
        apitwin("check", "viktor", "--target", "http://127.0.0.1:9", "--extension", "shop_twin:EXTENSION", cwd=project)
    )
    assert "--extension is for a twin; http://127.0.0.1:9 has its own behaviour" in refused


CLIENT = """
import json, os, urllib.request

request = urllib.request.Request(os.environ["APITWIN_URL"] + "/orders?limit=1")
request.add_header("Authorization", "Bearer " + os.environ["APITWIN_TOKEN"])
for order in json.load(urllib.request.urlopen(request))["orders"]:
    print(order["id"])
"""


def test_a_client_is_judged_on_a_twin_with_it(project: Path) -> None:
    contract_of(project)
    (project / "client.py").write_text(CLIENT, encoding="utf-8")
    judged = apitwin(
        *("check-client", f"{sys.executable} client.py", "--contract", "viktor/openapi.yaml"),
        *("--extension", "shop_twin:EXTENSION", "--law", "reads-everything", "--examples", "2"),
        cwd=project,
    )
    assert judged.returncode == 1, judged.stdout + judged.stderr
    assert "--extension shop_twin:EXTENSION" in judged.stdout.partition("replay:")[2]


# Installed ones


def offer(project: Path, name: str, value: str) -> dict[str, str]:
    """Write what an installed package that offers an extension leaves, and return the environment that has it."""
    folder = project / "site" / "shop_api-1.dist-info"
    folder.mkdir(parents=True)
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: shop-api\nVersion: 1\n", encoding="utf-8")
    (folder / "entry_points.txt").write_text(f"[apitwin.extensions]\n{name} = {value}\n", encoding="utf-8")
    return {"PYTHONPATH": os.pathsep.join([str(ROOT), str(project), str(project / "site")])}


def test_a_contract_asks_for_one_that_is_installed(project: Path) -> None:
    path, environment = contract_of(project, extension="shop"), offer(project, "shop", "shop_twin:EXTENSION")

    with served(project, str(path), **environment) as url:
        assert total(url) == (200, {"cents": 599})


def test_a_bundled_api_is_found_like_any_other(tmp_path: Path) -> None:
    """Its contract in another folder, under another name, still asks for its code."""
    shutil.copytree(ROOT / "contracts" / "viktor", tmp_path / "copied")

    twin = Twin(tmp_path / "copied")

    assert "users_current" in twin.backend.extension.answers
    assert load("viktor").extension == "viktor"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("shop_twn:EXTENSION", "cannot be imported: ModuleNotFoundError: No module named 'shop_twn'"),
        ("shop_twin:EXTENSIN", "cannot be imported: AttributeError: module 'shop_twin' has no attribute 'EXTENSIN'"),
        ("shop_twin:total", "found function; expected an apitwin.Extension"),
        ("broken:EXTENSION", "broken.py:2)"),
        ("unreadable:EXTENSION", "cannot be imported: SyntaxError"),
    ],
)
def test_a_broken_entry_point_is_one_line(project: Path, value: str, expected: str) -> None:
    (project / "broken.py").write_text("import os\nEXTENSION = 1 / 0\n", encoding="utf-8")
    (project / "unreadable.py").write_text("def (\n", encoding="utf-8")
    path, environment = contract_of(project, extension="shop"), offer(project, "shop", value)

    refused = one_line(apitwin("serve", str(path), "--port", "0", cwd=project, **environment))

    assert f"{path}#/x-apitwin/extension: 'shop' (entry point {value})" in refused
    assert expected in refused


def test_an_unknown_name_is_told_with_the_known_ones(project: Path) -> None:
    path, environment = contract_of(project, extension="shopp"), offer(project, "shop", "shop_twin:EXTENSION")

    refused = one_line(apitwin("serve", str(path), "--port", "0", cwd=project, **environment))

    assert refused.endswith(
        f"{path}#/x-apitwin/extension: 'shopp': no installed package offers it in the entry-point group "
        "apitwin.extensions; there is: shop, viktor; did you mean 'shop'?"
    )


@pytest.mark.parametrize("name", [":EXTENSION", "shop_twin:", "shop twin:EXTENSION", "shop.py:EXTENSION:x", ".a:b"])
def test_a_name_that_cannot_be_one_says_what_is_expected(name: str) -> None:
    with pytest.raises(TwinError, match="expected module:NAME, such as my_project"):
        Twin(RECIPE, extension=name)


def test_behaviour_for_an_operation_that_is_not_there_is_refused() -> None:
    def answer(call: Call) -> Answer:
        return Answer.of_json({})

    with pytest.raises(TwinError, match="answers has 'readTotl', no operation of shop; did you mean readTotal"):
        Twin(RECIPE, extension=Extension(answers={"readTotl": answer}))


def test_nothing_is_looked_up_where_nothing_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    def unwanted(**words: str) -> None:
        raise AssertionError("looked up")

    monkeypatch.setattr(extensions, "entry_points", unwanted)

    assert Twin(RECIPE).backend.extension is extensions.NOTHING


# Types


WRONG = """
from apitwin import Answer, Call, Extension


def total(call: Call) -> str:
    return call.recrod


EXTENSION = Extension(answers={"readTotal": total})
"""


def test_it_is_typed_for_a_project_that_is_strict(project: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """mypy follows no editable installation, so it reads a copy, as a project reads what it installed."""
    site = tmp_path_factory.mktemp("site") / "apitwin"
    shutil.copytree(ROOT / "apitwin", site)
    for name in ("contracts", "mock_server", "testkit"):
        shutil.copytree(ROOT / name, site / name)
    (project / "wrong.py").write_text(WRONG, encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--strict", "--follow-imports=silent", "--cache-dir=cache"]

    completed = subprocess.run(
        [*command, "shop_twin.py", "wrong.py"],
        cwd=project,
        env={**os.environ, "MYPYPATH": str(site.parent)},
        capture_output=True,
        text=True,
        timeout=300,
    )

    said = completed.stdout
    assert 'wrong.py:6: error: "Call" has no attribute "recrod"' in said, said + completed.stderr
    assert 'wrong.py:9: error: Dict entry 0 has incompatible type "str": "Callable[[Call], str]"' in said, said
    assert "shop_twin.py" not in said
