"""Laws of tokens: who gets an answer, what the others are told, and that the token stays a secret."""

from __future__ import annotations

from hypothesis import strategies

from apitwin.contracts.model import ErrorRule
from apitwin.contracts.requests import Check
from apitwin.testkit.server.applicability import (
    askable,
    in_path,
    reading,
    restricted,
    secured,
    token_may_be_in_url,
    wrong_places,
)
from apitwin.testkit.server.drawing import windows
from apitwin.testkit.server.drawing.credentials import (
    incomplete,
    of_another_kind,
    other_cases,
    satisfying,
    wrong_forms,
    wrong_secrets,
)
from apitwin.testkit.server.laws import law
from apitwin.testkit.server.probe import Probe
from apitwin.testkit.server.requirements import require_status
from apitwin.testkit.server.silence import refuses
from apitwin.testkit.transport.credentials import NOTHING, Credential
from apitwin.testkit.transport.exchange import Exchange, Query

NO_ID = "987654321"
"""An id that nothing has."""


def _fact(probe: Probe) -> str:
    """Return the pointer of what the contract says of refusals: of the scheme that a valid request satisfies first."""
    schemes = {scheme.name: scheme for scheme in probe.operation.security.schemes}
    return schemes[probe.credential.parts[0].scheme].fact


def _errors(probe: Probe, *which: str) -> list[ErrorRule]:
    """Return the refusals of an operation's schemes. which: `missing`, `invalid`.

    Of several schemes the contract does not say by which a server judges a request first.
    """
    rules = [scheme.rule for scheme in probe.operation.security.schemes]
    names = dict.fromkeys(getattr(rule, key) for key in which for rule in rules)
    return [probe.contract.errors[name] for name in names]


def _refused(probe: Probe, exchange: Exchange, what: str, *errors: ErrorRule) -> None:
    """Require a refusal with the documented status and body, and nothing of the resource in it."""
    status = exchange.response.status
    says = f"{what} is answered with status {status}"
    allowed = {error.status for error in errors} | ({status} if refuses(probe, status) else set())
    require_status(probe, exchange, allowed, says, _fact(probe))
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
    """Require the challenge of one of the schemes, where the contract names one for each of them.

    A plain document says nothing of challenges.
    """
    challenges = [scheme.rule.challenge for scheme in probe.operation.security.schemes]
    known = list(dict.fromkeys(challenge for challenge in challenges if challenge is not None))
    if len(challenges) == 0 or None in challenges or probe.contract.is_plain:
        return
    header = exchange.response.headers.get("www-authenticate", "")
    probe.require(
        any(header.lower().startswith(challenge.split(" ")[0].lower()) for challenge in known),
        "a refusal does not say how to prove who asks",
        expected=f"WWW-Authenticate: {' or '.join(known)}",
        found=f"WWW-Authenticate: {header}" if header else "no WWW-Authenticate header",
        shown=[exchange],
        fact=f"{_fact(probe)}/challenge",
    )


def _opens(probe: Probe, credential: Credential, expected: str, fact: str) -> None:
    """Require an answer to a credential that is right, where the usual one gets one."""
    usual = probe.send()
    probe.assume(usual.response.status < 400, f"answer that succeeds (status {usual.response.status})")
    exchange = probe.send(credential=credential)
    probe.require(
        exchange.response.status < 400,
        f"{credential.name} is refused",
        expected=expected,
        found=f"status {exchange.response.status}: {exchange.response.text[:120]}",
        shown=[exchange],
        fact=fact,
    )


@law("token-required", "auth", askable, secured)
def token_required(probe: Probe) -> None:
    """Without a token there is no answer: the documented status and body, a challenge, and no data."""
    lacking = [NOTHING, *incomplete(probe)]
    credential = lacking[0] if len(lacking) == 1 else probe.draw(strategies.sampled_from(lacking), "credential")
    exchange = probe.send(credential=credential)
    what = "a request without a token" if credential is NOTHING else f"a request with {credential.name} only"
    _refused(probe, exchange, what, *_errors(probe, "missing"))
    _challenged(probe, exchange)


@law("bad-token", "auth", askable, secured)
def bad_token(probe: Probe) -> None:
    """A token that is wrong, cut, lengthened, re-cased, expired or revoked is refused like any other wrong one."""
    wrong = [*wrong_secrets(probe), *of_another_kind(probe, "expired", "revoked")]
    for credential in windows.some(probe, wrong, "tokens", 4):
        exchange = probe.send(credential=credential)
        _refused(probe, exchange, f"{credential.name}, which is no valid token,", *_errors(probe, "invalid"))
        _challenged(probe, exchange)


