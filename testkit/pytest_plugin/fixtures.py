"""The fixtures that a project gets by installing apitwin: `twin`, `twin_session`, `twin_tls` and `twin_factory`.

The plugin loads this file in every pytest run, so it imports nothing but pytest until a fixture is used. A project
that has a fixture `twin` of its own keeps it: pytest prefers a conftest's to a plugin's.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pytest

if TYPE_CHECKING:
    from apitwin.testkit.transport.twins import Configuration, Twin, TwinPool, TwinSession

Words = Mapping[str, Any]
"""What is asked of a twin, by the names of `VALUES`."""

MOST_TOLD = 5
"""Requests that a warning names."""


class UnmatchedRequestWarning(UserWarning):
    """A client sent what the contract has no operation for: a path or a method that the real API does not have."""


class IdleFaultWarning(UserWarning):
    """A fault was switched on, and no request met it: a path, an operation or a turn that never comes."""


@pytest.fixture(scope="session")
def _apitwin_pool() -> Iterator[TwinPool]:
    """The stock that all twins of this session come from; at its end all are stopped."""
    from apitwin.testkit.transport.twins import TwinPool

    with TwinPool() as twins:
        yield twins


@pytest.fixture
def _apitwin_twin(request: pytest.FixtureRequest, _apitwin_pool: TwinPool) -> Iterator[Twin]:
    """The one twin of a test, listening only if `twin` asks for that."""
    with ExitStack() as stack:
        with _mistakes():
            found = stack.enter_context(_acquired(request, _apitwin_pool, _asked(request)))
        yield found


@pytest.fixture
def twin(_apitwin_twin: Twin, _apitwin_pool: TwinPool) -> Twin:
    """A running twin with a world of its own for each test: `twin.url`, `twin.token`, `twin.journal`, `twin.fault()`.

    The server is started once in a session for each configuration, and everything in it is brought back to its start
    before each test, which costs some microseconds; one that an earlier test's thread may still talk to is not used
    again. `@pytest.mark.apitwin(...)` and the ini options configure it; what is wrong with them is an error of the
    test, in one line. At the end of the test a warning names the requests that the contract has no operation for.
    """
    with _mistakes():
        _apitwin_pool.start(_apitwin_twin)
    return _apitwin_twin


@pytest.fixture
def twin_session(_apitwin_twin: Twin) -> Iterator[TwinSession]:
    """A `requests.Session` with the twin's base URL and token, answered in this process, without server or socket.

    `twin_session.get("/api/workspaces/")` works. World and journal are those of `twin`, where a test uses both.
    It reaches nothing else: requests' InvalidSchema is raised for the address of another host.
    """
    from apitwin.testkit.transport.twins import TwinSession

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
        with _mistakes():
            found = stack.enter_context(_acquired(request, _apitwin_pool, {**_asked(request), "tls": True}))
            _apitwin_pool.start(found)
        for name in ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"):
            patch.setenv(name, str(found.ca_file))
        yield found


@pytest.fixture
def twin_factory(request: pytest.FixtureRequest, _apitwin_pool: TwinPool) -> Iterator[Callable[..., Twin]]:
    """Make more twins: `twin_factory("path/openapi.yaml", page_maximum=50)` returns a running one, with its own world.

    Words that are not given are those of `twin`. There are also `world=`, made in code, and `tls=True`. Each call
    returns another twin; after the test they are kept for later tests that ask for the same, because a twin is made
    slowly and reset at once. Raises apitwin.testkit.errors.UsageError, one line.
    """
    with ExitStack() as stack:

        def make(contract: Any = None, /, **words: Any) -> Twin:
            __tracebackhide__ = True
            from apitwin.contracts import ContractError
            from apitwin.testkit.errors import TestkitError, UsageError
            from apitwin.testkit.transport.twins import TwinError

            try:
                if contract is not None and "contract" in words:
                    raise UsageError(f"twin_factory: found two contracts, {contract!r} and another; expected one")
                given = words if contract is None else {"contract": contract, **words}
                asked = _merged(_asked(request), _checked(given, VALUES, "twin_factory: {}", request.config.rootpath))
                found = stack.enter_context(_acquired(request, _apitwin_pool, asked))
                _apitwin_pool.start(found)
            except (ContractError, TestkitError, TwinError) as error:
                raise UsageError(str(error)) from None
            return found

        yield make


@pytest.fixture
def check_client(request: pytest.FixtureRequest) -> Callable[..., Any]:
    """Judge a client: `check_client(fetch_all)`, as `apitwin.check_client`, which has the words.

    The contract and the world are those of `twin` where the call names none. Raises ClientBroken with the stories.
    """

    def check(fetch_all: Any, operation: str | None = None, **words: Any) -> Any:
        __tracebackhide__ = True
        from apitwin.testkit.clients import check_client

        asked = _asked(request)
        world = asked.get("world")
        usual = {"contract": str(asked["contract"]), "world": None if world is None else str(world)}
        return check_client(fetch_all, operation, **({**usual, **words} if "contract" not in words else words))

    return check


@contextmanager
def _acquired(request: pytest.FixtureRequest, twins: TwinPool, words: Words) -> Iterator[Twin]:
    world = words.get("world")
    of_code = None if world is None or _is_path(world) else world
    with twins.acquire(_configuration(words), words.get("faults") or (), of_code) as found:
        yield found
        _report_unmatched(request.node, found)
        _report_idle_faults(request.node, found)


def _configuration(words: Words) -> Configuration:
    from apitwin.testkit.transport.twins import Configuration

    world = words.get("world")
    return Configuration(
        contract=words["contract"],
        world=world if _is_path(world) else None,
        page_maximum=words.get("page_maximum"),
        check_answers=words.get("check_answers", False),
        tls=words.get("tls", False),
    )


def _warn(node: pytest.Item, category: type[UserWarning], problem: str) -> None:
    """Warn at the place of a test; where warnings are errors, fail it in one line."""
    try:
        node.warn(category(problem))
    except category:
        raise pytest.fail.Exception(f"apitwin: {problem}", pytrace=False) from None


def _report_idle_faults(node: pytest.Item, twin: Twin) -> None:
    """Warn of the faults that a test switched on and that no request met: it has shown nothing then."""
    for fault in twin.backend.faults.added():
        if not fault.hits and fault.when["probability"] == 1:
            words = ", ".join(f"{word}={value!r}" for word, value in fault.words.items())
            told = f"{fault.name}{f' ({words})' if words else ''}"
            _warn(node, IdleFaultWarning, f"no request met the fault {told}; see the journal for what was asked")


def _report_unmatched(node: pytest.Item, twin: Twin) -> None:
    """Warn of the requests that matched no operation, at the place of the test."""
    from apitwin.contracts.errors import one_line

    asked = list(dict.fromkeys(f"{one.method} {one.path}" for one in twin.journal.unmatched()))
    if not asked:
        return
    known = [f"{one.method} {one.path}" for one in twin.contract.operations]
    meant = {one: _meant(one, known, cutoff=0.8) for one in asked[:MOST_TOLD]}
    told = [f"{one} ({hint})" if hint else one for one, hint in meant.items()]
    more = f", and {len(asked) - MOST_TOLD} more" if len(asked) > MOST_TOLD else ""
    problem = one_line(f"the contract {twin.contract.name} has no operation {', '.join(told)}{more}")
    _warn(node, UnmatchedRequestWarning, problem)


@contextmanager
def _mistakes() -> Iterator[None]:
    """Turn what is the user's to mend into one line at the test, without a traceback into this package."""
    from apitwin.contracts import ContractError
    from apitwin.testkit.errors import TestkitError
    from apitwin.testkit.transport.twins import TwinError

    try:
        yield
    except (ContractError, TestkitError, TwinError) as error:
        raise pytest.fail.Exception(f"apitwin: {error}", pytrace=False) from None


