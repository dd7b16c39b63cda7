"""`python -m tests.hostile [NAME ...]`: every hostile server behind every scheme, by every law.

Each is hostile from its first answer on, and after one and five honest ones.
"""

from __future__ import annotations

import sys
import tempfile
from itertools import product
from pathlib import Path

from tests.hostile.checking import check
from tests.hostile.schemes import SCHEMES
from tests.hostile.zoo import SERVERS

DEADLINE_S = 10.0


def main() -> int:
    """Check all servers whose name contains one of the words, print a table, and return the exit code."""
    names = [name for name in SERVERS if not sys.argv[1:] or any(word in name for word in sys.argv[1:])]
    failed = 0
    for scheme, honestly in product(SCHEMES, (0, 1, 5)):
        print(f"{scheme}, after {honestly} honest answers", flush=True)
        with tempfile.TemporaryDirectory() as folder:
            for checked in check(names, Path(folder), DEADLINE_S, honestly=honestly, scheme=SCHEMES[scheme]):
                failed += bool(checked.problems)
                ended = checked.ended
                said = "; ".join(checked.problems) or "well"
                print(f"  {checked.name:<34}{ended.code:>3}{ended.seconds:>7.1f} s{ended.memory >> 20:>5} MiB  {said}")
    print(f"{len(names)} servers, {failed} checks not as they should be")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
