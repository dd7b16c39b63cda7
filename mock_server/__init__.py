"""The twin: a server that behaves as a contract says. `Twin` runs one; `create_app` is its Flask application."""

from apitwin.mock_server.backend import Backend as Backend
from apitwin.mock_server.engine.steps import STEPS as STEPS
from apitwin.mock_server.engine.steps import Steps as Steps
from apitwin.mock_server.errors import TwinError as TwinError
from apitwin.mock_server.http.app import create_app as create_app
from apitwin.mock_server.http.server import RunningTwin as RunningTwin
from apitwin.mock_server.twin import Twin as Twin
from apitwin.mock_server.world.world import World as World

__all__ = ["STEPS", "Backend", "RunningTwin", "Steps", "Twin", "TwinError", "World", "create_app"]
