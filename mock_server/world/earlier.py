"""What is there before an item comes, for what is computed of the items before it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from apitwin.mock_server.world.records import Store


class ValuesByIdentity(Mapping[str, Any]):
    """The values of a store's records by identity, as they are when they are looked up."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def __len__(self) -> int:
        return len(self._store.by_identity)

    def __iter__(self) -> Iterator[str]:
        return iter(self._store.by_identity)

    def __getitem__(self, identity: str) -> Any:
        return self._store.by_identity[identity].values
