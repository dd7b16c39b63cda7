"""Reading a world file: the world a twin starts with, as YAML. Every item is checked against its collection's schema.

A collection is a list of items. An item with `repeat: N` and `item:` stands for N items, one with `each: [...]` and
`item:` for one item a value; in their texts `{n}` is the number from 1 and `{each}` the value. Items take their
collection's `defaults`, and an integer identity that is left out is the next free one.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

from apitwin.contracts import ContractError, pointers
from apitwin.contracts.documents import read
from apitwin.contracts.json_values import copied
from apitwin.contracts.model import Contract
from apitwin.contracts.nearest import allowed
from apitwin.contracts.words import TokenState
from apitwin.mock_server.errors import TwinError
from apitwin.mock_server.world.blobs import Blob
from apitwin.mock_server.world.costs import require_affordable
from apitwin.mock_server.world.fitting import require_fitting
from apitwin.mock_server.world.world import Token, World

FillItem = Callable[[World, str, dict[str, Any], Mapping[str, dict[str, Any]]], dict[str, Any]]
"""Fills in what an API computes: (world so far, collection's name, values, items before by identity) -> values."""

FinalizeWorld = Callable[[World], None]
"""Fills in what an API computes of a whole world, once everything is in it."""

KEYS = ("tokens", "defaults", "collections", "storage", "faults")
BLOB_KEYS = ("text", "base64", "filename", "content_type")
TOKEN_KEYS = ("token", "state", "user", "roles", "username", "scheme")
STATES: Mapping[str, TokenState] = {state: state for state in get_args(TokenState)}


def world_from_file(
    path: Path, contract: Contract, fill_item: FillItem | None = None, finalize_world: FinalizeWorld | None = None
) -> World:
    """Return the world that a world file describes. Raises TwinError naming the file and the key."""
    try:
        value = read(path)
    except ContractError as error:
        raise TwinError(str(error)) from None
    return world_from_value(value, contract, str(path), fill_item, finalize_world)


def world_from_value(
    value: Any,
    contract: Contract,
    place: str,
    fill_item: FillItem | None = None,
    finalize_world: FinalizeWorld | None = None,
) -> World:
    """Return the world that the value of a world file describes. place: its file, for errors.

    fill_item, finalize_world: what an API fills in by itself, in one item and in the whole. Raises TwinError naming the
    key, what was found and what is allowed.
    """
    if not isinstance(value, dict):
        raise TwinError(f"{place}: expected an object with {', '.join(KEYS)}")
    _known(value, KEYS, place)
    defaults = value.get("defaults", {})
    _known(defaults, contract.collections, f"{place}#/defaults")
    for name, values in defaults.items():
        if not isinstance(values, dict):
            raise TwinError(f"{place}#/defaults/{name}: found {values!r}; expected an object")
    collections = value.get("collections", {})
    _known(collections, contract.collections, f"{place}#/collections")
    require_affordable(collections, defaults, f"{place}#/collections")
    tokens = value.get("tokens", [])
    if not isinstance(tokens, list):
        raise TwinError(f"{place}#/tokens: expected a list of tokens")
    world = World(contract, [_token(token, contract, f"{place}#/tokens/{index}") for index, token in enumerate(tokens)])
    for name, listed in collections.items():
        where = f"{place}#/collections/{name}"
        if not isinstance(listed, list):
            raise TwinError(f"{where}: expected a list of items")
        _fill(world, name, listed, defaults.get(name, {}), where, fill_item)
    _store(world, value.get("storage", {}), f"{place}#/storage")
    world.faults = (value.get("faults", []), f"{place}#/faults")
    if finalize_world is not None:
        finalize_world(world)
    world.checkpoint()
    return world


def _store(world: World, value: Any, place: str) -> None:
    """Put stored files into a world: `key: {text: ..., filename: ...}`, or `base64` for what is no text."""
    if not isinstance(value, dict):
        raise TwinError(f"{place}: found {value!r}; expected an object of stored files by key")
    for key, file in value.items():
        where = f"{place}/{key}"
        _known(file, BLOB_KEYS, where)
        for name, text in file.items():
            if not isinstance(text, str):
                raise TwinError(f"{where}/{name}: found {text!r}; expected a text")
        if ("text" in file) == ("base64" in file):
            raise TwinError(f"{where}: expected text or base64, one of them")
        try:
            content = file["text"].encode() if "text" in file else base64.b64decode(file["base64"], validate=True)
        except ValueError as error:
            raise TwinError(f"{where}: not to be read ({error})") from None
        filename = file.get("filename") or key.rpartition("/")[2]
        world.storage.put(key, Blob(content, filename, file.get("content_type", "application/octet-stream")))


def _known(value: Any, known: Any, place: str) -> None:
    if not isinstance(value, dict):
        raise TwinError(f"{place}: found {value!r}; expected an object")
    for key in value:
        if key not in known:
            raise TwinError(f"{place}: unknown key {key!r}; {allowed(str(key), known)}")


def _token(value: Any, contract: Contract, place: str) -> Token:
    _known(value, TOKEN_KEYS, place)
    state = value.get("state", "valid")
    if state not in STATES:
        raise TwinError(f"{place}/state: found {state!r}; expected one of {', '.join(STATES)}")
    secret, roles = value.get("token"), value.get("roles", [])
    if not isinstance(secret, str) or not secret.isascii() or not secret or not isinstance(roles, list):
        raise TwinError(f"{place}: expected a token (ASCII text), and roles as a list")
    user, username, scheme = value.get("user"), value.get("username"), value.get("scheme")
    if username is not None and (not isinstance(username, str) or not username.isascii() or ":" in username):
        raise TwinError(f"{place}/username: found {username!r}; expected an ASCII text without a colon (RFC 7617)")
    if scheme is not None and scheme not in contract.schemes:
        raise TwinError(f"{place}/scheme: found {scheme!r}; {allowed(str(scheme), contract.schemes)}")
    return Token(
        secret,
        STATES[state],
        None if user is None else str(user),
        frozenset(map(str, roles)),
        username=username,
        scheme=scheme,
    )


def _fill(world: World, name: str, listed: list[Any], defaults: Any, place: str, fill_item: FillItem | None) -> None:
    collection = world.tables[name].collection
    earlier: dict[str, dict[str, Any]] = {}
    taken = 0
    for where, item in _expanded(listed, place):
        identity = pointers.find(item, collection.identity, taken + 1)
        values: dict[str, Any] = {}
        pointers.put(values, collection.identity, identity)  # first, where a reader looks for it
        values |= item | {key: copied(default) for key, default in defaults.items() if key not in item}
        if identity is None or isinstance(identity, (bool, list, dict)):
            raise TwinError(f"{where}: found the identity {identity!r}; expected a number or a text")
        if pointers.find(values, collection.identity) != identity:
            raise TwinError(f"{where}: there is no room for the identity at {collection.identity}")
        if str(identity) in earlier:
            raise TwinError(f"{where}: the identity {identity!r} stands twice in {name}")
        taken = max(taken, identity) if isinstance(identity, int) else taken + 1
        if fill_item is not None:
            try:
                values = fill_item(world, name, values, earlier)
            except LookupError as error:
                raise TwinError(f"{where}: {error.args[0]}") from None
        require_fitting(values, collection, where)
        earlier[str(identity)] = values
    world.tables[name].add(earlier.values(), checked=False)


def _expanded(listed: list[Any], place: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for index, value in enumerate(listed):
        where = f"{place}/{index}"
        if not isinstance(value, dict):
            raise TwinError(f"{where}: found {value!r}; expected an object")
        repeated = {"repeat", "each"} & value.keys()
        if not repeated:
            yield where, value
            continue
        _known(value, ("repeat", "each", "item"), where)
        times, template = value.get("repeat"), value.get("item")
        counted = isinstance(times, int) and not isinstance(times, bool) and times >= 0
        choices = value["each"] if "each" in value else range(1, (times or 0) + 1) if counted else None
        if not isinstance(choices, (list, range)) or not isinstance(template, dict) or len(repeated) == 2:
            raise TwinError(f"{where}: expected repeat (a number) or each (a list), and item (an object)")
        for number, choice in enumerate(choices, 1):
            yield f"{where}/item", _substituted(template, {"{n}": number, "{each}": choice})


def _substituted(template: Any, values: Mapping[str, Any]) -> Any:
    """Return a template with `{n}` and `{each}` replaced; a text that is nothing else becomes the value itself."""
    if isinstance(template, str):
        if template in values:
            return values[template]
        return re.sub(r"{n}|{each}", lambda match: str(values[match[0]]), template)
    if isinstance(template, list):
        return [_substituted(part, values) for part in template]
    if isinstance(template, dict):
        return {str(_substituted(key, values)): _substituted(part, values) for key, part in template.items()}
    return template
