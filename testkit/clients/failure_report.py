"""The report of a law that a client broke: the world, each request and answer, how it ended, and how to repeat it."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import replace

from apitwin.contracts.model import Operation
from apitwin.contracts.printable import printable
from apitwin.contracts.validation import shortened
from apitwin.testkit.clients.client import Client
from apitwin.testkit.clients.harness import ClientRun, exchange_lines
from apitwin.testkit.clients.laws import ClientLaw, Problem
from apitwin.testkit.clients.settings import Settings

MOST_SHOWN = 8


def failure_report(
    law: ClientLaw, problem: Problem, client_run: ClientRun, operation: Operation, client: Client, settings: Settings
) -> str:
    """Return the report of a broken law, several lines of text."""
    return printable("\n".join(_lines(law, problem, client_run, operation, client, settings)))


def _lines(
    law: ClientLaw, problem: Problem, client_run: ClientRun, operation: Operation, client: Client, settings: Settings
) -> Iterator[str]:
    yield f"BROKEN  {client.name}  {law.name}"
    yield f"  the law:   {law.claim}"
    yield f"  broken by: {problem.says}"
    yield f"  expected:  {shortened(problem.expected, 300)}"
    yield f"  found:     {shortened(problem.found, 300)}"
    yield f"  the world: {client_run.scenario.summary}"
    yield "  what happened:"
    exchanges = exchange_lines(client_run, operation)
    for number, line in enumerate(exchanges[:MOST_SHOWN], 1):
        yield f"    {number}. {shortened(line, 500)}"
    if len(exchanges) > MOST_SHOWN:
        yield f"    ... and {len(exchanges) - MOST_SHOWN} more requests"
    yield f"  it ended:  {_ended(client_run)}"
    yield f"  replay:    {_replay(replace(settings, operation=operation.id, laws=(law.name,)), client)}"


OPTIONS = {
    "contract": "--contract",
    "operation": "--operation",
    "world": "--world",
    "overlay": "--overlay",
    "root": "--root",
    "extension": "--extension",
    "laws": "--law",
    "examples": "--examples",
    "random_seed": "--random-seed",
    "seconds": "--seconds",
    "page_maximums": "--page-maximum",
}
"""What draws the same scenarios again: the argument of `check_client`, and the option of the command."""
ALWAYS = ("operation", "laws", "random_seed")


def _replay(settings: Settings, client: Client) -> str:
    """Return the call or the command line that draws the same scenarios."""
    usual = Settings(seconds=30.0) if settings.command else Settings()
    said = {
        word: getattr(settings, word)
        for word in OPTIONS
        if word in ALWAYS or getattr(settings, word) != getattr(usual, word)
    }
    if not settings.command:
        words = ", ".join(
            f"{word}={list(value) if isinstance(value, tuple) else value!r}" for word, value in said.items()
        )
        return f"check_client({client.name}, {words})"
    line = ["apitwin", "check-client", settings.command]
    for word, value in said.items():
        for single in value if isinstance(value, tuple) else (value,):
            line += [OPTIONS[word], f"{single:g}" if isinstance(single, float) else str(single)]
    return shlex.join(line)


def _ended(client_run: ClientRun) -> str:
    result = client_run.result
    if not result.ended:
        return "not at all; it was left"
    if result.error is not None:
        return f"with {result.error}"
    return f"with {len(result.items or ())} items and no error"
