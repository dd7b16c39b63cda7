"""Operations that keep nothing: examples, values by schema, other media types, and what is not described at all."""

from __future__ import annotations

import subprocess
import sys

import yaml

from tests.generated.asking import Client, document

NEAR, FAR = {"country": "NL", "rates": {"small": 4.25}}, {"country": "NO", "rates": {"small": 9.75, "large": 20}}


def test_an_example_is_answered_and_never_one_that_breaks_its_schema() -> None:
    client = Client(document("mixed"))
    asked = [f"/v1/rates?country={country}" for country in "ABCDEFGH"]
    answers = [client.get(path) for path in asked]

    assert [client.get(path) for path in asked] == answers
    assert {answer["country"] for answer in answers} == {"NL", "NO"}
    assert all(answer in (NEAR, FAR) for answer in answers)


def test_a_value_is_made_of_the_schema_and_of_the_request() -> None:
    client = Client(document("mixed"))
    code = client.twin.world.tables["v1.depots"].records[0].values["code"]

    depot = client.get(f"/v1/depots/{code}")

    assert depot["code"] == code
    assert 2 <= len(depot["doors"]) <= 4
    assert client.get(f"/v1/depots/{code}") == depot


def test_other_media_types_have_bodies_of_their_own() -> None:
    client = Client(document("mixed"), items=2)
    identity = client.get("/v1/parcels")["data"][0]["id"]

    report, label, ping = (
        client.ask("GET", path) for path in ("/v1/report", f"/v1/parcels/{identity}/label", "/v1/ping")
    )

    assert (report.content_type, report.text) == ("text/csv", "day,parcels\n1,20\n")
    assert label.content_type == "application/pdf"
    assert label.data.startswith(b"%PDF-")
    assert ping.content_type == "text/plain"
    assert client.ask("GET", "/v1/parcels/none/label").status_code == 404


def test_an_answer_without_a_body_has_none() -> None:
    client = Client(document("mixed"), items=2)
    identity = client.get("/v1/parcels")["data"][0]["id"]

    cancelled, moved = client.ask("POST", f"/v1/parcels/{identity}:cancel"), client.ask("GET", "/v1/old")

    assert (cancelled.status_code, cancelled.data) == (202, b"")
    assert moved.status_code == 302
    assert moved.headers["Location"]


def test_what_nothing_describes_is_not_implemented() -> None:
    client = Client(document("mixed"))

    answer = client.ask("GET", "/v1/unsaid")

    assert answer.status_code == 501
    assert "add a 2XX response" in answer.json["detail"]
    assert client.twin.undescribed == ("unsaid",)


def test_serve_shows_a_request_that_works_and_counts_what_does_not(tmp_path: object) -> None:
    command = [sys.executable, "-m", "apitwin", "serve", str(document("mixed")), "--port", "0", "--items", "3"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None and process.stderr is not None
            lines = dict(line.partition(":")[::2] for line in iter(process.stdout.readline, "stop:  Ctrl-C\n"))
            words = lines["try"].split()
            shown = subprocess.run([word.strip("'") for word in words], capture_output=True, check=True)
        finally:
            process.terminate()
        said = process.stderr.read()

    assert len(yaml.safe_load(shown.stdout)["data"]) == 2
    assert "1 operation answers 501, for no response of theirs describes a success: unsaid" in said
