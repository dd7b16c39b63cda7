"""Clients of lists by cursor: correct ones, and each bug in the place where people write it."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests

from tests.clients.zoo.asking import TIMEOUT_S, FetchAll, Items, get
from tests.clients.zoo.correct import Wrong, patient, waiting

PAINTINGS, DRAWINGS, PRINTS, LETTERS = "/paintings/", "/drawings/", "/prints/", "/letters/"
LIMIT = 40


def visitor(token: str) -> requests.Session:
    """Return a session that says who it is."""
    made = requests.Session()
    username, _, password = token.partition(":")
    made.auth = (username, password)
    return made


def page_of(client: requests.Session, address: str, results: str, **params: Any) -> dict[str, Any]:
    """Get a page, waiting where the server says so. Raises where there is none."""
    given = {name: value for name, value in params.items() if value is not None}
    for _ in range(4):
        answer = client.get(address, params=given, timeout=TIMEOUT_S, allow_redirects=False)
        wait = waiting(answer)
        if wait is None:
            break
        time.sleep(wait)
    page: dict[str, Any] = answer.json()
    if answer.status_code != 200 or not isinstance(page.get(results), list):
        raise Wrong(f"no page: status {answer.status_code}")
    return page


# Correct


def follows_links_of_paintings(base: str, token: str) -> Items:
    """Follow the links as they come, on this host, each once."""
    client, address, seen = visitor(token), f"{base}{PAINTINGS}?page_size={LIMIT}&century=17", set[str]()
    while address:
        if address in seen:
            raise Wrong("a link leads back to a page that was read")
        if urlsplit(address)[:2] != urlsplit(base)[:2]:
            raise Wrong("a link leads to another host")
        seen.add(address)
        page = patient(client, address)
        yield from page["results"]
        address = page["next"]


def goes_on_by_cursor(base: str, token: str) -> Items:
    """Take each cursor to where it leads, once, until there is none."""
    client, cursor, seen = visitor(token), None, set[str]()
    while True:
        page = page_of(client, base + PRINTS, "items", limit=LIMIT, century=17, cursor=cursor)
        yield from page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            return
        if cursor in seen:
            raise Wrong("a cursor leads back to a page that was read")
        seen.add(cursor)


def goes_on_behind_the_last_drawing(base: str, token: str) -> Items:
    """Begin behind the last item that came, as long as there is more."""
    client, last, more = visitor(token), None, True
    while more:
        page = page_of(client, base + DRAWINGS, "data", limit=LIMIT, starting_after=last)
        yield from page["data"]
        more = page["has_more"] and bool(page["data"])
        last = page["data"][-1]["id"] if page["data"] else None


def follows_links_of_letters(base: str, token: str) -> Items:
    """Follow the links as they come, on this host, each once; the last page has none."""
    client, address, seen = visitor(token), f"{base}{LETTERS}?writer=Vincent", set[str]()
    while address:
        if address in seen:
            raise Wrong("a link leads back to a page that was read")
        if urlsplit(address)[:2] != urlsplit(base)[:2]:
            raise Wrong("a link leads to another host")
        seen.add(address)
        page = page_of(client, address, "value")
        yield from page["value"]
        address = page.get("@odata.nextLink")


# Broken


def follows_links_of_paintings_for_ever(base: str, token: str) -> Items:
    client, address = visitor(token), f"{base}{PAINTINGS}?page_size={LIMIT}"
    while address:
        page = get(client, address)
        yield from page["results"]
        address = page["next"]


def takes_only_the_cursor_out_of_a_link(base: str, token: str) -> Items:
    client, params = visitor(token), {"page_size": LIMIT, "century": 17}
    while params:
        page = get(client, base + PAINTINGS, **params)
        yield from (item for item in page["results"] if item["century"] == 17)
        cursor = parse_qs(urlsplit(page["next"] or "").query).get("cursor")
        params = {"page_size": LIMIT, "cursor": cursor[0]} if cursor else {}


def shows_its_password_anywhere(base: str, token: str) -> Items:
    client, address, seen = visitor(token), f"{base}{PAINTINGS}?page_size={LIMIT}", set[str]()
    while address and address not in seen:
        seen.add(address)
        page = get(client, address)
        yield from page["results"]
        address = page["next"]


def drops_its_writer_from_a_link(base: str, token: str) -> Items:
    client, address = visitor(token), f"{base}{LETTERS}?writer=Vincent"
    while address:
        page = page_of(client, address, "value")
        yield from page["value"]
        link = urlsplit(page.get("@odata.nextLink") or "")
        kept = [part for part in link.query.split("&") if not part.startswith("writer=")]
        address = f"{base}{LETTERS}?{'&'.join(kept)}" if link.query else ""


def keeps_an_old_cursor(base: str, token: str) -> Items:
    client, cursor, more = visitor(token), None, True
    while more:
        page = page_of(client, base + PRINTS, "items", limit=LIMIT, cursor=cursor)
        yield from page["items"]
        cursor, more = cursor or page["next_cursor"], page["next_cursor"] is not None


def reads_one_page_and_the_next(base: str, token: str) -> Items:
    client = visitor(token)
    first = page_of(client, base + PRINTS, "items", limit=LIMIT)
    yield from first["items"]
    if first["next_cursor"] is not None:
        yield from page_of(client, base + PRINTS, "items", limit=LIMIT, cursor=first["next_cursor"])["items"]


def takes_a_short_page_of_prints_for_the_last(base: str, token: str) -> Items:
    client, cursor = visitor(token), None
    while True:
        page = page_of(client, base + PRINTS, "items", limit=LIMIT, cursor=cursor)
        yield from page["items"]
        cursor = page["next_cursor"]
        if len(page["items"]) < LIMIT:
            return


def ignores_whether_there_is_more(base: str, token: str) -> Items:
    client, last = visitor(token), None
    while True:
        page = page_of(client, base + DRAWINGS, "data", starting_after=last)
        yield from page["data"]
        if len(page["data"]) < 10:
            return
        last = page["data"][-1]["id"]


def goes_on_behind_the_first_drawing(base: str, token: str) -> Items:
    client, last, more = visitor(token), None, True
    while more:
        page = page_of(client, base + DRAWINGS, "data", limit=LIMIT, starting_after=last)
        yield from page["data"]
        more = page["has_more"]
        last = page["data"][0]["id"] if page["data"] else None


def believes_the_total(base: str, token: str) -> Items:
    client, cursor, got, total = visitor(token), None, 0, 1
    while got < total:
        page = page_of(client, base + PRINTS, "items", limit=LIMIT, cursor=cursor)
        yield from page["items"]
        cursor, got, total = page["next_cursor"], len(page["items"]) + (got if cursor else 0), page["total"]


def follows_a_cursor_in_a_circle(base: str, token: str) -> Items:
    client, cursor = visitor(token), ""
    while cursor is not None:
        page = page_of(client, base + PRINTS, "items", limit=LIMIT, cursor=cursor)
        yield from page["items"]
        cursor = page["next_cursor"]


def ends_where_a_cursor_fails(base: str, token: str) -> Items:
    client, cursor, more = visitor(token), None, True
    while more:
        try:
            page = page_of(client, base + PRINTS, "items", limit=LIMIT, cursor=cursor)
        except (Wrong, requests.RequestException):
            return
        yield from page["items"]
        cursor, more = page["next_cursor"], page["next_cursor"] is not None


def insists_on_the_first_total(base: str, token: str) -> Items:
    client, cursor, got, total = visitor(token), None, 0, None
    while True:
        page = page_of(client, base + PRINTS, "items", limit=LIMIT, cursor=cursor)
        total = page["total"] if total is None else total
        yield from page["items"]
        got, cursor = got + len(page["items"]), page["next_cursor"]
        if page["total"] != total:
            raise Wrong("other items than there were")
        if cursor is None:
            return


CORRECT: dict[str, FetchAll] = {
    "paintings": follows_links_of_paintings,
    "prints": goes_on_by_cursor,
    "drawings": goes_on_behind_the_last_drawing,
    "letters": follows_links_of_letters,
}
BUGS: dict[str, tuple[FetchAll, str, str]] = {
    client.__name__: (client, operation, law)
    for client, operation, law in (
        (follows_links_of_paintings_for_ever, "paintings_list", "stops"),
        (takes_only_the_cursor_out_of_a_link, "paintings_list", "keeps-its-filters"),
        (shows_its_password_anywhere, "paintings_list", "keeps-its-token"),
        (drops_its_writer_from_a_link, "letters_list", "keeps-its-filters"),
        (keeps_an_old_cursor, "prints_list", "reads-everything"),
        (reads_one_page_and_the_next, "prints_list", "reads-everything"),
        (takes_a_short_page_of_prints_for_the_last, "prints_list", "short-page-is-not-the-end"),
        (ignores_whether_there_is_more, "drawings_list", "reads-everything"),
        (goes_on_behind_the_first_drawing, "drawings_list", "reads-everything"),
        (believes_the_total, "prints_list", "stops"),
        (follows_a_cursor_in_a_circle, "prints_list", "stops"),
        (ends_where_a_cursor_fails, "prints_list", "fails-loudly"),
        (insists_on_the_first_total, "prints_list", "survives-drift"),
    )
}
"""Each client with one bug: the list that it reads, and the law that names it."""
