"""Worlds that were read from a file a moment ago: a further twin of the same file begins with the same state.

Reading the world of a large API takes a hundred times longer than making a twin of one that is there, and tests make
many twins. What a world holds never changes, so that worlds may share it.
"""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from dataclasses import dataclass
from pathlib import Path

from apitwin.contracts.model import Contract
from apitwin.mock_server.world.world import World
from apitwin.mock_server.world.world_file import FillItem, FinalizeWorld, world_from_file

LONGEST_S = 60.0
"""Seconds for which a world is as good as a new one: what is filled in may be the time (assumed: no test minds)."""
MOST = 8
"""Worlds that are kept; the oldest goes first."""
MOST_RECORDS = 100_000
"""Records of a world that is kept, at most: a larger one takes too much memory when its twin is gone (assumed)."""
Key = tuple[str, int, int, FillItem | None, FinalizeWorld | None]


@dataclass(frozen=True)
class _Original:
    """A world as it was read. It is given to nobody, so it stays as it is. made: when, in seconds since 1970."""

    key: Key
    contract: Contract
    made: float
    world: World


_originals: deque[_Original] = deque(maxlen=MOST)
_reading = threading.RLock()  # an extension may make a twin while it fills in a world


def world_of(path: Path, contract: Contract, fill_item: FillItem | None, finalize_world: FinalizeWorld | None) -> World:
    """Return the world that a world file describes, of a state that another may have as well.

    fill_item, finalize_world: as `world_from_file` has them; what they fill in follows from what they are given and
    from the time alone. Raises TwinError naming the file and the key.
    """
    try:
        status = os.stat(path)
    except OSError:
        return world_from_file(path, contract, fill_item, finalize_world)  # which says what is the matter
    key = (str(path), status.st_mtime_ns, status.st_size, fill_item, finalize_world)
    with _reading:
        original = next((one for one in _originals if one.key == key and _alike(one.contract, contract)), None)
        if original is None or not 0 <= time.time() - original.made < LONGEST_S:
            world = world_from_file(path, contract, fill_item, finalize_world)
            if sum(table.state.size for table in world.tables.values()) > MOST_RECORDS:
                return world
            original = _Original(key, contract, time.time(), world)
            _originals.append(original)
        return original.world.another(contract)


def _alike(contract: Contract, other: Contract) -> bool:
    """Whether worlds of both have the same things and tokens: the contracts differ in nothing but their operations."""
    return contract.collections is other.collections and contract.schemes is other.schemes
