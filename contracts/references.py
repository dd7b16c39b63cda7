"""Following `$ref` across files, and making schemas that stand alone.

A reference is a file (relative to the file that holds it), a JSON pointer, or both. Nothing is fetched from a network
but from hosts that the user names: a contract is what lies on the disk, in its own folder.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from apitwin.contracts import documents, pointers
from apitwin.contracts.definitions import Definitions
from apitwin.contracts.errors import ContractError
from apitwin.contracts.expansion import Expansion
from apitwin.contracts.files import Folder
from apitwin.contracts.remote import Remote

_UNSUPPORTED = ("$dynamicRef", "$recursiveRef", "$dynamicAnchor", "$anchor")

# Keywords whose value is data, and keywords whose value maps names that the author chose to schemas.
_VALUES = ("const", "enum", "examples", "example", "default")
_MAPS = ("properties", "patternProperties", "dependentSchemas")


class References:
    """The files of one contract, read once each. origins: where each definition of a stand-alone schema came from."""

    def __init__(self, root: Path, document: Any, folder: Folder | None = None, remote: Remote | None = None) -> None:
        """root: the contract's own file, whose value is `document`; folder: where the other files must lie.

        remote: the addresses that references may lead to; none where it is not given.
        """
        self.root = root if folder is not None and folder.is_closed else root.resolve()
        self.folder = Folder.of(self.root) if folder is None else folder
        self.remote = Remote() if remote is None else remote
        self.patterns: dict[str, str] = {}
        self._definitions: dict[tuple[Path, str], Definition] = {}
        self._schema_values = 0
        self._expansion = Expansion(self.folder.account.budgets)
        self._files: dict[Path, Any] = {self.root: document}
        self.origins: dict[str, str] = {}
        self._places: dict[str, tuple[Path, str]] = {}
        self._lock = threading.RLock()
        self._definitions_by_name = Definitions(self.definition, self.origins)

    def target(self, reference: Any, holder: Path, place: str) -> tuple[Path, str]:
        """Return the file and the pointer that a `$ref` names. place: where it stands, for errors.

        Raises ContractError when it is no text, names an address whose host was not named, or is not a JSON pointer.
        """
        if not isinstance(reference, str):
            raise ContractError(place, f"$ref is {reference!r}; expected a text such as schemas/item.json")
        name, _, fragment = reference.partition("#")
        if fragment and not fragment.startswith("/"):
            raise ContractError(place, f"$ref {reference!r} names an anchor; use a JSON pointer such as #/$defs/name")
        if not name:
            return holder, unquote(fragment)
        address = self.remote.address(name, holder)
        if address is not None:
            return self.remote.path(address, place, reference, self.folder.account.budgets.file_bytes), unquote(
                fragment
            )

        def refused(reason: str) -> ContractError:
            return ContractError(place, f"$ref {reference!r} {reason}")

        return self.folder.located(unquote(name), holder, refused), unquote(fragment)

    def follow(self, reference: Any, holder: Path, place: str) -> tuple[Any, Path, str]:
        """Return the value a `$ref` names, its file and its pointer. Raises ContractError when it is not there."""
        path, pointer = self.target(reference, holder, place)
        if path not in self._files:
            try:
                value = documents.read(path, self.folder.account)
            except ContractError as error:
                raise ContractError(place, f"$ref {reference!r} cannot be read: {error}") from None
            if not isinstance(value, (dict, list, bool)):  # and what else it holds is not shown
                raise ContractError(place, f"$ref {reference!r} names a file that holds neither an object nor a list")
            self._files[path] = value
        try:
            return pointers.follow(self._files[path], pointer), path, pointer
        except LookupError as error:
            raise ContractError(place, f"$ref {reference!r} names nothing: {error}") from None

    def follow_from(self, reference: Any, holder: Path, pointer: str) -> tuple[Any, Path, str]:
        """Return the same for a `$ref` that stands at a pointer of a file."""
        return self.follow(reference, holder, f"{holder}#{pointer}")

    def resolved(self, value: Any, holder: Path, pointer: str) -> tuple[Any, Path, str]:
        """Return a value with its own `$ref` followed, as often as needed, and where it was found.

        Raises ContractError on a circle.
        """
        seen: set[tuple[Path, str]] = set()
        while isinstance(value, dict) and "$ref" in value:
            if (holder, pointer) in seen:
                raise ContractError(f"{holder}#{pointer}", "$ref leads round in a circle")
            if len(seen) > self.folder.account.budgets.references:
                raise ContractError(f"{holder}#{pointer}", f"more than {len(seen) - 1} references lead to each other")
            seen.add((holder, pointer))
            value, holder, pointer = self.follow(value["$ref"], holder, f"{holder}#{pointer}")
        return value, holder, pointer

    def standalone(self, schema: Any, holder: Path, pointer: str) -> Any:
        """Return a schema that needs no other file: everything it refers to is carried in its `$defs`.

        Raises ContractError where this one and those before it are too large together.
        """
        with self._lock:
            copy, values = self._standalone(schema, holder, pointer, None)
        self._schema_values += values
        most = self.folder.account.budgets.schema_values
        if self._schema_values > most:
            found = f"the schemas up to this one, each with all that it refers to, have more than {most} values"
            raise ContractError(f"{holder}#{pointer}", found)
        return copy

    def sized(self, schema: Any, holder: Path, pointer: str) -> tuple[Any, int]:
        """Return the same, and how many values it has. Raises ContractError where it is too large by itself."""
        with self._lock:
            return self._standalone(schema, holder, pointer, self.folder.account.budgets.one_schema_values)

    def view(self, schema: Any, holder: Path, pointer: str) -> Any:
        """Return a schema to be looked at: what it refers to is copied into its `$defs` when it is looked up there."""
        with self._lock:
            bundle = _Copying(self)
            copy = bundle.copied(schema, holder, pointer)
        return {**copy, "$defs": self._definitions_by_name} if bundle.referred else copy

    def _standalone(self, schema: Any, holder: Path, pointer: str, most: int | None) -> tuple[Any, int]:
        bundle = _Copying(self)
        copy = bundle.copied(schema, holder, pointer)
        carried = self._carried(bundle.referred)
        values = bundle.values + sum(self._definitions[place].values for place in carried)
        if most is not None and values > most:
            found = f"this schema, with all that it refers to, has more than {most} values"
            raise ContractError(f"{holder}#{pointer}", found)
        definitions = {self._definitions[place].name: self._definitions[place].schema for place in carried}
        new = [self._definitions[place] for place in carried if not self._definitions[place].is_affordable]
        self._expansion.check([*(definition.schema for definition in new), copy], definitions, f"{holder}#{pointer}")
        for definition in new:
            definition.is_affordable = True
        return ({**copy, "$defs": definitions} if definitions and isinstance(copy, dict) else copy), values

    def _carried(self, asked: Iterable[tuple[Path, str]]) -> list[tuple[Path, str]]:
        """Return everything that some references lead to, in however many steps, each copied once."""
        carried: dict[tuple[Path, str], None] = dict.fromkeys(asked)
        waiting = list(carried)
        while waiting:
            place = waiting.pop()
            definition = self._copied(place)
            new = [other for other in definition.referred if other not in carried]
            carried.update(dict.fromkeys(new))
            waiting += new
        return list(carried)

    def _copied(self, place: tuple[Path, str]) -> Definition:
        definition = self._definitions[place]
        if not definition.is_copied:
            copying = _Copying(self)
            definition.schema = copying.copied(definition.schema, *place)
            definition.referred, definition.values = tuple(copying.referred), copying.values
            definition.is_copied = True
        return definition

    def definition(self, name: str) -> Any:
        """Return the schema that stands under a name in `$defs`. Raises KeyError where there is none."""
        with self._lock:
            return self._copied(self._places[name]).schema

    def named(self, reference: Any, holder: Path, pointer: str) -> Definition:
        """Return the definition that a `$ref` in a schema is rewritten to."""
        value, path, target = self.follow(reference, holder, f"{holder}#{pointer}")
        if (path, target) not in self._definitions:
            stem = re.sub(r"[^A-Za-z0-9_]+", "-", path.stem) or "schema"
            name = f"{stem}-{len(self.origins)}"
            self.origins[name] = f"{path}#{target}"
            self._places[name] = (path, target)
            self._definitions[path, target] = Definition(name, (path, target), value)
        return self._definitions[path, target]

    def note_pattern(self, text: str, place: str) -> None:
        """Remember a pattern and where it first stood. Raises ContractError where there are too many."""
        most = self.folder.account.budgets.pattern_characters
        if len(text) > most:
            raise ContractError(place, f"a pattern has {len(text)} characters; at most {most} are read")
        self.patterns.setdefault(text, place)
        if len(self.patterns) > self.folder.account.budgets.patterns:
            raise ContractError(place, f"there are more than {len(self.patterns) - 1} different patterns")


@dataclass
class Definition:
    """A schema that others refer to. values: how many it has; referred: where its own references lead."""

    name: str
    place: tuple[Path, str]
    schema: Any
    is_copied: bool = False
    is_affordable: bool = False
    values: int = 0
    referred: tuple[tuple[Path, str], ...] = ()


class _Copying:
    """One schema being copied. referred: where its references lead, which are copied afterwards."""

    def __init__(self, references: References) -> None:
        self._references = references
        self.referred: dict[tuple[Path, str], None] = {}
        self.values = 0

    def copied(self, value: Any, holder: Path, pointer: str) -> Any:
        self.values += 1
        if isinstance(value, list):
            return [self.copied(item, holder, f"{pointer}/{index}") for index, item in enumerate(value)]
        if not isinstance(value, dict):
            return value
        for word in _UNSUPPORTED:
            if isinstance(value.get(word), str):
                raise ContractError(f"{holder}#{pointer}", f"{word} is not supported; use $ref with a JSON pointer")
        # $id would change what the rewritten references are relative to; $defs are carried over by need.
        copy = {
            key: self._member(key, member, holder, pointer + pointers.join([key]))
            for key, member in value.items()
            if key not in ("$id", "$schema", "$defs", "$ref")
        }
        if "$ref" in value:
            definition = self._references.named(value["$ref"], holder, pointer)
            self.referred[definition.place] = None
            copy["$ref"] = f"#/$defs/{definition.name}"
        return copy

    def _member(self, key: str, value: Any, holder: Path, pointer: str) -> Any:
        if key in _VALUES:
            return value
        if key == "pattern" and isinstance(value, str):
            self._references.note_pattern(value, f"{holder}#{pointer}")
        if key == "patternProperties" and isinstance(value, dict):
            for text in value:
                self._references.note_pattern(text, f"{holder}#{pointer}")
        if key in _MAPS and isinstance(value, dict):
            return {
                name: self.copied(schema, holder, pointer + pointers.join([name])) for name, schema in value.items()
            }
        return self.copied(value, holder, pointer)
