"""What is asked of a twin: the words of the ini options, of the markers from the module to the test, of a factory.

`VALUES` has every word once: what fits it and what is expected. A word that is closer to the test wins.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pytest

if TYPE_CHECKING:
    from apitwin.testkit.transport.twin_pool import Configuration

Words = Mapping[str, Any]
"""What is asked of a twin, by the names of `VALUES`."""
MARKER = "apitwin"


def add_ini_options(parser: pytest.Parser) -> None:
    """Add the ini options, which say what holds for a whole project."""
    parser.addini("apitwin_contract", "contract of the fixture twin: a bundled name or a path", default=None)
    parser.addini("apitwin_overlay", "overlay to lay over that contract, from the rootdir on", default=None)
    parser.addini("apitwin_root", "folder that the files of that contract may lie in", default=None)
    parser.addini("apitwin_world", "YAML file with the world of the fixture twin, from the rootdir on", default=None)
    parser.addini("apitwin_extension", "module:NAME of the fixture twin's own behaviour", default=None)
    # "int" lets a native TOML table say 50 instead of "50"; an older pytest has neither.
    number: Literal["int", "string"] = "int" if pytest.version_tuple >= (8, 4) else "string"
    parser.addini("apitwin_page_maximum", "items a page of the fixture twin, at most", type=number, default=None)
    parser.addini("apitwin_items", "things of each kind in a generated world", type=number, default=None)
    parser.addini("apitwin_random_seed", "number that a generated world follows from", type=number, default=None)
    parser.addini("apitwin_check_answers", "twin fails on answers that break its contract", type="bool", default=False)


def asked_of(request: pytest.FixtureRequest) -> Words:
    """Return what is asked for one test. Raises UsageError naming the option or the word."""
    root = request.config.rootpath
    words: Words = _of_the_project(request.config)
    for mark in reversed(list(request.node.iter_markers(MARKER))):  # the closest comes first
        if mark.args:
            first = mark.args[0]
            raise _usage_error(f"marker {MARKER}: found {first!r}; expected words, such as contract={first!r}")
        words = merged(words, checked(mark.kwargs, MARKED, f"marker {MARKER}: {{}}", root))
    return words


def _of_the_project(config: pytest.Config) -> Words:
    from apitwin.contracts import DEFAULT

    words: dict[str, Any] = {"contract": DEFAULT}
    for word in (word for word in MARKED if word != "faults"):
        name = f"apitwin_{word}"
        try:
            value = config.getini(name)
            if word in NUMBERS and isinstance(value, str):
                value = int(value)
        except (TypeError, ValueError, pytest.UsageError) as error:
            raise _usage_error(f"{name}: {error}; expected {VALUES[word][1]}") from None
        if value is not None:
            words |= checked({word: value}, VALUES, "apitwin_{}", config.rootpath)
    return words


def merged(farther: Words, closer: Words) -> Words:
    """Return all words, the closer ones where both have one.

    Who names another contract starts anew: a world, an extension, faults, numbers of items were said of the one before.
    """
    names_another = closer.get("contract", farther["contract"]) != farther["contract"]
    forgotten = OF_ONE_CONTRACT if names_another else frozenset()
    return {**{word: value for word, value in farther.items() if word not in forgotten}, **closer}


def checked(words: Words, known: Iterable[str], place: str, root: Path) -> dict[str, Any]:
    """Return words with their paths found. Raises UsageError naming the word, what was found, and what is allowed.

    place: who says a word, which stands for `{}` in it. root: where paths are read from.
    """
    values: dict[str, Any] = {}
    for word, value in words.items():
        if word not in known:
            hint = _meant(word, known) or f"there is {', '.join(known)}"
            raise _usage_error(f"{place.format(repr(word))} is no word that it takes; {hint}")
        fits, expected = VALUES[word]
        if not fits(value):
            raise _usage_error(f"{place.format(word)}: found {value!r}; expected {expected}")
        values[word] = LOCATED[word](value, root, place.format(word)) if word in LOCATED else value
    return values


def configuration(words: Words) -> Configuration:
    """Return the server that some words ask for. A world that was made in code is no part of it."""
    from apitwin.testkit.transport.twin_pool import Configuration

    world = words.get("world")
    return Configuration(
        contract=words["contract"],
        overlay=words.get("overlay"),
        root=words.get("root"),
        world=world if _is_path(world) else None,
        extension=words.get("extension"),
        page_maximum=words.get("page_maximum"),
        items=words.get("items"),
        random_seed=words.get("random_seed") or 0,
        check_answers=words.get("check_answers", False),
        tls=words.get("tls", False),
    )


def world_in_code(words: Words) -> Any:
    """Return the world that some words bring along, None where they name a file or nothing."""
    world = words.get("world")
    return None if _is_path(world) else world


def _located_contract(value: Any, root: Path, place: str) -> Any:
    """Return a contract as it can be loaded: a bundled name stays, a path is looked for from the rootdir on."""
    if not _is_path(value) or value in _bundled() or _is_address(value):
        return value
    path = root / value
    if not path.is_file() and not (path / "openapi.yaml").is_file():
        hint = _meant(path.name, [*_bundled(), *_beside(path)]) or f"bundled: {', '.join(_bundled())}"
        raise _usage_error(f"{place}: {str(value)!r} is no bundled contract, and there is no file {path}; {hint}")
    return path


def _is_address(value: Any) -> bool:
    from apitwin.contracts.remote import is_address

    return is_address(str(value))


def _located_file(value: Any, root: Path, place: str) -> Any:
    """Return what was made in code, such as a world, as it is, and the path of a file, found from the rootdir on."""
    if not _is_path(value):
        return value
    path: Path = root / value
    if not path.is_file():
        hint = _meant(path.name, _beside(path)) or "a path is read from the rootdir on"
        raise _usage_error(f"{place}: there is no file {path}; {hint}")
    return path


def _located_folder(value: Any, root: Path, place: str) -> Any:
    """Return the path of a folder, found from the rootdir on."""
    if value is None:
        return None
    path: Path = root / value
    if not path.is_dir():
        raise _usage_error(f"{place}: there is no folder {path}; a path is read from the rootdir on")
    return path


@cache
def _bundled() -> tuple[str, ...]:
    from apitwin.contracts import bundled

    return bundled()


def _beside(path: Path) -> list[str]:
    """Return the names of the files that a missing one might have been meant for."""
    return [file.name for file in path.parent.glob("*") if file.suffix in (".yaml", ".yml", ".json")]


def _meant(name: str, known: Iterable[str]) -> str:
    """Return the question whether another name was meant; nothing where none is near."""
    from apitwin.contracts.nearest import meant

    return meant(name, known, most=2, cutoff=0.6)


def _usage_error(problem: str) -> Exception:
    from apitwin.testkit.errors import UsageError

    return UsageError(problem)


def _is_path(value: Any) -> bool:
    return isinstance(value, (str, os.PathLike))


def _is_contract(value: Any) -> bool:
    """Whether it may be a contract: what is neither text nor path must be one, loaded."""
    from apitwin.contracts import Contract

    return _is_path(value) or isinstance(value, Contract)


def _is_page_maximum(value: Any) -> bool:
    return value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 1)


def _is_number(value: Any) -> bool:
    return value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 0)


VALUES: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "contract": (_is_contract, "a bundled name or the path of an OpenAPI document"),
    "overlay": (lambda value: value is None or _is_path(value), "the path of an OpenAPI Overlay"),
    "root": (lambda value: value is None or _is_path(value), "the path of a folder"),
    "world": (
        lambda value: value is None or _is_path(value) or hasattr(value, "tables"),
        "the path of a YAML file, or a World such as WorldBuilder().world",
    ),
    "extension": (
        lambda value: value is None or isinstance(value, str) or hasattr(value, "answers"),
        "an Extension, or a text such as my_project.twin:EXTENSION",
    ),
    "page_maximum": (_is_page_maximum, "a whole number, 1 or more"),
    "items": (_is_number, "a whole number, 0 or more"),
    "random_seed": (_is_number, "a whole number, 0 or more"),
    "faults": (lambda value: isinstance(value, (list, tuple)), "a list, such as ['unavailable:times=1']"),
    "check_answers": (lambda value: isinstance(value, bool), "true or false"),
    "tls": (lambda value: isinstance(value, bool), "True or False"),
}
"""Every word: whether a value fits, and what does."""
MARKED = (
    "contract", "overlay", "root", "world", "extension", "page_maximum", "items", "random_seed", "faults",
    "check_answers",
)  # fmt: skip
"""The words of the marker and, but for faults, of the ini options; `tls` is for a factory only."""
NUMBERS = ("page_maximum", "items", "random_seed")
"""The words whose values are whole numbers."""
OF_ONE_CONTRACT = frozenset(
    ("overlay", "root", "world", "extension", "faults", "page_maximum", "items", "random_seed")
)  # fmt: skip
"""The words that are said of one contract, and of no other."""
LOCATED: Mapping[str, Callable[[Any, Path, str], Any]] = {
    "contract": _located_contract,
    "overlay": _located_file,
    "root": _located_folder,
    "world": _located_file,
}
"""The words that may name a file."""
