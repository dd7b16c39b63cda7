"""Asking a generated twin without a socket, with what it takes to be let in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from werkzeug.test import TestResponse

from apitwin.mock_server import Twin

HERE = Path(__file__).parent
DOCUMENTS = ("typed", "served", "mixed")


def document(name: str) -> Path:
    """Return the file of a document of these tests."""
    return HERE / f"{name}.yaml"


class Client:
    """A client of a twin that checks its own answers."""

    def __init__(self, contract: Any, **words: Any) -> None:
        self.twin = Twin(contract, check_answers=True, **words)
        self._client = self.twin.application.test_client()

    def ask(self, method: str, path: str, **words: Any) -> TestResponse:
        """Send a request, and return the answer to it."""
        headers = {"Authorization": self.twin.token, **words.pop("headers", {})}
        return self._client.open(path, method=method, headers=headers, **words)

    def get(self, path: str, status: int = 200) -> Any:
        """Return the body of an answer in JSON, which must have a status."""
        answer = self.ask("GET", path)
        assert answer.status_code == status, answer.text
        return answer.json

    def send(self, method: str, path: str, body: Any, status: int = 200) -> Any:
        """Send a body in JSON, and return that of the answer, which must have a status."""
        answer = self.ask(method, path, json=body)
        assert answer.status_code == status, answer.text
        return answer.json
