"""An ordered sequence that never changes: a write makes another one, which shares all but one block with it.

So whoever holds one sees one moment without a lock, and a write in a hundred thousand items copies some hundreds of
them. Like the lists of the library `sortedcontainers`, but kept for as long as somebody looks at them.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate, chain
from typing import Any, Generic, TypeVar, overload

T = TypeVar("T")
KeyOf = Callable[[T], Any]
"""What an item is ordered by. No two items of a sequence have the same."""

SIZE = 512
"""Items in a new block. One of more than twice as many is parted, one of less than a quarter joins its neighbour."""


class Blocks(Sequence[T], Generic[T]):
    """Items in the order of a key, in blocks. Reading a stretch costs the stretch, finding a place the logarithm."""

    __slots__ = ("_blocks", "_ends", "_key")

    def __init__(self, blocks: Sequence[Sequence[T]], key: KeyOf[T]) -> None:
        """blocks: the items, none of them empty; key: by which they are in order."""
        self._blocks = blocks
        self._key = key
        self._ends: list[int] | None = None

    @classmethod
    def of(cls, items: Iterable[T], key: KeyOf[T]) -> Blocks[T]:
        """Return a sequence of items that are in the order of the key already."""
        listed = list(items)
        return cls([listed[start : start + SIZE] for start in range(0, len(listed), SIZE)], key)

    def __len__(self) -> int:
        blocks = self._blocks
        if len(blocks) < 2:
            return len(blocks[0]) if blocks else 0
        return self._up_to()[-1]

    def __iter__(self) -> Iterator[T]:
        return chain.from_iterable(self._blocks)

    @overload
    def __getitem__(self, place: int) -> T: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[T]: ...
    def __getitem__(self, place: int | slice) -> T | Sequence[T]:
        if isinstance(place, slice):
            start, stop, step = place.indices(len(self))
            return self._stretch(start, stop) if step == 1 else list(self)[place]
        index = range(len(self))[place]
        return self._stretch(index, index + 1)[0]

    def _up_to(self) -> list[int]:
        """Return how many items there are up to the end of each block; reckoned once."""
        if self._ends is None:
            self._ends = list(accumulate(map(len, self._blocks)))
        return self._ends

    def _stretch(self, start: int, stop: int) -> Sequence[T]:
        if len(self._blocks) == 1:
            return self._blocks[0][start:stop]
        ends = self._up_to()
        items: list[T] = []
        at = bisect_right(ends, start)
        while start < stop:
            first = ends[at - 1] if at else 0
            items += self._blocks[at][start - first : stop - first]
            start, at = ends[at], at + 1
        return items

    def place_after(self, key: Any) -> int:
        """Return how many items have this key or a smaller one."""
        at = self._block_of(key)
        if at == len(self._blocks):
            return len(self)
        before = self._up_to()[at - 1] if at else 0
        return before + bisect_right(self._blocks[at], key, key=self._key)

    def _block_of(self, key: Any) -> int:
        """Return the first block whose last item does not come before a key, the number of blocks where none is."""
        return bisect_left(self._blocks, key, key=lambda block: self._key(block[-1]))

    def changed(self, old: T | None, new: T | None) -> Blocks[T]:
        """Return a sequence without the item `old` and with `new`, either of which may be none.

        Raises KeyError where the old one is not there.
        """
        blocks = list(self._blocks)
        if old is not None:
            key = self._key(old)
            at = self._block_of(key)
            place = bisect_left(blocks[at], key, key=self._key) if at < len(blocks) else -1
            if place < 0 or self._key(blocks[at][place]) != key:
                raise KeyError(key)
            kept = list(blocks[at])
            if new is not None and self._key(new) == key:
                kept[place] = new
                blocks[at] = kept
                return Blocks(blocks, self._key)
            del kept[place]
            _put_back(blocks, at, kept)
        return Blocks(blocks, self._key) if new is None else Blocks(blocks, self._key)._with(new)

    def _with(self, new: T) -> Blocks[T]:
        blocks, key = list(self._blocks), self._key(new)
        at = min(self._block_of(key), len(blocks) - 1)
        if at < 0:
            return Blocks([[new]], self._key)
        grown = list(blocks[at])
        grown.insert(bisect_left(grown, key, key=self._key), new)
        half = len(grown) // 2
        blocks[at : at + 1] = [grown] if len(grown) <= 2 * SIZE else [grown[:half], grown[half:]]
        return Blocks(blocks, self._key)


def _put_back(blocks: list[Sequence[T]], at: int, kept: Sequence[T]) -> None:
    """Put a block that has lost an item into its place: alone, or joined to the one before it, or not at all."""
    if not kept:
        del blocks[at]
    elif at and len(kept) < SIZE // 4 and len(blocks[at - 1]) <= SIZE:
        blocks[at - 1 : at + 1] = [[*blocks[at - 1], *kept]]
    else:
        blocks[at] = kept