# What is asked of a twin: the ini options, then the markers from the module to the test, then a factory's words.


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the ini options."""
    parser.addini("apitwin_contract", "contract of the fixture twin: a bundled name or a path", default=None)
    parser.addini("apitwin_world", "YAML file with the world of the fixture twin, from the rootdir on", default=None)
    # "int" lets a native TOML table say 50 instead of "50"; an older pytest has neither.
    number: Literal["int", "string"] = "int" if pytest.version_tuple >= (8, 4) else "string"
    parser.addini("apitwin_max_page", "items a page of the fixture twin, at most", type=number, default=None)
    parser.addini("apitwin_check_answers", "twin fails on answers that break its contract", type="bool", default=False)


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known to --strict-markers."""
    config.addinivalue_line("markers", f"apitwin({', '.join(MARKED)}): how the fixtures of apitwin are made")


def _asked(request: pytest.FixtureRequest) -> Words:
    """Return what is asked for one test. Raises UsageError naming the option or the word."""
    root = request.config.rootpath
    words: Words = _options(request.config)
    for mark in reversed(list(request.node.iter_markers("apitwin"))):  # the closest comes first
        if mark.args:
            raise _usage(f"marker apitwin: found {mark.args[0]!r}; expected words, such as contract={mark.args[0]!r}")
        words = _merged(words, _checked(mark.kwargs, MARKED, "marker apitwin: {}", root))
    return words


