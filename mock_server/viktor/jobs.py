"""VIKTOR's jobs: little machines that run on the twin's clock and end as the world says their method ends.

A job is stored with what will become of it. Every look at it computes what it is by now, so nothing runs in the
background and no test has to wait. Source: docs, jobs-read; sdk 14.36.2, compute.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from apitwin.contracts import timestamps
from apitwin.mock_server import messages
from apitwin.mock_server.engine.call import Call
from apitwin.mock_server.engine.refusal import Refusal, refusal
from apitwin.mock_server.messages import Answer
from apitwin.mock_server.viktor.entities import entity
from apitwin.mock_server.viktor.refusals import missing
from apitwin.mock_server.viktor.rights import caller
from apitwin.mock_server.world.clock import written
from apitwin.mock_server.world.record import Record

LONGEST_TIMEOUT_S = 86400
POLLED_S = 2.0
"""How long `poll_result` waits for a result before it answers with an address (assumed: docs say a short while)."""
PARAMETRIZATION = "parametrization"
"""The method that the world may name for what the parametrization of an entity answers."""
BLOCKING_S = 10.0
"""How long a request for a parametrization blocks before it is answered 504 (assumed)."""

PRIVATE = ("owner", "workspace", "entity", "started", "plan")
"""What a twin knows of a job and does not show."""

NO_ERROR: Mapping[str, Any] = {"type": "", "message": "", "invalid_fields": None, "stack_trace": None}


class UserError(Exception):
    """What a method may raise to fail as an app's own error does."""

    def __init__(self, message: str, invalid_fields: Mapping[str, str] | None = None) -> None:
        """message: what the user is told; invalid_fields: what is wrong with which input."""
        super().__init__(message)
        self.message = message
        self.invalid_fields = dict(invalid_fields or {})


Compute = Callable[[Mapping[str, Any]], Mapping[str, Any]]
"""A method of an app: the params go in, the result comes out."""


def create(call: Call) -> Answer:
    """Start a job: 201 with its address; 200 with its result where that was asked for and is there soon."""
    record = entity(call)
    name = call.body.get("method_name") or call.body.get("method")
    if name is None:
        raise missing(call, "method_name")
    params = call.body.get("params", call.body.get("arguments")) or {}
    timeout = call.body.get("timeout", LONGEST_TIMEOUT_S)
    plan = planned(call, name, params, timeout)
    now = call.world.clock.now()
    polled = bool(call.body.get("poll_result")) and plan["seconds"] <= POLLED_S
    started = now - timedelta(seconds=plan["seconds"]) if polled else now
    table = call.world.tables["jobs"]
    job = {
        "uid": table.next_identity(),
        "kind": "result",
        "status": "running",
        "completed_at": None,
        "owner": caller(call),
        "workspace": record.values["workspace"],
        "entity": record.values["id"],
        "started": written(started),
        "plan": plan,
    }
    table.add([job], checked=False)
    address = {"uid": job["uid"], "url": f"{call.origin}/api/jobs/{job['uid']}/"}
    body = {**current(job, now), **address} if polled else {**address, **STARTED}
    return Answer(200 if polled else 201, messages.encode(body), messages.JSON)


STARTED: Mapping[str, Any] = {
    "kind": "result",
    "status": "running",
    "message": "",
    "error_message": "",
    "error_stack_trace": {},
    "invalid_fields": {},
    "content": {},
}
"""What the answer to a new job also has. Source: docs, workspaces-entities-jobs."""


def planned(call: Call, name: str, params: Mapping[str, Any], timeout: float) -> dict[str, Any]:
    """Return what will become of a job: after how many seconds, which messages until then, and how it ends."""
    method = call.world.tables["methods"].get(name)
    if method is None:
        known = ", ".join(str(record.values["name"]) for record in call.world.tables["methods"].records) or "none"
        problem = f"apitwin: this world has no method {name[:100]!r}; there is: {known}"
        return {"seconds": 0, "progress": [], "end": failed("error_code", problem)}
    seconds, progress = method.values.get("seconds", 0), method.values.get("progress", [])
    if seconds > timeout:
        problem = f"The computation took longer than {timeout} s."
        return {"seconds": timeout, "progress": progress, "end": failed("error_timeout", problem)}
    return {"seconds": seconds, "progress": progress, "end": _end(method.values, params)}


