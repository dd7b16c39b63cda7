"""A client's tests against a twin with the shop's own behaviour; `pyproject.toml` beside this file names it."""

from __future__ import annotations

from typing import Any

import requests


def test_a_total_is_added_up(twin_session: Any) -> None:
    assert twin_session.get("/orders/1/total").json() == {"cents": 599}


def test_an_order_is_cancelled_and_no_longer_listed(twin: Any) -> None:
    headers = {"Authorization": f"Bearer {twin.token}"}

    cancelled = requests.post(f"{twin.url}/orders/1/cancel", headers=headers, timeout=10)

    assert cancelled.json()["state"] == "cancelled"
    assert requests.get(f"{twin.url}/orders", headers=headers, timeout=10).json()["count"] == 1


def test_what_was_sent_is_not_cancelled(twin_session: Any) -> None:
    refused = twin_session.post("/orders/2/cancel")

    assert (refused.status_code, refused.json()) == (409, {"detail": "This order is on its way."})
