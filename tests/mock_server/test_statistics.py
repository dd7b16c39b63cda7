"""VIKTOR's numbers, counted from logins that a test knows, and the same rows as pages and as CSV."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from werkzeug.test import Client

from apitwin.mock_server import STEPS, create_app
from apitwin.mock_server.engine.checking import checked
from apitwin.mock_server.viktor.builder import ADMIN_TOKEN, WorldBuilder

HEADERS = {"Authorization": f"Bearer {ADMIN_TOKEN}"}
RANGE = "start=2026-01-01T00:00:00Z&end=2026-12-31T23:59:59Z"
DETAILS = "start_date=2026-01-01T00:00:00.0Z&end_date=2026-12-31T23:59:59.9Z"
LOGINS = (
    # day, user, workspace
    ("2025-12-31", 1, 1),
    ("2026-01-01", 1, 1),
    ("2026-01-01", 2, 1),
    ("2026-01-02", 1, 1),
    ("2026-01-05", 3, 2),
    ("2026-03-01", 2, 2),
)


def login(number: int, day: str, user: int, workspace: int) -> dict[str, Any]:
    person = {"id": user, "first_name": f"User {user}", "last_name": "=1+1", "email": f"user{user}@example.test"}
    return {
        "row_id": f"row-{number}",
        "user": person,
        "date": f"{day}T08:00:00.000000Z",
        "workspace": {"id": workspace, "name": 'Brücke, "alt"'},
    }


@pytest.fixture(scope="module")
def client() -> Client:
    builder = WorldBuilder()
    builder.workspace("Bridges")
    builder.workspace("Foundations")
    for table in ("user_logins", "developer_logins"):
        builder.world.tables[table].add(login(number, *fields) for number, fields in enumerate(LOGINS))
    return Client(create_app(builder.contract, builder.world, checked(STEPS)))


def ask(client: Client, path: str) -> Any:
    answer = client.get(f"/api/{path}", headers=HEADERS)
    assert answer.status_code == 200, answer.text
    return answer.json


def test_users_are_counted_once_a_day_a_month_and_ever(client: Client) -> None:
    assert ask(client, f"statistics/?stats_type=users&{RANGE}") == {
        "users": {
            "total_users": [
                {"year": 2026, "month": 1, "day": 1, "count": 2},
                {"year": 2026, "month": 1, "day": 5, "count": 3},
            ],
            "monthly_active_users": [
                {"year": 2026, "month": 1, "count": 3},
                {"year": 2026, "month": 3, "count": 1},
            ],
            "daily_active_users": {
                "per_day": [
                    {"year": 2026, "month": 1, "day": 1, "count": 2},
                    {"year": 2026, "month": 1, "day": 2, "count": 1},
                    {"year": 2026, "month": 1, "day": 5, "count": 1},
                    {"year": 2026, "month": 3, "day": 1, "count": 1},
                ],
                "per_week": [
                    {"year": 2026, "week": 1, "count": 2},
                    {"year": 2026, "week": 2, "count": 1},
                    {"year": 2026, "week": 9, "count": 1},
                ],
                "per_month": [
                    {"year": 2026, "month": 1, "count": 1},
                    {"year": 2026, "month": 3, "count": 1},
                ],
            },
        }
    }


@pytest.mark.parametrize("kind", ["users", "developers", "workspaces"])
def test_only_what_was_asked_for_is_answered(client: Client, kind: str) -> None:
    statistics = ask(client, f"statistics/?stats_type={kind}&{RANGE}")
    assert list(statistics) == [kind]
    assert set(statistics[kind]) == {f"total_{kind}", f"monthly_active_{kind}", f"daily_active_{kind}"}


def test_a_range_without_logins_has_no_points(client: Client) -> None:
    statistics = ask(client, "statistics/?stats_type=users&start=2030-01-01T00:00:00Z&end=2030-02-01T00:00:00Z")
    assert statistics["users"]["total_users"] == statistics["users"]["monthly_active_users"] == []


def test_a_workspace_counts_its_own_users(client: Client) -> None:
    statistics = ask(client, f"workspaces/2/statistics/?{RANGE}")
    assert statistics["total_users"] == [
        {"year": 2026, "month": 1, "day": 5, "count": 1},
        {"year": 2026, "month": 3, "day": 1, "count": 2},
    ]
    assert list(statistics["daily_active_users"]) == ["per_month"]


@pytest.mark.parametrize("kind", ["daily_user_logins", "daily_developer_logins"])
def test_details_are_rows_by_pages_or_all_of_them_as_csv(client: Client, kind: str) -> None:
    path = f"statistics/details/{kind}/?{DETAILS}"
    page = ask(client, f"{path}&limit=2")
    assert (page["count"], [row["row_id"] for row in page["results"]]) == (5, ["row-1", "row-2"])

    answer = client.get(f"/api/{path}&limit=2&export=csv", headers=HEADERS)
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["row_id"] for row in rows] == [f"row-{number}" for number in range(1, 6)], "a limit cuts no export"
    assert rows[0]["workspace.name"] == 'Brücke, "alt"'


@pytest.mark.parametrize("missing", ["stats_type", "start", "end"])
def test_what_is_required_is_asked_for_by_name(client: Client, missing: str) -> None:
    parts = [part for part in f"stats_type=users&{RANGE}".split("&") if not part.startswith(missing)]
    answer = client.get(f"/api/statistics/?{'&'.join(parts)}", headers=HEADERS)
    assert (answer.status_code, answer.json) == (400, {missing: ["This field is required."]})


def test_an_export_of_another_kind_is_refused(client: Client) -> None:
    answer = client.get(f"/api/statistics/details/daily_user_logins/?{DETAILS}&export=xlsx", headers=HEADERS)
    assert (answer.status_code, answer.json) == (400, {"export": ['"xlsx" is not a valid choice.']})
