"""Seeds: what a list of items stands for, and what the one line says that refuses a bad one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from apitwin.contracts import Contract, load
from apitwin.mock_server import Twin, TwinError, World, create_app
from apitwin.mock_server.viktor.world_items import fill_item
from apitwin.mock_server.world.world_file import world_from_file, world_from_value

CRATE = {
    "type": "object",
    "required": ["id", "name"],
    "properties": {
        "id": {"type": "integer", "minimum": 1},
        "name": {"type": "string", "minLength": 1},
        "weight": {"type": "number"},
        "inside": {"type": "object", "properties": {"kind": {"enum": ["apples", "pears"]}}},
    },
    "additionalProperties": False,
}


@pytest.fixture
def contract(tmp_path: Path) -> Contract:
    """A contract of crates, which have a schema, and marks, which have none and are named by a text."""
    document = {
        "openapi": "3.1.0",
        "security": [{"token": []}],
        "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
        "paths": {"/crates": {"get": {"operationId": "crates", "responses": {"200": {"description": ""}}}}},
        "x-apitwin": {
            "collections": {
                "crates": {"schema": CRATE, "identity": "/id", "private": ["secret"]},
                "marks": {"identity": "/code/short", "order": ["/rank"]},
            }
        },
    }
    path = tmp_path / "openapi.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return load(path)


def world(contract: Contract, **collections: list[Any]) -> World:
    return world_from_value({"collections": collections}, contract, "world.yaml")


def values(contract: Contract, *items: Any, defaults: Any = None) -> list[Any]:
    """Return the values of the crates that the items stand for."""
    seed = {"defaults": {"crates": defaults or {}}, "collections": {"crates": list(items)}}
    made = world_from_value(seed, contract, "world.yaml")
    return [dict(record.values) for record in made.tables["crates"].records]


def test_an_item_stands_for_itself(contract: Contract) -> None:
    assert values(contract, {"id": 7, "name": "Ash", "weight": 2.5}) == [{"id": 7, "name": "Ash", "weight": 2.5}]


def test_an_identity_that_is_left_out_is_the_next_free_one(contract: Contract) -> None:
    records = values(
        contract, {"name": "a"}, {"name": "b", "id": 10}, {"name": "c"}, {"name": "d", "id": 5}, {"name": "e"}
    )

    assert {record["name"]: record["id"] for record in records} == {"a": 1, "b": 10, "c": 11, "d": 5, "e": 12}


def test_the_identity_stands_first(contract: Contract) -> None:
    (record,) = values(contract, {"name": "Ash"}, defaults={"weight": 1})

    assert list(record) == ["id", "name", "weight"]


def test_an_item_repeated_stands_for_so_many_with_a_number_in_each(contract: Contract) -> None:
    records = values(contract, {"repeat": 3, "item": {"name": "Crate {n} of {n}", "weight": "{n}"}})

    assert records == [
        {"id": 1, "name": "Crate 1 of 1", "weight": 1},
        {"id": 2, "name": "Crate 2 of 2", "weight": 2},
        {"id": 3, "name": "Crate 3 of 3", "weight": 3},
    ]


def test_an_item_for_each_value_has_the_value_and_its_number(contract: Contract) -> None:
    records = values(contract, {"each": ["Ash", "{n}"], "item": {"name": "{n}: {each}", "inside": {"kind": "apples"}}})

    assert [record["name"].partition(":")[0] for record in records] == ["1", "2"]
    assert records[0]["name"] == "1: Ash"
    assert [record["inside"] for record in records] == [{"kind": "apples"}] * 2


@pytest.mark.parametrize("value", ["Ash", 7, -7, 2.5, "007", "7", True, None, ["a"], {"a": 1}], ids=json.dumps)
def test_a_value_that_stands_alone_stays_what_it_is(contract: Contract, value: Any) -> None:
    made = world(contract, marks=[{"each": [value], "item": {"code": {"short": "A"}, "what": "{each}"}}])

    what = made.tables["marks"].records[0].values["what"]
    assert what == value
    assert type(what) is type(value)


def test_names_are_filled_in_at_any_depth_and_in_keys(contract: Contract) -> None:
    item = {"code": {"short": "M{n}"}, "list": ["{n}", {"deep {each}": "{each}{each}"}], "{each}": "{other}"}

    made = world(contract, marks=[{"each": ["x"], "item": item}])

    assert made.tables["marks"].records[0].values == {
        "code": {"short": "M1"},
        "list": [1, {"deep x": "xx"}],
        "x": "{other}",
    }


@pytest.mark.parametrize("item", [{"repeat": 0, "item": {"name": "a"}}, {"each": [], "item": {"name": "a"}}])
def test_an_item_repeated_no_times_stands_for_nothing(contract: Contract, item: Any) -> None:
    assert values(contract, item) == []


def test_items_take_the_defaults_of_their_collection_where_they_say_nothing(contract: Contract) -> None:
    records = values(
        contract,
        {"name": "Ash"},
        {"name": "Bay", "weight": 5, "inside": {}},
        defaults={"weight": 1, "inside": {"kind": "pears"}},
    )

    assert records[0] == {"id": 1, "name": "Ash", "weight": 1, "inside": {"kind": "pears"}}
    assert records[1] == {"id": 2, "name": "Bay", "weight": 5, "inside": {}}


def test_items_do_not_share_what_they_took_from_the_defaults(contract: Contract) -> None:
    first, second = values(contract, {"name": "Ash"}, {"name": "Bay"}, defaults={"inside": {"kind": "pears"}})

    first["inside"]["kind"] = "apples"

    assert second["inside"] == {"kind": "pears"}


def test_private_fields_are_kept_and_not_judged_by_the_schema(contract: Contract) -> None:
    assert values(contract, {"name": "Ash", "secret": [1]}) == [{"id": 1, "name": "Ash", "secret": [1]}]


def test_an_order_other_than_the_identity_orders_the_table(contract: Contract) -> None:
    made = world(
        contract, marks=[{"code": {"short": name}, "rank": rank} for name, rank in (("b", 2), ("a", 3), ("c", 1))]
    )

    assert [record.values["code"]["short"] for record in made.tables["marks"].records] == ["c", "b", "a"]
    assert made.tables["marks"].get("a") is not None


def test_tokens_have_a_state_an_owner_and_roles(contract: Contract) -> None:
    seed = {
        "tokens": [
            {"token": "a", "user": 1, "roles": ["admin", "owner"]},
            {"token": "b"},
            {"token": "c", "state": "expired", "roles": ["admin"]},
        ]
    }
    made = world_from_value(seed, contract, "world.yaml")

    assert [(token.secret, token.state, token.user, token.roles) for token in made.tokens] == [
        ("a", "valid", "1", {"admin", "owner"}),
        ("b", "valid", None, set()),
        ("c", "expired", None, {"admin"}),
    ]
    assert made.token() == "a"
    assert made.token(restricted=True) == "b"
    assert made.token("expired") == "c"
    assert made.token("revoked") is None


def test_a_token_is_not_printed(contract: Contract) -> None:
    made = world_from_value({"tokens": [{"token": "secret-of-mine"}]}, contract, "world.yaml")

    assert "secret-of-mine" not in repr(made.tokens)


def test_an_empty_seed_is_an_empty_world(contract: Contract) -> None:
    made = world_from_value({}, contract, "world.yaml")

    assert {name: tuple(table.records) for name, table in made.tables.items()} == {"crates": (), "marks": ()}


ASH = {"name": "Ash"}


def crates(*items: Any) -> dict[str, Any]:
    return {"collections": {"crates": list(items)}}


def marks(*codes: Any) -> dict[str, Any]:
    return {"collections": {"marks": [{"code": code} for code in codes]}}


BAD: list[tuple[str, Any, str, tuple[str, ...]]] = [
    ("a-list", [], "", ("expected an object with tokens, defaults, collections",)),
    ("nothing", None, "", ("expected an object",)),
    (
        "unknown-key",
        {"colections": {}},
        "",
        ("unknown key 'colections'", "allowed: tokens, defaults", "'collections'?"),
    ),
    ("tokens-no-list", {"tokens": {"token": "a"}}, "#/tokens", ("expected a list of tokens",)),
    ("token-no-object", {"tokens": ["a"]}, "#/tokens/0", ("found 'a'", "expected an object")),
    ("token-missing", {"tokens": [{"token": "a"}, {}]}, "#/tokens/1", ("expected a token",)),
    ("token-not-ascii", {"tokens": [{"token": "é"}]}, "#/tokens/0", ("ASCII",)),
    ("token-a-number", {"tokens": [{"token": 7}]}, "#/tokens/0", ("expected a token",)),
    ("token-unknown-key", {"tokens": [{"token": "a", "role": []}]}, "#/tokens/0", ("unknown key 'role'", "'roles'?")),
    (
        "token-state",
        {"tokens": [{"token": "a", "state": "old"}]},
        "#/tokens/0/state",
        ("'old'", "valid, expired, revoked"),
    ),
    ("token-roles", {"tokens": [{"token": "a", "roles": "admin"}]}, "#/tokens/0", ("roles as a list",)),
    ("defaults-no-object", {"defaults": []}, "#/defaults", ("found []", "expected an object")),
    ("defaults-unknown", {"defaults": {"crate": {}}}, "#/defaults", ("unknown key 'crate'", "did you mean 'crates'?")),
    ("defaults-of-a-list", {"defaults": {"crates": []}}, "#/defaults/crates", ("found []", "expected an object")),
    ("collections-no-object", {"collections": []}, "#/collections", ("found []", "expected an object")),
    ("collections-unknown", {"collections": {"lids": []}}, "#/collections", ("unknown key 'lids'", "crates, marks")),
    ("collection-no-list", {"collections": {"crates": ASH}}, "#/collections/crates", ("expected a list of items",)),
    ("item-no-object", crates(ASH, "Bay"), "#/collections/crates/1", ("found 'Bay'",)),
    ("item-null", crates(None), "#/collections/crates/0", ("found None",)),
    ("repeat-a-text", crates({"repeat": "3", "item": ASH}), "#/collections/crates/0", ("repeat (a number)",)),
    ("repeat-true", crates({"repeat": True, "item": ASH}), "#/collections/crates/0", ("repeat (a number)",)),
    ("repeat-below-zero", crates({"repeat": -3, "item": ASH}), "#/collections/crates/0", ("repeat",)),
    ("repeat-without-item", crates({"repeat": 3}), "#/collections/crates/0", ("item (an object)",)),
    ("repeat-of-a-list", crates({"repeat": 3, "item": []}), "#/collections/crates/0", ("item (an object)",)),
    ("repeat-and-each", crates({"repeat": 3, "each": ["a"], "item": ASH}), "#/collections/crates/0", ("repeat",)),
    ("each-a-text", crates({"each": "abc", "item": ASH}), "#/collections/crates/0", ("each (a list)",)),
    (
        "repeat-unknown-key",
        crates({"repeat": 3, "items": ASH}),
        "#/collections/crates/0",
        ("unknown key 'items'", "'item'?"),
    ),
    (
        "identity-twice",
        crates(ASH, {**ASH, "id": 1}),
        "#/collections/crates/1",
        ("the identity 1 stands twice in crates",),
    ),
    ("identity-twice-as-text", marks({"short": "1"}, {"short": 1}), "#/collections/marks/1", ("stands twice",)),
    ("identity-null", marks({"short": None}), "#/collections/marks/0", ("identity",)),
    ("identity-in-a-text", marks("short"), "#/collections/marks/0", ("code",)),
    (
        "schema-wrong-type",
        crates({**ASH, "weight": "heavy"}),
        "#/collections/crates/0/weight",
        ("'heavy' is not of type 'number'",),
    ),
    (
        "schema-deep",
        crates({**ASH, "inside": {"kind": "plums"}}),
        "#/collections/crates/0/inside/kind",
        ("'plums' is not one of",),
    ),
    ("schema-missing", crates({"weight": 1}), "#/collections/crates/0", ("'name' is a required property",)),
    ("schema-unknown", crates({**ASH, "wieght": 1}), "#/collections/crates/0", ("'wieght'",)),
    (
        "schema-of-a-repeated-item",
        crates({"repeat": 3, "item": {"name": ""}}),
        "#/collections/crates/0/item/name",
        ("'' should be non-empty",),
    ),
    (
        "schema-of-a-default",
        {"defaults": {"crates": {"weight": "x"}}, **crates(ASH)},
        "#/collections/crates/0/weight",
        ("'x'",),
    ),
    (
        "identity-of-a-wrong-type",
        crates({**ASH, "id": "one"}),
        "#/collections/crates/0/id",
        ("'one' is not of type 'integer'",),
    ),
]


@pytest.mark.parametrize(("seed", "pointer", "words"), [case[1:] for case in BAD], ids=[case[0] for case in BAD])
def test_a_bad_seed_is_refused_with_its_file_its_place_and_the_reason(
    tmp_path: Path, contract: Contract, seed: Any, pointer: str, words: tuple[str, ...]
) -> None:
    path = tmp_path / "world.json"
    path.write_text(json.dumps(seed), encoding="utf-8")

    with pytest.raises(TwinError) as caught:
        world_from_file(path, contract)

    said = str(caught.value)
    assert "\n" not in said
    assert said.startswith(f"{path}{pointer}: ")
    for word in words:
        assert word in said


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "there is no such file"),
        (b"tokens: [", "no YAML"),
        (b"tokens: []\ntokens: []\n", "stands twice"),
        (b"\xff", "not UTF-8"),
    ],
    ids=["missing", "broken", "key-twice", "not-utf-8"],
)
def test_a_seed_that_cannot_be_read_is_refused_with_its_name(
    tmp_path: Path, contract: Contract, content: bytes | None, words: str
) -> None:
    path = tmp_path / "world.yaml"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(TwinError, match=f"world.yaml.*{words}"):
        world_from_file(path, contract)


def test_a_line_break_in_a_seed_does_not_make_two_lines(contract: Contract) -> None:
    with pytest.raises(TwinError) as caught:
        values(contract, {"name": "Ash", "inside": {"kind": "two\nlines"}})

    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("entity", "words"),
    [
        ({"name": "x", "entity_type": 3, "parent": 5}, "no entity 5 stands before this one to be its parent"),
        ({"name": "x", "entity_type": 99}, "there is no entity type 99"),
        ({"name": "x"}, "there is no entity type None"),
    ],
    ids=["parent", "type", "no-type"],
)
def test_what_an_api_fills_in_must_be_there(viktor: Contract, entity: Any, words: str) -> None:
    seed = {
        "collections": {
            "entity_types": [
                {"id": 3, "name": "Beam", "class_name": "Beam", "workspace": 1, "child_entity_type_ids": []}
            ],
            "entities": [entity],
        }
    }

    with pytest.raises(TwinError, match=rf"^world\.yaml#/collections/entities/0: {words}$"):
        world_from_value(seed, viktor, "world.yaml", fill_item)


def test_an_entity_gets_its_path_and_depth_and_the_name_of_its_type(viktor: Contract) -> None:
    seed = {
        "collections": {
            "entity_types": [
                {"id": 3, "name": "Beam", "class_name": "BeamX", "workspace": 4, "child_entity_type_ids": []}
            ],
            "entities": [
                {"id": 10, "name": "a", "entity_type": 3},
                {"id": 20, "name": "b", "entity_type": 3, "parent": 10},
                {"name": "c", "entity_type": 3, "parent": 20},
            ],
        }
    }
    made = world_from_value(seed, viktor, "world.yaml", fill_item)

    shown = [
        tuple(record.values[key] for key in ("id", "path", "parent_count", "entity_type_name", "workspace"))
        for record in made.tables["entities"].records
    ]
    assert shown == [
        (10, [10], 0, "BeamX", 4),
        (20, [10, 20], 1, "BeamX", 4),
        (21, [10, 20, 21], 2, "BeamX", 4),
    ]


def test_a_seed_without_a_usable_token_is_refused(tmp_path: Path, contract: Contract) -> None:
    document = json.loads(contract.path.read_text(encoding="utf-8"))
    document["x-apitwin"]["world"] = "world.yaml"
    contract.path.write_text(json.dumps(document), encoding="utf-8")
    (tmp_path / "world.yaml").write_text("tokens: [{token: a, state: expired, roles: [admin]}]", encoding="utf-8")

    with pytest.raises(TwinError, match=r"world\.yaml#/tokens: no valid token"):
        create_app(load(contract.path))


def test_where_nobody_wrote_a_world_there_is_a_generated_one_and_one_token(contract: Contract) -> None:
    made = create_app(contract).extensions["apitwin"].world

    assert made.token() == "apitwin-token"
    assert made.is_generated and any(table.records for table in made.tables.values())


@pytest.mark.parametrize(
    ("collections", "said"),
    [
        ("workspaces: [{id: 1, name: A, nam: B}]", "unknown key 'nam'; allowed: "),
        ("workspaces: [{id: 1, name: A, nam: B}]", "did you mean 'name'?"),
    ],
)
def test_a_field_that_no_schema_knows_is_refused(collections: str, said: str, tmp_path: Path) -> None:
    seed = tmp_path / "world.yaml"
    token = "{token: secret, roles: [organisation-admin]}"
    seed.write_text(f"tokens: [{token}]\ncollections:\n  {collections}\n", encoding="utf-8")
    with pytest.raises(TwinError) as refused:
        Twin("viktor", world=seed)
    assert said in str(refused.value) and "\n" not in str(refused.value)


def test_the_bundled_world_has_properties_for_every_entity_and_a_type_for_every_node(viktor: Contract) -> None:
    """As recorded answers have it: no entity's properties are null, and every node of an input form has a type."""
    assert viktor.world is not None
    made = world_from_file(viktor.world, viktor, fill_item)

    assert {type(record.values["properties"]) for record in made.tables["entities"].records} == {dict}
    method = made.tables["methods"].get("parametrization")
    assert method is not None
    nodes = method.values["result"]["parametrization"]
    assert [node["type"] for node in nodes] == ["section"]
