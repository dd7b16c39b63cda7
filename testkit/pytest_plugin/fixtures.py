"""The fixtures of a project that installs apitwin: `twin`, `twin_session`, `twin_tls`, `twin_factory`, `check_client`.

The plugin loads this file in every pytest run, so it imports nothing but pytest until a fixture is used. A project
that has a fixture `twin` of its own keeps it: pytest prefers a conftest's to a plugin's. What is asked of a twin is
read in `words`; what a test is warned of at its end is in `warnings`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from apitwin.testkit.pytest_plugin import words
from apitwin.testkit.pytest_plugin.warnings import warn_of_idle_faults, warn_of_unmatched_requests
from apitwin.testkit.pytest_plugin.words import Words

if TYPE_CHECKING:
    from apitwin.testkit.transport.twin_pool import TwinPool
    from apitwin.testkit.transport.twin_session import TwinSession
    from apitwin.testkit.transport.twins import Twin


@pytest.fixture(scope="session")
def _apitwin_pool() -> Iterator[TwinPool]:
    """The pool that all twins of this session come from; at its end all are stopped."""
    from apitwin.testkit.transport.twin_pool import TwinPool

    with TwinPool() as pool:
        yield pool


@pytest.fixture
def _apitwin_twin(request: pytest.FixtureRequest, _apitwin_pool: TwinPool) -> Iterator[Twin]:
    """The one twin of a test, listening only if `twin` asks for that."""
    with ExitStack() as stack:
        with _mistakes_in_one_line():
            twin = stack.enter_context(_acquired(request, _apitwin_pool, words.asked_of(request)))
        yield twin


@pytest.fixture
def twin(_apitwin_twin: Twin, _apitwin_pool: TwinPool) -> Twin:
    """A running twin with a world of its own for each test: `twin.url`, `twin.token`, `twin.journal`, `twin.fault()`.

    The server is started once in a session for each configuration, and everything in it is brought back to its start
    before each test, which costs some microseconds; one that an earlier test's thread may still talk to is not used
    again. `@pytest.mark.apitwin(...)` and the ini options configure it; what is wrong with them is an error of the
    test, in one line. At the end of the test a warning names the requests that the contract has no operation for.
    """
    with _mistakes_in_one_line():
        _apitwin_pool.start(_apitwin_twin)
    return _apitwin_twin


@pytest.fixture
def twin_session(_apitwin_twin: Twin) -> Iterator[TwinSession]:
    """A `requests.Session` with the twin's base URL and token, answered in this process, without server or socket.

    `twin_session.get("/api/workspaces/")` works. World and journal are those of `twin`, where a test uses both.
    It reaches nothing else: requests' InvalidSchema is raised for the address of another host.
    """
    from apitwin.testkit.transport.twin_session import TwinSession

    with TwinSession(_apitwin_twin) as session:
        yield session


@pytest.fixture
def twin_tls(request: pytest.FixtureRequest, _apitwin_pool: TwinPool) -> Iterator[Twin]:
    """A running twin as `twin` is, over HTTPS and with a world of its own; `twin_tls.ca_file` is what to trust.

    REQUESTS_CA_BUNDLE and SSL_CERT_FILE name that file for the length of the test, so that clients built on requests,
    httpx or Python's own ssl work unmodified, and trust no other server.
    """
    # Not the fixture `monkeypatch`, whose undo() a test may call while it still needs the certificate.
    with ExitStack() as stack, pytest.MonkeyPatch.context() as patch:
        with _mistakes_in_one_line():
            asked = {**words.asked_of(request), "tls": True}
            secured = stack.enter_context(_acquired(request, _apitwin_pool, asked))
            _apitwin_pool.start(secured)
        for name in ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"):
            patch.setenv(name, str(secured.ca_file))
        yield secured


@pytest.fixture
def twin_factory(request: pytest.FixtureRequest, _apitwin_pool: TwinPool) -> Iterator[Callable[..., Twin]]:
    """Make more twins: `twin_factory("path/openapi.yaml", page_maximum=50)` returns a running one, with its own world.

    Words that are not given are those of `twin`. There is also `tls=True`. Each call
    returns another twin; after the test they are kept for later tests that ask for the same, because a twin is made
    slowly and reset at once. Raises apitwin.testkit.errors.UsageError, one line.
    """
    with ExitStack() as stack:

        def make(contract: Any = None, /, **named: Any) -> Twin:
            __tracebackhide__ = True
            from apitwin.contracts import ContractError
            from apitwin.testkit.errors import TestkitError, UsageError
            from apitwin.testkit.transport.twins import TwinError

            try:
                if contract is not None and "contract" in named:
                    raise UsageError(f"twin_factory: found two contracts, {contract!r} and another; expected one")
                named = named if contract is None else {"contract": contract, **named}
                closer = words.checked(named, words.VALUES, "twin_factory: {}", request.config.rootpath)
                asked = words.merged(words.asked_of(request), closer)
                made = stack.enter_context(_acquired(request, _apitwin_pool, asked))
                _apitwin_pool.start(made)
            except (ContractError, TestkitError, TwinError) as error:
                raise UsageError(str(error)) from None
            return made

        yield make


@pytest.fixture
def check_client(request: pytest.FixtureRequest) -> Callable[..., Any]:
    """Judge a client: `check_client(fetch_all)`, with the words of `apitwin.check_client`.

    The contract and the world are those of `twin` where the call names none. Raises ClientBroken, which tells what is
    broken.
    """

    def check(fetch_all: Any, operation: str | None = None, **named: Any) -> Any:
        __tracebackhide__ = True
        from apitwin.testkit.clients import check_client

        if "contract" in named:  # what the project says of its own contract is not meant then
            return check_client(fetch_all, operation, **named)
        asked = words.configuration(words.asked_of(request))
        files = {"world": asked.world, "overlay": asked.overlay, "root": asked.root}
        usual: dict[str, Any] = {name: None if path is None else str(path) for name, path in files.items()}
        usual |= {"contract": str(asked.contract), "extension": asked.extension}
        return check_client(fetch_all, operation, **{**usual, **named})

    return check


@contextmanager
def _acquired(request: pytest.FixtureRequest, pool: TwinPool, asked: Words) -> Iterator[Twin]:
    """Yield a twin that some words ask for, and warn at the end of what the test did not mean."""
    configuration, faults = words.configuration(asked), asked.get("faults") or ()
    with pool.acquire(configuration, faults, words.world_in_code(asked)) as twin:
        yield twin
        warn_of_unmatched_requests(request.node, twin)
        warn_of_idle_faults(request.node, twin)


@contextmanager
def _mistakes_in_one_line() -> Iterator[None]:
    """Turn what is the user's to mend into one line at the test, without a traceback into this package."""
    from apitwin.contracts import ContractError
    from apitwin.testkit.errors import TestkitError
    from apitwin.testkit.transport.twins import TwinError

    try:
        yield
    except (ContractError, TestkitError, TwinError) as error:
        raise pytest.fail.Exception(f"apitwin: {error}", pytrace=False) from None


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the ini options."""
    words.add_ini_options(parser)


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known to --strict-markers."""
    config.addinivalue_line(
        "markers", f"{words.MARKER}({', '.join(words.MARKED)}): how the fixtures of apitwin are made"
    )
