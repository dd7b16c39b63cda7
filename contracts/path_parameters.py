"""How a value is written in a path: as it is, with a dot or a semicolon before it, and the values of an array.

Source: OpenAPI 3.1.1, section 4.8.12.4 (Style Values), which has it from RFC 6570 sections 3.2.2, 3.2.5 and 3.2.7.
`simple`: `3,4`; `label`: `.3,4`, exploded `.3.4`; `matrix`: `;id=3,4`, exploded `;id=3;id=4`. Inside apitwin the values
of an array are one text with commas between them.
"""

from __future__ import annotations

from urllib.parse import quote

from apitwin.contracts.model import Parameter

BETWEEN = ","


def values(parameter: Parameter, text: str) -> list[str]:
    """Return the values in the text of a parameter: one, or those of an array."""
    return text.split(BETWEEN) if parameter.several else [text]


def read(parameter: Parameter, segment: str) -> str:
    """Return the text of a parameter from what stands in its place in a path, which is decoded already.

    What is not written in the style of the parameter is returned as it is: it means nothing that is there.
    """
    name = f";{parameter.name}="
    if parameter.style == "label" and segment.startswith("."):
        inner = segment[1:]
        return inner.replace(".", BETWEEN) if parameter.several and parameter.explode else inner
    if parameter.style == "matrix" and segment.startswith(name):
        inner = segment[len(name) :]
        return inner.replace(name, BETWEEN) if parameter.several and parameter.explode else inner
    return segment


def written(parameter: Parameter | None, text: str) -> str:
    """Return what stands in a path for the text of a parameter, percent-encoded. None: of one that nobody describes."""
    if parameter is None:
        return _encoded(text)
    parts = list(map(_encoded, values(parameter, text)))
    name = f";{quote(parameter.name, safe='')}="
    is_exploded = parameter.several and parameter.explode
    if parameter.style == "label":
        return "." + ("." if is_exploded else BETWEEN).join(parts)
    if parameter.style == "matrix":
        return "".join(name + part for part in parts) if is_exploded else name + BETWEEN.join(parts)
    return BETWEEN.join(parts)


def _encoded(text: str) -> str:
    return quote(text, safe="", errors="surrogatepass")
