"""Reading off the responses of operations where their things stand, what tells them apart, and whose they are."""

from __future__ import annotations

from apitwin.contracts import pointers
from apitwin.contracts.model import Operation, Response
from apitwin.mock_server.generated.media import is_json
from apitwin.mock_server.generated.paths import Resource
from apitwin.mock_server.generated.shapes import Shape, arrays
from apitwin.mock_server.generated.values.wording import noun, words

IDENTITIES = ("id", "uuid", "guid", "key", "slug", "code", "name", "number", "login", "username", "sku", "token")
"""What members that tell things apart are called, the likeliest first (assumed)."""
SCALARS = ("string", "integer", "number", "any")
USUAL_RESULTS = ("", "items", "results", "data", "objects", "values", "entries", "records", "rows", "content")
"""What the array of a page is called (assumed)."""
MOST_BESIDE = 6
"""Members of an answer in one of which the thing itself may stand."""


def success(operation: Operation) -> Response | None:
    """Return the response to a request that succeeds: of 2XX the first, else the default one; None where none is."""
    responses = operation.responses
    keys = [key for key in responses if key.startswith("2")] or [key for key in responses if key == "default"]
    return responses[keys[0]] if keys else None


def shape_of(response: Response | None) -> Shape | None:
    """Return the shape of a response in JSON, None where it has none."""
    if response is None:
        return None
    schema = next((schema for media_type, schema in response.bodies.items() if is_json(media_type)), None)
    return None if schema is None else Shape.of(schema)


def results_of(operation: Operation) -> tuple[str, Shape] | None:
    """Return where the items of a list stand in its page, and what shape they have; None where it is no list."""
    shape = shape_of(success(operation))
    if shape is None:
        return None
    if operation.pagination is not None:
        array = shape.at(operation.pagination.envelope.results)
        return (
            None
            if array is None or array.items.kind != "object"
            else (operation.pagination.envelope.results, array.items)
        )
    found = list(arrays(shape))
    last = noun(operation.path.rstrip("/").rpartition("/")[2])
    named = [(pointer, items) for pointer, items in found if noun(pointer.rpartition("/")[2]) == last]
    usual = [(pointer, items) for pointer, items in found if pointer.rpartition("/")[2] in USUAL_RESULTS]
    only = found if len(found) == 1 and found[0][0].count("/") < 2 and not _is_a_thing(shape) else []
    return next(iter([*named, *usual, *only]), None)


def _is_a_thing(shape: Shape) -> bool:
    """Return whether an answer is one thing that has an array in it, and no list: it says which one it is."""
    scalars = {"".join(words(name)) for name, member in shape.members.items() if member.kind in SCALARS}
    return shape.kind == "object" and bool(scalars & {"id", "uuid", "guid"})


def holder_of(shape: Shape, item: Shape | None, parameter: str) -> str:
    """Return where in an answer about one thing the thing itself stands: the whole of it, or one member."""
    wanted = set(item.members) if item is not None else {parameter, *IDENTITIES}
    own = len(wanted & set(shape.members))
    inner = [
        (len(wanted & set(member.members)), pointers.join([name]))
        for name, member in shape.members.items()
        if member.kind == "object"
    ]
    best = max(inner, default=(0, ""), key=lambda found: found[0])
    return best[1] if best[0] > own and len(shape.members) <= MOST_BESIDE else ""


def identity_of(item: Shape, resource: Resource) -> str | None:
    """Return the member that tells things apart: the one that the path's parameter is named after, or a usual one."""
    scalars = [name for name, member in item.members.items() if member.kind in SCALARS and not member.is_write_only]
    flat = {"".join(words(name)): name for name in scalars}
    asked = "".join(words(resource.parameter))
    if asked in flat:
        return flat[asked]
    endings = (word for word in IDENTITIES if word in flat and asked.endswith(word))
    found = next(endings, None)
    if found is None and (not asked or asked in IDENTITIES or asked.endswith(("id", "key"))):
        found = next((word for word in ("id", "uuid", "guid", "key") if word in flat), None)
    if found is None and asked == noun(words(resource.last_word)[-1] if words(resource.last_word) else ""):
        likely = [word for word in IDENTITIES if word in flat]
        alike = [word for word in likely if item.members[flat[word]].kind == _kind_in_path(resource)]
        found = next(iter([*alike, *likely]), None)
    return None if found is None else flat[found]


def _kind_in_path(resource: Resource) -> str:
    """Return the type of what names a thing in its path; a text where nothing is said."""
    parameter = next(iter(resource.one.values())).parameter(resource.parameter)
    return "string" if parameter is None else str(parameter.schema.get("type", "string"))


def reference_of(item: Shape, parameter: str, parent: str) -> str | None:
    """Return the member of a thing that names its parent."""
    asked = {"".join(words(parameter)), *(f"{parent}{ending}" for ending in ("", "id", "uuid", "key", "slug", "name"))}
    asked -= set(IDENTITIES)
    return next(
        (
            name
            for name, member in item.members.items()
            if "".join(words(name)) in asked and member.kind in ("string", "integer") and not member.is_write_only
        ),
        None,
    )
