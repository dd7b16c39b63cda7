"""Reading YAML and JSON files into plain JSON values, with errors that name the place."""

from __future__ import annotations

import json
import re
from collections.abc import Hashable
from pathlib import Path
from typing import Any, ClassVar

import yaml

from apitwin.contracts.errors import ContractError

_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _JsonLoader(_Base):  # type: ignore[misc]
    """YAML restricted to what JSON can say, by the core schema of YAML 1.2: no dates, no `yes`, no key twice."""

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}


for _tag, _pattern, _first in (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"[-+]?(?:0|[1-9][0-9]*)", list("-+0123456789")),
    ("float", r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", list("-+.0123456789")),
    ("merge", r"<<", ["<"]),
):
    _JsonLoader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(rf"^(?:{_pattern})$"), _first)


def _name(loader: Any, node: yaml.Node) -> str:
    key = loader.construct_object(node, deep=True)
    if not isinstance(key, Hashable):
        raise yaml.constructor.ConstructorError(None, None, "a key must be a scalar", node.start_mark)
    return {True: "true", False: "false", None: "null"}[key] if key is None or isinstance(key, bool) else str(key)


def _mapping(loader: Any, node: yaml.MappingNode) -> dict[str, Any]:
    own = [_name(loader, key) for key, _ in node.value if key.tag != "tag:yaml.org,2002:merge"]
    for index, name in enumerate(own):
        if name in own[:index]:
            raise yaml.constructor.ConstructorError(None, None, f"the key {name!r} stands twice", node.start_mark)
    loader.flatten_mapping(node)
    return {_name(loader, key): loader.construct_object(value, deep=True) for key, value in node.value}


def _refuse(loader: Any, node: yaml.Node) -> Any:
    raise yaml.constructor.ConstructorError(None, None, f"{node.tag} has no place in JSON", node.start_mark)


for _kind in ("set", "binary", "omap", "pairs", "timestamp"):
    _JsonLoader.add_constructor(f"tag:yaml.org,2002:{_kind}", _refuse)
_JsonLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"the key {next(name for name in names if names.count(name) > 1)!r} stands twice")
    return members


def read(path: Path) -> Any:
    """Return the JSON value of a `.yaml`, `.yml` or `.json` file.

    Raises ContractError when the file is missing, unreadable, not UTF-8, or no YAML or JSON.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (FileNotFoundError, ValueError) as error:
        if isinstance(error, UnicodeDecodeError):
            raise ContractError(str(path), f"not UTF-8 text (byte {error.start}); save it as UTF-8") from None
        raise ContractError(str(path), "there is no such file") from None
    except OSError as error:
        raise ContractError(str(path), f"cannot be read ({error.strerror})") from None
    return parse(text, str(path))


def parse(text: str, place: str) -> Any:
    """Return the JSON value of a YAML or JSON text; place names it in errors.

    Raises ContractError when the text is neither.
    """
    language = "JSON" if place.endswith(".json") else "YAML"
    try:
        if language == "JSON":
            return json.loads(text, object_pairs_hook=_object)
        return yaml.load(text, Loader=_JsonLoader)
    except json.JSONDecodeError as error:
        raise ContractError(f"{place}:{error.lineno}:{error.colno}", f"no JSON: {error.msg}") from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f"{place}:{mark.line + 1}:{mark.column + 1}" if mark else place
        raise ContractError(where, f"no YAML: {error.problem}") from None
    except (yaml.YAMLError, ValueError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ContractError(place, f"no {language}: {reason}") from None
    except RecursionError:
        raise ContractError(place, "nested too deeply to be read") from None
