"""A mapping that never changes: a write makes another one, which shares all but a small part with it."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from itertools import chain
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

COUNT = 256
"""Parts of a mapping. A write copies one of them, and the list of all."""


class Shards(Mapping[K, V], Generic[K, V]):
    """Values by key, in no order, parted by the hash of the key."""

    __slots__ = ("_parts", "_size")

    def __init__(self, items: Iterable[tuple[K, V]] = ()) -> None:
        parts: list[dict[K, V]] = [{} for _ in range(COUNT)]
        for key, value in items:
            parts[hash(key) % COUNT][key] = value
        self._parts = parts
        self._size = sum(map(len, parts))

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[K]:
        return chain.from_iterable(self._parts)

    def __getitem__(self, key: K) -> V:
        return self._parts[hash(key) % COUNT][key]

    def changed(self, gone: Iterable[K], come: Iterable[tuple[K, V]]) -> Shards[K, V]:
        """Return a mapping without some keys and then with some items. Raises KeyError for a key that is not there."""
        made: Shards[K, V] = Shards.__new__(Shards)
        parts = made._parts = list(self._parts)
        copied: set[int] = set()

        def part(key: K) -> dict[K, V]:
            at = hash(key) % COUNT
            if at not in copied:
                parts[at] = dict(parts[at])
                copied.add(at)
            return parts[at]

        size = self._size
        for key in gone:
            del part(key)[key]
            size -= 1
        for key, value in come:
            mine = part(key)
            size += key not in mine
            mine[key] = value
        made._size = size
        return made
