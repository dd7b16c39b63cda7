"""The structure of the project, measured from its own imports: `python -m tests.structure` prints it.

Rooms are folders and single files of a package, floor by floor; an arrow is an import from one room into another,
whatever kind of import it is: at the top, inside a function, or for a type checker only.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).parent.parent
FACE = "apitwin"
PACKAGES = ("contracts", "mock_server", "testkit")
FLOORS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "contracts": (("contracts",),),
    "mock_server": (
        ("mock_server/errors.py", "mock_server/messages.py"),
        ("mock_server/world",),
        ("mock_server/engine",),
        ("mock_server/viktor", "mock_server/faults", "mock_server/generated"),
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


@cache
def imports(path: Path) -> tuple[Import, ...]:
    """Return every import of a file: statements at any depth, and import_module and __import__ of a constant."""
    file = path.relative_to(ROOT).as_posix()
    return tuple(imports_in(ast.parse(path.read_text(encoding="utf-8")), file, "", False))


def imports_in(node: ast.AST, file: str, function: str = "", checked_only: bool = False) -> Iterator[Import]:
    """Give every import in a syntax tree. function, checked_only: what it stands in, see `Import`."""
    for name in _imported(node, file):
        yield Import(file, function, name.removeprefix(f"{FACE}."), checked_only)
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        function = function or node.name
    for child in ast.iter_child_nodes(node):
        guarded = isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test) and child in node.body
        yield from imports_in(child, file, function, checked_only or guarded)


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


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def graph(package: str, *, at_import: bool = False) -> dict[str, set[str]]:
    """Return which module of a package imports which other one.

    at_import: only while it is being imported itself, not in a function or for a type checker. That Python runs a
    package's `__init__` before its modules is left out: only what is imported from it counts.
    """
    paths = {module_name(path): path for path in files(package)}
    found: dict[str, set[str]] = {}
    for name, path in paths.items():
        named = {entry.module for entry in imports(path) if not at_import or not (entry.function or entry.checked_only)}
        # `from a import b` is the module a.b where there is one, and else the module a.
        found[name] = {module if module in paths else module.rpartition(".")[0] for module in named} & paths.keys() - {
            name
        }
    return found


def loaded_with(module: str, modules: Mapping[str, set[str]]) -> set[str]:
    """Return a module and all those of its package that are imported while it is."""
    found: set[str] = set()
    left = {module}
    while left:
        found |= left
        left = {other for name in left for other in modules[name]} - found
    return found


def floor_of(file: str, package: str) -> tuple[int, str]:
    """Return the number of a file's floor, from 0, and the room it is in."""
    for number, rooms in enumerate(FLOORS[package]):
        for room in rooms:
            if file == room or file.startswith(f"{room}/"):
                return number, room
    raise LookupError(f"{file} is in no room; give it one in FLOORS")


def circle_in(modules: Mapping[str, set[str]]) -> list[str]:
    """Return the modules of a circle of imports, in order, or nothing where there is none."""
    try:
        TopologicalSorter(modules).prepare()
    except CycleError as error:
        return list(reversed(error.args[1]))
    return []


def arrows(package: str) -> Counter[tuple[str, str]]:
    """Return how many imports lead from each room of a package into each other one."""
    paths = {module_name(path): path.relative_to(ROOT).as_posix() for path in files(package)}
    counted: Counter[tuple[str, str]] = Counter()
    for module, others in graph(package).items():
        room = floor_of(paths[module], package)[1]
        for other in others:
            other_room = floor_of(paths[other], package)[1]
            if other_room != room:
                counted[room, other_room] += 1
    return counted


def report(package: str) -> Iterator[str]:
    """Give the lines that describe a package: its rooms from the top floor down, their arrows, its circles."""
    modules, counted = graph(package), arrows(package)
    sizes = Counter(floor_of(path.relative_to(ROOT).as_posix(), package)[1] for path in files(package))
    floors = FLOORS[package]
    yield f"{package}: {len(modules)} files in {len(sizes)} rooms on {len(floors)} floors, {len(counted)} arrows"
    for number in range(len(floors) - 1, -1, -1):
        for room in floors[number]:
            below = ", ".join(
                f"{target.removeprefix(f'{package}/')} {times}"
                for (source, target), times in sorted(counted.items())
                if source == room
            )
            yield f"  {number + 1}  {room.removeprefix(f'{package}/'):<16} {sizes[room]:>3} files -> {below or '-'}"
    circle = circle_in(modules)
    yield f"  circles: {' -> '.join(circle) if circle else 'none'}"


def main() -> None:
    """Print the structure of every package."""
    for package in PACKAGES:
        print("\n".join(report(package)))


if __name__ == "__main__":
    main()
