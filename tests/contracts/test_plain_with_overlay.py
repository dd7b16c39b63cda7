"""A document with what was inferred of it laid over it is a plain one still; what somebody says besides ends that."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from apitwin.contracts import load
from apitwin.contracts.inference import overlay
from tests.contracts.plain_documents import AUTHOR, BOOK, WHOLE, array, get, query, written

PAGES = query(limit={"type": "integer", "maximum": 5}, offset=WHOLE)
PATHS = {
    "/books": {"get": get(array(BOOK), PAGES)},
    "/books/{id}": {"get": get(BOOK)},
    "/authors": {"get": get(array(AUTHOR), PAGES)},
}


@pytest.fixture
def document(tmp_path: Path) -> Path:
    return written(tmp_path, PATHS)


def is_plain(document: Path, more: dict[str, Any] | None = None, status: str = "inferred") -> bool:
    """Return whether the document is plain with its overlay. more: said at the root; status: of the evidence there."""
    laid = yaml.safe_load(overlay.written(document))
    root = laid["actions"][0]["update"]["x-apitwin"]
    root |= more or {}
    first = next(iter(root["evidence"]))
    root["evidence"][first]["status"] = status
    path = document.with_name("overlay.yaml")
    path.write_text(yaml.safe_dump(laid), "utf-8")
    return load(document, overlay=path).is_plain


def test_what_was_inferred_says_nothing_new(document: Path) -> None:
    assert load(document).is_plain
    assert is_plain(document)


def test_what_somebody_says_himself_is_judged(document: Path) -> None:
    assert not is_plain(document, {"requests": {"wrong-path": "reject"}})
    assert not is_plain(document, status="documented")
