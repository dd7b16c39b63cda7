"""Where real values for the parameters of a path come from: the lists of the same document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from apitwin.contracts.inference.resources import Resource, parents
from apitwin.contracts.inference.spelling import joined
from apitwin.contracts.words import Certainty


@dataclass(frozen=True)
class Source:
    """A parameter of a path, the collection that its values are drawn from, why, and how sure that is."""

    parameter: str
    resource: Resource
    reason: str
    certainty: Certainty


def sources(path: str, listed: Mapping[str, Resource], by_parameter: Mapping[str, Resource]) -> Iterator[Source]:
    """Give the collections that the parameters of a path are taken from.

    listed: by the path of each without its last slash; by_parameter: those whose things only one name in paths means.
    """
    for name, above in parents(path):
        resource = listed.get(above)
        if resource is not None:
            yield Source(name, resource, f"{{{name}}} stands below {resource.path}", "certain")
        elif joined(name) in by_parameter:
            other = by_parameter[joined(name)]
            yield Source(name, other, f"{{{name}}} is what {other.item} calls its things", "likely")
