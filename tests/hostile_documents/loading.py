"""Loads hostile files in a process of its own and says, a JSON line each, what came of it: `python -m` with a list.

The argument is a JSON file: a list of [what (`document`, `plain` or `world`), path]; a plain one's schemas are used.
Nothing but what the case may open is opened: an audit hook of Python sees every file and every socket.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from pathlib import Path
from typing import Any

import jsonschema_rs  # noqa: F401  loaded before the hook looks

import apitwin
from apitwin.contracts import Contract, ContractError, load
from apitwin.mock_server import Twin, TwinError
from tests.contracts.minimal import document, write

OWN = (str(Path(sys.prefix)), str(Path(os.__file__).parent), str(Path(__file__).parents[2]))
"""Where Python and the project lie, whose own files may be opened at any time."""
WATCHED: dict[str, Any] = {"folder": None, "opened": []}


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    folder = WATCHED["folder"]
    if folder is None:
        return
    if event == "open" and isinstance(arguments[0], (str, bytes)):
        name = os.path.realpath(os.fsdecode(arguments[0]))
        if not name.startswith((folder + os.sep, *OWN)) or name.endswith("secret.yaml"):
            WATCHED["opened"].append(name)
    elif event in ("socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.system"):
        WATCHED["opened"].append(event)


def _loaded(what: str, path: Path, good: Path) -> str:
    try:
        if what == "world":
            Twin(load(good), world=str(path))
            return ""
        contract = load(path)
        if what == "plain":
            _judge(contract)
        return contract.title
    except (ContractError, TwinError) as error:
        return f"{type(error).__name__}: {error}"


def _judge(contract: Contract) -> None:
    """Compile every schema of a contract, and let it judge something."""
    for operation in contract.operations:
        bodies = [schema for response in operation.responses.values() for schema in response.bodies.values()]
        for schema in [*bodies, *(operation.body.schemas.values() if operation.body is not None else ())]:
            if schema is not None:
                schema.violations({"name": "a"})


def main() -> None:
    """Load each file of the list that is named on the command line, and print a line for each."""
    listed, folder = Path(sys.argv[1]), Path(sys.argv[1]).parent / "good"
    folder.mkdir()
    good = write(folder, document())
    load(good)
    sys.addaudithook(_hook)
    for what, name in json.loads(listed.read_text(encoding="utf-8")):
        WATCHED.update(
            folder=str(Path(name).parent.resolve()) if what != "world" else str(listed.parent.resolve()), opened=[]
        )
        start = time.process_time()
        said = _loaded(what, Path(name), good)
        seconds = time.process_time() - start
        opened, WATCHED["folder"] = WATCHED["opened"], None
        print(json.dumps({"said": said, "seconds": seconds, "megabytes": _peak(), "opened": opened}), flush=True)


def _peak() -> float:
    """Return the megabytes that this process had at the most.

    Linux counts what it was forked from in `ru_maxrss`: the tests themselves, which may be large. Not so in VmHWM.
    """
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text(encoding="ascii").splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    assert apitwin
    main()
