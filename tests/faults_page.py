"""Writes the table of docs/faults.md from the fault types that there are: `python -m tests.faults_page`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from apitwin.mock_server.faults.catalogue import FAULT_TYPES
from apitwin.mock_server.faults.options import WHEN, Option
from tests.clients.noticed import NOTICED, ON_SERVERS
from tests.servers import ROOT

PAGE = ROOT / "docs" / "faults.md"
MARK = "<!-- below: written by python -m tests.faults_page -->"


def page() -> str:
    """Return the page: what stands above the mark as it is, and the tables below it."""
    above = PAGE.read_text("utf-8").partition(MARK)[0]
    return above + MARK + "\n\n" + "\n".join(_tables()) + "\n"


def _tables() -> Iterator[str]:
    yield "## When\n\nEvery fault takes these words.\n"
    yield "| word | means | default |\n|---|---|---|"
    yield from _rows(WHEN)
    yield "\n## What"
    for fault in FAULT_TYPES.values():
        yield f"\n### {fault.name}\n\n{fault.does}{' Paginated operations only.' if fault.paged else ''}"
        server = f"; a server that always does it breaks `{ON_SERVERS[fault.name]}`" if fault.name in ON_SERVERS else ""
        yield f"\nA client that takes it badly breaks the law `{NOTICED[fault.name][0]}`{server}."
        if fault.options:
            yield "\n| word | means | default |\n|---|---|---|"
            yield from _rows(fault.options)


def _rows(options: Mapping[str, Option]) -> Iterator[str]:
    for name, option in options.items():
        allowed = ", ".join(option.choices) or option.bounds
        choices = f" ({allowed})" if allowed else ""
        yield f"| `{name}` | {option.about}{choices} | {'' if option.default is None else option.default} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
