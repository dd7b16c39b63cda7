"""Where requests go: a twin in this process, or an address. Everything that keeps a live system safe is here."""

from __future__ import annotations

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

from apitwin.contracts.model import Contract
from apitwin.contracts.nearest import hint
from apitwin.contracts.security.scheme import Scheme, Security
from apitwin.contracts.security.spellings import Spellings
from apitwin.testkit.errors import TargetError, UsageError
from apitwin.testkit.transport import environment
from apitwin.testkit.transport.credentials import Credential, Names, Part, Secret
from apitwin.testkit.transport.exchange import Exchange, Request, Response, redacted
from apitwin.testkit.transport.keyring import Keyring

DEFAULT_RATE = 20.0
"""Requests a second to a live API, at most, unless the user says otherwise (assumed: what nobody notices)."""
TIMEOUT_S = 30.0
LONGEST_WAIT_S = 60.0
"""How long a Retry-After is obeyed; what asks for more makes the verdict inconclusive."""
RETRIES = 4
SAFE_METHODS = ("GET", "HEAD", "OPTIONS", "PROPFIND")
"""Methods that change nothing: RFC 9110 section 9.2.1, RFC 4918 section 9.1."""

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

    def wait(self) -> None:
        """Wait until the next request may go."""
        if self.per_second <= 0:
            return
        with self._lock:
            now = time.monotonic()
            start = max(now, self._next)
            self._next = start + 1 / self.per_second
        if start > now:
            time.sleep(start - now)


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
    ) -> None:
        """base: scheme and host, without a slash at the end. token: the one secret, or those of several schemes.

        others: more of them by kind: expired, revoked, restricted. `secrets` are all of them, to be taken out of
        what is told.
        token_in_url: whether a law may put the token into an address, where servers log it. reset: brings a twin back
        to its start; called before each example.
        """
        self.reset = reset
        self.name = name
        self.base = base
        self.is_twin = is_twin
        self.sandbox = tuple(sandbox)
        self.token_in_url = token_in_url or is_twin
        self.sent = 0
        self.keys = _keyring(token)
        self._others = {kind: _keyring(secret) for kind, secret in (others or {}).items()}
        self.secrets = Spellings.of(text for known in (self.keys, *self._others.values()) for text in known.texts)
        self._rate = Rate(rate)
        session = requests.Session()
        if adapter is not None:
            session.mount(base, adapter)
            session.trust_env = False
        # The transport alone, with the environment's proxies and certificates: no redirects, no cookies, no .netrc.
        self._transport = session.get_adapter(base)
        self._environment: Any = session.merge_environment_settings(base, {}, False, None, None)

    def __repr__(self) -> str:
        return f"Target({self.name!r})"

    def credential(self, security: Security) -> Credential:
        """Return what requests to an operation carry when a law says nothing else."""
        return self.keys.credential(security)

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
        AnswerLost when it was sent and it is not known whether it was done.
        """
        inside = request.link is None and self.may_write(request.path)
        writes = request.method not in SAFE_METHODS
        if writes and not (self.is_twin or inside):
            raise TargetError(f"{request.method} {request.path} is not sent to {self.name}: it is only read")
        for attempt in range(RETRIES + 1):
            response = self._send(request)
            if writes and response.status == 503:
                what = f"{request.method} {request.path} with status 503"
                raise AnswerLost(f"{self.name} answered {what}: it may have been done, and is not sent again")
            wait = _retry_after(response)
            if wait is None or attempt == RETRIES:
                break
            if wait > LONGEST_WAIT_S:
                raise TargetError(f"{self.name} asks to wait {wait:.0f} s (status {response.status}); try again later")
            time.sleep(wait)
        if _retry_after(response) is not None:
            raise TargetError(f"{self.name} throttles: status {response.status} after {RETRIES} retries; lower --rate")
        return Exchange(request, response)

    def _send(self, request: Request) -> Response:
        self._rate.wait()
        self.sent += 1
        prepared = self._prepared(request)
        try:
            answer = self._transmitted(prepared)
            body = answer.content
        except requests.RequestException as error:
            raise _failure(request, error)(
                f"{request.method} {request.path} to {self.name} failed: {_reason(error)}"
            ) from None
        headers = {name.lower(): value for name, value in answer.headers.items()}
        return self._redacted(Response(answer.status_code, headers, body), request)

    def _prepared(self, request: Request) -> requests.PreparedRequest:
        """Return what is sent. Its representation, unlike a text, shows nothing of the credential."""
        prepared = requests.PreparedRequest()
        prepared.method = request.method
        prepared.url = request.address(self.base, self.keys.text)
        if urlsplit(prepared.url)[:2] != urlsplit(self.base)[:2]:
            raise TargetError(f"a link leads away from {self.name}; the token is not sent there")
        prepared.headers = CaseInsensitiveDict({"Accept": "application/json", "User-Agent": "apitwin"})
        for part in request.credential.parts_in("header"):
            prepared.headers[part.name] = self.keys.text(part)
        cookies = request.credential.parts_in("cookie")
        if cookies:
            prepared.headers["Cookie"] = "; ".join(f"{part.name}={self.keys.text(part)}" for part in cookies)
        if request.content is not None:
            prepared.headers["Content-Type"] = "application/json"
            prepared.prepare_body(request.content, None)
        return prepared

    def _redacted(self, response: Response, request: Request) -> Response:
        return redacted(response, self.secrets, map(self.keys.text, request.credential.parts))

    def _transmitted(self, prepared: requests.PreparedRequest) -> requests.Response:
        """Send, and once more where a connection that was kept open turns out to be closed. RFC 9110 section 9.2.2."""
        try:
            return self._transport.send(prepared, timeout=TIMEOUT_S, **self._environment)
        except requests.ConnectionError:
            if prepared.method not in SAFE_METHODS:
                raise
            self._rate.wait()
            self.sent += 1
            return self._transport.send(prepared, timeout=TIMEOUT_S, **self._environment)


def _keyring(secret: str | Keyring | None) -> Keyring:
    if isinstance(secret, Keyring):
        return secret
    return Keyring(common=None if secret is None else Secret(secret))


def _failure(request: Request, error: requests.RequestException) -> type[TargetError]:
    """Return the kind of error: a write that may have arrived before the connection broke may have been done."""
    never_sent = (requests.exceptions.ConnectTimeout, requests.exceptions.SSLError, requests.exceptions.ProxyError)
    return TargetError if request.method in SAFE_METHODS or isinstance(error, never_sent) else AnswerLost


def _reason(error: requests.RequestException) -> str:
    """The kind of failure in words. Never the error's own text, which may hold an address with a token."""
    kinds = {
        requests.exceptions.SSLError: "the TLS certificate was not accepted",
        requests.exceptions.ConnectTimeout: "no connection in time",
        requests.exceptions.ReadTimeout: f"no answer within {TIMEOUT_S:.0f} s",
        requests.exceptions.ConnectionError: "no connection, or it was cut",
    }
    return next((text for kind, text in kinds.items() if isinstance(error, kind)), type(error).__name__)


def _retry_after(response: Response) -> float | None:
    """Return the seconds that a 429 or 503 asks to wait, None where it asks for nothing. RFC 9110 section 10.2.3."""
    if response.status not in (429, 503):
        return None
    text = response.headers.get("retry-after", "")
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - time.time())
    except (TypeError, ValueError):
        return 1.0 if response.status == 429 else None


def live_target(
    address: str,
    token_env: str | None,
    *,
    rate: float = DEFAULT_RATE,
    others: Mapping[str, str] | None = None,
    token_in_url: bool = False,
    sandbox: Iterable[str] = (),
    contract: Contract | None = None,
) -> Target:
    """Return the target at an address.

    token_env: the environment variable that holds the token. others: such variables by kind of token. sandbox: paths
    below which it may be written to. contract: whose schemes say which variables are looked at, None for that one only.
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
    if parts.path.strip("/") or parts.query or parts.username:
        raise UsageError(f"--target {address!r}: give scheme and host only, such as {parts.scheme}://{parts.hostname}")
    if not rate >= 0:
        raise UsageError(f"--rate {rate:g}: expected a number of 0 or more; 0 means no limit")
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
    return Target(base, base, keys, rate=rate, others=secrets, token_in_url=token_in_url, sandbox=sandbox)
