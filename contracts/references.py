"""Following `$ref` across files, and making schemas that stand alone.

A reference is a file (relative to the file that holds it), a JSON pointer, or both. Nothing is ever fetched from a
network: a contract is what lies on the disk.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from apitwin.contracts import documents, pointers
from apitwin.contracts.errors import ContractError

_UNSUPPORTED = ("$dynamicRef", "$recursiveRef", "$dynamicAnchor", "$anchor")

# Keywords whose value is data, and keywords whose value maps names that the author chose to schemas.
_VALUES = ("const", "enum", "examples", "example", "default")
_MAPS = ("properties", "patternProperties", "dependentSchemas")


class References:
    """The files of one contract, read once each. origins: where each definition of a stand-alone schema came from."""

    def __init__(self, root: Path, document: Any) -> None:
        """root: the contract's own file, whose value is `document`."""
        self.root = root.resolve()
        self._files: dict[Path, Any] = {self.root: document}
        self.origins: dict[str, str] = {}

    def target(self, reference: Any, holder: Path, place: str) -> tuple[Path, str]:
        """Return the file and the pointer that a `$ref` names. place: where it stands, for errors.

        Raises ContractError when it is no text, names a network address, or is not a JSON pointer.
        """
        if not isinstance(reference, str):
            raise ContractError(place, f"$ref is {reference!r}; expected a text such as schemas/item.json")
        name, _, fragment = reference.partition("#")
        if "://" in name:
            raise ContractError(place, f"$ref {reference!r} is a network address; a contract only reads local files")
        if fragment and not fragment.startswith("/"):
            raise ContractError(place, f"$ref {reference!r} names an anchor; use a JSON pointer such as #/$defs/name")
        try:
            path = (holder.parent / unquote(name)).resolve() if name else holder
        except (ValueError, OSError) as error:
            raise ContractError(place, f"$ref {reference!r} is no path of a file ({error})") from None
        return path, unquote(fragment)

    def follow(self, reference: Any, holder: Path, place: str) -> tuple[Any, Path, str]:
        """Return the value a `$ref` names, its file and its pointer. Raises ContractError when it is not there."""
        path, pointer = self.target(reference, holder, place)
        if path not in self._files:
            try:
                self._files[path] = documents.read(path)
            except ContractError as error:
                raise ContractError(place, f"$ref {reference!r} cannot be read: {error}") from None
        try:
            return pointers.follow(self._files[path], pointer), path, pointer
        except LookupError as error:
            raise ContractError(place, f"$ref {reference!r} names nothing: {error}") from None

    def resolved(self, value: Any, holder: Path, pointer: str) -> tuple[Any, Path, str]:
        """Return a value with its own `$ref` followed, as often as needed, and where it was found.

        Raises ContractError on a circle.
        """
        seen: set[tuple[Path, str]] = set()
        while isinstance(value, dict) and "$ref" in value:
            if (holder, pointer) in seen:
                raise ContractError(f"{holder}#{pointer}", "$ref leads round in a circle")
            seen.add((holder, pointer))
            value, holder, pointer = self.follow(value["$ref"], holder, f"{holder}#{pointer}")
        return value, holder, pointer

    def standalone(self, schema: Any, holder: Path, pointer: str) -> Any:
        """Return a schema that needs no other file: everything it refers to is carried in its `$defs`."""
        return _Bundle(self).make(schema, holder, pointer)


class _Bundle:
    """One schema being made to stand alone."""

    def __init__(self, references: References) -> None:
        self._references = references
        self._names: dict[tuple[Path, str], str] = {}
        self._definitions: dict[str, Any] = {}

    def make(self, schema: Any, holder: Path, pointer: str) -> Any:
        copy = self._copied(schema, holder, pointer)
        if self._definitions and isinstance(copy, dict):
            copy = {**copy, "$defs": self._definitions}
        return copy

    def _copied(self, value: Any, holder: Path, pointer: str) -> Any:
        if isinstance(value, list):
            return [self._copied(item, holder, f"{pointer}/{index}") for index, item in enumerate(value)]
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
            copy["$ref"] = f"#/$defs/{self._name(value['$ref'], holder, pointer)}"
        return copy

    def _member(self, key: str, value: Any, holder: Path, pointer: str) -> Any:
        if key in _VALUES:
            return value
        if key in _MAPS and isinstance(value, dict):
            return {
                name: self._copied(schema, holder, pointer + pointers.join([name])) for name, schema in value.items()
            }
        return self._copied(value, holder, pointer)

    def _name(self, reference: Any, holder: Path, pointer: str) -> str:
        value, path, target = self._references.follow(reference, holder, f"{holder}#{pointer}")
        if (path, target) not in self._names:
            stem = re.sub(r"[^A-Za-z0-9_]+", "-", path.stem) or "schema"
            name = f"{stem}-{len(self._references.origins)}"
            self._references.origins[name] = f"{path}#{target}"
            self._names[path, target] = name
            self._definitions[name] = self._copied(value, path, target)
        return self._names[path, target]
