"""Verdicts as one JSON document, for programs. No secret is in it, in any spelling."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from apitwin.contracts.model import Contract
from apitwin.contracts.security.spellings import Spellings
from apitwin.testkit.server.verdict import Verdict
from apitwin.testkit.transport.exchange import Exchange
from apitwin.testkit.transport.target import Target


def document(verdicts: Sequence[Verdict], contract: Contract, target: Target, random_seed: int) -> dict[str, Any]:
    """Return the report: what was run, and each verdict with its finding."""
    report = {
        "contract": contract.name,
        "target": target.name,
        "random_seed": random_seed,
        "inferred": list(contract.inferred),
        "set_aside": list(map(str, contract.set_aside)),
        "verdicts": [_verdict(verdict, target) for verdict in verdicts],
    }
    return {name: _cleaned(value, target.secrets) for name, value in report.items()}


def _cleaned(value: Any, secrets: Spellings) -> Any:
    """Return a JSON value without secrets, in texts and in names."""
    if isinstance(value, str):
        return secrets.cleaned(value)
    if isinstance(value, list):
        return [_cleaned(item, secrets) for item in value]
    if isinstance(value, dict):
        return {secrets.cleaned(name): _cleaned(member, secrets) for name, member in value.items()}
    return value


def _verdict(verdict: Verdict, target: Target) -> dict[str, Any]:
    report: dict[str, Any] = {
        "operation": verdict.operation,
        "law": verdict.law,
        "outcome": verdict.outcome,
        "reason": verdict.reason,
        "examples": verdict.examples,
        "requests": verdict.requests,
    }
    if verdict.finding is not None:
        report |= {
            "expected": verdict.finding.expected,
            "found": verdict.finding.found,
            "fact": verdict.finding.fact,
            "evidence": None
            if verdict.evidence is None
            else {"status": verdict.evidence.status, "source": verdict.evidence.source},
            "drawn": dict(verdict.drawn),
            "shown": [_exchange(exchange, target) for exchange in verdict.finding.shown],
            "conversation": [_exchange(exchange, target) for exchange in verdict.conversation],
            "replay": verdict.replay,
        }
    return report


def _exchange(exchange: Exchange, target: Target) -> dict[str, Any]:
    return {
        "method": exchange.request.method,
        "url": exchange.request.shown_address(target.base),
        "curl": exchange.request.curl(target.base),
        "status": exchange.response.status,
        "body": exchange.response.text,
    }