@law("scheme", "auth", reading, secured)
def scheme(probe: Probe) -> None:
    """The token counts only in the form of its scheme and alone; whether `bearer` will do is as the contract says.

    A plain document says in which form it is read, and not that no other form is.
    """
    forms = [] if probe.contract.is_plain else wrong_forms(probe)
    cases, alternatives = other_cases(probe), satisfying(probe)
    choices = [*forms, *cases, *alternatives[1:]]
    probe.assume(bool(choices), "form of a token of which the document says anything")
    credential: Credential = probe.draw(strategies.sampled_from(choices), "header")
    if credential in alternatives:
        expected = "an answer: any alternative of the contract will do"
        return _opens(probe, credential, expected, f"{probe.operation.pointer}/security")
    case = cases.get(credential, "")
    probe.assume(case != "unspecified", "rule of the contract for `bearer` in another case")
    if case == "insensitive":
        expected = f"the answer that {probe.credential.name} gets: the scheme is read in any case"
        return _opens(probe, credential, expected, f"{_fact(probe)}/scheme-case")
    exchange = probe.send(credential=credential)
    _refused(probe, exchange, credential.name, *_errors(probe, "missing", "invalid"))


@law("token-place", "auth", askable, secured, token_may_be_in_url)
def token_place(probe: Probe) -> None:
    """A token in another place of the request, such as the query string, is no token."""
    places = [Credential(part.title, (part,)) for part in wrong_places(probe.operation, probe.target)]
    for credential in windows.some(probe, places, "places"):
        exchange = probe.send(credential=credential)
        _refused(probe, exchange, credential.name, *_errors(probe, "missing", "invalid"))


@law("refused-first", "auth", askable, secured)
def refused_first(probe: Probe) -> None:
    """Who has no valid token is told just that, also where the query or the method would be refused too."""
    credential = probe.draw(strategies.sampled_from([NOTHING, *wrong_secrets(probe)[:1]]), "token")
    errors = _errors(probe, "missing" if credential is NOTHING else "invalid")
    order = probe.contract.requests
    # Which of method and token a live server looks at first, few contracts know; and none is sent odd methods.
    wrongs: tuple[Check, ...] = ("query", "method") if probe.target.is_twin else ("query",)
    kinds = [kind for kind in wrongs if order.comes_before("auth", kind)]
    probe.assume(bool(kinds), "check that comes after that of the token")
    wrong = probe.draw(strategies.sampled_from(kinds), "what else is wrong")
    if wrong == "method":
        exchange = probe.send(credential=credential, method="PROPFIND")
    else:
        query: Query = tuple((parameter.name, "\u0001?") for parameter in probe.operation.query_parameters())
        exchange = probe.send(query, credential=credential)
    what = f"{credential.name}, with a wrong {wrong},"
    if probe.contract.is_plain and exchange.response.status >= 400:
        # Which of the two it is refused for, no document says.
        require_status(probe, exchange, (), f"{what} makes the server fail with status {exchange.response.status}")
        return
    _refused(probe, exchange, what, *errors)


@law("no-oracle", "auth", askable, secured, in_path)
def no_oracle(probe: Probe) -> None:
    """Without a valid token, what is there and what is not are answered alike."""
    credential = probe.draw(strategies.sampled_from([NOTHING, *wrong_secrets(probe)[:1]]), "token")
    parameter = probe.draw(strategies.sampled_from([name for name, _ in probe.subject.values]), "parameter")
    there = probe.send(credential=credential)
    absent = probe.send(credential=credential, path=probe.path_with(parameter, NO_ID))
    probe.require(
        (there.response.status, there.value) == (absent.response.status, absent.value),
        "without a valid token, the answer tells whether a thing exists",
        expected="the same answer for an id that is there and one that is not",
        found=f"status {there.response.status} and status {absent.response.status}",
        shown=[there, absent],
        fact=_fact(probe),
    )


@law("forbidden", "auth", reading, secured, restricted)
def forbidden(probe: Probe) -> None:
    """A parameter that needs a role is refused to a token without it, at that value and no other."""
    rule = probe.draw(strategies.sampled_from(probe.operation.restrictions), "restricted")
    credential = of_another_kind(probe, "restricted")[0]
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
    credential = probe.draw(strategies.sampled_from([probe.credential, *wrong_forms(probe)]), "header")
    exchange = probe.send(probe.query(1) if probe.operation.pagination is not None else (), credential=credential)
    probe.require(
        exchange.response.echoed is None,
        f"the token is repeated in {exchange.response.echoed} of an answer",
        expected="no token in any answer",
        found=f"the token, in {exchange.response.echoed}",
        shown=[exchange],
        fact=_fact(probe),
    )
