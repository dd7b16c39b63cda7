"""How the values of an array are written in a query: as repeated names, or as one text with something between them.

Source: OpenAPI 3.1.1, section 4.8.12.4 (Style Values): `form`, `spaceDelimited` and `pipeDelimited`; with `explode` the
name is repeated for each value. Texts are those before and after percent-encoding, as both sides see them. Names such
as `colour[]` and `page[limit]` are names like others. Objects are read by `object_parameters`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from apitwin.contracts.model import Parameter

DELIMITERS: Mapping[str, str] = {"form": ",", "spaceDelimited": " ", "pipeDelimited": "|"}
"""What stands between the values, by style."""


def delimiter(parameter: Parameter) -> str | None:
    """Return what stands between the values of a parameter; None where each has a name of its own."""
    if not parameter.several or parameter.explode or parameter.place != "query":
        return None
    return DELIMITERS.get(parameter.style)


def values(parameter: Parameter, texts: Iterable[str]) -> list[str]:
    """Return the values of a parameter from the texts under its name. An empty text is no value of a delimited one."""
    between = delimiter(parameter)
    if between is None:
        return list(texts)
    return [value for text in texts if text for value in text.split(between)]


def written(parameters: Iterable[Parameter], query: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Return a query whose every value is a pair, as it is sent: delimited values joined where the first one stood."""
    between = {parameter.name: delimiter(parameter) for parameter in parameters if delimiter(parameter) is not None}
    pairs: list[tuple[str, str]] = []
    places: dict[str, int] = {}
    for name, value in query:
        if name in places:
            pairs[places[name]] = (name, f"{pairs[places[name]][1]}{between[name]}{value}")
            continue
        if name in between:
            places[name] = len(pairs)
        pairs.append((name, value))
    return tuple(pairs)


def can_be_written(parameter: Parameter, value: str) -> bool:
    """Return whether a value is read as itself: not where it has in it what stands between values."""
    between = delimiter(parameter)
    return between is None or between not in value