def _end(method: Mapping[str, Any], params: Mapping[str, Any]) -> dict[str, Any]:
    error = method.get("error")
    if error is not None:
        return failed(error["type"], error["message"], error.get("invalid_fields") or {})
    result = method.get("result")
    if callable(result):
        try:
            result = result(params)
            json.dumps(result, allow_nan=False)  # what is no JSON would be found out only when the job is read
        except UserError as raised:
            return failed("error_user", raised.message, raised.invalid_fields)
        except Exception as raised:  # whatever the user's function raises is that job's failure, as on the platform
            return failed("error_code", f"{type(raised).__name__}: {raised}")
    if result is not None and not isinstance(result, dict):
        return failed("error_code", f"apitwin: a method gave {type(result).__name__}; expected an object of results")
    return {"status": "success", "error": dict(NO_ERROR), "result": dict(result or {})}


def failed(kind: str, message: str, invalid_fields: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return the end of a job that failed. kind: error_user, error_code, error_timeout or error_app_reloading."""
    error = {**NO_ERROR, "type": kind, "message": message, "invalid_fields": dict(invalid_fields or {})}
    return {"status": "failed", "error": error}


def read(call: Call) -> Answer:
    """Answer what a job is by now."""
    return Answer(200, messages.encode(current(_job(call).values, call.world.clock.now())), messages.JSON)


def _job(call: Call) -> Record:
    """Return the job that the path names. Raises Refusal where there is no such one."""
    job = call.world.tables["jobs"].get(call.path["id"])
    if job is None:
        raise refusal(call, "not-found")
    return job


def cancel(call: Call) -> Answer:
    """End a job that is running; one that has ended stays as it is (assumed). 204 either way."""
    job, now = _job(call), call.world.clock.now()
    if current(job.values, now)["status"] == "running":
        end = {"status": "cancelled", "error": dict(NO_ERROR)}
        plan = {**job.values["plan"], "seconds": (now - _started(job.values)).total_seconds(), "end": end}
        call.world.tables["jobs"].update(str(job.values["uid"]), {"plan": plan}, checked=False)
    return Answer(204)


def current(job: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Return what a job shows at a moment."""
    shown = {name: value for name, value in job.items() if name not in PRIVATE}
    plan = job["plan"]
    if plan is None:  # a job of the world file, as it was written there
        return shown
    elapsed = (now - _started(job)).total_seconds()
    if elapsed < plan["seconds"]:
        return {**shown, "message": _progress(plan["progress"], elapsed)}
    completed = _started(job) + timedelta(seconds=plan["seconds"])
    return {**shown, "completed_at": written(completed), "message": {}, "log_download_url": None, **plan["end"]}


def _started(job: Mapping[str, Any]) -> datetime:
    moment = timestamps.parse(job["started"])
    assert moment is not None, "a twin wrote it"
    return moment


def _progress(progress: list[Mapping[str, Any]], elapsed: float) -> dict[str, Any]:
    """Return the message of a running job: the last that is due, `Queued` before the first.

    It is never null, for the client fails on that.
    """
    due = [message for message in progress if message["after"] <= elapsed]
    if not due:
        return {"message_type": "info", "message": "Queued", "percentage": None, "timestamp_epoch": None}
    last = due[-1]
    return {
        "message_type": "progress",
        "message": last["message"],
        "percentage": last.get("percentage"),
        "timestamp_epoch": None,
    }


def parametrization(call: Call) -> Answer:
    """Answer the inputs of an entity; 504 where the world's method for it takes too long."""
    entity(call)
    method: Record | None = call.world.tables["methods"].get(PARAMETRIZATION)
    if method is not None and method.values.get("seconds", 0) > BLOCKING_S:
        raise Refusal(Answer(504, messages.encode({"detail": "The job timed out."}), messages.JSON))
    end = _end({} if method is None else method.values, (call.body or {}).get("params") or {})
    table = call.world.tables["jobs"]
    error: Mapping[str, Any] = end["error"]
    content = {"callback_exceptions": [], "parametrization": [], "views": [], **end.get("result", {})}
    body = {
        "uid": table.next_identity(),
        "kind": "result",
        "message": "",
        "status": end["status"],
        "completed_at": written(call.world.clock.now()),
        "error_message": error["message"],
        "error_stack_trace": {},
        "invalid_fields": error["invalid_fields"] or {},
        "log_download_url": None,
        "content": content,
    }
    return Answer(200, messages.encode(body), messages.JSON)
