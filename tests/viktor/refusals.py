"""Which exception the official client raises for which status, as it was seen to do; see `client.py`."""

from __future__ import annotations

from collections.abc import Mapping


class ViktorError(Exception):
    """Any of the client's own exceptions."""


class InternalError(ViktorError):
    """A status that the client has no word for. It says nothing more."""


class PermissionDeniedError(ViktorError):
    """403 for a list of workspaces."""


class ResourceNotFoundError(ViktorError):
    """403 or 404 for a workspace, an entity type or a job."""


class EntityNotFoundError(ViktorError):
    """403 or 404 for an entity, or an entity without a parent."""


class EntityCreateError(ViktorError):
    """403 or 404 for a new child."""


class EntityReviseError(ViktorError):
    """403 or 404 for a change or another name."""


class EntityDeleteError(ViktorError):
    """403 or 404 for a deletion."""


class ComputeError(ViktorError):
    """A job that was not created, that failed or that was cancelled."""


Raised = tuple[type[Exception], str]
INTERNAL: Raised = (InternalError, "")
OTHERS = None
"""In place of a status: every one that is neither named nor a success."""


def _merged(kind: type[Exception]) -> Mapping[int | None, Raised]:
    """The same exception for 403 and 404."""
    return {403: (kind, "Could not be found, or no permission"), 404: (kind, "Could not be found, or no permission")}


RAISED: Mapping[str, Mapping[int | None, Raised]] = {
    "user": {OTHERS: (ValueError, "Could not retrieve current user.")},
    "workspace": _merged(ResourceNotFoundError),
    "workspaces": {403: (PermissionDeniedError, "")},
    "apps": {},
    "types": {},
    "type": _merged(ResourceNotFoundError),
    "by type": {},
    "upload": {},
    "entity": _merged(EntityNotFoundError),
    "roots": {403: (EntityNotFoundError, "Could not be found, or no permission")},
    "parent": {
        204: (EntityNotFoundError, "Entity {id} has no parent"),
        403: (EntityNotFoundError, "Not permitted"),
        404: (EntityNotFoundError, "Entity {id} not found"),
    },
    "create": _merged(EntityCreateError),
    "revise": _merged(EntityReviseError),
    "delete": _merged(EntityDeleteError),
    "download": {OTHERS: (ValueError, "Entity {id} does not have a file")},
    "file": {OTHERS: (FileNotFoundError, "")},
    "job": _merged(ResourceNotFoundError),
}
"""For each kind of request: the exception for a status. A status that is not there is an InternalError."""

ACCEPTED: Mapping[str, tuple[int, ...]] = {"delete": (200, 204)}
"""The statuses that are a success, where that is not 200 alone."""


def require_success(kind: str, status: int, identity: object = "") -> None:
    """Raise what the client raises for a status of a kind of request; a success passes."""
    if status in ACCEPTED.get(kind, (200,)):
        return
    known = RAISED[kind]
    raised, message = known.get(status) or known.get(OTHERS) or INTERNAL
    raise raised(message.format(id=identity)) if message else raised()
