"""Where fixtures and client checks get their twins: the one module of `testkit` that stands on `mock_server`.

It is imported when a twin is needed and not before.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import requests
from requests.adapters import BaseAdapter

from contracts import DEFAULT, Contract
from mock_server import RunningTwin as RunningTwin
from mock_server import Twin as Twin
from mock_server import TwinError as TwinError
from mock_server import World as World
from mock_server.faults import WHEN as WHEN
from mock_server.faults import Fault, add_all, words_of
from mock_server.misdeeds import MISDEEDS as MISDEEDS
from mock_server.population import populate as populate
from testkit.wsgi import WsgiAdapter

IN_PROCESS = "http://twin.invalid"
"""The base URL of a twin that is asked without a socket. No real host can have that name: RFC 2606 section 2."""

MOST_IDLE = 16
"""Twins that are kept for later tests; one that listens has a port and ten threads."""

FaultWords = str | Mapping[str, Any]
"""A fault as a user writes it: `unavailable:times=1`, or an object with a name."""


@dataclass(frozen=True)
class Configuration:
    """What a server is made of; who asks for the same may get one that was used before.

    contract: a bundled name, a path, or a loaded contract. seed: the file of the world, None for the contract's own.
    max_page: items a page, at most, None for the contract's maximum. check_answers: 500 rather than what the contract
    does not allow. tls: HTTPS.
    """

    contract: str | Path | Contract = DEFAULT
    seed: Path | None = None
    max_page: int | None = None
    check_answers: bool = False
    tls: bool = False

    @property
    def key(self) -> tuple[Any, ...]:
        """What tells it from others: a loaded contract is only ever the same as itself."""
        contract = id(self.contract) if isinstance(self.contract, Contract) else str(self.contract)
        return contract, self.seed, self.max_page, self.check_answers, self.tls


class _Kept:
    """A twin, and all that a test can change about it, as it was when it was made.

    `Twin.reset` alone would not do between tests: a test may itself say what a reset returns to (`World.keep`), put
    another world, clock or other steps in, or switch off the faults of the seed.
    """

    def __init__(self, configuration: Configuration) -> None:
        self.configuration = configuration  # also keeps a loaded contract, whose id is in the key
        self.twin = Twin(
            configuration.contract,
            seed=configuration.seed,
            max_page=configuration.max_page,
            check_answers=configuration.check_answers,
            tls=configuration.tls,
        )
        self._world = self.twin.world
        self._clock = self._world.clock
        self._steps = self.twin.backend.steps
        self._start = self._world.snapshot()
        self._faults = [_as_added(one) for one in self.twin.backend.faults.active()]

    def renew(self, faults: Iterable[FaultWords], world: World | None) -> None:
        """Bring everything back to its start, then put faults and, where one is given, another world in."""
        self._world.clock = self._clock
        self._world.restore(self._start)
        backend = self.twin.backend
        backend.world = self._world
        backend.steps = self._steps
        backend.faults.clear()
        if world is None:
            for name, words in self._faults:
                backend.faults.add(name, **words)
        else:
            if world.tables.keys() != self._world.tables.keys():
                raise TwinError(f"this world was made for another contract than {self.twin.contract.name}")
            backend.world = world
            add_all(backend.faults, *world.faults)
        for one in faults:
            _add(self.twin, one)
        backend.faults.keep()
        backend.world.keep()
        backend.reset()


def _as_added(fault: Fault) -> tuple[str, Mapping[str, Any]]:
    """Return the name and the words that switch the same fault on again; `times` is said even where it is None."""
    words = {**fault.when, **fault.options}
    return fault.name, {word: value for word, value in words.items() if value is not None or word == "times"}


def _add(twin: Twin, fault: FaultWords) -> None:
    if isinstance(fault, str):
        name, words = words_of(fault)
        twin.fault(name, **words)
    else:
        add_all(twin.backend.faults, [fault], "faults")


class Twins:
    """A stock of twins for a `with` block: each is made once, lent as new, and used again. Not safe under threads.

    Those that waited longest go when there are too many, or tests with a seed of their own each would soon have taken
    all threads and ports that a process may have.
    """

    def __init__(self) -> None:
        self._idle: list[_Kept] = []
        self._started: list[Twin] = []
        # A server takes a moment to see that it shall stop, for which nobody waits before the end.
        self._stopping = ThreadPoolExecutor(MOST_IDLE)

    def __enter__(self) -> Twins:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        with self._stopping:
            list(self._stopping.map(_stop, self._started))

    @contextmanager
    def lent(
        self, configuration: Configuration, faults: Iterable[FaultWords] = (), world: World | None = None
    ) -> Iterator[Twin]:
        """Yield a twin that nobody else has, with everything at its start; `start` makes it listen.

        faults: on from the first request, and again after each reset. world: instead of the configuration's own; in
        the end it holds again what it holds now. Raises ContractError or TwinError, one line, for what is wrong with
        any of them.
        """
        kept = self._taken(configuration)
        before = None if world is None else world.snapshot()
        try:
            kept.renew(faults, world)
            yield kept.twin
        finally:
            if world is not None and before is not None:  # tests may share it, as a constant of their module
                world.restore(before)
            self._idle.append(kept)
            if len(self._idle) > MOST_IDLE:
                self._let_go(self._idle.pop(0).twin)

    def _taken(self, configuration: Configuration) -> _Kept:
        """Return a twin that is idle no longer: the one that was used last, a new one where none is like it."""
        for place in reversed(range(len(self._idle))):
            if self._idle[place].configuration.key == configuration.key:
                return self._idle.pop(place)
        return _Kept(configuration)

    def _let_go(self, twin: Twin) -> None:
        if twin in self._started:
            self._started.remove(twin)
            self._stopping.submit(_stop, twin)

    def start(self, twin: Twin) -> None:
        """Let a twin listen, if it does not yet, until the end of the `with` block."""
        try:
            twin.running  # noqa: B018 - asked for what it raises
        except TwinError:
            twin.__enter__()
            if twin not in self._started:
                self._started.append(twin)


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
