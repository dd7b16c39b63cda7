"""Published documents on their twins: each is walked through, and checked by every law.

`python -m tests.generated.published FOLDER` looks for the documents below a folder, as `python -m benchmarks.corpus
download FOLDER` makes one, and prints a line of a table for each of them, with what was wrong below it. `--only NAME`
chooses.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from apitwin.contracts import load
from apitwin.testkit.server.judge import judge
from apitwin.testkit.server.verdict import BROKEN, HOLDS, INCONCLUSIVE
from apitwin.testkit.settings import Settings, plan
from tests.walks import walked

DOCUMENTS = (
    "adyen.com/ManagementService-v3.json",
    "asana.com.json",
    "box.com.json",
    "circleci.com.json",
    "digitalocean.com.json",
    "kubernetes.io.json",
    "notion.com.json",
    "openai.com.json",
    "stripe.com.json",
    "openapi/v2-rest-api-generated.yaml",
    "octokit-openapi/api.github.com.json",
)
"""Ends of the paths of the documents; the last two are those of Apache Airflow and of GitHub."""
HEAD = "| document | operations | lists | items | writes | asked | wrong | s | laws hold | broken | open | asked | s |"
LINE = "|---|" + "---|" * 12


@dataclass
class Checked:
    """What became of the laws on the twin of a document. seconds: of the processor."""

    outcomes: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)
    requests: int = 0
    seconds: float = 0.0


def checked(path: Path) -> Checked:
    """Judge the twin of a document by every law."""
    done, start = Checked(), time.process_time()
    run = plan(Settings(str(path)))
    for law, operation in run.pairs:
        verdict = judge(law, operation, run.context)
        done.outcomes[verdict.outcome] += 1
        done.requests += verdict.requests
        if verdict.outcome == BROKEN:
            done.broken.append(f"{operation.id} {law.name}: {verdict.reason}")
    done.seconds = time.process_time() - start
    return done


def lines(path: Path) -> Iterator[str]:
    """Yield the line of a document in the table, and what was wrong with its twin."""
    start = time.process_time()
    walk = walked(load(path), items=6)
    seconds = time.process_time() - start
    laws = checked(path)
    met = (walk.operations, walk.lists, walk.items, walk.written, walk.asked, len(walk.problems), f"{seconds:.0f}")
    outcomes = (laws.outcomes[HOLDS], laws.outcomes[BROKEN], laws.outcomes[INCONCLUSIVE])
    columns = (f"`{path.name}`", *met, *outcomes, laws.requests, f"{laws.seconds:.0f}")
    yield f"| {' | '.join(map(str, columns))} |"
    yield from (f"    {problem[:300]}" for problem in (*walk.problems, *laws.broken))


def main() -> int:
    """Walk through and check every document that is there; exit code 1 where something is wrong with a twin."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", action="append", default=[], help="Documents whose name has this in it.")
    asked = parser.parse_args()
    found = {end: next(iter(sorted(asked.folder.rglob(end))), None) for end in DOCUMENTS}
    print(HEAD, LINE, sep="\n", flush=True)
    bad = 0
    for end, path in found.items():
        if asked.only and not any(word in end for word in asked.only):
            continue
        if path is None:
            print(f"    {end} is not below {asked.folder}", flush=True)
            continue
        for line in lines(path):
            bad += line.startswith(" ")
            print(line, flush=True)
    return min(bad, 1)


if __name__ == "__main__":
    sys.exit(main())
