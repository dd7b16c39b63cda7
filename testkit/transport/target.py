"""Where requests go: a twin in this process, or an address. Everything that keeps a live system safe is here."""

from __future__ import annotations

import math
import os
import re
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.structures import CaseInsensitiveDict

from apitwin.contracts.model import Contract, Operation
from apitwin.contracts.nearest import hint
from apitwin.contracts.remote import shown
from apitwin.contracts.security.scheme import Scheme, Security
from apitwin.contracts.security.spellings import Spellings
from apitwin.testkit.errors import NeverSent, TargetError, Unreadable, UsageError
from apitwin.testkit.transport import environment
from apitwin.testkit.transport.actions import addresses
from apitwin.testkit.transport.bounds import LONGEST_WAIT_S, Bounds, RunBudget
from apitwin.testkit.transport.credentials import Credential, Names, Part, Secret
from apitwin.testkit.transport.exchange import ACCEPT, AGENT, Exchange, Request, Response, redacted
from apitwin.testkit.transport.extra_headers import ExtraHeader
from apitwin.testkit.transport.keyring import Keyring
from apitwin.testkit.transport.reading import read
from apitwin.testkit.transport.standing import REFUSALS, Standing
from apitwin.testkit.transport.watch import WatchedAdapter

SLOWEST_RATE = 0.001
"""Requests a second, at the least: a run that waits a quarter of an hour for each request was asked for by mistake."""
DEFAULT_RATE = 20.0
"""Requests a second to a live API, at most, unless the user says otherwise (assumed: what nobody notices)."""
RETRIES = 4
CERTIFICATES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
"""The variables in which requests looks for the certificates to trust, in this order."""
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
"""Methods that change nothing, and that every server has met before: RFC 9110 section 9.2.1."""

_CHARACTER = "[A-Za-z0-9_~-]"
_ESCAPED = "%(?!2E|2F|5C|25|3B|3F|23|7F)[2-9A-F][0-9A-F]"
PLAIN = re.compile(rf"(/({_CHARACTER}|{_ESCAPED}|(?<={_CHARACTER})\.(?={_CHARACTER}))+)+/?", re.ASCII)
"""Paths that everybody reads alike. requests takes white space out of an address; others read `..`, `%2e`, `..;` or a
second decoding as a way up."""


class AnswerLost(TargetError):
    """A write was sent, and no answer says whether it was done: the connection broke, or something on the way said 503.

    Unlike after any other TargetError, the target may have changed.
    """


@dataclass
class Rate:
    """At most `per_second` requests a second; 0 for no limit. Safe under threads."""

    per_second: float
    _next: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def wait(self, most: float = math.inf) -> None:
        """Wait until the next request may go. most: seconds after which nobody cares any more."""
        if self.per_second <= 0:
            return
        with self._lock:
            now = time.monotonic()
            start = max(now, self._next)
            self._next = start + 1 / self.per_second
        if start > now:
            time.sleep(min(start - now, most))


