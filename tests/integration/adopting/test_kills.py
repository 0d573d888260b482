"""Whoever is killed while a table becomes a dataset, or is given back, has changed nothing; the next does it all."""

from dataclasses import replace

import pytest

from tests.integration.adopting.conftest import KEYED, execute
from tests.integration.adopting.test_adoption import description
from tests.integration.conftest import data_tables, rows
from tests.integration.kills import STRIDE, kill_at_each_statement
from uploads.models import Dataset, FileEvent, Load, UploadedFile
from uploads.services.adopting.adoption import adopt_table
from uploads.services.adopting.release import release_table
from uploads.services.upkeep.sweep import Sweep, sweep
from uploads.states import FileState

type Seen = tuple[object, ...]


def seen(table: str) -> Seen:
    """The table as it is, all that the application has of it, and who is in the log of the admin."""
    return (
        description(table),
        sorted(data_tables()),
        list(Dataset.objects.values_list("slug", "mode", "key")),
        list(UploadedFile.objects.exclude(state=FileState.DELETED).values_list("state", "rows_loaded")),
        Load.objects.exclude(part="").count(),
        FileEvent.objects.count(),
        rows("SELECT count(*) FROM django_admin_log"),
        rows("SELECT relname, relacl::text FROM pg_class WHERE relnamespace = 'erp'::regnamespace ORDER BY 1"),
    )


@pytest.mark.parametrize("merge", [False, True] if STRIDE == 1 else [True])
def test_killed_adoption_and_killed_release_leave_all_as_it_was(erp: str, merge: bool) -> None:
    if merge:
        execute(KEYED.format(erp))
    execute("ALTER TABLE erp.items ALTER COLUMN price TYPE real")
    sweep()  # of what earlier tests left: roles outlive the accounts that a test takes back
    before = seen(erp)
    adoption = kill_at_each_statement(lambda: adopt_table(table=erp, merge=merge, cast=True), look=lambda: seen(erp))
    assert adoption.number > 3
    assert adoption.after[2] == [("items", "merge" if merge else "append", ["code"] if merge else [])]
    assert adoption.after[3] == [(FileState.ACTIVE, 500)]
    assert rows("SELECT count(*) FROM erp.items") == [(500,)]
    assert replace(sweep(), unprofiled=0) == Sweep()
    release = kill_at_each_statement(lambda: release_table(slug="items"), look=lambda: seen(erp))
    assert release.number > 3
    assert sorted(map(str, release.after[0])) == sorted(map(str, before[0]))  # type: ignore[call-overload]
    assert release.after[1:5] == before[1:5]
    assert release.after[7] == before[7]
    assert replace(sweep(), unprofiled=0) == Sweep()
