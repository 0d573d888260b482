"""The group Administrator may manage subscriptions to news, where it is there still.

Permissions are made after the migrations as a rule: the one that is wanted here is made now, under the name that it
would have.
"""

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def allow(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    group = apps.get_model("auth", "Group").objects.filter(name="Administrator").first()
    if group is None:
        return
    kind, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="uploads", model="newssubscription"
    )
    permission, _ = apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=kind, codename="manage_newssubscription", defaults={"name": "Can manage subscription to news"}
    )
    group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [("uploads", "0056_2026_11_30_0007_news")]

    operations = [migrations.RunPython(allow, migrations.RunPython.noop)]
