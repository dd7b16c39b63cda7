"""VIKTOR's workspaces beyond lists and reads: what their app is set to."""

from __future__ import annotations

import re
import uuid

from apitwin.mock_server import messages
from apitwin.mock_server.engine.call import Call
from apitwin.mock_server.engine.records import shown
from apitwin.mock_server.messages import Answer
from apitwin.mock_server.viktor.entities import entity
from apitwin.mock_server.viktor.rights import app_type, known_workspace


def settings(call: Call) -> Answer:
    """Answer the settings of a workspace: those of the world, or what follows from its app version.

    Source: docs, workspaces-app-version-settings.
    """
    holder = known_workspace(call, "not-found")
    stored = call.world.tables["settings"].get(str(holder.values["id"]))
    if stored is not None:
        return shown(call, stored)
    version = str((holder.values.get("app_version") or {}).get("sdk_version") or "14.0.0")
    numbers = [int(number) for number in re.findall(r"\d+", version)[:3]]
    major, minor, patch = [*numbers, 0, 0, 0][:3]
    body = {
        "uses_privileged_api": False,
        "welcome_text": "",
        "sdk_version": {"complete": version, "major": major, "minor": minor, "patch": patch, "pre": None},
        "app_type": app_type(holder.values),
        "required_oauth2_integrations": [],
    }
    return Answer(200, messages.encode(body), messages.JSON)


def session(call: Call) -> Answer:
    """Open an editor session on an entity: a new name for it. Source: docs, workspaces-entities-session."""
    entity(call)
    return Answer(200, messages.encode({"editor_session": str(uuid.uuid4())}), messages.JSON)
