"""Which package may import which: contracts nothing of ours, mock_server and testkit only contracts."""

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
PACKAGES = ("contracts", "mock_server", "testkit")
ALLOWED: Mapping[str, frozenset[str]] = {
    "contracts": frozenset(),
    "mock_server": frozenset({"contracts"}),
    "testkit": frozenset({"contracts"}),
}
EXCEPTIONS = {
    ("testkit/targets.py", "twin_target", "mock_server"),
    ("testkit/cli.py", "serve", "mock_server"),
    ("testkit/twins.py", "", "mock_server"),
}
"""Who may reach a package they otherwise must not know: file, function ("" for the top of the file), package."""
AT_ONCE = ("testkit", "testkit.plugin", "testkit.fixtures", "testkit.cli")
"""The modules that load with every pytest run, and with the command line."""


@dataclass(frozen=True)
class Import:
    """One import. function: the outermost function it stands in, "" at the top.

    module: its dotted name; `from a import b` is a.b, whatever b is.
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
        yield Import(file, function, name, checked_only)
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        function = function or node.name
    for child in ast.iter_child_nodes(node):
        guarded = isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test) and child in node.body
        yield from _imports(child, file, function, checked_only or guarded)


def _imported(node: ast.AST, file: str) -> list[str]:
    if isinstance(node, ast.Import):
        return [one.name for one in node.names]
    if isinstance(node, ast.ImportFrom):
        return [f"{_absolute(node, file)}.{one.name}" for one in node.names]
    if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in ("import_module", "__import__"):
        given = node.args[0] if node.args else None
        if isinstance(given, ast.Constant) and isinstance(given.value, str):
            return [given.value]
        if isinstance(given, ast.JoinedStr) and isinstance(given.values[0], ast.Constant):
            return [str(given.values[0].value).rstrip(".")]
    return []


def _absolute(node: ast.ImportFrom, file: str) -> str:
    if node.level == 0:
        return node.module or ""
    parts = Path(file).with_suffix("").parts
    return ".".join([*parts[: -node.level], *([node.module] if node.module else [])])


def files(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


def ours(package: str) -> list[Import]:
    """Return what a package imports of the other packages of this project."""
    others = {*PACKAGES, "tests"} - {package}
    return [one for path in files(package) for one in imports(path) if one.package in others]


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_imports_only_those_below_it(package: str) -> None:
    wrong = {
        (one.file, one.function, one.module)
        for one in ours(package)
        if one.package not in ALLOWED[package] and (one.file, one.function, one.package) not in EXCEPTIONS
    }

    assert wrong == set()


def test_the_exceptions_are_needed() -> None:
    used = {(one.file, one.function, one.package) for one in ours("testkit")}

    assert used >= EXCEPTIONS


def test_the_exceptions_are_only_met_when_they_are_called() -> None:
    at_import = {one.file for one in ours("testkit") if one.package == "mock_server" and not one.function}

    assert at_import == {"testkit/twins.py"}


@pytest.mark.parametrize("module", AT_ONCE)
def test_twins_do_not_load_with_the_plugin_or_the_command_line(module: str) -> None:
    assert "testkit.twins" not in loaded_with(module, graph("testkit"))


def test_what_loads_with_a_module_is_followed_through_others() -> None:
    chain = {"a": {"b"}, "b": {"c", "a"}, "c": set(), "d": {"c"}}

    assert loaded_with("a", chain) == {"a", "b", "c"}


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def graph(package: str) -> dict[str, set[str]]:
    """Return which module of a package imports which other one while it is being imported itself.

    That Python runs a package's `__init__` before its modules is left out: only what is imported from it counts.
    """
    paths = {module_name(path): path for path in files(package)}
    found: dict[str, set[str]] = {}
    for name, path in paths.items():
        named = {one.module for one in imports(path) if not one.function and not one.checked_only}
        # `from a import b` is the module a.b where there is one, and else the module a.
        found[name] = {one if one in paths else one.rpartition(".")[0] for one in named} & paths.keys() - {name}
    return found


def loaded_with(module: str, modules: Mapping[str, set[str]]) -> set[str]:
    """Return a module and all those of its package that are imported while it is."""
    found: set[str] = set()
    left = {module}
    while left:
        found |= left
        left = {other for one in left for other in modules[one]} - found
    return found


@pytest.mark.parametrize("package", PACKAGES)
def test_no_module_imports_itself_by_way_of_others(package: str) -> None:
    modules = graph(package)

    try:
        order = list(TopologicalSorter(modules).static_order())
    except CycleError as error:
        pytest.fail(f"a circle of imports: {' imports '.join(reversed(error.args[1]))}")
    assert set(order) == set(modules)


HEAVY = ("flask", "werkzeug", "hypothesis", "jsonschema", "jsonschema_rs", "requests", "yaml", "cheroot", "click")


def imported_by(statement: str) -> set[str]:
    """Return the packages that a fresh interpreter has after a statement."""
    script = f"{statement}\nimport sys\nprint(*sorted({{name.partition('.')[0] for name in sys.modules}}))"
    made = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    return set(made.stdout.split())


def test_the_pytest_plugin_costs_nothing_until_it_is_used() -> None:
    loaded = imported_by("import testkit.plugin, testkit.fixtures")

    assert loaded & {*HEAVY, "contracts", "mock_server"} == set()


def test_the_command_line_is_there_before_anything_heavy() -> None:
    assert imported_by("import testkit") & {*HEAVY, "pytest", "contracts", "mock_server"} == set()


def test_contracts_need_no_server_and_no_tests() -> None:
    loaded = imported_by("import contracts; contracts.load('viktor')")

    assert (
        loaded & {"flask", "werkzeug", "cheroot", "hypothesis", "pytest", "requests", "mock_server", "testkit"} == set()
    )


def test_serving_needs_no_tests() -> None:
    loaded = imported_by("import contracts, mock_server; mock_server.create_app(contracts.load('viktor'))")

    assert loaded & {"hypothesis", "pytest", "requests", "testkit"} == set()


SEEN = '''
"""import mock_server"""
import contracts.load
from contracts import pointers as other
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    import hidden.one
else:
    import shown.one
def outer():
    import testkit
    def inner():
        from mock_server.app import create_app
        importlib.import_module("mock_server.seed")
        import_module(f"testkit.laws.{name}")
class Holder:
    from . import errors
'''


def test_imports_are_seen_wherever_they_stand() -> None:
    tree = ast.parse(SEEN)

    found = {(one.module, one.function, one.checked_only) for one in _imports(tree, "contracts/names.py", "", False)}

    assert found == {
        ("contracts.load", "", False),
        ("contracts.pointers", "", False),
        ("typing.TYPE_CHECKING", "", False),
        ("hidden.one", "", True),
        ("shown.one", "", False),
        ("testkit", "outer", False),
        ("mock_server.app.create_app", "outer", False),
        ("mock_server.seed", "outer", False),
        ("testkit.laws", "outer", False),
        ("contracts.errors", "", False),
    }
