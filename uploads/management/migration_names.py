"""Names of migrations, ``NNNN_YYYY_MM_DD_HHmm_slug``: a folder listing tells the story."""

from typing import Any

from django.db.migrations.autodetector import MigrationAutodetector
from django.utils import timezone


class DatedAutodetector(MigrationAutodetector):
    """Puts the time after the number of each new migration."""

    def arrange_for_graph(self, changes: Any, graph: Any, migration_name: str | None = None) -> Any:
        """Let Django number and name the migrations, then date them and whatever depends on them."""
        changes = super().arrange_for_graph(changes, graph, migration_name)
        stamp = timezone.now().strftime("%Y_%m_%d_%H%M")
        renamed: dict[tuple[str, str], tuple[str, str]] = {}
        for app, migrations in changes.items():
            for migration in migrations:
                number, _, slug = migration.name.partition("_")
                renamed[app, migration.name] = (app, f"{number}_{stamp}_{slug}")
        for app, migrations in changes.items():
            for migration in migrations:
                migration.name = renamed[app, migration.name][1]
                migration.dependencies = [renamed.get(each, each) for each in migration.dependencies]
        return changes
