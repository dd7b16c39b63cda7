"""What VIKTOR's API does beyond lists and reads, by operation. The facts: contracts/viktor/SOURCES.md."""

from __future__ import annotations

from apitwin.mock_server.engine.extension import Extension
from apitwin.mock_server.viktor import (
    entities,
    entity_types,
    files,
    jobs,
    people,
    rights,
    statistics,
    workspaces,
    world_items,
)

EXTENSION = Extension(
    answers={
        "users_current": people.current_user,
        "verify": people.verify,
        "o_token": people.token,
        "o_revoke_token": people.revoke,
        "workspaces_app_version_settings": workspaces.settings,
        "workspaces_assets": files.asset,
        "workspaces_statistics": statistics.of_workspace,
        "workspaces_entity_types_upload": files.upload_entity_file,
        "workspaces_entities_create": entities.create_root,
        "workspaces_entities_update": entities.update,
        "workspaces_entities_partial_update": entities.update,
        "workspaces_entities_delete": entities.delete,
        "workspaces_entities_rename": entities.rename,
        "workspaces_entities_entities_create": entities.create_child,
        "workspaces_entities_parent": entities.parent,
        "workspaces_entities_parents": entities.parents,
        "workspaces_entities_download": files.download_entity_file,
        "workspaces_entities_session": workspaces.session,
        "workspaces_entities_parametrization": jobs.parametrization,
        "workspaces_entities_jobs": jobs.create,
        "workspaces_files_create": files.create,
        "workspaces_files_download": files.download,
        "workspaces_files_uploaded": files.uploaded,
        "jobs_read": jobs.read,
        "jobs_delete": jobs.cancel,
        "statistics_list": statistics.environment,
        "statistics_details_audit_events": statistics.details,
        "statistics_details_daily_developer_logins": statistics.details,
        "statistics_details_daily_user_logins": statistics.details,
    },
    lists={
        "workspaces_list": rights.visible,
        "workspaces_users_list": people.workspace_users,
        "workspaces_entities_siblings": entities.siblings,
        "workspaces_entity_types_entity_types": entity_types.below,
    },
    permissions=rights.PERMISSIONS,
    fill_item=world_items.fill_item,
    finalize_world=world_items.finalize_world,
    never_waits=True,
    fills_alike=True,
)
