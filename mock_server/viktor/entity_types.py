"""VIKTOR's entity types: which of them may stand below another."""

from __future__ import annotations

from apitwin.mock_server.engine.call import Call
from apitwin.mock_server.engine.lookup import named
from apitwin.mock_server.world.conditions import Has, term
from apitwin.mock_server.world.records import Records


def below(call: Call, records: Records) -> Records:
    """The types that may stand below an entity type. Source: docs, workspaces-entity-types-entity-types."""
    allowed = named(call, "id").values["child_entity_type_ids"]
    return records.where(Has(("/id",), tuple(map(term, allowed))))
