"""What a run prints: the summary first, a matrix in 80 columns, one story for each cause."""

from __future__ import annotations

import random
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apitwin import Twin
from apitwin.testkit.reports.causes import causes
from apitwin.testkit.reports.matrix import matrix
from apitwin.testkit.reports.summary import summary, unexamined
from apitwin.testkit.server.verdict import BROKEN, HOLDS, OUTCOMES, SKIPPED, Finding, Verdict
from tests.testkit.test_cli import apitwin

LAWS = ("envelope", "partition", "token-required", "read-agrees-with-list")


def broken(operation: str, law: str, found: str) -> Verdict:
    return Verdict(operation, law, BROKEN, f"{law} says so", Finding(f"{law} says so", "well", found, None, ()))


def skipped(operation: str, law: str, reason: str, applies: bool = True) -> Verdict:
    return Verdict(operation, law, SKIPPED, reason, applies=applies)


def rows(text: str) -> list[str]:
    """Return the lines of a matrix that are the table: the name of a law, and marks."""
    return [line for line in text.splitlines() if re.fullmatch(r"[a-z-]+ *(  [+X?. ])+", line)]


def test_a_dead_list_is_one_cause() -> None:
    dead = [broken("books", law, "status 500: Oh no") for law in LAWS]
    other = [broken("books", "schema", "a number"), broken("loans", "envelope", "status 500: Oh no")]

    found = causes([*dead, *other])

    assert [cause.size for cause in found] == [4, 1, 1]
    text = summary([*dead, *other])
    assert "broken, by 3 causes:" in text
    assert "books: envelope says so (envelope, partition, token-required," in text


def test_a_value_at_which_a_server_fails_everywhere_is_one_cause() -> None:
    def failing(operation: str, law: str, offset: int, found: str = "status 500: Oh no") -> Verdict:
        return replace(broken(operation, law, found), drawn={"offset": offset, "limit": 1})

    far = [failing(name, "past-the-end", 2**63) for name in ("books", "loans", "rooms")]
    others = [
        failing("rooms", "invalid-offset", 2**63),  # the same failure of the same list
        failing("staff", "past-the-end", 7),  # another value
        failing("desks", "past-the-end", 2**63, "status 200: []"),  # no failure
        broken("shelves", "past-the-end", "status 500: Oh no"),  # nothing says that it is the value
    ]

    found = causes([*far, *others])

    assert [(cause.first.operation, cause.alike) for cause in found] == [
        ("books", ("loans", "rooms")),
        ("staff", ()),
        ("desks", ()),
        ("shelves", ()),
    ]
    text = summary([*far, *others])
    assert "broken, by 4 causes:" in text
    assert "books and 2 more operations: past-the-end says so (past-the-end)" in text


def test_what_was_not_looked_at_is_told_by_its_reason() -> None:
    wanting = [skipped(f"loans_{number}", law, "give loan_id") for number in range(6) for law in LAWS]
    idle = [skipped("make", law, "POST writes", applies=False) for law in LAWS]
    verdicts = [Verdict("books", "envelope", HOLDS), *wanting, *idle]

    text = summary(verdicts)

    assert text.startswith("1 of 8 operations looked at: 1 holds\n")
    assert "  6 operations: give loan_id (loans_0, loans_1, loans_2, loans_3 and 2 more)" in text
    assert "  1 operation: POST writes (make)" in text
    assert unexamined(verdicts)["make"] == "POST writes"


def test_a_law_that_applies_to_nothing_has_no_line_and_is_counted() -> None:
    verdicts = [
        Verdict("books", "envelope", HOLDS),
        skipped("books", "partition", "no page"),
        skipped("books", "search", "it has no search parameter", applies=False),
        skipped("loans", "envelope", "nothing to ask about"),
    ]

    text = matrix(verdicts)

    assert [row.split()[0] for row in rows(text)] == ["envelope", "partition"]
    assert "     1  it has no search parameter" in text
    assert "loans" not in text, "the summary tells it"


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 150), st.randoms(use_true_random=False))
def test_a_matrix_fits_80_columns_however_many_operations_there_are(many: int, chance: random.Random) -> None:
    names = [f"list_things_of_another_kind_{number}" for number in range(many)]
    verdicts = [Verdict(name, law, chance.choice(OUTCOMES), "a reason") for name in names for law in LAWS]

    text = matrix(verdicts)

    assert max(map(len, text.splitlines())) <= 80
    seen = {verdict.operation for verdict in verdicts if verdict.outcome != SKIPPED}
    assert {name for name in names if re.search(rf"\b{name}\b", text.partition("\n\n")[0])} == seen


def test_many_operations_that_fare_alike_share_a_column() -> None:
    verdicts = [Verdict(f"list_{number}", law, HOLDS) for number in range(128) for law in LAWS]

    text = matrix(verdicts)

    assert rows(text) == [f"{law:<21}  +" for law in LAWS]
    assert len(text.splitlines()) < 50


IDLE = ("check", "tests/hostile/openapi.yaml", "--operation", "things_read", "--law", "schema")
"""A run in which a law applies, and there is nothing to ask about."""


@pytest.mark.parametrize(("outcome", "code"), [("skipped", 2), ("inconclusive", 0)])
def test_a_run_can_fail_on_what_was_not_decided(outcome: str, code: int) -> None:
    said = apitwin(*IDLE, "--fail-on", outcome)

    assert said.returncode == code
    assert ("apitwin: --fail-on skipped: 1 verdicts are skipped, though their laws apply" in said.stderr) is (code == 2)


def test_a_run_that_saw_little_says_so() -> None:
    said = apitwin(*IDLE)

    assert said.returncode == 0
    assert "1 of 1 operations were not looked at; the reasons are above" in said.stderr


def test_a_server_that_fails_is_one_story() -> None:
    with Twin("viktor") as server:
        server.fault("server-error", operation="apps_list", nth=2, times=10**9)
        options = ("--target", server.url, "--rate", "0", "--operation", "apps_list", "--examples", "2")
        said = apitwin("check", "viktor", *options, APITWIN_TOKEN=server.token)
    assert said.returncode == 1, said.stdout + said.stderr
    assert said.stdout.count("BROKEN  ") < said.stdout.count(" X") / 2
    assert "also:      the same breaks " in said.stdout
