"""Django REST framework's own pages, for comparison: JSON cases on standard input, its answers on standard output.

Runs as a process of its own, so that no test process has Django's settings.
"""

from __future__ import annotations

import json
import sys
from typing import Any


def page(case: dict[str, Any]) -> Any:
    """Return what REST framework answers: a page, or None where it does not paginate.

    case: path, query (as it stands in the address), count (of the numbers from 1 that are listed).
    """
    from rest_framework.pagination import LimitOffsetPagination
    from rest_framework.request import Request
    from rest_framework.test import APIRequestFactory

    class Pages(LimitOffsetPagination):
        max_limit = 100
        default_limit = None

    request = Request(APIRequestFactory().get(case["path"], QUERY_STRING=case["query"]))
    paginator = Pages()
    items = paginator.paginate_queryset(range(1, case["count"] + 1), request)
    return None if items is None else paginator.get_paginated_response(items).data


def main() -> None:
    """Read the cases, print the answers."""
    import django
    from django.conf import settings

    settings.configure(ALLOWED_HOSTS=["*"], SECRET_KEY="only-for-tests", REST_FRAMEWORK={"UNAUTHENTICATED_USER": None})
    django.setup()
    json.dump([page(case) for case in json.load(sys.stdin)], sys.stdout)


if __name__ == "__main__":
    main()
