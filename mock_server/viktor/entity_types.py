"""VIKTOR's entity types: which of them may stand below another."""

from __future__ import annotations

from collections.abc import Sequence

from apitwin.mock_server.engine.call import Call
from apitwin.mock_server.engine.lookup import named
from apitwin.mock_server.world.table import Record


def below(call: Call, records: Sequence[Record]) -> Sequence[Record]:
    """The types that may stand below an entity type. Source: docs, workspaces-entity-types-entity-types."""
    allowed = named(call, "id").values["child_entity_type_ids"]
    return [record for record in records if record.values["id"] in allowed]
