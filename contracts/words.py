"""The words of `x-apitwin`, each kind as one type: what a contract may say, what the code may compare with.

The schema of the extension and the tables of `docs/contracts.md` are held to these by a test. Words that only one style
of pagination, one scheme of authentication or one profile knows stand in its own file.
"""

from __future__ import annotations

from typing import Any, Literal, get_args

EvidenceStatus = Literal["documented", "observed", "assumed", "inferred"]
"""How sure a fact is; `inferred`: from other things that the document states."""
Certainty = Literal["certain", "likely", "unsure"]
"""How sure something inferred is. Only by what is certain is anybody judged."""
Question = Literal[
    "kind",
    "style",
    "begin",
    "size",
    "maximum",
    "results",
    "count",
    "links",
    "collection",
    "identity",
    "parent",
    "filter",
    "sort",
    "search",
    "path value",
]
"""What is asked of an operation that a document describes."""

Repeated = Literal["last", "first", "unspecified"]
"""Which of a repeated scalar parameter counts."""
UnreadableBody = Literal["reject", "ignore"]
"""What becomes of a request whose body cannot be read."""
SchemeCase = Literal["insensitive", "sensitive", "unspecified"]
"""Whether `bearer` is as good as `Bearer` (RFC 9110 section 11.1)."""
CredentialPlace = Literal["header", "query", "cookie"]
"""Where a request carries a credential (OpenAPI 3.1, Security Scheme Object, `in`)."""
TokenState = Literal["valid", "expired", "revoked"]
"""What a token of a world is good for: only a valid one opens anything."""

Behaviour = Literal["list", "read", "create", "update", "delete", "own", "example"]
"""What answers an operation."""
Effect = Literal["create", "update", "delete"]
"""What an operation does to its collection."""
ParameterPlace = Literal["query", "path", "header", "cookie"]
"""Where a parameter stands (OpenAPI 3.1, Parameter Object)."""

OverMaximum = Literal["truncate", "reject", "honour", "unspecified"]
"""What becomes of a limit above the maximum."""
Treatment = Literal["default", "maximum", "empty", "one", "floor", "reject", "bare-array", "unspecified"]
"""What a server makes of a limit that is no positive whole number."""
Absent = Literal["default", "maximum", "bare-array", "reject", "unspecified"]
"""What a server makes of a request without a limit."""
Spelling = Literal["lenient", "strict", "unspecified"]
"""How numbers such as `+5`, ` 5` and full-width digits are read: as Python's int() does, as ASCII digits only."""
PastEnd = Literal["empty", "reject", "unspecified"]
"""What a page beyond the end is: without items, or an error."""
LinkForm = Literal["absolute", "relative", "unspecified"]
"""How links are written."""
LinkLimit = Literal["effective", "asked", "kept", "unspecified"]
"""Which limit links state: the one in effect, the one that was asked for, or what the request said and nothing else."""
LinkOrder = Literal["kept", "sorted"]
"""In which order links have their parameters: as they came, or by name."""

Directions = Literal["suffix", "none"]
"""Whether a sort key may say `key:asc` and `key:desc`."""
Nulls = Literal["smallest", "largest", "first", "last", "unspecified"]
"""Where records without a value stand in a sorted list; a twin lets unspecified ones stand as if they were largest."""
Collation = Literal["codepoint", "unspecified"]
"""How texts are ordered."""
SearchMatch = Literal["substring", "unspecified"]
"""What a search finds."""
FilterMatch = Literal["equals", "any-of", "at-least", "at-most", "only-when-true", "hidden-unless-true", "unspecified"]
"""Which items a filter keeps."""


def words(kind: Any) -> tuple[str, ...]:
    """Return the words of a kind, in order."""
    return get_args(kind)


def schema(kind: Any) -> dict[str, Any]:
    """Return the JSON Schema of a kind of words."""
    return {"enum": list(words(kind))}
