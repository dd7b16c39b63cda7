"""The files of one contract or world: which may be read, and how much of them.

A document may have been written by a stranger. What it refers to stays below its own folder, also where a symbolic link
leads, unless whoever loads it names another root. Only regular files are read: a pipe would never end, and a device may
never end. What is refused is not opened.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from apitwin.contracts.budgets import BUDGETS, Budgets
from apitwin.contracts.errors import ContractError

RARE = ("readOnly", "writeOnly")
"""Words that most documents do without, which saves much where that is known."""


@dataclass
class Account:
    """What was read so far of one contract or world, held against its budgets."""

    budgets: Budgets = BUDGETS
    files: int = 0
    values: int = 0
    said: set[str] = field(default_factory=set)
    """Of the words of `RARE` those that any text has."""

    def count_file(self, place: str) -> None:
        """Count one file. place: its name, for the ContractError that is raised where there are too many."""
        self.files += 1
        if self.files > self.budgets.files:
            raise ContractError(
                place, f"this is file {self.files} of the contract; at most {self.budgets.files} are read"
            )

    def note(self, text: str) -> None:
        """Remember which rare words a text has; one with escaped letters may have all of them."""
        self.said.update(word for word in RARE if word in text or "\\u00" in text)

    def count_values(self, number: int, place: str) -> None:
        """Count so many values. Raises ContractError where there are too many."""
        self.values += number
        if self.values > self.budgets.values:
            found = f"there are more than {self.budgets.values} values in all, with those that aliases repeat"
            raise ContractError(place, f"{found}; a smaller document is needed")


@dataclass(frozen=True)
class Folder:
    """The folder whose files a document may refer to. account: what was read of it so far.

    is_closed: there is none, as the document is no file.
    """

    path: Path
    account: Account = field(default_factory=Account)
    is_closed: bool = False

    @classmethod
    def closed(cls) -> Folder:
        """Return that of a document which is no file: it holds nothing."""
        return cls(Path(), is_closed=True)

    @classmethod
    def of(cls, document: Path, root: Path | None = None) -> Folder:
        """Return the folder of a document, or the root that is named instead, with no links in its path."""
        return cls((document.parent if root is None else root).resolve())

    def located(self, name: str, holder: Path, refused: Callable[[str], ContractError]) -> Path:
        """Return the path of a file that a document names, without links.

        holder: the file in which it is named. refused: makes the error of a reason. Raises it where the name is no
        path, or leads out of the folder; the file itself is not looked at.
        """
        if self.is_closed:
            raise refused("names a file, and a document that is no file has no folder; name one (--root)")
        try:
            path = (holder.parent / name).resolve()
        except (ValueError, OSError, RuntimeError) as error:  # RuntimeError: links in a circle, before Python 3.13
            raise refused(f"is no path of a file ({error})") from None
        if not path.is_relative_to(self.path):
            raise refused(f"leads out of the folder {self.path}; keep it there, or name another root (--root)")
        return path


def read_bytes(path: Path, most: int) -> bytes:
    """Return what a regular file of at most so many bytes holds.

    Raises ContractError when it is missing, no regular file, unreadable or larger. Nothing but a regular file is
    opened, and a pipe that takes its place meanwhile does not block.
    """
    place = str(path)
    try:
        _require_regular(os.stat(path).st_mode, place)
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(descriptor, "rb") as file:
            _require_regular(os.fstat(descriptor).st_mode, place)
            content = file.read(most + 1)
    except (FileNotFoundError, NotADirectoryError, ValueError):
        raise ContractError(place, "there is no such file") from None
    except OSError as error:
        raise ContractError(place, f"cannot be read ({error.strerror})") from None
    if len(content) > most:
        raise ContractError(place, f"has more than {most} bytes, which is the most that is read of a file")
    return content


_KINDS = {stat.S_IFDIR: "a folder", stat.S_IFIFO: "a pipe", stat.S_IFCHR: "a device", stat.S_IFBLK: "a device"}


def _require_regular(mode: int, place: str) -> None:
    if not stat.S_ISREG(mode):
        kind = _KINDS.get(stat.S_IFMT(mode), "no regular file")
        raise ContractError(place, f"cannot be read: found {kind}; expected a regular file")
