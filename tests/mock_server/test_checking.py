"""A twin that checks its own answers: what it lets through, and what it says of an answer that breaks the contract."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient

from apitwin.contracts import Contract, load
from apitwin.contracts.model import Operation, Response
from apitwin.contracts.validation import CompiledSchema
from apitwin.mock_server import STEPS, Steps, World, create_app
from apitwin.mock_server.engine.checking import checked, documented, problems
from apitwin.mock_server.engine.routing import NAME
from apitwin.mock_server.messages import JSON, Answer
from apitwin.mock_server.world.world import Token
from tests.contracts.minimal import document, write

SECRET = "twin-token"
HEADERS = {"Authorization": f"Bearer {SECRET}"}
NUMBER = CompiledSchema({"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}, "test#")


def world(contract: Contract, crates: int = 3) -> World:
    made = World(contract, [Token(SECRET, roles=frozenset({"any"}))])
    made.tables["crates"].add({"id": number, "name": f"Crate {number}", "lid": True} for number in range(1, crates + 1))
    made.checkpoint()
    return made


@pytest.fixture(scope="module")
def crates(tmp_path_factory: pytest.TempPathFactory) -> Contract:
    """The smallest contract, whose crates have names that begin with a capital letter."""
    value = document()
    for path in value["paths"].values():
        for status in ("400", "401", "403", "404"):
            problem: dict[str, Any] = {"type": "object", "required": ["detail"]}
            content = {"application/json": {"schema": problem if status != "400" else {}}}
            path["get"]["responses"][status] = {"description": "refused", "content": content}
    return load(write(tmp_path_factory.mktemp("crates"), value))


def client(contract: Contract, steps: Steps = STEPS) -> FlaskClient:
    return create_app(contract, world(contract), checked(steps)).test_client()


def answering(change: Callable[[Answer], Answer]) -> Steps:
    """Return the steps of a twin that does something to each answer at its end."""
    return replace(STEPS, finish=lambda answer, operation, headers: change(answer))


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/crates/", 200),
        ("/crates/?limit=2&offset=1&sort=name:desc", 200),
        ("/crates/?detail=all&colour=red", 200),
        ("/crates/?limit=x", 400),
        ("/crates/2/", 200),
        ("/crates/9/", 404),
        ("/crates/x/", 404),
        ("/nothing/", 404),
    ],
)
def test_an_answer_that_keeps_the_contract_goes_through_unchanged(crates: Contract, path: str, status: int) -> None:
    with_checks = client(crates).get(path, headers=HEADERS)
    without = create_app(crates, world(crates)).test_client().get(path, headers=HEADERS)

    assert with_checks.status_code == status, with_checks.text
    assert (with_checks.data, with_checks.headers) == (without.data, without.headers)


@pytest.mark.parametrize("method", ["DELETE", "POST", "PATCH", "OPTIONS"])
def test_an_undocumented_method_may_be_refused(crates: Contract, method: str) -> None:
    response = client(crates).open("/crates/", method=method, headers=HEADERS)

    assert response.status_code == 405 and response.headers["Allow"] == "GET, HEAD"


def test_head_is_answered_as_ever(crates: Contract) -> None:
    response = client(crates).head("/crates/", headers=HEADERS)

    assert (response.status_code, response.data) == (200, b"")


def test_a_wrong_token_is_refused_as_ever(crates: Contract) -> None:
    assert client(crates).get("/crates/", headers={"Authorization": "Bearer x"}).status_code == 401


BODIES: list[Any] = [None, {}, [], {"name": "Renamed", "entity_type": 1, "properties": {}}]
QUERIES = ["", "?limit=1", "?limit=100&offset=1", "?limit=0", "?limit=-1&offset=x", "?search=a"]


@pytest.mark.parametrize("number", ["1", "2", "999999"])
def test_everything_that_the_bundled_twin_answers_keeps_its_contract(viktor: Contract, number: str) -> None:
    app = create_app(viktor, steps=checked(STEPS))
    client, tokens = app.test_client(), app.extensions["apitwin"].world
    secrets = (tokens.token(), tokens.token(restricted=True), tokens.token("expired"), "unknown")
    seen: set[int] = set()
    for operation in viktor.operations:
        path = NAME.sub(number, operation.path)
        for query in QUERIES:
            for body in BODIES[:1] if operation.method == "GET" else BODIES:
                for secret in secrets:
                    headers = {"Authorization": f"Bearer {secret}"}
                    response = client.open(path + query, method=operation.method, headers=headers, json=body)
                    assert response.status_code != 500, f"{operation.method} {path}{query} {body}: {response.text}"
                    seen.add(response.status_code)
    assert seen >= ({200, 400, 401, 403, 404} if number == "1" else {401, 404})


def broken_item(records: Any, projection: Any, values: Any) -> list[bytes]:
    return [json.dumps({"id": 0, "name": "small", "lid": 1}).encode() for _ in records]


def test_a_broken_step_is_a_500_that_says_what_is_wrong(crates: Contract, caplog: pytest.LogCaptureFixture) -> None:
    response = client(crates, replace(STEPS, show=broken_item)).get("/crates/1/", headers=HEADERS)

    assert (response.status_code, response.content_type) == (500, JSON)
    assert response.get_json() == {
        "detail": "apitwin: its own answer breaks the contract: crates_read, status 200: "
        "/id: 0 is less than the minimum of 1 (minimum); "
        "/lid: 1 is not of type 'boolean', 'null' (type); "
        "/name: 'small' does not match '^[A-Z]' (pattern)"
    }
    logged = [record for record in caplog.records if record.name == "apitwin.twin"]
    assert [(record.levelname, record.getMessage(), record.exc_info) for record in logged] == [
        ("ERROR", response.get_json()["detail"], None)
    ]


def test_only_the_first_problems_are_told_and_the_others_counted(crates: Contract) -> None:
    response = client(crates, replace(STEPS, show=broken_item)).get("/crates/", headers=HEADERS)

    detail = response.get_json()["detail"]
    assert "crates_list, status 200: /results/0/id: 0 is less" in detail
    assert detail.endswith("/results/0/name: 'small' does not match '^[A-Z]' (pattern); and 6 more")


def test_the_journal_has_the_answer_that_was_sent(crates: Contract) -> None:
    app = create_app(crates, world(crates), checked(replace(STEPS, show=broken_item)))
    app.test_client().get("/crates/1/", headers=HEADERS)

    assert [entry["status"] for entry in app.extensions["apitwin"].journal.as_json()] == [500]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (
            lambda answer: replace(answer, status=418),
            "status 418: the status is not documented (documented: 200, 400, 401, 403, 404)",
        ),
        (lambda answer: replace(answer, status=204), "status 204: the status is not documented"),
        (lambda answer: replace(answer, content_type="text/html"), "media type text/html, where application/json is"),
        (lambda answer: replace(answer, content_type=None), "media type none, where application/json is"),
        (
            lambda answer: replace(answer, content_type="application/problem+json"),
            "media type application/problem+json,",
        ),
        (lambda answer: replace(answer, body=b""), "the body is no JSON (Expecting value"),
        (lambda answer: replace(answer, body=b"[1,"), "the body is no JSON (Expecting value"),
        (lambda answer: replace(answer, body=b"\xff"), "the body is no JSON ('utf-8' codec"),
        (lambda answer: replace(answer, body=b'{"id": NaN}'), "the body is no JSON (NaN is no number of JSON)"),
        (lambda answer: replace(answer, body=b"[" * 100_000), "the body is no JSON ("),
        (lambda answer: replace(answer, body=b"[]"), "the whole body: [] is not of type 'object' (type)"),
        (
            lambda answer: replace(answer, body=b'{"id":1,"name":"A\\nb\\n\\u0000","lid":"\\n\\u2028"}'),
            r"/lid: '\n\u2028' is",
        ),
    ],
)
def test_each_way_to_break_the_contract_is_told(
    crates: Contract, change: Callable[[Answer], Answer], problem: str
) -> None:
    response = client(crates, answering(change)).get("/crates/1/", headers=HEADERS)

    assert response.status_code == 500
    detail = response.get_json()["detail"]
    assert detail.startswith("apitwin: its own answer breaks the contract: crates_read, status ")
    assert problem in detail and detail.isprintable()


def test_what_a_replaced_finish_does_is_checked_too(crates: Contract) -> None:
    """The check stands at the very end, and a step that was there before is still called."""
    seen: list[str] = []

    def finish(answer: Answer, operation: Operation, headers: Any) -> Answer:
        seen.append(headers["authorization"])
        return replace(answer, status=418)

    assert client(crates, replace(STEPS, finish=finish)).get("/crates/", headers=HEADERS).status_code == 500
    assert seen == [HEADERS["Authorization"]]


def test_the_other_steps_stay_as_they_are() -> None:
    assert replace(checked(STEPS), finish=STEPS.finish) == STEPS


# One answer against one documented response


def response(status: str, **bodies: CompiledSchema | None) -> Response:
    """Return a documented answer. bodies: media types, with `__` for the slash and `ANY` for the star."""
    by_type = {name.replace("__", "/").replace("ANY", "*"): schema for name, schema in bodies.items()}
    media_type, schema = next(iter(by_type.items()), (None, None))
    return Response(status, media_type, schema, None, by_type)


def complaints_about(contract: Contract, answer: Answer, *responses: Response) -> list[str]:
    operation = replace(
        contract.operation("crates_list"), responses={response.status: response for response in responses}
    )
    return problems(answer, operation)


def test_a_status_is_looked_up_by_itself_then_by_its_range_then_by_default() -> None:
    exact, ranged, default = response("404"), response("4XX"), response("default")
    responses = {response.status: response for response in (default, ranged, exact)}

    assert documented(responses, 404) is exact
    assert documented(responses, 400) is ranged
    assert documented(responses, 503) is default
    assert documented({"404": exact, "4XX": ranged}, 503) is None


def test_no_body_where_none_is_documented(crates: Contract) -> None:
    assert complaints_about(crates, Answer(204), response("204")) == []
    assert complaints_about(crates, Answer(204, b"{}", JSON), response("204")) == [
        "a body of 2 bytes, where none is documented",
    ]


@pytest.mark.parametrize(
    "content_type", ["application/json", "application/json; charset=utf-8", "Application/JSON ;charset=utf-8"]
)
def test_a_media_type_is_compared_without_case_and_parameters(crates: Contract, content_type: str) -> None:
    documented = response("200", application__json=NUMBER)

    assert complaints_about(crates, Answer(200, b'{"n": 1}', content_type), documented) == []
    assert complaints_about(crates, Answer(200, b'{"n": "1"}', content_type), documented) == [
        "/n: '1' is not of type 'integer' (type)"
    ]


@pytest.mark.parametrize("name", ["application__ANY", "ANY__ANY"])
def test_a_range_of_media_types_covers_its_own(crates: Contract, name: str) -> None:
    complaints = complaints_about(crates, Answer(200, b"{}", JSON), response("200", **{name: NUMBER}))

    assert complaints == ["the whole body: 'n' is a required property (required)"]


def test_a_range_covers_nothing_else(crates: Contract) -> None:
    complaints = complaints_about(crates, Answer(200, b"{}", JSON), response("200", text__ANY=NUMBER))

    assert complaints == ["the media type application/json, where text/* is documented"]


def test_a_405_needs_no_documentation(crates: Contract) -> None:
    assert complaints_about(crates, Answer(405, b"anything", "text/html"), response("200")) == []


def test_the_schema_is_that_of_the_media_type_that_is_sent(crates: Contract) -> None:
    text = CompiledSchema({"type": "string"}, "test#")
    both = response("200", ANY__ANY=text, application__json=NUMBER)

    assert complaints_about(crates, Answer(200, b'{"n": 1}', JSON), both) == []
    assert complaints_about(crates, Answer(200, b'"x"', "application/problem+json"), both) == []
    assert len(complaints_about(crates, Answer(200, b'{"n": 1}', "application/problem+json"), both)) == 1


def test_without_a_schema_any_json_will_do_but_only_json(crates: Contract) -> None:
    anything = response("200", application__json=None)

    assert complaints_about(crates, Answer(200, b"[1, null]", JSON), anything) == []
    assert complaints_about(crates, Answer(200, b"nonsense", JSON), anything) != []


def test_what_is_no_json_is_not_read(crates: Contract) -> None:
    assert complaints_about(crates, Answer(200, b"\xff\x00", "image/png"), response("200", image__png=NUMBER)) == []


def test_a_contract_that_documents_nothing_allows_nothing(crates: Contract) -> None:
    assert complaints_about(crates, Answer(200, b"{}", JSON)) == ["the status is not documented (documented: none)"]
