"""VIKTOR's numbers: counted from the logins that the world holds, so that they agree with the lists of details."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from apitwin.contracts import timestamps
from apitwin.mock_server import messages
from apitwin.mock_server.engine.call import Call
from apitwin.mock_server.engine.listing import listed
from apitwin.mock_server.engine.lookup import narrowed
from apitwin.mock_server.messages import Answer
from apitwin.mock_server.viktor.rights import known_workspace
from apitwin.mock_server.world.conditions import Has, term
from apitwin.mock_server.world.record import Record

Login = tuple[date, int]
"""A day and the number of the user (or workspace) that was there."""
Point = dict[str, int]


def environment(call: Call) -> Answer:
    """Answer the numbers of the whole environment, of the kind that was asked for. Source: docs, statistics-list."""
    kind = call.values["stats_type"]
    table, subject = TABLES[kind]
    logins = _logins(call.world.tables[table].records, subject)
    return Answer(200, messages.encode({kind: _counted(logins, kind, call.values)}), messages.JSON)


TABLES: Mapping[str, tuple[str, str]] = {
    "users": ("user_logins", "user"),
    "developers": ("developer_logins", "user"),
    "workspaces": ("user_logins", "workspace"),
}
"""From which rows each kind is counted, and whom of a row."""


def of_workspace(call: Call) -> Answer:
    """Answer the numbers of one workspace. Source: docs, workspaces-statistics."""
    holder = known_workspace(call, "not-found")
    own = Has(("/workspace/id",), (term(holder.values["id"]),))
    rows = call.world.tables["user_logins"].records.where(own)
    statistics = _counted(_logins(rows, "user"), "users", call.values)
    days = {"per_month": statistics["daily_active_users"]["per_month"]}
    return Answer(200, messages.encode({**statistics, "daily_active_users": days}), messages.JSON)


def _logins(rows: Iterable[Record], subject: str) -> list[Login]:
    logins = ((timestamps.parse(row.values["date"]), row.values.get(subject)) for row in rows)
    return sorted((when.date(), whom["id"]) for when, whom in logins if when is not None and whom)


def _counted(logins: list[Login], kind: str, values: Mapping[str, Any]) -> dict[str, Any]:
    start, end = _day(values.get("start"), date.min), _day(values.get("end"), date.max)
    inside = [login for login in logins if start <= login[0] <= end]
    return {
        f"total_{kind}": _totals(logins, start, end),
        f"monthly_active_{kind}": _active(inside, _month),
        f"daily_active_{kind}": {
            "per_day": _active(inside, lambda day: {**_month(day), "day": day.day}),
            "per_week": _active(inside, _week),
            "per_month": _daily_by_month(inside),
        },
    }


def _day(value: datetime | None, otherwise: date) -> date:
    return otherwise if value is None else value.date()


def _month(day: date) -> Point:
    return {"year": day.year, "month": day.month}


def _week(day: date) -> Point:
    year, week, _ = day.isocalendar()
    return {"year": year, "week": week}


def _active(logins: Iterable[Login], period: Callable[[date], Point]) -> list[Point]:
    """Return how many different ones were there in each period that had any."""
    met: dict[tuple[tuple[str, int], ...], set[int]] = defaultdict(set)
    for day, whom in logins:
        met[tuple(period(day).items())].add(whom)
    return [{**dict(key), "count": len(met[key])} for key in sorted(met, key=lambda key: [number for _, number in key])]


def _totals(logins: list[Login], start: date, end: date) -> list[Point]:
    """Return how many different ones there had been by each day on which the number grew."""
    met: set[int] = set()
    totals: dict[date, int] = {}
    for day, whom in logins:
        if whom not in met:
            met.add(whom)
            totals[day] = len(met)
    return [{**_month(day), "day": day.day, "count": count} for day, count in totals.items() if start <= day <= end]


def _daily_by_month(logins: Iterable[Login]) -> list[Point]:
    """Return how many were there on an average day with any, rounded, for each month (the mean is assumed)."""
    days: dict[date, set[int]] = defaultdict(set)
    for day, whom in logins:
        days[day].add(whom)
    months: dict[tuple[int, int], list[int]] = defaultdict(list)
    for day, whoms in sorted(days.items()):
        months[day.year, day.month].append(len(whoms))
    return [
        {"year": year, "month": month, "count": round(sum(counts) / len(counts))}
        for (year, month), counts in months.items()
    ]


def details(call: Call) -> Answer:
    """Answer rows by pages, or all of them as CSV. Source: docs, statistics-details-*; the columns are assumed."""
    if call.values.get("export") != "csv":
        return listed(call)
    records = call.steps.select(narrowed(call), call.operation, call.values)
    rows = [dict(_flat(record.values)) for record in records]
    columns = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\r\n")  # RFC 4180 section 2
    writer.writeheader()
    writer.writerows(rows)
    return Answer(200, text.getvalue().encode(), "text/csv; charset=utf-8")


def _flat(values: Mapping[str, Any], before: str = "") -> Iterable[tuple[str, Any]]:
    for name, value in values.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", value
