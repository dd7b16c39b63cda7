"""VIKTOR's entity types: which of them may stand below another."""

from __future__ import annotations

from collections.abc import Sequence

from apitwin.mock_server.engine.call import Call
from apitwin.mock_server.engine.lookup import named
from apitwin.mock_server.messages import Answer
from apitwin.mock_server.world.table import Record


def below(call: Call, records: Sequence[Record]) -> Sequence[Record] | Answer:
    """The types that may stand below an entity type. Source: docs, workspaces-entity-types-entity-types."""
    above = named(call, "id")
    if isinstance(above, Answer):
        return above
    allowed = above.values["child_entity_type_ids"]
    return [one for one in records if one.values["id"] in allowed]
