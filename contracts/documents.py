"""Reading YAML and JSON files into plain JSON values, with errors that name the place."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from apitwin.contracts import yaml_values
from apitwin.contracts.errors import ContractError, shortened
from apitwin.contracts.files import Account, read_bytes

_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_ESCAPES = re.compile(r"(?<!\\)(?:\\\\)*(?:\\u[0-9a-fA-F]{4})+")


def read(path: Path, account: Account | None = None) -> Any:
    """Return the JSON value of a `.yaml`, `.yml` or `.json` file.

    account: what was read before it of the same contract. Raises ContractError when the file is missing, no regular
    file, unreadable, not UTF-8, no YAML or JSON, or more than the budgets allow.
    """
    account = Account() if account is None else account
    return parse(text(path, account), str(path), account)


def text(path: Path, account: Account) -> str:
    """Return the text of a file, counted. Raises ContractError as `read` does, but for what the text says."""
    account.count_file(str(path))
    return decoded(read_bytes(path, account.budgets.file_bytes), str(path))


def decoded(content: bytes, place: str) -> str:
    """Return the text of some bytes. Raises ContractError where they are no UTF-8."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ContractError(place, f"not UTF-8 text (byte {error.start}); save it as UTF-8") from None


def parse(text: str, place: str, account: Account | None = None) -> Any:
    """Return the JSON value of a YAML or JSON text; place names it in errors.

    Raises ContractError when the text is neither, or more than the budgets of the account allow.
    """
    account = Account() if account is None else account
    account.note(text)
    language = "JSON" if place.endswith(".json") else "YAML"
    if language == "YAML" and text.lstrip("\ufeff \t\r\n").startswith("{"):
        language = _language(text)
    try:
        return _json(text, place, account) if language == "JSON" else yaml_values.read(text, place, account)
    except json.JSONDecodeError as error:
        raise ContractError(f"{place}:{error.lineno}:{error.colno}", f"no JSON: {error.msg}") from None
    except yaml_values.Unfit as error:
        raise _no_yaml(place, str(error), error.mark) from None
    except yaml.MarkedYAMLError as error:
        raise _no_yaml(place, str(error.problem), error.problem_mark) from None
    except (yaml.YAMLError, ValueError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ContractError(place, f"no {language}: {reason}") from None
    except RecursionError:
        raise ContractError(place, f"nested too deeply to be read: {_deepest(account)}") from None


def _language(text: str) -> str:
    """Return whether a text that begins like JSON is, or else YAML: JSON is read ten times as fast."""
    try:
        json.loads(text.removeprefix("\ufeff"), parse_int=len, parse_float=len)
    except (ValueError, RecursionError):
        return "YAML"
    return "JSON"


def _no_yaml(place: str, problem: str, mark: Any) -> ContractError:
    where = f"{place}:{mark.line + 1}:{mark.column + 1}" if mark else place
    if "exceeded maximum nesting depth" in problem:
        return ContractError(where, "nested too deeply to be read")
    return ContractError(where, f"no YAML: {problem}")


def _deepest(account: Account) -> str:
    return f"more than {account.budgets.depth} lists and objects inside each other"


def _json(text: str, place: str, account: Account) -> Any:
    number = _number_reader(account.budgets.digits)
    value = json.loads(
        text.removeprefix("\ufeff"),
        object_pairs_hook=_object,
        parse_int=lambda digits: number(digits, int),
        parse_float=lambda digits: number(digits, float),
        parse_constant=_no_constant,
    )
    count(value, place, account)
    if _SURROGATE.search(text):
        _require_characters(text)
    return value


def _require_characters(text: str) -> None:
    """Refuse a JSON text with half of a pair of surrogates: it is no character, and nothing can print or send it."""
    for match in _ESCAPES.finditer(text):
        try:
            json.loads(f'"{match[0]}"').encode()
        except UnicodeEncodeError:
            raise ValueError(f"{shortened(match[0], 60)} is no character (RFC 8259 section 8.2)") from None


def _number_reader(most: int) -> Callable[[str, type], Any]:
    """Return what reads the text of a number as an int or a float, if it has at most so many characters."""

    def number(text: str, kind: type) -> Any:
        if len(text) > most:
            raise ValueError(f"a number has {len(text)} characters; at most {most} are read")
        value = kind(text)
        if kind is float and value - value != 0:
            raise ValueError(f"the number {shortened(text, 60)} is too large to be held")
        return value

    return number


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} has no place in JSON (RFC 8259 section 6)")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        seen: set[str] = set()
        twice = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        raise ValueError(f"the key {shortened(twice, 120)!r} stands twice")
    return members


def count(value: Any, place: str, account: Account) -> None:
    """Count the values of a JSON value. Raises ContractError where they are too many, or nested too deeply."""
    level, depth = [value], 0
    while level:
        if depth > account.budgets.depth:
            raise ContractError(place, f"nested too deeply to be read: {_deepest(account)}")
        held = [part for part in level if isinstance(part, (dict, list))]
        keys = sum(len(part) for part in held if isinstance(part, dict))
        account.count_values(len(level) + keys, place)
        level = [inner for part in held for inner in (part.values() if isinstance(part, dict) else part)]
        depth += 1
