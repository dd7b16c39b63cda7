"""What a user asks for when a client is judged."""

from __future__ import annotations

from dataclasses import dataclass

from contracts import DEFAULT


@dataclass(frozen=True)
class Settings:
    """See `check_client`; command: the command line that judges the same client, for replaying."""

    contract: str = DEFAULT
    operation: str | None = None
    seed: str | None = None
    laws: tuple[str, ...] = ()
    harsh: bool = False
    examples: int = 12
    draws: int = 0
    seconds: float = 10.0
    command: str = ""
