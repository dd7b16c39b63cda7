"""The matrix of sabotages and laws: `python -m tests.sabotage [--full] [--seed N] [NAME ...]`."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence

from apitwin.contracts import load
from apitwin.testkit.server.laws import registered
from tests.sabotage.broken import SABOTAGES
from tests.sabotage.matrix import Row, examined
from tests.sabotage.sabotage import Sabotage


def arguments(given: Sequence[str] | None) -> argparse.Namespace:
    """Return the command line, read."""
    parser = argparse.ArgumentParser(prog="python -m tests.sabotage", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these sabotages")
    parser.add_argument("--full", action="store_true", help="ask all laws, and show which others noticed (slower)")
    parser.add_argument("--seed", type=int, default=0, help="of what the laws draw")
    found = parser.parse_args(given)
    unknown = sorted(set(found.names) - {one.name for one in SABOTAGES})
    if unknown:
        parser.error(f"no sabotage {', '.join(unknown)}; there is: {', '.join(one.name for one in SABOTAGES)}")
    return found


def rows(chosen: Sequence[Sabotage], *, seed: int, full: bool) -> list[Row]:
    """Judge each sabotage, and say on stderr how far it is."""
    contracts, found = {name: load(name) for name in {one.contract for one in chosen}}, []
    for number, one in enumerate(chosen, 1):
        print(f"\r{number}/{len(chosen)} {one.name:<48}", end="", file=sys.stderr, flush=True)
        found.append(examined(one, contracts[one.contract], seed=seed, everything=full))
    print(f"\r{'':<60}\r", end="", file=sys.stderr, flush=True)
    return found


def table(found: Sequence[Row]) -> str:
    """Return the rows as text: sabotage, its law, whether it was caught, laws that caught it, requests, others."""
    lines = [f"{'sabotage':<40} {'law':<22} {'caught':<12} {'laws':>4} {'requests':>8}  also noticed by"]
    for row in found:
        laws = "" if row.others is None else str(row.caught + len(row.others))
        requests = "" if row.requests is None else str(row.requests)
        caught = "yes" if row.caught else f"NO: {row.verdict.outcome}"
        others = ", ".join(row.others or ())
        line = f"{row.sabotage.name:<40} {row.sabotage.caught_by:<22} {caught:<12} {laws:>4} {requests:>8}  {others}"
        lines.append(line.rstrip())
    return "\n".join(lines)


def idle_laws(found: Sequence[Row]) -> set[str]:
    """Return the names of the laws that caught no sabotage of theirs."""
    return {one.name for one in registered()} - {row.sabotage.caught_by for row in found if row.caught}


def main(given: Sequence[str] | None = None) -> int:
    """Print the matrix. Returns 1 if a sabotage is not caught by its law, or a law catches nothing, else 0."""
    options = arguments(given)
    start = time.monotonic()
    found = rows(
        [one for one in SABOTAGES if not options.names or one.name in options.names],
        seed=options.seed,
        full=options.full,
    )
    print(table(found))
    missed = [row.sabotage.name for row in found if not row.caught]
    idle = set() if options.names else idle_laws(found)
    laws = "" if options.names else f"{len(registered())} laws, {len(idle)} that caught nothing, "
    elapsed_s = time.monotonic() - start
    print(
        f"\n{len(found)} sabotages, {len(found) - len(missed)} caught by their law, "
        f"{laws}{elapsed_s:.0f} s, seed {options.seed}"
    )
    for row in found:
        if not row.caught:
            print(f"not caught: {row.sabotage.name} by {row.sabotage.caught_by}: {row.verdict.reason or 'it holds'}")
    for name in sorted(idle):
        print(f"caught nothing: {name}")
    return 1 if missed or idle else 0


if __name__ == "__main__":
    sys.exit(main())
