"""Profiles: how a framework refuses requests, as data that a contract chooses with `x-apitwin: {profile: NAME}`.

A bundled profile is a file in `contracts/profiles/`; a contract may name a file of its own. What a contract says itself
counts before its profile, member by member, and the profile before `plain`, which says everything.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from apitwin.contracts import documents, extension
from apitwin.contracts.errors import ContractError
from apitwin.contracts.files import Account, Folder
from apitwin.contracts.nearest import hint

HERE = Path(__file__).with_name("profiles")
PLAIN = "plain"
"""The profile of a contract that chooses none, and the ground that every other one stands on."""
PARTS = ("errors", "parameters", "requests")
"""What a profile says; the same keys at the root of `x-apitwin`."""
NESTED: Mapping[str, tuple[str, ...]] = {"parameters": ("messages", "codes")}
"""The members of a part whose own members count one by one."""
Layer = tuple[Mapping[str, Any], str]
"""The parts that one document says, and the place of that document, for errors."""


def profiles() -> tuple[str, ...]:
    """Return the names of the bundled profiles."""
    return tuple(sorted(path.stem for path in HERE.glob("*.yaml")))


def completed(root: Mapping[str, Any], path: Path, place: str, folder: Folder) -> dict[str, Any]:
    """Return the root object of a contract's `x-apitwin` with all that its profile adds to it.

    path: the contract's file; place: file and pointer of the object; folder: where a profile by path must lie.
    Raises ContractError naming the file and the key
    of what is wrong in a profile, and an error without a status or a body.
    """
    whole: dict[str, Any] = {part: {} for part in PARTS}
    for said, where in (*_layers(root, path, place, folder), (root, place)):
        for part in PARTS:
            whole[part] = _over(whole[part], said.get(part, {}), part)
        _require_whole_errors(whole["errors"], said.get("errors", {}), where)
    return {**root, **whole}


def _layers(said: Mapping[str, Any], path: Path, place: str, folder: Folder) -> list[Layer]:
    """Return what stands below a document: the profile that it names, and all below that. The lowest comes first."""
    layers: list[Layer] = []
    seen = {path.resolve()}
    while True:
        name = said.get("profile", PLAIN)
        path = _located(name, path, f"{place}/profile", folder)
        if path.resolve() in seen:
            break
        seen.add(path.resolve())
        said, place = _read(path, folder), f"{path}#"
        layers.insert(0, (said, place))
        if path == HERE / f"{PLAIN}.yaml":
            return layers
    raise ContractError(f"{place}/profile", f"found {name!r}, which this profile is itself a ground of")


def _located(name: str, holder: Path, place: str, folder: Folder) -> Path:
    """Return the file of a profile: a bundled one by its name, another by its path beside the document."""
    if name in profiles():
        return HERE / f"{name}.yaml"
    path = holder.parent / name
    located = folder.located(name, holder.resolve(), lambda reason: ContractError(place, f"{name!r} {reason}"))
    try:
        if located.is_file():
            return path
    except (OSError, ValueError):
        pass  # a text that cannot be a path names no file
    there_is = f"there is: {', '.join(profiles())}{hint(name, profiles())}"
    raise ContractError(place, f"found {name!r}, no bundled profile ({there_is}), and there is no file {path}")


@cache
def _bundled(path: Path) -> Mapping[str, Any]:
    return _checked(path, None)


def _read(path: Path, folder: Folder) -> Mapping[str, Any]:
    return _bundled(path) if path.parent == HERE else _checked(path, folder.account)


def _checked(path: Path, account: Account | None) -> Mapping[str, Any]:
    value = documents.read(path, account)
    if not isinstance(value, (dict, list)):  # and what else it holds is not shown
        raise ContractError(str(path), "is no profile; expected an object")
    extension.check(value, "profile", f"{path}#")
    return dict(value)


def _over(below: Mapping[str, Any], own: Mapping[str, Any], part: str) -> dict[str, Any]:
    """Return a part with its own members before those below; an error is such a member, and so are its members."""
    nested = own if part == "errors" else NESTED.get(part, ())
    return {
        **below,
        **own,
        **{name: {**below.get(name, {}), **own.get(name, {})} for name in nested if name in below or name in own},
    }


def _require_whole_errors(errors: Mapping[str, Any], own: Mapping[str, Any], place: str) -> None:
    for name in own:
        for key in ("status", "body"):
            if key not in errors[name]:
                raise ContractError(f"{place}/errors/{name}", f"the key {key!r} is missing, and no profile says it")
