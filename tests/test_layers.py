"""Which room may know which: packages, folders and files point one way, whatever kind of import it is."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FACE = "apitwin"
PACKAGES = ("contracts", "mock_server", "testkit")
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
FLOORS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "contracts": (("contracts",),),
    "mock_server": (
        ("mock_server/errors.py", "mock_server/messages.py"),
        ("mock_server/world",),
        ("mock_server/engine",),
        ("mock_server/viktor", "mock_server/faults"),
        ("mock_server/extensions.py", "mock_server/journal.py"),
        ("mock_server/backend.py",),
        ("mock_server/population.py", "mock_server/http"),
        ("mock_server/twin.py",),
        ("mock_server/__init__.py",),
    ),
    "testkit": (
        ("testkit/__init__.py", "testkit/errors.py", "testkit/generation"),
        ("testkit/transport",),
        ("testkit/server",),
        ("testkit/settings.py", "testkit/reports"),
        ("testkit/clients",),
        ("testkit/cli", "testkit/pytest_plugin"),
    ),
}
"""The rooms of each package from the ground up. A room knows only those on floors below its own, and itself."""
AT_ONCE = ("testkit", "testkit.pytest_plugin.plugin", "testkit.pytest_plugin.fixtures", "testkit.cli")
"""The modules that load with every pytest run, and with the command line."""


@dataclass(frozen=True)
class Import:
    """One import. function: the outermost function it stands in, "" at the top.

    module: its dotted name without `apitwin.` before it; `from a import b` is a.b, whatever b is.
    checked_only: under `if TYPE_CHECKING`, which is never run.
    """

    file: str
    function: str
    module: str
    checked_only: bool = False

    @property
    def package(self) -> str:
        return self.module.partition(".")[0]


def imports(path: Path) -> list[Import]:
    """Return every import of a file: statements at any depth, and import_module and __import__ of a constant."""
    file = path.relative_to(ROOT).as_posix()
    return list(_imports(ast.parse(path.read_text(encoding="utf-8")), file, "", False))


def _imports(node: ast.AST, file: str, function: str, checked_only: bool) -> Iterator[Import]:
    for name in _imported(node, file):
        yield Import(file, function, name.removeprefix(f"{FACE}."), checked_only)
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        function = function or node.name
    for child in ast.iter_child_nodes(node):
        guarded = isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test) and child in node.body
        yield from _imports(child, file, function, checked_only or guarded)


def _imported(node: ast.AST, file: str) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [f"{_absolute(node, file)}.{alias.name}" for alias in node.names]
    if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in ("import_module", "__import__"):
        name = node.args[0] if node.args else None
        if isinstance(name, ast.Constant) and isinstance(name.value, str):
            return [name.value]
        if isinstance(name, ast.JoinedStr) and isinstance(name.values[0], ast.Constant):
            return [str(name.values[0].value).rstrip(".")]
    return []


def _absolute(node: ast.ImportFrom, file: str) -> str:
    if node.level == 0:
        return node.module or ""
    parts = Path(file).with_suffix("").parts
    return ".".join([*parts[: -node.level], *([node.module] if node.module else [])])


def files(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


def foreign(package: str) -> list[Import]:
    """Return what a package imports of the other packages of this project, the face included."""
    others = {*PACKAGES, FACE, "tests"} - {package}
    return [imported for path in files(package) for imported in imports(path) if imported.package in others]


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_imports_only_those_below_it(package: str) -> None:
    wrong = {
        (imported.file, imported.function, imported.module)
        for imported in foreign(package)
        if imported.package not in ALLOWED[package]
        and (imported.file, imported.function, imported.package) not in EXCEPTIONS
    }

    assert wrong == set()


def test_the_exceptions_are_needed() -> None:
    used = {(imported.file, imported.function, imported.package) for imported in foreign("testkit")}

    assert used >= EXCEPTIONS


@pytest.mark.parametrize("module", AT_ONCE)
def test_twins_do_not_load_with_the_plugin_or_the_command_line(module: str) -> None:
    assert "testkit.transport.twins" not in loaded_with(module, graph("testkit", at_import=True))


def test_what_loads_with_a_module_is_followed_through_others() -> None:
    chain = {"a": {"b"}, "b": {"c", "a"}, "c": set(), "d": {"c"}}

    assert loaded_with("a", chain) == {"a", "b", "c"}


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def graph(package: str, *, at_import: bool = False) -> dict[str, set[str]]:
    """Return which module of a package imports which other one.

    at_import: only while it is being imported itself, not in a function or for a type checker. That Python runs a
    package's `__init__` before its modules is left out: only what is imported from it counts.
    """
    paths = {module_name(path): path for path in files(package)}
    edges: dict[str, set[str]] = {}
    for name, path in paths.items():
        named = {entry.module for entry in imports(path) if not at_import or not (entry.function or entry.checked_only)}
        # `from a import b` is the module a.b where there is one, and else the module a.
        edges[name] = {module if module in paths else module.rpartition(".")[0] for module in named} & paths.keys() - {
            name
        }
    return edges


def loaded_with(module: str, modules: Mapping[str, set[str]]) -> set[str]:
    """Return a module and all those of its package that are imported while it is."""
    loaded: set[str] = set()
    left = {module}
    while left:
        loaded |= left
        left = {other for name in left for other in modules[name]} - loaded
    return loaded


@pytest.mark.parametrize("package", PACKAGES)
def test_no_module_knows_itself_by_way_of_others(package: str) -> None:
    """Also not through an import inside a function, or one that only a type checker sees."""
    modules = graph(package)

    try:
        order = list(TopologicalSorter(modules).static_order())
    except CycleError as error:
        pytest.fail(f"a circle of imports: {' imports '.join(reversed(error.args[1]))}")
    assert set(order) == set(modules)


def floor_of(file: str, package: str) -> tuple[int, str]:
    """Return the number of a file's floor, from 0, and the room it is in."""
    for number, rooms in enumerate(FLOORS[package]):
        for room in rooms:
            if file == room or file.startswith(f"{room}/"):
                return number, room
    pytest.fail(f"{file} is in no room; give it one in FLOORS")


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

    seen = {
        (entry.module, entry.function, entry.checked_only) for entry in _imports(tree, "contracts/names.py", "", False)
    }

    assert seen == {
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
