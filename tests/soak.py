"""The laws many times, with other random seeds, against three correct servers: `python -m tests.soak [TIMES]`.

Not a test of every commit: it takes some minutes. Exit code 1 at the first false alarm.
"""

from __future__ import annotations

import os
import sys
import time
from dataclasses import replace

from apitwin.contracts import Contract, load
from apitwin.testkit.server.judge import LIVE_PROFILE, TWIN_PROFILE, RunContext, judge
from apitwin.testkit.server.laws import registered
from apitwin.testkit.transport.credentials import OTHER_TOKENS
from apitwin.testkit.transport.target import Target, live_target
from apitwin.testkit.transport.twins import twin_target
from tests.live_server import OPERATIONS
from tests.servers import ROOT, live_server


def alarms(contract: Contract, target: Target, seed: int) -> list[str]:
    """Return what the laws say against a server that is correct."""
    profile = replace(TWIN_PROFILE if target.is_twin else LIVE_PROFILE, random_seed=seed)
    context = RunContext(contract, target, profile, "apitwin check")
    there = [operation for operation in contract.operations if target.is_twin or operation.id in OPERATIONS]
    verdicts = [judge(law, operation, context) for operation in there for law in registered()]
    wrong = [verdict for verdict in verdicts if verdict.outcome in ("broken", "inconclusive")]
    return [
        f"{target.name} seed {seed}: {verdict.operation} {verdict.law} {verdict.outcome}: {verdict.reason}"
        for verdict in wrong
    ]


def main(times: int) -> int:
    """Run all seeds on all servers; return the exit code."""
    viktor, harbour = load("viktor"), load(ROOT / "tests" / "harbour" / "openapi.yaml")
    with live_server() as live:
        os.environ["LIVE_TOKEN"] = live["token"]
        os.environ.update({f"LIVE_{kind}": live[f"{kind}_token"] for kind in OTHER_TOKENS})
        others = {kind: f"LIVE_{kind}" for kind in OTHER_TOKENS}
        false_alarms: list[str] = []
        for seed in range(1, times + 1):
            start = time.monotonic()
            remote = live_target(live["url"], "LIVE_TOKEN", rate=0, others=others, token_in_url=True)
            for contract, target in ((viktor, twin_target(viktor)), (viktor, remote), (harbour, twin_target(harbour))):
                for alarm in alarms(contract, target, seed):
                    print(alarm, flush=True)
                    false_alarms.append(alarm)
            print(
                f"seed {seed}/{times}: {len(false_alarms)} false alarms so far, {time.monotonic() - start:.0f} s",
                flush=True,
            )
    print("\n".join(false_alarms) or f"{times} seeds, 3 servers, no false alarm")
    return 1 if false_alarms else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 20))
