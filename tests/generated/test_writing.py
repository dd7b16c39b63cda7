"""Making, changing and deleting things of a generated world, and how wrong requests are refused."""

from __future__ import annotations

from tests.generated.asking import Client, document

JAM = {"name": "Jam", "price": 4.5}


def test_a_new_thing_has_what_was_sent_and_what_a_server_makes() -> None:
    client = Client(document("typed"), items=9)
    clock = client.twin.world.clock.now().strftime("%Y-%m-%dT")

    made = client.send("POST", "/products", JAM, 201)

    assert made["id"] == 10
    assert (made["name"], made["price"]) == ("Jam", 4.5)
    assert made["in_stock"] is True  # the default of what may be sent
    assert made["colour"] is None
    assert made["labels"] == []
    assert made["created_at"].startswith(clock)
    assert client.get("/products/10") == made
    assert client.get("/products")["total"] == 10


def test_a_new_thing_says_where_it_is() -> None:
    answer = Client(document("typed"), items=3).ask("POST", "/products", json=JAM)

    assert answer.headers["Location"] == "http://localhost/products/4"
    assert 0 <= int(answer.headers["X-Rate-Left"]) <= 60


def test_a_number_does_not_come_back() -> None:
    client = Client(document("typed"), items=3)
    client.ask("DELETE", "/products/3")

    assert client.send("POST", "/products", JAM, 201)["id"] == 4


def test_put_replaces_and_patch_merges() -> None:
    client = Client(document("typed"), items=3)
    details = {"origin": "Porto", "size": "small"}
    client.send("PUT", "/products/2", {**JAM, "colour": "red", "details": details})

    merged = client.send("PATCH", "/products/2", {"price": 5, "details": {"size": None, "lid": "blue"}})
    assert (merged["name"], merged["price"], merged["colour"]) == ("Jam", 5, "red")
    assert merged["details"] == {"origin": "Porto", "lid": "blue"}

    replaced = client.send("PUT", "/products/2", {"name": "Tea", "price": 2})
    assert (replaced["name"], replaced["price"], replaced["colour"]) == ("Tea", 2, None)
    assert "details" not in replaced
    assert replaced["created_at"] == merged["created_at"]
    assert client.get("/products/2") == replaced


def test_what_is_deleted_is_gone() -> None:
    client = Client(document("typed"), items=3)

    assert client.ask("DELETE", "/products/2").status_code == 204
    assert client.ask("GET", "/products/2").status_code == 404
    assert client.ask("DELETE", "/products/2").status_code == 404
    assert client.get("/products")["total"] == 2


def test_a_wrong_body_is_refused_as_the_document_says() -> None:
    client = Client(document("typed"), items=3)

    missing = client.send("POST", "/products", {"name": "Jam"}, 422)
    assert missing["detail"][0]["loc"] == ["body", "price"]
    assert "required" in missing["detail"][0]["msg"]
    wrong = client.send("PATCH", "/products/1", {"price": -1}, 422)
    assert wrong["detail"][0]["loc"] == ["body", "price"]


def test_a_refusal_names_the_member_in_a_flat_error_too() -> None:
    client = Client(document("served"), items=3)

    refused = client.send("POST", "/api/books/", {"title": "Jam", "isbn": "12", "language": "en"}, 400)

    assert refused["field"] == "isbn"
    assert refused["message"].startswith("isbn: ")
    assert client.get("/api/books/77/", 404)["message"] == "Not found."


def test_a_default_response_has_the_status_in_it() -> None:
    client = Client(document("mixed"), items=3)

    answer = client.ask("POST", "/v1/parcels", json={"weight": 99})

    assert answer.status_code == 400
    assert answer.content_type == "application/problem+json"
    assert answer.json["status"] == 400


def test_one_schema_serves_both_ways() -> None:
    client = Client(document("served"), items=3)

    account = {"username": "nils", "password": "not shown", "email": "nils@example.com"}
    assert client.send("POST", "/api/accounts/", account, 201) == {"username": "nils", "email": "nils@example.com"}
    assert client.get("/api/accounts/nils/") == {"username": "nils", "email": "nils@example.com"}
    book = client.send(
        "POST", "/api/books/", {"id": 99, "title": "Jam", "isbn": "9780000000001", "language": "nl"}, 201
    )
    assert book["id"] == 4  # readOnly: what is sent of it does not count
    assert book["language"] == "nl"


def test_a_thing_below_a_parent_belongs_to_it() -> None:
    client = Client(document("served"), items=3)

    review = client.send("POST", "/api/books/3/reviews/", {"text": "Good."}, 201)

    assert review["book"] == 3
    assert client.get("/api/books/3/reviews/") == [review]


def test_a_form_is_read_by_its_schema() -> None:
    client = Client(document("mixed"), items=3)
    identity = client.get("/v1/parcels")["data"][0]["id"]

    assert client.ask("POST", f"/v1/parcels/{identity}", data={"weight": "7"}).json["data"]["weight"] == 7
    assert client.ask("POST", f"/v1/parcels/{identity}", data={"weight": "x"}).status_code == 400


def test_a_file_is_taken_as_it_is() -> None:
    client = Client(document("served"), items=3)
    form = {"Content-Type": "multipart/form-data; boundary=x"}

    answer = client.ask("POST", "/api/books/", data=b"--x\r\n\r\n--x--", headers=form)

    assert answer.status_code == 201
    assert answer.json["id"] == 4


def test_a_deletion_tells_what_the_document_says() -> None:
    client = Client(document("mixed"), items=3)
    identity = client.get("/v1/parcels")["data"][0]["id"]

    assert client.ask("DELETE", f"/v1/parcels/{identity}").json == {"id": identity, "deleted": True}
    assert client.ask("GET", f"/v1/parcels/{identity}").status_code == 404
