"""A mapping that never changes: a write makes another one, which shares all but a small part with it."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

BITS = 6
COUNT = 1 << BITS
"""Boxes of a mapping, and dicts in a box: a write in a hundred thousand items copies two lists and one small dict."""
WITHIN = COUNT - 1


class Shards(Mapping[K, V], Generic[K, V]):
    """Values by key, in no order, parted by the hash of the key: first into boxes, then into dicts."""

    __slots__ = ("_boxes", "_size")

    def __init__(self, items: Iterable[tuple[K, V]] = ()) -> None:
        nothing: list[dict[K, V]] = [{}] * COUNT  # one dict, many times, for each is copied before it is changed
        self._boxes = [nothing] * COUNT
        self._size = 0
        changed = self.changed((), items)
        self._boxes, self._size = changed._boxes, changed._size

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[K]:
        return (key for box in self._boxes for part in box for key in part)

    def __getitem__(self, key: K) -> V:
        place = hash(key)
        return self._boxes[place & WITHIN][place >> BITS & WITHIN][key]

    def changed(self, gone: Iterable[K], come: Iterable[tuple[K, V]]) -> Shards[K, V]:
        """Return a mapping without some keys and then with some items. Raises KeyError for a key that is not there."""
        made: Shards[K, V] = Shards.__new__(Shards)
        boxes, size = list(self._boxes), self._size
        copied: dict[int, dict[K, V]] = {}

        def part(key: K) -> dict[K, V]:
            place = hash(key) & (COUNT * COUNT - 1)
            if place not in copied:
                first, second = place & WITHIN, place >> BITS
                if boxes[first] is self._boxes[first]:
                    boxes[first] = list(boxes[first])
                copied[place] = boxes[first][second] = dict(boxes[first][second])
            return copied[place]

        for key in gone:
            del part(key)[key]
            size -= 1
        for key, value in come:
            mine = part(key)
            size += key not in mine
            mine[key] = value
        made._boxes, made._size = boxes, size
        return made
