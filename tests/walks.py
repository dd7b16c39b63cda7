"""Walks through the twin of any document: every list to its end, one thing made, read, changed and deleted.

`python -m tests.walks DOCUMENT...` prints a line for each document, and what was wrong. Every answer is held against
the document as it was loaded: only documented statuses, the documented media type, a body that its schema takes.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urljoin

import requests

from apitwin.contracts import Contract, ContractError, deep_objects, load, path_parameters, pointers
from apitwin.contracts.model import Operation, Parameter
from apitwin.contracts.validation import CompiledSchema
from apitwin.mock_server import Twin
from apitwin.mock_server.engine.opening import names_for
from apitwin.mock_server.generated.media import base_of, is_json
from apitwin.mock_server.generated.values.numbers import Unmakeable
from apitwin.mock_server.generated.values.schemas import Maker
from apitwin.mock_server.world.table import Table

MOST_PAGES = 400
TIMEOUT_S = 30


@dataclass
class Walk:
    """What a walk met. asked: requests; lists: walked to their end; written: things made, changed or deleted."""

    name: str
    operations: int = 0
    asked: int = 0
    lists: int = 0
    items: int = 0
    written: int = 0
    answered: set[str] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)
    unsayable: set[str] = field(default_factory=set)
    """Operations whose body cannot be said: its schema contradicts itself, or a form has no empty list or object."""
    seconds: float = 0.0

    def __str__(self) -> str:
        seen = f"{len(self.answered)} of {self.operations} operations, {self.asked} requests"
        unsaid = f"; {len(self.unsayable)} bodies cannot be said" if self.unsayable else ""
        kept = f"{self.lists} lists with {self.items} items, {self.written} writes"
        return f"{self.name}: {seen}; {kept}; {self.seconds:.1f} s{unsaid}; {len(self.problems)} problems"


class Walker:
    """One walk through a running twin. contract: the document as it was loaded, by which answers are judged."""

    def __init__(self, contract: Contract, twin: Twin) -> None:
        self.contract = contract
        self.twin = twin
        self.known: Contract = twin.backend.contract
        self.walk = Walk(contract.name, len(contract.operations))
        self._session = requests.Session()
        self._paths: dict[str, str] = {}

    def go(self) -> Walk:
        """Walk through all of it, and return what was met; paths with a `#` or a `?` lead nowhere."""
        start = time.monotonic()
        reachable = [operation for operation in self.known.operations if not set("#?") & set(operation.path)]
        self.walk.operations = len(reachable)
        ordered = sorted(reachable, key=lambda operation: len(operation.path_parameters()))
        for operation in ordered:
            if operation.behaviour == "list" and operation.method == "GET":
                self._list(operation)
        for operation in ordered:
            if operation.method == "GET" and operation.id not in self.walk.answered:
                self._get(operation)
        for operation in ordered:
            if operation.behaviour == "create":
                self._life(operation)
        for operation in ordered:
            if operation.id not in self.walk.answered and operation.method not in ("GET", "DELETE"):
                self._send(operation, self._path(operation))
        for operation in ordered:
            if operation.id not in self.walk.answered and operation.method == "DELETE":
                self._send(operation, self._path(operation))
        self.walk.seconds = time.monotonic() - start
        return self.walk

    # Asking

    def _send(
        self, operation: Operation, path: str | None, query: Mapping[str, str] | None = None, body: Any = None
    ) -> requests.Response | None:
        if path is None:
            self._wrong(operation, "no path can be filled in")
            return None
        address = path if path.startswith("http") else self.twin.url + path
        asked = query if query is not None else self._query(operation)
        content = self._content(operation) if body is None else json.dumps(body).encode()
        headers = {**self._headers(operation), **({"Content-Type": self._type(operation)} if content else {})}
        answer = self._session.request(
            operation.method, address, params=asked, data=content, headers=headers, timeout=TIMEOUT_S,
            allow_redirects=False,
        )  # fmt: skip
        self.walk.asked += 1
        self.walk.answered.add(operation.id)
        if not (answer.status_code == 501 and operation.id in self.twin.undescribed):
            self._judge(operation, answer)
        return answer

    def _headers(self, operation: Operation) -> dict[str, str]:
        headers = {
            parameter.name: self._value(parameter)
            for parameter in operation.parameters
            if parameter.place == "header" and parameter.required
        }
        from apitwin.testkit.transport.twins import cookies, keyring

        keys = keyring(self.contract, self.twin.world)
        for part in keys.credential(operation.security).parts:
            if part.place == "header":
                headers[part.name] = keys.text(part)
        given = [*(f"{cookie.name}={cookie.value}" for cookie in cookies(self.contract)), headers.get("Cookie", "")]
        return {**headers, "Cookie": "; ".join(filter(None, given))} if any(given) else headers

    def _query(self, operation: Operation) -> dict[str, str]:
        from apitwin.testkit.transport.twins import keyring

        keys = keyring(self.contract, self.twin.world)
        secrets = {
            part.name: keys.text(part) for part in keys.credential(operation.security).parts if part.place == "query"
        }
        paging = () if operation.pagination is None else operation.pagination.parameters
        required = (
            parameter
            for parameter in operation.query_parameters()
            if parameter.required and parameter.name not in paging
        )
        return {
            **secrets,
            **{
                parameter.name: self._of_things(operation, parameter) or self._value(parameter)
                for parameter in required
            },
        }

    def _of_things(self, operation: Operation, parameter: Parameter) -> str | None:
        """Return a value for a parameter that narrows a list, from the first thing that has one."""
        if operation.collection is None:
            return None
        fields = [field for rule in operation.filters if rule.parameter == parameter.name for field in rule.fields]
        if operation.search is not None and operation.search.parameter == parameter.name:
            fields += operation.search.fields
        names = names_for(operation, self.twin.world)
        table = self.twin.world.tables[operation.collection.name]
        things = table.where(*((one.field, names[one.parameter]) for one in operation.within if one.field))
        for thing in things:
            for place in fields:
                found = pointers.values(thing.values, place)
                choices = parameter.item_schema.get("enum", found)
                if found and isinstance(found[0], (str, int)) and found[0] in choices:
                    return str(found[0])
        return None

    def _is_narrowed(self, operation: Operation) -> bool:
        """Return whether a list needs a value that leaves only some of its things."""
        rules = {rule.parameter for rule in operation.filters}
        rules |= set() if operation.search is None else {operation.search.parameter}
        return any(parameter.required and parameter.name in rules for parameter in operation.query_parameters())

    def _value(self, parameter: Parameter) -> str:
        if parameter.example is not None:
            return str(parameter.example)
        schema = parameter.item_schema if parameter.several else parameter.schema
        try:
            value = Maker(CompiledSchema({"allOf": [schema], "$defs": parameter.schema.get("$defs", {})}, "p")).made(
                "q"
            )
        except Unmakeable:
            value = "example"
        return json.dumps(value) if not isinstance(value, str) else value

    def _type(self, operation: Operation) -> str:
        assert operation.body is not None
        media_type = next(filter(is_json, operation.body.schemas), next(iter(operation.body.schemas)))
        return "application/json" if base_of(media_type) in ("*/*", "application/*") else media_type

    def _content(self, operation: Operation) -> bytes | None:
        if operation.body is None:
            return None
        media_type = next(filter(is_json, operation.body.schemas), next(iter(operation.body.schemas)))
        schema = operation.body.schemas[media_type]
        try:
            value: Any = {} if schema is None else Maker(schema).made("body", 0)
        except Unmakeable:
            self.walk.unsayable.add(operation.id)
            value = {}
        if base_of(media_type) == "application/x-www-form-urlencoded" and isinstance(value, dict):
            if any(map(_has_nothing_in_it, value.values())):
                self.walk.unsayable.add(operation.id)
            pairs = [pair for name, part in value.items() for pair in _fields(name, part)]
            return urlencode(pairs).encode()
        return json.dumps(value).encode()

    # Paths

    def _path(self, operation: Operation) -> str | None:
        """Return the path of an operation with real things in it, or with what its parameters' schemas allow."""
        names = names_for(operation, self.twin.world)
        path = operation.path
        for parameter in operation.path_parameters():
            is_kept = any(within.parameter == parameter.name for within in operation.within)
            if parameter.name not in names and (is_kept or parameter.name == operation.identified_by):
                return None
            text = names.get(parameter.name) or self._of_list(parameter) or self._value(parameter) or "x"
            path = path.replace(f"{{{parameter.name}}}", path_parameters.written(parameter, text))
        return path

    def _of_list(self, parameter: Parameter) -> str | None:
        """Return the identity of the first thing in the list that values of a parameter come from."""
        source = parameter.drawn_from
        listed = None if source is None else self.known.operation(source.operation).collection
        table = None if listed is None else self.twin.world.tables.get(listed.name)
        return next(iter(table.by_identity), None) if isinstance(table, Table) else None

    # What is walked

    def _list(self, operation: Operation) -> None:
        path = self._path(operation)
        if path is None:
            self._wrong(operation, "there is no parent to list the things of")
            return
        items = list(self._items(operation, path))
        self.walk.lists += 1
        self.walk.items += len(items)
        identity = None if operation.collection is None else operation.collection.identity
        texts = [json.dumps(pointers.find(item, identity)) for item in items] if identity else []
        told = [text for text in texts if text != "null"]
        if len(set(told)) != len(told):
            self._wrong(operation, f"{len(told) - len(set(told))} of {len(told)} items came twice")
        expected = self._expected(operation)
        if self._is_narrowed(operation) and items:
            return
        if expected is not None and len(items) != expected:
            self._wrong(operation, f"{len(items)} items, where there are {expected}")

    def _expected(self, operation: Operation) -> int | None:
        if operation.collection is None:
            return None
        table = self.twin.world.tables[operation.collection.name]
        names = names_for(operation, self.twin.world)
        return len(table.where(*((one.field, names[one.parameter]) for one in operation.within if one.field)))

    def _items(self, operation: Operation, path: str) -> Iterator[Any]:
        from apitwin.mock_server.generated.reading import results_of

        rule, place = operation.pagination, results_of(operation)
        query, address, seen = self._query(operation), path, 0
        for number in range(MOST_PAGES):
            answer = self._send(operation, address, query)
            if answer is None or answer.status_code >= 300:
                return
            page = pointers.find(answer.json(), "" if place is None else place[0])
            yield from page if isinstance(page, list) else []
            if rule is None or not page:
                return
            seen += len(page)
            next_link = _next(answer, rule.envelope.next)
            if rule.envelope.next is not None:
                if next_link is None:
                    return
                query, address = {}, urljoin(self.twin.url + path, next_link)
                continue
            members = {word: pointers.find(answer.json(), pointer) for word, pointer in rule.envelope.members.items()}
            identity = "/id" if operation.collection is None else operation.collection.identity
            if getattr(rule.style, "value", "") == "identity":
                members["next-cursor"] = str(pointers.find(page[-1], identity))
            where = {
                "limit-offset": str(seen),
                "start-index": str(seen + 1),
                "page-number": str(getattr(rule.style, "first", 1) + number + 1),
                "cursor": members.get("next-cursor"),
            }[rule.style.word]
            if where is None:
                return
            query = {**self._query(operation), rule.style.parameters[0]: where}
        self._wrong(operation, f"no end after {MOST_PAGES} pages")

    def _get(self, operation: Operation) -> None:
        answer = self._send(operation, self._path(operation))
        if answer is not None and answer.status_code >= 400 and answer.status_code != 501:
            self._wrong(operation, f"{answer.status_code} for something that is there: {answer.text[:120]}")

    def _life(self, create: Operation) -> None:
        """Make a thing, read it, change it, delete it, and look whether it is gone."""
        path = self._path(create)
        answer = self._send(create, path)
        if answer is None or answer.status_code >= 300 or create.collection is None or path is None:
            return
        self.walk.written += 1
        table = self.twin.world.tables[create.collection.name]
        newest = max(table.records, key=lambda record: record.serial)
        one = f"{path.rstrip('/')}/{quote(table.identity(newest.values), safe='')}"
        of_one = {
            operation.method: operation
            for operation in self.known.operations
            if operation.identified_by is not None
            and operation.path.rstrip("/").rpartition("/")[0] == create.path.rstrip("/")
        }
        slash = "/" if any(operation.path.endswith("/") for operation in of_one.values()) else ""
        for method, wanted in (
            ("GET", 2),
            ("PUT", 2),
            ("PATCH", 2),
            ("POST", 2),
            ("GET", 2),
            ("DELETE", 2),
            ("GET", 4),
        ):
            operation = of_one.get(method)
            if operation is None or (wanted == 4 and "DELETE" not in of_one):
                continue
            answer = self._send(operation, one + slash)
            if answer is not None and answer.status_code // 100 != wanted:
                self._wrong(operation, f"{answer.status_code} for {method} of the new thing; expected {wanted}XX")
            self.walk.written += method != "GET"

    # Judging

    def _judge(self, operation: Operation, answer: requests.Response) -> None:
        said = self.contract.operation(operation.id)
        response = said.response_to(answer.status_code)
        if response is None:
            silent = answer.status_code == 404 or (answer.status_code == 204 and not said.of_class(2))
            if silent:
                return  # a thing that is gone, or a success, of which the document says nothing
            self._wrong(operation, f"{answer.status_code} is not documented: {answer.text[:160]}")
            return
        if answer.status_code >= 400 and answer.status_code != 404 and operation.id not in self.walk.unsayable:
            self._wrong(operation, f"{answer.status_code} for a request that should do: {answer.text[:160]}")
        media_type = base_of(answer.headers.get("Content-Type", ""))
        if not response.bodies:
            if answer.content:
                self._wrong(operation, "a body where none is documented")
            return
        if answer.status_code in (204, 304) or operation.method == "HEAD":
            return
        key = next((one for one in response.bodies if _covers(base_of(one), media_type)), None)
        if key is None:
            self._wrong(
                operation,
                f"{answer.status_code} as {media_type or 'nothing'}; documented: {', '.join(response.bodies)}",
            )
        elif is_json(media_type) and response.bodies[key] is not None:
            schema = response.bodies[key]
            wrong = schema.violations(answer.json()) if schema is not None else []
            if wrong:
                self._wrong(operation, f"{answer.status_code}: {wrong[0]}")

    def _wrong(self, operation: Operation, problem: str) -> None:
        self.walk.problems.append(f"{operation.method} {operation.path}: {problem}")


