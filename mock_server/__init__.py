"""The twin: a server that behaves as a contract says. `Twin` runs one; `create_app` is its Flask application."""

from mock_server.app import create_app as create_app
from mock_server.backend import Backend as Backend
from mock_server.errors import TwinError as TwinError
from mock_server.serve import RunningTwin as RunningTwin
from mock_server.steps import STEPS as STEPS
from mock_server.steps import Steps as Steps
from mock_server.twin import Twin as Twin
from mock_server.world import World as World

__all__ = ["STEPS", "Backend", "RunningTwin", "Steps", "Twin", "TwinError", "World", "create_app"]
