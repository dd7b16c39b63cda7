"""What is inferred of a document, written as an overlay that can be read, edited and kept."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import yaml

from apitwin.contracts.inference.guess import Inferred, weakest
from apitwin.contracts.inference.nodes import Node
from apitwin.contracts.inference.reading import facts_of, page_facts
from apitwin.contracts.inference.spelling import words
from apitwin.contracts.inference.survey import CollectionGuess, Survey
from apitwin.contracts.load import opened
from apitwin.contracts.words import Certainty

HEAD = """# What apitwin infers of a document. Read it, correct it, keep it: --overlay takes it.
# Only what is certain is judged; the rest is used for asking.
"""
VERSION = "1.0.0"
"""The version of the OpenAPI Overlay Specification."""


def overlay(survey: Survey, name: str, root: Path | None) -> dict[str, Any]:
    """Return everything that is inferred as an overlay.

    name: of the document; root: its file, None where it has none.
    """
    rules = _Rules()
    operations = [_action(operation.path, operation.method, survey, rules) for operation in survey.operations]
    collections = {name: _collection(guess, root) for name, guess in survey.collections.items()}
    evidence = {
        f"/collections/{name}/identity": _evidence(guess.identity.reason, guess.identity.certainty)
        for name, guess in survey.collections.items()
    }
    said = {
        "collections": collections,
        "pagination": rules.by_name,
        "evidence": {**evidence, **{f"/pagination/{name}": found for name, found in rules.evidence.items()}},
    }
    root_action = {"target": "$", "update": {"x-apitwin": {key: value for key, value in said.items() if value}}}
    return {
        "overlay": VERSION,
        "info": {"title": f"What is inferred of {name}", "version": "1"},
        "actions": [*([root_action] if any(said.values()) else []), *filter(None, operations)],
    }


class _Rules:
    """The pagination rules of a document: those that say the same stand once."""

    def __init__(self) -> None:
        self.by_name: dict[str, Any] = {}
        self.evidence: dict[str, dict[str, str]] = {}
        self._names: dict[str, str] = {}

    def name(self, inferred: Inferred) -> str | None:
        """Return the name of an operation's rule, None where it has none."""
        rule = inferred.pagination
        if rule is None:
            return None
        text = json.dumps(rule, sort_keys=True)
        reason, certainty = next(
            (guess.reason, guess.certainty) for pointer, guess in page_facts(inferred) if not pointer
        )
        if text not in self._names:
            self._names[text] = self._free("-".join(words(str(rule["style"]))))
            self.by_name[self._names[text]] = dict(rule)
        name = self._names[text]
        known: Certainty = self.evidence.get(name, {}).get("certainty", "certain")  # type: ignore[assignment]
        self.evidence[name] = _evidence(reason, weakest([known, certainty]))
        return name

    def _free(self, name: str) -> str:
        numbered = (name if number == 1 else f"{name}-{number}" for number in range(1, len(self.by_name) + 2))
        return next(name for name in numbered if name not in self.by_name)


def _action(path: str, method: str, survey: Survey, rules: _Rules) -> dict[str, Any] | None:
    inferred = survey.of(path, method)
    said = dict(inferred.rules)
    name = rules.name(inferred)
    if name is not None:
        said["pagination"] = name
    if not said:
        return None
    evidence = {pointer: _evidence(guess.reason, guess.certainty) for pointer, guess in facts_of(inferred)}
    update = {**said, **({"evidence": evidence} if evidence else {})}
    return {"target": f"$.paths['{_escaped(path)}'].{method}", "update": {"x-apitwin": update}}


def _escaped(name: str) -> str:
    return name.replace("\\", "\\\\").replace("'", "\\'")


def _evidence(source: str, certainty: Certainty) -> dict[str, str]:
    return {"status": "inferred", "certainty": certainty, "source": source}


def _collection(guess: CollectionGuess, root: Path | None) -> dict[str, Any]:
    schema = {} if guess.schema is None else {"schema": {"$ref": _reference(guess.schema, root)}}
    return {**schema, **guess.rule}


def _reference(node: Node, root: Path | None) -> str:
    """Return a reference to a schema; where that is a reference itself and stands in the same file, the one it is."""
    own = node.value.get("$ref") if isinstance(node.value, Mapping) else None
    file = (
        ""
        if root is None or node.holder in (None, root)
        else Path(os.path.relpath(node.holder, root.parent)).as_posix()
    )
    if isinstance(own, str) and not file:
        return own
    return f"{file}#{quote(node.pointer, safe='/~{}')}"


def written(source: str | Path, root: str | Path | None = None) -> str:
    """Return the overlay of a document as YAML. source, root: as `apitwin.contracts.load` takes them.

    Raises ContractError, one line, where the document cannot be read.
    """
    found, references, _ = opened(source, root)
    survey = Survey(found.document, references.root, references.follow_from)
    text = yaml.safe_dump(
        overlay(survey, found.path.name, references.root), sort_keys=False, width=110, allow_unicode=True
    )
    return HEAD + text
