"""Writes docs/client-laws.md from the laws of a client and the bugs they catch: `python -m tests.clients_page`."""

from __future__ import annotations

from collections.abc import Iterator

from apitwin.testkit.clients.laws import HARSH, KINDS, SLOW, ClientLaw, registered
from tests.clients.zoo import BUGS, CORRECT
from tests.servers import ROOT

PAGE = ROOT / "docs" / "client-laws.md"
ASKED = {HARSH: " (`harsh`)", SLOW: " (only by name)"}
MARK = "<!-- below: written by python -m tests.clients_page -->"


def page() -> str:
    """Return the page: what stands above the mark as it is, and the laws below it."""
    above = PAGE.read_text("utf-8").partition(MARK)[0]
    return above + MARK + "\n" + "\n".join(_laws()) + "\n"


def _laws() -> Iterator[str]:
    for kind, title in KINDS.items():
        yield f"\n## {title}{ASKED.get(kind, '')}"
        for law in registered():
            if law.kind == kind:
                yield from _law(law)
    names = ", ".join(f"`{client.__name__}`" for client in CORRECT)  # type: ignore[attr-defined]
    yield f"\nThree clients in `tests/clients/zoo` obey them all: {names}."
    yield "Those of numbered pages and of cursors are in `pages.py` and `cursors.py` there."


def _law(law: ClientLaw) -> Iterator[str]:
    yield f"\n### {law.name}\n"
    yield law.claim
    caught = [name.replace("_", " ") for name, (_, its) in BUGS.items() if its == law.name]
    if caught:
        yield f"\nCaught by it, in `tests/clients/zoo`: {'; '.join(caught)}."


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
