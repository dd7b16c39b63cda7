"""Laws of failing: what a client does when the server is busy, silent, or broken."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import strategies

from apitwin.contracts.model import Operation
from apitwin.testkit.clients.harness import ClientRun
from apitwin.testkit.clients.laws import SLOW, Draw, Problem, Setting, law
from apitwin.testkit.clients.laws.loss import loss
from apitwin.testkit.clients.scenario import Fault, Scenario

BUSY: tuple[Fault, ...] = (
    {"name": "unavailable", "nth": 2, "retry_after": 2},
    {"name": "too-many-requests", "nth": 1, "retry_after": 1},
    {"name": "too-many-requests", "nth": 2, "retry_after": 2, "form": "date"},
)


def _busy(draw: Draw, setting: Setting) -> Scenario:
    return Scenario(15, 7, (draw(strategies.sampled_from(BUSY)),))


@law("waits", _busy, examples=3)
def waits(client_run: ClientRun, operation: Operation) -> Problem | None:
    """A 429 or 503 with Retry-After is waited for as long as it says, and then asked again."""
    at = next((index for index, entry in enumerate(client_run.asked) if entry.fault is not None), None)
    if at is None:
        return None
    refused = client_run.asked[at]
    # Others may be on their way at the same time: the one that was refused has to wait.
    after = [entry for entry in client_run.asked[at + 1 :] if entry.query == refused.query][:1]
    fault = client_run.scenario.faults[0]
    # A date has whole seconds, so up to one of them is already over.
    least = fault["retry_after"] - (1.0 if fault.get("form") == "date" else 0.1)
    if not after:
        ended = client_run.result.error or f"{len(client_run.result.items or ())} items"
        return Problem("it does not ask again", f"the same request after {fault['retry_after']} s", ended)
    waited = after[0].at_s - refused.at_s
    if waited < least:
        says = f"it asks again after {waited:.1f} s, against a Retry-After of {fault['retry_after']} s"
        return Problem(says, f"{least:.1f} s or more", f"{waited:.1f} s")
    return loss(client_run)


MOST_AT_ONCE = 5
"""Repetitions without a pause that a busy server can bear (assumed)."""
NO_PAUSE_S = 0.05


def _stays_busy(draw: Draw, setting: Setting) -> Scenario:
    return Scenario(15, 7, ({"name": "unavailable", "nth": 2, "times": 10**6},))


@law("gives-up", _stays_busy, examples=1)
def gives_up(client_run: ClientRun, operation: Operation) -> Problem | None:
    """A server that stays busy, and does not say for how long, is asked again a few times with pauses between; then
    there is an error.
    """
    refused = [entry for entry in client_run.asked if entry.fault is not None]
    if client_run.endless:
        return Problem("it asks again and again, without an end", "an error", f"{len(refused)} requests")
    pauses = [later.at_s - earlier.at_s for earlier, later in pairwise(refused) if later.query == earlier.query]
    hasty = sum(pause < NO_PAUSE_S for pause in pauses)
    if hasty > MOST_AT_ONCE:
        return Problem(f"it asks again {hasty} times without a pause", "pauses", f"{hasty + 1} requests in a row")
    if not client_run.result.ended:
        return None  # it may just be patient
    return fails_loudly(client_run, operation)


FAILURES: tuple[Fault, ...] = tuple(
    {"name": name, **words, "times": 10**6}
    for name, words in (
        ("server-error", {}),
        ("server-error", {"status": 504}),
        ("expired-token", {}),
        ("html-page", {"status": 200}),
        ("html-page", {"status": 400}),
        ("html-page", {"status": 403}),
        ("html-page", {"status": 404}),
        ("html-page", {"status": 502}),
        ("broken-json", {}),
        ("wrong-content-type", {}),
        ("cut-off-body", {}),
        ("empty-body", {"status": 200}),
        ("empty-body", {"status": 204}),
        ("dropped-connection", {}),
        ("dropped-in-body", {}),
    )
)


def _failing(draw: Draw, setting: Setting) -> Scenario:
    fault = {**draw(strategies.sampled_from(FAILURES)), "nth": draw(strategies.integers(1, 3))}
    return Scenario(15, 7, (fault,))


@law("fails-loudly", _failing, examples=32)
def fails_loudly(client_run: ClientRun, operation: Operation) -> Problem | None:
    """A refusal, a failure or a body that cannot be read becomes an error that is seen, never a shorter list."""
    if not any(entry.fault is not None for entry in client_run.asked) or client_run.result.error is not None:
        return None
    if client_run.endless or not client_run.result.ended:
        return Problem("it asks again and again, without an end", "an error", f"{len(client_run.asked)} requests")
    if not client_run.missing:
        return None
    came, whole = len(client_run.result.items or ()), len(client_run.expected)
    fault = next(entry.fault for entry in client_run.asked if entry.fault is not None)
    return Problem(f"{fault} becomes a shorter list, and no error", "an error", f"{came} of {whole} items", lost=True)


def _second_run(draw: Draw, setting: Setting) -> Scenario:
    fault = {**draw(strategies.sampled_from(FAILURES)), "nth": draw(strategies.integers(1, 3))}
    return Scenario(15, 7, (fault,), before=7)


@law("absence-is-no-deletion", _second_run, examples=8)
def absence_is_no_deletion(client_run: ClientRun, operation: Operation) -> Problem | None:
    """What a run that was cut short did not see is not taken for deleted: after a whole run, a broken one ends in an
    error or still gives everything.
    """
    earlier = client_run.earlier
    if earlier is None or earlier.items is None or not set(client_run.expected) <= set(earlier.items):
        return None  # that it does not even read everything is for other laws to say
    return fails_loudly(client_run, operation)


LATER_S = 5.0
"""How much later an answer comes than a client may wait."""


def _no_answer(draw: Draw, setting: Setting) -> Scenario:
    return Scenario(15, 7, ({"name": "latency", "nth": 2, "seconds": setting.seconds + LATER_S},))


@law("has-a-time-out", _no_answer, SLOW, examples=1)
def has_a_time_out(client_run: ClientRun, operation: Operation) -> Problem | None:
    """An answer that does not come is not waited for without an end: there is an error, or another try."""
    if client_run.result.error is not None:
        return None
    if not client_run.result.ended:
        waited = client_run.scenario.faults[0]["seconds"] - LATER_S
        says = f"after {waited:g} s it still waits for an answer that does not come"
        return Problem(says, f"an end within {waited:g} s (if it waits longer, say so with seconds)", "no end")
    return loss(client_run)
