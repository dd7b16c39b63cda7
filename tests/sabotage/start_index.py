"""Servers whose pages do not begin with the item of the index."""

from __future__ import annotations

from functools import partial

from tests.sabotage.changes import answering, asking, crashing, cutting, number, stating, windowing
from tests.sabotage.constants import DIRECTORY, FAILURE, PEOPLE
from tests.sabotage.sabotage import Sabotage

Indexed = partial(Sabotage, contract=DIRECTORY, operation=PEOPLE)

START_INDEX = (
    Indexed(
        name="index-counts-from-zero",
        does="startIndex=1 is the second item; without one, the list begins with the first.",
        caught_by="default-start",
        around=asking(
            lambda query: tuple(
                (name, str(int(text) + 1) if name == "startIndex" and text.isdigit() else text) for name, text in query
            )
        ),
    ),
    Indexed(
        name="item-between-pages-is-lost",
        does="A page begins with the item after its index, but for the first one.",
        caught_by="partition",
        steps=cutting(lambda items, limit, start: items[start + (start > 0) :][:limit]),
    ),
    Indexed(
        name="index-is-rounded-to-a-page",
        does="An index between two pages is read as the start of the page that it falls on.",
        caught_by="slice",
        steps=windowing(lambda limit, start: (limit, start // max(1, limit) * limit)),
    ),
    Indexed(
        name="far-index-crashes",
        does="An index that does not fit 32 bits makes the server fail.",
        caught_by="start-past-the-end",
        around=crashing(lambda request: number(request, "startIndex") >= 2**31),
    ),
    Indexed(
        name="index-zero-crashes",
        does="startIndex=0 makes the server fail, where it is read as 1.",
        caught_by="invalid-start",
        around=answering(lambda request: number(request, "startIndex") == 0, FAILURE),
    ),
    Indexed(
        name="page-states-an-item-too-many",
        does="itemsPerPage is one more than there is on the page.",
        caught_by="start-members",
        steps=stating(lambda members: {**members, "items": members["items"] + 1}),
    ),
)
"""What is wrong with pages that begin at an index: `testkit/server/laws/start_index.py`."""
