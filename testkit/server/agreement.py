"""Whether two views of one thing could show the same: a document may have a member as a text here, an object there."""

from __future__ import annotations

from typing import Any

from apitwin.contracts import pointers
from apitwin.contracts.json_values import copied
from apitwin.contracts.model import Operation, Response
from apitwin.testkit.server.pages import Page
from apitwin.testkit.server.probe import Probe
from apitwin.testkit.transport.exchange import Exchange


def could_agree(probe: Probe, read: Operation, page: Page, alone: Exchange, name: str) -> bool:
    """Return whether a document lets the first item of a page and the answer about that item show the same member.

    read: the operation that answered about it alone; name: a member that both have.
    """
    as_listed = {**alone.value, name: page.items[0][name]}
    whole = copied(page.exchange.value)
    items = pointers.find(whole, probe.rule.envelope.results)
    items[0] = {**page.items[0], name: alone.value[name]}
    return _stays_valid(read.response_to(alone.response.status), alone.value, as_listed) and _stays_valid(
        probe.documented(page.exchange), page.exchange.value, whole
    )


def may_be_read_as(response: Response | None, value: Any, name: str, written: Any) -> bool:
    """Return whether a document lets a thing be read with a member as it was written: a number may come back as a text.

    value: the thing as it was read.
    """
    return _stays_valid(response, value, {**value, name: written})


def _stays_valid(response: Response | None, value: Any, other: Any) -> bool:
    """Return whether a body may be another one; of one that breaks its schema already nobody can say."""
    schema = None if response is None else response.schema
    return schema is None or schema.surely_accepts(other) or not schema.surely_accepts(value)
