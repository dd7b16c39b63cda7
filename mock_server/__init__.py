"""The twin: a server that behaves as a contract says. `Twin` runs one; `create_app` is its Flask application.

The other names are what an API's own code is written with, see `Extension`.
"""

from apitwin.mock_server.backend import Backend as Backend
from apitwin.mock_server.engine.call import Access as Access
from apitwin.mock_server.engine.call import Call as Call
from apitwin.mock_server.engine.extension import Extension as Extension
from apitwin.mock_server.engine.listing import listed as listed
from apitwin.mock_server.engine.records import shown as shown
from apitwin.mock_server.engine.refusal import Refusal as Refusal
from apitwin.mock_server.engine.refusal import invalid as invalid
from apitwin.mock_server.engine.refusal import refusal as refusal
from apitwin.mock_server.engine.steps import STEPS as STEPS
from apitwin.mock_server.engine.steps import Steps as Steps
from apitwin.mock_server.errors import TwinError as TwinError
from apitwin.mock_server.http.app import create_app as create_app
from apitwin.mock_server.http.server import RunningTwin as RunningTwin
from apitwin.mock_server.messages import Answer as Answer
from apitwin.mock_server.messages import Rejected as Rejected
from apitwin.mock_server.twin import Twin as Twin
from apitwin.mock_server.world.table import Record as Record
from apitwin.mock_server.world.world import World as World

__all__ = [
    "STEPS",
    "Access",
    "Answer",
    "Backend",
    "Call",
    "Extension",
    "Record",
    "Refusal",
    "Rejected",
    "RunningTwin",
    "Steps",
    "Twin",
    "TwinError",
    "World",
    "create_app",
    "invalid",
    "listed",
    "refusal",
    "shown",
]
