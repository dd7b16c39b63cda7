"""Laws of tokens: who gets an answer, what the others are told, and that the token stays a secret."""

from __future__ import annotations

from hypothesis import strategies

from apitwin.contracts.model import ErrorRule
from apitwin.testkit.server.applicability import askable, in_path, reading, restricted, secured, token_may_be_in_url
from apitwin.testkit.server.drawing import windows
from apitwin.testkit.server.laws import law
from apitwin.testkit.server.probe import Probe
from apitwin.testkit.server.requirements import require_status
from apitwin.testkit.transport.credentials import NOTHING, OTHER_CASES, WRONG_SCHEMES, WRONG_TOKENS, Credential
from apitwin.testkit.transport.exchange import Exchange, Query

FACT = "/x-apitwin/auth"
TOKEN_PARAMETERS = ("access_token", "token", "api_key", "apikey", "key", "auth", "bearer")
"""Names under which servers have been seen to take tokens from an address. RFC 6750 section 2.3 names the first."""
NO_ID = "987654321"
"""An id that nothing has."""


def _error(probe: Probe, which: str) -> ErrorRule:
    assert probe.contract.auth is not None, "an auth law is skipped without an auth rule"
    return probe.contract.errors[getattr(probe.contract.auth, which)]


def _refused(probe: Probe, exchange: Exchange, what: str, *errors: ErrorRule) -> None:
    """Require a refusal with the documented status and body, and nothing of the resource in it."""
    says = f"{what} is answered with status {exchange.response.status}"
    require_status(probe, exchange, {error.status for error in errors}, says, FACT)
    response = probe.documented(exchange)
    violations = response.schema.violations(exchange.value) if response is not None and response.schema else []
    probe.require(
        not violations,
        f"the refusal of {what} has another body than the contract says, or holds data",
        expected=f"the documented error body of status {exchange.response.status}",
        found=exchange.response.text[:200],
        shown=[exchange],
        fact="/x-apitwin/errors",
    )


def _challenged(probe: Probe, exchange: Exchange) -> None:
    challenge = probe.contract.auth.challenge if probe.contract.auth is not None else None
    if challenge is None:
        return
    header = exchange.response.headers.get("www-authenticate", "")
    scheme = challenge.split(" ")[0]
    probe.require(
        header.lower().startswith(scheme.lower()),
        "a refusal does not say how to prove who asks",
        expected=f"WWW-Authenticate: {challenge}",
        found=f"WWW-Authenticate: {header}" if header else "no WWW-Authenticate header",
        shown=[exchange],
        fact=f"{FACT}/challenge",
    )


@law("token-required", "auth", askable, secured)
def token_required(probe: Probe) -> None:
    """Without a token there is no answer: the documented status and body, a challenge, and no data."""
    exchange = probe.send(credential=NOTHING)
    _refused(probe, exchange, "a request without a token", _error(probe, "missing"))
    _challenged(probe, exchange)


@law("bad-token", "auth", askable, secured)
def bad_token(probe: Probe) -> None:
    """A token that is wrong, cut, lengthened, re-cased, expired or revoked is refused like any other wrong one."""
    others = [probe.target.other(kind) for kind in probe.target.kinds if kind in ("expired", "revoked")]
    for credential in windows.some(probe, [*WRONG_TOKENS, *others], "tokens", 4):
        exchange = probe.send(credential=credential)
        _refused(probe, exchange, f"{credential.name}, which is no valid token,", _error(probe, "invalid"))
        _challenged(probe, exchange)


@law("scheme", "auth", reading, secured)
def scheme(probe: Probe) -> None:
    """The token counts only after `Bearer` and alone; whether `bearer` will do is as the contract says."""
    credential: Credential = probe.draw(strategies.sampled_from([*WRONG_SCHEMES, *OTHER_CASES]), "header")
    case = "unspecified" if probe.contract.auth is None else probe.contract.auth.scheme_case
    stated = credential not in OTHER_CASES or case != "unspecified"
    probe.assume(stated, "rule of the contract for `bearer` in another case")
    exchange = probe.send(credential=credential)
    if credential in OTHER_CASES and case == "insensitive":
        probe.require(
            exchange.response.status < 400,
            f"{credential.name} is refused",
            expected="the answer that Bearer gets: the scheme is read in any case",
            found=f"status {exchange.response.status}: {exchange.response.text[:120]}",
            shown=[exchange],
            fact=f"{FACT}/scheme-case",
        )
        return
    _refused(probe, exchange, credential.name, _error(probe, "missing"), _error(probe, "invalid"))


