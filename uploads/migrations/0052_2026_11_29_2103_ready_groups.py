"""Groups that most sites need, with their permissions; one that is there already under the name stays as it is.

Permissions are made after the migrations as a rule: those that are wanted here and not there yet are made now, under
the names that they would have.
"""

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

READER = {"view_dataset": "dataset", "query_datasets": "dataset"}
REVIEWER = READER | {"view_uploadedfile": "uploadedfile", "activate_uploadedfile": "uploadedfile"}
EDITOR = REVIEWER | {"retry_uploadedfile": "uploadedfile", "change_dataset": "dataset"}
ADMINISTRATOR = EDITOR | {
    "delete_uploadedfile": "uploadedfile",
    "delete_dataset": "dataset",
    "view_accesstoken": "accesstoken",
    "revoke_accesstoken": "accesstoken",
}
GROUPS = {"Reader": READER, "Reviewer": REVIEWER, "Editor": EDITOR, "Administrator": ADMINISTRATOR}
NAMES = {
    "view_dataset": "Can view dataset",
    "change_dataset": "Can change dataset",
    "delete_dataset": "Can delete dataset",
    "query_datasets": "Can run SQL queries over datasets",
    "view_uploadedfile": "Can view uploaded file",
    "delete_uploadedfile": "Can delete uploaded file",
    "activate_uploadedfile": "Can activate and deactivate files",
    "retry_uploadedfile": "Can load files again",
    "view_accesstoken": "Can view token",
    "revoke_accesstoken": "Can revoke access tokens",
}


def make_groups(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    group_model = apps.get_model("auth", "Group")
    for name, permissions in GROUPS.items():
        group, is_new = group_model.objects.get_or_create(name=name)
        if is_new:
            group.permissions.set([_permission(apps, code, model) for code, model in permissions.items()])


def _permission(apps: Any, code: str, model: str) -> Any:
    kind, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(app_label="uploads", model=model)
    found, _ = apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=kind, codename=code, defaults={"name": NAMES[code]}
    )
    return found


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("uploads", "0051_2026_11_29_2045_sources_for_their_readers"),
    ]

    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]
