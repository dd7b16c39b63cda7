"""The twins of a test session: made once for each configuration, brought back to their start for each test."""

from __future__ import annotations

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

from apitwin.contracts import DEFAULT, Contract, load
from apitwin.testkit.transport.twins import Extension, FaultWords, Twin, World

MOST_IDLE = 8
"""Twins that are pooled for later tests; one that listens has a port and 34 threads."""


@dataclass(frozen=True)
class Configuration:
    """What a server is made of; who asks for the same may get one that was used before.

    contract: a bundled name, a path, or a loaded contract. overlay: a file that is laid over one that is not
    loaded yet; root: the folder that the files of such a one may lie in. world: its file, None for the contract's own.
    extension: the API's own behaviour, None for the one that the contract names. page_maximum: items a page, at most,
    None for the contract's own. items, random_seed: how many things of each kind a generated world has, and the number
    that they follow from. check_answers: 500 rather than what the contract does not allow. tls: HTTPS.
    """

    contract: str | Path | Contract = DEFAULT
    overlay: Path | None = None
    root: Path | None = None
    world: Path | None = None
    extension: Extension | str | None = None
    page_maximum: int | None = None
    items: int | None = None
    random_seed: int = 0
    check_answers: bool = False
    tls: bool = False

    @property
    def key(self) -> tuple[Any, ...]:
        """What tells it from others: a loaded contract and an extension are only ever the same as themselves."""
        contract = id(self.contract) if isinstance(self.contract, Contract) else str(self.contract)
        extension = self.extension if isinstance(self.extension, str) else id(self.extension)
        made = self.world, extension, self.page_maximum, self.items, self.random_seed
        return contract, self.overlay, self.root, *made, self.check_answers, self.tls


class _Pooled:
    """A twin of the pool, idle or acquired."""

    def __init__(self, configuration: Configuration) -> None:
        self.configuration = configuration  # also keeps a loaded contract and an extension, whose ids are in the key
        self.twin = Twin(
            _loaded(configuration),
            world=configuration.world,
            extension=configuration.extension,
            page_maximum=configuration.page_maximum,
            items=configuration.items,
            random_seed=configuration.random_seed,
            check_answers=configuration.check_answers,
            tls=configuration.tls,
        )
        self.began = 0
        """The requests that it had got when it became idle."""


def _loaded(configuration: Configuration) -> str | Path | Contract:
    """Return a contract with its overlay over it, of files below its root; one that is loaded has what it has."""
    contract, overlay, root = configuration.contract, configuration.overlay, configuration.root
    if isinstance(contract, Contract) or (overlay is None and root is None):
        return contract
    return load(contract, root, overlay)


class TwinPool:
    """Twins for a `with` block: each is made once, acquired as if it were new, and used again. Not safe under threads.

    A twin that is given back is idle; the one that has been idle longest is acquired first. One that somebody may still
    talk to is never acquired again: it was asked while it was idle, it had not answered when it was given back, or
    whoever had it left threads behind. Of too many idle twins the oldest are stopped, or tests with worlds of their own
    would soon have taken all threads and ports that a process may have.
    """

    def __init__(self) -> None:
        self._idle: list[_Pooled] = []
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
        for stopped in self._stopped:
            stopped.result()  # raises what went wrong while a twin was stopped, also long ago

    @contextmanager
    def acquire(
        self, configuration: Configuration, faults: Iterable[FaultWords] = (), world: World | None = None
    ) -> Iterator[Twin]:
        """Yield a twin that nobody else has, with everything at its start; `start` makes it listen.

        faults: on from the first request, and again after each reset. world: instead of the configuration's own; in
        the end it holds again what it holds now. Raises ContractError or TwinError, one line, for what is wrong with
        any of them.
        """
        pooled = self._take(configuration)
        before, threads = None if world is None else world.snapshot(), set(enumerate_threads())
        try:
            pooled.twin.renew(faults, world)
            yield pooled.twin
        finally:
            if world is not None and before is not None:  # tests may share it, as a constant of their module
                pooled.twin.renew()
                world.restore(before)
            of_twins = {thread for twin in self._started for thread in twin.threads}
            left_behind = set(enumerate_threads()) - threads - set(self._threads) - of_twins
            if left_behind or not pooled.twin.rests():
                self._let_go(pooled.twin)
            else:
                self._release(pooled)

    def _take(self, configuration: Configuration) -> _Pooled:
        """Return a twin that is idle no more: the one that was so longest, a new one where none will do."""
        for pooled in [twin for twin in self._idle if twin.configuration.key == configuration.key]:
            self._idle.remove(pooled)
            is_stopped = pooled.twin in self._started and not pooled.twin.is_running  # by the test that had it
            if pooled.twin.began == pooled.began and not is_stopped:
                return pooled
            self._let_go(pooled.twin)
        return _Pooled(configuration)

    def _release(self, pooled: _Pooled) -> None:
        pooled.began = pooled.twin.began
        self._idle.append(pooled)
        if len(self._idle) > MOST_IDLE:
            self._let_go(self._idle.pop(0).twin)

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
