"""Fetching the document that a product publishes."""

from __future__ import annotations

from pathlib import Path

import requests

from tests.products.product import Place


def fetched(place: Place, path: str) -> Path:
    """Return the file of the document that a product answers with at a path."""
    answer = requests.get(f"{place.base}{path}", headers={"Accept": "application/json"}, timeout=60)
    answer.raise_for_status()
    file = place.folder / "openapi.json"
    file.write_bytes(answer.content)
    return file
