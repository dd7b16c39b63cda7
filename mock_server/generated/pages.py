"""What a page has besides its items: counts and numbers by their names, and no link that leads nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from apitwin.contracts import pointers
from apitwin.contracts.json_values import copied
from apitwin.contracts.validation import CompiledSchema
from apitwin.mock_server.engine.pagination.asked import Window
from apitwin.mock_server.generated.page_words import COUNTS, LEADING, LIMITS, MORE, NUMBERS, PAGES, STARTS
from apitwin.mock_server.generated.values.numbers import Unmakeable
from apitwin.mock_server.generated.values.schemas import Maker
from apitwin.mock_server.generated.values.wording import words

ROUNDS = 5


@dataclass(frozen=True)
class Page:
    """A page without its items. shell: what it states so far; count: of the whole list.

    window: None where all of the list is on it.
    """

    shell: dict[str, Any]
    count: int
    window: Window | None

    @property
    def numbers(self) -> Mapping[str, Any]:
        """What members of a page state, by their names."""
        limit = self.window.limit if self.window is not None and self.window.limit else self.count
        start = 0 if self.window is None else self.window.start
        pages = -(-self.count // limit) if limit else 0
        number = start // limit + 1 if limit else 1
        return {
            **dict.fromkeys(LIMITS, limit),
            **dict.fromkeys(STARTS, start),
            **dict.fromkeys(COUNTS, self.count),
            **dict.fromkeys(NUMBERS, number),
            **dict.fromkeys(PAGES, pages),
            **dict.fromkeys(MORE, start + limit < self.count),
        }


class Completion:
    """What the pages of one list have besides their items: made up once, for it is the same on all of them."""

    def __init__(self, schema: CompiledSchema, maker: Maker, results: str) -> None:
        """results: where the items stand on a page."""
        self._schema = schema
        self._results = results
        self._whole = _whole(maker, results)
        self._unwelcome: dict[str, None] = {}

    def completed(self, page: Page) -> dict[str, Any]:
        """Return a page, still without items, with all that its schema asks for, as far as anything is known of it."""
        filled = copied(page.shell)
        pointers.put(filled, self._results, [])
        if self._whole is None or self._schema.surely_accepts(filled):
            return page.shell
        body: dict[str, Any] = _merged(_stated(copied(self._whole), page.numbers), page.shell)
        pointers.put(body, self._results, [])
        for pointer in self._unwelcome:
            _without_null(body, pointer)
        self._mend(body, self._whole)
        return body

    def _mend(self, body: dict[str, Any], whole: dict[str, Any]) -> None:
        """Put right what the schema does not take. Where it takes no null is remembered for the next page."""
        for _ in range(ROUNDS):
            if self._schema.surely_accepts(body):
                return
            wrong = [violation.pointer for violation in self._schema.violations(body)]
            if not wrong:
                return
            for pointer in wrong:
                if _without_null(body, pointer):
                    self._unwelcome[pointer] = None
                else:
                    _put_back(body, pointer, whole)


def _whole(maker: Maker, results: str) -> dict[str, Any] | None:
    """Return a page as its schema alone would have it, without items; None where nothing comes of it."""
    try:
        whole = maker.made("page", 0)
    except Unmakeable:
        return None
    if not isinstance(whole, dict):
        return None
    pointers.put(whole, results, [])
    return whole


def _stated(whole: Any, numbers: Mapping[str, Any]) -> Any:
    """Return a made-up page whose numbers are right, and which has no links."""
    if not isinstance(whole, dict):
        return whole
    made: dict[str, Any] = {}
    for name, value in whole.items():
        key = "".join(words(name))
        if key in LEADING and not isinstance(value, (dict, list)):
            made[name] = None
        elif key in numbers and isinstance(value, (int, float)):
            made[name] = numbers[key]
        elif key in numbers and isinstance(value, str) and value.isdigit():
            made[name] = str(numbers[key])
        else:
            made[name] = _stated(value, numbers)
    return made


def _merged(below: Any, above: Any) -> Any:
    if isinstance(below, dict) and isinstance(above, dict):
        return {**below, **{name: _merged(below.get(name), value) for name, value in above.items()}}
    return copied(above)


def _without_null(body: dict[str, Any], pointer: str) -> bool:
    """Take a member away where it is null, and return whether it was."""
    path = pointers.split(pointer)
    holder = pointers.find(body, pointers.join(path[:-1])) if path else None
    if isinstance(holder, dict) and holder.get(path[-1], "") is None:
        del holder[path[-1]]
        return True
    return False


def _put_back(body: dict[str, Any], pointer: str, whole: Any) -> None:
    """Put back what was made up: the member that is wrong, or the members that it lacks."""
    path = pointers.split(pointer)
    holder = pointers.find(body, pointers.join(path[:-1])) if path else None
    made = pointers.find(whole, pointer)
    if isinstance(holder, dict) and path and made is not None:
        holder[path[-1]] = copied(made)
        return
    target = pointers.find(body, pointer)
    if isinstance(target, dict) and isinstance(made, dict):
        for name, value in made.items():
            if name not in target:
                is_link = "".join(words(name)) in LEADING and isinstance(value, str)
                target[name] = "" if is_link else copied(value)
