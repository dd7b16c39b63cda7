"""ChromaDB, a database of vectors: OpenAPI 3.1, limit and offset, no token."""

from __future__ import annotations

import requests

from tests.products.fetching import fetched
from tests.products.product import Place, Product

COLLECTIONS = 23
RECORDS = 7
"""Records in each collection."""
MANY = "/api/v2/tenants/default_tenant/databases/default_database/collections"


def _command(place: Place) -> list[str]:
    return ["chroma", "run", "--path", str(place.data), "--host", "127.0.0.1", "--port", str(place.port)]


def _fill(place: Place) -> None:
    for number in range(COLLECTIONS):
        made = requests.post(f"{place.base}{MANY}", json={"name": f"library_{number}"}, timeout=30)
        made.raise_for_status()
        names = [f"book_{record}" for record in range(RECORDS)]
        records = {"ids": names, "documents": names, "embeddings": [[record / 7, 1.0] for record in range(RECORDS)]}
        requests.post(f"{place.base}{MANY}/{made.json()['id']}/add", json=records, timeout=30).raise_for_status()


PRODUCT = Product(
    name="chroma",
    packages=("chromadb==1.5.9",),
    command=_command,
    ready="/api/v2/heartbeat",
    fill=_fill,
    document=lambda place: fetched(place, "/openapi.json"),
    options=("--path-value", "tenant=default_tenant", "--path-value", "database=default_database"),
)
