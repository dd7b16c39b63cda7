"""The one rule for all hostile servers: what a check of one must not do, whatever is sent to it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tests.hostile.launching import MOST_MEMORY, Ended, Job, run
from tests.hostile.leaks import leak_in
from tests.hostile.schemes import SCHEMES, Scheme
from tests.hostile.serving import HostileServer
from tests.hostile.zoo import SERVERS

OPERATIONS = 2
SPARE_S = 5.0
"""Seconds after its deadline within which a check has ended."""
SHORT = ("partition", "schema", "not-echoed")
"""Laws that read much, and the one about secrets."""


@dataclass(frozen=True)
class Checked:
    """What a check of a hostile server did. problems: what it must not do and did, nothing where all is well."""

    name: str
    ended: Ended
    problems: tuple[str, ...]


def check(
    names: Iterable[str],
    folder: Path,
    deadline: float,
    laws: Sequence[str] = (),
    honestly: int = 1,
    scheme: Scheme = SCHEMES["bearer"],
) -> Iterator[Checked]:
    """Check hostile servers, some at a time. laws: the names of some, all without; honestly: see `HostileServer`."""
    contract = scheme.contract(folder)
    jobs = []
    with ExitStack() as stack:
        for name in names:
            server = stack.enter_context(HostileServer(SERVERS[name], honestly))
            own = folder / name.replace("/", "-")
            own.mkdir(parents=True)
            words = ["check", str(contract), "--target", server.url, "--rate", "0", "--deadline", str(deadline)]
            words += ["--examples", "1" if laws else "3", "--json", "report.json", "--debug"]
            words += [word for law in laws for word in ("--law", law)]
            environment = {**scheme.environment, "TMPDIR": str(own), "NO_PROXY": "*"}
            jobs.append(Job(name, tuple(words), str(own), environment, deadline + 2 * SPARE_S))
        for ended in run(jobs):
            yield Checked(ended.name, ended, tuple(_problems(ended, folder, deadline, scheme)))


def _problems(ended: Ended, folder: Path, deadline: float, scheme: Scheme) -> Iterator[str]:
    own = folder / ended.name.replace("/", "-")
    output = (own / "output.txt").read_text("utf-8", "replace")
    if ended.code not in (0, 1, 2):
        yield f"exit code {ended.code}"
    if ended.seconds > deadline + SPARE_S:
        yield f"it took {ended.seconds:.1f} s"
    if ended.memory > MOST_MEMORY:
        yield f"it took {ended.memory >> 20} MiB"
    if "Traceback" in output:
        yield f"a traceback: {output[output.index('Traceback') :].strip().splitlines()[-1]}"
    yield from _unreported(own / "report.json", output, ended.code)
    for secret in scheme.secrets:
        leak = leak_in(own, secret)
        if leak is not None:
            yield f"a secret is in {leak}"


def _unreported(path: Path, output: str, code: int) -> Iterator[str]:
    """Give what is missing of the verdicts. A target that fails the first question is refused in one line instead."""
    text = path.read_text("utf-8") if path.exists() else ""
    if not text:
        if code != 2 or not output.splitlines()[-1:] or not output.splitlines()[-1].startswith("apitwin: "):
            yield f"exit code {code} and no report: {output[-200:]!r}"
        return
    verdicts = json.loads(text)["verdicts"]
    broken = [verdict for verdict in verdicts if verdict["outcome"] == "broken"]
    if len(verdicts) % OPERATIONS or not verdicts:
        yield f"{len(verdicts)} verdicts are reported"
    if (code == 1) is not bool(broken):
        yield f"exit code {code} with {len(broken)} broken laws"
    if any("inside apitwin" in verdict["reason"] for verdict in verdicts):
        yield next(verdict["reason"] for verdict in verdicts if "inside apitwin" in verdict["reason"])
