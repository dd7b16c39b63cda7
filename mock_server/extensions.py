"""Finding an API's own behaviour: given as a value, named as `module:NAME`, or installed under an entry point.

A package offers the extension of its API in the entry-point group `apitwin.extensions`, and a contract asks for it by
that name with `x-apitwin: {extension: NAME}`. The folder or the title of a contract never decides: a document asks for
code only where it says so.
"""

from __future__ import annotations

import importlib
import traceback
from functools import cache
from importlib.metadata import EntryPoint, entry_points

from apitwin.contracts import Contract
from apitwin.contracts.nearest import hint, instead
from apitwin.mock_server.engine.extension import Extension
from apitwin.mock_server.errors import TwinError

GROUP = "apitwin.extensions"
"""The entry-point group in which installed packages name their extensions."""
NOTHING = Extension()
"""The extension of an API that is all contract."""


def extension_of(contract: Contract, chosen: Extension | str | None = None) -> Extension:
    """Return what is added to the engine for a contract.

    chosen: an extension, `module:NAME` for one that can be imported, or the name of an installed one; without it the
    installed one that the contract names, and nothing where it names none. Raises TwinError, one line, for a name that
    is not there, for code that cannot be imported, and for an operation that the contract does not have.
    """
    if isinstance(chosen, Extension):
        extension, place = chosen, "the extension"
    elif chosen is not None:
        place = f"extension {chosen!r}"
        extension = _imported(chosen, place) if ":" in chosen else _installed(chosen, place)
    elif contract.extension is not None:
        place = f"{contract.path}#/x-apitwin/extension: {contract.extension!r}"
        extension = _installed(contract.extension, place)
    else:
        return NOTHING
    _require_known(extension, contract, place)
    return extension


def _imported(name: str, place: str) -> Extension:
    """Return the extension that `module:NAME` names."""
    module, _, attribute = name.partition(":")
    if not module or not all(part.isidentifier() for part in [*module.split("."), *attribute.split(".")]):
        raise TwinError(f"{place}: expected module:NAME, such as my_project.twin:EXTENSION")
    return _loaded(EntryPoint(attribute, name, GROUP), place)


@cache
def _installed(name: str, place: str) -> Extension:
    """Return the extension that an installed package offers under a name."""
    offered = {entry.name: entry for entry in entry_points(group=GROUP)}
    if name not in offered:
        known = sorted(offered)
        there_is = f"there is: {', '.join(known) or 'none'}{hint(name, known)}"
        raise TwinError(f"{place}: no installed package offers it in the entry-point group {GROUP}; {there_is}")
    entry = offered[name]
    return _loaded(entry, f"{place} (entry point {entry.value})")


def _loaded(entry: EntryPoint, place: str) -> Extension:
    """Return what an entry point leads to. Any failure of foreign code is told in one line, with where it is."""
    importlib.invalidate_caches()  # a module may have been written since the interpreter looked
    try:
        value = entry.load()
    except Exception as error:
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "importlib" not in frame.filename]
        where = f" ({frames[-1].filename}:{frames[-1].lineno})" if frames[1:] else ""
        if isinstance(error, ModuleNotFoundError) and not where:
            where = "; give a module that this Python finds, such as one of the folder that it is run in"
        raise TwinError(f"{place}: cannot be imported: {type(error).__name__}: {error}{where}") from None
    if not isinstance(value, Extension):
        raise TwinError(f"{place}: found {type(value).__name__}; expected an apitwin.Extension")
    return value


def _require_known(extension: Extension, contract: Contract, place: str) -> None:
    """Refuse behaviour for an operation that the contract does not have: it would never be called."""
    known = [operation.id for operation in contract.operations]
    for kind, names in (("answers", extension.answers), ("lists", extension.lists)):
        for name in names:
            if name not in known:
                problem = f"{kind} has {name!r}, no operation of {contract.name}; {instead(name, known)}"
                raise TwinError(f"{place}: {problem}")
