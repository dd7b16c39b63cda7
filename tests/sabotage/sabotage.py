"""What a sabotage is, and the application that it makes of a twin."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import flask

from apitwin.contracts.model import Contract
from apitwin.mock_server import STEPS, Backend, Steps, create_app
from apitwin.mock_server.backend import Request
from apitwin.mock_server.messages import Answer

Answering = Callable[[Request], Answer]
Around = Callable[[Backend, Answering, Request], Answer]
"""The twin, its own way to answer, and a request; what it returns is answered instead."""


def honest() -> Steps:
    """Return the steps of a correct twin."""
    return STEPS


@dataclass(frozen=True)
class Sabotage:
    """One fault type of a server. does: what it does, in a sentence. caught_by: the law that must notice.

    contract: of the twin that is broken, its bundled name or a file from the top of the repository.
    operation: where it shows. steps: makes the broken steps, anew for each twin, for some keep a memory.
    around: what stands between the request and the twin, where no step can do it. met: where it was seen in the wild.
    examples: how many the law must draw to be sure to notice, None where the usual number is enough.
    """

    name: str
    does: str
    caught_by: str
    operation: str
    steps: Callable[[], Steps] = honest
    around: Around | None = None
    met: str | None = None
    examples: int | None = None
    contract: str = "viktor"

    def application(self, contract: Contract) -> flask.Flask:
        """Return a twin with this one thing wrong in it."""
        application = create_app(contract, steps=self.steps())
        if self.around is not None:
            twin: Backend = application.extensions["apitwin"]
            twin.answer = partial(self.around, twin, twin.answer)  # type: ignore[method-assign]
        return application
