"""A replay of the requests of VIKTOR's official Python client, version 14.36.2, over plain `requests`.

It is no copy of that client. It sends what that one was seen to send, in the same order with the same headers; it
walks pages, polls jobs and raises for statuses as that one was seen to do; and it asks every answer for the members
without which that one breaks. Left out are its retries and its memory of earlier answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import chain, repeat
from typing import Any

import requests

from tests.viktor.refusals import ComputeError
from tests.viktor.wire import Pages, Query, Values, Wire, needed, said

REVISION_TIME = "%Y-%m-%dT%H:%M:%S.%fZ"
LONGEST_WAIT_S = 15
NEEDED_OF_RESULT: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("web", "ifc", "pdf", "download"), ("url",)),
    "geometry": ("geometry", "labels"),
    "geojson": ("labels", "legend"),
    "set_params": ("parameters",),
}
"""Members of a job's result without which the client breaks; of other kinds it asks nothing."""


def pauses() -> Iterator[float]:
    """The seconds between two looks at a job."""
    return chain([1.0] * 15, [2.0] * 5, [3.0] * 5, [4.0] * 5, repeat(5.0))


class Client(Wire):
    """The client with one token."""

    def get_current_user(self) -> Values:
        return needed(self.get("user", "users/current/"), "id", "first_name", "last_name", "email", "job_title")

    def get_workspace(self, workspace: int) -> Values:
        return workspace_of(self.get("workspace", f"workspaces/{workspace}/"))

    def get_workspaces(self, app_name: str | None = None, include_archived: bool = False) -> Pages[Values]:
        more: Query = [] if app_name is None else [("app", self._app(app_name))]

        def fetch(limit: int, offset: int) -> Any:
            paging = [("limit", limit), ("offset", offset), ("include_archived", include_archived)]
            return self.get("workspaces", "workspaces/", [*paging, *more])

        return Pages(fetch, workspace_of)

    def _app(self, name: str) -> int:
        def fetch(limit: int, offset: int) -> Any:
            return self.get("apps", "apps/", [("limit", limit), ("offset", offset), ("search", name)])

        for app in Pages(fetch, lambda values: needed(values, "id", "name")):
            if app["name"] == name:
                return int(app["id"])
        raise ValueError(f"App {name!r} does not exist")

    def get_entity_types(self, workspace: int) -> Pages[Values]:
        def fetch(limit: int, offset: int) -> Any:
            return self.get("types", f"workspaces/{workspace}/entity_types/", [("limit", limit), ("offset", offset)])

        return Pages(fetch, type_of)

    def get_entity_type(self, workspace: int, number: int) -> Values:
        return type_of(self.get("type", f"workspaces/{workspace}/entity_types/{number}/"))

    def type_named(self, workspace: int, name: str) -> int:
        """Return the number of an entity type, found in the pages of all of them."""
        for entity_type in self.get_entity_types(workspace):
            if entity_type["class_name"] == name:
                return int(entity_type["id"])
        raise ValueError(f"Entity type {name!r} does not exist")

    def get_entity(self, workspace: int, number: int) -> Entity:
        return Entity(self, workspace, number)

    def listed(self, kind: str, workspace: int, path: str, types: Sequence[str], params: bool) -> Pages[Entity]:
        """A list of entities at some path of a workspace."""

        def fetch(limit: int, offset: int) -> Any:
            chosen: Query = [("properties", said(params)), ("param_types", said(params))]
            paging: Query = [("limit", limit), ("offset", offset), ("privileged", "false")]
            query = [*chosen, *(("entity_type", kind) for kind in types), *paging]
            return self.get(kind, f"workspaces/{workspace}/{path}", query)

        def made(values: Values) -> Entity:
            return Entity(self, workspace, values["id"], {False: values, **({True: values} if params else {})})

        return Pages(fetch, made)

    def get_root_entities(
        self, workspace: int, types: Sequence[str] = (), include_params: bool = True
    ) -> Pages[Entity]:
        return self.listed("roots", workspace, "entities/", types, include_params)

    def get_entities_by_type(self, workspace: int, name: str, include_params: bool = True) -> Pages[Entity]:
        path = f"entity_types/{self.type_named(workspace, name)}/entities/"
        return self.listed("by type", workspace, path, (), include_params)

    def generate_upload_url(self, workspace: int, type_name: str) -> Values:
        path = f"workspaces/{workspace}/entity_types/{self.type_named(workspace, type_name)}/upload/"
        return needed(self.ask("upload", "POST", path, [("privileged", "false")]).json(), "url", "fields")

    def read_file(self, workspace: int, number: int) -> Values:
        """What `FileResource.filename` reads."""
        values = self.get("file", f"workspaces/{workspace}/files/{number}/")
        return needed(values, "scope", "entity_id", "filename")

    def open_file(self, workspace: int, number: int) -> bytes:
        """What `FileResource.open` reads."""
        return self.ask("file", "GET", f"workspaces/{workspace}/files/{number}/download/").content