class Target:
    """A place that answers requests. is_twin: it may be asked anything; every other target is only read.

    sandbox: the paths below which another target may be written to as well, each ending in a slash.
    """

    def __init__(
        self,
        name: str,
        base: str,
        token: str | Keyring | None,
        *,
        is_twin: bool = False,
        rate: float = DEFAULT_RATE,
        others: Mapping[str, str | Keyring] | None = None,
        adapter: Any = None,
        token_in_url: bool = False,
        sandbox: Iterable[str] = (),
        reset: Callable[[], None] = lambda: None,
        bounds: Bounds | None = None,
        headers: Iterable[ExtraHeader] = (),
    ) -> None:
        """base: scheme and host, without a slash at the end. token: the one secret, or those of several schemes.

        others: more of them by kind: expired, revoked, restricted. `secrets` are all of them, to be taken out of
        what is told.
        token_in_url: whether a law may put the token into an address, where servers log it. reset: brings a twin back
        to its start; called before each example. bounds: of one answer. headers: what is sent with every request.
        """
        self.reset = reset
        self.bounds = Bounds() if bounds is None else bounds
        self.budget = RunBudget()
        self.name = name
        self.base = base
        self.is_twin = is_twin
        self.sandbox = tuple(sandbox)
        self.token_in_url = token_in_url or is_twin
        self.sent = 0
        self.keys = _keyring(token)
        self._others = {kind: _keyring(secret) for kind, secret in (others or {}).items()}
        self.headers = tuple(headers)
        hidden = [header.value for header in self.headers if header.variable is not None]
        known = (text for keys in (self.keys, *self._others.values()) for text in keys.texts)
        self.secrets = Spellings.of([*known, *hidden])
        self._rate = Rate(rate)
        self._avoided: re.Pattern[str] | None = None
        self._shown: dict[int, tuple[Security, Credential]] = {}
        self._standing = Standing()
        session = requests.Session()
        session.mount(base, WatchedAdapter())
        if adapter is not None:
            session.mount(base, adapter)
            session.trust_env = False
        # The transport alone, with the environment's proxies and certificates: no redirects, no cookies, no .netrc.
        self._transport = session.get_adapter(base)
        self._environment: Any = session.merge_environment_settings(base, {}, False, None, None)

    def __repr__(self) -> str:
        return f"Target({self.name!r})"

    def avoid(self, operations: Iterable[Operation]) -> None:
        """Send nothing to some operations from now on, wherever their addresses come from."""
        self._avoided = addresses(operations)

    def credential(self, security: Security) -> Credential:
        """Return what requests to an operation carry when a law says nothing else."""
        known = self._shown.get(id(security))
        if known is None:
            known = self._shown[id(security)] = (security, self.keys.credential(security))
        return known[1]

    def opens(self, security: Security) -> bool:
        """Whether there is a credential that an operation asks for."""
        return bool(self.keys.alternatives(security))

    def other(self, kind: str, scheme: Scheme) -> Part | None:
        """Return what shows another secret of a scheme, None where there is none of that kind."""
        keys = self._others.get(kind)
        if keys is None or not keys.has(scheme):
            return None
        noun = "key" if scheme.place != "header" or scheme.parameter != "Authorization" else "token"
        shown = Names(f"{kind.upper()}_TOKEN")
        right = Keyring(names={scheme.name: shown}).ways(scheme).right
        return replace(right, title=f"the {kind} {noun}", write=lambda secret: keys.text(right))

    def may_write(self, path: str) -> bool:
        """Return whether something may be written at a path: anywhere on a twin, elsewhere inside the sandbox."""
        return self.is_twin or (
            PLAIN.fullmatch(path) is not None and any(path.startswith(place) for place in self.sandbox)
        )

    def send(self, request: Request) -> Exchange:
        """Send one request and return the exchange, without secrets.

        Waits for the rate limit, and for Retry-After on 429 and 503. A write is repeated on 429 only, which says that
        nothing was done (RFC 6585 section 4); a gateway may say 503 after the write. Redirects are answers, never
        followed.
        Raises TargetError when it cannot be sent, and refuses methods that write to anything but a twin or a sandbox;
        AnswerLost when it was sent and it is not known whether it was done; RunEnded when a token that was taken before
        is refused.
        """
        request = replace(request, headers=self.headers)
        inside = request.link is None and self.may_write(request.path)
        writes = request.method not in SAFE_METHODS
        if writes and not (self.is_twin or inside):
            raise TargetError(f"{request.method} {request.path} is not sent to {self.name}: it is only read")
        if self._avoided is not None and self._avoided.fullmatch(request.path) is not None:
            raise TargetError(f"{request.method} {request.path} looks like an action, and is not sent to {self.name}")
        waited = 0.0
        for attempt in range(RETRIES + 1):
            response = self._send(request)
            if writes and response.status == 503:
                what = f"{request.method} {request.path} with status 503"
                raise AnswerLost(f"{self.name} answered {what}: it may have been done, and is not sent again")
            wait = _retry_after(response)
            if wait is None or attempt == RETRIES:
                break
            waited += wait
            if waited > LONGEST_WAIT_S:
                self.budget.lost += 1
                raise TargetError(
                    f"{self.name} asks to wait {waited:.0f} s (status {response.status}); try again later"
                )
            self.budget.wait(wait, self.name)
        if _retry_after(response) is not None:
            self.budget.lost += 1
            raise TargetError(f"{self.name} throttles: status {response.status} after {RETRIES} retries; lower --rate")
        self.budget.lost = 0
        exchange = Exchange(request, response)
        self._require_standing(exchange)
        return exchange

    def _require_standing(self, exchange: Exchange) -> None:
        """Raise RunEnded where the credential of the run is refused what it opened before, now and when asked again."""
        if self.is_twin or not exchange.request.credential.parts:
            return
        right = next((known for _, known in self._shown.values() if known is exchange.request.credential), None)
        witness = self._standing.witness(exchange, right)
        if witness is None:
            return
        response = self._send(witness)
        if response.status in REFUSALS:
            self.budget.refused = (
                f"{self.name} refuses {right.name if right else 'the token'} that it took before (status "
                f"{response.status} for {witness.path}), so nothing more is asked; get a new one, and run again"
            )
            self.budget.require()

    def _send(self, request: Request) -> Response:
        """Send a request once, and again where a connection that was kept open turns out to be closed (RFC 9110 9.2.2).

        Raises TargetError for what is no answer.
        """
        self._wait()
        prepared = self._prepared(request)
        bounds = replace(self.bounds, seconds=max(0.01, min(self.bounds.seconds, self.budget.left)))
        try:
            response = read(self._transport, prepared, self._environment, bounds, lambda: self._may_resend(request))
        except (NeverSent, Unreadable) as error:
            self.budget.lost += 1
            safe = request.method in SAFE_METHODS or isinstance(error, NeverSent)
            kind = TargetError if safe else AnswerLost
            raise kind(f"{request.method} {request.path} to {self.name} failed: {error}") from None
        return self._redacted(response, request)

    def _wait(self) -> None:
        """Wait until a request may go, and count it. Raises RunEnded where nothing is asked any more."""
        self.budget.require()
        self._rate.wait(self.budget.left)
        self.budget.require()
        self.sent += 1

    def _may_resend(self, request: Request) -> bool:
        """Return whether a request whose connection was cut may be sent again; then it is counted."""
        if request.method not in SAFE_METHODS:
            return False
        self._rate.wait(self.budget.left)
        self.sent += 1
        return True

    def _prepared(self, request: Request) -> requests.PreparedRequest:
        """Return what is sent. Its representation, unlike a text, shows nothing of the credential."""
        prepared = requests.PreparedRequest()
        prepared.method = request.method
        prepared.url = request.address(self.base, self.keys.text)
        if urlsplit(prepared.url)[:2] != urlsplit(self.base)[:2]:
            raise TargetError(f"a link leads away from {self.name}; the token is not sent there")
        prepared.headers = _Headers({"Accept": ACCEPT, "User-Agent": AGENT})
        for part in request.credential.parts_in("header"):
            prepared.headers[part.name] = self.keys.text(part)
        cookies = [f"{part.name}={self.keys.text(part)}" for part in request.credential.parts_in("cookie")]
        for header in request.headers:
            if header.is_cookie:
                cookies.append(f"{header.name}={header.value}")
            else:
                prepared.headers[header.name] = header.value
        if cookies:
            prepared.headers["Cookie"] = "; ".join(cookies)
        if request.content is not None:
            prepared.headers["Content-Type"] = "application/json"
            prepared.prepare_body(request.content, None)
        return prepared

    def _redacted(self, response: Response, request: Request) -> Response:
        return redacted(response, self.secrets, map(self.keys.text, request.credential.parts))


