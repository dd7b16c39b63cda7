"""Overlays: what is inferred comes back from the file that it was written to, and what a reader wrote counts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from apitwin.contracts import Contract, ContractError, load
from apitwin.contracts.inference.overlay import written as inferred_overlay
from tests.contracts.plain_documents import AUTHOR, BOOK, TEXT, WHOLE, array, get, holding, query, writing, written

PATHS: dict[str, Any] = {
    "/authors": {"get": get(holding(authors=array(AUTHOR), total=WHOLE), query(limit=WHOLE, offset=WHOLE, q=TEXT))},
    "/authors/{author_id}": {"get": get(AUTHOR), "put": writing(AUTHOR, AUTHOR, "200")},
    "/authors/{author_id}/books": {
        "get": get(array(BOOK), query(page=WHOLE, per_page=WHOLE, genre={"enum": ["crime", "poetry"]}))
    },
    "/it's/{a_b}": {"get": get(holding(id=WHOLE))},
}


@pytest.fixture
def document(tmp_path: Path) -> Path:
    return written(tmp_path, PATHS)


def laid(document: Path, *actions: Any, **keys: Any) -> Contract:
    overlay = document.with_name("overlay.yaml")
    overlay.write_text(yaml.safe_dump({"overlay": "1.0.0", "actions": list(actions), **keys}), encoding="utf-8")
    return load(document, overlay=overlay)


def said(contract: Contract) -> list[Any]:
    """Return everything that rules say of the operations, without the names and the places of the rules."""
    return [
        (
            operation.id,
            operation.behaviour,
            operation.effect,
            operation.identified_by,
            operation.collection and (operation.collection.name, operation.collection.identity),
            operation.pagination
            and (operation.pagination.style, operation.pagination.limit, operation.pagination.envelope),
            operation.filters,
            operation.sort,
            operation.search,
            operation.within,
            operation.unspecified,
            [parameter.drawn_from for parameter in operation.parameters],
        )
        for operation in contract.operations
    ]


def test_what_is_inferred_is_the_same_from_its_overlay(document: Path) -> None:
    overlay = document.with_name("overlay.yaml")
    overlay.write_text(inferred_overlay(document), encoding="utf-8")
    with_it, without = load(document, overlay=overlay), load(document)

    assert said(with_it) == said(without)
    assert without.inferred != () and with_it.inferred == ()


def test_every_fact_of_the_overlay_says_that_it_is_inferred_and_why(document: Path) -> None:
    overlay = yaml.safe_load(inferred_overlay(document))
    objects = [action["update"]["x-apitwin"] for action in overlay["actions"]]
    evidence = [entry for value in objects for entry in value["evidence"].values()]

    assert len(objects) == 5  # the document, and the operations of which something is inferred
    assert {entry["status"] for entry in evidence} == {"inferred"}
    assert all(entry["source"] and entry["certainty"] for entry in evidence)


def test_the_document_is_left_as_it_is(document: Path) -> None:
    before = document.read_bytes()
    document.with_name("overlay.yaml").write_text(inferred_overlay(document), encoding="utf-8")

    assert document.read_bytes() == before


def test_what_a_reader_corrects_counts(document: Path) -> None:
    overlay = yaml.safe_load(inferred_overlay(document))
    (books,) = (
        action for action in overlay["actions"] if action["target"] == "$.paths['/authors/{author_id}/books'].get"
    )
    books["update"]["x-apitwin"]["filters"]["genre"]["match"] = "any-of"
    books["update"]["x-apitwin"]["evidence"]["/filters/genre"] = {"status": "observed", "source": "asked it"}
    contract = laid(document, *overlay["actions"])
    operation = contract.operation("get /authors/{author_id}/books")
    evidence = contract.evidence_for(f"{operation.pointer}/x-apitwin/filters/genre")

    assert operation.filters[0].match == "any-of"
    assert evidence is not None and (evidence.status, evidence.is_stated) == ("observed", True)


def test_an_update_is_merged_lists_are_added_to_and_what_is_removed_is_gone(document: Path) -> None:
    contract = laid(
        document,
        {"target": "$.info", "update": {"title": "Another shop"}},
        {"target": '$.paths["/authors"].get.parameters', "update": {"name": "after", "in": "query", "schema": TEXT}},
        {"target": "$['paths']['/authors'].get.parameters[2]", "remove": True},
        {"target": "$.paths['/it\\'s/{a_b}']", "remove": True},
    )

    assert contract.title == "Another shop"
    assert [parameter.name for parameter in contract.operation("get /authors").parameters] == [
        "limit",
        "offset",
        "after",
    ]
    assert [operation.path for operation in contract.operations if "it" in operation.path.split("/")[1]] == []


@pytest.mark.parametrize(
    ("action", "problem"),
    [
        (
            {"target": "$.paths['/autors'].get", "update": {}},
            "the document has no '/autors' there; did you mean '/authors'?",
        ),
        ({"target": "$.paths['/authors'].get.parameters[7]", "update": {}}, "the document has no 7 there"),
        ({"target": "$.paths[*]", "update": {}}, "cannot be read; expected one place"),
        ({"target": "paths", "update": {}}, "cannot be read; expected one place"),
        ({"target": "$..get", "update": {}}, "cannot be read; expected one place"),
        ({"target": "$", "updat": {}}, "/updat: no key of an action; there is: target, description, update, remove"),
        ({"update": {}}, "expected an object with a target"),
        ({"target": "$", "remove": True}, "its actions leave no document"),
    ],
)
def test_an_overlay_that_does_not_fit_is_refused_in_a_line(document: Path, action: Any, problem: str) -> None:
    with pytest.raises(ContractError) as raised:
        laid(document, action)

    assert problem in str(raised.value)
    assert "overlay.yaml" in str(raised.value) and "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("keys", "problem"),
    [
        ({"overlay": "2.0.0"}, "#/overlay: found '2.0.0'; expected one of 1.0.0, 1.1.0"),
        ({"actions": None}, "found no list of actions; expected an OpenAPI Overlay"),
    ],
)
def test_what_is_no_overlay_is_refused_in_a_line(document: Path, keys: Any, problem: str) -> None:
    with pytest.raises(ContractError) as raised:
        laid(document, **keys)

    assert problem in str(raised.value)
