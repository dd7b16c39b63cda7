"""Paths of the API; each ends in a slash."""

from django.urls import include, path

from . import journal, people, statistics, views, writing

of_entity = [
    path("", writing.OneEntity.as_view()),
    path("entities/", writing.ChildEntities.as_view()),
    path("siblings/", views.SiblingEntityList.as_view()),
    path("parent/", views.ParentEntityRead.as_view()),
    path("parents/", views.ParentEntityList.as_view()),
    path("revisions/", views.RevisionList.as_view()),
    path("rename/", writing.EntityRenaming.as_view()),
]

in_workspace = [
    path("users/", people.MemberList.as_view()),
    path("groups/", people.GroupList.as_view()),
    path("entity_types/", views.EntityTypeList.as_view()),
    path("entity_types/<int:id>/", views.EntityTypeRead.as_view()),
    path("entity_types/<int:id>/entity_types/", views.ChildTypeList.as_view()),
    path("entity_types/<int:id>/entities/", views.EntityOfTypeList.as_view()),
    path("entities/", writing.RootEntities.as_view()),
    path("entities/<int:id>/", include(of_entity)),
]

of_statistics = [
    path("audit_events/", statistics.AuditEventList.as_view()),
    path("daily_developer_logins/", statistics.DeveloperLoginList.as_view()),
    path("daily_user_logins/", statistics.LoginList.as_view()),
]

urlpatterns = [
    path("journal/", journal.journal),
    path("api/verify/", views.Verify.as_view()),
    path("api/users/current/", views.CurrentUser.as_view()),
    path("api/apps/", views.AppList.as_view()),
    path("api/apps/<int:id>/", views.AppRead.as_view()),
    path("api/workspaces/", views.WorkspaceList.as_view()),
    path("api/workspaces/<int:id>/", views.WorkspaceRead.as_view()),
    path("api/workspaces/<int:id>/settings/", views.SettingsRead.as_view()),
    path("api/workspaces/<int:workspace_id>/", include(in_workspace)),
    path("api/statistics/details/", include(of_statistics)),
]
