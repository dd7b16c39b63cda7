"""One broken law of a client told to a person: the world, each request and answer, what was given, what is missing."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from contracts.model import Operation
from contracts.validation import shortened
from testkit.clients.client import Client
from testkit.clients.laws import ClientLaw, Problem
from testkit.clients.settings import Settings
from testkit.clients.stage import Performance, shown

MOST_SHOWN = 8


def story(
    law: ClientLaw, problem: Problem, performance: Performance, operation: Operation, client: Client, settings: Settings
) -> str:
    """Return the story of a broken law, some lines of text."""
    return "\n".join(_lines(law, problem, performance, operation, client, settings))


def _lines(
    law: ClientLaw, problem: Problem, performance: Performance, operation: Operation, client: Client, settings: Settings
) -> Iterator[str]:
    yield f"BROKEN  {client.name}  {law.name}"
    yield f"  the law:   {law.claim}"
    yield f"  broken by: {problem.says}"
    yield f"  expected:  {shortened(problem.expected, 300)}"
    yield f"  found:     {shortened(problem.found, 300)}"
    yield f"  the world: {performance.scenario.told()}"
    yield "  what happened:"
    told = shown(performance, operation)
    for number, line in enumerate(told[:MOST_SHOWN], 1):
        yield f"    {number}. {shortened(line, 500)}"
    if len(told) > MOST_SHOWN:
        yield f"    ... and {len(told) - MOST_SHOWN} more requests"
    yield f"  it ended:  {_ended(performance)}"
    if settings.command:
        again = f"apitwin check-client {shlex.quote(settings.command)} --contract {settings.contract}"
        options = f"--operation {operation.id} --law {law.name} --seed {settings.draws}"
        yield f"  replay:    {again} {options}{'' if settings.seed is None else f' --world {settings.seed}'}"
    else:
        call = f'check_client({client.name}, "{operation.id}", laws=["{law.name}"], draws={settings.draws})'
        yield f"  replay:    {call}"


def _ended(performance: Performance) -> str:
    result = performance.result
    if not result.ended:
        return "not at all; it was left"
    if result.error is not None:
        return f"with {result.error}"
    return f"with {len(result.items or ())} items and no error"