@law("token-place", "auth", askable, secured, token_may_be_in_url)
def token_place(probe: Probe) -> None:
    """A token in the query string is no token."""
    for name in windows.some(probe, TOKEN_PARAMETERS, "parameters"):
        exchange = probe.send(credential=NOTHING, token_in=name)
        what = f"a token in the query parameter {name}"
        _refused(probe, exchange, what, _error(probe, "missing"), _error(probe, "invalid"))


@law("refused-first", "auth", askable, secured)
def refused_first(probe: Probe) -> None:
    """Who has no valid token is told just that, also where the query or the method would be refused too."""
    credential = probe.draw(strategies.sampled_from([NOTHING, WRONG_TOKENS[0]]), "token")
    error = _error(probe, "missing" if credential is NOTHING else "invalid")
    order = probe.contract.requests
    kinds = [kind for kind in ("query", "method") if order.comes_before("auth", kind)]
    if not probe.target.is_twin:  # which of method and token a live server looks at first, few contracts know
        kinds = [kind for kind in kinds if kind != "method"]
    probe.assume(bool(kinds), "check that comes after that of the token")
    wrong = probe.draw(strategies.sampled_from(kinds), "what else is wrong")
    if wrong == "method":
        exchange = probe.send(credential=credential, method="PROPFIND")
    else:
        query: Query = tuple((parameter.name, "\u0001?") for parameter in probe.operation.query_parameters())
        exchange = probe.send(query, credential=credential)
    _refused(probe, exchange, f"{credential.name}, with a wrong {wrong},", error)


@law("no-oracle", "auth", askable, secured, in_path)
def no_oracle(probe: Probe) -> None:
    """Without a valid token, what is there and what is not are answered alike."""
    credential = probe.draw(strategies.sampled_from([NOTHING, WRONG_TOKENS[0]]), "token")
    parameter = probe.draw(strategies.sampled_from([name for name, _ in probe.subject.values]), "parameter")
    there = probe.send(credential=credential)
    absent = probe.send(credential=credential, path=probe.path_with(parameter, NO_ID))
    probe.require(
        (there.response.status, there.value) == (absent.response.status, absent.value),
        "without a valid token, the answer tells whether a thing exists",
        expected="the same answer for an id that is there and one that is not",
        found=f"status {there.response.status} and status {absent.response.status}",
        shown=[there, absent],
        fact=FACT,
    )


@law("forbidden", "auth", reading, secured, restricted)
def forbidden(probe: Probe) -> None:
    """A parameter that needs a role is refused to a token without it, at that value and no other."""
    rule = probe.draw(strategies.sampled_from(probe.operation.restrictions), "restricted")
    credential = probe.target.other("restricted")
    words = probe.contract.parameters.true_words if rule.value is True else (str(rule.value),)
    for value in dict.fromkeys(["true" if rule.value is True else words[0], *windows.some(probe, words, "words", 3)]):
        exchange = probe.send(((rule.parameter, value),), credential=credential)
        what = f"{rule.parameter}={value} by a token that is not {rule.role}"
        # A word that the server does not know may be refused for that instead.
        errors = ["forbidden"] if value == "true" else ["forbidden", "invalid-parameter"]
        _refused(probe, exchange, what, *(probe.contract.errors[name] for name in errors))
    if not isinstance(rule.value, bool):
        return
    word = probe.draw(strategies.sampled_from([str(not rule.value), str(not rule.value).lower()]), "harmless value")
    harmless = probe.send(((rule.parameter, word),), credential=credential)
    probe.require(
        harmless.response.status < 400,
        f"{rule.parameter}={word} needs no role, and is refused",
        expected="an answer",
        found=f"status {harmless.response.status}: {harmless.response.text[:120]}",
        shown=[harmless],
        fact=f"{probe.operation.pointer}/x-apitwin/restricted",
    )


@law("not-echoed", "auth", askable, secured)
def not_echoed(probe: Probe) -> None:
    """No answer holds the token: no body, header or link, of a success or of an error."""
    credential = probe.draw(strategies.sampled_from([probe.target.default, *WRONG_SCHEMES]), "header")
    exchange = probe.send(probe.query(1) if probe.operation.pagination is not None else (), credential=credential)
    probe.require(
        exchange.response.echoed is None,
        f"the token is repeated in {exchange.response.echoed} of an answer",
        expected="no token in any answer",
        found=f"the token, in {exchange.response.echoed}",
        shown=[exchange],
        fact=FACT,
    )
