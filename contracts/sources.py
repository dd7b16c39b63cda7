"""Where a document comes from: a bundled contract, a file, an address, or standard input."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from apitwin.contracts import documents, remote
from apitwin.contracts.dialects import other_kinds
from apitwin.contracts.errors import ContractError
from apitwin.contracts.files import Folder
from apitwin.contracts.nearest import hint

HERE = Path(__file__).parent
STANDARD_INPUT = "-"
NAME_OF_INPUT = "standard-input"
"""What errors call the document that is read from standard input."""


@dataclass(frozen=True)
class Source:
    """A document that was read. path: its file, or what stands for it; folder: where its other files may lie.

    address: where it came from, to which what it names is relative; "" where it is a file.
    """

    path: Path
    folder: Folder
    document: Any
    address: str = ""


def bundled() -> tuple[str, ...]:
    """Return the names of the contracts that come with the package."""
    return tuple(sorted(path.parent.name for path in HERE.glob("*/openapi.yaml")))


def opened(source: str | Path, root: Path | None) -> Source:
    """Return the document of a source: a bundled name, a path, an address or `-`. root: the folder of its files.

    Raises ContractError where there is none, or it is no YAML or JSON, or more than the budgets allow.
    """
    text = str(source)
    if text == STANDARD_INPUT:
        return _of_input(root)
    if remote.is_address(text):
        return _of_address(text, root)
    path = locate(source)
    folder = Folder.of(path.resolve(), root)
    return Source(path, folder, _parsed(documents.text(path, folder.account), path, folder))


def locate(source: str | Path) -> Path:
    """Return the file of a contract. Raises ContractError naming the bundled ones when there is none."""
    text = str(source)
    if text in bundled():
        return HERE / text / "openapi.yaml"
    path = Path(source)
    try:
        if path.is_dir() and (path / "openapi.yaml").is_file():
            return path / "openapi.yaml"
        if path.is_file():
            return path
    except (OSError, ValueError):
        pass  # a text that cannot be a path names no file
    there_is = f"(there is: {', '.join(bundled())}){hint(text, bundled())}"
    raise ContractError(text, f"no such file, and no bundled contract {there_is}")


def _of_input(root: Path | None) -> Source:
    folder = Folder.closed() if root is None else Folder(root.resolve())
    path = Path(NAME_OF_INPUT) if root is None else folder.path / NAME_OF_INPUT
    folder.account.count_file(NAME_OF_INPUT)
    most = folder.account.budgets.file_bytes
    content = sys.stdin.buffer.read(most + 1)
    if len(content) > most:
        raise ContractError(NAME_OF_INPUT, f"has more than {most} bytes, which is the most that is read of a file")
    return Source(path, folder, _parsed(documents.decoded(content, NAME_OF_INPUT), path, folder))


def _of_address(address: str, root: Path | None) -> Source:
    folder = Folder.closed() if root is None else Folder(root.resolve())
    place = remote.shown(address).partition("://")[2]
    folder.account.count_file(place)
    content, came_from = remote.fetched(address, folder.account.budgets.file_bytes)
    path = Path(place) if root is None else folder.path / place
    return Source(path, folder, _parsed(documents.decoded(content, place), path, folder), came_from)


def _parsed(text: str, path: Path, folder: Folder) -> Any:
    other = other_kinds.told_by_text(text)
    if other is not None:
        raise ContractError(str(path), other)
    return documents.parse(text, str(path), folder.account)
