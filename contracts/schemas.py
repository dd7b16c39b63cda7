"""The schemas of one document, each compiled once: at once, or when a value is first judged by it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from apitwin.contracts import views
from apitwin.contracts.errors import ContractError
from apitwin.contracts.later_schemas import Kept, LaterSchema
from apitwin.contracts.references import References
from apitwin.contracts.set_aside import SetAsides
from apitwin.contracts.validation import CompiledSchema
from apitwin.contracts.views import Hidden


class Schemas:
    """Compiles the schemas that a document has, wherever they stand in it."""

    def __init__(self, references: References, notes: SetAsides | None) -> None:
        """notes: where to say which schema cannot be compiled; None where that is an error, and all are compiled."""
        self.references = references
        self._notes = notes
        self._kept = Kept()
        self._compiled: dict[tuple[Path, str, Hidden | None], CompiledSchema] = {}

    def of(self, schema: Any, holder: Path, pointer: str, hidden: Hidden | None = None) -> CompiledSchema:
        """Return a schema ready to judge values. hidden: the word of the members that its direction does without.

        Raises ContractError where it is none.
        """
        if not isinstance(schema, (dict, bool)):
            raise ContractError(f"{holder}#{pointer}", f"found {schema!r}; expected a JSON Schema")
        if self._notes is not None and hidden not in self.references.folder.account.said:
            hidden = None
        _, path, target = self.references.resolved(schema, holder, pointer)
        key = (path, target, hidden)
        if key not in self._compiled:
            place = f"{path}#{target}"
            if self._notes is None:
                alone = views.view(self.references.standalone(schema, holder, pointer), hidden)
                self._compiled[key] = CompiledSchema(alone, place, self.references.origins)
            else:
                self._compiled[key] = self._later(schema, holder, pointer, place, hidden, self._notes)
        return self._compiled[key]

    def _later(
        self, schema: Any, holder: Path, pointer: str, place: str, hidden: Hidden | None, notes: SetAsides
    ) -> CompiledSchema:
        references = self.references

        def whole() -> tuple[Any, int]:
            alone, size = references.sized(schema, holder, pointer)
            return views.view(alone, hidden), size

        return LaterSchema(
            lambda: views.view(references.view(schema, holder, pointer), hidden),
            whole,
            place,
            references.origins,
            notes.note_error,
            self._kept,
        )
