"""What was done, and who was there: for administrators of the organisation. As pages only, never as a table."""

from django.db.models import QuerySet
from django.db.models.expressions import OrderBy
from rest_framework.permissions import IsAuthenticated

from . import filters, models, ordering, query, serializers, views
from .auth import OrganisationAdmin


class DetailList(views.ListView):
    """Rows in the order of time."""

    permission_classes = (IsAuthenticated, OrganisationAdmin)
    serializer_class = serializers.FoldingSerializer
    time_column: str

    def order_terms(self, params: views.Params) -> list[OrderBy]:
        key = params.get("sort", self.time_column)
        return [ordering.order_term(key, {}), ordering.BY_ROW]


class AuditEventList(DetailList):
    """Events of one type."""

    query_class = query.AuditEventListQuery
    time_column = "timestamp"

    def columns(self, params: views.Params) -> tuple[str, ...]:
        return serializers.EVENT_COLUMNS

    def rows(self) -> QuerySet:
        return models.AuditEvent.objects.all()

    def narrowed(self, rows: QuerySet, params: views.Params) -> QuerySet:
        return filters.narrow_events(rows, params)


class LoginList(DetailList):
    """Who was there on which day."""

    query_class = query.UserLoginListQuery
    time_column = "date"
    of_developers = False

    def columns(self, params: views.Params) -> tuple[str, ...]:
        return serializers.LOGIN_COLUMNS

    def rows(self) -> QuerySet:
        return models.Login.objects.filter(is_developer=self.of_developers)

    def narrowed(self, rows: QuerySet, params: views.Params) -> QuerySet:
        return filters.narrow_logins(rows, params)


class DeveloperLoginList(LoginList):
    """Which developer was there on which day."""

    query_class = query.LoginListQuery
    of_developers = True
