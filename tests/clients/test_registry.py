"""The registry of a client's laws: each has a name of its own, and a claim."""

from __future__ import annotations

import pytest

from apitwin.contracts.model import Operation
from apitwin.testkit.clients.harness import ClientRun
from apitwin.testkit.clients.laws import Problem, law, registered
from apitwin.testkit.clients.laws.drawing import plain


def silent(client_run: ClientRun, operation: Operation) -> Problem | None:
    return None


def test_a_name_of_a_law_is_given_once() -> None:
    def judge(client_run: ClientRun, operation: Operation) -> Problem | None:
        """It is so."""
        return None

    before = registered()
    with pytest.raises(TypeError, match=r"the law 'stops' is already apitwin\.testkit\.clients\.laws\.reading\.stops"):
        law("stops", plain)(judge)
    assert registered() == before


def test_a_law_without_a_claim_is_none() -> None:
    before = registered()
    with pytest.raises(TypeError, match="the law 'own' has no docstring, and so no claim"):
        law("own", plain)(silent)
    assert registered() == before
