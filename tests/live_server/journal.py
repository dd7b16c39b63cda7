"""What was sent to change something, for tests that ask what was sent: `GET /journal/`, without a token."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse

WRITES: list[str] = []
"""Method and path of every request by another method than GET and HEAD, the path as it came over the wire."""

Answer = Callable[[HttpRequest], HttpResponse]


class WriteJournal:
    """Remembers writes before anything else looks at them, refused ones too."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            WRITES.append(f"{request.method} {request.META['REQUEST_URI']}")
        return self.answer(request)


def journal(request: HttpRequest) -> HttpResponse:
    """All writes, the first one first."""
    return JsonResponse({"writes": WRITES})
