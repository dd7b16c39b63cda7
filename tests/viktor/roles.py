"""A world with somebody of every role and a workspace of every kind, and what each may do there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests

from apitwin.contracts import Contract
from apitwin.mock_server.viktor.builder import Workspace, WorldBuilder, added
from apitwin.mock_server.world.clock import Clock
from apitwin.mock_server.world.world import Token
from tests.viktor.worlds import START, Site

VALID = ("admin", "boss", "member", "guest", "outsider", "robot")
"""Organisation admin, workspace admin, member, invited external user, a user who was not invited, token of an app."""
INVALID = ("nobody", "stranger", "expired", "revoked")
"""No token, an unknown one, and two that were good once."""
INVITED = frozenset({"admin", "boss", "member", "guest", "robot"})
PEOPLE = INVITED - {"robot"}
BOSSES = frozenset({"admin", "boss"})
ADMIN = frozenset({"admin"})
ALL = frozenset(VALID)
NONE: frozenset[str] = frozenset()
TREE, SIMPLE, EDITOR, INTERNAL, PUBLIC = 1, 2, 3, 4, 5
"""The workspaces: a private one for each type of app, one for all of the organisation, one for everybody."""
CHILD: Mapping[int, int] = {TREE: 2, SIMPLE: 4, EDITOR: 6, INTERNAL: 8, PUBLIC: 10}
"""In each workspace the number of an entity that stands below another one, whose number is one less."""


@dataclass(frozen=True)
class Act:
    """One thing to do. path: `{w}` is the workspace, `{e}` an entity in it, `{t}` its type, `{f}` a file."""

    method: str
    path: str
    status: int = 200
    body: Any = None

    def at(self, workspace: int) -> str:
        names = {"w": workspace, "e": CHILD[workspace], "t": 2 * workspace - 1, "f": workspace}
        return self.path.format(**names)


READS: Mapping[str, Act] = {
    "types": Act("GET", "workspaces/{w}/entity_types/?limit=100&offset=0"),
    "type": Act("GET", "workspaces/{w}/entity_types/{t}/"),
    "child types": Act("GET", "workspaces/{w}/entity_types/{t}/entity_types/"),
    "by type": Act("GET", "workspaces/{w}/entity_types/{t}/entities/"),
    "roots": Act("GET", "workspaces/{w}/entities/?privileged=false"),
    "entity": Act("GET", "workspaces/{w}/entities/{e}/?properties=true"),
    "children": Act("GET", "workspaces/{w}/entities/{e}/entities/?limit=1&offset=0"),
    "siblings": Act("GET", "workspaces/{w}/entities/{e}/siblings/"),
    "parents": Act("GET", "workspaces/{w}/entities/{e}/parents/"),
    "revisions": Act("GET", "workspaces/{w}/entities/{e}/revisions/"),
    "download": Act("GET", "workspaces/{w}/entities/{e}/download/"),
    "file": Act("GET", "workspaces/{w}/files/{f}/"),
    "content": Act("GET", "workspaces/{w}/files/{f}/download/?redirect=false"),
}
"""What may be read by who may enter the workspace, and by everybody where it is public."""

NEW = {"name": "New", "entity_type": 1, "properties": {}}
WRITES: Mapping[str, Act] = {
    "put": Act("PUT", "workspaces/{w}/entities/{e}/", 200, {"name": "Changed", "properties": {"a": 1}}),
    "patch": Act("PATCH", "workspaces/{w}/entities/{e}/?privileged=false", 200, {"properties": {"a": 1}}),
    "rename": Act("POST", "workspaces/{w}/entities/{e}/rename/", 200, {"name": "Changed"}),
    "delete": Act("DELETE", "workspaces/{w}/entities/{e}/?privileged=false", 204),
}
"""What may be written by who may enter the workspace, public or not."""

SESSION = "00000000-0000-4000-8000-000000000000"
STARTS: Mapping[str, Act] = {
    "job": Act("POST", "workspaces/{w}/entities/{e}/jobs/", 201, {"method_name": "slow"}),
    "new file": Act(
        "POST", "workspaces/{w}/files/", 201, {"scope": "session", "editor_session": SESSION, "filename": "f"}
    ),
}
"""What a public workspace lets everybody begin."""

IN_EDITOR: Mapping[str, Act] = {
    "session": Act("POST", "workspaces/{w}/entities/{e}/session/"),
    "parametrization": Act("POST", "workspaces/{w}/entities/{e}/parametrization/", 200, {"params": {}}),
    "uploaded": Act("POST", "workspaces/{w}/files/{f}/uploaded/"),
}
"""The same, and never for the token of an app."""


def everything() -> list[tuple[str, Act, frozenset[str]]]:
    """Return each thing to do in the private workspace of type tree, and who may."""
    return [
        ("workspace", Act("GET", "workspaces/{w}/"), INVITED),
        *((name, act, INVITED) for name, act in {**READS, **WRITES, **STARTS}.items()),
        *((name, act, PEOPLE) for name, act in IN_EDITOR.items()),
        ("parent", Act("GET", "workspaces/{w}/entities/{e}/parent/"), INVITED),
        ("new root", Act("POST", "workspaces/{w}/entities/", 200, NEW), INVITED),
        ("new child", Act("POST", "workspaces/{w}/entities/{e}/entities/", 200, NEW), INVITED),
        ("upload", Act("POST", "workspaces/{w}/entity_types/{t}/upload/?privileged=false"), INVITED),
        ("settings", Act("GET", "workspaces/{w}/settings/"), PEOPLE),
        ("asset", Act("GET", "workspaces/{w}/assets/?path=logo.svg"), PEOPLE),
        ("users", Act("GET", "workspaces/{w}/users/"), PEOPLE),
        ("groups", Act("GET", "workspaces/{w}/groups/"), PEOPLE),
        ("statistics", Act("GET", "workspaces/{w}/statistics/"), BOSSES),
    ]


RANGE = "start_date=2026-01-01T00:00:00.0Z&end_date=2026-12-31T00:00:00.0Z"
OF_ALL: list[tuple[str, Act, frozenset[str]]] = [
    ("current user", Act("GET", "users/current/"), ALL),
    ("verify", Act("GET", "verify/"), ALL),
    ("apps", Act("GET", "apps/?limit=100&offset=0"), ALL),
    ("app", Act("GET", "apps/1/"), ALL),
    ("workspaces", Act("GET", "workspaces/?limit=100&offset=0&include_archived=False"), ALL),
    ("workspaces, in small", Act("GET", "workspaces/?include_archived=false&include_development=False"), ALL),
    ("apps, in small", Act("GET", "apps/?include_archived=false"), ALL),
    ("archived", Act("GET", "workspaces/?limit=100&offset=0&include_archived=True"), ADMIN),
    ("development", Act("GET", "workspaces/?include_development=true"), ADMIN),
    ("archived apps", Act("GET", "apps/?include_archived=1"), ADMIN),
    ("numbers", Act("GET", "statistics/?stats_type=users&start=2026-01-01T00:00:00Z&end=2026-12-31T00:00:00Z"), ADMIN),
    ("events", Act("GET", f"statistics/details/audit_events/?event_type=ENTITY.SAVE&{RANGE}"), ADMIN),
    ("developers", Act("GET", f"statistics/details/daily_developer_logins/?{RANGE}"), ADMIN),
    ("users", Act("GET", f"statistics/details/daily_user_logins/?export=csv&{RANGE}"), ADMIN),
]
"""Each thing to do that belongs to no workspace, and who may."""


def built(contract: Contract) -> tuple[WorldBuilder, dict[str, str | None]]:
    """Return the world, and the token of everybody in it."""
    world = WorldBuilder(contract, Clock(START))
    member, boss, outsider = world.user("Max"), world.user("Wanda"), world.user("Otto")
    guest, robot = world.user("Eve", external=True), world.user("App", app=True, token="app-token-of-bridges")
    world.app("bridges")
    world.method("slow", {}, seconds=60)
    invited = {"members": [member, guest, robot], "admins": [boss]}
    for app_type in ("tree", "simple", "editor"):
        _fill(world, world.workspace(app_type.title(), app_type=app_type, **invited))
    _fill(world, world.workspace("Internal", visibility="INTERNAL"))
    _fill(world, world.workspace("Public", visibility="PUBLIC"))
    tokens: dict[str, str | None] = {"admin": world.admin.token, "boss": boss.token, "member": member.token}
    tokens |= {"guest": guest.token, "outsider": outsider.token, "robot": robot.token}
    tokens |= {"nobody": None, "stranger": "vktrpat_unknown", "expired": "vktrpat_late", "revoked": "vktrpat_gone"}
    for name, role in (("expired", "organisation-admin"), ("revoked", "organisation-admin")):
        old = Token(str(tokens[name]), state=name, user="1", roles=frozenset({role}))
        world.world.tokens = (*world.world.tokens, old)
    return world, tokens


def _fill(world: WorldBuilder, made: Workspace) -> None:
    stored = world.file("logo", b"<svg/>")
    kind = made.entity_type("Survey", is_file=True)
    made.entity_type("Note")
    kind.entity("Top", file=stored).entity("Below", kind, file=stored, properties={"a": 0})
    row = {"id": made.id, "workspace": made.id, "key": stored, "uploaded": True, "file_size": 6, "filename": "logo.svg"}
    added(world.world, "files", {**row, "scope": "entity", "entity_id": CHILD[made.id]})
    added(world.world, "groups", {"name": "Everybody", "workspace": made.id, "members": []})
    if made.id == TREE:
        world.world.tables["assets"].add([{"path": "logo.svg", "workspace": made.id, "key": stored}])


@dataclass(frozen=True)
class Office:
    """A running twin of that world."""

    site: Site
    tokens: Mapping[str, str | None]

    def ask(self, who: str, method: str, path: str, body: Any = None) -> requests.Response:
        token = self.tokens[who]
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        address = f"{self.site.url}/api/{path}"
        return requests.request(method, address, headers=headers, json=body, timeout=10, allow_redirects=False)

    def does(self, who: str, act: Act, workspace: int = TREE) -> int:
        """Return the status of somebody doing something."""
        body = act.body
        if isinstance(body, dict) and "entity_type" in body:
            body = {**body, "entity_type": 2 * workspace}
        return self.ask(who, act.method, act.at(workspace), body).status_code

    def statuses(self, act: Act, workspace: int = TREE) -> dict[str, int]:
        """Return the status for everybody with a good token, each in the world as it was at its start."""
        statuses: dict[str, int] = {}
        for who in VALID:
            self.site.reset()
            statuses[who] = self.does(who, act, workspace)
        return statuses

    def picture(self) -> Any:
        """Return everything that an administrator can see, and how many of each thing there are."""
        sizes = requests.get(f"{self.site.url}/__twin__/health", timeout=10).json()["collections"]
        shown: list[Any] = [sizes, self.ask("admin", "GET", "workspaces/?include_archived=true").json()]
        for workspace, child in CHILD.items():
            paths = ["entity_types/", "entities/", f"files/{workspace}/", "users/"]
            paths += [
                f"entities/{identity}/{rest}"
                for identity in (child - 1, child)
                for rest in ("", "entities/", "revisions/")
            ]
            shown += [self.ask("admin", "GET", f"workspaces/{workspace}/{path}").json() for path in paths]
        return shown


def allowed(act: Act, who: frozenset[str]) -> dict[str, int]:
    """Return the status that everybody is to get: the success for who may, 403 for all others."""
    return {name: act.status if name in who else 403 for name in VALID}
