"""What tells the things of a collection apart: the member of a thing that its path names it by."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from apitwin.contracts import pointers
from apitwin.contracts.inference.nodes import NOTHING, Node, Shape, Shapes
from apitwin.contracts.inference.spelling import joined, singular, words
from apitwin.contracts.words import Certainty

ALONE = ("id", "uuid", "guid", "key", "slug", "code", "sid", "uid", "gid", "name", "identifier", "handle", "number")
"""What a member that tells things apart is called where no path names it (assumed)."""
CALLED = ("name", "slug", "key", "code")
"""What may tell things apart as well as an id where a path calls a thing by nothing but what it is, `{database}`."""
SAID_IDS = frozenset({"id", "ids", "identifier", "uuid", "guid"})
SCALAR = ("string", "integer", "number")


@dataclass(frozen=True)
class Identity:
    """The member that tells things apart: its pointer, why, and how sure that is."""

    place: str
    reason: str
    certainty: Certainty


def identity(
    members: Mapping[str, Node], shapes: Shapes, parameter: str | None, asked: Shape, said: str, noun: str, whole: str
) -> Identity | None:
    """Return what tells things apart, or None where nothing looks so.

    members: of a thing; parameter: the one in the path of a thing, None where there is none; asked, said: what its
    schema comes to, and what is said of it in lower case; noun: what things are called in the path, in the singular;
    whole: the same with all the words of that part.
    """
    scalars = {name: shapes.of(node) for name, node in members.items()}
    scalars = {name: shape for name, shape in scalars.items() if shape.may_be(*SCALAR) and not shape.members}
    by_name = {joined(name): name for name in reversed(list(scalars))}
    if parameter is None:
        alone = next((by_name[name] for name in ALONE[:3] if name in by_name), None)
        return None if alone is None else Identity(_place(alone), f"its things have {alone}", "likely")
    spoken = words(parameter)
    wanted = [joined(parameter), singular(joined(parameter))]
    if wanted[1] == noun and "id" in by_name:
        others = [by_name[name] for name in CALLED if name in by_name and name != noun]
        spelled, spoken_of = [name for name in others if _fits(scalars[name], asked)], set(re.split(r"\W+", said))
        told = next((name for name in spelled if name.lower() in spoken_of), None)
        if told is not None:
            return Identity(_place(told), f"{{{parameter}}} is said to be its {told}", "certain")
        if spelled and not spoken_of & SAID_IDS and _fits(scalars[by_name["id"]], asked):
            return Identity(_place(by_name["id"]), f"{{{parameter}}} may be its id, or its {spelled[0]}", "likely")
        wanted.insert(0, "id")  # a member that is called as the thing itself is its text
    if (len(spoken) > 1 and singular("".join(spoken[:-1])) in (noun, singular(noun))) or len(spoken) == 2:
        wanted.append(spoken[-1])
    if (spoken and spoken[-1] in ("id", "identifier", "uuid", "guid")) or parameter in ("id", "pk"):
        wanted += ["id", f"{noun}id", f"{whole}id", "uuid", "guid", "identifier", "resourceid", "objectid"]
    if joined(parameter).startswith(noun) and joined(parameter) != noun:
        wanted.append(joined(parameter)[len(noun) :])
    if singular(joined(parameter)) == noun:
        wanted += [f"{noun}id", f"{noun}name", "id", "slug", "key", "name", "code"]
    for name in wanted:
        if name in by_name:
            return _told(by_name[name], parameter, scalars[by_name[name]], asked, name == wanted[0])
    tail = next((name for name in by_name if spoken and name == spoken[-1]), None)
    if tail is not None:
        return Identity(_place(by_name[tail]), f"{by_name[tail]} is the last word of {{{parameter}}}", "likely")
    alone = next((by_name[name] for name in ALONE[:1] if name in by_name), None)
    ids = [name for name in scalars if words(name)[-1:] in (("id",), ("uuid",), ("guid",))]
    if alone is None and len(ids) == 1 and spoken[-1:] in (("id",), ("uuid",), ("guid",)):
        return Identity(_place(ids[0]), f"{ids[0]} is the only id that its things have", "likely")
    return None if alone is None else Identity(_place(alone), f"its things have {alone}", "unsure")


def _told(name: str, parameter: str, shape: Shape, asked: Shape, is_same: bool) -> Identity:
    fits = _fits(shape, asked)
    certainty: Certainty = "certain" if fits and (is_same or name == "id") else "likely" if fits else "unsure"
    return Identity(_place(name), f"{name} is what {{{parameter}}} names", certainty)


def _fits(shape: Shape, asked: Shape) -> bool:
    return not shape.types or not asked.types or bool(_kinds(shape) & _kinds(asked))


def _kinds(shape: Shape) -> set[str]:
    return {"number" if kind == "integer" else kind for kind in shape.types}


def _place(name: str) -> str:
    return pointers.join([name])


def things(shape: Shape | None) -> Mapping[str, Node]:
    """Return the members of a thing, none where nothing is known of it."""
    return (shape or NOTHING).members
