"""From an OpenAPI document on the disk to a `Contract`: everything read, checked and compiled once.

`sources` finds the document, `dialects` make OpenAPI 3.1 of it, `assembly` puts the contract together.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from apitwin.contracts import sources
from apitwin.contracts.assembly import Assembly
from apitwin.contracts.collecting import collector_put_off
from apitwin.contracts.dialects.dialect import Dialect
from apitwin.contracts.dialects.table import dialect_of
from apitwin.contracts.errors import ContractError
from apitwin.contracts.extension import EXTENSION
from apitwin.contracts.model import Contract
from apitwin.contracts.objects import OBJECTS
from apitwin.contracts.overlay import laid_over
from apitwin.contracts.references import References
from apitwin.contracts.remote import Remote
from apitwin.contracts.set_aside import SetAsides
from apitwin.contracts.setting_aside.table import RULES
from apitwin.contracts.sources import Source
from apitwin.contracts.sources import bundled as bundled
from apitwin.contracts.sources import locate as locate
from apitwin.contracts.walking import Walk

DEFAULT = bundled()[0]
"""The contract of a twin for which none is named: the first that comes with the package."""


def load(
    source: str | Path,
    root: str | Path | None = None,
    overlay: str | Path | None = None,
    *,
    strict: bool | None = None,
    refs_from: Iterable[str] = (),
) -> Contract:
    """Load a contract by the name of a bundled one (`viktor`), or by the path or the address of its OpenAPI document.

    `-` is the document on standard input. root: the folder in which everything lies that the document refers to; its
    own folder where none is named. overlay: a file that is laid over the document first (OpenAPI Overlay 1.0.0).
    strict: whether every detail that is not understood is an error; else it is left out and listed in
    `Contract.set_aside`. None: only in a document with an `x-apitwin` of its own. refs_from: hosts from which what the
    document refers to may be fetched.
    Raises ContractError, one line, where it cannot be read, or anything in it is wrong that is not left out.
    """
    try:
        with collector_put_off():
            found, references, notes = opened(source, root, overlay, strict=strict, refs_from=refs_from)
            contract = Assembly(found, references, notes).contract()
            if not strict:
                return contract
            _require_all(contract.set_aside)
            return Assembly(found, references, None).contract()
    except RecursionError:
        raise ContractError(str(source), "nested too deeply to be read") from None


def opened(
    source: str | Path,
    root: str | Path | None = None,
    overlay: str | Path | None = None,
    *,
    strict: bool | None = None,
    refs_from: Iterable[str] = (),
) -> tuple[Source, References, SetAsides | None]:
    """Return a document as OpenAPI 3.1 with the overlay over it, what follows its references, and what is set aside.

    The last is None where everything that is not understood is an error. Raises ContractError as `load` does.
    """
    found = sources.opened(source, None if root is None else Path(root))
    dialect = dialect_of(found.document, str(found.path))
    notes = None if strict is None and EXTENSION in found.document else SetAsides()
    if overlay is not None:
        found = replace(found, document=laid_over(found.document, Path(overlay), found.folder.account))
    return found, _walked(found, dialect, notes, refs_from), notes


def _require_all(notes: SetAsides) -> None:
    """Refuse a document of which something is left out."""
    if notes:
        more = f" (and {len(notes) - 1} more)" if len(notes) > 1 else ""
        raise ContractError(notes[0].place, f"{notes[0].reason}{more}")


def _walked(found: Source, dialect: Dialect, notes: SetAsides | None, hosts: Iterable[str]) -> References:
    """Make OpenAPI 3.1 of a document, in place, and return its references.

    notes: where to say what is set aside; None where nothing is.
    """
    document: dict[str, Any] = found.document
    remote = Remote(hosts)
    references = References(found.path, document, found.folder, remote)
    if found.address:
        remote.know(references.root, found.address)
    said = document.get(dialect.key)
    if not isinstance(said, str):
        problem = f"found {said!r}; expected a text, such as '{said}.0'"
        if notes is None:
            raise ContractError(f"{found.path}#/{dialect.key}", problem)
        notes.note(f"{found.path}#/{dialect.key}", problem)
    rules = dialect.rules(document)
    if notes is not None:
        rules = {kind: (*rules.get(kind, ()), *RULES.get(kind, ())) for kind in OBJECTS}
    if rules:
        Walk(references, rules, notes).through(document)
    return references
