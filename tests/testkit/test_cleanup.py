"""Servers that lose answers, answer wrongly or are used by others: what was there stays, what was made goes or is told.

Each is a twin of the harbour office behind a bit of WSGI, treated as a live system with one harbour as the sandbox.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from apitwin.contracts import Contract, load
from apitwin.mock_server import Twin
from apitwin.testkit.errors import TargetError
from apitwin.testkit.server import walks
from apitwin.testkit.server.applicability import lifecycle
from apitwin.testkit.server.cleanup import WriteLedger
from apitwin.testkit.server.judge import LIVE_PROFILE, RunContext, judge
from apitwin.testkit.server.probe import Probe
from apitwin.testkit.server.subjects import subject
from apitwin.testkit.server.verdict import BROKEN, HOLDS, INCONCLUSIVE, Leftovers, Verdict
from apitwin.testkit.transport.target import Target
from apitwin.testkit.transport.twins import twin_target
from apitwin.testkit.transport.wsgi import WsgiAdapter
from tests.sabotage.matrix import named
from tests.servers import ROOT

HARBOUR = ROOT / "tests" / "harbour"
LIST = "/harbours/north/moorings"
MARKED = re.compile(r"apitwin-([a-z0-9]{8})")

Answer = tuple[str, list[tuple[str, str]], bytes]
Wrong = Callable[["Office", dict[str, Any]], "Answer | Iterable[bytes]"]


@dataclass
class Office:
    """A running harbour office. wrong: what answers in its place; writes: what it was sent to change something."""

    contract: Contract
    wrong: Wrong | None = None
    writes: list[tuple[str, str, Any]] = field(default_factory=list)
    memory: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.twin = Twin(self.contract)
        self.table = self.twin.world.tables["moorings"]

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        content = environ["wsgi.input"].read()
        environ["wsgi.input"] = BytesIO(content)
        if environ["REQUEST_METHOD"] != "GET":
            self.writes.append((environ["REQUEST_METHOD"], environ["PATH_INFO"], json.loads(content or b"null")))
        answer = self.honest(environ) if self.wrong is None else self.wrong(self, environ)
        if not isinstance(answer, tuple):
            start_response("200 OK", [])
            return answer
        start_response(answer[0], answer[1])
        return [answer[2]]

    def honest(self, environ: dict[str, Any]) -> Answer:
        """Answer as the twin does."""
        started: dict[str, Any] = {}

        def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            started.update(status=status, headers=headers)

        body = b"".join(self.twin.application(environ, start_response))
        return started["status"], started["headers"], body

    def moorings(self) -> dict[str, dict[str, Any]]:
        return {record.values["key"]: dict(record.values) for record in self.table.records}

    def add(self, **values: Any) -> str:
        """Add a mooring behind the back of everybody, as a colleague would."""
        key = str(self.table.next_identity())
        self.table.add(
            [{"key": key, "ship": "x", "lines": 4, "remarks": None, "harbour": "north", **values}], checked=False
        )
        return key

    def target(self) -> Target:
        adapter = WsgiAdapter(self)
        return Target(
            "live", "http://o.invalid", self.twin.token, rate=0, adapter=adapter, sandbox=["/harbours/north/"]
        )

    def judged(self, examples: int = 6, seed: int = 1) -> Verdict:
        profile = replace(LIVE_PROFILE, random_seed=seed, examples=examples, requests=examples * 40)
        context = RunContext(self.contract, self.target(), profile, "apitwin check", {"harbour": "north"})
        return judge(named("state"), self.contract.operation("listMoorings"), context)


@pytest.fixture(scope="module")
def harbour() -> Contract:
    return load(HARBOUR)


def edited(folder: Path, *edits: tuple[str, str]) -> Contract:
    """Return the contract with some of its text replaced."""
    text = (HARBOUR / "openapi.yaml").read_text(encoding="utf-8")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    (folder / "openapi.yaml").write_text(text, encoding="utf-8")
    (folder / "world.yaml").write_bytes((HARBOUR / "world.yaml").read_bytes())
    return load(folder)


def replaced(answer: Answer, body: bytes) -> Answer:
    headers = [header for header in answer[1] if header[0].lower() != "content-length"]
    return answer[0], [*headers, ("Content-Length", str(len(body)))], body


def makes(environ: dict[str, Any]) -> bool:
    return bool(environ["REQUEST_METHOD"] == "POST")


# A correct server


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_nothing_is_left_and_every_body_that_may_carry_a_mark_does(harbour: Contract, seed: int) -> None:
    office = Office(harbour)
    before = office.moorings()
    verdict = office.judged(seed=seed)
    assert (verdict.outcome, verdict.reason) == (HOLDS, "")
    assert office.moorings() == before
    good = [body for _, _, body in office.writes if isinstance(body, dict) and isinstance(body.get("ship"), str)]
    good = [body for body in good if len(body["ship"]) > 0 and isinstance(body.get("lines", 1), int)]
    marks = [MARKED.search(json.dumps(body)) for body in good]
    assert len(good) > 5 and all(marks)
    assert len({mark[1] for mark in marks if mark}) > 3, "each example has its own mark"
    assert all(len(body["ship"]) <= 80 for body in good)


def test_a_twin_is_sent_no_marks_and_the_same_every_time(harbour: Contract) -> None:
    target = twin_target(harbour)
    context = RunContext(harbour, target, replace(LIVE_PROFILE, random_seed=1), "", {"harbour": "north"})
    seen: list[Any] = []
    send = target.send
    target.send = lambda request: (seen.append(request.body) if request.body else None, send(request))[1]  # type: ignore[method-assign]
    assert judge(named("state"), harbour.operation("listMoorings"), context).outcome == HOLDS
    first, seen = seen, []
    judge(named("state"), harbour.operation("listMoorings"), context)
    assert first == seen != []
    assert MARKED.search(json.dumps(first)) is None


NO_ROOM = (
    "properties: &mooring-members\n        ship: {type: string, minLength: 1, maxLength: 80}\n"
    '        lines: {type: integer, minimum: 1, maximum: 12}\n        remarks: {type: [string, "null"]}',
    "properties: &mooring-members\n        ship: {type: string, minLength: 1, maxLength: 5}\n"
    "        lines: {type: integer, minimum: 1, maximum: 12}",
)
"""In the body of a mooring no text has room for a mark."""


def test_where_no_mark_can_be_put_what_was_answered_and_is_listed_is_ours(tmp_path: Path) -> None:
    office = Office(edited(tmp_path, NO_ROOM))
    before = office.moorings()
    verdict = office.judged()
    assert (verdict.outcome, verdict.reason) == (HOLDS, "")
    assert office.moorings() == before and len(office.writes) > 10


# A colleague


def a_colleague(office: Office, environ: dict[str, Any]) -> Answer:
    """Add a mooring with as many lines, just after the first one that was made."""
    answer = office.honest(environ)
    if makes(environ) and answer[0].startswith("201") and "colleague" not in office.memory:
        office.memory["colleague"] = office.add(ship="COLLEAGUE", lines=json.loads(answer[2])["lines"])
    return answer


def test_a_colleagues_new_thing_stays_though_it_resembles_what_was_sent(harbour: Contract) -> None:
    office = Office(harbour, a_colleague)
    before = office.moorings()
    verdict = office.judged()
    assert {key: office.moorings()[key]["ship"] for key in office.moorings().keys() - before.keys()} == {
        office.memory["colleague"]: "COLLEAGUE"
    }
    assert verdict.outcome == INCONCLUSIVE
    assert f"may be left behind: {LIST}/{office.memory['colleague']} (look at it" in verdict.reason


def test_a_colleagues_thing_stays_where_no_mark_can_be_put_and_the_answer_is_lost(tmp_path: Path) -> None:
    def lost(office: Office, environ: dict[str, Any]) -> Answer | Iterable[bytes]:
        answer = office.honest(environ)
        if makes(environ):
            made = json.loads(answer[2])
            office.add(ship=made["ship"], lines=made["lines"])
            return cut()
        return answer

    office = Office(edited(tmp_path, NO_ROOM), lost)
    before = office.moorings()
    verdict = office.judged()
    assert len(office.moorings().keys() - before.keys()) == 2
    assert [write for write in office.writes if write[0] == "DELETE"] == []
    places = {f"{LIST}/{key}" for key in office.moorings().keys() - before.keys()}
    assert verdict.outcome == INCONCLUSIVE
    assert [place for place in (*places, f"what POST {LIST} made") if place not in verdict.reason] == []


# Wrong answers to a create


def an_old_one(office: Office, environ: dict[str, Any]) -> Answer:
    """Make a mooring, and answer with the first that was there."""
    answer = office.honest(environ)
    if makes(environ) and answer[0].startswith("201"):
        return replaced(answer, json.dumps({**json.loads(answer[2]), "key": "1"}).encode())
    return answer


def a_hidden_one(office: Office, environ: dict[str, Any]) -> Answer:
    """Answer with a mooring that is in no list, and can be read and deleted."""
    answer = office.honest(environ)
    if makes(environ) and answer[0].startswith("201"):
        return replaced(answer, json.dumps({**json.loads(answer[2]), "key": "7"}).encode())
    if environ["REQUEST_METHOD"] == "GET" and environ["PATH_INFO"] == LIST:
        page = json.loads(answer[2])
        kept = [item for item in page["items"] if item["key"] != "7"]
        return replaced(answer, json.dumps({"meta": {"total": page["meta"]["total"] - 1}, "items": kept}).encode())
    return answer


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (an_old_one, "POST answers with the identity of a thing that was there before: 1"),
        (a_hidden_one, "is not read as it was written|the list holds what it should not"),
    ],
)
def test_a_thing_that_was_there_is_never_taken_for_a_new_one(harbour: Contract, wrong: Wrong, says: str) -> None:
    office = Office(harbour, wrong)
    before = office.moorings()
    verdict = office.judged(examples=20)
    assert verdict.outcome == BROKEN
    assert re.search(says, verdict.reason), verdict.reason
    assert office.moorings() == before
    assert {path for method, path, _ in office.writes if method != "POST"} & {f"{LIST}/1", f"{LIST}/7"} == set()


@pytest.mark.parametrize("body", [b"", b"[]", b'"9"', b"{}", b'{"key": null}', b'{"key": ""}', b"<h1>Created</h1>"])
def test_a_create_that_answers_no_identity_is_a_finding(harbour: Contract, body: bytes) -> None:
    def silent(office: Office, environ: dict[str, Any]) -> Answer:
        answer = office.honest(environ)
        return replaced(answer, body) if makes(environ) and answer[0].startswith("201") else answer

    office = Office(harbour, silent)
    before = office.moorings()
    verdict = office.judged()
    assert (verdict.outcome, verdict.reason) == (BROKEN, "POST answers with no identity of what was made")
    assert office.moorings() == before


# Answers that do not come


def cut() -> Iterable[bytes]:
    raise ConnectionResetError("cut")
    yield b""


def a_lost_answer(office: Office, environ: dict[str, Any]) -> Answer | Iterable[bytes]:
    answer = office.honest(environ)
    return cut() if makes(environ) else answer


def a_gateway(office: Office, environ: dict[str, Any]) -> Answer:
    answer = office.honest(environ)
    silent = ("503 Service Unavailable", [("Retry-After", "0"), ("Content-Length", "0")], b"")
    return silent if makes(environ) and answer[0].startswith("201") else answer


@pytest.mark.parametrize(
    ("wrong", "says"), [(a_lost_answer, "it was cut"), (a_gateway, "status 503: it may have been done")]
)
def test_what_was_made_goes_though_its_answer_was_lost(harbour: Contract, wrong: Wrong, says: str) -> None:
    office = Office(harbour, wrong)
    before = office.moorings()
    verdict = office.judged()
    assert verdict.outcome == INCONCLUSIVE
    assert says in verdict.reason and "left behind" not in verdict.reason
    assert [write[0] for write in office.writes] == ["POST", "DELETE"], "a write is not repeated"
    assert office.moorings() == before


def test_a_write_that_may_be_done_later_is_told(harbour: Contract) -> None:
    def never(office: Office, environ: dict[str, Any]) -> Answer | Iterable[bytes]:
        return cut() if makes(environ) else office.honest(environ)

    verdict = Office(harbour, never).judged()
    assert f"; may be left behind: what POST {LIST} made" in verdict.reason


def no_deletes(office: Office, environ: dict[str, Any]) -> Answer:
    failed = ("500 Internal Server Error", [("Content-Length", "0")], b"")
    return failed if environ["REQUEST_METHOD"] == "DELETE" else office.honest(environ)


def test_a_delete_that_fails_is_told_though_nothing_broke_the_law(harbour: Contract) -> None:
    office = Office(harbour, no_deletes)
    before = office.moorings()
    verdict = office.judged(examples=1)  # the smallest example: one create
    (key,) = office.moorings().keys() - before.keys()
    assert verdict.outcome == INCONCLUSIVE
    assert verdict.reason == f"nothing broke it, but this is left behind: {LIST}/{key}"


def test_a_delete_that_fails_is_told_where_the_law_is_broken(harbour: Contract) -> None:
    office = Office(harbour, no_deletes)
    before = office.moorings()
    verdict = office.judged(examples=20)
    assert verdict.outcome == BROKEN and verdict.finding is not None
    left = [f"{LIST}/{key}" for key in office.moorings().keys() - before.keys()]
    assert "a valid DELETE is answered with status 500; left behind: " in verdict.reason
    assert verdict.finding.says == verdict.reason, "the story tells it"
    assert any(place in verdict.reason for place in left)
    assert len(left) <= 5 or f"and {len(left) - 5} more" in verdict.reason


# Refused, and written all the same


def taking_lists(office: Office, environ: dict[str, Any]) -> Answer:
    """Refuse a list, and make a mooring of everything in it, of an empty one a mooring of the usual kind."""
    answer = office.honest(environ)
    body = office.writes[-1][2] if makes(environ) else None
    if isinstance(body, list):
        for item in body or [{}]:
            made = item if isinstance(item, dict) else {}
            office.add(ship=made.get("ship", "?"), lines=made.get("lines", 4))
    return answer


@pytest.mark.parametrize("seed", [1, 2, 4])
def test_a_refused_list_that_is_written_goes_or_is_told(harbour: Contract, seed: int) -> None:
    office = Office(harbour, taking_lists)
    before = office.moorings()
    verdict = office.judged(examples=60, seed=seed)
    left = {key: mooring for key, mooring in office.moorings().items() if key not in before}
    assert verdict.outcome == BROKEN, "these seeds draw such a list"
    assert {mooring["ship"] for mooring in left.values()} <= {"?"}, "what carries a mark is taken back"
    assert bool(left) == ("may be left behind" in verdict.reason)
    assert before.items() <= office.moorings().items()


# The guard


@pytest.fixture
def ledger(harbour: Contract) -> WriteLedger:
    office = Office(harbour)
    operation = harbour.operation("listMoorings")
    where = subject(operation, {"harbour": "north"})
    probe = Probe(harbour, operation, where, office.target(), lambda strategy, name: "k0k0k0k0", {}, 100, Leftovers())
    written = lifecycle(operation, harbour)
    assert written is not None
    made = WriteLedger(probe, written, walks.walk(probe, 25))
    made.office = office  # type: ignore[attr-defined]
    return made


@pytest.mark.parametrize("operation", ["changeMooring", "leaveMooring"])
@pytest.mark.parametrize("key", ["1", "99"])
def test_nothing_is_sent_to_what_was_there_before_or_is_not_known(
    ledger: WriteLedger, operation: str, key: str
) -> None:
    office: Office = ledger.office  # type: ignore[attr-defined]
    with pytest.raises(TargetError, match=f"nothing is sent to {LIST}/{key}: it is not certain"):
        ledger.write(office.contract.operation(operation), key, {"lines": 1})
    assert office.writes == []


@pytest.mark.parametrize("ship", ["MS k0k0k0k0", "ms K0K0K0K0"])
def test_a_new_thing_with_the_mark_is_ours_and_one_without_is_not(ledger: WriteLedger, ship: str) -> None:
    office: Office = ledger.office  # type: ignore[attr-defined]
    ledger.write(office.contract.operation("makeMooring"), None, {"ship": "x k0k0k0k0", "lines": "2"})
    ours, theirs = office.add(ship=ship), office.add(ship="MS k0k0k0k1")
    ledger.tidy()
    assert ours not in office.moorings() and theirs in office.moorings()
    assert office.writes[1:] == [("DELETE", f"{LIST}/{ours}", None)]


@pytest.mark.parametrize(
    ("sent", "there", "ours"),
    [
        ({"ship": "Nobody's ship"}, {"ship": "Nobody's ship"}, True),
        ({"ship": "Nobody's ship", "lines": 4}, {"ship": "Nobody's ship", "lines": 3}, False),
        ({"ship": "Barge 1", "lines": 4}, {"ship": "Barge 1", "lines": 4}, False),  # both are on a thing that was there
        ({"lines": 11}, {"lines": 11}, False),  # many have so many lines
        ({"ship": ""}, {"ship": ""}, False),
        ({"ship": "Nobody's ship", "lines": True}, {"ship": "Nobody's ship", "lines": 1}, False),
        ({"ship": "Nobody's ship", "colour": "red"}, {"ship": "Nobody's ship"}, False),
        ([], {}, False),
        ({}, {}, False),
    ],
)
def test_without_a_mark_all_that_was_sent_must_be_there_and_something_telling(
    ledger: WriteLedger, sent: Any, there: dict[str, Any], ours: bool
) -> None:
    office: Office = ledger.office  # type: ignore[attr-defined]
    write = ledger.write(office.contract.operation("makeMooring"), None, sent if sent != {} else {"other": 1})
    assert write.exchange is not None
    made = write.made
    key = office.add(**there)
    ledger.tidy()
    assert (key not in office.moorings()) == ours
    assert made is None or made not in office.moorings()
    assert ours != bool(ledger._probe.leftovers.summary)
