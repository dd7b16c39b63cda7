"""How much of a stranger's document is read before it is refused: every number stands here, and only here.

A contract or a world may come from anybody. What costs more than these numbers is refused with one line that names the
file, what was found and the limit. All of them are assumed: several times what the largest public documents need.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Budgets:
    """The most that one contract, or one world, may cost."""

    file_bytes: int = 16 * 2**20
    """Bytes of one file. Assumed: the largest public OpenAPI documents have about 10 MB."""
    files: int = 1000
    """Files that one contract refers to."""
    values: int = 500_000
    """Values (texts, numbers, keys, lists, objects) in all files together, those that a YAML alias repeats included."""
    depth: int = 100
    """Levels of lists and objects inside each other, as in the bodies of requests; Python's own stack holds 1000."""
    digits: int = 1000
    """Characters of one number. Python itself reads no whole number of more than 4300 digits."""
    references: int = 100
    """References that lead to each other before the value comes that is meant."""
    schema_values: int = 100_000
    """Lists and objects of all schemas, each counted with everything that it refers to: a compiled schema holds a copy
    of it. VIKTOR's have 3,900; 100,000 take seconds and 100 MB (measured)."""
    one_schema_values: int = 250_000
    """The same of one schema alone, where each is compiled when it is first needed and nothing refuses the document."""
    compiled_values: int = 250_000
    """Values of all schemas that are kept compiled, of those that are compiled when needed: 110 MB (measured)."""
    schema_steps: int = 100_000
    """Schemas that one value may have to be held against: two references that lead to two each, and so on."""
    explained_references: int = 20_000
    """References that are followed to explain what is wrong with one value; after them it is not explained."""
    patterns: int = 5000
    """Different patterns of one contract: each may take some milliseconds to compile."""
    pattern_characters: int = 10_000
    """Characters of a pattern: one of a million takes seconds and 500 MB to compile (measured)."""
    pattern_bytes: int = 2**20
    """Bytes of a compiled pattern, as the engine counts them."""
    pattern_repetitions: int = 50_000
    """The largest count of a repetition such as `{1,64}`: the engine takes seconds to refuse 2 million (measured)."""
    backtracks: int = 100_000
    """Steps back for a pattern that only an engine with backtracking understands; after them it is not judged."""
    records: int = 200_000
    """Records of a world, after `repeat` and `each`."""
    record_characters: int = 64 * 2**20
    """Characters of all records of a world, after `repeat`, `each` and `defaults`."""


BUDGETS = Budgets()
"""What is in force."""
