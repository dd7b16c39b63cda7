"""Clients that send, print and do nonsense: `check-client` ends in time, in little memory, and as documented."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import pytest

from tests.hostile.clients import CLIENTS, HONEST, READS
from tests.hostile.launching import MOST_ADDRESSES, MOST_MEMORY, Ended, Job, run
from tests.hostile.schemes import CONTRACT, TOKEN

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="the memory of a process is measured by what only Linux tells"
)

DEADLINE_S = 8.0
SPARE_S = 5.0
WORLD = "tokens: [{token: of-the-twin, roles: [reader]}]\ncollections: {things: [{id: 1}]}\n"
ORDERS = ("\x1b", "\x07", "\u202e", "\n::", "\n##vso")


def job(name: str, folder: Path) -> Job:
    """Return the check of a client, in a folder of its own. One that reads rightly has more time."""
    own = folder / name
    own.mkdir()
    program = own / "client.py"
    program.write_text(READS + CLIENTS[name], "utf-8")
    command = shlex.join((sys.executable, str(program)))
    words = ["check-client", command, "--law", "reads-everything", "--operation", "things_list", "--debug"]
    (own / "world.yaml").write_text(WORLD, "utf-8")
    words += ["--contract", str(CONTRACT), "--world", str(own / "world.yaml")]
    seconds, deadline = ("20", 60.0) if name in HONEST else ("3", DEADLINE_S)
    words += ["--examples", "1", "--seconds", seconds, "--deadline", str(deadline)]
    environment = {"TMPDIR": str(own), "NO_PROXY": "*", "APITWIN_TOKEN": TOKEN}
    return Job(name, tuple(words), str(own), environment, deadline + 2 * SPARE_S, 4 * MOST_ADDRESSES)


def problems(ended: Ended, output: str) -> list[str]:
    """Return what a check must not do, and did."""
    obeys = ended.name in HONEST
    judged = "reads-everything" in output or (
        output.splitlines()[-1:] != [] and output.splitlines()[-1].startswith("apitwin: ")
    )
    wrong = {
        f"exit code {ended.code}": ended.code not in ((0,) if obeys else (0, 1, 2)),
        f"it took {ended.seconds:.1f} s": not obeys and ended.seconds > DEADLINE_S + SPARE_S,
        f"it took {ended.memory >> 20} MiB": ended.memory > MOST_MEMORY,
        "a traceback": "Traceback" in output,
        "no verdict": not judged,
        "the user's own token": TOKEN in output,
        "an order": any(order in output for order in ORDERS),
        "apitwin itself failed": "inside apitwin" in output,
    }
    return [problem for problem, holds in wrong.items() if holds]


def test_every_hostile_client_is_judged_within_bounds(tmp_path: Path) -> None:
    found = {}
    for ended in run(job(name, tmp_path) for name in CLIENTS):
        output = (tmp_path / ended.name / "output.txt").read_text("utf-8", "replace")
        found[ended.name] = [*problems(ended, output), *([output[-1500:]] if problems(ended, output) else [])]
    assert found.keys() == CLIENTS.keys()
    assert {name: said for name, said in found.items() if said} == {}
