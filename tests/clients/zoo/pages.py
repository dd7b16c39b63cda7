"""Clients of lists by page number: correct ones, and each bug in the place where people write it."""

from __future__ import annotations

from urllib.parse import urlsplit

import requests

from tests.clients.zoo.asking import TIMEOUT_S, FetchAll, Items, get
from tests.clients.zoo.correct import Wrong, patient

BOOKS, LOANS, READERS = "/books/", "/loans/", "/readers/"
SIZE = 100
"""What they ask for, which is more than a page of books may have."""


def visitor(token: str) -> requests.Session:
    """Return a session that shows its key."""
    made = requests.Session()
    made.headers["X-Api-Key"] = token
    return made


# Correct


def numbers_pages_until_there_is_no_next(base: str, token: str) -> Items:
    """Count pages from 1, as long as a page says that there is another."""
    client, number, more = visitor(token), 1, True
    while more:
        page = patient(client, base + BOOKS, {"page": number, "page_size": SIZE})
        yield from page["results"]
        number, more = number + 1, page["next"] is not None


def follows_links_to_numbered_pages(base: str, token: str) -> Items:
    """Follow the links as they come, on this host, each once."""
    client, address, seen = visitor(token), f"{base}{BOOKS}?language=nl", set[str]()
    while address:
        if address in seen:
            raise Wrong("a link leads back to a page that was read")
        if urlsplit(address)[:2] != urlsplit(base)[:2]:
            raise Wrong("a link leads to another host")
        seen.add(address)
        page = patient(client, address)
        yield from page["results"]
        address = page["next"]


# Broken


def takes_a_page_that_is_not_full_for_the_last(base: str, token: str) -> Items:
    client, number = visitor(token), 1
    while True:
        results = get(client, base + BOOKS, page=number, page_size=SIZE)["results"]
        yield from results
        if len(results) < SIZE:
            return
        number += 1


def reckons_pages_by_the_size_it_asked_for(base: str, token: str) -> Items:
    client = visitor(token)
    first = get(client, base + BOOKS, page=1, page_size=SIZE)
    yield from first["results"]
    for number in range(2, -(-first["count"] // SIZE) + 1):
        yield from get(client, base + BOOKS, page=number, page_size=SIZE)["results"]


def begins_at_page_zero(base: str, token: str) -> Items:
    client, number = visitor(token), 0
    while True:
        answer = client.get(base + READERS, params={"page": number, "per_page": 30}, timeout=TIMEOUT_S)
        answer.raise_for_status()
        if not answer.json():
            return
        yield from answer.json()
        number += 1


def begins_at_page_one_of_zero(base: str, token: str) -> Items:
    client, number, pages = visitor(token), 1, 1
    while number <= pages:
        answer = client.get(base + LOANS, params={"page": number, "size": 20}, timeout=TIMEOUT_S)
        answer.raise_for_status()
        yield from answer.json()["content"]
        number, pages = number + 1, answer.json()["totalPages"]


def leaves_the_last_page_out(base: str, token: str) -> Items:
    client, number = visitor(token), 1
    while True:
        page = get(client, base + BOOKS, page=number, page_size=SIZE)
        if number > 1 and page["next"] is None:
            return
        yield from page["results"]
        if page["next"] is None:
            return
        number += 1


def adds_the_size_to_the_number(base: str, token: str) -> Items:
    client, number = visitor(token), 1
    while True:
        answer = client.get(base + READERS, params={"page": number, "per_page": 30}, timeout=TIMEOUT_S)
        answer.raise_for_status()
        if not answer.json():
            return
        yield from answer.json()
        number += len(answer.json())


def asks_for_the_rest_on_the_last_page(base: str, token: str) -> Items:
    client, number, got, count = visitor(token), 1, 0, 1
    while got < count:
        page = get(client, base + BOOKS, page=number, page_size=SIZE if number == 1 else count - got)
        count = page["count"]
        if not page["results"]:
            return
        yield from page["results"]
        got, number = got + len(page["results"]), number + 1


def follows_numbered_links_for_ever(base: str, token: str) -> Items:
    client, address = visitor(token), f"{base}{BOOKS}?page_size={SIZE}"
    while address:
        page = get(client, address)
        yield from page["results"]
        address = page["next"]


def reads_until_the_count_is_reached(base: str, token: str) -> Items:
    client, number, got, count = visitor(token), 1, 0, 1
    while got < count:
        answer = client.get(base + BOOKS, params={"page": number, "page_size": SIZE}, timeout=TIMEOUT_S)
        if answer.status_code == 404:  # the last page has been read; the count will come down
            continue
        answer.raise_for_status()
        page = answer.json()
        yield from page["results"]
        got, count, number = got + len(page["results"]), page["count"], number + 1


def drops_its_language_on_page_two(base: str, token: str) -> Items:
    client, number, more = visitor(token), 1, True
    while more:
        page = get(client, base + BOOKS, page=number, page_size=SIZE, **({"language": "nl"} if number == 1 else {}))
        yield from (item for item in page["results"] if item["language"] == "nl")
        number, more = number + 1, page["next"] is not None


def reads_until_there_is_no_such_page(base: str, token: str) -> Items:
    client, number = visitor(token), 1
    while True:
        answer = client.get(base + BOOKS, params={"page": number, "page_size": SIZE}, timeout=TIMEOUT_S)
        if answer.status_code == 404:
            return
        answer.raise_for_status()
        yield from answer.json()["results"]
        number += 1


def keeps_what_it_has_when_a_page_fails(base: str, token: str) -> Items:
    client, number, more = visitor(token), 1, True
    while more:
        try:
            page = get(client, base + BOOKS, page=number, page_size=SIZE)
        except requests.RequestException:
            return
        yield from page["results"]
        number, more = number + 1, page["next"] is not None


def insists_on_the_pages_that_there_were(base: str, token: str) -> Items:
    client, number, got = visitor(token), 1, 0
    first = page = get(client, base + BOOKS, page=1, page_size=SIZE)
    while True:
        yield from page["results"]
        got, number = got + len(page["results"]), number + 1
        if page["next"] is None:
            break
        page = get(client, base + BOOKS, page=number, page_size=SIZE)
    if got != first["count"]:
        raise Wrong("other items than there were")


CORRECT: dict[str, FetchAll] = {
    "numbers": numbers_pages_until_there_is_no_next,
    "links": follows_links_to_numbered_pages,
}
BUGS: dict[str, tuple[FetchAll, str, str]] = {
    client.__name__: (client, operation, law)
    for client, operation, law in (
        (takes_a_page_that_is_not_full_for_the_last, "books_list", "short-page-is-not-the-end"),
        (reckons_pages_by_the_size_it_asked_for, "books_list", "reads-everything"),
        (begins_at_page_zero, "readers_list", "reads-everything"),
        (begins_at_page_one_of_zero, "loans_list", "reads-everything"),
        (leaves_the_last_page_out, "books_list", "reads-everything"),
        (adds_the_size_to_the_number, "readers_list", "reads-everything"),
        (asks_for_the_rest_on_the_last_page, "books_list", "reads-everything"),
        (follows_numbered_links_for_ever, "books_list", "stops"),
        (reads_until_the_count_is_reached, "books_list", "stops"),
        (drops_its_language_on_page_two, "books_list", "keeps-its-filters"),
        (reads_until_there_is_no_such_page, "books_list", "fails-loudly"),
        (keeps_what_it_has_when_a_page_fails, "books_list", "fails-loudly"),
        (insists_on_the_pages_that_there_were, "books_list", "survives-drift"),
    )
}
"""Each client with one bug: the list that it reads, and the law that names it."""
