"""Every rule by which details of a document are set aside, by the kind of object."""

from __future__ import annotations

from apitwin.contracts.setting_aside import members, operations, schemas
from apitwin.contracts.walking import Rules

RULES: Rules = {
    "document": (operations.document,),
    "path item": (operations.path_item,),
    "operation": (operations.operation,),
    "parameter": (members.parameter,),
    "request body": (members.request_body,),
    "response": (members.response,),
    "schema": (schemas.schema,),
}
"""They come after those of the document's version, which make OpenAPI 3.1 of it."""
