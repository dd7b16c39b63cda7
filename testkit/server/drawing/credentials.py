"""What the laws of tokens draw from: the credentials of an operation, right and wrong in every way of its schemes.

Where several schemes are required together, one of them is wrong and the others are right.
"""

from __future__ import annotations

from apitwin.contracts.security.scheme import Alternative, Scheme
from apitwin.contracts.words import SchemeCase
from apitwin.testkit.server.probe import Probe
from apitwin.testkit.transport.credentials import Credential, Part


def satisfying(probe: Probe) -> list[Credential]:
    """Return what satisfies each alternative that can be satisfied, the one that valid requests use first."""
    return [probe.target.keys.satisfying(alternative) for alternative in _alternatives(probe)]


def incomplete(probe: Probe) -> list[Credential]:
    """Return all but one of the credentials that are required together; what is an alternative itself is left out."""
    lacking: list[Credential] = []
    for alternative in _alternatives(probe):
        for left_out in alternative if len(alternative) > 1 else ():
            rest = tuple(scheme for scheme in alternative if scheme != left_out)
            if not any(set(other) <= set(rest) for other in probe.operation.security.alternatives):
                lacking.append(probe.target.keys.satisfying(rest))
    return lacking


def wrong_secrets(probe: Probe) -> list[Credential]:
    """Return what looks like a right credential and is none."""
    keys = probe.target.keys
    return [
        keys.satisfying(alternative, part)
        for alternative, scheme in _schemes(probe)
        for part in keys.ways(scheme).wrong_secrets
        if keys.differs(part, keys.ways(scheme).right)
    ]


def wrong_forms(probe: Probe) -> list[Credential]:
    """Return right secrets in wrong ways; what another scheme of the operation would take is left out."""
    keys, security = probe.target.keys, probe.operation.security
    return [
        keys.satisfying(alternative, part)
        for alternative, scheme in _schemes(probe)
        for part in keys.ways(scheme).wrong_forms
        if scheme.is_carried_in(part.place, part.name) or not security.carries(part.place, part.name)
    ]


def other_cases(probe: Probe) -> dict[Credential, SchemeCase]:
    """Return right credentials under the scheme's name in other letters, with what the contract says of that."""
    keys = probe.target.keys
    return {
        keys.satisfying(alternative, part): scheme.rule.scheme_case
        for alternative, scheme in _schemes(probe)
        for part in keys.ways(scheme).other_cases
    }


def of_another_kind(probe: Probe, *kinds: str) -> list[Credential]:
    """Return the target's other secrets of some kinds, in the place of the one that says who asks."""
    alternative = _alternatives(probe)[0]
    parts: list[Part | None] = [probe.target.other(kind, alternative[0]) for kind in kinds]
    return [probe.target.keys.satisfying(alternative, part) for part in parts if part is not None]


def _alternatives(probe: Probe) -> tuple[Alternative, ...]:
    return probe.target.keys.alternatives(probe.operation.security)


def _schemes(probe: Probe) -> list[tuple[Alternative, Scheme]]:
    return [(alternative, scheme) for alternative in _alternatives(probe) for scheme in alternative]
