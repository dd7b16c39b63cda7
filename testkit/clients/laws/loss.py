"""What a client lost, or gave too much of, in words; and a query in words."""

from __future__ import annotations

from collections.abc import Sequence

from apitwin.testkit.clients.harness import ClientRun
from apitwin.testkit.clients.laws import Problem


def loss(client_run: ClientRun) -> Problem | None:
    """Say what is missing in, or too much of, what a client gave; None where it gave just what there is."""
    result, missing, added = client_run.result, client_run.missing, client_run.added
    if client_run.endless or not result.ended:
        return Problem(
            f"it does not end: {len(client_run.asked)} requests for {len(client_run.expected)} items",
            f"an end after at most {len(client_run.expected)} requests and a few",
            "the client was left while it was still asking" if not result.ended else str(result.error),
        )
    if result.error is not None:
        return Problem("it fails although nothing went wrong", "every item", result.error)
    if not missing and not added:
        return None
    came, whole = len(result.items or ()), len(client_run.expected)
    words = [f"{len(missing)} of {whole} items are missing"] if missing else []
    words += [f"{len(added)} came twice or are not there"] if added else []
    wrong = f"missing: {span(missing)}" if missing else f"too many: {span(added)}"
    says = " and ".join(words) + ", and it says nothing"
    return Problem(says, f"{whole} items, each once", f"{came} items; {wrong}", lost=True)


def span(ids: Sequence[str]) -> str:
    """Return some identities in short: the first and the last of each unbroken row of numbers."""
    rows: list[list[str]] = []
    for identity in ids:
        last = rows[-1][-1] if rows else ""
        if identity.isdigit() and last.isdigit() and int(identity) == int(last) + 1:
            rows[-1].append(identity)
        else:
            rows.append([identity])
    spans = [row[0] if len(row) == 1 else f"{row[0]} to {row[-1]}" for row in rows[:4]]
    return ", ".join(spans) + (", ..." if len(rows) > 4 else "")


def as_query(query: Sequence[tuple[str, str]]) -> str:
    """Return the parameters of a request as a text."""
    return "&".join(f"{name}={value}" for name, value in query) or "no parameters"
