"""The long form: `python -m tests.hostile_requests --requests 200000 [--tls] [--seed N]`."""

from __future__ import annotations

import argparse
import sys
import time

from tests.hostile_requests.attack import attack, attacked

WARM = 5000
"""Requests after which the memory is looked at for the first time."""


def main() -> int:
    """Attack a twin; return 1 where anything is wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.hostile_requests")
    parser.add_argument("--requests", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tls", action="store_true")
    chosen = parser.parse_args()
    with attacked(chosen.tls) as twin:
        result = attack(twin, min(WARM, chosen.requests), chosen.seed)
        before, begun = twin.memory_mb(), time.monotonic()
        attack(twin, chosen.requests - result.requests, chosen.seed + 1, result=result)
        took, grown, written = time.monotonic() - begun, twin.memory_mb() - before, twin.written()
    print(f"{result.requests} requests on {result.connections} connections in {took:.0f} s, seed {chosen.seed}")
    print(f"slowest connection {result.slowest_s:.2f} s, memory {before:.0f} MB and {grown:+.1f} MB")
    print("statuses:", dict(sorted(result.statuses.items())))
    if written:
        result.wrong.append(f"on standard error: {written[:2000]}")
    if grown > 50:
        result.wrong.append(f"the memory grew by {grown:.0f} MB")
    print("\n".join(result.wrong[:20]) or "nothing is wrong")
    return 1 if result.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