class _Headers(CaseInsensitiveDict):  # type: ignore[type-arg]
    """Headers that tell nobody what they carry, whoever prints them."""

    def __repr__(self) -> str:
        return f"<the headers {', '.join(self)}>"

    def copy(self) -> _Headers:
        """Return the same headers, as silent."""
        return _Headers(self.items())


def _keyring(secret: str | Keyring | None) -> Keyring:
    if isinstance(secret, Keyring):
        return secret
    return Keyring(common=None if secret is None else Secret(secret))


def _retry_after(response: Response) -> float | None:
    """Return the seconds that a 429 or 503 asks to wait, None where it asks for nothing. RFC 9110 section 10.2.3."""
    if response.status not in (429, 503):
        return None
    text = response.headers.get("retry-after", "")
    if text.isascii() and text.isdigit():
        return float(text[:20])  # a number of thousands of digits is none to Python
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - time.time())
    except (TypeError, ValueError, OverflowError, OSError):  # no date, or one that no clock reaches
        return 1.0 if response.status == 429 else None


def _require_certificates() -> None:
    """Raise UsageError where the environment names certificates that are not there: every request would fail of it."""
    name = next((name for name in CERTIFICATES if os.environ.get(name)), None)
    if name is not None and not os.path.exists(os.environ[name]):
        raise UsageError(f"the environment variable {name} names no file; set it to one with certificates, or unset it")


def live_target(
    address: str,
    token_env: str | None,
    *,
    rate: float = DEFAULT_RATE,
    others: Mapping[str, str] | None = None,
    token_in_url: bool = False,
    sandbox: Iterable[str] = (),
    contract: Contract | None = None,
    headers: Iterable[ExtraHeader] = (),
) -> Target:
    """Return the target at an address, whose path is that of the contract's operations and no part of the target.

    token_env: the environment variable that holds the token. others: such variables by kind of token. sandbox: paths
    below which it may be written to. contract: whose schemes say which variables are looked at, None for that one only.
    headers: what is sent with every request.
    Raises UsageError when the address is none or a variable is not set.
    """
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        raise UsageError(f"--target {address!r} is no address ({error})") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        expected = f"'twin' or an address such as https://host{hint(address, ['twin'])}"
        raise UsageError(f"--target {address!r} is no target: expected {expected}")
    if parts.query or parts.fragment or parts.username is not None:
        plain = f"{parts.scheme}://{parts.hostname}{parts.path}"
        raise UsageError(f"--target {shown(address)!r}: give scheme, host and path only, such as {plain}")
    if not (rate == 0 or SLOWEST_RATE <= rate < math.inf):
        raise UsageError(f"--rate {rate:g}: expected a number of {SLOWEST_RATE:g} or more, or 0, which means no limit")
    if parts.scheme == "https":
        _require_certificates()
    keys: str | Keyring | None
    if contract is None:
        keys = None if token_env is None else environment.variable(token_env, "--token-env")
    else:
        keys = environment.keyring(contract, token_env)
    secrets = environment.others(others or {})
    # As links name it: the host in lower case, no port where it is the usual one. RFC 3986 section 6.2.
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    usual = port is None or port == {"http": 80, "https": 443}[parts.scheme]
    base = f"{parts.scheme}://{host}" + ("" if usual else f":{port}")
    return Target(
        base, base, keys, rate=rate, others=secrets, token_in_url=token_in_url, sandbox=sandbox, headers=headers
    )
