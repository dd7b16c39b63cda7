"""`python -m tests.frameworks [--seeds N] [--server NAME] [--defects]`: everything, which takes an hour.

Exit code 1 where a correct server is accused, or a defect is not caught.
"""

from __future__ import annotations

import argparse
import sys
import time

from tests.frameworks.bookshop.defects import DEFECTS
from tests.frameworks.caught import NOT_CAUGHT, caught
from tests.frameworks.judging import check, served
from tests.frameworks.known import SERVERS


def correct(names: list[str], seeds: int) -> int:
    """Judge correct servers with several random seeds; return how many findings are not known."""
    wrong = 0
    for name in names:
        server = SERVERS[name]
        with served(server.module, *server.arguments) as said:
            for seed in range(seeds):
                start = time.monotonic()
                report = check(said, "--random-seed", str(seed))
                counted = {outcome: len(report.of(outcome)) for outcome in ("holds", "broken", "inconclusive")}
                print(f"{name} seed {seed}: {counted}, {time.monotonic() - start:.0f} s", flush=True)
                for finding, reason in report.of("broken").items():
                    wrong += finding not in server.broken
                    print(f"  {'known' if finding in server.broken else 'WRONG'}  {' '.join(finding)}: {reason}")
    return wrong


def defects(names: list[str]) -> int:
    """Judge the bookshop with each defect; return how many are not caught and should be."""
    missed = 0
    for name in names:
        outcome, reason = caught(name)
        missed += outcome != "broken" and name not in NOT_CAUGHT
        print(f"{name:36} {outcome:12} {reason}", flush=True)
    return missed


def main() -> int:
    """Runs what is asked for; returns the exit code."""
    parser = argparse.ArgumentParser(prog="tests.frameworks")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--server", choices=SERVERS, action="append")
    parser.add_argument("--defects", action="store_true")
    arguments = parser.parse_args()
    found = defects(list(DEFECTS)) if arguments.defects else correct(arguments.server or list(SERVERS), arguments.seeds)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
