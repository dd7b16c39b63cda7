"""Apache Airflow, a scheduler of tasks: OpenAPI 3.1 with 128 operations, limit and offset and cursors, a token.

Only its API is started. What a scheduler would do is done before, so that nothing changes while it is judged.
"""

from __future__ import annotations

import json

import requests

from tests.products.fetching import fetched
from tests.products.product import SECRET, Place, Product

RUN = ("asset_produces_1", "asset_with_extra_by_yield", "example_xcom")
"""Example DAGs that are run to their end."""
QUEUED_RUNS = 13
THINGS = 123
"""Variables, pools and connections that are made, of each so many."""


def _environment(place: Place) -> dict[str, str]:
    return {
        "AIRFLOW_HOME": str(place.data),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "True",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": "judge:admin",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(place.data / "passwords.json"),
        "AIRFLOW__API__WORKERS": "1",
        "AIRFLOW__API_AUTH__JWT_SECRET": SECRET * 2,
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "WARNING",
    }


def _prepare(place: Place) -> None:
    environment = _environment(place)
    (place.data / "passwords.json").write_text(json.dumps({"judge": SECRET}), "utf-8")
    place.run("airflow", "db", "migrate", env=environment)
    place.run("airflow", "dags", "reserialize", env=environment)
    for name in RUN:
        place.run("airflow", "dags", "test", name, env=environment)


def _headers(place: Place) -> dict[str, str]:
    return {"Authorization": f"Bearer {_token(place)}"}


def _token(place: Place) -> str:
    user = {"username": "judge", "password": SECRET}
    answer = requests.post(f"{place.base}/auth/token", json=user, timeout=60)
    answer.raise_for_status()
    return str(answer.json()["access_token"])


def _fill(place: Place) -> None:
    headers = _headers(place)
    for number in range(THINGS):
        for path, body in (
            ("variables", {"key": f"variable_{number:03}", "value": str(number), "description": "a number"}),
            ("pools", {"name": f"pool_{number:03}", "slots": number % 7 + 1}),
            ("connections", {"connection_id": f"connection_{number:03}", "conn_type": "http", "host": "example.org"}),
        ):
            requests.post(f"{place.base}/api/v2/{path}", json=body, headers=headers, timeout=60).raise_for_status()
    for number in range(QUEUED_RUNS):
        body = {"dag_run_id": f"queued_{number:02}", "logical_date": f"2024-01-{number + 1:02}T00:00:00Z"}
        path = f"{place.base}/api/v2/dags/{RUN[0]}/dagRuns"
        requests.post(path, json=body, headers=headers, timeout=60).raise_for_status()


PRODUCT = Product(
    name="airflow",
    packages=("apache-airflow==3.3.2",),
    prepare=_prepare,
    environment=_environment,
    command=lambda place: ["airflow", "api-server", "--host", "127.0.0.1", "--port", str(place.port)],
    ready="/api/v2/version",
    fill=_fill,
    document=lambda place: fetched(place, "/openapi.json"),
    token=_token,
)
