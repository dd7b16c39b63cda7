"""The users and the groups of a workspace."""

from django.db.models import QuerySet
from django.db.models.expressions import OrderBy

from . import filters, models, ordering, query, serializers, views


class MemberList(views.InWorkspace, views.ListView):
    """The users of a workspace; who is no admin sees those of the own groups."""

    serializer_class = serializers.MemberSerializer

    def columns(self, params: views.Params) -> tuple[str, ...]:
        return serializers.MEMBER_COLUMNS

    def order_terms(self, params: views.Params) -> list[OrderBy]:
        return [ordering.BY_USER]

    def rows(self) -> QuerySet:
        members = self.within(models.Member)
        if self.request.user.is_org_admin:
            return members
        groups = models.GroupMember.objects.filter(user=self.request.user.id).values("group")
        return members.filter(user__in=models.GroupMember.objects.filter(group__in=groups).values("user"))


class GroupList(views.InWorkspace, views.ListView):
    """The groups of a workspace."""

    query_class = query.GroupListQuery

    def columns(self, params: views.Params) -> tuple[str, ...]:
        return serializers.GROUP_COLUMNS

    def rows(self) -> QuerySet:
        return self.within(models.Group)

    def narrowed(self, rows: QuerySet, params: views.Params) -> QuerySet:
        return filters.narrow_groups(rows, params)