def _has_nothing_in_it(value: Any) -> bool:
    """Return whether a list or an object in a value is empty."""
    inner = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else None
    return inner is not None and (not inner or any(map(_has_nothing_in_it, inner)))


def _fields(name: str, value: Any) -> Iterator[tuple[str, str]]:
    """Yield the fields of a form that say a value: those of a list of scalars under one name, others with brackets."""
    plain = isinstance(value, list) and not any(isinstance(one, (dict, list)) for one in value)
    for field_name, one in ((name, one) for one in value) if plain else deep_objects.written(name, value):
        yield field_name, one if isinstance(one, str) else json.dumps(one)


def _covers(documented: str, media_type: str) -> bool:
    return documented in (media_type, f"{media_type.partition('/')[0]}/*", "*/*")


def _next(answer: requests.Response, place: str | None) -> str | None:
    if place == "header:Link":
        return answer.links.get("next", {}).get("url")
    return None if place is None else pointers.find(answer.json(), place)


def walked(contract: Contract, **words: Any) -> Walk:
    """Return what a walk through the twin of a contract met. words: of `Twin`."""
    with Twin(contract, check_answers=True, **words) as twin:
        return Walker(contract, twin).go()


def main() -> int:
    """Walk through the twin of each document that is named; exit code 1 where something is wrong in one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("documents", nargs="+", type=Path)
    parser.add_argument("--shown", type=int, default=5, help="Problems shown of each document.")
    parser.add_argument("--items", type=int, default=None)
    asked = parser.parse_args()
    bad = 0
    for path in asked.documents:
        start = time.monotonic()
        try:
            contract = load(path)
        except ContractError as error:
            print(f"{path.name}: not loaded: {error}"[:200])
            continue
        walk = walked(contract, items=asked.items)
        print(f"{walk} (loaded in {time.monotonic() - start - walk.seconds:.1f} s)")
        for problem in walk.problems[: asked.shown]:
            print(f"    {problem[:300]}")
        bad += bool(walk.problems)
        sys.stdout.flush()
    return min(bad, 1)


if __name__ == "__main__":
    sys.exit(main())
