"""The paginator: the stock one with this API's page size limits."""

from rest_framework.pagination import LimitOffsetPagination


class ApiPagination(LimitOffsetPagination):
    """No page without `limit`, and never more than 100 items on a page."""

    max_limit = 100
    default_limit = None
