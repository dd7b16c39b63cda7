"""A twin of an API, running: what a test or a script holds in its hands.

with Twin("viktor") as twin:
    client = MyClient(twin.url, twin.token)
    twin.fault("unavailable", operation="workspaces_list", times=1, retry_after=1)
    client.sync()
    twin.journal.expect("workspaces_list", times=2)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import TYPE_CHECKING, Any

import flask

from apitwin.contracts import DEFAULT, Contract, load
from apitwin.contracts.page_maximum import with_page_maximum
from apitwin.mock_server.backend import Backend, generated_twin, initial_world
from apitwin.mock_server.engine.checking import checked
from apitwin.mock_server.engine.extension import Extension
from apitwin.mock_server.engine.keys import all_held, everyday, text_of
from apitwin.mock_server.engine.opening import Opening, opening
from apitwin.mock_server.engine.steps import STEPS, Steps
from apitwin.mock_server.errors import HIDDEN, TwinError
from apitwin.mock_server.extensions import extension_of
from apitwin.mock_server.faults.active import Fault, add_all, words_of
from apitwin.mock_server.generated.worlds import Making
from apitwin.mock_server.http.app import create_app
from apitwin.mock_server.http.server import RunningTwin
from apitwin.mock_server.journal import Journal
from apitwin.mock_server.world.clock import Clock
from apitwin.mock_server.world.world import Snapshot, World

if TYPE_CHECKING:
    from apitwin.mock_server.http.asgi import AsgiApplication

__tracebackhide__ = HIDDEN
FaultWords = str | Mapping[str, Any]
"""A fault as a user writes it: `unavailable:times=1`, or an object with a name."""


@dataclass(frozen=True)
class _Made:
    """All of a twin that a test may change, as it was when the twin was made."""

    world: World
    clock: Clock
    snapshot: Snapshot
    steps: Steps
    faults: tuple[Fault, ...]


class Twin:
    """A twin with a world of its own, on a free port while a `with` block lasts."""

    def __init__(
        self,
        contract: str | Path | Contract = DEFAULT,
        *,
        world: World | str | Path | None = None,
        extension: Extension | str | None = None,
        page_maximum: int | None = None,
        faults: Iterable[FaultWords] = (),
        check_answers: bool = False,
        tls: bool = False,
        ca_file: str | Path | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        control_token: str | None = None,
        random_seed: int = 0,
        items: int | None = None,
    ) -> None:
        """Make a twin; nothing listens before the `with` block.

        contract: a bundled name, the path of an OpenAPI document, or a loaded contract. world: what there is,
        made in code or in a YAML file; without one the contract's own. extension: the API's own behaviour, a value or
        `module:NAME`; without one that which the contract names. page_maximum: items a page, at most, no
        more than the contract's maximum. faults: such as `unavailable:times=1`, or an object with a name.
        check_answers: fail with 500 rather than send what the contract does not allow. tls: speak HTTPS. ca_file:
        where to write the certificate to trust. port: 0 for a free one. control_token: what opens the control plane to
        other machines; without it only this one may use it.
        random_seed: the number that a world follows from where nobody wrote one; items: how many things each of its
        lists has, enough for a few pages without it.

        Raises ContractError or TwinError, one line, for what is wrong with any of them.
        """
        whole = contract if isinstance(contract, Contract) else load(contract)
        self.contract = whole if page_maximum is None else with_page_maximum(whole, page_maximum)
        if items is not None and items < 0:
            raise TwinError(f"items={items}: expected 0 or more")
        own_behaviour, making = extension_of(self.contract, extension), Making(random_seed, items)
        made_up = generated_twin(self.contract, making)
        if not isinstance(world, World):
            world = initial_world(self.contract, own_behaviour, None if world is None else Path(world), made_up)
        steps = checked(STEPS) if check_answers else STEPS
        self.application: flask.Flask = create_app(
            self.contract, world, steps, own_behaviour, control_token, making, made_up
        )
        self.backend: Backend = self.application.extensions["apitwin"]
        of_world = len(self.backend.faults.active())
        self._add(faults)
        self.backend.faults.checkpoint()
        own = self.backend.faults.active()[of_world:]
        self._made = _Made(world, world.clock, world.snapshot(), self.backend.steps, own)
        self._tls, self._ca_file, self._address = tls, ca_file, (host, port)
        self._running: RunningTwin | None = None
        self._stack = ExitStack()
        self.ca_file: Path | None = None
        """The file with the certificate to trust, while a twin with TLS runs."""

    def _add(self, faults: Iterable[FaultWords]) -> None:
        for fault in faults:
            if isinstance(fault, str):
                name, words = words_of(fault)
                self.fault(name, **words)
            else:
                add_all(self.backend.faults, [fault], "faults")

    def __enter__(self) -> Twin:
        if self.is_running:
            raise TwinError("this twin runs already; a fixture's twin needs no `with`")
        self._stack.close()  # of a server that was stopped by hand
        with ExitStack() as stack:
            host, port = self._address
            if self._tls:
                from apitwin.mock_server.http.tls import authority_file, certified

                certificate = certified(host)
                self._running = stack.enter_context(RunningTwin(self.application, host, port, tls=certificate))
                # Written when the port is known to be free: the file of another twin on it must not be lost.
                chosen = None if self._ca_file is None else Path(self._ca_file)
                self.ca_file = stack.enter_context(authority_file(certificate, chosen))
            else:
                self._running = stack.enter_context(RunningTwin(self.application, host, port))
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._running, self.ca_file = None, None
        self._stack.close()

    def __repr__(self) -> str:
        where = self._running.url if self._running is not None else "not running"
        return f"Twin({self.contract.name!r}, {where})"

    @property
    def is_running(self) -> bool:
        """Whether it listens: inside the `with` block, until its server is stopped."""
        return self._running is not None and self._running.is_serving

    @property
    def running(self) -> RunningTwin:
        """The server. Raises TwinError outside the `with` block."""
        if self._running is None:
            raise TwinError("this twin does not run; use it in a `with` block")
        return self._running

    @property
    def began(self) -> int:
        """Requests that came since it was made: to the API, and while it runs to the control plane and storage too."""
        return self.backend.began + (0 if self._running is None else self._running.began)

    @property
    def threads(self) -> frozenset[Thread]:
        """The threads that answer for it, as many as were needed so far."""
        return frozenset() if self._running is None else self._running.threads

    def rests(self) -> bool:
        """Return whether no answer is being sent; waits up to half a second for one that is just about to end."""
        return self._running is None or self._running.rests()

    @property
    def asgi(self) -> AsgiApplication:
        """An ASGI application that answers as this twin, for `httpx.ASGITransport` and other clients that await."""
        from apitwin.mock_server.http.asgi import AsgiApplication  # it needs asyncio, which costs more than the rest

        return AsgiApplication(self.application)

    @property
    def url(self) -> str:
        """Scheme, host and port, to be given to a client as its base."""
        return self.running.url

    @property
    def host(self) -> str:
        """Host and port, for a client that puts `https://` before it by itself."""
        return self.running.host

    @property
    def token(self) -> str:
        """A credential that may do everything, as the contract's security scheme wants it.

        It is a token or a key; for HTTP Basic `username:password`; where several are required together a JSON object
        of them by the names of their schemes. Raises TwinError in a world that has none.
        """
        security = everyday(self.contract)
        tokens = all_held(self.world.tokens, security)
        secret = text_of(tokens) if tokens is not None else None if security.alternatives else self.world.token()
        if secret is None:
            raise TwinError("this world has no valid token with a role")
        return secret

    @property
    def world(self) -> World:
        """What there is: tables of records, stored files, the clock and the tokens."""
        return self.backend.world

    @property
    def opening(self) -> Opening | None:
        """A request that this twin answers with something; None where nothing can be read without further values."""
        return opening(self.backend.contract, self.world)

    @property
    def undescribed(self) -> tuple[str, ...]:
        """The operations that answer 501, for nothing in the contract describes what a success of theirs is."""
        return () if self.backend.generated is None else self.backend.generated.undescribed

    @property
    def journal(self) -> Journal:
        """The exchanges since the last reset."""
        return self.backend.journal

    def fault(self, name: str, /, **words: Any) -> Fault:
        """Switch a fault on for the requests that match, until the next reset; see `apitwin.mock_server.faults`.

        Raises TwinError naming the word, and the nearest known ones.
        """
        return self.backend.faults.add(name, **words)

    def advance(self, seconds: float) -> None:
        """Move the time in the twin forward, so that nobody has to wait for a job."""
        self.world.clock.advance(seconds)

    def reset(self) -> None:
        """Bring the world, the faults and the time back to their start, and forget the journal.

        Costs some microseconds: call it at the beginning of each example of a property test.
        """
        self.backend.reset()

    def renew(self, faults: Iterable[FaultWords] = (), world: World | None = None) -> None:
        """Make everything as if the twin had just been made, whatever was done to it; it runs on, if it runs.

        A reset would not do: it returns to a checkpoint, and leaves a world, a clock, steps, faults that a test put in.
        faults: more of them, on from the first request and after each reset. world: instead of the twin's own.
        Raises TwinError, one line, for what is wrong with any of them.
        """
        made, backend = self._made, self.backend
        if world is not None and world.tables.keys() != made.world.tables.keys():
            raise TwinError(f"this world was made for another contract than {self.contract.name}")
        made.world.clock = made.clock
        made.world.restore(made.snapshot)
        backend.world, backend.steps = made.world if world is None else world, made.steps
        backend.faults.clear()
        add_all(backend.faults, *backend.world.faults)
        backend.faults.extend(made.faults)
        self._add(faults)
        backend.faults.checkpoint()
        backend.world.checkpoint()
        backend.reset()
