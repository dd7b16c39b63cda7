"""All sabotages in one table. Each is caught by the law whose name says what is wrong."""

from __future__ import annotations

from tests.sabotage.auth import AUTH
from tests.sabotage.cursors import CURSORS
from tests.sabotage.ends import ENDS
from tests.sabotage.limits import LIMITS
from tests.sabotage.links import LINKS
from tests.sabotage.order import ORDER
from tests.sabotage.page_numbers import PAGE_NUMBERS
from tests.sabotage.pages import PAGES
from tests.sabotage.rights import RIGHTS
from tests.sabotage.sabotage import Sabotage
from tests.sabotage.selection import SELECTION
from tests.sabotage.shape import SHAPE
from tests.sabotage.start_index import START_INDEX
from tests.sabotage.subtle import SUBTLE
from tests.sabotage.writes import WRITES

SABOTAGES: tuple[Sabotage, ...] = (
    *PAGES,
    *ENDS,
    *LIMITS,
    *LINKS,
    *ORDER,
    *SELECTION,
    *AUTH,
    *RIGHTS,
    *SHAPE,
    *SUBTLE,
    *WRITES,
    *PAGE_NUMBERS,
    *CURSORS,
    *START_INDEX,
)