def _options(config: pytest.Config) -> Words:
    from apitwin.contracts import DEFAULT

    found: dict[str, Any] = {"contract": DEFAULT}
    for word in ("contract", "world", "page_maximum", "check_answers"):
        name = f"apitwin_{word}"
        try:
            value = config.getini(name)
            if word == "page_maximum" and isinstance(value, str):
                value = int(value)
        except (TypeError, ValueError, pytest.UsageError) as error:
            raise _usage(f"{name}: {error}; expected {VALUES[word][1]}") from None
        if value is not None:
            found |= _checked({word: value}, VALUES, "apitwin_{}", config.rootpath)
    return found


def _merged(farther: Words, closer: Words) -> Words:
    """Return all words, the closer ones where both have one.

    Who names another contract starts anew: a world, faults and a page maximum were said of the contract before.
    """
    left_out: set[str] = set()
    if closer.get("contract", farther["contract"]) != farther["contract"]:
        left_out |= {"world", "faults", "page_maximum"}
    return {**{word: value for word, value in farther.items() if word not in left_out}, **closer}


def _checked(words: Words, known: Iterable[str], place: str, root: Path) -> dict[str, Any]:
    """Return words with their paths found. Raises UsageError naming the word, what was found, and what is allowed.

    place: who says a word, which stands for `{}` in it.
    """
    found: dict[str, Any] = {}
    for word, value in words.items():
        if word not in known:
            hint = _meant(word, known) or f"there is {', '.join(known)}"
            raise _usage(f"{place.format(repr(word))} is no word that it takes; {hint}")
        fits, expected = VALUES[word]
        if not fits(value):
            raise _usage(f"{place.format(word)}: found {value!r}; expected {expected}")
        found[word] = FOUND[word](value, root, place.format(word)) if word in FOUND else value
    return found


def _contract(value: Any, root: Path, place: str) -> Any:
    """Return a contract as it can be loaded: a bundled name stays, a path is looked for from the rootdir on."""
    if not isinstance(value, (str, os.PathLike)) or value in _bundled():
        return value
    path = root / value
    if not path.is_file() and not (path / "openapi.yaml").is_file():
        hint = _meant(path.name, [*_bundled(), *_beside(path)]) or f"bundled: {', '.join(_bundled())}"
        raise _usage(f"{place}: {str(value)!r} is no bundled contract, and there is no file {path}; {hint}")
    return path


def _world(value: Any, root: Path, place: str) -> Any:
    """Return a world that was made in code as it is, and the path of a world file, looked for from the rootdir on."""
    if not _is_path(value):
        return value
    path: Path = root / value
    if not path.is_file():
        hint = _meant(path.name, _beside(path)) or "a path is read from the rootdir on"
        raise _usage(f"{place}: there is no file {path}; {hint}")
    return path


@cache
def _bundled() -> tuple[str, ...]:
    from apitwin.contracts import bundled

    return bundled()


def _beside(path: Path) -> list[str]:
    """Return the names of the files that a missing one might have been meant for."""
    return [one.name for one in path.parent.glob("*") if one.suffix in (".yaml", ".yml", ".json")]


def _meant(found: str, known: Iterable[str], cutoff: float = 0.6) -> str:
    """Return the question whether another name was meant; nothing where none is near."""
    from apitwin.contracts.nearest import meant

    return meant(found, known, most=2, cutoff=cutoff)


def _usage(problem: str) -> Exception:
    from apitwin.testkit.errors import UsageError

    return UsageError(problem)


def _is_path(value: Any) -> bool:
    return isinstance(value, (str, os.PathLike))


def _is_name(value: Any) -> bool:
    """Whether it may be a contract: what is neither text nor path must be one, loaded."""
    from apitwin.contracts import Contract

    return isinstance(value, (str, os.PathLike, Contract))


VALUES: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "contract": (_is_name, "a bundled name or the path of an OpenAPI document"),
    "world": (
        lambda value: value is None or _is_path(value) or hasattr(value, "tables"),
        "the path of a YAML file, or a World such as WorldBuilder().world",
    ),
    "page_maximum": (
        lambda value: value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 1),
        "a whole number, 1 or more",
    ),
    "faults": (lambda value: isinstance(value, (list, tuple)), "a list, such as ['unavailable:times=1']"),
    "check_answers": (lambda value: isinstance(value, bool), "true or false"),
    "tls": (lambda value: isinstance(value, bool), "True or False"),
}
"""Every word: whether a value fits, and what does."""
MARKED = ("contract", "world", "page_maximum", "faults", "check_answers")
"""The words of the marker and, but for faults, of the ini options; the others are for a factory only."""
FOUND: Mapping[str, Callable[[Any, Path, str], Any]] = {"contract": _contract, "world": _world}
"""The words that are looked for on the disk."""
