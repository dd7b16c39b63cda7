"""Exit codes, once for all commands: `--help`, docs/commands.md and the commands themselves have them from here."""

from __future__ import annotations

from collections.abc import Mapping

EXIT_GOOD, EXIT_BROKEN, EXIT_COULD_NOT_RUN = 0, 1, 2

EXIT_CODES: Mapping[str, Mapping[int, str]] = {
    "serve": {EXIT_GOOD: "stopped by a signal", EXIT_COULD_NOT_RUN: "it could not start"},
    "check": {
        EXIT_GOOD: "no law is broken",
        EXIT_BROKEN: "a law is broken",
        EXIT_COULD_NOT_RUN: "it could not be run, more verdicts stayed open than laws hold, or it was stopped",
    },
    "check-client": {
        EXIT_GOOD: "the client obeys every law that was judged",
        EXIT_BROKEN: "the client breaks one",
        EXIT_COULD_NOT_RUN: "it could not be judged, more verdicts stayed open than laws hold, or it was stopped",
    },
    "operations": {EXIT_GOOD: "listed", EXIT_COULD_NOT_RUN: "the document cannot be read, or it was stopped"},
    "contract infer": {EXIT_GOOD: "written", EXIT_COULD_NOT_RUN: "the document cannot be read, or it was stopped"},
    "laws and faults": {EXIT_GOOD: "listed", EXIT_COULD_NOT_RUN: "no such name, or it was stopped"},
}
"""What each exit code of a command means. 1 only ever means a broken law; a defect of apitwin ends with 2."""


def epilog(command: str) -> str:
    """Return the exit codes of a command, as its help shows them."""
    lines = [f"  {code}  {meaning}" for code, meaning in EXIT_CODES[command].items()]
    return "\b\nExit codes:\n" + "\n".join(lines)
