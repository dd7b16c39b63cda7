"""Which room may know which: packages, folders and files point one way, whatever kind of import it is."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Mapping

import pytest

from tests.structure import (
    FACE,
    FLOORS,
    PACKAGES,
    ROOT,
    Import,
    circle_in,
    files,
    floor_of,
    graph,
    imports,
    imports_in,
    loaded_with,
    module_name,
)

ALLOWED: Mapping[str, frozenset[str]] = {
    "contracts": frozenset(),
    "mock_server": frozenset({"contracts"}),
    "testkit": frozenset({"contracts"}),
}
"""Which of the other packages each may know. `apitwin` itself, the face, may know all of them, and none knows it."""
EXCEPTIONS = {
    ("testkit/cli/serve.py", "serve", "mock_server"),
    ("testkit/transport/twins.py", "", "mock_server"),
}
"""Who may reach a package they otherwise must not know: file, function ("" for the top of the file), package."""
AT_ONCE = ("testkit", "testkit.pytest_plugin.plugin", "testkit.pytest_plugin.fixtures", "testkit.cli")
"""The modules that load with every pytest run, and with the command line."""


def foreign(package: str) -> list[Import]:
    """Return what a package imports of the other packages of this project, the face included."""
    others = {*PACKAGES, FACE, "tests"} - {package}
    return [found for path in files(package) for found in imports(path) if found.package in others]


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_imports_only_those_below_it(package: str) -> None:
    wrong = {
        (found.file, found.function, found.module)
        for found in foreign(package)
        if found.package not in ALLOWED[package] and (found.file, found.function, found.package) not in EXCEPTIONS
    }

    assert wrong == set()


def test_the_exceptions_are_needed() -> None:
    used = {(found.file, found.function, found.package) for found in foreign("testkit")}

    assert used >= EXCEPTIONS


@pytest.mark.parametrize("module", AT_ONCE)
def test_twins_do_not_load_with_the_plugin_or_the_command_line(module: str) -> None:
    assert "testkit.transport.twins" not in loaded_with(module, graph("testkit", at_import=True))


def test_what_loads_with_a_module_is_followed_through_others() -> None:
    chain = {"a": {"b"}, "b": {"c", "a"}, "c": set(), "d": {"c"}}

    assert loaded_with("a", chain) == {"a", "b", "c"}


@pytest.mark.parametrize("package", PACKAGES)
def test_no_module_knows_itself_by_way_of_others(package: str) -> None:
    """Also not through an import inside a function, or one that only a type checker sees."""
    assert circle_in(graph(package)) == []


def test_a_circle_would_be_seen() -> None:
    assert sorted(set(circle_in({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": set()}))) == ["a", "b", "c"]


@pytest.mark.parametrize("package", PACKAGES)
def test_a_room_knows_only_the_rooms_below_it(package: str) -> None:
    paths = {module_name(path): path.relative_to(ROOT).as_posix() for path in files(package)}
    wrong = []
    for module, others in graph(package).items():
        floor, room = floor_of(paths[module], package)
        for other in others:
            below, other_room = floor_of(paths[other], package)
            if below >= floor and room != other_room:
                wrong.append(f"{paths[module]} imports {paths[other]}")

    assert sorted(wrong) == []


@pytest.mark.parametrize("package", PACKAGES)
def test_every_room_of_the_plan_is_there(package: str) -> None:
    missing = [room for rooms in FLOORS[package] for room in rooms if not (ROOT / room).exists()]

    assert missing == []


HEAVY = ("flask", "werkzeug", "hypothesis", "jsonschema", "jsonschema_rs", "requests", "yaml", "cheroot", "click")
OURS = ("apitwin.contracts", "apitwin.mock_server", "apitwin.testkit")


def imported_by(statement: str) -> set[str]:
    """Return what a fresh interpreter has loaded after a statement: the names of packages, and of our own three."""
    script = (
        f"{statement}\nimport sys\nprint(*sorted({{name.partition('.')[0] for name in sys.modules}}))\n"
        "print(*sorted({'.'.join(name.split('.')[:2]) for name in sys.modules if name.startswith('apitwin.')}))"
    )
    made = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    return set(made.stdout.split())


def test_the_pytest_plugin_costs_nothing_until_it_is_used() -> None:
    loaded = imported_by("import apitwin.testkit.pytest_plugin.plugin, apitwin.testkit.pytest_plugin.fixtures")

    assert loaded & {*HEAVY, "apitwin.contracts", "apitwin.mock_server"} == set()


@pytest.mark.parametrize("module", ["apitwin", "apitwin.testkit"])
def test_the_face_and_the_testkit_are_there_before_anything_heavy(module: str) -> None:
    assert imported_by(f"import {module}") & {*HEAVY, "pytest", *OURS} - {module} == set()


def test_contracts_need_no_server_and_no_tests() -> None:
    loaded = imported_by("from apitwin import load; load('viktor')")

    unneeded = {"flask", "werkzeug", "cheroot", "hypothesis", "pytest", "requests"}
    assert loaded & {*unneeded, "apitwin.mock_server", "apitwin.testkit"} == set()


def test_serving_needs_no_tests() -> None:
    loaded = imported_by("from apitwin import create_app, load; create_app(load('viktor'))")

    assert loaded & {"hypothesis", "pytest", "requests", "apitwin.testkit"} == set()


SEEN = '''
"""import mock_server"""
import apitwin.contracts.load
from apitwin.contracts import pointers as other
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    import hidden.one
else:
    import shown.one
def outer():
    import apitwin.testkit
    def inner():
        from apitwin.mock_server.http.app import create_app
        importlib.import_module("apitwin.mock_server.backend")
        import_module(f"apitwin.testkit.server.laws.{name}")
class Holder:
    from . import errors
'''


def test_imports_are_seen_wherever_they_stand() -> None:
    tree = ast.parse(SEEN)

    found = {(entry.module, entry.function, entry.checked_only) for entry in imports_in(tree, "contracts/names.py")}

    assert found == {
        ("contracts.load", "", False),
        ("contracts.pointers", "", False),
        ("typing.TYPE_CHECKING", "", False),
        ("hidden.one", "", True),
        ("shown.one", "", False),
        ("testkit", "outer", False),
        ("mock_server.http.app.create_app", "outer", False),
        ("mock_server.backend", "outer", False),
        ("testkit.server.laws", "outer", False),
        ("contracts.errors", "", False),
    }
