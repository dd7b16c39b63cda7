"""The schemas of one document, each compiled once: at once, or when a value is first judged by it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from apitwin.contracts.errors import ContractError
from apitwin.contracts.later_schemas import Kept, LaterSchema
from apitwin.contracts.references import References
from apitwin.contracts.set_aside import SetAsides
from apitwin.contracts.validation import CompiledSchema


class Schemas:
    """Compiles the schemas that a document has, wherever they stand in it."""

    def __init__(self, references: References, notes: SetAsides | None) -> None:
        """notes: where to say which schema cannot be compiled; None where that is an error, and all are compiled."""
        self.references = references
        self._notes = notes
        self._kept = Kept()
        self._compiled: dict[tuple[Path, str], CompiledSchema] = {}

    def of(self, schema: Any, holder: Path, pointer: str) -> CompiledSchema:
        """Return a schema ready to judge values. Raises ContractError where it is none."""
        if not isinstance(schema, (dict, bool)):
            raise ContractError(f"{holder}#{pointer}", f"found {schema!r}; expected a JSON Schema")
        _, path, target = self.references.resolved(schema, holder, pointer)
        if (path, target) not in self._compiled:
            place = f"{path}#{target}"
            self._compiled[path, target] = (
                CompiledSchema(self.references.standalone(schema, holder, pointer), place, self.references.origins)
                if self._notes is None
                else self._later(schema, holder, pointer, place, self._notes)
            )
        return self._compiled[path, target]

    def _later(self, schema: Any, holder: Path, pointer: str, place: str, notes: SetAsides) -> CompiledSchema:
        references = self.references
        return LaterSchema(
            lambda: references.view(schema, holder, pointer),
            lambda: references.sized(schema, holder, pointer),
            place,
            references.origins,
            notes.note_error,
            self._kept,
        )
