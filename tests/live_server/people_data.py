"""Users, their groups, and what they did, the same at every start.

Counts worth knowing: 137 users. Workspaces 1, 2, 3 and 6 have 137, 100, 1 and 12 of them and 130, 100, 1 and 5
groups. In 2026 there were 230 events ENTITY.SAVE, 6 or 7 of each other type, and none of ORG.DELETE_USERS;
240 logins of users and 120 of developers.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

from . import models
from .auth import ADMIN, RESTRICTED
from .data import ODD_NAMES
from .query import EVENT_TYPES

YEAR = datetime(2026, 1, 1, tzinfo=timezone.utc)
FIRST_NAMES = ("Łukasz", "Zoë", "Đỗ", "Anna", "anna", "O'Neil")
USERS = (ADMIN.id, RESTRICTED.id, *range(401, 536))
MEMBERS = {1: 137, 2: 100, 3: 1, 6: 12}
GROUPS = {1: 130, 2: 100, 3: 1, 6: 5}
NO_EVENTS = "ORG.DELETE_USERS"


def fill() -> None:
    """Makes all rows; the workspaces and apps are there."""
    models.User.objects.bulk_create(users())
    groups = list(all_groups())
    models.Group.objects.bulk_create(groups)
    models.GroupMember.objects.bulk_create(
        models.GroupMember(group_id=group.id, user_id=user) for group in groups for user in group.members
    )
    models.Member.objects.bulk_create(members(groups))
    models.AuditEvent.objects.bulk_create(events())
    models.Login.objects.bulk_create(logins())


def users() -> Iterator[models.User]:
    """The owners of the tokens, and everyone else."""
    for place, pk in enumerate(USERS):
        known = {user.id: user for user in (ADMIN, RESTRICTED)}.get(pk)
        last_login = YEAR + timedelta(hours=place) if place % 5 else None
        yield models.User(
            id=pk,
            first_name=known.first_name if known else FIRST_NAMES[pk % 6],
            last_name=known.last_name if known else f"Peña {pk}",
            email=known.email if known else f"user{pk}@example.test",
            job_title=known.job_title if known else (None, "", "Engineer")[pk % 3],
            username=f"user.{pk}@example.test",
            last_login=last_login,
            previous_login=last_login - timedelta(days=1) if last_login and place % 2 else None,
            is_org_admin=known.is_org_admin if known else False,
        )


def all_groups() -> Iterator[models.Group]:
    """The groups of each workspace; the first one there is the default."""
    pk = 2000
    for workspace, count in GROUPS.items():
        there = USERS[: MEMBERS[workspace]]
        chosen = [sorted({there[(place * 7 + n) % len(there)] for n in range(place % 6)}) for place in range(count)]
        flat = [user for users in chosen for user in users]
        for place, inside in enumerate(chosen):
            pk += 1
            name = ODD_NAMES[place % 6] if place % 9 == 4 else f"Group {'AABACADB'[place % 8]}"
            description = f"For the Überbau, part {place % 4}" if place % 4 else ""
            yield models.Group(
                id=pk,
                workspace_id=workspace,
                name=name,
                description=description,
                members=inside,
                members_only_in_this_group=[user for user in inside if flat.count(user) == 1],
                is_default=place == 0,
                name_folded=name.casefold(),
                description_folded=description.casefold(),
            )


def members(groups: list[models.Group]) -> Iterator[models.Member]:
    """The users of each workspace."""
    for workspace, count in MEMBERS.items():
        for place, user in enumerate(USERS[:count]):
            yield models.Member(
                workspace_id=workspace,
                user_id=user,
                groups=[group.id for group in groups if group.workspace_id == workspace and user in group.members],
                is_ws_deletable=place % 4 != 0,
                is_workspace_admin=place % 10 == 0,
                last_visit=YEAR + timedelta(hours=place // 3) if place % 7 else None,
                nr_visits=place * 31 % 50,
            )


def events() -> Iterator[models.AuditEvent]:
    """Three at each moment; the rows of one moment do not come in the order of their names."""
    kinds = [kind for kind in EVENT_TYPES if kind not in ("ENTITY.SAVE", NO_EVENTS)]
    for place in range(460):
        kind = "ENTITY.SAVE" if place % 2 else kinds[place // 2 % len(kinds)]
        yield models.AuditEvent(
            row_id=f"e-{9000 + place * 7 % 460}",
            timestamp=YEAR + timedelta(hours=place // 3 * 5, microseconds=place // 3 % 4 * 250_000),
            event_type=kind,
            user_id=USERS[place * 11 % 9] if place % 8 else None,
            app_id=place % 7 + 1 if place % 5 else None,
            workspace_id=place % 11 + 1 if place % 3 else None,
            details={"id": None, "place": place} if place % 4 == 0 else {},
        )


def logins() -> Iterator[models.Login]:
    """Four users and two developers a day."""
    for place in range(360):
        is_developer = place % 3 == 0
        date = YEAR + timedelta(days=place // 6)
        yield models.Login(
            row_id=f"{place * 7 % 360:03}",
            is_developer=is_developer,
            user_id=USERS[place * 5 % 13],
            date=date,
            workspace_id=None if is_developer or place % 10 == 1 else place % 4 + 1,
        )
