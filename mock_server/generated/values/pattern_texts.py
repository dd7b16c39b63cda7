"""Texts that match a pattern, made by reading the pattern: what the twin's things are called where a pattern says it.

Read is what patterns of documents are made of: letters, classes, groups, choices and repetitions. Lookaround is passed
over, of anything else (references back) nothing is made, and a text that does not match after all is never used.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from apitwin.contracts import patterns
from apitwin.mock_server.generated.values.source import Source

Make = Callable[[Source], str]
TRIES = 6
"""Texts that are made of one pattern before it is given up."""
MOST_REPEATED = 64
"""How often a part is repeated at most, though a pattern may ask for more."""
USUAL_MORE = 3
"""How much longer than the least a repetition without an end is."""
PRINTABLE = "".join(map(chr, range(33, 127)))
LETTERS = "abcdefghijklmnopqrstuvwxyz"
DIGITS = "0123456789"
CLASSES = {"d": DIGITS, "w": LETTERS + DIGITS + "_", "s": " "}
PROPERTIES = {"L": LETTERS, "Ll": LETTERS, "Lu": LETTERS.upper(), "N": DIGITS, "Nd": DIGITS, "P": "-.", "S": "+"}
CONTROLS = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v"}


class Unreadable(ValueError):
    """A pattern with something in it that no text is made of."""


def matching(pattern: str, source: Source, least: int, most: int) -> str | None:
    """Return a text of a length that matches a pattern, None where none is found."""
    try:
        engine, make = patterns.compiled(pattern), _maker(pattern)
    except (patterns.PatternError, Unreadable, RecursionError):
        return None
    for number in range(TRIES):
        text = make(source)
        if text == "" and number < TRIES - 1:
            continue  # a text that is there is likelier
        if least <= len(text) <= most and engine.judges(text):
            return text
        stretched = text.ljust(least, text[-1:] or "a")[:most]
        if stretched != text and engine.judges(stretched):
            return stretched
    return None


@lru_cache(maxsize=1024)
def _maker(pattern: str) -> Make:
    reader = _Reader(pattern)
    make = reader.choices()
    if reader.place < len(pattern):
        raise Unreadable
    return make


class _Reader:
    """One pattern being read. place: of the next character."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.place = 0

    def _next(self) -> str:
        return self.pattern[self.place : self.place + 1]

    def _takes(self, text: str) -> bool:
        taken = self.pattern.startswith(text, self.place)
        self.place += len(text) if taken else 0
        return taken

    def _take(self) -> str:
        letter = self._next()
        if not letter:
            raise Unreadable
        self.place += 1
        return letter

    def choices(self) -> Make:
        """Read what stands between bars."""
        ways = [self._sequence()]
        while self._takes("|"):
            ways.append(self._sequence())
        return ways[0] if len(ways) == 1 else lambda source: source.choice(ways)(source)

    def _sequence(self) -> Make:
        parts: list[Make] = []
        while self._next() not in ("", "|", ")"):
            parts.append(self._repeated(self._one()))
        return lambda source: "".join(part(source) for part in parts)

    def _one(self) -> Make:
        letter = self._take()
        if letter in "^$":
            return lambda source: ""
        if letter == "(":
            return self._group()
        if letter == "[":
            return _any_of(self._class())
        if letter == ".":
            return _any_of(LETTERS + DIGITS)
        if letter == "\\":
            return self._escaped()
        if letter in "*+?{":
            raise Unreadable
        return lambda source: letter

    def _group(self) -> Make:
        if self._takes("?"):
            if self._takes("=") or self._takes("!") or self._takes("<=") or self._takes("<!"):
                return self._looked_around()
            if self._takes("<") or self._takes("P<"):
                while self._take() != ">":
                    pass
            elif not self._takes(":"):
                raise Unreadable
        inner = self.choices()
        if not self._takes(")"):
            raise Unreadable
        return inner

    def _looked_around(self) -> Make:
        """Read what looks around, of which no text is made: whether it holds is seen when the whole is judged."""
        self.choices()
        if not self._takes(")"):
            raise Unreadable
        return lambda source: ""

    def _escaped(self) -> Make:
        letter = self._next()
        if letter in ("b", "B", "A", "Z", "z"):
            self.place += 1
            return lambda source: ""
        return _any_of(self._escape())

    def _escape(self) -> str:
        """Return the letters that an escape stands for."""
        letter = self._take()
        if letter.lower() in CLASSES:
            return CLASSES[letter] if letter.islower() else _others(CLASSES[letter.lower()])
        if letter in ("p", "P"):
            return self._property(letter == "P")
        if letter in ("x", "u"):
            return self._character(2 if letter == "x" else 4)
        if letter in CONTROLS:
            return CONTROLS[letter]
        if letter.isalnum():
            raise Unreadable
        return letter

    def _property(self, is_turned: bool) -> str:
        name = ""
        if self._takes("{"):
            while (letter := self._take()) != "}":
                name += letter
        else:
            name = self._take()
        if name not in PROPERTIES:
            raise Unreadable
        return _others(PROPERTIES[name]) if is_turned else PROPERTIES[name]

    def _character(self, digits: int) -> str:
        text = self.pattern[self.place : self.place + digits]
        try:
            character = chr(int(text, 16))
        except ValueError:
            raise Unreadable from None
        self.place += digits
        return character

    def _class(self) -> str:
        is_turned = self._takes("^")
        letters = ""
        while self._next() != "]" or not letters:
            low = self._of_class()
            if len(low) == 1 and self._next() == "-" and self.pattern[self.place + 1 : self.place + 2] not in ("", "]"):
                self.place += 1
                letters += _range(low, self._of_class())
            else:
                letters += low
        self.place += 1
        return _others(letters) if is_turned else letters

    def _of_class(self) -> str:
        letter = self._take()
        if letter == "[" and self._next() == ":":
            raise Unreadable
        return self._escape() if letter == "\\" else letter

    def _repeated(self, one: Make) -> Make:
        least, most = self._times()
        if (least, most) == (1, 1):
            return one
        self._takes("?")  # as few as possible: the same texts
        return lambda source: "".join(one(source) for _ in range(source.between(least, most)))

    def _times(self) -> tuple[int, int]:
        if self._takes("*"):
            return 0, USUAL_MORE
        if self._takes("+"):
            return 1, 1 + USUAL_MORE
        if self._takes("?"):
            return 0, 1
        end = self.pattern.find("}", self.place)
        if self._next() != "{" or end < 0:
            return 1, 1
        low, comma, high = self.pattern[self.place + 1 : end].partition(",")
        if not low.isdigit() or (high and not high.isdigit()):
            raise Unreadable
        self.place = end + 1
        least = int(low)
        most = least if not comma else int(high) if high else least + USUAL_MORE
        if least > MOST_REPEATED or most < least:
            raise Unreadable
        return least, min(most, least + 12)


def _any_of(letters: str) -> Make:
    if not letters:
        raise Unreadable
    plain = [letter for letter in letters if letter.isalnum()] or list(letters)
    return lambda source: source.choice(plain)


def _range(low: str, high: str) -> str:
    """Return the letters from one to another; of a long range the first ones."""
    if len(high) != 1 or ord(high) < ord(low):
        raise Unreadable
    return "".join(map(chr, range(ord(low), min(ord(high), ord(low) + 128) + 1)))


def _others(letters: str) -> str:
    return "".join(letter for letter in PRINTABLE if letter not in letters)
