"""Where fixtures and client checks get their twins: the one module of `testkit` that stands on `mock_server`.

It is imported when a twin is needed and not before.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from threading import enumerate as enumerate_threads
from types import TracebackType
from typing import Any
from weakref import WeakSet

import requests
from requests.adapters import BaseAdapter

from apitwin.contracts import DEFAULT, Contract
from apitwin.mock_server import STEPS, create_app
from apitwin.mock_server import RunningTwin as RunningTwin
from apitwin.mock_server import Twin as Twin
from apitwin.mock_server import TwinError as TwinError
from apitwin.mock_server import World as World
from apitwin.mock_server.engine.checking import checked
from apitwin.mock_server.faults.catalogue import FAULT_TYPES as FAULT_TYPES
from apitwin.mock_server.faults.options import WHEN as WHEN
from apitwin.mock_server.population import populate as populate
from apitwin.mock_server.twin import FaultWords
from apitwin.testkit.errors import TargetError
from apitwin.testkit.transport.target import Target
from apitwin.testkit.transport.wsgi import WsgiAdapter

IN_PROCESS = "http://twin.invalid"
"""The base URL of a twin that is asked without a socket. No real host can have that name: RFC 2606 section 2."""

MOST_IDLE = 8
"""Twins that are kept for later tests; one that listens has a port and 34 threads."""


@dataclass(frozen=True)
class Configuration:
    """What a server is made of; who asks for the same may get one that was used before.

    contract: a bundled name, a path, or a loaded contract. world: its file, None for the contract's own.
    page_maximum: items a page, at most, None for the contract's own. check_answers: 500 rather than what the contract
    does not allow. tls: HTTPS.
    """

    contract: str | Path | Contract = DEFAULT
    world: Path | None = None
    page_maximum: int | None = None
    check_answers: bool = False
    tls: bool = False

    @property
    def key(self) -> tuple[Any, ...]:
        """What tells it from others: a loaded contract is only ever the same as itself."""
        contract = id(self.contract) if isinstance(self.contract, Contract) else str(self.contract)
        return contract, self.world, self.page_maximum, self.check_answers, self.tls


class _Kept:
    """A twin of the stock, on the shelf or lent."""

    def __init__(self, configuration: Configuration) -> None:
        self.configuration = configuration  # also keeps a loaded contract, whose id is in the key
        self.twin = Twin(
            configuration.contract,
            world=configuration.world,
            page_maximum=configuration.page_maximum,
            check_answers=configuration.check_answers,
            tls=configuration.tls,
        )
        self.began = 0
        """The requests that it had got when it was laid on the shelf."""


class TwinPool:
    """A stock of twins for a `with` block: each is made once, lent as new, and used again. Not safe under threads.

    What was lent and came back lies on a shelf, and who lies there longest is lent first. A twin that somebody still
    talks to is lent to nobody: one that is asked while it lies there, that has not answered yet when it comes back, or
    whose borrower left threads behind. Those that lie longest go when there are too many, or tests with worlds of their
    own would soon have taken all threads and ports that a process may have.
    """

    def __init__(self) -> None:
        self._shelf: list[_Kept] = []
        self._started: list[Twin] = []
        # A server takes a moment to see that it shall stop, for which nobody waits before the end.
        self._stopping = ThreadPoolExecutor(MOST_IDLE)
        self._stopped: list[Future[None]] = []
        self._threads: WeakSet[Thread] = WeakSet()

    def __enter__(self) -> TwinPool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for twin in list(self._started):
            self._let_go(twin)
        self._stopping.shutdown()
        for one in self._stopped:
            one.result()  # raises what went wrong while a twin was stopped, also long ago

    @contextmanager
    def acquire(
        self, configuration: Configuration, faults: Iterable[FaultWords] = (), world: World | None = None
    ) -> Iterator[Twin]:
        """Yield a twin that nobody else has, with everything at its start; `start` makes it listen.

        faults: on from the first request, and again after each reset. world: instead of the configuration's own; in
        the end it holds again what it holds now. Raises ContractError or TwinError, one line, for what is wrong with
        any of them.
        """
        kept = self._taken(configuration)
        before, threads = None if world is None else world.snapshot(), set(enumerate_threads())
        try:
            kept.twin.renew(faults, world)
            yield kept.twin
        finally:
            if world is not None and before is not None:  # tests may share it, as a constant of their module
                kept.twin.renew()
                world.restore(before)
            left_behind = set(enumerate_threads()) - threads - set(self._threads)
            if left_behind or not kept.twin.rests():
                self._let_go(kept.twin)
            else:
                self._lay_down(kept)

    def _taken(self, configuration: Configuration) -> _Kept:
        """Return a twin that is off the shelf: the one that lay there longest, a new one where none will do."""
        for kept in [one for one in self._shelf if one.configuration.key == configuration.key]:
            self._shelf.remove(kept)
            is_stopped = kept.twin in self._started and not kept.twin.is_running  # by the test that had it
            if kept.twin.began == kept.began and not is_stopped:
                return kept
            self._let_go(kept.twin)
        return _Kept(configuration)

    def _lay_down(self, kept: _Kept) -> None:
        kept.began = kept.twin.began
        self._shelf.append(kept)
        if len(self._shelf) > MOST_IDLE:
            self._let_go(self._shelf.pop(0).twin)

    def _let_go(self, twin: Twin) -> None:
        if twin in self._started:
            self._started.remove(twin)
            with self._own_threads():
                self._stopped.append(self._stopping.submit(_stop, twin))

    def start(self, twin: Twin) -> None:
        """Let a twin listen, if it does not yet, until the end of the `with` block."""
        if not twin.is_running:
            with self._own_threads():
                twin.__enter__()
            if twin not in self._started:
                self._started.append(twin)

    @contextmanager
    def _own_threads(self) -> Iterator[None]:
        """Know the threads that begin in here, so that no test is blamed for them."""
        before = set(enumerate_threads())
        yield
        self._threads.update(set(enumerate_threads()) - before)


def _stop(twin: Twin) -> None:
    twin.__exit__(None, None, None)


class TwinSession(requests.Session):
    """A `requests.Session` that knows a twin's base URL and token, and calls it in this process, without a socket.

    It reaches nothing else, so that a wrong address can never be that of a real system.
    """

    def __init__(self, twin: Twin) -> None:
        """twin: need not run."""
        super().__init__()
        self.base_url = IN_PROCESS
        self.trust_env = False  # no .netrc in place of the token, no proxies
        self.adapters.clear()
        self.mount(f"{IN_PROCESS}/", WsgiAdapter(twin.application))
        token = twin.world.token()
        if token is not None and twin.contract.auth is not None:
            self.headers["Authorization"] = f"Bearer {token}"

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **kwargs: Any) -> requests.Response:
        """Send a request; an address without a host is one of the twin."""
        text = url.decode() if isinstance(url, bytes) else url
        if not re.match("[A-Za-z][A-Za-z0-9+.-]*://", text):
            text = f"{self.base_url}/{text.removeprefix('/')}"
        return super().request(method, text, *args, **kwargs)

    def get_adapter(self, url: Any) -> BaseAdapter:
        """Return what sends to an address. Raises requests' InvalidSchema where that is not the twin's."""
        try:
            return super().get_adapter(url)
        except requests.exceptions.InvalidSchema:
            problem = f"this session reaches its twin only, at {self.base_url}; found {url!r}"
            raise requests.exceptions.InvalidSchema(problem) from None


def twin_target(contract: Contract, application: Any = None) -> Target:
    """Return the target `twin`: a twin of the contract in this process, or the application that is given.

    The twin checks its own answers, so that a mistake of its own is told as one.

    Raises TestkitError when the twin cannot be made.
    """
    try:
        application = application or create_app(contract, steps=checked(STEPS))
    except TwinError as error:
        raise TargetError(str(error)) from None
    twin = application.extensions["apitwin"]
    world = twin.world
    others = {kind: world.token(kind) for kind in ("expired", "revoked")}
    others["restricted"] = world.token(restricted=True)
    return Target(
        "twin",
        "http://twin.invalid",
        world.token(),
        is_twin=True,
        rate=0,
        others={kind: secret for kind, secret in others.items() if secret is not None},
        adapter=WsgiAdapter(application),
        reset=twin.reset,
    )
