"""Paths of the API; each ends in a slash."""

from django.urls import include, path

from . import views

in_workspace = [
    path("entity_types/", views.EntityTypeList.as_view()),
    path("entity_types/<int:id>/", views.EntityTypeRead.as_view()),
    path("entity_types/<int:id>/entity_types/", views.ChildTypeList.as_view()),
    path("entity_types/<int:id>/entities/", views.EntityOfTypeList.as_view()),
    path("entities/", views.RootEntityList.as_view()),
    path("entities/<int:id>/", views.EntityRead.as_view()),
    path("entities/<int:id>/entities/", views.ChildEntityList.as_view()),
    path("entities/<int:id>/siblings/", views.SiblingEntityList.as_view()),
    path("entities/<int:id>/parent/", views.ParentEntityRead.as_view()),
]

urlpatterns = [
    path("api/users/current/", views.CurrentUser.as_view()),
    path("api/apps/", views.AppList.as_view()),
    path("api/apps/<int:id>/", views.AppRead.as_view()),
    path("api/workspaces/", views.WorkspaceList.as_view()),
    path("api/workspaces/<int:id>/", views.WorkspaceRead.as_view()),
    path("api/workspaces/<int:workspace_id>/", include(in_workspace)),
]