def workspace_of(values: Values) -> Values:
    """Return what the client reads of a workspace, down to its app, its version and its labels."""
    names = ("id", "name", "description", "visibility", "created_at", "updated_at", "is_archived")
    app, version = values["app"], values["app_version"]
    ran = ("id", "tag", "status", "app_type", "sdk_version", "python_version", "created_at")
    return {
        **needed(values, *names),
        "app": None if app is None else needed(app, "id", "name"),
        "app_version": None if version is None else needed(version, *ran),
        "labels": [label_of(label) for label in values["labels"] or ()],
    }


def label_of(values: Values) -> Values:
    digits = values["color"].removeprefix("#")
    assert len(digits) == 6, digits
    return {**needed(values, "id", "name", "description"), "color": bytes.fromhex(digits)}


def type_of(values: Values) -> Values:
    return needed(values, "id", "class_name")


@dataclass
class Entity:
    """An entity of the client, which asks for nothing until an attribute is read.

    known: what is known of it without and with its input. below: the one whose parent it is, its own number unknown.
    """

    client: Client
    workspace: int
    number: int | None
    known: dict[bool, Values] = field(default_factory=dict)
    below: Entity | None = None

    @property
    def id(self) -> int:
        return self.number if self.number is not None else int(self._values(False)["id"])

    @property
    def name(self) -> str:
        return str(self._values(False)["name"])

    @property
    def entity_type(self) -> Values:
        values = self._values(False)
        return {"id": values["entity_type"], "class_name": values["entity_type_name"]}

    @property
    def last_saved_summary(self) -> Values:
        return {name: dict(value.items()) for name, value in self._values(False)["summary"].items()}

    @property
    def last_saved_params(self) -> Values:
        values = self._values(True)
        types = {} if values["param_types"] is None else dict(values["param_types"].items())
        return {name: self._param(value, name, types) for name, value in values["properties"].items()}

    def _param(self, value: Any, path: str, types: Mapping[str, Values]) -> Any:
        if isinstance(value, dict):
            return {name: self._param(member, f"{path}.{name}", types) for name, member in value.items()}
        kind = types.get(path, {}).get("type")
        if value is None or kind not in ("file", "date"):
            return value
        return date.fromisoformat(value) if kind == "date" else FileResource(self.client, self.workspace, value)

    def _values(self, params: bool) -> Values:
        if params not in self.known:
            flags: Query = [("properties", said(params)), ("param_types", said(params)), ("privileged", "false")]
            if self.below is None:
                values = self.client.get("entity", self.path, flags)
            else:
                path, identity = f"{self.below.path}parent/", self.below.id
                values = self.client.ask("parent", "GET", path, flags, identity=identity).json()
            self.known[params] = {**values, **needed(values, "id", "name", "entity_type", "entity_type_name")}
            self.number = values["id"]
        return self.known[params]

    @property
    def path(self) -> str:
        return f"workspaces/{self.workspace}/entities/{self.id}/"

    def parent(self) -> Entity:
        return Entity(self.client, self.workspace, None, below=self)

    def children(self, types: Sequence[str] = (), include_params: bool = True) -> Pages[Entity]:
        path = f"entities/{self.id}/entities/"
        return self.client.listed("entity", self.workspace, path, types, include_params)

    def siblings(self, types: Sequence[str] = (), include_params: bool = True) -> Pages[Entity]:
        path = f"entities/{self.id}/siblings/"
        return self.client.listed("entity", self.workspace, path, types, include_params)

    def revisions(self) -> Pages[Values]:
        def fetch(limit: int, offset: int, types: str = "true") -> Any:
            query = [("param_types", types), ("limit", limit), ("offset", offset), ("privileged", "false")]
            return self.client.get("entity", f"{self.path}revisions/", query)

        def made(values: Values) -> Values:
            read = needed(values, "id", "properties", "created_at")
            return {**values, "created_at": datetime.strptime(read["created_at"], REVISION_TIME)}

        return Pages(fetch, made, lambda limit, offset: fetch(limit, offset, "false"))

    def get_file(self) -> Callable[[], requests.Response]:
        """Return what fetches the file: its address is asked for now, its bytes later and without the token."""
        query = [("privileged", "false")]
        answer = self.client.ask("download", "GET", f"{self.path}download/", query, identity=self.id).json()
        address = needed(answer, "temporary_download_url")["temporary_download_url"]
        return lambda: requests.get(address, timeout=10)

    def create_child(self, type_name: str, name: str, params: Values | None = None, **more: Any) -> Entity:
        number = self.client.type_named(self.workspace, type_name)
        body = {"name": name, "entity_type": number, "properties": written(params or {}), **more}
        made = self.client.ask("create", "POST", f"{self.path}entities/", [("privileged", "false")], body).json()
        needed(made, "id", "name", "entity_type", "entity_type_name")
        return Entity(self.client, self.workspace, made["id"], {False: made, True: made})

    def set_params(self, params: Values) -> None:
        self._write("revise", "PATCH", "", {"properties": written(params)})

    def rename(self, name: str) -> None:
        self._write("revise", "POST", "rename/", {"name": name})

    def delete(self) -> None:
        self._write("delete", "DELETE", "", None)

    def _write(self, kind: str, method: str, rest: str, body: Any) -> None:
        self.client.ask(kind, method, f"{self.path}{rest}", [("privileged", "false")], body)
        self.known.clear()

    def compute(self, method: str, params: Values, timeout: int | None = None) -> Values:
        body = {"params": written(params), "method_name": method} | ({} if timeout is None else {"timeout": timeout})
        answer = self.client.send("POST", f"{self.path}jobs/", body=body)
        if answer.status_code != 201:
            raise ComputeError(f"Computation could not be created (details: {answer.json().get('detail')})")
        return self._polled(answer.json()["uid"], timeout or LONGEST_WAIT_S)

    def _polled(self, uid: int, longest: float) -> Values:
        waited = 0.0
        for pause in pauses():
            job = self.client.get("job", f"jobs/{uid}/")
            if job["status"] == "success":
                return {name: result_of(name, value) for name, value in job["result"].items()}
            if job["status"] == "failed":
                error = needed(job["error"], "type", "message")
                raise ComputeError(f"Computation failed (type: {error['type']}, details: {error['message']})")
            if job["status"] == "cancelled":
                raise ComputeError("Computation was cancelled")
            self.client.logged.append(job["message"]["message"])
            if waited >= longest:
                break
            self.client.wait(pause)
            waited += pause
        raise TimeoutError("Computation timed out")


def result_of(name: str, value: Any) -> Any:
    needed(value or {}, *(NEEDED_OF_RESULT.get(name, ()) if value is not None else ()))
    return value


def written(value: Any) -> Any:
    """Return input as it is sent: dates as ISO texts."""
    if isinstance(value, dict):
        return {name: written(member) for name, member in value.items()}
    return value.isoformat() if isinstance(value, date) else value


@dataclass(frozen=True)
class FileResource:
    """A file of a file field, known by its number alone until it is read."""

    client: Client
    workspace: int
    number: int

    @property
    def filename(self) -> str:
        return str(self.client.read_file(self.workspace, self.number)["filename"])

    def open_binary(self) -> bytes:
        return self.client.open_file(self.workspace, self.number)
