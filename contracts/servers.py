"""The servers of a document, and the path below which an API has its operations.

Source: OpenAPI 3.1.1, sections 4.8.5 (Server Object) and 4.8.6 (Server Variable Object): the path of an operation is
appended to the server's address, whose variables have defaults.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlsplit

from apitwin.contracts.model import Contract
from apitwin.contracts.set_aside import SetAsides
from apitwin.contracts.walking import shown

NOTED = "servers: "
"""How the line begins that says which server was chosen."""
_VARIABLE = re.compile(r"{([^{}]*)}")
_KEPT = "/%:@!$&'()*+,;=~"
"""Characters of a path that are not escaped (RFC 3986 section 3.3)."""


def addresses(holder: Mapping[str, Any], place: str, notes: SetAsides | None) -> tuple[str, ...] | None:
    """Return the addresses of the `servers` of a document, a path or an operation, their variables filled in.

    place: file and pointer of the holder. What is no server is noted, if notes are taken, and left out. None: it says
    nothing of servers.
    """
    listed = holder.get("servers")
    if listed is None or listed == []:
        return None
    found: list[str] = []
    for index, server in enumerate(listed if isinstance(listed, list) else [listed]):
        url = server.get("url") if isinstance(server, dict) else None
        if isinstance(url, str):
            found.append(_filled(url, server.get("variables")))
        elif notes is not None:
            notes.note(f"{place}/servers/{index}", f"found {shown(server)}; expected an object with a url")
    return tuple(found) or None


def base_path(address: str, document: str = "") -> str:
    """Return the path of an address without a slash at its end; "" for that of the whole host.

    document: where the document was read from, to which a relative address is relative; "" where it is a file.
    """
    path = _path(address)
    if not path.startswith("/") and "://" not in address:
        folder = _path(document).rpartition("/")[0]
        path = f"{folder}/{path}"
    kept: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            kept = kept[:-1]
        elif segment not in ("", "."):
            kept.append(quote(segment, safe=_KEPT))
    return "".join(f"/{segment}" for segment in kept)


def at(contract: Contract, base: str) -> Contract:
    """Return a contract whose operations all lie below another path: "", or one such as `/api/v2`."""
    moved = tuple(
        replace(operation, path=base + operation.path.removeprefix(operation.base), base=base)
        for operation in contract.operations
    )
    told = [line for line in contract.inferred if not line.startswith(NOTED)]
    where = f"{NOTED}operations lie below {base or '/'}, as of the address that was named"
    return replace(contract, operations=moved, base_path=base, inferred=(where, *told))


def _path(address: str) -> str:
    try:
        return urlsplit(address).path
    except ValueError:  # what stands where the host should is none
        return ""


def _filled(url: str, variables: Any) -> str:
    """Return an address with the default of each variable; a variable without one is left out."""
    variables = variables if isinstance(variables, dict) else {}

    def default(match: re.Match[str]) -> str:
        variable = variables.get(match[1])
        if not isinstance(variable, dict):
            return ""
        allowed = variable.get("enum")
        first = allowed[0] if isinstance(allowed, list) and allowed else ""
        return str(variable.get("default", first))

    return _VARIABLE.sub(default, url)
