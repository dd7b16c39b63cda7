"""How the official client computes: one request for the job, then a look at it again and again on the twin's clock."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from apitwin.mock_server.viktor.jobs import UserError
from tests.viktor.client import Client, Entity
from tests.viktor.refusals import ComputeError, ResourceNotFoundError
from tests.viktor.worlds import Site

JOBS = "POST workspaces/1/entities/1/jobs/"


@pytest.fixture(autouse=True)
def methods(site: Site) -> None:
    """What the app can do."""
    world = site.world

    def area(params: Any) -> Any:
        if params["width"] <= 0:
            raise UserError("Breite zu klein", {"width": "≥ 1"})
        return {"data": {"area": params["width"] * params["length"]}}

    world.method("area", area)
    world.method("slow", {"data": {"x": 1}}, seconds=4)
    world.method("very slow", {"data": {"x": 1}}, seconds=100)
    world.method("broken", error={"type": "error_user", "message": "bad width"}, seconds=2)
    world.method("nothing")
    steps = [{"after": 1, "message": "Half way", "percentage": 50}, {"after": 3, "message": "Nearly"}]
    world.method("talking", {"data": {}}, seconds=5, progress=steps)


def test_a_result_that_is_there_at_once_takes_two_requests(client: Client, root: Entity) -> None:
    assert root.compute("area", {"width": 2, "length": 24.5}) == {"data": {"area": 49.0}}

    assert client.asked == [JOBS, "GET jobs/1/"]
    assert client.sent[0].body == b'{"params": {"width": 2, "length": 24.5}, "method_name": "area"}'
    assert [exchange.status for exchange in client.sent] == [201, 200]


def test_a_timeout_is_sent_with_the_job(client: Client, root: Entity) -> None:
    root.compute("area", {"width": 2, "length": 1}, timeout=60)

    assert client.sent[0].body == b'{"params": {"width": 2, "length": 1}, "method_name": "area", "timeout": 60}'


def test_a_new_job_has_a_number_and_an_absolute_address_that_opens_as_it_is(client: Client) -> None:
    made = client.send("POST", "workspaces/1/entities/1/jobs/", body={"params": {}, "method_name": "slow"})

    assert made.status_code == 201
    assert made.json()["url"] == f"{client.url}/api/jobs/{made.json()['uid']}/"
    assert client.get("job", made.json()["url"].removeprefix(f"{client.url}/api/"))["uid"] == made.json()["uid"]


def test_a_job_is_looked_at_every_second_of_the_twins_clock(site: Site, client: Client, root: Entity) -> None:
    begun = site.world.world.clock.now()

    assert root.compute("slow", {}) == {"data": {"x": 1}}

    assert client.asked == [JOBS, *["GET jobs/1/"] * 5]
    assert (site.world.world.clock.now() - begun).total_seconds() == 4


def test_the_pauses_grow_for_a_job_that_may_take_long(site: Site, client: Client, root: Entity) -> None:
    waited: list[float] = []

    def wait(seconds: float) -> None:
        waited.append(seconds)
        site.world.world.clock.advance(seconds)

    client.wait = wait
    assert root.compute("very slow", {}, timeout=200) == {"data": {"x": 1}}

    assert waited == [1.0] * 15 + [2.0] * 5 + [3.0] * 5 + [4.0] * 5 + [5.0] * 8
    assert sum(waited) == 100


def test_a_running_job_always_has_a_message_to_log(client: Client, root: Entity) -> None:
    root.compute("talking", {})

    assert client.logged == ["Queued", "Half way", "Half way", "Nearly", "Nearly"]


def test_what_a_running_job_says_of_its_progress_can_be_read(site: Site, client: Client) -> None:
    uid = client.send("POST", "workspaces/1/entities/1/jobs/", body={"method_name": "talking"}).json()["uid"]
    site.world.world.clock.advance(2)

    assert client.get("job", f"jobs/{uid}/") == {
        "uid": uid,
        "kind": "result",
        "status": "running",
        "completed_at": None,
        "message": {
            "message_type": "progress",
            "message": "Half way",
            "percentage": 50,
            "timestamp_epoch": None,
        },
    }


def test_a_job_that_succeeded_has_the_members_of_recorded_answers(site: Site, client: Client) -> None:
    uid = client.send("POST", "workspaces/1/entities/1/jobs/", body={"method_name": "slow"}).json()["uid"]
    site.world.world.clock.advance(60)

    assert client.get("job", f"jobs/{uid}/") == {
        "uid": uid,
        "kind": "result",
        "status": "success",
        "completed_at": "2026-05-04T08:30:04.000250Z",
        "error": {"type": "", "message": "", "invalid_fields": None, "stack_trace": None},
        "result": {"data": {"x": 1}},
        "message": {},
        "log_download_url": None,
    }


def test_a_method_that_gives_nothing_succeeds_with_an_empty_result(root: Entity) -> None:
    assert root.compute("nothing", {}) == {}


def test_a_job_that_the_app_refuses_fails_with_its_words(client: Client, root: Entity) -> None:
    with pytest.raises(ComputeError, match=r"\(type: error_user, details: Breite zu klein\)$"):
        root.compute("area", {"width": 0, "length": 1})

    assert client.get("job", "jobs/1/")["error"]["invalid_fields"] == {"width": "≥ 1"}


def test_a_job_whose_code_is_wrong_fails_as_code(root: Entity) -> None:
    with pytest.raises(ComputeError, match=r"\(type: error_code, details: KeyError: 'width'\)$"):
        root.compute("area", {})


def test_a_method_may_always_fail_after_a_while(client: Client, root: Entity) -> None:
    with pytest.raises(ComputeError, match=r"\(type: error_user, details: bad width\)$"):
        root.compute("broken", {})

    assert client.logged == ["Queued", "Queued"]


def test_a_method_that_the_world_does_not_know_fails_with_those_it_knows(client: Client, root: Entity) -> None:
    with pytest.raises(ComputeError, match=r"type: error_code, details: .*no method 'volume'.*area, broken, nothing"):
        root.compute("volume", {})

    assert [exchange.status for exchange in client.sent] == [201, 200]


def test_the_client_gives_up_after_fifteen_seconds_where_it_was_told_nothing_else(
    site: Site, client: Client, root: Entity
) -> None:
    begun = site.world.world.clock.now()

    with pytest.raises(TimeoutError, match=r"^Computation timed out$"):
        root.compute("very slow", {})

    assert (site.world.world.clock.now() - begun).total_seconds() == 15
    assert client.get("job", "jobs/1/")["status"] == "running", "the client gave up and the job did not"


def test_a_job_that_takes_longer_than_its_timeout_fails_then(site: Site, client: Client) -> None:
    body = {"params": {}, "method_name": "very slow", "timeout": 5}
    client.send("POST", "workspaces/1/entities/1/jobs/", body=body)

    site.world.world.clock.advance(4.9)
    assert client.get("job", "jobs/1/")["status"] == "running"
    site.world.world.clock.advance(0.1)
    ended = client.get("job", "jobs/1/")

    assert (ended["status"], ended["error"]["type"]) == ("failed", "error_timeout")
    assert ended["completed_at"] == "2026-05-04T08:30:05.000250Z"


def test_a_job_that_was_cancelled_meanwhile_is_told_so(site: Site, client: Client, root: Entity) -> None:
    def wait(seconds: float) -> None:
        site.world.world.clock.advance(seconds)
        assert client.send("DELETE", "jobs/1/").status_code == 204

    client.wait = wait
    with pytest.raises(ComputeError, match=r"^Computation was cancelled$"):
        root.compute("very slow", {})

    assert client.asked == [JOBS, "GET jobs/1/", "DELETE jobs/1/", "GET jobs/1/"]
    assert client.get("job", "jobs/1/")["completed_at"] == "2026-05-04T08:30:01.000250Z"


def test_a_job_that_has_ended_stays_as_it_is_when_it_is_cancelled(client: Client, root: Entity) -> None:
    root.compute("slow", {})
    before = client.get("job", "jobs/1/")

    assert client.send("DELETE", "jobs/1/").status_code == 204
    assert client.get("job", "jobs/1/") == before


@pytest.mark.parametrize(("method", "status"), [("area", 200), ("slow", 201)])
def test_who_asks_to_wait_gets_a_result_that_is_soon_there(client: Client, method: str, status: int) -> None:
    body = {"params": {"width": 2, "length": 3}, "method_name": method, "poll_result": True}
    answer = client.send("POST", "workspaces/1/entities/1/jobs/", body=body)

    assert answer.status_code == status
    assert answer.json()["url"] == f"{client.url}/api/jobs/1/"
    if status == 200:
        assert (answer.json()["status"], answer.json()["result"]) == ("success", {"data": {"area": 6}})
        assert client.get("job", "jobs/1/").items() <= answer.json().items()


def test_the_older_names_of_method_and_params_are_taken_too(client: Client) -> None:
    body = {"method": "area", "arguments": {"width": 2, "length": 3}}

    assert client.send("POST", "workspaces/1/entities/1/jobs/", body=body).status_code == 201
    assert client.get("job", "jobs/1/")["result"] == {"data": {"area": 6}}


def test_every_kind_of_result_comes_as_the_client_needs_it(site: Site, root: Entity) -> None:
    result = {
        **{kind: {"url": f"https://storage.example/{kind}"} for kind in ("web", "ifc", "pdf", "download")},
        "geometry": {"geometry": {"url": "https://storage.example/model"}, "labels": []},
        "geojson": {"geojson": {"type": "FeatureCollection", "features": []}, "labels": [], "legend": {}},
        "image": {"image": base64.b64encode(b"\x89PNG").decode(), "image_type": "png"},
        "set_params": {"parameters": {"width": 2}},
        **{kind: {"rows": [[1, "ä"]]} for kind in ("data", "table", "plotly", "optimization")},
    }
    site.world.method("everything", result)

    assert root.compute("everything", {}) == result


@pytest.mark.parametrize("result", [5, [1], {"data": {1, 2}}, {"data": float("nan")}])
def test_a_method_that_gives_what_is_no_json_object_fails_the_job_and_not_the_twin(
    site: Site, root: Entity, result: Any
) -> None:
    site.world.method("odd", lambda params: result)

    with pytest.raises(ComputeError, match="type: error_code"):
        root.compute("odd", {})


def test_a_method_that_returns_nothing_ends_its_job(site: Site, client: Client) -> None:
    site.world.method("silent", lambda params: None)  # type: ignore[arg-type, return-value]

    made = client.send("POST", "workspaces/1/entities/1/jobs/", body={"method_name": "silent"})

    assert made.status_code == 201
    assert client.get("job", "jobs/1/")["status"] in ("success", "failed")


def test_jobs_are_numbered_and_each_has_its_own_end(client: Client, root: Entity) -> None:
    made = [
        client.send("POST", "workspaces/1/entities/1/jobs/", body={"method_name": name}).json()["uid"]
        for name in ("slow", "broken", "very slow")
    ]
    client.wait(5)

    assert made == [1, 2, 3]
    assert [client.get("job", f"jobs/{uid}/")["status"] for uid in made] == ["success", "failed", "running"]


def test_a_reset_forgets_jobs_and_turns_the_clock_back(site: Site, client: Client, root: Entity) -> None:
    root.compute("slow", {})

    site.reset()

    with pytest.raises(ResourceNotFoundError):
        client.get("job", "jobs/1/")
    assert site.world.world.clock.now().second == 0
