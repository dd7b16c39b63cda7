"""All hostile servers under their names: `bodies/endless`."""

from __future__ import annotations

from tests.hostile import bodies, echoes, encodings, heads, json_values, links, waiting
from tests.hostile.serving import Zoo

KINDS: dict[str, Zoo] = {
    "heads": heads.ZOO,
    "bodies": bodies.ZOO,
    "encodings": encodings.ZOO,
    "waiting": waiting.ZOO,
    "json": json_values.ZOO,
    "links": links.ZOO,
    "echoes": echoes.ZOO,
}
SERVERS: Zoo = {f"{kind}/{name}": behaviour for kind, zoo in KINDS.items() for name, behaviour in zoo.items()}
